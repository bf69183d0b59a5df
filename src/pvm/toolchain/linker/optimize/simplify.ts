/**
 * Better instructions for the same results, from what is known about their operands.
 *
 * Every rule here replaces one instruction by one, in place, using registers that hold what they must at that very
 * spot; what becomes superfluous by it is left to the liveness pass.
 */
import { Format } from '../../../isa/instructions.js';
import { Op } from '../../../isa/opcodes.js';
import { isPure, sourcePositions, written } from '../effects.js';
import { formatOf, type Inst } from '../ir.js';
import type { LinkedData } from '../memory.js';
import type { Facts } from './facts.js';
import { length } from './fold.js';

/**
 * Simplifies an instruction that does not end a block; whether it changed.
 *
 * @param memory what never changes
 */
export function simplify(i: Inst, facts: Facts, memory: LinkedData): boolean {
  let changed = followCopies(i, facts);
  // A rule's result may be what another one is for.
  for (let n = 0; n < 4 && rewrite(i, facts, memory); n++) changed = true;
  return changed;
}

/** Reads the original where a copy is read. */
export function followCopies(i: Inst, facts: Facts): boolean {
  const positions = sourcePositions(i.op);
  const { definitions } = facts;
  let changed = false;
  const isConditional = i.op === Op.cmov_iz_imm || i.op === Op.cmov_nz_imm;
  if (positions & 1 && !isConditional && definitions[i.a]?.op === Op.move_reg) {
    i.a = (definitions[i.a] as Inst).b;
    changed = true;
  }
  if (positions & 2 && definitions[i.b]?.op === Op.move_reg) {
    i.b = (definitions[i.b] as Inst).b;
    changed = true;
  }
  return changed;
}

/** Makes an instruction load a constant. */
function constant(i: Inst, d: number, value: bigint): boolean {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  const op = high === low >> 31 ? Op.load_imm : Op.load_imm_64;
  return set(i, op, d, 0, 0, low, op === Op.load_imm ? 0 : high);
}

function move(i: Inst, d: number, from: number): boolean {
  return set(i, Op.move_reg, d, from);
}

function set(i: Inst, op: Op, a: number, b = 0, d = 0, x = 0, y = 0): boolean {
  i.op = op;
  i.a = a;
  i.b = b;
  i.d = d;
  i.x = x;
  i.y = y;
  return true;
}

/** A constant as an immediate, or `undefined` where it needs more than 32 bits. */
function immediate(value: bigint | undefined): number | undefined {
  if (value === undefined || value !== BigInt.asIntN(32, value)) return undefined;
  return Number(value);
}

/** The lower half of a constant as an immediate. */
function lower(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(BigInt.asIntN(32, value));
}

/** The exponent of a power of two, or −1. */
function powerOfTwo(value: bigint | undefined): number {
  return value !== undefined && value > 0n && (value & (value - 1n)) === 0n ? length(value) - 1 : -1;
}

function rewrite(i: Inst, facts: Facts, memory: LinkedData): boolean {
  const { op } = i;
  const d = written(i);
  if (d >= 0 && isPure(op)) {
    if (op === Op.load_imm || op === Op.load_imm_64) return false;
    const value = facts.evaluate(i);
    if (value !== undefined) return constant(i, d, value);
  }
  switch (formatOf(op)) {
    case Format.RegRegReg:
      return rewriteThree(i, facts);
    case Format.RegRegImm:
      if (op >= Op.load_ind_u8 && op <= Op.load_ind_u64) return rewriteLoad(i, facts);
      if (op >= Op.store_ind_u8 && op <= Op.store_ind_u64) return rewriteStore(i, facts);
      return rewriteImmediate(i, facts) || rewriteShift(i, facts);
    case Format.RegImmImm:
      return rewriteStoreConstant(i, facts);
    case Format.RegImm:
      if (op >= Op.load_u8 && op <= Op.load_u64) return rewriteLoadAbsolute(i, memory);
      return op >= Op.store_u8 && op <= Op.store_u64 ? rewriteStoreAbsolute(i, facts) : false;
    case Format.RegReg:
      return rewriteExtension(i, facts);
    default:
      return false;
  }
}

/** Address arithmetic that an access can do itself: base and offset are added modulo 2^32. */
function followAddress(i: Inst, position: 'a' | 'b', facts: Facts): boolean {
  const definition = facts.definitions[i[position]];
  if (definition === undefined || (definition.op !== Op.add_imm_64 && definition.op !== Op.add_imm_32)) return false;
  i[position] = definition.b;
  i.x = (i.x + definition.x) | 0;
  return true;
}

function rewriteLoad(i: Inst, facts: Facts): boolean {
  const base = lower(facts.constants[i.b]);
  if (base !== undefined) return set(i, i.op - Op.load_ind_u8 + Op.load_u8, i.a, 0, 0, (base + i.x) | 0);
  return followAddress(i, 'b', facts);
}

/** A load of a constant. */
function rewriteLoadAbsolute(i: Inst, { address, data, size }: LinkedData): boolean {
  const bytes = LOAD_BYTES[i.op - Op.load_u8] as number;
  const at = (i.x >>> 0) - address;
  if (at < 0 || at + bytes > size) return false;
  let value = 0n;
  for (let n = bytes - 1; n >= 0; n--) value = (value << 8n) | BigInt(data[at + n] ?? 0);
  const isSigned = i.op === Op.load_i8 || i.op === Op.load_i16 || i.op === Op.load_i32 || i.op === Op.load_u64;
  return constant(i, i.a, isSigned ? BigInt.asIntN(8 * bytes, value) : value);
}

/** Bytes of each load, from `load_u8`. */
const LOAD_BYTES = [1, 1, 2, 2, 4, 4, 8];

/** A value as an operand of a store of 2^log2 bytes. */
function stored(value: bigint | undefined, log2: number): number | undefined {
  if (log2 === 3) return immediate(value);
  return value === undefined ? undefined : Number(BigInt.asIntN(8 << log2, value));
}

function rewriteStore(i: Inst, facts: Facts): boolean {
  const log2 = i.op - Op.store_ind_u8;
  const base = lower(facts.constants[i.b]);
  const value = stored(facts.constants[i.a], log2);
  if (base !== undefined) {
    const address = (base + i.x) | 0;
    if (value !== undefined) return set(i, Op.store_imm_u8 + log2, 0, 0, 0, address, value);
    return set(i, Op.store_u8 + log2, i.a, 0, 0, address);
  }
  if (value !== undefined) return set(i, Op.store_imm_ind_u8 + log2, i.b, 0, 0, i.x, value);
  return followAddress(i, 'b', facts);
}

function rewriteStoreConstant(i: Inst, facts: Facts): boolean {
  const base = lower(facts.constants[i.a]);
  if (base !== undefined) {
    return set(i, i.op - Op.store_imm_ind_u8 + Op.store_imm_u8, 0, 0, 0, (base + i.x) | 0, i.y);
  }
  return followAddress(i, 'a', facts);
}

function rewriteStoreAbsolute(i: Inst, facts: Facts): boolean {
  const log2 = i.op - Op.store_u8;
  const value = stored(facts.constants[i.a], log2);
  return value === undefined ? false : set(i, Op.store_imm_u8 + log2, 0, 0, 0, i.x, value);
}

function rewriteExtension(i: Inst, { unsigned, signed }: Facts): boolean {
  switch (i.op) {
    case Op.sign_extend_8:
      return (signed[i.b] as number) <= 8 && move(i, i.a, i.b);
    case Op.sign_extend_16:
      return (signed[i.b] as number) <= 16 && move(i, i.a, i.b);
    case Op.zero_extend_16:
      return (unsigned[i.b] as number) <= 16 && move(i, i.a, i.b);
    default:
      return false;
  }
}

function rewriteImmediate(i: Inst, facts: Facts): boolean {
  const { unsigned, signed, definitions, constants } = facts;
  const { op, a, b, x } = i;
  const origin = definitions[b];
  switch (op) {
    case Op.add_imm_64:
      if (x === 0) return move(i, a, b);
      if (origin?.op === Op.add_imm_64 && origin.x + x === ((origin.x + x) | 0)) {
        return set(i, Op.add_imm_64, a, origin.b, 0, origin.x + x);
      }
      return false;
    case Op.add_imm_32:
      if (facts.countsDown(i)) return set(i, Op.add_imm_64, a, b, 0, x);
      if (x === 0 && (signed[b] as number) <= 32) return move(i, a, b);
      if (origin?.op === Op.add_imm_64 || origin?.op === Op.add_imm_32) {
        return set(i, Op.add_imm_32, a, origin.b, 0, (origin.x + x) | 0);
      }
      return false;
    case Op.and_imm:
      if (x === -1) return move(i, a, b);
      // A mask of ones from the lowest bit up that covers all bits there are.
      return x > 0 && (x & (x + 1)) === 0 && (unsigned[b] as number) <= 32 - Math.clz32(x) && move(i, a, b);
    case Op.or_imm:
      return x === 0 && move(i, a, b);
    case Op.xor_imm:
      if (x === 0) return move(i, a, b);
      return x === 1 && origin !== undefined && rewriteNot(i, origin);
    case Op.mul_imm_64:
    case Op.mul_imm_32: {
      if (x === 1 && op === Op.mul_imm_64) return move(i, a, b);
      const exponent = powerOfTwo(BigInt(x));
      if (exponent < 1) return false;
      return set(i, op === Op.mul_imm_64 ? Op.shlo_l_imm_64 : Op.shlo_l_imm_32, a, b, 0, exponent);
    }
    case Op.set_gt_u_imm:
      if (x === 0 && unsigned[b] === 1) return move(i, a, b);
      return false;
    case Op.set_lt_u_imm:
      if (x === 1 && unsigned[b] === 1) return set(i, Op.xor_imm, a, b, 0, 1);
      return false;
    case Op.cmov_iz_imm:
    case Op.cmov_nz_imm: {
      const condition = constants[b];
      if (condition === undefined) return false;
      if ((condition === 0n) === (op === Op.cmov_iz_imm)) return set(i, Op.load_imm, a, 0, 0, x);
      return move(i, a, a);
    }
    default:
      return false;
  }
}

/** The opposite of a comparison, where there is an instruction for it. */
function rewriteNot(i: Inst, origin: Inst): boolean {
  const { x } = origin;
  switch (origin.op) {
    case Op.set_lt_u_imm:
      return x !== 0 && set(i, Op.set_gt_u_imm, i.a, origin.b, 0, (x - 1) | 0);
    case Op.set_gt_u_imm:
      return x !== -1 && set(i, Op.set_lt_u_imm, i.a, origin.b, 0, (x + 1) | 0);
    case Op.set_lt_s_imm:
      return x !== -0x80000000 && set(i, Op.set_gt_s_imm, i.a, origin.b, 0, x - 1);
    case Op.set_gt_s_imm:
      return x !== 0x7fffffff && set(i, Op.set_lt_s_imm, i.a, origin.b, 0, x + 1);
    default:
      return false;
  }
}

function rewriteShift(i: Inst, facts: Facts): boolean {
  const { unsigned, signed, definitions } = facts;
  const { op, a, b } = i;
  const origin = definitions[b];
  switch (op) {
    case Op.shlo_l_imm_64:
    case Op.shlo_r_imm_64:
    case Op.shar_r_imm_64: {
      const count = i.x & 63;
      if (count === 0) return move(i, a, b);
      if (origin?.op !== Op.shlo_l_imm_64) return false;
      return shiftBack(i, origin.b, origin.x & 63, facts);
    }
    case Op.shlo_r_imm_32:
    case Op.shlo_l_imm_32:
    case Op.shar_r_imm_32: {
      const count = i.x & 31;
      if (count === 0) return set(i, Op.add_imm_32, a, b);
      if (op === Op.shlo_r_imm_32 && (unsigned[b] as number) <= 32) return set(i, Op.shlo_r_imm_64, a, b, 0, count);
      if (op === Op.shar_r_imm_32 && (signed[b] as number) <= 32) return set(i, Op.shar_r_imm_64, a, b, 0, count);
      if (op === Op.shlo_l_imm_32 && (signed[b] as number) + count <= 32) {
        return set(i, Op.shlo_l_imm_64, a, b, 0, count);
      }
      return false;
    }
    default:
      return false;
  }
}

/**
 * A shift, one way or the other, of `from` shifted left by `left` bits.
 *
 * @returns whether the two together are one instruction that reads `from`
 */
export function shiftBack(i: Inst, from: number, left: number, { unsigned, signed }: Facts): boolean {
  const { op, a } = i;
  const count = i.x & 63;
  if (op === Op.shlo_l_imm_64) {
    return left + count < 64 ? set(i, op, a, from, 0, left + count) : set(i, Op.load_imm, a);
  }
  if (op === Op.shlo_r_imm_64) {
    if ((unsigned[from] as number) <= 64 - left) {
      if (count === left) return move(i, a, from);
      if (count > left) return set(i, op, a, from, 0, count - left);
      return set(i, Op.shlo_l_imm_64, a, from, 0, left - count);
    }
    if (count === left && left >= 33) return set(i, Op.and_imm, a, from, 0, 0x7fffffff >>> (left - 33));
    if (left === 32 && count > 32) return set(i, Op.shlo_r_imm_32, a, from, 0, count - 32);
    return false;
  }
  if ((signed[from] as number) <= 64 - left) {
    if (count === left) return move(i, a, from);
    if (count > left) return set(i, op, a, from, 0, count - left);
    return set(i, Op.shlo_l_imm_64, a, from, 0, left - count);
  }
  if (left === 32 && count === 32) return set(i, Op.add_imm_32, a, from);
  if (left === 32 && count > 32) return set(i, Op.shar_r_imm_32, a, from, 0, count - 32);
  if (left === 48 && count === 48) return set(i, Op.sign_extend_16, a, from);
  if (left === 56 && count === 56) return set(i, Op.sign_extend_8, a, from);
  return false;
}

function rewriteThree(i: Inst, facts: Facts): boolean {
  const { op, a, b, d } = i;
  const va = facts.constants[a];
  const vb = facts.constants[b];
  const unary = (opcode: Op, source: number, x: number | undefined): boolean =>
    x !== undefined && set(i, opcode, d, source, 0, x);
  const either = (opcode: Op, part: typeof immediate): boolean =>
    unary(opcode, a, part(vb)) || unary(opcode, b, part(va));
  const negated = (value: bigint | undefined): bigint | undefined =>
    value === undefined ? undefined : BigInt.asIntN(64, -value);
  const inverted = (value: bigint | undefined): bigint | undefined => (value === undefined ? undefined : ~value);
  const masked = (value: bigint | undefined, mask: bigint): number | undefined =>
    value === undefined ? undefined : Number(value & mask);
  switch (op) {
    case Op.add_64:
      return either(Op.add_imm_64, immediate);
    case Op.add_32:
      return either(Op.add_imm_32, lower);
    case Op.sub_64:
      if (a === b) return set(i, Op.load_imm, d);
      return unary(Op.add_imm_64, a, immediate(negated(vb))) || unary(Op.neg_add_imm_64, b, immediate(va));
    case Op.sub_32:
      if (a === b) return set(i, Op.load_imm, d);
      return unary(Op.add_imm_32, a, lower(negated(vb))) || unary(Op.neg_add_imm_32, b, lower(va));
    case Op.and:
      return a === b ? move(i, d, a) : either(Op.and_imm, immediate);
    case Op.or:
      return a === b ? move(i, d, a) : either(Op.or_imm, immediate);
    case Op.xor:
      return a === b ? set(i, Op.load_imm, d) : either(Op.xor_imm, immediate);
    case Op.and_inv:
      return unary(Op.and_imm, a, immediate(inverted(vb)));
    case Op.or_inv:
      return unary(Op.or_imm, a, immediate(inverted(vb)));
    case Op.xnor:
      return unary(Op.xor_imm, a, immediate(inverted(vb))) || unary(Op.xor_imm, b, immediate(inverted(va)));
    case Op.mul_64: {
      const [exponentA, exponentB] = [powerOfTwo(va), powerOfTwo(vb)];
      if (exponentB >= 0) return unary(Op.shlo_l_imm_64, a, exponentB);
      if (exponentA >= 0) return unary(Op.shlo_l_imm_64, b, exponentA);
      return either(Op.mul_imm_64, immediate);
    }
    case Op.mul_32:
      return either(Op.mul_imm_32, lower);
    case Op.shlo_l_64:
      return unary(Op.shlo_l_imm_64, a, masked(vb, 63n)) || unary(Op.shlo_l_imm_alt_64, b, immediate(va));
    case Op.shlo_r_64:
      return unary(Op.shlo_r_imm_64, a, masked(vb, 63n)) || unary(Op.shlo_r_imm_alt_64, b, immediate(va));
    case Op.shar_r_64:
      return unary(Op.shar_r_imm_64, a, masked(vb, 63n)) || unary(Op.shar_r_imm_alt_64, b, immediate(va));
    case Op.shlo_l_32:
      return unary(Op.shlo_l_imm_32, a, masked(vb, 31n)) || unary(Op.shlo_l_imm_alt_32, b, lower(va));
    case Op.shlo_r_32:
      return unary(Op.shlo_r_imm_32, a, masked(vb, 31n)) || unary(Op.shlo_r_imm_alt_32, b, lower(va));
    case Op.shar_r_32:
      return unary(Op.shar_r_imm_32, a, masked(vb, 31n)) || unary(Op.shar_r_imm_alt_32, b, lower(va));
    case Op.rot_r_64:
      return unary(Op.rot_r_64_imm, a, masked(vb, 63n));
    case Op.rot_l_64:
      return unary(Op.rot_r_64_imm, a, masked(negated(vb), 63n));
    case Op.rot_r_32:
      return unary(Op.rot_r_32_imm, a, masked(vb, 31n));
    case Op.rot_l_32:
      return unary(Op.rot_r_32_imm, a, masked(negated(vb), 31n));
    case Op.set_lt_u:
      return unary(Op.set_lt_u_imm, a, immediate(vb)) || unary(Op.set_gt_u_imm, b, immediate(va));
    case Op.set_lt_s:
      return unary(Op.set_lt_s_imm, a, immediate(vb)) || unary(Op.set_gt_s_imm, b, immediate(va));
    case Op.cmov_iz:
    case Op.cmov_nz:
      if (vb !== undefined) return (vb === 0n) === (op === Op.cmov_iz) ? move(i, d, a) : move(i, d, d);
      return unary(op === Op.cmov_iz ? Op.cmov_iz_imm : Op.cmov_nz_imm, b, immediate(va));
    case Op.div_u_64: {
      const exponent = powerOfTwo(vb);
      return exponent >= 0 && unary(Op.shlo_r_imm_64, a, exponent);
    }
    case Op.rem_u_64: {
      const exponent = powerOfTwo(vb);
      return exponent >= 0 && exponent <= 31 && unary(Op.and_imm, a, immediate((vb as bigint) - 1n));
    }
    default:
      return false;
  }
}

/** Simplifies a branch, so that it compares what a comparison before it compares; whether it changed. */
export function simplifyBranch(i: Inst, facts: Facts): boolean {
  let changed = followCopies(i, facts);
  for (let n = 0; n < 4 && rewriteBranch(i, facts); n++) changed = true;
  return changed;
}

/** Branches that compare the second operand with a constant first one, by opcode from `branch_eq`. */
const SWAPPED = [
  Op.branch_eq_imm,
  Op.branch_ne_imm,
  Op.branch_gt_u_imm,
  Op.branch_gt_s_imm,
  Op.branch_le_u_imm,
  Op.branch_le_s_imm,
];
const STRAIGHT = [
  Op.branch_eq_imm,
  Op.branch_ne_imm,
  Op.branch_lt_u_imm,
  Op.branch_lt_s_imm,
  Op.branch_ge_u_imm,
  Op.branch_ge_s_imm,
];

function rewriteBranch(i: Inst, facts: Facts): boolean {
  const { op, a, b, x } = i;
  if (formatOf(op) === Format.RegRegOffset) {
    const vb = immediate(facts.constants[b]);
    if (vb !== undefined) return set(i, STRAIGHT[op - Op.branch_eq] as Op, a, 0, 0, vb);
    const va = immediate(facts.constants[a]);
    return va !== undefined && set(i, SWAPPED[op - Op.branch_eq] as Op, b, 0, 0, va);
  }
  if (op === Op.branch_lt_u_imm && x === 1) return set(i, Op.branch_eq_imm, a);
  if (op === Op.branch_ge_u_imm && x === 1) return set(i, Op.branch_ne_imm, a);
  if (op === Op.branch_gt_u_imm && x === 0) return set(i, Op.branch_ne_imm, a);
  if (op === Op.branch_le_u_imm && x === 0) return set(i, Op.branch_eq_imm, a);
  if (op !== Op.branch_eq_imm && op !== Op.branch_ne_imm) return false;
  if (x === 1 && facts.unsigned[a] === 1) return set(i, op ^ INVERT_EQ, a);
  const origin = facts.definitions[a];
  if (origin === undefined) return false;
  if (origin.op === Op.add_imm_64) {
    const other = x - origin.x;
    return other === (other | 0) && set(i, op, origin.b, 0, 0, other);
  }
  if (x !== 0) return false;
  const wanted = op === Op.branch_ne_imm;
  switch (origin.op) {
    case Op.xor_imm:
      return set(i, op, origin.b, 0, 0, origin.x);
    case Op.xor:
    case Op.sub_64:
      return set(i, wanted ? Op.branch_ne : Op.branch_eq, origin.a, origin.b);
    case Op.set_lt_u:
      return set(i, wanted ? Op.branch_lt_u : Op.branch_ge_u, origin.a, origin.b);
    case Op.set_lt_s:
      return set(i, wanted ? Op.branch_lt_s : Op.branch_ge_s, origin.a, origin.b);
    case Op.set_lt_u_imm:
      return set(i, wanted ? Op.branch_lt_u_imm : Op.branch_ge_u_imm, origin.b, 0, 0, origin.x);
    case Op.set_lt_s_imm:
      return set(i, wanted ? Op.branch_lt_s_imm : Op.branch_ge_s_imm, origin.b, 0, 0, origin.x);
    case Op.set_gt_u_imm:
      return set(i, wanted ? Op.branch_gt_u_imm : Op.branch_le_u_imm, origin.b, 0, 0, origin.x);
    case Op.set_gt_s_imm:
      return set(i, wanted ? Op.branch_gt_s_imm : Op.branch_le_s_imm, origin.b, 0, 0, origin.x);
    default:
      return false;
  }
}

/** `branch_eq_imm` and `branch_ne_imm` differ in these bits. */
const INVERT_EQ = Op.branch_eq_imm ^ Op.branch_ne_imm;
