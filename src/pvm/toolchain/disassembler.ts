/**
 * The disassembler: a program as text that assembles to the same program.
 *
 * Text is made from the pre-decoded stream, the one the engines run, and then checked against the bytes: an
 * instruction whose text would assemble to other bytes gets a length hint (`!n`), and where no hint helps — unused bits
 * that are not zero, registers beyond r12, opcodes that are no instruction — its bytes stand in its place (`.inst`).
 * So code blobs and standard programs come back byte for byte, whoever wrote them (but for jump-table entries beyond
 * 32 bits, which no image keeps: they lead nowhere). So do manifests, as long as their data stands in the order of their
 * capabilities and without gaps, as every builder lays it out.
 */
import { type DecodedProgram, decode, Field, JUMP_TARGET, STRIDE } from '../isa/decode.js';
import { Dialect, Format, type Instruction } from '../isa/instructions.js';
import { PAGE_SIZE } from '../layout.js';
import { smallestEntrySize, type Written, type WrittenImage } from '../program/code-blob.js';
import type { ProgramImage } from '../program/image.js';
import { type Manifest, type ManifestCode, type ManifestData, manifestEntrySize } from '../program/manifest.js';
import { pageCeil } from '../program/standard.js';
import {
  type CodeItem,
  emitInstruction,
  fixedSize,
  instructionItem,
  layOut,
  rawItem,
  SHORTEST,
  shortest,
} from './encoder.js';
import { KERNEL_INSTRUCTIONS } from './manifest-text.js';
import { operandsOf } from './syntax.js';

/** How to show a program. */
export interface DisassemblyOptions {
  /** Add each instruction's offset and bytes as a comment. */
  readonly bytes?: boolean;
  /** The program's code where it has been decoded already. */
  readonly decoded?: DecodedProgram;
}

/**
 * The rows of a stream's opcodes. The kernel's instruction set has all there are, and what is none of a program's own
 * dialect is `trap` in its stream.
 */
const ROWS = KERNEL_INSTRUCTIONS.byOpcode;

const INSTRUCTION_COLUMN = 8;
const COMMENT_COLUMN = 56;
const BYTES_A_LINE = 16;
/** Longest instruction, with its opcode, that the decoder sees whole. */
const MAX_SPAN = 25;

// Where encodings are tried out, one instruction at a time.
const SCRATCH = new Uint8Array(MAX_SPAN + 7);
const NO_OFFSETS = new Int32Array(1);

/**
 * A program as assembly text. For `.polkavm` programs, whose container the assembler does not write, the text gives
 * a code blob; memory, imports and exports are listed in comments.
 */
export function disassemble(program: ProgramImage | Manifest, options: DisassemblyOptions = {}): string {
  const lines: string[] = [];
  if ('capabilities' in program) {
    lines.push(`.manifest pages=${program.memoryPages} invoke=${program.invokeSlot}`);
    for (const entry of program.capabilities) {
      if (entry.kind === 'code') codeCapability(lines, entry, options);
      else dataCapability(lines, entry);
    }
    return `${lines.join('\n')}\n`;
  }
  const decoded = options.decoded ?? decode(program.code, program.bitmask, program.jumpOffsets);
  const written = 'written' in program ? (program as WrittenImage).written : undefined;
  header(lines, program, written);
  jumpTable(lines, decoded, written?.entrySize, smallestEntrySize(program.jumpOffsets));
  if (program.kind === 'standard') data(lines, program);
  lines.push('', ...(program.kind === 'standard' ? ['.text'] : []));
  code(lines, decoded, options.bytes === true);
  return `${lines.join('\n')}\n`;
}

/** The text of one entry of the decoded stream, with targets as offsets: for listings beside other things. */
export function formatInstruction(decoded: DecodedProgram, entry: number): string {
  const { stream } = decoded;
  const at = entry * STRIDE;
  const pc = stream[at + Field.Pc] as number;
  const opcode = decoded.code[pc] as number;
  const known = opcode === stream[at + Field.Op] && (pc === decoded.codeLength || isStart(decoded.bitmask, pc));
  const row = ROWS[stream[at + Field.Op] as number] as Instruction;
  if (!known) return `trap ; byte ${hexByte(opcode)} is no instruction`;
  const target = stream[at + Field.Target] as number;
  const item = itemOf(decoded, entry, row);
  return format(item, row, target < 0 ? 'nowhere' : `@${labelName(stream[target * STRIDE + Field.Pc] as number)}`);
}

// ——— parts of the text

function header(lines: string[], image: ProgramImage, written: Written | undefined): void {
  lines.push(image.kind === 'standard' ? '.standard' : '.code');
  if (image.kind === 'standard') {
    if (image.metadata.length > 0) bytes(lines, '.metadata', image.metadata);
    else if (written?.hasMetadata) lines.push('.metadata');
    const rw = image.segments.find(({ name }) => name === 'rw-data');
    const heap = rw === undefined ? 0 : (rw.length - pageCeil(rw.data.length)) / PAGE_SIZE;
    const stack = written?.stackSize ?? image.segments.find(({ name }) => name === 'stack')?.length ?? 0;
    if (heap > 0) lines.push(`.heap ${heap}`);
    if (stack > 0) lines.push(`.stack ${stack}`);
  } else if (image.kind === 'polkavm') {
    for (const { name, address, length } of image.segments)
      lines.push(`; ${name}: ${length} bytes at ${number(address)}`);
    for (const [i, name] of image.imports.entries()) lines.push(`; import ${i}: ${printable(name)}`);
    for (const { name, pc } of image.exports) lines.push(`; export ${printable(name)}: @${labelName(pc)}`);
  }
}

function codeCapability(lines: string[], entry: ManifestCode, options: DisassemblyOptions): void {
  const decoded = decode(entry.code, entry.bitmask, entry.jumpOffsets, Dialect.Kernel);
  lines.push('', `.code slot=${entry.slot}`);
  jumpTable(lines, decoded, entry.entrySize, manifestEntrySize(entry.jumpOffsets));
  lines.push('');
  code(lines, decoded, options.bytes === true);
}

function dataCapability(lines: string[], { slot, basePage, pageCount, access, data: contents }: ManifestData): void {
  const how = access === 'write' ? 'rw' : 'ro';
  lines.push('', `.data slot=${slot} base=${number(basePage)} pages=${pageCount} access=${how}`);
  bytes(lines, `${' '.repeat(INSTRUCTION_COLUMN)}.bytes`, contents, basePage * PAGE_SIZE);
}

/** @param expected bytes of an entry that the assembler would choose */
function jumpTable(lines: string[], decoded: DecodedProgram, entrySize: number | undefined, expected: number): void {
  const { jumpOffsets, jumpTable: entries } = decoded;
  if (entrySize !== undefined && entrySize !== expected) lines.push(`.entrysize ${entrySize}`);
  const names = Array.from(jumpOffsets, (offset, i) =>
    (entries[i] as number) < 0 ? `${offset}` : `@${labelName(offset)}`,
  );
  for (let i = 0; i < names.length; i += 8) lines.push(`.jumptable ${names.slice(i, i + 8).join(', ')}`);
}

function data(lines: string[], image: ProgramImage): void {
  for (const [name, directive] of [
    ['ro-data', '.ro'],
    ['rw-data', '.rw'],
  ]) {
    const segment = image.segments.find((one) => one.name === name);
    if (segment === undefined || segment.data.length === 0) continue;
    lines.push('', directive as string);
    bytes(lines, `${' '.repeat(INSTRUCTION_COLUMN)}.bytes`, segment.data, segment.address);
  }
}

/** Bytes, sixteen a line, runs of zeros in one; with what they read as where that is text. */
function bytes(lines: string[], directive: string, contents: Uint8Array, address?: number): void {
  for (let at = 0; at < contents.length; ) {
    let zeros = 0;
    while (at + zeros < contents.length && contents[at + zeros] === 0) zeros++;
    if (address !== undefined && (zeros >= 2 * BYTES_A_LINE || zeros === contents.length - at)) {
      if (zeros > 0) lines.push(`${directive.replace('.bytes', '.zero')} ${zeros}`);
      at += zeros;
      continue;
    }
    const part = contents.subarray(at, at + BYTES_A_LINE);
    const place = address === undefined ? '' : `${(address + at).toString(16)} `;
    lines.push(`${directive} ${byteList(part)} ; ${place}${ascii(part)}`);
    at += part.length;
  }
}

function code(lines: string[], decoded: DecodedProgram, withBytes: boolean): void {
  const codeBytes = decoded.code.subarray(0, decoded.codeLength);
  const { items, starts, entries } = itemsOf(decoded, codeBytes);
  addHints(items);
  for (const [i, item] of items.entries()) {
    const pc = starts[i] as number;
    const entry = entries[i] as number;
    if (entry >= 0 && (decoded.flags[entry] as number) & JUMP_TARGET && isStart(decoded.bitmask, pc)) {
      lines.push(`${labelName(pc)}:`);
    }
    let text: string;
    if (item.row === undefined) {
      text = `${item.start ? '.inst' : '.gap'} ${byteList(item.raw as Uint8Array)}`;
    } else {
      const { target } = item;
      const to =
        target === undefined
          ? ''
          : 'item' in target
            ? `@${labelName(starts[target.item] as number)}`
            : 'relative' in target
              ? `.${target.relative < 0 ? '-' : '+'}${Math.abs(target.relative)}`
              : `${target.absolute}`;
      text = format(item, item.row, to);
    }
    const line = ' '.repeat(INSTRUCTION_COLUMN) + text;
    const end = starts[i + 1] ?? codeBytes.length;
    lines.push(withBytes ? `${line.padEnd(COMMENT_COLUMN)} ; ${pc}: ${plainHex(codeBytes.subarray(pc, end))}` : line);
  }
}

// ——— items

interface Items {
  readonly items: CodeItem[];
  /** Offset of each item. */
  readonly starts: number[];
  /** Its entry in the decoded stream; −1 for bytes between instructions. */
  readonly entries: number[];
}

/** The code as items that assemble to its bytes if their lengths are kept. */
function itemsOf(decoded: DecodedProgram, codeBytes: Uint8Array): Items {
  const items: CodeItem[] = [];
  const starts: number[] = [];
  const entries: number[] = [];
  const itemOfEntry = new Int32Array(decoded.count).fill(-1);
  const length = codeBytes.length;
  for (let pc = 0, next = 0; pc < length; pc = next) {
    const start = isStart(decoded.bitmask, pc);
    next = pc + 1;
    while (next < length && !isStart(decoded.bitmask, next)) next++;
    const raw = codeBytes.subarray(pc, next);
    const entry = start ? decoded.entryAt(pc) : -1;
    if (entry >= 0) itemOfEntry[entry] = items.length;
    items.push((entry >= 0 && next - pc <= MAX_SPAN && exactItem(decoded, entry, raw)) || rawItem(raw, start));
    starts.push(pc);
    entries.push(entry);
  }
  for (const [i, item] of items.entries()) {
    if (item.row === undefined || item.target === undefined) continue;
    const target = decoded.stream[(entries[i] as number) * STRIDE + Field.Target] as number;
    const to = target < 0 ? -1 : (itemOfEntry[target] as number);
    if (to >= 0) item.target = { item: to };
  }
  return { items, starts, entries };
}

/** The item that encodes to exactly these bytes, lengths fixed, or nothing where there is none. */
function exactItem(decoded: DecodedProgram, entry: number, raw: Uint8Array): CodeItem | undefined {
  const row = ROWS[raw[0] as number];
  if (row === undefined || row.opcode !== decoded.stream[entry * STRIDE + Field.Op]) return undefined;
  const item = itemOf(decoded, entry, row);
  const second = raw[1] ?? 0;
  let rest = 0;
  switch (row.format) {
    case Format.None:
    case Format.RegImm64:
    case Format.RegReg:
    case Format.RegRegReg:
      break;
    case Format.Imm:
      item.lengthX = raw.length - 1;
      break;
    case Format.RegImm:
    case Format.RegRegImm:
      item.lengthX = raw.length - 2;
      break;
    case Format.Offset:
      item.lengthY = raw.length - 1;
      rest = 1;
      break;
    case Format.RegRegOffset:
      item.lengthY = raw.length - 2;
      rest = 2;
      break;
    case Format.ImmImm:
      item.lengthX = second & 7;
      item.lengthY = raw.length - 2 - item.lengthX;
      break;
    case Format.RegImmImm:
    case Format.RegImmOffset:
      item.lengthX = (second >> 4) & 7;
      item.lengthY = raw.length - 2 - item.lengthX;
      rest = 2 + item.lengthX;
      break;
    case Format.RegRegImmImm:
      item.lengthX = (raw[2] ?? 0) & 7;
      item.lengthY = raw.length - 3 - item.lengthX;
      break;
  }
  if (item.lengthX > 4 || item.lengthY > 4 || item.lengthX < SHORTEST || item.lengthY < SHORTEST) return undefined;
  if (item.target !== undefined) {
    if (item.lengthY < 0) return undefined;
    item.target = { relative: signedAt(raw, rest, item.lengthY) };
  }
  emitInstruction(SCRATCH, 0, item, row, Math.max(item.lengthY, 0), NO_OFFSETS);
  for (let i = 0; i < raw.length; i++) if (SCRATCH[i] !== raw[i]) return undefined;
  const length = fixedSize(item) + (item.target === undefined ? 0 : item.lengthY);
  return length === raw.length ? item : undefined;
}

/** The fields of an entry as an item; a branch's target is set to a placeholder. */
function itemOf(decoded: DecodedProgram, entry: number, row: Instruction): CodeItem {
  const { stream } = decoded;
  const at = entry * STRIDE;
  const item = instructionItem(row);
  item.a = stream[at + Field.A] as number;
  item.b = stream[at + Field.B] as number;
  item.d = stream[at + Field.D] as number;
  item.x = stream[at + Field.X] as number;
  item.y = stream[at + Field.Y] as number;
  if (operandsOf(row).includes('@')) item.target = { relative: 0 };
  return item;
}

/**
 * Drops the lengths that the assembler would choose by itself. Whether a branch's is one depends on all others, so
 * every free one is tried at once, and those that come out wrong get theirs back until the layout is the program's.
 */
function addHints(items: CodeItem[]): void {
  const lengths = items.map((item) => ({ x: item.lengthX, y: item.lengthY }));
  // A hint names all lengths of an instruction or none.
  const fix = (item: CodeItem, length: { x: number; y: number }): void => {
    item.lengthX = length.x;
    item.lengthY = length.y;
  };
  for (const item of items) {
    const shortX = item.lengthX < 0 || item.lengthX === shortest(item.x);
    const shortY = item.lengthY < 0 || item.target !== undefined || item.lengthY === shortest(item.y);
    if (shortX && shortY) fix(item, { x: SHORTEST, y: SHORTEST });
  }
  for (let wrong = true; wrong; ) {
    wrong = false;
    const { branchLengths } = layOut(items);
    for (const [i, item] of items.entries()) {
      const length = lengths[i] as { x: number; y: number };
      if (item.target === undefined || item.lengthY !== SHORTEST || branchLengths[i] === length.y) continue;
      fix(item, length);
      wrong = true;
    }
  }
}

// ——— text of operands

function format(item: CodeItem, row: Instruction, target: string): string {
  const operands: string[] = [];
  for (const operand of operandsOf(row)) {
    switch (operand) {
      case 'A':
        operands.push(`r${item.a}`);
        break;
      case 'B':
        operands.push(`r${item.b}`);
        break;
      case 'D':
        operands.push(`r${item.d}`);
        break;
      case 'x':
        operands.push(number(row.format === Format.Imm ? item.x >>> 0 : item.x));
        break;
      case 'x?':
        if (item.x !== 0) operands.push(number(item.x));
        break;
      case 'y':
        operands.push(number(item.y));
        break;
      case 'x64':
        operands.push(number64(item.x, item.y));
        break;
      case '[x]':
        operands.push(`[${number(item.x >>> 0)}]`);
        break;
      case '[A+x]':
        operands.push(indirect(item.a, item.x));
        break;
      case '[B+x]':
        operands.push(indirect(item.b, item.x));
        break;
      case '@':
        operands.push(target);
        break;
    }
  }
  const hint = [item.lengthX, item.lengthY].filter((length) => length !== SHORTEST).join(',');
  return `${row.name}${operands.length > 0 ? ` ${operands.join(', ')}` : ''}${hint === '' ? '' : ` !${hint}`}`;
}

function indirect(register: number, offset: number): string {
  if (offset === 0) return `[r${register}]`;
  return `[r${register} ${offset < 0 ? '-' : '+'} ${number(Math.abs(offset))}]`;
}

/** Small numbers in decimal, others in hexadecimal. */
function number(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude < 1024) return String(value);
  return `${value < 0 ? '-' : ''}0x${magnitude.toString(16)}`;
}

function number64(low: number, high: number): string {
  const value = (BigInt(high) << 32n) | BigInt(low >>> 0);
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

function labelName(pc: number): string {
  return `L${pc}`;
}

function isStart(bitmask: Uint8Array, pc: number): boolean {
  return (((bitmask[pc >> 3] as number) >> (pc & 7)) & 1) === 1;
}

function signedAt(raw: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value |= (raw[at + i] as number) << (8 * i);
  const unused = 32 - 8 * length;
  return length === 0 ? 0 : (value << unused) >> unused;
}

function byteList(raw: Uint8Array): string {
  return Array.from(raw, hexByte).join(', ');
}

function hexByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

function plainHex(raw: Uint8Array): string {
  return Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function ascii(raw: Uint8Array): string {
  return Array.from(raw, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
}

/** A name from a file, fit to stand in a comment. */
function printable(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}
