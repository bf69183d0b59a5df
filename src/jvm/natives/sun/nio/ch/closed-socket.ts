/** A socket whose peer is closed: what a descriptor is replaced by before it is closed. */
import { closeSync } from 'node:fs';
import { socketPair } from '../../../../../host/index.js';
import { ioException } from '../../../system-errors.js';

let closed: number | undefined;

/** The descriptor of one, made once. */
export function closedSocket(): number {
  if (closed === undefined) {
    const pair = socketPair();
    if (typeof pair === 'number') throw ioException(-pair);
    closeSync(pair[1]);
    closed = pair[0];
  }
  return closed;
}
