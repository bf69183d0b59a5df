/**
 * The spaces of the heap and where they end. All positions are word indexes (byte offset / 4): below 2^30 whatever the
 * size of the heap, so they stay small integers, and the arena's `words` is indexed with them directly.
 *
 * ```
 * heapStart  oldStart …… oldTop      edenStart …… edenEnd  survivor  survivor  heapEnd
 *            old space, growing →  ← eden, sized anew      the two halves
 *                                    after each collection
 * ```
 *
 * The nursery lies on top because then "is it young" is one comparison, and because full collections slide everything
 * down: young objects become old in place, with no special case. Memory between `oldTop` and `edenStart`, and the unused
 * part of eden, is always zero.
 */
import type { Arena } from '../arena.js';
import { CARD_SHIFT, Context } from '../layout.js';

/** log2 of the words a card covers. */
export const CARD_WORD_SHIFT = CARD_SHIFT - 2;

/** Boundaries of one heap. */
export class Spaces {
  readonly words: Int32Array;
  readonly u8: Uint8Array;
  /** Card of word index `w`: `u8[cardTable + (w >>> CARD_WORD_SHIFT)]`. */
  readonly cardTable: number;
  readonly heapStart: number;
  readonly heapEnd: number;
  /** First object of the old space: `heapStart`, or a little above it while every object is made to move in tests. */
  oldStart: number;
  /** Next free word of the old space. */
  oldTop: number;
  edenStart: number;
  edenEnd: number;
  /** Words of each half of the survivor space; the halves end at `heapEnd`. 0: survivors go to the old space. */
  survivorWords: number;
  /** The half that holds objects, and how far it is filled. */
  fromStart: number;
  fromTop: number;
  /** The empty half. */
  toStart: number;
  /**
   * By card, counted from `heapStart`: word index of the object that covers the card's first word. Valid for cards
   * between `oldStart` and `oldTop`; it is what scanning of dirty cards starts from.
   */
  readonly cover: Int32Array;

  constructor(arena: Arena) {
    this.words = arena.words;
    this.u8 = arena.u8;
    this.cardTable = arena.cardTable;
    this.heapStart = arena.heapStart >>> 2;
    this.heapEnd = arena.heapEnd >>> 2;
    this.oldStart = this.heapStart;
    this.oldTop = this.heapStart;
    this.edenStart = this.heapEnd;
    this.edenEnd = this.heapEnd;
    this.survivorWords = 0;
    this.fromStart = this.heapEnd;
    this.fromTop = this.heapEnd;
    this.toStart = this.heapEnd;
    this.cover = new Int32Array(((this.heapEnd - this.heapStart) >>> CARD_WORD_SHIFT) + 1);
  }

  /** Next free word of eden: the allocation pointer that the interpreter and emitted code bump. */
  get edenTop(): number {
    return this.words[Context.AllocationTop]! >>> 2;
  }

  /** Says that an object of the old space occupies `words` words from `at`. */
  coverObject(at: number, words: number): void {
    const first = (at - this.heapStart + (1 << CARD_WORD_SHIFT) - 1) >>> CARD_WORD_SHIFT;
    const last = (at - this.heapStart + words - 1) >>> CARD_WORD_SHIFT;
    for (let card = first; card <= last; card++) this.cover[card] = at;
  }

  /** Marks all cards of a stretch of the old space, as if every word of it had been stored to. */
  dirty(at: number, words: number): void {
    const { cardTable } = this;
    const first = at >>> CARD_WORD_SHIFT;
    const last = (at + words - 1) >>> CARD_WORD_SHIFT;
    this.u8.fill(1, cardTable + first, cardTable + last + 1);
  }

  /** Words in use. */
  get usedWords(): number {
    return this.oldTop - this.oldStart + (this.edenTop - this.edenStart) + (this.fromTop - this.fromStart);
  }

  /**
   * Lays the nursery out: empty eden of `edenWords` below the survivor halves. The stretch must be zero already.
   */
  setEden(start: number, end: number): void {
    this.edenStart = start;
    this.edenEnd = end;
    this.words[Context.AllocationTop] = start << 2;
    this.words[Context.AllocationEnd] = end << 2;
  }

  /** Sets the size of the survivor halves, both empty. */
  setSurvivors(words: number): void {
    this.survivorWords = words;
    this.fromStart = this.heapEnd - 2 * words;
    this.fromTop = this.fromStart;
    this.toStart = this.heapEnd - words;
  }
}
