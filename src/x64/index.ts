/**
 * `scotty/x64`: an x86-64 assembler and a disassembler. Pure bytes: it neither allocates executable memory nor runs
 * anything.
 */

export { Assembler } from './assembler.js';
export { type DisassembledInstruction, disassemble } from './disassembler.js';
export { Label } from './labels.js';
export { absolute, addr32, at, gs, guest, indexed, Mem, rip, Segment } from './operands.js';
export {
  Alu,
  Cond,
  type LongWidth,
  Reg,
  Rounding,
  Shift,
  Unary,
  type Width,
  type WordWidth,
  Xmm,
} from './registers.js';
