/** A short run of the fuzzer with fixed seeds, and every failure it has ever found, on both engines and both models. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeDifference } from '../../../src/pvm/conformance/difference.js';
import { formatVector, parseVector, runVector, segmentsOf, type Vector } from '../../../src/pvm/conformance/vectors.js';
import { Program } from '../../../src/pvm/program.js';
import { ENGINES } from '../machines.js';
import { corpusFolder } from './corpus.js';
import { describeTotals, fuzz } from './fuzzer.js';
import { compare } from './runner.js';

const files = existsSync(corpusFolder) ? readdirSync(corpusFolder).filter((file) => file.endsWith('.json')) : [];

/** Runs a vector's start on both engines under the other model, whose gas no vector knows, and compares the two. */
function runPipeline(vector: Vector): void {
  const program = Program.load(vector.program);
  const [reference, tested] = ['interpreter' as const, ENGINES[ENGINES.length - 1]].map((engine) =>
    program.instantiate({
      engine: engine ?? 'interpreter',
      gas: vector.initialGas,
      gasModel: 'pipeline',
      pc: vector.initialPc,
      registers: vector.initialRegisters,
      segments: segmentsOf(vector),
    }),
  );
  assert.ok(reference !== undefined && tested !== undefined);
  const difference = compare(reference.run(), tested.run(), reference, tested);
  assert.equal(difference && describeDifference(difference), undefined);
}

describe('the corpus', () => {
  for (const file of files) {
    test(file, () => {
      const vector = parseVector(readFileSync(join(corpusFolder, file), 'utf8'));
      for (const engine of ENGINES) {
        const difference = runVector(vector, engine);
        assert.equal(difference && `${engine}: ${describeDifference(difference)}`, undefined);
      }
      runPipeline(vector);
      assert.deepEqual(parseVector(formatVector(vector)), vector);
    });
  }
});

// Without a recompiler there is nothing to compare the interpreter with.
if (ENGINES.length > 1) {
  test('random programs end alike on both engines', async () => {
    for (const seed of [1, 20_000]) {
      const totals = await fuzz({ seed, seconds: 600, instructions: 15_000, failures: 1, files: [] });
      const [failure] = totals.failures;
      assert.equal(failure && `case ${failure.seed}: ${failure.message}\n${failure.listing}`, undefined);
      assert.ok(totals.generated >= 15_000 && totals.executed > 30_000n, describeTotals(totals));
      for (const kind of ['page-fault', 'panic', 'out-of-gas', 'host-call']) {
        assert.ok((totals.kinds.get(kind) ?? 0) > 10, `${kind} occurs: ${describeTotals(totals)}`);
      }
    }
  });
}
