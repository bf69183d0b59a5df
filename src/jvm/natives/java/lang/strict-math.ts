/**
 * The functions of StrictMath, bit for bit those of fdlibm, which Java prescribes.
 *
 * V8's own `Math` is a port of the same library, and where it answers the same bits it is used. It differs in `exp`
 * (a special case for 1), `cosh`, `tanh` and `atan2` (later revisions of the algorithms): these are written out here.
 * The test compares all of them with the machine's `java`.
 */

const scratch = new Float64Array(1);
const halves = new Int32Array(scratch.buffer);

/** Sign, exponent and the upper 20 bits of the fraction. */
function highWord(x: number): number {
  scratch[0] = x;
  return halves[1]!;
}

const LN2_HIGH = 6.931471803691238e-1;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -745.1332191019411;

/** `2**k * y` for y around 1; exact but for results below the normal range. */
function scale(y: number, k: number): number {
  if (k === 1024) return y * 2 * 2 ** 1023;
  return k >= -1021 ? y * 2 ** k : y * 2 ** (k + 1000) * 2 ** -1000;
}

/** e to the x. */
export function exp(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x > EXP_OVERFLOW) return Infinity;
  if (x < EXP_UNDERFLOW) return 0;
  const size = highWord(x) & 0x7fffffff;
  let high = x;
  let low = 0;
  let k = 0;
  // Reduced by a multiple of ln 2 above half of it.
  if (size > 0x3fd62e42) {
    if (size < 0x3ff0a2b2) k = x < 0 ? -1 : 1;
    else k = Math.trunc(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
    x = high - low;
  } else if (size < 0x3e300000) {
    return 1 + x;
  }
  const t = x * x;
  const c =
    x -
    t *
      (1.6666666666666602e-1 +
        t *
          (-2.7777777777015593e-3 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  if (k === 0) return 1 - ((x * c) / (c - 2) - x);
  return scale(1 - (low - (x * c) / (2 - c) - high), k);
}

/** Above this the result of sinh and cosh needs the exponential of half the argument. */
const HYPERBOLIC_OVERFLOW = 710.4758600739439;

/** For |x| of at least 22: e to the x, halved. */
function halfExp(size: number, half: number): number {
  if (size < EXP_OVERFLOW) return half * exp(size);
  if (size > HYPERBOLIC_OVERFLOW) return half * Infinity;
  const w = exp(0.5 * size);
  return half * w * w;
}

export function sinh(x: number): number {
  if (!Number.isFinite(x)) return x;
  const half = x < 0 ? -0.5 : 0.5;
  const size = Math.abs(x);
  if (size >= 22) return halfExp(size, half);
  if (size < 2 ** -28) return x;
  const t = Math.expm1(size);
  return size < 1 ? half * (2 * t - (t * t) / (t + 1)) : half * (t + t / (t + 1));
}

export function cosh(x: number): number {
  if (!Number.isFinite(x)) return x * x;
  const size = Math.abs(x);
  const word = highWord(size);
  if (word < 0x3fd62e43) {
    const t = Math.expm1(size);
    const w = 1 + t;
    return word < 0x3c800000 ? w : 1 + (t * t) / (w + w);
  }
  if (size >= 22) return halfExp(size, 0.5);
  const t = exp(size);
  return 0.5 * t + 0.5 / t;
}

export function tanh(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  let z = 1;
  if (size < 22) {
    if (size < 2 ** -55) return x * (1 + x);
    if (size >= 1) {
      z = 1 - 2 / (Math.expm1(2 * size) + 2);
    } else {
      const t = Math.expm1(-2 * size);
      z = -t / (t + 2);
    }
  }
  return x < 0 ? -z : z;
}

const PI_LOW = 1.2246467991473532e-16;

export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (x === 1) return Math.atan(y);
  const yNegative = y < 0 || Object.is(y, -0);
  const xNegative = x < 0 || Object.is(x, -0);
  let z: number;
  if (y === 0) {
    if (!xNegative) return y;
    return yNegative ? -Math.PI : Math.PI;
  }
  if (x === 0) return yNegative ? -Math.PI / 2 : Math.PI / 2;
  if (Math.abs(x) === Infinity) {
    if (Math.abs(y) === Infinity) z = xNegative ? (3 * Math.PI) / 4 : Math.PI / 4;
    else z = xNegative ? Math.PI : 0;
    return yNegative ? -z : z;
  }
  if (Math.abs(y) === Infinity) return yNegative ? -Math.PI / 2 : Math.PI / 2;
  const distance = ((highWord(y) & 0x7fffffff) - (highWord(x) & 0x7fffffff)) >> 20;
  if (distance > 60) z = Math.PI / 2 + 0.5 * PI_LOW;
  else if (xNegative && distance < -60) z = 0;
  else z = Math.atan(Math.abs(y / x));
  if (!xNegative) return yNegative ? -z : z;
  return yNegative ? z - PI_LOW - Math.PI : Math.PI - (z - PI_LOW);
}

/** The remainder that is nearest to zero, ties to the even quotient (IEEE 754's `remainder`). */
export function remainder(x: number, p: number): number {
  if (Number.isNaN(x) || Number.isNaN(p) || p === 0 || Math.abs(x) === Infinity) return NaN;
  const divisor = Math.abs(p);
  if (divisor === Infinity) return x;
  let rest = Math.abs(x);
  // Twice the divisor, as long as that is finite: the quotient's parity decides ties.
  if (divisor <= Number.MAX_VALUE / 2) rest %= 2 * divisor;
  if (divisor < 2 ** -1021) {
    // Half of so small a number may not be exact.
    if (rest + rest > divisor) {
      rest -= divisor;
      if (rest + rest >= divisor) rest -= divisor;
    }
  } else if (rest > divisor / 2) {
    rest -= divisor;
    if (rest >= divisor / 2) rest -= divisor;
  }
  return x < 0 || Object.is(x, -0) ? -rest : rest;
}

export const { sin, cos, tan, asin, acos, atan, log, log10, sqrt, expm1, log1p } = Math;
