/**
 * Blocks to bytes: order, fall-through, offsets of branches, the jump table.
 *
 * Blocks keep the order of the ELF, which the compiler chose. Where control goes on to the block that follows, nothing
 * is needed unless something jumps there: PVM lets jumps go only to what comes after a terminator, and `fallthrough` is
 * the terminator that does nothing.
 */
import { Dialect, INSTRUCTION_SETS, type Instruction } from '../../isa/instructions.js';
import { Op } from '../../isa/opcodes.js';
import { HALT_ADDRESS, MAX_CODE_LENGTH } from '../../layout.js';
import { type CodeItem, emit as emitItems, instructionItem, layOut } from '../encoder.js';
import { LinkError } from './errors.js';
import { type Block, type Code, type Inst, inst, isBranch } from './ir.js';

/** Where execution starts. */
export interface Start {
  /** Each gets a jump of five bytes, one after another from offset 0. */
  readonly dispatch: readonly Block[];
  /** Kernel programs start with all registers zero: the stack pointer to set before the first jump. */
  readonly stackTop: number | undefined;
}

/** Placed code. */
export interface Emitted {
  readonly code: Uint8Array;
  readonly bitmask: Uint8Array;
  readonly jumpOffsets: Uint32Array;
  readonly offsetOf: (block: Block) => number | undefined;
}

/** Places the blocks and encodes them. */
export function emitCode(code: Code, start: Start, kernel: boolean): Emitted {
  const emitter = new Emitter(INSTRUCTION_SETS[kernel ? Dialect.Kernel : Dialect.GrayPaper]?.byOpcode ?? []);
  return emitter.run(code, start);
}

class Emitter {
  private readonly items: CodeItem[] = [];
  /** Items whose target is a block, to be turned into an item number once all blocks have theirs. */
  private readonly jumps: { item: CodeItem; target: Block }[] = [];
  private readonly first = new Map<Block, number>();
  private terminated = true;

  constructor(private readonly rows: readonly (Instruction | undefined)[]) {}

  run({ blocks, table }: Code, start: Start): Emitted {
    this.prologue(start);
    const jumpedTo = jumpTargets(blocks, start);
    for (const [i, block] of blocks.entries()) {
      if (!this.terminated && jumpedTo.has(block)) this.push(inst(Op.fallthrough));
      this.first.set(block, this.items.length);
      for (const instruction of block.insts) this.push(instruction);
      this.exit(block, blocks[i + 1]);
    }
    for (const { item, target } of this.jumps) item.target = { item: this.first.get(target) as number };
    const layout = layOut(this.items);
    const length = layout.offsets[this.items.length] as number;
    if (length >= MAX_CODE_LENGTH) {
      throw new LinkError(`expected less than ${MAX_CODE_LENGTH} bytes of code, found ${length}`);
    }
    const offsetOf = (block: Block): number | undefined => {
      const item = this.first.get(block);
      return item === undefined ? undefined : (layout.offsets[item] as number);
    };
    return {
      ...emitItems(this.items, layout),
      // An address that nothing is left to use leads to the end of the code, where no block starts.
      jumpOffsets: Uint32Array.from(table, (block) => offsetOf(block) ?? length),
      offsetOf,
    };
  }

  private prologue({ dispatch, stackTop }: Start): void {
    if (stackTop !== undefined) {
      this.push(inst(Op.load_imm, 1, 0, 0, stackTop | 0));
      this.push(inst(Op.load_imm, 0, 0, 0, HALT_ADDRESS | 0));
    }
    for (const block of dispatch) {
      const item = this.push(inst(Op.jump), block);
      item.lengthY = 4;
    }
  }

  private exit(block: Block, following: Block | undefined): void {
    const { exit, target, next } = block;
    const { op } = exit;
    if (op === Op.jump) {
      if (target !== following) this.push(exit, target);
    } else if (op === Op.fallthrough) {
      if (next !== following) this.push(inst(Op.jump), next);
    } else if (isBranch(op) && target === following && next !== following) {
      this.push(inst(inverse(op), exit.a, exit.b, exit.d, exit.x, exit.y), next);
    } else {
      this.push(exit, target);
      if (isBranch(op) && next !== following) this.push(inst(Op.jump), next);
    }
  }

  private push(instruction: Inst, target?: Block): CodeItem {
    const row = this.rows[instruction.op] as Instruction;
    const item = instructionItem(row);
    item.a = instruction.a;
    item.b = instruction.b;
    item.d = instruction.d;
    item.x = instruction.x;
    item.y = instruction.y;
    if (target !== undefined) this.jumps.push({ item, target });
    this.items.push(item);
    this.terminated = row.terminator;
    return item;
  }
}

/** The branch that is taken when another is not. */
function inverse(op: Op): Op {
  return INVERSE[op] as Op;
}

const INVERSE: Readonly<Record<number, Op>> = Object.fromEntries(
  [
    [Op.branch_eq, Op.branch_ne],
    [Op.branch_lt_u, Op.branch_ge_u],
    [Op.branch_lt_s, Op.branch_ge_s],
    [Op.branch_eq_imm, Op.branch_ne_imm],
    [Op.branch_lt_u_imm, Op.branch_ge_u_imm],
    [Op.branch_le_u_imm, Op.branch_gt_u_imm],
    [Op.branch_lt_s_imm, Op.branch_ge_s_imm],
    [Op.branch_le_s_imm, Op.branch_gt_s_imm],
  ].flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]),
);

/** Blocks that something jumps to, as opposed to running into them. */
function jumpTargets(blocks: readonly Block[], start: Start): Set<Block> {
  const targets = new Set<Block>(start.dispatch);
  for (const [i, { exit, target, next, tableIndex }] of blocks.entries()) {
    const block = blocks[i] as Block;
    if (tableIndex >= 0) targets.add(block);
    if (target !== undefined && !(exit.op === Op.jump && target === blocks[i + 1])) targets.add(target);
    if (next !== undefined && next !== blocks[i + 1]) targets.add(next);
  }
  return targets;
}
