/**
 * The kernel manifest: what is read, what is written, and what is refused where.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FormatError } from '../../src/pvm/program/image.js';
import { loadImage } from '../../src/pvm/program/load.js';
import {
  isManifest,
  MAX_MEMORY_PAGES,
  type ManifestSource,
  manifestEntryAt,
  readManifest,
  writeManifest,
} from '../../src/pvm/program/manifest.js';

const PAGE = 4096;

function code(slot: number, jumps: readonly number[] = []) {
  return {
    kind: 'code' as const,
    slot,
    code: Uint8Array.of(1, 10, 0, 0),
    bitmask: Uint8Array.of(0b1011),
    jumpOffsets: Uint32Array.from(jumps),
  };
}

function data(slot: number, basePage: number, pageCount: number, contents: readonly number[] = []) {
  return {
    kind: 'data' as const,
    slot,
    basePage,
    pageCount,
    access: 'write' as const,
    data: Uint8Array.from(contents),
  };
}

const SOURCE: ManifestSource = {
  memoryPages: 10,
  invokeSlot: 64,
  capabilities: [
    code(64, [1, 0x300]),
    data(0, 0, 1),
    { ...data(65, 0x10, 2, [1, 2, 3]), access: 'read' },
    code(7),
    data(66, 0x12, 3, [4]),
  ],
};

/** A manifest's bytes from what its fields are, with nothing checked. */
function raw(
  entries: readonly (readonly [
    slot: number,
    kind: number,
    base: number,
    pages: number,
    access: number,
    at: number,
    length: number,
  ])[],
  section: readonly number[],
  {
    memoryPages = 10,
    invoke = 64,
    count = entries.length,
  }: { memoryPages?: number; invoke?: number; count?: number } = {},
): Uint8Array {
  const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
  return Uint8Array.from([
    ...[0x4a, 0x41, 0x52, 2],
    ...u32(memoryPages),
    count,
    invoke,
    ...entries.flatMap(([slot, kind, base, pages, access, at, length]) => [
      slot,
      kind,
      ...u32(base),
      ...u32(pages),
      access,
      ...u32(at),
      ...u32(length),
    ]),
    ...section,
  ]);
}

/** One trap: 11 bytes. */
const TRAP = [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1];
const RUN = [64, 0, 0, 0, 0, 0, TRAP.length] as const;

function refused(bytes: Uint8Array, offset: number, problem: RegExp): void {
  assert.throws(
    () => readManifest(bytes),
    (error) => {
      assert.ok(error instanceof FormatError, String(error));
      assert.match(error.problem, problem);
      assert.equal(error.offset, offset, error.message);
      return true;
    },
  );
}

describe('kernel manifest', () => {
  test('what is written is read', () => {
    const bytes = writeManifest(SOURCE);
    assert.ok(isManifest(bytes));
    const manifest = readManifest(bytes);
    assert.equal(manifest.memoryPages, 10);
    assert.equal(manifest.invokeSlot, 64);
    const shown = manifest.capabilities.map((entry) =>
      entry.kind === 'code'
        ? { ...code(entry.slot), code: entry.code, bitmask: entry.bitmask, jumpOffsets: entry.jumpOffsets }
        : entry,
    );
    assert.deepEqual(
      shown.map((entry) => JSON.stringify(entry)),
      SOURCE.capabilities.map((entry) => JSON.stringify(entry)),
    );
    const [first] = manifest.capabilities;
    assert.ok(first?.kind === 'code');
    assert.equal(first.entrySize, 2);
    // The number of jump entries, their size, the code's length, the entries, the code, its bitmask.
    assert.deepEqual([...first.blob], [2, 0, 0, 0, 2, 4, 0, 0, 0, 1, 0, 0, 3, 1, 10, 0, 0, 0b1011]);
    assert.deepEqual(writeManifest(manifest), bytes);
  });

  test('the bytes are those of the format', () => {
    const bytes = writeManifest({ memoryPages: 0x102, invokeSlot: 9, capabilities: [code(9), data(5, 3, 1, [7])] });
    const expected = [
      ...[0x4a, 0x41, 0x52, 2, 2, 1, 0, 0, 2, 9],
      ...[9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0],
      ...[5, 1, 3, 0, 0, 0, 1, 0, 0, 0, 1, 14, 0, 0, 0, 1, 0, 0, 0],
      ...[0, 0, 0, 0, 1, 4, 0, 0, 0, 1, 10, 0, 0, 0b1011, 7],
    ];
    assert.deepEqual([...bytes], expected);
  });

  test('entry sizes other than the smallest are kept', () => {
    const bytes = writeManifest({ ...SOURCE, capabilities: [{ ...code(64, [3]), entrySize: 4 }] });
    assert.deepEqual(writeManifest(readManifest(bytes)), bytes);
  });

  test('data may overlap, leave gaps, and have no pages', () => {
    const bytes = raw([RUN, [0, 1, 1, 1, 0, 2, 5], [1, 1, 5, 0, 1, 0, 0], [2, 1, 2, 1, 1, 99, 0]], [...TRAP, 1, 2, 3]);
    const { capabilities } = readManifest(bytes);
    assert.deepEqual(
      capabilities.map((entry) => (entry.kind === 'data' ? [...entry.data] : entry.blob.length)),
      [TRAP.length, TRAP.slice(2, 7), [], []],
    );
  });

  const data1 = (slot: number, base: number, pages: number, length = 0) =>
    [slot, 1, base, pages, 0, 0, length] as const;
  const section = (...blob: number[]) => raw([[64, 0, 0, 0, 0, 0, blob.length]], blob);
  const refusals: [string, Uint8Array, number, RegExp][] = [
    ['other magic', Uint8Array.of(0x4a, 0x41, 0x52, 3), 0, /a kernel manifest/],
    ['no memory pages', Uint8Array.of(0x4a, 0x41, 0x52, 2, 0), 4, /number of memory pages/],
    [
      'too much memory',
      raw([RUN], TRAP, { memoryPages: MAX_MEMORY_PAGES + 1 }),
      4,
      /1048576 memory pages \(a limit of ours\)/,
    ],
    ['a cut table', raw([RUN], [], { count: 2 }), 10, /table of 2 capabilities \(38 bytes\), found 19/],
    ['a kind', raw([[64, 2, 0, 0, 0, 0, 0]], []), 11, /kind 0 \(CODE\) or 1 \(DATA\) for slot 64, found 2/],
    ['an access mode', raw([RUN, [1, 1, 0, 1, 2, 0, 0]], TRAP), 39, /access 0 .* or 1 .* found 2/],
    ['a slot again', raw([RUN, data1(5, 0, 1), data1(5, 1, 1)], TRAP), 48, /slot 5 again/],
    ['the slot of the allocator', raw([RUN, data1(254, 0, 1)], TRAP), 29, /slot 254, which holds the memory pages/],
    [
      'data behind the end',
      raw([RUN, [5, 1, 0, 1, 0, 8, 4]], TRAP),
      40,
      /within the data section of 11 bytes, found 4/,
    ],
    [
      'data far behind the end',
      raw([RUN, [5, 1, 0, 1, 0, 0xffffffff, 0xffffffff]], TRAP),
      40,
      /found 4294967295 bytes/,
    ],
    ['code with pages', raw([[64, 0, 0, 1, 0, 0, 11]], TRAP), 12, /zeros for the pages/],
    ['code with an access mode', raw([[64, 0, 0, 0, 1, 0, 11]], TRAP), 12, /zeros for the pages and the access/],
    [
      'six codes',
      raw([RUN, ...[1, 2, 3, 4, 5].map((slot) => [slot, 0, 0, 0, 0, 0, 11] as const)], TRAP),
      106,
      /at most 5 CODE entries, found another in slot 5/,
    ],
    ['pages behind the last', raw([RUN, data1(5, 0xfffff, 2)], TRAP), 31, /pages below 1048576 for slot 5/],
    ['a base that wraps', raw([RUN, data1(5, 0xffffffff, 1)], TRAP), 31, /pages below 1048576/],
    [
      'more pages than memory',
      raw([RUN, data1(5, 0, 6), data1(6, 9, 5)], TRAP),
      54,
      /at most 10 .* found 11 with slot 6/,
    ],
    [
      'pages twice',
      raw([RUN, data1(5, 4, 3), data1(6, 6, 1)], TRAP),
      50,
      /of its own for slot 6, found pages of slot 5/,
    ],
    ['data longer than its pages', raw([RUN, data1(5, 0, 0, 1)], TRAP), 44, /at most 0 bytes of data/],
    ['no such code', raw([RUN], TRAP, { invoke: 65 }), 9, /a CODE entry as the code to run, found slot 65/],
    ['data to run', raw([RUN, data1(5, 0, 1)], TRAP, { invoke: 5 }), 9, /found slot 5/],
    ['nothing at all', raw([], [], { memoryPages: 0 }), 9, /a CODE entry/],
    ['code without a header', section(0, 0, 0, 0, 1, 0, 0, 0), 34, /code length/],
    ['code without anything', section(), 29, /jump-table entries/],
    ['entries of 0 bytes', section(0, 0, 0, 0, 0, 0, 0, 0, 0), 33, /1 to 4 bytes, found 0/],
    ['entries of 5 bytes', section(0, 0, 0, 0, 5, 0, 0, 0, 0), 33, /1 to 4 bytes, found 5/],
    ['code too long to run', section(0, 0, 0, 0, 1, 0, 0, 0, 2), 34, /at most 33554431, found 33554432/],
    [
      'a jump table that is not there',
      section(255, 255, 255, 255, 4, 0, 0, 0, 0),
      38,
      /\(17179869180 bytes\), found 0/,
    ],
    ['no bitmask', section(0, 0, 0, 0, 1, 1, 0, 0, 0, 0), 38, /\(2 bytes\), found 1 byte left/],
    ['bits behind the code', section(0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 3), 39, /zeros in the bitmask/],
    ['more behind the bitmask', section(...TRAP, 0), 40, /the end after the bitmask, found 1 more byte/],
  ];
  for (const [what, bytes, offset, problem] of refusals) {
    test(`refused: ${what}`, () => refused(bytes, offset, problem));
  }

  test('cut anywhere, it is refused', () => {
    const bytes = writeManifest(SOURCE);
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => readManifest(bytes.subarray(0, length)), FormatError, `${length} bytes`);
    }
  });

  test('the allocator has no slot where there is no memory', () => {
    const source = { memoryPages: 0, invokeSlot: 254, capabilities: [code(254)] };
    assert.equal(readManifest(writeManifest(source)).capabilities[0]?.slot, 254);
  });

  test('what does not fit is not written', () => {
    const write = (change: Partial<ManifestSource>) => () => writeManifest({ ...SOURCE, ...change });
    assert.throws(write({ memoryPages: -1 }), /number of memory pages has to be between 0 and 4294967295/);
    assert.throws(write({ invokeSlot: 256 }), RangeError);
    assert.throws(write({ capabilities: [code(300)] }), /a slot has to be between 0 and 255, not 300/);
    assert.throws(write({ capabilities: [{ ...code(64, [256]), entrySize: 1 }] }), /entry has to be between 0 and 255/);
    assert.throws(write({ capabilities: new Array(256).fill(code(64)) }), /at most 255 capabilities/);
    assert.throws(write({ capabilities: [code(64), data(1, 0, 1, new Array(PAGE + 1).fill(1))] }), FormatError);
    assert.throws(write({ memoryPages: 3 }), (error) => {
      assert.ok(error instanceof FormatError);
      return manifestEntryAt(error.offset) === 4;
    });
  });

  test('it is no program for an instance', () => {
    assert.throws(() => loadImage(writeManifest(SOURCE)), /a kernel manifest: use Kernel\.load/);
  });
});
