/**
 * What instructions read and write, by register masks: bit r stands for register r.
 *
 * Registers are 64 bits wide, but much code looks only at the lower half: 32-bit arithmetic, addresses, narrow stores.
 * So reads come in two kinds, of the whole register and of its lower half alone.
 */
import { Format } from '../../isa/instructions.js';
import { Op } from '../../isa/opcodes.js';
import { formatOf, type HostCall, type Inst } from './ir.js';

/** All registers. */
export const ALL = 0x1fff;

/** Bits of a register a reader looks at. */
const enum Width {
  None,
  /** The lower 32. */
  Low,
  /** As many as the reader's result is looked at. */
  Same,
  Full,
}

/** Per opcode: Width of the operands at positions A, B and D as sources, and which position is written. */
const SOURCE_A = new Uint8Array(256);
const SOURCE_B = new Uint8Array(256);
const SOURCE_D = new Uint8Array(256);
/** 0 none, 1 A, 2 D. */
const RESULT = new Uint8Array(256);

function between(op: number, first: Op, last: Op): boolean {
  return op >= first && op <= last;
}

for (let op = 0; op < 256; op++) {
  switch (formatOf(op as Op)) {
    case Format.RegImm64:
      RESULT[op] = 1;
      break;
    case Format.RegImm:
      if (between(op, Op.store_u8, Op.store_u64)) SOURCE_A[op] = op === Op.store_u64 ? Width.Full : Width.Low;
      else if (op === Op.jump_ind) SOURCE_A[op] = Width.Low;
      else RESULT[op] = 1;
      break;
    case Format.RegImmImm:
      SOURCE_A[op] = Width.Low;
      break;
    case Format.RegImmOffset:
      if (op === Op.load_imm_jump) RESULT[op] = 1;
      else SOURCE_A[op] = Width.Full;
      break;
    case Format.RegReg:
      RESULT[op] = 1;
      SOURCE_B[op] = Width.Full;
      break;
    case Format.RegRegImm:
      if (between(op, Op.store_ind_u8, Op.store_ind_u64)) {
        SOURCE_A[op] = op === Op.store_ind_u64 ? Width.Full : Width.Low;
        SOURCE_B[op] = Width.Low;
      } else {
        RESULT[op] = 1;
        SOURCE_B[op] = between(op, Op.load_ind_u8, Op.load_ind_u64) ? Width.Low : Width.Full;
      }
      break;
    case Format.RegRegOffset:
      SOURCE_A[op] = Width.Full;
      SOURCE_B[op] = Width.Full;
      break;
    case Format.RegRegImmImm:
      RESULT[op] = 1;
      SOURCE_B[op] = Width.Low;
      break;
    case Format.RegRegReg:
      RESULT[op] = 2;
      SOURCE_A[op] = Width.Full;
      SOURCE_B[op] = Width.Full;
      break;
  }
}

function sources(width: Width, ops: readonly Op[], ...tables: Uint8Array[]): void {
  for (const op of ops) for (const table of tables) table[op] = width;
}

// biome-ignore-start format: lists of opcodes
sources(
  Width.Low,
  [
    Op.count_set_bits_32,
    Op.leading_zero_bits_32,
    Op.trailing_zero_bits_32,
    Op.sign_extend_8,
    Op.sign_extend_16,
    Op.zero_extend_16,
    Op.add_imm_32,
    Op.mul_imm_32,
    Op.shlo_l_imm_32,
    Op.shlo_r_imm_32,
    Op.shar_r_imm_32,
    Op.neg_add_imm_32,
    Op.rot_r_32_imm,
    Op.shlo_l_imm_alt_32,
    Op.shlo_r_imm_alt_32,
    Op.shar_r_imm_alt_32,
    Op.rot_r_32_imm_alt,
    Op.shlo_l_imm_alt_64,
    Op.shlo_r_imm_alt_64,
    Op.shar_r_imm_alt_64,
    Op.rot_r_64_imm_alt,
  ],
  SOURCE_B,
);
sources(
  Width.Low,
  [
    Op.add_32,
    Op.sub_32,
    Op.mul_32,
    Op.div_u_32,
    Op.div_s_32,
    Op.rem_u_32,
    Op.rem_s_32,
    Op.shlo_l_32,
    Op.shlo_r_32,
    Op.shar_r_32,
    Op.rot_l_32,
    Op.rot_r_32,
  ],
  SOURCE_A,
  SOURCE_B,
);
sources(
  Width.Same,
  [Op.move_reg, Op.xor_imm, Op.or_imm, Op.and_imm, Op.add_imm_64, Op.mul_imm_64, Op.neg_add_imm_64],
  SOURCE_B,
);
sources(
  Width.Same,
  [Op.add_64, Op.sub_64, Op.mul_64, Op.and, Op.or, Op.xor, Op.and_inv, Op.or_inv, Op.xnor],
  SOURCE_A,
  SOURCE_B,
);
sources(Width.Low, [Op.shlo_l_64, Op.shlo_r_64, Op.shar_r_64, Op.rot_l_64, Op.rot_r_64], SOURCE_B);
SOURCE_A[Op.shlo_l_64] = Width.Same;
SOURCE_A[Op.cmov_iz] = SOURCE_A[Op.cmov_nz] = Width.Same;
SOURCE_D[Op.cmov_iz] = SOURCE_D[Op.cmov_nz] = Width.Same;
SOURCE_A[Op.cmov_iz_imm] = SOURCE_A[Op.cmov_nz_imm] = Width.Same;
// biome-ignore-end format: lists of opcodes

/** The register an instruction writes, or −1. Host calls and `sbrk` aside, that is all it changes but memory. */
export function written(i: Inst): number {
  const result = RESULT[i.op] as number;
  return result === 0 ? -1 : result === 1 ? i.a : i.d;
}

/** Whether an instruction can be left out where nobody wants its result. */
export function isPure(op: Op): boolean {
  return (
    (RESULT[op] as number) !== 0 &&
    op !== Op.sbrk &&
    !between(op, Op.load_u8, Op.load_u64) &&
    !between(op, Op.load_ind_u8, Op.load_ind_u64) &&
    op !== Op.load_imm_jump &&
    op !== Op.load_imm_jump_ind
  );
}

/** Whether an instruction is a host call, which reads and writes what the host likes. */
export function isHostCall(op: Op): boolean {
  return op === Op.ecalli || op === Op.ecall;
}

/** Registers an instruction reads in part or as a whole. */
export function readMask(i: Inst, call?: HostCall): number {
  if (isHostCall(i.op)) return call?.reads ?? ALL;
  let mask = 0;
  if (SOURCE_A[i.op]) mask |= 1 << i.a;
  if (SOURCE_B[i.op]) mask |= 1 << i.b;
  if (SOURCE_D[i.op]) mask |= 1 << i.d;
  return mask;
}

/**
 * Registers whose upper halves an instruction reads.
 *
 * @param high whether the upper half of its result is wanted
 */
export function readHighMask(i: Inst, high: boolean, call?: HostCall): number {
  const { op } = i;
  if (isHostCall(op)) return call?.reads ?? ALL;
  // A constant that has no bits there masks the upper half out; a shift by half the width moves it away.
  if (op === Op.and_imm && i.x >= 0) return 0;
  if (op === Op.shlo_l_imm_64) return (i.x & 63) < 32 && high ? 1 << i.b : 0;
  const least = high ? Width.Same : Width.Full;
  let mask = 0;
  if ((SOURCE_A[op] as number) >= least) mask |= 1 << i.a;
  if ((SOURCE_B[op] as number) >= least) mask |= 1 << i.b;
  if ((SOURCE_D[op] as number) >= least) mask |= 1 << i.d;
  return mask;
}

/** Positions of an instruction's register sources: bit 0 A, bit 1 B, bit 2 D. */
export function sourcePositions(op: Op): number {
  return (SOURCE_A[op] ? 1 : 0) | (SOURCE_B[op] ? 2 : 0) | (SOURCE_D[op] ? 4 : 0);
}
