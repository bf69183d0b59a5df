/**
 * Signals for a program that never returns to Node's event loop, where listeners of `process.on` would never be called.
 *
 * The handler is three emitted instructions that set a byte for the signal's number; whoever owns the loop looks
 * at the bytes. It restarts no system call, so that `pollDescriptors` returns at once.
 */
import { Assembler, at, Reg } from '../x64/index.js';
import { sharedArena } from './code-arena.js';
import { check, libc } from './libc.js';
import { nativeSupport } from './support.js';

/** Numbers of signals end here. */
const SIGNALS = 65;

/** `struct sigaction` of the C library, x86-64 Linux. */
const enum SigAction {
  Handler = 0,
  Flags = 136,
  Size = 152,
}

/** Run on the alternate stack, if the thread has one: the ordinary one may be a guest's. */
const SA_ONSTACK = 0x0800_0000;

/** Catches signals into a row of flags. */
export class SignalFlags {
  private readonly flags: number;
  private readonly handler: number;
  private readonly previous = new Map<number, Uint8Array>();

  /** Use `signalFlags`. */
  constructor() {
    const arena = sharedArena();
    this.flags = arena.allocateData(SIGNALS);
    const address = arena.writableBase + this.flags;
    const a = new Assembler(64);
    a.mov_ri64(Reg.RAX, address | 0, Math.floor(address / 2 ** 32));
    a.add_rr(64, Reg.RAX, Reg.RDI);
    a.mov_mi(8, at(Reg.RAX, 0), 1);
    a.ret();
    const bytes = a.bytes().slice();
    const offset = arena.allocate(bytes.length);
    arena.write(offset, bytes);
    this.handler = arena.address(offset);
  }

  /** Catches a signal from now on, whatever was to happen at it before. */
  catch(signal: number): void {
    if (this.previous.has(signal)) return;
    const action = new Uint8Array(SigAction.Size);
    const fields = new DataView(action.buffer);
    fields.setBigUint64(SigAction.Handler, BigInt(this.handler), true);
    fields.setInt32(SigAction.Flags, SA_ONSTACK, true);
    const previous = new Uint8Array(SigAction.Size);
    check('sigaction', libc().sigaction(signal, action, previous));
    this.previous.set(signal, previous);
  }

  /** Lets a signal do what it did before `catch`. */
  release(signal: number): void {
    const previous = this.previous.get(signal);
    if (previous === undefined) return;
    this.previous.delete(signal);
    check('sigaction', libc().sigaction(signal, previous, null));
  }

  /** A caught signal that has arrived since it was last taken; 0: none. */
  take(): number {
    if (this.previous.size === 0) return 0;
    const { writable } = sharedArena();
    for (const signal of this.previous.keys()) {
      if (writable[this.flags + signal] === 0) continue;
      writable[this.flags + signal] = 0;
      return signal;
    }
    return 0;
  }

  /** Releases all signals. */
  releaseAll(): void {
    for (const signal of [...this.previous.keys()]) this.release(signal);
  }
}

let flags: SignalFlags | undefined;

/** The flags of this JavaScript thread, or `undefined` where native code cannot run. */
export function signalFlags(): SignalFlags | undefined {
  if (nativeSupport().available) flags ??= new SignalFlags();
  return flags;
}
