/**
 * RISC-V instructions to PVM instructions, one by one and without looking around.
 *
 * PVM has no register that is always zero; what RISC-V says with `x0` takes the form with an immediate instead, so
 * nearly every instruction here is one PVM instruction or none. Addresses come from relocations, never from the
 * immediates in the ELF.
 */
import { Op } from '../../isa/opcodes.js';
import { discardedLoad, orCombineBytes } from './borrow.js';
import { Part, type Reached, type Step } from './discover.js';
import { LinkError } from './errors.js';
import { Block, type Code, type Inst, inst, tableAddress } from './ir.js';
import type { MemoryLayout } from './memory.js';
import { Rv } from './riscv.js';
import type { Symbols } from './symbols.js';

/** Jump-table index by code address of the ELF. */
export type JumpTable = ReadonlyMap<number, number>;

/** Everything lowering needs to know about a program. */
export interface LoweringInput {
  readonly symbols: Symbols;
  readonly reached: Reached;
  readonly memory: MemoryLayout;
  readonly table: JumpTable;
  /** Number of an import by name. */
  readonly imports: ReadonlyMap<string, number>;
  /** Addresses execution starts at. */
  readonly entries: readonly number[];
}

/** PVM register of a RISC-V register other than x0. */
function reg(x: number): number {
  return x < 3 ? x - 1 : x - 3;
}

const ZERO = 0;

// biome-ignore format: a table
const THREE: Partial<Record<Rv, Op>> = {
  [Rv.Add]: Op.add_64, [Rv.Sub]: Op.sub_64, [Rv.Sll]: Op.shlo_l_64, [Rv.Slt]: Op.set_lt_s, [Rv.Sltu]: Op.set_lt_u,
  [Rv.Xor]: Op.xor, [Rv.Srl]: Op.shlo_r_64, [Rv.Sra]: Op.shar_r_64, [Rv.Or]: Op.or, [Rv.And]: Op.and,
  [Rv.Addw]: Op.add_32, [Rv.Subw]: Op.sub_32, [Rv.Sllw]: Op.shlo_l_32, [Rv.Srlw]: Op.shlo_r_32,
  [Rv.Sraw]: Op.shar_r_32, [Rv.Mul]: Op.mul_64, [Rv.Mulh]: Op.mul_upper_s_s, [Rv.Mulhsu]: Op.mul_upper_s_u,
  [Rv.Mulhu]: Op.mul_upper_u_u, [Rv.Div]: Op.div_s_64, [Rv.Divu]: Op.div_u_64, [Rv.Rem]: Op.rem_s_64,
  [Rv.Remu]: Op.rem_u_64, [Rv.Mulw]: Op.mul_32, [Rv.Divw]: Op.div_s_32, [Rv.Divuw]: Op.div_u_32,
  [Rv.Remw]: Op.rem_s_32, [Rv.Remuw]: Op.rem_u_32, [Rv.Andn]: Op.and_inv, [Rv.Orn]: Op.or_inv, [Rv.Xnor]: Op.xnor,
  [Rv.Max]: Op.max, [Rv.Maxu]: Op.max_u, [Rv.Min]: Op.min, [Rv.Minu]: Op.min_u, [Rv.Rol]: Op.rot_l_64,
  [Rv.Ror]: Op.rot_r_64, [Rv.Rolw]: Op.rot_l_32, [Rv.Rorw]: Op.rot_r_32,
};

// biome-ignore format: a table
const IMMEDIATE: Partial<Record<Rv, Op>> = {
  [Rv.Addi]: Op.add_imm_64, [Rv.Slti]: Op.set_lt_s_imm, [Rv.Sltiu]: Op.set_lt_u_imm, [Rv.Xori]: Op.xor_imm,
  [Rv.Ori]: Op.or_imm, [Rv.Andi]: Op.and_imm, [Rv.Slli]: Op.shlo_l_imm_64, [Rv.Srli]: Op.shlo_r_imm_64,
  [Rv.Srai]: Op.shar_r_imm_64, [Rv.Addiw]: Op.add_imm_32, [Rv.Slliw]: Op.shlo_l_imm_32,
  [Rv.Srliw]: Op.shlo_r_imm_32, [Rv.Sraiw]: Op.shar_r_imm_32, [Rv.Rori]: Op.rot_r_64_imm,
  [Rv.Roriw]: Op.rot_r_32_imm,
};

// biome-ignore format: a table
const TWO: Partial<Record<Rv, Op>> = {
  [Rv.Clz]: Op.leading_zero_bits_64, [Rv.Clzw]: Op.leading_zero_bits_32, [Rv.Ctz]: Op.trailing_zero_bits_64,
  [Rv.Ctzw]: Op.trailing_zero_bits_32, [Rv.Cpop]: Op.count_set_bits_64, [Rv.Cpopw]: Op.count_set_bits_32,
  [Rv.SextB]: Op.sign_extend_8, [Rv.SextH]: Op.sign_extend_16, [Rv.ZextH]: Op.zero_extend_16,
  [Rv.Rev8]: Op.reverse_bytes,
};

/** Indirect and absolute forms of loads and stores; for stores also those of a constant. */
// biome-ignore format: a table
const MEMORY: Partial<Record<Rv, readonly [Op, Op, Op, Op]>> = {
  [Rv.Lb]: [Op.load_ind_i8, Op.load_i8, 0, 0], [Rv.Lbu]: [Op.load_ind_u8, Op.load_u8, 0, 0],
  [Rv.Lh]: [Op.load_ind_i16, Op.load_i16, 0, 0], [Rv.Lhu]: [Op.load_ind_u16, Op.load_u16, 0, 0],
  [Rv.Lw]: [Op.load_ind_i32, Op.load_i32, 0, 0], [Rv.Lwu]: [Op.load_ind_u32, Op.load_u32, 0, 0],
  [Rv.Ld]: [Op.load_ind_u64, Op.load_u64, 0, 0],
  [Rv.Sb]: [Op.store_ind_u8, Op.store_u8, Op.store_imm_ind_u8, Op.store_imm_u8],
  [Rv.Sh]: [Op.store_ind_u16, Op.store_u16, Op.store_imm_ind_u16, Op.store_imm_u16],
  [Rv.Sw]: [Op.store_ind_u32, Op.store_u32, Op.store_imm_ind_u32, Op.store_imm_u32],
  [Rv.Sd]: [Op.store_ind_u64, Op.store_u64, Op.store_imm_ind_u64, Op.store_imm_u64],
};

/** Branches: of two registers, of the first with zero, and of zero with the second. */
const BRANCHES: Partial<Record<Rv, readonly [Op, Op, Op]>> = {
  [Rv.Beq]: [Op.branch_eq, Op.branch_eq_imm, Op.branch_eq_imm],
  [Rv.Bne]: [Op.branch_ne, Op.branch_ne_imm, Op.branch_ne_imm],
  [Rv.Blt]: [Op.branch_lt_s, Op.branch_lt_s_imm, Op.branch_gt_s_imm],
  [Rv.Bge]: [Op.branch_ge_s, Op.branch_ge_s_imm, Op.branch_le_s_imm],
  [Rv.Bltu]: [Op.branch_lt_u, Op.branch_lt_u_imm, Op.branch_gt_u_imm],
  [Rv.Bgeu]: [Op.branch_ge_u, Op.branch_ge_u_imm, Op.branch_le_u_imm],
};

/** Registers a host call through metadata may change: a0–a5 and t0–t2. */
const HOST_CALL_WRITES = 0b1_1111_1001_1100;
const ARGUMENTS = [7, 8, 9, 10, 11, 12, 2, 3, 4];

/** Turns everything reached into blocks of PVM instructions. */
export function lower(input: LoweringInput): Code {
  return new Lowering(input).run();
}

class Lowering {
  private readonly blocks = new Map<number, Block>();
  private readonly hostCalls: Code['hostCalls'] = new Map();
  private readonly trap = new Block(Number.MAX_SAFE_INTEGER);
  /** Blocks that begin within what was one in the ELF. */
  private readonly extra: Block[] = [];

  constructor(private readonly input: LoweringInput) {}

  run(): Code {
    const { steps, leaders, escaping, returns } = this.input.reached;
    const addresses = [...steps.keys()].sort((a, b) => a - b);
    for (const address of addresses) if (leaders.has(address)) this.blocks.set(address, new Block(address));
    for (const block of this.blocks.values()) this.fill(block);
    const blocks = [...this.blocks.values(), ...this.extra, this.trap].sort((a, b) => a.address - b.address);
    const table: Block[] = [];
    for (const [address, index] of this.input.table) {
      const block = this.at(address);
      block.tableIndex = index;
      block.isReturn = returns.has(address);
      block.escapes = escaping.has(address);
      block.isFunction = block.escapes && this.input.symbols.isFunctionStart(address);
      table[index] = block;
    }
    const entries = this.input.entries.map((address) => this.at(address));
    return { blocks, entries, table, hostCalls: this.hostCalls, constants: this.input.memory.readOnly() };
  }

  private at(address: number): Block {
    return this.blocks.get(address) ?? this.trap;
  }

  /** Lowers instructions from a block's address to its end. */
  private fill(first: Block): void {
    const { steps } = this.input.reached;
    let block = first;
    for (let at = block.address; ; ) {
      const step = steps.get(at);
      if (step === undefined) return;
      at += step.size;
      if (this.exit(block, step, at)) return;
      const clamped = clampedRegister(step);
      if (clamped < 0) this.instruction(block.insts, step);
      else block = this.clamp(block, step, clamped);
      if (this.blocks.has(at)) {
        block.exit = inst(Op.fallthrough);
        block.next = this.at(at);
        return;
      }
    }
  }

  /**
   * `max` or `min` of a register with zero into itself: there is no form with an immediate, and no register is free
   * to hold the zero, so a branch leaves it out or sets it to zero. Returns the block behind it.
   */
  private clamp(block: Block, { address, rv }: Step, register: number): Block {
    const zero = new Block(address + 0.25);
    const after = new Block(address + 0.5);
    this.extra.push(zero, after);
    block.exit = inst(rv.op === Rv.Max ? Op.branch_ge_s_imm : Op.branch_le_s_imm, register);
    block.target = after;
    block.next = zero;
    zero.insts.push(inst(Op.load_imm, register));
    zero.exit = inst(Op.fallthrough);
    zero.next = after;
    return after;
  }

  /** Ends the block where an instruction does. */
  private exit(block: Block, step: Step, next: number): boolean {
    const { rd, rs1, rs2, imm, op } = step.rv;
    switch (op) {
      case Rv.Trap:
        block.exit = inst(Op.trap);
        return true;
      case Rv.Jal:
        block.target = this.at(step.address + imm);
        if (rd === 0) block.exit = inst(Op.jump);
        else this.call(block, step, next, inst(Op.load_imm_jump, reg(rd)));
        return true;
      case Rv.Jalr: {
        const offset = this.immediate(step);
        if (rs1 === ZERO) {
          // The address is all in the immediate: that of code, or a number where there is none.
          if (step.target?.kind !== 'code') block.exit = inst(Op.trap);
          else {
            block.target = this.at(step.target.address);
            if (rd === 0) block.exit = inst(Op.jump);
            else this.call(block, step, next, inst(Op.load_imm_jump, reg(rd)));
          }
          return true;
        }
        if (rd === 0) block.exit = inst(Op.jump_ind, reg(rs1), 0, 0, offset);
        else this.call(block, step, next, inst(Op.load_imm_jump_ind, reg(rd), reg(rs1), 0, 0, offset));
        return true;
      }
    }
    const forms = BRANCHES[op];
    if (forms === undefined) return false;
    block.target = this.at(step.address + imm);
    block.next = this.at(next);
    if (rs1 !== ZERO && rs2 !== ZERO) block.exit = inst(forms[0], reg(rs1), reg(rs2));
    else if (rs1 !== ZERO) block.exit = inst(forms[1], reg(rs1));
    else if (rs2 !== ZERO) block.exit = inst(forms[2], reg(rs2));
    else if (op === Rv.Beq || op === Rv.Bge || op === Rv.Bgeu) block.exit = inst(Op.jump);
    else {
      block.exit = inst(Op.fallthrough);
      block.target = undefined;
    }
    return true;
  }

  private call(block: Block, step: Step, next: number, exit: Inst): void {
    block.exit = exit;
    if (step.last) {
      // Whoever returns from here after all arrives nowhere: jump-table address 0 panics.
      return;
    }
    block.next = this.at(next);
    exit.x = tableAddress(this.input.table.get(next) as number);
  }

  /** The immediate with its relocation applied. */
  private immediate({ address, rv, part, target }: Step): number {
    if (target === undefined) return rv.imm;
    const value = this.input.memory.valueOf(target);
    switch (part) {
      case Part.Low:
        return rv.rs1 === ZERO ? this.word(value, address) : (value << 20) >> 20;
      case Part.Done:
        return 0;
      case Part.High:
        return this.word((value + 0x800) & ~0xfff, address);
      default:
        return this.word(value, address);
    }
  }

  /** A value as an immediate of 32 bits. */
  private word(value: number, address: number): number {
    if (value < -0x80000000 || value > 0xffffffff) {
      throw new LinkError(`expected an address of 32 bits, found ${value}`, this.input.symbols.place(address));
    }
    return value | 0;
  }

  private instruction(out: Inst[], step: Step): void {
    const { op, rd, rs1, rs2 } = step.rv;
    const imm = this.immediate(step);
    switch (op) {
      case Rv.Fence:
        return;
      case Rv.Ecall:
        out.push(inst(Op.ecall));
        return;
      case Rv.Ecalli:
        out.push(inst(Op.ecalli, 0, 0, 0, imm));
        return;
      case Rv.Import: {
        const { name, inputs } = step.metadata as NonNullable<Step['metadata']>;
        const call = inst(Op.ecalli, 0, 0, 0, this.input.imports.get(name) as number);
        const reads = ARGUMENTS.slice(0, inputs).reduce((mask, register) => mask | (1 << register), 2);
        this.hostCalls.set(call, { reads, writes: HOST_CALL_WRITES });
        out.push(call);
        return;
      }
      case Rv.Sbrk:
        out.push(inst(Op.sbrk, reg(rd), reg(rs1)));
        return;
      case Rv.OrcB:
        if (rd === ZERO) return;
        if (rs1 === ZERO) out.push(inst(Op.load_imm, reg(rd)));
        else orCombineBytes(out, reg(rd), reg(rs1));
        return;
    }
    const memory = MEMORY[op];
    if (memory !== undefined) {
      if (op >= Rv.Sb) {
        out.push(store(memory, rs1, rs2, imm));
        return;
      }
      if (step.part === Part.Got) {
        if (rd !== ZERO) out.push(inst(Op.load_imm, reg(rd), 0, 0, imm));
        return;
      }
      const load = (register: number): Inst =>
        rs1 === ZERO ? inst(memory[1], register, 0, 0, imm) : inst(memory[0], register, reg(rs1), 0, imm);
      if (rd === ZERO) discardedLoad(out, load, rs1 === ZERO ? -1 : reg(rs1));
      else out.push(load(reg(rd)));
      return;
    }
    // What only computes a value computes none for x0.
    if (rd === ZERO) return;
    const d = reg(rd);
    switch (op) {
      case Rv.Lui:
      case Rv.Auipc:
        out.push(inst(Op.load_imm, d, 0, 0, imm));
        return;
      case Rv.HeapBase:
        out.push(inst(Op.load_imm, d, 0, 0, this.input.memory.heapStart | 0));
        return;
    }
    const immediate = IMMEDIATE[op];
    if (immediate !== undefined) {
      if (rs1 === ZERO) out.push(inst(Op.load_imm, d, 0, 0, ofZero(op, imm)));
      else if (op === Rv.Addi && imm === 0) move(out, d, reg(rs1));
      else out.push(inst(immediate, d, reg(rs1), 0, imm));
      return;
    }
    const two = TWO[op];
    if (two !== undefined) {
      if (rs1 === ZERO) {
        const width = op === Rv.Clz || op === Rv.Ctz ? 64 : op === Rv.Clzw || op === Rv.Ctzw ? 32 : 0;
        out.push(inst(Op.load_imm, d, 0, 0, width));
      } else out.push(inst(two, d, reg(rs1)));
      return;
    }
    const three = THREE[op] as Op;
    if (rs1 !== ZERO && rs2 !== ZERO) out.push(inst(three, reg(rs1), reg(rs2), d));
    else withZero(out, op, d, rs1, rs2);
  }
}

/** The register `max` and `min` with zero leave their result in where that is the one they compare; else −1. */
function clampedRegister({ rv: { op, rd, rs1, rs2 } }: Step): number {
  if ((op !== Rv.Max && op !== Rv.Min) || rd === ZERO) return -1;
  return (rs1 === rd && rs2 === ZERO) || (rs2 === rd && rs1 === ZERO) ? reg(rd) : -1;
}

function move(out: Inst[], d: number, from: number): void {
  if (d !== from) out.push(inst(Op.move_reg, d, from));
}

function store(
  [indirect, absolute, constantIndirect, constant]: readonly Op[],
  base: number,
  value: number,
  imm: number,
): Inst {
  if (base === ZERO) {
    return value === ZERO ? inst(constant as Op, 0, 0, 0, imm) : inst(absolute as Op, reg(value), 0, 0, imm);
  }
  return value === ZERO
    ? inst(constantIndirect as Op, reg(base), 0, 0, imm)
    : inst(indirect as Op, reg(value), reg(base), 0, imm);
}

/** What an operation of zero and an immediate gives. */
function ofZero(op: Rv, imm: number): number {
  switch (op) {
    case Rv.Addi:
    case Rv.Addiw:
    case Rv.Xori:
    case Rv.Ori:
      return imm;
    case Rv.Slti:
      return imm > 0 ? 1 : 0;
    case Rv.Sltiu:
      return imm !== 0 ? 1 : 0;
    default:
      return 0;
  }
}

/** An operation of two registers at least one of which is zero. */
function withZero(out: Inst[], op: Rv, d: number, rs1: number, rs2: number): void {
  const constant = (value: number): void => {
    out.push(inst(Op.load_imm, d, 0, 0, value));
  };
  const unary = (opcode: Op, register: number, x = 0): void => {
    out.push(inst(opcode, d, reg(register), 0, x));
  };
  const other = rs1 === ZERO ? rs2 : rs1;
  const none = rs1 === ZERO && rs2 === ZERO;
  switch (op) {
    case Rv.Add:
    case Rv.Or:
    case Rv.Xor:
      if (none) constant(0);
      else move(out, d, reg(other));
      return;
    case Rv.Addw:
      if (none) constant(0);
      else unary(Op.add_imm_32, other);
      return;
    case Rv.Sub:
      if (none) constant(0);
      else if (rs2 === ZERO) move(out, d, reg(rs1));
      else unary(Op.neg_add_imm_64, rs2);
      return;
    case Rv.Subw:
      if (none) constant(0);
      else if (rs2 === ZERO) unary(Op.add_imm_32, rs1);
      else unary(Op.neg_add_imm_32, rs2);
      return;
    case Rv.Sll:
    case Rv.Srl:
    case Rv.Sra:
    case Rv.Rol:
    case Rv.Ror:
      if (rs1 === ZERO) constant(0);
      else move(out, d, reg(rs1));
      return;
    case Rv.Sllw:
    case Rv.Srlw:
    case Rv.Sraw:
    case Rv.Rolw:
    case Rv.Rorw:
      if (rs1 === ZERO) constant(0);
      else unary(Op.add_imm_32, rs1);
      return;
    case Rv.Slt:
      if (none) constant(0);
      else if (rs1 === ZERO) unary(Op.set_gt_s_imm, rs2);
      else unary(Op.set_lt_s_imm, rs1);
      return;
    case Rv.Sltu:
      if (none || rs2 === ZERO) constant(0);
      else unary(Op.set_gt_u_imm, rs2);
      return;
    case Rv.Andn:
      if (rs1 === ZERO) constant(0);
      else move(out, d, reg(rs1));
      return;
    case Rv.Orn:
      if (rs2 === ZERO) constant(-1);
      else unary(Op.xor_imm, rs2, -1);
      return;
    case Rv.Xnor:
      if (none) constant(-1);
      else unary(Op.xor_imm, other, -1);
      return;
    case Rv.Div:
    case Rv.Divu:
    case Rv.Divw:
    case Rv.Divuw:
      if (rs2 === ZERO) constant(-1);
      else {
        // 0 / x is 0, or −1 where x is 0 too.
        const isWord = op === Rv.Divw || op === Rv.Divuw;
        if (isWord) unary(Op.add_imm_32, rs2);
        out.push(inst(Op.set_lt_u_imm, d, isWord ? d : reg(rs2), 0, 1), inst(Op.neg_add_imm_64, d, d));
      }
      return;
    case Rv.Rem:
    case Rv.Remu:
      if (rs1 === ZERO) constant(0);
      else move(out, d, reg(rs1));
      return;
    case Rv.Remw:
    case Rv.Remuw:
      if (rs1 === ZERO) constant(0);
      else unary(Op.add_imm_32, rs1);
      return;
    case Rv.Maxu:
      if (none) constant(0);
      else move(out, d, reg(other));
      return;
    case Rv.Max:
    case Rv.Min:
      if (none) constant(0);
      else out.push(inst(Op.load_imm, d, 0, 0, 0), inst(op === Rv.Max ? Op.max : Op.min, d, reg(other), d));
      return;
    // And, Minu, the multiplications
    default:
      constant(0);
  }
}
