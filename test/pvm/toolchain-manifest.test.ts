/**
 * Kernel manifests as text: sections, attributes, labels, and the way back.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Dialect, INSTRUCTION_SETS } from '../../src/pvm/isa/instructions.js';
import { isManifest, type Manifest, readManifest, writeManifest } from '../../src/pvm/program/manifest.js';
import { AssemblyError, assemble, assembleWithLabels } from '../../src/pvm/toolchain/assembler.js';
import { disassemble } from '../../src/pvm/toolchain/disassembler.js';
import { ROOT } from '../vectors.js';
import { Random } from './random.js';

function manifest(text: string): Manifest {
  return readManifest(assemble(text));
}

/** Asserts that a manifest's text gives its bytes again. */
function roundTrips(bytes: Uint8Array): string {
  const text = disassemble(readManifest(bytes));
  assert.deepEqual(Buffer.from(assemble(text)), Buffer.from(bytes), text);
  const withBytes = disassemble(readManifest(bytes), { bytes: true });
  assert.deepEqual(Buffer.from(assemble(withBytes)), Buffer.from(bytes), withBytes);
  return text;
}

describe('manifests as text', () => {
  test('sections become capabilities, in their order', () => {
    const { memoryPages, invokeSlot, capabilities } = manifest(`
      .manifest pages=9 invoke=2
      .const BASE 0x10
      .code slot=64
              trap
      .data slot=65 base=BASE pages=4 access=ro
              .string "abc"
      .code slot=2
      .entrysize 3
      .jumptable @second
      first:  fallthrough
      second: ecall
              unlikely
              ecalli 0
      .data slot=0 base=BASE + 4 pages=1
    `);
    assert.equal(memoryPages, 9);
    assert.equal(invokeSlot, 2);
    assert.deepEqual(
      capabilities.map((entry) =>
        entry.kind === 'code'
          ? [entry.slot, [...entry.code], [...entry.jumpOffsets], entry.entrySize]
          : [entry.slot, entry.basePage, entry.pageCount, entry.access, Buffer.from(entry.data).toString()],
      ),
      [
        [64, [0], [], 1],
        [65, 16, 4, 'read', 'abc'],
        [2, [1, 3, 2, 10], [1], 3],
        [0, 20, 1, 'write', ''],
      ],
    );
  });

  test('what is left out is inferred', () => {
    const { memoryPages, invokeSlot, capabilities } = manifest(
      '.manifest\n.data slot=9 base=1\n.zero 4097\n.data slot=8 base=5\n.code slot=7\ntrap\n.code slot=6\ntrap',
    );
    assert.equal(invokeSlot, 7);
    assert.equal(memoryPages, 3);
    assert.deepEqual(
      capabilities.map((entry) => (entry.kind === 'data' ? [entry.pageCount, entry.access] : entry.slot)),
      [[2, 'write'], [1, 'write'], 7, 6],
    );
  });

  test('labels of code belong to their section, labels of data to all', () => {
    const text = `
      .manifest
      .data slot=1 base=0x20
      table:  .u32 @here, @other
      .code slot=64
      .jumptable @go, @other
      go:     load_imm r7, @table + 4
              jump @go
      other:  trap
      .code slot=65
      .jumptable @here, @go
      here:   fallthrough
      go:     load_imm r7, @go
              jump @here`;
    const { bytes, labels } = assembleWithLabels(text);
    assert.deepEqual(
      [...labels],
      [
        ['table', 0x20000],
        ['64:go', 0],
        ['64:other', 7],
        ['65:here', 0],
        ['65:go', 1],
      ],
    );
    const [data, first, second] = readManifest(bytes).capabilities;
    assert.ok(data?.kind === 'data' && first?.kind === 'code' && second?.kind === 'code');
    assert.deepEqual([...data.data], [2, 0, 0, 0, 4, 0, 0, 0]);
    // load_imm r7, 0x20004 and, in the other section, the second entry of its own jump table.
    assert.deepEqual([...first.code.subarray(0, 5)], [51, 7, 4, 0, 2]);
    assert.deepEqual([...second.code.subarray(1, 4)], [51, 7, 4]);
    roundTrips(bytes);
  });

  test('.text goes back to the last code', () => {
    const [code] = manifest(
      '.manifest\n.code slot=1\nfallthrough\n.data slot=2 base=1\n.u8 1\n.text\ntrap',
    ).capabilities;
    assert.ok(code?.kind === 'code');
    assert.deepEqual([...code.code], [1, 0]);
  });

  test('a block may begin behind what enters the kernel, and only there', () => {
    const code = (name: string) => `.manifest\n.code slot=1\n${name}\nnext: jump @next`;
    for (const name of ['ecalli 5', 'ecall', 'unlikely']) assemble(code(name));
    assert.throws(() => assemble('.code\necalli 5\nnext: jump @next'), /start of a basic block/);
    assert.throws(() => assemble(code('load_imm r7, 1')), /4:12: expected the start of a basic block/);
  });

  test('every instruction of the kernel dialect comes back', () => {
    for (const { name, format } of INSTRUCTION_SETS[Dialect.Kernel]?.instructions ?? []) {
      if (format !== 0) continue;
      const text = roundTrips(assemble(`.manifest\n.code slot=1\n${name}\ntrap`));
      assert.match(text, new RegExp(`^ +${name}$`, 'm'));
    }
    // In other programs the same bytes are no instruction.
    assert.match(disassemble({ ...image(), code: Uint8Array.of(2, 3) }), /\.inst 0x02\n.*\.inst 0x03/s);
  });

  test('examples', () => {
    let count = 0;
    for (const name of readdirSync(join(ROOT, 'examples'))) {
      if (!name.endsWith('.pvm')) continue;
      const bytes = assemble(readFileSync(join(ROOT, 'examples', name), 'utf8'), name);
      if (!isManifest(bytes)) continue;
      roundTrips(bytes);
      count++;
    }
    assert.ok(count >= 3);
  });

  test('random manifests', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = new Random(seed);
      const slots = new Set<number>();
      const slot = () => {
        let one = random.below(254);
        while (slots.has(one)) one = random.below(254);
        slots.add(one);
        return one;
      };
      const codes = Array.from({ length: 1 + random.below(5) }, () => {
        const length = random.below(40);
        const bitmask = random.bytes((length + 7) >> 3);
        const last = bitmask.length - 1;
        if (length % 8 !== 0) bitmask[last] = (bitmask[last] as number) & ((1 << (length & 7)) - 1);
        const code = random.bytes(length).map((byte) => (random.oneIn(2) ? byte & 15 : byte));
        const jumpOffsets = Uint32Array.from({ length: random.below(4) }, () => random.below(length + 2));
        return { kind: 'code' as const, slot: slot(), code, bitmask, jumpOffsets, entrySize: 1 + random.below(4) };
      });
      let page = 0;
      const data = Array.from({ length: random.below(4) }, () => {
        const basePage = page + random.below(1000);
        const pageCount = 1 + random.below(3);
        page = basePage + pageCount;
        const access = random.pick(['read', 'write'] as const);
        const contents = random.bytes(random.below(100)).map((byte) => (random.oneIn(3) ? byte : 0));
        return { kind: 'data' as const, slot: slot(), basePage, pageCount, access, data: contents };
      });
      const capabilities = random.oneIn(2) ? [...data, ...codes] : [...codes, ...data];
      const invokeSlot = random.pick(codes).slot;
      roundTrips(writeManifest({ memoryPages: 12 + random.below(9), invokeSlot, capabilities }));
    }
  });

  test('random lines give a manifest or an AssemblyError', () => {
    const lines = [
      '.manifest',
      '.manifest pages=3 invoke=1',
      '.code slot=1',
      '.code slot=2',
      '.data slot=1 base=0',
      '.data slot=3 base=1 pages=1',
      '.data slot=4 base=0xfffff pages=2 access=ro',
      '.entrysize 0',
      '.entrysize 1',
      '.jumptable @x, 300',
      'x: trap',
      'y: ecall',
      'jump @x',
      'load_imm r1, @z',
      'z: .u8 1, @x',
      '.zero 5000',
      '.text',
      '.ro',
      '.entry @y',
      '.code',
      '.code slot=2 =',
      '.data slot=',
    ];
    let assembled = 0;
    for (let seed = 1; seed <= 3000; seed++) {
      const random = new Random(seed);
      const start = random.oneIn(5) ? [] : ['.manifest', '.code slot=1'];
      const text = [...start, ...Array.from({ length: random.below(6) }, () => random.pick(lines))].join('\n');
      try {
        const bytes = assemble(text);
        if (!isManifest(bytes)) continue;
        roundTrips(bytes);
        assembled++;
      } catch (error) {
        assert.ok(error instanceof AssemblyError, `${text}\n${error instanceof Error ? error.stack : error}`);
      }
    }
    assert.ok(assembled > 100, `${assembled}`);
  });

  const mistakes: [string, string, RegExp][] = [
    [
      'a slot again',
      '.manifest\n.code slot=1\ntrap\n.data slot=1 base=0',
      /^4:1: expected a new slot, found slot 1 again/,
    ],
    ['no slot', '.manifest\n.code', /^2:1: expected slot=/],
    ['no base', '.manifest\n.data slot=1', /expected base=/],
    ['an attribute nobody has', '.manifest\n.code slot=1 page=4', /^2:14: expected one of slot=, found "page"/],
    ['an attribute again', '.manifest pages=1 pages=2', /^1:19: expected pages= once/],
    ['an attribute without a value', '.manifest pages', /expected "=", found the end of the line/],
    ['a slot too large', '.manifest\n.code slot=256', /^2:12: expected a number from 0 to 255, found 256/],
    ['an access mode', '.manifest\n.data slot=1 base=0 access=wo', /^2:28: expected ro or rw, found "wo"/],
    ['no code', '.manifest pages=1', /expected a \.code section, found none/],
    [
      'no code in that slot',
      '.manifest invoke=5\n.code slot=1\ntrap',
      /^1:1: expected the slot of a CODE entry.*slot 5/,
    ],
    ['too much data', '.manifest\n.code slot=1\n.data slot=2 base=0 pages=1\n.zero 4097', /^3:.*at most 1 page of/],
    ['too little memory', '.manifest pages=1\n.code slot=1\n.data slot=2 base=0 pages=2', /^3:.*at most 1 memory page/],
    ['pages twice', '.manifest\n.code slot=1\n.data slot=2 base=0\n.data slot=3 base=0', /^4:.*found pages of slot 2/],
    ['the slot of the allocator', '.manifest pages=1\n.code slot=254', /^2:.*expected no entry for slot 254/],
    [
      'six codes',
      `.manifest\n${[1, 2, 3, 4, 5, 6].map((n) => `.code slot=${n}\ntrap`).join('\n')}`,
      /^12:.*at most 5 CODE/,
    ],
    ['an instruction before any section', '.manifest\ntrap', /^2:1: expected \.code or \.data, found an instruction/],
    ['a label before any section', '.manifest\nx: trap', /^2:1: expected \.code or \.data, found a label/],
    ['.text before any code', '.manifest\n.data slot=1 base=0\n.text', /^3:1: expected \.code before \.text/],
    ['data in code', '.manifest\n.code slot=1\n.u8 1', /^3:1: expected code, found \.u8: write \.data before it/],
    ['code in data', '.manifest\n.data slot=1 base=0\ntrap', /^3:1: expected data, found an instruction/],
    ['.data without .manifest', '.data slot=1 base=0', /^1:1: expected \.manifest first/],
    [
      '.code slot without .manifest',
      '.code slot=1',
      /^1:7: expected the end of the line \(slots need \.manifest first\)/,
    ],
    ['.manifest too late', 'trap\n.manifest', /^2:1: expected \.manifest before everything but constants/],
    ['.manifest after .standard', '.standard\n.manifest', /^2:1: expected \.manifest before/],
    ['.manifest again', '.manifest\n.manifest', /^2:1: expected one \.manifest/],
    ['what a standard program has', '.manifest\n.stack 4096', /^2:1: expected a manifest, found \.stack/],
    ['ecall elsewhere', '.code\necall', /^2:1: expected \.manifest first: only programs of the kernel have ecall/],
    [
      'a label of another section',
      '.manifest\n.code slot=1\nx: trap\n.code slot=2\njump @x',
      /^5:6: .*is defined, found @x/,
    ],
    ['a label again', '.manifest\n.code slot=1\nx: trap\n.data slot=2 base=0\nx: .u8 1', /^5:1: expected a new label/],
    [
      'a label of two sections as data',
      '.manifest\n.code slot=1\n.jumptable @x\nx: trap\n.code slot=2\nx: trap\n.data slot=3 base=0\n.u32 @x',
      /^8:6: expected a label of one \.code section, found @x in several/,
    ],
    ['entries of 5 bytes', '.manifest\n.code slot=1\n.entrysize 5', /^3:12: expected an entry size from 0 to 4/],
  ];
  for (const [what, text, message] of mistakes) {
    test(`a mistake with its place: ${what}`, () => {
      assert.throws(
        () => assemble(text),
        (error) => {
          assert.ok(error instanceof AssemblyError, String(error));
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

/** The smallest image of a code blob. */
function image() {
  return {
    kind: 'code' as const,
    metadata: new Uint8Array(0),
    code: new Uint8Array(0),
    bitmask: Uint8Array.of(3),
    jumpOffsets: new Uint32Array(0),
    segments: [],
    heap: undefined,
    argumentsAddress: undefined,
    argumentsLimit: 0,
    registers: [],
    entry: 0,
    imports: [],
    exports: [],
  };
}
