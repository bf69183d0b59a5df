/**
 * Code generation: one pass over the pre-decoded instructions, x86-64 out. No intermediate representation.
 *
 * A block begins by subtracting its cost from the gas register and branching to a cold stub if that went below
 * zero. Static jumps are rel32 (rel8 backwards where it fits); dynamic ones go through a table of native
 * addresses in front of the code. Whatever is rare leaves through a cold stub and is done by the interpreter, so
 * its semantics are written once: traps, `sbrk`, halting, jumps that lead nowhere, faults.
 *
 * State at any place that can leave is exactly the guest's: an instruction writes its result last.
 */
import type { CpuFeatures } from '../../host/cpu.js';
import { absolute, addr32, at, gs, guest, indexed, type Mem } from '../../x64/operands.js';
import { Alu, Cond, Reg, Shift } from '../../x64/registers.js';
import { CHARGE_START, type DecodedProgram, decode, Field, LOOP_HEADER, STRIDE } from '../isa/decode.js';
import { Op } from '../isa/opcodes.js';
import { CONTEXT_SIZE, Context, Exit, REGISTER_COUNT } from '../layout.js';
import { Arithmetic, NO_ENTRY, RESULT_FLAGS } from './arithmetic.js';
import { type CodeBuffer, StubKind } from './code-buffer.js';
import { emitDivision, emitMulUpper, emitMulx } from './multiply-divide.js';
import { GAS, MACHINE, SCRATCH } from './registers.js';
import { type Workspace, workspaceFor } from './workspace.js';

const RCX = Reg.RCX;

/** Heads of loops start at a multiple of this: a small loop then takes as few lines of the µop cache as it can. */
const LOOP_ALIGNMENT = 32;

/** A context field as an operand: the context ends where the window, and so GS, begins. */
export function context(offset: number): Mem {
  return gs(absolute(offset - CONTEXT_SIZE));
}

/** Conditions of the six compare-two-registers branches, by opcode from `branch_eq`. */
const BRANCH_REGISTERS = [Cond.E, Cond.NE, Cond.B, Cond.L, Cond.AE, Cond.GE];
/** Conditions of the ten compare-with-immediate branches, by opcode from `branch_eq_imm`. */
const BRANCH_IMMEDIATE = [Cond.E, Cond.NE, Cond.B, Cond.BE, Cond.AE, Cond.A, Cond.L, Cond.LE, Cond.GE, Cond.G];

/**
 * Generates code for a program.
 *
 * @param decoded the pre-decoded program
 * @param costs what to charge at each entry that starts a charge (0 elsewhere)
 */
export function generate(decoded: DecodedProgram, costs: Int32Array, cpu: CpuFeatures): CodeBuffer {
  if (specimens.length === 0) specimens.push(specimenOf(Generator, cpu));
  return new Generator(decoded, costs, cpu).run();
}

/**
 * A generator that is never let go. When the collector finds none, V8 forgets their shape and throws the optimised
 * compiler away: the next compilation then takes not 0.5 ms but 3 to 20.
 */
const specimens: Generator[] = [];

/** A used generator of a class. */
export function specimenOf<G extends Generator>(
  type: new (decoded: DecodedProgram, costs: Int32Array, cpu: CpuFeatures) => G,
  cpu: CpuFeatures,
): G {
  const decoded = decode(Uint8Array.of(Op.trap), Uint8Array.of(1), new Uint32Array(0));
  const generator = new type(decoded, new Int32Array(decoded.count), cpu);
  generator.run();
  return generator;
}

export class Generator extends Arithmetic {
  protected readonly stream: Int32Array;
  protected readonly count: number;
  private readonly flags: Uint8Array;
  private readonly offsetOf: Int32Array;
  /** Jump tables with entries that lead nowhere need a check at each dynamic jump. */
  private readonly carefulJumps: boolean;

  private readonly fixups: Int32Array;
  private fixupCount = 0;
  private readonly stubPositions: Int32Array;
  private readonly stubEntries: Int32Array;
  private readonly stubKinds: Uint8Array;
  private stubCount = 0;
  private readonly trapOffsets: Uint32Array;
  private readonly trapEntries: Int32Array;
  private trapCount = 0;
  private readonly tableReferences: number[] = [];

  private leaveReference = 0;
  private stubTarget = 0;
  private hostCallTarget = 0;
  /** Where to go on to leave with a host call whose site is in the context already. */
  protected leaveForHostCall = 0;
  private enterStub = 0;
  private faultStub = 0;

  /** Entry whose code the one before it has emitted already. */
  private fused = -1;

  constructor(
    protected readonly decoded: DecodedProgram,
    private readonly costs: Int32Array,
    cpu: CpuFeatures,
    workspace: Workspace = workspaceFor(decoded.count, decoded.codeLength * 4 + decoded.jumpTable.length * 8 + 4096),
  ) {
    super(workspace.assembler, cpu);
    this.stream = decoded.stream;
    this.count = decoded.count;
    this.flags = decoded.flags;
    this.offsetOf = new Int32Array(this.count + 1);
    this.carefulJumps = decoded.jumpTable.includes(-1);
    this.fixups = workspace.fixups;
    this.stubPositions = workspace.stubPositions;
    this.stubEntries = workspace.stubEntries;
    this.stubKinds = workspace.stubKinds;
    this.trapOffsets = workspace.trapOffsets;
    this.trapEntries = workspace.trapEntries;
  }

  run(): CodeBuffer {
    const a = this.a;
    for (let i = this.decoded.jumpTable.length; i > 0; i--) {
      a.emit32(0);
      a.emit32(0);
    }
    this.sharedStubs();
    const blocksStart = a.position;
    for (let n = 0; n < this.count; n++) this.entry(n);
    this.offsetOf[this.count] = a.position;

    for (let i = 0; i < this.fixupCount; i += 2) this.resolve(i);
    const stubBase = a.position;
    for (let i = 0; i < this.stubCount; i++) this.coldStub(i);
    return {
      bytes: a.bytes(),
      offsetOf: this.offsetOf,
      trapOffsets: this.trapOffsets.slice(0, this.trapCount),
      trapEntries: this.trapEntries.slice(0, this.trapCount),
      stubBase,
      stubEntries: this.stubEntries.slice(0, this.stubCount),
      stubKinds: this.stubKinds.slice(0, this.stubCount),
      tableReferences: Int32Array.from(this.tableReferences),
      leaveReference: this.leaveReference,
      enterStub: this.enterStub,
      faultStub: this.faultStub,
      blocksStart,
    };
  }

  // The three loops of `run` call functions instead of having bodies: V8 runs a function's optimised code from its
  // next call on, but leaves a loop under way only when it gets around to it.

  /** One instruction, with the charge of the block it starts. */
  private entry(n: number): void {
    const a = this.a;
    const flags = this.flags[n] as number;
    if (flags & LOOP_HEADER) a.align(LOOP_ALIGNMENT);
    this.offsetOf[n] = a.position;
    if (n === 0) this.start();
    if (flags & CHARGE_START) {
      a.alu_ri(Alu.Sub, 64, GAS, this.costs[n] as number);
      this.stub(a.jcc32(Cond.S), n, StubKind.Unpaid);
    }
    if (n !== this.fused) this.instruction(n);
  }

  /** Called where the code of the first entry begins. */
  protected start(): void {}

  /** Fills in the displacement of a forward branch. */
  private resolve(i: number): void {
    this.a.patch32(this.fixups[i] as number, this.offsetOf[this.fixups[i + 1] as number] as number);
  }

  /** Emits a cold stub and leads its branch there. */
  private coldStub(i: number): void {
    const a = this.a;
    a.patch32(this.stubPositions[i] as number, a.position);
    a.emit8(0xe8); // call rel32
    a.emit32(this.stubTarget - (a.position + 4));
  }

  /** Loading and saving the guest's registers, once a program. */
  protected sharedStubs(): void {
    const a = this.a;
    this.enterStub = a.position;
    for (let i = 0; i < REGISTER_COUNT; i++) a.mov_rm(64, MACHINE[i] as Reg, context(Context.Registers + 8 * i));
    a.mov_rm(64, GAS, context(Context.Gas));
    a.jmp_m(context(Context.Resume));

    // A cold stub called this: its return address says which one.
    this.stubTarget = a.position;
    a.pop(SCRATCH);
    a.mov_mr(32, context(Context.ExitSite), SCRATCH);
    a.mov_mi(32, context(Context.ExitReason), Exit.Stub);
    const toSave = a.jmp32();
    this.faultStub = a.position;
    a.mov_mi(32, context(Context.ExitReason), Exit.Fault);
    const toSaveToo = a.jmp32();
    // A host call: SCRATCH holds the entry number.
    this.hostCallTarget = a.position;
    a.mov_mr(32, context(Context.ExitSite), SCRATCH);
    this.leaveForHostCall = a.position;
    a.mov_mi(32, context(Context.ExitReason), Exit.HostCall);
    a.patch32(toSave, a.position);
    a.patch32(toSaveToo, a.position);
    for (let i = 0; i < REGISTER_COUNT; i++) a.mov_mr(64, context(Context.Registers + 8 * i), MACHINE[i] as Reg);
    a.mov_mr(64, context(Context.Gas), GAS);
    a.mov_ri64(SCRATCH, -1, 0x7fffffff); // movabs: the address is patched in
    this.leaveReference = a.position - 8;
    a.jmp_r(SCRATCH);
  }

  /** Records that the rel32 at `position` goes to a new cold stub. */
  private stub(position: number, entry: number, kind: StubKind): void {
    const i = this.stubCount++;
    this.stubPositions[i] = position;
    this.stubEntries[i] = entry;
    this.stubKinds[i] = kind;
  }

  /** `ecalli index`, or `ecall`. */
  protected hostCall(n: number, _op: number, _index: number): void {
    this.a.mov_ri(32, RCX, n);
    this.a.patch32(this.a.jmp32(), this.hostCallTarget);
  }

  /** Leaves entry `n` to the interpreter. */
  private interpret(n: number): void {
    this.stub(this.a.jmp32(), n, StubKind.Interpret);
  }

  /** Records that the instruction about to be emitted may fault. */
  private trap(n: number): void {
    const i = this.trapCount++;
    this.trapOffsets[i] = this.a.position;
    this.trapEntries[i] = n;
  }

  /** Jump to another entry; the next one needs none. */
  private jump(n: number, target: number): void {
    const a = this.a;
    if (target < 0) this.interpret(n);
    else if (target <= n) {
      const distance = (this.offsetOf[target] as number) - (a.position + 2);
      if (distance >= -128) {
        a.emit8(0xeb);
        a.emit8(distance);
      } else a.patch32(a.jmp32(), this.offsetOf[target] as number);
    } else if (target !== n + 1) this.fixup(a.jmp32(), target);
  }

  /** Conditional jump to another entry. */
  private branch(n: number, cond: Cond, target: number): void {
    const a = this.a;
    if (target < 0) this.stub(a.jcc32(cond), n, StubKind.Interpret);
    else if (target <= n) {
      const distance = (this.offsetOf[target] as number) - (a.position + 2);
      if (distance >= -128) {
        a.emit8(0x70 | cond);
        a.emit8(distance);
      } else a.patch32(a.jcc32(cond), this.offsetOf[target] as number);
    } else this.fixup(a.jcc32(cond), target);
  }

  private fixup(position: number, target: number): void {
    this.fixups[this.fixupCount++] = position;
    this.fixups[this.fixupCount++] = target;
  }

  /**
   * Dynamic jump to guest address `base + offset`. Jump-table entry i stands for address 2 (i + 1): rotating
   * `address − 2` right by one gives i for those and a number beyond the table for all others: odd ones, zero,
   * those past the end, and the one that halts.
   *
   * @param result register to load with `value` once nothing can go wrong any more, or −1
   */
  private dynamicJump(n: number, base: Reg, offset: number, result: number, value: number): void {
    const a = this.a;
    a.lea(32, RCX, at(base, (offset - 2) | 0));
    a.shift_ri(Shift.Ror, 32, RCX, 1);
    a.cmp_ri(32, RCX, this.decoded.jumpTable.length);
    this.stub(a.jcc32(Cond.AE), n, StubKind.Interpret);
    if (this.carefulJumps) {
      a.alu_mi(Alu.Cmp, 64, indexed(-1, RCX, 8, 0), 0);
      this.tableReferences.push(a.position - 5); // disp32, imm8
      this.stub(a.jcc32(Cond.E), n, StubKind.Interpret);
    }
    if (result >= 0) a.mov_ri(64, result as Reg, value);
    a.jmp_m(indexed(-1, RCX, 8, 0));
    this.tableReferences.push(a.position - 4);
  }

  /** Guest memory at an absolute address. */
  private absoluteGuest(address: number): Mem {
    return gs(addr32(absolute(address)));
  }

  private load(n: number, op: number, d: Reg, mem: Mem): void {
    const a = this.a;
    this.trap(n);
    switch (op) {
      case Op.load_u8:
        return a.movzx_rm(32, 8, d, mem);
      case Op.load_i8:
        return a.movsx_rm(64, 8, d, mem);
      case Op.load_u16:
        return a.movzx_rm(32, 16, d, mem);
      case Op.load_i16:
        return a.movsx_rm(64, 16, d, mem);
      case Op.load_u32:
        return a.mov_rm(32, d, mem);
      case Op.load_i32:
        return a.movsx_rm(64, 32, d, mem);
      default:
        return a.mov_rm(64, d, mem);
    }
  }

  /** Load (`kind` counts from load_u8) from guest address `base + disp`. */
  private loadIndirect(n: number, kind: number, d: Reg, base: Reg, disp: number): void {
    this.trap(n);
    this.a.guest_access(0, LOAD_REX[kind] as number, LOAD_OPCODES[kind] as number, d, base, disp);
  }

  /** Store of 2^log2 bytes to guest address `base + disp`. */
  private storeIndirect(n: number, log2: number, base: Reg, disp: number, source: Reg): void {
    this.trap(n);
    const rex = log2 === 3 ? 8 : log2 === 0 && source > 3 ? 0x40 : 0;
    this.a.guest_access(log2 === 1 ? 0x66 : 0, rex, log2 === 0 ? 0x88 : 0x89, source, base, disp);
  }

  private store(n: number, log2: number, mem: Mem, source: Reg): void {
    this.trap(n);
    this.a.mov_mr(WIDTHS[log2] as 8, mem, source);
  }

  private storeImmediate(n: number, log2: number, mem: Mem, value: number): void {
    this.trap(n);
    // Narrow stores take the low part of the operand; 64-bit ones sign-extend it, as the guest does.
    this.a.mov_mi(WIDTHS[log2] as 8, mem, value);
  }

  private multiplyUpper(n: number, op: number, d: Reg, x: Reg, y: Reg): void {
    if (op === Op.mul_upper_u_u && this.multiplyPair(n, Op.mul_64, d, x, y)) return;
    emitMulUpper(this.a, op, d, x, y, this.cpu.bmi2);
  }

  /**
   * Both halves of a product asked for by two instructions in a row: one multiplication for both. Not where the first
   * result replaces a factor of the second or the second replaces the first.
   *
   * @param wanted the opcode of the other half
   */
  private multiplyPair(n: number, wanted: number, d: Reg, x: Reg, y: Reg): boolean {
    const s = this.stream;
    const j = (n + 1) * STRIDE;
    if (!this.cpu.bmi2 || s[j] !== wanted || d === x || d === y) return false;
    const x2 = MACHINE[s[j + Field.A] as number] as Reg;
    const y2 = MACHINE[s[j + Field.B] as number] as Reg;
    const d2 = MACHINE[s[j + Field.D] as number] as Reg;
    if (d2 === d || !((x2 === x && y2 === y) || (x2 === y && y2 === x))) return false;
    if (wanted === Op.mul_upper_u_u) emitMulx(this.a, d2, d, x, y);
    else emitMulx(this.a, d, d2, x, y);
    this.fused = n + 1;
    return true;
  }

  /** A count of bits, or the interpreter where the processor has no instruction for it. */
  private bitCount(n: number, has: boolean, w: 32 | 64, op: number, d: Reg, x: Reg): void {
    const a = this.a;
    if (!has) this.interpret(n);
    else if (op === Op.count_set_bits_64) a.popcnt(w, d, x);
    else if (op === Op.leading_zero_bits_64) a.lzcnt(w, d, x);
    else a.tzcnt(w, d, x);
  }

  private instruction(n: number): void {
    const a = this.a;
    const s = this.stream;
    const i = n * STRIDE;
    const op = s[i] as number;
    const rA = MACHINE[s[i + Field.A] as number] as Reg;
    const rB = MACHINE[s[i + Field.B] as number] as Reg;
    const rD = MACHINE[s[i + Field.D] as number] as Reg;
    const x = s[i + Field.X] as number;
    switch (op) {
      case Op.trap:
      case Op.sbrk:
        return this.interpret(n);
      case Op.fallthrough:
      case Op.unlikely:
        return;
      case Op.ecalli:
      case Op.ecall:
        return this.hostCall(n, op, x);

      case Op.load_imm:
        return a.mov_ri(64, rA, x);
      case Op.load_imm_64:
        return a.mov_ri64(rA, x, s[i + Field.Y] as number);
      case Op.move_reg:
        if (rA !== rB) a.mov_rr(64, rA, rB);
        return;

      case Op.store_imm_u8:
      case Op.store_imm_u16:
      case Op.store_imm_u32:
      case Op.store_imm_u64:
        return this.storeImmediate(n, op - Op.store_imm_u8, this.absoluteGuest(x), s[i + Field.Y] as number);
      case Op.store_imm_ind_u8:
      case Op.store_imm_ind_u16:
      case Op.store_imm_ind_u32:
      case Op.store_imm_ind_u64:
        return this.storeImmediate(n, op - Op.store_imm_ind_u8, guest(rA, x), s[i + Field.Y] as number);
      case Op.load_u8:
      case Op.load_i8:
      case Op.load_u16:
      case Op.load_i16:
      case Op.load_u32:
      case Op.load_i32:
      case Op.load_u64:
        return this.load(n, op, rA, this.absoluteGuest(x));
      case Op.load_ind_u8:
      case Op.load_ind_i8:
      case Op.load_ind_u16:
      case Op.load_ind_i16:
      case Op.load_ind_u32:
      case Op.load_ind_i32:
      case Op.load_ind_u64:
        return this.loadIndirect(n, op - Op.load_ind_u8, rA, rB, x);
      case Op.store_u8:
      case Op.store_u16:
      case Op.store_u32:
      case Op.store_u64:
        return this.store(n, op - Op.store_u8, this.absoluteGuest(x), rA);
      case Op.store_ind_u8:
      case Op.store_ind_u16:
      case Op.store_ind_u32:
      case Op.store_ind_u64:
        return this.storeIndirect(n, op - Op.store_ind_u8, rB, x, rA);

      case Op.jump:
        return this.jump(n, s[i + Field.Target] as number);
      case Op.load_imm_jump: {
        const target = s[i + Field.Target] as number;
        if (target >= 0) a.mov_ri(64, rA, x);
        return this.jump(n, target);
      }
      case Op.jump_ind:
        return this.dynamicJump(n, rA, x, -1, 0);
      case Op.load_imm_jump_ind:
        return this.dynamicJump(n, rB, s[i + Field.Y] as number, rA, x);
      case Op.branch_eq:
      case Op.branch_ne:
      case Op.branch_lt_u:
      case Op.branch_lt_s:
      case Op.branch_ge_u:
      case Op.branch_ge_s:
        a.cmp_rr(64, rA, rB);
        return this.branch(n, BRANCH_REGISTERS[op - Op.branch_eq] as Cond, s[i + Field.Target] as number);
      case Op.branch_eq_imm:
      case Op.branch_ne_imm:
      case Op.branch_lt_u_imm:
      case Op.branch_le_u_imm:
      case Op.branch_ge_u_imm:
      case Op.branch_gt_u_imm:
      case Op.branch_lt_s_imm:
      case Op.branch_le_s_imm:
      case Op.branch_ge_s_imm:
      case Op.branch_gt_s_imm:
        return this.branchImmediate(n, op, rA, x, s[i + Field.Target] as number);

      case Op.count_set_bits_64:
      case Op.leading_zero_bits_64:
      case Op.trailing_zero_bits_64:
        return this.bitCount(n, this.hasBitCount(op), 64, op, rA, rB);
      case Op.count_set_bits_32:
      case Op.leading_zero_bits_32:
      case Op.trailing_zero_bits_32:
        return this.bitCount(n, this.hasBitCount(op - 1), 32, op - 1, rA, rB);
      case Op.sign_extend_8:
        return a.movsx_rr(64, 8, rA, rB);
      case Op.sign_extend_16:
        return a.movsx_rr(64, 16, rA, rB);
      case Op.zero_extend_16:
        return a.movzx_rr(32, 16, rA, rB);
      case Op.reverse_bytes:
        if (rA !== rB) a.mov_rr(64, rA, rB);
        return a.bswap(64, rA);

      case Op.add_imm_32:
        if (rA === rB) a.add_ri(32, rA, x);
        else a.lea(32, rA, at(rB, x));
        return a.movsx_rr(64, 32, rA, rA);
      case Op.add_imm_64:
        if (rA === rB) {
          a.add_ri(64, rA, x);
          this.leaveFlags(n, rA, RESULT_FLAGS);
        } else if (x === 0) a.mov_rr(64, rA, rB);
        else a.lea(64, rA, at(rB, x));
        return;
      case Op.and_imm:
        return this.aluImmediate(n, Alu.And, rA, rB, x);
      case Op.xor_imm:
        return this.aluImmediate(n, Alu.Xor, rA, rB, x);
      case Op.or_imm:
        return this.aluImmediate(n, Alu.Or, rA, rB, x);
      case Op.mul_imm_32:
        a.imul_rri(32, rA, rB, x);
        return a.movsx_rr(64, 32, rA, rA);
      case Op.mul_imm_64:
        return a.imul_rri(64, rA, rB, x);
      case Op.neg_add_imm_32:
        this.negateAdd(32, rA, rB, x);
        return a.movsx_rr(64, 32, rA, rA);
      case Op.neg_add_imm_64:
        return this.negateAdd(64, rA, rB, x);
      case Op.set_lt_u_imm:
        a.cmp_ri(64, rB, x);
        return this.set(n, Cond.B, rA);
      case Op.set_lt_s_imm:
        a.cmp_ri(64, rB, x);
        return this.set(n, Cond.L, rA);
      case Op.set_gt_u_imm:
        a.cmp_ri(64, rB, x);
        return this.set(n, Cond.A, rA);
      case Op.set_gt_s_imm:
        a.cmp_ri(64, rB, x);
        return this.set(n, Cond.G, rA);
      case Op.shlo_l_imm_32:
        return this.shiftImmediate(Shift.Shl, 32, rA, rB, x);
      case Op.shlo_r_imm_32:
        return this.shiftImmediate(Shift.Shr, 32, rA, rB, x);
      case Op.shar_r_imm_32:
        return this.shiftImmediate(Shift.Sar, 32, rA, rB, x);
      case Op.rot_r_32_imm:
        return this.shiftImmediate(Shift.Ror, 32, rA, rB, x);
      case Op.shlo_l_imm_64:
        return this.shiftImmediate(Shift.Shl, 64, rA, rB, x);
      case Op.shlo_r_imm_64:
        return this.shiftImmediate(Shift.Shr, 64, rA, rB, x);
      case Op.shar_r_imm_64:
        return this.shiftImmediate(Shift.Sar, 64, rA, rB, x);
      case Op.rot_r_64_imm:
        return this.shiftImmediate(Shift.Ror, 64, rA, rB, x);
      case Op.shlo_l_imm_alt_32:
        return this.shiftOfImmediate(Shift.Shl, 32, rA, x, rB);
      case Op.shlo_r_imm_alt_32:
        return this.shiftOfImmediate(Shift.Shr, 32, rA, x, rB);
      case Op.shar_r_imm_alt_32:
        return this.shiftOfImmediate(Shift.Sar, 32, rA, x, rB);
      case Op.rot_r_32_imm_alt:
        return this.shiftOfImmediate(Shift.Ror, 32, rA, x, rB);
      case Op.shlo_l_imm_alt_64:
        return this.shiftOfImmediate(Shift.Shl, 64, rA, x, rB);
      case Op.shlo_r_imm_alt_64:
        return this.shiftOfImmediate(Shift.Shr, 64, rA, x, rB);
      case Op.shar_r_imm_alt_64:
        return this.shiftOfImmediate(Shift.Sar, 64, rA, x, rB);
      case Op.rot_r_64_imm_alt:
        return this.shiftOfImmediate(Shift.Ror, 64, rA, x, rB);
      case Op.cmov_iz_imm:
      case Op.cmov_nz_imm:
        a.mov_ri(64, RCX, x);
        a.test_rr(64, rB, rB);
        return a.cmovcc(op === Op.cmov_iz_imm ? Cond.E : Cond.NE, 64, rA, RCX);

      case Op.add_32:
        this.add(32, rD, rA, rB);
        return a.movsx_rr(64, 32, rD, rD);
      case Op.sub_32:
        this.subtract(n, 32, rD, rA, rB);
        return a.movsx_rr(64, 32, rD, rD);
      case Op.mul_32:
        this.multiply(32, rD, rA, rB);
        return a.movsx_rr(64, 32, rD, rD);
      case Op.add_64:
        return this.add(64, rD, rA, rB);
      case Op.sub_64:
        return this.subtract(n, 64, rD, rA, rB);
      case Op.mul_64:
        if (this.multiplyPair(n, Op.mul_upper_u_u, rD, rA, rB)) return;
        return this.multiply(64, rD, rA, rB);
      case Op.and:
        return this.commutative(n, Alu.And, rD, rA, rB);
      case Op.xor:
        return this.commutative(n, Alu.Xor, rD, rA, rB);
      case Op.or:
        return this.commutative(n, Alu.Or, rD, rA, rB);
      case Op.div_u_32:
      case Op.div_s_32:
      case Op.rem_u_32:
      case Op.rem_s_32:
        return emitDivision(a, op - Op.div_u_32, 32, rD, rA, rB);
      case Op.div_u_64:
      case Op.div_s_64:
      case Op.rem_u_64:
      case Op.rem_s_64:
        return emitDivision(a, op - Op.div_u_64, 64, rD, rA, rB);
      case Op.mul_upper_s_s:
      case Op.mul_upper_u_u:
      case Op.mul_upper_s_u:
        return this.multiplyUpper(n, op, rD, rA, rB);
      case Op.shlo_l_32:
        return this.shift(Shift.Shl, 32, rD, rA, rB);
      case Op.shlo_r_32:
        return this.shift(Shift.Shr, 32, rD, rA, rB);
      case Op.shar_r_32:
        return this.shift(Shift.Sar, 32, rD, rA, rB);
      case Op.shlo_l_64:
        return this.shift(Shift.Shl, 64, rD, rA, rB);
      case Op.shlo_r_64:
        return this.shift(Shift.Shr, 64, rD, rA, rB);
      case Op.shar_r_64:
        return this.shift(Shift.Sar, 64, rD, rA, rB);
      case Op.rot_l_64:
        return this.shift(Shift.Rol, 64, rD, rA, rB);
      case Op.rot_l_32:
        return this.shift(Shift.Rol, 32, rD, rA, rB);
      case Op.rot_r_64:
        return this.shift(Shift.Ror, 64, rD, rA, rB);
      case Op.rot_r_32:
        return this.shift(Shift.Ror, 32, rD, rA, rB);
      case Op.set_lt_u:
        a.cmp_rr(64, rA, rB);
        return this.set(n, Cond.B, rD);
      case Op.set_lt_s:
        a.cmp_rr(64, rA, rB);
        return this.set(n, Cond.L, rD);
      case Op.cmov_iz:
      case Op.cmov_nz:
        a.test_rr(64, rB, rB);
        return a.cmovcc(op === Op.cmov_iz ? Cond.E : Cond.NE, 64, rD, rA);
      case Op.and_inv:
        if (this.cpu.bmi1) return a.andn(64, rD, rB, rA);
        return this.inverted(Alu.And, rD, rA, rB);
      case Op.or_inv:
        return this.inverted(Alu.Or, rD, rA, rB);
      case Op.xnor:
        this.commutative(n, Alu.Xor, rD, rA, rB);
        this.flagsEntry = NO_ENTRY; // `not` leaves the flags of what it inverts
        return a.not_r(64, rD);
      case Op.max:
        return this.minMax(Cond.G, rD, rA, rB);
      case Op.max_u:
        return this.minMax(Cond.A, rD, rA, rB);
      case Op.min:
        return this.minMax(Cond.L, rD, rA, rB);
      case Op.min_u:
        return this.minMax(Cond.B, rD, rA, rB);
      default:
        throw new Error(`recompiler: no code for opcode ${op} at entry ${n}`);
    }
  }

  private hasBitCount(op: number): boolean {
    if (op === Op.count_set_bits_64) return this.cpu.popcnt;
    return op === Op.leading_zero_bits_64 ? this.cpu.lzcnt : this.cpu.bmi1;
  }

  private branchImmediate(n: number, op: number, r: Reg, value: number, target: number): void {
    const a = this.a;
    let cond = BRANCH_IMMEDIATE[op - Op.branch_eq_imm] as Cond;
    if (value !== 0) a.cmp_ri(64, r, value);
    else if (this.flagsEntry === n - 1 && this.flagsRegister === r && (cond === Cond.E || cond === Cond.NE)) {
      // The flags of what made this register are still there: branch on them.
      if (this.flagsCond !== RESULT_FLAGS) cond = cond === Cond.NE ? this.flagsCond : this.flagsCond ^ 1;
    } else a.test_rr(64, r, r);
    this.branch(n, cond, target);
  }
}

const WIDTHS = [8, 16, 32, 64];

/** Loads from load_u8 to load_u64 as x86 instructions: movzx, movsx, mov, movsxd; 32-bit ones clear the upper half. */
const LOAD_OPCODES = [0x0fb6, 0x0fbe, 0x0fb7, 0x0fbf, 0x8b, 0x63, 0x8b];
const LOAD_REX = [0, 8, 0, 8, 0, 8, 8];
