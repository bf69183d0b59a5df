/**
 * Natives of java.lang.reflect.Array: elements of arrays of any type, with reflection's widening conversions.
 */
import { ClassKind, Klass } from '../../../../memory/layout.js';
import type { JavaValue } from '../../../../runtime/activity.js';
import { box, kindOf, loadPrimitive, storePrimitive, unbox, widen } from '../../../../runtime/boxing.js';
import { arrayClassOf } from '../../../../runtime/class-loading.js';
import type { JavaClass } from '../../../../runtime/java-class.js';
import { isAssignable } from '../../../../runtime/subtypes.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';

const MOST_DIMENSIONS = 255;

function illegal(text?: string): ThrowNew {
  return new ThrowNew('java/lang/IllegalArgumentException', text);
}

/** The array's class, after the checks that come before all others. */
function classOfArray(t: JavaThread, array: number, primitive: boolean): JavaClass {
  if (array === 0) throw nullPointer();
  const cls = t.vm.classOf(array);
  if (!cls.isArray) throw illegal('Argument is not an array');
  if (primitive && cls.kind !== ClassKind.PrimitiveArray) throw illegal('Argument is not an array of primitive type');
  return cls;
}

/** Byte address of an element. */
function elementAddress(t: JavaThread, cls: JavaClass, array: number, index: number): number {
  const { vm } = t;
  if (index < 0 || index >= vm.arrayLength(array)) throw new ThrowNew('java/lang/ArrayIndexOutOfBoundsException');
  return array + 16 + (index << vm.words[(cls.klass >>> 2) + Klass.InstanceBytes]!);
}

function getAs(kind: string): (t: JavaThread, array: number, index: number) => number | bigint {
  return (t, array, index) => {
    const cls = classOfArray(t, array, true);
    const address = elementAddress(t, cls, array, index);
    const own = cls.element!.descriptor;
    const value = widen(own, loadPrimitive(t.vm, address, own), kind);
    if (value === undefined) throw illegal('argument type mismatch');
    return value;
  };
}

function storeWidened(t: JavaThread, cls: JavaClass, address: number, kind: string, value: JavaValue): void {
  const own = cls.element!.descriptor;
  const widened = widen(kind, value, own);
  if (widened === undefined) throw illegal('argument type mismatch');
  storePrimitive(t.vm, address, own, widened);
}

function setAs(kind: string): (t: JavaThread, array: number, index: number, value: number | bigint) => void {
  return (t, array, index, value) => {
    const cls = classOfArray(t, array, true);
    storeWidened(t, cls, elementAddress(t, cls, array, index), kind, value);
  };
}

function get(t: JavaThread, array: number, index: number): number {
  const cls = classOfArray(t, array, false);
  const address = elementAddress(t, cls, array, index);
  if (cls.kind === ClassKind.ReferenceArray) return t.vm.words[address >>> 2]!;
  const kind = kindOf(cls.element!.descriptor);
  return box(t, kind, loadPrimitive(t.vm, address, kind));
}

function set(t: JavaThread, array: number, index: number, value: number): void {
  const { vm } = t;
  const cls = classOfArray(t, array, false);
  if (cls.kind === ClassKind.ReferenceArray) {
    elementAddress(t, cls, array, index);
    if (value !== 0 && !isAssignable(vm.classOf(value), cls.element!)) throw illegal('array element type mismatch');
    vm.putReferenceElement(array, index, value);
    return;
  }
  if (value === 0) throw illegal();
  const boxed = unbox(vm, value);
  if (boxed === undefined) throw illegal('argument type mismatch');
  storeWidened(t, cls, elementAddress(t, cls, array, index), boxed.kind, boxed.value);
}

function checkLength(length: number): void {
  if (length < 0) throw new ThrowNew('java/lang/NegativeArraySizeException', String(length));
}

function newArray(t: JavaThread, component: number, length: number): number {
  const { vm } = t;
  if (component === 0) throw nullPointer();
  const cls = vm.classOfMirror(component);
  if (cls.name === 'void' || cls.dimensions >= MOST_DIMENSIONS) throw illegal();
  checkLength(length);
  return vm.heap.allocateArray(arrayClassOf(vm, cls), length);
}

function fill(t: JavaThread, cls: JavaClass, lengths: readonly number[], depth: number): number {
  const { vm } = t;
  const array = vm.heap.allocateArray(cls, lengths[depth]!);
  if (depth + 1 < lengths.length) {
    for (let i = 0; i < lengths[depth]!; i++) {
      vm.putReferenceElement(array, i, fill(t, cls.element!, lengths, depth + 1));
    }
  }
  return array;
}

function multiNewArray(t: JavaThread, component: number, dimensions: number): number {
  const { vm } = t;
  if (component === 0 || dimensions === 0) throw nullPointer();
  let cls = vm.classOfMirror(component);
  const count = vm.arrayLength(dimensions);
  if (count === 0 || cls.name === 'void' || count + cls.dimensions > MOST_DIMENSIONS) throw illegal();
  const lengths: number[] = [];
  for (let i = 0; i < count; i++) {
    const length = vm.getElement(dimensions, i);
    checkLength(length);
    lengths.push(length);
    cls = arrayClassOf(vm, cls);
  }
  return fill(t, cls, lengths, 0);
}

/** Natives of java.lang.reflect.Array. */
export const natives: NativeTable = {
  'getLength(Ljava/lang/Object;)I': (t, array: number) => {
    classOfArray(t, array, false);
    return t.vm.arrayLength(array);
  },
  'get(Ljava/lang/Object;I)Ljava/lang/Object;': get,
  'getBoolean(Ljava/lang/Object;I)Z': getAs('Z'),
  'getByte(Ljava/lang/Object;I)B': getAs('B'),
  'getChar(Ljava/lang/Object;I)C': getAs('C'),
  'getShort(Ljava/lang/Object;I)S': getAs('S'),
  'getInt(Ljava/lang/Object;I)I': getAs('I'),
  'getLong(Ljava/lang/Object;I)J': getAs('J'),
  'getFloat(Ljava/lang/Object;I)F': getAs('F'),
  'getDouble(Ljava/lang/Object;I)D': getAs('D'),
  'set(Ljava/lang/Object;ILjava/lang/Object;)V': set,
  'setBoolean(Ljava/lang/Object;IZ)V': setAs('Z'),
  'setByte(Ljava/lang/Object;IB)V': setAs('B'),
  'setChar(Ljava/lang/Object;IC)V': setAs('C'),
  'setShort(Ljava/lang/Object;IS)V': setAs('S'),
  'setInt(Ljava/lang/Object;II)V': setAs('I'),
  'setLong(Ljava/lang/Object;IJ)V': { exact: setAs('J') },
  'setFloat(Ljava/lang/Object;IF)V': setAs('F'),
  'setDouble(Ljava/lang/Object;ID)V': setAs('D'),
  'newArray(Ljava/lang/Class;I)Ljava/lang/Object;': newArray,
  'multiNewArray(Ljava/lang/Class;[I)Ljava/lang/Object;': multiNewArray,
};
