/**
 * Native memory: what `Unsafe.allocateMemory`, direct buffers and mapped files live in, a section of the arena.
 *
 * Addresses are arena offsets, so a guest that invents one still stays inside its arena. All bookkeeping is kept outside
 * the section, in JavaScript: a guest that writes past its block spoils its neighbour's bytes, never the allocator, and
 * freeing what is not allocated is noticed. Blocks up to 32 KiB come from size classes cut out of slabs; larger ones
 * and mappings are ranges of whole pages, first fit, merged again when they are freed.
 */
import { commit, decommit } from '../../host/index.js';
import type { Arena } from './arena.js';

const PAGE = 4096;
const GRANULE = 16;
/** Blocks up to this size have size classes of their own, 16 bytes apart. */
const FINE_LIMIT = 512;
/** Larger blocks than this are ranges of pages. */
const SMALL_LIMIT = 32 * 1024;
const SLAB = 64 * 1024;
/** Freed ranges from this size on give their pages back to the host. */
const GIVE_BACK = 256 * 1024;

/** A free of, or a resize of, something that is not allocated: a bug of the guest (or ours), like glibc's abort. */
export class InvalidFree extends Error {
  constructor(address: number) {
    super(`No native memory is allocated at address 0x${address.toString(16)}`);
  }
}

/** Sizes of the classes, ascending: steps of 16 up to 512 bytes, then four to each doubling. */
const CLASS_BYTES: readonly number[] = (() => {
  const sizes: number[] = [];
  for (let size = GRANULE; size <= FINE_LIMIT; size += GRANULE) sizes.push(size);
  for (let size = FINE_LIMIT; size < SMALL_LIMIT; size *= 2) {
    for (let quarter = 5; quarter <= 8; quarter++) sizes.push((size * quarter) / 4);
  }
  return sizes;
})();

function classOf(bytes: number): number {
  if (bytes <= FINE_LIMIT) return Math.max(0, Math.ceil(bytes / GRANULE) - 1);
  let low = FINE_LIMIT / GRANULE;
  while (CLASS_BYTES[low]! < bytes) low++;
  return low;
}

/** The allocator of one arena's native section. */
export class NativeMemory {
  /** Bytes asked for and not freed. */
  usedBytes = 0;
  private readonly arena: Arena;
  /** Bytes asked for, by address: of every block and every page range. */
  private readonly sizes = new Map<number, number>();
  /** Page ranges by address: their length, to tell them from small blocks. */
  private readonly ranges = new Map<number, number>();
  private readonly freeBlocks: number[][] = CLASS_BYTES.map(() => []);
  private slabTop = 0;
  private slabEnd = 0;
  /** Free ranges of pages below `top`, ascending by address, none adjacent: address and length. */
  private readonly freeStarts: number[] = [];
  private readonly freeLengths: number[] = [];
  /** Pages from here on were never used. */
  private top: number;
  /** The highest that `top` ever was: pages from here on are zero. */
  private touched: number;

  constructor(arena: Arena) {
    this.arena = arena;
    this.top = Math.ceil(arena.nativeStart / PAGE) * PAGE;
    this.touched = this.top;
  }

  /**
   * Allocates a block like `malloc`: 16-aligned, contents undefined, 0 bytes allowed.
   *
   * @returns its address, or 0 when the section is full
   */
  allocate(bytes: number): number {
    if (!(bytes >= 0)) throw new RangeError(`Size of native memory: ${bytes}`);
    const address = bytes <= SMALL_LIMIT ? this.takeBlock(classOf(bytes)) : this.takeRange(bytes);
    if (address !== 0) {
      this.sizes.set(address, bytes);
      this.usedBytes += bytes;
    }
    return address;
  }

  /**
   * Resizes a block like `realloc`; address 0 allocates.
   *
   * @returns the new address, or 0 when the section is full (the old block stays)
   * @throws InvalidFree
   */
  reallocate(address: number, bytes: number): number {
    if (address === 0) return this.allocate(bytes);
    const old = this.sizes.get(address);
    if (old === undefined) throw new InvalidFree(address);
    const length = this.ranges.get(address);
    // The recorded size must not leave its size class: `free` derives the class from it.
    const fits =
      length === undefined
        ? bytes <= SMALL_LIMIT && classOf(bytes) === classOf(old)
        : bytes > SMALL_LIMIT && Math.ceil(bytes / PAGE) * PAGE === length;
    if (fits) {
      this.sizes.set(address, bytes);
      this.usedBytes += bytes - old;
      return address;
    }
    const moved = this.allocate(bytes);
    if (moved === 0) return 0;
    this.arena.u8.copyWithin(moved, address, address + Math.min(old, bytes));
    this.free(address);
    return moved;
  }

  /**
   * Frees a block; 0 is nothing.
   *
   * @throws InvalidFree when the address is not that of an allocated block (freed already, or never handed out)
   */
  free(address: number): void {
    if (address === 0) return;
    const bytes = this.sizes.get(address);
    if (bytes === undefined) throw new InvalidFree(address);
    this.sizes.delete(address);
    this.usedBytes -= bytes;
    const length = this.ranges.get(address);
    if (length === undefined) {
      this.freeBlocks[classOf(bytes)]!.push(address);
      return;
    }
    if (length >= GIVE_BACK) this.clearPages(address, length);
    this.returnRange(address, length);
  }

  /** Bytes asked for at an allocated address; `undefined` when nothing is allocated there. */
  sizeOf(address: number): number | undefined {
    return this.sizes.get(address);
  }

  /**
   * Allocates whole pages, page-aligned (also on the host) and zeroed: over which a file may be mapped.
   *
   * @returns the address, or 0 when the section is full
   */
  allocatePages(bytes: number): number {
    if (!(bytes >= 0)) throw new RangeError(`Size of native memory: ${bytes}`);
    const { touched } = this;
    const address = this.takeRange(Math.max(bytes, 1));
    if (address === 0) return 0;
    const length = this.ranges.get(address)!;
    if (address < touched) this.clearPages(address, length);
    this.sizes.set(address, length);
    this.usedBytes += length;
    return address;
  }

  /**
   * Frees pages of `allocatePages`; whatever was mapped over them is replaced by plain memory again.
   *
   * @throws InvalidFree
   */
  freePages(address: number): void {
    const length = this.ranges.get(address);
    const bytes = this.sizes.get(address);
    if (length === undefined || bytes === undefined) throw new InvalidFree(address);
    this.sizes.delete(address);
    this.usedBytes -= bytes;
    this.clearPages(address, length);
    this.returnRange(address, length);
  }

  private takeBlock(sizeClass: number): number {
    const free = this.freeBlocks[sizeClass]!;
    const again = free.pop();
    if (again !== undefined) return again;
    const bytes = CLASS_BYTES[sizeClass]!;
    if (this.slabTop + bytes > this.slabEnd) {
      const slab = this.takeRange(SLAB);
      if (slab === 0) return 0;
      // A slab is the allocator's own and never freed: not a range that a guest could name.
      this.ranges.delete(slab);
      this.cutRest();
      this.slabTop = slab;
      this.slabEnd = slab + SLAB;
    }
    const address = this.slabTop;
    this.slabTop += bytes;
    return address;
  }

  /** Hands what is left of the slab to the free lists. */
  private cutRest(): void {
    let rest = this.slabEnd - this.slabTop;
    while (rest >= GRANULE) {
      let sizeClass = classOf(Math.min(rest, SMALL_LIMIT));
      if (CLASS_BYTES[sizeClass]! > rest) sizeClass--;
      this.freeBlocks[sizeClass]!.push(this.slabTop);
      this.slabTop += CLASS_BYTES[sizeClass]!;
      rest = this.slabEnd - this.slabTop;
    }
  }

  private takeRange(bytes: number): number {
    const length = Math.ceil(bytes / PAGE) * PAGE;
    const { freeStarts, freeLengths } = this;
    for (let i = 0; i < freeStarts.length; i++) {
      const available = freeLengths[i]!;
      if (available < length) continue;
      const address = freeStarts[i]!;
      if (available === length) {
        freeStarts.splice(i, 1);
        freeLengths.splice(i, 1);
      } else {
        freeStarts[i] = address + length;
        freeLengths[i] = available - length;
      }
      this.ranges.set(address, length);
      return address;
    }
    if (this.top + length > this.arena.nativeEnd) return 0;
    const address = this.top;
    this.top += length;
    this.touched = Math.max(this.touched, this.top);
    this.ranges.set(address, length);
    return address;
  }

  private returnRange(address: number, length: number): void {
    this.ranges.delete(address);
    const { freeStarts, freeLengths } = this;
    let low = 0;
    let high = freeStarts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (freeStarts[middle]! < address) low = middle + 1;
      else high = middle;
    }
    freeStarts.splice(low, 0, address);
    freeLengths.splice(low, 0, length);
    if (low + 1 < freeStarts.length && address + length === freeStarts[low + 1]) {
      freeLengths[low]! += freeLengths[low + 1]!;
      freeStarts.splice(low + 1, 1);
      freeLengths.splice(low + 1, 1);
    }
    if (low > 0 && freeStarts[low - 1]! + freeLengths[low - 1]! === address) {
      freeLengths[low - 1]! += freeLengths[low]!;
      freeStarts.splice(low, 1);
      freeLengths.splice(low, 1);
    }
    const last = freeStarts.length - 1;
    if (freeStarts[last]! + freeLengths[last]! === this.top) {
      this.top = freeStarts[last]!;
      freeStarts.pop();
      freeLengths.pop();
    }
  }

  /** Makes pages plain zero memory again, and gives what they held back to the host. */
  private clearPages(address: number, length: number): void {
    const { base } = this.arena;
    if (base === 0) {
      this.arena.u8.fill(0, address, address + length);
      return;
    }
    decommit(base + address, length);
    commit(base + address, length);
  }
}
