/**
 * The conformance data on both engines: every vector and every recorded run, to the unit of gas.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { describeDifference } from '../../../src/pvm/conformance/difference.js';
import { parseTrace, replay } from '../../../src/pvm/conformance/traces.js';
import { parseVector, runVector } from '../../../src/pvm/conformance/vectors.js';
import { Program } from '../../../src/pvm/program.js';
import { vectorFiles } from '../../vectors.js';

const vectors = vectorFiles('pvm');
const traces = vectorFiles('jam-traces');
const unavailable = Program.recompilerUnavailable();

for (const engine of ['interpreter', 'recompiler'] as const) {
  const missing = engine === 'recompiler' && unavailable !== undefined && `no recompiler here: ${unavailable}`;

  test(`${engine}: test vectors`, { skip: vectors.skip || missing }, () => {
    const failures = vectors.paths.flatMap((path) => {
      const difference = runVector(parseVector(readFileSync(path, 'utf8')), engine);
      return difference === undefined ? [] : [`${basename(path)}: ${describeDifference(difference)}`];
    });
    assert.deepEqual(failures, []);
    assert.ok(vectors.paths.length >= 307, `expected all 307 vectors, found ${vectors.paths.length}`);
  });

  describe(`${engine}: recorded runs of a JAM service`, { skip: traces.skip || missing }, () => {
    for (const path of traces.paths) {
      test(basename(path), () => {
        const trace = parseTrace(readFileSync(path, 'utf8'));
        const { difference, calls } = replay(trace, engine);
        assert.equal(difference && describeDifference(difference), undefined);
        assert.equal(calls, trace.calls.length);
      });
    }
  });
}
