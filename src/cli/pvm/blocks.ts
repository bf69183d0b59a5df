/**
 * Code for people: instructions by basic block, with what each block costs.
 */
import { costFrom, type GasModel } from '../../pvm/gas/index.js';
import { CHARGE_START, type DecodedProgram, Field, JUMP_TARGET, STRIDE } from '../../pvm/isa/decode.js';
import { formatInstruction } from '../../pvm/toolchain/disassembler.js';
import { grouped, type Style } from '../terminal.js';

/**
 * The code, a heading for each basic block. What follows an `ecalli` is charged apart, so it is marked too.
 *
 * @param pageCount pages of memory, which price loads and stores in the `pipeline` model
 */
export function describeBlocks(decoded: DecodedProgram, gasModel: GasModel, pageCount: number, style: Style): string[] {
  const lines: string[] = [];
  for (let n = 0; n < decoded.count; n++) {
    const pc = decoded.stream[n * STRIDE + Field.Pc] as number;
    const flags = decoded.flags[n] as number;
    if (flags & CHARGE_START) {
      const name = flags & JUMP_TARGET ? 'block' : 'continued';
      lines.push('', style.strong(`${name} at ${pc}, gas ${grouped(costFrom(decoded, gasModel, pageCount, n))}`));
    }
    lines.push(`${style.faint(String(pc).padStart(8))}  ${formatInstruction(decoded, n)}`);
  }
  return lines;
}
