/**
 * Which registers are still wanted, everywhere in the program, and what can be left out or done more cheaply.
 *
 * Calls and returns are followed like jumps, so nothing is assumed about who saves which register: a call goes to its
 * callee, a return goes to any place that something calls from. Only one thing is taken from the calling convention:
 * that a `ret` goes back behind a call or to a function, and not into the middle of one.
 *
 * Each register counts as wanted in its lower half alone or as a whole. Addresses are 32 bits, and so is most
 * arithmetic of C programs; where the upper half is not wanted, the instruction that sign-extends becomes the one that
 * does not, and a sign or zero extension is nothing but a move.
 */
import { Op } from '../../../isa/opcodes.js';
import { ALL, isHostCall, isPure, readHighMask, readMask, written } from '../effects.js';
import { type Block, type Code, type Inst, isBranch } from '../ir.js';

/** Return register ra. */
const RA = 0;
/** What the host looks at when a program halts: a0 and a1. */
const RESULTS = (1 << 7) | (1 << 8);

/** Registers wanted at the end of each block, by the block's index. */
export interface Liveness {
  /** In part or as a whole. */
  readonly out: Int32Array;
  /** Upper halves. */
  readonly outHigh: Int32Array;
}

/** Finds what is wanted at the end of each block. */
export function liveness(code: Code, kernel: boolean): Liveness {
  return new LivenessAnalysis(code, kernel).run();
}

class LivenessAnalysis {
  private readonly live: Int32Array;
  private readonly high: Int32Array;
  // What is wanted at the start of anything a return, or any dynamic jump, may lead to.
  private returnLive = RESULTS;
  private returnHigh = RESULTS;
  private jumpLive = RESULTS;
  private jumpHigh = RESULTS;

  constructor(
    private readonly code: Code,
    private readonly kernel: boolean,
  ) {
    const { blocks } = code;
    this.live = new Int32Array(blocks.length);
    this.high = new Int32Array(blocks.length);
    for (const [i, block] of blocks.entries()) block.index = i;
  }

  run(): Liveness {
    const { blocks } = this.code;
    const out = new Int32Array(blocks.length);
    const outHigh = new Int32Array(blocks.length);
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = blocks.length - 1; i >= 0; i--) {
        const block = blocks[i] as Block;
        this.atEnd(block);
        out[i] = this.l;
        outHigh[i] = this.h;
        this.stepBack(block.exit);
        for (let n = block.insts.length - 1; n >= 0; n--) this.stepBack(block.insts[n] as Inst);
        if (this.l === this.live[i] && this.h === this.high[i]) continue;
        this.live[i] = this.l;
        this.high[i] = this.h;
        changed = true;
        if (block.tableIndex < 0) continue;
        this.jumpLive |= this.l;
        this.jumpHigh |= this.h;
        if (!block.isReturn && !block.isFunction) continue;
        this.returnLive |= this.l;
        this.returnHigh |= this.h;
      }
    }
    return { out, outHigh };
  }

  // The state of a walk backwards.
  private l = 0;
  private h = 0;

  /** What is wanted once a block's exit is done. */
  private atEnd({ exit, target, next }: Block): void {
    const { op } = exit;
    this.l = 0;
    this.h = 0;
    if (op === Op.trap) {
      // The kernel reports a trapped VM's r7 to its caller.
      if (this.kernel) this.l = this.h = 1 << 7;
    } else if (op === Op.jump_ind || op === Op.load_imm_jump_ind) {
      const isReturn = op === Op.jump_ind && exit.a === RA && exit.x === 0;
      this.l = isReturn ? this.returnLive : this.jumpLive;
      this.h = isReturn ? this.returnHigh : this.jumpHigh;
    } else {
      if (target !== undefined) this.join(target);
      if (next !== undefined && (isBranch(op) || op === Op.fallthrough)) this.join(next);
    }
  }

  private join({ index }: Block): void {
    this.l |= this.live[index] as number;
    this.h |= this.high[index] as number;
  }

  private stepBack(i: Inst): void {
    const d = written(i);
    let wanted = true;
    if (d >= 0) {
      const bit = 1 << d;
      const isLive = (this.l & bit) !== 0;
      wanted = (this.h & bit) !== 0;
      if (!isLive && isPure(i.op)) return;
      this.l &= ~bit;
      this.h &= ~bit;
    }
    const call = isHostCall(i.op) ? this.code.hostCalls.get(i) : undefined;
    this.l |= readMask(i, call);
    this.h |= readHighMask(i, wanted, call);
  }
}

/** Removes what nobody wants and narrows the rest; whether anything changed. */
export function removeUnwanted(code: Code, { out, outHigh }: Liveness): boolean {
  let changed = false;
  for (const [index, block] of code.blocks.entries()) {
    const { insts } = block;
    let live = out[index] as number;
    let high = outHigh[index] as number;
    const back = (i: Inst): void => {
      const d = written(i);
      const wanted = d < 0 || ((high >> d) & 1) !== 0;
      if (d >= 0) {
        live &= ~(1 << d);
        high &= ~(1 << d);
      }
      const call = isHostCall(i.op) ? code.hostCalls.get(i) : undefined;
      live |= readMask(i, call);
      high |= readHighMask(i, wanted, call);
    };
    back(block.exit);
    let kept = insts.length;
    for (let n = insts.length - 1; n >= 0; n--) {
      const i = insts[n] as Inst;
      const d = written(i);
      if (d >= 0 && isPure(i.op) && ((live >> d) & 1) === 0) {
        changed = true;
        continue;
      }
      if (d >= 0 && ((high >> d) & 1) === 0 && narrow(i)) changed = true;
      if (i.op === Op.move_reg && i.a === i.b) {
        changed = true;
        continue;
      }
      insts[--kept] = i;
      back(i);
    }
    if (kept > 0) insts.splice(0, kept);
  }
  return changed;
}

/** Makes an instruction whose result is wanted in its lower half only do no more than that. */
function narrow(i: Inst): boolean {
  const { op } = i;
  switch (op) {
    case Op.add_32:
      i.op = Op.add_64;
      return true;
    case Op.sub_32:
      i.op = Op.sub_64;
      return true;
    case Op.mul_32:
      i.op = Op.mul_64;
      return true;
    case Op.mul_imm_32:
      i.op = Op.mul_imm_64;
      return true;
    case Op.neg_add_imm_32:
      i.op = Op.neg_add_imm_64;
      return true;
    case Op.add_imm_32:
      i.op = i.x === 0 ? Op.move_reg : Op.add_imm_64;
      return true;
    case Op.shlo_l_imm_32:
      i.op = Op.shlo_l_imm_64;
      i.x &= 31;
      return true;
    default:
      return false;
  }
}

/** Registers nobody wants at the end of a block. */
export function unwantedAt({ out }: Liveness, index: number): number {
  return ALL & ~(out[index] as number);
}
