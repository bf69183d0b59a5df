/**
 * Faults in emitted code: registering code regions with the process's signal handler.
 *
 * The handler itself (fault-code.ts) and the memory it searches (process-block.ts) are shared by all threads and
 * installed by the first that asks. A region belongs to the thread that added it. Each thread also gets an alternate
 * signal stack, so that a guest whose stack pointer points anywhere, or nowhere, can still fault in an orderly way.
 */

import { copyTo, protect, release, reserve, roundToPages } from './address-space.js';
import { Field, REGION_COUNT, Region } from './layout.js';
import { check, HOST_PAGE_SIZE, libc } from './libc.js';
import { ProcessBlock } from './process-block.js';
import { requireNativeSupport } from './support.js';

/** A stretch of emitted code whose faults are to be caught. */
export interface CodeRegion {
  /** Address of the first byte. */
  readonly start: number;
  /** Address after the last byte. */
  readonly end: number;
  /**
   * Offsets from `start` of the instructions that may fault, ascending: an array, which is copied, or where they lie in
   * memory that lasts as long as the region.
   */
  readonly traps: Uint32Array | { readonly address: number; readonly count: number };
  /** Address where execution goes on after a fault, every register as the faulting instruction found it. */
  readonly exitStub: number;
  /** Where the faulting address (u64) is stored, relative to the base of GS. */
  readonly faultAddressOffset: number;
  /** Where the faulting instruction's address (u64) is stored, relative to the base of GS. */
  readonly faultPcOffset: number;
}

/** Names a region that was added. */
export type RegionId = number;

/** This thread's way to the process's signal handler. */
export class FaultHandler {
  private readonly tables = new Map<RegionId, { readonly address: number; readonly length: number }>();

  /** Use `installFaultHandler`. */
  constructor(private readonly block: ProcessBlock) {}

  /**
   * Has faults of this region caught from now on.
   *
   * @throws RangeError when the process has 4096 regions already
   */
  addRegion(region: CodeRegion): RegionId {
    const { block } = this;
    const { words } = block;
    const id = this.claim();
    const traps = region.traps instanceof Uint32Array ? this.copyTable(id, region.traps) : region.traps;
    block.setAddress(block.regionWord(id, Region.Traps), traps.address);
    words[block.regionWord(id, Region.TrapCount)] = traps.count;
    words[block.regionWord(id, Region.FaultAddress)] = region.faultAddressOffset;
    words[block.regionWord(id, Region.FaultPc)] = region.faultPcOffset;
    block.setAddress(block.regionWord(id, Region.ExitStub), region.exitStub);
    block.setAddress(block.regionWord(id, Region.Start), region.start);
    block.setAddress(block.regionWord(id, Region.End), region.end);
    return id;
  }

  /** Stops catching faults of a region. Its code must not run any more. */
  removeRegion(id: RegionId): void {
    this.block.freeRegion(id);
    const table = this.tables.get(id);
    if (table === undefined) return;
    this.tables.delete(id);
    release(table.address, table.length);
  }

  /**
   * Gives back what workers that have ended left behind: code arenas, guest memory, regions. Happens by itself when a
   * thread installs the handler.
   */
  reclaim(): void {
    this.block.sweep();
  }

  private copyTable(id: RegionId, traps: Uint32Array): { address: number; count: number } {
    const length = roundToPages(traps.byteLength);
    if (length === 0) return { address: 0, count: 0 };
    const address = reserve(length);
    protect(address, length, 'write');
    copyTo(address, new Uint8Array(traps.buffer, traps.byteOffset, traps.byteLength));
    this.tables.set(id, { address, length });
    return { address, count: traps.length };
  }

  private claim(): RegionId {
    const { block } = this;
    const { words } = block;
    const limitWord = (Field.RegionLimit - HOST_PAGE_SIZE) >> 2;
    for (let id = 0; id < REGION_COUNT; id++) {
      const owner = block.regionWord(id, Region.Owner);
      if (words[owner] !== 0 || Atomics.compareExchange(words, owner, 0, block.ledger + 1) !== 0) continue;
      for (let limit = Atomics.load(words, limitWord); limit <= id; limit = Atomics.load(words, limitWord)) {
        Atomics.compareExchange(words, limitWord, limit, id + 1);
      }
      return id;
    }
    throw new RangeError(`More than ${REGION_COUNT} code regions`);
  }
}

let installed: FaultHandler | undefined;

/** The fault handler of this thread; the first call in a process installs it in front of Node's handlers. */
export function installFaultHandler(): FaultHandler {
  if (installed === undefined) {
    requireNativeSupport('The fault handler');
    installed = new FaultHandler(new ProcessBlock());
    useAlternateStack();
  }
  return installed;
}

const AT_MINSIGSTKSZ = 51;
const SS_DISABLE = 2;
/**
 * Room for handlers that ours passes a signal on to, besides what the kernel saves there: with the largest vector
 * extensions that alone is over 8 KiB.
 */
const HANDLER_STACK = 0x1_0000;

/** `stack_t`. */
const enum StackField {
  Address = 0,
  Flags = 8,
  Length = 16,
  Size = 24,
}

/** Gives this thread an alternate signal stack with a guard page below it, unless it has one that is large enough. */
function useAlternateStack(): void {
  const c = libc();
  const record = new Uint8Array(StackField.Size);
  const fields = new DataView(record.buffer);
  check('sigaltstack', c.sigaltstack(null, record));
  const needed = roundToPages(HANDLER_STACK + c.getauxval(AT_MINSIGSTKSZ));
  const present = (fields.getInt32(StackField.Flags, true) & SS_DISABLE) === 0;
  if (present && Number(fields.getBigUint64(StackField.Length, true)) >= needed / 2) return;
  // Stays in use until the thread ends, and is then found in its ledger.
  const reservation = reserve(HOST_PAGE_SIZE + needed);
  protect(reservation + HOST_PAGE_SIZE, needed, 'write');
  fields.setBigUint64(StackField.Address, BigInt(reservation + HOST_PAGE_SIZE), true);
  fields.setInt32(StackField.Flags, 0, true);
  fields.setBigUint64(StackField.Length, BigInt(needed), true);
  check('sigaltstack', c.sigaltstack(record, null));
}
