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
import { Op } from '../../../src/pvm/isa/opcodes.js';
import { Program } from '../../../src/pvm/program.js';
import { linkProgram } from '../../../src/pvm/toolchain/output.js';
import { ROOT } from '../../vectors.js';
import { ENGINES } from '../machines.js';
import { buildPolkavm } from '../polkavm-builder.js';
import {
  compileC,
  compileText,
  fixture,
  inFolder,
  NO_COMPILER,
  printedByText,
  printedNatively,
  run,
  SOURCES,
} from './compiler.js';
import { everyInstruction, opcodeAt, operands, SLOT } from './polkavm-instructions.js';
import { randomProgram } from './random-c.js';

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

function recodeTheirs(program: Uint8Array): Buffer {
  return inFolder((folder) => {
    const [input, output] = [join(folder, 'program.polkavm'), join(folder, 'code')];
    writeFileSync(input, program);
    execFileSync(TOOLS, ['recode', input, output], { stdio: 'pipe' });
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

/** Runs a program on their interpreter and on our engines. */
function runsAlike(program: Uint8Array, expected: string): void {
  assert.equal(runTheirs(program), `${expected}result 0\n`);
  for (const engine of ENGINES) {
    assert.deepEqual(run(program, engine), { kind: 'halt', text: expected, result: 0n }, engine);
  }
}

/** What `export-main.c` holds, for programs of one file. */
const EXPORT_MAIN = '\n#include <scotty.h>\nSCOTTY_EXPORT(main);\n';

describe('files of the tools of PolkaVM', { skip: NO_TOOLS }, () => {
  let expected: string;
  before(() => {
    expected = printedNatively('program.c');
  });

  for (const level of ['0', '1', '2', '3', 's']) {
    test(`one ELF, -O${level}, through both linkers, runs on their interpreter and on our engines`, () => {
      const elf = compileC(['program.c', 'export-main.c'], { level });
      const ours = linkProgram(elf, { format: 'polkavm' });
      const [stable, latest] = [linkTheirs(elf), linkTheirs(elf, 'latest')];
      const { imports } = Program.load(ours.bytes).image;
      for (const program of [ours.bytes, stable, latest]) {
        assert.deepEqual(Program.load(program).image.imports, imports, 'host functions have the same numbers');
        runsAlike(program, expected);
      }
    });
  }

  test('sbrk in their unstable set', () => {
    const text = `
      #include <stdio.h>
      #include <stdlib.h>
      int main(void) {
        unsigned sum = 0;
        for (unsigned i = 1; i < 50; i++) {
          unsigned *numbers = malloc(sizeof(unsigned) * 1000 * i);
          if (numbers == NULL) return 1;
          for (unsigned j = 0; j < 1000 * i; j += 100) numbers[j] = i * j;
          sum = sum * 31 + numbers[500 * i];
        }
        printf("%u\\n", sum);
        return 0;
      }`;
    const program = linkTheirs(compileText(text + EXPORT_MAIN, { sbrk: true, heapSize: 0 }), 'latest');
    const { code, bitmask } = Program.load(program).image;
    const isSbrk = (opcode: number, pc: number) => opcode === Op.sbrk && ((bitmask[pc >> 3] ?? 0) >> (pc & 7)) & 1;
    assert.ok(code.some(isSbrk), 'it has that instruction');
    runsAlike(program, printedByText(text, []));
  });

  for (const [seed, level] of [
    [101, '0'],
    [102, '2'],
    [103, 's'],
  ] as const) {
    test(`a random program, -O${level}, in their unstable set`, () => {
      const text = randomProgram(seed);
      const elf = compileText(text + EXPORT_MAIN, { level, flags: ['-w', '-fwrapv'] });
      runsAlike(linkTheirs(elf, 'latest'), printedByText(text, ['-fwrapv']));
    });
  }

  test('every instruction, as they encode it in their unstable set, is translated to what it was', () => {
    const { jam, slots } = everyInstruction();
    const recoded = recodeTheirs(jam);
    const { image } = Program.load(buildPolkavm({ version: 2, extra: [[6, [0, 0, ...recoded]]] }));
    const [before, after] = [Program.load(jam).image, image].map((image) => operands(image, slots));
    assert.deepEqual(after, before);
    // Of their 301 opcodes three are not made here: `unlikely`, `memset` and `sbrk`.
    const opcodes = new Set(Array.from({ length: slots }, (_, slot) => opcodeAt(recoded, slot * SLOT)));
    assert.ok(opcodes.size > 290, `${opcodes.size} opcodes: the test has lost its aim`);
  });
});

test('files that their linker made', () => {
  const expected = 'letter a\npair   is\npair   is\nshort  all\nword   here\nlong   there\nhuge   capability\n';
  for (const name of ['words.polkavm', 'words-latest.polkavm']) {
    for (const engine of ENGINES) {
      assert.deepEqual(run(fixture(name), engine), { kind: 'halt', text: expected, result: 7n }, `${name}, ${engine}`);
    }
  }
});
