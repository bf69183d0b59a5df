/**
 * The assembler: what text stands for which bytes, and what its errors say.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DecodedProgram, decode, Field, STRIDE } from '../../src/pvm/isa/decode.js';
import { INSTRUCTIONS } from '../../src/pvm/isa/instructions.js';
import { loadImage } from '../../src/pvm/program/load.js';
import { AssemblyError, assemble, assembleWithLabels } from '../../src/pvm/toolchain/assembler.js';
import { disassemble, formatInstruction } from '../../src/pvm/toolchain/disassembler.js';
import { operandsOf } from '../../src/pvm/toolchain/syntax.js';

function codeOf(text: string): number[] {
  return [...loadImage(assemble(text)).code];
}

function decoded(text: string): DecodedProgram {
  const image = loadImage(assemble(text));
  return decode(image.code, image.bitmask, image.jumpOffsets);
}

/** Text, and what its first instruction is in bytes. */
const ENCODINGS: [string, number[]][] = [
  ['trap', [0]],
  ['ecalli 0', [10]],
  ['ecalli 255', [10, 0xff, 0]],
  ['ecalli 0xffffffff', [10, 0xff]],
  ['load_imm_64 r12, 0x1122334455667788', [20, 12, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]],
  ['load_imm_64 r1, -1', [20, 1, 255, 255, 255, 255, 255, 255, 255, 255]],
  ['store_imm_u8 [0x20000], 5', [30, 3, 0, 0, 2, 5]],
  ['store_imm_u32 [0], 0xffffffff', [32, 0, 0xff]],
  ['jump .', [40]],
  ['jump .+1', [40, 1]],
  ['jump .-200', [40, 0x38, 0xff]],
  ['jump 0', [40]],
  ['jump_ind r0', [50, 0]],
  ['jump_ind r3, -8', [50, 3, 0xf8]],
  ['load_imm r7, 127', [51, 7, 127]],
  ['load_imm r7, 128', [51, 7, 128, 0]],
  ['load_imm r7, -128', [51, 7, 128]],
  ['load_imm r7, 0xffffffffffffffff', [51, 7, 0xff]],
  ["load_imm r7, 'A' + 1", [51, 7, 0x42]],
  ['load_imm r7, 0b1010_1010 - 0x0a', [51, 7, 0xa0, 0]],
  ['load_u32 r1, [0xfeff0000]', [56, 1, 0, 0, 0xff, 0xfe]],
  ['store_u64 r2, [-8]', [62, 2, 0xf8]],
  ['store_u64 [-8], r2', [62, 2, 0xf8]],
  ['store_imm_ind_u16 [r7 + 4], 300', [71, 0x17, 4, 0x2c, 1]],
  ['store_imm_ind_u16 [r7], 1', [71, 0x07, 1]],
  ['load_imm_jump r0, 2, .+9', [80, 0x10, 2, 9]],
  ['branch_eq_imm r5, 0, .-2', [81, 5, 0xfe]],
  ['move_reg r1, r2', [100, 0x21]],
  ['store_ind_u8 r1, [r2 - 4]', [120, 0x21, 0xfc]],
  ['store_ind_u8 [r2 - 4], r1', [120, 0x21, 0xfc]],
  ['load_ind_u64 r3, [r4]', [130, 0x43]],
  ['add_imm_32 r1, r2, 0x80000000', [131, 0x21, 0, 0, 0, 0x80]],
  ['add_imm_64 r1, r2, 3', [149, 0x21, 3]],
  ['branch_ne r1, r2, .+300', [171, 0x21, 0x2c, 1]],
  ['load_imm_jump_ind r1, r2, 3, 4', [180, 0x21, 1, 3, 4]],
  ['sub_64 r1, r2, r3', [201, 0x32, 1]],
  ['load_imm r7, 1 !4', [51, 7, 1, 0, 0, 0]],
  ['branch_eq_imm r5, 1, .+3 !2,4', [81, 0x25, 1, 0, 3, 0, 0, 0]],
  ['.inst 0xff, 1, 2', [255, 1, 2]],
];

describe('encoding', () => {
  for (const [text, bytes] of ENCODINGS) {
    test(text, () => assert.deepEqual(codeOf(text), bytes));
  }

  test('every instruction has a text that comes back', () => {
    for (const row of INSTRUCTIONS) {
      const operands = operandsOf(row).map((operand) => {
        const texts = { A: 'r1', B: 'r2', D: 'r3', x: '5', y: '-6', 'x?': '7', x64: '0x123456789', '@': '.+0' };
        return operand.startsWith('[')
          ? operand.replace('A', 'r1').replace('B', 'r2').replace('+x', ' + 9').replace('x', '9')
          : texts[operand as keyof typeof texts];
      });
      const text = `${row.name} ${operands.join(', ')}`.trim();
      const program = decoded(text);
      assert.equal(program.stream[Field.Op], row.opcode, text);
      assert.equal(program.count, 2, text);
      const image = loadImage(assemble(text));
      assert.ok(disassemble(image).includes(row.opcode === 1 || row.opcode === 0 ? row.name : `${row.name} `), text);
      assert.deepEqual([...loadImage(assemble(disassemble(image))).code], [...image.code], text);
    }
  });

  test('gaps hold bytes where no instruction starts', () => {
    const image = loadImage(assemble('.gap 1, 2\ntrap\n.gap 3\n'));
    assert.deepEqual([...image.code], [1, 2, 0, 3]);
    assert.deepEqual([...image.bitmask], [0b0100]);
  });
});

describe('labels', () => {
  test('forward and backward, several on a line', () => {
    assert.deepEqual(codeOf('a: b: jump @c\nc: jump @a'), [40, 2, 40, 0xfe]);
  });

  test('a branch is as short as its distance allows', () => {
    const far = (count: number) => codeOf(`jump @end\n${'fallthrough\n'.repeat(count)}end: trap`).length - count - 1;
    assert.equal(far(0), 2);
    assert.equal(far(125), 2);
    assert.equal(far(126), 3);
    assert.equal(far(0x8000 - 4), 3);
    assert.equal(far(0x8000 - 3), 4);
    assert.equal(far(0x800000 - 4), 5);
  });

  test('branches that lengthen each other settle', () => {
    const text = `a: jump @c\nb: ${'fallthrough\n'.repeat(123)}jump @a\nc: jump @b`;
    const program = decoded(text);
    assert.equal(program.stream[Field.Target], program.count - 2);
  });

  test('entries are jumps of five bytes', () => {
    const { bytes, labels } = assembleWithLabels('.entry @one\n.entry @two\none: trap\ntwo: trap');
    assert.deepEqual([...loadImage(bytes).code], [40, 10, 0, 0, 0, 40, 6, 0, 0, 0, 0, 0]);
    assert.deepEqual(Object.fromEntries(labels), { one: 10, two: 11 });
  });

  test('a label of the jump table is worth its jump address', () => {
    const program = decoded('.jumptable @f, @g, 99\nload_imm r1, @g\njump_ind r1\nf: trap\ng: trap');
    assert.equal(program.stream[Field.X], 4);
    assert.deepEqual([...program.jumpOffsets], [5, 6, 99]);
    assert.deepEqual([...program.jumpTable], [2, 3, -1]);
  });

  test('data labels are addresses', () => {
    const text = `.standard
      .ro
      .zero 0x10001
      text: .string "hi\\n\\x80é"
      .rw
      first: .u8 1, -1
      .align 4
      second: .u32 0xfffffffe
      .u16 @second - @first
      .u64 @text
      .text
      load_imm r7, @text + 1
      load_imm r8, @second`;
    const { bytes, labels } = assembleWithLabels(text);
    const image = loadImage(bytes);
    assert.deepEqual(Object.fromEntries(labels), { text: 0x20001, first: 0x40000, second: 0x40004 });
    assert.deepEqual([...(image.segments[0]?.data.subarray(0x10001) ?? [])], [0x68, 0x69, 10, 0x80, 0xc3, 0xa9]);
    assert.deepEqual(
      [...(image.segments[1]?.data ?? [])],
      [1, 255, 0, 0, 254, 255, 255, 255, 4, 0, 1, 0, 2, 0, 0, 0, 0, 0],
    );
    const program = decode(image.code, image.bitmask, image.jumpOffsets);
    assert.equal(program.stream[Field.X], 0x20002);
    assert.equal(program.stream[STRIDE + Field.X], 0x40004);
  });
});

describe('containers', () => {
  test('a code blob unless memory is used', () => {
    assert.equal(loadImage(assemble('trap')).kind, 'code');
    assert.equal(loadImage(assemble('.standard\ntrap')).kind, 'standard');
    assert.equal(loadImage(assemble('.stack 1\ntrap')).kind, 'standard');
    assert.equal(loadImage(assemble('')).code.length, 0);
  });

  test('metadata, heap and stack', () => {
    const image = loadImage(assemble('.metadata "name", 0\n.heap 2\n.stack 4097\ntrap'));
    assert.equal(Buffer.from(image.metadata).toString(), 'name\0');
    assert.deepEqual(
      image.segments.map(({ name, length }) => [name, length]),
      [
        ['rw-data', 8192],
        ['stack', 8192],
      ],
    );
    assert.equal(assemble('.metadata\n.standard').length, assemble('.standard').length + 1);
  });
});

/** Text, line and column of the error, and what it says. */
const ERRORS: [string, number, number, RegExp][] = [
  ['trap\n  nonsense r1', 2, 3, /expected the name of an instruction, found "nonsense"/],
  ['trap trap', 1, 6, /expected the end of the line, found "trap"/],
  ['move_reg r1', 1, 12, /expected ",", found the end of the line/],
  ['move_reg r1, r13', 1, 14, /expected a register r0–r12, found "r13"/],
  ['add_64 r1, r2, 5', 1, 16, /expected a register/],
  ['load_imm r1, 0x80000000', 1, 14, /-0x80000000 to 0x7fffffff.*found 2147483648/],
  ['add_imm_32 r1, r2, 0x100000000', 1, 20, /to 0xffffffff, found 4294967296/],
  ['load_imm_64 r1, 0x10000000000000000', 1, 17, /expected 64 bits/],
  ['load_u8 r1, [r2 + 4]', 1, 13, /without a register/],
  ['load_ind_u8 r1, [4]', 1, 17, /with a register/],
  ['jump @nowhere', 1, 6, /expected a label that is defined, found @nowhere/],
  ['load_imm r1, 5\nhere: jump @here', 2, 12, /start of a basic block, found @here: put fallthrough before it/],
  ['jump @end\nend:', 1, 6, /no instruction follows it/],
  ['a: trap\na: trap', 2, 1, /expected a new label/],
  ['r1: trap', 1, 1, /a label that is no register/],
  ['load_imm r1, 1000 !1', 1, 1, /a length of at least 2 for 1000, found !1/],
  ['load_imm r1, 1 !5', 1, 17, /a length from 0 to 4, found 5/],
  ['move_reg r1, r2 !1', 1, 18, /no length for move_reg/],
  ['load_imm r1, "text"', 1, 14, /found a string/],
  ['.ro\n.string "open', 2, 9, /a string that ends on this line/],
  ['.ro\n.string "\\q"', 2, 10, /expected one of .* found \\q/],
  ['.ro\ntrap', 2, 1, /expected data, found an instruction/],
  ['.u8 1', 1, 1, /expected code, found .u8/],
  ['.ro\n.u8 256', 2, 5, /a number of 8 bits, found 256/],
  ['.code\n.ro', 2, 1, /a code blob \(.code\), found .ro/],
  ['.code\n.standard', 2, 1, /one container/],
  ['.unknown', 1, 1, /expected a directive, found ".unknown"/],
  ['.heap 70000', 1, 7, /from 0 to 65535, found 70000/],
  ['f: load_imm r1, @f', 1, 17, /data or an entry of .jumptable, found @f/],
  ['.const A 1\n.const A 2', 2, 8, /a new name/],
  ['.jumptable .+1', 1, 12, /a label or an offset in the jump table/],
  ['.entrysize 1\n.jumptable 256', 2, 12, /an offset of 1 bytes/],
  ['trap %', 1, 6, /an instruction or operand, found "%"/],
];

describe('errors', () => {
  for (const [text, line, column, problem] of ERRORS) {
    test(JSON.stringify(text), () => {
      assert.throws(
        () => assemble(text, 'x.pvm'),
        (error) => {
          assert.ok(error instanceof AssemblyError, String(error));
          assert.match(error.problem, problem);
          assert.deepEqual([error.line, error.column], [line, column], error.message);
          assert.ok(error.message.startsWith(`x.pvm:${line}:${column}: expected `), error.message);
          return true;
        },
      );
    });
  }
});

describe('listings of single instructions', () => {
  test('targets are offsets, and bytes that are no instruction say so', () => {
    const program = decoded('branch_eq r1, r2, @end\n.inst 0xfe\njump 4\nend: store_ind_u8 r1, [r2 - 4]');
    const lines = Array.from({ length: program.count }, (_, entry) => formatInstruction(program, entry));
    assert.deepEqual(lines, [
      'branch_eq r1, r2, @L6',
      'trap ; byte 0xfe is no instruction',
      'jump nowhere',
      'store_ind_u8 r1, [r2 - 4]',
      'trap',
    ]);
  });
});
