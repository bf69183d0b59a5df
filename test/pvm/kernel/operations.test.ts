/**
 * Every operation of the kernel by hand: what it does, and each way it can fail, on every engine and under both gas
 * models. The numbers are worked out from the rules; the fuzzer beside this file holds random sequences to a model.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HUH, LOW, WHAT } from './model-types.js';
import { ASKING, MACHINES, Rig, reference } from './rig.js';

const COPIED = ASKING | (1n << 30n) | (1n << 31n);

const enum Op {
  Call = 0,
  Map = 2,
  Unmap = 3,
  Split = 4,
  Drop = 5,
  Move = 6,
  Copy = 7,
  Grant = 8,
  Revoke = 9,
  Downgrade = 10,
  SetMaxGas = 11,
  Dirty = 12,
  Resume = 13,
}

/**
 * A root VM with: 34 DATA of three pages, not mapped · 40 a HANDLE of an idle VM that holds a HANDLE in 50 and DATA in 34
 * · 41 one of a faulted VM · 42 one of a halted VM · 43 a CALLABLE of 40's · 44 a stale CALLABLE.
 */
function scene(machine: (typeof MACHINES)[number]): Rig {
  const rig = new Rig(machine);
  const create = (slot: number): void => {
    assert.equal(rig.act('ecalli 30', { 7: COPIED, 12: slot }).r7, BigInt(slot & 255));
  };
  assert.equal(rig.ecall(Op.Call, 254, 34, { 7: 3 }).r7, 34n);
  for (const slot of [40, 41, 42, 45]) create(slot);
  for (const [slot, way] of [
    [41, 'trap'],
    [42, 'halt'],
  ] as const) {
    assert.notEqual(rig.act(`ecalli ${slot}`, { 7: 1, 8: 2, 9: 3, 10: 4, 12: 0 }).vm, 0);
    assert.equal(rig.act(way).vm, 0);
  }
  rig.ecall(Op.Downgrade, 40, 43);
  rig.ecall(Op.Downgrade, 45, 44);
  rig.ecall(Op.Drop, 45);
  create(reference(50, 40));
  assert.equal(rig.ecall(Op.Call, 254, reference(34, 40), { 7: 1 }).r7, 34n);
  return rig;
}

/** Op, subject, object, registers, what r7 becomes (`same`: nothing), and what it costs beyond an operation's 10. */
type Row = readonly [
  title: string,
  op: number,
  subject: number,
  object: number,
  registers: Readonly<Record<number, bigint | number>>,
  r7: bigint | 'same',
  cost?: bigint,
];
const BIG = 2n ** 32n;

// biome-ignore format: a table, one row a line
const ROWS: readonly Row[] = [
  ['unknown operation 1', 1, 34, 60, { 7: 5 }, WHAT],
  ['unknown operation 14', 14, 34, 60, { 7: 5 }, WHAT],

  ['CALL of an empty slot', Op.Call, 60, 0, { 7: 5 }, WHAT],
  ['CALL of DATA', Op.Call, 34, 0, { 7: 5 }, WHAT],
  ['CALL of a faulted VM', Op.Call, 41, 0, { 7: 5 }, WHAT],
  ['CALL of a halted VM', Op.Call, 42, 0, { 7: 5 }, WHAT],
  ['CALL of a stale CALLABLE', Op.Call, 44, 0, { 7: 5 }, WHAT],
  ['CALL through a faulted VM, empty slot', Op.Call, reference(60, 41), 0, { 7: 5 }, WHAT],
  ['CALL through a slot that is no HANDLE', Op.Call, reference(30, 34), 0, { 7: 5 }, WHAT],
  ['CALL through a CALLABLE', Op.Call, reference(30, 43), 60, { 7: 5 }, WHAT],
  ['RETYPE', Op.Call, 254, 60, { 7: 2 }, 60n, 3010n],
  ['RETYPE of no pages', Op.Call, 254, 60, { 7: 0 }, 60n, 10n],
  ['RETYPE into a child', Op.Call, 254, reference(60, 40), { 7: 1 }, 60n, 1510n],
  ['RETYPE of more pages than there are', Op.Call, 254, 60, { 7: 31 }, WHAT, 46510n],
  ['RETYPE to an occupied slot', Op.Call, 254, 34, { 7: 1 }, WHAT, 1510n],
  ['RETYPE to no VM', Op.Call, 254, reference(60, 61), { 7: 1 }, WHAT, 1510n],
  ['RETYPE of 2^32 pages', Op.Call, 254, 60, { 7: BIG }, WHAT],
  ['CREATE', Op.Call, 30, 60, { 7: COPIED }, 60n],
  ['CREATE with nothing', Op.Call, 31, 60, { 7: 0 }, 60n],
  ['CREATE with empty slots', Op.Call, 30, 60, { 7: 1n << 60n }, 60n],
  ['CREATE into a child', Op.Call, 30, reference(60, 40), { 7: COPIED }, 60n],
  ['CREATE by a child\'s CODE', Op.Call, reference(30, 40), 60, { 7: 1n << 30n }, 60n],
  ['CREATE with DATA', Op.Call, 30, 60, { 7: 1n << 34n }, WHAT],
  ['CREATE with a HANDLE', Op.Call, 30, 60, { 7: 1n << 40n }, WHAT],
  ['CREATE to an occupied slot', Op.Call, 30, 40, { 7: 0 }, WHAT],
  ['CREATE to no VM', Op.Call, 30, reference(60, 34), { 7: 0 }, WHAT],

  ['MAP', Op.Map, 34, 0, { 7: 0x50, 8: 1, 9: 2, 10: 1 }, 'same'],
  ['MAP of no pages', Op.Map, 34, 0, { 7: 0x50, 8: 3, 9: 0, 10: 0 }, 'same'],
  ['MAP below 0x10000', Op.Map, 34, 0, { 7: 0, 8: 0, 9: 3, 10: 1 }, 'same'],
  ['MAP to the end of the space', Op.Map, 34, 0, { 7: 0xffffd, 8: 0, 9: 3, 10: 1 }, 'same'],
  ['MAP again as before', Op.Map, 32, 0, { 7: 0x20, 8: 0, 9: 4, 10: 1 }, 'same'],
  ['MAP in a child', Op.Map, reference(34, 40), 0, { 7: 0x20, 8: 0, 9: 1, 10: 1 }, 'same'],
  ['MAP of what is no DATA', Op.Map, 40, 0, { 7: 0x50, 8: 0, 9: 1, 10: 1 }, WHAT],
  ['MAP of an empty slot', Op.Map, 60, 0, { 7: 0x50, 8: 0, 9: 1, 10: 1 }, WHAT],
  ['MAP beyond the pages', Op.Map, 34, 0, { 7: 0x50, 8: 2, 9: 2, 10: 1 }, WHAT],
  ['MAP beyond the space', Op.Map, 34, 0, { 7: 0xffffe, 8: 0, 9: 3, 10: 1 }, WHAT],
  ['MAP with a wrong mode', Op.Map, 34, 0, { 7: 0x50, 8: 0, 9: 1, 10: 2 }, WHAT],
  ['MAP with a mode of 64 bits', Op.Map, 34, 0, { 7: 0x50, 8: 0, 9: 1, 10: BIG }, WHAT],
  ['MAP with a base of 64 bits', Op.Map, 34, 0, { 7: BIG + 0x50n, 8: 0, 9: 1, 10: 1 }, WHAT],
  ['MAP from a page of 64 bits', Op.Map, 34, 0, { 7: 0x50, 8: BIG, 9: 1, 10: 1 }, WHAT],
  ['MAP of a count of 64 bits', Op.Map, 34, 0, { 7: 0x50, 8: 0, 9: BIG, 10: 1 }, WHAT],
  ['MAP at another base', Op.Map, 32, 0, { 7: 0x50, 8: 0, 9: 1, 10: 1 }, WHAT],
  ['MAP with another mode', Op.Map, 32, 0, { 7: 0x20, 8: 0, 9: 1, 10: 0 }, WHAT],
  ['MAP over another DATA', Op.Map, 34, 0, { 7: 0x1f, 8: 0, 9: 2, 10: 1 }, WHAT],
  ['MAP beside another DATA', Op.Map, 34, 0, { 7: 0x1e, 8: 0, 9: 2, 10: 1 }, 'same'],

  ['UNMAP', Op.Unmap, 32, 0, { 7: 1, 8: 2 }, 'same'],
  ['UNMAP beyond the end', Op.Unmap, 32, 0, { 7: 0, 8: 0xffffffffn }, 'same'],
  ['UNMAP of what is not mapped', Op.Unmap, 34, 0, { 7: 0, 8: 1 }, 'same'],
  ['UNMAP of what is no DATA', Op.Unmap, 30, 0, { 7: 0, 8: 1 }, WHAT],
  ['UNMAP from a page of 64 bits', Op.Unmap, 32, 0, { 7: BIG, 8: 1 }, WHAT],
  ['UNMAP of a count of 64 bits', Op.Unmap, 32, 0, { 7: 0, 8: BIG }, WHAT],

  ['SPLIT', Op.Split, 34, 60, { 7: 1 }, 'same'],
  ['SPLIT into a child', Op.Split, 34, reference(60, 40), { 7: 2 }, 'same'],
  ['SPLIT at 0', Op.Split, 34, 60, { 7: 0 }, WHAT],
  ['SPLIT at the end', Op.Split, 34, 60, { 7: 3 }, WHAT],
  ['SPLIT at a page of 64 bits', Op.Split, 34, 60, { 7: BIG + 1n }, WHAT],
  ['SPLIT of mapped pages', Op.Split, 32, 60, { 7: 1 }, WHAT],
  ['SPLIT to an occupied slot', Op.Split, 34, 40, { 7: 1 }, WHAT],
  ['SPLIT of what is no DATA', Op.Split, 30, 60, { 7: 1 }, WHAT],

  ['DROP of DATA', Op.Drop, 32, 0, { 7: 5 }, 'same'],
  ['DROP of a protocol', Op.Drop, 1, 0, { 7: 5 }, 'same'],
  ['DROP of a HANDLE', Op.Drop, 40, 0, { 7: 5 }, 'same'],
  ['DROP of a CALLABLE', Op.Drop, 43, 0, { 7: 5 }, 'same'],
  ['DROP in a child', Op.Drop, reference(50, 40), 0, { 7: 5 }, 'same'],
  ['DROP of nothing', Op.Drop, 60, 0, { 7: 5 }, WHAT],

  ['MOVE', Op.Move, 34, 60, { 7: 5 }, 'same'],
  ['MOVE to where it is', Op.Move, 34, 34, { 7: 5 }, 'same'],
  ['MOVE into a child', Op.Move, 40, reference(60, 41), { 7: 5 }, 'same'],
  ['MOVE of a HANDLE into its own VM', Op.Move, 40, reference(60, 40), { 7: 5 }, 'same'],
  ['MOVE from a child of a child', Op.Move, reference(31, 40, 50), 60, { 7: 5 }, 'same'],
  ['MOVE from a child that is not there', Op.Move, reference(31, 40, 51), 60, { 7: 5 }, WHAT],
  ['MOVE of nothing', Op.Move, 60, 61, { 7: 5 }, WHAT],
  ['MOVE of nothing to where it is not', Op.Move, 60, 60, { 7: 5 }, WHAT],
  ['MOVE to an occupied slot', Op.Move, 34, 40, { 7: 5 }, WHAT],

  ['COPY of UNTYPED', Op.Copy, 254, 60, { 7: 5 }, 'same'],
  ['COPY of CODE', Op.Copy, 30, reference(60, 41), { 7: 5 }, 'same'],
  ['COPY of a CALLABLE', Op.Copy, 43, 60, { 7: 5 }, 'same'],
  ['COPY of a protocol', Op.Copy, 1, 60, { 7: 5 }, 'same'],
  ['COPY of DATA', Op.Copy, 34, 60, { 7: 5 }, WHAT],
  ['COPY of a HANDLE', Op.Copy, 40, 60, { 7: 5 }, WHAT],
  ['COPY of nothing', Op.Copy, 60, 61, { 7: 5 }, WHAT],
  ['COPY to an occupied slot', Op.Copy, 30, 31, { 7: 5 }, WHAT],
  ['COPY to where it is', Op.Copy, 30, 30, { 7: 5 }, WHAT],

  ['GRANT', Op.Grant, 40, 0, { 7: 32 }, 1n],
  ['GRANT to a faulted VM', Op.Grant, 41, 0, { 7: 30 }, 1n],
  ['GRANT through a child', Op.Grant, reference(50, 40), 0, { 7: 30 }, 1n],
  ['GRANT of nothing', Op.Grant, 40, 0, { 7: 60 }, WHAT],
  ['GRANT of slot 256', Op.Grant, 40, 0, { 7: 256 }, WHAT],
  ['GRANT to a CALLABLE', Op.Grant, 43, 0, { 7: 30 }, WHAT],
  ['REVOKE', Op.Revoke, 40, 0, { 7: 34 }, 64n],
  ['REVOKE from a halted VM', Op.Revoke, 42, 0, { 7: 30 }, 64n],
  ['REVOKE of nothing', Op.Revoke, 40, 0, { 7: 60 }, WHAT],
  ['REVOKE of slot 256', Op.Revoke, 40, 0, { 7: 256 + 34 }, WHAT],
  ['REVOKE from a CALLABLE', Op.Revoke, 43, 0, { 7: 30 }, WHAT],

  ['DOWNGRADE', Op.Downgrade, 41, 60, { 7: 5 }, 'same'],
  ['DOWNGRADE of a CALLABLE', Op.Downgrade, 43, 60, { 7: 5 }, WHAT],
  ['DOWNGRADE to an occupied slot', Op.Downgrade, 40, 41, { 7: 5 }, WHAT],
  ['DOWNGRADE of nothing', Op.Downgrade, 60, 61, { 7: 5 }, WHAT],
  ['SET_MAX_GAS', Op.SetMaxGas, 40, 0, { 7: 2n ** 64n - 5n }, 'same'],
  ['SET_MAX_GAS of a CALLABLE', Op.SetMaxGas, 43, 0, { 7: 5 }, WHAT],

  ['DIRTY of pages nobody wrote', Op.Dirty, 32, 0, { 7: 0, 8: 4 }, 0n],
  ['DIRTY of no pages', Op.Dirty, 32, 0, { 7: 4, 8: 0 }, 0n],
  ['DIRTY beyond the pages', Op.Dirty, 32, 0, { 7: 1, 8: 4 }, WHAT],
  ['DIRTY of 65 pages', Op.Dirty, 32, 0, { 7: 0, 8: 65 }, WHAT],
  ['DIRTY of what is no DATA', Op.Dirty, 30, 0, { 7: 0, 8: 1 }, WHAT],

  ['RESUME of an idle VM', Op.Resume, 40, 0, { 7: 5 }, WHAT],
  ['RESUME of a halted VM', Op.Resume, 42, 0, { 7: 5 }, WHAT],
  ['RESUME of a CALLABLE', Op.Resume, 43, 0, { 7: 5 }, WHAT],
  ['RESUME of nothing', Op.Resume, 60, 0, { 7: 5 }, WHAT],
];

for (const machine of MACHINES) {
  const { engine, gasModel } = machine;
  describe(`${engine}, ${gasModel}`, () => {
    test('operations and the ways they fail', () => {
      const plain = scene(machine).ecall(255, 0).used;
      for (const [title, op, subject, object, registers, r7, cost = 0n] of ROWS) {
        const rig = scene(machine);
        const answer = rig.ecall(op, subject, object, registers);
        assert.equal(answer.r7, r7 === 'same' ? BigInt(registers[7] as bigint) : r7, title);
        assert.equal(answer.used, plain + cost, `gas of ${title}`);
        rig.kernel.dispose();
      }
    });

    test('effects', () => {
      const rig = scene(machine);
      assert.equal(rig.slot(34), 'data 3/0');
      rig.ecall(Op.Map, 34, 0, { 7: 0x50, 8: 1, 9: 2, 10: 1 });
      assert.equal(rig.slot(34), 'data 3/2');
      assert.throws(() => rig.kernel.readVm(0, 0x50000, 1));
      assert.deepEqual(rig.kernel.readVm(0, 0x51000, 2), new Uint8Array(2));
      rig.ecall(Op.Move, 34, 60);
      assert.equal(rig.slot(60), 'data 3/2', 'stays mapped within a table');
      rig.ecall(Op.Move, 60, reference(60, 40));
      assert.equal(rig.slot(60), 'nothing');
      assert.equal(rig.slot(60, 1), 'data 3/0');
      assert.throws(() => rig.kernel.readVm(0, 0x51000, 1));
      rig.ecall(Op.Split, reference(60, 40), 60, { 7: 1 });
      assert.equal(rig.slot(60), 'data 2/0');
      assert.equal(rig.slot(60, 1), 'data 1/0');
      rig.ecall(Op.Grant, 40, 0, { 7: 32 });
      assert.equal(rig.slot(1, 1), 'data 4/0');
      rig.ecall(Op.Revoke, 40, 0, { 7: 1 });
      assert.equal(rig.slot(64), 'data 4/0');
      const live = rig.kernel.liveVms;
      rig.ecall(Op.Drop, 40);
      assert.equal(rig.kernel.liveVms, live - 2, 'the VM and the one it owned');
      assert.equal(rig.slot(43), 'callable stale');
      rig.kernel.dispose();
    });

    test('CALL passes r7 to r10, REPLY r7; the callee goes on behind it', () => {
      const rig = scene(machine);
      const called = rig.act('ecalli 43', { 7: 11, 8: 12, 9: 13, 10: 14, 12: 0 });
      assert.equal(called.vm, 1);
      assert.deepEqual(rig.vm(1).registers.slice(7, 11), [11n, 12n, 13n, 14n]);
      assert.equal(rig.vm(0).state, 'waiting');
      assert.equal(rig.vm(1).caller, 0);
      assert.equal(rig.vm(0).gas, 0n);
      const replied = rig.act('ecalli 0', { 7: 77, 8: 78 });
      assert.deepEqual([replied.vm, replied.r7, replied.r8], [0, 77n, 0n]);
      assert.deepEqual([rig.vm(1).state, rig.vm(1).gas, rig.vm(1).registers[8]], ['idle', 0n, 78n]);
      assert.equal(rig.act('ecalli 40', { 7: 1, 12: 0 }).vm, 1);
    });

    test('how a callee ends otherwise', () => {
      const rig = scene(machine);
      const ways = [
        ['trap', { 7: 42 }, 42n, 1n, 'faulted'],
        ['unknown', { 7: 42 }, HUH, 2n, 'faulted'],
        ['badJump', { 7: 42 }, HUH, 2n, 'faulted'],
        ['ecalli 128', { 7: 42 }, HUH, 2n, 'faulted'],
        ['load8', { 1: 0x8000 }, HUH, 2n, 'faulted'],
        ['load8', { 1: 0x345678 }, 0x345000n, 4n, 'faulted'],
        ['store64', { 1: 0x40000 }, 0x40000n, 4n, 'faulted'],
        ['halt', { 7: 42 }, 42n, 0n, 'halted'],
      ] as const;
      for (const [way, registers, r7, r8, state] of ways) {
        assert.equal(rig.act('ecalli 30', { 7: ASKING, 12: 60 }).r7, 60n);
        const { vm } = rig.act('ecalli 60', { 7: 1, 12: 0 });
        const answer = rig.act(way, registers);
        assert.deepEqual([answer.vm, answer.r7, answer.r8], [0, r7, r8], way);
        assert.equal(rig.vm(vm).state, state, way);
        assert.equal(rig.vm(vm).gas, 0n, way);
        assert.equal(rig.ecall(Op.Drop, 60, 0, { 7: 9 }).r7, 9n);
      }
    });

    test('a gas ceiling, running out of gas, and going on', () => {
      const rig = scene(machine);
      rig.ecall(Op.SetMaxGas, 40, 0, { 7: 500 });
      const { vm } = rig.act('ecalli 40', { 7: 1, 12: 0 });
      assert.ok(rig.vm(vm).gas <= 500n && rig.vm(0).gas > 900_000_000n);
      const gas = rig.vm(vm).gas;
      const faulted = rig.act('ecalli 30', { 7: 0, 12: 70 });
      assert.ok(gas < 500n && faulted.vm === vm, 'a CREATE can be paid');
      let answer = rig.act('callLoop', { 4: 7, 12: 0 });
      while (answer.vm === vm) answer = rig.act('callLoop', { 4: 7, 12: 0 });
      assert.deepEqual([answer.r7, answer.r8], [LOW, 3n]);
      assert.equal(rig.vm(vm).state, 'faulted');
      rig.ecall(Op.SetMaxGas, 40, 0, { 7: 100_000 });
      assert.equal(rig.ecall(Op.Resume, 40).vm, vm, 'it goes on');
      assert.equal(rig.act('ecalli 0').vm, 0);
    });

    test('RESUME after the missing page was mapped', () => {
      const rig = scene(machine);
      rig.act('ecalli 40', { 7: 1, 12: 0 });
      assert.deepEqual(
        [rig.act('store8', { 1: 0x77123, 3: 0xab }).r7, rig.kernel.caller.getRegister(8)],
        [0x77000n, 4n],
      );
      rig.ecall(Op.Map, reference(34, 40), 0, { 7: 0x77, 8: 0, 9: 1, 10: 1 });
      assert.equal(rig.ecall(Op.Resume, 40).vm, 1);
      assert.deepEqual(rig.kernel.readVm(1, 0x77123, 1), Uint8Array.of(0xab));
    });

    test('DATA travels with a CALL and comes back mapped as it was', () => {
      const rig = scene(machine);
      rig.ecall(Op.Unmap, 32, 0, { 7: 1, 8: 1 });
      rig.act('ecalli 40', { 7: 1, 12: 32 });
      assert.equal(rig.slot(32), 'nothing');
      assert.equal(rig.slot(0, 1), 'data 4/0');
      rig.ecall(Op.Map, 0, 0, { 7: 0x20, 8: 0, 9: 4, 10: 1 });
      rig.act('store8', { 1: 0x21005, 3: 9 });
      assert.equal(rig.act('ecalli 0').vm, 0);
      assert.equal(rig.slot(32), 'data 4/3');
      assert.equal(rig.slot(0, 1), 'nothing');
      assert.throws(() => rig.kernel.readVm(0, 0x21000, 1));
      assert.deepEqual(rig.kernel.readVm(0, 0x20000, 2), Uint8Array.of(32, 1));
      assert.equal(rig.ecall(Op.Dirty, 32, 0, { 7: 0, 8: 4 }).r7, 2n);
    });

    test('what else may travel, and where it stays', () => {
      const rig = scene(machine);
      rig.act('ecalli 40', { 7: 1, 12: 41 });
      assert.equal(rig.slot(0, 1), 'handle 2');
      rig.ecall(Op.Move, 0, 60);
      rig.ecall(Op.Copy, 30, 0);
      assert.equal(rig.act('ecalli 0').vm, 0);
      assert.equal(rig.slot(41), 'code', 'what was in slot 0 goes back');
      rig.act('ecalli 40', { 7: 1, 12: 34 });
      assert.equal(rig.act('trap').r8, 1n);
      assert.equal(rig.slot(34), 'nothing');
      assert.equal(rig.slot(0, 1), 'data 3/0', 'a fault leaves it behind');
      assert.equal(rig.ecall(Op.Revoke, 40, 0, { 7: 0 }).r7, 64n);
      // An occupied slot 0 of the callee refuses, before the call is paid.
      rig.ecall(Op.Call, 30, 61, { 7: ASKING });
      rig.ecall(Op.Move, 64, reference(0, 61));
      assert.equal(rig.act('ecalli 61', { 7: 1, 12: 30 }).r7, WHAT);
      assert.equal(rig.act('ecalli 61', { 7: 1, 12: 62 }).vm, 5, 'an empty slot lets nothing travel');
    });

    test('nothing is re-entrant, and a running VM is out of reach', () => {
      const rig = scene(machine);
      rig.ecall(Op.Copy, 43, reference(60, 40));
      rig.act('ecalli 40', { 7: 1, 12: 41 });
      assert.equal(rig.act('ecalli 60', { 7: 1, 12: 0 }).r7, WHAT, 'itself');
      rig.act('ecalli 0');
      // The child is given its own HANDLE.
      rig.act('ecalli 40', { 7: 1, 12: 40 });
      assert.equal(rig.ecall(Op.Drop, 0, 0, { 7: 5 }).r7, WHAT);
      assert.equal(rig.ecall(Op.Grant, 0, 0, { 7: 30 }).r7, WHAT);
      assert.equal(rig.ecall(Op.Revoke, 0, 0, { 7: 30 }).r7, WHAT);
      assert.equal(rig.ecall(Op.Move, 0, 61, { 7: 5 }).r7, 5n);
      assert.equal(rig.ecall(Op.Copy, 30, reference(70, 61), { 7: 5 }).r7, WHAT);
      assert.equal(rig.ecall(Op.Move, 61, 0, { 7: 5 }).r7, 5n);
      assert.equal(rig.act('ecalli 0').vm, 0);
      assert.equal(rig.slot(40), 'handle 1');
    });

    test('a reused index has another generation', () => {
      const rig = scene(machine);
      const old = rig.vm(0).capabilities.find(({ slot }) => slot === 43);
      rig.ecall(Op.Drop, 40);
      for (const slot of [60, 61, 62]) rig.act('ecalli 30', { 7: ASKING, 12: slot });
      assert.ok(old?.kind === 'callable' && rig.vm(old.vm).generation !== old.generation);
      assert.equal(rig.act('ecalli 43', { 7: 1, 12: 0 }).r7, WHAT);
    });

    test('DIRTY outlives UNMAP, MOVE and SPLIT', () => {
      const rig = scene(machine);
      rig.act('store8', { 1: 0x21000, 3: 1 });
      rig.act('store64', { 1: 0x22ffc, 3: 1 });
      rig.kernel.caller.memory.write(0x20000, Uint8Array.of(1));
      assert.equal(rig.ecall(Op.Dirty, 32, 0, { 7: 1, 8: 2 }).r7, 0b11n);
      assert.equal(rig.ecall(Op.Dirty, 32, 0, { 7: 1, 8: 2 }).r7, 0n);
      rig.ecall(Op.Unmap, 32, 0, { 7: 0, 8: 4 });
      rig.ecall(Op.Move, 32, reference(60, 40));
      rig.ecall(Op.Split, reference(60, 40), 60, { 7: 2 });
      assert.equal(rig.ecall(Op.Dirty, 60, 0, { 7: 0, 8: 2 }).r7, 0b10n);
      assert.equal(rig.ecall(Op.Dirty, reference(60, 40), 0, { 7: 0, 8: 2 }).r7, 0b01n);
    });
  });
}
