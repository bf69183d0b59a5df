/** The kernel from outside: results, host functions, inspection, restarts, limits, on every engine and gas model. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, type KernelEvent, type KernelOptions } from '../../../src/pvm/kernel/index.js';
import type { ManifestData } from '../../../src/pvm/program/manifest.js';
import { ASKING, dataEntry, MACHINES, manifestOfText, Rig } from './rig.js';

for (const machine of MACHINES) {
  const load = (text: string, options: KernelOptions = {}, data: readonly ManifestData[] = []): Kernel =>
    Kernel.load(manifestOfText(text, data), { ...machine, gas: 1_000_000, ...options });

  describe(`${machine.engine}, ${machine.gasModel}`, () => {
    test('how a run ends', () => {
      assert.deepEqual(load('load_imm r7, 42\necalli 0').run(), { kind: 'halt', value: 42n });
      assert.deepEqual(load('load_imm r7, 42\nfallthrough\n.inst 3').run(), { kind: 'halt', value: 42n });
      assert.deepEqual(load('load_imm r7, 42\nload_imm_64 r2, 0xffff0000\njump_ind r2').run(), {
        kind: 'halt',
        value: 42n,
      });
      assert.deepEqual(load('load_imm r7, 42\ntrap').run(), { kind: 'panic', trap: true, pc: 3 });
      assert.deepEqual(load('load_imm r7, 42\njump_ind r7').run(), { kind: 'panic', trap: false, pc: 3 });
      assert.deepEqual(load('ecalli 128').run(), { kind: 'panic', trap: false, pc: 0 });
      assert.deepEqual(load('load_u8 r7, [0x23456]').run(), { kind: 'page-fault', address: 0x23000, pc: 0 });
      assert.deepEqual(load('load_u8 r7, [0x3456]').run(), { kind: 'panic', trap: false, pc: 0 });
      assert.deepEqual(load('again: jump @again', { gas: 1000 }).run(), { kind: 'out-of-gas', pc: 0 });
      const ended = load('ecalli 0');
      ended.run();
      assert.deepEqual(ended.run(), { kind: 'halt', value: 0n }, 'running on halts again');
    });

    test('gas that does not cover entering', () => {
      for (const text of ['ecalli 60', '.inst 3']) {
        const kernel = load(text, { gas: 5 });
        assert.deepEqual(kernel.run(), { kind: 'out-of-gas', pc: 0 });
      }
      const kernel = load('load_imm r7, 1\necalli 0', { gas: machine.gasModel === 'flat' ? 12 : 107 });
      assert.deepEqual(kernel.run(), { kind: 'halt', value: 1n });
      assert.equal(kernel.gas, 0n);
    });

    test('a protocol call without a host function', () => {
      const kernel = load('ecalli 3\nadd_64 r7, r7, r8\necalli 0');
      assert.deepEqual(kernel.run(), { kind: 'protocol-call', id: 3 });
      kernel.caller.setRegister(7, 40n);
      kernel.caller.setRegister32(8, 2);
      assert.deepEqual(kernel.run(), { kind: 'halt', value: 42n });
    });

    test('host functions: registers, gas, memory, and ending the run', () => {
      const data = [dataEntry(32, 0x20, 1, 'write'), dataEntry(33, 0x30, 1, 'read')];
      const text = 'ecalli 1\nload_u8 r7, [0x20010]\necalli 0';
      const kernel = load(
        text,
        {
          host: {
            1: ({ memory }) => {
              assert.deepEqual(memory.read(0x20000, 4), Uint8Array.of(32, 1, 2, 3));
              assert.throws(() => memory.write(0x30000, Uint8Array.of(1)));
              assert.throws(() => memory.read(0x21000, 1));
              memory.write(0x20010, Uint8Array.of(9));
            },
          },
        },
        data,
      );
      assert.deepEqual(kernel.run(), { kind: 'halt', value: 9n });
      for (const [outcome, kind] of [
        ['panic', 'panic'],
        ['out-of-gas', 'out-of-gas'],
        ['halt', 'halt'],
      ] as const) {
        assert.equal(load('ecalli 2\necalli 0', { host: { 2: () => outcome } }).run().kind, kind);
      }
      assert.throws(() => load('ecalli 2', { host: { 2: () => assert.fail('from the host') } }).run(), /from the host/);
      const broke = load('ecalli 2\necalli 0', {
        host: {
          2: (caller) => {
            caller.gas = 0n;
          },
        },
      });
      assert.equal(broke.run().kind, 'out-of-gas');
    });

    test('asynchronous host functions', async () => {
      const host = {
        1: async (caller: { setRegister(index: number, value: bigint): void }) => {
          await Promise.resolve();
          caller.setRegister(7, 42n);
        },
      };
      const kernel = load('ecalli 1\necalli 0', { host });
      const pending = kernel.run();
      assert.ok(pending.kind === 'pending' && pending.id === 1);
      assert.throws(() => kernel.run(), /pending/);
      await pending.promise;
      assert.deepEqual(kernel.run(), { kind: 'halt', value: 42n });
      assert.deepEqual(await load('ecalli 1\necalli 0', { host }).runAsync(), { kind: 'halt', value: 42n });
    });

    test('arguments and initial pages', () => {
      const data = [dataEntry(0, 0x20, 2, 'write')];
      const text = 'load_ind_u8 r7, [r8 + 1]\nadd_64 r7, r7, r9\necalli 0';
      const kernel = load(text, { args: Uint8Array.of(5, 6, 7) }, data);
      assert.equal(kernel.gas, 1_000_000n - 3000n);
      assert.deepEqual(kernel.run(), { kind: 'halt', value: 9n });
      assert.throws(() => load(text, { gas: 2999 }, data), /gas/);
      assert.throws(() => load(text, { args: Uint8Array.of(1) }), /argument/i);
      assert.throws(() => load(text, { args: new Uint8Array(8193) }, data), /argument/i);
    });

    test('a warm restart keeps writable memory', () => {
      const data = [dataEntry(32, 0x20, 2, 'write')];
      const text = 'load_u8 r7, [0x21000]\nadd_imm_64 r7, r7, 1\nstore_u8 r7, [0x21000]\necalli 0';
      const first = load(text, {}, data);
      assert.deepEqual(first.run(), { kind: 'halt', value: 1n });
      const memory = structuredClone(first.snapshot());
      assert.deepEqual(load(text, { memory }, data).run(), { kind: 'halt', value: 2n });
      assert.deepEqual(load(text, {}, data).run(), { kind: 'halt', value: 1n });
    });

    test('inspection', () => {
      const rig = new Rig(machine);
      rig.act('ecalli 31', { 7: ASKING, 12: 40 });
      const [root, child] = [...rig.kernel.vms()];
      assert.deepEqual([root?.index, root?.state, root?.code, root?.caller], [0, 'running', 0, undefined]);
      assert.deepEqual([child?.index, child?.state, child?.code, child?.pc, child?.gas], [1, 'idle', 1, 0, 0n]);
      assert.deepEqual(
        child?.capabilities.map(({ slot, kind }) => [slot, kind]),
        [
          [5, 'protocol'],
          [7, 'protocol'],
        ],
      );
      assert.equal(rig.kernel.vm(2), undefined);
      assert.equal(rig.kernel.liveVms, 2);
      assert.deepEqual(rig.kernel.readPhysical(0).subarray(0, 4), Uint8Array.of(32, 1, 2, 3));
      const untyped = root?.capabilities.find(({ slot }) => slot === 254);
      assert.deepEqual(untyped, { slot: 254, kind: 'untyped', remaining: 34, total: 40 });
    });

    test('a trace names what happens, and changes nothing', () => {
      const events: KernelEvent[] = [];
      const answers = [undefined, (event: KernelEvent) => void events.push(event)].map((trace) => {
        const rig = new Rig({ ...machine, ...(trace === undefined ? {} : { trace }) });
        rig.act('ecalli 31', { 7: ASKING, 12: 40 });
        rig.act('ecalli 40', { 7: 1, 12: 32 });
        rig.act('trap', { 7: 6 });
        return rig.kernel.gas;
      });
      assert.equal(answers[0], answers[1]);
      const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'protocol');
      assert.deepEqual(kinds, ['create', 'call', 'fault']);
      const [call] = events.filter((event) => event.kind === 'call');
      assert.ok(call?.kind === 'call');
      assert.deepEqual(call.travelling, { slot: 32, kind: 'data' });
    });

    test('65,535 VMs and no more', () => {
      // Each new VM's HANDLE goes into its own table, so that slot 40 is free again.
      const kernel = load(
        `jump @loop
        loop: load_imm r7, 0
        load_imm r12, 40
        ecalli 30
        branch_eq_imm r7, -2, @full
        add_imm_64 r9, r9, 1
        load_imm r11, 6
        load_imm_64 r12, 0x280000283c
        .inst 3
        jump @loop
        full: move_reg r7, r9
        ecalli 0`,
        { gas: 2n ** 40n },
      );
      assert.deepEqual(kernel.run(), { kind: 'halt', value: 65_534n });
      assert.equal(kernel.liveVms, 65_535);
      kernel.dispose();
    });
  });
}
