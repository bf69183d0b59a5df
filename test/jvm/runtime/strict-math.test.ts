/** StrictMath bit for bit, and Math as nearly as its freedom allows, against the machine's `java`. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as accurate from '../../../src/jvm/natives/java/lang/accurate-math.js';
import * as strict from '../../../src/jvm/natives/java/lang/strict-math.js';
import { compileJava, findJdk, ROOT, runJava } from '../jdk.js';

const jdk = findJdk();
const STRICT: readonly ((x: number, y: number) => number)[] = [
  strict.sin,
  strict.cos,
  strict.tan,
  strict.asin,
  strict.acos,
  strict.atan,
  strict.log,
  strict.log10,
  strict.sqrt,
  strict.sinh,
  strict.cosh,
  strict.tanh,
  strict.expm1,
  strict.log1p,
  strict.exp,
  strict.atan2,
  strict.remainder,
];
const ACCURATE: readonly ((x: number, y: number) => number)[] = [
  accurate.sin,
  accurate.cos,
  accurate.tan,
  accurate.exp,
  accurate.log,
  accurate.log10,
  accurate.pow,
];
const COLUMNS = 2 + STRICT.length + ACCURATE.length;

test('StrictMath and Math agree with java', { skip: typeof jdk === 'string' && jdk }, async () => {
  assert(typeof jdk !== 'string');
  const source = join(ROOT, 'test', 'jvm', 'runtime', 'StrictResults.java');
  const [folder] = compileJava(jdk, [{ name: 'StrictResults', files: [source] }]);
  const { stdout } = await runJava(jdk, ['-cp', folder!, 'StrictResults']);
  const bytes = Buffer.from(stdout, 'latin1');
  const rows = bytes.length / (8 * COLUMNS);
  assert.equal(rows, 12000);
  const differing = ACCURATE.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const at = (column: number) => bytes.readDoubleBE(8 * (row * COLUMNS + column));
    const x = at(0);
    const y = at(1);
    for (const [i, compute] of STRICT.entries()) {
      assert(Object.is(compute(x, y), at(2 + i)), `StrictMath.${compute.name}(${x}, ${y})`);
    }
    for (const [i, compute] of ACCURATE.entries()) {
      const expected = at(2 + STRICT.length + i);
      const found = compute(x, y);
      if (Object.is(found, expected)) continue;
      differing[i]!++;
      const distance = Math.abs(found - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
      assert(
        distance < 3e-16 || Math.abs(expected) < 1e-307,
        `Math.${compute.name}(${x}, ${y}) = ${expected}, not ${found}`,
      );
    }
  }
  // Where both are rounded differently the nearest double is as good as HotSpot's.
  for (const [i, count] of differing.entries()) assert(count < rows / 200, `Math.${ACCURATE[i]!.name}: ${count}`);
});
