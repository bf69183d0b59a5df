/**
 * Guest memory for emitted code: a reserved range that holds the context, the whole 4 GiB address space and a guard.
 *
 * ```
 * base − 64 KiB   inaccessible, but for its last page: the context block
 * base            guest address 0 … 4 GiB, each page inaccessible, read-only or read-write
 * base + 4 GiB    inaccessible guard: an access of 8 bytes at the last address reaches into it
 * ```
 * Reserving costs address space only. A page costs memory once it is written; initial data is a private
 * (copy-on-write) mapping of one image shared by every instance of a program.
 */
import {
  copyFrom,
  copyTo,
  decommit,
  protect,
  release,
  reserve,
  type SharedImage,
  type SharedPages,
  view,
} from '../../host/address-space.js';
import { CONTEXT_SIZE } from '../layout.js';
import { Access } from '../program/image.js';
import { CHUNK_SIZE, type MemoryBacking } from './guest-memory.js';

const MARGIN = 0x10000;
const WINDOW_SIZE = 0x1_0000_0000;
const PROTECTIONS = ['none', 'read', 'write'] as const;

// Windows whose owner was dropped without dispose() are given back when the collector finds out.
const dropped = new FinalizationRegistry<number>((reservation) => release(reservation, WINDOW_SIZE + 2 * MARGIN));

/** A 4 GiB window with its context; the backing of a recompiled instance's memory. */
export class NativeWindow implements MemoryBacking {
  /** Host address of guest address 0. */
  readonly base: number;
  /** Host address of the context block. */
  readonly contextAddress: number;
  /** The context block. */
  readonly context: ArrayBuffer;
  private reservation: number;

  /** @throws Error where the address space cannot be had */
  constructor() {
    this.reservation = reserve(WINDOW_SIZE + 2 * MARGIN);
    this.base = this.reservation + MARGIN;
    this.contextAddress = this.base - CONTEXT_SIZE;
    protect(this.contextAddress, CONTEXT_SIZE, 'write');
    this.context = view(this.contextAddress, CONTEXT_SIZE);
    dropped.register(this, this.reservation, this);
  }

  chunkView(index: number): DataView {
    return new DataView(view(this.base + index * CHUNK_SIZE, CHUNK_SIZE));
  }

  setAccess(address: number, length: number, access: Access): void {
    if (access === Access.None) decommit(this.base + address, length);
    else protect(this.base + address, length, PROTECTIONS[access] as 'read' | 'write');
  }

  copyIn(address: number, bytes: Uint8Array): void {
    copyTo(this.base + address, bytes);
  }

  copyOut(address: number, bytes: Uint8Array): void {
    bytes.set(copyFrom(this.base + address, bytes.length));
  }

  /** Fresh pages of the reservation are zero, and unmapped ones were given back: nothing to do. */
  zero(): void {}

  /** Maps `length` bytes of a shared image, copy-on-write. */
  mapImage(image: SharedImage, offset: number, address: number, length: number, access: Access): void {
    image.mapPrivate(this.base + address, length, offset, PROTECTIONS[access] as 'read' | 'write');
  }

  /** Maps `length` bytes of shared physical pages from `offset` on. */
  mapPages(pages: SharedPages, offset: number, address: number, length: number, access: Access): void {
    pages.map(this.base + address, length, offset, PROTECTIONS[access] as 'read' | 'write');
  }

  dispose(): void {
    if (this.reservation === 0) return;
    dropped.unregister(this);
    release(this.reservation, WINDOW_SIZE + 2 * MARGIN);
    this.reservation = 0;
  }
}
