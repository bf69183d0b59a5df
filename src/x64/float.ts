/**
 * Scalar floating point (SSE, SSE2 and SSE4.1 rounding) and moves between the two register files.
 *
 * The packed logical instructions serve sign changes and masks; the `_rm` forms of those need operands aligned to 16
 * bytes.
 */

import { ControlInstructions } from './control.js';
import { Prefix, Rex } from './encoder.js';
import type { Mem } from './operands.js';
import type { LongWidth, Reg, Rounding, Xmm } from './registers.js';

/** Adds scalar floating point to the assembler. */
export class FloatInstructions extends ControlInstructions {
  /** `movss d, s`: replaces the lowest element, keeps the rest of d. */
  movss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f10, d, s);
  }

  /** `movss d, [m]`: clears the rest of d. */
  movss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f10, d, m, 0);
  }

  /** `movss [m], s`. */
  movss_mr(m: Mem, s: Xmm): void {
    this.encodeM(Prefix.F3, 0, 0x0f11, s, m, 0);
  }

  /** `movsd d, s`: replaces the lowest element, keeps the rest of d. */
  movsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f10, d, s);
  }

  /** `movsd d, [m]`: clears the rest of d. */
  movsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f10, d, m, 0);
  }

  /** `movsd [m], s`. */
  movsd_mr(m: Mem, s: Xmm): void {
    this.encodeM(Prefix.F2, 0, 0x0f11, s, m, 0);
  }

  /** `addss d, s`. */
  addss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f58, d, s);
  }

  /** `addss d, [m]`. */
  addss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f58, d, m, 0);
  }

  /** `addsd d, s`. */
  addsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f58, d, s);
  }

  /** `addsd d, [m]`. */
  addsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f58, d, m, 0);
  }

  /** `subss d, s`. */
  subss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f5c, d, s);
  }

  /** `subss d, [m]`. */
  subss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f5c, d, m, 0);
  }

  /** `subsd d, s`. */
  subsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f5c, d, s);
  }

  /** `subsd d, [m]`. */
  subsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f5c, d, m, 0);
  }

  /** `mulss d, s`. */
  mulss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f59, d, s);
  }

  /** `mulss d, [m]`. */
  mulss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f59, d, m, 0);
  }

  /** `mulsd d, s`. */
  mulsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f59, d, s);
  }

  /** `mulsd d, [m]`. */
  mulsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f59, d, m, 0);
  }

  /** `divss d, s`. */
  divss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f5e, d, s);
  }

  /** `divss d, [m]`. */
  divss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f5e, d, m, 0);
  }

  /** `divsd d, s`. */
  divsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f5e, d, s);
  }

  /** `divsd d, [m]`. */
  divsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f5e, d, m, 0);
  }

  /** `sqrtss d, s`. */
  sqrtss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f51, d, s);
  }

  /** `sqrtss d, [m]`. */
  sqrtss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f51, d, m, 0);
  }

  /** `sqrtsd d, s`. */
  sqrtsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f51, d, s);
  }

  /** `sqrtsd d, [m]`. */
  sqrtsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f51, d, m, 0);
  }

  /** `minss d, s`. */
  minss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f5d, d, s);
  }

  /** `minss d, [m]`. */
  minss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f5d, d, m, 0);
  }

  /** `minsd d, s`. */
  minsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f5d, d, s);
  }

  /** `minsd d, [m]`. */
  minsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f5d, d, m, 0);
  }

  /** `maxss d, s`. */
  maxss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f5f, d, s);
  }

  /** `maxss d, [m]`. */
  maxss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f5f, d, m, 0);
  }

  /** `maxsd d, s`. */
  maxsd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f5f, d, s);
  }

  /** `maxsd d, [m]`. */
  maxsd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f5f, d, m, 0);
  }

  /** `ucomiss a, b`: compares into the flags, as unsigned numbers do. */
  ucomiss_rr(a: Xmm, b: Xmm): void {
    this.encodeR(0, 0, 0x0f2e, a, b);
  }

  /** `ucomiss a, [m]`. */
  ucomiss_rm(a: Xmm, m: Mem): void {
    this.encodeM(0, 0, 0x0f2e, a, m, 0);
  }

  /** `ucomisd a, b`: compares into the flags, as unsigned numbers do. */
  ucomisd_rr(a: Xmm, b: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0f2e, a, b);
  }

  /** `ucomisd a, [m]`. */
  ucomisd_rm(a: Xmm, m: Mem): void {
    this.encodeM(Prefix.Word, 0, 0x0f2e, a, m, 0);
  }

  /** `comiss a, b`: the same, with an exception for any NaN. */
  comiss_rr(a: Xmm, b: Xmm): void {
    this.encodeR(0, 0, 0x0f2f, a, b);
  }

  /** `comiss a, [m]`. */
  comiss_rm(a: Xmm, m: Mem): void {
    this.encodeM(0, 0, 0x0f2f, a, m, 0);
  }

  /** `comisd a, b`: the same, with an exception for any NaN. */
  comisd_rr(a: Xmm, b: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0f2f, a, b);
  }

  /** `comisd a, [m]`. */
  comisd_rm(a: Xmm, m: Mem): void {
    this.encodeM(Prefix.Word, 0, 0x0f2f, a, m, 0);
  }

  /** `andps d, s`: all 128 bits. */
  andps_rr(d: Xmm, s: Xmm): void {
    this.encodeR(0, 0, 0x0f54, d, s);
  }

  /** `andps d, [m]`. */
  andps_rm(d: Xmm, m: Mem): void {
    this.encodeM(0, 0, 0x0f54, d, m, 0);
  }

  /** `andpd d, s`: all 128 bits. */
  andpd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0f54, d, s);
  }

  /** `andpd d, [m]`. */
  andpd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.Word, 0, 0x0f54, d, m, 0);
  }

  /** `andnps d, s`: all 128 bits. */
  andnps_rr(d: Xmm, s: Xmm): void {
    this.encodeR(0, 0, 0x0f55, d, s);
  }

  /** `andnps d, [m]`. */
  andnps_rm(d: Xmm, m: Mem): void {
    this.encodeM(0, 0, 0x0f55, d, m, 0);
  }

  /** `andnpd d, s`: all 128 bits. */
  andnpd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0f55, d, s);
  }

  /** `andnpd d, [m]`. */
  andnpd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.Word, 0, 0x0f55, d, m, 0);
  }

  /** `orps d, s`: all 128 bits. */
  orps_rr(d: Xmm, s: Xmm): void {
    this.encodeR(0, 0, 0x0f56, d, s);
  }

  /** `orps d, [m]`. */
  orps_rm(d: Xmm, m: Mem): void {
    this.encodeM(0, 0, 0x0f56, d, m, 0);
  }

  /** `orpd d, s`: all 128 bits. */
  orpd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0f56, d, s);
  }

  /** `orpd d, [m]`. */
  orpd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.Word, 0, 0x0f56, d, m, 0);
  }

  /** `xorps d, s`: all 128 bits. */
  xorps_rr(d: Xmm, s: Xmm): void {
    this.encodeR(0, 0, 0x0f57, d, s);
  }

  /** `xorps d, [m]`. */
  xorps_rm(d: Xmm, m: Mem): void {
    this.encodeM(0, 0, 0x0f57, d, m, 0);
  }

  /** `xorpd d, s`: all 128 bits. */
  xorpd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0f57, d, s);
  }

  /** `xorpd d, [m]`. */
  xorpd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.Word, 0, 0x0f57, d, m, 0);
  }

  /** `cvtsi2ss d, s`: from a signed integer of `w` bits. */
  cvtsi2ss_rr(w: LongWidth, d: Xmm, s: Reg): void {
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0f2a, d, s);
  }

  /** `cvtsi2ss d, [m]`. */
  cvtsi2ss_rm(w: LongWidth, d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, w === 64 ? Rex.W : 0, 0x0f2a, d, m, 0);
  }

  /** `cvttss2si d, s`: to a signed integer of `w` bits, truncating; the smallest one when out of range. */
  cvttss2si_rr(w: LongWidth, d: Reg, s: Xmm): void {
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0f2c, d, s);
  }

  /** `cvttss2si d, [m]`. */
  cvttss2si_rm(w: LongWidth, d: Reg, m: Mem): void {
    this.encodeM(Prefix.F3, w === 64 ? Rex.W : 0, 0x0f2c, d, m, 0);
  }

  /** `cvtsi2sd d, s`: from a signed integer of `w` bits. */
  cvtsi2sd_rr(w: LongWidth, d: Xmm, s: Reg): void {
    this.encodeR(Prefix.F2, w === 64 ? Rex.W : 0, 0x0f2a, d, s);
  }

  /** `cvtsi2sd d, [m]`. */
  cvtsi2sd_rm(w: LongWidth, d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, w === 64 ? Rex.W : 0, 0x0f2a, d, m, 0);
  }

  /** `cvttsd2si d, s`: to a signed integer of `w` bits, truncating; the smallest one when out of range. */
  cvttsd2si_rr(w: LongWidth, d: Reg, s: Xmm): void {
    this.encodeR(Prefix.F2, w === 64 ? Rex.W : 0, 0x0f2c, d, s);
  }

  /** `cvttsd2si d, [m]`. */
  cvttsd2si_rm(w: LongWidth, d: Reg, m: Mem): void {
    this.encodeM(Prefix.F2, w === 64 ? Rex.W : 0, 0x0f2c, d, m, 0);
  }

  /** `cvtss2sd d, s`. */
  cvtss2sd_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F3, 0, 0x0f5a, d, s);
  }

  /** `cvtss2sd d, [m]`. */
  cvtss2sd_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F3, 0, 0x0f5a, d, m, 0);
  }

  /** `cvtsd2ss d, s`. */
  cvtsd2ss_rr(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.F2, 0, 0x0f5a, d, s);
  }

  /** `cvtsd2ss d, [m]`. */
  cvtsd2ss_rm(d: Xmm, m: Mem): void {
    this.encodeM(Prefix.F2, 0, 0x0f5a, d, m, 0);
  }

  /** `roundss d, s, mode` (SSE4.1). */
  roundss(d: Xmm, s: Xmm, mode: Rounding): void {
    this.encodeR(Prefix.Word, 0, 0x0f3a0a, d, s);
    this.put8(mode);
  }

  /** `roundsd d, s, mode` (SSE4.1). */
  roundsd(d: Xmm, s: Xmm, mode: Rounding): void {
    this.encodeR(Prefix.Word, 0, 0x0f3a0b, d, s);
    this.put8(mode);
  }

  /** `movd d, s`: 32 bits into a vector register, the rest cleared. */
  movd_xr(d: Xmm, s: Reg): void {
    this.encodeR(Prefix.Word, 0, 0x0f6e, d, s);
  }

  /** `movd d, s`: the lowest 32 bits of a vector register, zero-extended. */
  movd_rx(d: Reg, s: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0f7e, s, d);
  }

  /** `movq d, s`: 64 bits into a vector register, the rest cleared. */
  movq_xr(d: Xmm, s: Reg): void {
    this.encodeR(Prefix.Word, Rex.W, 0x0f6e, d, s);
  }

  /** `movq d, s`: the lowest 64 bits of a vector register. */
  movq_rx(d: Reg, s: Xmm): void {
    this.encodeR(Prefix.Word, Rex.W, 0x0f7e, s, d);
  }

  /** `movaps d, s`: the whole register; the usual copy. */
  movaps_rr(d: Xmm, s: Xmm): void {
    this.encodeR(0, 0, 0x0f28, d, s);
  }

  /** `movups d, [m]`: 128 bits, any alignment. */
  movups_rm(d: Xmm, m: Mem): void {
    this.encodeM(0, 0, 0x0f10, d, m, 0);
  }

  /** `movups [m], s`: 128 bits, any alignment. */
  movups_mr(m: Mem, s: Xmm): void {
    this.encodeM(0, 0, 0x0f11, s, m, 0);
  }

  /** `pxor d, s`; `pxor d, d` clears. */
  pxor(d: Xmm, s: Xmm): void {
    this.encodeR(Prefix.Word, 0, 0x0fef, d, s);
  }
}
