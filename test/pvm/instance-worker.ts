/**
 * Not a test: a worker that runs guests which fault, run out of gas and call the host, while other threads do the same,
 * and reports how many runs went wrong.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Access } from '../../src/pvm/program/image.js';
import type { Engine } from '../../src/pvm/program.js';
import { guestOf } from './machines.js';

/** What a worker is asked to do. */
export interface GuestTask {
  readonly engine: Engine;
  readonly rounds: number;
  /** Distinguishes the workers' data. */
  readonly number: number;
}

/** Runs guests; returns the number of runs that did not come out right. */
export function runGuests({ engine, rounds, number }: GuestTask): number {
  const text = `
            load_imm r1, 0x40000
            fallthrough
    again:  store_ind_u64 r7, [r1]
            add_imm_64 r1, r1, 2048
            add_imm_64 r2, r2, 1
            ecalli 5
            branch_lt_u_imm r2, 8, @again
            jump_ind r0`;
  let wrong = 0;
  for (let round = 0; round < rounds; round++) {
    const value = BigInt(number * 1_000_000 + round);
    let calls = 0;
    const guest = guestOf(text, {
      engine,
      gas: 11,
      host: {
        5: () => {
          calls++;
        },
      },
    });
    guest.setRegister(0, 0xffff0000n);
    guest.setRegister(7, value);
    let exit = guest.run();
    let faults = 0;
    for (; exit.kind === 'page-fault' || exit.kind === 'out-of-gas'; exit = guest.run()) {
      if (exit.kind === 'out-of-gas') guest.gas = 13n;
      else {
        faults++;
        guest.memory.map(exit.address, 4096, Access.Write);
      }
    }
    if (exit.kind !== 'halt' || calls !== 8 || faults !== 4) wrong++;
    for (let i = 0; i < 8; i++) if (guest.memory.readU64(0x40000 + 2048 * i) !== value) wrong++;
    guest.dispose();
  }
  return wrong;
}

if (parentPort !== null && workerData !== null) parentPort.postMessage(runGuests(workerData as GuestTask));
