/**
 * Constants whose values Java code makes: method types, method handles and dynamic constants (JVMS 5.4.3.5, 5.4.3.6), and
 * the bootstrap methods behind dynamic constants and call sites.
 */
import { RefKind, Tag } from '../classfile/index.js';
import { type Activity, call, type Handle } from './activity.js';
import { allocating } from './allocating.js';
import { box, kindOf, unbox } from './boxing.js';
import { externalSignature } from './class-descriptions.js';
import { bootClass } from './class-loading.js';
import type { JavaClass } from './java-class.js';
import { methodTypeOf, upcall } from './method-types.js';
import { classOfDescriptor, internedString, javaName } from './reflection.js';
import { recordFailure, resolveClass, resolveString, throwRecorded } from './resolution.js';
import { isSubclass } from './subtypes.js';
import type { JavaThread } from './thread.js';
import { internalError, ThrowNew, ThrowRef } from './throws.js';

const LINK_HANDLE =
  '(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;)Ljava/lang/invoke/MethodHandle;';
const LINK_CONSTANT =
  '(Ljava/lang/Object;ILjava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;';

/** Value of a dynamic constant: a root cell, or the bits of a primitive. */
export type DynamicConstant =
  | { readonly kind: 'L'; readonly cell: number }
  | {
      readonly kind: 'Z' | 'B' | 'C' | 'S' | 'I' | 'J' | 'F' | 'D';
      readonly low: number;
      /** 0 but for J and D. */
      readonly high: number;
    };

/**
 * Runs `attempt` to resolve a constant pool entry, unless it failed before: then that failure is thrown again, and none
 * of the Java code behind the entry runs a second time.
 */
export function* recording<T>(t: JavaThread, cls: JavaClass, index: number, attempt: Activity<T>): Activity<T> {
  throwRecorded(t.vm, cls, index);
  try {
    return yield* attempt;
  } catch (error) {
    throw recordFailure(t.vm, cls, index, error);
  }
}

/** The value in `cls.resolved`, or that of `resolve`, which is kept there; failures are recorded. */
function* once<T>(t: JavaThread, cls: JavaClass, index: number, resolve: () => Activity<T>): Activity<T> {
  throwRecorded(t.vm, cls, index);
  const known = cls.resolved[index];
  if (known !== undefined) return known as T;
  const value = yield* recording(t, cls, index, resolve());
  // Another thread may have been faster: all must see the same object.
  const first = cls.resolved[index];
  if (first !== undefined) return first as T;
  cls.resolved[index] = value;
  return value;
}

/** Resolves a MethodType constant: root cell of the java.lang.invoke.MethodType. */
export function* resolveMethodType(t: JavaThread, cls: JavaClass, index: number): Activity<number> {
  return yield* once(t, cls, index, function* () {
    return t.vm.roots.create(yield* methodTypeOf(t, cls, cls.pool.methodType(index)));
  });
}

/** Resolves a MethodHandle constant: root cell of the java.lang.invoke.MethodHandle. */
export function* resolveMethodHandle(t: JavaThread, cls: JavaClass, index: number): Activity<number> {
  return yield* once(t, cls, index, () => linkMethodHandle(t, cls, index));
}

function* linkMethodHandle(t: JavaThread, cls: JavaClass, index: number): Activity<number> {
  const { vm } = t;
  const { pool } = cls;
  const { kind, index: memberIndex } = pool.methodHandle(index);
  const { classIndex, name, descriptor, isInterface } = pool.memberRef(memberIndex);
  const refc = yield* resolveClass(t, cls, classIndex);
  const isField = kind <= RefKind.PutStatic;
  if (!isField && refc.isInterface !== isInterface) {
    throw new ThrowNew(
      'java/lang/IncompatibleClassChangeError',
      `Inconsistent constant pool data in classfile for class ${cls.name}. Method '${externalSignature(javaName(refc), name, descriptor)}'` +
        ` at index ${memberIndex} is ${isInterface ? 'CONSTANT_InterfaceMethodRef' : 'CONSTANT_MethodRef'}` +
        ` and should be ${isInterface ? 'CONSTANT_MethodRef' : 'CONSTANT_InterfaceMethodRef'}`,
    );
  }
  const type = isField
    ? t.handle(vm.mirrorOf(yield* classOfDescriptor(t, cls, descriptor)))
    : t.handle(yield* methodTypeOf(t, cls, descriptor));
  const link = yield* upcall(t, 'linkMethodHandleConstant', LINK_HANDLE);
  const nameString = t.handle(yield* allocating(() => internedString(vm, name)));
  const handle = yield call(link, t.handle(vm.mirrorOf(cls)), kind, t.handle(vm.mirrorOf(refc)), nameString, type);
  return vm.roots.create(Number(handle));
}

/** Resolves a Dynamic constant. */
export function* resolveDynamic(t: JavaThread, cls: JavaClass, index: number): Activity<DynamicConstant> {
  return yield* once(t, cls, index, () => linkDynamicConstant(t, cls, index));
}

function* linkDynamicConstant(t: JavaThread, cls: JavaClass, index: number): Activity<DynamicConstant> {
  const { vm } = t;
  const { name, descriptor } = cls.pool.dynamic(index);
  const ref = yield* errorsOfBootstrap(t, function* () {
    const { handle, args } = yield* bootstrapOf(t, cls, index);
    const type = yield* classOfDescriptor(t, cls, descriptor);
    const link = yield* upcall(t, 'linkDynamicConstant', LINK_CONSTANT);
    const nameString = t.handle(yield* allocating(() => internedString(vm, name)));
    const made = yield call(
      link,
      t.handle(vm.mirrorOf(cls)),
      index,
      handle,
      nameString,
      t.handle(vm.mirrorOf(type)),
      args,
    );
    return Number(made);
  });
  const kind = kindOf(descriptor);
  if (kind === 'L') return { kind, cell: vm.roots.create(ref) };
  const boxed = unbox(vm, ref);
  if (boxed === undefined || boxed.kind !== kind) throw internalError(`dynamic constant is no ${kind}`);
  const [low, high] = bitsOf(kind, boxed.value);
  return { kind: kind as 'I', low, high };
}

const scratch = new DataView(new ArrayBuffer(8));

/** Bits of a primitive value as two words. */
function bitsOf(kind: string, value: number | bigint): [low: number, high: number] {
  switch (kind) {
    case 'J':
      scratch.setBigInt64(0, BigInt(value), true);
      return [scratch.getInt32(0, true), scratch.getInt32(4, true)];
    case 'D':
      scratch.setFloat64(0, Number(value), true);
      return [scratch.getInt32(0, true), scratch.getInt32(4, true)];
    case 'F':
      scratch.setFloat32(0, Number(value), true);
      return [scratch.getInt32(0, true), 0];
    default:
      return [Number(value), 0];
  }
}

/**
 * Runs the resolution of a dynamically computed entry. Errors go on as they are; exceptions become the cause of a
 * BootstrapMethodError (JVMS 5.4.3.6).
 */
export function* errorsOfBootstrap<T>(t: JavaThread, resolve: () => Activity<T>): Activity<T> {
  try {
    return yield* resolve();
  } catch (error) {
    const { vm } = t;
    if (!(error instanceof ThrowRef)) throw error;
    if (isSubclass(vm.classOf(error.ref), bootClass(vm, 'java/lang/Error'))) throw error;
    throw new ThrowNew('java/lang/BootstrapMethodError', undefined, error);
  }
}

/**
 * The bootstrap method of a Dynamic or InvokeDynamic entry, and its static arguments as the library expects them: null for
 * none, the object itself for one that is no array, otherwise an Object[].
 */
export function* bootstrapOf(t: JavaThread, cls: JavaClass, index: number): Activity<{ handle: Handle; args: Handle }> {
  const { vm } = t;
  const bootstrap = cls.classFile?.bootstrapMethods[cls.pool.dynamic(index).bootstrap];
  if (bootstrap === undefined) {
    throw new ThrowNew('java/lang/ClassFormatError', `Short length on BootstrapMethods in class file ${cls.name}`);
  }
  const cell = yield* resolveMethodHandle(t, cls, bootstrap.methodRef);
  const handle = t.handle(vm.words[cell >>> 2]!);
  const values: Handle[] = [];
  for (const arg of bootstrap.args) values.push(t.handle(yield* staticArgument(t, cls, arg)));
  if (values.length === 0) return { handle, args: t.handle(0) };
  const only = values[0]!;
  if (values.length === 1 && only.ref !== 0 && !vm.classOf(only.ref).isArray) return { handle, args: only };
  const array = yield* allocating(() => {
    const ref = vm.heap.allocateArray(vm.known.objectArray, values.length);
    for (let i = 0; i < values.length; i++) vm.putReferenceElement(ref, i, values[i]!.ref);
    return ref;
  });
  return { handle, args: t.handle(array) };
}

/** A loadable constant as an object; primitives are boxed. Valid until the next `yield`. */
export function* staticArgument(t: JavaThread, cls: JavaClass, index: number): Activity<number> {
  const { vm } = t;
  const { pool } = cls;
  switch (pool.tag(index)) {
    case Tag.Integer:
      return yield* allocating(() => box(t, 'I', pool.int(index)));
    case Tag.Float:
      return yield* allocating(() => {
        scratch.setInt32(0, pool.floatBits(index));
        return box(t, 'F', scratch.getFloat32(0));
      });
    case Tag.Long:
    case Tag.Double:
      return yield* allocating(() => {
        scratch.setInt32(0, pool.longHigh(index));
        scratch.setInt32(4, pool.longLow(index));
        return pool.tag(index) === Tag.Long ? box(t, 'J', scratch.getBigInt64(0)) : box(t, 'D', scratch.getFloat64(0));
      });
    case Tag.String:
      return yield* allocating(() => vm.words[resolveString(vm, cls, index) >>> 2]!);
    case Tag.Class:
      return vm.mirrorOf(yield* resolveClass(t, cls, index));
    case Tag.MethodType:
      return vm.words[(yield* resolveMethodType(t, cls, index)) >>> 2]!;
    case Tag.MethodHandle:
      return vm.words[(yield* resolveMethodHandle(t, cls, index)) >>> 2]!;
    case Tag.Dynamic: {
      const constant = yield* resolveDynamic(t, cls, index);
      if (constant.kind === 'L') return vm.words[constant.cell >>> 2]!;
      return yield* allocating(() => {
        scratch.setInt32(0, constant.low, true);
        scratch.setInt32(4, constant.high, true);
        if (constant.kind === 'J') return box(t, 'J', scratch.getBigInt64(0, true));
        if (constant.kind === 'D') return box(t, 'D', scratch.getFloat64(0, true));
        if (constant.kind === 'F') return box(t, 'F', scratch.getFloat32(0, true));
        return box(t, constant.kind, constant.low);
      });
    }
    default:
      throw new ThrowNew(
        'java/lang/ClassFormatError',
        `Constant pool entry ${index} of ${javaName(cls)} is no loadable constant`,
      );
  }
}
