/**
 * The assembler: readable text to a program file.
 *
 *     ; sums 1 … 10
 *     .standard
 *     .const N 10
 *             load_imm r8, N
 *             fallthrough          ; ends the block, so that @again starts one
 *     again:  add_64 r7, r7, r8
 *             add_imm_64 r8, r8, -1
 *             branch_ne_imm r8, 0, @again
 *             jump_ind r0          ; a standard program's r0 is the address that halts
 *
 * One statement a line; labels end in a colon and may stand before it; comments start with `;` or `//`.
 *
 *     .standard  .code                 container (a code blob unless something only a standard program has is used)
 *     .entry @label                    a five-byte jump: the first is run at 0, the second at 5, as JAM services have it
 *     .text  .ro  .rw                  what follows is code, read-only data, read-write data
 *     .bytes/.u8 .u16 .u32 .u64 e, …   data; `.bytes` and `.string` take strings too
 *     .zero N   .align N               zeros
 *     .heap PAGES   .stack BYTES       memory of a standard program
 *     .metadata e, …                   the prefix of a standard program
 *     .jumptable @a, @b, …             entries of the dynamic jump table; as a value, @a is then its jump address
 *     .entrysize N                     bytes an entry of that table takes
 *     .const NAME e                    a named number
 *     .inst b, …                       an instruction as bytes;  .gap b, …  bytes where no instruction starts
 *
 * A `!n` (or `!n,m`) after the operands fixes the length of an instruction's immediates, for programs that must come
 * out byte for byte. Branching to a label that starts no basic block is an error here, because it would panic there.
 */
import { BY_NAME, BY_OPCODE, Format, type Instruction } from '../isa/instructions.js';
import { Op } from '../isa/opcodes.js';
import { MAX_CODE_LENGTH } from '../layout.js';
import { writeCodeBlob } from '../program/code-blob.js';
import { READ_ONLY_ADDRESS, readWriteAddress, writeStandard } from '../program/standard.js';
import {
  type BranchTarget,
  type CodeItem,
  distance,
  emit,
  instructionItem,
  layOut,
  rawItem,
  shortest,
} from './encoder.js';
import { AssemblyError, type Token } from './lexer.js';
import { type Expression, LineParser, type Position, type Target } from './parser.js';
import { isWord, type Operand, operandsOf } from './syntax.js';

export { AssemblyError } from './lexer.js';

/** A program and where its labels are: byte offsets of code, addresses of data. */
export interface Assembled {
  readonly bytes: Uint8Array;
  readonly labels: ReadonlyMap<string, number>;
}

/**
 * Assembles a program.
 *
 * @param file name for error messages
 * @throws AssemblyError naming line and column
 */
export function assemble(text: string, file?: string): Uint8Array {
  return assembleWithLabels(text, file).bytes;
}

/** Assembles a program and tells where its labels came to be. */
export function assembleWithLabels(text: string, file?: string): Assembled {
  const assembly = new Assembly(file);
  let number = 0;
  for (const line of text.split(/\r\n|\n|\r/)) assembly.line(line, ++number);
  return assembly.finish();
}

type Mode = 'text' | 'ro' | 'rw';

interface Label extends Position {
  readonly mode: Mode;
  /** Item number of code, offset of data. */
  readonly at: number;
}

/** A value to be filled in once all labels are known. */
interface Pending extends Position {
  readonly expression: Expression;
  readonly store: (value: bigint, pending: Pending) => void;
}

/** Largest data section a standard program can have. */
const MAX_DATA = 2 ** 24 - 1;

class Assembly {
  private readonly constants = new Map<string, bigint>();
  private readonly labels = new Map<string, Label>();
  private readonly items: CodeItem[] = [];
  private readonly itemPositions: Position[] = [];
  private readonly targets: { item: number; target: Target; position: Position }[] = [];
  private readonly pending: Pending[] = [];
  private readonly data: Record<'ro' | 'rw', number[]> = { ro: [], rw: [] };
  private readonly jumpTable: { target: Target; position: Position }[] = [];
  private mode: Mode = 'text';
  private container: 'code' | 'standard' | undefined;
  private standardFeature: (Position & { name: string }) | undefined;
  private heapPages = 0;
  private stackSize = 0;
  private metadata: number[] | undefined;
  private entrySize: number | undefined;

  constructor(private readonly file: string | undefined) {}

  line(text: string, number: number): void {
    const parser = new LineParser(text, number, this.constants, this.file);
    while (
      (parser.at('word') || parser.at('label')) &&
      parser.following?.text === ':' &&
      parser.following.kind === 'mark'
    ) {
      const token = parser.at('label') ? parser.take() : parser.name('a label that is no register');
      parser.expect(':');
      if (this.labels.has(token.text)) throw parser.error(`expected a new label, found "${token.text}" again`, token);
      const at = this.mode === 'text' ? this.items.length : this.data[this.mode].length;
      this.labels.set(token.text, { mode: this.mode, at, line: number, column: token.column });
    }
    if (parser.at('directive')) this.directive(parser);
    else if (!parser.at('end')) this.instruction(parser);
    parser.expectEnd();
  }

  // ——— statements

  private instruction(parser: LineParser): void {
    const position = parser.position;
    const name = parser.name('an instruction, a label or a directive');
    const row = BY_NAME.get(name.text);
    if (row === undefined) throw parser.unexpected('the name of an instruction', name);
    if (this.mode !== 'text') throw parser.error('expected data, found an instruction: write .text before it', name);
    const item = instructionItem(row);
    let operands = operandsOf(row);
    // A store reads as well with its address first.
    if (operands.length === 2 && operands[1]?.startsWith('[') && parser.token.text === '[' && parser.at('mark')) {
      operands = [operands[1], operands[0] as Operand];
    }
    for (const [i, operand] of operands.entries()) {
      if (i > 0) {
        if (operand === 'x?' && !parser.accept(',')) continue;
        if (operand !== 'x?') parser.expect(',');
      }
      this.operand(parser, item, row, operand);
    }
    if (parser.accept('!')) this.lengths(parser, item, row);
    this.items.push(item);
    this.itemPositions.push(position);
  }

  private operand(parser: LineParser, item: CodeItem, row: Instruction, operand: Operand): void {
    const position = parser.position;
    switch (operand) {
      case 'A':
        item.a = parser.register();
        return;
      case 'B':
        item.b = parser.register();
        return;
      case 'D':
        item.d = parser.register();
        return;
      case 'x64':
        this.later(parser.expression('an immediate'), position, (value, at) => {
          if (value < -(1n << 63n) || value >= 1n << 64n) throw this.error(`expected 64 bits, found ${value}`, at);
          item.x = Number(BigInt.asIntN(32, value));
          item.y = Number(BigInt.asIntN(32, value >> 32n));
        });
        return;
      case 'x':
      case 'x?':
        this.immediate(parser.expression('an immediate'), position, isWord(row, operand), (value) => {
          item.x = value;
        });
        return;
      case 'y':
        this.immediate(parser.expression('an immediate'), position, isWord(row, operand), (value) => {
          item.y = value;
        });
        return;
      case '@':
        this.targets.push({ item: this.items.length, target: parser.target(), position });
        return;
      case '[x]':
      case '[A+x]':
      case '[B+x]': {
        const start = parser.token;
        const { register, address } = parser.memory();
        if ((register === undefined) !== (operand === '[x]')) {
          throw parser.error(
            operand === '[x]'
              ? 'expected an address without a register, as in [0x20000]'
              : 'expected an address with a register, as in [r7 + 4]',
            start,
          );
        }
        if (operand === '[A+x]') item.a = register as number;
        else if (operand === '[B+x]') item.b = register as number;
        this.immediate(address, position, true, (value) => {
          item.x = value;
        });
      }
    }
  }

  /** The lengths after `!`. */
  private lengths(parser: LineParser, item: CodeItem, row: Instruction): void {
    const first = parser.token;
    const length = parser.count('a length', 4);
    switch (row.format) {
      case Format.Imm:
      case Format.RegImm:
      case Format.RegRegImm:
        item.lengthX = length;
        break;
      case Format.Offset:
      case Format.RegRegOffset:
        item.lengthY = length;
        break;
      case Format.ImmImm:
      case Format.RegImmImm:
      case Format.RegImmOffset:
      case Format.RegRegImmImm:
        item.lengthX = length;
        parser.expect(',');
        item.lengthY = parser.count('a length', 4);
        break;
      default:
        throw parser.error(`expected no length for ${row.name}, whose encoding has only one`, first);
    }
  }

  private directive(parser: LineParser): void {
    const token = parser.take();
    switch (token.text) {
      case 'code':
      case 'standard':
        if (this.container !== undefined && this.container !== token.text) {
          throw parser.error(`expected one container, found .${token.text} after .${this.container}`, token);
        }
        this.container = token.text;
        return;
      case 'text':
      case 'ro':
      case 'rw':
        this.mode = token.text;
        if (token.text !== 'text') this.needsStandard(parser, token);
        return;
      case 'heap':
        this.needsStandard(parser, token);
        this.heapPages = parser.count('a number of pages', 0xffff);
        return;
      case 'stack':
        this.needsStandard(parser, token);
        this.stackSize = parser.count('a number of bytes', MAX_DATA);
        return;
      case 'metadata':
        this.needsStandard(parser, token);
        this.metadata ??= [];
        if (!parser.at('end')) this.list(parser, this.metadata, 1, true);
        return;
      case 'entry': {
        const item = { ...instructionItem(BY_OPCODE[Op.jump] as Instruction), lengthY: 4 };
        this.targets.push({ item: this.items.length, target: parser.target(), position: parser.position });
        this.items.push(item);
        this.itemPositions.push({ line: parser.number, column: token.column });
        return;
      }
      case 'jumptable':
        do this.jumpTable.push({ position: parser.position, target: parser.target() });
        while (parser.accept(','));
        return;
      case 'entrysize':
        this.entrySize = parser.count('an entry size', 255);
        return;
      case 'const': {
        const name = parser.name('a name');
        const { constant, labels } = parser.expression('a number');
        if (labels[0] !== undefined) throw parser.unexpected('a number', labels[0].token);
        if (this.constants.has(name.text)) throw parser.error(`expected a new name, found "${name.text}" again`, name);
        this.constants.set(name.text, constant);
        return;
      }
      case 'inst':
      case 'gap': {
        if (this.mode !== 'text')
          throw parser.error(`expected data, found .${token.text}: write .text before it`, token);
        const bytes: number[] = [];
        do bytes.push(parser.count('a byte', 255));
        while (parser.accept(','));
        this.items.push(rawItem(Uint8Array.from(bytes), token.text === 'inst'));
        this.itemPositions.push({ line: parser.number, column: token.column });
        return;
      }
      default:
        this.dataDirective(parser, token);
    }
  }

  private dataDirective(parser: LineParser, token: Token): void {
    const sizes: Readonly<Record<string, number>> = { bytes: 1, string: 1, u8: 1, u16: 2, u32: 4, u64: 8 };
    const size = sizes[token.text];
    if (size === undefined && token.text !== 'zero' && token.text !== 'align')
      throw parser.unexpected('a directive', token);
    if (this.mode === 'text')
      throw parser.error(`expected code, found .${token.text}: write .ro or .rw before it`, token);
    const data = this.data[this.mode];
    if (size !== undefined) {
      this.list(parser, data, size, size === 1);
    } else if (token.text === 'zero') {
      const count = parser.count('a number of bytes', MAX_DATA - data.length);
      for (let i = 0; i < count; i++) data.push(0);
    } else {
      const alignment = parser.count('an alignment', 4096);
      while (alignment > 0 && data.length % alignment !== 0) data.push(0);
    }
    if (data.length > MAX_DATA) throw parser.error(`expected at most ${MAX_DATA} bytes of data`, token);
  }

  /** A list of values, each stored in `size` bytes at the end of `data`. */
  private list(parser: LineParser, data: number[], size: number, strings: boolean): void {
    do {
      if (parser.at('string')) {
        if (!strings) throw parser.unexpected('a number');
        for (const char of parser.take().text) data.push(char.charCodeAt(0));
        continue;
      }
      const at = data.length;
      const position = parser.position;
      const bits = BigInt(size * 8);
      for (let i = 0; i < size; i++) data.push(0);
      this.later(parser.expression('a number'), position, (value, where) => {
        if (value < -(1n << (bits - 1n)) || value >= 1n << bits) {
          throw this.error(`expected a number of ${bits} bits, found ${value}`, where);
        }
        for (let i = 0; i < size; i++) data[at + i] = Number(BigInt.asUintN(8, value >> BigInt(8 * i)));
      });
    } while (parser.accept(','));
  }

  private needsStandard(parser: LineParser, token: Token): void {
    this.standardFeature ??= { line: parser.number, column: token.column, name: token.text };
  }

  // ——— values that wait for labels

  private later(expression: Expression, position: Position, store: Pending['store']): void {
    const pending = { ...position, expression, store };
    if (expression.labels.length === 0) store(expression.constant, pending);
    else this.pending.push(pending);
  }

  /** An immediate that is sign-extended from 32 bits; `word` accepts the unsigned reading of 32 bits as well. */
  private immediate(expression: Expression, position: Position, word: boolean, store: (value: number) => void): void {
    this.later(expression, position, (value, at) => {
      const signed = value >= 1n << 63n && value < 1n << 64n ? value - (1n << 64n) : value;
      if (signed < -(1n << 31n) || signed >= 1n << (word ? 32n : 31n)) {
        const range = word ? '-0x80000000 to 0xffffffff' : '-0x80000000 to 0x7fffffff (it is sign-extended to 64 bits)';
        throw this.error(`expected an immediate from ${range}, found ${value}`, at);
      }
      store(Number(BigInt.asIntN(32, signed)));
    });
  }

  private evaluate(pending: Pending): bigint {
    let sum = pending.expression.constant;
    for (const { name, negative, token } of pending.expression.labels) {
      const at = { line: pending.line, column: token.column };
      const value = BigInt(this.valueOf(name, at));
      sum += negative ? -value : value;
    }
    return sum;
  }

  /** What a label is worth as a number: its address, or for code its address in the jump table. */
  private valueOf(name: string, position: Position): number {
    const label = this.labelAt(name, position);
    if (label.mode === 'ro') return READ_ONLY_ADDRESS + label.at;
    if (label.mode === 'rw') return readWriteAddress(this.data.ro.length) + label.at;
    const index = this.jumpTable.findIndex(({ target }) => 'label' in target && target.label === name);
    if (index < 0) {
      throw this.error(`expected data or an entry of .jumptable, found @${name}, which is neither`, position);
    }
    return 2 * (index + 1);
  }

  private labelAt(name: string, position: Position): Label {
    const label = this.labels.get(name);
    if (label === undefined) throw this.error(`expected a label that is defined, found @${name}`, position);
    return label;
  }

  private error(problem: string, { line, column }: Position): AssemblyError {
    return new AssemblyError(problem, line, column, this.file);
  }

  // ——— the end

  finish(): Assembled {
    for (const pending of this.pending) pending.store(this.evaluate(pending), pending);
    for (const { item, target, position } of this.targets) {
      (this.items[item] as CodeItem).target = this.resolve(target, position);
    }
    const jumpTargets = this.jumpTable.map(({ target, position }) => ({
      at: this.resolve(target, position),
      position,
    }));
    const layout = layOut(this.items);
    const length = layout.offsets[this.items.length] as number;
    const last = this.itemPositions[this.itemPositions.length - 1];
    if (length >= MAX_CODE_LENGTH && last !== undefined) {
      throw this.error(`expected less than ${MAX_CODE_LENGTH} bytes of code, found ${length}`, last);
    }
    this.checkLengths(layout.offsets, layout.branchLengths);

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
    const labels = new Map<string, number>();
    for (const [name, label] of this.labels) {
      labels.set(name, label.mode === 'text' ? (layout.offsets[label.at] as number) : this.valueOf(name, label));
    }
    const entrySize = this.entrySize === undefined ? {} : { entrySize: this.entrySize };
    return { bytes: this.write({ code, bitmask, jumpOffsets, ...entrySize }), labels };
  }

  private write(blob: Parameters<typeof writeCodeBlob>[0]): Uint8Array {
    const feature = this.standardFeature;
    if ((this.container ?? (feature === undefined ? 'code' : 'standard')) === 'code') {
      if (feature !== undefined) {
        throw this.error(
          `expected a code blob (.code), found .${feature.name}, which only a standard program has`,
          feature,
        );
      }
      return writeCodeBlob(blob);
    }
    try {
      return writeStandard({
        ...blob,
        readOnly: Uint8Array.from(this.data.ro),
        readWrite: Uint8Array.from(this.data.rw),
        heapPages: this.heapPages,
        stackSize: this.stackSize,
        metadata: this.metadata === undefined ? undefined : Uint8Array.from(this.metadata),
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw this.error(error.message, feature ?? { line: 1, column: 1 });
    }
  }

  private resolve(target: Target, position: Position): BranchTarget {
    if ('label' in target) {
      const label = this.labelAt(target.label, position);
      if (label.mode !== 'text') throw this.error(`expected a label of code, found @${target.label}`, position);
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
    return BY_OPCODE[raw[0] as number];
  }

  /** Checks that values fit the lengths asked for, and that branches reach. */
  private checkLengths(offsets: Int32Array, branchLengths: Uint8Array): void {
    for (const [i, item] of this.items.entries()) {
      const position = this.itemPositions[i] as Position;
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
}
