/**
 * Arithmetic: how the guest's three-operand instructions become x86-64's two-operand ones.
 *
 * The result may be the same register as either operand, and the guest's order of operands matters for some; each
 * method picks the sequence that reads every operand before it is overwritten. 32-bit results are sign-extended by the
 * caller. What an operation leaves in the processor's flags is remembered for a branch that follows it.
 */
import type { CpuFeatures } from '../../host/cpu.js';
import type { Assembler } from '../../x64/assembler.js';
import { indexed } from '../../x64/operands.js';
import { type Alu, type Cond, Reg, Shift } from '../../x64/registers.js';

const RCX = Reg.RCX;

/** In place of a condition: the flags are those of an operation whose result is in the register (only zero or not counts). */
export const RESULT_FLAGS = -1;
/** No entry, and not the one before the first either. */
export const NO_ENTRY = -2;

/** Emits arithmetic patterns. */
export class Arithmetic {
  // Flags a following branch may use instead of testing a register again: the entry that left them, the register
  // that holds its result, and the condition that result stands for (set_lt_* and the like) or RESULT_FLAGS.
  protected flagsEntry = NO_ENTRY;
  protected flagsRegister = 0;
  protected flagsCond: Cond | typeof RESULT_FLAGS = RESULT_FLAGS;

  constructor(
    protected readonly a: Assembler,
    protected readonly cpu: CpuFeatures,
  ) {}

  /** `d = x op y` for an operation whose operands may be swapped. */
  protected commutative(n: number, op: Alu, d: Reg, x: Reg, y: Reg): void {
    const a = this.a;
    if (d === x) a.alu_rr(op, 64, d, y);
    else if (d === y) a.alu_rr(op, 64, d, x);
    else {
      a.mov_rr(64, d, x);
      a.alu_rr(op, 64, d, y);
    }
    this.leaveFlags(n, d, RESULT_FLAGS);
  }

  protected subtract(n: number, w: 32 | 64, d: Reg, x: Reg, y: Reg): void {
    const a = this.a;
    if (d === y && d !== x) {
      a.neg_r(w, d);
      a.add_rr(w, d, x);
    } else {
      if (d !== x) a.mov_rr(w, d, x);
      a.sub_rr(w, d, y);
    }
    this.leaveFlags(n, d, RESULT_FLAGS);
  }

  protected add(w: 32 | 64, d: Reg, x: Reg, y: Reg): void {
    const a = this.a;
    if (d === x) a.add_rr(w, d, y);
    else if (d === y) a.add_rr(w, d, x);
    else a.lea(w, d, indexed(x, y, 1, 0));
  }

  protected multiply(w: 32 | 64, d: Reg, x: Reg, y: Reg): void {
    const a = this.a;
    if (d === x) a.imul_rr(w, d, y);
    else if (d === y) a.imul_rr(w, d, x);
    else {
      a.mov_rr(w, d, x);
      a.imul_rr(w, d, y);
    }
  }

  protected aluImmediate(n: number, op: Alu, d: Reg, x: Reg, value: number): void {
    if (d !== x) this.a.mov_rr(64, d, x);
    this.a.alu_ri(op, 64, d, value);
    this.leaveFlags(n, d, RESULT_FLAGS);
  }

  /** `d = X − x`. */
  protected negateAdd(w: 32 | 64, d: Reg, x: Reg, value: number): void {
    const a = this.a;
    if (d === x || value === 0) {
      if (d !== x) a.mov_rr(w, d, x);
      a.neg_r(w, d);
      if (value !== 0) a.add_ri(w, d, value);
    } else {
      a.mov_ri(w, d, value);
      a.sub_rr(w, d, x);
    }
  }

  protected shiftImmediate(op: Shift, w: 32 | 64, d: Reg, x: Reg, count: number): void {
    const a = this.a;
    if (d !== x) a.mov_rr(w, d, x);
    if ((count & (w - 1)) !== 0) a.shift_ri(op, w, d, count & (w - 1));
    if (w === 32) a.movsx_rr(64, 32, d, d);
  }

  /** `d = x shifted by y`; x86 masks the count as the guest does. */
  protected shift(op: Shift, w: 32 | 64, d: Reg, x: Reg, y: Reg): void {
    const a = this.a;
    if (this.cpu.bmi2 && op === Shift.Shl) a.shlx(w, d, x, y);
    else if (this.cpu.bmi2 && op === Shift.Shr) a.shrx(w, d, x, y);
    else if (this.cpu.bmi2 && op === Shift.Sar) a.sarx(w, d, x, y);
    else {
      a.mov_rr(32, RCX, y);
      if (d !== x) a.mov_rr(w, d, x);
      a.shift_rcl(op, w, d);
    }
    if (w === 32) a.movsx_rr(64, 32, d, d);
  }

  /** `d = X shifted by y`. */
  protected shiftOfImmediate(op: Shift, w: 32 | 64, d: Reg, value: number, y: Reg): void {
    const a = this.a;
    a.mov_rr(32, RCX, y);
    a.mov_ri(w, d, value);
    a.shift_rcl(op, w, d);
    if (w === 32) a.movsx_rr(64, 32, d, d);
  }

  /** `d = 1 if the condition of the last compare holds, else 0`; the flags stay for a branch that follows. */
  protected set(n: number, cond: Cond, d: Reg): void {
    const a = this.a;
    a.setcc(cond, RCX);
    a.movzx_rr(32, 8, d, RCX);
    this.leaveFlags(n, d, cond);
  }

  /** Remembers what the flags say about a result, for a branch that follows. */
  protected leaveFlags(n: number, d: Reg, cond: Cond | typeof RESULT_FLAGS): void {
    this.flagsEntry = n;
    this.flagsRegister = d;
    this.flagsCond = cond;
  }

  protected minMax(cond: Cond, d: Reg, x: Reg, y: Reg): void {
    const a = this.a;
    // Takes x where `x cond y`, else y.
    a.cmp_rr(64, x, y);
    if (d === y) a.cmovcc(cond, 64, d, x);
    else if (d === x) a.cmovcc(cond ^ 1, 64, d, y);
    else {
      a.mov_rr(64, d, y);
      a.cmovcc(cond, 64, d, x);
    }
  }

  /** `d = x op ~y`. */
  protected inverted(op: Alu, d: Reg, x: Reg, y: Reg): void {
    const a = this.a;
    a.mov_rr(64, RCX, y);
    a.not_r(64, RCX);
    a.alu_rr(op, 64, RCX, x);
    a.mov_rr(64, d, RCX);
  }
}
