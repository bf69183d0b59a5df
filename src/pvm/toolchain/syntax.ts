/**
 * How each instruction's operands are written: the one table that the assembler reads text by and the disassembler
 * writes it by.
 *
 * The result comes first, then sources, then immediates, then the branch target — also for the three-register
 * instructions, which encode their result last. Where an immediate is an address it stands in brackets.
 */
import { Format, type Instruction } from '../isa/instructions.js';
import { Op } from '../isa/opcodes.js';

/**
 * One operand. `A`, `B`, `D` are registers by their place in the encoding, `x` and `y` the immediates; `x?` may be
 * left out where it is zero, `x64` is 64 bits wide; brackets are memory operands; `@` is a branch target.
 */
export type Operand = 'A' | 'B' | 'D' | 'x' | 'y' | 'x?' | 'x64' | '[x]' | '[A+x]' | '[B+x]' | '@';

const BY_FORMAT: Readonly<Record<Format, readonly Operand[]>> = {
  [Format.None]: [],
  [Format.Imm]: ['x'],
  [Format.RegImm64]: ['A', 'x64'],
  [Format.ImmImm]: ['[x]', 'y'],
  [Format.Offset]: ['@'],
  [Format.RegImm]: ['A', '[x]'],
  [Format.RegImmImm]: ['[A+x]', 'y'],
  [Format.RegImmOffset]: ['A', 'x', '@'],
  [Format.RegReg]: ['A', 'B'],
  [Format.RegRegImm]: ['A', 'B', 'x'],
  [Format.RegRegOffset]: ['A', 'B', '@'],
  [Format.RegRegImmImm]: ['A', 'B', 'x', 'y'],
  [Format.RegRegReg]: ['D', 'A', 'B'],
};
const LOAD_IMM: readonly Operand[] = ['A', 'x'];
const JUMP_IND: readonly Operand[] = ['A', 'x?'];
const INDIRECT: readonly Operand[] = ['A', '[B+x]'];

/** The operands of an instruction, in the order they are written. */
export function operandsOf(row: Instruction): readonly Operand[] {
  if (row.opcode === Op.load_imm) return LOAD_IMM;
  if (row.opcode === Op.jump_ind) return JUMP_IND;
  if (row.opcode >= Op.store_ind_u8 && row.opcode <= Op.load_ind_u64) return INDIRECT;
  return BY_FORMAT[row.format];
}

/**
 * Whether an immediate's upper 32 bits make no difference, so that 0x80000000–0xFFFFFFFF may be written for it.
 * Elsewhere such a number would silently become another: immediates are sign-extended to 64 bits.
 */
export function isWord(row: Instruction, operand: Operand): boolean {
  if (operand.startsWith('[') || operand === 'x?') return true;
  if (operand === 'y') return row.format === Format.RegRegImmImm || !row.name.endsWith('_u64');
  return row.opcode === Op.ecalli || row.name.includes('_32');
}
