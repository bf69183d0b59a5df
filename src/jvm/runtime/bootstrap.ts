/**
 * Bringing a VM up: from an empty arena to a library whose `System` is fully initialized, in the order HotSpot does it
 * (the library's own code relies on that order).
 */
import { createInterpreter } from '../interpreter/interpreter.js';
import { createStubs } from '../interpreter/stubs.js';
import { warmUp } from '../interpreter/warm-up.js';
import { Context } from '../memory/layout.js';
import { type Activity, call } from './activity.js';
import { bootClass } from './class-loading.js';
import { prepareLastResort } from './exceptions.js';
import { initializeClass } from './initialization.js';
import { linkBootClass } from './linking.js';
import type { JavaThread } from './thread.js';
import { Vm, type VmOptions } from './vm.js';

/** Makes a VM whose classes can be loaded; no Java has run. */
export function createVm(options: VmOptions): Vm {
  const vm = new Vm(options);
  vm.stubs = createStubs(vm);
  vm.known.load();
  vm.interpret = createInterpreter(vm);
  warmUp(vm);
  return vm;
}

/** Classes initialized before the first line of System's own set-up runs, in this order. */
const FIRST_CLASSES = [
  'java/lang/String',
  'java/lang/System',
  'java/lang/Class',
  'java/lang/ThreadGroup',
  'java/lang/Thread',
];
const SECOND_CLASSES = ['java/lang/Module', 'java/lang/reflect/Method', 'java/lang/ref/Finalizer'];
/** Exceptions that must be there when there is no room to load them. */
const ERROR_CLASSES = [
  'java/lang/VirtualMachineError',
  'java/lang/OutOfMemoryError',
  'java/lang/NullPointerException',
  'java/lang/ClassCastException',
  'java/lang/ArrayStoreException',
  'java/lang/ArithmeticException',
  'java/lang/ArrayIndexOutOfBoundsException',
  'java/lang/StackOverflowError',
  'java/lang/IllegalMonitorStateException',
  'java/lang/IllegalArgumentException',
];

/** Allocates the main thread's java.lang.Thread, before any constructor can run; `initializeSystem` constructs it. */
export function allocateMainThreadObject(vm: Vm): number {
  linkBootClass(vm, vm.known.thread);
  const thread = vm.heap.allocateObject(vm.known.thread);
  vm.putWord(thread, vm.offset('java/lang/Thread', 'priority'), 5);
  vm.putLong(thread, vm.offset('java/lang/Thread', 'eetop'), 1);
  return thread;
}

/** Runs the library's initialization phases on the main thread. */
export function* initializeSystem(t: JavaThread): Activity<void> {
  const { vm } = t;
  vm.words[Context.CurrentThreadObject] = t.object;
  for (const name of FIRST_CLASSES) yield* initializeClass(t, bootClass(vm, name));
  yield* makeThreadGroups(t);
  for (const name of SECOND_CLASSES) yield* initializeClass(t, bootClass(vm, name));
  const system = bootClass(vm, 'java/lang/System');
  yield call(vm.methodOf(system, 'initPhase1', '()V'));
  vm.initLevel = 1;
  for (const name of ERROR_CLASSES) yield* initializeClass(t, bootClass(vm, name));
  prepareLastResort(t);
  const failed = yield call(vm.methodOf(system, 'initPhase2', '(ZZ)I'), 0, 0);
  if (failed !== 0) throw new ModuleSystemFailed();
  vm.initLevel = 2;
  yield call(vm.methodOf(system, 'initPhase3', '()V'));
  vm.initLevel = 4;
  const loader = bootClass(vm, 'java/lang/ClassLoader');
  yield call(vm.methodOf(loader, 'getSystemClassLoader', '()Ljava/lang/ClassLoader;'));
}

/** The module system could not be set up; the library has printed why. */
export class ModuleSystemFailed extends Error {
  constructor() {
    super('Error occurred during initialization of boot layer');
  }
}

/** The groups `system` and `main`, and the main thread in the latter. */
function* makeThreadGroups(t: JavaThread): Activity<void> {
  const { vm } = t;
  const groupClass = bootClass(vm, 'java/lang/ThreadGroup');
  const system = t.handle(vm.heap.allocateObject(groupClass));
  yield call(vm.methodOf(groupClass, '<init>', '()V'), system);
  const main = t.handle(vm.heap.allocateObject(groupClass));
  const name = t.handle(vm.strings.fromJs('main'));
  yield call(vm.methodOf(groupClass, '<init>', '(Ljava/lang/ThreadGroup;Ljava/lang/String;)V'), main, system, name);
  vm.scheduler.systemGroup = vm.roots.create(system.ref);
  vm.scheduler.mainGroup = vm.roots.create(main.ref);
  vm.putReference(t.object, vm.offset('java/lang/Thread', 'group'), main.ref);
  const threadClass = vm.known.thread;
  yield call(vm.methodOf(threadClass, '<init>', '(Ljava/lang/ThreadGroup;Ljava/lang/String;)V'), t.object, main, name);
  vm.putWord(t.object, vm.offset('java/lang/Thread', 'threadStatus'), 5);
}
