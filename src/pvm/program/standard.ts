/**
 * The standard program: what JAM services and most PVM programs are shipped as (Gray Paper, appendix A.7).
 *
 *     |o| 3 bytes · |w| 3 bytes · z 2 bytes · s 3 bytes · o · w · |c| 4 bytes · c
 *
 * o is read-only data, w read-write data, z the number of zeroed heap pages behind it, s the stack's size in bytes
 * and c a code blob. A service's preimage carries metadata before that: its length as a natural, then its bytes.
 *
 * Memory, in zones of 64 KiB with one left free between neighbours:
 *
 *     0x10000                  o, read-only
 *     0x20000 + zones of o     w and z pages, read-write; `sbrk` goes on from their end
 *     … 0xFEFE0000             stack, read-write, growing down
 *     0xFEFF0000               arguments, read-only, at most 2^24 bytes
 *
 * `sbrk` may take everything up to one free zone below the stack, so a stack overflow faults and never runs into
 * the heap. (The Gray Paper bounds it by the next accessible page; the guard zone is the one its layout rule asks
 * for between any two sections.)
 */
import { HALT_ADDRESS, PAGE_SIZE } from '../layout.js';
import { type CodeBlob, readCodeBlob, type WrittenImage, writeCodeBlob } from './code-blob.js';
import { Access, type Segment } from './image.js';
import { encodeNatural, Reader } from './reader.js';

/** Zone size, Z_Z. */
const ZONE = 0x10000;
/** Most bytes of arguments, Z_I. */
export const ARGUMENTS_LIMIT = 0x1000000;
/** Where arguments are put: 2^32 − Z_Z − Z_I. */
export const ARGUMENTS_ADDRESS = 0xfeff0000;
/** The stack's upper end: 2^32 − 2 Z_Z − Z_I. */
export const STACK_END = 0xfefe0000;
/** Address of read-only data. */
export const READ_ONLY_ADDRESS = ZONE;

/** What a standard program holds. */
export interface StandardProgram extends CodeBlob {
  readonly readOnly: Uint8Array;
  readonly readWrite: Uint8Array;
  /** Zeroed pages behind the read-write data. */
  readonly heapPages: number;
  /** Bytes of stack. */
  readonly stackSize: number;
  /** Written before the program where given; an empty one is written as its length alone. */
  readonly metadata?: Uint8Array | undefined;
}

/** Rounds up to whole pages. */
export function pageCeil(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
}

/** Rounds up to whole zones. */
export function zoneCeil(bytes: number): number {
  return Math.ceil(bytes / ZONE) * ZONE;
}

/** Address of read-write data behind so many bytes of read-only data. */
export function readWriteAddress(readOnlyLength: number): number {
  return 2 * ZONE + zoneCeil(readOnlyLength);
}

/**
 * Reads a standard program.
 *
 * @param withMetadata whether a metadata prefix comes first
 */
export function readStandardImage(bytes: Uint8Array, withMetadata: boolean): WrittenImage {
  const reader = new Reader(bytes);
  let metadata = bytes.subarray(0, 0);
  if (withMetadata) metadata = reader.take(reader.natural('the metadata length', 0xffffffff), 'the metadata');

  const sizesAt = reader.offset;
  const readOnlyLength = reader.unsigned(3, 'the size of the read-only data');
  const readWriteLength = reader.unsigned(3, 'the size of the read-write data');
  const heapPages = reader.unsigned(2, 'the number of heap pages');
  const stackSize = reader.unsigned(3, 'the stack size');
  const readOnly = reader.take(readOnlyLength, 'the read-only data');
  const readWrite = reader.take(readWriteLength, 'the read-write data');
  const codeAt = reader.offset;
  const codeLength = reader.unsigned(4, 'the length of the code blob');
  if (codeLength !== reader.remaining) {
    throw reader.error(
      `expected a code blob of the ${reader.remaining} bytes left, found length ${codeLength}`,
      codeAt,
    );
  }
  if (!fitsAddressSpace(readOnlyLength, readWriteLength, heapPages, stackSize)) {
    throw reader.error('expected data, heap and stack that together fit into the address space', sizesAt);
  }
  const { code, bitmask, jumpOffsets, entrySize } = readCodeBlob(reader);

  const dataAddress = readWriteAddress(readOnlyLength);
  const dataLength = pageCeil(readWriteLength) + heapPages * PAGE_SIZE;
  const stackLength = pageCeil(stackSize);
  const segments: Segment[] = [];
  add(segments, 'ro-data', READ_ONLY_ADDRESS, pageCeil(readOnlyLength), Access.Read, readOnly);
  add(segments, 'rw-data', dataAddress, dataLength, Access.Write, readWrite);
  add(segments, 'stack', STACK_END - stackLength, stackLength, Access.Write, bytes.subarray(0, 0));
  const registers = new Array<bigint>(13).fill(0n);
  registers[0] = BigInt(HALT_ADDRESS);
  registers[1] = BigInt(STACK_END);
  registers[7] = BigInt(ARGUMENTS_ADDRESS);
  return {
    kind: 'standard',
    metadata,
    code,
    bitmask,
    jumpOffsets,
    segments,
    heap: { start: dataAddress + dataLength, limit: STACK_END - stackLength - ZONE },
    argumentsAddress: ARGUMENTS_ADDRESS,
    argumentsLimit: ARGUMENTS_LIMIT,
    registers,
    entry: 0,
    imports: [],
    exports: [],
    written: { entrySize, stackSize, hasMetadata: withMetadata },
  };
}

/** Writes a standard program. Throws a `RangeError` where a size does not fit its field or the address space. */
export function writeStandard(program: StandardProgram): Uint8Array {
  const { readOnly, readWrite, heapPages, stackSize, metadata } = program;
  if (Math.max(readOnly.length, readWrite.length, stackSize) >= 2 ** 24 || heapPages >= 2 ** 16) {
    throw new RangeError('a standard program holds below 16 MiB each of data and stack, and below 65536 heap pages');
  }
  if (!fitsAddressSpace(readOnly.length, readWrite.length, heapPages, stackSize)) {
    throw new RangeError('data, heap and stack together do not fit into the address space');
  }
  const blob = writeCodeBlob(program);
  const prefix = metadata === undefined ? [] : encodeNatural(metadata.length);
  const metadataLength = metadata?.length ?? 0;
  const head = prefix.length + metadataLength;
  const bytes = new Uint8Array(head + 11 + readOnly.length + readWrite.length + 4 + blob.length);
  bytes.set(prefix);
  if (metadata !== undefined) bytes.set(metadata, prefix.length);
  const view = new DataView(bytes.buffer);
  const u24 = (at: number, value: number): void => {
    view.setUint16(at, value & 0xffff, true);
    bytes[at + 2] = value >>> 16;
  };
  u24(head, readOnly.length);
  u24(head + 3, readWrite.length);
  view.setUint16(head + 6, heapPages, true);
  u24(head + 8, stackSize);
  let at = head + 11;
  bytes.set(readOnly, at);
  at += readOnly.length;
  bytes.set(readWrite, at);
  at += readWrite.length;
  view.setUint32(at, blob.length, true);
  bytes.set(blob, at + 4);
  return bytes;
}

function fitsAddressSpace(readOnly: number, readWrite: number, heapPages: number, stack: number): boolean {
  const data = zoneCeil(readWrite + heapPages * PAGE_SIZE);
  return 5 * ZONE + zoneCeil(readOnly) + data + zoneCeil(stack) + ARGUMENTS_LIMIT <= 2 ** 32;
}

function add(
  segments: Segment[],
  name: string,
  address: number,
  length: number,
  access: Access,
  data: Uint8Array,
): void {
  if (length > 0) segments.push({ name, address, length, access, data });
}
