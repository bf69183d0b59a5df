/** The trampoline: what it passes, what it keeps, and that several guests can take turns. */

import assert from 'node:assert/strict';
import { hasFsGsBase } from '../../src/host/entry.js';
import { libc } from '../../src/host/libc.js';
import { Assembler, at, Cond, Mem, Reg } from '../../src/x64/index.js';
import { field, LAYOUT, nativeTest, RESULTS, Rig } from './rig.js';

const CALLEE_SAVED = [Reg.RBX, Reg.RBP, Reg.R12, Reg.R13, Reg.R14, Reg.R15];

nativeTest('guest code runs and leaves', () => {
  const rig = new Rig();
  const code = rig.place((a) => {
    a.mov_ri(32, Reg.RBX, 42);
    a.mov_mr(64, field(RESULTS), Reg.RBX);
    a.mov_mr(64, field(RESULTS + 8), Reg.RSP);
  });
  rig.run(code.address);
  assert.equal(rig.result(), 42n);
  assert.equal(rig.result(1), rig.context[LAYOUT.hostStack / 8]);
});

for (const useSystemCall of [false, true]) {
  const way = useSystemCall ? 'arch_prctl' : 'wrgsbase';
  nativeTest(`GS is the window of the context that is entered, set by ${way}`, () => {
    if (!useSystemCall && !hasFsGsBase()) return;
    const rigs = [new Rig(useSystemCall), new Rig(useSystemCall), new Rig(useSystemCall)];
    const codes = rigs.map((rig, i) =>
      rig.place((a) => {
        a.mov_rm(64, Reg.RCX, field(LAYOUT.windowBase));
        a.mov_mr(64, field(RESULTS), Reg.RCX);
        a.mov_mi(32, field(RESULTS + 8), i + 1);
      }),
    );
    for (let round = 0; round < 3; round++) {
      rigs.forEach((rig, i) => {
        rig.context.fill(0n, RESULTS / 8);
        rig.run((codes[i] as { address: number }).address);
        assert.equal(rig.result(), BigInt(rig.window));
        assert.equal(rig.result(1), BigInt(i + 1));
      });
    }
  });

  nativeTest(
    `callee-saved registers, stack pointer and control words survive a guest that destroys all, ${way}`,
    () => {
      if (!useSystemCall && !hasFsGsBase()) return;
      const rig = new Rig(useSystemCall);
      const guest = rig.place((a) => {
        for (let register = 0; register < 16; register++) {
          if (register !== Reg.RSP) a.mov_ri64(register, 0x1111 * register, 0x7eadbeef);
        }
      });
      // A caller in emitted code: known values in the registers, a call of the trampoline, a comparison of each.
      const a = new Assembler();
      const results = rig.contextAddress + RESULTS;
      const result = (register: Reg, slot: number): void => {
        a.mov_ri64(Reg.RAX, (results + 8 * slot) | 0, Math.floor(results / 2 ** 32));
        a.mov_mr(64, at(Reg.RAX), register);
      };
      for (const register of CALLEE_SAVED) a.push(register);
      a.sub_ri(64, Reg.RSP, 8);
      a.stmxcsr(at(Reg.RSP));
      a.mov_rm(32, Reg.RCX, at(Reg.RSP));
      result(Reg.RCX, 8);
      for (const [i, register] of CALLEE_SAVED.entries()) a.mov_ri64(register, i + 1, 0x01020304);
      result(Reg.RSP, 6);
      a.mov_ri64(Reg.RAX, trampoline(rig) | 0, 0);
      a.call_r(Reg.RAX);
      result(Reg.RSP, 7);
      for (const [i, register] of CALLEE_SAVED.entries()) result(register, i);
      a.stmxcsr(at(Reg.RSP));
      a.mov_rm(32, Reg.RCX, at(Reg.RSP));
      result(Reg.RCX, 9);
      a.add_ri(64, Reg.RSP, 8);
      for (const register of CALLEE_SAVED.toReversed()) a.pop(register);
      a.ret();
      const bytes = a.bytes().slice();
      const offset = rig.arena.allocate(bytes.length);
      rig.arena.write(offset, bytes);

      // Leaves the mailbox naming this context.
      rig.run(guest.address);
      libc().callable(rig.arena.address(offset))();
      for (let i = 0; i < CALLEE_SAVED.length; i++) {
        assert.equal(rig.result(i), (0x01020304n << 32n) + BigInt(i + 1));
      }
      assert.equal(rig.result(7), rig.result(6));
      assert.equal(rig.result(9), rig.result(8));
    },
  );
}

/** The first allocation of an arena is its trampoline. */
function trampoline(rig: Rig): number {
  return rig.arena.address(4096);
}

nativeTest('several entries share an arena', () => {
  const first = new Rig();
  const second = new Rig(undefined, first.arena);
  const code = (rig: Rig, value: number): number => rig.place((a) => a.mov_mi(32, field(RESULTS), value)).address;
  first.run(code(first, 1));
  second.run(code(second, 2));
  first.run(code(first, 3));
  assert.equal(first.result(), 3n);
  assert.equal(second.result(), 2n);
});

nativeTest('code can be patched between two runs', () => {
  const rig = new Rig();
  let immediate = 0;
  const code = rig.place((a) => {
    a.mov_ri(32, Reg.RCX, 0x11111111);
    immediate = a.position - 4;
    a.mov_mr(64, field(RESULTS), Reg.RCX);
  });
  for (let value = 0; value < 1000; value++) {
    rig.arena.patch32(code.offset + immediate, value);
    rig.run(code.address);
    assert.equal(rig.result(), BigInt(value));
  }
});

nativeTest('entering costs tens of nanoseconds', () => {
  const rig = new Rig();
  const code = rig.place((a) => {
    const done = a.label();
    a.test_rr(32, Reg.RCX, Reg.RCX);
    a.jcc(Cond.E, done);
    a.bind(done);
  });
  rig.run(code.address);
  let best = Infinity;
  for (let round = 0; round < 20; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 50_000; i++) rig.entry.enter(rig.contextAddress);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 50_000);
  }
  // About 30 ns on an idle machine; the bound only tells a fast path from `koffi.call`.
  assert.ok(best < 200, `${best} ns`);
});

nativeTest('absolute operands reach the arena', () => {
  const rig = new Rig();
  const table = rig.arena.allocate(8);
  rig.arena.write(table, Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0));
  const code = rig.place((a) => {
    a.mov_rm(64, Reg.RCX, new Mem().set(-1, -1, 1, rig.arena.address(table)));
    a.mov_mr(64, field(RESULTS), Reg.RCX);
  });
  rig.run(code.address);
  assert.equal(rig.result(), 7n);
});
