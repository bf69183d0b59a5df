/**
 * A frozen instance: everything a guest is between two runs, in plain data that `structuredClone`, a worker message or
 * a file can carry. Pages that hold only zeros are named but not stored.
 */
import type { GasModel } from './gas/index.js';
import { PAGE_SIZE } from './layout.js';
import type { GuestMemory } from './memory/guest-memory.js';
import { Access } from './program/image.js';

/** Whole pages of one access level, with the runs of them that are not all zero. */
export interface SnapshotRegion {
  readonly address: number;
  readonly length: number;
  readonly access: Access;
  readonly data: readonly { readonly address: number; readonly bytes: Uint8Array }[];
}

/** State of an instance. */
export interface Snapshot {
  readonly version: 1;
  readonly gasModel: GasModel;
  readonly registers: readonly bigint[];
  readonly gas: bigint;
  /** Program counter as it is reported. */
  readonly pc: number;
  /** Entry execution continues at; −1 where `pc` is no instruction. */
  readonly next: number;
  /** Whether the stretch of code that `next` lies in has been paid for (`pipeline` only). */
  readonly paid: boolean;
  /** Where `sbrk` stands. */
  readonly brk: number;
  readonly regions: readonly SnapshotRegion[];
}

/** Copies a guest's memory, leaving out what is zero. */
export function captureMemory(memory: GuestMemory): SnapshotRegion[] {
  return memory.regions().map(({ address, length, access }) => {
    const data: { address: number; bytes: Uint8Array }[] = [];
    let start = -1;
    const flush = (end: number) => {
      if (start >= 0) data.push({ address: start, bytes: memory.read(start, end - start) });
      start = -1;
    };
    for (let at = address; at < address + length; at += PAGE_SIZE) {
      if (isZero(memory.read(at, PAGE_SIZE))) flush(at);
      else if (start < 0) start = at;
    }
    flush(address + length);
    return { address, length, access, data };
  });
}

/** Puts captured memory into an empty address space. */
export function restoreMemory(memory: GuestMemory, regions: readonly SnapshotRegion[]): void {
  for (const { address, length, access, data } of regions) {
    if (access !== Access.Read && access !== Access.Write) {
      throw new RangeError(
        `the snapshot gives a region access level ${String(access)}: expected 1 (read) or 2 (write)`,
      );
    }
    memory.map(address, length, access);
    for (const part of data) memory.writeInitial(part.address, part.bytes);
  }
}

function isZero(page: Uint8Array): boolean {
  const words = new BigUint64Array(page.buffer, page.byteOffset, page.length / 8);
  for (let i = 0; i < words.length; i++) if (words[i] !== 0n) return false;
  return true;
}
