/**
 * Random RISC-V programs that end: straight code, loads and stores, branches forward, counted loops, calls, jump
 * tables, function pointers, in the idioms compilers use and in ones they do not.
 */
import type { Random } from '../random.js';
import { type BuiltRelocation, Bytes, buildElf, rv, words } from './elf-builder.js';

const CODE = 0x20000;
const DATA = 0x40000;
const TABLE = 0x50000;
/** Bytes of data that code reads and writes. */
const DATA_SIZE = 256;

/** Registers that hold values: t1, t2, s1, a0–a5. */
const VALUES = [6, 7, 9, 10, 11, 12, 13, 14, 15];
const RA = 1;
const SP = 2;
/** Holds addresses and nothing else. */
const ADDRESS = 5;
const SAVED = 8;

/** A program with what the model needs to run it. */
export interface RandomProgram {
  readonly elf: Uint8Array;
  readonly entry: number;
  readonly parts: readonly { readonly address: number; readonly data: Uint8Array }[];
}

/** Makes a program. */
export function randomProgram(random: Random): RandomProgram {
  return new Generator(random).run();
}

class Generator {
  private readonly code: number[] = [];
  private readonly relocations: BuiltRelocation[] = [];
  private readonly tables: number[] = [];
  private readonly leaves: number[] = [];
  private inLeaf = false;
  private depth = 0;

  constructor(private readonly random: Random) {}

  run(): RandomProgram {
    const { random } = this;
    for (let n = random.below(3); n >= 0; n--) this.leaf();
    const entry = this.here;
    this.emit(rv.i(0x13, 0, SP, SP, -128), rv.s(3, SP, RA, 120), rv.s(3, SP, SAVED, 112));
    for (const register of VALUES) if (register < 10) this.constant(register);
    for (let n = 4 + random.below(12); n > 0; n--) this.statement();
    this.emit(rv.i(0x13, 0, ADDRESS, 0, 0));
    for (const register of VALUES.filter((r) => r !== 10)) {
      // a0 = a0 * 31 + register, by shift and subtraction
      this.emit(
        rv.i(0x13, 1, ADDRESS, 10, 5),
        rv.r(0x33, 0, 0x20, 10, ADDRESS, 10),
        rv.r(0x33, 0, 0, 10, 10, register),
      );
    }
    for (let offset = 0; offset < 64; offset += 8) {
      this.emit(rv.i(0x03, 3, 11, SP, offset), rv.i(0x13, 1, ADDRESS, 10, 5));
      this.emit(rv.r(0x33, 0, 0x20, 10, ADDRESS, 10), rv.r(0x33, 0, 0, 10, 10, 11));
    }
    this.emit(rv.i(0x03, 3, RA, SP, 120), rv.i(0x03, 3, SAVED, SP, 112), rv.i(0x13, 0, SP, SP, 128), rv.ret);
    return this.file(entry);
  }

  private file(entry: number): RandomProgram {
    const code = words(...this.code);
    // Bytes at the edges, so that values fill the bits their width allows.
    const data = this.random
      .bytes(DATA_SIZE)
      .map((byte) => (byte < 160 ? ([0xff, 0, 0x80, 0x7f][byte & 3] as number) : byte));
    const table = new Bytes(Math.max(8, this.tables.length * 8));
    for (const [i, target] of this.tables.entries()) table.u64(i * 8, CODE + target);
    const symbols = [
      { name: 'text', section: '.text', value: CODE },
      { name: 'main', section: '.text', value: entry, type: 2 },
      { name: 'data', section: '.data', value: DATA, type: 1 },
      { name: 'table', section: '.rodata', value: TABLE, type: 1 },
      ...this.leaves.map((offset, i) => ({ name: `leaf${i}`, section: '.text', value: CODE + offset, type: 2 })),
      ...this.relocations
        .filter(({ type }) => type === 23)
        .map(({ offset }) => ({ name: `.L${offset}`, section: '.text', value: CODE + offset, local: true })),
    ];
    const elf = buildElf({
      entry,
      symbols,
      sections: [
        { name: '.text', address: CODE, data: code, flags: 6, relocations: this.relocations },
        { name: '.data', address: DATA, data, flags: 3 },
        {
          name: '.rodata',
          address: TABLE,
          data: table.bytes,
          flags: 2,
          relocations: this.tables.map((addend, i) => ({ offset: i * 8, type: 2, symbol: 'text', addend })),
        },
      ],
    });
    return {
      elf,
      entry,
      parts: [
        { address: CODE, data: code },
        { address: DATA, data },
        { address: TABLE, data: table.bytes },
      ],
    };
  }

  private get here(): number {
    return CODE + this.code.length * 4;
  }

  private emit(...values: number[]): void {
    this.code.push(...values);
  }

  private get value(): number {
    return this.random.pick(VALUES);
  }

  /** A value, or now and then zero. */
  private get source(): number {
    return this.random.oneIn(8) ? 0 : this.value;
  }

  private leaf(): void {
    this.inLeaf = true;
    this.leaves.push(this.code.length * 4);
    for (let n = 1 + this.random.below(4); n > 0; n--) this.emit(...this.arithmetic());
    this.emit(rv.ret);
    this.inLeaf = false;
  }

  private statement(): void {
    const { random } = this;
    const kind = random.below(this.depth > 2 ? 10 : 16);
    if (kind < 3) this.chain();
    else if (kind < 6) for (let n = 1 + random.below(6); n > 0; n--) this.emit(...this.arithmetic());
    else if (kind < 8) this.emit(...this.memory());
    else if (kind === 8) this.emit(...this.call());
    else if (kind === 9) this.constant(this.value);
    else if (kind < 13) this.branch();
    else if (kind < 14) this.loop();
    else this.table();
  }

  private constant(register: number): void {
    const { random } = this;
    this.emit(rv.u(0x37, register, random.u32()));
    if (random.oneIn(2)) this.emit(rv.i(random.pick([0x13, 0x1b]), 0, register, register, random.u32()));
    if (random.oneIn(3)) {
      this.emit(rv.i(0x13, 1, register, register, random.pick([1, 12, 32])));
      this.emit(rv.i(0x13, 0, register, register, random.u32()));
    }
    if (random.oneIn(4)) this.emit(rv.i(0x13, 0, register, 0, random.pick([0, 1, -1, 7, 31, 63, 2047])));
  }

  private arithmetic(): number[] {
    const { random } = this;
    const d = random.oneIn(20) ? 0 : this.value;
    const a = this.source;
    const b = this.source;
    switch (random.below(12)) {
      case 0:
      case 1:
        return [rv.r(0x33, random.below(8), 0, d, a, b)];
      case 2:
        return [rv.r(0x33, random.below(8), 1, d, a, b)];
      case 3:
        return [rv.r(0x33, random.pick([0, 4, 5, 6, 7]), 0x20, d, a, b)];
      case 4:
        return [
          random.oneIn(2)
            ? rv.r(0x33, 4 + random.below(4), 5, d, a, b)
            : rv.r(random.pick([0x33, 0x3b]), random.pick([1, 5]), 0x30, d, a, b),
        ];
      case 5:
        return [rv.r(0x3b, random.pick([0, 1, 5]), 0, d, a, b)];
      case 6:
        return [
          random.oneIn(2)
            ? rv.r(0x3b, random.pick([0, 4, 5, 6, 7]), 1, d, a, b)
            : rv.r(0x3b, random.pick([0, 5]), 0x20, d, a, b),
        ];
      case 7:
        return [rv.i(0x13, random.pick([0, 0, 2, 3, 4, 6, 7]), d, a, this.small())];
      case 8:
        return [rv.i(0x1b, 0, d, a, random.oneIn(2) ? 0 : this.small())];
      case 9:
        return this.shift(d, a);
      case 10:
        // Extensions in place, one shift after another, and scaled ones.
        if (d === 0) return [];
        return [
          rv.i(0x13, 1, d, random.oneIn(2) ? d : a, random.pick([32, 32, 48, 56, 40])),
          rv.i(0x13, 5, d, d, random.pick([32, 32, 30, 29, 48, 56, 40]) | (random.oneIn(2) ? 0x400 : 0)),
        ];
      default:
        return [
          random.pick([
            rv.i(0x13, 1, d, a, 0x600 + random.pick([0, 1, 2, 4, 5])),
            rv.r(0x3b, 4, 4, d, a, 0),
            rv.i(0x13, 5, d, a, 0x6b8),
            rv.i(0x13, 5, d, a, 0x287),
            rv.i(0x13, 7, d, a, random.pick([255, 1, 15, 2047])),
            rv.i(0x13, 3, d, a, 1),
            rv.r(0x33, 3, 0, d, 0, a),
            rv.i(0x13, 4, d, a, random.pick([1, -1])),
            rv.i(0x13, 0, d, a, 0),
          ]),
        ];
    }
  }

  /** Values of few bits, and operations whose results have a few more: what widths are inferred for. */
  private chain(): void {
    const { random } = this;
    const registers = [this.value, this.value, this.value];
    for (const register of registers.slice(0, 2)) {
      const at = this.code.length * 4;
      const offset = random.below(DATA_SIZE - 8) & ~7;
      this.relocations.push({ offset: at, type: 26, symbol: 'data', addend: offset });
      this.relocations.push({ offset: at + 4, type: 27, symbol: 'data', addend: offset });
      this.emit(rv.u(0x37, ADDRESS, DATA + offset + 0x800));
      this.emit(rv.i(0x03, random.pick([0, 1, 2, 3, 4, 4, 5, 5, 6, 6]), register, ADDRESS, (DATA + offset) & 0xfff));
    }
    for (let n = 2 + random.below(5); n > 0; n--) {
      const d = random.pick(registers);
      const a = random.pick(registers);
      const b = random.pick(registers);
      const amount = random.oneIn(2)
        ? random.pick([1, 2, 7, 8, 16, 24, 31])
        : random.pick([32, 33, 40, 48, 56, 30, 63]);
      this.emit(
        random.pick([
          rv.r(0x33, 0, 0, d, a, b),
          rv.r(0x33, 0, 0x20, d, a, b),
          rv.r(0x33, random.pick([4, 6, 7]), 0, d, a, b),
          rv.r(0x33, 0, 1, d, a, b),
          rv.r(0x33, 4 + random.below(4), 5, d, a, b),
          rv.i(0x13, 0, d, a, this.small()),
          rv.i(0x13, random.pick([4, 6, 7]), d, a, this.small()),
          rv.i(0x13, 1, d, a, amount),
          rv.i(0x13, 5, d, a, amount),
          rv.i(0x13, 5, d, a, amount | 0x400),
          rv.i(0x1b, random.pick([1, 5]), d, a, amount & 31),
          rv.i(0x1b, 5, d, a, (amount & 31) | 0x400),
          rv.i(0x1b, 0, d, a, random.oneIn(2) ? 0 : this.small()),
          rv.i(0x13, 1, d, a, 0x604 + random.below(2)),
          rv.r(0x3b, 4, 4, d, a, 0),
          rv.r(0x3b, 0, 0, d, a, b),
        ]),
      );
      if (random.oneIn(3)) {
        const right = random.oneIn(2) ? amount : random.below(64);
        this.emit(
          rv.i(0x13, 1, d, random.oneIn(2) ? d : a, amount),
          rv.i(0x13, 5, d, d, right | (random.oneIn(2) ? 0x400 : 0)),
        );
      }
    }
    // Stores of all widths want as much of the values as they store.
    for (const register of registers)
      if (random.oneIn(2)) this.emit(rv.s(random.below(4), SP, register, random.below(8) * 8));
    if (random.oneIn(2)) for (const register of registers) this.emit(rv.i(0x13, 0, register, 0, 3));
  }

  private shift(d: number, a: number): number[] {
    const { random } = this;
    const is32 = random.oneIn(2);
    const amount = random.below(is32 ? 32 : 64);
    const f3 = random.pick([1, 5]);
    return [rv.i(is32 ? 0x1b : 0x13, f3, d, a, amount | (f3 === 5 && random.oneIn(2) ? 0x400 : 0))];
  }

  private small(): number {
    return this.random.pick([0, 1, -1, 2, 8, 255, -8, this.random.u32()]);
  }

  /** An access to the stack or to data, its address made in one of the usual ways. */
  private memory(): number[] {
    const { random } = this;
    const log2 = random.below(4);
    const isStore = random.oneIn(2);
    const access = (base: number, offset: number): number =>
      isStore
        ? rv.s(log2, base, this.source, offset)
        : rv.i(0x03, log2 < 3 && random.oneIn(2) ? log2 + 4 : log2, random.oneIn(20) ? 0 : this.value, base, offset);
    const offset = random.below(8) * 8;
    const at = this.code.length * 4;
    switch (random.below(4)) {
      case 0:
        return [access(SP, offset)];
      case 1:
        // lui and a low part, in an addi or in the access itself
        this.relocations.push({ offset: at, type: 26, symbol: 'data', addend: offset });
        this.emit(rv.u(0x37, ADDRESS, DATA + offset + 0x800));
        if (random.oneIn(2)) {
          this.relocations.push({ offset: at + 4, type: isStore ? 28 : 27, symbol: 'data', addend: offset });
          return [access(ADDRESS, (DATA + offset) & 0xfff)];
        }
        this.relocations.push({ offset: at + 4, type: 27, symbol: 'data', addend: offset });
        return [rv.i(0x13, 0, ADDRESS, ADDRESS, DATA + offset), access(ADDRESS, 8)];
      case 2: {
        const distance = DATA + offset - (CODE + at);
        this.relocations.push({ offset: at, type: 23, symbol: 'data', addend: offset });
        this.emit(rv.u(0x17, ADDRESS, distance + 0x800));
        this.relocations.push({ offset: at + 4, type: isStore ? 25 : 24, symbol: `.L${at}` });
        return [access(ADDRESS, distance & 0xfff)];
      }
      default: {
        // An index, masked and scaled
        const index = this.value;
        this.emit(
          rv.i(0x13, 7, ADDRESS, index, 7),
          rv.i(0x13, 1, ADDRESS, ADDRESS, 35),
          rv.i(0x13, 5, ADDRESS, ADDRESS, 32),
          rv.r(0x33, 0, 0, ADDRESS, ADDRESS, SP),
        );
        return [access(ADDRESS, random.below(4) * 8)];
      }
    }
  }

  /** Code that a branch leaves out, or one of two pieces. */
  private branch(): void {
    const { random } = this;
    this.depth++;
    let a = this.source;
    if (random.oneIn(2)) {
      // A comparison first, as for a value.
      a = this.value;
      this.emit(
        random.pick([
          rv.r(0x33, random.pick([2, 3]), 0, a, this.source, this.source),
          rv.i(0x13, random.pick([2, 3]), a, this.source, this.small()),
          rv.r(0x33, 4, 0, a, this.source, this.source),
          rv.r(0x33, 3, 0, a, 0, this.source),
          rv.i(0x13, 3, a, this.source, 1),
          rv.i(0x13, 0, a, this.source, this.small()),
        ]),
      );
      if (random.oneIn(4)) this.emit(rv.i(0x13, 4, a, a, 1));
    }
    const b = random.oneIn(2) ? 0 : this.source;
    const at = this.code.length;
    this.emit(0);
    this.statement();
    if (random.oneIn(2)) {
      const jump = this.code.length;
      this.emit(0);
      this.code[at] = rv.b(random.pick([0, 1, 4, 5, 6, 7]), a, b, (this.code.length - at) * 4);
      this.statement();
      this.code[jump] = rv.j(0, (this.code.length - jump) * 4);
    } else this.code[at] = rv.b(random.pick([0, 1, 4, 5, 6, 7]), a, b, (this.code.length - at) * 4);
    this.depth--;
  }

  /** A loop with a counter in memory, so that nothing in it can make it endless. */
  private loop(): void {
    this.depth++;
    const slot = 64 + this.depth * 8;
    this.emit(rv.i(0x13, 0, ADDRESS, 0, 1 + this.random.below(5)), rv.s(3, SP, ADDRESS, slot));
    const start = this.code.length;
    this.statement();
    this.emit(
      rv.i(0x03, 3, ADDRESS, SP, slot),
      rv.i(0x13, 0, ADDRESS, ADDRESS, -1),
      rv.s(3, SP, ADDRESS, slot),
      rv.b(1, ADDRESS, 0, (start - (this.code.length + 3)) * 4),
    );
    this.depth--;
  }

  private call(): number[] {
    if (this.inLeaf) return [];
    const { random } = this;
    const leaf = random.pick(this.leaves);
    const at = this.code.length * 4;
    switch (random.below(3)) {
      case 0:
        return [rv.j(RA, leaf - at)];
      case 1:
        this.relocations.push({ offset: at, type: 19, symbol: 'text', addend: leaf });
        return [rv.u(0x17, RA, leaf - at + 0x800), rv.i(0x67, 0, RA, RA, (leaf - at) & 0xfff)];
      default:
        this.relocations.push({ offset: at, type: 23, symbol: 'text', addend: leaf });
        this.relocations.push({ offset: at + 4, type: 24, symbol: `.L${at}` });
        return [
          rv.u(0x17, ADDRESS, leaf - at + 0x800),
          rv.i(0x13, 0, ADDRESS, ADDRESS, leaf - at),
          random.oneIn(2) ? rv.nop : rv.i(0x13, 0, this.value, 0, 5),
          rv.i(0x67, 0, RA, ADDRESS, 0),
        ];
    }
  }

  /** A jump through a table of addresses. */
  private table(): void {
    const { random } = this;
    this.depth++;
    const first = this.tables.length;
    const at = this.code.length * 4;
    const distance = TABLE + first * 8 - (CODE + at + 8);
    this.emit(rv.i(0x13, 7, ADDRESS, this.value, 3), rv.i(0x13, 1, ADDRESS, ADDRESS, 3));
    this.relocations.push({ offset: at + 8, type: 23, symbol: 'table', addend: first * 8 });
    this.relocations.push({ offset: at + 12, type: 24, symbol: `.L${at + 8}` });
    const base = this.value;
    this.emit(
      rv.u(0x17, base, distance + 0x800),
      rv.i(0x13, 0, base, base, distance),
      rv.r(0x33, 0, 0, ADDRESS, ADDRESS, base),
      rv.i(0x03, 3, ADDRESS, ADDRESS, 0),
      rv.i(0x13, 0, base, 0, 1),
      rv.i(0x67, 0, 0, ADDRESS, 0),
    );
    for (let i = 0; i < 4; i++) this.tables.push(0);
    const ends: number[] = [];
    for (let i = 0; i < 4; i++) {
      this.tables[first + i] = this.code.length * 4;
      this.statement();
      if (random.oneIn(4)) continue;
      ends.push(this.code.length);
      this.emit(0);
    }
    for (const end of ends) this.code[end] = rv.j(0, (this.code.length - end) * 4);
    this.depth--;
  }
}
