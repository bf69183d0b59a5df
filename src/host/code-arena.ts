/**
 * The code arena: memory for emitted code that is never writable and executable through the same view.
 *
 * One anonymous file is mapped twice. TypeScript writes through the read-write view; the processor runs the
 * read-execute view, which lies in the low 2 GiB so that code and tables in it are within reach of a 32-bit absolute
 * displacement and everything in the arena of everything else by rel32. Code can be patched while it exists, and a
 * freed range is filled with `int3`, so that a stale jump traps where it lands.
 *
 * The file is sparse: capacity costs address space only. The first page holds data that TypeScript writes and emitted
 * code reads (the entry's mailbox). It is kept apart from code, because a store near code that is about to run makes
 * the processor flush its pipeline.
 *
 * Allocation is first fit over a sorted list of holes, which merge when neighbours are freed. Programs are compiled in
 * one piece, so holes stay few.
 */

import { anonymousFile, mapLow, view } from './address-space.js';
import { disown, own } from './ledger.js';
import { check, HOST_PAGE_SIZE, libc, MapFlag, Prot, SystemError } from './libc.js';
import { requireNativeSupport } from './support.js';

/** Default capacity, bytes. */
export const DEFAULT_ARENA_CAPACITY = 0x1000_0000;

const SMALLEST_CAPACITY = 0x40_0000;
const GRANULE = 16;
const INT3 = 0xcc;
/**
 * Size of the writable view to begin with. A view of the whole capacity would make V8 collect garbage at once (see
 * `view`); most programs need far less.
 */
const FIRST_VIEW = 0x0100_0000;

/** Memory for emitted code. */
export class CodeArena {
  /** Bytes that can be allocated, the data page included. */
  readonly capacity: number;
  /** Address of the executable view. */
  readonly base: number;
  /** Address of the writable view. */
  readonly writableBase: number;
  private bytes: Uint8Array;
  private dataUsed = 0;
  private disposed = false;
  /** Holes, ascending: offsets and sizes side by side. */
  private readonly holeOffsets: number[];
  private readonly holeSizes: number[];
  private readonly allocations = new Map<number, number>();

  /**
   * Maps an arena. Where the low 2 GiB have no room for `capacity` bytes, half of that is tried, and so on.
   *
   * @throws SystemError where not even 4 MiB can be had
   */
  constructor(capacity = DEFAULT_ARENA_CAPACITY) {
    requireNativeSupport('The code arena');
    const smallest = Math.min(capacity, SMALLEST_CAPACITY);
    for (let size = roundUp(Math.max(capacity, 2 * HOST_PAGE_SIZE), HOST_PAGE_SIZE); ; size = roundUp(size / 2, 4096)) {
      const mapped = mapTwice(size);
      if (!(mapped instanceof SystemError)) {
        this.capacity = size;
        this.base = mapped.executable;
        this.writableBase = mapped.writable;
        break;
      }
      if (size / 2 < smallest) throw mapped;
    }
    own(this.base, this.capacity);
    own(this.writableBase, this.capacity);
    this.bytes = new Uint8Array(view(this.writableBase, Math.min(this.capacity, FIRST_VIEW)));
    this.holeOffsets = [HOST_PAGE_SIZE];
    this.holeSizes = [this.capacity - HOST_PAGE_SIZE];
  }

  /**
   * The writable view, from the arena's start to at least the end of what is allocated. It is replaced by a longer one
   * when allocation goes beyond its end: ask again after `allocate`.
   */
  get writable(): Uint8Array {
    return this.bytes;
  }

  /** Address in the executable view of an offset. */
  address(offset: number): number {
    return this.base + offset;
  }

  /** Whether an address lies in the executable view. */
  contains(address: number): boolean {
    return address >= this.base && address < this.base + this.capacity;
  }

  /** Bytes handed out and not freed. */
  get used(): number {
    let sum = 0;
    for (const size of this.allocations.values()) sum += size;
    return sum;
  }

  /**
   * Hands out `size` bytes at an offset that is a multiple of `align`, a power of two. They hold zeros or `int3`.
   *
   * @throws RangeError when the arena is full
   */
  allocate(size: number, align = 64): number {
    const needed = roundUp(Math.max(size, 1), GRANULE);
    const { holeOffsets, holeSizes } = this;
    for (let i = 0; i < holeOffsets.length; i++) {
      const hole = holeOffsets[i] as number;
      const offset = roundUp(hole, Math.max(align, GRANULE));
      const before = offset - hole;
      const after = (holeSizes[i] as number) - before - needed;
      if (after < 0) continue;
      if (before > 0 && after > 0) {
        holeSizes[i] = before;
        holeOffsets.splice(i + 1, 0, offset + needed);
        holeSizes.splice(i + 1, 0, after);
      } else if (before > 0) {
        holeSizes[i] = before;
      } else if (after > 0) {
        holeOffsets[i] = offset + needed;
        holeSizes[i] = after;
      } else {
        holeOffsets.splice(i, 1);
        holeSizes.splice(i, 1);
      }
      this.allocations.set(offset, needed);
      this.reach(offset + needed);
      return offset;
    }
    throw new RangeError(`The code arena has no room for ${size} bytes (${this.used} of ${this.capacity} in use)`);
  }

  /** Takes back what `allocate` handed out and fills it with `int3`. */
  free(offset: number, size: number): void {
    const length = roundUp(Math.max(size, 1), GRANULE);
    if (this.disposed) return;
    if (this.allocations.get(offset) !== length) {
      throw new RangeError(`The code arena has not allocated ${size} bytes at ${offset}`);
    }
    this.allocations.delete(offset);
    this.bytes.fill(INT3, offset, offset + length);
    const { holeOffsets, holeSizes } = this;
    let low = 0;
    let high = holeOffsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((holeOffsets[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    const joinsPrevious = low > 0 && (holeOffsets[low - 1] as number) + (holeSizes[low - 1] as number) === offset;
    const joinsNext = low < holeOffsets.length && holeOffsets[low] === offset + length;
    if (joinsPrevious && joinsNext) {
      holeSizes[low - 1] = (holeSizes[low - 1] as number) + length + (holeSizes[low] as number);
      holeOffsets.splice(low, 1);
      holeSizes.splice(low, 1);
    } else if (joinsPrevious) {
      holeSizes[low - 1] = (holeSizes[low - 1] as number) + length;
    } else if (joinsNext) {
      holeOffsets[low] = offset;
      holeSizes[low] = (holeSizes[low] as number) + length;
    } else {
      holeOffsets.splice(low, 0, offset);
      holeSizes.splice(low, 0, length);
    }
  }

  /** Hands out `size` bytes, 64-byte aligned, of the data page. They are never taken back. */
  allocateData(size: number): number {
    const offset = this.dataUsed;
    if (offset + size > HOST_PAGE_SIZE) throw new RangeError('The data page of the code arena is full');
    this.dataUsed = roundUp(offset + size, 64);
    return offset;
  }

  /** Writes code or data. */
  write(offset: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, offset);
  }

  /** Overwrites 32 bits, for instance the displacement of a branch. */
  patch32(offset: number, value: number): void {
    const { bytes } = this;
    if (offset < 0 || offset + 4 > bytes.length) throw new RangeError(`${offset} is outside of the code arena`);
    bytes[offset] = value;
    bytes[offset + 1] = value >>> 8;
    bytes[offset + 2] = value >>> 16;
    bytes[offset + 3] = value >>> 24;
  }

  /** Unmaps both views. No code of the arena may run and no view of it may be touched afterwards. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (shared === this) shared = undefined;
    this.bytes = new Uint8Array(0);
    disown(this.base);
    disown(this.writableBase);
    libc().munmap(this.base, this.capacity);
    libc().munmap(this.writableBase, this.capacity);
  }

  private reach(end: number): void {
    if (end <= this.bytes.length) return;
    let length = this.bytes.length;
    while (length < end) length *= 2;
    this.bytes = new Uint8Array(view(this.writableBase, Math.min(length, this.capacity)));
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

function mapTwice(capacity: number): { executable: number; writable: number } | SystemError {
  const c = libc();
  let fd = -1;
  try {
    fd = anonymousFile('scotty-code', capacity);
    const executable = mapLow(capacity, Prot.Read | Prot.Exec, MapFlag.Shared, fd);
    const writable = c.mmap(0, capacity, Prot.Read | Prot.Write, MapFlag.Shared, fd, 0);
    if (writable === -1) {
      const error = new SystemError('mmap', c.errno());
      check('munmap', c.munmap(executable, capacity));
      return error;
    }
    return { executable, writable };
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  } finally {
    if (fd >= 0) c.close(fd);
  }
}

let shared: CodeArena | undefined;

/** The arena of this JavaScript thread. */
export function sharedArena(): CodeArena {
  shared ??= new CodeArena();
  return shared;
}
