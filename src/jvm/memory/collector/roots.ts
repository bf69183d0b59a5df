/**
 * The roots of a collection, gathered once at its start.
 *
 * A full collection goes over the roots twice, to mark from them and to update them, and must update each exactly once;
 * so they are collected into a list first instead of being walked again. Only roots that lead into the collected part of
 * the heap are kept.
 */
import type { Handle } from '../../runtime/activity.js';
import type { JavaClass } from '../../runtime/java-class.js';
import { Context, Klass } from '../layout.js';

/** What knows of references outside the heap. */
export interface RootOwner {
  readonly words: Int32Array;
  readonly classes: readonly JavaClass[];
  readonly roots: { forEachBlock(visit: (startWord: number, endWord: number) => void): void };
  readonly threads: Iterable<RootThread>;
  /** Monitors that a thread owns, wants or waits on: code may have overwritten the last variable that named the object. */
  usedMonitors(visit: (monitor: { readonly object: number }) => void): void;
  /** Calls `visit` with the word index of each stack word of a thread that holds a reference. */
  visitStack(thread: RootThread, visit: (slot: number) => void): void;
}

/** The part of a Java thread that holds references for TypeScript. */
export interface RootThread {
  /** Frame pointer of the youngest frame, a word index; 0: none. */
  readonly fp: number;
  readonly handles: readonly Handle[];
  readonly activations: readonly { readonly handles: readonly Handle[] }[];
}

/** See the head of the file. */
export class RootSet {
  /** Word indexes; the first `count` are valid. */
  slots = new Int32Array(4096);
  count = 0;
  readonly handles = new Set<Handle>();
  /** Objects (word indexes) that live without a slot that must be updated. */
  readonly pinned: number[] = [];
  private low = 0;

  /** Gathers the roots that lead to word index `low` or above. `more`: handles that no thread owns. */
  gather(owner: RootOwner, low: number, more: readonly Handle[]): void {
    this.count = 0;
    this.handles.clear();
    this.pinned.length = 0;
    this.low = low;
    const { words } = owner;
    for (const cls of owner.classes) {
      if (cls.klass === 0) continue;
      const mirror = (cls.klass >>> 2) + Klass.Mirror;
      if (words[mirror]! >>> 2 >= low) this.add(mirror);
      const statics = cls.staticReferences;
      for (let i = 0; i < statics.length; i++) {
        const slot = statics[i]! >>> 2;
        if (words[slot]! >>> 2 >= low) this.add(slot);
      }
    }
    owner.roots.forEachBlock((start, end) => {
      for (let slot = start; slot < end; slot++) if (words[slot]! >>> 2 >= low) this.add(slot);
    });
    if (words[Context.CurrentThreadObject]! >>> 2 >= low) this.add(Context.CurrentThreadObject);
    const visit = (slot: number): void => {
      if (words[slot]! >>> 2 >= low) this.add(slot);
    };
    for (const thread of owner.threads) {
      owner.visitStack(thread, visit);
      this.addHandles(thread.handles);
      for (const { handles } of thread.activations) this.addHandles(handles);
    }
    this.addHandles(more);
    owner.usedMonitors(({ object }) => {
      if (object >>> 2 >= low) this.pinned.push(object >>> 2);
    });
  }

  private addHandles(handles: readonly Handle[]): void {
    for (const handle of handles) if (handle.ref >>> 2 >= this.low) this.handles.add(handle);
  }

  private add(slot: number): void {
    if (this.count === this.slots.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.slots);
      this.slots = larger;
    }
    this.slots[this.count++] = slot;
  }
}
