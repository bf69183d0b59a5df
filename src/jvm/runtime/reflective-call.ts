/**
 * Calls through reflection: `Method.invoke` and `Constructor.newInstance` as the library's native accessors ask for them.
 *
 * Arguments come boxed in an Object[]; each is checked and unboxed against the parameter types that the Method object
 * names, the method is selected on the receiver, and what it throws arrives as InvocationTargetException.
 */
import { type Activity, call, type Handle, type JavaValue } from './activity.js';
import { allocating } from './allocating.js';
import { box, kindOf, linkedBootClass, unbox, widen } from './boxing.js';
import { newThrowable } from './exceptions.js';
import { initializeClass } from './initialization.js';
import type { JavaClass, Method } from './java-class.js';
import { javaName, methodOfObject } from './reflection.js';
import { selectInterface, selectVirtual } from './selection.js';
import { isAssignable } from './subtypes.js';
import type { JavaThread } from './thread.js';
import { nullPointer, ThrowNew, ThrowRef } from './throws.js';

const METHOD = 'java/lang/reflect/Method';
const CONSTRUCTOR = 'java/lang/reflect/Constructor';
const TARGET_EXCEPTION = 'java/lang/reflect/InvocationTargetException';
const ACC_ABSTRACT = 0x400;

function illegalArgument(text?: string): ThrowNew {
  return new ThrowNew('java/lang/IllegalArgumentException', text);
}

/** One argument as a parameter's type takes it. */
function convert(t: JavaThread, argument: number, type: JavaClass): JavaValue | Handle {
  const { vm } = t;
  if (!type.isPrimitive) {
    if (argument === 0) return 0;
    if (!isAssignable(vm.classOf(argument), type)) throw illegalArgument('argument type mismatch');
    return t.handle(argument);
  }
  if (argument === 0) throw illegalArgument();
  const boxed = unbox(vm, argument);
  const value = boxed === undefined ? undefined : widen(boxed.kind, boxed.value, kindOf(type.descriptor));
  if (value === undefined) throw illegalArgument('argument type mismatch');
  return value;
}

/** The arguments of an Object[] (null: none), checked against a Class[]. */
function convertAll(t: JavaThread, args: number, types: number): (JavaValue | Handle)[] {
  const { vm } = t;
  const count = vm.arrayLength(types);
  if ((args === 0 ? 0 : vm.arrayLength(args)) !== count) throw illegalArgument('wrong number of arguments');
  const converted: (JavaValue | Handle)[] = [];
  for (let i = 0; i < count; i++) {
    converted.push(convert(t, vm.getElement(args, i), vm.classOfMirror(vm.getElement(types, i))));
  }
  return converted;
}

/** The call; what it throws is thrown again inside an InvocationTargetException. */
function* callWrapped(t: JavaThread, method: Method, args: readonly (JavaValue | Handle)[]): Activity<JavaValue> {
  try {
    return yield call(method, ...args);
  } catch (error) {
    if (!(error instanceof ThrowRef)) throw error;
    throw yield* targetException(t, error.ref);
  }
}

function* targetException(t: JavaThread, cause: number): Activity<ThrowRef> {
  const target = t.handle(cause);
  const cls = linkedBootClass(t, TARGET_EXCEPTION);
  yield* initializeClass(t, cls);
  const wrapper = t.handle(yield* allocating(() => t.vm.heap.allocateObject(cls)));
  yield call(t.vm.methodOf(cls, '<init>', '(Ljava/lang/Throwable;)V'), wrapper, target);
  return new ThrowRef(wrapper.ref);
}

/**
 * `NativeMethodAccessorImpl.invoke0`: the boxed result, null for void.
 *
 * @throws IllegalArgumentException, NullPointerException, InvocationTargetException (Java), errors of initialization
 */
export function* invokeMethod(t: JavaThread, object: number, receiver: number, args: number): Activity<number> {
  const { vm } = t;
  if (object === 0) throw nullPointer();
  const declared = methodOfObject(vm, object);
  const methodObject = t.handle(object);
  const self = t.handle(receiver);
  const argsArray = t.handle(args);
  yield* initializeClass(t, declared.holder);
  let target = declared;
  const values: (JavaValue | Handle)[] = [];
  if (!declared.isStatic) {
    if (self.ref === 0) throw nullPointer();
    const cls = vm.classOf(self.ref);
    if (!isAssignable(cls, declared.holder)) throw illegalArgument('object is not an instance of declaring class');
    values.push(self);
    if (!declared.isPrivate && !declared.isConstructor) {
      try {
        target = declared.holder.isInterface ? selectInterface(cls, declared) : selectVirtual(cls, declared);
      } catch (error) {
        // No implementation: to the caller this is a failure of the target.
        if (!(error instanceof ThrowNew)) throw error;
        throw yield* targetException(t, yield* newThrowable(t, error));
      }
    }
  }
  values.push(...convertAll(t, argsArray.ref, vm.getWord(methodObject.ref, vm.offset(METHOD, 'parameterTypes'))));
  const result = yield* callWrapped(t, target, values);
  if (declared.returnKind === 'V') return 0;
  if (declared.returnKind === 'L') return Number(result);
  return yield* allocating(() => box(t, declared.returnKind, result));
}

/**
 * `NativeConstructorAccessorImpl.newInstance0`: the new object.
 *
 * @throws InstantiationException, IllegalArgumentException, InvocationTargetException (Java), errors of initialization
 */
export function* newInstance(t: JavaThread, object: number, args: number): Activity<number> {
  const { vm } = t;
  if (object === 0) throw nullPointer();
  const method = methodOfObject(vm, object);
  const cls = method.holder;
  if ((cls.accessFlags & ACC_ABSTRACT) !== 0 || cls.isInterface || cls === vm.known.class_) {
    throw new ThrowNew('java/lang/InstantiationException', javaName(cls));
  }
  const constructorObject = t.handle(object);
  const argsArray = t.handle(args);
  yield* initializeClass(t, cls);
  const types = vm.getWord(constructorObject.ref, vm.offset(CONSTRUCTOR, 'parameterTypes'));
  const values = convertAll(t, argsArray.ref, types);
  const made = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  yield* callWrapped(t, method, [made, ...values]);
  return made.ref;
}
