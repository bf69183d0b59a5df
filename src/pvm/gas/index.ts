/**
 * Gas: what a stretch of code costs, for either model.
 *
 * A *stretch* starts at an entry with CHARGE_START and ends before the next one. Engines charge it when they enter
 * it; see `flat.ts` and `pipeline.ts` for what and why.
 */
import type { DecodedProgram } from '../isa/decode.js';
import { flatCharges, flatCostFrom } from './flat.js';
import { pipelineCharges, pipelineCostFrom } from './pipeline.js';

export { flatCharges, flatCostFrom } from './flat.js';
export { memoryCycles, pipelineCharges, pipelineCostFrom } from './pipeline.js';

/** `flat`: one unit an instruction. `pipeline`: a stretch costs its simulated cycles. */
export type GasModel = 'flat' | 'pipeline';

/**
 * Cost of each stretch, at the entry that starts it; 0 at every other entry.
 *
 * @param pageCount pages of memory the program has at its start (`pipeline` only)
 */
export function chargeTable(decoded: DecodedProgram, model: GasModel, pageCount: number): Int32Array {
  return model === 'flat' ? flatCharges(decoded) : pipelineCharges(decoded, pageCount);
}

/** Cost of entering a stretch at any of its entries: of what remains of it. */
export function costFrom(decoded: DecodedProgram, model: GasModel, pageCount: number, index: number): number {
  return model === 'flat' ? flatCostFrom(decoded, index) : pipelineCostFrom(decoded, pageCount, index);
}
