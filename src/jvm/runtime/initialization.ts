/**
 * Class initialization (JVMS 5.5): once, by one thread, the superclass before, others wait.
 *
 * A failed class keeps a stand-in for the exception that its initializer threw: every later use throws
 * NoClassDefFoundError with it as the cause, which tells where and in which thread it happened.
 */
import { Tag } from '../classfile/index.js';
import { ClassState } from '../memory/layout.js';
import { type Activity, BLOCK, call, type Handle } from './activity.js';
import { allocating } from './allocating.js';
import { bootClass, isThrown, setState } from './class-loading.js';
import { newThrowable } from './exceptions.js';
import type { JavaClass } from './java-class.js';
import { linkClass } from './linking.js';
import { type JavaThread, ThreadState } from './thread.js';
import { ThrowNew, ThrowRef } from './throws.js';

const IN_ERROR = 'java/lang/ExceptionInInitializerError';

/**
 * Initializes a class. Does not yield when nothing has to run.
 *
 * @throws what linking throws; ExceptionInInitializerError or the Error (Java) its initializer threw;
 *   NoClassDefFoundError (Java) when that happened earlier
 */
export function* initializeClass(t: JavaThread, cls: JavaClass): Activity<void> {
  if (cls.state === ClassState.Initialized) return;
  const { vm } = t;
  if (cls.state < ClassState.Linked) yield* linkClass(t, cls);
  while (cls.state === ClassState.BeingInitialized) {
    if (cls.initializer === t) return;
    cls.initializationWaiters = [...cls.initializationWaiters, t];
    vm.scheduler.block(t, ThreadState.Waiting);
    yield BLOCK;
  }
  // Another thread may have finished while this one linked or waited.
  const state = cls.state as ClassState;
  if (state === ClassState.Initialized) return;
  if (state === ClassState.Erroneous) throw erroneous(t, cls);
  cls.initializer = t;
  setState(vm, cls, ClassState.BeingInitialized);
  // What `<clinit>` throws is wrapped unless it is an Error; what initializing a superclass throws is passed on.
  let wraps = false;
  try {
    yield* allocating(() => applyStringConstants(t, cls));
    if (!cls.isInterface) {
      if (cls.superclass !== null) yield* initializeClass(t, cls.superclass);
      yield* initializeInterfaces(t, cls);
    }
    const initializer = cls.methodTable.get('<clinit>()V');
    if (initializer !== undefined && (initializer.isStatic || cls.classFile!.major < 51)) {
      wraps = true;
      yield call(initializer);
    }
  } catch (error) {
    if (!(error instanceof ThrowRef || error instanceof ThrowNew)) {
      finish(t, cls, ClassState.Erroneous);
      throw error;
    }
    let thrown: Handle;
    try {
      thrown = t.handle(error instanceof ThrowRef ? error.ref : yield* newThrowable(t, error));
      const standIn = yield* makeStandIn(t, thrown);
      if (standIn !== 0) cls.initializationError = vm.roots.create(standIn);
    } finally {
      finish(t, cls, ClassState.Erroneous);
    }
    if (!wraps || isThrown(vm, new ThrowRef(thrown.ref), 'java/lang/Error')) throw new ThrowRef(thrown.ref);
    throw new ThrowRef((yield* construct(t, IN_ERROR, '(Ljava/lang/Throwable;)V', thrown)).ref);
  }
  finish(t, cls, ClassState.Initialized);
}

/** Makes an exception by the constructor with this descriptor. */
function* construct(t: JavaThread, className: string, descriptor: string, argument: Handle): Activity<Handle> {
  const { vm } = t;
  const cls = bootClass(vm, className);
  yield* initializeClass(t, cls);
  const object = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  yield call(vm.methodOf(cls, '<init>', descriptor), object, argument);
  return object;
}

/** Superinterfaces with default methods, the direct ones' own first (JVMS 5.5 step 7). */
function* initializeInterfaces(t: JavaThread, cls: JavaClass): Activity<void> {
  for (const face of cls.interfaces) {
    if (!face.hasDefaults) continue;
    yield* initializeInterfaces(t, face);
    if (face.declaresDefaults) yield* initializeClass(t, face);
  }
}

function finish(t: JavaThread, cls: JavaClass, state: ClassState): void {
  cls.initializer = undefined;
  setState(t.vm, cls, state);
  const waiters = cls.initializationWaiters;
  cls.initializationWaiters = [];
  for (const waiter of waiters) t.vm.scheduler.makeRunnable(waiter);
}

/** ConstantValue attributes that are strings; the others were applied when the class was defined. */
function applyStringConstants(t: JavaThread, cls: JavaClass): void {
  const { vm } = t;
  const file = cls.classFile;
  if (file === undefined || cls.staticReferences.length === 0) return;
  for (let i = 0; i < file.fields.length; i++) {
    const field = cls.fields[i]!;
    if (!field.isStatic || field.descriptor !== 'Ljava/lang/String;') continue;
    const value = file.fields[i]!.constantValue;
    if (value === 0 || file.pool.tag(value) !== Tag.String) continue;
    vm.words[field.offset >>> 2] = vm.roots.get(vm.strings.internCell(file.pool.stringValue(value)));
  }
}

function erroneous(t: JavaThread, cls: JavaClass): ThrowNew {
  const cell = cls.initializationError;
  const cause = cell === 0 ? undefined : new ThrowRef(t.vm.roots.get(cell));
  return new ThrowNew('java/lang/NoClassDefFoundError', `Could not initialize class ${cls.externalName}`, cause);
}

/**
 * An ExceptionInInitializerError that describes `thrown`: class, message, thread, and its stack trace as text elements,
 * but none of its objects. 0 when it cannot be made.
 */
function* makeStandIn(t: JavaThread, thrown: Handle): Activity<number> {
  const { vm } = t;
  const getTrace = vm.methodOf(vm.known.throwable, 'getOurStackTrace', '()[Ljava/lang/StackTraceElement;');
  try {
    const trace = t.handle(Number(yield call(getTrace, thrown)));
    const message = vm.getWord(thrown.ref, vm.known.throwableMessage);
    let text = `Exception ${vm.classOf(thrown.ref).externalName}`;
    if (message !== 0) text += `: ${vm.strings.toJs(message)}`;
    const name = vm.getWord(t.object, vm.offset('java/lang/Thread', 'name'));
    text += ` [in thread "${name === 0 ? '' : vm.strings.toJs(name)}"]`;
    const error = bootClass(vm, IN_ERROR);
    yield* initializeClass(t, error);
    const argument = t.handle(yield* allocating(() => vm.strings.fromJs(text)));
    const standIn = yield* construct(t, IN_ERROR, '(Ljava/lang/String;)V', argument);
    vm.putReference(standIn.ref, vm.offset('java/lang/Throwable', 'stackTrace'), trace.ref);
    vm.putReference(standIn.ref, vm.known.throwableBacktrace, 0);
    vm.putWord(standIn.ref, vm.offset('java/lang/Throwable', 'depth'), 0);
    return standIn.ref;
  } catch (error) {
    if (error instanceof ThrowRef || error instanceof ThrowNew) return 0;
    throw error;
  }
}
