/**
 * Java's values as JavaScript's.
 *
 * Arrays are copied: memory of the VM is never handed out, because objects move in it and it goes away with the VM.
 */

import type { JavaValue } from '../runtime/activity.js';
import { unbox } from '../runtime/boxing.js';
import type { Vm } from '../runtime/vm.js';
import type { JavaResult, JavaTypedArray } from './java-object.js';
import type { Realm } from './realm.js';

/** Byte offset of an array's first element. */
const ELEMENTS = 16;

/** A value of a kind (the descriptor's letter, L for references, V for none). Collects nothing. */
export function fromJava(realm: Realm, kind: string, value: JavaValue): JavaResult {
  switch (kind) {
    case 'V':
      return undefined;
    case 'Z':
      return (Number(value) & 1) !== 0;
    case 'C':
      return String.fromCharCode(Number(value));
    case 'J':
      return BigInt(value);
    case 'L':
      return referenceFromJava(realm, Number(value), true);
    default:
      return Number(value);
  }
}

/**
 * What a reference refers to.
 *
 * @param arrays whether arrays are copied, or handed out as objects
 */
export function referenceFromJava(realm: Realm, ref: number, arrays: boolean): JavaResult {
  if (ref === 0) return null;
  const { vm } = realm;
  const cls = vm.classOf(ref);
  if (cls === vm.known.string) return vm.strings.toJs(ref);
  if (cls.isArray && arrays) return arrayFromJava(realm, ref, []);
  const boxed = unbox(vm, ref);
  return boxed === undefined ? realm.objectOf(ref) : fromJava(realm, boxed.kind, boxed.value);
}

function arrayFromJava(realm: Realm, ref: number, outer: readonly number[]): JavaResult {
  const { vm } = realm;
  const cls = vm.classOf(ref);
  if (cls.element!.isPrimitive) return primitivesFromJava(vm, ref, cls.name);
  // An Object[] may hold itself: where it does, it is handed out as an object.
  const holders = [...outer, ref];
  const values: JavaResult[] = [];
  const length = vm.arrayLength(ref);
  for (let i = 0; i < length; i++) {
    const element = vm.getElement(ref, i);
    const isArray = element !== 0 && vm.classOf(element).isArray;
    if (isArray && !holders.includes(element)) values.push(arrayFromJava(realm, element, holders));
    else values.push(referenceFromJava(realm, element, false));
  }
  return values;
}

function primitivesFromJava(vm: Vm, ref: number, className: string): JavaTypedArray | boolean[] {
  const { arena } = vm;
  const start = (ref >>> 0) + ELEMENTS;
  const length = vm.arrayLength(ref);
  switch (className) {
    case '[Z':
      return Array.from(arena.u8.subarray(start, start + length), (byte) => byte !== 0);
    case '[B':
      return new Uint8Array(arena.u8.subarray(start, start + length));
    case '[S':
      return arena.i16.slice(start >>> 1, (start >>> 1) + length);
    case '[C':
      return arena.u16.slice(start >>> 1, (start >>> 1) + length);
    case '[I':
      return arena.words.slice(start >>> 2, (start >>> 2) + length);
    case '[J':
      return arena.i64.slice(start >>> 3, (start >>> 3) + length);
    case '[F':
      return arena.f32.slice(start >>> 2, (start >>> 2) + length);
    case '[D':
      return arena.f64.slice(start >>> 3, (start >>> 3) + length);
    default:
      throw new Error(`${className} is no array of primitives`);
  }
}
