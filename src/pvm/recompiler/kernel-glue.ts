/**
 * The kernel's hot paths as machine code: CREATE, CALL and REPLY between VMs that run the same code in the shared
 * address space, and protocol calls that only read the gas counter.
 *
 * The glue belongs to a compiled program: all it needs of a kernel it finds through the context (the running VM's record,
 * and where the records are), so one compilation serves every kernel. Each slot that the program names in an `ecalli`
 * has a stub, which finds the slot's entry at its place in the running VM's record; what is done then is emitted once.
 *
 * Every path tests all its conditions before it changes anything, and leaves for TypeScript where one does not hold: an
 * address space of its own, a capability that travels, an overflowing table, gas that does not suffice, and all that
 * fails. So nothing here has an error path, and `kernel/calls.ts` stays the definition of what a call does.
 */
import type { CpuFeatures } from '../../host/cpu.js';
import type { Label } from '../../x64/labels.js';
import { absolute, at, gs, indexed, type Mem, rip } from '../../x64/operands.js';
import { Alu, Cond, Reg } from '../../x64/registers.js';
import type { DecodedProgram } from '../isa/decode.js';
import { Field, STRIDE } from '../isa/decode.js';
import { Op } from '../isa/opcodes.js';
import {
  CALL_GAS,
  ENTER_GAS,
  ENTRY_SIZE,
  Entry,
  Header,
  IPC_SLOT,
  Kind,
  LAST_DIRECT_SLOT,
  MAX_VMS,
  RECORD_SHIFT,
  State,
  TABLE_SIZE,
  tablePlace,
  Vm,
} from '../kernel/layout.js';
import { CONTEXT_SIZE, Context, REGISTER_COUNT } from '../layout.js';
import type { CodeBuffer } from './code-buffer.js';
import { Generator, specimenOf } from './codegen.js';
import { GAS, MACHINE } from './registers.js';

/** What of the kernel to compile into a program. */
export interface GlueOptions {
  /** Whether calls between VMs may stay in machine code. */
  readonly glue: boolean;
  /** Bit i: protocol call i reads the gas counter and needs no exit. */
  readonly inlineGas: number;
}

/** Generates code for a program of the kernel; see `generate`. */
export function generateForKernel(
  decoded: DecodedProgram,
  costs: Int32Array,
  cpu: CpuFeatures,
  options: GlueOptions,
): CodeBuffer {
  if (specimens.length === 0) specimens.push(specimenOf(KernelGenerator, cpu));
  return new KernelGenerator(decoded, costs, cpu, options).run();
}

/** For the reason told in `codegen.ts`. */
const specimens: KernelGenerator[] = [];

const RAX = Reg.RAX;
const RCX = Reg.RCX;
const RDX = Reg.RDX;
const R9 = Reg.R9;
const R10 = Reg.R10;
const R11 = Reg.R11;
const PHI7 = MACHINE[7] as Reg;
const PHI8 = MACHINE[8] as Reg;
const PHI12 = MACHINE[12] as Reg;

/** `Vm.Private` within the word at `Vm.State`. */
const PRIVATE = 0x10000;

class KernelGenerator extends Generator {
  /** Position of each slot's stub; −1 where the program names it nowhere. */
  private readonly stubs = new Int32Array(LAST_DIRECT_SLOT + 1).fill(-1);
  private readonly create: Label;
  private readonly call: Label;
  private readonly leave: Label;
  private readonly leaveRestored: Label;
  private readonly entryZero: Label;

  constructor(
    decoded: DecodedProgram,
    costs: Int32Array,
    cpu: CpuFeatures,
    private readonly options: GlueOptions = { glue: false, inlineGas: 0 },
  ) {
    super(decoded, costs, cpu);
    this.create = this.a.label();
    this.call = this.a.label();
    this.leave = this.a.label();
    this.leaveRestored = this.a.label();
    this.entryZero = this.a.label();
  }

  protected override hostCall(n: number, op: number, slot: number): void {
    const stub = op === Op.ecalli && slot >= 0 && slot <= LAST_DIRECT_SLOT ? (this.stubs[slot] as number) : -1;
    if (stub < 0) return super.hostCall(n, op, slot);
    const { a } = this;
    if (this.readsGas(slot)) {
      a.mov_ri(32, RCX, n);
      a.patch32(a.call32(), stub);
      return;
    }
    // No `call`: most of what comes here leaves by another way than `ret`, and the processor's stack of return addresses
    // would be wrong for all returns above us. Without it, and with protocol calls answered beside the loop that
    // enters machine code, one took 59 ns instead of 177.
    const next = a.label();
    a.lea(64, RCX, rip(next));
    a.mov_mr(64, field(Context.Resume), RCX);
    a.mov_ri(32, RCX, n);
    a.patch32(a.jmp32(), stub);
    a.bind(next);
  }

  private readsGas(slot: number): boolean {
    return slot < 32 && ((this.options.inlineGas >>> slot) & 1) !== 0;
  }

  protected override sharedStubs(): void {
    super.sharedStubs();
    const { a, options } = this;
    const used = this.usedSlots();
    for (const slot of used) {
      const readsGas = this.readsGas(slot);
      if (!readsGas && !options.glue) continue;
      a.align(16);
      this.stubs[slot] = a.position;
      if (readsGas) this.gasStub(slot);
      else if (slot === IPC_SLOT) this.replyStub();
      else this.slotStub(slot);
    }
    if (used.length === 0 || (!options.glue && options.inlineGas === 0)) return;
    this.callGlue();
    this.createGlue();
    // A path that has used φ3 and φ4 as its own gives up: the record has them.
    a.bind(this.leave);
    a.mov_rm(64, RAX, at(RCX, Vm.Registers + 8 * 4));
    a.mov_rm(64, RDX, at(RCX, Vm.Registers + 8 * 3));
    a.bind(this.leaveRestored);
    a.patch32(a.jmp32(), this.leaveForHostCall);
  }

  protected override start(): void {
    this.a.bind(this.entryZero);
  }

  private usedSlots(): number[] {
    const used = new Set<number>();
    for (let n = 0; n < this.count; n++) {
      const slot = this.stream[n * STRIDE + Field.X] as number;
      if (this.stream[n * STRIDE] === Op.ecalli && slot >= 0 && slot <= LAST_DIRECT_SLOT) used.add(slot);
    }
    return [...used].sort((x, y) => x - y);
  }

  /** Takes note of where the running VM is: entry number in RCX, the address it goes on at in the context already. */
  private arrive(): void {
    const { a } = this;
    a.mov_mr(32, field(Context.ExitSite), RCX);
    a.mov_rm(64, RCX, field(Context.CurrentVm));
  }

  /** Saves φ3 and φ4, which are RDX and RAX. */
  private freeTwo(): void {
    const { a } = this;
    a.mov_mr(64, at(RCX, Vm.Registers + 8 * 4), RAX);
    a.mov_mr(64, at(RCX, Vm.Registers + 8 * 3), RDX);
  }

  /** Leaves where less gas is left than `amount`. */
  private requireGas(amount: number, otherwise: Label): void {
    const { a } = this;
    a.cmp_ri(64, GAS, amount);
    a.jcc(Cond.L, otherwise);
  }

  /** A protocol call that reads the gas counter: no VM changes hands, nothing needs saving. */
  private gasStub(slot: number): void {
    const { a } = this;
    const other = a.label();
    a.mov_mr(32, field(Context.ExitSite), RCX);
    a.mov_rm(64, RCX, field(Context.CurrentVm));
    a.test_mi(32, at(RCX, Vm.Originals), 1 << slot);
    a.jcc(Cond.E, other);
    this.requireGas(ENTER_GAS, other);
    a.sub_ri(64, GAS, ENTER_GAS);
    a.mov_rr(64, PHI7, GAS);
    a.ret();
    a.bind(other);
    a.pop_m(field(Context.Resume));
    a.jmp(this.leaveRestored);
  }

  /** CALL of a slot: finds out what is in it. */
  private slotStub(slot: number): void {
    const { a } = this;
    const entry = Vm.Table + tablePlace(slot) * ENTRY_SIZE;
    this.arrive();
    this.freeTwo();
    a.lea(64, RDX, at(RCX, entry));
    a.movzx_rm(32, 16, RAX, at(RDX, Entry.Kind));
    a.cmp_ri(32, RAX, Kind.Code | (slot << 8));
    a.jcc(Cond.E, this.create);
    a.or_ri(32, RAX, 1);
    a.cmp_ri(32, RAX, Kind.Callable | (slot << 8));
    a.jcc(Cond.E, this.call);
    a.jmp(this.leave);
  }

  /** CALL of a VM. RCX: the caller's record; RDX: the entry. */
  private callGlue(): void {
    const { a } = this;
    a.align(16);
    a.bind(this.call);
    // The callee exists, is idle, runs the same code, and neither VM has an address space of its own.
    a.movzx_rm(32, 16, RAX, at(RDX, Entry.Vm));
    a.shl_ri(64, RAX, RECORD_SHIFT);
    a.add_rm(64, RAX, field(Context.VmRecords));
    a.mov_mr(64, at(RCX, Vm.Registers + 8 * 5), R9);
    a.mov_rm(32, R9, at(RDX, Entry.Id));
    a.cmp_rm(32, R9, at(RAX, Vm.Generation));
    this.leaveUnless(Cond.E);
    a.mov_rm(32, R9, at(RCX, Vm.State));
    a.xor_ri(32, R9, State.Running ^ State.Idle);
    a.cmp_rm(32, R9, at(RAX, Vm.State));
    this.leaveUnless(Cond.E);
    a.test_ri(32, R9, PRIVATE);
    this.leaveUnless(Cond.E);
    // Nothing travels.
    a.test_ri(32, PHI12, 0xff);
    this.leaveUnless(Cond.E);
    a.cmp_ri(64, GAS, ENTER_GAS + CALL_GAS);
    this.leaveUnless(Cond.GE);

    a.sub_ri(64, GAS, ENTER_GAS + CALL_GAS);
    a.mov_rm(64, R9, at(RDX, Entry.Ceiling));
    a.alu_rr(Alu.Cmp, 64, R9, GAS);
    a.cmovcc(Cond.A, 64, R9, GAS); // what the callee gets: the smaller one
    a.sub_rr(64, GAS, R9);
    a.mov_mr(64, at(RCX, Vm.Gas), GAS);
    a.mov_rr(64, GAS, R9);
    this.saveRegisters(RCX, [3, 4, 5]);
    this.saveProgress(RCX);
    a.mov_mi(8, at(RCX, Vm.State), State.Waiting);
    a.mov_mi(8, at(RAX, Vm.State), State.Running);
    a.mov_rm(32, RDX, at(RCX, Vm.Index));
    a.mov_mr(32, at(RAX, Vm.Caller), RDX);
    this.goOn([7, 8, 9, 10]);
  }

  /** REPLY. */
  private replyStub(): void {
    const { a } = this;
    this.arrive();
    this.freeTwo();
    a.mov_rm(32, RAX, at(RCX, Vm.Caller));
    a.cmp_ri(32, RAX, -1);
    a.jcc(Cond.E, this.leave);
    a.cmp_mi(32, at(RCX, Vm.Travelled), 0);
    a.jcc(Cond.NE, this.leave);
    a.shl_ri(64, RAX, RECORD_SHIFT);
    a.add_rm(64, RAX, field(Context.VmRecords));
    // The caller runs the same code, and neither VM has an address space of its own.
    a.mov_rm(32, RDX, at(RCX, Vm.State));
    a.xor_ri(32, RDX, State.Running ^ State.Waiting);
    a.cmp_rm(32, RDX, at(RAX, Vm.State));
    a.jcc(Cond.NE, this.leave);
    a.test_ri(32, RDX, PRIVATE);
    a.jcc(Cond.NE, this.leave);
    this.requireGas(ENTER_GAS, this.leave);

    a.sub_ri(64, GAS, ENTER_GAS);
    this.saveRegisters(RCX, [3, 4]);
    this.saveProgress(RCX);
    a.mov_mi(8, at(RCX, Vm.State), State.Idle);
    a.mov_mi(64, at(RCX, Vm.Gas), 0);
    a.mov_mi(32, at(RCX, Vm.Caller), -1);
    a.add_rm(64, GAS, at(RAX, Vm.Gas));
    a.mov_mi(8, at(RAX, Vm.State), State.Running);
    a.alu_rr(Alu.Xor, 32, PHI8, PHI8);
    this.goOn([7, 8]);
  }

  /** CREATE. RCX: the VM's record; RDX: the entry of the CODE capability. */
  private createGlue(): void {
    const { a } = this;
    const giveUp = a.label();
    a.align(16);
    a.bind(this.create);
    // φ5, φ6 and φ9 make room.
    a.mov_mr(64, at(RCX, Vm.Registers + 8 * 5), R9);
    a.mov_mr(64, at(RCX, Vm.Registers + 8 * 6), R10);
    a.mov_mr(64, at(RCX, Vm.Registers + 8 * 9), R11);
    // The same code, an ordinary slot of this VM's table that is empty, and gas.
    a.mov_rm(32, R9, at(RDX, Entry.Id));
    a.alu_rm(Alu.Cmp, 8, R9, at(RCX, Vm.Code));
    a.jcc(Cond.NE, giveUp);
    a.cmp_mi(32, at(RCX, Vm.Overflow), 0);
    a.jcc(Cond.NE, giveUp);
    a.lea(32, RAX, at(PHI12, -32));
    a.cmp_ri(32, RAX, 255 - 32);
    a.jcc(Cond.A, giveUp);
    this.tableEntry(RAX, PHI12, RDX);
    a.cmp_mi(32, indexed(RCX, RAX, 1, Vm.Table), 0);
    a.jcc(Cond.NE, giveUp);
    this.requireGas(ENTER_GAS, giveUp);

    // What is to be copied besides protocol capabilities at their own slots, which are one mask.
    const copies = a.label();
    const checked = a.label();
    a.mov_rm(32, R9, at(RCX, Vm.Originals));
    a.not_r(64, R9);
    a.and_rr(64, R9, PHI7);
    a.mov_mr(64, at(RCX, Vm.Gas), R9); // free while the VM runs
    a.bind(copies);
    a.bsf(64, R10, R9);
    a.jcc(Cond.E, checked);
    this.tableEntry(R11, R10, RDX);
    a.mov_rm(32, RDX, indexed(RCX, R11, 1, Vm.Table));
    const next = a.label();
    this.compareSlot(RDX, R10, R11, next);
    // HANDLE and DATA cannot be copied.
    a.movzx_rr(32, 8, RDX, RDX);
    a.cmp_ri(32, RDX, Kind.Handle);
    a.jcc(Cond.E, giveUp);
    a.cmp_ri(32, RDX, Kind.Data);
    a.jcc(Cond.E, giveUp);
    a.bind(next);
    a.lea(64, R10, at(R9, -1));
    a.and_rr(64, R9, R10);
    a.jmp(copies);
    a.bind(checked);

    // A record: the first free one, or one never used.
    const reuse = a.label();
    const found = a.label();
    a.mov_rm(64, R10, field(Context.VmRecords));
    a.cmp_mi(32, at(R10, Header.Live), MAX_VMS);
    a.jcc(Cond.AE, giveUp);
    a.inc_m(32, at(R10, Header.Live));
    a.mov_rm(32, R9, at(R10, Header.FreeList));
    a.test_rr(32, R9, R9);
    a.jcc(Cond.NE, reuse);
    a.mov_rm(32, R9, at(R10, Header.Unused));
    a.inc_m(32, at(R10, Header.Unused));
    a.mov_rr(32, RDX, R9);
    a.shl_ri(64, R9, RECORD_SHIFT);
    a.add_rr(64, R9, R10);
    a.jmp(found);
    a.bind(reuse);
    a.lea(32, RDX, at(R9, -1));
    a.mov_rr(32, R9, RDX);
    a.shl_ri(64, R9, RECORD_SHIFT);
    a.add_rr(64, R9, R10);
    a.mov_rm(32, R11, at(R9, Vm.NextFree));
    a.mov_mr(32, at(R10, Header.FreeList), R11);
    a.mov_mi(32, at(R9, Vm.NextFree), 0);
    a.bind(found);
    // R9: the child's record; RDX: its index.
    a.mov_mr(32, at(R9, Vm.Index), RDX);
    a.mov_mi(32, at(R9, Vm.Caller), -1);
    a.mov_rm(32, R10, at(RCX, Vm.State));
    a.xor_ri(32, R10, State.Running ^ State.Idle);
    a.movzx_rr(32, 16, R10, R10); // state and code; no address space of its own
    a.mov_mr(32, at(R9, Vm.State), R10);
    a.mov_rm(32, R10, at(RCX, Vm.Originals));
    a.and_rr(32, R10, PHI7);
    a.mov_mr(32, at(R9, Vm.Originals), R10);
    a.lea(64, R10, rip(this.entryZero));
    a.mov_mr(64, at(R9, Vm.Resume), R10);
    // The copies, each to the same place of the child's table.
    const copy = a.label();
    const copied = a.label();
    const skip = a.label();
    a.mov_mr(32, at(RCX, Vm.NextFree), RAX); // unused while the VM lives
    a.mov_rm(64, RAX, at(RCX, Vm.Gas));
    a.bind(copy);
    a.bsf(64, R10, RAX);
    a.jcc(Cond.E, copied);
    this.tableEntry(R11, R10, RDX);
    a.mov_rm(32, RDX, indexed(RCX, R11, 1, Vm.Table));
    this.compareSlot(RDX, R10, R11, skip);
    a.mov_rm(64, RDX, indexed(RCX, R11, 1, Vm.Table));
    a.mov_mr(64, indexed(R9, R11, 1, Vm.Table), RDX);
    a.mov_rm(64, RDX, indexed(RCX, R11, 1, Vm.Table + 8));
    a.mov_mr(64, indexed(R9, R11, 1, Vm.Table + 8), RDX);
    a.bind(skip);
    a.lea(64, R10, at(RAX, -1));
    a.and_rr(64, RAX, R10);
    a.jmp(copy);
    a.bind(copied);

    // The HANDLE, last: its slot may be among those to be copied, and was empty.
    a.mov_rm(32, RAX, at(RCX, Vm.NextFree));
    a.mov_mi(32, at(RCX, Vm.NextFree), 0);
    a.mov_rm(32, RDX, at(R9, Vm.Index));
    a.shl_ri(32, RDX, 16);
    a.movzx_rr(32, 8, R10, PHI12);
    a.shl_ri(32, R10, 8);
    a.or_rr(32, RDX, R10);
    a.or_ri(32, RDX, Kind.Handle);
    a.mov_mr(32, indexed(RCX, RAX, 1, Vm.Table + Entry.Kind), RDX);
    a.mov_rm(32, RDX, at(R9, Vm.Generation));
    a.mov_mr(32, indexed(RCX, RAX, 1, Vm.Table + Entry.Id), RDX);
    a.mov_mi(64, indexed(RCX, RAX, 1, Vm.Table + Entry.Ceiling), -1);

    a.sub_ri(64, GAS, ENTER_GAS);
    a.movzx_rr(32, 8, PHI7, PHI12);
    for (const i of [3, 4, 5, 6, 9]) a.mov_rm(64, MACHINE[i] as Reg, at(RCX, Vm.Registers + 8 * i));
    a.jmp_m(field(Context.Resume));

    a.bind(giveUp);
    a.mov_rm(64, R9, at(RCX, Vm.Registers + 8 * 5));
    a.mov_rm(64, R10, at(RCX, Vm.Registers + 8 * 6));
    a.mov_rm(64, R11, at(RCX, Vm.Registers + 8 * 9));
    a.jmp(this.leave);
  }

  /** `place` = offset in the table of the entry for the slot in `slot`; uses `scratch`. */
  private tableEntry(place: Reg, slot: Reg, scratch: Reg): void {
    const { a } = this;
    a.movzx_rr(32, 8, place, slot);
    a.mov_rr(32, scratch, place);
    a.shr_ri(32, scratch, 4);
    a.xor_rr(32, place, scratch);
    a.and_ri(32, place, TABLE_SIZE - 1);
    a.shl_ri(32, place, Math.log2(ENTRY_SIZE));
  }

  /** Goes to `otherwise` unless the entry whose first word is in `head` is that of the slot in `slot`. */
  private compareSlot(head: Reg, slot: Reg, place: Reg, otherwise: Label): void {
    const { a } = this;
    // An empty entry, whose slot would read as 0, fails too: its kind is tested first.
    a.test_rr(32, head, head);
    a.jcc(Cond.E, otherwise);
    a.alu_rm(Alu.Cmp, 8, slot, indexed(RCX, place, 1, Vm.Table + Entry.Slot));
    a.jcc(Cond.NE, otherwise);
  }

  /** In `call`, where φ5 has been put aside, too. */
  private leaveUnless(cond: Cond): void {
    const { a } = this;
    const go = a.label();
    a.jcc(cond, go);
    a.mov_rm(64, R9, at(RCX, Vm.Registers + 8 * 5));
    a.jmp(this.leave);
    a.bind(go);
  }

  private saveRegisters(record: Reg, saved: readonly number[]): void {
    for (let i = 0; i < REGISTER_COUNT; i++) {
      if (!saved.includes(i)) this.a.mov_mr(64, at(record, Vm.Registers + 8 * i), MACHINE[i] as Reg);
    }
  }

  /** Where the running VM goes on, into its record; uses RDX. */
  private saveProgress(record: Reg): void {
    const { a } = this;
    a.mov_rm(64, RDX, field(Context.Resume));
    a.mov_mr(64, at(record, Vm.Resume), RDX);
    a.mov_rm(32, RDX, field(Context.ExitSite));
    a.inc_r(32, RDX);
    a.mov_mr(32, at(record, Vm.Next), RDX);
  }

  /** The VM whose record RAX names runs on; φs in `kept` stay as they are. */
  private goOn(kept: readonly number[]): void {
    const { a } = this;
    a.mov_mr(64, field(Context.CurrentVm), RAX);
    a.mov_rr(64, RCX, RAX);
    for (let i = 0; i < REGISTER_COUNT; i++) {
      if (!kept.includes(i)) a.mov_rm(64, MACHINE[i] as Reg, at(RCX, Vm.Registers + 8 * i));
    }
    a.jmp_m(at(RCX, Vm.Resume));
  }
}

/** A field of the context. */
function field(offset: number): Mem {
  return gs(absolute(offset - CONTEXT_SIZE));
}
