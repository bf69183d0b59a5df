/** Mistakes that were found by reading, each with what showed it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  type CallerMemory,
  CodeCache,
  Kernel,
  type KernelEvent,
  type KernelOptions,
} from '../../../src/pvm/kernel/index.js';
import { MAX_STRETCHES } from '../../../src/pvm/kernel/spaces.js';
import { ENGINES } from '../machines.js';
import { ASKING, dataEntry, manifestOfText, Rig } from './rig.js';

/** A program that might ask which pages were written: those start closed. */
const TRACKED = 'ecalli 1\nload_imm r11, 99\nfallthrough\n.inst 3\necalli 0';

/** Mappings of this process; 0 where the system does not say. */
function mappings(): number {
  const file = '/proc/self/maps';
  return existsSync(file) ? readFileSync(file, 'latin1').split('\n').length : 0;
}

for (const engine of ENGINES) {
  describe(engine, () => {
    for (const kind of ['protocol', 'create', 'call', 'operation', 'fault', 'reply'] as const) {
      test(`a trace disposes of the kernel at an event '${kind}'`, () => {
        let rig: Rig | undefined;
        const trace = (event: KernelEvent): void => {
          if (event.kind === kind) rig?.kernel.dispose();
        };
        const armed = new Rig({ engine, trace });
        rig = armed;
        assert.throws(() => {
          armed.act('ecalli 30', { 7: ASKING, 12: 70 });
          armed.ecall(0x0c, 32, 0, { 7: 0, 8: 4 });
          armed.act('ecalli 70', { 12: 32 });
          armed.act('ecalli 0');
          armed.act('ecalli 70', { 12: 32 });
          armed.act('trap');
        }, /has been disposed/);
        assert.equal(armed.kernel.liveVms, 0);
      });
    }

    test('memory kept by a host function is out of reach once the kernel is disposed of', () => {
      let kept: CallerMemory | undefined;
      const data = [dataEntry(32, 0x20, 1, 'write')];
      const load = (options: KernelOptions = {}): Kernel =>
        Kernel.load(manifestOfText(TRACKED, data), { engine, ...options });
      const kernel = load({
        host: {
          1: ({ memory }) => {
            kept = memory;
            return new Promise(() => {});
          },
        },
      });
      assert.equal(kernel.run().kind, 'pending');
      kernel.dispose();
      // Takes the addresses that have become free.
      const other = load();
      other.run();
      assert.throws(() => kept?.write(0x20000, Uint8Array.of(0xaa)), /not writable/);
      assert.throws(() => kept?.read(0x20000, 1), /not readable/);
      assert.equal(kept?.isAccessible(0x20000, 1, 2), false);
      assert.deepEqual(other.readVm(0, 0x20000, 2), Uint8Array.of(32, 1));
      other.dispose();
    });

    test('a page may be written and asked for any number of times', () => {
      const rig = new Rig({ engine, gas: 10n ** 12n });
      for (let i = 0; i < 8200; i++) {
        rig.act('store8', { 1: 0x21000, 3: 1 });
        assert.equal(rig.ecall(0x0c, 32, 0, { 7: 0, 8: 4 }).r7, 2n);
      }
    });

    test('asking for every other page of many leaves too many mappings: said, not left to the host', () => {
      const pages = 2 * 8192 + 64;
      const rig = new Rig({ engine, gas: 10n ** 12n }, pages + 16);
      rig.ecall(0x07, 254, 40);
      assert.equal(rig.act('ecalli 40', { 7: pages, 12: 90 }).r7, 90n);
      rig.ecall(0x02, 90, 0, { 7: 0x1000, 8: 0, 9: pages, 10: 1 });
      const { memory } = rig.kernel.caller;
      const bytes = Uint8Array.of(1);
      for (let page = 0; page < pages; page++) memory.write((0x1000 + page) * 0x1000, bytes);
      assert.throws(() => {
        for (let page = 0; page < pages; page += 2) rig.ecall(0x0c, 90, 0, { 7: page, 8: 1 });
      }, /written more than 8192 pages that are apart/);
    });

    test('UNMAP leaves no more pieces than MAP may make', () => {
      const pages = 2 * MAX_STRETCHES + 16;
      const rig = new Rig({ engine }, pages + 16);
      rig.ecall(0x07, 254, 40);
      rig.act('ecalli 40', { 7: pages, 12: 90 });
      rig.ecall(0x02, 90, 0, { 7: 0x1000, 8: 0, 9: pages, 10: 1 });
      let done = 0;
      while (rig.ecall(0x03, 90, 0, { 7: 2 * done + 1, 8: 1 }).r7 === BigInt(2 * done + 1)) done++;
      assert.ok(done > 1000 && done < MAX_STRETCHES, `${done}`);
      assert.equal(rig.ecall(0x03, 90, 0, { 7: 2 * done, 8: 4 }).r7, BigInt(2 * done), 'at an edge it may');
      assert.equal(rig.ecall(0x03, 90, 0, { 7: 0, 8: pages }).r7, 0n, 'and everything');
    });

    test('VMs that write scattered pages do not use up the mappings of the process together', () => {
      const pages = 12_000;
      const vms = [0, 1, 2];
      const rig = new Rig({ engine, gas: 10n ** 12n }, vms.length * pages + 16);
      const before = mappings();
      rig.ecall(0x07, 254, 40);
      for (const vm of vms) {
        rig.act('ecalli 30', { 7: ASKING | (1n << 40n), 12: 70 + vm });
        rig.act(`ecalli ${70 + vm}`, { 12: 0 });
        rig.act('ecalli 40', { 7: pages, 12: 90 });
        rig.ecall(0x02, 90, 0, { 7: 0x1000, 8: 0, 9: pages, 10: 1 });
        const { memory } = rig.kernel.caller;
        for (let page = 0; page < pages; page += 2) memory.write((0x1000 + page) * 0x1000, Uint8Array.of(vm + 1));
        rig.act('ecalli 0');
      }
      assert.ok(mappings() - before < 2 * 8192 + 1000, `${mappings() - before} mappings`);
      for (const vm of vms) {
        rig.act(`ecalli ${70 + vm}`, { 12: 0 });
        assert.deepEqual(rig.kernel.caller.memory.read(0x1000 * 0x1000, 1), Uint8Array.of(vm + 1));
        assert.equal(rig.ecall(0x0c, 90, 0, { 7: 0, 8: 4 }).r7, 5n);
        rig.act('ecalli 0');
      }
      rig.kernel.dispose();
    });

    test('a travelling DATA comes back mapped as it was, holes and all', () => {
      const rig = new Rig({ engine });
      rig.ecall(0x03, 32, 0, { 7: 1, 8: 1 });
      rig.act('ecalli 30', { 7: ASKING, 12: 70 });
      rig.act('ecalli 70', { 12: 32 });
      assert.equal(rig.slot(32), 'nothing');
      rig.act('ecalli 0');
      const data = rig.vm(0).capabilities.find(({ slot }) => slot === 32);
      assert.deepEqual(data?.kind === 'data' && data.mapped, [true, false, true, true]);
    });

    test('a host function cannot give a callee more gas than its callers can hold', () => {
      const rig = new Rig({ engine });
      rig.act('ecalli 30', { 7: ASKING, 12: 70 });
      rig.ecall(0x0b, 70, 0, { 7: 5000 });
      rig.act('ecalli 70', { 12: 0 });
      const { kernel } = rig;
      const waiting = kernel.gas - kernel.caller.gas;
      assert.throws(() => {
        kernel.caller.gas = 2n ** 63n - 1n;
      }, /together with that of the VMs that wait/);
      kernel.caller.gas = 2n ** 63n - 1n - waiting;
      assert.equal(kernel.gas, 2n ** 63n - 1n);
      rig.act('ecalli 0');
      assert.ok(kernel.caller.gas > 2n ** 62n);
    });

    test('compiled code does not look at the bytes of its manifest again', () => {
      const cache = new CodeCache();
      const bytes = manifestOfText('load_imm r7, 1\ntrap');
      const again = bytes.slice();
      Kernel.load(bytes, { engine, cache });
      bytes.fill(0);
      const result = Kernel.load(again, { engine, cache }).run();
      assert.deepEqual(result, { kind: 'panic', trap: true, pc: 3 });
      assert.equal(cache.hits, 1);
    });
  });
}
