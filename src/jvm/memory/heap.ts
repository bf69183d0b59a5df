/**
 * The heap: allocation, and the decision when to collect and how much.
 *
 * Generational: new objects are bumped in eden, a scavenger copies what lives (collector/scavenger.ts), what has lived
 * for a while or is large is in the old space, which a sliding mark-compact collection keeps dense
 * (collector/mark-compact.ts). Nothing here runs by itself: the interpreter calls `collect` at a safepoint. Natives
 * never cause a collection; when eden is full under them they get memory of the old space, and the next safepoint is
 * asked to collect.
 *
 * A scavenge needs room in the old space for all of the nursery; where there is less the collection is a full one. The
 * nursery is laid out anew after each collection, so when memory gets scarce it shrinks and nearly the whole heap can be
 * filled with live objects.
 *
 * All memory handed out is zero.
 */
import { commit, decommit } from '../../host/index.js';
import type { JavaClass } from '../runtime/java-class.js';
import { References } from '../runtime/references.js';
import { type StackOwner, StackRoots } from '../runtime/stack-roots.js';
import type { JavaThread } from '../runtime/thread.js';
import { NeedsCollection } from '../runtime/throws.js';
import type { Arena } from './arena.js';
import { MarkCompact } from './collector/mark-compact.js';
import { type RootOwner, RootSet, type RootThread } from './collector/roots.js';
import { Scavenger } from './collector/scavenger.js';
import { Spaces } from './collector/spaces.js';
import { CollectionStatistics } from './collector/statistics.js';
import { ClassKind, Context, Klass, ObjectBytes, ObjectWord } from './layout.js';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Nursery boundaries are multiples of this many words (a host page): blocks of mark bits never span two spaces. */
const PAGE_WORDS = 1024;
const SMALLEST_EDEN = 64 * KIB;
const FIRST_EDEN = 8 * MIB;
const LARGEST_EDEN = 32 * MIB;
/** The old space may grow by at least this much before it is collected. */
const OLD_GROWTH = 32 * MIB;
/** Freed stretches from this size on, beyond where the old space will soon grow, go back to the host. */
const GIVE_BACK = 4 * MIB;
/**
 * Objects up to this size that the VM itself makes may use half of the reserve: a handler of OutOfMemoryError that still
 * holds what fills the heap can then load a string constant, as it can in HotSpot, whose heap is never filled to the
 * last byte.
 */
const SMALL_BYTES = 256;
/** How far objects are shifted by every other full collection of `stressCollect`, in words. */
const STRESS_SHIFT = 256;
/** `stressCollect` makes one in so many collections a full one. */
const STRESS_FULL = 16;

/** What the heap needs of a VM. Parts that do not exist yet while the VM is being made are used from the first collection on. */
export interface HeapOwner extends StackOwner {
  readonly arena: Arena;
  readonly options: {
    readonly initialHeap: number;
    readonly verboseGc: boolean;
    /** Not 0: `stressCollect` is called before every allocation of the interpreter, and collects in one of so many calls. */
    readonly stressCollection: number;
    readonly streams: { write(fd: 1 | 2, bytes: Uint8Array): void };
  };
  readonly classes: readonly JavaClass[];
  readonly roots: RootOwner['roots'];
  readonly monitors: {
    forEachUsed(visit: (monitor: { readonly object: number }) => void): void;
    forEachObject(visit: (ref: number) => number): void;
  };
  readonly scheduler: {
    readonly threads: Iterable<RootThread>;
    makeRunnable(thread: JavaThread): void;
  };
}

function roundDown(wordCount: number): number {
  return Math.floor(wordCount / PAGE_WORDS) * PAGE_WORDS;
}

/** See the head of the file. */
export class Heap {
  /** A collection is due at the next safepoint. */
  collectionWanted = false;
  /**
   * Lets allocations use the last of the heap, a reserve that is out of bounds otherwise: set while an OutOfMemoryError
   * is being made.
   */
  reserveOpen = false;
  readonly statistics: CollectionStatistics;
  readonly references: References;
  readonly spaces: Spaces;
  private readonly words: Int32Array;
  private readonly scavenger: Scavenger;
  private readonly markCompact: MarkCompact;
  private readonly rootSet = new RootSet();
  private readonly rootOwner: RootOwner;
  /** Words that only `reserveOpen` makes usable; half of them also for small objects of the VM's. */
  private readonly reserveWords: number;
  /** Words of a survivor half when there is room. */
  private readonly survivorTarget: number;
  private readonly largestEden: number;
  /** Eden's size when there is room for it, in words. */
  private edenTarget: number;
  /** Objects from this size on are allocated in the old space, in bytes. */
  private largeBytes = 0;
  /** Word index: a full collection is due when the old space has grown up to here. */
  private softLimit: number;
  /** Bytes of the allocation that failed last; 0: none since the last collection. */
  private wantedBytes = 0;
  private fullWanted = false;
  private stressCount = 0;
  /** Calls of `stressCollect` since it has collected. */
  private stressCalls = 0;
  /** Free bytes after the last full collection: how generous soft references are kept. */
  private freeAfterFull: number;

  constructor(private readonly vm: HeapOwner) {
    const { arena } = vm;
    this.words = arena.words;
    this.spaces = new Spaces(arena);
    this.references = new References(vm);
    this.scavenger = new Scavenger(this.spaces, this.references);
    this.markCompact = new MarkCompact(this.spaces, this.references);
    this.statistics = new CollectionStatistics(vm.options);
    const stacks = new StackRoots(vm);
    this.rootOwner = {
      words: vm.words,
      classes: vm.classes,
      roots: vm.roots,
      get threads() {
        return vm.scheduler.threads;
      },
      usedMonitors: (visit) => vm.monitors.forEachUsed(visit),
      visitStack: (thread, visit) => stacks.visit(thread.fp, visit),
    };
    const bytes = this.maxBytes();
    this.reserveWords = roundDown(Math.max(16 * KIB, Math.min(bytes / 256, MIB)) / 4);
    this.survivorTarget = roundDown(Math.min(bytes / 64, 2 * MIB) / 4);
    this.largestEden = roundDown(Math.max(SMALLEST_EDEN, Math.min(bytes / 4, LARGEST_EDEN)) / 4);
    this.edenTarget = Math.min(this.largestEden, FIRST_EDEN / 4);
    this.freeAfterFull = bytes;
    this.softLimit = this.spaces.heapStart;
    this.spaces.setSurvivors(this.survivorTarget);
    this.layEden(0);
    this.raiseSoftLimit(0);
    if (vm.options.stressCollection > 0) this.closeInline();
  }

  /** Heap limit in bytes: `Runtime.maxMemory`. */
  maxBytes(): number {
    return this.vm.arena.heapEnd - this.vm.arena.heapStart;
  }

  /** Bytes in use, garbage included. */
  usedBytes(): number {
    return this.spaces.usedWords * 4;
  }

  /** Bytes the heap may fill before it grows further: `Runtime.totalMemory`. Never less than `usedBytes`. */
  totalBytes(): number {
    const { spaces } = this;
    const nursery = spaces.edenEnd - spaces.edenStart + 2 * spaces.survivorWords;
    const wordCount = Math.max(this.softLimit, spaces.oldTop) - spaces.heapStart + nursery;
    return Math.min(this.maxBytes(), Math.ceil((wordCount * 4) / MIB) * MIB);
  }

  /**
   * A new object, zeroed. Never collects.
   *
   * @throws NeedsCollection when there is no room
   */
  allocateObject(cls: JavaClass): number {
    const { klass } = cls;
    return this.take(klass, this.words[(klass >>> 2) + Klass.InstanceBytes]!);
  }

  /**
   * A new array with `length` (not negative) zeroed elements. Never collects.
   *
   * @throws NeedsCollection when there is no room
   */
  allocateArray(arrayClass: JavaClass, length: number): number {
    if (!(length >= 0)) throw new RangeError(`Array length ${length}`);
    const { klass } = arrayClass;
    const bytes = ObjectBytes.Elements + length * 2 ** this.words[(klass >>> 2) + Klass.InstanceBytes]!;
    const ref = this.take(klass, bytes);
    this.words[(ref >>> 2) + ObjectWord.Length] = length;
    return ref;
  }

  /**
   * Slow path of `new`, `newarray` and their kin: `bytes` (any number, rounded up) of zeroed memory with the class word
   * written; arrays still need their length.
   *
   * @returns the reference, or 0: `collect(false, …)` first, and when it is 0 again throw OutOfMemoryError
   */
  allocateBytes(klass: number, bytes: number): number {
    const size = Math.ceil(bytes / 8) * 8;
    const { spaces } = this;
    if (size < this.largeBytes) {
      const at = this.takeEden(klass, size >>> 2);
      if (at !== 0) return at << 2;
    } else if (spaces.oldTop + size / 4 <= this.softLimit) {
      const at = this.takeOld(klass, size);
      if (at !== 0) return at << 2;
    } else {
      this.fullWanted = true;
    }
    if (this.reserveOpen) return this.takeOld(klass, size) << 2;
    this.wantedBytes = size;
    return 0;
  }

  /**
   * Collects garbage. Only at a safepoint: every reference must be where the collector looks (see collector/roots.ts).
   *
   * After an allocation has failed it does whatever it takes to make room for it, up to clearing all soft references;
   * so when the allocation fails again it is time for OutOfMemoryError.
   *
   * @param full whether the old space is collected in any case, and not only if necessary
   * @param cause for the log: `System.gc()`, `Allocation Failure`
   */
  collect(full: boolean, cause: string): void {
    const wanted = this.wantedBytes;
    this.wantedBytes = 0;
    this.collectionWanted = false;
    if (!full && !this.fullWanted && this.canScavenge()) {
      this.scavenge(cause, wanted);
      if (this.hasRoom(wanted)) return;
    }
    this.compact(cause, wanted, this.freeAfterFull);
    if (wanted > 0 && !this.hasRoom(wanted)) this.compact(cause, wanted, 0);
  }

  /**
   * For tests, before an allocation: collects, and moves every object that the kind of collection can move; one in
   * so many times all of them. From then on no allocation is done inline: the next one comes here too. With
   * `stressCollection` above 1 most calls only see to that.
   */
  stressCollect(): void {
    const { spaces } = this;
    if (++this.stressCalls < this.vm.options.stressCollection) {
      this.closeInline();
      return;
    }
    this.stressCalls = 0;
    if (++this.stressCount % STRESS_FULL !== 0 && this.canScavenge()) {
      this.scavenge('Stress', 0);
    } else {
      const roomy = (spaces.edenStart - spaces.oldTop) * 4 > 2 * MIB;
      const shifted = spaces.oldStart !== spaces.heapStart;
      this.compact('Stress', 0, this.freeAfterFull, roomy && !shifted ? STRESS_SHIFT : 0);
    }
    this.closeInline();
  }

  /** Sends every allocation to the slow path: there is nothing to bump. */
  private closeInline(): void {
    this.words[Context.AllocationEnd] = this.words[Context.AllocationTop]!;
  }

  /** An allocation by TypeScript code. */
  private take(klass: number, bytes: number): number {
    const size = Math.ceil(bytes / 8) * 8;
    if (size < this.largeBytes) {
      const at = this.takeEden(klass, size >>> 2);
      if (at !== 0) return at << 2;
      this.wantCollection();
    } else if (this.spaces.oldTop + size / 4 > this.softLimit) {
      this.fullWanted = true;
      this.wantCollection();
    }
    const at = this.takeOld(klass, size, size <= SMALL_BYTES ? this.reserveWords / 2 : this.reserveWords);
    if (at === 0) {
      this.wantedBytes = size;
      throw new NeedsCollection(size);
    }
    return at << 2;
  }

  private takeEden(klass: number, sizeWords: number): number {
    const { spaces, words } = this;
    const at = spaces.edenTop;
    const end = at + sizeWords;
    if (end > spaces.edenEnd) return 0;
    words[Context.AllocationTop] = end << 2;
    words[at] = klass;
    return at;
  }

  /** Memory of the old space, up to the hard limit less the words kept in reserve; 0 when there is none. */
  private takeOld(klass: number, bytes: number, reserve = this.reserveWords): number {
    const { spaces } = this;
    const at = spaces.oldTop;
    if (bytes > this.oldFreeBytes(reserve)) return 0;
    const sizeWords = bytes / 4;
    spaces.oldTop = at + sizeWords;
    spaces.coverObject(at, sizeWords);
    this.words[at] = klass;
    // Whoever fills a new object need not know where it lies: its cards count as written.
    if (this.words[(klass >>> 2) + Klass.Kind] !== ClassKind.PrimitiveArray) spaces.dirty(at, sizeWords);
    return at;
  }

  private oldFreeBytes(reserve = this.reserveWords): number {
    return (this.spaces.edenStart - this.spaces.oldTop - (this.reserveOpen ? 0 : reserve)) * 4;
  }

  private wantCollection(): void {
    this.collectionWanted = true;
    this.words[Context.Poll] = 1;
  }

  /** Whether an allocation of this size would succeed now, and allocation in general goes on for a while. */
  private hasRoom(bytes: number): boolean {
    const { spaces } = this;
    const eden = (spaces.edenEnd - spaces.edenTop) * 4;
    if (eden < SMALLEST_EDEN) return false;
    if (bytes < this.largeBytes) return bytes <= eden;
    return bytes <= this.oldFreeBytes() && spaces.oldTop + bytes / 4 <= this.softLimit;
  }

  private canScavenge(): boolean {
    const { spaces } = this;
    const nursery = spaces.edenTop - spaces.edenStart + spaces.fromTop - spaces.fromStart;
    return spaces.oldTop + nursery <= spaces.edenStart && spaces.oldTop <= this.softLimit;
  }

  private gatherRoots(low: number): RootSet {
    this.rootSet.gather(this.rootOwner, low, [this.references.pending]);
    return this.rootSet;
  }

  private scavenge(cause: string, wanted: number): void {
    const { spaces, scavenger, statistics, words } = this;
    statistics.begin(this.usedBytes());
    const edenWords = spaces.edenTop - spaces.edenStart;
    this.references.begin(-1);
    scavenger.run(this.gatherRoots(spaces.edenStart), (relocate) => this.vm.monitors.forEachObject(relocate));
    words.fill(0, spaces.edenStart, spaces.edenTop);
    // Where much survives a larger nursery gives objects more time to die.
    const survived = scavenger.survivedWords + scavenger.promotedWords;
    if (survived * 16 > edenWords) this.edenTarget = Math.min(this.largestEden, this.edenTarget * 2);
    this.layEden(wanted);
    this.endCollection();
    statistics.end('young', cause, this.usedBytes(), this.totalBytes());
  }

  /** A full collection. `softFreeBytes`: see `References.begin`. `shift`: words left free at the start of the heap. */
  private compact(cause: string, wanted: number, softFreeBytes: number, shift = 0): void {
    const { spaces, statistics } = this;
    statistics.begin(this.usedBytes());
    this.references.begin(softFreeBytes);
    const topBefore = spaces.oldTop;
    this.markCompact.run(this.gatherRoots(spaces.heapStart), spaces.heapStart + shift, (relocate) =>
      this.vm.monitors.forEachObject(relocate),
    );
    this.fullWanted = false;
    const free = spaces.heapEnd - spaces.oldTop;
    this.freeAfterFull = free * 4;
    spaces.setSurvivors(Math.min(this.survivorTarget, roundDown(free / 16)));
    this.layEden(wanted);
    this.raiseSoftLimit(wanted);
    this.giveBack(Math.max(spaces.oldTop, this.softLimit), Math.min(topBefore, spaces.edenStart));
    this.endCollection();
    statistics.end('full', cause, this.usedBytes(), this.totalBytes());
  }

  private endCollection(): void {
    this.references.end(Date.now(), (thread) => this.vm.scheduler.makeRunnable(thread));
  }

  /**
   * Lays eden out below the survivor halves, as large as the target and the free memory allow: the old space must have room
   * for all of the nursery, and for an allocation of `wanted` bytes that is going to be made there.
   */
  private layEden(wanted: number): void {
    const { spaces } = this;
    const end = spaces.heapEnd - 2 * spaces.survivorWords;
    const free = Math.max(0, end - spaces.oldTop - this.reserveWords);
    let size = Math.min(this.edenTarget, roundDown((free - (spaces.fromTop - spaces.fromStart)) / 2));
    // A large allocation is made in the old space: eden leaves it the room.
    const wantedWords = wanted / 4;
    if (wantedWords * 2 >= size) size = Math.min(size, roundDown(free - wantedWords));
    // What is too little for a nursery is handed out as old space, without a collection every few objects.
    if (size * 4 < SMALLEST_EDEN) size = free * 4 < SMALLEST_EDEN ? 0 : SMALLEST_EDEN / 4;
    spaces.setEden(end - size, end);
    this.largeBytes = size * 2;
  }

  private raiseSoftLimit(wanted: number): void {
    const { spaces } = this;
    const live = (spaces.oldTop - spaces.heapStart) * 4;
    const bytes = Math.max(this.vm.options.initialHeap, live * 2, live + OLD_GROWTH) + wanted;
    this.softLimit = Math.min(spaces.heapStart + Math.ceil(bytes / 4), spaces.edenStart);
  }

  /** Gives free memory between two word indexes, all zero, back to the host. */
  private giveBack(start: number, end: number): void {
    const { base } = this.vm.arena;
    const from = Math.ceil(start / PAGE_WORDS) * PAGE_WORDS;
    const length = (roundDown(end) - from) * 4;
    if (base === 0 || length < GIVE_BACK) return;
    decommit(base + from * 4, length);
    commit(base + from * 4, length);
  }
}
