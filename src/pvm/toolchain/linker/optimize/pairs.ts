/**
 * Shifts left and back right in the same register.
 *
 * RISC-V without Zba widens an unsigned `int` by two shifts, and scales an index on the way. The first shift destroys
 * what it shifts, so no rule that looks at one instruction at a time can see through it. Where the result is wanted in
 * its lower half only, as an address is, the extension goes away altogether.
 */
import { Op } from '../../../isa/opcodes.js';
import { isHostCall, readHighMask, readMask, written } from '../effects.js';
import { type Code, Inst } from '../ir.js';
import { Facts } from './facts.js';
import type { Liveness } from './liveness.js';
import { shiftBack } from './simplify.js';

const NOTHING = new Facts();
/** Instructions between the two shifts of a pair, at most. */
const REACH = 64;

/** Joins the pairs of all blocks; whether there were any. */
export function joinShifts(code: Code, { outHigh }: Liveness): boolean {
  let changed = false;
  for (const [index, { insts, exit }] of code.blocks.entries()) {
    let high = outHigh[index] as number;
    const back = (i: Inst): void => {
      const d = written(i);
      const wanted = d < 0 || ((high >> d) & 1) !== 0;
      if (d >= 0) {
        high &= ~(1 << d);
      }
      const call = isHostCall(i.op) ? code.hostCalls.get(i) : undefined;
      high |= readHighMask(i, wanted, call);
    };
    back(exit);
    for (let n = insts.length - 1; n >= 0; n--) {
      const i = insts[n] as Inst;
      if ((i.op === Op.shlo_r_imm_64 || i.op === Op.shar_r_imm_64) && i.a === i.b) {
        const first = findShift(insts, n);
        if (first >= 0 && join(insts, first, n, ((high >> i.a) & 1) !== 0)) changed = true;
      }
      back(insts[n] as Inst);
    }
  }
  return changed;
}

/** The shift left of a register into itself that is the last thing to touch it before an instruction; −1 for none. */
function findShift(insts: readonly Inst[], n: number): number {
  const register = (insts[n] as Inst).b;
  for (let k = n - 1; k >= Math.max(0, n - REACH); k--) {
    const i = insts[k] as Inst;
    if (isHostCall(i.op)) return -1;
    if (i.op === Op.shlo_l_imm_64 && i.a === register && i.b === register) return k;
    if (((readMask(i) >> register) & 1) !== 0 || written(i) === register) return -1;
  }
  return -1;
}

function join(insts: Inst[], first: number, n: number, wantsHigh: boolean): boolean {
  const i = insts[n] as Inst;
  const left = (insts[first] as Inst).x & 63;
  const right = i.x & 63;
  const joined = new Inst(i.op, i.a, i.b, i.d, i.x, i.y);
  if (!wantsHigh && left <= 32 && right <= left) {
    // The lower half of the result has no bit that either shift would have lost.
    joined.op = left === right ? Op.move_reg : Op.shlo_l_imm_64;
    joined.x = left === right ? 0 : left - right;
  } else if (!shiftBack(joined, i.b, left, NOTHING)) return false;
  insts[n] = joined;
  (insts[first] as Inst).op = Op.move_reg;
  (insts[first] as Inst).x = 0;
  return true;
}
