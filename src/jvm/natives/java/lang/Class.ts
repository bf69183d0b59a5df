/**
 * Natives of java.lang.Class.
 */
import { KlassFlag } from '../../../memory/layout.js';
import { nestHostOf } from '../../../runtime/access.js';
import type { Activity } from '../../../runtime/activity.js';
import { allocating } from '../../../runtime/allocating.js';
import { assertionStatus } from '../../../runtime/assertion-status.js';
import { linkedBootClass } from '../../../runtime/boxing.js';
import { bootClass, loaderDataOf, primitiveClass } from '../../../runtime/class-loading.js';
import { findClassForName } from '../../../runtime/for-name.js';
import { initializeClass } from '../../../runtime/initialization.js';
import type { JavaClass } from '../../../runtime/java-class.js';
import { linkClass } from '../../../runtime/linking.js';
import { declaredClasses, declaringClass, nestMembers, permittedSubclasses } from '../../../runtime/nesting.js';
import {
  byteArrayOf,
  classArrayOf,
  classByName,
  executablesOf,
  fieldsOf,
  internedString,
  isRecord,
  javaName,
  modifiersOf,
  recordComponentsOf,
} from '../../../runtime/reflection.js';
import { isAssignable } from '../../../runtime/subtypes.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

const CONSTANT_POOL = 'jdk/internal/reflect/ConstantPool';
const PUBLIC = 0x1;

function cellValue(t: JavaThread, cell: number): number {
  return cell === 0 ? 0 : t.vm.words[cell >>> 2]!;
}

function* forName(t: JavaThread, name: number, initialize: number, loader: number): Activity<number> {
  if (name === 0) throw nullPointer();
  const { vm } = t;
  const cls = yield* findClassForName(t, loaderDataOf(vm, loader), vm.strings.toJs(name));
  if (initialize !== 0) yield* initializeClass(t, cls);
  return vm.mirrorOf(cls);
}

function* enclosingMethod(t: JavaThread, mirror: number): Activity<number> {
  const { vm } = t;
  const cls = vm.classOfMirror(mirror);
  const enclosing = cls.classFile?.enclosingMethod;
  if (enclosing === undefined) return 0;
  const outer = yield* classByName(t, cls, enclosing.className);
  return yield* allocating(() => {
    const array = vm.heap.allocateArray(vm.known.objectArray, 3);
    vm.putReferenceElement(array, 0, vm.mirrorOf(outer));
    if (enclosing.name !== undefined && enclosing.descriptor !== undefined) {
      vm.putReferenceElement(array, 1, internedString(vm, enclosing.name));
      vm.putReferenceElement(array, 2, internedString(vm, enclosing.descriptor));
    }
    return array;
  });
}

/** The classes that `find` lists, as Class[]; null for null. */
function* classList(
  t: JavaThread,
  mirror: number,
  find: (t: JavaThread, cls: JavaClass) => Activity<JavaClass[] | null>,
): Activity<number> {
  const found = yield* find(t, t.vm.classOfMirror(mirror));
  return found === null ? 0 : yield* allocating(() => classArrayOf(t.vm, found));
}

function* declaredExecutables(
  t: JavaThread,
  mirror: number,
  publicOnly: number,
  constructors: boolean,
): Activity<number> {
  const cls = t.vm.classOfMirror(mirror);
  if (cls.classFile !== undefined) yield* linkClass(t, cls);
  const methods = cls.methods.filter(
    (m) =>
      m.info !== undefined &&
      (constructors ? m.name === '<init>' && !m.isStatic : m.name[0] !== '<') &&
      (publicOnly === 0 || (m.accessFlags & PUBLIC) !== 0),
  );
  return yield* executablesOf(t, methods, constructors);
}

function* declaredFields(t: JavaThread, mirror: number, publicOnly: number): Activity<number> {
  const cls = t.vm.classOfMirror(mirror);
  if (cls.classFile !== undefined) yield* linkClass(t, cls);
  const fields = cls.fields.filter((f) => f.slot >= 0 && (publicOnly === 0 || (f.accessFlags & PUBLIC) !== 0));
  return yield* fieldsOf(t, fields);
}

/** Natives of java.lang.Class. */
export const natives: NativeTable = {
  'registerNatives()V': () => {},

  'forName0(Ljava/lang/String;ZLjava/lang/ClassLoader;Ljava/lang/Class;)Ljava/lang/Class;': forName,

  'getPrimitiveClass(Ljava/lang/String;)Ljava/lang/Class;': (t, name: number) =>
    t.vm.mirrorOf(primitiveClass(t.vm, t.vm.strings.toJs(name))),

  'isInstance(Ljava/lang/Object;)Z': (t, mirror: number, object: number) => {
    if (object === 0) return false;
    const cls = t.vm.classOfMirror(mirror);
    return !cls.isPrimitive && isAssignable(t.vm.classOf(object), cls);
  },

  'isAssignableFrom(Ljava/lang/Class;)Z': (t, mirror: number, other: number) => {
    if (other === 0) throw nullPointer();
    const to = t.vm.classOfMirror(mirror);
    const from = t.vm.classOfMirror(other);
    return to === from || (!to.isPrimitive && !from.isPrimitive && isAssignable(from, to));
  },

  'isInterface()Z': (t, mirror: number) => t.vm.classOfMirror(mirror).isInterface,
  'isArray()Z': (t, mirror: number) => t.vm.classOfMirror(mirror).isArray,
  'isPrimitive()Z': (t, mirror: number) => t.vm.classOfMirror(mirror).isPrimitive,
  'isRecord0()Z': (t, mirror: number) => isRecord(t.vm.classOfMirror(mirror)),
  'isHidden()Z': (t, mirror: number) => {
    const cls = t.vm.classOfMirror(mirror);
    return cls.hidden || (t.vm.words[(cls.klass >>> 2) + 1]! & KlassFlag.Hidden) !== 0;
  },

  'initClassName()Ljava/lang/String;': (t, mirror: number) => {
    const { vm } = t;
    const name = internedString(vm, javaName(vm.classOfMirror(mirror)));
    vm.putReference(mirror, vm.offset('java/lang/Class', 'name'), name);
    return name;
  },

  'getSuperclass()Ljava/lang/Class;': (t, mirror: number) => {
    const { vm } = t;
    const cls = vm.classOfMirror(mirror);
    if (cls.isInterface || cls.isPrimitive) return 0;
    if (cls.isArray) return vm.mirrorOf(vm.known.object);
    return cls.superclass === null ? 0 : vm.mirrorOf(cls.superclass);
  },

  'getInterfaces0()[Ljava/lang/Class;': (t, mirror: number) => {
    const { vm } = t;
    const cls = vm.classOfMirror(mirror);
    if (!cls.isArray) return classArrayOf(vm, cls.interfaces);
    return classArrayOf(vm, [bootClass(vm, 'java/lang/Cloneable'), bootClass(vm, 'java/io/Serializable')]);
  },

  'getModifiers()I': (t, mirror: number) => modifiersOf(t.vm.classOfMirror(mirror)),

  'getSigners()[Ljava/lang/Object;': (t, mirror: number) => {
    const { vm } = t;
    const signers = cellValue(t, vm.classOfMirror(mirror).signers);
    if (signers === 0) return 0;
    // A copy: the caller may write to what it gets.
    const length = vm.arrayLength(signers);
    const copy = vm.heap.allocateArray(vm.known.objectArray, length);
    for (let i = 0; i < length; i++) vm.putReferenceElement(copy, i, vm.getElement(signers, i));
    return copy;
  },

  'setSigners([Ljava/lang/Object;)V': (t, mirror: number, signers: number) => {
    const { vm } = t;
    const cls = vm.classOfMirror(mirror);
    if (cls.isArray || cls.isPrimitive) return;
    if (cls.signers === 0) cls.signers = vm.roots.create(signers);
    else vm.roots.set(cls.signers, signers);
  },

  'getEnclosingMethod0()[Ljava/lang/Object;': enclosingMethod,

  *'getDeclaringClass0()Ljava/lang/Class;'(t, mirror: number) {
    const outer = yield* declaringClass(t, t.vm.classOfMirror(mirror));
    return outer === null ? 0 : t.vm.mirrorOf(outer);
  },

  'getSimpleBinaryName0()Ljava/lang/String;': (t, mirror: number) => {
    const { classFile } = t.vm.classOfMirror(mirror);
    const entry = classFile?.innerClasses?.find((i) => i.inner === classFile.name);
    return entry === undefined || entry.name === null ? 0 : internedString(t.vm, entry.name);
  },

  'getProtectionDomain0()Ljava/security/ProtectionDomain;': (t, mirror: number) => {
    let cls = t.vm.classOfMirror(mirror);
    while (cls.element !== null) cls = cls.element;
    return cellValue(t, cls.protectionDomain);
  },

  'getGenericSignature0()Ljava/lang/String;': (t, mirror: number) => {
    const signature = t.vm.classOfMirror(mirror).classFile?.signature;
    return signature === undefined ? 0 : t.vm.strings.fromJs(signature);
  },

  'getRawAnnotations()[B': (t, mirror: number) => byteArrayOf(t.vm, t.vm.classOfMirror(mirror).classFile?.annotations),

  'getRawTypeAnnotations()[B': (t, mirror: number) =>
    byteArrayOf(t.vm, t.vm.classOfMirror(mirror).classFile?.typeAnnotations),

  'getConstantPool()Ljdk/internal/reflect/ConstantPool;': (t, mirror: number) => {
    const { vm } = t;
    if (vm.classOfMirror(mirror).classFile === undefined) return 0;
    const pool = vm.heap.allocateObject(linkedBootClass(t, CONSTANT_POOL));
    vm.putReference(pool, vm.offset(CONSTANT_POOL, 'constantPoolOop'), mirror);
    return pool;
  },

  'getDeclaredFields0(Z)[Ljava/lang/reflect/Field;': declaredFields,
  'getDeclaredMethods0(Z)[Ljava/lang/reflect/Method;': (t, mirror: number, publicOnly: number) =>
    declaredExecutables(t, mirror, publicOnly, false),
  'getDeclaredConstructors0(Z)[Ljava/lang/reflect/Constructor;': (t, mirror: number, publicOnly: number) =>
    declaredExecutables(t, mirror, publicOnly, true),
  'getDeclaredClasses0()[Ljava/lang/Class;': (t, mirror: number) => classList(t, mirror, declaredClasses),
  'getRecordComponents0()[Ljava/lang/reflect/RecordComponent;': (t, mirror: number) =>
    recordComponentsOf(t, t.vm.classOfMirror(mirror)),

  'desiredAssertionStatus0(Ljava/lang/Class;)Z': (t, mirror: number) =>
    assertionStatus(t.vm.options, t.vm.classOfMirror(mirror)),

  *'getNestHost0()Ljava/lang/Class;'(t, mirror: number) {
    const { vm } = t;
    const cls = vm.classOfMirror(mirror);
    return cls.classFile === undefined ? mirror : vm.mirrorOf(yield* nestHostOf(t, cls));
  },

  'getNestMembers0()[Ljava/lang/Class;': (t, mirror: number) => classList(t, mirror, nestMembers),
  'getPermittedSubclasses0()[Ljava/lang/Class;': (t, mirror: number) => classList(t, mirror, permittedSubclasses),
};
