/** What `Unsafe` knows about classes: offsets, layout of arrays, initialization, instances without constructors. */
import { ClassKind, ClassState, Klass } from '../../../../../memory/layout.js';
import type { Activity } from '../../../../../runtime/activity.js';
import { allocating } from '../../../../../runtime/allocating.js';
import { defineClass, loaderDataOf } from '../../../../../runtime/class-loading.js';
import { initializeClass } from '../../../../../runtime/initialization.js';
import type { Field, JavaClass } from '../../../../../runtime/java-class.js';
import type { JavaThread } from '../../../../../runtime/thread.js';
import { internalError, nullPointer, ThrowNew, ThrowRef } from '../../../../../runtime/throws.js';
import type { Vm } from '../../../../../runtime/vm.js';
import type { NativeTable } from '../../../../registry.js';

/** The field behind a java.lang.reflect.Field object. */
function fieldOfObject(vm: Vm, object: number, isStatic: boolean): Field {
  if (object === 0) throw nullPointer();
  const cls = vm.classOfMirror(vm.getWord(object, vm.offset('java/lang/reflect/Field', 'clazz')));
  const field = cls.fields[vm.getWord(object, vm.offset('java/lang/reflect/Field', 'slot'))];
  if (field === undefined || field.isStatic !== isStatic) throw internalError('Field of the wrong kind');
  return field;
}

function classOfArgument(vm: Vm, mirror: number): JavaClass {
  if (mirror === 0) throw nullPointer();
  return vm.classOfMirror(mirror);
}

function arrayClassOfArgument(vm: Vm, mirror: number): JavaClass {
  const cls = classOfArgument(vm, mirror);
  if (!cls.isArray) throw new ThrowNew('java/lang/InvalidClassException', cls.externalName);
  return cls;
}

function isInitialized(vm: Vm, cls: JavaClass): boolean {
  if (cls.kind > ClassKind.Interface) return true;
  return vm.words[(cls.klass >>> 2) + Klass.State] === ClassState.Initialized;
}

const ACC_ABSTRACT = 0x400;

function* allocateInstance(t: JavaThread, _self: number, mirror: number): Activity<number> {
  const { vm } = t;
  const cls = classOfArgument(vm, mirror);
  if (cls.kind !== ClassKind.Instance || (cls.accessFlags & ACC_ABSTRACT) !== 0 || cls === vm.known.class_) {
    throw new ThrowNew('java/lang/InstantiationException', cls.isPrimitive ? undefined : cls.externalName);
  }
  yield* initializeClass(t, cls);
  return yield* allocating(() => vm.heap.allocateObject(cls));
}

function* define(
  t: JavaThread,
  _self: number,
  name: number,
  array: number,
  offset: number,
  length: number,
  loader: number,
  domain: number,
): Activity<number> {
  const { vm } = t;
  if (array === 0) throw nullPointer();
  if (length < 0) throw new ThrowNew('java/lang/ArrayIndexOutOfBoundsException');
  const bytes = vm.bytesOf(array).slice(offset, offset + length);
  const internal = name === 0 ? null : vm.strings.toJs(name).replaceAll('.', '/');
  const protectionDomainCell = domain === 0 ? 0 : vm.roots.create(domain);
  const cls = yield* defineClass(t, loaderDataOf(vm, loader), internal, bytes, { protectionDomainCell });
  return vm.mirrorOf(cls);
}

export const natives: NativeTable = {
  'objectFieldOffset0(Ljava/lang/reflect/Field;)J': (t, _self: number, field: number) =>
    fieldOfObject(t.vm, field, false).offset,
  'staticFieldOffset0(Ljava/lang/reflect/Field;)J': (t, _self: number, field: number) =>
    fieldOfObject(t.vm, field, true).offset,
  // The offset alone says where a static is.
  'staticFieldBase0(Ljava/lang/reflect/Field;)Ljava/lang/Object;': (t, _self: number, field: number) => {
    fieldOfObject(t.vm, field, true);
    return 0;
  },
  'objectFieldOffset1(Ljava/lang/Class;Ljava/lang/String;)J': (t, _self: number, mirror: number, name: number) => {
    const text = t.vm.strings.toJs(name);
    const field = classOfArgument(t.vm, mirror).fields.find((f) => f.name === text && f.slot >= 0);
    if (field === undefined) throw new ThrowNew('java/lang/InternalError');
    return field.offset;
  },
  'arrayBaseOffset0(Ljava/lang/Class;)I': (t, _self: number, mirror: number) => {
    arrayClassOfArgument(t.vm, mirror);
    return 16;
  },
  'arrayIndexScale0(Ljava/lang/Class;)I': (t, _self: number, mirror: number) => {
    const cls = arrayClassOfArgument(t.vm, mirror);
    return 1 << t.vm.words[(cls.klass >>> 2) + Klass.InstanceBytes]!;
  },
  'shouldBeInitialized0(Ljava/lang/Class;)Z': (t, _self: number, mirror: number) =>
    !isInitialized(t.vm, classOfArgument(t.vm, mirror)),
  'ensureClassInitialized0(Ljava/lang/Class;)V': (t, _self: number, mirror: number) => {
    const cls = classOfArgument(t.vm, mirror);
    return isInitialized(t.vm, cls) ? undefined : initializeClass(t, cls);
  },
  'allocateInstance(Ljava/lang/Class;)Ljava/lang/Object;': allocateInstance,
  'defineClass0(Ljava/lang/String;[BIILjava/lang/ClassLoader;Ljava/security/ProtectionDomain;)Ljava/lang/Class;':
    define,
  'throwException(Ljava/lang/Throwable;)V': (_t, _self: number, throwable: number) => {
    throw throwable === 0 ? nullPointer() : new ThrowRef(throwable);
  },
};
