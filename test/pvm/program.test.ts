/**
 * The two containers of the Gray Paper, and telling containers apart.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCodeBlob, readCodeImage, writeCodeBlob } from '../../src/pvm/program/code-blob.js';
import { Access, FormatError } from '../../src/pvm/program/image.js';
import { loadImage } from '../../src/pvm/program/load.js';
import { encodeNatural, Reader } from '../../src/pvm/program/reader.js';
import { readStandardImage, type StandardProgram, writeStandard } from '../../src/pvm/program/standard.js';

/** `trap`, then `jump_ind r0`. */
const CODE = Uint8Array.of(0, 50, 0);
const BITMASK = Uint8Array.of(0b011);
const NO_JUMPS = new Uint32Array(0);

function formatError(offset: number, problem: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof FormatError, String(error));
    assert.match(error.problem, problem);
    assert.equal(error.offset, offset);
    return true;
  };
}

describe('naturals', () => {
  const examples: [number, number[]][] = [
    [0, [0]],
    [127, [127]],
    [128, [0x80, 0x80]],
    [0x3fff, [0xbf, 0xff]],
    [0x4000, [0xc0, 0x00, 0x40]],
    [0x1fffff, [0xdf, 0xff, 0xff]],
    [0xffffffff, [0xf0, 0xff, 0xff, 0xff, 0xff]],
    [2 ** 52 + 1, [0xfe, 1, 0, 0, 0, 0, 0, 0x10]],
  ];
  for (const [value, bytes] of examples) {
    test(`${value}`, () => {
      assert.deepEqual(encodeNatural(value), bytes);
      const reader = new Reader(Uint8Array.from(bytes));
      assert.equal(reader.natural('a natural', 2 ** 53), value);
      reader.expectEnd('it');
    });
  }

  test('every length round-trips at its ends', () => {
    for (let bits = 0; bits <= 53; bits++) {
      for (const value of [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]) {
        if (value > Number.MAX_SAFE_INTEGER) continue;
        const bytes = Uint8Array.from(encodeNatural(value));
        assert.equal(new Reader(bytes).natural('a natural', 2 ** 54), value);
      }
    }
  });

  test('a form that is too long is refused, unless any length will do', () => {
    const long = Uint8Array.of(0x80, 0x05);
    assert.throws(() => new Reader(long).natural('a count', 10), formatError(0, /a count in its shortest encoding/));
    assert.equal(new Reader(long).natural('a count', 10, true), 5);
  });

  test('a value above its limit, and one cut short', () => {
    assert.throws(() => new Reader(Uint8Array.of(11)).natural('a count', 10), formatError(0, /at most 10, found 11/));
    assert.throws(
      () => new Reader(Uint8Array.of(0xc0, 1)).natural('a count', 10),
      formatError(1, /2 bytes.*1 byte left/),
    );
    const huge = Uint8Array.of(0xff, 255, 255, 255, 255, 255, 255, 255, 255);
    assert.throws(() => new Reader(huge).natural('a count', 10), formatError(0, /at most 10/));
  });
});

describe('code blobs', () => {
  test('jump table, code and bitmask', () => {
    const blob = Uint8Array.of(2, 2, 3, 1, 0, 0, 1, ...CODE, ...BITMASK);
    const { code, bitmask, jumpOffsets, entrySize } = readCodeBlob(new Reader(blob));
    assert.deepEqual([...code], [...CODE]);
    assert.deepEqual([...bitmask], [...BITMASK]);
    assert.deepEqual([...jumpOffsets], [1, 256]);
    assert.equal(entrySize, 2);
    assert.deepEqual(writeCodeBlob({ code, bitmask, jumpOffsets, entrySize }), blob);
    assert.deepEqual(writeCodeBlob({ code, bitmask, jumpOffsets }), blob);
  });

  test('an image of one has code alone', () => {
    const image = loadImage(writeCodeBlob({ code: CODE, bitmask: BITMASK, jumpOffsets: NO_JUMPS }));
    assert.equal(image.kind, 'code');
    assert.equal(image.segments.length, 0);
    assert.equal(image.heap, undefined);
    assert.equal(image.argumentsAddress, undefined);
    assert.equal(image.entry, 0);
    assert.deepEqual(image.registers, new Array(13).fill(0n));
  });

  test('an empty jump table may name any entry size', () => {
    const blob = Uint8Array.of(0, 200, 3, ...CODE, ...BITMASK);
    const { code, bitmask, jumpOffsets, entrySize } = readCodeBlob(new Reader(blob));
    assert.deepEqual(writeCodeBlob({ code, bitmask, jumpOffsets, entrySize }), blob);
  });

  test('entries wider than 32 bits keep pointing nowhere', () => {
    const blob = Uint8Array.of(1, 5, 3, 0, 0, 0, 0, 1, ...CODE, ...BITMASK);
    assert.deepEqual([...readCodeImage(blob).jumpOffsets], [0xffffffff]);
  });

  const broken: [string, number[], number, RegExp][] = [
    ['nothing at all', [], 0, /number of jump-table entries/],
    ['no entry size', [0], 1, /size of a jump-table entry/],
    ['an entry size of nine', [1, 9, 0], 1, /1 to 8 bytes, found 9/],
    ['entries without a size', [1, 0, 0], 1, /1 to 8 bytes, found 0/],
    ['a jump table cut short', [2, 4, 0, 1, 2, 3], 3, /the jump table/],
    ['code cut short', [0, 0, 9, 0, 0], 3, /the code/],
    ['a bitmask cut short', [0, 0, 3, ...CODE], 3, /bitmask/],
    ['a bit past the code', [0, 0, 3, ...CODE, 0b1011], 6, /zeros in the bitmask/],
    ['a byte too many', [0, 0, 3, ...CODE, ...BITMASK, 0], 7, /the end after the bitmask, found 1 more byte/],
    ['more jump entries than there may be', [0xf0, 0, 0, 0, 2, 1, 0], 0, /at most 16777216/],
    ['more code than there may be', [0, 0, 0xf0, 0, 0, 0, 0x80], 2, /the code length of at most/],
  ];
  for (const [name, bytes, offset, problem] of broken) {
    test(name, () => {
      assert.throws(() => readCodeImage(Uint8Array.from(bytes)), formatError(offset, problem));
    });
  }
});

describe('standard programs', () => {
  const program: StandardProgram = {
    code: CODE,
    bitmask: BITMASK,
    jumpOffsets: NO_JUMPS,
    readOnly: Uint8Array.of(1, 2, 3),
    readWrite: new Uint8Array(0x11001).fill(7),
    heapPages: 3,
    stackSize: 5000,
  };

  test('memory is laid out as appendix A.7 says', () => {
    const image = loadImage(writeStandard(program));
    assert.equal(image.kind, 'standard');
    const layout = image.segments.map(({ name, address, length, access }) => [name, address, length, access]);
    assert.deepEqual(layout, [
      ['ro-data', 0x10000, 0x1000, Access.Read],
      ['rw-data', 0x30000, 0x12000 + 3 * 0x1000, Access.Write],
      ['stack', 0xfefe0000 - 0x2000, 0x2000, Access.Write],
    ]);
    assert.deepEqual([...(image.segments[0]?.data ?? [])], [1, 2, 3]);
    assert.equal(image.segments[1]?.data.length, 0x11001);
    assert.deepEqual(image.heap, { start: 0x45000, limit: 0xfefe0000 - 0x2000 - 0x10000 });
    assert.equal(image.argumentsAddress, 0xfeff0000);
    assert.equal(image.argumentsLimit, 2 ** 24);
    const registers = new Array<bigint>(13).fill(0n);
    registers[0] = 0xffff0000n;
    registers[1] = 0xfefe0000n;
    registers[7] = 0xfeff0000n;
    assert.deepEqual(image.registers, registers);
    assert.equal(image.entry, 0);
  });

  test('a program without memory has no segments', () => {
    const empty = new Uint8Array(0);
    const image = loadImage(
      writeStandard({ ...program, readOnly: empty, readWrite: empty, heapPages: 0, stackSize: 0 }),
    );
    assert.deepEqual(image.segments, []);
    assert.deepEqual(image.heap, { start: 0x20000, limit: 0xfefd0000 });
  });

  test('metadata comes off', () => {
    const metadata = Uint8Array.from({ length: 200 }, (_, i) => i);
    const bytes = writeStandard({ ...program, metadata });
    const image = loadImage(bytes);
    assert.deepEqual([...image.metadata], [...metadata]);
    assert.deepEqual([...image.code], [...CODE]);
    assert.equal(loadImage(writeStandard({ ...program, metadata: new Uint8Array(0) })).metadata.length, 0);
  });

  test('the largest program that fits, and the smallest that does not', () => {
    const largest = { ...program, heapPages: 0xffff, stackSize: 0xffffff };
    assert.equal(loadImage(writeStandard(largest)).segments.length, 3);
    assert.throws(() => writeStandard({ ...program, heapPages: 0x10000 }), RangeError);
    assert.throws(() => writeStandard({ ...program, stackSize: 0x1000000 }), RangeError);
  });

  test('broken ones say where', () => {
    const bytes = writeStandard(program);
    const cut = (length: number) => () => readStandardImage(bytes.subarray(0, length), false);
    assert.throws(cut(2), formatError(0, /size of the read-only data/));
    assert.throws(cut(9), formatError(8, /the stack size/));
    assert.throws(cut(100), formatError(14, /the read-write data \(69633 bytes\)/));
    assert.throws(cut(bytes.length - 1), formatError(11 + 3 + 0x11001, /expected a code blob of the \d+ bytes left/));
    assert.throws(
      () => loadImage(bytes.subarray(1), { container: 'standard' }),
      (error) =>
        error instanceof FormatError &&
        /as a standard program, at offset .* after metadata, at offset/.test(error.problem),
    );
  });
});

describe('telling containers apart', () => {
  test('nothing that any reader knows', () => {
    const garbage = Uint8Array.from({ length: 64 }, () => 0xee);
    assert.throws(
      () => loadImage(garbage),
      (error) =>
        error instanceof FormatError &&
        /as a code blob, .*; as a standard program, .*; as a standard program after metadata, /.test(error.problem),
    );
  });

  test('formats of other tools are named', () => {
    assert.throws(() => loadImage(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2)), formatError(0, /an ELF file/));
    assert.throws(
      () => loadImage(Uint8Array.of(0x4a, 0x41, 0x52, 2, 0)),
      formatError(0, /a kernel manifest: use Kernel\.load/),
    );
  });

  test('a container can be asked for', () => {
    const blob = writeCodeBlob({ code: CODE, bitmask: BITMASK, jumpOffsets: NO_JUMPS });
    assert.equal(loadImage(blob, { container: 'code' }).kind, 'code');
    assert.throws(() => loadImage(blob, { container: 'standard' }), FormatError);
    assert.throws(() => loadImage(blob, { container: 'polkavm' }), formatError(0, /magic number/));
  });

  test('the error can carry the file', () => {
    assert.equal(new FormatError('expected more', 7).inFile('a.pvm').message, 'a.pvm: offset 7: expected more');
  });
});
