/**
 * Boxes (java.lang.Integer and its siblings), and the widening that reflection does between primitive kinds.
 *
 * A *kind* is the descriptor's letter: Z B C S I J F D, and L for references. Values are numbers, longs are bigints.
 * Reflection makes a new box each time, as HotSpot does: the caches of `valueOf` are the library's, not the VM's.
 */
import { ClassState } from '../memory/layout.js';
import type { JavaValue } from './activity.js';
import { bootClass } from './class-loading.js';
import type { JavaClass } from './java-class.js';
import { linkClass } from './linking.js';
import type { JavaThread } from './thread.js';
import type { Vm } from './vm.js';

/** A primitive value with its kind, or a reference with kind `L`. */
export interface Typed {
  readonly kind: string;
  readonly value: JavaValue;
}

const BOXES: Readonly<Record<string, string>> = {
  Z: 'java/lang/Boolean',
  B: 'java/lang/Byte',
  C: 'java/lang/Character',
  S: 'java/lang/Short',
  I: 'java/lang/Integer',
  J: 'java/lang/Long',
  F: 'java/lang/Float',
  D: 'java/lang/Double',
};

const KINDS: ReadonlyMap<string, string> = new Map(Object.entries(BOXES).map(([kind, name]) => [name, kind]));

/** Kinds that a value of a kind may be widened to (JLS 5.1.2), itself included. */
const WIDENINGS: Readonly<Record<string, string>> = {
  Z: 'Z',
  B: 'BSIJFD',
  C: 'CIJFD',
  S: 'SIJFD',
  I: 'IJFD',
  J: 'JFD',
  F: 'FD',
  D: 'D',
};

/**
 * A class of the boot library, linked: so that it can be instantiated. Boot classes load and link without running Java.
 */
export function linkedBootClass(t: JavaThread, name: string): JavaClass {
  const cls = bootClass(t.vm, name);
  if (cls.state < ClassState.Linked) {
    const step = linkClass(t, cls).next();
    if (step.done !== true) throw new Error(`Linking ${name} had to wait`);
  }
  return cls;
}

/** Writes a primitive at a byte address of the arena. */
export function storePrimitive(vm: Vm, address: number, kind: string, value: JavaValue): void {
  const at = address >>> 0;
  switch (kind) {
    case 'Z':
      vm.u8[at] = Number(value) & 1;
      break;
    case 'B':
      vm.u8[at] = Number(value);
      break;
    case 'C':
    case 'S':
      vm.arena.u16[at >>> 1] = Number(value);
      break;
    case 'I':
      vm.words[at >>> 2] = Number(value);
      break;
    case 'J':
      vm.arena.i64[at >>> 3] = BigInt(value);
      break;
    case 'F':
      vm.f32[at >>> 2] = Number(value);
      break;
    case 'D':
      vm.f64[at >>> 3] = Number(value);
      break;
    default:
      throw new Error(`No primitive kind ${kind}`);
  }
}

/** Reads a primitive at a byte address of the arena. */
export function loadPrimitive(vm: Vm, address: number, kind: string): JavaValue {
  const at = address >>> 0;
  switch (kind) {
    case 'Z':
      return vm.u8[at]! & 1;
    case 'B':
      return vm.arena.i8[at]!;
    case 'C':
      return vm.arena.u16[at >>> 1]!;
    case 'S':
      return vm.arena.i16[at >>> 1]!;
    case 'I':
      return vm.words[at >>> 2]!;
    case 'J':
      return vm.arena.i64[at >>> 3]!;
    case 'F':
      return vm.f32[at >>> 2]!;
    case 'D':
      return vm.f64[at >>> 3]!;
    default:
      throw new Error(`No primitive kind ${kind}`);
  }
}

/**
 * A new box of a primitive; references pass through, void gives null.
 *
 * @throws NeedsCollection when the heap is full
 */
export function box(t: JavaThread, kind: string, value: JavaValue): number {
  if (kind === 'L') return Number(value);
  if (kind === 'V') return 0;
  const { vm } = t;
  const name = BOXES[kind]!;
  const ref = vm.heap.allocateObject(linkedBootClass(t, name));
  storePrimitive(vm, ref + vm.offset(name, 'value'), kind, value);
  return ref;
}

/** What a box holds; `undefined` when the object (or null) is no box. */
export function unbox(vm: Vm, ref: number): Typed | undefined {
  if (ref === 0) return undefined;
  const cls = vm.classOf(ref);
  if (!cls.loader.isBoot) return undefined;
  const kind = KINDS.get(cls.name);
  if (kind === undefined) return undefined;
  return { kind, value: loadPrimitive(vm, ref + vm.offset(cls.name, 'value'), kind) };
}

/** The value widened to a kind; `undefined` where that is no identity or widening conversion. */
export function widen(from: string, value: JavaValue, to: string): JavaValue | undefined {
  if (from === to) return value;
  if (!WIDENINGS[from]?.includes(to)) return undefined;
  if (to === 'J') return BigInt(value);
  // From long straight to float: through double would round twice.
  if (to === 'F') return typeof value === 'bigint' ? floatOfLong(value) : Math.fround(value);
  return Number(value);
}

/** `l2f`: to the nearest float, ties to even. */
export function floatOfLong(value: bigint): number {
  const negative = value < 0n;
  let magnitude = negative ? -value : value;
  const excess = magnitude.toString(2).length - 24;
  if (excess > 0) {
    const shift = BigInt(excess);
    const rest = magnitude & ((1n << shift) - 1n);
    const half = 1n << (shift - 1n);
    magnitude >>= shift;
    if (rest > half || (rest === half && (magnitude & 1n) === 1n)) magnitude += 1n;
    magnitude <<= shift;
  }
  return Number(negative ? -magnitude : magnitude);
}

/** The kind of a descriptor: its letter, L for arrays too. */
export function kindOf(descriptor: string): string {
  const first = descriptor[0]!;
  return first === '[' ? 'L' : first;
}
