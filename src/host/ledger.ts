/**
 * What each thread owns of the address space, written down where the other threads can find it.
 *
 * A worker that is terminated runs no JavaScript any more: no destructor, no finalizer, no `exit` event. Whatever it had
 * mapped would stay until the process ends. So each thread keeps a ledger in plain memory, and every thread that starts
 * to use native code first sweeps the ledgers of threads that no longer exist.
 *
 * The directory of ledgers lives in the process block (process-block.ts), which a thread attaches when it installs the
 * fault handler. Until then entries are kept in JavaScript; a thread that never installs it owns nothing but
 * reservations made by hand.
 */

/** Where entries go once the thread is attached. */
export interface LedgerStore {
  add(address: number, length: number): void;
  remove(address: number): void;
}

const pending = new Map<number, number>();
let store: LedgerStore | undefined;

/** Enters a mapping of this thread. */
export function own(address: number, length: number): void {
  if (store === undefined) pending.set(address, length);
  else store.add(address, length);
}

/** The "address" under which a ledger lists an open file: no mapping has a negative one. */
export function fileEntry(fd: number): number {
  return -1 - fd;
}

/** Strikes a mapping out: its owner has unmapped it or handed it over. */
export function disown(address: number): void {
  if (store === undefined) pending.delete(address);
  else store.remove(address);
}

/** Moves what has been entered so far to where other threads see it. */
export function attachLedger(target: LedgerStore): void {
  store = target;
  for (const [address, length] of pending) target.add(address, length);
  pending.clear();
}
