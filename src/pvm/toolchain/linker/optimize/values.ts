/**
 * Carries facts about registers through the whole program and simplifies every instruction by them.
 *
 * Nothing is known where control may arrive from elsewhere: at entries, functions, behind calls and wherever dynamic
 * jumps may go. From there facts follow jumps and branches, and where paths meet, what is true on all of them stays.
 */
import { Op } from '../../../isa/opcodes.js';
import { isHostCall } from '../effects.js';
import { type Block, type Code, Inst, isBranch } from '../ir.js';
import { Facts } from './facts.js';
import { holds } from './fold.js';
import { simplify, simplifyBranch } from './simplify.js';

/** Simplifies all code; whether anything changed. */
export function propagateValues(code: Code): boolean {
  const states = analyse(code);
  let changed = false;
  for (const block of code.blocks) {
    const facts = (states[block.index] ?? new Facts()).clone();
    const { insts } = block;
    let kept = 0;
    for (const i of insts) {
      if (simplify(i, facts, code.constants)) changed = true;
      // What a rule found to do nothing.
      if (i.op === Op.move_reg && i.a === i.b) continue;
      facts.step(i, isHostCall(i.op) ? code.hostCalls.get(i) : undefined);
      insts[kept++] = i;
    }
    insts.length = kept;
    if (simplifyExit(code, block, facts)) changed = true;
  }
  return changed;
}

/** Facts at the start of each block, by its index; none where nothing is known. */
function analyse({ blocks, entries, hostCalls }: Code): (Facts | undefined)[] {
  for (const [i, block] of blocks.entries()) block.index = i;
  const unknown = new Set<Block>(entries);
  for (const block of blocks) {
    if (block.tableIndex >= 0) unknown.add(block);
    if (block.exit.op === Op.load_imm_jump && block.target !== undefined) unknown.add(block.target);
  }
  const states: (Facts | undefined)[] = new Array<Facts | undefined>(blocks.length).fill(undefined);
  // Ascending order is close to the order of execution; a flag a block stands for a work list.
  const pending = new Uint8Array(blocks.length);
  for (const block of unknown) {
    pending[block.index] = 1;
    states[block.index] = new Facts();
  }
  const arrive = (block: Block, facts: Facts): boolean => {
    if (unknown.has(block)) return false;
    const state = states[block.index];
    if (state === undefined) states[block.index] = facts.clone();
    else if (!state.meet(facts)) return false;
    pending[block.index] = 1;
    return true;
  };
  for (let again = true; again; ) {
    again = false;
    for (const block of blocks) {
      if (pending[block.index] === 0) continue;
      pending[block.index] = 0;
      const facts = (states[block.index] as Facts).clone();
      for (const i of block.insts) facts.step(i, isHostCall(i.op) ? hostCalls.get(i) : undefined);
      const { exit, target, next } = block;
      const { op } = exit;
      if (op === Op.jump && target !== undefined) again = arrive(target, facts) || again;
      else if (op === Op.fallthrough && next !== undefined) again = arrive(next, facts) || again;
      else if (isBranch(op)) {
        // On one side of a comparison with a constant, the register is that constant; on the other it is not.
        const known = facts.clone();
        if (op === Op.branch_eq_imm || op === Op.branch_ne_imm) {
          known.learn(exit.a, BigInt(exit.x));
          if (exit.x === 0) facts.nonzero[exit.a] = 1;
        }
        if (target !== undefined) again = arrive(target, op === Op.branch_eq_imm ? known : facts) || again;
        if (next !== undefined) again = arrive(next, op === Op.branch_ne_imm ? known : facts) || again;
      }
    }
  }
  return states;
}

function simplifyExit(code: Code, block: Block, facts: Facts): boolean {
  const { exit } = block;
  const { op } = exit;
  if (op === Op.jump_ind || op === Op.load_imm_jump_ind) return resolveJump(code, block, facts);
  if (!isBranch(op)) return false;
  const changed = simplifyBranch(exit, facts);
  const a = facts.constants[exit.a];
  const b = exit.op >= Op.branch_eq ? facts.constants[exit.b] : BigInt(exit.x);
  if (a === undefined || b === undefined) return changed;
  const taken = holds(exit.op, a, b);
  block.exit = new Inst(taken ? Op.jump : Op.fallthrough, 0, 0, 0, 0, 0);
  if (taken) block.next = undefined;
  else block.target = undefined;
  return true;
}

/** A dynamic jump to a known address is a plain one. */
function resolveJump(code: Code, block: Block, facts: Facts): boolean {
  const { exit } = block;
  const isCall = exit.op === Op.load_imm_jump_ind;
  const base = facts.constants[isCall ? exit.b : exit.a];
  if (base === undefined) {
    const definition = facts.definitions[isCall ? exit.b : exit.a];
    if (definition?.op !== Op.move_reg) return false;
    if (isCall) exit.b = definition.b;
    else exit.a = definition.b;
    return true;
  }
  const address = Number(BigInt.asUintN(32, base + BigInt(isCall ? exit.y : exit.x)));
  const target = address % 2 === 0 ? code.table[address / 2 - 1] : undefined;
  if (target === undefined) return false;
  block.target = target;
  block.exit = isCall ? new Inst(Op.load_imm_jump, exit.a, 0, 0, exit.x, 0) : new Inst(Op.jump, 0, 0, 0, 0, 0);
  return true;
}
