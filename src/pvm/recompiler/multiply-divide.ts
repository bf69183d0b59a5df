/**
 * Division and upper-half multiplication: the instructions x86-64 ties to RAX and RDX.
 *
 * The guest's results for a zero divisor and for the one quotient that overflows are defined, the processor's
 * are faults; both are tested for in front, which costs nothing next to the division itself. RAX and RDX
 * hold guest registers and are saved on the host's stack meanwhile; nothing in between can fault.
 */
import type { Assembler } from '../../x64/assembler.js';
import { at } from '../../x64/operands.js';
import { Cond, Reg, Shift } from '../../x64/registers.js';
import { Op } from '../isa/opcodes.js';

/** Order of the four division opcodes of either width. */
const enum Division {
  DivU = 0,
  DivS = 1,
  RemU = 2,
  RemS = 3,
}

/**
 * `d = x / y` or `x % y`.
 *
 * @param kind 0 unsigned quotient, 1 signed quotient, 2 unsigned remainder, 3 signed remainder
 */
export function emitDivision(a: Assembler, kind: number, w: 32 | 64, d: Reg, x: Reg, y: Reg): void {
  const signed = kind === Division.DivS || kind === Division.RemS;
  const remainder = kind === Division.RemU || kind === Division.RemS;
  const zero = a.label();
  const minusOne = a.label();
  const done = a.label();
  a.mov_rr(w, Reg.RCX, y);
  a.test_rr(w, Reg.RCX, Reg.RCX);
  a.jcc_short(Cond.E, zero);
  if (signed) {
    a.cmp_ri(w, Reg.RCX, -1);
    a.jcc_short(Cond.E, minusOne);
  }
  a.push(Reg.RAX);
  a.push(Reg.RDX);
  if (x !== Reg.RAX) a.mov_rr(w, Reg.RAX, x);
  if (signed) {
    if (w === 64) a.cqo();
    else a.cdq();
    a.idiv_r(w, Reg.RCX);
  } else {
    a.xor_rr(32, Reg.RDX, Reg.RDX);
    a.div_r(w, Reg.RCX);
  }
  a.mov_rr(w, Reg.RCX, remainder ? Reg.RDX : Reg.RAX);
  a.pop(Reg.RDX);
  a.pop(Reg.RAX);
  a.jmp_short(done);

  a.bind(zero);
  if (remainder) a.mov_rr(w, Reg.RCX, x);
  else a.mov_ri(64, Reg.RCX, -1);
  if (signed) {
    a.jmp_short(done);
    a.bind(minusOne);
    // x / −1 = −x, also for the most negative x, where the quotient wraps; the remainder is 0.
    if (remainder) a.xor_rr(32, Reg.RCX, Reg.RCX);
    else {
      a.mov_rr(w, Reg.RCX, x);
      a.neg_r(w, Reg.RCX);
    }
  }
  a.bind(done);
  if (w === 32) a.movsx_rr(64, 32, d, Reg.RCX);
  else a.mov_rr(64, d, Reg.RCX);
}

/**
 * `high` = upper 64 bits of the unsigned product `x · y` and, unless `low` is RCX, `low` = its lower 64 bits.
 * Needs BMI2: `mulx` takes one factor from RDX, leaves RAX alone and writes any two registers.
 * Both results are written after both factors were read; `high` wins where the two are the same register.
 */
export function emitMulx(a: Assembler, high: Reg, low: Reg, x: Reg, y: Reg): void {
  if (x === Reg.RDX || y === Reg.RDX) {
    a.mulx(64, high, low, x === Reg.RDX ? y : x);
    return;
  }
  // RDX is lent for one instruction; RCX keeps what it held unless a result takes its place.
  const keep = high !== Reg.RDX && low !== Reg.RDX;
  if (keep) a.mov_rr(64, Reg.RCX, Reg.RDX);
  a.mov_rr(64, Reg.RDX, x);
  a.mulx(64, high, low === Reg.RCX ? high : low, y);
  if (keep) a.mov_rr(64, Reg.RDX, Reg.RCX);
}

/** `d` = upper 64 bits of `x · y`. */
export function emitMulUpper(a: Assembler, op: number, d: Reg, x: Reg, y: Reg, bmi2: boolean): void {
  if (bmi2 && op === Op.mul_upper_u_u) {
    emitMulx(a, d, Reg.RCX, x, y);
    return;
  }
  if (op === Op.mul_upper_s_u) {
    // Signed x is unsigned x less 2^64 where it is negative: take y off the upper half then.
    a.mov_rr(64, Reg.RCX, x);
    a.shift_ri(Shift.Sar, 64, Reg.RCX, 63);
    a.and_rr(64, Reg.RCX, y);
    a.push(Reg.RCX);
  }
  a.push(Reg.RAX);
  a.push(Reg.RDX);
  a.mov_rr(64, Reg.RCX, y);
  if (x !== Reg.RAX) a.mov_rr(64, Reg.RAX, x);
  if (op === Op.mul_upper_s_s) a.imul1_r(64, Reg.RCX);
  else a.mul_r(64, Reg.RCX);
  a.mov_rr(64, Reg.RCX, Reg.RDX);
  a.pop(Reg.RDX);
  a.pop(Reg.RAX);
  if (op === Op.mul_upper_s_u) {
    // The correction is on top of the stack; the result must not be written before it is read.
    a.sub_rm(64, Reg.RCX, at(Reg.RSP, 0));
    a.lea(64, Reg.RSP, at(Reg.RSP, 8));
  }
  a.mov_rr(64, d, Reg.RCX);
}
