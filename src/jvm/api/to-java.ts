/**
 * JavaScript's values as Java's: whether and how well a value fits a type, and the conversion.
 *
 * The fit is a number, so that overloads can be compared argument by argument: the smaller, the closer. Deciding it
 * runs no Java; converting may.
 */
import { type Activity, call, type Handle, type JavaValue } from '../runtime/activity.js';
import { allocating } from '../runtime/allocating.js';
import { box, kindOf, linkedBootClass, storePrimitive, unbox, widen } from '../runtime/boxing.js';
import { arrayClassOf, bootClass } from '../runtime/class-loading.js';
import { initializeClass } from '../runtime/initialization.js';
import type { JavaClass, Method } from '../runtime/java-class.js';
import { binaryNameOf } from '../runtime/stack-trace.js';
import { isAssignable } from '../runtime/subtypes.js';
import type { JavaThread } from '../runtime/thread.js';
import type { Vm } from '../runtime/vm.js';
import { JvmError } from './errors.js';
import { type JavaArgument, JavaObject } from './java-object.js';
import type { Realm } from './realm.js';

/** Byte offset of an array's first element. */
const ELEMENTS = 16;

/** A value does not fit. */
export const NO_FIT = -1;

/** Grades of fit. */
const enum Fit {
  Same = 0,
  /** Another primitive type with room for the value. */
  Primitive = 1,
  Unboxed = 8,
  Boxed = 10,
  Function = 15,
  Supertype = 20,
  Object = 21,
  List = 25,
}

const INT_MIN = -0x80000000;
const INT_MAX = 0x7fffffff;
const LONG_MIN = -(1n << 63n);
const LONG_MAX = (1n << 63n) - 1n;

/** Whole numbers in the order of preference; 0 first. */
const WHOLE_GRADES: Readonly<Record<string, number>> = { I: 0, J: 2, D: 3, F: 4, S: 5, B: 6 };

const BOX_OF: Readonly<Record<string, string>> = {
  Z: 'java/lang/Boolean',
  B: 'java/lang/Byte',
  C: 'java/lang/Character',
  S: 'java/lang/Short',
  I: 'java/lang/Integer',
  J: 'java/lang/Long',
  F: 'java/lang/Float',
  D: 'java/lang/Double',
};
const KIND_OF_BOX: ReadonlyMap<string, string> = new Map(Object.entries(BOX_OF).map(([kind, name]) => [name, kind]));

/** The descriptor of the array that a typed array becomes. */
function arrayOfTyped(value: object): string | undefined {
  if (value instanceof Uint8Array || value instanceof Int8Array) return '[B';
  if (value instanceof Int16Array) return '[S';
  if (value instanceof Uint16Array) return '[C';
  if (value instanceof Int32Array) return '[I';
  if (value instanceof BigInt64Array) return '[J';
  if (value instanceof Float32Array) return '[F';
  if (value instanceof Float64Array) return '[D';
  return undefined;
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && !Object.is(value, -0);
}

/** Which box a value becomes where only `Object` or `Number` is asked for; `BigInteger` is none. */
function naturalKind(value: number | bigint | boolean): string {
  if (typeof value === 'boolean') return 'Z';
  if (typeof value === 'bigint') return value >= LONG_MIN && value <= LONG_MAX ? 'J' : 'L';
  return isWhole(value) && value >= INT_MIN && value <= INT_MAX ? 'I' : 'D';
}

/** How well a value fits a primitive type. */
function fitPrimitive(value: unknown, kind: string): number {
  switch (typeof value) {
    case 'boolean':
      return kind === 'Z' ? Fit.Same : NO_FIT;
    case 'bigint':
      return kind === 'J' && naturalKind(value) === 'J' ? Fit.Same : NO_FIT;
    case 'string':
      return kind === 'C' && value.length === 1 ? Fit.Primitive : NO_FIT;
    case 'number':
      if (kind === 'D' || kind === 'F') {
        if (naturalKind(value) === 'I') return WHOLE_GRADES[kind]!;
        return kind === 'D' ? Fit.Same : Fit.Primitive;
      }
      return isWhole(value) && isInRange(value, kind) ? WHOLE_GRADES[kind]! : NO_FIT;
    default:
      return NO_FIT;
  }
}

function isInRange(value: number, kind: string): boolean {
  switch (kind) {
    case 'I':
      return value >= INT_MIN && value <= INT_MAX;
    case 'S':
      return value >= -0x8000 && value <= 0x7fff;
    case 'B':
      return value >= -0x80 && value <= 0x7f;
    case 'J':
      return Number.isSafeInteger(value);
    default:
      return false;
  }
}

/** How well a value fits a class that a value of class `natural` can be assigned to. */
function fitSupertype(natural: JavaClass, type: JavaClass): number {
  if (natural === type) return Fit.Same;
  if (!isAssignable(natural, type)) return NO_FIT;
  return type.name === 'java/lang/Object' ? Fit.Object : Fit.Supertype;
}

/** How well a value fits a type: a grade, or `NO_FIT`. */
export function fitOf(realm: Realm, value: JavaArgument, type: JavaClass): number {
  const { vm } = realm;
  if (value === null || value === undefined) return type.isPrimitive ? NO_FIT : Fit.Same;
  if (value instanceof JavaObject) {
    const ref = realm.refOf(value);
    if (!type.isPrimitive) return fitSupertype(vm.classOf(ref), type);
    const boxed = unbox(vm, ref);
    const fits = boxed !== undefined && widen(boxed.kind, boxed.value, kindOf(type.descriptor)) !== undefined;
    return fits ? Fit.Unboxed : NO_FIT;
  }
  if (type.isPrimitive) return fitPrimitive(value, kindOf(type.descriptor));
  switch (typeof value) {
    case 'string': {
      const fit = fitSupertype(vm.known.string, type);
      return fit === NO_FIT && type.name === BOX_OF.C && value.length === 1 ? Fit.Boxed : fit;
    }
    case 'function':
      return functionalMethod(type) === undefined ? NO_FIT : Fit.Function;
    case 'object':
      return fitArray(realm, value, type);
    default:
      return fitBoxed(vm, value, type);
  }
}

function fitBoxed(vm: Vm, value: number | bigint | boolean, type: JavaClass): number {
  const kind = KIND_OF_BOX.get(type.name);
  if (kind !== undefined) {
    const fit = fitPrimitive(value, kind);
    return fit === NO_FIT ? NO_FIT : Fit.Boxed + fit / 10;
  }
  if (typeof value === 'bigint' && type.name === 'java/math/BigInteger') return Fit.Boxed + 1;
  const natural = naturalKind(value);
  return fitSupertype(bootClass(vm, natural === 'L' ? 'java/math/BigInteger' : BOX_OF[natural]!), type);
}

function fitArray(realm: Realm, value: object, type: JavaClass): number {
  const { vm } = realm;
  const typed = arrayOfTyped(value);
  if (typed !== undefined) {
    if (typed === type.name) return Fit.Same;
    return isSupertypeOfArrays(type) ? Fit.Object : NO_FIT;
  }
  if (!Array.isArray(value)) return NO_FIT;
  if (type.isArray) {
    let worst = 0;
    for (const element of value as JavaArgument[]) {
      const fit = fitOf(realm, element, type.element!);
      if (fit === NO_FIT) return NO_FIT;
      worst = Math.max(worst, fit);
    }
    return worst;
  }
  if (isSupertypeOfArrays(type)) return Fit.Object;
  return type.isInterface && isAssignable(bootClass(vm, 'java/util/Arrays$ArrayList'), type) ? Fit.List : NO_FIT;
}

function isSupertypeOfArrays(type: JavaClass): boolean {
  return ['java/lang/Object', 'java/lang/Cloneable', 'java/io/Serializable'].includes(type.name);
}

/** Public methods of Object, which an interface may declare again without asking for an implementation. */
const OBJECT_METHODS = new Set(['equals(Ljava/lang/Object;)Z', 'hashCode()I', 'toString()Ljava/lang/String;']);

/** The method that a function implements: the only abstract one of an interface. */
export function functionalMethod(type: JavaClass): Method | undefined {
  if (!type.isInterface) return undefined;
  let found: Method | undefined;
  for (const face of [type, ...type.allInterfaces]) {
    for (const method of face.methods) {
      const key = method.name + method.descriptor;
      if (!method.isAbstract || OBJECT_METHODS.has(key)) continue;
      // An interface may declare what it inherits again, or implement it.
      if (face !== type && type.methodTable.has(key)) continue;
      if (found !== undefined && found.name !== method.name) return undefined;
      found ??= method;
    }
  }
  return found;
}

/** What a value is called in messages. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof JavaObject) return `an object of ${value.className}`;
  if (typeof value === 'string') return value.length <= 20 ? `the string ${JSON.stringify(value)}` : 'a string';
  if (typeof value === 'object') return `an object of JavaScript's ${value.constructor?.name ?? 'null prototype'}`;
  return typeof value === 'function' ? 'a function' : `the ${typeof value} ${String(value)}`;
}

/** The type as Java's source code writes it: `int`, `java.lang.String[]`. */
export function typeName(type: JavaClass): string {
  return type.isArray ? `${typeName(type.element!)}[]` : binaryNameOf(type);
}

/**
 * Converts a value to a type. References come as handles of the running activity.
 *
 * @throws JvmError BAD_VALUE when it does not fit
 */
export function* toJava(
  t: JavaThread,
  realm: Realm,
  value: JavaArgument,
  type: JavaClass,
): Activity<JavaValue | Handle> {
  if (fitOf(realm, value, type) === NO_FIT) {
    throw new JvmError('BAD_VALUE', `${describeValue(value)} cannot become ${typeName(type)}`);
  }
  return yield* convert(t, realm, value, type);
}

/** The conversion of a value that fits. */
function* convert(t: JavaThread, realm: Realm, value: JavaArgument, type: JavaClass): Activity<JavaValue | Handle> {
  const { vm } = realm;
  if (value === null || value === undefined) return 0;
  if (value instanceof JavaObject) {
    const ref = realm.refOf(value);
    if (!type.isPrimitive) return t.handle(ref);
    const boxed = unbox(vm, ref)!;
    return widen(boxed.kind, boxed.value, kindOf(type.descriptor))!;
  }
  if (type.isPrimitive) return primitiveOf(value as number, kindOf(type.descriptor));
  switch (typeof value) {
    case 'string':
      if (type.name !== BOX_OF.C) return t.handle(yield* allocating(() => vm.strings.fromJs(value)));
      return t.handle(yield* allocating(() => box(t, 'C', value.charCodeAt(0))));
    case 'function':
      return t.handle(yield* realm.implementFunction(t, type, value));
    case 'object':
      return yield* convertArray(t, realm, value as readonly JavaArgument[], type);
    default: {
      const kind = KIND_OF_BOX.get(type.name) ?? naturalKind(value);
      if (typeof value === 'bigint' && (kind === 'L' || type.name === 'java/math/BigInteger')) {
        return yield* bigInteger(t, vm, value);
      }
      const primitive = primitiveOf(value, kind);
      return t.handle(yield* allocating(() => box(t, kind, primitive)));
    }
  }
}

function primitiveOf(value: number | bigint | boolean | string, kind: string): JavaValue {
  if (typeof value === 'string') return value.charCodeAt(0);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return kind === 'J' ? BigInt(value) : value;
}

function* bigInteger(t: JavaThread, vm: Vm, value: bigint): Activity<Handle> {
  const cls = linkedBootClass(t, 'java/math/BigInteger');
  yield* initializeClass(t, cls);
  const text = t.handle(yield* allocating(() => vm.strings.fromJs(String(value))));
  const made = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  yield call(vm.methodOf(cls, '<init>', '(Ljava/lang/String;)V'), made, text);
  return made;
}

function* convertArray(t: JavaThread, realm: Realm, value: readonly JavaArgument[], type: JavaClass): Activity<Handle> {
  const { vm } = realm;
  const typed = arrayOfTyped(value);
  if (typed !== undefined)
    return t.handle(yield* allocating(() => copyTyped(vm, value as unknown as Int8Array, typed)));
  if (type.isArray) return yield* fillArray(t, realm, value, type);
  const strings = value.length > 0 && value.every((element) => typeof element === 'string');
  const array = yield* fillArray(t, realm, value, strings ? vm.known.stringArray : vm.known.objectArray);
  if (isSupertypeOfArrays(type)) return array;
  const arrays = linkedBootClass(t, 'java/util/Arrays');
  yield* initializeClass(t, arrays);
  const asList = vm.methodOf(arrays, 'asList', '([Ljava/lang/Object;)Ljava/util/List;');
  return t.handle(Number(yield call(asList, array)));
}

/** A new array of a primitive type with the elements of a typed array. */
function copyTyped(vm: Vm, value: ArrayBufferView & { readonly length: number }, name: string): number {
  const ref = vm.heap.allocateArray(arrayClassNamed(vm, name), value.length);
  vm.u8.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), (ref >>> 0) + ELEMENTS);
  return ref;
}

function arrayClassNamed(vm: Vm, name: string): JavaClass {
  const { byteArray, shortArray, charArray, intArray, longArray, floatArray, doubleArray } = vm.known;
  const all = [byteArray, shortArray, charArray, intArray, longArray, floatArray, doubleArray];
  return all.find((cls) => cls.name === name)!;
}

function* fillArray(t: JavaThread, realm: Realm, values: readonly JavaArgument[], type: JavaClass): Activity<Handle> {
  const { vm } = realm;
  const element = type.element!;
  const array = t.handle(yield* allocating(() => vm.heap.allocateArray(type, values.length)));
  if (element.isPrimitive) {
    const kind = kindOf(element.descriptor);
    const bytes = { Z: 1, B: 1, C: 2, S: 2, I: 4, F: 4, J: 8, D: 8 }[kind]!;
    for (let i = 0; i < values.length; i++) {
      const value = (yield* convert(t, realm, values[i], element)) as JavaValue;
      storePrimitive(vm, (array.ref >>> 0) + ELEMENTS + i * bytes, kind, value);
    }
    return array;
  }
  for (let i = 0; i < values.length; i++) {
    const value = yield* convert(t, realm, values[i], element);
    vm.putReferenceElement(array.ref, i, typeof value === 'object' ? value.ref : Number(value));
  }
  return array;
}

/** The class of the values that JavaScript's value becomes where no type is asked for. */
export function naturalClass(vm: Vm, value: JavaArgument): JavaClass {
  if (Array.isArray(value) && value.length > 0 && value.every((element) => typeof element === 'string')) {
    return vm.known.stringArray;
  }
  return Array.isArray(value) ? arrayClassOf(vm, vm.known.object) : vm.known.object;
}
