/**
 * Optimisation: passes over the whole program until none finds anything more, or the round is the last.
 */
import type { Code } from '../ir.js';
import { straightenClamps } from './clamps.js';
import { tidyFlow } from './flow.js';
import { liveness, removeUnwanted } from './liveness.js';
import { joinShifts } from './pairs.js';
import { propagateValues } from './values.js';

/** Rounds after which what is left is not worth looking for. */
const MAX_ROUNDS = 8;

/** Optimises a program in place. */
export function optimize(code: Code, kernel: boolean): void {
  tidyFlow(code);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const simplified = propagateValues(code);
    const tidied = tidyFlow(code);
    const live = liveness(code, kernel);
    const joined = joinShifts(code, live);
    const removed = removeUnwanted(code, joined ? liveness(code, kernel) : live);
    const straightened = straightenClamps(code, live);
    if (!simplified && !tidied && !joined && !removed && !straightened) break;
  }
}
