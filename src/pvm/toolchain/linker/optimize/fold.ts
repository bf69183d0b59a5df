/**
 * What an instruction without side effects gives for known operands. 64-bit values are signed `bigint`s.
 */
import { Op } from '../../../isa/opcodes.js';
import type { Inst } from '../ir.js';

/** A value of the machine as a signed 64-bit integer. */
function s64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function s32(value: bigint): bigint {
  return BigInt.asIntN(32, value);
}

function u32(value: bigint): bigint {
  return BigInt.asUintN(32, value);
}

function bool(value: boolean): bigint {
  return value ? 1n : 0n;
}

/**
 * The result of an instruction.
 *
 * @param a value of the register at position A, where that is a source
 * @param d value of the register at position D before the instruction
 * @returns `undefined` for instructions that are not worth folding
 */
export function fold(i: Inst, a: bigint, b: bigint, d: bigint): bigint | undefined {
  const x = BigInt(i.x);
  switch (i.op) {
    case Op.load_imm:
      return x;
    case Op.load_imm_64:
      return s64((BigInt(i.y) << 32n) | u32(x));
    case Op.move_reg:
      return b;
    case Op.sign_extend_8:
      return BigInt.asIntN(8, b);
    case Op.sign_extend_16:
      return BigInt.asIntN(16, b);
    case Op.zero_extend_16:
      return BigInt.asUintN(16, b);
    case Op.count_set_bits_64:
      return countBits(u64(b));
    case Op.count_set_bits_32:
      return countBits(u32(b));
    case Op.leading_zero_bits_64:
      return 64n - BigInt(length(u64(b)));
    case Op.leading_zero_bits_32:
      return 32n - BigInt(length(u32(b)));
    case Op.add_imm_32:
      return s32(b + x);
    case Op.add_imm_64:
      return s64(b + x);
    case Op.and_imm:
      return b & x;
    case Op.or_imm:
      return b | x;
    case Op.xor_imm:
      return b ^ x;
    case Op.mul_imm_32:
      return s32(b * x);
    case Op.mul_imm_64:
      return s64(b * x);
    case Op.neg_add_imm_32:
      return s32(x - b);
    case Op.neg_add_imm_64:
      return s64(x - b);
    case Op.set_lt_u_imm:
      return bool(u64(b) < u64(x));
    case Op.set_lt_s_imm:
      return bool(b < x);
    case Op.set_gt_u_imm:
      return bool(u64(b) > u64(x));
    case Op.set_gt_s_imm:
      return bool(b > x);
    case Op.add_32:
      return s32(a + b);
    case Op.add_64:
      return s64(a + b);
    case Op.sub_32:
      return s32(a - b);
    case Op.sub_64:
      return s64(a - b);
    case Op.mul_32:
      return s32(a * b);
    case Op.mul_64:
      return s64(a * b);
    case Op.and:
      return a & b;
    case Op.or:
      return a | b;
    case Op.xor:
      return a ^ b;
    case Op.and_inv:
      return a & ~b;
    case Op.or_inv:
      return a | ~b;
    case Op.xnor:
      return ~(a ^ b);
    case Op.set_lt_u:
      return bool(u64(a) < u64(b));
    case Op.set_lt_s:
      return bool(a < b);
    case Op.max:
      return a > b ? a : b;
    case Op.min:
      return a < b ? a : b;
    case Op.max_u:
      return u64(a) > u64(b) ? a : b;
    case Op.min_u:
      return u64(a) < u64(b) ? a : b;
    case Op.cmov_iz:
      return b === 0n ? a : d;
    case Op.cmov_nz:
      return b !== 0n ? a : d;
    case Op.cmov_iz_imm:
      return b === 0n ? x : a;
    case Op.cmov_nz_imm:
      return b !== 0n ? x : a;
    default:
      return shift(i.op, a, b, x);
  }
}

function shift(op: Op, a: bigint, b: bigint, x: bigint): bigint | undefined {
  switch (op) {
    case Op.shlo_l_imm_32:
      return s32(b << (x & 31n));
    case Op.shlo_r_imm_32:
      return s32(u32(b) >> (x & 31n));
    case Op.shar_r_imm_32:
      return s32(b) >> (x & 31n);
    case Op.shlo_l_imm_64:
      return s64(b << (x & 63n));
    case Op.shlo_r_imm_64:
      return s64(u64(b) >> (x & 63n));
    case Op.shar_r_imm_64:
      return b >> (x & 63n);
    case Op.shlo_l_imm_alt_32:
      return s32(x << (b & 31n));
    case Op.shlo_r_imm_alt_32:
      return s32(u32(x) >> (b & 31n));
    case Op.shar_r_imm_alt_32:
      return s32(x) >> (b & 31n);
    case Op.shlo_l_imm_alt_64:
      return s64(x << (b & 63n));
    case Op.shlo_r_imm_alt_64:
      return s64(u64(x) >> (b & 63n));
    case Op.shar_r_imm_alt_64:
      return x >> (b & 63n);
    case Op.shlo_l_32:
      return s32(a << (b & 31n));
    case Op.shlo_r_32:
      return s32(u32(a) >> (b & 31n));
    case Op.shar_r_32:
      return s32(a) >> (b & 31n);
    case Op.shlo_l_64:
      return s64(a << (b & 63n));
    case Op.shlo_r_64:
      return s64(u64(a) >> (b & 63n));
    case Op.shar_r_64:
      return a >> (b & 63n);
    default:
      return undefined;
  }
}

/** Whether a comparing branch is taken. */
export function holds(op: Op, a: bigint, b: bigint): boolean {
  switch (op) {
    case Op.branch_eq:
    case Op.branch_eq_imm:
      return a === b;
    case Op.branch_ne:
    case Op.branch_ne_imm:
      return a !== b;
    case Op.branch_lt_u:
    case Op.branch_lt_u_imm:
      return u64(a) < u64(b);
    case Op.branch_ge_u:
    case Op.branch_ge_u_imm:
      return u64(a) >= u64(b);
    case Op.branch_le_u_imm:
      return u64(a) <= u64(b);
    case Op.branch_gt_u_imm:
      return u64(a) > u64(b);
    case Op.branch_lt_s:
    case Op.branch_lt_s_imm:
      return a < b;
    case Op.branch_ge_s:
    case Op.branch_ge_s_imm:
      return a >= b;
    case Op.branch_le_s_imm:
      return a <= b;
    default:
      return a > b;
  }
}

function countBits(value: bigint): bigint {
  let count = 0n;
  for (let rest = value; rest !== 0n; rest &= rest - 1n) count++;
  return count;
}

/** Bits up to the highest set one of a non-negative value. */
export function length(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
