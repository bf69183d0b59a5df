/**
 * Shifts, rotates, double shifts, and the bit manipulation instructions including BMI1 and BMI2.
 */

import { ArithmeticInstructions } from './arithmetic.js';
import { Prefix, Rex, VexMap, VexPrefix } from './encoder.js';
import type { Mem } from './operands.js';
import { type LongWidth, type Reg, Shift, type Width, type WordWidth } from './registers.js';

/** Adds shifts and bit manipulation to the assembler. */
export class BitInstructions extends ArithmeticInstructions {
  /** Shifts or rotates a register by a constant; the processor uses the count modulo 32 (64 with 64 bits). */
  shift_ri(op: Shift, w: Width, r: Reg, count: number): void {
    if (w === 64 && count !== 1) {
      this.encodeR(0, Rex.W, 0xc1, op, r);
      this.put8(count);
    } else if (count === 1) {
      this.digitR(w, 0xd0, op, r);
    } else {
      this.digitR(w, 0xc0, op, r);
      this.put8(count);
    }
  }

  /** Shifts or rotates a register by CL. */
  shift_rcl(op: Shift, w: Width, r: Reg): void {
    this.digitR(w, 0xd2, op, r);
  }

  /** Shifts or rotates memory by a constant. */
  shift_mi(op: Shift, w: Width, m: Mem, count: number): void {
    if (count === 1) {
      this.digitM(w, 0xd0, op, m, 0);
    } else {
      this.digitM(w, 0xc0, op, m, 1);
      this.put8(count);
    }
  }

  /** Shifts or rotates memory by CL. */
  shift_mcl(op: Shift, w: Width, m: Mem): void {
    this.digitM(w, 0xd2, op, m, 0);
  }

  /** `shl r, count`. */
  shl_ri(w: Width, r: Reg, count: number): void {
    this.shift_ri(Shift.Shl, w, r, count);
  }

  /** `shl r, cl`. */
  shl_rcl(w: Width, r: Reg): void {
    this.digitR(w, 0xd2, Shift.Shl, r);
  }

  /** `shr r, count`. */
  shr_ri(w: Width, r: Reg, count: number): void {
    this.shift_ri(Shift.Shr, w, r, count);
  }

  /** `shr r, cl`. */
  shr_rcl(w: Width, r: Reg): void {
    this.digitR(w, 0xd2, Shift.Shr, r);
  }

  /** `sar r, count`. */
  sar_ri(w: Width, r: Reg, count: number): void {
    this.shift_ri(Shift.Sar, w, r, count);
  }

  /** `sar r, cl`. */
  sar_rcl(w: Width, r: Reg): void {
    this.digitR(w, 0xd2, Shift.Sar, r);
  }

  /** `rol r, count`. */
  rol_ri(w: Width, r: Reg, count: number): void {
    this.shift_ri(Shift.Rol, w, r, count);
  }

  /** `rol r, cl`. */
  rol_rcl(w: Width, r: Reg): void {
    this.digitR(w, 0xd2, Shift.Rol, r);
  }

  /** `ror r, count`. */
  ror_ri(w: Width, r: Reg, count: number): void {
    this.shift_ri(Shift.Ror, w, r, count);
  }

  /** `ror r, cl`. */
  ror_rcl(w: Width, r: Reg): void {
    this.digitR(w, 0xd2, Shift.Ror, r);
  }

  /** `shld d, s, count`: shifts d left, filling from the top of s. */
  shld_rri(w: WordWidth, d: Reg, s: Reg, count: number): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0fa4, s, d);
    this.put8(count);
  }

  /** `shrd d, s, count`: shifts d right, filling from the bottom of s. */
  shrd_rri(w: WordWidth, d: Reg, s: Reg, count: number): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0fac, s, d);
    this.put8(count);
  }

  /** `shlx d, s, count` (BMI2): leaves the flags alone. */
  shlx(w: LongWidth, d: Reg, s: Reg, count: Reg): void {
    this.encodeVex(w, VexMap.M0F38, VexPrefix.P66, 0xf7, d, count, s);
  }

  /** `shrx d, s, count` (BMI2): leaves the flags alone. */
  shrx(w: LongWidth, d: Reg, s: Reg, count: Reg): void {
    this.encodeVex(w, VexMap.M0F38, VexPrefix.PF2, 0xf7, d, count, s);
  }

  /** `sarx d, s, count` (BMI2): leaves the flags alone. */
  sarx(w: LongWidth, d: Reg, s: Reg, count: Reg): void {
    this.encodeVex(w, VexMap.M0F38, VexPrefix.PF3, 0xf7, d, count, s);
  }

  /** `rorx d, s, count` (BMI2): rotates by a constant, leaves the flags alone. */
  rorx(w: LongWidth, d: Reg, s: Reg, count: number): void {
    this.encodeVex(w, VexMap.M0F3A, VexPrefix.PF2, 0xf0, d, 0, s);
    this.put8(count);
  }

  /** `mulx high, low, s` (BMI2): high:low = RDX × s, unsigned, leaves the flags alone. */
  mulx(w: LongWidth, high: Reg, low: Reg, s: Reg): void {
    this.encodeVex(w, VexMap.M0F38, VexPrefix.PF2, 0xf6, high, low, s);
  }

  /** `andn d, a, b` (BMI1): d = NOT a AND b. */
  andn(w: LongWidth, d: Reg, a: Reg, b: Reg): void {
    this.encodeVex(w, VexMap.M0F38, VexPrefix.None, 0xf2, d, a, b);
  }

  /** `popcnt d, s`: number of bits set. */
  popcnt(w: WordWidth, d: Reg, s: Reg): void {
    if (w === 16) {
      // The 66 prefix comes before the mandatory F3.
      this.room();
      this.put8(Prefix.Word);
    }
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0fb8, d, s);
  }

  /** `lzcnt d, s`: zeros above the highest bit set; the width if none is. */
  lzcnt(w: WordWidth, d: Reg, s: Reg): void {
    if (w === 16) {
      // The 66 prefix comes before the mandatory F3.
      this.room();
      this.put8(Prefix.Word);
    }
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0fbd, d, s);
  }

  /** `tzcnt d, s`: zeros below the lowest bit set; the width if none is. */
  tzcnt(w: WordWidth, d: Reg, s: Reg): void {
    if (w === 16) {
      // The 66 prefix comes before the mandatory F3.
      this.room();
      this.put8(Prefix.Word);
    }
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0fbc, d, s);
  }

  /** `bsf d, s`: index of the lowest bit set; d is undefined if none is. */
  bsf(w: WordWidth, d: Reg, s: Reg): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0fbc, d, s);
  }

  /** `bsr d, s`: index of the highest bit set; d is undefined if none is. */
  bsr(w: WordWidth, d: Reg, s: Reg): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0fbd, d, s);
  }

  /** `bt r, bit`: carry = the bit. */
  bt_ri(w: WordWidth, r: Reg, bit: number): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0fba, 4, r);
    this.put8(bit);
  }

  /** `bt r, b`: carry = bit number b of r. */
  bt_rr(w: WordWidth, r: Reg, b: Reg): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0fa3, b, r);
  }
}
