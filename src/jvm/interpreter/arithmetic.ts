/**
 * Arithmetic that takes more than an expression: longs as two 32-bit halves, and the conversions with Java's rules.
 *
 * A long lies in two words, the low half first. BigInt is kept for divisions whose operands pass 2^53: it costs
 * 20 to 50 times as much.
 */

const TWO_32 = 4294967296;
const TWO_63 = 2 ** 63;

function asBigInt(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function store(M: Int32Array, at: number, value: bigint): void {
  M[at] = Number(BigInt.asIntN(32, value));
  M[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
}

/** Whether a long with this high half is exact as a double: below 2^53. */
function isSafe(high: number): boolean {
  return high >= -0x200000 && high < 0x200000;
}

function storeSafe(M: Int32Array, at: number, value: number): void {
  M[at] = value | 0;
  M[at + 1] = Math.floor(value / TWO_32);
}

/** Remainder of the last `divideBySmall`. */
let smallRemainder = 0;

/**
 * Divides a long of any size by an int, in three steps whose dividends stay below 2^53, where the floor of a quotient of doubles is
 * exact. The quotient goes to `at`, the remainder's magnitude to `smallRemainder`.
 */
function divideBySmall(M: Int32Array, at: number, low: number, high: number, divisor: number): void {
  const negative = high < 0;
  // Magnitude of the dividend, as unsigned halves.
  const l = negative ? -low >>> 0 : low >>> 0;
  const h = negative ? (~high + (low === 0 ? 1 : 0)) >>> 0 : high;
  const d = Math.abs(divisor);
  const q2 = Math.floor(h / d);
  let x = (h - q2 * d) * 65536 + (l >>> 16);
  const q1 = Math.floor(x / d);
  x = (x - q1 * d) * 65536 + (l & 0xffff);
  const q0 = Math.floor(x / d);
  smallRemainder = x - q0 * d;
  const ql = (q1 << 16) | q0 | 0;
  if (negative === divisor < 0) {
    M[at] = ql;
    M[at + 1] = q2;
  } else {
    M[at] = -ql | 0;
    M[at + 1] = (~q2 + (ql === 0 ? 1 : 0)) | 0;
  }
}

/** Replaces the long at `at` by its quotient by the long at `by`, which is not 0. */
export function divideLongs(M: Int32Array, at: number, by: number): void {
  const ah = M[at + 1]!;
  const bl = M[by]!;
  const bh = M[by + 1]!;
  if (isSafe(ah) && isSafe(bh)) {
    // The quotient of two doubles below 2^53 truncates right.
    return storeSafe(M, at, Math.trunc((ah * TWO_32 + (M[at]! >>> 0)) / (bh * TWO_32 + (bl >>> 0))));
  }
  if (bh === bl >> 31) return divideBySmall(M, at, M[at]!, ah, bl);
  store(M, at, asBigInt(M[at]!, ah) / asBigInt(bl, bh));
}

/** Replaces the long at `at` by its remainder by the long at `by`, which is not 0. */
export function remainderLongs(M: Int32Array, at: number, by: number): void {
  const ah = M[at + 1]!;
  const bl = M[by]!;
  const bh = M[by + 1]!;
  if (isSafe(ah) && isSafe(bh)) {
    return storeSafe(M, at, (ah * TWO_32 + (M[at]! >>> 0)) % (bh * TWO_32 + (bl >>> 0)));
  }
  if (bh === bl >> 31) {
    divideBySmall(M, at, M[at]!, ah, bl);
    // A remainder has the dividend's sign.
    return storeSafe(M, at, ah < 0 ? -smallRemainder : smallRemainder);
  }
  store(M, at, asBigInt(M[at]!, ah) % asBigInt(bl, bh));
}

/** f2l and d2l: writes the two words at `at`. */
export function doubleToLong(M: Int32Array, at: number, value: number): void {
  if (value >= TWO_63) {
    M[at] = -1;
    M[at + 1] = 0x7fffffff;
  } else if (value <= -TWO_63) {
    M[at] = 0;
    M[at + 1] = -0x80000000;
  } else if (Number.isNaN(value)) {
    M[at] = 0;
    M[at + 1] = 0;
  } else {
    const whole = Math.trunc(value);
    const high = Math.floor(whole / TWO_32);
    M[at] = (whole - high * TWO_32) | 0;
    M[at + 1] = high;
  }
}

/**
 * l2f, rounded once. Above 2^53 a double would round first; there the lowest eleven bits are folded into one that only
 * says "not zero" (it lies far below the float's last bit), and the rest is exact.
 */
export function longToFloat(low: number, high: number): number {
  if (isSafe(high)) return high * TWO_32 + (low >>> 0);
  const sticky = (low & 0x7ff) !== 0 ? 0x800 : 0;
  return high * TWO_32 + (((low & ~0x7ff) | sticky) >>> 0);
}
