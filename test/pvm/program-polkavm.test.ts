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
