/** Freezing instances, restoring them, and moving them between engines, at every kind of exit. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExitResult, Instance } from '../../src/pvm/instance.js';
import { Access } from '../../src/pvm/program/image.js';
import { Program } from '../../src/pvm/program.js';
import { ENGINES, MODELS, pages, programOf } from './machines.js';

/** Stops in every way there is, some of them in the middle of a block, and does something in between. */
const TEXT = `
          .jumptable @end
          load_imm r1, 0x20000
          ecalli 3
          fallthrough
  again:  add_imm_64 r2, r2, 1
          store_ind_u64 r2, [r1]
          load_ind_u8 r3, [r1+4096]
          mul_64 r4, r2, r2
          add_imm_64 r1, r1, 8
          branch_lt_u_imm r2, 6, @again
          ecalli 4
          load_imm r5, 2
          jump_ind r5
  end:    load_imm_64 r6, 0x1234567890abcdef
          jump_ind r0`;

/** Everything there is to see of an instance. */
function look(guest: Instance): unknown {
  const { pc, gas, registers, memory } = guest;
  const contents = memory
    .regions()
    .map(({ address, length, access }) => [address, access, memory.read(address, length)]);
  return { pc, gas, registers, brk: memory.brk, contents };
}

/** Deals with an exit; false where the guest is done. */
function onwards(guest: Instance, exit: ExitResult): boolean {
  if (exit.kind === 'page-fault') guest.memory.map(exit.address, 4096, Access.Write);
  if (exit.kind === 'out-of-gas') guest.gas = guest.gas + 40n;
  return exit.kind !== 'halt' && exit.kind !== 'panic';
}

/** Runs to the end; `between` may replace the instance at each exit. */
function journey(start: Instance, between: (guest: Instance, step: number) => Instance): unknown[] {
  const seen: unknown[] = [];
  let guest = start;
  for (let step = 0; ; step++) {
    assert.ok(step < 200, 'ends');
    const exit = guest.run();
    seen.push(exit, look(guest));
    if (!onwards(guest, exit)) return seen;
    guest = between(guest, step);
  }
}

for (const gasModel of MODELS) {
  describe(`moving guests, ${gasModel} gas`, () => {
    const program = programOf(TEXT);
    const make = (engine: (typeof ENGINES)[number]) => {
      const guest = program.instantiate({ engine, gasModel, gas: 5, segments: [pages(0x30000)] });
      guest.setRegister(0, 0xffff0000n);
      return guest;
    };
    const expected = journey(make('interpreter'), (guest) => guest);

    test('the journey has every kind of exit in it', () => {
      const kinds = new Set(expected.filter((_, i) => i % 2 === 0).map((exit) => (exit as ExitResult).kind));
      assert.deepEqual([...kinds].sort(), ['halt', 'host-call', 'out-of-gas', 'page-fault']);
    });

    test('both engines see the same', () => {
      for (const engine of ENGINES)
        assert.deepEqual(
          journey(make(engine), (guest) => guest),
          expected,
        );
    });

    test('changing engines at every exit, or at every third, changes nothing', () => {
      for (const engine of ENGINES) {
        for (const every of [1, 2, 3]) {
          const seen = journey(make(engine), (guest, step) => {
            if (step % every !== 0) return guest;
            const other = ENGINES.find((name) => name !== guest.engine) ?? guest.engine;
            guest.engine = other;
            assert.equal(guest.engine, other);
            return guest;
          });
          assert.deepEqual(seen, expected);
        }
      }
    });

    test('a snapshot, sent through structuredClone, restores on either engine at every exit', () => {
      for (const from of ENGINES) {
        for (const to of ENGINES) {
          const seen = journey(make(from), (guest, step) => {
            const snapshot = structuredClone(guest.snapshot());
            guest.dispose();
            return program.restore(snapshot, { engine: step % 2 === 0 ? to : from });
          });
          assert.deepEqual(seen, expected);
        }
      }
    });

    test('a snapshot is a copy: the original runs on and the copies start where it was', () => {
      for (const engine of ENGINES) {
        const guest = make(engine);
        while (guest.run().kind !== 'page-fault') guest.gas = guest.gas + 3n;
        const before = look(guest);
        const snapshot = guest.snapshot();
        const rest = journey(guest, (same) => same);
        for (let i = 0; i < 2; i++) {
          const copy = program.restore(snapshot, { engine });
          assert.deepEqual(look(copy), before);
          assert.deepEqual(
            journey(copy, (same) => same),
            rest,
          );
        }
      }
    });
  });
}

test('restoring may change gas and program counter, and checks what it is given', () => {
  const program = programOf('ecalli 1\nload_imm r1, 5\ntrap');
  for (const engine of ENGINES) {
    const guest = program.instantiate({ engine, gas: 10 });
    guest.run();
    const snapshot = guest.snapshot();
    const again = program.restore(snapshot, { engine, gas: 100, pc: 0 });
    assert.deepEqual(again.run(), { kind: 'host-call', pc: 0, id: 1 });
    assert.equal(again.gas, 99n);
    const on = program.restore(snapshot, { engine, host: { 1: () => undefined } });
    assert.equal(on.run().kind, 'panic');
    assert.equal(on.getRegister(1), 5n);
    const bad = (change: object) => () => program.restore({ ...snapshot, ...change }, { engine });
    assert.throws(bad({ version: 2 }), /version 2/);
    assert.throws(bad({ gasModel: 'free' }), /gas model/);
    assert.throws(bad({ registers: [] }), /registers/);
    assert.throws(bad({ gas: -1n }), RangeError);
    assert.throws(bad({ pc: -1 }), RangeError);
    assert.throws(bad({ brk: -1 }), RangeError);
    assert.throws(bad({ brk: 0.5 }), RangeError);
    for (const next of [-2, 4, 1e9, 0.5, Number.NaN, undefined]) assert.throws(bad({ next }), /continues at entry/);
    const page = { address: 0x20000, length: 4096, access: Access.Write, data: [] };
    assert.throws(bad({ regions: [{ ...page, address: 0 }] }), RangeError);
    assert.throws(bad({ regions: [{ ...page, length: 1 }] }), RangeError);
    assert.throws(bad({ regions: [{ ...page, access: 3 }] }), RangeError);
    const outside = [{ address: 0x21000, bytes: Uint8Array.of(1) }];
    assert.throws(bad({ regions: [{ ...page, data: outside }] }), { name: 'MemoryAccessError' });
    if (program.decoded.count < 4) assert.fail('the entry beyond the end above is one');
  }
});

test('an instance keeps its heap when it moves', () => {
  const program = programOf('.standard\n.heap 2\n.text\nsbrk r2, r3\nstore_ind_u8 r4, [r2]\njump_ind r0');
  const guest = program.instantiate({ engine: 'interpreter' });
  for (let i = 0; i < 6; i++) {
    guest.pc = 0;
    guest.setRegister(3, 3000n);
    guest.setRegister(4, BigInt(i + 1));
    assert.equal(guest.run().kind, 'halt');
    guest.engine = ENGINES[i % ENGINES.length] as (typeof ENGINES)[number];
  }
  const start = program.image.heap?.start ?? 0;
  assert.deepEqual(
    Array.from({ length: 6 }, (_, i) => guest.memory.readU8(start + 3000 * i)),
    [1, 2, 3, 4, 5, 6],
  );
});

test('where there is no recompiler, saying so is all that happens', () => {
  const reason = Program.recompilerUnavailable();
  if (reason === undefined) return;
  const program = programOf('trap');
  assert.throws(() => program.instantiate({ engine: 'recompiler' }), /not available/);
  const guest = program.instantiate();
  assert.equal(guest.engine, 'interpreter');
  assert.throws(() => {
    guest.engine = 'recompiler';
  }, /not available/);
  assert.equal(guest.run().kind, 'panic');
});
