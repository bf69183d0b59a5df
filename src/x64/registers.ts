/**
 * Names of registers, conditions and operation groups, numbered as the machine code numbers them.
 *
 * They are `const enum`s, so that the compiler replaces each name by its number: the encoders do arithmetic on these
 * numbers and nothing is looked up while code is generated.
 */

/** A general-purpose register. With width 8 the numbers 4–7 mean SPL, BPL, SIL and DIL, never AH–BH. */
export const enum Reg {
  RAX = 0,
  RCX = 1,
  RDX = 2,
  RBX = 3,
  RSP = 4,
  RBP = 5,
  RSI = 6,
  RDI = 7,
  R8 = 8,
  R9 = 9,
  R10 = 10,
  R11 = 11,
  R12 = 12,
  R13 = 13,
  R14 = 14,
  R15 = 15,
}

/** A vector register, used here for scalar floating point only. */
export const enum Xmm {
  XMM0 = 0,
  XMM1 = 1,
  XMM2 = 2,
  XMM3 = 3,
  XMM4 = 4,
  XMM5 = 5,
  XMM6 = 6,
  XMM7 = 7,
  XMM8 = 8,
  XMM9 = 9,
  XMM10 = 10,
  XMM11 = 11,
  XMM12 = 12,
  XMM13 = 13,
  XMM14 = 14,
  XMM15 = 15,
}

/** A condition of `jcc`, `setcc` and `cmovcc`. A condition XOR 1 is its negation. */
export const enum Cond {
  /** Overflow. */
  O = 0,
  /** No overflow. */
  NO = 1,
  /** Below (unsigned): carry set. */
  B = 2,
  /** Above or equal (unsigned): carry clear. */
  AE = 3,
  /** Equal: zero set. */
  E = 4,
  /** Not equal: zero clear. */
  NE = 5,
  /** Below or equal (unsigned). */
  BE = 6,
  /** Above (unsigned). */
  A = 7,
  /** Negative: sign set. */
  S = 8,
  /** Not negative: sign clear. */
  NS = 9,
  /** Parity even; after `ucomis*`: unordered. */
  P = 10,
  /** Parity odd; after `ucomis*`: ordered. */
  NP = 11,
  /** Less (signed). */
  L = 12,
  /** Greater or equal (signed). */
  GE = 13,
  /** Less or equal (signed). */
  LE = 14,
  /** Greater (signed). */
  G = 15,
}

/** The two-operand arithmetic group; the number is both the opcode row and the `/digit` of the immediate forms. */
export const enum Alu {
  Add = 0,
  Or = 1,
  Adc = 2,
  Sbb = 3,
  And = 4,
  Sub = 5,
  Xor = 6,
  Cmp = 7,
}

/** The shift and rotate group; the number is the `/digit`. */
export const enum Shift {
  Rol = 0,
  Ror = 1,
  Rcl = 2,
  Rcr = 3,
  Shl = 4,
  Shr = 5,
  Sar = 7,
}

/** The one-operand group behind opcode F6/F7; the number is the `/digit`. */
export const enum Unary {
  Not = 2,
  Neg = 3,
  Mul = 4,
  Imul = 5,
  Div = 6,
  Idiv = 7,
}

/** The rounding direction of `roundss` and `roundsd`; inexact results raise no flag. */
export const enum Rounding {
  Nearest = 8,
  Down = 9,
  Up = 10,
  Truncate = 11,
  /** As MXCSR says. */
  Current = 12,
}

/** The width of an operation in bits. */
export type Width = 8 | 16 | 32 | 64;

/** The width of an operation that has no 8-bit form. */
export type WordWidth = 16 | 32 | 64;

/** The width of an operation that exists for 32 and 64 bits only. */
export type LongWidth = 32 | 64;
