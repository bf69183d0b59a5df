/**
 * Not a test: a worker thread that enters and faults in emitted code, and tells its parent what it saw. With
 * `workerData.rounds` it runs that many rounds after a start signal that all workers wait for; with `leave` it then
 * leaves everything it has behind.
 */

import { parentPort, threadId, workerData } from 'node:worker_threads';
import { at, Cond, gs, Reg } from '../../src/x64/index.js';
import { field, RESULTS, Rig } from './rig.js';

export interface WorkerTask {
  /** Two words: how many workers are ready, how many there are. */
  readonly gate: SharedArrayBuffer;
  readonly rounds: number;
  readonly leave: 'nothing' | 'everything';
}

export interface WorkerReport {
  readonly wrong: number;
  readonly arena: number;
  readonly window: number;
}

const { gate, rounds, leave } = workerData as WorkerTask;

const rig = new Rig();
// Spins for a while with GS in use, notes what GS finds at the window's base, then faults at an address given.
const code = rig.placeFaulting(
  (a) => {
    a.mov_ri(32, Reg.RDX, 300);
    const spin = a.label();
    a.bind(spin);
    a.mov_rm(64, Reg.RSI, field(8));
    a.mov_mr(64, field(RESULTS), Reg.RSI);
    a.sub_ri(32, Reg.RDX, 1);
    a.jcc(Cond.NE, spin);
    a.mov_rm(32, Reg.RCX, field(RESULTS + 8));
  },
  (a) => a.mov_rm(64, Reg.RDX, gs(at(Reg.RCX))),
);
const fields = new Int32Array(gate);
Atomics.add(fields, 0, 1);
while (Atomics.load(fields, 0) < (fields[1] as number)) Atomics.wait(fields, 2, 0, 1);

let wrong = 0;
for (let i = 0; i < rounds; i++) {
  const address = ((i * 64 + threadId * 8) % 0xfff8) >>> 0;
  rig.context[RESULTS / 8 + 1] = BigInt(address);
  rig.context[RESULTS / 8] = 0n;
  rig.run(code.address);
  if (rig.result() !== BigInt(rig.window)) wrong++;
  if (rig.faultAddress !== rig.window + address || rig.faultPc !== code.trap) wrong++;
}
parentPort?.postMessage({ wrong, arena: rig.arena.base, window: rig.window } satisfies WorkerReport);
// Stays until terminated: a terminated worker runs no code to tidy up.
if (leave === 'everything') setInterval(() => {}, 1000);
