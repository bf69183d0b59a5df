/**
 * A short run of the kernel's fuzzer with fixed seeds, every case it ever failed on, and the engines' agreement in
 * portable memory.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ENGINES, MODELS } from '../machines.js';
import type { KernelCase } from './case.js';
import { kernelCorpusFolder } from './corpus.js';
import { describeKernelTotals, fuzzKernel, listCase, replayCase } from './fuzzer.js';

const files = existsSync(kernelCorpusFolder)
  ? readdirSync(kernelCorpusFolder).filter((file) => file.endsWith('.json'))
  : [];

describe('the corpus', () => {
  for (const file of files) {
    test(file, () => {
      const kept = JSON.parse(readFileSync(join(kernelCorpusFolder, file), 'utf8')) as KernelCase;
      for (const engine of ENGINES) {
        for (const gasModel of MODELS) {
          assert.equal(replayCase(kept, engine, gasModel), undefined, `${engine}, ${gasModel}`);
        }
      }
    });
  }
});

test('random operations do what the model says, on every engine', () => {
  const totals = fuzzKernel({ seed: 1, operations: 4000, failures: 1 });
  const [failure] = totals.failures;
  assert.equal(
    failure && `case ${failure.seed}, ${failure.engine}: ${failure.message}\n${listCase(failure.kernelCase)}`,
    undefined,
  );
  const usual = [
    'MAP',
    'UNMAP',
    'DROP',
    'MOVE',
    'COPY',
    'GRANT',
    'REVOKE',
    'DOWNGRADE',
    'SET_MAX_GAS',
    'DIRTY',
    'RESUME',
  ];
  for (const name of [
    ...usual.map((operation) => `${operation} ok`),
    'CREATE ok',
    'RETYPE ok',
    'CALL with data',
    'REPLY',
  ]) {
    assert.ok((totals.counts.get(name) ?? 0) > 5, `${name} occurs: ${describeKernelTotals(totals)}`);
  }
});

test('random operations do what the model says, in portable memory', () => {
  const script = fileURLToPath(new URL('fuzz-main.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--operations', '1500', '--seed', '77'], {
    env: { ...process.env, SCOTTY_NO_NATIVE: '1' },
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  assert.match(stdout, /no difference/);
});
