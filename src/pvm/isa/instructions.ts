/**
 * The instruction table: one row for each instruction of the Gray Paper's appendix A.5 (0.7).
 *
 * Everything that must know an instruction reads this table: the decoder its operand format, the assembler and
 * the listings its name, the gas model its cost, the tests and the fuzzer all three. What an instruction
 * *does* is written once for each engine, in the interpreter's and the recompiler's `switch`.
 *
 * Costs are those of the `pipeline` model (JAR v0.8). That model names registers by their *position* in the
 * encoding — A the low and B the high half of the first operand byte, D the second operand byte — and takes A
 * as the result of every three-register instruction although the instruction set writes D there. Programs are
 * metered by the published numbers, so the quirk is kept (see docs/RATIONALE.md).
 */
import { Op } from './opcodes.js';

/** Operand formats, in the order of appendix A.5; the names say what follows the opcode. */
export const enum Format {
  None = 0,
  Imm = 1,
  RegImm64 = 2,
  ImmImm = 3,
  Offset = 4,
  RegImm = 5,
  RegImmImm = 6,
  RegImmOffset = 7,
  RegReg = 8,
  RegRegImm = 9,
  RegRegOffset = 10,
  RegRegImmImm = 11,
  RegRegReg = 12,
}

/** Cycle count of a load or store: it depends on how much memory the program has. */
export const MEMORY = -1;
/** Cycle count of a branch: 1 where its target is a trap, else 20. */
export const BRANCH = -2;
/** A register move: no cycle of its own, it passes its source's readiness on. */
export const MOVE = -3;

/** What an instruction costs in the `pipeline` gas model. */
export interface PipelineCost {
  /** Latency in cycles, or MEMORY, BRANCH or MOVE. */
  readonly cycles: number;
  /** Decoder slots (four a cycle): where the result register is not also a source, and where it is. */
  readonly slots: number;
  readonly slotsOverlap: number;
  /** Registers read, by position: any of A, B, D. */
  readonly sources: '' | 'A' | 'B' | 'AB' | 'BD';
  /** Register written, by position. */
  readonly result: '' | 'A';
  /** Which sources count as an overlap with the result. */
  readonly overlap: '' | 'B' | 'BD';
}

function c(
  cycles: number,
  slots: number | [number, number],
  sources: PipelineCost['sources'] = '',
  result: PipelineCost['result'] = '',
  overlap?: 'B',
): PipelineCost {
  const [apart, same] = typeof slots === 'number' ? [slots, slots] : slots;
  const all = sources === 'B' || sources === 'BD' ? sources : '';
  return { cycles, slots: apart, slotsOverlap: same, sources, result, overlap: overlap ?? all };
}

/** One row of the instruction table. */
export interface Instruction {
  readonly opcode: number;
  /** Name in the Gray Paper. */
  readonly name: string;
  readonly format: Format;
  /** Whether it ends a basic block (set T of appendix A.3). */
  readonly terminator: boolean;
  readonly cost: PipelineCost;
}

// biome-ignore format: a table, one row a line
const ROWS: readonly (readonly [Op, string, Format, PipelineCost])[] = [
  [Op.trap, 'trap', Format.None, c(2, 1)],
  [Op.fallthrough, 'fallthrough', Format.None, c(2, 1)],
  [Op.ecalli, 'ecalli', Format.Imm, c(100, 4)],
  [Op.load_imm_64, 'load_imm_64', Format.RegImm64, c(1, 2, '', 'A')],
  [Op.store_imm_u8, 'store_imm_u8', Format.ImmImm, c(MEMORY, 1)],
  [Op.store_imm_u16, 'store_imm_u16', Format.ImmImm, c(MEMORY, 1)],
  [Op.store_imm_u32, 'store_imm_u32', Format.ImmImm, c(MEMORY, 1)],
  [Op.store_imm_u64, 'store_imm_u64', Format.ImmImm, c(MEMORY, 1)],
  [Op.jump, 'jump', Format.Offset, c(15, 1)],
  [Op.jump_ind, 'jump_ind', Format.RegImm, c(22, 1)],
  [Op.load_imm, 'load_imm', Format.RegImm, c(1, 1, '', 'A')],
  [Op.load_u8, 'load_u8', Format.RegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_i8, 'load_i8', Format.RegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_u16, 'load_u16', Format.RegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_i16, 'load_i16', Format.RegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_u32, 'load_u32', Format.RegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_i32, 'load_i32', Format.RegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_u64, 'load_u64', Format.RegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.store_u8, 'store_u8', Format.RegImm, c(MEMORY, 1, 'AB')],
  [Op.store_u16, 'store_u16', Format.RegImm, c(MEMORY, 1, 'AB')],
  [Op.store_u32, 'store_u32', Format.RegImm, c(MEMORY, 1, 'AB')],
  [Op.store_u64, 'store_u64', Format.RegImm, c(MEMORY, 1, 'AB')],
  [Op.store_imm_ind_u8, 'store_imm_ind_u8', Format.RegImmImm, c(MEMORY, 1, 'A')],
  [Op.store_imm_ind_u16, 'store_imm_ind_u16', Format.RegImmImm, c(MEMORY, 1, 'A')],
  [Op.store_imm_ind_u32, 'store_imm_ind_u32', Format.RegImmImm, c(MEMORY, 1, 'A')],
  [Op.store_imm_ind_u64, 'store_imm_ind_u64', Format.RegImmImm, c(MEMORY, 1, 'A')],
  [Op.load_imm_jump, 'load_imm_jump', Format.RegImmOffset, c(15, 1, '', 'A')],
  [Op.branch_eq_imm, 'branch_eq_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_ne_imm, 'branch_ne_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_lt_u_imm, 'branch_lt_u_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_le_u_imm, 'branch_le_u_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_ge_u_imm, 'branch_ge_u_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_gt_u_imm, 'branch_gt_u_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_lt_s_imm, 'branch_lt_s_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_le_s_imm, 'branch_le_s_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_ge_s_imm, 'branch_ge_s_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.branch_gt_s_imm, 'branch_gt_s_imm', Format.RegImmOffset, c(BRANCH, 1, 'A')],
  [Op.move_reg, 'move_reg', Format.RegReg, c(MOVE, 1, 'B', 'A')],
  [Op.sbrk, 'sbrk', Format.RegReg, c(2, 1)],
  [Op.count_set_bits_64, 'count_set_bits_64', Format.RegReg, c(1, 1, 'B', 'A')],
  [Op.count_set_bits_32, 'count_set_bits_32', Format.RegReg, c(1, 1, 'B', 'A')],
  [Op.leading_zero_bits_64, 'leading_zero_bits_64', Format.RegReg, c(1, 1, 'B', 'A')],
  [Op.leading_zero_bits_32, 'leading_zero_bits_32', Format.RegReg, c(1, 1, 'B', 'A')],
  [Op.trailing_zero_bits_64, 'trailing_zero_bits_64', Format.RegReg, c(2, 1, 'B', 'A')],
  [Op.trailing_zero_bits_32, 'trailing_zero_bits_32', Format.RegReg, c(2, 1, 'B', 'A')],
  [Op.sign_extend_8, 'sign_extend_8', Format.RegReg, c(1, 1, 'B', 'A')],
  [Op.sign_extend_16, 'sign_extend_16', Format.RegReg, c(1, 1, 'B', 'A')],
  [Op.zero_extend_16, 'zero_extend_16', Format.RegReg, c(1, [2, 1], 'B', 'A')],
  [Op.reverse_bytes, 'reverse_bytes', Format.RegReg, c(1, 1, 'B', 'A')],
  [Op.store_ind_u8, 'store_ind_u8', Format.RegRegImm, c(MEMORY, 1, 'AB')],
  [Op.store_ind_u16, 'store_ind_u16', Format.RegRegImm, c(MEMORY, 1, 'AB')],
  [Op.store_ind_u32, 'store_ind_u32', Format.RegRegImm, c(MEMORY, 1, 'AB')],
  [Op.store_ind_u64, 'store_ind_u64', Format.RegRegImm, c(MEMORY, 1, 'AB')],
  [Op.load_ind_u8, 'load_ind_u8', Format.RegRegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_ind_i8, 'load_ind_i8', Format.RegRegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_ind_u16, 'load_ind_u16', Format.RegRegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_ind_i16, 'load_ind_i16', Format.RegRegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_ind_u32, 'load_ind_u32', Format.RegRegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_ind_i32, 'load_ind_i32', Format.RegRegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.load_ind_u64, 'load_ind_u64', Format.RegRegImm, c(MEMORY, 1, 'B', 'A')],
  [Op.add_imm_32, 'add_imm_32', Format.RegRegImm, c(2, [3, 2], 'B', 'A')],
  [Op.and_imm, 'and_imm', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.xor_imm, 'xor_imm', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.or_imm, 'or_imm', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.mul_imm_32, 'mul_imm_32', Format.RegRegImm, c(4, [3, 2], 'B', 'A')],
  [Op.set_lt_u_imm, 'set_lt_u_imm', Format.RegRegImm, c(3, 3, 'B', 'A')],
  [Op.set_lt_s_imm, 'set_lt_s_imm', Format.RegRegImm, c(3, 3, 'B', 'A')],
  [Op.shlo_l_imm_32, 'shlo_l_imm_32', Format.RegRegImm, c(2, [3, 2], 'B', 'A')],
  [Op.shlo_r_imm_32, 'shlo_r_imm_32', Format.RegRegImm, c(2, [3, 2], 'B', 'A')],
  [Op.shar_r_imm_32, 'shar_r_imm_32', Format.RegRegImm, c(2, [3, 2], 'B', 'A')],
  [Op.neg_add_imm_32, 'neg_add_imm_32', Format.RegRegImm, c(3, 4, 'B', 'A')],
  [Op.set_gt_u_imm, 'set_gt_u_imm', Format.RegRegImm, c(3, 3, 'B', 'A')],
  [Op.set_gt_s_imm, 'set_gt_s_imm', Format.RegRegImm, c(3, 3, 'B', 'A')],
  [Op.shlo_l_imm_alt_32, 'shlo_l_imm_alt_32', Format.RegRegImm, c(2, 4, 'B', 'A')],
  [Op.shlo_r_imm_alt_32, 'shlo_r_imm_alt_32', Format.RegRegImm, c(2, 4, 'B', 'A')],
  [Op.shar_r_imm_alt_32, 'shar_r_imm_alt_32', Format.RegRegImm, c(2, 4, 'B', 'A')],
  [Op.cmov_iz_imm, 'cmov_iz_imm', Format.RegRegImm, c(2, 3, 'B', 'A')],
  [Op.cmov_nz_imm, 'cmov_nz_imm', Format.RegRegImm, c(2, 3, 'B', 'A')],
  [Op.add_imm_64, 'add_imm_64', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.mul_imm_64, 'mul_imm_64', Format.RegRegImm, c(3, [2, 1], 'B', 'A')],
  [Op.shlo_l_imm_64, 'shlo_l_imm_64', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.shlo_r_imm_64, 'shlo_r_imm_64', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.shar_r_imm_64, 'shar_r_imm_64', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.neg_add_imm_64, 'neg_add_imm_64', Format.RegRegImm, c(2, 3, 'B', 'A')],
  [Op.shlo_l_imm_alt_64, 'shlo_l_imm_alt_64', Format.RegRegImm, c(1, 3, 'B', 'A')],
  [Op.shlo_r_imm_alt_64, 'shlo_r_imm_alt_64', Format.RegRegImm, c(1, 3, 'B', 'A')],
  [Op.shar_r_imm_alt_64, 'shar_r_imm_alt_64', Format.RegRegImm, c(1, 3, 'B', 'A')],
  [Op.rot_r_64_imm, 'rot_r_64_imm', Format.RegRegImm, c(1, [2, 1], 'B', 'A')],
  [Op.rot_r_64_imm_alt, 'rot_r_64_imm_alt', Format.RegRegImm, c(1, 3, 'B', 'A')],
  [Op.rot_r_32_imm, 'rot_r_32_imm', Format.RegRegImm, c(2, [3, 2], 'B', 'A')],
  [Op.rot_r_32_imm_alt, 'rot_r_32_imm_alt', Format.RegRegImm, c(2, 4, 'B', 'A')],
  [Op.branch_eq, 'branch_eq', Format.RegRegOffset, c(BRANCH, 1, 'AB')],
  [Op.branch_ne, 'branch_ne', Format.RegRegOffset, c(BRANCH, 1, 'AB')],
  [Op.branch_lt_u, 'branch_lt_u', Format.RegRegOffset, c(BRANCH, 1, 'AB')],
  [Op.branch_lt_s, 'branch_lt_s', Format.RegRegOffset, c(BRANCH, 1, 'AB')],
  [Op.branch_ge_u, 'branch_ge_u', Format.RegRegOffset, c(BRANCH, 1, 'AB')],
  [Op.branch_ge_s, 'branch_ge_s', Format.RegRegOffset, c(BRANCH, 1, 'AB')],
  [Op.load_imm_jump_ind, 'load_imm_jump_ind', Format.RegRegImmImm, c(22, 1, 'B', 'A')],
  [Op.add_32, 'add_32', Format.RegRegReg, c(2, [3, 2], 'BD', 'A')],
  [Op.sub_32, 'sub_32', Format.RegRegReg, c(2, [3, 2], 'BD', 'A')],
  [Op.mul_32, 'mul_32', Format.RegRegReg, c(4, [3, 2], 'BD', 'A')],
  [Op.div_u_32, 'div_u_32', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.div_s_32, 'div_s_32', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.rem_u_32, 'rem_u_32', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.rem_s_32, 'rem_s_32', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.shlo_l_32, 'shlo_l_32', Format.RegRegReg, c(2, [4, 3], 'BD', 'A', 'B')],
  [Op.shlo_r_32, 'shlo_r_32', Format.RegRegReg, c(2, [4, 3], 'BD', 'A', 'B')],
  [Op.shar_r_32, 'shar_r_32', Format.RegRegReg, c(2, [4, 3], 'BD', 'A', 'B')],
  [Op.add_64, 'add_64', Format.RegRegReg, c(1, [2, 1], 'BD', 'A')],
  [Op.sub_64, 'sub_64', Format.RegRegReg, c(1, [2, 1], 'BD', 'A')],
  [Op.mul_64, 'mul_64', Format.RegRegReg, c(3, [2, 1], 'BD', 'A')],
  [Op.div_u_64, 'div_u_64', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.div_s_64, 'div_s_64', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.rem_u_64, 'rem_u_64', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.rem_s_64, 'rem_s_64', Format.RegRegReg, c(60, 4, 'BD', 'A')],
  [Op.shlo_l_64, 'shlo_l_64', Format.RegRegReg, c(1, [3, 2], 'BD', 'A', 'B')],
  [Op.shlo_r_64, 'shlo_r_64', Format.RegRegReg, c(1, [3, 2], 'BD', 'A', 'B')],
  [Op.shar_r_64, 'shar_r_64', Format.RegRegReg, c(1, [3, 2], 'BD', 'A', 'B')],
  [Op.and, 'and', Format.RegRegReg, c(1, [2, 1], 'BD', 'A')],
  [Op.xor, 'xor', Format.RegRegReg, c(1, [2, 1], 'BD', 'A')],
  [Op.or, 'or', Format.RegRegReg, c(1, [2, 1], 'BD', 'A')],
  [Op.mul_upper_s_s, 'mul_upper_s_s', Format.RegRegReg, c(4, 4, 'BD', 'A')],
  [Op.mul_upper_u_u, 'mul_upper_u_u', Format.RegRegReg, c(4, 4, 'BD', 'A')],
  [Op.mul_upper_s_u, 'mul_upper_s_u', Format.RegRegReg, c(6, 4, 'BD', 'A')],
  [Op.set_lt_u, 'set_lt_u', Format.RegRegReg, c(3, 3, 'BD', 'A')],
  [Op.set_lt_s, 'set_lt_s', Format.RegRegReg, c(3, 3, 'BD', 'A')],
  [Op.cmov_iz, 'cmov_iz', Format.RegRegReg, c(2, 2, 'BD', 'A')],
  [Op.cmov_nz, 'cmov_nz', Format.RegRegReg, c(2, 2, 'BD', 'A')],
  [Op.rot_l_64, 'rot_l_64', Format.RegRegReg, c(1, [3, 2], 'BD', 'A', 'B')],
  [Op.rot_l_32, 'rot_l_32', Format.RegRegReg, c(2, [4, 3], 'BD', 'A', 'B')],
  [Op.rot_r_64, 'rot_r_64', Format.RegRegReg, c(1, [3, 2], 'BD', 'A', 'B')],
  [Op.rot_r_32, 'rot_r_32', Format.RegRegReg, c(2, [4, 3], 'BD', 'A', 'B')],
  [Op.and_inv, 'and_inv', Format.RegRegReg, c(2, 3, 'BD', 'A')],
  [Op.or_inv, 'or_inv', Format.RegRegReg, c(2, 3, 'BD', 'A')],
  [Op.xnor, 'xnor', Format.RegRegReg, c(2, [3, 2], 'BD', 'A')],
  [Op.max, 'max', Format.RegRegReg, c(3, [3, 2], 'BD', 'A')],
  [Op.max_u, 'max_u', Format.RegRegReg, c(3, [3, 2], 'BD', 'A')],
  [Op.min, 'min', Format.RegRegReg, c(3, [3, 2], 'BD', 'A')],
  [Op.min_u, 'min_u', Format.RegRegReg, c(3, [3, 2], 'BD', 'A')],
];

function isTerminator(opcode: number, format: Format): boolean {
  return (
    opcode === Op.trap ||
    opcode === Op.fallthrough ||
    opcode === Op.jump ||
    opcode === Op.jump_ind ||
    opcode === Op.load_imm_jump_ind ||
    format === Format.RegImmOffset ||
    format === Format.RegRegOffset
  );
}

function row([opcode, name, format, cost]: (typeof ROWS)[number], terminator: boolean): Instruction {
  return { opcode, name, format, cost, terminator };
}

/** Every instruction of the Gray Paper, in the order of its opcode. */
export const INSTRUCTIONS: readonly Instruction[] = ROWS.map((values) =>
  row(values, isTerminator(values[0], values[2])),
);

/** The row of an opcode; `undefined` for the numbers that are no instruction (they act as `trap`). */
export const BY_OPCODE: readonly (Instruction | undefined)[] = byOpcode(INSTRUCTIONS);

/** The row of an instruction's name. */
export const BY_NAME: ReadonlyMap<string, Instruction> = byName(INSTRUCTIONS);

/** Instructions that only programs of the capability kernel have (JAR v0.8), with that machine's costs. */
// biome-ignore format: a table, one row a line
const KERNEL_ROWS: readonly (typeof ROWS)[number][] = [
  [Op.unlikely, 'unlikely', Format.None, c(40, 1)],
  [Op.ecall, 'ecall', Format.None, c(1, 1)],
];

/** Which instruction set a program is written in. */
export enum Dialect {
  /** The Gray Paper's. */
  GrayPaper = 0,
  /** The capability kernel's: two instructions more, and a block may begin behind an `ecalli`. */
  Kernel = 1,
}

/** An instruction set, looked up in either direction. */
export interface InstructionSet {
  /** In the order of their opcodes. */
  readonly instructions: readonly Instruction[];
  readonly byOpcode: readonly (Instruction | undefined)[];
  readonly byName: ReadonlyMap<string, Instruction>;
}

function instructionSet(instructions: readonly Instruction[]): InstructionSet {
  return { instructions, byOpcode: byOpcode(instructions), byName: byName(instructions) };
}

const KERNEL_INSTRUCTIONS = [
  ...INSTRUCTIONS.map((row) => (row.opcode === Op.ecalli ? { ...row, terminator: true } : row)),
  ...KERNEL_ROWS.map((values) => row(values, true)),
].sort((a, b) => a.opcode - b.opcode);

/** The instruction sets, by `Dialect`. */
export const INSTRUCTION_SETS: readonly InstructionSet[] = [
  { instructions: INSTRUCTIONS, byOpcode: BY_OPCODE, byName: BY_NAME },
  instructionSet(KERNEL_INSTRUCTIONS),
];

function byOpcode(instructions: readonly Instruction[]): (Instruction | undefined)[] {
  return Array.from({ length: 256 }, (_, opcode) => instructions.find((row) => row.opcode === opcode));
}

function byName(instructions: readonly Instruction[]): Map<string, Instruction> {
  return new Map(instructions.map((row) => [row.name, row]));
}
