/** Instances on either engine: making them, running to each kind of exit, and running on from there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_GAS } from '../../src/pvm/instance.js';
import { writeCodeBlob } from '../../src/pvm/program/code-blob.js';
import { Access } from '../../src/pvm/program/image.js';
import { type Engine, Program } from '../../src/pvm/program.js';
import { ENGINES, guestOf, MODELS, pages, programOf, registersOf } from './machines.js';

const HALT = 0xffff0000n;

for (const engine of ENGINES) {
  describe(`instances on the ${engine}`, () => {
    test('halt, panic, out of gas, page fault and host call are told apart and name their instruction', () => {
      const cases = [
        ['jump_ind r0', { kind: 'halt', pc: 1 }],
        ['trap', { kind: 'panic', pc: 1 }],
        ['load_u8 r1, [0x20000]', { kind: 'page-fault', pc: 1, address: 0x20000 }],
        ['load_u8 r1, [0x2fff7]', { kind: 'page-fault', pc: 1, address: 0x2f000 }],
        ['load_u8 r1, [0xffff]', { kind: 'panic', pc: 1 }],
        ['ecalli 77', { kind: 'host-call', pc: 1, id: 77 }],
        ['jump_ind r1', { kind: 'panic', pc: 1 }],
      ] as const;
      for (const [text, expected] of cases) {
        const guest = guestOf(`fallthrough\n${text}`, { engine, registers: registersOf({ 0: HALT }) });
        assert.deepEqual(guest.run(), expected, text);
        assert.equal(guest.pc, expected.pc, text);
        assert.equal(guest.engine, engine);
      }
      const poor = guestOf('fallthrough\nfallthrough\ntrap', { engine, gas: 1 });
      assert.deepEqual(poor.run(), { kind: 'out-of-gas', pc: 1 });
      assert.equal(poor.gas, 0n);
    });

    test('registers are unsigned 64-bit numbers, and values wrap', () => {
      const guest = guestOf('add_64 r2, r0, r1\ntrap', {
        engine,
        registers: registersOf({ 0: 2n ** 64n - 1n, 1: 3n }),
      });
      guest.setRegister(5, -1n);
      guest.setRegister(6, 2n ** 64n + 5n);
      guest.setRegister32(7, 0xdeadbeef);
      guest.run();
      assert.equal(guest.getRegister(0), 2n ** 64n - 1n);
      assert.equal(guest.getRegister(2), 2n);
      assert.equal(guest.getRegister(5), 2n ** 64n - 1n);
      assert.equal(guest.getRegister(6), 5n);
      assert.equal(guest.getRegister(7), 0xdeadbeefn);
      assert.equal(guest.getRegister32(5), 0xffffffff);
      assert.deepEqual(guest.registers.slice(5, 8), [2n ** 64n - 1n, 5n, 0xdeadbeefn]);
      assert.throws(() => guest.getRegister(13), RangeError);
      assert.throws(() => guest.getRegister(-1), RangeError);
      assert.throws(() => guest.setRegister(1.5, 0n), RangeError);
      assert.throws(() => guest.setRegister32(13, 0), RangeError);
    });

    for (const gasModel of MODELS) {
      test(`${gasModel}: out of gas, refuelled, ends as if there had been enough from the start`, () => {
        const text = `
                  load_imm r1, 20
                  fallthrough
          again:  add_64 r2, r2, r1
                  mul_imm_64 r2, r2, 3
                  add_imm_64 r1, r1, -1
                  branch_ne_imm r1, 0, @again
                  trap`;
        const program = programOf(text);
        const rich = program.instantiate({ engine, gasModel, gas: 10_000 });
        assert.equal(rich.run().kind, 'panic');
        const spent = 10_000n - rich.gas;
        for (const portion of [1n, 3n, 7n, 30n]) {
          const poor = program.instantiate({ engine, gasModel, gas: 0 });
          let fuel = 0n;
          let exit = poor.run();
          for (let i = 0; exit.kind === 'out-of-gas'; i++) {
            assert.ok(i < 1000, 'makes progress');
            fuel += portion;
            poor.gas = poor.gas + portion;
            exit = poor.run();
          }
          assert.equal(exit.kind, 'panic');
          assert.deepEqual(poor.registers, rich.registers);
          assert.equal(fuel - poor.gas, spent);
        }
      });

      test(`${gasModel}: a page fault leaves the state before it; the page mapped, the guest runs on`, () => {
        const text = `
          load_imm r1, 7
          load_imm r2, 0x20ffe
          fallthrough
          add_imm_64 r1, r1, 1
          store_ind_u32 r1, [r2]
          load_ind_u32 r3, [r2]
          trap`;
        const guest = guestOf(text, { engine, gasModel, gas: 1000 });
        const first = guest.run();
        assert.ok(first.kind === 'page-fault');
        assert.equal(first.address, 0x20000);
        assert.equal(guest.getRegister(1), 8n);
        assert.equal(guest.getRegister(3), 0n);
        // Again without mapping anything: the same fault.
        assert.deepEqual(guest.run(), first);
        guest.memory.map(0x20000, 4096, Access.Write);
        assert.deepEqual(guest.run(), { ...first, address: 0x21000 });
        assert.deepEqual(guest.memory.read(0x20ffe, 2), new Uint8Array(2), 'a straddling store writes all or nothing');
        guest.memory.map(0x21000, 4096, Access.Read);
        assert.deepEqual(guest.run(), { ...first, address: 0x21000 });
        guest.memory.protect(0x21000, 4096, Access.Write);
        assert.equal(guest.run().kind, 'panic');
        assert.equal(guest.getRegister(3), 8n);
        assert.deepEqual(guest.memory.read(0x20ffe, 4), Uint8Array.of(8, 0, 0, 0));
      });
    }

    test('pipeline: a stretch that faults in its middle is paid for once, also when it is resumed', () => {
      const program = programOf(
        'add_imm_64 r1, r1, 1\nload_u8 r2, [0x20000]\nload_u8 r3, [0x21000]\ntrap\nload_imm r4, 1',
      );
      const [cost] = program.chargeTable('pipeline');
      const guest = program.instantiate({ engine, gasModel: 'pipeline', gas: 1000 });
      for (const address of [0x20000, 0x21000]) {
        assert.deepEqual([guest.run().kind, guest.gas], ['page-fault', 1000n - BigInt(cost as number)]);
        guest.memory.map(address, 4096, Access.Read);
      }
      const { pc } = guest;
      assert.deepEqual([guest.run().kind, guest.gas], ['panic', 1000n - BigInt(cost as number)]);
      // Set there anew, the guest pays for the rest of the stretch.
      guest.pc = pc;
      assert.equal(guest.run().kind, 'panic');
      assert.ok(guest.gas < 1000n - BigInt(cost as number));
    });

    test('the program counter may be set anywhere; where no instruction starts it panics', () => {
      const program = programOf(
        'add_imm_64 r1, r1, 1\nadd_imm_64 r1, r1, 10\nfallthrough\nadd_imm_64 r1, r1, 100\ntrap',
      );
      const second = 3;
      const end = program.decoded.codeLength;
      const guest = program.instantiate({ engine, gas: 100, pc: second });
      assert.equal(guest.run().kind, 'panic');
      assert.equal(guest.getRegister(1), 110n);
      assert.equal(guest.gas, 96n);
      for (const pc of [1, 2, end, end + 1, 0xffffffff]) {
        guest.pc = pc;
        guest.gas = 5;
        assert.deepEqual(guest.run(), { kind: 'panic', pc });
        assert.equal(guest.gas, 4n);
        guest.pc = pc;
        guest.gas = 0;
        assert.deepEqual(guest.run(), { kind: 'out-of-gas', pc });
      }
      assert.equal(guest.getRegister(1), 110n);
    });

    test('memory respects permissions towards the host, and both sides see each other', () => {
      const guest = guestOf('load_u64 r1, [0x20008]\nstore_u32 r1, [0x20010]\ntrap', {
        engine,
        segments: [pages(0x20000), pages(0x21000, 1, Access.Read, Uint8Array.of(1, 2, 3))],
      });
      guest.memory.writeU64(0x20008, 0x1122334455667788n);
      guest.run();
      assert.equal(guest.getRegister(1), 0x1122334455667788n);
      assert.equal(guest.memory.readU32(0x20010), 0x55667788);
      assert.deepEqual(guest.memory.read(0x21000, 4), Uint8Array.of(1, 2, 3, 0));
      for (const bad of [0, 0xffff, 0x1ffff, 0x22000, 0xffffffff]) {
        assert.throws(() => guest.memory.read(bad, 1), { name: 'MemoryAccessError' });
      }
      assert.throws(() => guest.memory.write(0x21000, Uint8Array.of(1)), {
        name: 'MemoryAccessError',
        address: 0x21000,
      });
      assert.throws(() => guest.memory.write(0x20ffe, new Uint8Array(4)), {
        name: 'MemoryAccessError',
        address: 0x21000,
      });
      assert.throws(() => guest.memory.readU64(0x21ffc), { name: 'MemoryAccessError', address: 0x22000 });
      assert.throws(() => guest.memory.read(0xfffffffe, 4), { name: 'MemoryAccessError' });
      assert.throws(() => guest.memory.map(0xf000, 4096, Access.Write), RangeError);
      assert.throws(() => guest.memory.map(0x20001, 4096, Access.Write), RangeError);
      assert.throws(() => guest.memory.map(0xfffff000, 8192, Access.Write), RangeError);
    });

    test('instances of one program do not see each other, and leave its initial data alone', () => {
      const program = programOf(`
        .standard
        .rw
        .bytes 1, 2, 3, 4
        .text
        load_u8 r2, [0x20000]
        add_imm_64 r2, r2, 1
        store_u8 r2, [0x20000]
        jump_ind r0`);
      const first = program.instantiate({ engine });
      const second = program.instantiate({ engine });
      for (const guest of [first, first, second]) {
        guest.pc = 0;
        assert.equal(guest.run().kind, 'halt');
      }
      assert.deepEqual(first.memory.read(0x20000, 4), Uint8Array.of(3, 2, 3, 4));
      assert.deepEqual(second.memory.read(0x20000, 4), Uint8Array.of(2, 2, 3, 4));
      const third = program.instantiate({ engine });
      first.dispose();
      assert.deepEqual(third.memory.read(0x20000, 4), Uint8Array.of(1, 2, 3, 4));
    });

    test('a standard program gets its arguments, its stack and its registers', () => {
      const program = programOf(`
        .standard
        .stack 5000
        .text
        load_ind_u8 r2, [r7]
        store_ind_u64 r2, [r1-8]
        jump_ind r0`);
      const guest = program.instantiate({ engine, args: Uint8Array.of(42, 43) });
      assert.equal(guest.getRegister(0), HALT);
      assert.equal(guest.getRegister(1), 0xfefe0000n);
      assert.equal(guest.getRegister(7), 0xfeff0000n);
      assert.equal(guest.getRegister(8), 2n);
      assert.equal(guest.run().kind, 'halt');
      assert.equal(guest.memory.readU64(0xfefe0000 - 8), 42n);
      assert.throws(() => guest.memory.writeU8(0xfeff0000, 1), { name: 'MemoryAccessError' });
      const none = program.instantiate({ engine });
      assert.equal(none.getRegister(8), 0n);
      assert.deepEqual(none.run(), { kind: 'page-fault', pc: 0, address: 0xfeff0000 });
    });

    test('sbrk hands out zeroed pages up to the heap limit and no further', () => {
      const program = programOf('.standard\n.heap 1\n.text\nsbrk r2, r3\njump_ind r0');
      const { heap } = program.image;
      assert.ok(heap !== undefined);
      const guest = program.instantiate({ engine });
      const grow = (amount: bigint): bigint => {
        guest.pc = 0;
        guest.setRegister(3, amount);
        assert.equal(guest.run().kind, 'halt');
        return guest.getRegister(2);
      };
      const start = BigInt(heap.start);
      assert.equal(grow(0n), start);
      assert.equal(grow(10n), start);
      assert.equal(grow(0n), start + 10n);
      assert.deepEqual(guest.memory.read(heap.start, 4096), new Uint8Array(4096));
      assert.equal(guest.memory.accessAt(heap.start + 4096), Access.None);
      assert.equal(grow(4096n), start + 10n);
      assert.equal(guest.memory.accessAt(heap.start + 4096), Access.Write);
      for (const amount of [BigInt(heap.limit), 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]) {
        assert.equal(grow(amount), 0n);
        assert.equal(grow(0n), start + 4106n);
      }
    });

    test('code without a terminator, and no code at all, panic at their end', () => {
      const endless = guestOf('add_imm_64 r1, r1, 1', { engine, gas: 10 });
      assert.deepEqual(endless.run(), { kind: 'panic', pc: endless.program.decoded.codeLength });
      assert.equal(endless.gas, 8n);
      const nothing = { code: new Uint8Array(0), bitmask: new Uint8Array(0), jumpOffsets: new Uint32Array(0) };
      const empty = Program.load(writeCodeBlob(nothing)).instantiate({ engine, gas: 10 });
      assert.deepEqual(empty.run(), { kind: 'panic', pc: 0 });
    });

    test('gas is 63 bits wide', () => {
      const guest = guestOf('fallthrough\ntrap', { engine });
      assert.equal(guest.gas, MAX_GAS);
      guest.run();
      assert.equal(guest.gas, MAX_GAS - 2n);
      guest.gas = 2n ** 32n;
      guest.pc = 0;
      guest.run();
      assert.equal(guest.gas, 2n ** 32n - 2n);
    });

    test('options that make no sense are refused, saying why', () => {
      const program = programOf('trap');
      const make = (options: object) => () => program.instantiate({ engine, ...options });
      assert.throws(make({ gas: -1 }), /gas -1/);
      assert.throws(make({ gas: 1.5 }), /whole number/);
      assert.throws(make({ gas: Number.NaN }), /whole number/);
      assert.throws(make({ gas: 2n ** 63n }), /2\^63/);
      assert.throws(make({ gasModel: 'free' }), /'flat' or 'pipeline'/);
      assert.throws(make({ engine: 'fast' }), /unknown engine 'fast'/);
      assert.throws(make({ pc: -1 }), /pc -1/);
      assert.throws(make({ pc: 0.5 }), /pc 0.5/);
      assert.throws(make({ pc: 2 ** 32 }), /pc/);
      assert.throws(make({ registers: [1n] }), /1 registers/);
      assert.throws(make({ args: new Uint8Array(1) }), /takes no arguments/);
      assert.throws(make({ host: { nonsense: () => undefined } }), /'nonsense'/);
      assert.throws(make({ host: { 1: 5 } }), /not a function/);
      assert.throws(make({ host: { 4294967296: () => undefined } }), /4294967296/);
      assert.throws(make({ segments: [pages(0xf000)] }), /segment/);
      assert.throws(make({ segments: [pages(0x20001)] }), /segment/);
      assert.throws(make({ segments: [{ ...pages(0x20000), length: 100 }] }), /segment/);
      assert.throws(make({ segments: [{ ...pages(0x20000), data: new Uint8Array(5000) }] }), /segment/);
      assert.throws(make({ segments: [pages(0xfffff000, 2)] }), RangeError);
      const standard = programOf('.standard\n.text\ntrap');
      assert.throws(() => standard.instantiate({ engine, args: new Uint8Array(0x1000001) }), /at most/);
      const guest = program.instantiate({ engine });
      assert.throws(() => {
        guest.gas = -1;
      }, RangeError);
      assert.throws(() => {
        guest.pc = -1;
      }, RangeError);
      assert.throws(() => {
        guest.engine = 'fast' as Engine;
      }, /unknown engine/);
      assert.equal(guest.engine, engine);
    });

    test('a disposed instance refuses to run and shows nothing', () => {
      const guest = guestOf('load_u8 r1, [0x20000]\ntrap', { engine, segments: [pages(0x20000)] });
      guest.setRegister(1, 5n);
      guest.run();
      guest.dispose();
      guest.dispose();
      assert.throws(() => guest.run(), /disposed/);
      assert.throws(() => guest.snapshot(), /disposed/);
      assert.throws(() => {
        guest.engine = engine === 'interpreter' ? 'recompiler' : 'interpreter';
      }, /disposed/);
      assert.throws(() => guest.memory.read(0x20000, 1), { name: 'MemoryAccessError' });
      assert.equal(guest.getRegister(1), 0n);
      guest.setRegister(1, 7n);
      guest.gas = 3n;
    });
  });
}

test('auto takes the recompiler where there is one', () => {
  assert.equal(guestOf('trap').engine, ENGINES[ENGINES.length - 1]);
});

test('a thousand instances share one compilation', () => {
  const program = programOf('.standard\n.rw\n.bytes 5\n.text\nload_u8 r2, [0x20000]\njump_ind r0');
  const guests = Array.from({ length: 1000 }, () => program.instantiate());
  for (const guest of guests) {
    assert.equal(guest.run().kind, 'halt');
    assert.equal(guest.getRegister(2), 5n);
  }
  if (ENGINES.length > 1) assert.equal(program.nativeCode('flat'), program.nativeCode('flat'));
  for (const guest of guests) guest.dispose();
});
