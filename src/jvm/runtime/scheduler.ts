/**
 * The scheduler: which Java thread runs, and what the VM does when none can.
 *
 * Threads are green and take turns on one JavaScript thread; a turn ends after so many calls and backward branches, or
 * when the thread waits. Runnable threads queue first come, first served; priorities are ignored, as HotSpot ignores
 * them on Linux.
 *
 * The loop comes in two forms. `runSync` owns the process: with nothing runnable it blocks in the operating system
 * until a deadline, a descriptor or a signal. `runAsync` is a guest of Node's event loop: short stretches of work,
 * with the loop free in between. What has to happen outside of any thread's turn (an external call, the start of the
 * VM's end) is a task.
 */

import { constants } from 'node:os';
import { pollDescriptors, type SignalFlags, signalFlags } from '../../host/index.js';
import { undoEarlySites } from '../interpreter/early-sites.js';
import { Context } from '../memory/layout.js';
import { Deadlines } from './deadlines.js';
import { inWaitSet, leaveWaitSet } from './monitors.js';
import { Stacks } from './stacks.js';
import { JavaThread, ThreadState } from './thread.js';
import { ThrowNew } from './throws.js';
import type { Vm } from './vm.js';

/** Values of `java.lang.Thread.threadStatus`: the states of JVMTI. */
export const enum JavaStatus {
  New = 0,
  Terminated = 2,
  Runnable = 5,
  /** Sleeping (alive, waiting, with a timeout). */
  Sleeping = 225,
  InObjectWait = 401,
  InObjectWaitTimed = 417,
  Parked = 657,
  ParkedTimed = 673,
  /** Wants to enter a monitor. */
  Blocked = 1025,
}

/** Bytes below a thread's stack limit that are kept for making a StackOverflowError. */
export const STACK_RESERVE = 16 * 1024;

/** Ids go into mark words. */
const LARGEST_ID = 0x3fff;
const TOO_MANY = 'unable to create native thread: possibly out of memory or process/resource limits reached';

/** Longest time without a look at descriptors while threads run, and at signals while none does, ms. */
const POLL_INTERVAL = 1;
const SIGNAL_INTERVAL = 100;
/** A stretch of `runAsync`, ms. */
const STRETCH = 8;
/** Pause of `runAsync` between two looks at descriptors, ms. */
const ASYNC_POLL = 3;
/** Longest delay of a Node timer used, ms. */
const LONGEST_TIMER = 3_600_000;

/** Descriptors a thread waits for; `revents` are filled in. */
export interface DescriptorWait {
  readonly fd: number;
  /** `PollEvent`s wanted. */
  readonly events: number;
  /** `PollEvent`s found. */
  revents: number;
}

/** How `runSync` and `runAsync` treat signals. */
export interface RunOptions {
  /** Ends the run although the VM goes on: for calls from outside. */
  readonly until?: () => boolean;
  /** Catch the signals that Java has handlers for. For programs that own their process. */
  readonly signals?: boolean;
  /** `runAsync`: whether waiting keeps Node's process alive; by default it does. Asked before each wait. */
  readonly holdsProcess?: () => boolean;
}

/** See the head of the file. */
export class Scheduler {
  /** All threads that have a stack: started and not ended, and those attached for calls from outside. */
  readonly threads: JavaThread[] = [];
  readonly stacks: Stacks;
  /** Root cells of the thread groups `main` and `system`; 0 until the main thread is known. */
  mainGroup = 0;
  systemGroup = 0;
  /** Signals that Java handles or ignores (`Signal.handle0`), and of these the ones it ignores. */
  readonly handledSignals = new Set<number>();
  readonly ignoredSignals = new Set<number>();
  /** What to do with a signal that has come: starts a thread for it. */
  onSignal: ((signal: number) => void) | undefined;
  /** Most threads started at one time, and all ever: for management beans. */
  peakCount = 0;
  startedCount = 0;

  private readonly vm: Vm;
  private readonly ids: (JavaThread | undefined)[] = [undefined];
  private lowestFreeId = 1;
  private queue: JavaThread[] = [];
  private head = 0;
  private readonly deadlines = new Deadlines();
  private readonly polling = new Map<JavaThread, readonly DescriptorWait[]>();
  private pollSet = new Int32Array(64);
  private nextPoll = 0;
  private readonly tasks: (() => void)[] = [];
  /** Threads that `start` has started and that keep the VM alive. */
  private live = 0;
  private whenIdle: (() => void) | undefined;
  private running = false;
  private flags: SignalFlags | undefined;
  private readonly arrived: number[] = [];
  private wakeLoop: (() => void) | undefined;

  constructor(vm: Vm) {
    this.vm = vm;
    this.stacks = new Stacks(vm.arena);
  }

  /** The thread with an id, `undefined` when it has ended. */
  byId(id: number): JavaThread | undefined {
    return this.ids[id];
  }

  /**
   * The thread of a java.lang.Thread object, `undefined` before its start and after its end. The object knows the id, in
   * the field where HotSpot keeps an address.
   */
  of(object: number): JavaThread | undefined {
    return this.ids[this.vm.getWord(object, this.vm.offset('java/lang/Thread', 'eetop'))];
  }

  /** Runnable threads that wait for their turn. */
  get runnableCount(): number {
    return this.queue.length - this.head;
  }

  /** Started threads that are not daemons. */
  get nonDaemonCount(): number {
    return this.live;
  }

  /**
   * Makes the thread of a `java.lang.Thread` object: a stack, an id, and `eetop`, which makes it alive for Java.
   *
   * @param stackSize bytes; 0: the VM's default
   * @throws ThrowNew OutOfMemoryError when there is no stack or id left
   */
  create(object: number, options: { readonly daemon: boolean; readonly stackSize?: number }): JavaThread {
    const { vm, ids } = this;
    let id = this.lowestFreeId;
    while (ids[id] !== undefined) id++;
    if (id > LARGEST_ID) throw new ThrowNew('java/lang/OutOfMemoryError', TOO_MANY);
    const wanted = options.stackSize ?? 0;
    const size = wanted > 0 ? wanted : this.stacks.defaultSize(vm.options.stackSize);
    const { start, end } = this.stacks.take(this.stacks.fitting(size));
    const t = new JavaThread(vm, id, start, end, vm.roots.create(object));
    t.daemon = options.daemon;
    ids[id] = t;
    this.lowestFreeId = id + 1;
    this.threads.push(t);
    vm.putLong(object >>> 0, vm.offset('java/lang/Thread', 'eetop'), id);
    return t;
  }

  /** Starts a thread whose first frames have been pushed; unless it is a daemon the VM lives until its end. */
  start(t: JavaThread): void {
    this.startedCount++;
    this.peakCount = Math.max(this.peakCount, this.threads.length);
    t.counted = !t.daemon;
    if (t.counted) this.live++;
    this.makeRunnable(t);
  }

  /** Ends a thread: for Java it is TERMINATED, and its stack and id are free for others. */
  terminate(t: JavaThread): void {
    const { vm } = this;
    const object = t.object;
    vm.putLong(object >>> 0, vm.offset('java/lang/Thread', 'eetop'), 0);
    this.setStatus(t, JavaStatus.Terminated);
    t.state = ThreadState.Terminated;
    t.deadline = Infinity;
    this.polling.delete(t);
    this.threads.splice(this.threads.indexOf(t), 1);
    this.ids[t.id] = undefined;
    if (t.id < this.lowestFreeId) this.lowestFreeId = t.id;
    this.stacks.give(t.stackStart, t.stackEnd);
    vm.roots.release(t.cell);
    if (t.counted) {
      t.counted = false;
      this.live--;
      this.checkIdle();
    }
  }

  /** Writes the Thread object's `threadStatus`. */
  setStatus(t: JavaThread, status: JavaStatus): void {
    this.vm.putWord(t.object, this.vm.offset('java/lang/Thread', 'threadStatus'), status);
  }

  /**
   * Takes a thread off the processor until `makeRunnable`, or until `deadline` (`performance.now`, ms; Infinity: never).
   * The caller then leaves the interpreter: an activity by `yield BLOCK`.
   */
  block(t: JavaThread, state: ThreadState, deadline = Infinity, status = JavaStatus.Runnable): void {
    t.state = state;
    t.deadline = deadline;
    if (deadline !== Infinity) this.deadlines.add(t);
    this.setStatus(t, status);
  }

  /**
   * Lets a thread run again, when its turn comes; nothing happens to one that is runnable or has ended.
   *
   * @param reason what `t.wakeReason` shall say; as it is if left out
   */
  makeRunnable(t: JavaThread, reason?: string): void {
    if (t.state === ThreadState.Terminated) return;
    if (t.state !== ThreadState.Runnable) {
      if (t.state === ThreadState.Waiting) leaveWaitSet(t);
      else if (t.state === ThreadState.Polling) this.polling.delete(t);
      t.state = ThreadState.Runnable;
      t.deadline = Infinity;
      t.parked = false;
      if (reason !== undefined) t.wakeReason = reason;
      this.setStatus(t, JavaStatus.Runnable);
    }
    this.enqueue(t);
    this.wakeLoop?.();
  }

  /** Blocks a thread until one of the descriptors is ready, or the deadline. `wakeReason` is then `ready` or `timeout`. */
  blockOnDescriptors(t: JavaThread, waits: readonly DescriptorWait[], deadline: number): void {
    this.polling.set(t, waits);
    this.nextPoll = 0;
    this.block(t, ThreadState.Polling, deadline);
  }

  /**
   * Has `throwIt`, which throws an exception at the thread's top frame, called when the thread next runs and is not about
   * to enter a monitor; ends what `interrupt` would end.
   */
  stop(t: JavaThread, throwIt: () => void): void {
    t.pendingThrow = throwIt;
    if (t === this.vm.current) t.yielding = true;
    else if (t.state === ThreadState.Sleeping || t.parked || inWaitSet(t)) this.makeRunnable(t, 'stopped');
  }

  /** `Thread.suspend`: the thread gets no turns. The running thread gives up its own at the next safepoint. */
  suspend(t: JavaThread): void {
    t.suspended = true;
    if (t === this.vm.current) t.yielding = true;
  }

  /** `Thread.resume`. */
  resume(t: JavaThread): void {
    t.suspended = false;
    if (t.state === ThreadState.Runnable && t !== this.vm.current) this.enqueue(t);
  }

  /** Has `task` done between two turns: the place where the VM may start threads and collect without being asked. */
  defer(task: () => void): void {
    this.tasks.push(task);
    this.wakeLoop?.();
  }

  /** Has `task` done as soon as no started thread keeps the VM alive. */
  whenNoThreadsLive(task: () => void): void {
    this.whenIdle = task;
    this.checkIdle();
  }

  /** A signal has come: its handler in Java runs soon. */
  signalArrived(signal: number): void {
    this.arrived.push(signal);
    this.wakeLoop?.();
  }

  /** `Signal.handle0` has changed `handledSignals` while the VM runs. */
  signalsChanged(): void {
    this.wakeLoop?.();
    const { flags } = this;
    if (flags === undefined) return;
    for (let signal = 1; signal < 65; signal++) {
      if (this.handledSignals.has(signal)) flags.catch(signal);
      else flags.release(signal);
    }
  }

  /** The thread whose turn it is, taken off the queue. */
  next(): JavaThread | undefined {
    while (this.head < this.queue.length) {
      const t = this.queue[this.head++]!;
      if (this.head > 1024 && this.head * 2 > this.queue.length) {
        this.queue = this.queue.slice(this.head);
        this.head = 0;
      }
      t.queued = false;
      if (t.state === ThreadState.Runnable && !t.suspended) return t;
    }
    this.queue.length = 0;
    this.head = 0;
    return undefined;
  }

  /** Makes a thread the current one, for the context that interpreter and emitted code read. */
  switchTo(t: JavaThread): void {
    const { vm } = this;
    if (t !== vm.current && vm.earlySites.length > 0) undoEarlySites(vm);
    vm.current = t;
    vm.words[Context.CurrentThread] = t.id;
    vm.words[Context.CurrentThreadObject] = t.object;
    vm.words[Context.StackLimit] = t.stackStart + STACK_RESERVE;
  }

  /** Does what is due and gives the next thread one turn. False: no thread is runnable. */
  step(): boolean {
    const { vm } = this;
    const now = performance.now();
    this.attend(now);
    const t = this.next();
    if (t === undefined) return false;
    this.switchTo(t);
    // An exception from outside hits where a thread was preempted, and in waits that it ended; not on the way into a monitor.
    const open = t.yielding || t.wakeReason === 'stopped';
    t.yielding = false;
    if (t.begin !== undefined) {
      const { begin } = t;
      t.begin = undefined;
      begin();
    } else if (t.pendingThrow !== undefined && open) {
      const { pendingThrow } = t;
      t.pendingThrow = undefined;
      t.wakeReason = '';
      pendingThrow();
    }
    if (t.state === ThreadState.Runnable && !t.finished && !t.yielding) vm.interpret(t);
    t.cpuMillis += performance.now() - now;
    if (t.state === ThreadState.Runnable) this.enqueue(t);
    return true;
  }

  /**
   * Runs the VM on this JavaScript thread until its end, blocking where nothing is runnable.
   *
   * @returns the exit code, or `undefined` when `until` ended the run
   * @throws Error when it is running already: a native method calls Java by yielding a request instead
   */
  runSync(options: RunOptions = {}): number | undefined {
    this.enter();
    const flags = options.signals === true ? signalFlags() : undefined;
    this.flags = flags;
    this.signalsChanged();
    try {
      while (this.vm.exitCode === undefined && options.until?.() !== true) {
        if (!this.step() && this.vm.exitCode === undefined && options.until?.() !== true)
          this.idle(flags !== undefined);
      }
      return this.vm.exitCode;
    } finally {
      flags?.releaseAll();
      this.flags = undefined;
      this.running = false;
    }
  }

  /** As `runSync`, in stretches between which Node's event loop goes on. */
  runAsync(options: RunOptions = {}): Promise<number | undefined> {
    this.enter();
    const signals = options.signals === true ? new NodeSignals(this) : undefined;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let immediate: NodeJS.Immediate | undefined;
      const leave = (): void => {
        this.running = false;
        this.wakeLoop = undefined;
        clearTimeout(timer);
        clearImmediate(immediate);
        signals?.dispose();
      };
      const stretch = (): void => {
        clearImmediate(immediate);
        clearTimeout(timer);
        immediate = undefined;
        timer = undefined;
        this.wakeLoop = undefined;
        try {
          signals?.update();
          const end = performance.now() + STRETCH;
          let busy = true;
          while (busy && this.vm.exitCode === undefined && options.until?.() !== true && performance.now() < end) {
            busy = this.step();
          }
          if (this.vm.exitCode !== undefined || options.until?.() === true) {
            leave();
            resolve(this.vm.exitCode);
            return;
          }
          this.wakeLoop = () => {
            immediate ??= setImmediate(stretch);
            if (options.holdsProcess?.() === false) immediate.unref();
            else immediate.ref();
          };
          if (busy || this.tasks.length > 0) this.wakeLoop();
          else {
            timer = setTimeout(stretch, this.timeToWait(LONGEST_TIMER, ASYNC_POLL));
            if (options.holdsProcess?.() === false) timer.unref();
          }
        } catch (error) {
          leave();
          reject(error);
        }
      };
      stretch();
    });
  }

  private enter(): void {
    if (this.running) throw new Error('the VM is running: a native method calls Java by yielding a call request');
    this.running = true;
  }

  private enqueue(t: JavaThread): void {
    if (t.queued || t.suspended) return;
    t.queued = true;
    this.queue.push(t);
  }

  private checkIdle(): void {
    const task = this.whenIdle;
    if (task === undefined || this.live > 0) return;
    this.whenIdle = undefined;
    this.defer(task);
  }

  /** Tasks, signals, deadlines and descriptors. */
  private attend(now: number): void {
    while (this.tasks.length > 0) this.tasks.shift()!();
    this.attendSignals();
    for (;;) {
      const t = this.deadlines.takeDue(now);
      if (t === undefined) break;
      this.makeRunnable(t, 'timeout');
    }
    if (this.polling.size > 0 && now >= this.nextPoll) {
      this.poll(0);
      this.nextPoll = now + POLL_INTERVAL;
    }
  }

  private attendSignals(): void {
    const { flags } = this;
    if (flags !== undefined) for (let s = flags.take(); s !== 0; s = flags.take()) this.arrived.push(s);
    while (this.arrived.length > 0 && this.onSignal !== undefined) {
      const signal = this.arrived.shift()!;
      if (!this.ignoredSignals.has(signal)) this.onSignal(signal);
    }
  }

  private timeToWait(longest: number, polling: number): number {
    const time = Math.max(0, this.deadlines.next() - performance.now());
    return Math.min(time, this.polling.size > 0 ? polling : longest, longest);
  }

  /** Blocks in the operating system until something is due. */
  private idle(signals: boolean): void {
    if (this.tasks.length > 0 || this.arrived.length > 0) return;
    this.poll(this.timeToWait(signals ? SIGNAL_INTERVAL : Infinity, Infinity));
  }

  /** Looks at the descriptors that threads wait for, for at most `timeout` ms. */
  private poll(timeout: number): void {
    let count = 0;
    for (const waits of this.polling.values()) {
      if ((count + waits.length) * 2 > this.pollSet.length) {
        const larger = new Int32Array((count + waits.length) * 4);
        larger.set(this.pollSet);
        this.pollSet = larger;
      }
      for (const wait of waits) {
        this.pollSet[2 * count] = wait.fd;
        this.pollSet[2 * count + 1] = wait.events & 0xffff;
        count++;
      }
    }
    if (pollDescriptors(this.pollSet, count, timeout) === 0) return;
    let at = 0;
    for (const [t, waits] of this.polling) {
      let ready = false;
      for (const wait of waits) {
        wait.revents = this.pollSet[2 * at + 1]! >>> 16;
        if (wait.revents !== 0) ready = true;
        at++;
      }
      if (ready) this.makeRunnable(t, 'ready');
    }
  }
}

/** Node's own delivery of signals, for `runAsync`. */
class NodeSignals {
  private readonly listeners = new Map<number, { name: NodeJS.Signals; listener: () => void }>();
  private readonly scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  /** Listens for exactly the signals that Java handles now. */
  update(): void {
    for (const signal of this.scheduler.handledSignals) {
      if (this.listeners.has(signal)) continue;
      const name = signalName(signal);
      if (name === undefined) continue;
      const listener = (): void => this.scheduler.signalArrived(signal);
      process.on(name, listener);
      this.listeners.set(signal, { name, listener });
    }
    for (const [signal, { name, listener }] of this.listeners) {
      if (this.scheduler.handledSignals.has(signal)) continue;
      process.off(name, listener);
      this.listeners.delete(signal);
    }
  }

  dispose(): void {
    for (const { name, listener } of this.listeners.values()) process.off(name, listener);
    this.listeners.clear();
  }
}

/** `SIGINT` for 2. */
export function signalName(signal: number): NodeJS.Signals | undefined {
  for (const [name, number] of Object.entries(constants.signals)) {
    if (number === signal) return name as NodeJS.Signals;
  }
  return undefined;
}
