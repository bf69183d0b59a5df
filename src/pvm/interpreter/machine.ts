/**
 * What the interpreter works on: a program's decoded code, a guest's state, and how its gas is counted.
 */
import { chargeTable, type GasModel } from '../gas/index.js';
import type { DecodedProgram } from '../isa/decode.js';
import type { GuestMemory } from '../memory/guest-memory.js';

/** One guest, as the interpreter sees it. */
export class Machine {
  /** Entry of the stream to execute next; after an exit, the entry that caused it. */
  index = 0;
  /** After an exit: index of a host call, or the page of a fault (both unsigned 32-bit values). */
  exitArgument = 0;

  constructor(
    readonly decoded: DecodedProgram,
    /** The context block as 32-bit words: registers as low and high halves, then the gas counter. */
    readonly regs: Int32Array,
    readonly memory: GuestMemory,
    readonly gasModel: GasModel,
    /** Pages of memory the program starts with: what `pipeline` prices loads and stores by. */
    readonly pageCount: number,
    /** `chargeTable` of the three; one table serves every machine that runs the program so. */
    readonly charges: Int32Array = chargeTable(decoded, gasModel, pageCount),
  ) {}
}
