/**
 * The physical pages of a kernel: one file that is mapped into the windows, or, without native support, buffers that are
 * copied in and out. Copying is exact because a page is mapped in one place at most.
 *
 * Only this file and `spaces.ts` move bytes between VMs; what may be mapped where is decided by the operations.
 */
import { SharedPages } from '../../host/address-space.js';
import { PAGE_SIZE } from '../layout.js';
import type { GuestMemory } from '../memory/guest-memory.js';
import type { NativeWindow } from '../memory/window.js';
import type { Access } from '../program/image.js';

/** Where physical pages live. Ranges are numbers of pages. */
export interface PageStore {
  /** Makes physical pages appear in an address space. */
  map(
    memory: GuestMemory,
    window: NativeWindow | undefined,
    page: number,
    first: number,
    count: number,
    access: Access,
  ): void;
  /** Takes them out again; their contents stay. */
  unmap(memory: GuestMemory, page: number, first: number, count: number): void;
  /** Copies a page out. */
  read(page: number): Uint8Array;
  /** Writes bytes from the start of a page on, across as many as it takes. The pages must not be mapped. */
  write(page: number, bytes: Uint8Array): void;
  dispose(): void;
}

/** Pages of a shared file. */
export class NativePages implements PageStore {
  private readonly file: SharedPages | undefined;

  constructor(pages: number) {
    // A file of no bytes cannot be mapped; a kernel without memory needs none.
    if (pages > 0) this.file = new SharedPages(pages * PAGE_SIZE);
  }

  map(memory: GuestMemory, window: NativeWindow, page: number, first: number, count: number, access: Access): void {
    window.mapPages(this.pages(), page * PAGE_SIZE, first * PAGE_SIZE, count * PAGE_SIZE, access);
    memory.adopt(first * PAGE_SIZE, count * PAGE_SIZE, access);
  }

  unmap(memory: GuestMemory, _page: number, first: number, count: number): void {
    memory.unmap(first * PAGE_SIZE, count * PAGE_SIZE);
  }

  read(page: number): Uint8Array {
    return this.pages().read(page * PAGE_SIZE, PAGE_SIZE);
  }

  write(page: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.pages().write(page * PAGE_SIZE, bytes);
  }

  dispose(): void {
    this.file?.dispose();
  }

  private pages(): SharedPages {
    if (this.file === undefined) throw new RangeError('the kernel has no pages');
    return this.file;
  }
}

/** Pages in buffers of our own, made when they are first written. */
export class PortablePages implements PageStore {
  private readonly contents = new Map<number, Uint8Array>();
  /** Mapped pages: their bytes are in a guest's memory. */
  private readonly mapped = new Map<number, { readonly memory: GuestMemory; readonly address: number }>();

  map(
    memory: GuestMemory,
    _window: NativeWindow | undefined,
    page: number,
    first: number,
    count: number,
    access: Access,
  ): void {
    memory.map(first * PAGE_SIZE, count * PAGE_SIZE, access);
    for (let i = 0; i < count; i++) {
      const address = (first + i) * PAGE_SIZE;
      const bytes = this.contents.get(page + i);
      if (bytes !== undefined) memory.writeInitial(address, bytes);
      this.mapped.set(page + i, { memory, address });
    }
  }

  unmap(memory: GuestMemory, page: number, first: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.contents.set(page + i, memory.read((first + i) * PAGE_SIZE, PAGE_SIZE));
      this.mapped.delete(page + i);
    }
    memory.unmap(first * PAGE_SIZE, count * PAGE_SIZE);
  }

  read(page: number): Uint8Array {
    const place = this.mapped.get(page);
    if (place !== undefined) return place.memory.read(place.address, PAGE_SIZE);
    return this.contents.get(page)?.slice() ?? new Uint8Array(PAGE_SIZE);
  }

  write(page: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; done += PAGE_SIZE, page++) {
      const content = this.contents.get(page) ?? new Uint8Array(PAGE_SIZE);
      content.set(bytes.subarray(done, done + PAGE_SIZE));
      this.contents.set(page, content);
    }
  }

  dispose(): void {
    this.contents.clear();
    this.mapped.clear();
  }
}
