/**
 * The lives of Java threads: their first frame, what they run, and how they end.
 *
 * A thread's life is an activity on its own stack, above a base frame. Like HotSpot's: the body; for an exception that
 * nobody caught `dispatchUncaughtException`; `Thread.exit`; then the thread is TERMINATED and those who joined wake.
 */

import { raise, startActivity } from '../interpreter/calls.js';
import { Frame, INVOKE_LENGTH } from '../memory/layout.js';
import { type Activity, call } from './activity.js';
import { allocating } from './allocating.js';
import { allocateMainThreadObject } from './bootstrap.js';
import { bootClass } from './class-loading.js';
import { initializeClass } from './initialization.js';
import { log } from './log.js';
import { wakeAllWaiters } from './monitors.js';
import { JavaStatus } from './scheduler.js';
import { selectVirtual } from './selection.js';
import { binaryNameOf } from './stack-trace.js';
import { type JavaThread, ThreadState } from './thread.js';
import { NeedsCollection, ThrowNew, ThrowRef } from './throws.js';
import type { Vm } from './vm.js';

/** Called when what a thread ran has ended: with the exception that left it, a plain reference, or 0. */
export type WhenDone = (exception: number) => void;

/** Words above the base frame: room for the slots a frame has above its frame pointer. */
const BASE_WORDS = 8;

/** Lays a thread's base frame, at which everything it runs ends. */
function pushBaseFrame(t: JavaThread): void {
  const { words, stubs } = t.vm;
  const fp = (t.stackEnd >>> 2) - BASE_WORDS;
  words[fp + Frame.Caller] = 0;
  words[fp + Frame.ReturnAddress] = 0;
  words[fp + Frame.Method] = stubs.baseMethod;
  // An activity that ends lets its frame's instruction run (again): the end of the thread.
  words[fp + Frame.Pc] = stubs.base + INVOKE_LENGTH;
  t.fp = fp;
  t.sp = fp + Frame.EmptyStack;
  t.activations.length = 0;
  t.finished = false;
}

/**
 * Has a thread run `body` from its next turn on. It must not be running anything. When `body` has ended the thread is
 * idle, `done` is called (between two instructions of the interpreter: it may call `runOn` again), and
 * without another `runOn` it stays so until `endThread`.
 */
export function runOn(t: JavaThread, body: (t: JavaThread) => Activity<unknown>, done: WhenDone): void {
  pushBaseFrame(t);
  t.begin = () => startActivity(t, body(t));
  t.onExit = (exception) => {
    t.state = ThreadState.Waiting;
    t.onExit = undefined;
    done(exception);
    // What `done` has it run begins with its next turn, not in this one.
    if (t.begin !== undefined) t.yielding = true;
  };
  t.vm.scheduler.makeRunnable(t);
}

/**
 * `Thread.start0`: starts the thread of a java.lang.Thread object.
 *
 * @throws ThrowNew IllegalThreadStateException when it has been started; OutOfMemoryError when no more can be made
 */
export function startThread(vm: Vm, object: number): void {
  const field = (name: string) => vm.offset('java/lang/Thread', name);
  if (vm.getLong(object >>> 0, field('eetop')) !== 0n) throw new ThrowNew('java/lang/IllegalThreadStateException');
  const daemon = vm.getByte(object >>> 0, field('daemon')) !== 0;
  const stackSize = Number(vm.getLong(object >>> 0, field('stackSize')));
  const t = vm.scheduler.create(object, { daemon, stackSize });
  startLife(t, function* () {
    const run = vm.methodOf(vm.known.thread, 'run', '()V');
    yield call(selectVirtual(vm.classOf(t.object), run), t.object);
  });
}

/** How a thread of the VM's own looks to Java. */
export interface VmThreadOptions {
  readonly name: string;
  readonly group: 'main' | 'system';
  readonly daemon: boolean;
}

/**
 * Makes a thread that no Java code asked for, with a Thread object of its own, as HotSpot attaches native threads, and
 * starts it. May collect: call it between turns (`scheduler.defer`). `done` is called after its end.
 */
export function startVmThread(
  vm: Vm,
  options: VmThreadOptions,
  body: (t: JavaThread) => Activity<unknown>,
  done?: WhenDone,
): JavaThread {
  const t = attachThread(vm, options.daemon);
  startLife(
    t,
    function* () {
      yield* constructThread(t, options);
      yield* body(t);
    },
    done,
  );
  return t;
}

/**
 * As `startVmThread`, but the thread stays idle after its Thread object has been made, for calls from outside by
 * `runOn`; it does not keep the VM alive. `ready` gets the exception that its construction threw, or 0.
 */
export function attachVmThread(vm: Vm, options: VmThreadOptions, ready: WhenDone): JavaThread {
  const t = attachThread(vm, options.daemon);
  runOn(t, () => constructThread(t, options), ready);
  return t;
}

/** Ends an idle thread made by `attachVmThread`: `Thread.exit`, then TERMINATED. */
export function detachVmThread(t: JavaThread, done?: () => void): void {
  runOn(t, exitJava, () => {
    endThread(t);
    done?.();
  });
}

/**
 * Starts the main thread of a new VM, the first of all: `body` brings the library up and runs the program. It ends as any
 * thread does.
 */
export function startMainThread(vm: Vm, body: (t: JavaThread) => Activity<unknown>, done?: WhenDone): JavaThread {
  const t = vm.scheduler.create(allocateMainThreadObject(vm), { daemon: false });
  startLife(t, body, done);
  return t;
}

/** As `startVmThread`, for a thread of the group `main` that keeps the VM alive. */
export function startActivityThread(
  vm: Vm,
  name: string,
  body: (t: JavaThread) => Activity<unknown>,
  done?: WhenDone,
): JavaThread {
  return startVmThread(vm, { name, group: 'main', daemon: false }, body, done);
}

/** `Thread.stop0`: throws an existing exception in another thread, or in this one. */
export function stopThread(t: JavaThread, exception: number): void {
  const { roots, scheduler } = t.vm;
  const cell = roots.create(exception);
  scheduler.stop(t, () => {
    const ref = roots.get(cell);
    roots.release(cell);
    raise(t, new ThrowRef(ref));
  });
}

/** Has Java's handler of a signal called: `jdk.internal.misc.Signal.dispatch` on a thread of the system's group. */
export function dispatchSignal(vm: Vm, signal: number): void {
  vm.scheduler.defer(() => {
    startVmThread(vm, { name: 'Signal Dispatcher', group: 'system', daemon: true }, function* (t) {
      const signals = bootClass(vm, 'jdk/internal/misc/Signal');
      yield* initializeClass(t, signals);
      yield call(vm.methodOf(signals, 'dispatch', '(I)V'), signal);
    });
  });
}

/** Ends a thread for Java and for the scheduler, and wakes who waits for that. */
export function endThread(t: JavaThread): void {
  const { vm } = t;
  const object = t.object;
  vm.scheduler.terminate(t);
  wakeAllWaiters(vm, object);
}

function startLife(t: JavaThread, body: (t: JavaThread) => Activity<unknown>, done?: WhenDone): void {
  pushBaseFrame(t);
  t.begin = () => startActivity(t, live(t, body));
  t.onExit = (exception) => {
    endThread(t);
    done?.(exception);
  };
  t.vm.scheduler.start(t);
}

/** A thread's life. */
function* live(t: JavaThread, body: (t: JavaThread) => Activity<unknown>): Activity<void> {
  try {
    yield* body(t);
  } catch (error) {
    if (!(error instanceof ThrowRef)) throw error;
    yield* dispatchUncaught(t, error.ref);
  }
  yield* exitJava(t);
}

/** Hands an exception that nobody caught to the thread's handler, and reports one that the handler itself throws. */
export function* dispatchUncaught(t: JavaThread, exception: number): Activity<void> {
  const { vm } = t;
  try {
    yield call(
      vm.methodOf(vm.known.thread, 'dispatchUncaughtException', '(Ljava/lang/Throwable;)V'),
      t.object,
      exception,
    );
  } catch (error) {
    if (!(error instanceof ThrowRef)) throw error;
    const name = vm.strings.toJsOrNull(vm.getWord(t.object, vm.offset('java/lang/Thread', 'name')));
    const what = binaryNameOf(vm.classOf(error.ref));
    const text = `\nException: ${what} thrown from the UncaughtExceptionHandler in thread "${name}"\n`;
    log(vm.options.streams, 2, text);
  }
}

/** `Thread.exit`, whose exceptions nobody sees. */
function* exitJava(t: JavaThread): Activity<void> {
  const { vm } = t;
  try {
    yield call(vm.methodOf(vm.known.thread, 'exit', '()V'), t.object);
  } catch (error) {
    if (!(error instanceof ThrowRef)) throw error;
  }
}

/** Allocates a Thread object that is already alive, and its thread: its constructor asks for the current thread. */
function attachThread(vm: Vm, daemon: boolean): JavaThread {
  const object = allocateCollecting(vm);
  vm.putWord(object, vm.offset('java/lang/Thread', 'priority'), 5);
  vm.putByte(object >>> 0, vm.offset('java/lang/Thread', 'daemon'), daemon ? 1 : 0);
  return vm.scheduler.create(object, { daemon });
}

function allocateCollecting(vm: Vm): number {
  try {
    return vm.heap.allocateObject(vm.known.thread);
  } catch (error) {
    if (!(error instanceof NeedsCollection)) throw error;
    vm.heap.collect(true, 'Allocation Failure');
    return vm.heap.allocateObject(vm.known.thread);
  }
}

function* constructThread(t: JavaThread, options: VmThreadOptions): Activity<void> {
  const { vm } = t;
  const { scheduler } = vm;
  const name = yield* allocating(() => vm.strings.fromJs(options.name));
  const group = vm.roots.get(options.group === 'main' ? scheduler.mainGroup : scheduler.systemGroup);
  const init = vm.methodOf(vm.known.thread, '<init>', '(Ljava/lang/ThreadGroup;Ljava/lang/String;)V');
  yield call(init, t.object, group, name);
  scheduler.setStatus(t, JavaStatus.Runnable);
}
