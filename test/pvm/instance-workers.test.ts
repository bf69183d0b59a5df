/** Guests in several threads of one process at once: each has its own window, code and faults. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type GuestTask, runGuests } from './instance-worker.js';
import { ENGINES } from './machines.js';

function start(workerData: GuestTask): Promise<number> {
  const worker = new Worker(new URL('./instance-worker.js', import.meta.url), { workerData });
  return once(worker, 'message').then(([wrong]) => wrong as number);
}

test('two worker threads and the main thread run guests at once', async () => {
  for (const engine of ENGINES) {
    const workers = [1, 2].map((number) => start({ engine, rounds: 150, number }));
    assert.equal(runGuests({ engine, rounds: 150, number: 0 }), 0);
    assert.deepEqual(await Promise.all(workers), [0, 0]);
  }
});

test('workers that come and go leave the others alone', async () => {
  const engine = ENGINES[ENGINES.length - 1] as (typeof ENGINES)[number];
  for (let i = 0; i < 3; i++) {
    assert.equal(await start({ engine, rounds: 5, number: i }), 0);
    assert.equal(runGuests({ engine, rounds: 5, number: 9 }), 0);
  }
});
