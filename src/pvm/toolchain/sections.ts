/**
 * What the assembler collects statements in: data, and code that lays itself out once all of it is there.
 *
 * A blob or a standard program has one section of code; a manifest may have several. Each has its own labels and
 * its own jump table, because a jump never leads from one CODE capability into another. Data labels are addresses
 * and the same for all.
 */
import type { Instruction, InstructionSet } from '../isa/instructions.js';
import { MAX_CODE_LENGTH } from '../layout.js';
import type { CodeBlob } from '../program/code-blob.js';
import { type BranchTarget, type CodeItem, distance, emit, type Layout, layOut, shortest } from './encoder.js';
import { AssemblyError } from './lexer.js';
import type { Position, Target } from './parser.js';

/** Where a name leads. */
export interface Label extends Position {
  readonly section: CodeSection | DataSection;
  /** Item number of code, offset of data. */
  readonly at: number;
}

/** Initial contents of memory. */
export class DataSection {
  readonly bytes: number[] = [];

  /** @param address where the contents will be; not before all is read, since what precedes them may still grow */
  constructor(readonly address: () => number) {}
}

/** Code that has been laid out. */
export interface LaidOut extends CodeBlob {
  /** Byte offset of each item. */
  readonly offsets: Int32Array;
}

/** Instructions with their labels and jump table. */
export class CodeSection {
  readonly labels = new Map<string, Label>();
  entrySize: number | undefined;
  private readonly items: CodeItem[] = [];
  private readonly positions: Position[] = [];
  private readonly targets: { item: number; target: Target; position: Position }[] = [];
  private readonly jumpTable: { target: Target; position: Position }[] = [];

  /**
   * @param instructions what may stand in it
   * @param dataLabels the program's labels of data
   */
  constructor(
    readonly instructions: InstructionSet,
    private readonly dataLabels: ReadonlyMap<string, Label>,
    private readonly file: string | undefined,
  ) {}

  /** Items so far: the number of the next one. */
  get length(): number {
    return this.items.length;
  }

  add(item: CodeItem, position: Position): void {
    this.items.push(item);
    this.positions.push(position);
  }

  /** Where the next item to be added branches to. */
  addTarget(target: Target, position: Position): void {
    this.targets.push({ item: this.items.length, target, position });
  }

  addJumpEntry(target: Target, position: Position): void {
    this.jumpTable.push({ target, position });
  }

  /** What a label is worth as a number: its address in the jump table; undefined where it has none. */
  jumpAddress(name: string): number | undefined {
    const index = this.jumpTable.findIndex(({ target }) => 'label' in target && target.label === name);
    return index < 0 ? undefined : 2 * (index + 1);
  }

  /** Places everything. */
  finish(): LaidOut {
    for (const { item, target, position } of this.targets) {
      (this.items[item] as CodeItem).target = this.resolve(target, position);
    }
    const jumpTargets = this.jumpTable.map(({ target, position }) => ({
      at: this.resolve(target, position),
      position,
    }));
    const layout = layOut(this.items);
    const length = layout.offsets[this.items.length] as number;
    const last = this.positions[this.positions.length - 1];
    if (length >= MAX_CODE_LENGTH && last !== undefined) {
      throw this.error(`expected less than ${MAX_CODE_LENGTH} bytes of code, found ${length}`, last);
    }
    this.checkLengths(layout);

    const { code, bitmask } = emit(this.items, layout);
    const jumpOffsets = Uint32Array.from(jumpTargets, ({ at, position }) => {
      if ('relative' in at) throw this.error('expected a label or an offset in the jump table', position);
      const offset = distance(at, 0, layout.offsets);
      if (offset < 0 || offset > 0xffffffff)
        throw this.error(`expected an offset of 32 bits, found ${offset}`, position);
      if (this.entrySize !== undefined && offset >= 256 ** this.entrySize) {
        throw this.error(`expected an offset of ${this.entrySize} bytes (.entrysize), found ${offset}`, position);
      }
      return offset;
    });
    const entrySize = this.entrySize === undefined ? {} : { entrySize: this.entrySize };
    return { code, bitmask, jumpOffsets, ...entrySize, offsets: layout.offsets };
  }

  private resolve(target: Target, position: Position): BranchTarget {
    if ('label' in target) {
      const label = this.labels.get(target.label);
      if (label === undefined) {
        const what = this.dataLabels.has(target.label) ? 'a label of code' : 'a label that is defined';
        throw this.error(`expected ${what}, found @${target.label}`, position);
      }
      if (!this.startsBlock(label.at)) {
        const fix = label.at < this.items.length ? 'put fallthrough before it' : 'no instruction follows it';
        throw this.error(`expected the start of a basic block, found @${target.label}: ${fix}`, position);
      }
      return { item: label.at };
    }
    const expression = 'relative' in target ? target.relative : target.absolute;
    if (expression.labels.length > 0) throw this.error('expected a label alone or a number', position);
    const value = Number(expression.constant);
    return 'relative' in target ? { relative: value } : { absolute: value };
  }

  private startsBlock(item: number): boolean {
    if (this.opcode(item) === undefined) return false;
    return item === 0 || this.opcode(item - 1)?.terminator === true;
  }

  /** The instruction an item is, also where it was written as bytes. */
  private opcode(item: number): Instruction | undefined {
    const { row, raw, start } = this.items[item] ?? {};
    if (row !== undefined || raw === undefined || start !== true || raw.length > 25) return row;
    return this.instructions.byOpcode[raw[0] as number];
  }

  /** Checks that values fit the lengths asked for, and that branches reach. */
  private checkLengths({ offsets, branchLengths }: Layout): void {
    for (const [i, item] of this.items.entries()) {
      const position = this.positions[i] as Position;
      const check = (value: number, length: number): void => {
        if (length >= 0 && shortest(value) > length) {
          throw this.error(`expected a length of at least ${shortest(value)} for ${value}, found !${length}`, position);
        }
      };
      if (item.lengthX >= 0) check(item.x, item.lengthX);
      if (item.target !== undefined) {
        const reach = distance(item.target, offsets[i] as number, offsets);
        if (reach !== (reach | 0))
          throw this.error(`expected a target within 2 GiB, found distance ${reach}`, position);
        check(reach, branchLengths[i] as number);
      } else if (item.lengthY >= 0) {
        check(item.y, item.lengthY);
      }
    }
  }

  private error(problem: string, { line, column }: Position): AssemblyError {
    return new AssemblyError(problem, line, column, this.file);
  }
}
