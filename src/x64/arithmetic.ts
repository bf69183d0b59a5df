/**
 * Integer arithmetic: the two-operand group (add … cmp), test, the one-operand group (not … idiv), inc, dec, imul.
 *
 * Operand order is Intel's: destination first. `r` is a register, `m` a memory operand, `i` an immediate.
 */

import { immediateOf, Prefix, Rex, SLACK } from './encoder.js';
import { MoveInstructions } from './moves.js';
import type { Mem } from './operands.js';
import { Alu, Reg, Unary, type Width, type WordWidth } from './registers.js';

/** Adds integer arithmetic to the assembler. */
export class ArithmeticInstructions extends MoveInstructions {
  /** `op d, s` for two registers. */
  alu_rr(op: Alu, w: Width, d: Reg, s: Reg): void {
    if (w === 64) this.encodeR(0, Rex.W, (op << 3) | 1, s, d);
    else this.intR(w, op << 3, s, d);
  }

  /** `op d, [m]`. */
  alu_rm(op: Alu, w: Width, d: Reg, m: Mem): void {
    this.intM(w, (op << 3) | 2, d, m, 0);
  }

  /** `op [m], s`. */
  alu_mr(op: Alu, w: Width, m: Mem, s: Reg): void {
    this.intM(w, op << 3, s, m, 0);
  }

  /** `op d, imm` in the shortest form. With 64 bits the immediate is a signed 32-bit number. */
  alu_ri(op: Alu, w: Width, d: Reg, imm: number): void {
    imm = immediateOf(w, imm);
    if (w === 64 && imm === (imm << 24) >> 24) {
      // By far the most frequent form, so without intermediate steps (see `guest_access`).
      if (this.position + SLACK > this.buffer.length) this.grow();
      const b = this.buffer;
      const p = this.position;
      b[p] = 0x48 | (d >> 3);
      b[p + 1] = 0x83;
      b[p + 2] = 0xc0 | (op << 3) | (d & 7);
      b[p + 3] = imm;
      this.position = p + 4;
    } else if (w !== 8 && imm === (imm << 24) >> 24) {
      this.digitR(w, 0x82, op, d);
      this.put8(imm);
    } else if (d === Reg.RAX) {
      this.room();
      if (w === 16) {
        this.put8(Prefix.Word);
      } else if (w === 64) {
        this.put8(0x40 | Rex.W);
      }
      this.put8((op << 3) | (w === 8 ? 4 : 5));
      this.putImmediate(w, imm);
    } else {
      this.digitR(w, 0x80, op, d);
      this.putImmediate(w, imm);
    }
  }

  /** `op [m], imm` in the shortest form. */
  alu_mi(op: Alu, w: Width, m: Mem, imm: number): void {
    imm = immediateOf(w, imm);
    if (w !== 8 && imm === (imm << 24) >> 24) {
      this.digitM(w, 0x82, op, m, 1);
      this.put8(imm);
    } else {
      this.digitM(w, 0x80, op, m, w === 8 ? 1 : w === 16 ? 2 : 4);
      this.putImmediate(w, imm);
    }
  }

  /** `add d, s`. */
  add_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.Add, w, d, s);
  }

  /** `add d, imm`. */
  add_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.Add, w, d, imm);
  }

  /** `add d, [m]`. */
  add_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.Add, w, d, m);
  }

  /** `add [m], s`. */
  add_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.Add, w, m, s);
  }

  /** `add [m], imm`. */
  add_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.Add, w, m, imm);
  }

  /** `or d, s`. */
  or_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.Or, w, d, s);
  }

  /** `or d, imm`. */
  or_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.Or, w, d, imm);
  }

  /** `or d, [m]`. */
  or_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.Or, w, d, m);
  }

  /** `or [m], s`. */
  or_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.Or, w, m, s);
  }

  /** `or [m], imm`. */
  or_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.Or, w, m, imm);
  }

  /** `adc d, s`. */
  adc_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.Adc, w, d, s);
  }

  /** `adc d, imm`. */
  adc_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.Adc, w, d, imm);
  }

  /** `adc d, [m]`. */
  adc_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.Adc, w, d, m);
  }

  /** `adc [m], s`. */
  adc_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.Adc, w, m, s);
  }

  /** `adc [m], imm`. */
  adc_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.Adc, w, m, imm);
  }

  /** `sbb d, s`. */
  sbb_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.Sbb, w, d, s);
  }

  /** `sbb d, imm`. */
  sbb_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.Sbb, w, d, imm);
  }

  /** `sbb d, [m]`. */
  sbb_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.Sbb, w, d, m);
  }

  /** `sbb [m], s`. */
  sbb_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.Sbb, w, m, s);
  }

  /** `sbb [m], imm`. */
  sbb_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.Sbb, w, m, imm);
  }

  /** `and d, s`. */
  and_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.And, w, d, s);
  }

  /** `and d, imm`. */
  and_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.And, w, d, imm);
  }

  /** `and d, [m]`. */
  and_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.And, w, d, m);
  }

  /** `and [m], s`. */
  and_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.And, w, m, s);
  }

  /** `and [m], imm`. */
  and_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.And, w, m, imm);
  }

  /** `sub d, s`. */
  sub_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.Sub, w, d, s);
  }

  /** `sub d, imm`. */
  sub_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.Sub, w, d, imm);
  }

  /** `sub d, [m]`. */
  sub_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.Sub, w, d, m);
  }

  /** `sub [m], s`. */
  sub_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.Sub, w, m, s);
  }

  /** `sub [m], imm`. */
  sub_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.Sub, w, m, imm);
  }

  /** `xor d, s`. */
  xor_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.Xor, w, d, s);
  }

  /** `xor d, imm`. */
  xor_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.Xor, w, d, imm);
  }

  /** `xor d, [m]`. */
  xor_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.Xor, w, d, m);
  }

  /** `xor [m], s`. */
  xor_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.Xor, w, m, s);
  }

  /** `xor [m], imm`. */
  xor_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.Xor, w, m, imm);
  }

  /** `cmp d, s`. */
  cmp_rr(w: Width, d: Reg, s: Reg): void {
    this.alu_rr(Alu.Cmp, w, d, s);
  }

  /** `cmp d, imm`. */
  cmp_ri(w: Width, d: Reg, imm: number): void {
    this.alu_ri(Alu.Cmp, w, d, imm);
  }

  /** `cmp d, [m]`. */
  cmp_rm(w: Width, d: Reg, m: Mem): void {
    this.alu_rm(Alu.Cmp, w, d, m);
  }

  /** `cmp [m], s`. */
  cmp_mr(w: Width, m: Mem, s: Reg): void {
    this.alu_mr(Alu.Cmp, w, m, s);
  }

  /** `cmp [m], imm`. */
  cmp_mi(w: Width, m: Mem, imm: number): void {
    this.alu_mi(Alu.Cmp, w, m, imm);
  }

  /** `test a, b`: flags of a AND b. */
  test_rr(w: Width, a: Reg, b: Reg): void {
    this.intR(w, 0x84, b, a);
  }

  /** `test [m], b`. */
  test_mr(w: Width, m: Mem, b: Reg): void {
    this.intM(w, 0x84, b, m, 0);
  }

  /** `test a, imm`. */
  test_ri(w: Width, a: Reg, imm: number): void {
    imm = immediateOf(w, imm);
    if (a === Reg.RAX) {
      this.room();
      if (w === 16) {
        this.put8(Prefix.Word);
      } else if (w === 64) {
        this.put8(0x40 | Rex.W);
      }
      this.put8(w === 8 ? 0xa8 : 0xa9);
    } else {
      this.digitR(w, 0xf6, 0, a);
    }
    this.putImmediate(w, imm);
  }

  /** `test [m], imm`. */
  test_mi(w: Width, m: Mem, imm: number): void {
    imm = immediateOf(w, imm);
    this.digitM(w, 0xf6, 0, m, w === 8 ? 1 : w === 16 ? 2 : 4);
    this.putImmediate(w, imm);
  }

  /** One of not, neg, mul, imul, div, idiv on a register; the last four work on RDX:RAX (AX with 8 bits). */
  unary_r(op: Unary, w: Width, r: Reg): void {
    this.digitR(w, 0xf6, op, r);
  }

  /** One of not, neg, mul, imul, div, idiv on memory. */
  unary_m(op: Unary, w: Width, m: Mem): void {
    this.digitM(w, 0xf6, op, m, 0);
  }

  /** `not r`: bitwise complement. */
  not_r(w: Width, r: Reg): void {
    this.digitR(w, 0xf6, Unary.Not, r);
  }

  /** `not [m]`. */
  not_m(w: Width, m: Mem): void {
    this.digitM(w, 0xf6, Unary.Not, m, 0);
  }

  /** `neg r`: two's complement. */
  neg_r(w: Width, r: Reg): void {
    this.digitR(w, 0xf6, Unary.Neg, r);
  }

  /** `neg [m]`. */
  neg_m(w: Width, m: Mem): void {
    this.digitM(w, 0xf6, Unary.Neg, m, 0);
  }

  /** `mul r`: RDX:RAX = RAX × operand, unsigned. */
  mul_r(w: Width, r: Reg): void {
    this.digitR(w, 0xf6, Unary.Mul, r);
  }

  /** `mul [m]`. */
  mul_m(w: Width, m: Mem): void {
    this.digitM(w, 0xf6, Unary.Mul, m, 0);
  }

  /** `imul r`: RDX:RAX = RAX × operand, signed. */
  imul1_r(w: Width, r: Reg): void {
    this.digitR(w, 0xf6, Unary.Imul, r);
  }

  /** `imul [m]`. */
  imul1_m(w: Width, m: Mem): void {
    this.digitM(w, 0xf6, Unary.Imul, m, 0);
  }

  /** `div r`: RDX:RAX by the operand, unsigned. */
  div_r(w: Width, r: Reg): void {
    this.digitR(w, 0xf6, Unary.Div, r);
  }

  /** `div [m]`. */
  div_m(w: Width, m: Mem): void {
    this.digitM(w, 0xf6, Unary.Div, m, 0);
  }

  /** `idiv r`: RDX:RAX by the operand, signed. */
  idiv_r(w: Width, r: Reg): void {
    this.digitR(w, 0xf6, Unary.Idiv, r);
  }

  /** `idiv [m]`. */
  idiv_m(w: Width, m: Mem): void {
    this.digitM(w, 0xf6, Unary.Idiv, m, 0);
  }

  /** `inc r`; leaves the carry flag alone. */
  inc_r(w: Width, r: Reg): void {
    this.digitR(w, 0xfe, 0, r);
  }

  /** `inc [m]`. */
  inc_m(w: Width, m: Mem): void {
    this.digitM(w, 0xfe, 0, m, 0);
  }

  /** `dec r`; leaves the carry flag alone. */
  dec_r(w: Width, r: Reg): void {
    this.digitR(w, 0xfe, 1, r);
  }

  /** `dec [m]`. */
  dec_m(w: Width, m: Mem): void {
    this.digitM(w, 0xfe, 1, m, 0);
  }

  /** `imul d, s`: the low half of the product. */
  imul_rr(w: WordWidth, d: Reg, s: Reg): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0faf, d, s);
  }

  /** `imul d, [m]`. */
  imul_rm(w: WordWidth, d: Reg, m: Mem): void {
    this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0faf, d, m, 0);
  }

  /** `imul d, s, imm`. */
  imul_rri(w: WordWidth, d: Reg, s: Reg, imm: number): void {
    imm = immediateOf(w, imm);
    if (imm === (imm << 24) >> 24) {
      this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x6b, d, s);
      this.put8(imm);
    } else {
      this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x69, d, s);
      this.putImmediate(w, imm);
    }
  }

  /** `imul d, [m], imm`. */
  imul_rmi(w: WordWidth, d: Reg, m: Mem, imm: number): void {
    imm = immediateOf(w, imm);
    if (imm === (imm << 24) >> 24) {
      this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x6b, d, m, 1);
      this.put8(imm);
    } else {
      this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x69, d, m, w === 16 ? 2 : 4);
      this.putImmediate(w, imm);
    }
  }

  /** `cwd`: the sign of AX into DX. */
  cwd(): void {
    this.room();
    this.put16(0x9966);
  }

  /** `cdq`: the sign of EAX into EDX. */
  cdq(): void {
    this.room();
    this.put8(0x99);
  }

  /** `cqo`: the sign of RAX into RDX. */
  cqo(): void {
    this.room();
    this.put16(0x9948);
  }
}
