/**
 * What a program shows and wants: entry points, host calls, `sbrk`, stack size, the instruction set of the kernel, and
 * which data and code stay.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LinkOptions, linkElf } from '../../../src/pvm/toolchain/linker/index.js';
import { ENGINES } from '../machines.js';
import {
  type BuiltRelocation,
  type BuiltSection,
  type BuiltSymbol,
  Bytes,
  buildElf,
  rv,
  words,
} from './elf-builder.js';
import { programOf, runGuest } from './guests.js';

const CODE = 0x20000;
const DATA = 0x40000;
const EXPORTS = 0x50000;
const METADATA = 0x60000;
const A0 = 10;
const A1 = 11;

const ALLOC = 2;
const WRITE = 3;

interface Described {
  readonly name: string;
  readonly inputs?: number;
  readonly index?: number;
}

/** PolkaVM's metadata of some functions, one after another, with their names behind. */
function metadata(functions: readonly Described[]): { section: BuiltSection; symbols: BuiltSymbol[] } {
  const names = functions.map(({ name }) => new TextEncoder().encode(name));
  const out = new Bytes(functions.length * 24 + names.reduce((sum, { length }) => sum + length, 0));
  const relocations: BuiltRelocation[] = [];
  let nameAt = functions.length * 24;
  for (const [i, { inputs = 0, index }] of functions.entries()) {
    const name = names[i] as Uint8Array;
    out.u8(i * 24, index === undefined ? 1 : 2);
    out.u32(i * 24 + 5, name.length);
    out.u8(i * 24 + 17, inputs);
    out.u8(i * 24 + 18, 1);
    if (index !== undefined) {
      out.u8(i * 24 + 19, 1);
      out.u32(i * 24 + 20, index);
    }
    relocations.push({ offset: i * 24 + 9, type: 2, symbol: 'metadata', addend: nameAt });
    out.bytes.set(name, nameAt);
    nameAt += name.length;
  }
  return {
    section: { name: '.polkavm_metadata', address: METADATA, data: out.bytes, flags: ALLOC, relocations },
    symbols: [{ name: 'metadata', section: '.polkavm_metadata', value: METADATA }],
  };
}

/** `.polkavm_exports`: for each, which metadata and which offset in the code. */
function exportsOf(list: readonly (readonly [number, number])[]): BuiltSection {
  const out = new Bytes(list.length * 17);
  const relocations: BuiltRelocation[] = [];
  for (const [i, [described, offset]] of list.entries()) {
    out.u8(i * 17, 1);
    relocations.push({ offset: i * 17 + 1, type: 2, symbol: 'metadata', addend: described * 24 });
    relocations.push({ offset: i * 17 + 9, type: 2, symbol: 'text', addend: offset });
  }
  return { name: '.polkavm_exports', address: EXPORTS, data: out.bytes, flags: ALLOC, relocations };
}

interface Parts {
  readonly code: readonly number[];
  readonly relocations?: readonly BuiltRelocation[];
  readonly sections?: readonly BuiltSection[];
  readonly symbols?: readonly BuiltSymbol[];
}

function elfOf({ code, relocations = [], sections = [], symbols = [] }: Parts): Uint8Array {
  return buildElf({
    entry: CODE,
    sections: [{ name: '.text', address: CODE, data: words(...code), flags: 6, relocations }, ...sections],
    symbols: [{ name: 'text', section: '.text', value: CODE, local: true }, ...symbols],
  });
}

/** Opcodes at the instruction starts of linked code. */
function opcodes(elf: Uint8Array, options?: LinkOptions): number[] {
  const { code, bitmask } = linkElf(elf, options);
  return [...code].filter((_, i) => ((bitmask[i >> 3] as number) >> (i & 7)) & 1);
}

/** A host call by metadata, and a return. */
const importCall = (): number[] => [0x0b, 0, 0, rv.ret];

describe('exports', () => {
  const described = metadata([{ name: 'refine' }, { name: 'accumulate' }, { name: 'main' }]);
  const parts: Parts = {
    code: [rv.i(0x13, 0, A0, 0, 1), rv.ret, rv.i(0x13, 0, A0, 0, 2), rv.ret, rv.i(0x13, 0, A0, 0, 3), rv.ret],
    sections: [
      described.section,
      exportsOf([
        [0, 0],
        [1, 8],
        [2, 16],
      ]),
    ],
    symbols: described.symbols,
  };

  test('come by name, and main is where execution starts', () => {
    const linked = linkElf(elfOf(parts));
    assert.deepEqual(
      linked.exports.map(({ name }) => name),
      ['refine', 'accumulate', 'main'],
    );
    const program = programOf(linked);
    for (const engine of ENGINES) {
      assert.deepEqual(runGuest(program, engine).result, 3n);
      for (const [i, { pc }] of linked.exports.entries()) {
        const instance = program.instantiate({ engine, pc });
        assert.equal(instance.run().kind, 'halt');
        assert.equal(instance.getRegister(7), BigInt(i + 1));
        instance.dispose();
      }
    }
  });

  test('get jumps of five bytes in the order asked for', () => {
    const linked = linkElf(elfOf(parts), { dispatch: ['refine', 'accumulate'] });
    assert.deepEqual([linked.entry, linked.code[0], linked.code[5]], [0, 40, 40]);
    const instance = programOf(linked).instantiate({ engine: 'interpreter', pc: 5 });
    assert.equal(instance.run().kind, 'halt');
    assert.equal(instance.getRegister(7), 2n);
  });

  test('without any, the function asked for or the entry is called', () => {
    const code = { code: parts.code, symbols: [{ name: 'second', section: '.text', value: CODE + 8, type: 2 }] };
    assert.deepEqual(
      linkElf(elfOf(code)).exports.map(({ name }) => name),
      ['text'],
    );
    const linked = linkElf(elfOf(code), { dispatch: ['second'] });
    assert.equal(runGuest(programOf(linked), 'interpreter').result, 2n);
  });
});

describe('host calls', () => {
  const call = (offset: number, described: number): BuiltRelocation => ({
    offset: offset + 4,
    type: 2,
    symbol: 'metadata',
    addend: described * 24,
  });

  test('are numbered in the order of their names', () => {
    const { section, symbols } = metadata([{ name: 'zebra' }, { name: 'ant', inputs: 2 }]);
    const elf = elfOf({
      code: [...importCall().slice(0, 3), ...importCall()],
      relocations: [call(0, 0), call(12, 1)],
      sections: [section],
      symbols,
    });
    const { imports, code } = linkElf(elf);
    assert.deepEqual(imports, [
      { name: 'ant', index: 0 },
      { name: 'zebra', index: 1 },
    ]);
    assert.deepEqual([...code.subarray(5, 8)], [10, 1, 10]);
  });

  test('keep the numbers they have', () => {
    const { section, symbols } = metadata([{ name: 'log', index: 100 }]);
    const elf = elfOf({ code: importCall(), relocations: [call(0, 0)], sections: [section], symbols });
    const linked = linkElf(elf);
    assert.deepEqual(linked.imports, [{ name: 'log', index: 100 }]);
    for (const engine of ENGINES) {
      const instance = programOf(linked).instantiate({ engine });
      assert.deepEqual(instance.run(), { kind: 'host-call', pc: 5, id: 100 });
      instance.dispose();
    }
  });

  test('with and without numbers, or with one number, do not mix', () => {
    const link = (functions: readonly Described[]) => {
      const { section, symbols } = metadata(functions);
      const code = [...importCall().slice(0, 3), ...importCall()];
      return linkElf(elfOf({ code, relocations: [call(0, 0), call(12, 1)], sections: [section], symbols }));
    };
    assert.throws(() => link([{ name: 'a', index: 1 }, { name: 'b' }]), /the import "b" has no index/);
    assert.throws(
      () =>
        link([
          { name: 'a', index: 1 },
          { name: 'b', index: 1 },
        ]),
      /"a" and "b" both have index 1/,
    );
    assert.throws(() => link([{ name: 'a' }, { name: 'a', inputs: 3 }]), /"a" is declared in two different ways/);
  });

  test('by number, and sbrk, stand in the code', () => {
    const elf = elfOf({ code: [rv.i(0x0b, 4, 0, 0, 77), rv.r(0x0b, 1, 0, A0, A1, 0), rv.ret] });
    assert.deepEqual(opcodes(elf), [40, 10, 101, 50]);
  });
});

describe('the kernel', () => {
  const elf = elfOf({ code: [rv.i(0x13, 0, 14, 0, 2), 0x73, rv.i(0x0b, 4, 0, 0, 0), rv.j(0, -12)] });

  test('has ecall, a stack at the bottom of memory and a return address that halts', () => {
    assert.deepEqual(opcodes(elf, { preamble: 'kernel', stackSize: 5000 }), [51, 51, 40, 51, 3, 10, 40]);
    const { code } = linkElf(elf, { preamble: 'kernel', stackSize: 5000 });
    assert.deepEqual([...code.subarray(0, 4)], [51, 1, 0x00, 0x20]);
  });

  test('has its instruction set without the preamble, too', () => {
    assert.deepEqual(opcodes(elf, { dialect: 'kernel' }), [40, 51, 3, 10, 40]);
  });
});

describe('memory', () => {
  const high = (symbol: string, offset: number): BuiltRelocation => ({ offset, type: 26, symbol });
  const low = (symbol: string, offset: number): BuiltRelocation => ({ offset, type: 27, symbol });
  const sections: BuiltSection[] = [
    { name: '.rodata.used', address: DATA, data: Uint8Array.of(11, 0, 0, 0, 0, 0, 0, 0), flags: ALLOC },
    { name: '.rodata.unused', address: DATA + 8, data: new Uint8Array(800), flags: ALLOC },
    {
      name: '.data.used',
      address: DATA + 0x1000,
      data: new Uint8Array(16),
      flags: WRITE,
      relocations: [
        { offset: 0, type: 2, symbol: 'zeros', addend: 8 },
        { offset: 8, type: 2, symbol: 'used' },
      ],
    },
    { name: '.data.unused', address: DATA + 0x2000, data: new Uint8Array(800), flags: WRITE },
    { name: '.bss.used', address: DATA + 0x3000, data: new Uint8Array(0), zeros: 9000, flags: WRITE, align: 64 },
    { name: '.bss.unused', address: DATA + 0x8000, data: new Uint8Array(0), zeros: 9000, flags: WRITE },
    { name: '.polkavm_min_stack_size', address: 0, data: words(100_000, 20_000), flags: 0 },
  ];
  const symbols = [
    { name: 'used', section: '.rodata.used', value: DATA },
    { name: 'data', section: '.data.used', value: DATA + 0x1000 },
    { name: 'zeros', section: '.bss.used', value: DATA + 0x3000 },
  ];
  const elf = elfOf({
    code: [
      rv.u(0x37, A0, DATA + 0x1000),
      rv.i(0x13, 0, A0, A0, 0),
      rv.i(3, 3, A1, A0, 8),
      rv.i(3, 3, A0, A1, 0),
      rv.ret,
    ],
    relocations: [high('data', 0), low('data', 4)],
    sections,
    symbols,
  });

  test('holds what code reaches, by way of other data too', () => {
    const { readOnly, readWrite, stackSize } = linkElf(elf);
    assert.deepEqual([readOnly.address, readOnly.size], [0x10000, 8]);
    assert.deepEqual([readWrite.address, readWrite.size], [0x30000, 64 + 9000]);
    assert.equal(stackSize, 100_000);
    const pointers = new DataView(readWrite.data.buffer);
    assert.equal(readWrite.data.length, 16, 'zeros are not stored');
    assert.deepEqual([pointers.getBigUint64(0, true), pointers.getBigUint64(8, true)], [0x30048n, 0x10000n]);
  });

  test('is read through the new addresses', () => {
    for (const optimize of [false, true]) {
      for (const engine of ENGINES) {
        assert.deepEqual(runGuest(programOf(linkElf(elf, { optimize })), engine).result, 11n);
      }
    }
  });

  test('differences of addresses are those of the new ones', () => {
    const parts: Parts = {
      code: [rv.u(0x37, A0, DATA), rv.i(3, 2, A0, A0, 0), rv.ret, rv.ret],
      relocations: [high('table', 0), { offset: 4, type: 27, symbol: 'table' }],
      sections: [
        {
          name: '.rodata',
          address: DATA,
          data: words(CODE + 12 - DATA, 0),
          flags: ALLOC,
          relocations: [
            { offset: 0, type: 35, symbol: 'text', addend: 12 },
            { offset: 0, type: 39, symbol: 'table' },
          ],
        },
      ],
      symbols: [{ name: 'table', section: '.rodata', value: DATA }],
    };
    const { readOnly, jumpOffsets } = linkElf(elfOf(parts));
    assert.equal(jumpOffsets.length, 1);
    assert.equal(new DataView(readOnly.data.buffer).getInt32(0, true), 2 - 0x10000);
  });

  test('where the heap begins is known to code', () => {
    const heap = elfOf({ code: [rv.i(0x0b, 3, A0, 0, 0), rv.ret] });
    assert.equal(runGuest(programOf(linkElf(heap)), 'interpreter').result, 0x20000n);
  });
});
