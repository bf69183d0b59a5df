/**
 * Programs other tools wrote, to text and back, byte for byte; and random text, which never breaks the assembler.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { loadImage } from '../../src/pvm/program/load.js';
import { AssemblyError, assemble } from '../../src/pvm/toolchain/assembler.js';
import { disassemble } from '../../src/pvm/toolchain/disassembler.js';
import { vectorFiles } from '../vectors.js';
import { Random } from './random.js';

const vectors = vectorFiles('pvm');
const traces = vectorFiles('jam-traces');

describe('text round-trips', () => {
  test('conformance vectors', { skip: vectors.skip }, () => {
    for (const path of vectors.paths) {
      const { program } = JSON.parse(readFileSync(path, 'utf8')) as { program: number[] };
      const text = disassemble(loadImage(Uint8Array.from(program)));
      assert.deepEqual([...assemble(text)], program, `${basename(path)}\n${text}`);
      assert.ok(!/\.inst|\.gap/.test(text), `${basename(path)} needs no bytes in its text\n${text}`);
    }
  });

  test('a JAM service with its metadata', { skip: traces.skip }, () => {
    const first = readFileSync(traces.paths[0] as string, 'utf8').split('\n', 1)[0] as string;
    const bytes = Buffer.from(first.replace(/^program 0x/, ''), 'hex');
    const image = loadImage(bytes);
    for (const options of [{}, { bytes: true }]) {
      const text = disassemble(image, options);
      assert.ok(!/\.inst|\.gap/.test(text));
      assert.ok(Buffer.from(assemble(text)).equals(bytes));
    }
  });
});

describe('random text', () => {
  const SOURCE = `.standard ; a bit of everything
.const N 4
.heap 1
.stack 100
.jumptable @f, 0
.ro
text: .string "a\\n"
.u32 1, @text, -5
.rw
.zero 3
.align 8
.text
.entry @f
f: load_imm r7, @text + N ; comment
fallthrough
g: add_64 r1, r2, r3
store_ind_u8 r1, [r2 - 4] !2
branch_eq_imm r1, 5, @g !1,2
load_imm_jump_ind r1, r2, 3, 4
.inst 1, 2
.gap 5`;

  test('gives a program or an AssemblyError', () => {
    let assembled = 0;
    for (let seed = 1; seed <= 4000; seed++) {
      const random = new Random(seed);
      const lines = SOURCE.split('\n');
      for (let changes = 1 + random.below(3); changes > 0; changes--) {
        const at = random.below(lines.length);
        const words = (lines[at] as string).split(/(?=[ ,@[\]!+-])/);
        const other = random.pick(lines).split(/(?=[ ,@[\]!+-])/);
        words.splice(
          random.below(words.length),
          random.below(2),
          random.pick([...other, '@', '-', '99999999999', '.', '"']),
        );
        lines[at] = words.join('');
      }
      try {
        loadImage(assemble(lines.join('\n')));
        assembled++;
      } catch (error) {
        assert.ok(error instanceof AssemblyError, `seed ${seed}: ${error instanceof Error ? error.stack : error}`);
        assert.ok(error.line >= 1 && error.line <= lines.length && error.column >= 1, error.message);
      }
    }
    assert.ok(assembled > 100, `only ${assembled} of the texts assembled`);
  });
});
