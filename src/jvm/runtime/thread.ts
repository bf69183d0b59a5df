/**
 * A Java thread: its stack in the arena, where it stands, and the activities that wait on its stack.
 *
 * Threads are green: the scheduler runs one at a time, and a thread that does not run is entirely described by this
 * object and its stack.
 */
import type { Activity, Handle } from './activity.js';
import type { Monitor } from './monitors.js';
import type { Vm } from './vm.js';

/** What a thread is doing, as the scheduler sees it. */
export const enum ThreadState {
  /** Made, not started. */
  New = 0,
  Runnable = 1,
  /** Waits to enter a monitor. */
  Blocked = 2,
  /** `Object.wait`, `park`, joining, another thread's class initialization; a deadline may be set. */
  Waiting = 3,
  /** `Thread.sleep`. */
  Sleeping = 4,
  /** Waits for the operating system: a descriptor in poll. */
  Polling = 5,
  Terminated = 6,
}

/** A generator that waits on a thread's stack, with the frame it belongs to. */
export interface Activation {
  readonly generator: Activity<unknown>;
  /** Frame pointer (word index) of its stub or native frame. */
  fp: number;
  readonly handles: Handle[];
  /** What a finished activation leaves: `native` returns its result to the caller, `again` re-executes the instruction. */
  readonly ending: 'native' | 'again';
  /** Kind of the result of the Java call it waits for. */
  returnKind?: string;
}

/** One Java thread. */
export class JavaThread {
  readonly vm: Vm;
  /** 1 … 16383; in mark words. */
  readonly id: number;
  /** Stack section in the arena, bytes. */
  readonly stackStart: number;
  readonly stackEnd: number;
  /** Where the thread stands while it does not run: word indexes. */
  pc = 0;
  sp = 0;
  fp = 0;
  state: ThreadState = ThreadState.New;
  /** Root cell of the java.lang.Thread object. */
  readonly cell: number;
  daemon = false;
  /** Activities whose frames are on the stack, innermost last. */
  readonly activations: Activation[] = [];
  /** Handles of the activity that runs now. */
  handles: Handle[];
  /** `Thread.interrupt` was called; cleared by who takes notice. */
  interrupted = false;
  /** `Unsafe.park`'s permit. */
  parkPermit = false;
  /** In `Unsafe.park` (state Waiting): what `unpark` may wake. */
  parked = false;
  /** On the scheduler's queue of runnable threads. */
  queued = false;
  /** `Thread.suspend`: not scheduled until `resume`. */
  suspended = false;
  /** What its first turn begins with: pushes its first frames. */
  begin: (() => void) | undefined;
  /** Throws what `Thread.stop` has sent, at the thread's top frame. */
  pendingThrow: (() => void) | undefined;
  /** Waits for a function of the host to report (state Waiting). */
  hostWait = false;
  /** Started, and no daemon: the VM lives as long as there is such a thread. */
  counted = false;
  /** Monitor it wants to enter or waits on. */
  waitingOn: Monitor | undefined;
  /** Time (performance.now, ms) at which Waiting/Sleeping/Polling ends by itself; Infinity: never. */
  deadline = Infinity;
  /** Why it became runnable: 'notified' | 'timeout' | 'interrupted' | 'unparked' | 'ready'. */
  wakeReason = '';
  /** Called once when the thread's first frame has returned or an exception left it (ref, or 0). */
  onExit: ((exception: number, result: number | bigint) => void) | undefined;
  /** It gives the processor away although it is runnable: the interpreter leaves it. */
  yielding = false;
  /** Its first frame has ended. */
  finished = false;
  /** Depth of "call again after a collection" of the native that runs: see NeedsCollection. */
  retries = 0;
  /** Time (performance.now) it was last scheduled, and run time so far, ms. */
  cpuMillis = 0;

  constructor(vm: Vm, id: number, stackStart: number, stackEnd: number, cell: number) {
    this.vm = vm;
    this.id = id;
    this.stackStart = stackStart;
    this.stackEnd = stackEnd;
    this.cell = cell;
    this.handles = [];
  }

  /** The java.lang.Thread object. */
  get object(): number {
    return this.vm.words[this.cell >>> 2]!;
  }

  /** Keeps `ref` up to date across collections until the running activity ends. Only within an activity. */
  handle(ref: number): Handle {
    const h = { ref };
    this.handles.push(h);
    return h;
  }
}
