/**
 * A scheduler and monitors without a VM: an arena with a few bare objects, and threads whose code is a generator, so that
 * tests say exactly what runs in which order.
 */
import { Arena } from '../../../src/jvm/memory/arena.js';
import { RootCells } from '../../../src/jvm/memory/root-cells.js';
import type { Activity } from '../../../src/jvm/runtime/activity.js';
import { BLOCK } from '../../../src/jvm/runtime/activity.js';
import { Monitors, monitorEnter, monitorExit, wakeAllWaiters } from '../../../src/jvm/runtime/monitors.js';
import { Scheduler } from '../../../src/jvm/runtime/scheduler.js';
import { type JavaThread, ThreadState } from '../../../src/jvm/runtime/thread.js';
import type { Vm } from '../../../src/jvm/runtime/vm.js';

/** Byte offsets of the Thread fields the scheduler writes. */
const FIELDS: Readonly<Record<string, number>> = { eetop: 8, threadStatus: 16, interrupted: 20 };
const OBJECT_BYTES = 24;

/** See the head of the file. */
export class GreenThreads {
  readonly arena = new Arena({ heap: 1 << 20, metadata: 1 << 20, stacks: 4 << 20, native: 1 << 20 });
  readonly vm: Vm;
  readonly scheduler: Scheduler;
  readonly monitors: Monitors;
  private top = this.arena.heapStart;
  private readonly bodies = new Map<JavaThread, Activity<unknown>>();

  constructor() {
    const { arena } = this;
    const { words } = arena;
    const vm = {
      arena,
      words,
      u8: arena.u8,
      options: { stackSize: 256 * 1024 },
      roots: new RootCells(arena),
      exitCode: undefined,
      earlySites: [],
      offset: (_class: string, field: string) => FIELDS[field],
      getWord: (object: number, offset: number) => words[(object + offset) >>> 2],
      putWord: (object: number, offset: number, value: number) => {
        words[(object + offset) >>> 2] = value;
      },
      putLong: (object: number, offset: number, value: number) => {
        words[(object + offset) >>> 2] = value;
      },
      getByte: (object: number, offset: number) => arena.i8[object + offset],
      putByte: (object: number, offset: number, value: number) => {
        arena.u8[object + offset] = value;
      },
      interpret: (t: JavaThread) => this.interpret(t),
    } as unknown as Vm;
    this.vm = vm;
    this.monitors = new Monitors(vm);
    this.scheduler = new Scheduler(vm);
    Object.assign(vm, { monitors: this.monitors, scheduler: this.scheduler });
  }

  /** A new object; its mark word is 0. */
  object(): number {
    const at = this.top;
    this.top += OBJECT_BYTES;
    return at | 0;
  }

  /** Starts a thread. Exceptions its code does not catch end up in `failures`. */
  start(body: (t: JavaThread) => Activity<unknown>, daemon = false): JavaThread {
    const t = this.scheduler.create(this.object(), { daemon });
    this.bodies.set(t, body(t));
    this.scheduler.start(t);
    return t;
  }

  readonly failures: unknown[] = [];

  /** Runs until all threads that are not daemons have ended. */
  run(): void {
    this.scheduler.runSync({ until: () => this.scheduler.nonDaemonCount === 0 });
  }

  mark(ref: number): number {
    return this.vm.words[(ref >>> 2) + 1]!;
  }

  /** Enters a monitor, as the interpreter executes `monitorenter`. */
  *enter(t: JavaThread, ref: number): Activity<void> {
    while (!monitorEnter(this.vm, t, ref)) yield BLOCK;
  }

  exit(t: JavaThread, ref: number): void {
    if (!monitorExit(this.vm, t, ref)) throw new Error('not the owner');
  }

  /** Sets the flag, as `Thread.interrupt` does before its native. */
  setInterrupted(t: JavaThread): void {
    this.vm.putByte(t.object, FIELDS['interrupted']!, 1);
  }

  /** `threadStatus` of a thread's object. */
  status(t: JavaThread): number {
    return this.vm.getWord(t.object, FIELDS['threadStatus']!);
  }

  dispose(): void {
    this.arena.dispose();
  }

  private interpret(t: JavaThread): void {
    const body = this.bodies.get(t)!;
    for (;;) {
      let done: boolean | undefined;
      try {
        const { value, done: ended } = body.next(0);
        done = ended;
        if (ended !== true && value.kind === 'yield') t.yielding = true;
      } catch (error) {
        this.failures.push(error);
        done = true;
      }
      if (done === true) {
        const { object } = t;
        this.scheduler.terminate(t);
        wakeAllWaiters(this.vm, object);
        return;
      }
      if (t.yielding || t.state !== ThreadState.Runnable) return;
    }
  }
}
