/**
 * The code of PolkaVM's "latest" instruction set as its releases from 0.37 on encode it: no bitmask, and the length of an
 * instruction is part of its opcode.
 *
 *     |j| natural · z 1 byte · j: |j| entries of z bytes · c: the rest of the section
 *
 * An opcode is a byte, or 255 and a byte. Each stands for an instruction with operands of one length, so that a common
 * instruction has as many opcodes as it has common lengths; operands that fit no length are padded to the next. The
 * code is cut into blocks of 1024 bytes. No instruction crosses into the next block and the last one of each ends a
 * basic block, so that reading can begin at any of them.
 *
 * Operands are the Gray Paper's, byte for byte. The translation therefore stays in place: the bitmask is set as lengths
 * are read off, and an opcode gives way to the Gray Paper's. Behind one of two bytes the operands move up by one and
 * a zero is left over at the end, which changes nothing: such opcodes stand for immediates of full length, or for none.
 * Every offset, of branches, jump table and exports, stays what it was, and an instruction stays one instruction.
 *
 * PolkaVM traps where bytes are no instruction. Its linker leaves no such bytes, not even as padding, so they are taken
 * for damage here and refused, like instructions the Gray Paper does not have.
 */
import { Dialect, Format, INSTRUCTION_SETS } from '../isa/instructions.js';
import { Op } from '../isa/opcodes.js';
import { MAX_CODE_LENGTH } from '../layout.js';
import { type CodeBlob, MAX_JUMP_ENTRIES, readJumpTable } from './code-blob.js';
import { plural, type Reader } from './reader.js';

/** What opcodes of two bytes start with. They are numbered from here on: 255 plus the second byte. */
const PREFIX = 255;
/** Bytes of a block. */
const BLOCK = 1024;

/** An opcode, and the lengths of operands, in bytes, that have a number each. */
type Row = readonly [opcode: Op, ...lengths: number[]];

/** `unlikely`, a hint that the block is cold: the one-byte instruction that does nothing stands for it. */
const UNLIKELY = Op.fallthrough;

/** Opcodes of one byte, numbered from 0 on. The numbers up to 254 that this leaves are no instructions. */
const SHORT: readonly Row[] = [
  [Op.trap, 0],
  [Op.fallthrough, 0],
  [UNLIKELY, 0],
  [Op.jump_ind, 1],
  [Op.load_imm, 1, 2, 3, 4, 5],
  [Op.load_u8, 5],
  [Op.load_i8, 4],
  [Op.load_u16, 5],
  [Op.load_i16, 5],
  [Op.load_i32, 4, 5],
  [Op.load_u32, 5],
  [Op.load_u64, 4, 5],
  [Op.store_u8, 5],
  [Op.store_u16, 5],
  [Op.store_u32, 5],
  [Op.store_u64, 4, 5],
  [Op.load_imm_jump, 4, 5, 6, 7, 8],
  [Op.branch_eq_imm, 2, 3, 4, 5, 6, 9],
  [Op.branch_ne_imm, 2, 3, 4, 6],
  [Op.branch_lt_u_imm, 3, 4, 5, 9],
  [Op.branch_lt_s_imm, 2, 3, 4, 9],
  [Op.branch_ge_u_imm, 3, 4, 5],
  [Op.branch_ge_s_imm, 2, 3, 9],
  [Op.branch_le_s_imm, 2, 3, 6],
  [Op.branch_le_u_imm, 3, 4, 6],
  [Op.branch_gt_s_imm, 3, 4, 5, 9],
  [Op.branch_gt_u_imm, 3, 4, 5, 9],
  [Op.store_imm_ind_u8, 1, 2, 3, 4, 5],
  [Op.store_imm_ind_u16, 2, 3, 4, 5],
  [Op.store_imm_ind_u32, 1, 2, 3, 4, 6, 9],
  [Op.store_imm_ind_u64, 1, 2, 3, 4, 5, 6, 7],
  [Op.store_ind_u8, 1, 2, 3],
  [Op.store_ind_u16, 1, 2, 3],
  [Op.store_ind_u32, 1, 2, 3],
  [Op.store_ind_u64, 1, 2, 3],
  [Op.load_ind_u8, 1, 2, 3],
  [Op.load_ind_i8, 1, 2, 3],
  [Op.load_ind_u16, 1, 2, 3],
  [Op.load_ind_i16, 1, 2, 3],
  [Op.load_ind_i32, 1, 2, 3],
  [Op.load_ind_u32, 1, 2, 3],
  [Op.load_ind_u64, 1, 2, 3],
  [Op.add_imm_32, 1, 2, 3, 5],
  [Op.add_imm_64, 2, 3, 4, 5],
  [Op.and_imm, 2, 3, 5],
  [Op.xor_imm, 2, 3, 5],
  [Op.or_imm, 2, 3, 5],
  [Op.mul_imm_32, 5],
  [Op.mul_imm_64, 2, 3, 5],
  [Op.set_lt_u_imm, 2, 3, 5],
  [Op.set_lt_s_imm, 1, 2],
  [Op.shlo_l_imm_32, 2],
  [Op.shlo_l_imm_64, 2],
  [Op.shlo_r_imm_32, 2],
  [Op.shlo_r_imm_64, 2],
  [Op.shar_r_imm_32, 2],
  [Op.shar_r_imm_64, 2],
  [Op.neg_add_imm_32, 1, 3],
  [Op.neg_add_imm_64, 1, 2, 5],
  [Op.set_gt_u_imm, 1, 5],
  [Op.set_gt_s_imm, 1],
  [Op.shlo_r_imm_alt_64, 2, 5],
  [Op.shlo_l_imm_alt_32, 5],
  [Op.shlo_l_imm_alt_64, 2],
  [Op.cmov_iz_imm, 1, 2, 5],
  [Op.cmov_nz_imm, 1, 2, 5],
  [Op.rot_r_32_imm, 2],
  [Op.rot_r_64_imm, 2],
  [Op.branch_eq, 2, 3, 5],
  [Op.branch_ne, 2, 3, 5],
  [Op.branch_lt_u, 2, 3],
  [Op.branch_lt_s, 2, 3],
  [Op.branch_ge_u, 2, 3],
  [Op.branch_ge_s, 2, 3],
  [Op.add_32, 2],
  [Op.add_64, 2],
  [Op.sub_32, 2],
  [Op.sub_64, 2],
  [Op.and, 2],
  [Op.xor, 2],
  [Op.or, 2],
  [Op.mul_32, 2],
  [Op.mul_64, 2],
  [Op.mul_upper_u_u, 2],
  [Op.set_lt_u, 2],
  [Op.set_lt_s, 2],
  [Op.shlo_l_32, 2],
  [Op.shlo_l_64, 2],
  [Op.shlo_r_32, 2],
  [Op.shlo_r_64, 2],
  [Op.div_u_32, 2],
  [Op.div_u_64, 2],
  [Op.div_s_32, 2],
  [Op.rem_u_32, 2],
  [Op.rem_u_64, 2],
  [Op.rem_s_32, 2],
  [Op.cmov_iz, 2],
  [Op.cmov_nz, 2],
  [Op.and_inv, 2],
  [Op.or_inv, 2],
  [Op.xnor, 2],
  [Op.max_u, 2],
  [Op.min_u, 2],
  [Op.rot_l_64, 2],
  [Op.jump, 1, 2, 3, 4],
  [Op.ecalli, 1],
  [Op.store_imm_u8, 6],
  [Op.store_imm_u32, 5, 6, 9],
  [Op.store_imm_u64, 5],
  [Op.move_reg, 1],
  [Op.leading_zero_bits_32, 1],
  [Op.leading_zero_bits_64, 1],
  [Op.trailing_zero_bits_64, 1],
  [Op.count_set_bits_32, 1],
  [Op.count_set_bits_64, 1],
  [Op.sign_extend_8, 1],
  [Op.sign_extend_16, 1],
  [Op.zero_extend_16, 1],
  [Op.reverse_bytes, 1],
  [Op.load_imm_jump_ind, 4, 5],
  [Op.load_imm_64, 9],
];

/** Opcodes of two bytes, numbered from `PREFIX` on. The lengths do not count the second byte. */
const LONG: readonly Row[] = [
  [Op.jump_ind, 5],
  [Op.load_i8, 5],
  [Op.load_imm_jump, 9],
  [Op.branch_ne_imm, 9],
  [Op.branch_ge_u_imm, 9],
  [Op.branch_le_s_imm, 9],
  [Op.branch_le_u_imm, 9],
  [Op.store_imm_ind_u8, 9],
  [Op.store_imm_ind_u16, 9],
  [Op.store_imm_ind_u64, 9],
  [Op.store_ind_u8, 5],
  [Op.store_ind_u16, 5],
  [Op.store_ind_u32, 5],
  [Op.store_ind_u64, 5],
  [Op.load_ind_u8, 5],
  [Op.load_ind_i8, 5],
  [Op.load_ind_u16, 5],
  [Op.load_ind_i16, 5],
  [Op.load_ind_i32, 5],
  [Op.load_ind_u32, 5],
  [Op.load_ind_u64, 5],
  [Op.set_lt_s_imm, 5],
  [Op.shlo_l_imm_32, 5],
  [Op.shlo_l_imm_64, 5],
  [Op.shlo_r_imm_32, 5],
  [Op.shlo_r_imm_64, 5],
  [Op.shar_r_imm_32, 5],
  [Op.shar_r_imm_64, 5],
  [Op.neg_add_imm_32, 5],
  [Op.set_gt_s_imm, 5],
  [Op.shlo_r_imm_alt_32, 5],
  [Op.shar_r_imm_alt_32, 5],
  [Op.shar_r_imm_alt_64, 5],
  [Op.shlo_l_imm_alt_64, 5],
  [Op.rot_r_32_imm, 5],
  [Op.rot_r_32_imm_alt, 5],
  [Op.rot_r_64_imm, 5],
  [Op.rot_r_64_imm_alt, 5],
  [Op.branch_lt_u, 5],
  [Op.branch_lt_s, 5],
  [Op.branch_ge_u, 5],
  [Op.branch_ge_s, 5],
  [Op.mul_upper_s_s, 2],
  [Op.mul_upper_s_u, 2],
  [Op.shar_r_32, 2],
  [Op.shar_r_64, 2],
  [Op.div_s_64, 2],
  [Op.rem_s_64, 2],
  [Op.max, 2],
  [Op.min, 2],
  [Op.rot_l_32, 2],
  [Op.rot_r_32, 2],
  [Op.rot_r_64, 2],
  [Op.ecalli, 4],
  [Op.store_imm_u8, 9],
  [Op.store_imm_u16, 9],
  [Op.store_imm_u64, 9],
  [Op.trailing_zero_bits_32, 1],
  [Op.load_imm_jump_ind, 10],
];

const SBRK = 509;
const MEMSET = 510;

/** By number: the Gray Paper's opcode, or −1, and the length of the operands. */
const OPCODES = new Int16Array(512).fill(-1);
const LENGTHS = new Uint8Array(512);

function number(first: number, rows: readonly Row[]): void {
  let next = first;
  for (const [opcode, ...lengths] of rows) {
    for (const length of lengths) {
      OPCODES[next] = opcode;
      LENGTHS[next++] = length;
    }
  }
}

number(0, SHORT);
number(PREFIX, LONG);
number(SBRK, [[Op.sbrk, 1]]);

/** Reads a code section. All bytes of it but the header and the jump table are code. */
export function readLatestCode(section: Reader): CodeBlob {
  const jumpCount = section.natural('the number of jump-table entries', MAX_JUMP_ENTRIES, true);
  const sizeAt = section.offset;
  const entrySize = section.u8('the size of a jump-table entry');
  if (entrySize > 4 || (jumpCount > 0 && entrySize === 0)) {
    throw section.error(`expected a jump-table entry size of 1 to 4 bytes, found ${entrySize}`, sizeAt);
  }
  section.need(jumpCount * entrySize, `the jump table (${jumpCount} × ${plural(entrySize, 'byte')})`);
  const table = section.take(jumpCount * entrySize, 'the jump table');
  if (section.remaining >= MAX_CODE_LENGTH) {
    throw section.error(`expected at most ${MAX_CODE_LENGTH - 1} bytes of code, found ${section.remaining}`);
  }
  const { code, bitmask } = translateLatest(section);
  return { code, bitmask, jumpOffsets: readJumpTable(table, jumpCount, entrySize) };
}

/** Translates what is left of a section. */
function translateLatest(section: Reader): Pick<CodeBlob, 'code' | 'bitmask'> {
  const start = section.offset;
  // Not `slice`: of a Buffer that is a view, and the file is not ours to change.
  const code = new Uint8Array(section.take(section.remaining, 'the code'));
  const bitmask = new Uint8Array((code.length + 7) >>> 3);
  const rows = INSTRUCTION_SETS[Dialect.GrayPaper]?.byOpcode ?? [];
  let pc = 0;
  const fail = (problem: string) => section.error(problem, start + pc);
  while (pc < code.length) {
    const blockEnd = Math.min(code.length, (Math.floor(pc / BLOCK) + 1) * BLOCK);
    let raw = code[pc] as number;
    const head = raw === PREFIX ? 2 : 1;
    if (pc + head > blockEnd) throw fail('expected the second byte of an opcode, found the end of the block');
    if (head === 2) raw += code[pc + 1] as number;
    const opcode = OPCODES[raw] as number;
    if (opcode < 0) throw fail(`expected instructions of the Gray Paper, found ${unknown(raw)}`);
    const length = LENGTHS[raw] as number;
    const end = pc + head + length;
    if (end > blockEnd) {
      throw fail(
        `expected ${plural(length, 'byte')} of operands, found ${blockEnd - pc - head} up to the end of the block`,
      );
    }
    const row = rows[opcode];
    if (end === blockEnd && row?.terminator !== true) {
      throw fail(`expected an instruction that ends a basic block at the end of a block of code, found ${row?.name}`);
    }
    bitmask[pc >> 3] = (bitmask[pc >> 3] as number) | (1 << (pc & 7));
    code[pc] = opcode;
    if (head === 2) {
      code.copyWithin(pc + 1, pc + 2, end);
      code[end - 1] = 0;
    }
    // The upper half of the third register's byte means nothing to PolkaVM.
    if (row?.format === Format.RegRegReg) code[pc + 2] = (code[pc + 2] as number) & 15;
    const needed = row === undefined ? 0 : announced(code, pc, row.format);
    if (needed > length) {
      throw fail(`expected ${plural(needed, 'byte')} of operands, as ${row?.name} announces, found ${length}`);
    }
    pc = end;
  }
  return { code, bitmask };
}

function unknown(raw: number): string {
  if (raw === MEMSET) return '`memset`, which it does not have';
  return raw < PREFIX ? `opcode ${raw}` : `opcode ${PREFIX}, ${raw - PREFIX}`;
}

/**
 * Bytes of operands up to the end of a first immediate that carries its own length. Where that is more than there are,
 * it would have to be read from the instructions behind, which look different here.
 */
function announced(code: Uint8Array, pc: number, format: Format): number {
  const first = code[pc + 1] as number;
  switch (format) {
    case Format.ImmImm:
      return 1 + Math.min(4, first & 7);
    case Format.RegImmImm:
    case Format.RegImmOffset:
      return 1 + Math.min(4, (first >> 4) & 7);
    case Format.RegRegImmImm:
      return 2 + Math.min(4, (code[pc + 2] as number) & 7);
    default:
      return 0;
  }
}
