/**
 * The `flat` gas model (Gray Paper up to 0.7): one unit an instruction.
 *
 * The model is defined instruction by instruction, but both engines charge a stretch of code where they enter it and
 * give back what was not executed, so the table holds stretches: an engine then does the same few operations for
 * either model, and none at all for the instructions in between.
 */
import { CHARGE_START, type DecodedProgram } from '../isa/decode.js';

/** Number of instructions of each stretch, at the entry that starts it; 0 at every other entry. */
export function flatCharges(decoded: DecodedProgram): Int32Array {
  const { flags, count } = decoded;
  const charges = new Int32Array(count);
  let start = 0;
  for (let i = 1; i < count; i++) {
    if ((flags[i] & CHARGE_START) === 0) continue;
    charges[start] = i - start;
    start = i;
  }
  charges[start] = count - start;
  return charges;
}

/** Number of instructions from an entry to the end of the stretch it lies in. */
export function flatCostFrom(decoded: DecodedProgram, index: number): number {
  const { flags, count } = decoded;
  let end = index + 1;
  while (end < count && (flags[end] & CHARGE_START) === 0) end++;
  return end - index;
}
