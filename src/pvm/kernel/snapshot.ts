/**
 * Warm restart: what a program left in the root VM's writable memory, to start its next run with.
 *
 * The next run begins at the beginning, with the same capabilities; only the contents of the manifest's writable DATA
 * capabilities are those of the last one. Pages that hold zeros are not stored.
 */
import { PAGE_SIZE } from '../layout.js';
import { Access } from '../program/image.js';
import { type Invocation, ROOT } from './invocation.js';

/** Contents of writable memory, in plain data that a file or a message can carry. */
export interface KernelSnapshot {
  readonly version: 1;
  /** Pages by address, each a multiple of the page size. */
  readonly pages: readonly { readonly address: number; readonly bytes: Uint8Array }[];
}

/** Copies the writable pages that the root VM has mapped, leaving out those of zeros. */
export function takeSnapshot(state: Invocation): KernelSnapshot {
  const pages: { address: number; bytes: Uint8Array }[] = [];
  for (const data of state.spaces.dataOf(ROOT)) {
    if (data.access !== Access.Write) continue;
    for (let i = 0; i < data.pages; i++) {
      if (data.mapped[i] === 0) continue;
      const bytes = state.pages.read(data.firstPage + i);
      if (bytes.some((byte) => byte !== 0)) pages.push({ address: (data.base + i) * PAGE_SIZE, bytes });
    }
  }
  pages.sort((a, b) => a.address - b.address);
  return { version: 1, pages };
}

/**
 * Fills the writable pages of the manifest's DATA capabilities, which hold zeros, before they are mapped.
 *
 * @throws RangeError where the snapshot holds a page that this program does not have
 */
export function applySnapshot(state: Invocation, snapshot: KernelSnapshot): void {
  if (snapshot.version !== 1) throw new RangeError(`snapshot version ${String(snapshot.version)}: expected 1`);
  const writable = [...state.data.values()].filter((data) => data.access === Access.Write);
  for (const { address, bytes } of snapshot.pages) {
    const page = address / PAGE_SIZE;
    const data = writable.find((one) => page >= one.base && page < one.base + one.pages);
    if (!Number.isInteger(page) || bytes.length !== PAGE_SIZE || data === undefined) {
      throw new RangeError(
        `the snapshot has ${bytes.length} bytes at 0x${address.toString(16)}: expected a page of writable memory`,
      );
    }
    state.pages.write(data.firstPage + page - data.base, bytes);
  }
}
