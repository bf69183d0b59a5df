/**
 * The full collection: marks what lives, then slides it down to the start of the heap in its order, old and young
 * alike; afterwards the nursery is empty and the old space has no holes.
 *
 * Marks are kept beside the heap, one bit for each 8 bytes, set for the whole extent of a live object. So where an object
 * will go is a table look-up and a population count (the table has one entry for each 256 bytes), nothing is written into
 * objects, and one pass in address order updates and moves them. Marking uses a stack of its own and does large arrays in
 * pieces, so neither deep nor broad structures make it grow without bounds.
 */
import type { References } from '../../runtime/references.js';
import { ClassKind, Klass, ObjectWord, type ReferenceKind } from '../layout.js';
import { IndexList, objectWords } from './objects.js';
import type { RootSet } from './roots.js';
import { CARD_WORD_SHIFT, type Spaces } from './spaces.js';

/** log2 of the heap words that one word of the bitmap covers: 32 bits of two words each. */
const BLOCK_SHIFT = 6;
/** Elements of an array that are marked at a time. */
const ARRAY_PIECE = 512;
const SHORT_COPY = 48;

function populationCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A stretch of the heap that holds objects. */
interface Segment {
  readonly start: number;
  readonly end: number;
}

/** See the head of the file. */
export class MarkCompact {
  private readonly words: Int32Array;
  private readonly heapStart: number;
  /** One bit for each two words of the heap. Made when first needed: most programs never collect fully. */
  private bitmap: Int32Array = new Int32Array(0);
  /** Where the first live object of each block goes. */
  private destinations: Int32Array = new Int32Array(0);
  private readonly stack = new IndexList(4096);
  /** Large arrays being marked: pairs of array and next element. */
  private readonly arrays = new IndexList(64);

  constructor(
    private readonly spaces: Spaces,
    private readonly references: References,
  ) {
    this.words = spaces.words;
    this.heapStart = spaces.heapStart;
  }

  /**
   * Collects. The old space then begins at `newStart` (`heapStart`, or above it where the caller knows that there is
   * room) and holds everything; eden and survivors are empty, all free memory is zero; the caller lays the nursery out.
   * `updateWeak` as for the scavenger.
   */
  run(roots: RootSet, newStart: number, updateWeak: (relocate: (ref: number) => number) => void): void {
    const { spaces, words } = this;
    const segments = this.segments();
    this.prepare(segments);
    const { slots, count } = roots;
    for (let i = 0; i < count; i++) this.mark(words[slots[i]!]! >>> 2);
    for (const handle of roots.handles) this.mark(handle.ref >>> 2);
    for (const at of roots.pinned) this.mark(at);
    this.drain();
    this.references.process(this);
    const top = this.place(segments, newStart);
    const { pending } = this.references;
    // The list of pending references was empty when the roots were gathered: its head is not among them.
    if (pending.ref !== 0 && !roots.handles.has(pending)) pending.ref = this.destination(pending.ref >>> 2) << 2;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      words[slot] = this.destination(words[slot]! >>> 2) << 2;
    }
    for (const handle of roots.handles) handle.ref = this.destination(handle.ref >>> 2) << 2;
    updateWeak((ref) => (this.isReached(ref >>> 2) ? this.destination(ref >>> 2) << 2 : 0));
    this.clearCards(segments);
    const shift = newStart - this.heapStart;
    this.move(segments, shift);
    if (shift > 0) words.copyWithin(newStart, this.heapStart, top - shift);
    this.clearFree(segments, top);
    spaces.oldStart = newStart;
    spaces.oldTop = top;
  }

  /** As `Tracer`. */
  isReached(at: number): boolean {
    const offset = at - this.heapStart;
    return ((this.bitmap[offset >>> BLOCK_SHIFT]! >>> ((offset >>> 1) & 31)) & 1) !== 0;
  }

  /** As `Tracer`: objects are still where they were. */
  reach(at: number): number {
    this.mark(at);
    this.drain();
    return at;
  }

  /** As `Tracer`. */
  current(at: number): number {
    return at;
  }

  /** As `Tracer`: all cards are cleaned in the end. */
  stored(_slot: number): void {}

  private segments(): Segment[] {
    const { spaces } = this;
    const all = [
      { start: spaces.oldStart, end: spaces.oldTop },
      { start: spaces.edenStart, end: spaces.edenTop },
      { start: spaces.fromStart, end: spaces.fromTop },
    ];
    return all.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  }

  private prepare(segments: readonly Segment[]): void {
    const blocks = ((this.spaces.heapEnd - this.heapStart) >>> BLOCK_SHIFT) + 1;
    if (this.bitmap.length === 0) {
      this.bitmap = new Int32Array(blocks);
      this.destinations = new Int32Array(blocks);
      return;
    }
    for (const { start, end } of segments) this.bitmap.fill(0, this.blockOf(start), this.blockOf(end - 1) + 1);
  }

  private blockOf(at: number): number {
    return (at - this.heapStart) >>> BLOCK_SHIFT;
  }

  /** Marks the object at `at` and, unless it holds no references, remembers to mark what it refers to. */
  private mark(at: number): void {
    const { bitmap, words } = this;
    const granule = (at - this.heapStart) >>> 1;
    let block = granule >>> 5;
    const bit = granule & 31;
    if (((bitmap[block]! >>> bit) & 1) !== 0) return;
    const klass = words[at]! >>> 2;
    let left = objectWords(words, at, klass) >>> 1;
    const first = 32 - bit;
    if (left <= first) {
      bitmap[block]! |= (left === 32 ? -1 : (1 << left) - 1) << bit;
    } else {
      bitmap[block]! |= -1 << bit;
      left -= first;
      block++;
      if (left >= 32) {
        const full = left >>> 5;
        bitmap.fill(-1, block, block + full);
        block += full;
        left &= 31;
      }
      if (left > 0) bitmap[block]! |= (1 << left) - 1;
    }
    const kind = words[klass + Klass.Kind]!;
    if (kind === ClassKind.Instance ? words[klass + Klass.ReferenceMap] !== 0 : kind === ClassKind.ReferenceArray) {
      this.stack.push(at);
    }
  }

  private drain(): void {
    const { stack, arrays, words } = this;
    for (;;) {
      while (stack.length > 0) this.markChildren(words, stack.items[--stack.length]!);
      if (arrays.length === 0) return;
      const next = arrays.items[--arrays.length]!;
      const array = arrays.items[--arrays.length]!;
      this.markElements(words, array, next);
    }
  }

  private markChildren(words: Int32Array, at: number): void {
    const klass = words[at]! >>> 2;
    if (words[klass + Klass.Kind] === ClassKind.ReferenceArray) {
      this.markElements(words, at, 0);
      return;
    }
    let skip = -1;
    if (words[klass + Klass.ReferenceKind] !== 0) {
      const slot = at + this.references.referentWord;
      const referent = words[slot]! >>> 2;
      const kind = words[klass + Klass.ReferenceKind] as ReferenceKind;
      if (referent !== 0 && !this.isReached(referent) && !this.references.discover(at, kind)) this.mark(referent);
      const next = words[at + this.references.discoveredWord]! >>> 2;
      if (next !== 0) this.mark(next);
      skip = slot;
    }
    const map = words[klass + Klass.ReferenceMap]! >>> 2;
    const end = map + words[map]!;
    for (let i = map + 1; i <= end; i++) {
      const slot = at + (words[i]! >>> 2);
      const child = words[slot]! >>> 2;
      if (child !== 0 && slot !== skip) this.mark(child);
    }
  }

  private markElements(words: Int32Array, array: number, from: number): void {
    const length = words[array + ObjectWord.Length]!;
    let to = length;
    if (length - from > ARRAY_PIECE) {
      to = from + ARRAY_PIECE;
      this.arrays.push(array);
      this.arrays.push(to);
    }
    const end = array + ObjectWord.Elements + to;
    for (let slot = array + ObjectWord.Elements + from; slot < end; slot++) {
      const child = words[slot]! >>> 2;
      if (child !== 0) this.mark(child);
    }
  }

  /** Computes where everything goes; returns the end of the old space to be. */
  private place(segments: readonly Segment[], newStart: number): number {
    const { bitmap, destinations } = this;
    let next = newStart;
    for (const { start, end } of segments) {
      const last = this.blockOf(end - 1);
      for (let block = this.blockOf(start); block <= last; block++) {
        destinations[block] = next;
        next += populationCount(bitmap[block]!) << 1;
      }
    }
    return next;
  }

  /** Where the live object at `at` goes. */
  private destination(at: number): number {
    const offset = at - this.heapStart;
    const block = offset >>> BLOCK_SHIFT;
    const below = this.bitmap[block]! & ((1 << ((offset >>> 1) & 31)) - 1);
    return this.destinations[block]! + (populationCount(below) << 1);
  }

  private clearCards(segments: readonly Segment[]): void {
    const { u8, cardTable } = this.spaces;
    for (const { start, end } of segments) {
      u8.fill(0, cardTable + (start >>> CARD_WORD_SHIFT), cardTable + ((end - 1) >>> CARD_WORD_SHIFT) + 1);
    }
  }

  /** Updates every live object and moves it to its destination less `shift`; says where the old space's objects lie. */
  private move(segments: readonly Segment[], shift: number): void {
    const { bitmap, words, spaces, heapStart } = this;
    for (const { start, end } of segments) {
      const lastBlock = this.blockOf(end - 1);
      let block = this.blockOf(start);
      let bits = bitmap[block]!;
      for (;;) {
        while (bits === 0 && block < lastBlock) bits = bitmap[++block]!;
        if (bits === 0) break;
        const at = heapStart + (((block << 5) + 31 - Math.clz32(bits & -bits)) << 1);
        const klass = words[at]! >>> 2;
        const size = objectWords(words, at, klass);
        const target = this.destination(at);
        this.update(words, at, klass);
        if ((target - 1) >>> CARD_WORD_SHIFT !== (target + size - 1) >>> CARD_WORD_SHIFT)
          spaces.coverObject(target, size);
        const to = target - shift;
        if (to !== at) {
          if (size <= SHORT_COPY) for (let i = 0; i < size; i++) words[to + i] = words[at + i]!;
          else words.copyWithin(to, at, at + size);
        }
        const granule = (at + size - heapStart) >>> 1;
        block = granule >>> 5;
        if (block > lastBlock) break;
        bits = bitmap[block]! & (-1 << (granule & 31));
      }
    }
  }

  /** Makes every reference in the object at `at` lead to where its target goes. */
  private update(words: Int32Array, at: number, klass: number): void {
    const kind = words[klass + Klass.Kind]!;
    if (kind === ClassKind.Instance) {
      const map = words[klass + Klass.ReferenceMap]! >>> 2;
      if (map === 0) return;
      let skip = -1;
      let skipToo = -1;
      if (words[klass + Klass.ReferenceKind] !== 0) {
        skip = at + this.references.referentWord;
        const referent = words[skip]! >>> 2;
        if (referent !== 0) words[skip] = this.destination(referent) << 2;
        skipToo = at + this.references.discoveredWord;
        const next = words[skipToo]! >>> 2;
        if (next !== 0) words[skipToo] = this.destination(next) << 2;
      }
      const end = map + words[map]!;
      for (let i = map + 1; i <= end; i++) {
        const slot = at + (words[i]! >>> 2);
        const child = words[slot]! >>> 2;
        if (child !== 0 && slot !== skip && slot !== skipToo) words[slot] = this.destination(child) << 2;
      }
    } else if (kind === ClassKind.ReferenceArray) {
      const elements = at + ObjectWord.Elements;
      const end = elements + words[at + ObjectWord.Length]!;
      for (let slot = elements; slot < end; slot++) {
        const child = words[slot]! >>> 2;
        if (child !== 0) words[slot] = this.destination(child) << 2;
      }
    }
  }

  /** Zeroes what was in use and is not any more. */
  private clearFree(segments: readonly Segment[], top: number): void {
    const { words, spaces } = this;
    for (const { start, end } of segments) if (end > top) words.fill(0, Math.max(start, top), end);
    // Left over from an old space that began above the heap's start.
    if (top < spaces.oldStart) words.fill(0, top, spaces.oldStart);
    // The empty survivor half holds what was copied out of it.
    if (spaces.survivorWords > 0) {
      words.fill(0, Math.max(spaces.heapEnd - 2 * spaces.survivorWords, top), spaces.heapEnd);
    }
  }
}
