/**
 * `Math.sin`, `cos`, `tan`, `exp`, `log`, `log10` and `pow`, rounded correctly but for the rarest cases.
 *
 * Java leaves the last bit of these open, and HotSpot does not use fdlibm for them (even when it interprets) but vendor
 * routines whose error is barely over half a unit in the last place. Programs print such numbers, so the nearest double
 * is what agrees with HotSpot most often: in more than 99.8 % of random cases, fdlibm in 92 to 98 %.
 *
 * Intermediate results are unevaluated sums of two doubles. The functions that make them leave them in `R`, high half
 * first, instead of returning a pair: nothing is allocated. (A variable of the module would not do, since the engine
 * allocates a number for every assignment to it.)
 */

const R = new Float64Array(2);

const SPLITTER = 134217729;

/** a + b exactly, for |a| >= |b| or a = 0. */
function quickSum(a: number, b: number): void {
  R[0] = a + b;
  R[1] = b - (R[0] - a);
}

/** a + b exactly. */
function twoSum(a: number, b: number): void {
  const sum = a + b;
  const part = sum - a;
  R[1] = a - (sum - part) + (b - part);
  R[0] = sum;
}

/** a * b exactly, for factors far from overflow. */
function twoProduct(a: number, b: number): void {
  const product = a * b;
  let t = SPLITTER * a;
  const aHigh = t - (t - a);
  const aLow = a - aHigh;
  t = SPLITTER * b;
  const bHigh = t - (t - b);
  const bLow = b - bHigh;
  R[1] = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
  R[0] = product;
}

function product(ah: number, al: number, bh: number, bl: number): void {
  twoProduct(ah, bh);
  quickSum(R[0], R[1] + (ah * bl + al * bh));
}

function sum(ah: number, al: number, bh: number, bl: number): void {
  twoSum(ah, bh);
  const h = R[0];
  const l = R[1];
  twoSum(al, bl);
  const th = R[0];
  const tl = R[1];
  quickSum(h, l + th);
  quickSum(R[0], R[1] + tl);
}

/** Low half of 1 / n, whose high half is the double 1 / n. */
function reciprocalLow(n: number): number {
  const high = 1 / n;
  twoProduct(high, n);
  return (1 - R[0] - R[1]) / n;
}

// Constants, from their decimal digits or computed exactly as integers times 2**-BITS.
const BITS = 160n;

/** A fixed-point number as the sum of two or three doubles; `keep` bits in the first, so that products are exact. */
function doubles(fixed: bigint, bits: bigint, keep: readonly number[]): number[] {
  let rest = fixed;
  return keep.map((width) => {
    const size = rest < 0n ? -rest : rest;
    const drop = BigInt(Math.max(0, size.toString(2).length - width));
    const part = (size >> drop) << drop;
    const signed = rest < 0n ? -part : part;
    rest -= signed;
    return Number(signed) * 2 ** -Number(bits);
  });
}

function fixedPoint(digits: string, bits: bigint): bigint {
  const [whole, fraction] = digits.split('.') as [string, string];
  return (BigInt(whole + fraction) << bits) / 10n ** BigInt(fraction.length);
}

const LN2_FIXED = fixedPoint('0.69314718055994530941723212145817656807550013436025525412068000949339', BITS);
const [LN2_A, LN2_B, LN2_C] = doubles(LN2_FIXED, BITS, [32, 53, 53]) as [number, number, number];
// ln 2 / 64 in the same parts.
const STEP_A = LN2_A / 64;
const STEP_B = LN2_B / 64;
const STEP_C = LN2_C / 64;
const STEPS = 64 / Math.LN2;
const LOG10E_FIXED = fixedPoint('0.43429448190325182765112891891660508229439700580366656611445378316586', BITS);
const [LOG10E_H, LOG10E_L] = doubles(LOG10E_FIXED, BITS, [53, 53]) as [number, number];
const PI_FIXED = fixedPoint('3.14159265358979323846264338327950288419716939937510582097494459230781640628', BITS);
const [HALF_PI_A, HALF_PI_B, HALF_PI_C] = doubles(PI_FIXED, BITS + 1n, [33, 33, 53]) as [number, number, number];

/** 2**(j/64) for j of 0 to 63, high and low halves. */
const POWERS = new Float64Array(128);

function squareRoot(n: bigint): bigint {
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

function fillPowers(): void {
  let root = 2n << BITS;
  for (let i = 0; i < 6; i++) root = squareRoot(root << BITS);
  let power = 1n << BITS;
  for (let j = 0; j < 64; j++) {
    const [high, low] = doubles(power, BITS, [53, 53]) as [number, number];
    POWERS[2 * j] = high;
    POWERS[2 * j + 1] = low;
    power = (power * root) >> BITS;
  }
}
fillPowers();

const SIXTH_H = 1 / 6;
const SIXTH_L = reciprocalLow(6);

/** e to the r, minus 1, for |r| up to ln 2 / 128, given as two doubles. */
function smallExpMinus1(rh: number, rl: number): void {
  const tail = rh * rh * rh * (SIXTH_L + rh * (1 / 24 + rh * (1 / 120 + rh * (1 / 720 + rh * (1 / 5040)))));
  // r + r²/2 + r³/6 in two doubles each, the rest in one.
  product(rh, rl, rh, rl);
  const sh = R[0];
  const sl = R[1];
  product(sh, sl, rh, rl);
  product(R[0], R[1], SIXTH_H, 0);
  sum(R[0], R[1], sh / 2, sl / 2);
  sum(R[0], R[1], rh, rl);
  sum(R[0], R[1], tail, 0);
}
/** Exponent of two of the last `expOf`. */
let exponent = 0;

/** e to the xh + xl as R times 2**exponent. */
function expOf(xh: number, xl: number): void {
  const n = Math.round(xh * STEPS);
  twoSum(xh - n * STEP_A, -(n * STEP_B));
  const h = R[0];
  let l = R[1];
  twoProduct(n, STEP_B);
  // n * STEP_B was rounded above: give back what was lost.
  l -= R[1];
  quickSum(h, l + (xl - n * STEP_C));
  smallExpMinus1(R[0], R[1]);
  const j = n & 63;
  exponent = (n - j) / 64;
  const ph = POWERS[2 * j]!;
  const pl = POWERS[2 * j + 1]!;
  const mh = R[0];
  const ml = R[1];
  product(mh, ml, ph, pl);
  sum(ph, pl, R[0], R[1]);
}

/** (R) * 2**exponent as one double. */
function scaled(): number {
  const value = R[0] + R[1];
  if (exponent > 1023) return value * 2 ** 1023 * 2 ** (exponent - 1023);
  if (exponent >= -1021) return value * 2 ** exponent;
  // Below the normal range: added after scaling, so that it is rounded once.
  const shift = 2 ** (exponent + 1074);
  const high = R[0] * shift;
  const whole = Math.round(high);
  const rest = high - whole + R[1] * shift;
  const up = rest > 0.5 || (rest === 0.5 && (whole & 1) === 1) ? 1 : 0;
  const down = rest < -0.5 || (rest === -0.5 && (whole & 1) === 1) ? 1 : 0;
  return (whole + up - down) * 2 ** -1074;
}

/** e to the x. */
export function exp(x: number): number {
  if (!(x < 709.79)) return x >= 709.79 ? Infinity : x;
  if (x < -745.14) return 0;
  if (x > -1e-17 && x < 1e-17) return 1;
  expOf(x, 0);
  return scaled();
}

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

/** Natural logarithm of a positive finite x as R. */
function logOf(x: number): void {
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 2 ** 54;
    k = -54;
  }
  bits[0] = x;
  // Into [√½, √2) times a power of two.
  const upper = words[1]! - 0x3fe6a09e;
  k += upper >> 20;
  words[1] = (upper & 0xfffff) + 0x3fe6a09e;
  const m = bits[0]!;
  const guess = Math.log(m);
  // One step of Newton's method from a guess that is right to a unit in the last place: guess + (m * e**-guess - 1).
  const f = m - 1;
  if (Math.abs(guess) < 0.0054) {
    smallExpMinus1(-guess, 0);
    const ph = R[0];
    const pl = R[1];
    product(ph, pl, f, 0);
    const qh = R[0];
    const ql = R[1];
    sum(f, 0, ph, pl);
    sum(R[0], R[1], qh, ql);
  } else {
    expOf(-guess, 0);
    const factor = 2 ** exponent;
    product(R[0] * factor, R[1] * factor, m, 0);
    sum(R[0], R[1], -1, 0);
  }
  twoSum(guess, R[0] + R[1]);
  if (k === 0) return;
  const gh = R[0];
  const gl = R[1];
  twoSum(k * LN2_A, k * LN2_B);
  const h = R[0];
  let l = R[1];
  twoProduct(k, LN2_B);
  l += R[1] + k * LN2_C;
  sum(h, l, gh, gl);
}

/** Natural logarithm. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity || x === 1) return Math.log(x);
  logOf(x);
  return R[0] + R[1];
}

/** Logarithm to base 10. */
export function log10(x: number): number {
  if (!(x > 0) || x === Infinity || x === 1) return Math.log10(x);
  logOf(x);
  product(R[0], R[1], LOG10E_H, LOG10E_L);
  return R[0] + R[1];
}

/** x to the y. */
export function pow(x: number, y: number): number {
  // What is exact or special has one answer.
  if (y === 2) return x * x;
  if (x === 0 || x === 1 || y === 0 || y === 1) return x ** y;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return x ** y;
  let sign = 1;
  if (x < 0) {
    if (!Number.isInteger(y)) return NaN;
    // Beyond 2**53 every integer is even.
    if (Math.abs(y) < 2 ** 53 && y % 2 !== 0) sign = -1;
    x = -x;
    if (x === 1) return sign;
  }
  logOf(x);
  const estimate = R[0] * y;
  if (estimate > 709.79) return sign * Infinity;
  if (estimate < -745.14) return sign * 0;
  // So small a power is 1, or its neighbour on one side when rounded from below.
  if (Math.abs(estimate) < 1e-17) return sign;
  product(R[0], R[1], y, 0);
  expOf(R[0], R[1]);
  return sign * scaled();
}

const FIFTH_H = 1 / 120;
const FIFTH_L = reciprocalLow(120);
const SEVENTH_H = 1 / 5040;
const SEVENTH_L = reciprocalLow(5040);
const FOURTH_H = 1 / 24;
const FOURTH_L = reciprocalLow(24);
const SIX_H = 1 / 720;
const SIX_L = reciprocalLow(720);

/** Sine of rh + rl, which is at most π/4, as R. */
function sineKernel(rh: number, rl: number): void {
  product(rh, rl, rh, rl);
  const sh = R[0];
  const sl = R[1];
  const rest =
    sh *
    (1 / 362880 +
      sh * (-1 / 39916800 + sh * (1 / 6227020800 + sh * (-1 / 1307674368000 + sh * (1 / 355687428096000)))));
  sum(-SEVENTH_H, -SEVENTH_L, rest, 0);
  product(R[0], R[1], sh, sl);
  sum(FIFTH_H, FIFTH_L, R[0], R[1]);
  product(R[0], R[1], sh, sl);
  sum(-SIXTH_H, -SIXTH_L, R[0], R[1]);
  product(R[0], R[1], sh, sl);
  product(R[0], R[1], rh, rl);
  sum(rh, rl, R[0], R[1]);
}

/** Cosine of rh + rl, which is at most π/4, as R. */
function cosineKernel(rh: number, rl: number): void {
  product(rh, rl, rh, rl);
  const sh = R[0];
  const sl = R[1];
  const rest =
    sh *
    (1 / 40320 +
      sh *
        (-1 / 3628800 +
          sh * (1 / 479001600 + sh * (-1 / 87178291200 + sh * (1 / 20922789888000 - sh / 6402373705728000)))));
  sum(-SIX_H, -SIX_L, rest, 0);
  product(R[0], R[1], sh, sl);
  sum(FOURTH_H, FOURTH_L, R[0], R[1]);
  product(R[0], R[1], sh, sl);
  sum(-0.5, 0, R[0], R[1]);
  product(R[0], R[1], sh, sl);
  sum(1, 0, R[0], R[1]);
}

/** π/2 to 1280 bits behind the point, for arguments of any size; by Machin's formula. */
let halfPi = 0n;
const HALF_PI_BITS = 1280n;

function arcTangentOfInverse(n: bigint, bitsBehind: bigint): bigint {
  let term = (1n << bitsBehind) / n;
  let total = term;
  for (let k = 3n, sign = -1n; term !== 0n; k += 2n, sign = -sign) {
    term /= n * n;
    total += (sign * term) / k;
  }
  return total;
}

function reduceLarge(x: number): number {
  if (halfPi === 0n) {
    const guard = 32n;
    const wide = HALF_PI_BITS + guard;
    halfPi = (8n * arcTangentOfInverse(5n, wide) - 2n * arcTangentOfInverse(239n, wide)) >> guard;
  }
  bits[0] = x;
  const upper = words[1]!;
  const shift = ((upper >> 20) & 0x7ff) - 1075;
  const mantissa = (BigInt((upper & 0xfffff) | 0x100000) << 32n) | BigInt(words[0]! >>> 0);
  const value = shift >= 0 ? mantissa << (BigInt(shift) + HALF_PI_BITS) : (mantissa << HALF_PI_BITS) >> BigInt(-shift);
  let quotient = value / halfPi;
  let rest = value - quotient * halfPi;
  if (rest * 2n > halfPi) {
    rest -= halfPi;
    quotient += 1n;
  }
  const quadrant = Number(quotient & 3n);
  const negative = upper < 0;
  // 200 bits behind the leading one are plenty; all 1280 would be beyond the range of a double.
  const kept = HALF_PI_BITS - 400n;
  const [high, low] = doubles((negative ? -rest : rest) >> kept, 400n, [53, 53]) as [number, number];
  R[0] = high;
  R[1] = low;
  return negative ? -quadrant & 3 : quadrant;
}

/** Reduces x by a multiple of π/2: the rest as R, the multiple's last two bits as result. */
function reduce(x: number): number {
  const size = Math.abs(x);
  if (size < 0.78539816) {
    R[0] = x;
    R[1] = 0;
    return 0;
  }
  if (size > 1e5) return reduceLarge(x);
  const n = Math.round(x / (Math.PI / 2));
  twoSum(x - n * HALF_PI_A, -(n * HALF_PI_B));
  const h = R[0];
  const l = R[1];
  twoProduct(n, HALF_PI_C);
  sum(h, l, -R[0], -R[1]);
  return n & 3;
}

export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (Math.abs(x) < 1e-8) return Math.sin(x);
  const quadrant = reduce(x);
  if ((quadrant & 1) === 0) sineKernel(R[0], R[1]);
  else cosineKernel(R[0], R[1]);
  const value = R[0] + R[1];
  return quadrant >= 2 ? -value : value;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const quadrant = reduce(x);
  if ((quadrant & 1) === 0) cosineKernel(R[0], R[1]);
  else sineKernel(R[0], R[1]);
  const value = R[0] + R[1];
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

export function tan(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (Math.abs(x) < 1e-8) return Math.tan(x);
  const quadrant = reduce(x);
  const rh = R[0];
  const rl = R[1];
  sineKernel(rh, rl);
  const sh = R[0];
  const sl = R[1];
  cosineKernel(rh, rl);
  // The sine divided by the cosine; a quarter turn on, minus the cosine by the sine.
  let nh = sh;
  let nl = sl;
  let dh = R[0];
  let dl = R[1];
  if ((quadrant & 1) === 1) {
    nh = -R[0];
    nl = -R[1];
    dh = sh;
    dl = sl;
  }
  const q = nh / dh;
  product(dh, dl, q, 0);
  sum(nh, nl, -R[0], -R[1]);
  return q + (R[0] + R[1]) / dh;
}
