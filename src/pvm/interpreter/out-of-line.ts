/**
 * What the interpreter's main loop leaves to a call: instructions that are rare (division, upper products, bit counts,
 * byte reversal, register rotations, the `alt` shifts, minima and maxima, inverted logic, `sbrk`), and loads and stores
 * that are not plain (the first touch of a chunk, an access across pages, one that is not allowed).
 *
 * A call and a second dispatch cost these a few nanoseconds. In return the main loop contains no call at all, which is
 * what lets V8 keep its state in machine registers.
 */
import { Field } from '../isa/decode.js';
import { Op } from '../isa/opcodes.js';
import type { GuestMemory } from '../memory/guest-memory.js';
import {
  countBits32,
  divideSigned,
  divideUnsigned,
  multiplyUpper,
  rotateRight,
  shiftLeft,
  shiftRight,
  shiftRightSigned,
  swapBytes32,
  trailingZeros32,
} from './arithmetic.js';
import type { Machine } from './machine.js';

/** How an entry's execution out of line ended. */
export const enum Outcome {
  Done = -1,
  /** Opcode, unused by the instruction set, that ends the copy of a stretch which could be paid in part. */
  Cut = 255,
  /** A memory access is not allowed; its size is in the lowest four bits. */
  Fault = 256,
  /** Also set where the access is a store. */
  StoreFault = 512,
}

/** Writes an int32, sign-extended to 64 bits. */
function set32(regs: Int32Array, d: number, value: number): void {
  regs[d] = value;
  regs[d + 1] = value >> 31;
}

/** Address of the load or store whose entry starts at `stream[at]`. */
export function addressOf(regs: Int32Array, stream: Int32Array, at: number): number {
  const op = stream[at];
  const x = stream[at + Field.X];
  if (op >= Op.store_ind_u8) return (regs[stream[at + Field.B] << 1] + x) | 0;
  if (op >= Op.store_imm_ind_u8) return (regs[stream[at + Field.A] << 1] + x) | 0;
  return x;
}

/** Loads 1, 2, 4 or 8 bytes, sign-extended where `signed`. */
function load(
  regs: Int32Array,
  stream: Int32Array,
  at: number,
  memory: GuestMemory,
  size: number,
  signed: boolean,
): number {
  if (!memory.load(addressOf(regs, stream, at), size)) return Outcome.Fault | size;
  const a = stream[at + Field.A] << 1;
  const unused = size < 4 ? 32 - size * 8 : 0;
  const low = signed ? (memory.low << unused) >> unused : memory.low;
  regs[a] = low;
  regs[a + 1] = size === 8 ? memory.high : signed ? low >> 31 : 0;
  return Outcome.Done;
}

/** Stores 1, 2, 4 or 8 bytes of register A, or of the second immediate. */
function store(
  regs: Int32Array,
  stream: Int32Array,
  at: number,
  memory: GuestMemory,
  size: number,
  immediate: boolean,
): number {
  const a = stream[at + Field.A] << 1;
  const y = stream[at + Field.Y];
  const low = immediate ? y : regs[a];
  const high = immediate ? y >> 31 : regs[a + 1];
  const stored = memory.store(addressOf(regs, stream, at), size, low, high);
  return stored ? Outcome.Done : Outcome.StoreFault | Outcome.Fault | size;
}

/** Executes the entry that starts at `stream[at]`. */
export function executeOutOfLine(m: Machine, stream: Int32Array, at: number): number {
  const { regs, memory } = m;
  switch (stream[at]) {
    case Op.store_imm_u8:
    case Op.store_imm_ind_u8:
      return store(regs, stream, at, memory, 1, true);
    case Op.store_imm_u16:
    case Op.store_imm_ind_u16:
      return store(regs, stream, at, memory, 2, true);
    case Op.store_imm_u32:
    case Op.store_imm_ind_u32:
      return store(regs, stream, at, memory, 4, true);
    case Op.store_imm_u64:
    case Op.store_imm_ind_u64:
      return store(regs, stream, at, memory, 8, true);
    case Op.store_u8:
    case Op.store_ind_u8:
      return store(regs, stream, at, memory, 1, false);
    case Op.store_u16:
    case Op.store_ind_u16:
      return store(regs, stream, at, memory, 2, false);
    case Op.store_u32:
    case Op.store_ind_u32:
      return store(regs, stream, at, memory, 4, false);
    case Op.store_u64:
    case Op.store_ind_u64:
      return store(regs, stream, at, memory, 8, false);
    case Op.load_u8:
    case Op.load_ind_u8:
      return load(regs, stream, at, memory, 1, false);
    case Op.load_i8:
    case Op.load_ind_i8:
      return load(regs, stream, at, memory, 1, true);
    case Op.load_u16:
    case Op.load_ind_u16:
      return load(regs, stream, at, memory, 2, false);
    case Op.load_i16:
    case Op.load_ind_i16:
      return load(regs, stream, at, memory, 2, true);
    case Op.load_u32:
    case Op.load_ind_u32:
      return load(regs, stream, at, memory, 4, false);
    case Op.load_i32:
    case Op.load_ind_i32:
      return load(regs, stream, at, memory, 4, true);
    case Op.load_u64:
    case Op.load_ind_u64:
      return load(regs, stream, at, memory, 8, false);
    case Op.sbrk: {
      const a = stream[at + Field.A] << 1;
      const b = stream[at + Field.B] << 1;
      regs[a] = memory.sbrk(regs[b], regs[b + 1]);
      regs[a + 1] = 0;
      return Outcome.Done;
    }
    case Outcome.Cut:
      return Outcome.Cut;
    default:
      compute(regs, stream, at);
      return Outcome.Done;
  }
}

/** The rare instructions that only compute. */
function compute(regs: Int32Array, stream: Int32Array, at: number): void {
  const op = stream[at];
  // For two-operand formats A is the destination and B the source; for three registers A and B lead to D.
  const a = stream[at + Field.A] << 1;
  const b = stream[at + Field.B] << 1;
  const d = stream[at + Field.D] << 1;
  const x = stream[at + Field.X];
  const al = regs[a];
  const ah = regs[a + 1];
  const bl = regs[b];
  const bh = regs[b + 1];
  switch (op) {
    case Op.count_set_bits_64:
      regs[a] = countBits32(bl) + countBits32(bh);
      regs[a + 1] = 0;
      return;
    case Op.count_set_bits_32:
      regs[a] = countBits32(bl);
      regs[a + 1] = 0;
      return;
    case Op.leading_zero_bits_64:
      regs[a] = bh !== 0 ? Math.clz32(bh) : 32 + Math.clz32(bl);
      regs[a + 1] = 0;
      return;
    case Op.leading_zero_bits_32:
      regs[a] = Math.clz32(bl);
      regs[a + 1] = 0;
      return;
    case Op.trailing_zero_bits_64:
      regs[a] = bl !== 0 ? trailingZeros32(bl) : 32 + trailingZeros32(bh);
      regs[a + 1] = 0;
      return;
    case Op.trailing_zero_bits_32:
      regs[a] = trailingZeros32(bl);
      regs[a + 1] = 0;
      return;
    case Op.reverse_bytes:
      regs[a] = swapBytes32(bh);
      regs[a + 1] = swapBytes32(bl);
      return;

    case Op.neg_add_imm_32:
      set32(regs, a, (x - bl) | 0);
      return;
    case Op.shlo_l_imm_alt_32:
      set32(regs, a, x << (bl & 31));
      return;
    case Op.shlo_r_imm_alt_32:
      set32(regs, a, (x >>> (bl & 31)) | 0);
      return;
    case Op.shar_r_imm_alt_32:
      set32(regs, a, x >> (bl & 31));
      return;
    case Op.rot_r_32_imm_alt:
      set32(regs, a, (x >>> (bl & 31)) | (x << (-bl & 31)));
      return;
    case Op.shlo_l_imm_alt_64:
      shiftLeft(regs, a, x, x >> 31, bl);
      return;
    case Op.shlo_r_imm_alt_64:
      shiftRight(regs, a, x, x >> 31, bl);
      return;
    case Op.shar_r_imm_alt_64:
      shiftRightSigned(regs, a, x, x >> 31, bl);
      return;
    case Op.rot_r_64_imm_alt:
      rotateRight(regs, a, x, x >> 31, bl);
      return;

    case Op.div_u_32:
      set32(regs, d, bl === 0 ? -1 : ((al >>> 0) / (bl >>> 0)) | 0);
      return;
    case Op.div_s_32:
      // −2^31 / −1 is 2^31 as a double, which `| 0` takes back to −2^31.
      set32(regs, d, bl === 0 ? -1 : (al / bl) | 0);
      return;
    case Op.rem_u_32:
      set32(regs, d, bl === 0 ? al : ((al >>> 0) % (bl >>> 0)) | 0);
      return;
    case Op.rem_s_32:
      set32(regs, d, bl === 0 ? al : (al % bl) | 0);
      return;
    case Op.div_u_64:
    case Op.div_s_64:
      if (bl === 0 && bh === 0) {
        regs[d] = -1;
        regs[d + 1] = -1;
      } else if (op === Op.div_u_64) {
        divideUnsigned(regs, d, al, ah, bl, bh, 0);
      } else {
        divideSigned(regs, d, al, ah, bl, bh, 0);
      }
      return;
    case Op.rem_u_64:
    case Op.rem_s_64:
      if (bl === 0 && bh === 0) {
        regs[d] = al;
        regs[d + 1] = ah;
      } else if (op === Op.rem_u_64) {
        divideUnsigned(regs, d, al, ah, bl, bh, 1);
      } else {
        divideSigned(regs, d, al, ah, bl, bh, 1);
      }
      return;
    case Op.mul_upper_s_s:
      multiplyUpper(regs, d, al, ah, bl, bh, 1, 1);
      return;
    case Op.mul_upper_u_u:
      multiplyUpper(regs, d, al, ah, bl, bh, 0, 0);
      return;
    case Op.mul_upper_s_u:
      multiplyUpper(regs, d, al, ah, bl, bh, 1, 0);
      return;

    case Op.rot_l_64:
      rotateRight(regs, d, al, ah, -bl);
      return;
    case Op.rot_l_32:
      set32(regs, d, (al << (bl & 31)) | (al >>> (-bl & 31)));
      return;
    case Op.rot_r_64:
      rotateRight(regs, d, al, ah, bl);
      return;
    case Op.rot_r_32:
      set32(regs, d, (al >>> (bl & 31)) | (al << (-bl & 31)));
      return;
    case Op.and_inv:
      regs[d] = al & ~bl;
      regs[d + 1] = ah & ~bh;
      return;
    case Op.or_inv:
      regs[d] = al | ~bl;
      regs[d + 1] = ah | ~bh;
      return;
    case Op.xnor:
      regs[d] = ~(al ^ bl);
      regs[d + 1] = ~(ah ^ bh);
      return;
    default: {
      // max, max_u, min, min_u: which of the two operands it is.
      const signed = op === Op.max || op === Op.min;
      const lesser = op === Op.min || op === Op.min_u;
      const less = ah === bh ? al >>> 0 < bl >>> 0 : signed ? ah < bh : ah >>> 0 < bh >>> 0;
      regs[d] = less === lesser ? al : bl;
      regs[d + 1] = less === lesser ? ah : bh;
    }
  }
}
