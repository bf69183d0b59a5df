/**
 * The code blob: the Gray Paper's innermost program form (appendix A.1, function `deblob`).
 *
 *     |j| natural · z 1 byte · |c| natural · j: |j| entries of z bytes · c: |c| bytes · k: ceil(|c| / 8) bytes
 *
 * j is the dynamic jump table, c the code, k the bitmask of instruction starts, lowest bit first. A blob is valid
 * only if exactly one (c, k, j) encodes to it, which is why naturals must be in their shortest form, an entry size of
 * zero goes with an empty table only, and the bits of k past the code's end are zero.
 */
import { MAX_CODE_LENGTH } from '../layout.js';
import type { ProgramImage } from './image.js';
import { encodeNatural, plural, Reader } from './reader.js';

/** What a code blob holds. */
export interface CodeBlob {
  readonly code: Uint8Array;
  /** One bit a code byte, lowest bit first, set where an instruction starts. */
  readonly bitmask: Uint8Array;
  /** Dynamic jump table: byte offsets into the code. */
  readonly jumpOffsets: Uint32Array;
  /** Bytes an entry of the jump table takes in the blob. */
  readonly entrySize?: number;
}

/**
 * What an image does not need to run, but a writer needs to reproduce its file byte for byte. Images of these two
 * containers carry it beside the fields every image has.
 */
export interface Written {
  /** Bytes an entry of the jump table takes. */
  readonly entrySize: number;
  /** Standard programs: the stack's size before it was rounded up to pages. */
  readonly stackSize: number;
  /** Standard programs: whether a metadata prefix, possibly empty, came first. */
  readonly hasMetadata: boolean;
}

/** An image that knows how its file was written. */
export interface WrittenImage extends ProgramImage {
  readonly written: Written;
}

/** Most entries a jump table may have; PolkaVM's limit, far above what 32 MiB of code can use. */
export const MAX_JUMP_ENTRIES = 0x1000000;
/** Registers at the start of a program whose container says nothing about them. */
export const ZERO_REGISTERS: readonly bigint[] = Object.freeze(new Array<bigint>(13).fill(0n));

/** Reads a code blob that takes up the rest of a reader. `code` and `bitmask` are views of its bytes. */
export function readCodeBlob(reader: Reader): Required<CodeBlob> {
  const jumpCount = reader.natural('the number of jump-table entries', MAX_JUMP_ENTRIES);
  const entryAt = reader.offset;
  const entrySize = reader.u8('the size of a jump-table entry');
  const codeLength = reader.natural('the code length', MAX_CODE_LENGTH - 1);
  if (jumpCount > 0 && (entrySize === 0 || entrySize > 8)) {
    throw reader.error(`expected a jump-table entry size of 1 to 8 bytes, found ${entrySize}`, entryAt);
  }
  const maskLength = (codeLength + 7) >>> 3;
  reader.need(jumpCount * entrySize, `the jump table (${jumpCount} × ${plural(entrySize, 'byte')})`);
  reader.need(jumpCount * entrySize + codeLength + maskLength, 'the jump table, the code and its bitmask');

  const jumpOffsets = readJumpTable(reader.take(jumpCount * entrySize, 'the jump table'), jumpCount, entrySize);
  const code = reader.take(codeLength, 'the code');
  const bitmask = reader.take(maskLength, 'the bitmask');
  const used = codeLength & 7;
  if (used !== 0 && (bitmask[maskLength - 1] as number) >> used !== 0) {
    throw reader.error(`expected zeros in the bitmask after the bit of the last code byte`, reader.offset - 1);
  }
  reader.expectEnd('the bitmask');
  return { code, bitmask, jumpOffsets, entrySize };
}

/** Reads a code blob into an image: code alone, no memory, registers zero. */
export function readCodeImage(bytes: Uint8Array): WrittenImage {
  const { code, bitmask, jumpOffsets, entrySize } = readCodeBlob(new Reader(bytes));
  return {
    kind: 'code',
    metadata: new Uint8Array(0),
    code,
    bitmask,
    jumpOffsets,
    segments: [],
    heap: undefined,
    argumentsAddress: undefined,
    argumentsLimit: 0,
    registers: ZERO_REGISTERS,
    entry: 0,
    imports: [],
    exports: [],
    written: { entrySize, stackSize: 0, hasMetadata: false },
  };
}

/** The entries of a jump table that is known to be long enough. */
export function readJumpTable(bytes: Uint8Array, count: number, size: number): Uint32Array {
  const offsets = new Uint32Array(count);
  for (let i = 0, at = 0; i < count; i++, at += size) {
    let value = 0;
    for (let b = size - 1; b >= 0; b--) value = value * 256 + (bytes[at + b] as number);
    // No code is that long: the largest offset stands for all of them, and a jump there panics just the same.
    offsets[i] = value > 0xffffffff ? 0xffffffff : value;
  }
  return offsets;
}

/**
 * Writes a code blob. Without `entrySize`, jump-table entries take as few bytes as the largest needs (0 for an
 * empty table).
 */
export function writeCodeBlob(blob: CodeBlob): Uint8Array {
  const { code, jumpOffsets } = blob;
  const size = blob.entrySize ?? smallestEntrySize(jumpOffsets);
  const head = [...encodeNatural(jumpOffsets.length), size, ...encodeNatural(code.length)];
  const maskLength = (code.length + 7) >>> 3;
  const bytes = new Uint8Array(head.length + jumpOffsets.length * size + code.length + maskLength);
  bytes.set(head);
  let at = head.length;
  for (const offset of jumpOffsets) {
    for (let b = 0, rest = offset; b < size; b++, rest = Math.floor(rest / 256)) bytes[at++] = rest & 255;
  }
  bytes.set(code, at);
  bytes.set(blob.bitmask.subarray(0, maskLength), at + code.length);
  return bytes;
}

/** Bytes the largest offset of a table needs. */
export function smallestEntrySize(jumpOffsets: Uint32Array): number {
  if (jumpOffsets.length === 0) return 0;
  let largest = 0;
  for (const offset of jumpOffsets) if (offset > largest) largest = offset;
  return largest < 0x100 ? 1 : largest < 0x10000 ? 2 : largest < 0x1000000 ? 3 : 4;
}
