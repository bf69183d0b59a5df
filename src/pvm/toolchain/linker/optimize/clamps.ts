/**
 * `max` and `min` with zero, once it is known that some register is free to hold the zero.
 *
 * Lowering makes a branch of them where they leave their result in the register they read. A branch that data decides
 * is guessed wrong now and then, and costs more than the two instructions here.
 */
import { Op } from '../../../isa/opcodes.js';
import { type Block, type Code, Inst, REGISTERS } from '../ir.js';
import { type Liveness, unwantedAt } from './liveness.js';

/** Replaces what branches it can; whether there were any. Liveness must be that of the blocks as they are. */
export function straightenClamps(code: Code, live: Liveness): boolean {
  let changed = false;
  for (const block of code.blocks) {
    const { exit, target, next } = block;
    const isMaximum = exit.op === Op.branch_ge_s_imm;
    if ((!isMaximum && exit.op !== Op.branch_le_s_imm) || exit.x !== 0 || target === undefined) continue;
    if (next === undefined || !isZeroing(next, exit.a, target)) continue;
    const free = unwantedAt(live, block.index) & ~(1 << exit.a);
    if (free === 0) continue;
    const register = Math.min(31 - Math.clz32(free), REGISTERS - 1);
    block.insts.push(
      new Inst(Op.load_imm, register, 0, 0, 0, 0),
      new Inst(isMaximum ? Op.max : Op.min, exit.a, register, exit.a, 0, 0),
    );
    block.exit = new Inst(Op.jump, 0, 0, 0, 0, 0);
    block.next = undefined;
    changed = true;
  }
  return changed;
}

/** Whether a block does nothing but set a register to zero, for lowering's sake. */
function isZeroing({ address, insts, exit, next }: Block, register: number, target: Block): boolean {
  const [only] = insts;
  return (
    address % 1 !== 0 &&
    insts.length === 1 &&
    only?.op === Op.load_imm &&
    only.a === register &&
    only.x === 0 &&
    exit.op === Op.fallthrough &&
    next === target
  );
}
