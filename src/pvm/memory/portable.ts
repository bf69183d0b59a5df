/**
 * Guest memory in ordinary buffers: for the interpreter on platforms without a native window.
 *
 * One buffer of 4 MiB for each chunk that is touched. Allocators hand such sizes out as untouched zero pages, so
 * what counts against the process is the pages a guest writes, not the size. Access levels are enforced by
 * `GuestMemory` alone.
 */
import type { Access } from '../program/image.js';
import { CHUNK_SHIFT, CHUNK_SIZE, type MemoryBacking } from './guest-memory.js';

/** Buffers of our own, one a chunk. */
export class PortableBacking implements MemoryBacking {
  private readonly buffers = new Map<number, Uint8Array>();

  chunkView(index: number): DataView {
    let bytes = this.buffers.get(index);
    if (bytes === undefined) {
      bytes = new Uint8Array(CHUNK_SIZE);
      this.buffers.set(index, bytes);
    }
    return new DataView(bytes.buffer);
  }

  setAccess(_address: number, _length: number, _access: Access): void {
    // Nothing below GuestMemory looks at it.
  }

  zero(address: number, length: number): void {
    const end = address + length;
    for (let at = address; at < end; ) {
      const index = at >>> CHUNK_SHIFT;
      const stop = Math.min(end, (index + 1) * CHUNK_SIZE);
      this.buffers.get(index)?.fill(0, at - index * CHUNK_SIZE, stop - index * CHUNK_SIZE);
      at = stop;
    }
  }

  dispose(): void {
    this.buffers.clear();
  }
}
