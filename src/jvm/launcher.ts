/**
 * Running a program as the `java` launcher does: the library's own LauncherHelper finds the main class, its `main` runs on
 * the main thread, and the VM lives until the last thread that is not a daemon has ended.
 */
import { type Activity, call, type Handle } from './runtime/activity.js';
import { allocating } from './runtime/allocating.js';
import { initializeSystem, ModuleSystemFailed } from './runtime/bootstrap.js';
import { bootClass } from './runtime/class-loading.js';
import { newThrowable } from './runtime/exceptions.js';
import { initializeClass } from './runtime/initialization.js';
import { dispatchUncaught, startActivityThread, startMainThread } from './runtime/java-threads.js';
import { backtraceOf } from './runtime/stack-trace.js';
import type { JavaThread } from './runtime/thread.js';
import { ThrowNew, ThrowRef } from './runtime/throws.js';
import type { Vm } from './runtime/vm.js';

/** What is run: the numbers are LauncherHelper's. */
export const enum LaunchKind {
  Class = 1,
  Jar = 2,
  Module = 3,
  Source = 4,
}

/** A program to run. */
export interface Program {
  readonly kind: LaunchKind;
  /** Class name, jar, module, or source launcher. */
  readonly target: string;
  readonly args: readonly string[];
  /** Load the main class, and stop there. */
  readonly dryRun?: boolean;
  /** Other things of the launcher's helper to do first, or instead. */
  readonly tasks?: readonly HelperTask[];
}

/** A static method of the library that prints something. */
export interface HelperTask {
  readonly className: string;
  readonly method: string;
  readonly descriptor: string;
  readonly args: readonly (string | number | null)[];
}

/**
 * Starts a program on a new VM; `vm.scheduler.runSync()` or `runAsync()` then runs it to its end.
 *
 * @param program `undefined`: only `tasks` are done
 */
export function startProgram(vm: Vm, program: Program | undefined, tasks: readonly HelperTask[] = []): void {
  startMainThread(
    vm,
    (t) => mainThread(t, program, tasks),
    (exception) => {
      // A fault of the VM's own has got past everything: without this nobody would end the VM.
      if (exception === 0 || vm.exitCode !== undefined) return;
      vm.startupFailure = describeThrowable(vm, exception);
      vm.exitCode = 1;
    },
  );
}

function* mainThread(t: JavaThread, program: Program | undefined, tasks: readonly HelperTask[]): Activity<void> {
  const { vm } = t;
  let failed = false;
  try {
    yield* initializeSystem(t);
    for (const task of tasks) yield* runTask(t, task);
    if (program !== undefined) yield* runMain(t, program);
  } catch (error) {
    if (error instanceof ModuleSystemFailed) {
      vm.exitCode = 1;
      return;
    }
    if (!(error instanceof ThrowRef || error instanceof ThrowNew)) throw error;
    failed = true;
    const exception = t.handle(error instanceof ThrowRef ? error.ref : yield* newThrowable(t, error));
    if (vm.initLevel < 4) {
      vm.startupFailure = describeThrowable(vm, exception.ref);
      vm.exitCode = 1;
      return;
    }
    yield* dispatchUncaught(t, exception.ref);
  }
  vm.scheduler.whenNoThreadsLive(() => {
    startActivityThread(vm, 'DestroyJavaVM', (last) => shutDown(last, failed ? 1 : 0));
  });
}

function* shutDown(t: JavaThread, exitCode: number): Activity<void> {
  const { vm } = t;
  const shutdown = bootClass(vm, 'java/lang/Shutdown');
  yield* initializeClass(t, shutdown);
  yield call(vm.methodOf(shutdown, 'shutdown', '()V'));
  vm.exitCode ??= exitCode;
}

/** `toString()` of an exception before System is ready to print one. */
function describeThrowable(vm: Vm, exception: number): string {
  const name = vm.classOf(exception).externalName;
  const message = vm.getWord(exception, vm.known.throwableMessage);
  let text = message === 0 ? name : `${name}: ${vm.strings.toJs(message)}`;
  for (const { methodId, bci } of backtraceOf(vm, exception))
    text += `\n\tat ${vm.methods[methodId]} (bytecode ${bci})`;
  return text;
}

function* runTask(t: JavaThread, task: HelperTask): Activity<void> {
  const { vm } = t;
  const cls = bootClass(vm, task.className);
  yield* initializeClass(t, cls);
  const args: (number | Handle)[] = [];
  for (const arg of task.args) {
    if (typeof arg === 'string') args.push(t.handle(yield* allocating(() => vm.strings.fromJs(arg))));
    else args.push(arg ?? 0);
  }
  yield call(vm.methodOf(cls, task.method, task.descriptor), ...args);
}

function* runMain(t: JavaThread, program: Program): Activity<void> {
  const { vm } = t;
  const helper = bootClass(vm, 'sun/launcher/LauncherHelper');
  yield* initializeClass(t, helper);
  const check = vm.methodOf(helper, 'checkAndLoadMain', '(ZILjava/lang/String;)Ljava/lang/Class;');
  const target = t.handle(yield* allocating(() => vm.strings.fromJs(program.target)));
  const mirror = Number(yield call(check, 1, program.kind, target));
  if (program.dryRun === true) return;
  const cls = vm.classOfMirror(mirror);
  yield* initializeClass(t, cls);
  const { args } = program;
  const array = t.handle(yield* allocating(() => vm.heap.allocateArray(vm.known.stringArray, args.length)));
  for (let i = 0; i < args.length; i++) {
    const arg = yield* allocating(() => vm.strings.fromJs(args[i]!));
    vm.putReferenceElement(array.ref, i, arg);
  }
  yield call(vm.methodOf(cls, 'main', '([Ljava/lang/String;)V'), array);
}
