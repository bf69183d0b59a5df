/**
 * Ways out of the guest, tried one after the other on both engines. For each it is worked out here, from the rules and
 * not from either engine, what has to happen: an exit that is defined, and no byte changed that may not be. Other
 * guests, whose windows lie next to those under test, watch that nothing reaches them.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ExitResult, Instance } from '../../src/pvm/instance.js';
import { BY_OPCODE } from '../../src/pvm/isa/instructions.js';
import { writeCodeBlob } from '../../src/pvm/program/code-blob.js';
import { Access, type Segment } from '../../src/pvm/program/image.js';
import { Program } from '../../src/pvm/program.js';
import { collectGarbage, ENGINES, guestOf, MODELS, pages, programOf, registersOf } from './machines.js';

const HALT = 0xffff0000;
const SPACE = 2 ** 32;
const u32 = (value: number): number => value >>> 0;
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const s32 = (value: bigint): bigint => BigInt.asIntN(32, value);

// --- Witnesses -------------------------------------------------------------------------------------------------------

const WITNESS_PAGES = [0x10000, 0x20000, 0x3ff000, 0x400000, 0x7ffff000, 0xffffe000, 0xfffff000];
const PATTERN = new Uint8Array(4096).fill(0xa5);
const witnesses: Instance[] = [];

function addWitness(): void {
  const engine = ENGINES[ENGINES.length - 1] as (typeof ENGINES)[number];
  const segments = WITNESS_PAGES.map((address) => pages(address, 1, Access.Write, PATTERN));
  witnesses.push(guestOf('trap', { engine, segments, registers: new Array<bigint>(13).fill(0x5a5a5a5an), gas: 77 }));
}

before(() => {
  for (let i = 0; i < 3; i++) addWitness();
});
after(() => {
  assert.ok(witnesses.length >= 3);
  for (const witness of witnesses) {
    assert.equal(witness.gas, 77n);
    assert.ok(witness.registers.every((value) => value === 0x5a5a5a5an));
    for (const address of WITNESS_PAGES) assert.deepEqual(witness.memory.read(address, 4096), PATTERN);
    assert.equal(
      witness.memory.regions().reduce((sum, { length }) => sum + length, 0),
      WITNESS_PAGES.length * 4096,
    );
  }
});

// --- Memory ----------------------------------------------------------------------------------------------------------

/** Page layouts: address → access. Every kind of neighbour occurs, and both ends of the address space. */
const LAYOUTS: Readonly<Record<string, ReadonlyMap<number, Access>>> = {
  'both ends mapped': new Map([
    [0x10000, Access.Write],
    [0x12000, Access.Read],
    [0x20000, Access.Write],
    [0x21000, Access.Write],
    [0x22000, Access.Read],
    [0x3ff000, Access.Read],
    [0x400000, Access.Write],
    [0x7ffff000, Access.Write],
    [0x80000000, Access.Write],
    [0xffffe000, Access.Read],
    [0xfffff000, Access.Write],
  ]),
  'neither end mapped': new Map([
    [0x11000, Access.Write],
    [0x3ff000, Access.Write],
    [0x400000, Access.Read],
    [0x80000000, Access.Read],
    [0xffffe000, Access.Write],
  ]),
};

const BOUNDARIES = [
  0, 0x8000, 0x10000, 0x11000, 0x12000, 0x20000, 0x21000, 0x22000, 0x23000, 0x3ff000, 0x400000, 0x401000, 0x7ffff000,
  0x80000000, 0x80001000, 0xfffde000, 0xffffe000, 0xfffff000,
];
const ADDRESSES = BOUNDARIES.flatMap((boundary) =>
  [-9, -8, -7, -4, -3, -2, -1, 0, 1, 3, 5].map((d) => u32(boundary + d)),
);

/** What the rules say about an access: undefined where it succeeds. */
function failure(
  layout: ReadonlyMap<number, Access>,
  address: number,
  size: number,
  access: Access,
): object | undefined {
  for (let i = 0; i < size; i++) {
    const at = u32(address + i);
    const page = at - (at % 4096);
    if ((layout.get(page) ?? Access.None) >= access) continue;
    return at < 0x10000 ? { kind: 'panic' } : { kind: 'page-fault', address: page };
  }
  return undefined;
}

/** Memory as it should be. Both ends of the space join, as they do for the guest. */
class Shadow {
  private readonly pages = new Map<number, Uint8Array>();

  constructor(readonly layout: ReadonlyMap<number, Access>) {
    for (const page of layout.keys()) {
      this.pages.set(
        page,
        Uint8Array.from({ length: 4096 }, (_, i) => (i * 7 + (i >> 8) * 13 + page / 4096 + 1) & 255),
      );
    }
  }

  segments(): Segment[] {
    return [...this.layout].map(([address, access]) =>
      pages(address, 1, access, (this.pages.get(address) as Uint8Array).slice()),
    );
  }

  load(address: number, size: number): bigint {
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) {
      const at = u32(address + i);
      value = (value << 8n) | BigInt((this.pages.get(at - (at % 4096)) as Uint8Array)[at % 4096] as number);
    }
    return value;
  }

  store(address: number, size: number, value: bigint): void {
    for (let i = 0; i < size; i++) {
      const at = u32(address + i);
      (this.pages.get(at - (at % 4096)) as Uint8Array)[at % 4096] = Number((value >> BigInt(8 * i)) & 255n);
    }
  }

  check(guest: Instance, what: string): void {
    for (const [page, bytes] of this.pages) {
      assert.ok(
        Buffer.from(guest.memory.read(page, 4096)).equals(Buffer.from(bytes)),
        `${what}: page ${page.toString(16)}`,
      );
    }
    assert.equal(
      guest.memory.regions().reduce((sum, { length }) => sum + length, 0),
      this.pages.size * 4096,
      what,
    );
  }
}

interface Form {
  readonly name: string;
  readonly size: number;
  readonly signed: boolean;
  readonly kind: 'load' | 'store' | 'store_imm';
}

const FORMS: readonly Form[] = [
  ...['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64'].map((type) => form('load', type)),
  ...['u8', 'u16', 'u32', 'u64'].flatMap((type) => [form('store', type), form('store_imm', type)]),
];

function form(kind: Form['kind'], type: string): Form {
  return { name: type, size: Number(type.slice(1)) / 8, signed: type.startsWith('i'), kind };
}

const VALUE = 0xf1e2d3c4b5a69788n;
const STORED_IMMEDIATE = -0x12345678;

/** One access at `pc`, and everything checked that it may have changed. */
function access(guest: Instance, shadow: Shadow, shape: Form, address: number, pc: number, what: string): void {
  const expected = failure(shadow.layout, address, shape.size, shape.kind === 'load' ? Access.Read : Access.Write);
  const before = guest.registers;
  guest.gas = 1000n;
  guest.pc = pc;
  const exit = guest.run();
  const trap = exit.pc !== pc;
  if (expected !== undefined) {
    assert.deepEqual(exit, { ...expected, pc }, what);
    assert.deepEqual(guest.registers, before, what);
    return;
  }
  assert.ok(exit.kind === 'panic' && trap, `${what}: ${JSON.stringify(exit)}`);
  if (shape.kind === 'load') {
    const value = shadow.load(address, shape.size);
    before[3] = shape.signed ? u64(BigInt.asIntN(8 * shape.size, value)) : value;
    assert.deepEqual(guest.registers, before, what);
    guest.setRegister(3, VALUE);
  } else {
    shadow.store(address, shape.size, shape.kind === 'store' ? VALUE : u64(BigInt(STORED_IMMEDIATE)));
    assert.deepEqual(guest.registers, before, what);
  }
}

for (const engine of ENGINES) {
  describe(`a guest on the ${engine} cannot get out`, () => {
    for (const [name, layout] of Object.entries(LAYOUTS)) {
      test(`by absolute addresses, ${name}`, () => {
        for (const shape of FORMS) {
          const mnemonic = `${shape.kind}_${shape.name}`;
          const lines = ADDRESSES.map((address) =>
            shape.kind === 'store_imm'
              ? `${mnemonic} [${address}], ${STORED_IMMEDIATE}`
              : `${mnemonic} r3, [${address}]`,
          );
          // Each access is a block of its own, so that emitted code runs it and not the interpreter.
          const program = programOf(lines.map((line) => `${line}\ntrap`).join('\n'));
          const starts = accessPcs(program);
          const shadow = new Shadow(layout);
          const guest = program.instantiate({
            engine,
            segments: shadow.segments(),
            registers: registersOf({ 3: VALUE }),
          });
          ADDRESSES.forEach((address, i) => {
            access(guest, shadow, shape, address, starts[i] as number, `${mnemonic} ${address.toString(16)}`);
          });
          shadow.check(guest, mnemonic);
          guest.dispose();
        }
        addWitness();
      });

      test(`by addresses in registers, immediates that overflow included, ${name}`, () => {
        const offsets = [0, 1, -1, 0xffff, -0x10000, 0x7fffffff, -0x80000000];
        for (const shape of FORMS) {
          const mnemonic = `${shape.kind}_ind_${shape.name}`;
          const lines = offsets.map((offset) => {
            const operand = `[r2${offset < 0 ? '-' : '+'}${Math.abs(offset)}]`;
            return shape.kind === 'store_imm'
              ? `${mnemonic} ${operand}, ${STORED_IMMEDIATE}`
              : `${mnemonic} r3, ${operand}`;
          });
          const program = programOf(lines.map((line) => `${line}\ntrap`).join('\n'));
          const starts = accessPcs(program);
          const shadow = new Shadow(layout);
          const guest = program.instantiate({
            engine,
            segments: shadow.segments(),
            registers: registersOf({ 3: VALUE }),
          });
          offsets.forEach((offset, i) => {
            ADDRESSES.forEach((address, k) => {
              // The upper half of the register must not matter.
              const upper = [0n, 1n, 0xffffffffn, 0x80000000n][k % 4] as bigint;
              guest.setRegister(2, (upper << 32n) | BigInt(u32(address - offset)));
              access(
                guest,
                shadow,
                shape,
                address,
                starts[i] as number,
                `${mnemonic} ${address.toString(16)} by ${offset}`,
              );
            });
          });
          shadow.check(guest, mnemonic);
          guest.dispose();
        }
      });
    }

    test('by sweeping the whole address space, page by page', () => {
      const guest = guestOf('load_ind_u8 r3, [r2]\ntrap', { engine });
      for (let page = 0; page < SPACE; page += 0x1fd000) {
        guest.setRegister32(2, page + 5);
        guest.pc = 0;
        assert.deepEqual(guest.run(), page < 0x10000 ? { kind: 'panic', pc: 0 } : fault(page - (page % 4096)));
      }
    });

    test('by static jumps and branches to any byte, in the code or outside', async () => {
      // Longer than a short branch reaches, with instructions of every length and a stretch that is none.
      const filler = Array.from({ length: 30 }, (_, i) =>
        i % 3 === 0 ? 'fallthrough' : 'load_imm_64 r9, 0x0a0a0a0a0a0a0a0a',
      );
      const tail = `${filler.join('\n')}\n.gap ${new Array(30).fill(1).join(', ')}\nload_imm r4, 1\ntrap\nload_imm r5, 2`;
      const jumps = ['jump', 'branch_eq r1, r2,', 'branch_ge_s_imm r1, 0,', 'load_imm_jump r6, 55,'];
      for (const jump of jumps) {
        await collectGarbage();
        const length = rawJump(jump, tail, 0).decoded.codeLength;
        for (let target = -30; target < length + 30; target++) {
          const program = rawJump(jump, tail, target);
          const { indexOfPc, flags } = program.decoded;
          const entry = target >= 0 && target < indexOfPc.length ? (indexOfPc[target] as number) : -1;
          const valid = entry >= 0 && ((flags[entry] as number) & 1) !== 0;
          const guest = program.instantiate({ engine, gas: 50 });
          const exit = guest.run();
          if (!valid) {
            assert.deepEqual(exit, { kind: 'panic', pc: 0 }, `${jump} ${target}`);
            assert.equal(guest.gas, 49n);
          } else if (target === 0) assert.equal(exit.kind, 'out-of-gas');
          else assert.ok(exit.kind === 'panic' && exit.pc >= target, `${jump} ${target}: ${JSON.stringify(exit)}`);
          guest.dispose();
        }
      }
    });

    test('by dynamic jumps: tables out of range, odd addresses, entries that lead nowhere', () => {
      const code = Uint8Array.of(50, 2, 51, 3, 7, 0, 100, 0x35, 0, 180, 0x21, 0, 9);
      const starts = [0, 2, 5, 6, 8, 9];
      const bitmask = new Uint8Array(2);
      for (const pc of starts) bitmask[pc >> 3] = (bitmask[pc >> 3] as number) | (1 << (pc & 7));
      const entries = [0, 1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 14, 0x7fffffff, 0x80000000, 0xffffffff];
      const blocks = new Set([0, 2, 6, 9]);
      const program = Program.load(writeCodeBlob({ code, bitmask, jumpOffsets: Uint32Array.from(entries) }));
      const addresses = Array.from({ length: 2 * entries.length + 8 }, (_, i) => i);
      for (const edge of [HALT, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x10000])
        addresses.push(edge - 1, edge, edge + 1);
      for (const [pc, register] of [
        [0, 2],
        [9, 2],
      ] as const) {
        for (const address of addresses) {
          for (const upper of [0n, 1n, 0xffffffffn]) {
            // The second form, at 9, adds its own immediate, 9.
            const value = (upper << 32n) | BigInt(u32(address - (pc === 9 ? 9 : 0)));
            const guest = program.instantiate({
              engine,
              gas: 30,
              pc,
              registers: registersOf({ [register]: value, 1: 4n }),
            });
            const exit: ExitResult = guest.run();
            const wrapped = u32(address);
            const target = wrapped % 2 === 0 && wrapped > 0 ? entries[wrapped / 2 - 1] : undefined;
            const what: string = `pc ${pc}, ${address.toString(16)}: ${JSON.stringify(exit)}`;
            if (wrapped === HALT) assert.deepEqual(exit, { kind: 'halt', pc }, what);
            else if (target === undefined || !blocks.has(target)) assert.deepEqual(exit, { kind: 'panic', pc }, what);
            else if (target === 2) assert.deepEqual([exit.kind, exit.pc, guest.getRegister(3)], ['panic', 5, 7n], what);
            else if (target === 6) assert.deepEqual([exit.kind, exit.pc], ['panic', 8], what);
            else assert.ok(['panic', 'out-of-gas', 'halt'].includes(exit.kind), what);
            guest.dispose();
          }
        }
      }
    });

    test('by starting at any byte', () => {
      const program = programOf(
        'load_imm_64 r1, 0x1e0a1e0a1e0a1e0a\nstore_ind_u64 r1, [r2-4]\nfallthrough\nadd_imm_64 r3, r3, 1',
      );
      const { indexOfPc } = program.decoded;
      for (let pc = 0; pc < indexOfPc.length + 40; pc++) {
        const guest = program.instantiate({ engine, pc, gas: 20 });
        const exit = guest.run();
        if ((indexOfPc[pc] ?? -1) < 0) assert.deepEqual(exit, { kind: 'panic', pc });
        else assert.ok(exit.kind === 'page-fault' || exit.kind === 'panic');
        guest.dispose();
      }
    });

    test('by dividing the most negative number by −1, or anything by zero', () => {
      const MIN = -(2n ** 63n);
      const values = [
        0n,
        1n,
        -1n,
        2n,
        -2n,
        MIN,
        MIN + 1n,
        2n ** 63n - 1n,
        -(2n ** 31n),
        2n ** 31n,
        2n ** 32n - 1n,
        2n ** 32n,
        0xffffffff80000000n,
        0x1_0000_0000_8000_0000n,
      ];
      for (const w of [32, 64] as const) {
        for (const sign of ['u', 's'] as const) {
          for (const operation of ['div', 'rem'] as const) {
            // Each register in each place: emitted code moves some of them out of the way.
            for (const [d, a, b] of [
              [2, 0, 1],
              [0, 0, 1],
              [1, 0, 1],
              [4, 3, 4],
              [3, 4, 3],
              [4, 4, 4],
              [3, 3, 4],
              [12, 4, 3],
            ] as const) {
              const name = `${operation}_${sign}_${w} r${d}, r${a}, r${b}`;
              const guest = guestOf(`${name}\ntrap`, { engine });
              for (const x of values) {
                for (const y of values) {
                  const start = Array.from({ length: 13 }, (_, i) => BigInt(i) * 0x0101010101010101n);
                  start[b] = u64(y);
                  start[a] = u64(x);
                  start.forEach((value, i) => guest.setRegister(i, value));
                  guest.pc = 0;
                  assert.equal(guest.run().kind, 'panic');
                  const expected = [...start];
                  expected[d] = divide(operation, sign, w, start[a] as bigint, start[b] as bigint);
                  assert.deepEqual(guest.registers, expected, `${name}: ${x}, ${y}`);
                }
              }
              guest.dispose();
            }
          }
        }
      }
    });

    test('by shifting by 64 and more', () => {
      const counts = [
        0n,
        1n,
        31n,
        32n,
        33n,
        63n,
        64n,
        65n,
        127n,
        128n,
        255n,
        256n,
        2n ** 31n,
        2n ** 32n,
        2n ** 63n,
        -1n,
        -64n,
      ];
      const values = [0x8123456789abcdefn, 0x7fffffffffffffffn, 1n, 0xffffffff80000001n];
      for (const w of [32, 64] as const) {
        for (const operation of ['shlo_l', 'shlo_r', 'shar_r', 'rot_l', 'rot_r'] as const) {
          for (const [d, a, b] of [
            [2, 0, 1],
            [0, 0, 1],
            [1, 0, 1],
            [0, 0, 0],
            [4, 3, 4],
            [3, 3, 4],
          ] as const) {
            const guest = guestOf(`${operation}_${w} r${d}, r${a}, r${b}\ntrap`, { engine });
            for (const value of values) {
              for (const count of counts) {
                guest.setRegister(a, value);
                guest.setRegister(b, count);
                const shifted = shift(operation, w, guest.getRegister(a), guest.getRegister(b));
                guest.pc = 0;
                guest.run();
                assert.equal(guest.getRegister(d), shifted, `${operation}_${w} ${value.toString(16)} by ${count}`);
              }
            }
            guest.dispose();
          }
          if (operation === 'rot_l') continue;
          const immediate = operation === 'rot_r' ? `rot_r_${w}_imm` : `${operation}_imm_${w}`;
          const alternative = operation === 'rot_r' ? `rot_r_${w}_imm_alt` : `${operation}_imm_alt_${w}`;
          for (const count of [0, 1, 31, 32, 33, 63, 64, 65, 127, 255, 0x7fffffff, -1, -64, -0x80000000]) {
            const guest = guestOf(`${immediate} r2, r1, ${count}\n${alternative} r3, r1, ${count}\ntrap`, { engine });
            for (const value of values) {
              guest.setRegister(1, value);
              guest.pc = 0;
              guest.run();
              const what: string = `${operation} ${w} ${value.toString(16)}, ${count}`;
              assert.equal(guest.getRegister(2), shift(operation, w, value, u64(BigInt(count))), `${what} imm`);
              assert.equal(guest.getRegister(3), shift(operation, w, u64(BigInt(count)), value), `${what} alt`);
            }
            guest.dispose();
          }
        }
      }
    });

    test('by code that ends anywhere: every opcode, cut after any number of operand bytes, no terminator', async () => {
      for (let opcode = 0; opcode < 256; opcode++) {
        if (opcode % 32 === 0) await collectGarbage();
        for (const operands of [[], [0x21], [0xff, 0xff], [0x12, 4, 0, 0, 2, 0], new Array<number>(10).fill(0x88)]) {
          const code = Uint8Array.of(1, opcode, ...operands);
          for (const mask of [0b11, 0b111, 0b1011]) {
            const bitmask = new Uint8Array((code.length + 7) >> 3);
            bitmask[0] = mask & (2 ** Math.min(8, code.length) - 1);
            const program = Program.load(writeCodeBlob({ code, bitmask, jumpOffsets: Uint32Array.of(0, 1, 2) }));
            for (const gasModel of MODELS) {
              const guest = program.instantiate({ engine, gasModel, gas: 400, segments: [pages(0x20000)] });
              checkDefined(guest.run(), program, `opcode ${opcode}`);
              assert.ok(guest.gas >= 0n && guest.gas < 400n);
              guest.dispose();
            }
            if (BY_OPCODE[opcode] === undefined) {
              assert.deepEqual(program.instantiate({ engine }).run(), { kind: 'panic', pc: 1 });
            }
          }
        }
      }
    });

    test('by gaps wider than an instruction', () => {
      for (const gap of [23, 24, 25, 26, 48, 100]) {
        // load_imm r1, then bytes that belong to nothing, then an instruction.
        const code = Uint8Array.of(51, 1, ...new Array<number>(gap - 1).fill(10), 51, 2, 9);
        const bitmask = new Uint8Array((code.length + 7) >> 3);
        bitmask[0] = 1;
        const next = gap + 1;
        bitmask[next >> 3] = (bitmask[next >> 3] as number) | (1 << (next & 7));
        const program = Program.load(writeCodeBlob({ code, bitmask, jumpOffsets: new Uint32Array(0) }));
        const guest = program.instantiate({ engine });
        const exit = guest.run();
        // An instruction ends at most 24 bytes behind its opcode; what follows without a mark acts as a trap.
        assert.deepEqual(exit, { kind: 'panic', pc: gap > 24 ? 25 : code.length }, `gap ${gap}`);
        assert.equal(guest.getRegister(1), BigInt.asUintN(64, 0x0a0a0a0an));
        assert.equal(guest.getRegister(2), gap > 24 ? 0n : 9n);
      }
    });

    test('by host calls of any number, by running for ever, by asking for all the memory', () => {
      for (const id of [0, 1, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]) {
        const guest = guestOf(`ecalli ${id}\ntrap`, { engine, host: { 5: () => undefined } });
        assert.deepEqual(guest.run(), { kind: 'host-call', pc: 0, id });
      }
      for (const gasModel of MODELS) {
        const guest = guestOf('loop: jump @loop', { engine, gasModel, gas: 1_000_000 });
        assert.equal(guest.run().kind, 'out-of-gas');
        assert.ok(guest.gas >= 0n && guest.gas < 100n);
      }
      const greedy = guestOf('sbrk r2, r3\ntrap', { engine, registers: registersOf({ 2: 9n, 3: 1n << 40n }) });
      assert.equal(greedy.run().kind, 'panic');
      assert.equal(greedy.getRegister(2), 0n);
      assert.equal(greedy.memory.regions().length, 0);
    });
  });
}

// --- What the rules say ----------------------------------------------------------------------------------------------

function fault(address: number): ExitResult {
  return { kind: 'page-fault', pc: 0, address };
}

/** Byte offsets of every second instruction: the accesses, with a trap behind each. */
function accessPcs(program: Program): number[] {
  const pcs: number[] = [];
  program.decoded.indexOfPc.forEach((entry, pc) => {
    if (entry >= 0 && entry % 2 === 0) pcs.push(pc);
  });
  return pcs;
}

/** A program that starts with a jump whose target is written into its last four operand bytes as it is. */
function rawJump(jump: string, tail: string, target: number): Program {
  // Jumping to itself is always allowed; the offset is made four bytes wide and then replaced.
  const head: Readonly<Record<string, readonly number[]>> = {
    jump: [40],
    'branch_eq r1, r2,': [170, 0x21],
    'branch_ge_s_imm r1, 0,': [89, 0x11, 0],
    'load_imm_jump r6, 55,': [80, 0x16, 55],
  };
  const offset = [target, target >> 8, target >> 16, target >> 24].map((byte) => byte & 255);
  return programOf(`.inst ${[...(head[jump] as readonly number[]), ...offset].join(', ')}\n${tail}`);
}

function divide(operation: 'div' | 'rem', sign: 'u' | 's', w: 32 | 64, x: bigint, y: bigint): bigint {
  const cut = (value: bigint) => (sign === 's' ? BigInt.asIntN(w, value) : BigInt.asUintN(w, value));
  const [a, b] = [cut(x), cut(y)];
  let result: bigint;
  if (b === 0n) result = operation === 'div' ? 2n ** 64n - 1n : a;
  else result = operation === 'div' ? a / b : a % b;
  return w === 32 ? u64(s32(result)) : u64(result);
}

function shift(operation: string, w: 32 | 64, value: bigint, count: bigint): bigint {
  const width = BigInt(w);
  const n = BigInt.asUintN(64, count) % width;
  const unsigned = BigInt.asUintN(w, value);
  const results: Readonly<Record<string, bigint>> = {
    shlo_l: unsigned << n,
    shlo_r: unsigned >> n,
    shar_r: BigInt.asIntN(w, value) >> n,
    rot_l: (unsigned << n) | (unsigned >> (width - n)),
    rot_r: (unsigned >> n) | (unsigned << (width - n)),
  };
  const result = results[operation] as bigint;
  return w === 32 ? u64(s32(result)) : u64(s64(result));
}

/** Whether an exit is one a program can have. */
function checkDefined(exit: ExitResult, program: Program, what: string): void {
  const text = `${what}: ${JSON.stringify(exit)}`;
  assert.ok(['halt', 'panic', 'out-of-gas', 'page-fault', 'host-call'].includes(exit.kind), text);
  assert.ok((program.decoded.indexOfPc[exit.pc] ?? -1) >= 0 || exit.pc <= program.decoded.codeLength, text);
  if (exit.kind === 'page-fault') assert.ok(exit.address >= 0x10000 && exit.address % 4096 === 0, text);
}
