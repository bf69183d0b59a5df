/**
 * The arena: the one range of memory in which a VM keeps its guest, seen through typed arrays.
 *
 * Everything a guest can name by an address lies in here (objects, stacks, what `Unsafe` allocates), and every access
 * goes through these arrays, which the engine bounds-checks: so a guest cannot reach memory of its host, not even with
 * an invented address. The range starts at a multiple of 4 GiB, so the low half of a host address is the offset.
 *
 * From low to high: guard · context · method cache · metadata (grows up) · thread stacks · native memory (what
 * `Unsafe.allocateMemory` hands out) · card table · heap.
 */
import { commit, nativeSupport, release, reserve, view } from '../../host/index.js';
import { CARD_SHIFT, Context, Section } from './layout.js';

const MIB = 1 << 20;
const GIB = 1 << 30;

/**
 * Most a heap may have, in bytes: with the sections below it everything lies below 2 GiB. Addresses are small integers to
 * the engine there; above, they are negative as int32, and one program (a zip file system under a heap of 2 GB) hangs in a
 * way that has not been understood.
 */
export const LARGEST_HEAP = 1536 * MIB;

/** How the sections are cut, in bytes. */
export interface ArenaSizes {
  /** Heap, both generations; a multiple of 1 MiB up to `LARGEST_HEAP`. */
  readonly heap: number;
  readonly metadata?: number;
  readonly stacks?: number;
  readonly native?: number;
}

/** Memory of one VM. */
export class Arena {
  /** Host address of byte 0, or 0 where the platform has no address-space support and a plain buffer is used. */
  readonly base: number;
  /** Bytes in all. */
  readonly size: number;
  readonly buffer: ArrayBuffer;
  /** Words: the view that nearly everything uses. */
  readonly words: Int32Array;
  readonly u8: Uint8Array;
  readonly i8: Int8Array;
  readonly u16: Uint16Array;
  readonly i16: Int16Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
  /** Sections: first byte and end. */
  readonly metadataStart: number;
  readonly metadataEnd: number;
  readonly stacksStart: number;
  readonly stacksEnd: number;
  readonly nativeStart: number;
  readonly nativeEnd: number;
  readonly cardTable: number;
  readonly heapStart: number;
  readonly heapEnd: number;
  private metadataTop: number;
  private reservation = 0;
  private reservationBytes = 0;

  constructor(sizes: ArenaSizes) {
    const big = sizes.heap > GIB;
    this.metadataStart = Section.Metadata;
    this.metadataTop = Section.Metadata;
    this.metadataEnd = sizes.metadata ?? (big ? 192 : 256) * MIB;
    this.stacksStart = this.metadataEnd;
    this.stacksEnd = this.stacksStart + (sizes.stacks ?? (big ? 144 : 480) * MIB);
    this.nativeStart = this.stacksEnd;
    this.nativeEnd = this.nativeStart + (sizes.native ?? (big ? 160 : 256) * MIB);
    this.heapStart = Math.ceil((this.nativeEnd + 8.5 * MIB) / MIB) * MIB;
    this.heapEnd = this.heapStart + Math.ceil(sizes.heap / MIB) * MIB;
    // Cards for the whole arena, so that a store through Unsafe outside the heap needs no test; they cover only what
    // lies above the table itself in practice, and untouched pages cost nothing.
    this.cardTable = this.nativeEnd;
    this.size = this.heapEnd;
    if (this.size > 2 * GIB) throw new RangeError(`A heap of ${sizes.heap} bytes does not fit into an arena of 2 GiB`);
    if (this.cardTable + (this.size >>> CARD_SHIFT) > this.heapStart) throw new Error('card table overlaps the heap');
    if (nativeSupport().available) {
      // Twice the alignment, so that a multiple of 4 GiB lies in it.
      this.reservationBytes = this.size + 4 * GIB;
      this.reservation = reserve(this.reservationBytes);
      this.base = Math.ceil(this.reservation / (4 * GIB)) * 4 * GIB;
      commit(this.base, this.size);
      this.buffer = view(this.base, this.size);
    } else {
      this.base = 0;
      this.buffer = new ArrayBuffer(this.size);
    }
    this.words = new Int32Array(this.buffer);
    this.u8 = new Uint8Array(this.buffer);
    this.i8 = new Int8Array(this.buffer);
    this.u16 = new Uint16Array(this.buffer);
    this.i16 = new Int16Array(this.buffer);
    this.f32 = new Float32Array(this.buffer);
    this.f64 = new Float64Array(this.buffer);
    this.i64 = new BigInt64Array(this.buffer);
    this.words[Context.CardTable] = this.cardTable;
  }

  /** Bytes of metadata in use. */
  get metadataBytes(): number {
    return this.metadataTop - this.metadataStart;
  }

  /**
   * Takes `bytes` of metadata memory (zeroed, 8-aligned), for good: classes are never unloaded.
   *
   * @throws MetadataFull when the section is full; the runtime makes it `OutOfMemoryError: Metaspace`
   */
  allocateMetadata(bytes: number): number {
    const at = this.metadataTop;
    const end = at + ((bytes + 7) & ~7);
    if (end > this.metadataEnd) throw new MetadataFull();
    this.metadataTop = end;
    return at;
  }

  /** Gives the memory back. No view may be touched any more. */
  dispose(): void {
    if (this.reservation !== 0) release(this.reservation, this.reservationBytes);
    this.reservation = 0;
  }
}

/** The metadata section is full. */
export class MetadataFull extends Error {
  constructor() {
    super('The class metadata section is full');
  }
}
