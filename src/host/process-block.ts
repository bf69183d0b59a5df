/**
 * The process block: what all threads of a process share about native code. It holds the emitted signal handler, the
 * registry of code regions it searches, and the directory of ledgers. It is mapped once and never freed, because a
 * signal may arrive at any time and workers come and go.
 *
 * JavaScript threads share no variables, so a thread finds the block through the operating system: the installed action
 * for SIGSEGV is the block's first byte, recognised by its page alignment and the magic behind its first jump. Should
 * two threads install at the same moment, both blocks work: `sigaction` swaps atomically, so the later handler chains
 * to the earlier one, and each thread goes on with its own.
 *
 * The block's records (layout.ts) are claimed with atomic operations on typed arrays over the same memory.
 */

import { readFileSync } from 'node:fs';
import { copyFrom, copyTo, view } from './address-space.js';
import { emitFaultHandler } from './fault-code.js';
import { BLOCK_SIZE, Field, LEDGER_COUNT, LEDGERS, LedgerWord, REGION_COUNT, Region } from './layout.js';
import { attachLedger, type LedgerStore } from './ledger.js';
import { check, HOST_PAGE_SIZE, libc, MapFlag, Prot, Signal } from './libc.js';

/** Thread number of a record that somebody is sweeping. */
const SWEEPING = -1;

/** Bytes of a ledger: 65 536 entries, about as many mappings as Linux lets a process have. Sparse. */
const LEDGER_SIZE = 0x10_0000;

/** First bytes of the handler: a jump over the magic. The last character is the layout's version. */
const MAGIC = 'Scotty native 1';
const MAGIC_AT = 2;

/** `struct sigaction` of the C library. */
const enum SigAction {
  Handler = 0,
  Mask = 8,
  Flags = 136,
  Size = 152,
}

const SA_SIGINFO = 0x0000_0004;
const SA_ONSTACK = 0x0800_0000;
const SA_RESTART = 0x1000_0000;
const SA_NODEFER = 0x4000_0000;

const HANDLED = [Signal.Segmentation, Signal.Bus, Signal.FloatingPoint];

/** This thread's view of the process block. */
export class ProcessBlock {
  readonly words: Int32Array;
  /** Number of this thread's ledger. */
  readonly ledger: number;

  /** Finds the block of this process, or makes it and installs the handler, and enters this thread. */
  constructor() {
    const address = installedBlock() ?? installBlock();
    const buffer = view(address + HOST_PAGE_SIZE, BLOCK_SIZE - HOST_PAGE_SIZE);
    this.words = new Int32Array(buffer);
    this.ledger = this.openLedger();
    this.sweep();
  }

  /** Index in `words` of a field of the block or, with a region's number, of its record. */
  regionWord(region: number, field: Region): number {
    return (Field.Regions - HOST_PAGE_SIZE + region * Region.Size + field) >> 2;
  }

  /** Writes a 64-bit address, high half first: a reader takes the low half as the sign that it is there. */
  setAddress(word: number, address: number): void {
    Atomics.store(this.words, word + 1, Math.floor(address / 2 ** 32));
    Atomics.store(this.words, word, address | 0);
  }

  private address(word: number): number {
    return (this.words[word + 1] as number) * 2 ** 32 + ((this.words[word] as number) >>> 0);
  }

  private ledgerWord(ledger: number, word: LedgerWord): number {
    return (LEDGERS - HOST_PAGE_SIZE + ledger * 16) / 4 + word;
  }

  private openLedger(): number {
    const { words } = this;
    const thread = libc().gettid();
    for (let ledger = 0; ledger < LEDGER_COUNT; ledger++) {
      if (Atomics.compareExchange(words, this.ledgerWord(ledger, LedgerWord.Thread), 0, thread) !== 0) continue;
      const flags = MapFlag.Private | MapFlag.Anonymous | MapFlag.NoReserve;
      const address = check('mmap', libc().mmap(0, LEDGER_SIZE, Prot.Read | Prot.Write, flags, -1, 0));
      this.setAddress(this.ledgerWord(ledger, LedgerWord.AddressLow), address);
      // Last: a ledger without a start time counts as one of a living thread.
      Atomics.store(words, this.ledgerWord(ledger, LedgerWord.Started), startTime(thread));
      attachLedger(new Ledger(new Float64Array(view(address, LEDGER_SIZE))));
      return ledger;
    }
    throw new Error(`More than ${LEDGER_COUNT} threads use native code`);
  }

  /** Gives back everything that threads which no longer exist have left behind. */
  sweep(): void {
    const { words } = this;
    for (let ledger = 0; ledger < LEDGER_COUNT; ledger++) {
      const threadWord = this.ledgerWord(ledger, LedgerWord.Thread);
      const thread = Atomics.load(words, threadWord);
      if (thread === 0 || thread === SWEEPING || ledger === this.ledger) continue;
      const started = Atomics.load(words, this.ledgerWord(ledger, LedgerWord.Started));
      if (started === 0 || startTime(thread) === started) continue;
      if (Atomics.compareExchange(words, threadWord, thread, SWEEPING) !== thread) continue;
      for (let region = 0; region < REGION_COUNT; region++) {
        if (words[this.regionWord(region, Region.Owner)] === ledger + 1) this.freeRegion(region);
      }
      const address = this.address(this.ledgerWord(ledger, LedgerWord.AddressLow));
      const count = pairs(copyFrom(address, 16))[0] as number;
      const entries = pairs(copyFrom(address, 16 * (count + 1)));
      const c = libc();
      for (let i = 1; i <= count; i++) {
        const start = entries[2 * i] as number;
        const length = entries[2 * i + 1] as number;
        if (start < 0) c.close(-start - 1);
        else if (start > 0) c.munmap(start, length);
      }
      c.munmap(address, LEDGER_SIZE);
      Atomics.store(words, this.ledgerWord(ledger, LedgerWord.Started), 0);
      Atomics.store(words, threadWord, 0);
    }
  }

  /** Makes a region's record invisible to the handler, then free. */
  freeRegion(region: number): void {
    const end = this.regionWord(region, Region.End);
    // Low half first: an end whose low half is 0 is not above a start in the same 4 GiB.
    Atomics.store(this.words, end, 0);
    Atomics.store(this.words, end + 1, 0);
    Atomics.store(this.words, this.regionWord(region, Region.Owner), 0);
  }
}

/**
 * Ledger entries in memory: pairs of address and length, an address of 0 for none and of −1 − n for the file descriptor n.
 * The first pair holds the number of pairs in use.
 */
class Ledger implements LedgerStore {
  private readonly slots = new Map<number, number>();
  private readonly free: number[] = [];

  constructor(private readonly entries: Float64Array) {}

  add(address: number, length: number): void {
    const { entries } = this;
    const slot = this.free.pop() ?? (entries[0] as number) + 1;
    // A full ledger loses nothing but the tidying up after this thread.
    if (2 * slot + 1 >= entries.length) return;
    entries[2 * slot + 1] = length;
    entries[2 * slot] = address;
    if (slot > (entries[0] as number)) entries[0] = slot;
    this.slots.set(address, slot);
  }

  remove(address: number): void {
    const slot = this.slots.get(address);
    if (slot === undefined) return;
    this.slots.delete(address);
    this.entries[2 * slot] = 0;
    this.free.push(slot);
  }
}

function pairs(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.buffer);
}

/**
 * When a thread of this process started, in clock ticks since boot and never 0; 0 for a thread that does not exist. The
 * kernel reuses thread numbers: only together with this one names a thread for good.
 */
function startTime(thread: number): number {
  try {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1');
    // Field 22, counted from the state, which is field 3 and follows the name in parentheses.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) | 0 || 1;
  } catch {
    return 0;
  }
}

function installedBlock(): number | undefined {
  const action = new Uint8Array(SigAction.Size);
  check('sigaction', libc().sigaction(Signal.Segmentation, null, action));
  const handler = Number(new DataView(action.buffer).getBigUint64(SigAction.Handler, true));
  if (handler === 0 || handler % HOST_PAGE_SIZE !== 0) return undefined;
  const start = Buffer.from(copyFrom(handler, MAGIC_AT + MAGIC.length));
  return start.toString('latin1', MAGIC_AT) === MAGIC ? handler : undefined;
}

function installBlock(): number {
  const c = libc();
  const flags = MapFlag.Private | MapFlag.Anonymous | MapFlag.NoReserve;
  const block = check('mmap', c.mmap(0, BLOCK_SIZE, Prot.Read | Prot.Write, flags, -1, 0));
  copyTo(block, emitFaultHandler(block, MAGIC));
  check('mprotect', c.mprotect(block, HOST_PAGE_SIZE, Prot.Read | Prot.Exec));

  const previous = new Uint8Array(SigAction.Size);
  const fields = new DataView(previous.buffer);
  for (const signal of HANDLED) {
    const keep = (): void => {
      const record = new Uint8Array(Field.PreviousSize);
      record.set(previous.subarray(SigAction.Handler, 8));
      record.set(previous.subarray(SigAction.Flags, SigAction.Flags + 4), 8);
      copyTo(block + Field.Previous + signal * Field.PreviousSize, record);
    };
    // Read first: once ours is installed, another thread may need the previous one before `sigaction` has returned.
    check('sigaction', c.sigaction(signal, null, previous));
    keep();
    const action = new Uint8Array(SigAction.Size);
    // The mask of the previous handler: chained to, it finds the signals blocked that it asked for.
    action.set(previous.subarray(SigAction.Mask, SigAction.Flags), SigAction.Mask);
    const view = new DataView(action.buffer);
    view.setBigUint64(SigAction.Handler, BigInt(block), true);
    const noDefer = fields.getInt32(SigAction.Flags, true) & SA_NODEFER;
    view.setInt32(SigAction.Flags, SA_SIGINFO | SA_ONSTACK | SA_RESTART | noDefer, true);
    check('sigaction', c.sigaction(signal, action, previous));
    keep();
  }
  return block;
}
