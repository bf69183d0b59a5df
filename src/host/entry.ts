/**
 * The trampoline: the one way into emitted code.
 *
 * A call through koffi costs least when the function has neither arguments nor a result (20 ns; an `int` argument or
 * result doubles that), so what it needs is left in a mailbox in the arena's data page: the address of
 * the context, as a double, which is the cheapest thing JavaScript can store (a 64-bit integer would be two stores
 * and a division). The trampoline saves what the C calling convention says belongs to the caller, makes GS
 * the base of the guest's window and jumps to the context's entry point. Guest code comes back by jumping to
 * `exitAddress` with the stack pointer it got.
 *
 * GS is free on Linux: the C library uses FS. Nobody restores it here, because nobody else in the process uses it;
 * every entry sets it anew, so that several engines of one thread may take turns. Where the processor or kernel
 * lacks `wrgsbase` (Linux before 5.9), the system call does the same more slowly.
 */

import { Assembler, at, Cond, Reg, rip } from '../x64/index.js';
import type { CodeArena } from './code-arena.js';
import { libc } from './libc.js';

/** Byte offsets in a context block of what the trampoline reads and writes; all 64-bit fields. */
export interface EntryLayout {
  /** Read: address to jump to. */
  readonly entryPoint: number;
  /** Read: base of GS while the guest runs. */
  readonly windowBase: number;
  /** Written: the stack pointer the guest starts with. */
  readonly hostStack: number;
}

/** Callee-saved registers in the order they are pushed. */
const SAVED = [Reg.RBX, Reg.RBP, Reg.R12, Reg.R13, Reg.R14, Reg.R15];

const AT_HWCAP2 = 26;
const HWCAP2_FSGSBASE = 2;
const SYS_ARCH_PRCTL = 158;
const ARCH_SET_GS = 0x1001;

/** Whether user code may use `wrgsbase` and `rdgsbase`. */
export function hasFsGsBase(): boolean {
  return (libc().getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) !== 0;
}

/** A way into the code of one arena, for contexts of one layout. */
export class NativeEntry {
  /** Where guest code jumps to leave, with RSP as at entry; every other register may hold anything. */
  readonly exitAddress: number;
  private readonly mailbox: Float64Array;
  private readonly call: () => void;

  /** Emits a trampoline into the arena. `useSystemCall` is for tests of the path without `wrgsbase`. */
  constructor(arena: CodeArena, layout: EntryLayout, useSystemCall = !hasFsGsBase()) {
    const mailbox = arena.allocateData(8);
    const { bytes, exit, mailboxField } = emit(layout, useSystemCall);
    const offset = arena.allocate(bytes.length);
    arena.write(offset, bytes);
    arena.patch32(offset + mailboxField, mailbox - (offset + mailboxField + 4));
    this.exitAddress = arena.address(offset + exit);
    this.mailbox = new Float64Array(arena.writable.buffer, mailbox, 1);
    this.call = libc().callable(arena.address(offset));
  }

  /** Runs guest code from a context's entry point until it leaves. */
  enter(contextAddress: number): void {
    this.mailbox[0] = contextAddress;
    this.call();
  }
}

function emit(layout: EntryLayout, useSystemCall: boolean): { bytes: Uint8Array; exit: number; mailboxField: number } {
  const a = new Assembler(256);
  for (const register of SAVED) a.push(register);
  // The mailbox is another part of the arena: its displacement is the last field of this instruction, patched later.
  const mailbox = a.label();
  a.cvttsd2si_rm(64, Reg.RDX, rip(mailbox));
  const mailboxField = a.position - 4;
  a.mov_mr(64, at(Reg.RDX, layout.hostStack), Reg.RSP);
  if (useSystemCall) {
    a.mov_rr(64, Reg.RBX, Reg.RDX);
    a.mov_ri(32, Reg.RDI, ARCH_SET_GS);
    a.mov_rm(64, Reg.RSI, at(Reg.RDX, layout.windowBase));
    a.mov_ri(32, Reg.RAX, SYS_ARCH_PRCTL);
    a.syscall();
    a.mov_rr(64, Reg.RDX, Reg.RBX);
  } else {
    // Mostly the last guest comes back: looking is cheaper than writing.
    const same = a.label();
    a.mov_rm(64, Reg.RAX, at(Reg.RDX, layout.windowBase));
    a.rdgsbase(Reg.RCX);
    a.cmp_rr(64, Reg.RAX, Reg.RCX);
    a.jcc(Cond.E, same);
    a.wrgsbase(Reg.RAX);
    a.bind(same);
  }
  a.jmp_m(at(Reg.RDX, layout.entryPoint));
  a.align(16);
  const exit = a.position;
  for (let i = SAVED.length - 1; i >= 0; i--) a.pop(SAVED[i] as number);
  a.ret();
  a.bind(mailbox);
  return { bytes: a.bytes().slice(), exit, mailboxField };
}
