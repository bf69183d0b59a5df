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
 * A program of the capability kernel has its code and data in sections of their own, a capability each:
 *
 *     .manifest pages=N invoke=SLOT    comes first; both may be left out
 *     .code slot=N                     a CODE capability: what follows is its code, with labels and jump table of its own
 *     .data slot=N base=PAGE pages=N access=ro|rw      a DATA capability: what follows is its contents
 *
 * A `!n` (or `!n,m`) after the operands fixes the length of an instruction's immediates, for programs that must come
 * out byte for byte. Branching to a label that starts no basic block is an error here, because it would panic there.
 */
import {
  BY_OPCODE,
  Dialect,
  Format,
  INSTRUCTION_SETS,
  type Instruction,
  type InstructionSet,
} from '../isa/instructions.js';
import { Op } from '../isa/opcodes.js';
import { type CodeBlob, writeCodeBlob } from '../program/code-blob.js';
import { READ_ONLY_ADDRESS, readWriteAddress, writeStandard } from '../program/standard.js';
import { type CodeItem, instructionItem, rawItem } from './encoder.js';
import { AssemblyError, type Token } from './lexer.js';
import { KERNEL_INSTRUCTIONS, ManifestText } from './manifest-text.js';
import { type Expression, LineParser, type Position } from './parser.js';
import { CodeSection, DataSection, type Label } from './sections.js';
import { isWord, type Operand, operandsOf } from './syntax.js';

export { AssemblyError } from './lexer.js';

/**
 * A program and where its labels are: byte offsets of code, addresses of data. In a manifest a label of code is named
 * with the slot of its capability, as in `64:loop`.
 */
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

/** A value to be filled in once all labels are known. */
interface Pending extends Position {
  readonly expression: Expression;
  readonly store: (value: bigint, pending: Pending) => void;
  /** The code it stands in; undefined for data. */
  readonly code: CodeSection | undefined;
}

/** Largest data section: what a standard program can have, and more than text is meant for. */
const MAX_DATA = 2 ** 24 - 1;

class Assembly {
  private readonly constants = new Map<string, bigint>();
  /** Labels of data; those of code are with their section. */
  private readonly dataLabels = new Map<string, Label>();
  private readonly pending: Pending[] = [];
  private readonly readOnly = new DataSection(() => READ_ONLY_ADDRESS);
  private readonly readWrite = new DataSection(() => readWriteAddress(this.readOnly.bytes.length));
  /** The section statements go to; none between `.manifest` and its first section. */
  private section: CodeSection | DataSection | undefined;
  /** The code `.text` goes back to. */
  private code: CodeSection;
  private manifest: ManifestText | undefined;
  private container: 'code' | 'standard' | undefined;
  private standardFeature: (Position & { name: string }) | undefined;
  private heapPages = 0;
  private stackSize = 0;
  private metadata: number[] | undefined;
  private started = false;

  constructor(private readonly file: string | undefined) {
    this.code = new CodeSection(INSTRUCTION_SETS[Dialect.GrayPaper] as InstructionSet, this.dataLabels, file);
    this.section = this.code;
  }

  line(text: string, number: number): void {
    const parser = new LineParser(text, number, this.constants, this.file);
    while (
      (parser.at('word') || parser.at('label')) &&
      parser.following?.text === ':' &&
      parser.following.kind === 'mark'
    ) {
      const token = parser.at('label') ? parser.take() : parser.name('a label that is no register');
      parser.expect(':');
      this.define(token, parser);
    }
    if (parser.at('directive')) this.directive(parser);
    else if (!parser.at('end')) this.instruction(parser);
    parser.expectEnd();
  }

  private define(token: Token, parser: LineParser): void {
    const { section } = this;
    if (section === undefined) throw parser.error('expected .code or .data, found a label', token);
    // Every section of code has names of its own; an address means the same everywhere.
    const codes = section instanceof CodeSection ? [section] : [this.code, ...(this.manifest?.codes.values() ?? [])];
    if (this.dataLabels.has(token.text) || codes.some(({ labels }) => labels.has(token.text))) {
      throw parser.error(`expected a new label, found "${token.text}" again`, token);
    }
    const at = section instanceof CodeSection ? section.length : section.bytes.length;
    const labels = section instanceof CodeSection ? section.labels : this.dataLabels;
    labels.set(token.text, { section, at, line: parser.number, column: token.column });
    this.started = true;
  }

  // ——— statements

  private instruction(parser: LineParser): void {
    const position = parser.position;
    const name = parser.name('an instruction, a label or a directive');
    const row = this.code.instructions.byName.get(name.text);
    if (row === undefined) {
      if (!KERNEL_INSTRUCTIONS.byName.has(name.text)) throw parser.unexpected('the name of an instruction', name);
      throw parser.error(`expected .manifest first: only programs of the kernel have ${name.text}`, name);
    }
    const section = this.codeSection(parser, name, 'an instruction');
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
    section.add(item, position);
  }

  /** The section of code that statements go to now. */
  private codeSection(parser: LineParser, token: Token, what: string): CodeSection {
    this.started = true;
    if (this.section instanceof CodeSection) return this.section;
    if (this.section === undefined) throw parser.error(`expected .code or .data, found ${what}`, token);
    throw parser.error(`expected data, found ${what}: write .text before it`, token);
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
        this.code.addTarget(parser.target(), position);
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
    const { position } = parser;
    const token = parser.take();
    switch (token.text) {
      case 'manifest':
        if (this.manifest !== undefined) throw parser.error('expected one .manifest, found another', token);
        if (this.started || this.container !== undefined || this.standardFeature !== undefined) {
          throw parser.error('expected .manifest before everything but constants', token);
        }
        this.manifest = new ManifestText(parser, position, this.file);
        this.section = undefined;
        return;
      case 'code':
        if (this.manifest !== undefined) {
          this.code = this.manifest.code(parser, position, this.dataLabels);
          this.section = this.code;
          return;
        }
        if (!parser.at('end')) throw parser.unexpected('the end of the line (slots need .manifest first)');
        this.useContainer(parser, token, 'code');
        return;
      case 'standard':
        if (this.manifest !== undefined) this.needsStandard(parser, token);
        this.useContainer(parser, token, 'standard');
        return;
      case 'data':
        if (this.manifest === undefined) throw parser.error('expected .manifest first, found .data', token);
        this.section = this.manifest.data(parser, position);
        return;
      case 'text':
        if (this.manifest !== undefined && this.manifest.codes.size === 0) {
          throw parser.error('expected .code before .text, which goes back to it', token);
        }
        this.section = this.code;
        return;
      case 'ro':
      case 'rw':
        this.needsStandard(parser, token);
        this.section = token.text === 'ro' ? this.readOnly : this.readWrite;
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
        const section = this.manifest === undefined ? this.code : this.codeSection(parser, token, '.entry');
        const item = { ...instructionItem(BY_OPCODE[Op.jump] as Instruction), lengthY: 4 };
        section.addTarget(parser.target(), parser.position);
        section.add(item, position);
        this.started = true;
        return;
      }
      case 'jumptable': {
        const section = this.manifest === undefined ? this.code : this.codeSection(parser, token, '.jumptable');
        do {
          const { position } = parser;
          section.addJumpEntry(parser.target(), position);
        } while (parser.accept(','));
        this.started = true;
        return;
      }
      case 'entrysize': {
        const section = this.manifest === undefined ? this.code : this.codeSection(parser, token, '.entrysize');
        section.entrySize = parser.count('an entry size', this.manifest === undefined ? 255 : 4);
        this.started = true;
        return;
      }
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
        const section = this.codeSection(parser, token, `.${token.text}`);
        const bytes: number[] = [];
        do bytes.push(parser.count('a byte', 255));
        while (parser.accept(','));
        section.add(rawItem(Uint8Array.from(bytes), token.text === 'inst'), position);
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
    if (!(this.section instanceof DataSection)) {
      const fix = this.manifest === undefined ? '.ro or .rw' : '.data';
      throw parser.error(`expected code, found .${token.text}: write ${fix} before it`, token);
    }
    const data = this.section.bytes;
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

  private useContainer(parser: LineParser, token: Token, container: 'code' | 'standard'): void {
    if (this.container !== undefined && this.container !== container) {
      throw parser.error(`expected one container, found .${container} after .${this.container}`, token);
    }
    this.container = container;
  }

  private needsStandard(parser: LineParser, token: Token): void {
    if (this.manifest !== undefined) {
      throw parser.error(`expected a manifest, found .${token.text}, which only a standard program has`, token);
    }
    this.standardFeature ??= { line: parser.number, column: token.column, name: token.text };
  }

  // ——— values that wait for labels

  private later(expression: Expression, position: Position, store: Pending['store']): void {
    const code = this.section instanceof CodeSection ? this.section : undefined;
    const pending = { ...position, expression, store, code };
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
      const value = BigInt(this.valueOf(name, at, pending.code));
      sum += negative ? -value : value;
    }
    return sum;
  }

  /** What a label is worth as a number: its address, or for code its address in the jump table. */
  private valueOf(name: string, position: Position, from: CodeSection | undefined): number {
    const data = this.dataLabels.get(name);
    if (data !== undefined) return (data.section as DataSection).address() + data.at;
    const all = this.manifest === undefined ? [this.code] : [...this.manifest.codes.values()];
    const codes = (from === undefined ? all : [from]).filter(({ labels }) => labels.has(name));
    if (codes.length > 1)
      throw this.error(`expected a label of one .code section, found @${name} in several`, position);
    if (codes[0] === undefined) throw this.error(`expected a label that is defined, found @${name}`, position);
    const address = codes[0].jumpAddress(name);
    if (address === undefined) {
      throw this.error(`expected data or an entry of .jumptable, found @${name}, which is neither`, position);
    }
    return address;
  }

  private error(problem: string, { line, column }: Position): AssemblyError {
    return new AssemblyError(problem, line, column, this.file);
  }

  // ——— the end

  finish(): Assembled {
    for (const pending of this.pending) pending.store(this.evaluate(pending), pending);
    const labels = new Map<string, number>();
    for (const [name, { section, at }] of this.dataLabels) labels.set(name, (section as DataSection).address() + at);
    if (this.manifest === undefined) {
      const laidOut = this.code.finish();
      for (const [name, { at }] of this.code.labels) labels.set(name, laidOut.offsets[at] as number);
      return { bytes: this.write(laidOut), labels };
    }
    const laidOut = new Map(Array.from(this.manifest.codes.values(), (section) => [section, section.finish()]));
    for (const [slot, section] of this.manifest.codes) {
      const offsets = laidOut.get(section)?.offsets as Int32Array;
      for (const [name, { at }] of section.labels) labels.set(`${slot}:${name}`, offsets[at] as number);
    }
    return { bytes: this.manifest.write(laidOut), labels };
  }

  private write(blob: CodeBlob): Uint8Array {
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
        readOnly: Uint8Array.from(this.readOnly.bytes),
        readWrite: Uint8Array.from(this.readWrite.bytes),
        heapPages: this.heapPages,
        stackSize: this.stackSize,
        metadata: this.metadata === undefined ? undefined : Uint8Array.from(this.metadata),
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw this.error(error.message, feature ?? { line: 1, column: 1 });
    }
  }
}
