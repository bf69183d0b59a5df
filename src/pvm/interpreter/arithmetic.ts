/**
 * 64-bit arithmetic on pairs of int32 halves: what JavaScript has no operator for.
 *
 * Results go straight into the register file (`d` is the index of the low half), so nothing is allocated and nothing
 * is returned through a second variable. BigInt appears once, for divisions whose operands a double cannot hold.
 */

const TWO_32 = 0x1_0000_0000;
/** Below this high half a 64-bit value fits a double with a bit to spare, and quotients round correctly. */
const EXACT_HIGH = 0x10_0000;

/** High half of the unsigned product of two 32-bit values. */
function mulHigh32(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  // Neither sum exceeds 2^32 − 1: 0xffff · 0xffff + 0xffff is 0xffff0000.
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const low = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  return (Math.imul(a1, b1) + (middle >>> 16) + (low >>> 16)) | 0;
}

/**
 * High 64 bits of a product.
 *
 * @param signedA 1 where `a` is signed, else 0
 * @param signedB 1 where `b` is signed, else 0
 */
export function multiplyUpper(
  regs: Int32Array,
  d: number,
  al: number,
  ah: number,
  bl: number,
  bh: number,
  signedA: number,
  signedB: number,
): void {
  // Sums of a few uint32 are exact in a double; their parts above 2^32 are the carries.
  const middle = (mulHigh32(al, bl) >>> 0) + (Math.imul(al, bh) >>> 0) + (Math.imul(ah, bl) >>> 0);
  const low =
    (mulHigh32(al, bh) >>> 0) + (mulHigh32(ah, bl) >>> 0) + (Math.imul(ah, bh) >>> 0) + Math.floor(middle / TWO_32);
  let lo = low | 0;
  let hi = (mulHigh32(ah, bh) + Math.floor(low / TWO_32)) | 0;
  // A negative operand was taken for 2^64 too much: that is the other operand too much up here.
  if (signedA !== 0 && ah < 0) {
    hi = (hi - bh - (lo >>> 0 < bl >>> 0 ? 1 : 0)) | 0;
    lo = (lo - bl) | 0;
  }
  if (signedB !== 0 && bh < 0) {
    hi = (hi - ah - (lo >>> 0 < al >>> 0 ? 1 : 0)) | 0;
    lo = (lo - al) | 0;
  }
  regs[d] = lo;
  regs[d + 1] = hi;
}

/** Unsigned quotient (`remainder` 0) or remainder (1); the divisor is not 0. */
export function divideUnsigned(
  regs: Int32Array,
  d: number,
  al: number,
  ah: number,
  bl: number,
  bh: number,
  remainder: number,
): void {
  if (ah === 0 && bh === 0) {
    regs[d] = remainder !== 0 ? (al >>> 0) % (bl >>> 0) : (al >>> 0) / (bl >>> 0);
    regs[d + 1] = 0;
  } else if (ah >>> 0 < EXACT_HIGH && bh >>> 0 < EXACT_HIGH) {
    const a = ah * TWO_32 + (al >>> 0);
    const b = bh * TWO_32 + (bl >>> 0);
    const quotient = Math.floor(a / b);
    const result = remainder !== 0 ? a - quotient * b : quotient;
    regs[d] = result | 0;
    regs[d + 1] = Math.floor(result / TWO_32);
  } else {
    const a = (BigInt(ah >>> 0) << 32n) | BigInt(al >>> 0);
    const b = (BigInt(bh >>> 0) << 32n) | BigInt(bl >>> 0);
    const result = remainder !== 0 ? a % b : a / b;
    regs[d] = Number(BigInt.asIntN(32, result));
    regs[d + 1] = Number(BigInt.asIntN(32, result >> 32n));
  }
}

/** Signed quotient, rounded towards zero, or remainder with the dividend's sign; the divisor is not 0. */
export function divideSigned(
  regs: Int32Array,
  d: number,
  al: number,
  ah: number,
  bl: number,
  bh: number,
  remainder: number,
): void {
  const negate = remainder !== 0 ? ah < 0 : (ah ^ bh) < 0;
  // The magnitude of −2^63 is 2^63 as an unsigned value, so dividing it by −1 needs no case of its own.
  if (ah < 0) {
    ah = (~ah + (al === 0 ? 1 : 0)) | 0;
    al = -al | 0;
  }
  if (bh < 0) {
    bh = (~bh + (bl === 0 ? 1 : 0)) | 0;
    bl = -bl | 0;
  }
  divideUnsigned(regs, d, al, ah, bl, bh, remainder);
  if (negate) {
    const low = regs[d];
    regs[d] = -low | 0;
    regs[d + 1] = (~regs[d + 1] + (low === 0 ? 1 : 0)) | 0;
  }
}

/** Shift left by `count` modulo 64. */
export function shiftLeft(regs: Int32Array, d: number, lo: number, hi: number, count: number): void {
  if ((count & 32) !== 0) {
    regs[d] = 0;
    regs[d + 1] = lo << (count & 31);
  } else {
    // `>>> 1 >>> 31 − n` rather than `>>> 32 − n`: right for n = 0, where the latter would shift by 0.
    regs[d + 1] = (hi << (count & 31)) | ((lo >>> 1) >>> (~count & 31));
    regs[d] = lo << (count & 31);
  }
}

/** Shift right by `count` modulo 64, filling with zeros. */
export function shiftRight(regs: Int32Array, d: number, lo: number, hi: number, count: number): void {
  if ((count & 32) !== 0) {
    regs[d] = hi >>> (count & 31);
    regs[d + 1] = 0;
  } else {
    regs[d] = (lo >>> (count & 31)) | ((hi << 1) << (~count & 31));
    regs[d + 1] = hi >>> (count & 31);
  }
}

/** Shift right by `count` modulo 64, filling with the sign. */
export function shiftRightSigned(regs: Int32Array, d: number, lo: number, hi: number, count: number): void {
  if ((count & 32) !== 0) {
    regs[d] = hi >> (count & 31);
    regs[d + 1] = hi >> 31;
  } else {
    regs[d] = (lo >>> (count & 31)) | ((hi << 1) << (~count & 31));
    regs[d + 1] = hi >> (count & 31);
  }
}

/** Rotation right by `count` modulo 64. */
export function rotateRight(regs: Int32Array, d: number, lo: number, hi: number, count: number): void {
  if ((count & 32) !== 0) {
    const swapped = lo;
    lo = hi;
    hi = swapped;
  }
  const n = count & 31;
  const rest = ~count & 31;
  regs[d] = (lo >>> n) | ((hi << 1) << rest);
  regs[d + 1] = (hi >>> n) | ((lo << 1) << rest);
}

/** Number of set bits of a 32-bit value. */
export function countBits32(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Number of zero bits below the lowest set one; 32 for 0. */
export function trailingZeros32(value: number): number {
  return value === 0 ? 32 : 31 - Math.clz32(value & -value);
}

/** The four bytes of a 32-bit value in opposite order. */
export function swapBytes32(value: number): number {
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
}
