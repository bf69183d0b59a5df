/** Several threads of one process in emitted code at once, and threads that go away. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { installFaultHandler } from '../../src/host/index.js';
import { at, gs, Reg } from '../../src/x64/index.js';
import { nativeTest, Rig } from './rig.js';
import type { WorkerReport, WorkerTask } from './worker-child.js';

function start(task: WorkerTask): Worker {
  return new Worker(new URL('./worker-child.js', import.meta.url), { workerData: task });
}

function gateFor(workers: number): SharedArrayBuffer {
  const gate = new SharedArrayBuffer(16);
  new Int32Array(gate)[1] = workers;
  return gate;
}

async function report(worker: Worker): Promise<WorkerReport> {
  const [message] = (await once(worker, 'message')) as [WorkerReport];
  return message;
}

function isMapped(address: number): boolean {
  return readFileSync('/proc/self/maps', 'latin1')
    .split('\n')
    .some((line) => line.startsWith(`${address.toString(16).padStart(8, '0')}-`));
}

// First in this file: nobody has installed the handler in this process yet.
nativeTest('threads that install the handler at the same moment do not disturb each other', async () => {
  for (let round = 0; round < 3; round++) {
    const gate = gateFor(4);
    const workers = Array.from({ length: 4 }, () => start({ gate, rounds: 200, leave: 'nothing' }));
    const exits = workers.map((worker) => once(worker, 'exit'));
    for (const { wrong } of await Promise.all(workers.map(report))) assert.equal(wrong, 0);
    await Promise.all(exits);
  }
});

nativeTest('two workers and the main thread run and fault at once, each with its own window', async () => {
  const gate = gateFor(3);
  const task: WorkerTask = { gate, rounds: 20_000, leave: 'nothing' };
  const workers = [start(task), start(task)];
  const reports = workers.map(report);
  const exits = workers.map((worker) => once(worker, 'exit'));

  const rig = new Rig();
  const code = rig.placeFaulting(
    (a) => a.mov_ri(32, Reg.RCX, 0x2468),
    (a) => a.mov_rm(64, Reg.RDX, gs(at(Reg.RCX))),
  );
  const fields = new Int32Array(gate);
  while (Atomics.load(fields, 0) < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  Atomics.add(fields, 0, 1);
  for (let i = 0; i < 20_000; i++) {
    rig.context[3] = 0n;
    rig.run(code.address);
    if (rig.faultAddress !== rig.window + 0x2468) assert.fail(`round ${i}: ${rig.faultAddress}`);
  }
  for (const { wrong } of await Promise.all(reports)) assert.equal(wrong, 0);
  for (const [exitCode] of await Promise.all(exits)) assert.equal(exitCode, 0);
});

nativeTest('what a terminated worker had is given back, and the others go on', async () => {
  const handler = installFaultHandler();
  const rig = new Rig();
  const code = rig.placeFaulting(
    (a) => a.mov_ri(32, Reg.RCX, 0x10),
    (a) => a.mov_rm(64, Reg.RDX, gs(at(Reg.RCX))),
  );
  for (let round = 0; round < 3; round++) {
    const worker = start({ gate: gateFor(1), rounds: 10, leave: 'everything' });
    const { arena, window } = await report(worker);
    handler.reclaim();
    assert.ok(isMapped(arena), 'a living worker keeps what it has');
    await worker.terminate();
    // The kernel's thread may outlive the event by a moment.
    for (let attempt = 0; attempt < 100 && isMapped(arena); attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      handler.reclaim();
    }
    assert.ok(!isMapped(arena));
    assert.ok(!isMapped(window - 0x10000));
    rig.run(code.address);
    assert.equal(rig.faultAddress, rig.window + 0x10);
  }
});
