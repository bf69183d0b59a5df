/**
 * Natives of jdk.internal.reflect.ConstantPool: a class's constant pool, for the library's annotation parser.
 *
 * The object that stands for the pool is the class's mirror.
 */
import { type ConstantPool, Tag } from '../../../../classfile/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import { findLoadedClass } from '../../../../runtime/class-loading.js';
import type { JavaClass } from '../../../../runtime/java-class.js';
import { executableOf, fieldObjectOf, internedString } from '../../../../runtime/reflection.js';
import {
  lookupField,
  lookupInterfaceMethod,
  lookupMethod,
  resolveClass,
  resolvedClass,
  resolveString,
} from '../../../../runtime/resolution.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';

function illegal(text: string): ThrowNew {
  return new ThrowNew('java/lang/IllegalArgumentException', text);
}

/** The class behind the receiver's `constantPoolOop`. */
function classOfPool(t: JavaThread, mirror: number): JavaClass {
  if (mirror === 0) throw nullPointer();
  return t.vm.classOfMirror(mirror);
}

/** The pool, with `index` in range and of one of the tags (none given: any). */
function poolAt(t: JavaThread, mirror: number, index: number, ...tags: Tag[]): ConstantPool {
  const { pool } = classOfPool(t, mirror);
  if (index <= 0 || index >= pool.length) throw illegal('Constant pool index out of bounds');
  if (tags.length > 0 && !tags.includes(pool.tag(index))) throw illegal('Wrong type at constant pool index');
  return pool;
}

function u2(pool: ConstantPool, at: number): number {
  return (pool.bytes[at]! << 8) | pool.bytes[at + 1]!;
}

function* memberHolder(t: JavaThread, cls: JavaClass, index: number, load: boolean): Activity<JavaClass | undefined> {
  const { classIndex, className } = cls.pool.memberRef(index);
  if (load) return yield* resolveClass(t, cls, classIndex);
  return resolvedClass(cls, classIndex) ?? findLoadedClass(cls.loader, className);
}

function* methodAt(t: JavaThread, mirror: number, index: number, load: boolean): Activity<number> {
  const pool = poolAt(t, mirror, index, Tag.Methodref, Tag.InterfaceMethodref);
  const cls = classOfPool(t, mirror);
  const holder = yield* memberHolder(t, cls, index, load);
  if (holder === undefined) return 0;
  const { name, descriptor } = pool.memberRef(index);
  const lookup = holder.isInterface ? lookupInterfaceMethod : lookupMethod;
  const method = lookup(holder, name, descriptor);
  if (method === undefined)
    throw new ThrowNew('java/lang/RuntimeException', 'Unable to look up method in target class');
  return yield* executableOf(t, method);
}

function* fieldAt(t: JavaThread, mirror: number, index: number, load: boolean): Activity<number> {
  const pool = poolAt(t, mirror, index, Tag.Fieldref);
  const cls = classOfPool(t, mirror);
  const holder = yield* memberHolder(t, cls, index, load);
  if (holder === undefined) return 0;
  const { name, descriptor } = pool.memberRef(index);
  const field = lookupField(holder, name, descriptor);
  if (field === undefined) throw new ThrowNew('java/lang/RuntimeException', 'Unable to look up field in target class');
  return yield* fieldObjectOf(t, field);
}

function stringArray(t: JavaThread, texts: readonly string[]): number {
  const { vm } = t;
  const array = vm.heap.allocateArray(vm.known.stringArray, texts.length);
  for (let i = 0; i < texts.length; i++) vm.putReferenceElement(array, i, internedString(vm, texts[i]!));
  return array;
}

const scratch = new DataView(new ArrayBuffer(8));

function longAt(pool: ConstantPool, index: number): bigint {
  return (BigInt(pool.longHigh(index)) << 32n) | BigInt(pool.longLow(index) >>> 0);
}

/** Natives of jdk.internal.reflect.ConstantPool. */
export const natives: NativeTable = {
  'getSize0(Ljava/lang/Object;)I': (t, _self: number, mirror: number) => classOfPool(t, mirror).pool.length,

  *'getClassAt0(Ljava/lang/Object;I)Ljava/lang/Class;'(t, _self: number, mirror: number, index: number) {
    poolAt(t, mirror, index, Tag.Class);
    return t.vm.mirrorOf(yield* resolveClass(t, classOfPool(t, mirror), index));
  },

  'getClassAtIfLoaded0(Ljava/lang/Object;I)Ljava/lang/Class;': (t, _self: number, mirror: number, index: number) => {
    const pool = poolAt(t, mirror, index, Tag.Class);
    const cls = classOfPool(t, mirror);
    const found = resolvedClass(cls, index) ?? findLoadedClass(cls.loader, pool.className(index));
    return found === undefined ? 0 : t.vm.mirrorOf(found);
  },

  'getClassRefIndexAt0(Ljava/lang/Object;I)I': (t, _self: number, mirror: number, index: number) =>
    poolAt(t, mirror, index, Tag.Fieldref, Tag.Methodref, Tag.InterfaceMethodref).memberRef(index).classIndex,

  'getMethodAt0(Ljava/lang/Object;I)Ljava/lang/reflect/Member;': (t, _self: number, mirror: number, index: number) =>
    methodAt(t, mirror, index, true),
  'getMethodAtIfLoaded0(Ljava/lang/Object;I)Ljava/lang/reflect/Member;': (
    t,
    _self: number,
    mirror: number,
    index: number,
  ) => methodAt(t, mirror, index, false),
  'getFieldAt0(Ljava/lang/Object;I)Ljava/lang/reflect/Field;': (t, _self: number, mirror: number, index: number) =>
    fieldAt(t, mirror, index, true),
  'getFieldAtIfLoaded0(Ljava/lang/Object;I)Ljava/lang/reflect/Field;': (
    t,
    _self: number,
    mirror: number,
    index: number,
  ) => fieldAt(t, mirror, index, false),

  'getMemberRefInfoAt0(Ljava/lang/Object;I)[Ljava/lang/String;': (t, _self: number, mirror: number, index: number) => {
    const pool = poolAt(t, mirror, index, Tag.Fieldref, Tag.Methodref, Tag.InterfaceMethodref);
    const { className, name, descriptor } = pool.memberRef(index);
    return stringArray(t, [className, name, descriptor]);
  },

  'getNameAndTypeRefIndexAt0(Ljava/lang/Object;I)I': (t, _self: number, mirror: number, index: number) => {
    const pool = poolAt(
      t,
      mirror,
      index,
      Tag.Fieldref,
      Tag.Methodref,
      Tag.InterfaceMethodref,
      Tag.Dynamic,
      Tag.InvokeDynamic,
    );
    return u2(pool, pool.offset(index) + 2);
  },

  'getNameAndTypeRefInfoAt0(Ljava/lang/Object;I)[Ljava/lang/String;': (
    t,
    _self: number,
    mirror: number,
    index: number,
  ) => {
    const { name, descriptor } = poolAt(t, mirror, index, Tag.NameAndType).nameAndType(index);
    return stringArray(t, [name, descriptor]);
  },

  'getIntAt0(Ljava/lang/Object;I)I': (t, _self: number, mirror: number, index: number) =>
    poolAt(t, mirror, index, Tag.Integer).int(index),

  'getLongAt0(Ljava/lang/Object;I)J': (t, _self: number, mirror: number, index: number) =>
    longAt(poolAt(t, mirror, index, Tag.Long), index),

  'getFloatAt0(Ljava/lang/Object;I)F': (t, _self: number, mirror: number, index: number) => {
    scratch.setInt32(0, poolAt(t, mirror, index, Tag.Float).floatBits(index));
    return scratch.getFloat32(0);
  },

  'getDoubleAt0(Ljava/lang/Object;I)D': (t, _self: number, mirror: number, index: number) => {
    scratch.setBigInt64(0, longAt(poolAt(t, mirror, index, Tag.Double), index));
    return scratch.getFloat64(0);
  },

  'getStringAt0(Ljava/lang/Object;I)Ljava/lang/String;': (t, _self: number, mirror: number, index: number) => {
    poolAt(t, mirror, index, Tag.String);
    return t.vm.words[resolveString(t.vm, classOfPool(t, mirror), index) >>> 2]!;
  },

  'getUTF8At0(Ljava/lang/Object;I)Ljava/lang/String;': (t, _self: number, mirror: number, index: number) =>
    t.vm.strings.fromJs(poolAt(t, mirror, index, Tag.Utf8).utf8(index)),

  'getTagAt0(Ljava/lang/Object;I)B': (t, _self: number, mirror: number, index: number) =>
    poolAt(t, mirror, index).tag(index),
};
