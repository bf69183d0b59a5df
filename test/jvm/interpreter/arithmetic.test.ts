/** Arithmetic on longs as two words, against BigInt: over edge values and at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divideLongs, doubleToLong, longToFloat, remainderLongs } from '../../../src/jvm/interpreter/arithmetic.js';

const EDGES = [0n, 1n, 2n, 3n, 7n, 10n, 255n, 65535n, 65536n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n]
  .concat([1n << 47n, (1n << 53n) - 1n, 1n << 53n, (1n << 53n) + 1n, 1n << 62n, (1n << 63n) - 1n, -(1n << 63n)])
  .flatMap((v) => [v, -v].map((w) => BigInt.asIntN(64, w)));

/** A generator of numbers below 2^32 that needs no seed from outside. */
function* numbers(seed: number): Generator<number, never> {
  let x = seed;
  for (;;) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    yield (x ^ (x >>> 15)) >>> 0;
  }
}

/** Pairs to try: every edge with every other, then random ones of random widths. */
function pairs(count: number): [bigint, bigint][] {
  const list = EDGES.flatMap((a) => EDGES.map((b): [bigint, bigint] => [a, b]));
  const source = numbers(20261121);
  const next = () => source.next().value;
  const long = () => BigInt.asIntN(64, (BigInt(next()) << 32n) | BigInt(next())) >> BigInt(next() % 64);
  for (let i = 0; i < count; i++) list.push([long(), long()]);
  return list;
}

const words = new Int32Array(8);
const longs = new BigInt64Array(words.buffer);

function applied(f: (M: Int32Array, at: number, by: number) => void, a: bigint, b: bigint): bigint {
  longs[0] = a;
  longs[1] = b;
  f(words, 0, 2);
  assert.equal(longs[1], b, 'the second operand stays');
  return longs[0]!;
}

test('quotients and remainders of longs', () => {
  for (const [a, b] of pairs(60_000)) {
    if (b !== 0n) {
      assert.equal(applied(divideLongs, a, b), BigInt.asIntN(64, a / b), `${a} / ${b}`);
      assert.equal(applied(remainderLongs, a, b), a % b, `${a} % ${b}`);
    }
  }
});

test('a long becomes a float with one rounding', () => {
  for (const [a] of pairs(60_000)) {
    longs[0] = a;
    const got = Math.fround(longToFloat(words[0]!, words[1]!));
    // The nearest float: no neighbour is nearer, and of two equally near ones the even one.
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, got);
    const bits = view.getInt32(0);
    const error = (value: number) => {
      const d = BigInt(value) - a;
      return d < 0n ? -d : d;
    };
    for (const step of [-1, 1]) {
      view.setInt32(0, bits + step);
      const neighbour = view.getFloat32(0);
      if (!Number.isFinite(neighbour) || !Number.isInteger(neighbour)) continue;
      assert.ok(
        error(got) < error(neighbour) || (error(got) === error(neighbour) && (bits & 1) === 0),
        `${a} → ${got}`,
      );
    }
  }
});

test('doubles become longs with saturation', () => {
  const doubles = [
    0,
    -0,
    0.5,
    -0.5,
    1.9,
    -1.9,
    2 ** 31,
    -(2 ** 31),
    2 ** 31 - 0.5,
    2 ** 53,
    -(2 ** 53),
    2 ** 63,
    -(2 ** 63),
  ].concat([2 ** 62, -(2 ** 62) - 1024, 1e300, -1e300, Infinity, -Infinity, Number.NaN, 4294967295.7, -4294967296.2]);
  const clamp = (v: number, bits: number) => {
    if (Number.isNaN(v)) return 0n;
    const top = (1n << BigInt(bits - 1)) - 1n;
    if (v >= 2 ** (bits - 1)) return top;
    return v <= -(2 ** (bits - 1)) ? -top - 1n : BigInt(Math.trunc(v));
  };
  for (const v of doubles) {
    doubleToLong(words, 0, v);
    assert.equal(longs[0], clamp(v, 64), `long of ${v}`);
  }
});
