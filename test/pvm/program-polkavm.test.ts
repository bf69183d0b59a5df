/**
 * PolkaVM's sectioned container.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Op } from '../../src/pvm/isa/opcodes.js';
import { Access, FormatError } from '../../src/pvm/program/image.js';
import { loadImage } from '../../src/pvm/program/load.js';
import { buildPolkavm, type PolkavmParts } from './polkavm-builder.js';

/** A blob of two-byte instructions: the opcodes, each with registers r7 and r8. */
function pairs(...opcodes: number[]): NonNullable<PolkavmParts['blob']> {
  const code = Uint8Array.from(opcodes.flatMap((opcode) => [opcode, 0x87]));
  const bitmask = new Uint8Array((code.length + 7) >> 3).fill(0x55);
  if (code.length % 8 !== 0) bitmask[bitmask.length - 1] = 0x55 & ((1 << (code.length & 7)) - 1);
  return { code, bitmask, jumpOffsets: new Uint32Array(0) };
}

const BLOB = pairs(Op.move_reg);

function rejected(parts: PolkavmParts, problem: RegExp, change?: (bytes: Uint8Array) => Uint8Array): void {
  const bytes = buildPolkavm(parts);
  assert.throws(
    () => loadImage(change === undefined ? bytes : change(bytes)),
    (error) => {
      assert.ok(error instanceof FormatError, String(error));
      assert.match(error.problem, problem);
      return true;
    },
  );
}

/** Code of the set that PolkaVM 0.37 calls the latest. */
function latest(...instructions: number[][]): number[] {
  return instructions.flat();
}

function latestFile(...instructions: number[][]): Uint8Array {
  return buildPolkavm({ version: 2, extra: [[6, [0, 0, ...latest(...instructions)]]] });
}

describe('PolkaVM programs', () => {
  test('memory, names and entry', () => {
    const image = loadImage(
      buildPolkavm({
        memory: [0x1234, 0x20001, 0x3000],
        readOnly: Uint8Array.of(1, 2),
        readWrite: Uint8Array.of(3),
        imports: ['print', 'größe', ''],
        exports: [
          ['first', 0],
          ['main', 2],
        ],
        blob: pairs(Op.move_reg, Op.move_reg),
        extra: [
          [128, [1, 2, 3]],
          [200, []],
        ],
      }),
    );
    assert.equal(image.kind, 'polkavm');
    const layout = image.segments.map(({ name, address, length, access }) => [name, address, length, access]);
    assert.deepEqual(layout, [
      ['ro-data', 0x10000, 0x2000, Access.Read],
      ['rw-data', 0x30000, 0x21000, Access.Write],
      ['stack', 0xfffe0000 - 0x3000, 0x3000, Access.Write],
    ]);
    assert.deepEqual(image.heap, { start: 0x50001, limit: 0xfffc0000, answer: 'after' });
    assert.deepEqual(image.imports, ['print', 'größe', '']);
    assert.deepEqual(image.exports, [
      { name: 'first', pc: 0 },
      { name: 'main', pc: 2 },
    ]);
    assert.equal(image.entry, 2);
    assert.equal(image.registers[0], 0xffff0000n);
    assert.equal(image.registers[1], 0xfffe0000n);
    assert.equal(image.argumentsAddress, undefined);
  });

  test('JAM v1: what follows the missing sbrk moves by one', () => {
    const image = loadImage(buildPolkavm({ version: 3, blob: pairs(100, 101, 110, 111, 120, 2) }));
    const opcodes = [...image.code].filter((_, i) => i % 2 === 0);
    assert.deepEqual(opcodes, [
      Op.move_reg,
      Op.count_set_bits_64,
      Op.reverse_bytes,
      255,
      Op.store_ind_u8,
      Op.fallthrough,
    ]);
    assert.ok([...image.code].every((byte, i) => i % 2 === 0 || byte === 0x87));
  });

  test('revive v1: the Gray Paper without sbrk', () => {
    const image = loadImage(buildPolkavm({ version: 0, blob: pairs(100, 101, 102, 111) }));
    const opcodes = [...image.code].filter((_, i) => i % 2 === 0);
    assert.deepEqual(opcodes, [Op.move_reg, 255, Op.count_set_bits_64, Op.reverse_bytes]);
  });

  test('the latest 64-bit set: no memset', () => {
    const image = loadImage(buildPolkavm({ version: 2, blob: pairs(3, 101) }));
    assert.deepEqual([image.code[0], image.code[2]], [Op.fallthrough, Op.sbrk]);
    rejected({ version: 2, blob: pairs(100, 2) }, /opcode 2: `memset`/);
  });

  test('the latest 64-bit set as PolkaVM 0.37 encodes it', () => {
    // sbrk r7, r8 · load_imm r9, −2 · jump_ind r0 + 0x1234 · unlikely · ecalli 0x01020304 · add_imm_64 r9, r9, 1 ·
    // add_32 r9, r7, r8 (upper half of a byte is ignored) · jump back to the start
    const code = latest([255, 254, 0x87], [5, 9, 0xfe], [255, 0, 0, 0x34, 0x12, 0, 0], [2], [255, 53, 4, 3, 2, 1]);
    const more = latest([125, 0x99, 1], [187, 0x87, 0xf9], [217, 0xe6]);
    const image = loadImage(
      buildPolkavm({ version: 2, exports: [['main', 3]], extra: [[6, [2, 2, 0, 0, 14, 0, ...code, ...more]]] }),
    );
    assert.deepEqual(image.jumpOffsets, Uint32Array.of(0, 14));
    assert.equal(image.entry, 3);
    assert.deepEqual(
      [...image.code],
      [
        ...[Op.sbrk, 0x87, 0],
        ...[Op.load_imm, 9, 0xfe],
        ...[Op.jump_ind, 0, 0x34, 0x12, 0, 0, 0],
        Op.fallthrough,
        ...[Op.ecalli, 4, 3, 2, 1, 0],
        ...[Op.add_imm_64, 0x99, 1],
        ...[Op.add_32, 0x87, 9],
        ...[Op.jump, 0xe6],
      ],
    );
    const starts = [...image.code.keys()].filter((pc) => ((image.bitmask[pc >> 3] ?? 0) >> (pc & 7)) & 1);
    assert.deepEqual(starts, [0, 3, 6, 13, 14, 20, 23, 26]);
  });

  test('the latest 64-bit set: a program that is a code blob by its lengths, but not by its bitmask', () => {
    const image = loadImage(latestFile([7, 8, 1, 2, 3], [3, 0], [1], [0]));
    assert.equal(image.code.length, 9);
    assert.equal(image.code[0], Op.load_imm);
  });

  test('the latest 64-bit set: what cannot be run', () => {
    const refused: [number[][], number, RegExp][] = [
      [
        [[2], [255, 255], [0], [0]],
        1,
        /^expected instructions of the Gray Paper, found `memset`, which it does not have/,
      ],
      [[[254]], 0, /found opcode 254 /],
      [[[1], [255, 59], [0]], 1, /found opcode 255, 59 /],
      [[[1], [255]], 1, /^expected the second byte of an opcode, found the end of the block/],
      [[[1], [239, 7, 1]], 1, /^expected 9 bytes of operands, found 2 up to the end of the block/],
      [[[5, 7, 1]], 0, /at the end of a block of code, found load_imm /],
      [[[237, 0x87, 3, 1, 2]], 0, /^expected 5 bytes of operands, as load_imm_jump_ind announces, found 4/],
      [[[28, 0x20, 1]], 0, /^expected 3 bytes of operands, as branch_eq_imm announces, found 2/],
      // Nothing crosses into the next block of 1024 bytes, and nothing but the end of a basic block ends one.
      [[...Array.from({ length: 1022 }, () => [1]), [5, 7, 1], [0]], 1022, /^expected 2 bytes of operands, found 1 /],
      [
        [...Array.from({ length: 1021 }, () => [1]), [5, 7, 1], [0]],
        1021,
        /at the end of a block of code, found load_imm/,
      ],
      [[...Array.from({ length: 1023 }, () => [1]), [2], [0]], -1, /$/],
    ];
    for (const [instructions, at, problem] of refused) {
      const bytes = latestFile(...instructions);
      if (at < 0) {
        assert.equal(loadImage(bytes).code.length, instructions.length);
        continue;
      }
      assert.throws(
        () => loadImage(bytes),
        (error) => {
          assert.ok(error instanceof FormatError, String(error));
          assert.match(error.problem, problem);
          assert.equal(error.offset, bytes.length - 1 - latest(...instructions).length + at);
          return true;
        },
      );
    }
    rejected({ version: 2, extra: [[6, [1, 5, 0, 0]]] }, /entry size of 1 to 4 bytes, found 5/);
    rejected({ version: 2, extra: [[6, [1, 0, 0, 0]]] }, /entry size of 1 to 4 bytes, found 0/);
    rejected({ version: 2, extra: [[6, [0xc1, 0, 0, 4, 0]]] }, /jump table \(65536 × 4 bytes\)/);
    rejected({ version: 2, extra: [[6, [0xf0, 0, 0, 0, 2, 4]]] }, /at most 16777216, found 33554432/);
    rejected({ version: 2, extra: [[6, [0]]] }, /the size of a jump-table entry/);
  });

  test('a name that is no text', () => {
    const bytes = buildPolkavm({ imports: ['ab'], blob: BLOB });
    bytes[bytes.indexOf(0x61)] = 0xff;
    assert.deepEqual(loadImage(bytes).imports, ['0xff62']);
  });

  test('what is not one', () => {
    rejected({ version: 1, blob: BLOB }, /found 1: the 32-bit instruction set/);
    rejected({ version: 4, blob: BLOB }, /version 0, 2 or 3, found 4/);
    rejected({ blob: BLOB }, /expected the file length \d+, found \d+/, (bytes) => Uint8Array.of(...bytes, 0));
    rejected({}, /expected a code section/);
    rejected({ blob: BLOB, extra: [[6, []]] }, /a later section than 6, .*found 6/);
    rejected({ blob: BLOB, extra: [[9, []]] }, /found 9/);
    rejected({ readOnly: Uint8Array.of(1), blob: BLOB }, /at most 0 bytes of read-only data, found 1/);
    rejected({ memory: [0, 0xfffff000, 0], blob: BLOB }, /fit into the address space/);
    rejected({ exports: [['f', 99]], blob: BLOB }, /a code offset of at most 2, found 99/);
    rejected({ imports: Array.from({ length: 1025 }, () => ''), blob: BLOB }, /at most 1024/);
    rejected({ imports: ['a', 'b'], blob: BLOB }, /offset of an import name/, (bytes) => {
      bytes[bytes.indexOf(2, 13) + 1] = 9;
      return bytes;
    });
  });
});
