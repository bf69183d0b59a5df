/** Sizes of objects in the heap, as the collectors ask for them. */
import { ClassKind, Klass, ObjectWord } from '../layout.js';

/**
 * Size in words of the object at word index `at`, header and padding included; `klass` is the word index of its class
 * structure. The shift may wrap past 2^31: the value is read as unsigned then.
 */
export function objectWords(words: Int32Array, at: number, klass: number): number {
  const size = words[klass + Klass.InstanceBytes]!;
  if (words[klass + Klass.Kind]! === ClassKind.Instance) return ((size + 7) >>> 3) << 1;
  return ((((words[at + ObjectWord.Length]! << size) + 7) >>> 3) << 1) + ObjectWord.Elements;
}

/** A growing list of word indexes. */
export class IndexList {
  items: Int32Array;
  length = 0;

  constructor(capacity = 256) {
    this.items = new Int32Array(capacity);
  }

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[this.length++] = item;
  }

  private grow(): void {
    const larger = new Int32Array(this.items.length * 2);
    larger.set(this.items);
    this.items = larger;
  }
}
