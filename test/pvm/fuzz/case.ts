/**
 * A fuzz case: a program as a list of instructions with symbolic jump targets, and the state it starts in.
 *
 * Symbolic, so that instructions can be taken out (minimising) and the jumps still go where they went. Immediates
 * are stored with the length they are encoded in: a value that does not fit is simply cut, which is one more input.
 */
import { BY_OPCODE, Format } from '../../../src/pvm/isa/instructions.js';
import { type CodeBlob, writeCodeBlob } from '../../../src/pvm/program/code-blob.js';
import type { Heap, ProgramImage, Segment } from '../../../src/pvm/program/image.js';
import { loadImage } from '../../../src/pvm/program/load.js';

/** Where a jump goes: to an instruction of the list, or to a byte offset relative to the jump. */
export type Target = { readonly item: Item } | { readonly delta: number };

/** One instruction, or something in its place. */
export interface Item {
  op: number;
  /** Operand fields as written, 0–15. */
  a: number;
  b: number;
  d: number;
  /** Immediates and the number of bytes they are written in. */
  x: number;
  y: number;
  lx: number;
  ly: number;
  target: Target | undefined;
  /** Bytes behind the operands that belong to no instruction. */
  gap: number;
  /** Whether this starts an instruction as far as the bitmask says. */
  marked: boolean;
}

/** What a host function does, by the `ecalli` index it is for. */
export type HostBehaviour =
  | 'none'
  | 'registers'
  | 'write'
  | 'gas'
  | 'panic'
  | 'out-of-gas'
  | 'halt'
  | 'map'
  | 'unmap'
  | 'pc';

/** A program, its memory, and where and with what it starts. */
export interface FuzzCase {
  readonly items: readonly Item[];
  /** Dynamic jump table: instructions, or byte offsets as they are. */
  readonly jumpTable: readonly (Item | number)[];
  /** Bytes overwritten after assembling: position (modulo the code's length) and value. */
  readonly patches: readonly (readonly [number, number])[];
  /** Bits flipped in the bitmask. */
  readonly maskFlips: readonly number[];
  /** Pages that addresses are near to. */
  readonly spots: readonly number[];
  readonly segments: readonly Segment[];
  readonly heap: Heap | undefined;
  readonly registers: readonly bigint[];
  readonly gas: bigint;
  /** Start: an instruction or a byte offset. */
  readonly start: Item | number;
  readonly host: ReadonlyMap<number, HostBehaviour>;
  /** Most exits. */
  readonly exits: number;
  /** Seed of what happens at the exits. */
  readonly script: number;
}

/** A case in bytes. */
export interface Assembled {
  readonly blob: Uint8Array;
  readonly image: ProgramImage;
  readonly pc: number;
  /** Byte offset of each instruction. */
  readonly pcs: readonly number[];
}

/** Encodes a case's program. */
export function assembleCase(fuzzCase: FuzzCase): Assembled {
  const { items } = fuzzCase;
  const pcs: number[] = [];
  const offsetOf = new Map<Item, number>();
  let length = 0;
  for (const item of items) {
    pcs.push(length);
    offsetOf.set(item, length);
    length += sizeOf(item);
  }
  const code = new Uint8Array(length);
  const bitmask = new Uint8Array((length + 7) >> 3);
  items.forEach((item, i) => {
    const pc = pcs[i] as number;
    if (item.marked) bitmask[pc >> 3] = (bitmask[pc >> 3] as number) | (1 << (pc & 7));
    write(code, pc, item, offsetOf);
  });
  for (const [at, value] of fuzzCase.patches) if (length > 0) code[at % length] = value;
  for (const flip of fuzzCase.maskFlips) {
    if (length === 0) break;
    const at = flip % length;
    bitmask[at >> 3] = (bitmask[at >> 3] as number) ^ (1 << (at & 7));
  }
  const place = (to: Item | number) => (typeof to === 'number' ? to : (offsetOf.get(to) ?? 0));
  const blob: CodeBlob = { code, bitmask, jumpOffsets: Uint32Array.from(fuzzCase.jumpTable, place) };
  const bytes = writeCodeBlob(blob);
  const image = { ...loadImage(bytes), segments: fuzzCase.segments, heap: fuzzCase.heap };
  return { blob: bytes, image, pc: place(fuzzCase.start), pcs };
}

function formatOf(op: number): Format {
  return BY_OPCODE[op]?.format ?? Format.None;
}

function sizeOf(item: Item): number {
  return 1 + operandSize(item) + item.gap;
}

function operandSize({ op, lx, ly }: Item): number {
  switch (formatOf(op)) {
    case Format.None:
      return 0;
    case Format.Imm:
    case Format.Offset:
      return lx;
    case Format.RegImm64:
      return 9;
    case Format.ImmImm:
    case Format.RegImmImm:
    case Format.RegImmOffset:
      return 1 + lx + ly;
    case Format.RegImm:
    case Format.RegRegImm:
    case Format.RegRegOffset:
      return 1 + lx;
    case Format.RegReg:
      return 1;
    case Format.RegRegImmImm:
      return 2 + lx + ly;
    case Format.RegRegReg:
      return 2;
  }
}

function write(code: Uint8Array, pc: number, item: Item, offsetOf: ReadonlyMap<Item, number>): void {
  const { op, a, b, d, x, y, lx, ly } = item;
  let at = pc;
  const byte = (value: number) => {
    code[at++] = value;
  };
  const immediate = (value: number, length: number) => {
    for (let i = 0; i < length; i++) byte(i < 4 ? value >> (8 * i) : value >> 31);
  };
  const { target } = item;
  const offset = target === undefined ? x : 'item' in target ? (offsetOf.get(target.item) ?? 0) - pc : target.delta;
  const registers = a | (b << 4);
  byte(op);
  switch (formatOf(op)) {
    case Format.None:
      break;
    case Format.Imm:
      immediate(x, lx);
      break;
    case Format.Offset:
      immediate(offset, lx);
      break;
    case Format.RegImm64:
      byte(registers);
      immediate(x, 4);
      immediate(y, 4);
      break;
    case Format.ImmImm:
      byte(lx | (b << 4));
      immediate(x, lx);
      immediate(y, ly);
      break;
    case Format.RegImm:
    case Format.RegRegImm:
      byte(registers);
      immediate(x, lx);
      break;
    case Format.RegRegOffset:
      byte(registers);
      immediate(offset, lx);
      break;
    case Format.RegImmImm:
      byte(a | (lx << 4));
      immediate(x, lx);
      immediate(y, ly);
      break;
    case Format.RegImmOffset:
      byte(a | (lx << 4));
      immediate(x, lx);
      immediate(offset, ly);
      break;
    case Format.RegReg:
      byte(registers);
      break;
    case Format.RegRegImmImm:
      byte(registers);
      byte(lx);
      immediate(x, lx);
      immediate(y, ly);
      break;
    case Format.RegRegReg:
      byte(registers);
      byte(d);
      break;
  }
  // A gap holds the opcode's neighbours, so that it would do something if it were executed.
  for (let i = 0; i < item.gap; i++) byte(op + i);
}
