/**
 * The benchmarks' workloads: built from C by our toolchain, each answers what an independent implementation does, on
 * both engines, for the same gas under both models.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expected } from '../../bench/expected.js';
import { WORKLOADS } from '../../bench/guests.js';
import { linkWorkload, verifyWorkload } from '../../bench/workload-runners.js';
import { findClang } from '../../src/cli/pvm/clang.js';
import { Program } from '../../src/pvm/index.js';

const compilers = findClang();
const skip = typeof compilers === 'string' ? compilers : false;
const engines =
  Program.recompilerUnavailable() === undefined ? (['interpreter', 'recompiler'] as const) : (['interpreter'] as const);

for (const name of WORKLOADS) {
  test(`workload ${name}`, { skip }, () => {
    const workload = linkWorkload(name);
    for (const variant of [0, 1]) {
      const { gas } = verifyWorkload(workload, engines, variant);
      assert.ok(gas > 0n);
    }
  });
}

test('the expected answers depend on the variant', () => {
  for (const name of WORKLOADS) {
    // The sieve's limit moves by a few numbers, and the next prime below is further away.
    const other = name === 'sieve' ? 200 : 1;
    assert.notEqual(expected(name, 0), expected(name, other), name);
  }
});
