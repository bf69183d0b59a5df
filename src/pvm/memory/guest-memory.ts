/**
 * Guest memory: which pages a guest may touch, and every access that TypeScript makes to it.
 *
 * The 4 GiB address space is 1024 *chunks* of 4 MiB. A chunk has an access level for each of its 1024 pages and a
 * `DataView` over its bytes. Why not one view over everything: a plain `ArrayBuffer` of 4 GiB per instance is more
 * than many platforms give, and a guest touches two or three chunks of the 1024. Chunks without a mapped page are
 * one shared object, so an untouched memory costs the array of references and nothing else.
 *
 * Where the bytes live is the backing's business: buffers of our own (`PortableBacking`), or a native window whose
 * page protections the processor enforces for the recompiler. This class is the only one that decides about access;
 * the backing is told.
 *
 * The interpreter reads `chunks` itself: it tests `ready`, and where that says no it calls `load` or `store`, which
 * do everything else (first touch of a chunk, accesses that straddle pages). `ready` is all zero until somebody
 * reads or writes the chunk from TypeScript, then it *is* `access`: a guest that only the recompiler runs never
 * pays for a view.
 *
 * Invariant that makes mapping cheap: pages without access hold zeros.
 */
import { LOWEST_ADDRESS, PAGE_SHIFT, PAGE_SIZE } from '../layout.js';
import { Access, type Heap } from '../program/image.js';

/** log2 of a chunk's size, 4 MiB. */
export const CHUNK_SHIFT = 22;
/** Size of a chunk, bytes. */
export const CHUNK_SIZE = 1 << CHUNK_SHIFT;
/** Chunks in the address space. */
export const CHUNK_COUNT = 1024;
/** Pages in a chunk. */
export const CHUNK_PAGES = 1024;
/** Size of the address space. */
export const ADDRESS_SPACE = 0x1_0000_0000;

/**
 * Finds out which pages are written: pages that may be written but have not been are read-only as far as the engines
 * go, so that the first write comes here.
 */
export interface WriteTracker {
  /** Whether the page at an address could be written if it were opened. */
  isClosed(address: number): boolean;
  /** Makes such a page writable: it is about to be written. */
  open(address: number): void;
}

/** Where the bytes of a guest's memory live. Ranges handed to it are whole pages. */
export interface MemoryBacking {
  /** The bytes of chunk `index`, 4 MiB. Called at most once for a chunk. */
  chunkView(index: number): DataView;
  /** Makes pages inaccessible, readable or writable where the backing enforces that. */
  setAccess(address: number, length: number, access: Access): void;
  /** Makes pages read as zeros from now on, and gives their memory back where it can. */
  zero(address: number, length: number): void;
  /** Copies bytes to writable pages without making a view of them, where the backing can. */
  copyIn?(address: number, bytes: Uint8Array): void;
  /** Copies bytes out of readable pages without making a view of them, where the backing can. */
  copyOut?(address: number, bytes: Uint8Array): void;
  /** Frees everything. The memory is not used again. */
  dispose(): void;
}

/** Pages of one access level, merged. */
export interface Region {
  readonly address: number;
  readonly length: number;
  readonly access: Access;
}

/** An access from the host to a page the guest itself could not access so. */
export class MemoryAccessError extends Error {
  override readonly name = 'MemoryAccessError';
  constructor(
    /** Start of the first page that does not allow it. */
    readonly address: number,
    /** What was asked for. */
    readonly access: Access,
  ) {
    super(`page 0x${address.toString(16)} is not ${access === Access.Write ? 'writable' : 'readable'}`);
  }
}

/** Host accesses to a chunk after which it gets a view all the same. */
const COPIES_BEFORE_VIEW = 256;

const NO_VIEW = new DataView(new ArrayBuffer(0));
const NOT_READY = new Uint8Array(CHUNK_PAGES);

/** 4 MiB of address space. */
export class Chunk {
  /** The chunk's bytes; empty until the chunk is touched. */
  view: DataView = NO_VIEW;
  /** What `view` may be used for, page by page: `access`, or all zero until the chunk is touched. */
  ready: Uint8Array = NOT_READY;
  /** How often the host has copied bytes past the missing view. */
  copies = 0;
  constructor(
    /** `Access` of each page. */
    readonly access: Uint8Array,
  ) {}
}

/** Every chunk without a mapped page. Its table is never written. */
const EMPTY = new Chunk(NOT_READY);

/** One guest's memory. */
export class GuestMemory {
  /**
   * By `address >>> CHUNK_SHIFT`; always 1024 of them. For the engines: views must not be touched where `ready` says no.
   *
   * @internal
   */
  readonly chunks: Chunk[] = new Array<Chunk>(CHUNK_COUNT).fill(EMPTY);
  /** Low half of what `load` read. */
  low = 0;
  /** High half of what `load` read with a size of 8. */
  high = 0;
  /** Where `sbrk` stands: the first address it would hand out. */
  brk: number;
  /**
   * Who wants to know about first writes, if anybody does.
   *
   * @internal
   */
  tracker: WriteTracker | undefined = undefined;

  constructor(
    readonly backing: MemoryBacking,
    /** Range `sbrk` may use; without one it always fails. */
    readonly heap: Heap | undefined = undefined,
    /** Lowest address that may be mapped. */
    private readonly lowest = LOWEST_ADDRESS,
  ) {
    this.brk = heap?.start ?? 0;
  }

  // --- Mapping -----------------------------------------------------------------------------------------------------

  /** Gives pages an access level. Pages that had none come as zeros; others keep their contents. */
  map(address: number, length: number, access: Access): void {
    this.checkPages(address, length);
    if (length === 0) return;
    if (access === Access.None) {
      this.unmap(address, length);
      return;
    }
    this.backing.setAccess(address, length, access);
    this.adopt(address, length, access);
  }

  /** Records the access level of pages whose backing has it already, for whoever set up the backing itself. */
  adopt(address: number, length: number, access: Access): void {
    this.checkPages(address, length);
    const end = address + length;
    for (let at = address; at < end; ) {
      const chunk = this.chunkForWriting(Math.floor(at / CHUNK_SIZE));
      const stop = Math.min(end, (Math.floor(at / CHUNK_SIZE) + 1) * CHUNK_SIZE);
      const first = pageInChunk(at);
      chunk.access.fill(access, first, first + (stop - at) / PAGE_SIZE);
      at = stop;
    }
  }

  /** Changes the access level of mapped pages; throws where one is not mapped. `Access.None` unmaps them. */
  protect(address: number, length: number, access: Access): void {
    this.checkPages(address, length);
    const missing = this.firstInaccessible(address, length, Access.Read);
    if (missing >= 0) throw new MemoryAccessError(missing, Access.Read);
    this.map(address, length, access);
  }

  /** Takes pages away. Their contents are gone. */
  unmap(address: number, length: number): void {
    this.checkPages(address, length);
    if (length === 0) return;
    this.backing.zero(address, length);
    this.backing.setAccess(address, length, Access.None);
    const end = address + length;
    for (let at = address; at < end; ) {
      const index = Math.floor(at / CHUNK_SIZE);
      const stop = Math.min(end, (index + 1) * CHUNK_SIZE);
      const chunk = this.chunks[index];
      const first = pageInChunk(at);
      if (chunk !== EMPTY) chunk.access.fill(Access.None, first, first + (stop - at) / PAGE_SIZE);
      at = stop;
    }
  }

  /**
   * The instruction `sbrk`: moves the break up by an unsigned 64-bit amount given as two halves.
   *
   * @returns the break before (or after, where the heap says so), as an int32; 0 where the heap cannot grow so far
   *   (nothing changes then)
   */
  sbrk(amountLow: number, amountHigh: number): number {
    const before = this.brk;
    if (amountLow === 0 && amountHigh === 0) return before | 0;
    // At most 2^64 + 2^32: rounding of the double cannot bring it below the limit.
    const after = before + (amountHigh >>> 0) * ADDRESS_SPACE + (amountLow >>> 0);
    if (this.heap === undefined || after > this.heap.limit) return 0;
    const end = Math.ceil(after / PAGE_SIZE) * PAGE_SIZE;
    for (let page = before - (before % PAGE_SIZE); page < end; ) {
      if (this.accessAt(page) === Access.Write) {
        page += PAGE_SIZE;
        continue;
      }
      let stop = page + PAGE_SIZE;
      while (stop < end && this.accessAt(stop) !== Access.Write) stop += PAGE_SIZE;
      this.map(page, stop - page, Access.Write);
      page = stop;
    }
    this.brk = after;
    return (this.heap.answer === 'after' ? after : before) | 0;
  }

  // --- Looking -----------------------------------------------------------------------------------------------------

  /** Access level of the page an address lies in. */
  accessAt(address: number): Access {
    return this.chunks[Math.floor(address / CHUNK_SIZE)]?.access[pageInChunk(address)] ?? Access.None;
  }

  /** Whether every byte of a range allows an access. A range that leaves the address space does not. */
  isAccessible(address: number, length: number, access: Access): boolean {
    return this.firstInaccessible(address, length, access) < 0;
  }

  /** Start of the first page of a range that does not allow an access, or −1. Addresses do not wrap. */
  firstInaccessible(address: number, length: number, access: Access): number {
    if (length === 0) return -1;
    if (!(address >= 0) || !(length > 0)) throw new RangeError(`not a range of memory: ${address}, ${length}`);
    const end = address + length;
    for (let page = Math.floor(address / PAGE_SIZE) * PAGE_SIZE; page < end; page += PAGE_SIZE) {
      if (!this.allows(page, access)) return page;
    }
    return -1;
  }

  /**
   * Where a guest's access of 1–8 bytes fails: the page of its first inaccessible byte, in the order address,
   * address + 1, … modulo 2^32; −1 where it does not fail.
   */
  faultPage(address: number, size: number, access: Access): number {
    const first = address >>> 0;
    if (!this.allows(first, access)) return ((first >>> PAGE_SHIFT) << PAGE_SHIFT) >>> 0;
    const last = (first + size - 1) >>> 0;
    if (!this.allows(last, access)) return ((last >>> PAGE_SHIFT) << PAGE_SHIFT) >>> 0;
    return -1;
  }

  /** The mapped pages, in order, neighbours of equal access merged. */
  regions(): Region[] {
    const regions: Region[] = [];
    let start = 0;
    let current = Access.None;
    for (let index = 0; index <= CHUNK_COUNT; index++) {
      const table = index < CHUNK_COUNT ? this.chunks[index].access : NOT_READY;
      if (table === NOT_READY && current === Access.None) continue;
      for (let page = 0; page < CHUNK_PAGES; page++) {
        const access = table[page] as Access;
        if (access === current) continue;
        const address = index * CHUNK_SIZE + page * PAGE_SIZE;
        if (current !== Access.None) regions.push({ address: start, length: address - start, access: current });
        start = address;
        current = access;
      }
    }
    return regions;
  }

  // --- Host access -------------------------------------------------------------------------------------------------

  /** Copies bytes out; throws `MemoryAccessError` unless all of them are readable. */
  read(address: number, length: number): Uint8Array {
    this.require(address, length, Access.Read);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = address + done;
      const size = Math.min(length - done, CHUNK_SIZE - (at % CHUNK_SIZE));
      if (this.backing.copyOut && this.withoutView(at)) this.backing.copyOut(at, bytes.subarray(done, done + size));
      else bytes.set(this.bytesAt(at, size), done);
      done += size;
    }
    return bytes;
  }

  /** Copies bytes in; throws `MemoryAccessError`, having written nothing, unless all of them are writable. */
  write(address: number, bytes: Uint8Array): void {
    this.require(address, bytes.length, Access.Write);
    if (this.tracker !== undefined) this.open(address, bytes.length);
    this.copyIn(address, bytes);
  }

  /** Copies bytes in whether the guest could write there or not. The pages must be mapped. */
  writeInitial(address: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.require(address, bytes.length, Access.Read);
    const start = Math.floor(address / PAGE_SIZE) * PAGE_SIZE;
    const end = Math.ceil((address + bytes.length) / PAGE_SIZE) * PAGE_SIZE;
    // Only the backing is opened: as far as the guest goes, the pages never were writable.
    this.backing.setAccess(start, end - start, Access.Write);
    this.copyIn(address, bytes);
    for (let page = start; page < end; ) {
      const access = this.accessAt(page);
      let stop = page + PAGE_SIZE;
      while (stop < end && this.accessAt(stop) === access) stop += PAGE_SIZE;
      if (access !== Access.Write) this.backing.setAccess(page, stop - page, access);
      page = stop;
    }
  }

  /** Sets every byte of a writable range. */
  fill(address: number, length: number, value: number): void {
    this.require(address, length, Access.Write);
    if (this.tracker !== undefined) this.open(address, length);
    for (let done = 0; done < length; ) {
      const piece = this.bytesAt(address + done, length - done);
      piece.fill(value);
      done += piece.length;
    }
  }

  readU8(address: number): number {
    return this.scalar(address, 1) & 0xff;
  }

  readU16(address: number): number {
    return this.scalar(address, 2) & 0xffff;
  }

  readU32(address: number): number {
    return this.scalar(address, 4) >>> 0;
  }

  readU64(address: number): bigint {
    const low = this.scalar(address, 8) >>> 0;
    return (BigInt(this.high >>> 0) << 32n) | BigInt(low);
  }

  writeU8(address: number, value: number): void {
    this.setScalar(address, 1, value, 0);
  }

  writeU16(address: number, value: number): void {
    this.setScalar(address, 2, value, 0);
  }

  writeU32(address: number, value: number): void {
    this.setScalar(address, 4, value, 0);
  }

  writeU64(address: number, value: bigint): void {
    this.setScalar(address, 8, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }

  // --- Guest access ------------------------------------------------------------------------------------------------

  /**
   * A guest's load that the interpreter's fast path could not do: the chunk's first touch, an access across a page
   * boundary, or one that is not allowed. Addresses wrap.
   *
   * @param address int32 or uint32
   * @returns false where it is not allowed; else the value is in `low` (zero-extended up to 32 bits) and `high`
   */
  load(address: number, size: number): boolean {
    if (this.faultPage(address, size, Access.Read) >= 0) return false;
    let low = 0;
    let high = 0;
    for (let i = 0; i < size; i++) {
      const at = address + i;
      const byte = this.touch((at >>> CHUNK_SHIFT) & (CHUNK_COUNT - 1)).view.getUint8(at & (CHUNK_SIZE - 1));
      if (i < 4) low |= byte << (i * 8);
      else high |= byte << (i * 8 - 32);
    }
    this.low = low;
    this.high = high;
    return true;
  }

  /** A guest's store that the fast path could not do. Returns false, having written nothing, where not allowed. */
  store(address: number, size: number, low: number, high: number): boolean {
    if (this.faultPage(address, size, Access.Write) >= 0) return false;
    if (this.tracker !== undefined) this.open(address >>> 0, size);
    for (let i = 0; i < size; i++) {
      const at = address + i;
      const byte = i < 4 ? low >>> (i * 8) : high >>> (i * 8 - 32);
      this.touch((at >>> CHUNK_SHIFT) & (CHUNK_COUNT - 1)).view.setUint8(at & (CHUNK_SIZE - 1), byte & 0xff);
    }
    return true;
  }

  /**
   * Makes a chunk with mapped pages usable from TypeScript and returns it. For the engines.
   *
   * @internal
   */
  touch(index: number): Chunk {
    const chunk = this.chunks[index];
    if (chunk.view === NO_VIEW && chunk !== EMPTY) {
      chunk.view = this.backing.chunkView(index);
      chunk.ready = chunk.access;
    }
    return chunk;
  }

  /** Frees the backing. */
  dispose(): void {
    this.chunks.fill(EMPTY);
    this.backing.dispose();
  }

  /** Whether the page an address lies in allows an access, now or once it is opened. */
  private allows(address: number, access: Access): boolean {
    if (this.accessAt(address) >= access) return true;
    return access === Access.Write && this.tracker !== undefined && this.tracker.isClosed(address);
  }

  /** Opens the closed pages among those of a range that is about to be written. Addresses wrap. */
  private open(address: number, length: number): void {
    if (length === 0) return;
    const tracker = this.tracker as WriteTracker;
    const first = Math.floor(address / PAGE_SIZE);
    const last = Math.floor((address + length - 1) / PAGE_SIZE);
    for (let page = first; page <= last; page++) {
      const at = (page * PAGE_SIZE) % ADDRESS_SPACE;
      if (tracker.isClosed(at)) tracker.open(at);
    }
  }

  private require(address: number, length: number, access: Access): void {
    const page = this.firstInaccessible(address, length, access);
    if (page >= 0) throw new MemoryAccessError(page, access);
  }

  private scalar(address: number, size: number): number {
    this.require(address, size, Access.Read);
    if (this.backing.copyOut && this.withoutView(address)) {
      const bytes = this.read(address, size);
      this.low = 0;
      this.high = 0;
      for (let i = 0; i < size; i++) {
        if (i < 4) this.low |= (bytes[i] as number) << (i * 8);
        else this.high |= (bytes[i] as number) << (i * 8 - 32);
      }
    } else this.load(address, size);
    return this.low;
  }

  private setScalar(address: number, size: number, low: number, high: number): void {
    this.require(address, size, Access.Write);
    if (this.tracker !== undefined) this.open(address, size);
    if (this.backing.copyIn && this.withoutView(address)) {
      const bytes = new Uint8Array(size);
      for (let i = 0; i < size; i++) bytes[i] = i < 4 ? low >>> (i * 8) : high >>> (i * 8 - 32);
      this.copyIn(address, bytes);
    } else this.store(address, size, low, high);
  }

  private copyIn(address: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const at = address + done;
      const size = Math.min(bytes.length - done, CHUNK_SIZE - (at % CHUNK_SIZE));
      const piece = bytes.subarray(done, done + size);
      if (this.backing.copyIn && this.withoutView(at)) this.backing.copyIn(at, piece);
      else this.bytesAt(at, size).set(piece);
      done += size;
    }
  }

  /**
   * Whether the host should copy past the view of an address's chunk, because there is none and few accesses so far
   * would have used it. V8 counts a view of 4 MiB as 4 MiB of memory: with one for each of a service's few host calls,
   * every fifteenth instance started a full collection. A copy costs some 300 ns more than through a view.
   */
  private withoutView(address: number): boolean {
    const chunk = this.chunks[Math.floor(address / CHUNK_SIZE)] as Chunk;
    return chunk.view === NO_VIEW && chunk.copies++ < COPIES_BEFORE_VIEW;
  }

  /** The bytes from an address on, at most to the end of its chunk. */
  private bytesAt(address: number, limit: number): Uint8Array {
    const index = Math.floor(address / CHUNK_SIZE);
    const view = this.touch(index).view;
    const offset = address - index * CHUNK_SIZE;
    return new Uint8Array(view.buffer, view.byteOffset + offset, Math.min(limit, CHUNK_SIZE - offset));
  }

  private chunkForWriting(index: number): Chunk {
    let chunk = this.chunks[index];
    if (chunk === EMPTY) {
      chunk = new Chunk(new Uint8Array(CHUNK_PAGES));
      this.chunks[index] = chunk;
    }
    return chunk;
  }

  private checkPages(address: number, length: number): void {
    if (address % PAGE_SIZE !== 0 || length % PAGE_SIZE !== 0 || length < 0) {
      throw new RangeError(`not whole pages: 0x${address.toString(16)}, length 0x${length.toString(16)}`);
    }
    if (address < this.lowest || address + length > ADDRESS_SPACE) {
      throw new RangeError(`outside guest memory: 0x${address.toString(16)}, length 0x${length.toString(16)}`);
    }
  }
}

function pageInChunk(address: number): number {
  return (address >>> PAGE_SHIFT) & (CHUNK_PAGES - 1);
}
