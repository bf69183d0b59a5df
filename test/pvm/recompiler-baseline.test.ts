/**
 * The code for processors without BMI, LZCNT and POPCNT, on whatever processor there is: every vector again, and the
 * instructions whose code differs over edge values, against the interpreter. Test files run in processes of their
 * own, so the switch set here concerns no other test.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { vectorFiles } from '../vectors.js';

process.env.SCOTTY_CPU_FEATURES = '';
const { cpuFeatures } = await import('../../src/host/index.js');
const { assemble, Program } = await import('../../src/pvm/index.js');
const { parseVector, runVector } = await import('../../src/pvm/conformance/vectors.js');

const unavailable = Program.recompilerUnavailable();
const files = vectorFiles('pvm');

test('the switch is on', () => {
  assert.deepEqual(cpuFeatures(), { bmi1: false, bmi2: false, lzcnt: false, popcnt: false });
});

test('every vector passes without optional instructions', { skip: unavailable ?? files.skip }, () => {
  for (const path of files.paths) {
    assert.equal(runVector(parseVector(readFileSync(path, 'utf8')), 'recompiler'), undefined, path);
  }
});

const THREE = ['shlo_l', 'shlo_r', 'shar_r', 'rot_l', 'rot_r'].flatMap((name) => [`${name}_32`, `${name}_64`]);
THREE.push('and_inv', 'or_inv', 'mul_upper_u_u', 'mul_upper_s_u', 'mul_upper_s_s', 'mul_64');
const TWO = ['count_set_bits', 'leading_zero_bits', 'trailing_zero_bits'].flatMap((name) => [
  `${name}_32`,
  `${name}_64`,
]);
const VALUES = [0n, 1n, 31n, 32n, 63n, 64n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 63n, (1n << 64n) - 1n];

test('results without optional instructions are those of the interpreter', { skip: unavailable ?? false }, () => {
  // r3 and r4 live in RDX and RAX, which multiplications use: every way the operands can meet them.
  const operands = ['r5, r7, r8', 'r3, r4, r7', 'r7, r3, r7', 'r8, r7, r8', 'r4, r3, r4', 'r3, r3, r3', 'r7, r4, r3'];
  const lines = THREE.flatMap((name) => operands.map((o) => `${name} ${o}`));
  lines.push(...TWO.flatMap((name) => [`${name} r5, r7`, `${name} r3, r3`, `${name} r4, r8`]));
  for (const line of lines) {
    const program = Program.load(assemble(`.code\n${line}\ntrap\n`));
    for (const x of VALUES) {
      for (const y of VALUES) {
        const registers = [0n, 0n, 0n, x ^ 5n, y, 0n, 0n, x, y, 0n, 0n, 0n, 0n];
        const results = (['interpreter', 'recompiler'] as const).map((engine) => {
          const instance = program.instantiate({ engine, registers, gas: 100 });
          const exit = instance.run();
          const state = { exit, registers: instance.registers, gas: instance.gas };
          instance.dispose();
          return state;
        });
        assert.deepEqual(results[1], results[0], `${line} with ${x}, ${y}`);
      }
    }
  }
});
