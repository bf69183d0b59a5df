/**
 * The signal handler as machine code. It runs in whatever state the fault left the thread in, possibly on another
 * thread than JavaScript's, so it can be nothing but instructions: it allocates nothing, calls nothing and takes no lock.
 *
 * C signature: `void handler(int signal, siginfo_t *info, ucontext_t *context)`, in RDI, RSI, RDX. These stay
 * untouched up to the point where the fault is known to be ours, so that anything else is one jump to the previous
 * handler, which then runs as if the kernel had called it.
 *
 * A fault is ours when the kernel reports it (a positive `si_code`; signals sent by `kill` have others), RIP lies in a
 * registered region, and its offset is in the region's trap table. Then the faulting address and RIP are stored
 * below the guest's window, reached through GS, which the kernel leaves as the guest had it, and the thread
 * goes on at the region's exit stub with all registers as they were.
 *
 * A region's record is read while other threads may rewrite it. A record that names this thread's code cannot change
 * meanwhile (the thread would have to change it itself), so the only danger is a torn one: the old start with the new
 * end. Writers clear the end first and set it last, so reading start, end and start again exposes it.
 */

import { Assembler, at, Cond, gs, indexed, Reg } from '../x64/index.js';
import { Field, Region } from './layout.js';

/** Byte offsets in `siginfo_t`. */
const enum SigInfo {
  Code = 8,
  Address = 16,
}

/** Byte offset in `ucontext_t` of the saved RIP: general registers start at 40, RIP is the 17th. */
const CONTEXT_RIP = 40 + 16 * 8;

const SA_RESETHAND = 0x8000_0000 | 0;
const SIG_IGN = 1;

const enum SystemCall {
  RtSigaction = 13,
  Getpid = 39,
  Gettid = 186,
  Tgkill = 234,
}

/** The handler for a block at `block`; its first instruction jumps over `magic`. */
export function emitFaultHandler(block: number, magic: string): Uint8Array {
  const a = new Assembler(1024);
  const low = block | 0;
  const high = Math.floor(block / 2 ** 32);

  const body = a.label();
  a.jmp_short(body);
  for (let i = 0; i < magic.length; i++) a.emit8(magic.charCodeAt(i));
  a.align(16);
  a.bind(body);

  // Sent by the kernel?
  const chain = a.label();
  a.cmp_mi(32, at(Reg.RSI, SigInfo.Code), 0);
  a.jcc(Cond.LE, chain);

  // Find the region of RIP: rax = RIP, r9 = record, r10 = its start, ecx = records left.
  a.mov_rm(64, Reg.RAX, at(Reg.RDX, CONTEXT_RIP));
  a.mov_ri64(Reg.R8, low, high);
  a.mov_rm(32, Reg.RCX, at(Reg.R8, Field.RegionLimit));
  a.lea(64, Reg.R9, at(Reg.R8, Field.Regions));
  const scan = a.label();
  const next = a.label();
  a.bind(scan);
  a.test_rr(32, Reg.RCX, Reg.RCX);
  a.jcc(Cond.E, chain);
  a.mov_rm(64, Reg.R10, at(Reg.R9, Region.Start));
  a.cmp_rr(64, Reg.RAX, Reg.R10);
  a.jcc(Cond.B, next);
  a.cmp_rm(64, Reg.RAX, at(Reg.R9, Region.End));
  a.jcc(Cond.AE, next);
  a.cmp_rm(64, Reg.R10, at(Reg.R9, Region.Start));
  const found = a.label();
  a.jcc(Cond.E, found);
  a.bind(next);
  a.add_ri(64, Reg.R9, Region.Size);
  a.dec_r(32, Reg.RCX);
  a.jmp(scan);

  // Search the trap table: eax = offset, [ecx, r10d) = where it may be, r8d = the middle.
  a.bind(found);
  a.sub_rr(64, Reg.RAX, Reg.R10);
  a.mov_rm(64, Reg.R11, at(Reg.R9, Region.Traps));
  a.mov_rm(32, Reg.R10, at(Reg.R9, Region.TrapCount));
  a.xor_rr(32, Reg.RCX, Reg.RCX);
  const search = a.label();
  const upper = a.label();
  const ours = a.label();
  a.bind(search);
  a.cmp_rr(32, Reg.RCX, Reg.R10);
  a.jcc(Cond.AE, chain);
  a.lea(32, Reg.R8, indexed(Reg.RCX, Reg.R10, 1));
  a.shr_ri(32, Reg.R8, 1);
  a.cmp_rm(32, Reg.RAX, indexed(Reg.R11, Reg.R8, 4));
  a.jcc(Cond.E, ours);
  a.jcc(Cond.A, upper);
  a.mov_rr(32, Reg.R10, Reg.R8);
  a.jmp(search);
  a.bind(upper);
  a.lea(32, Reg.RCX, at(Reg.R8, 1));
  a.jmp(search);

  a.bind(ours);
  a.mov_rm(64, Reg.RCX, at(Reg.RSI, SigInfo.Address));
  a.movsx_rm(64, 32, Reg.R8, at(Reg.R9, Region.FaultAddress));
  a.mov_mr(64, gs(at(Reg.R8)), Reg.RCX);
  a.mov_rm(64, Reg.RCX, at(Reg.RDX, CONTEXT_RIP));
  a.movsx_rm(64, 32, Reg.R8, at(Reg.R9, Region.FaultPc));
  a.mov_mr(64, gs(at(Reg.R8)), Reg.RCX);
  a.mov_rm(64, Reg.RCX, at(Reg.R9, Region.ExitStub));
  a.mov_mr(64, at(Reg.RDX, CONTEXT_RIP), Reg.RCX);
  a.ret();

  // Not ours: to the previous handler, which may have asked to be called once only.
  a.bind(chain);
  a.mov_ri64(Reg.R8, low, high);
  a.mov_rr(32, Reg.RCX, Reg.RDI);
  a.shl_ri(32, Reg.RCX, 4);
  a.lea(64, Reg.R9, indexed(Reg.R8, Reg.RCX, 1, Field.Previous));
  a.mov_rm(64, Reg.RAX, at(Reg.R9, 0));
  const noHandler = a.label();
  const call = a.label();
  a.cmp_ri(64, Reg.RAX, SIG_IGN);
  a.jcc(Cond.BE, noHandler);
  a.test_mi(32, at(Reg.R9, 8), SA_RESETHAND);
  a.jcc(Cond.E, call);
  a.mov_mi(64, at(Reg.R9, 0), 0);
  a.bind(call);
  a.jmp_r(Reg.RAX);

  // No previous handler. Ignoring works for signals that were sent, not for faults: the kernel kills for those.
  a.bind(noHandler);
  const die = a.label();
  a.cmp_mi(32, at(Reg.RSI, SigInfo.Code), 0);
  a.jcc(Cond.G, die);
  a.test_rr(32, Reg.RAX, Reg.RAX);
  a.jcc(Cond.E, die);
  a.ret();

  // The default action: put it in place and let the fault happen again, or send the signal again.
  a.bind(die);
  a.mov_rr(64, Reg.R9, Reg.RSI);
  a.lea(64, Reg.RSI, at(Reg.R8, Field.DefaultAction));
  a.xor_rr(32, Reg.RDX, Reg.RDX);
  a.mov_ri(32, Reg.R10, 8);
  a.mov_ri(32, Reg.RAX, SystemCall.RtSigaction);
  a.syscall();
  const again = a.label();
  a.cmp_mi(32, at(Reg.R9, SigInfo.Code), 0);
  a.jcc(Cond.G, again);
  a.mov_rr(32, Reg.R8, Reg.RDI);
  a.mov_ri(32, Reg.RAX, SystemCall.Getpid);
  a.syscall();
  a.mov_rr(32, Reg.R9, Reg.RAX);
  a.mov_ri(32, Reg.RAX, SystemCall.Gettid);
  a.syscall();
  a.mov_rr(32, Reg.RSI, Reg.RAX);
  a.mov_rr(32, Reg.RDI, Reg.R9);
  a.mov_rr(32, Reg.RDX, Reg.R8);
  a.mov_ri(32, Reg.RAX, SystemCall.Tgkill);
  a.syscall();
  a.bind(again);
  a.ret();
  return a.bytes().slice();
}
