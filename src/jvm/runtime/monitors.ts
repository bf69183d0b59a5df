/**
 * Monitors (JLS 17.1, 17.2): mutual exclusion, `wait` and `notify`, and identity hashes, which share the mark word.
 *
 * An object that no two threads contend for is locked in its mark word alone (*thin*): owner and recursion count, no
 * memory. The first contention, `wait`, or a hash on a locked object makes a `Monitor` of it (*inflated*), and
 * the last exit that leaves nobody behind turns it back, so the table holds only what is in use. Only one thread runs
 * at a time and never leaves in the middle of these functions, so none of them needs an atomic instruction.
 *
 * Entering is competitive: an exit makes the first waiter runnable and leaves the monitor free. Handing it over instead
 * would cost a switch of threads at every exit of a contended lock. A waiter that finds the monitor taken again
 * goes back to the head of the queue, so order among waiters is first come, first served.
 */
import { Mark } from '../memory/layout.js';
import type { Activity, Handle } from './activity.js';
import { BLOCK } from './activity.js';
import { takeInterrupt } from './interruption.js';
import { JavaStatus } from './scheduler.js';
import { type JavaThread, ThreadState } from './thread.js';
import { ThrowNew, ThrowRef } from './throws.js';
import type { Vm } from './vm.js';

/** Recursion a thin lock can count: its field holds the count less one. */
const THIN_COUNT_ONE = 1 << Mark.ThinCountShift;
/** Message of IllegalMonitorStateException. */
const NOT_OWNER = 'current thread is not owner';
const HASH_MASK = 0x3ffffff;

/** The monitor of one object, while its mark word says Inflated. */
export class Monitor {
  /** Index in the table, and the value in the mark word. */
  readonly id: number;
  /** The object; the collector updates it. */
  object = 0;
  owner: JavaThread | undefined;
  /** How often the owner has entered it. */
  entries = 0;
  /** Threads that want to enter, first come first. */
  readonly entryQueue: JavaThread[] = [];
  /** Threads in `Object.wait`, first come first. */
  readonly waitSet: JavaThread[] = [];
  /** Identity hash, which has no room in the mark word now; 0: none yet. */
  hash = 0;

  constructor(id: number) {
    this.id = id;
  }
}

/** All monitors of a VM. */
export class Monitors {
  private readonly vm: Vm;
  private readonly table: (Monitor | undefined)[] = [undefined];
  private readonly idle: Monitor[] = [];
  private seed = 0x2545f491;

  constructor(vm: Vm) {
    this.vm = vm;
  }

  /** Number of monitors in use. */
  get count(): number {
    return this.table.length - 1 - this.idle.length;
  }

  /** The monitor of an inflated mark word. */
  at(mark: number): Monitor {
    return this.table[mark >>> Mark.ValueShift]!;
  }

  /** The object's monitor, made if it has none: owner, count and hash of the mark word move into it. */
  inflate(ref: number): Monitor {
    const { words } = this.vm;
    const word = (ref >>> 2) + 1;
    const mark = words[word]!;
    const state = mark & Mark.StateMask;
    if (state === Mark.Inflated) return this.at(mark);
    const monitor = this.allot();
    monitor.object = ref;
    if (state === Mark.Thin) {
      monitor.owner = this.vm.scheduler.byId((mark >>> Mark.ThinThreadShift) & Mark.ThinThreadMask);
      monitor.entries = (mark >>> Mark.ThinCountShift) + 1;
    } else {
      monitor.hash = mark >>> Mark.ValueShift;
    }
    words[word] = (monitor.id << Mark.ValueShift) | (mark & Mark.AgeMask) | Mark.Inflated;
    return monitor;
  }

  /** Gives a monitor back that nobody owns, wants or waits on. */
  deflate(monitor: Monitor): void {
    const { words } = this.vm;
    const word = (monitor.object >>> 2) + 1;
    words[word] = (monitor.hash << Mark.ValueShift) | (words[word]! & Mark.AgeMask) | Mark.Unlocked;
    this.free(monitor);
  }

  /** A new hash, 26 bits, never 0 (xorshift). */
  nextHash(): number {
    for (;;) {
      let x = this.seed;
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      this.seed = x;
      const hash = (x >>> 3) & HASH_MASK;
      if (hash !== 0) return hash;
    }
  }

  /**
   * For the collector, when it looks for roots: objects of monitors that a thread owns, wants or waits on. Code may have
   * overwritten the last variable that named such an object.
   */
  forEachUsed(visit: (monitor: Monitor) => void): void {
    for (const monitor of this.table) {
      if (monitor !== undefined && monitor.object !== 0 && !isUnused(monitor)) visit(monitor);
    }
  }

  /**
   * For the collector, once it knows where everything is: `visit` gets each monitor's object and returns its new place,
   * or 0 when it is dead, which frees the monitor.
   */
  forEachObject(visit: (ref: number) => number): void {
    for (const monitor of this.table) {
      if (monitor === undefined || monitor.object === 0) continue;
      monitor.object = visit(monitor.object);
      if (monitor.object === 0) this.free(monitor);
    }
  }

  private allot(): Monitor {
    const monitor = this.idle.pop();
    if (monitor !== undefined) return monitor;
    const id = this.table.length;
    if (id > HASH_MASK) throw new ThrowNew('java/lang/OutOfMemoryError', 'too many monitors');
    const made = new Monitor(id);
    this.table.push(made);
    return made;
  }

  private free(monitor: Monitor): void {
    monitor.object = 0;
    monitor.owner = undefined;
    monitor.entries = 0;
    monitor.hash = 0;
    this.idle.push(monitor);
  }
}

function isUnused(m: Monitor): boolean {
  return m.owner === undefined && m.entryQueue.length === 0 && m.waitSet.length === 0;
}

/**
 * Enters the object's monitor.
 *
 * @returns whether `t` is in. If not, it is queued and blocked: leave, and enter again once it runs.
 */
export function monitorEnter(vm: Vm, t: JavaThread, ref: number): boolean {
  const { words } = vm;
  const word = (ref >>> 2) + 1;
  const mark = words[word]!;
  const state = mark & Mark.StateMask;
  if (state === Mark.Unlocked && mark >>> Mark.ValueShift === 0) {
    words[word] = mark | (t.id << Mark.ThinThreadShift) | Mark.Thin;
    return true;
  }
  if (state === Mark.Thin && ((mark >>> Mark.ThinThreadShift) & Mark.ThinThreadMask) === t.id) {
    if (mark >>> Mark.ThinCountShift !== Mark.ThinCountMask) {
      words[word] = mark + THIN_COUNT_ONE;
      return true;
    }
  }
  return enterMonitor(vm, t, vm.monitors.inflate(ref));
}

function enterMonitor(vm: Vm, t: JavaThread, monitor: Monitor): boolean {
  if (monitor.owner === t) {
    monitor.entries++;
    return true;
  }
  if (monitor.owner === undefined) {
    monitor.owner = t;
    monitor.entries = 1;
    t.waitingOn = undefined;
    return true;
  }
  // One that has been woken and comes too late keeps its place before those that came after it.
  if (t.waitingOn === monitor) monitor.entryQueue.unshift(t);
  else monitor.entryQueue.push(t);
  t.waitingOn = monitor;
  vm.scheduler.block(t, ThreadState.Blocked, Infinity, JavaStatus.Blocked);
  return false;
}

/**
 * Leaves the object's monitor once.
 *
 * @returns false when `t` does not own it: IllegalMonitorStateException
 */
export function monitorExit(vm: Vm, t: JavaThread, ref: number): boolean {
  const { words } = vm;
  const word = (ref >>> 2) + 1;
  const mark = words[word]!;
  const state = mark & Mark.StateMask;
  if (state === Mark.Thin) {
    if (((mark >>> Mark.ThinThreadShift) & Mark.ThinThreadMask) !== t.id) return false;
    words[word] = mark >>> Mark.ThinCountShift === 0 ? mark & Mark.AgeMask : mark - THIN_COUNT_ONE;
    return true;
  }
  if (state !== Mark.Inflated) return false;
  const monitor = vm.monitors.at(mark);
  if (monitor.owner !== t) return false;
  if (--monitor.entries === 0) release(vm, monitor);
  return true;
}

/** Frees the monitor and lets the first that wants it try. */
function release(vm: Vm, monitor: Monitor): void {
  monitor.owner = undefined;
  monitor.entries = 0;
  const next = monitor.entryQueue.shift();
  if (next !== undefined) vm.scheduler.makeRunnable(next);
  else if (monitor.waitSet.length === 0) vm.monitors.deflate(monitor);
}

/** Whether `t` is in the object's monitor. */
export function holdsLock(vm: Vm, t: JavaThread, ref: number): boolean {
  return ownerOf(vm, ref) === t;
}

/** The thread in the object's monitor. */
export function ownerOf(vm: Vm, ref: number): JavaThread | undefined {
  const mark = vm.words[(ref >>> 2) + 1]!;
  const state = mark & Mark.StateMask;
  if (state === Mark.Thin) return vm.scheduler.byId((mark >>> Mark.ThinThreadShift) & Mark.ThinThreadMask);
  return state === Mark.Inflated ? vm.monitors.at(mark).owner : undefined;
}

/** `System.identityHashCode` of an object (26 bits, not 0), and 0 for null. */
export function identityHash(vm: Vm, ref: number): number {
  if (ref === 0) return 0;
  const { words, monitors } = vm;
  const word = (ref >>> 2) + 1;
  const mark = words[word]!;
  if ((mark & Mark.StateMask) === Mark.Unlocked) {
    const known = mark >>> Mark.ValueShift;
    if (known !== 0) return known;
    const hash = monitors.nextHash();
    words[word] = mark | (hash << Mark.ValueShift);
    return hash;
  }
  const monitor = monitors.inflate(ref);
  if (monitor.hash === 0) monitor.hash = monitors.nextHash();
  return monitor.hash;
}

/**
 * `Object.wait`. Leaves the monitor, waits, and enters it again as often as it had been entered.
 *
 * @param millis longest time to wait in milliseconds; 0: for ever
 * @throws ThrowNew IllegalArgumentException, IllegalMonitorStateException, InterruptedException
 */
export function* wait(t: JavaThread, ref: number, millis: number): Activity<void> {
  const { vm } = t;
  if (millis < 0) throw new ThrowNew('java/lang/IllegalArgumentException', 'timeout value is negative');
  requireOwner(vm, t, ref);
  if (takeInterrupt(t)) throw new ThrowNew('java/lang/InterruptedException');
  const monitor = vm.monitors.inflate(ref);
  const { entries } = monitor;
  const object = t.handle(ref);
  const deadline = millis === 0 ? Infinity : performance.now() + millis;
  t.waitingOn = monitor;
  t.wakeReason = '';
  monitor.waitSet.push(t);
  release(vm, monitor);
  const status = millis === 0 ? JavaStatus.InObjectWait : JavaStatus.InObjectWaitTimed;
  vm.scheduler.block(t, ThreadState.Waiting, deadline, status);
  let thrown: Handle | undefined;
  try {
    yield BLOCK;
  } catch (error) {
    // Thread.stop: the monitor is entered again before the exception goes on.
    if (!(error instanceof ThrowRef)) throw error;
    thrown = t.handle(error.ref);
  }
  const notified = t.wakeReason === 'notified';
  while (!monitorEnter(vm, t, object.ref)) yield BLOCK;
  if (entries !== 1) vm.monitors.inflate(object.ref).entries = entries;
  if (thrown !== undefined) throw new ThrowRef(thrown.ref);
  if (!notified && takeInterrupt(t)) throw new ThrowNew('java/lang/InterruptedException');
}

/** `Object.notify`. */
export function notify(vm: Vm, t: JavaThread, ref: number): void {
  requireOwner(vm, t, ref);
  const monitor = inflated(vm, ref);
  if (monitor !== undefined) notifyFirst(vm, monitor);
}

/** `Object.notifyAll`. */
export function notifyAll(vm: Vm, t: JavaThread, ref: number): void {
  requireOwner(vm, t, ref);
  wakeAllWaiters(vm, ref);
}

/**
 * `notifyAll` by the VM itself, which need not own the monitor: the end of a thread, on its Thread object. (Nothing else
 * runs meanwhile, and who waits in `Thread.join` tests again.)
 */
export function wakeAllWaiters(vm: Vm, ref: number): void {
  const monitor = inflated(vm, ref);
  if (monitor === undefined) return;
  while (monitor.waitSet.length !== 0) notifyFirst(vm, monitor);
  // Whoever owns it will wake the next when it leaves; if nobody does, that is now.
  if (monitor.owner === undefined) release(vm, monitor);
}

/** Takes a thread that gives up waiting off the wait set. Called when it is made runnable by a timeout or interruption. */
export function leaveWaitSet(t: JavaThread): void {
  const monitor = t.waitingOn;
  if (monitor === undefined) return;
  const at = monitor.waitSet.indexOf(t);
  if (at >= 0) monitor.waitSet.splice(at, 1);
  t.waitingOn = undefined;
  // An unused monitor stays until its next exit, or until the collector finds its object dead.
}

/** Whether the thread is in `Object.wait` and not yet notified. */
export function inWaitSet(t: JavaThread): boolean {
  return t.waitingOn?.waitSet.includes(t) ?? false;
}

/** Moves the first waiter to the queue of those that want to enter. */
function notifyFirst(vm: Vm, monitor: Monitor): void {
  const t = monitor.waitSet.shift();
  if (t === undefined) return;
  t.wakeReason = 'notified';
  monitor.entryQueue.push(t);
  vm.scheduler.block(t, ThreadState.Blocked, Infinity, JavaStatus.Blocked);
}

function inflated(vm: Vm, ref: number): Monitor | undefined {
  const mark = vm.words[(ref >>> 2) + 1]!;
  return (mark & Mark.StateMask) === Mark.Inflated ? vm.monitors.at(mark) : undefined;
}

function requireOwner(vm: Vm, t: JavaThread, ref: number): void {
  if (ownerOf(vm, ref) !== t) throw new ThrowNew('java/lang/IllegalMonitorStateException', NOT_OWNER);
}
