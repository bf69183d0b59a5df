/**
 * A machine without native support: everything imports, the interpreter runs in portable memory, and asking for the
 * recompiler says why there is none. Test files run in processes of their own, so the switch set here concerns no other.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { test } from 'node:test';
import { vectorFiles } from '../vectors.js';

process.env.SCOTTY_NO_NATIVE = '1';
// As where koffi has no build for the platform: whoever loads it all the same fails.
const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load;
loader._load = (request, ...rest) => {
  if (request === 'koffi') throw new Error('koffi must not be loaded here');
  return load(request, ...rest);
};
const { assemble, Program } = await import('../../src/index.js');
const { parseVector, runVector } = await import('../../src/pvm/conformance/vectors.js');
const { parseTrace, replayTrace } = await import('../../src/pvm/conformance/traces.js');

const vectors = vectorFiles('pvm');
const traces = vectorFiles('jam-traces');

test('every vector passes in portable memory', { skip: vectors.skip }, () => {
  for (const path of vectors.paths) {
    assert.equal(runVector(parseVector(readFileSync(path, 'utf8')), 'interpreter'), undefined, path);
  }
});

test('every trace replays in portable memory', { skip: traces.skip }, () => {
  for (const path of traces.paths) {
    assert.equal(replayTrace(parseTrace(readFileSync(path, 'utf8')), 'interpreter'), undefined, path);
  }
});

test('auto interprets, and the recompiler says why it is absent', () => {
  const program = Program.load(assemble('.standard\nload_imm r7, 42\njump_ind r0\n'));
  const instance = program.instantiate();
  assert.equal(instance.engine, 'interpreter');
  assert.equal(instance.run().kind, 'halt');
  assert.equal(instance.getRegister(7), 42n);
  assert.throws(() => program.instantiate({ engine: 'recompiler' }), /not available: .*SCOTTY_NO_NATIVE/);
  assert.throws(() => {
    instance.engine = 'recompiler';
  }, /not available/);
  assert.throws(() => program.nativeListing(), /not available/);
});
