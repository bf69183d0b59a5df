/**
 * Instructions to bytes: sizes, branch relaxation, emission. Shared by the assembler, and by the disassembler to find
 * out which instructions it must give a length hint.
 *
 * The Gray Paper lets the same instruction be written in several lengths: an immediate may drop leading bytes that
 * sign extension restores, down to none at all. The encoder takes the shortest unless told otherwise. A branch's
 * length depends on its distance, which depends on the lengths of the branches between: they all start at nothing
 * and grow until nothing changes. Distances only grow with lengths, so this ends, with every branch as short as it
 * can be.
 */
import { BY_OPCODE, Format, type Instruction } from '../isa/instructions.js';

/** Length left to the encoder. */
export const SHORTEST = -1;

/** An instruction, or bytes taken as they are, to be placed in the code. */
export interface CodeItem {
  /** The instruction; `undefined` for raw bytes. */
  readonly row: Instruction | undefined;
  /** Raw bytes. */
  readonly raw: Uint8Array | undefined;
  /** Whether the bitmask marks an instruction start here; raw bytes only. */
  readonly start: boolean;
  a: number;
  b: number;
  d: number;
  /** First immediate as 32 bits, or the low half of a 64-bit one. */
  x: number;
  /** Second immediate, or the high half. */
  y: number;
  /** Bytes of the first immediate in the encoding, or SHORTEST. */
  lengthX: number;
  /** Bytes of the second immediate or the branch offset, or SHORTEST. */
  lengthY: number;
  /** Where a branch goes: another item's index, or an offset. */
  target: BranchTarget | undefined;
}

/** Where a branch goes. */
export type BranchTarget =
  | { readonly item: number }
  | { readonly absolute: number }
  /** Distance from the start of the branch itself. */
  | { readonly relative: number };

/** Items with their places. */
export interface Layout {
  /** Offset of each item; one more for the end. */
  readonly offsets: Int32Array;
  /** Bytes of each item's branch offset. */
  readonly branchLengths: Uint8Array;
}

/** An instruction item with everything zero and shortest. */
export function instructionItem(row: Instruction): CodeItem {
  return {
    row,
    raw: undefined,
    start: true,
    a: 0,
    b: 0,
    d: 0,
    x: 0,
    y: 0,
    lengthX: SHORTEST,
    lengthY: SHORTEST,
    target: undefined,
  };
}

/** Bytes as they are; `start` says whether an instruction starts at the first. */
export function rawItem(bytes: Uint8Array, start: boolean): CodeItem {
  return { ...instructionItem(BY_OPCODE[0] as Instruction), row: undefined, raw: bytes, start };
}

/** Fewest bytes an immediate can be written in. */
export function shortest(value: number): number {
  if (value === 0) return 0;
  if (value === (value << 24) >> 24) return 1;
  if (value === (value << 16) >> 16) return 2;
  return value === (value << 8) >> 8 ? 3 : 4;
}

/** Bytes of an item without its branch offset. */
export function fixedSize(item: CodeItem): number {
  if (item.row === undefined) return item.raw?.length ?? 0;
  switch (item.row.format) {
    case Format.None:
    case Format.Offset:
      return 1;
    case Format.Imm:
      return 1 + lengthX(item);
    case Format.RegImm64:
      return 10;
    case Format.RegReg:
    case Format.RegRegOffset:
      return 2;
    case Format.RegImm:
    case Format.RegRegImm:
    case Format.RegImmOffset:
      return 2 + lengthX(item);
    case Format.ImmImm:
    case Format.RegImmImm:
      return 2 + lengthX(item) + lengthY(item);
    case Format.RegRegImmImm:
      return 3 + lengthX(item) + lengthY(item);
    case Format.RegRegReg:
      return 3;
  }
}

function lengthX(item: CodeItem): number {
  return item.lengthX === SHORTEST ? shortest(item.x) : item.lengthX;
}

function lengthY(item: CodeItem): number {
  return item.lengthY === SHORTEST ? shortest(item.y) : item.lengthY;
}

/** Distance a branch covers in a layout. */
export function distance(target: BranchTarget, at: number, offsets: Int32Array): number {
  if ('relative' in target) return target.relative;
  return ('item' in target ? (offsets[target.item] as number) : target.absolute) - at;
}

/** Places all items. */
export function layOut(items: readonly CodeItem[]): Layout {
  const offsets = new Int32Array(items.length + 1);
  const branchLengths = new Uint8Array(items.length);
  const fixed = Int32Array.from(items, fixedSize);
  const free: number[] = [];
  for (const [i, item] of items.entries()) {
    if (item.target === undefined) continue;
    if (item.lengthY === SHORTEST) free.push(i);
    else branchLengths[i] = item.lengthY;
  }
  for (let changed = true; changed; ) {
    for (let i = 0, at = 0; i < items.length; i++) {
      at += (fixed[i] as number) + (branchLengths[i] as number);
      offsets[i + 1] = at;
    }
    changed = false;
    for (const i of free) {
      const needed = shortest(
        distance((items[i] as CodeItem).target as BranchTarget, offsets[i] as number, offsets) | 0,
      );
      if (needed > (branchLengths[i] as number)) {
        branchLengths[i] = needed;
        changed = true;
      }
    }
  }
  return { offsets, branchLengths };
}

/** The code and its bitmask. */
export function emit(items: readonly CodeItem[], layout: Layout): { code: Uint8Array; bitmask: Uint8Array } {
  const length = layout.offsets[items.length] as number;
  const code = new Uint8Array(length);
  const bitmask = new Uint8Array((length + 7) >>> 3);
  for (const [i, item] of items.entries()) {
    const at = layout.offsets[i] as number;
    if (item.start && at < (layout.offsets[i + 1] as number)) {
      bitmask[at >> 3] = (bitmask[at >> 3] as number) | (1 << (at & 7));
    }
    if (item.row === undefined) code.set(item.raw ?? [], at);
    else emitInstruction(code, at, item, item.row, layout.branchLengths[i] as number, layout.offsets);
  }
  return { code, bitmask };
}

/** Writes one instruction; the caller has made sure that it fits. */
export function emitInstruction(
  code: Uint8Array,
  at: number,
  item: CodeItem,
  row: Instruction,
  branchLength: number,
  offsets: Int32Array,
): void {
  const registers = item.a | (item.b << 4);
  const lx = lengthX(item);
  code[at] = row.opcode;
  switch (row.format) {
    case Format.None:
      break;
    case Format.Imm:
      put(code, at + 1, item.x, lx);
      break;
    case Format.RegImm64:
      code[at + 1] = item.a;
      put(code, at + 2, item.x, 4);
      put(code, at + 6, item.y, 4);
      break;
    case Format.ImmImm:
      code[at + 1] = lx;
      put(code, at + 2, item.x, lx);
      put(code, at + 2 + lx, item.y, lengthY(item));
      break;
    case Format.Offset:
      put(code, at + 1, branchDistance(item, at, offsets), branchLength);
      break;
    case Format.RegImm:
      code[at + 1] = item.a;
      put(code, at + 2, item.x, lx);
      break;
    case Format.RegImmImm:
      code[at + 1] = item.a | (lx << 4);
      put(code, at + 2, item.x, lx);
      put(code, at + 2 + lx, item.y, lengthY(item));
      break;
    case Format.RegImmOffset:
      code[at + 1] = item.a | (lx << 4);
      put(code, at + 2, item.x, lx);
      put(code, at + 2 + lx, branchDistance(item, at, offsets), branchLength);
      break;
    case Format.RegReg:
      code[at + 1] = registers;
      break;
    case Format.RegRegImm:
      code[at + 1] = registers;
      put(code, at + 2, item.x, lx);
      break;
    case Format.RegRegOffset:
      code[at + 1] = registers;
      put(code, at + 2, branchDistance(item, at, offsets), branchLength);
      break;
    case Format.RegRegImmImm:
      code[at + 1] = registers;
      code[at + 2] = lx;
      put(code, at + 3, item.x, lx);
      put(code, at + 3 + lx, item.y, lengthY(item));
      break;
    case Format.RegRegReg:
      code[at + 1] = registers;
      code[at + 2] = item.d;
      break;
  }
}

function branchDistance(item: CodeItem, at: number, offsets: Int32Array): number {
  return item.target === undefined ? 0 : distance(item.target, at, offsets) | 0;
}

function put(code: Uint8Array, at: number, value: number, length: number): void {
  for (let i = 0; i < length; i++) code[at + i] = value >> (8 * i);
}
