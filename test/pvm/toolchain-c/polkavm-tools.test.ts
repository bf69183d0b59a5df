/**
 * Our files and PolkaVM's: what its linker makes runs here, and what ours makes runs there. PolkaVM's crates are built with
 * cargo, once, in a folder for such things; without cargo, or without its registry, these tests say so and are
 * skipped. What is kept in `fixtures/` runs in any case.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Program } from '../../../src/pvm/program.js';
import { linkProgram } from '../../../src/pvm/toolchain/output.js';
import { ROOT } from '../../vectors.js';
import { ENGINES } from '../machines.js';
import { compileC, fixture, inFolder, NO_COMPILER, printedNatively, run, SOURCES } from './compiler.js';

const CACHE = join(ROOT, 'node_modules', '.cache', 'scotty', 'polkavm-tools');
const TOOLS = join(CACHE, 'target', 'debug', process.platform === 'win32' ? 'polkavm-tools.exe' : 'polkavm-tools');

/** Builds the tools where that has not been done; why they are not there, or false. */
function buildTools(): string | false {
  if (NO_COMPILER !== false) return NO_COMPILER;
  if (spawnSync('cargo', ['--version']).status !== 0) return 'no cargo to build the tools of PolkaVM with';
  mkdirSync(CACHE, { recursive: true });
  // Built from a copy: cargo writes beside the sources.
  cpSync(join(SOURCES, 'polkavm'), CACHE, { recursive: true });
  const cargo = (...args: string[]) =>
    spawnSync('cargo', args, {
      cwd: CACHE,
      encoding: 'utf8',
      env: { ...process.env, CARGO_TARGET_DIR: join(CACHE, 'target') },
    });
  if (cargo('fetch', '--offline').status !== 0 && cargo('fetch').status !== 0) {
    return 'cargo cannot get the crates of PolkaVM';
  }
  const { status, stderr } = cargo('build', '--offline');
  if (status !== 0) throw new Error(`the tools of PolkaVM do not build:\n${stderr}`);
  return false;
}

const NO_TOOLS = buildTools();

function linkTheirs(elf: Uint8Array, set = 'jam-v1'): Uint8Array {
  return inFolder((folder) => {
    const [input, output] = [join(folder, 'program.elf'), join(folder, 'program.polkavm')];
    writeFileSync(input, elf);
    execFileSync(TOOLS, ['link', set, input, output], { stdio: 'pipe' });
    return readFileSync(output);
  });
}

function runTheirs(program: Uint8Array): string {
  return inFolder((folder) => {
    const input = join(folder, 'program.polkavm');
    writeFileSync(input, program);
    return execFileSync(TOOLS, ['run', input], { encoding: 'utf8' });
  });
}

describe('files of the tools of PolkaVM', { skip: NO_TOOLS }, () => {
  let expected: string;
  before(() => {
    expected = printedNatively('program.c');
  });

  for (const level of ['0', '1', '2', '3', 's']) {
    test(`one ELF, -O${level}, through both linkers, runs on their interpreter and on our engines`, () => {
      const elf = compileC(['program.c', 'export-main.c'], { level });
      const ours = linkProgram(elf, { format: 'polkavm' });
      const theirs = linkTheirs(elf);
      assert.deepEqual(
        Program.load(ours.bytes).image.imports,
        Program.load(theirs).image.imports,
        'host functions have the same numbers',
      );
      for (const program of [ours.bytes, theirs]) {
        assert.equal(runTheirs(program), `${expected}result 0\n`);
        for (const engine of ENGINES) {
          assert.deepEqual(run(program, engine), { kind: 'halt', text: expected, result: 0n }, engine);
        }
      }
    });
  }

  test('their unstable instruction set is refused by name', () => {
    const theirs = linkTheirs(compileC(['program.c', 'export-main.c']), 'latest');
    assert.throws(() => Program.load(theirs), { name: 'FormatError', message: /"latest" instruction set/ });
  });
});

test('a file that their linker made', () => {
  const expected = 'letter a\npair   is\npair   is\nshort  all\nword   here\nlong   there\nhuge   capability\n';
  for (const engine of ENGINES) {
    assert.deepEqual(run(fixture('words.polkavm'), engine), { kind: 'halt', text: expected, result: 7n }, engine);
  }
});
