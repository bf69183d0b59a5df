/**
 * The form a program has between RISC-V and bytes: basic blocks of PVM instructions, not yet placed.
 *
 * Instructions are the machine's own, so that lowering decides everything once and optimisations see exactly what will
 * run; only the targets of jumps are blocks instead of offsets. Jump-table addresses are ordinary immediates: they
 * were handed out before lowering and do not change.
 */
import { BY_OPCODE, Format } from '../../isa/instructions.js';
import { Op } from '../../isa/opcodes.js';
import type { LinkedData } from './memory.js';

/** Number of registers. */
export const REGISTERS = 13;

/** An instruction; operands by position, as in the instruction table. */
export class Inst {
  constructor(
    public op: Op,
    public a: number,
    public b: number,
    public d: number,
    /** First immediate, 32 bits signed; of `load_imm_64` the low half. */
    public x: number,
    /** Second immediate; of `load_imm_64` the high half. */
    public y: number,
  ) {}
}

/** Host calls by PolkaVM's metadata say which registers they read. */
export interface HostCall {
  readonly reads: number;
  readonly writes: number;
}

/** A basic block. */
export class Block {
  readonly insts: Inst[] = [];
  /**
   * How it ends: a branch, `jump`, `load_imm_jump` (a call), `jump_ind`, `load_imm_jump_ind`, `trap`, or
   * `fallthrough` for control that goes on to `next`.
   */
  exit: Inst = new Inst(Op.trap, 0, 0, 0, 0, 0);
  /** Where a branch, jump or call goes. */
  target: Block | undefined = undefined;
  /** Where control goes on: behind a branch not taken, or after a call. */
  next: Block | undefined = undefined;
  /** A jump-table index that leads here, or −1 where no dynamic jump arrives. */
  tableIndex = -1;
  /** A call returns here. */
  isReturn = false;
  /** Its address is a value. */
  escapes = false;
  /** Its address is a value, and a symbol says that it may be called. */
  isFunction = false;
  /** Number of blocks and tables that lead here; kept by `countReferences`. */
  references = 0;
  /** Scratch for passes: position in the list of blocks. */
  index = 0;

  constructor(
    /** Address in the ELF, for the order of the code and for messages. */
    readonly address: number,
  ) {}
}

/** A program being linked. */
export interface Code {
  blocks: Block[];
  /** Blocks that are entered from outside. */
  readonly entries: readonly Block[];
  /** Block by jump-table index. */
  readonly table: Block[];
  /** By instruction, for host calls whose registers are known. */
  readonly hostCalls: Map<Inst, HostCall>;
  /** Memory that never changes. */
  readonly constants: LinkedData;
}

/** Jump-table address of an index. */
export function tableAddress(index: number): number {
  return 2 * (index + 1);
}

const FORMATS: Uint8Array = Uint8Array.from(BY_OPCODE, (row) => row?.format ?? Format.None);

/** Operand format of an opcode. */
export function formatOf(op: Op): Format {
  return FORMATS[op] as Format;
}

export function inst(op: Op, a = 0, b = 0, d = 0, x = 0, y = 0): Inst {
  return new Inst(op, a, b, d, x, y);
}

/** `load_imm` or `load_imm_64`, whichever the value needs. */
export function loadConstant(register: number, value: bigint): Inst {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return high === low >> 31 ? inst(Op.load_imm, register, 0, 0, low) : inst(Op.load_imm_64, register, 0, 0, low, high);
}

/** Whether an exit compares and branches. */
export function isBranch(op: Op): boolean {
  return (op >= Op.branch_eq_imm && op <= Op.branch_gt_s_imm) || (op >= Op.branch_eq && op <= Op.branch_ge_s);
}
