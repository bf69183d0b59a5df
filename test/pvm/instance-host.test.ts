/** Host calls: what host functions see and may do, asynchronous ones included. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Host } from '../../src/pvm/host-calls.js';
import type { Instance } from '../../src/pvm/instance.js';
import { Access } from '../../src/pvm/program/image.js';
import { ENGINES, guestOf, MODELS, pages } from './machines.js';

const CALLS = `
        load_imm r7, 5
        ecalli 1
        add_imm_64 r7, r7, 1
        ecalli 2
        add_imm_64 r7, r7, 1
        trap`;

for (const engine of ENGINES) {
  describe(`host calls on the ${engine}`, () => {
    test('a host function gets the instance and its index, and the guest goes on with what it left', () => {
      const seen: [number, bigint, bigint][] = [];
      const see = (instance: Instance, id: number) => {
        seen.push([id, instance.getRegister(7), instance.gas]);
        instance.setRegister(7, instance.getRegister(7) * 2n);
      };
      const guest = guestOf(CALLS, { engine, gas: 100, host: { 1: see, 2: see } });
      assert.equal(guest.run().kind, 'panic');
      assert.deepEqual(seen, [
        [1, 5n, 98n],
        [2, 11n, 96n],
      ]);
      assert.equal(guest.getRegister(7), 23n);
      assert.equal(guest.gas, 94n);
    });

    test('calls without a function end the run and can be resumed', () => {
      for (const gasModel of MODELS) {
        const guest = guestOf(CALLS, { engine, gasModel, host: { 2: () => undefined } });
        const exit = guest.run();
        assert.ok(exit.kind === 'host-call');
        assert.equal(exit.id, 1);
        assert.equal(guest.pc, exit.pc);
        guest.setRegister(7, 100n);
        assert.equal(guest.run().kind, 'panic');
        assert.equal(guest.getRegister(7), 102n);
      }
    });

    test('indices are 32 bits unsigned', () => {
      for (const id of [0, 1023, 1024, 0x7fffffff, 0x80000000, 0xffffffff]) {
        let called = -1;
        const text = `ecalli ${id}\ntrap`;
        assert.deepEqual(guestOf(text, { engine }).run(), { kind: 'host-call', pc: 0, id });
        const host: Host = {
          [id]: (_, index) => {
            called = index;
          },
        };
        assert.equal(guestOf(text, { engine, host }).run().kind, 'panic');
        assert.equal(called, id);
      }
    });

    test('a host function may end the run', () => {
      for (const kind of ['halt', 'panic', 'out-of-gas'] as const) {
        const guest = guestOf(CALLS, { engine, host: { 1: () => kind } });
        assert.deepEqual(guest.run(), { kind, pc: 3 });
        assert.equal(guest.getRegister(7), 5n);
        // The call is done: running on goes on behind it.
        assert.deepEqual(guest.run(), { kind: 'host-call', pc: 8, id: 2 });
      }
      const wrong = guestOf(CALLS, { engine, host: { 1: () => 'stop' as 'halt' } });
      assert.throws(() => wrong.run(), /returned 'stop'/);
    });

    test('what a host function throws comes out of run, and the guest can go on', () => {
      const host: Host = {
        1: () => {
          throw new Error('no such thing');
        },
      };
      const guest = guestOf(CALLS, { engine, host });
      assert.throws(() => guest.run(), /no such thing/);
      assert.deepEqual(guest.run(), { kind: 'host-call', pc: 8, id: 2 });
      assert.equal(guest.getRegister(7), 6n);
    });

    test('a host function may change gas, memory, page access, the program counter and the engine', () => {
      const text = `
                ecalli 0
                load_u32 r2, [0x20000]
                ecalli 1
                trap
        other:  load_imm r3, 9
                ecalli 2
                load_imm r4, 9
                trap`;
      const host: Host = {
        0: ({ memory }) => {
          memory.map(0x20000, 4096, Access.Write);
          memory.writeU32(0x20000, 1234);
        },
        1: (instance) => {
          instance.pc = instance.pc + 3;
          instance.engine = 'interpreter';
        },
        2: (instance) => {
          if (ENGINES.length > 1) instance.engine = 'recompiler';
          instance.gas = 1;
        },
      };
      const guest = guestOf(text, { engine, host });
      const exit = guest.run();
      assert.equal(exit.kind, 'out-of-gas');
      assert.deepEqual(
        [2, 3, 4].map((i) => guest.getRegister(i)),
        [1234n, 9n, 9n],
      );
      assert.equal(guest.engine, ENGINES[ENGINES.length - 1]);
    });

    test('a host function may run another instance, of the same program or not, and dispose of its own', () => {
      const inner = guestOf('load_imm r1, 77\nstore_u32 r1, [0x20000]\ntrap', { engine, segments: [pages(0x20000)] });
      const outer = guestOf('ecalli 0\nload_u32 r2, [0x20000]\ntrap', {
        engine,
        segments: [pages(0x20000)],
        host: {
          0: (instance) => {
            assert.equal(inner.run().kind, 'panic');
            const twin = instance.program.instantiate({ engine });
            assert.equal(twin.run().kind, 'host-call');
            twin.dispose();
          },
        },
      });
      assert.equal(outer.run().kind, 'panic');
      assert.equal(outer.getRegister(2), 0n);
      assert.equal(inner.memory.readU32(0x20000), 77);
      const suicidal = guestOf('ecalli 0\ntrap', { engine, host: { 0: (instance) => instance.dispose() } });
      assert.throws(() => suicidal.run(), /disposed/);
    });

    test('a host function cannot run the instance that called it', () => {
      const guest = guestOf(CALLS, { engine, host: { 1: (instance) => void instance.run(), 2: () => undefined } });
      assert.throws(() => guest.run(), /cannot run its own caller/);
      assert.equal(guest.run().kind, 'panic');
      assert.equal(guest.getRegister(7), 7n);
    });

    test('an asynchronous function suspends the run; state is there meanwhile', async () => {
      let finish: ((value?: 'panic') => void) | undefined;
      const host: Host = {
        1: (instance) =>
          new Promise<'panic' | undefined>((resolve) => {
            finish = (value) => {
              instance.setRegister(7, 50n);
              resolve(value);
            };
          }),
      };
      const guest = guestOf(CALLS, { engine, host });
      const exit = guest.run();
      assert.ok(exit.kind === 'pending');
      assert.deepEqual([exit.id, exit.pc, guest.getRegister(7)], [1, 3, 5n]);
      assert.throws(() => guest.run(), /pending/);
      assert.throws(() => guest.snapshot(), /pending/);
      finish?.();
      await exit.promise;
      assert.deepEqual(guest.run(), { kind: 'host-call', pc: 8, id: 2 });
      assert.equal(guest.getRegister(7), 51n);

      const ended = guestOf(CALLS, { engine, host });
      const pending = ended.run();
      assert.ok(pending.kind === 'pending');
      finish?.('panic');
      await pending.promise;
      assert.deepEqual(ended.run(), { kind: 'panic', pc: 3 });
    });

    test('runAsync waits for asynchronous functions, and other guests run meanwhile', async () => {
      const order: string[] = [];
      const host = (name: string): Host => ({
        1: async (instance) => {
          order.push(`${name} 1`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          instance.setRegister(7, instance.getRegister(7) + 10n);
        },
        2: async () => {
          order.push(`${name} 2`);
        },
      });
      const guests = ['a', 'b'].map((name) => guestOf(CALLS, { engine, host: host(name) }));
      const exits = await Promise.all(guests.map((guest) => guest.runAsync()));
      assert.deepEqual(
        exits.map(({ kind }) => kind),
        ['panic', 'panic'],
      );
      assert.deepEqual(
        guests.map((guest) => guest.getRegister(7)),
        [17n, 17n],
      );
      assert.deepEqual(order.slice(0, 2), ['a 1', 'b 1']);
      assert.deepEqual(order.slice(2).sort(), ['a 2', 'b 2']);
    });

    test('a rejected promise comes out of runAsync; a wrong outcome too', async () => {
      const failing = guestOf(CALLS, { engine, host: { 1: () => Promise.reject(new Error('late trouble')) } });
      await assert.rejects(failing.runAsync(), /late trouble/);
      assert.deepEqual(failing.run(), { kind: 'host-call', pc: 8, id: 2 });
      const wrong = guestOf(CALLS, { engine, host: { 1: async () => 'stop' as 'halt' } });
      await assert.rejects(wrong.runAsync(), /returned 'stop'/);
    });

    test('an instance may change engines, or be disposed of, while a call is pending', async () => {
      const wait: Host = { 1: () => new Promise<void>((resolve) => setTimeout(resolve, 1)) };
      const guest = guestOf(CALLS, { engine, host: wait });
      const exit = guest.run();
      assert.ok(exit.kind === 'pending');
      guest.engine = ENGINES.find((other) => other !== engine) ?? engine;
      await exit.promise;
      assert.deepEqual(guest.run(), { kind: 'host-call', pc: 8, id: 2 });
      assert.equal(guest.getRegister(7), 6n);

      const dropped = guestOf(CALLS, { engine, host: wait });
      const pending = dropped.run();
      assert.ok(pending.kind === 'pending');
      dropped.dispose();
      await pending.promise;
      assert.throws(() => dropped.run(), /disposed/);
    });
  });
}
