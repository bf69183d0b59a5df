/**
 * What the linker refuses, and that its messages say where and why.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FormatError } from '../../../src/pvm/program/image.js';
import { LinkError, type LinkOptions, linkElf } from '../../../src/pvm/toolchain/linker/index.js';
import { type BuiltElf, type BuiltRelocation, buildElf, rv, words } from './elf-builder.js';

const CODE = 0x20000;

/** A program of one function, `main`, from instruction words. */
function program(
  code: readonly number[],
  more: Partial<BuiltElf> & { relocations?: BuiltRelocation[] } = {},
): BuiltElf {
  return {
    ...more,
    entry: CODE,
    sections: [
      { name: '.text', address: CODE, data: words(...code), flags: 6, relocations: more.relocations ?? [] },
      ...(more.sections ?? []),
    ],
    symbols: [{ name: 'main', section: '.text', value: CODE, type: 2 }, ...(more.symbols ?? [])],
  };
}

function refuses(elf: BuiltElf, message: RegExp, options?: LinkOptions): void {
  assert.throws(
    () => linkElf(buildElf(elf), options),
    (error) => {
      assert.ok(error instanceof LinkError, String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

describe('instructions that cannot be taken', () => {
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['a floating-point load', 0x00052507, /floating-point load or store.*-march=rv64emc_zbb/],
    ['a floating-point addition', 0x00b57553, /floating-point instruction/],
    ['an atomic addition', 0x00b5252f, /atomic instruction.*without the A extension/],
    ['a vector instruction', 0x02058557, /vector instruction/],
    ['a control register', 0xc0102573, /control register/],
    ['mret', 0x30200073, /privileged instruction/],
    ['ecall', 0x00000073, /ecall: only programs of the capability kernel/],
    ['memset of PolkaVM', 0x0000200b, /memset/],
    ['an unknown custom instruction', 0x0000700b, /custom-0/],
    ['a register beyond x15', rv.r(0x33, 0, 0, 16, 10, 10), /register x16.*lp64e/],
    ['gp', rv.i(0x13, 0, 10, 3, 8), /uses gp.*--relax-gp/],
    ['tp', rv.i(0x03, 3, 10, 4, 8), /uses tp/],
    ['sh1add', rv.r(0x33, 2, 0x10, 10, 11, 12), /unknown instruction/],
    ['auipc without relocation', rv.u(0x17, 10, 0x1000), /auipc without a relocation.*--emit-relocs/],
    ['a jump out of the code', rv.j(0, 0x1000), /jumps to 0x21004, where there is no code/],
  ];
  for (const [what, word, message] of cases) {
    test(what, () => {
      refuses(program([rv.nop, word, rv.ret]), message);
      refuses(program([rv.nop, word, rv.ret]), /^\.text\+0x4 \(main\+0x4\): /);
    });
  }

  test('but only where code reaches them', () => {
    assert.ok(linkElf(buildElf(program([rv.nop, rv.ret, 0x00b57553]))).code.length > 0);
  });

  test('a floating-point load among compressed instructions', () => {
    refuses(program([0x2108_0001, rv.ret]), /main\+0x2\): floating-point load or store \(0x2108\)/);
  });
});

describe('relocations that cannot be taken', () => {
  const data = { name: '.data', address: 0x40000, data: new Uint8Array(16), flags: 3 };

  test('thread-local storage', () => {
    refuses(
      program([rv.u(0x37, 10, 0), rv.ret], {
        relocations: [{ offset: 0, type: 29, symbol: 'counter' }],
        sections: [{ ...data, name: '.tdata', flags: 0x403 }],
        symbols: [{ name: 'counter', section: '.tdata', value: 0x40000, type: 6 }],
      }),
      /R_RISCV_TPREL_HI20 against "counter": there is no thread-local storage/,
    );
  });

  test('an unknown type, by number', () => {
    refuses(
      program([rv.u(0x37, 10, 0), rv.ret], { relocations: [{ offset: 0, type: 200, symbol: 'main' }] }),
      /\.text\+0x0 \(main\): relocation type 200 cannot be taken on this instruction/,
    );
  });

  test('one in data', () => {
    refuses(
      program([rv.u(0x37, 10, 0x40000), rv.ret], {
        relocations: [{ offset: 0, type: 26, symbol: 'table' }],
        sections: [{ ...data, relocations: [{ offset: 8, type: 58, symbol: 'main' }] }],
        symbols: [{ name: 'table', section: '.data', value: 0x40000 }],
      }),
      /\.data\+0x8: R_RISCV_IRELATIVE cannot be taken in data/,
    );
  });

  test('a low part without its high part', () => {
    refuses(
      program([rv.nop, rv.i(0x13, 0, 10, 10, 0), rv.ret], {
        relocations: [{ offset: 4, type: 24, symbol: 'main' }],
      }),
      /R_RISCV_PCREL_LO12_I names 0x20000, where there is no R_RISCV_PCREL_HI20/,
    );
  });

  test('the address of code that is not there', () => {
    refuses(
      program([rv.u(0x37, 10, 0), rv.ret], { relocations: [{ offset: 0, type: 26, symbol: 'main', addend: 400 }] }),
      /expected the address of code, found "main" \+ 400/,
    );
  });

  test('none at all, where code names data', () => {
    refuses(program([rv.u(0x37, 10, 0x40000), rv.ret], { sections: [data] }), /expected relocations.*--emit-relocs/);
  });
});

describe('programs', () => {
  test('without an entry', () => {
    refuses({ ...program([rv.ret]), symbols: [], entry: 0 }, /expected exports, a function "main" or "_start"/);
  });

  test('without a function that is to be called', () => {
    refuses(program([rv.ret]), /expected an export or a function "accumulate", found none/, {
      dispatch: ['main', 'accumulate'],
    });
  });

  test('the file is named', () => {
    refuses(program([0xffffffff, rv.ret]), /^guest\.elf: \.text\+0x0 \(main\): /, { name: 'guest.elf' });
  });

  test('an import without relocation', () => {
    refuses(program([0x0b, 0, 0, rv.ret]), /expected a relocation for the metadata of an import/);
  });
});

describe('files that are no linked RISC-V ELF64', () => {
  const good = buildElf(program([rv.ret]));
  const changed = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = good.slice();
    change(bytes);
    return bytes;
  };
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['no ELF', new TextEncoder().encode('#!/bin/sh'), /offset 0: expected the magic number/],
    ['a cut header', good.slice(0, 40), /expected an ELF header of 64 bytes, found 40/],
    ['32 bits', changed((bytes) => bytes.fill(1, 4, 5)), /offset 4: expected a 64-bit ELF/],
    ['big-endian', changed((bytes) => bytes.fill(2, 5, 6)), /offset 5: expected a little-endian/],
    ['an object file', changed((bytes) => bytes.fill(1, 16, 17)), /offset 16: .*link it first/],
    [
      'another machine',
      changed((bytes) => bytes.fill(62, 18, 19)),
      /offset 18: expected a RISC-V file.*found machine 62/,
    ],
    ['hard float', changed((bytes) => bytes.fill(4, 48, 49)), /offset 48: .*floating-point/],
    ['a cut file', good.slice(0, good.length - 1), /offset 40: expected \d+ section headers/],
  ];
  for (const [what, bytes, message] of cases) {
    test(what, () => {
      assert.throws(
        () => linkElf(bytes),
        (error) => error instanceof FormatError && message.test(error.message),
      );
    });
  }

  test('sections that share their bytes', () => {
    const elf = program([rv.ret]);
    const bytes = buildElf({
      ...elf,
      sections: [...elf.sections, { name: '.a', address: 0x40000, data: new Uint8Array(4096), flags: 2 }],
    });
    const view = new DataView(bytes.buffer);
    const headers = Number(view.getBigUint64(40, true));
    // The first section takes the bytes of all that follow.
    view.setBigUint64(headers + 64 + 32, BigInt(headers - 64), true);
    assert.throws(() => linkElf(bytes), /expected sections of at most the file's \d+ bytes together/);
  });
});
