/**
 * java.lang.ref: what the collector found only softly, weakly, finalizably or phantom reachable, and the list of
 * references that the library's ReferenceHandler thread takes from the VM.
 *
 * While a collector traces it puts each active Reference whose referent it has not reached yet on a list here instead
 * of following it. When tracing has ended `process` goes through the lists in the order of strength. References that
 * were cleared (or, finalizable ones, whose referent was kept for its finalizer) are linked through their `discovered`
 * field, the head of that list being a root.
 */
import { IndexList } from '../memory/collector/objects.js';
import { ReferenceKind } from '../memory/layout.js';
import type { Activity, Handle } from './activity.js';
import { BLOCK } from './activity.js';
import type { JavaClass } from './java-class.js';
import type { JavaThread } from './thread.js';

/** Milliseconds a soft reference outlives its last use, for each free MiB of the heap. */
const SOFT_MILLIS_PER_MIB = 1000;
const MIB = 1 << 20;

/** What reference processing needs of the VM. */
export interface ReferenceOwner {
  readonly words: Int32Array;
  readonly classes: readonly JavaClass[];
}

/** What a collector does with an object, seen from reference processing; positions are word indexes. */
export interface Tracer {
  /** Whether the object at `at` has been reached. */
  isReached(at: number): boolean;
  /** Reaches the object at `at` and all it leads to, and returns where it is now. */
  reach(at: number): number;
  /** Where a reached object is now. */
  current(at: number): number;
  /** A reference was stored at word index `slot`: the write barrier. */
  stored(slot: number): void;
}

/** See the head of the file. */
export class References {
  /** Head of the pending list. */
  readonly pending: Handle = { ref: 0 };
  /** Whether References are put on the lists; off while referents of finalizers are traced. */
  discovering = false;
  /** Threads in `waitForReferencePendingList`. */
  private waiters: JavaThread[] = [];
  private readonly soft = new IndexList();
  private readonly weak = new IndexList();
  private readonly final = new IndexList();
  private readonly phantom = new IndexList();
  // Word offsets in a Reference; 0 until its class is there.
  private referentOffset = 0;
  private discoveredOffset = 0;
  private nextOffset = 0;
  private timestampOffset = 0;
  /** Word index of SoftReference.clock. */
  private clockAt = 0;
  private softLimitMillis = Infinity;
  private keepAllSoft = true;

  constructor(private readonly owner: ReferenceOwner) {}

  /** Word offset of `Reference.referent` in an object. Known while a collection runs that meets one. */
  get referentWord(): number {
    return this.referentOffset;
  }

  /** Word offset of `Reference.discovered`: a reference like others, though no class's reference map has it. */
  get discoveredWord(): number {
    return this.discoveredOffset;
  }

  /**
   * Begins a collection. `softFreeBytes`: free heap after the last collection, from which follows how long unused soft
   * references are kept; -1: all are kept, 0: all are cleared.
   */
  begin(softFreeBytes: number): void {
    if (this.clockAt === 0) this.findOffsets();
    this.discovering = true;
    this.keepAllSoft = softFreeBytes < 0;
    this.softLimitMillis = softFreeBytes === 0 ? -1 : (softFreeBytes / MIB) * SOFT_MILLIS_PER_MIB;
  }

  /**
   * Called for a Reference at `at`, whose referent is not null and has not been reached.
   *
   * @returns true when it was put on a list: the referent must not be followed
   */
  discover(at: number, kind: ReferenceKind): boolean {
    if (!this.discovering) return false;
    switch (kind) {
      case ReferenceKind.Soft:
        if (this.keepAllSoft || this.idleMillis(at) <= this.softLimitMillis) return false;
        this.soft.push(at);
        return true;
      case ReferenceKind.Weak:
        this.weak.push(at);
        return true;
      case ReferenceKind.Final:
        // One that is on its way to its finalizer has `next` set, and holds its referent like any other field.
        if (this.owner.words[at + this.nextOffset] !== 0) return false;
        this.final.push(at);
        return true;
      case ReferenceKind.Phantom:
        this.phantom.push(at);
        return true;
      default:
        return false;
    }
  }

  /** Ends tracing: clears what was not reached otherwise, keeps finalizable objects, and fills the pending list. */
  process(tracer: Tracer): void {
    this.discovering = false;
    this.clear(this.soft, tracer);
    this.clear(this.weak, tracer);
    this.keepFinalizable(tracer);
    this.clear(this.phantom, tracer);
  }

  /** Ends the collection: makes threads runnable that wait for the pending list. `wake` puts one back to run. */
  end(nowMillis: number, wake: (thread: JavaThread) => void): void {
    if (this.clockAt !== 0) {
      const { words } = this.owner;
      words[this.clockAt] = nowMillis | 0;
      words[this.clockAt + 1] = Math.floor(nowMillis / 2 ** 32);
    }
    if (this.pending.ref === 0 || this.waiters.length === 0) return;
    const { waiters } = this;
    this.waiters = [];
    for (const thread of waiters) wake(thread);
  }

  /** The pending list, which is empty afterwards. */
  takePending(): number {
    const head = this.pending.ref;
    this.pending.ref = 0;
    return head;
  }

  /** Waits until the pending list is not empty. `wait` takes the thread off the run queue. */
  *waitForPending(t: JavaThread, wait: (thread: JavaThread) => void): Activity<void> {
    while (this.pending.ref === 0) {
      this.waiters.push(t);
      wait(t);
      yield BLOCK;
      const at = this.waiters.indexOf(t);
      if (at >= 0) this.waiters.splice(at, 1);
    }
  }

  /**
   * Finds the fields among the classes that are there: nothing may be loaded while a collection runs, and a class that is
   * not laid out yet has no instances.
   */
  private findOffsets(): void {
    const word = (className: string, name: string) => {
      const cls = this.owner.classes.find((c) => c.name === `java/lang/ref/${className}` && c.loader.isBoot);
      return (cls?.fields.find((f) => f.name === name)?.offset ?? 0) >>> 2;
    };
    this.referentOffset = word('Reference', 'referent');
    this.discoveredOffset = word('Reference', 'discovered');
    this.nextOffset = word('Reference', 'next');
    this.timestampOffset = word('SoftReference', 'timestamp');
    this.clockAt = word('SoftReference', 'clock');
  }

  private idleMillis(at: number): number {
    const { words } = this.owner;
    const long = (i: number) => words[i + 1]! * 2 ** 32 + (words[i]! >>> 0);
    return long(this.clockAt) - long(at + this.timestampOffset);
  }

  private clear(list: IndexList, tracer: Tracer): void {
    const { words } = this.owner;
    const { items, length } = list;
    for (let i = 0; i < length; i++) {
      const at = items[i]!;
      const slot = at + this.referentOffset;
      const referent = words[slot]! >>> 2;
      if (tracer.isReached(referent)) {
        words[slot] = tracer.current(referent) << 2;
        tracer.stored(slot);
      } else {
        words[slot] = 0;
        this.append(at, tracer);
      }
    }
    list.length = 0;
  }

  private keepFinalizable(tracer: Tracer): void {
    const { words } = this.owner;
    const { items, length } = this.final;
    // Which are unreachable is settled before any of them is kept: they may lead to one another.
    const dying = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      if (!tracer.isReached(words[items[i]! + this.referentOffset]! >>> 2)) dying[i] = 1;
    }
    for (let i = 0; i < length; i++) {
      const at = items[i]!;
      const slot = at + this.referentOffset;
      words[slot] = tracer.reach(words[slot]! >>> 2) << 2;
      tracer.stored(slot);
      if (dying[i] === 0) continue;
      words[at + this.nextOffset] = at << 2;
      tracer.stored(at + this.nextOffset);
      this.append(at, tracer);
    }
    this.final.length = 0;
  }

  private append(at: number, tracer: Tracer): void {
    const slot = at + this.discoveredOffset;
    this.owner.words[slot] = this.pending.ref;
    tracer.stored(slot);
    this.pending.ref = at << 2;
  }
}
