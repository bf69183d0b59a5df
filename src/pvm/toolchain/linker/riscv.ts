/**
 * RISC-V instructions: RV64 I, M, C and Zbb, and the custom-0 encodings that stand for PVM instructions.
 *
 * Compressed instructions decode to the full ones they abbreviate, so nothing after this file knows about them.
 * What is no instruction of these sets decodes to `Invalid` with a reason; it is an error only where code reaches it.
 *
 * Custom-0 (major opcode 0x0B), by its funct3: 0 a host call by PolkaVM's metadata, the address of which follows in
 * eight bytes; 1 `sbrk rd, rs1`; 3 `rd` = where the heap begins; 4 `ecalli` of the instruction's immediate. All but
 * the last are PolkaVM's own, so that one ELF serves both linkers.
 */

/** What an instruction does. Register–register forms first; a register 0 reads as zero. */
export const enum Rv {
  Invalid,
  Add,
  Sub,
  Sll,
  Slt,
  Sltu,
  Xor,
  Srl,
  Sra,
  Or,
  And,
  Addw,
  Subw,
  Sllw,
  Srlw,
  Sraw,
  Mul,
  Mulh,
  Mulhsu,
  Mulhu,
  Div,
  Divu,
  Rem,
  Remu,
  Mulw,
  Divw,
  Divuw,
  Remw,
  Remuw,
  Andn,
  Orn,
  Xnor,
  Max,
  Maxu,
  Min,
  Minu,
  Rol,
  Ror,
  Rolw,
  Rorw,
  Addi,
  Slti,
  Sltiu,
  Xori,
  Ori,
  Andi,
  Slli,
  Srli,
  Srai,
  Addiw,
  Slliw,
  Srliw,
  Sraiw,
  Rori,
  Roriw,
  Clz,
  Clzw,
  Ctz,
  Ctzw,
  Cpop,
  Cpopw,
  SextB,
  SextH,
  ZextH,
  Rev8,
  OrcB,
  Lb,
  Lh,
  Lw,
  Ld,
  Lbu,
  Lhu,
  Lwu,
  Sb,
  Sh,
  Sw,
  Sd,
  Lui,
  Auipc,
  Jal,
  Jalr,
  Beq,
  Bne,
  Blt,
  Bge,
  Bltu,
  Bgeu,
  Fence,
  Ecall,
  Trap,
  Import,
  Ecalli,
  Sbrk,
  HeapBase,
}

/** A decoded instruction. */
export interface RvInstruction {
  readonly op: Rv;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  /** Immediate; distance of a jump or branch; the upper 20 bits in place for `lui` and `auipc`. */
  readonly imm: number;
  /** Bytes it takes. */
  readonly size: number;
  /** `Invalid` only: what it is and why it cannot be taken. */
  readonly reason: string | undefined;
}

const A = [Rv.Add, Rv.Sll, Rv.Slt, Rv.Sltu, Rv.Xor, Rv.Srl, Rv.Or, Rv.And];
const M = [Rv.Mul, Rv.Mulh, Rv.Mulhsu, Rv.Mulhu, Rv.Div, Rv.Divu, Rv.Rem, Rv.Remu];
const NO = Rv.Invalid;
const MW = [Rv.Mulw, NO, NO, NO, Rv.Divw, Rv.Divuw, Rv.Remw, Rv.Remuw];
const LOADS = [Rv.Lb, Rv.Lh, Rv.Lw, Rv.Ld, Rv.Lbu, Rv.Lhu, Rv.Lwu, NO];
const STORES = [Rv.Sb, Rv.Sh, Rv.Sw, Rv.Sd];
const BRANCHES = [Rv.Beq, Rv.Bne, NO, NO, Rv.Blt, Rv.Bge, Rv.Bltu, Rv.Bgeu];
const IMMEDIATES = [Rv.Addi, NO, Rv.Slti, Rv.Sltiu, Rv.Xori, NO, Rv.Ori, Rv.Andi];
/** OP with funct7 0x20, 0x30, 0x05, by funct3. */
const ALTERNATIVE = [Rv.Sub, NO, NO, NO, Rv.Xnor, Rv.Sra, Rv.Orn, Rv.Andn];
const ROTATE = [NO, Rv.Rol, NO, NO, NO, Rv.Ror, NO, NO];
const MINMAX = [NO, NO, NO, NO, Rv.Min, Rv.Minu, Rv.Max, Rv.Maxu];
const BITS = [Rv.Clz, Rv.Ctz, Rv.Cpop, NO, Rv.SextB, Rv.SextH];
const BITS32 = [Rv.Clzw, Rv.Ctzw, Rv.Cpopw];

function make(op: Rv, size: number, rd: number, rs1: number, rs2: number, imm: number): RvInstruction {
  return { op, rd, rs1, rs2, imm, size, reason: undefined };
}

function invalid(reason: string, size: number): RvInstruction {
  return { op: Rv.Invalid, rd: 0, rs1: 0, rs2: 0, imm: 0, size, reason };
}

/** Decodes the instruction at an offset; `undefined` where the bytes end within it. */
export function decodeRiscv(bytes: Uint8Array, at: number): RvInstruction | undefined {
  if (at + 2 > bytes.length) return undefined;
  const half = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  if ((half & 3) !== 3) return decodeCompressed(half);
  if (at + 4 > bytes.length) return undefined;
  return decodeFull(half | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24));
}

function decodeFull(w: number): RvInstruction {
  const rd = (w >>> 7) & 31;
  const f3 = (w >>> 12) & 7;
  const rs1 = (w >>> 15) & 31;
  const rs2 = (w >>> 20) & 31;
  const f7 = w >>> 25;
  const imm = w >> 20;
  const or = (op: Rv | undefined, d: number, s2: number, i: number): RvInstruction =>
    op === undefined || op === NO ? unknown(w) : make(op, 4, d, rs1, s2, i);
  const three = (op: Rv | undefined): RvInstruction => or(op, rd, rs2, 0);
  const two = (op: Rv | undefined, i: number): RvInstruction => or(op, rd, 0, i);
  const none = (op: Rv | undefined, i: number): RvInstruction => or(op, 0, rs2, i);
  switch (w & 0x7f) {
    case 0x03:
      return two(LOADS[f3], imm);
    case 0x0b:
      return custom(w, f3, rd, rs1, imm);
    case 0x0f:
      return f3 <= 1 ? make(Rv.Fence, 4, 0, 0, 0, 0) : unknown(w);
    case 0x13:
      if (f3 === 1 || f3 === 5) return two(shiftImmediate(f3, w >>> 26, (w >>> 20) & 63), (w >>> 20) & 63);
      return two(IMMEDIATES[f3], imm);
    case 0x17:
      return make(Rv.Auipc, 4, rd, 0, 0, w & ~0xfff);
    case 0x1b:
      if (f3 === 0) return two(Rv.Addiw, imm);
      if (f3 === 1 && f7 === 0x30) return two(BITS32[rs2], 0);
      if (f3 === 1) return two(f7 === 0 ? Rv.Slliw : NO, rs2);
      if (f3 === 5) return two(f7 === 0 ? Rv.Srliw : f7 === 0x20 ? Rv.Sraiw : f7 === 0x30 ? Rv.Roriw : NO, rs2);
      return unknown(w);
    case 0x23:
      return none(STORES[f3], (f7 << 5) | rd | (f7 & 0x40 ? -0x1000 : 0));
    case 0x33:
      if (f7 === 0) return three(A[f3]);
      if (f7 === 1) return three(M[f3]);
      return three(f7 === 0x20 ? ALTERNATIVE[f3] : f7 === 0x30 ? ROTATE[f3] : f7 === 5 ? MINMAX[f3] : NO);
    case 0x37:
      return make(Rv.Lui, 4, rd, 0, 0, w & ~0xfff);
    case 0x3b:
      return three(wordOperation(f3, f7, rs2));
    case 0x63:
      return none(BRANCHES[f3], ((w >> 31) << 12) | ((w << 4) & 0x800) | ((w >>> 20) & 0x7e0) | ((w >>> 7) & 0x1e));
    case 0x67:
      return two(f3 === 0 ? Rv.Jalr : NO, imm);
    case 0x6f:
      return make(Rv.Jal, 4, rd, 0, 0, ((w >> 31) << 20) | (w & 0xff000) | ((w >>> 9) & 0x800) | ((w >>> 20) & 0x7fe));
    case 0x73:
      if (w === 0x73) return make(Rv.Ecall, 4, 0, 0, 0, 0);
      // `ebreak`, and `unimp`, which is a write to a read-only counter.
      if (w === 0x100073 || w === (0xc0001073 | 0)) return make(Rv.Trap, 4, 0, 0, 0, 0);
      return unknown(w);
    default:
      return unknown(w);
  }
}

function shiftImmediate(f3: number, f6: number, shift: number): Rv {
  if (f3 === 1) return f6 === 0 ? Rv.Slli : f6 === 0x18 ? (BITS[shift] ?? NO) : NO;
  if (f6 === 0x1a && shift === 0x38) return Rv.Rev8;
  if (f6 === 0x0a && shift === 7) return Rv.OrcB;
  return f6 === 0 ? Rv.Srli : f6 === 0x10 ? Rv.Srai : f6 === 0x18 ? Rv.Rori : NO;
}

function wordOperation(f3: number, f7: number, rs2: number): Rv {
  switch (f7) {
    case 0:
      return f3 === 0 ? Rv.Addw : f3 === 1 ? Rv.Sllw : f3 === 5 ? Rv.Srlw : NO;
    case 1:
      return MW[f3] as Rv;
    case 0x20:
      return f3 === 0 ? Rv.Subw : f3 === 5 ? Rv.Sraw : NO;
    case 0x30:
      return f3 === 1 ? Rv.Rolw : f3 === 5 ? Rv.Rorw : NO;
    case 4:
      return f3 === 4 && rs2 === 0 ? Rv.ZextH : NO;
    default:
      return NO;
  }
}

function custom(w: number, f3: number, rd: number, rs1: number, imm: number): RvInstruction {
  if (w === 0x0b) return make(Rv.Import, 12, 0, 0, 0, 0);
  if (f3 === 1 && imm === 0 && rd !== 0 && rs1 !== 0) return make(Rv.Sbrk, 4, rd, rs1, 0, 0);
  if (f3 === 2 && w === 0x200b) return invalid('PolkaVM `memset`, which the Gray Paper does not have', 4);
  if (f3 === 3 && imm === 0 && rs1 === 0) return make(Rv.HeapBase, 4, rd, 0, 0, 0);
  if (f3 === 4 && rd === 0 && rs1 === 0 && imm >= 0) return make(Rv.Ecalli, 4, 0, 0, 0, imm);
  return invalid(`custom-0 instruction 0x${hex(w)} is none of import, sbrk, heap base and ecalli`, 4);
}

/** Says what an instruction is that cannot be taken. */
function unknown(w: number): RvInstruction {
  const f3 = (w >>> 12) & 7;
  const code = `0x${hex(w)}`;
  switch (w & 0x7f) {
    case 0x07:
    case 0x27:
      return invalid(
        f3 >= 1 && f3 <= 4
          ? `floating-point load or store (${code}): compile with -march=rv64emc_zbb -mabi=lp64e`
          : `vector load or store (${code})`,
        4,
      );
    case 0x43:
    case 0x47:
    case 0x4b:
    case 0x4f:
    case 0x53:
      return invalid(`floating-point instruction (${code}): compile with -march=rv64emc_zbb -mabi=lp64e`, 4);
    case 0x2f:
      return invalid(`atomic instruction (${code}): compile without the A extension (-march=rv64emc_zbb)`, 4);
    case 0x57:
      return invalid(`vector instruction (${code})`, 4);
    case 0x73:
      return invalid(
        f3 === 0 || f3 === 4 ? `privileged instruction (${code})` : `access to a control register (CSR, ${code})`,
        4,
      );
    default:
      return invalid(`unknown instruction ${code}; RV64 E, M, C and Zbb are taken (-march=rv64emc_zbb)`, 4);
  }
}

function decodeCompressed(h: number): RvInstruction {
  const r1 = (h >> 7) & 31;
  const r2 = (h >> 2) & 31;
  const p1 = ((h >> 7) & 7) + 8;
  const p2 = ((h >> 2) & 7) + 8;
  const sign = h & 0x1000 ? -32 : 0;
  const imm6 = sign | r2;
  const shift = ((h >> 7) & 32) | r2;
  const word = ((h >> 7) & 0x38) | ((h >> 4) & 4) | ((h << 1) & 0x40);
  const double = ((h >> 7) & 0x38) | ((h << 1) & 0xc0);
  switch (((h & 3) << 3) | (h >> 13)) {
    case 0: {
      if (h === 0) return make(Rv.Trap, 2, 0, 0, 0, 0);
      const imm = ((h >> 7) & 0x30) | ((h >> 1) & 0x3c0) | ((h >> 4) & 4) | ((h >> 2) & 8);
      return imm === 0 ? compressedUnknown(h) : make(Rv.Addi, 2, p2, 2, 0, imm);
    }
    case 2:
      return make(Rv.Lw, 2, p2, p1, 0, word);
    case 3:
      return make(Rv.Ld, 2, p2, p1, 0, double);
    case 6:
      return make(Rv.Sw, 2, 0, p1, p2, word);
    case 7:
      return make(Rv.Sd, 2, 0, p1, p2, double);
    case 8:
      return make(Rv.Addi, 2, r1, r1, 0, imm6);
    case 9:
      return r1 === 0 ? compressedUnknown(h) : make(Rv.Addiw, 2, r1, r1, 0, imm6);
    case 10:
      return make(Rv.Addi, 2, r1, 0, 0, imm6);
    case 11: {
      if (r1 !== 2) return imm6 === 0 ? compressedUnknown(h) : make(Rv.Lui, 2, r1, 0, 0, imm6 << 12);
      const imm =
        (h & 0x1000 ? -512 : 0) | ((h << 4) & 0x180) | ((h << 1) & 0x40) | ((h << 3) & 0x20) | ((h >> 2) & 0x10);
      return imm === 0 ? compressedUnknown(h) : make(Rv.Addi, 2, 2, 2, 0, imm);
    }
    case 12:
      return compressedArithmetic(h, p1, p2, shift, imm6);
    case 13: {
      const imm =
        (h & 0x1000 ? -2048 : 0) |
        ((h >> 7) & 0x10) |
        ((h >> 1) & 0x300) |
        ((h << 2) & 0x400) |
        ((h >> 1) & 0x40) |
        ((h << 1) & 0x80) |
        ((h >> 2) & 0xe) |
        ((h << 3) & 0x20);
      return make(Rv.Jal, 2, 0, 0, 0, imm);
    }
    case 14:
    case 15: {
      const imm = (h & 0x1000 ? -256 : 0) | ((h >> 7) & 0x18) | ((h << 1) & 0xc0) | ((h >> 2) & 6) | ((h << 3) & 0x20);
      return make(h >> 13 === 6 ? Rv.Beq : Rv.Bne, 2, 0, p1, 0, imm);
    }
    case 16:
      return make(Rv.Slli, 2, r1, r1, 0, shift);
    case 18:
      if (r1 === 0) return compressedUnknown(h);
      return make(Rv.Lw, 2, r1, 2, 0, ((h >> 7) & 0x20) | ((h >> 2) & 0x1c) | ((h << 4) & 0xc0));
    case 19:
      if (r1 === 0) return compressedUnknown(h);
      return make(Rv.Ld, 2, r1, 2, 0, ((h >> 7) & 0x20) | ((h >> 2) & 0x18) | ((h << 4) & 0x1c0));
    case 20:
      if (r2 === 0 && r1 === 0) return h & 0x1000 ? make(Rv.Trap, 2, 0, 0, 0, 0) : compressedUnknown(h);
      if (r2 === 0) return make(Rv.Jalr, 2, h & 0x1000 ? 1 : 0, r1, 0, 0);
      return make(Rv.Add, 2, r1, h & 0x1000 ? r1 : 0, r2, 0);
    case 22:
      return make(Rv.Sw, 2, 0, 2, r2, ((h >> 7) & 0x3c) | ((h >> 1) & 0xc0));
    case 23:
      return make(Rv.Sd, 2, 0, 2, r2, ((h >> 7) & 0x38) | ((h >> 1) & 0x1c0));
    default:
      return compressedUnknown(h);
  }
}

function compressedArithmetic(h: number, p1: number, p2: number, shift: number, imm6: number): RvInstruction {
  switch ((h >> 10) & 3) {
    case 0:
      return make(Rv.Srli, 2, p1, p1, 0, shift);
    case 1:
      return make(Rv.Srai, 2, p1, p1, 0, shift);
    case 2:
      return make(Rv.Andi, 2, p1, p1, 0, imm6);
    default: {
      const op = [Rv.Sub, Rv.Xor, Rv.Or, Rv.And, Rv.Subw, Rv.Addw, NO, NO][((h >> 10) & 4) | ((h >> 5) & 3)] as Rv;
      return op === NO ? compressedUnknown(h) : make(op, 2, p1, p1, p2, 0);
    }
  }
}

function compressedUnknown(h: number): RvInstruction {
  const code = `0x${h.toString(16).padStart(4, '0')}`;
  const group = ((h & 3) << 3) | (h >> 13);
  if (group === 1 || group === 5 || group === 17 || group === 21) {
    return invalid(`floating-point load or store (${code}): compile with -march=rv64emc_zbb -mabi=lp64e`, 2);
  }
  return invalid(`unknown compressed instruction ${code}`, 2);
}

function hex(w: number): string {
  return (w >>> 0).toString(16).padStart(8, '0');
}
