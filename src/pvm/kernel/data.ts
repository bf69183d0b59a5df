/**
 * A DATA capability: the owner of some physical pages, and what is known of them.
 *
 * Pages belong to one DATA capability each, and it can only be moved, so a page is mapped in one VM at one address at
 * most. Base address and access are fixed by the first MAP for the capability's life.
 */
import type { Access } from '../program/image.js';

/** Physical pages and their mapping. */
export class DataCapability {
  /** Page of the address space its first page is mapped at; −1 until the first MAP. */
  base = -1;
  /** Access of its mapped pages; undefined until the first MAP. */
  access: Access.Read | Access.Write | undefined;
  /** 1 for each page that is mapped. */
  readonly mapped: Uint8Array;
  /** Number of mapped pages. */
  mappedCount = 0;
  /** 1 for each page that was written since DIRTY last asked; kept where somebody may ask. */
  readonly dirty: Uint8Array;

  constructor(
    /** Its number in the kernel, for inspection. */
    readonly id: number,
    /** First physical page. */
    readonly firstPage: number,
    /** Number of pages. */
    readonly pages: number,
  ) {
    this.mapped = new Uint8Array(pages);
    this.dirty = new Uint8Array(pages);
  }

  /** Whether a page is mapped and was written since DIRTY last asked. */
  isWritten(page: number): boolean {
    return this.mapped[page] === 1 && this.dirty[page] === 1;
  }

  /** Calls back for each maximal run of pages in a range whose `mapped` is `state`, where the range ends or it changes. */
  runs(first: number, count: number, state: 0 | 1, visit: (first: number, count: number) => void): void {
    const end = Math.min(first + count, this.pages);
    for (let i = first; i < end; ) {
      if (this.mapped[i] !== state) {
        i++;
        continue;
      }
      let stop = i + 1;
      while (stop < end && this.mapped[stop] === state) stop++;
      visit(i, stop - i);
      i = stop;
    }
  }
}
