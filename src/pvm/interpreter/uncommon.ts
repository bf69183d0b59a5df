/**
 * The instructions that run too rarely to have a place in the interpreter's main loop: division, upper products, bit
 * counts, byte reversal, register rotations, the `alt` shifts, minima and maxima, inverted logic.
 *
 * One more call and dispatch (a few nanoseconds) for these keeps the main loop small, which is what lets V8 optimise
 * it soon and well. None of them touches memory, exits or ends a block.
 */
import { Field } from '../isa/decode.js';
import { Op } from '../isa/opcodes.js';
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

/** Writes an int32, sign-extended to 64 bits. */
function set32(regs: Int32Array, d: number, value: number): void {
  regs[d] = value;
  regs[d + 1] = value >> 31;
}

/** Executes the instruction whose entry starts at `stream[at]`. */
export function executeUncommon(regs: Int32Array, stream: Int32Array, at: number): void {
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
