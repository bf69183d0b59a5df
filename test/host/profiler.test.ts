/** Node's CPU profiler interrupts guest code thousands of times a second, and neither minds the other. */

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector';
import { disablePerfMap, enablePerfMap, perfMapAdd, perfMapPath } from '../../src/host/index.js';
import { at, Cond, gs, Reg } from '../../src/x64/index.js';
import { field, nativeTest, RESULTS, Rig } from './rig.js';

interface Profile {
  readonly nodes: readonly { readonly callFrame: { readonly functionName: string }; readonly hitCount?: number }[];
  readonly samples?: readonly number[];
}

function post(session: Session, method: string, parameters: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

nativeTest('the CPU profiler samples while guest code runs and faults', async () => {
  const rig = new Rig();
  const loop = rig.place((a) => {
    // Guest registers hold anything, the frame pointer too, while the profiler looks at the stack.
    a.mov_ri64(Reg.RBP, 0x12345678, 0x7fff);
    a.mov_ri64(Reg.RBX, 0, 0);
    a.mov_ri(32, Reg.RCX, 50_000_000);
    const again = a.label();
    a.bind(again);
    a.add_ri(64, Reg.RBX, 1);
    a.mov_mr(64, field(RESULTS), Reg.RBX);
    a.sub_ri(32, Reg.RCX, 1);
    a.jcc(Cond.NE, again);
  });
  const fault = rig.placeFaulting(
    (a) => {
      a.mov_ri(32, Reg.RCX, 0x10);
      a.mov_ri(32, Reg.RBP, 0x10);
    },
    (a) => a.mov_rm(64, Reg.RDX, gs(at(Reg.RCX))),
  );

  const session = new Session();
  session.connect();
  await post(session, 'Profiler.enable');
  await post(session, 'Profiler.setSamplingInterval', { interval: 100 });
  await post(session, 'Profiler.start');
  function runGuest(): void {
    const start = performance.now();
    while (performance.now() - start < 300) {
      rig.run(loop.address);
      assert.equal(rig.result(), 50_000_000n);
      for (let i = 0; i < 1000; i++) {
        rig.run(fault.address);
        assert.equal(rig.faultPc, fault.trap);
      }
    }
  }
  runGuest();
  const { profile } = (await post(session, 'Profiler.stop')) as { profile: Profile };
  session.disconnect();
  assert.ok((profile.samples?.length ?? 0) > 20, `${profile.samples?.length} samples`);
  assert.ok(profile.nodes.some((node) => node.callFrame.functionName === 'runGuest'));
});

nativeTest('the perf map is written on request only', () => {
  rmSync(perfMapPath(), { force: true });
  perfMapAdd(0x40001000, 0x20, 'not written');
  enablePerfMap();
  perfMapAdd(0x40002000, 0x30, 'guest code');
  perfMapAdd(0x40003000, 0x40, 'with\nnew line');
  disablePerfMap();
  perfMapAdd(0x40004000, 0x50, 'not written either');
  assert.equal(readFileSync(perfMapPath(), 'utf8'), '40002000 30 guest code\n40003000 40 with new line\n');
  rmSync(perfMapPath());
});
