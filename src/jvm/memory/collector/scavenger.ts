/**
 * The young collection: copies what lives in eden and the full survivor half to the empty half, or to the old space when
 * it has survived often enough or the half is full (Cheney's algorithm with two scan pointers, so nothing recurses).
 *
 * An object that was copied has its new address, with bit 0 set, in its class word. Roots are those of the VM and the
 * words of the old space under dirty cards. A card stays dirty while a word under it leads to the nursery.
 *
 * The caller guarantees that the old space has room for everything in the nursery: a scavenge cannot fail.
 */
import type { References } from '../../runtime/references.js';
import { ClassKind, Klass, Mark, ObjectWord, type ReferenceKind } from '../layout.js';
import { objectWords } from './objects.js';
import type { RootSet } from './roots.js';
import { CARD_WORD_SHIFT, type Spaces } from './spaces.js';

/** Objects up to this size are copied word by word. */
const SHORT_COPY = 48;
const MAX_AGE = 6;

/** See the head of the file. */
export class Scavenger {
  /** Words copied to the survivor half and to the old space by the last scavenge. */
  survivedWords = 0;
  promotedWords = 0;
  private readonly words: Int32Array;
  private readonly u8: Uint8Array;
  private readonly cardTable: number;
  /** Survivals after which an object is promoted, in the place of the mark word's age. */
  private ageLimit = 3 << Mark.AgeShift;
  private young = 0;
  private toStart = 0;
  private toTop = 0;
  private toEnd = 0;
  private scanTo = 0;
  private scanOld = 0;

  constructor(
    private readonly spaces: Spaces,
    private readonly references: References,
  ) {
    this.words = spaces.words;
    this.u8 = spaces.u8;
    this.cardTable = spaces.cardTable;
  }

  /**
   * Empties eden and the full survivor half. Afterwards the halves have changed roles; eden is not zeroed yet.
   * `updateWeak` is called when everything reachable has been copied, with what maps an object to its new address (0: dead).
   */
  run(roots: RootSet, updateWeak: (relocate: (ref: number) => number) => void): void {
    const { spaces, words } = this;
    this.young = spaces.edenStart;
    this.toStart = spaces.toStart;
    this.toTop = spaces.toStart;
    this.toEnd = spaces.toStart + spaces.survivorWords;
    this.scanTo = this.toTop;
    const oldBefore = spaces.oldTop;
    this.scanOld = oldBefore;
    const { slots, count } = roots;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      words[slot] = this.relocated(words[slot]! >>> 2) << 2;
    }
    for (const handle of roots.handles) handle.ref = this.relocated(handle.ref >>> 2) << 2;
    for (const at of roots.pinned) this.relocated(at);
    this.scanCards(oldBefore);
    this.drain();
    this.references.process(this);
    updateWeak((ref) => {
      const at = ref >>> 2;
      if (at < this.young) return ref;
      return this.isReached(at) ? this.current(at) << 2 : 0;
    });
    this.survivedWords = this.toTop - this.toStart;
    this.promotedWords = spaces.oldTop - oldBefore;
    this.adaptAge();
    spaces.toStart = spaces.fromStart;
    spaces.fromStart = this.toStart;
    spaces.fromTop = this.toTop;
  }

  /** As `Tracer`. */
  isReached(at: number): boolean {
    return at < this.young || this.isTo(at) || (this.words[at]! & 1) !== 0;
  }

  /** As `Tracer`. */
  reach(at: number): number {
    const now = this.relocated(at);
    this.drain();
    return now;
  }

  /** As `Tracer`. */
  current(at: number): number {
    return at < this.young || this.isTo(at) ? at : this.words[at]! >>> 2;
  }

  /** As `Tracer`. */
  stored(slot: number): void {
    this.u8[this.cardTable + (slot >>> CARD_WORD_SHIFT)] = 1;
  }

  private isTo(at: number): boolean {
    return at >= this.toStart && at < this.toEnd;
  }

  private relocated(at: number): number {
    return at < this.young || this.isTo(at) ? at : this.evacuate(at);
  }

  /** Keeps the survivor half from overflowing: what would be promoted early anyway is promoted by age instead. */
  private adaptAge(): void {
    const age = this.ageLimit >>> Mark.AgeShift;
    const half = (this.toEnd - this.toStart) >>> 1;
    const next = this.survivedWords > half ? Math.max(1, age - 1) : Math.min(MAX_AGE, age + 1);
    this.ageLimit = next << Mark.AgeShift;
  }

  /** Copies the object at `at`, of eden or the full half, unless that was done; returns where it is now. */
  private evacuate(at: number): number {
    const { words } = this;
    const klass = words[at]!;
    if ((klass & 1) !== 0) return klass >>> 2;
    const size = objectWords(words, at, klass >>> 2);
    const mark = words[at + ObjectWord.Mark]!;
    let target: number;
    if ((mark & Mark.AgeMask) < this.ageLimit && this.toTop + size <= this.toEnd) {
      target = this.toTop;
      this.toTop = target + size;
      words[at + ObjectWord.Mark] = mark + (1 << Mark.AgeShift);
    } else {
      const { spaces } = this;
      target = spaces.oldTop;
      spaces.oldTop = target + size;
      // Most objects do not cross into another card.
      if ((target - 1) >>> CARD_WORD_SHIFT !== (target + size - 1) >>> CARD_WORD_SHIFT)
        spaces.coverObject(target, size);
    }
    if (size <= SHORT_COPY) for (let i = 0; i < size; i++) words[target + i] = words[at + i]!;
    else words.copyWithin(target, at, at + size);
    words[at] = (target << 2) | 1;
    return target;
  }

  private drain(): void {
    const { spaces, words } = this;
    let scanTo = this.scanTo;
    let scanOld = this.scanOld;
    while (scanTo < this.toTop || scanOld < spaces.oldTop) {
      while (scanTo < this.toTop) scanTo += this.scanObject(words, scanTo);
      while (scanOld < spaces.oldTop) scanOld += this.scanObject(words, scanOld);
    }
    this.scanTo = scanTo;
    this.scanOld = scanOld;
  }

  /** Relocates what the object at `at` refers to; returns the object's size in words. */
  private scanObject(words: Int32Array, at: number): number {
    const klass = words[at]! >>> 2;
    const kind = words[klass + Klass.Kind]!;
    if (kind === ClassKind.Instance) {
      const map = words[klass + Klass.ReferenceMap]! >>> 2;
      if (map !== 0) {
        if (words[klass + Klass.ReferenceKind] !== 0) {
          this.scanReference(at, klass, at, at + objectWords(words, at, klass));
        } else {
          const end = map + words[map]!;
          for (let i = map + 1; i <= end; i++) {
            const slot = at + (words[i]! >>> 2);
            const referent = words[slot]! >>> 2;
            if (referent >= this.young) this.scanSlot(words, slot, referent);
          }
        }
      }
      return ((words[klass + Klass.InstanceBytes]! + 7) >>> 3) << 1;
    }
    if (kind === ClassKind.ReferenceArray) {
      const length = words[at + ObjectWord.Length]!;
      const end = at + ObjectWord.Elements + length;
      for (let slot = at + ObjectWord.Elements; slot < end; slot++) {
        const referent = words[slot]! >>> 2;
        if (referent >= this.young) this.scanSlot(words, slot, referent);
      }
      return ObjectWord.Elements + ((length + 1) & ~1);
    }
    return objectWords(words, at, klass);
  }

  /** `referent` is in the nursery. */
  private scanSlot(words: Int32Array, slot: number, referent: number): void {
    let target = referent;
    if (referent < this.toStart || referent >= this.toEnd) {
      target = this.evacuate(referent);
      words[slot] = target << 2;
    }
    if (target >= this.young && slot < this.young) this.u8[this.cardTable + (slot >>> CARD_WORD_SHIFT)] = 1;
  }

  /** A java.lang.ref.Reference: as other objects, but its referent is not followed when it can be discovered. */
  private scanReference(at: number, klass: number, low: number, high: number): void {
    const { words } = this;
    const referentSlot = at + this.references.referentWord;
    this.scanMap(at, klass, low, high, referentSlot);
    const discoveredSlot = at + this.references.discoveredWord;
    if (discoveredSlot >= low && discoveredSlot < high) {
      const next = words[discoveredSlot]! >>> 2;
      if (next >= this.young) this.scanSlot(words, discoveredSlot, next);
    }
    if (referentSlot < low || referentSlot >= high) return;
    const referent = words[referentSlot]! >>> 2;
    if (referent < this.young) return;
    const kind = words[klass + Klass.ReferenceKind] as ReferenceKind;
    if (this.isReached(referent) || !this.references.discover(at, kind)) this.scanSlot(words, referentSlot, referent);
  }

  /** Relocates what the words of an instance between `low` and `high` refer to, except the word at `skip`. */
  private scanMap(at: number, klass: number, low: number, high: number, skip: number): void {
    const { words } = this;
    const map = words[klass + Klass.ReferenceMap]! >>> 2;
    if (map === 0) return;
    const end = map + words[map]!;
    for (let i = map + 1; i <= end; i++) {
      const slot = at + (words[i]! >>> 2);
      if (slot < low || slot >= high || slot === skip) continue;
      const referent = words[slot]! >>> 2;
      if (referent >= this.young) this.scanSlot(words, slot, referent);
    }
  }

  /** Relocates what lies under dirty cards of the old space below `oldTop`. */
  private scanCards(oldTop: number): void {
    const { spaces, words, u8 } = this;
    if (oldTop === spaces.oldStart) return;
    const first = this.cardTable + (spaces.oldStart >>> CARD_WORD_SHIFT);
    const last = this.cardTable + ((oldTop - 1) >>> CARD_WORD_SHIFT);
    // Four cards at a time as long as they are clean; the table's start is word-aligned, and so is the heap's first card.
    for (let four = first >>> 2; four <= last >>> 2; four++) {
      if (words[four] === 0) continue;
      for (let card = four << 2; card < (four << 2) + 4; card++) {
        if (u8[card] === 0 || card < first || card > last) continue;
        u8[card] = 0;
        this.scanCard((card - this.cardTable) << CARD_WORD_SHIFT, oldTop);
      }
    }
  }

  /** Relocates what the words of one card refer to. */
  private scanCard(start: number, oldTop: number): void {
    const { spaces, words } = this;
    const low = Math.max(start, spaces.oldStart);
    const high = Math.min(start + (1 << CARD_WORD_SHIFT), oldTop);
    let at = spaces.cover[(low - spaces.heapStart) >>> CARD_WORD_SHIFT]!;
    while (at < high) {
      const klass = words[at]! >>> 2;
      const kind = words[klass + Klass.Kind]!;
      const size = objectWords(words, at, klass);
      if (kind === ClassKind.ReferenceArray) {
        const elements = at + ObjectWord.Elements;
        const end = Math.min(elements + words[at + ObjectWord.Length]!, high);
        for (let slot = Math.max(elements, low); slot < end; slot++) {
          const referent = words[slot]! >>> 2;
          if (referent >= this.young) this.scanSlot(words, slot, referent);
        }
      } else if (kind === ClassKind.Instance) {
        if (words[klass + Klass.ReferenceKind] !== 0) this.scanReference(at, klass, low, high);
        else this.scanMap(at, klass, low, high, -1);
      }
      at += size;
    }
  }
}
