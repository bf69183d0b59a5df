/** Natives of sun.nio.fs.UnixCopyFile. */
import { readSync, writeSync } from 'node:fs';
import type { Activity } from '../../../../runtime/activity.js';
import { YIELD } from '../../../../runtime/activity.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import type { NativeTable } from '../../../registry.js';
import { errnoOf } from '../../../system-errors.js';
import { unixException } from './unix-exception.js';

const CHUNK = 256 * 1024;
const CANCELED = 125;

/** Copies all that is left of `from`, until the word at `cancel` is not 0. */
function* transfer(t: JavaThread, to: number, from: number, cancel: number): Activity<void> {
  const chunk = new Uint8Array(CHUNK);
  for (;;) {
    try {
      const got = readSync(from, chunk, 0, CHUNK, null);
      if (got === 0) return;
      for (let done = 0; done < got; ) done += writeSync(to, chunk, done, got - done);
    } catch (error) {
      yield* unixException(t, errnoOf(error));
    }
    if (cancel === 0) continue;
    // The thread that cancels needs its turn.
    yield YIELD;
    if (t.vm.words[cancel >>> 2] !== 0) yield* unixException(t, CANCELED);
  }
}

export const natives: NativeTable = { 'transfer(IIJ)V': transfer };
