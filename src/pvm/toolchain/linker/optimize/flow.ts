/**
 * Tidies up control flow: unreachable blocks, jumps to jumps, blocks that are one block.
 */
import { Op } from '../../../isa/opcodes.js';
import { type Block, type Code, Inst, isBranch } from '../ir.js';

/** Does all of it once; whether anything changed. */
export function tidyFlow(code: Code): boolean {
  const threaded = threadJumps(code);
  const pruned = removeUnreachable(code);
  const merged = mergeBlocks(code);
  return threaded || pruned || merged;
}

/** Where control ends up that goes to a block: past blocks that do nothing but go on. */
function destination(block: Block): Block {
  let at = block;
  // Endless loops of nothing end after as many steps as anyone writes jumps in a row.
  for (let n = 0; n < 64; n++) {
    const following = at.exit.op === Op.jump ? at.target : at.exit.op === Op.fallthrough ? at.next : undefined;
    if (at.insts.length > 0 || following === undefined || following === at) break;
    at = following;
  }
  return at;
}

function threadJumps(code: Code): boolean {
  const { table } = code;
  let changed = false;
  // Dynamic jumps arrive there directly as well, and so do returns.
  for (const [i, block] of table.entries()) {
    const target = destination(block);
    if (target === block) continue;
    table[i] = target;
    target.tableIndex = i;
    target.isReturn ||= block.isReturn;
    target.escapes ||= block.escapes;
    target.isFunction ||= block.isFunction;
    changed = true;
  }
  if (changed) {
    const remaining = new Set(table);
    for (const block of code.blocks) if (!remaining.has(block)) block.tableIndex = -1;
  }
  for (const block of code.blocks) {
    if (block.target !== undefined) {
      const target = destination(block.target);
      if (target !== block.target) {
        block.target = target;
        changed = true;
      }
    }
    if (block.next !== undefined) {
      const next = destination(block.next);
      if (next !== block.next) {
        block.next = next;
        changed = true;
      }
    }
    // A jump to a return is a return.
    const { exit, target } = block;
    if (exit.op === Op.jump && target?.insts.length === 0 && target.exit.op === Op.jump_ind && target !== block) {
      const { op, a, b, d, x, y } = target.exit;
      block.exit = new Inst(op, a, b, d, x, y);
      block.target = undefined;
      changed = true;
    }
    // A branch that goes to the same place either way.
    if (isBranch(exit.op) && block.target === block.next) {
      block.exit = new Inst(Op.fallthrough, 0, 0, 0, 0, 0);
      block.target = undefined;
      changed = true;
    }
  }
  return changed;
}

/** Drops blocks that nothing leads to. */
function removeUnreachable(code: Code): boolean {
  const { blocks, entries, table } = code;
  const reached = new Set<Block>();
  const work: Block[] = [];
  const visit = (block: Block | undefined): void => {
    if (block === undefined || reached.has(block)) return;
    reached.add(block);
    work.push(block);
  };
  for (const entry of entries) visit(entry);
  // A block whose address is a value may be jumped to by anyone; one that is only returned to, by what it calls.
  for (const block of table) if (block.escapes) visit(block);
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    visit(block.target);
    visit(block.next);
  }
  if (reached.size === blocks.length) return false;
  code.blocks = blocks.filter((block) => reached.has(block));
  return true;
}

/** Joins blocks one of which is all that leads to the other. */
function mergeBlocks(code: Code): boolean {
  const { blocks } = code;
  for (const block of blocks) block.references = block.tableIndex >= 0 ? 1 : 0;
  for (const entry of code.entries) entry.references++;
  for (const { target, next } of blocks) {
    if (target !== undefined) target.references++;
    if (next !== undefined) next.references++;
  }
  const gone = new Set<Block>();
  for (const [i, block] of blocks.entries()) {
    if (gone.has(block)) continue;
    for (;;) {
      const { op } = block.exit;
      const other = op === Op.fallthrough ? block.next : op === Op.jump ? block.target : undefined;
      if (other === undefined || other === block || other.references !== 1 || gone.has(other)) break;
      // Moving a block must not cost it the one that follows it.
      if (other.next !== undefined && !follows(blocks, i, other, gone)) break;
      for (const i of other.insts) block.insts.push(i);
      block.exit = other.exit;
      block.target = other.target;
      block.next = other.next;
      gone.add(other);
    }
  }
  if (gone.size === 0) return false;
  code.blocks = blocks.filter((block) => !gone.has(block));
  return true;
}

function follows(blocks: readonly Block[], i: number, other: Block, gone: ReadonlySet<Block>): boolean {
  let n = i + 1;
  while (n < blocks.length && gone.has(blocks[n] as Block)) n++;
  return blocks[n] === other;
}
