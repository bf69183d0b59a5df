/**
 * Memory operands.
 *
 * The factories fill in one shared operand instead of making a new one, because a code generator asks for one with
 * almost every instruction and uses it at once. What a factory returns is valid until the next call of any factory; to
 * keep an operand, make a `Mem` of your own with `new Mem()` or `copy()`.
 */

import type { Label } from './labels.js';

/** Segment override prefixes; with 64-bit code only FS and GS have a base address. */
export const enum Segment {
  None = 0,
  Fs = 0x64,
  Gs = 0x65,
}

/** `segment:[base + index*scale + disp]`, or `[rip + label]`. */
export class Mem {
  /** The segment override prefix, or 0. */
  segment: Segment = Segment.None;
  /** Whether the address is computed modulo 2^32 (prefix 67): registers count with their low halves. */
  address32 = false;
  /** The base register, or −1. */
  base = -1;
  /** The index register (never RSP), or −1. */
  index = -1;
  /** What the index is multiplied by. */
  scale: 1 | 2 | 4 | 8 = 1;
  /** The displacement, a signed 32-bit number. */
  disp = 0;
  /** The label of a RIP-relative operand; base and index are then unused. `disp` is added to the label. */
  label: Label | null = null;

  /** Fills in every field, so that nothing of an earlier use survives. */
  set(base: number, index: number, scale: 1 | 2 | 4 | 8, disp: number): this {
    this.segment = Segment.None;
    this.address32 = false;
    this.base = base;
    this.index = index;
    this.scale = scale;
    this.disp = disp;
    this.label = null;
    return this;
  }

  /** An operand of the caller's own with the same fields. */
  copy(): Mem {
    const copy = new Mem().set(this.base, this.index, this.scale, this.disp);
    copy.segment = this.segment;
    copy.address32 = this.address32;
    copy.label = this.label;
    return copy;
  }
}

const scratch = new Mem();

/** `[base + disp]`. Returns the shared operand. */
export function at(base: number, disp = 0): Mem {
  return scratch.set(base, -1, 1, disp);
}

/** `[base + index*scale + disp]`; a base of −1 leaves the base out. Returns the shared operand. */
export function indexed(base: number, index: number, scale: 1 | 2 | 4 | 8, disp = 0): Mem {
  return scratch.set(base, index, scale, disp);
}

/** `[disp32]`: an address in the lowest or highest 2 GiB, not relative to RIP. Returns the shared operand. */
export function absolute(disp32: number): Mem {
  return scratch.set(-1, -1, 1, disp32);
}

/** `[rip + …]` reaching `disp` bytes past the label. Returns the shared operand. */
export function rip(label: Label, disp = 0): Mem {
  scratch.set(-1, -1, 1, disp);
  scratch.label = label;
  return scratch;
}

/** Makes an operand relative to the GS base, in place, and returns it. */
export function gs(mem: Mem): Mem {
  mem.segment = Segment.Gs;
  return mem;
}

/** Makes an operand's address wrap modulo 2^32, in place, and returns it. */
export function addr32(mem: Mem): Mem {
  mem.address32 = true;
  return mem;
}

/**
 * `gs:[base32 + disp]`: guest memory. The low half of the register plus the displacement wraps modulo 2^32 and is then
 * added to the GS base, so whatever the register holds, the access stays within 4 GiB of the window's base. Returns the
 * shared operand.
 */
export function guest(base: number, disp = 0): Mem {
  scratch.set(base, -1, 1, disp);
  scratch.segment = Segment.Gs;
  scratch.address32 = true;
  return scratch;
}
