/**
 * PolkaVM's own container: what its linker writes as `.polkavm`.
 *
 *     "PVM\0" · version 1 byte · length of the whole file 8 bytes · sections … · 0
 *
 * A section is an id, its length as a natural and that many bytes; ids come in ascending order, each at most once,
 * and all but the code are optional. From 128 on they hold debug information and whatever newer linkers add, which
 * a reader may skip.
 *
 *     1  memory      sizes of read-only data, read-write data and stack
 *     2  ro data     its leading bytes; the rest, up to the size, is zero
 *     3  rw data     likewise
 *     4  imports     count, a 4-byte offset for each name, the names; `ecalli n` calls the n-th
 *     5  exports     count, then for each the code offset and the name with its length
 *     6  code        a code blob, or what `polkavm-latest.ts` describes
 *
 * The version byte names the instruction set. All of them share the Gray Paper's operand formats but not all of its
 * opcode numbers, so the code is translated, opcode for opcode, into the Gray Paper's numbering; no instruction moves
 * and every offset stays what it was. Instructions without a counterpart are refused when the file is read rather than
 * trapped when they run.
 *
 * Memory is laid out by PolkaVM's rules: read-only data at 0x10000, read-write data one free zone of 64 KiB behind
 * it, the stack below 0xFFFE0000 (nothing is reserved for arguments), and the heap from the exact end of the
 * read-write data to one free zone below the stack's zones. `sbrk` answers with the heap's new end, as it does there.
 */
import { Dialect, INSTRUCTION_SETS } from '../isa/instructions.js';
import { HALT_ADDRESS } from '../layout.js';
import { type CodeBlob, readCodeBlob } from './code-blob.js';
import { Access, FormatError, type ProgramImage, type Segment } from './image.js';
import { readLatestCode } from './polkavm-latest.js';
import { Reader } from './reader.js';
import { pageCeil, READ_ONLY_ADDRESS, zoneCeil } from './standard.js';

const ZONE = 0x10000;
/** Upper end of the stack. */
const STACK_END = 0xfffe0000;
/** Most functions a program may import: PolkaVM's limit. */
const MAX_IMPORTS = 1024;
const MAX_U32 = 0xffffffff;

const enum Section {
  End = 0,
  Memory = 1,
  ReadOnly = 2,
  ReadWrite = 3,
  Imports = 4,
  Exports = 5,
  Code = 6,
  FirstOptional = 128,
}

/** An opcode that no instruction has: it traps wherever it is executed. */
const UNASSIGNED = 255;
const FALLTHROUGH = 1;
/** Bytes of the longest instruction. */
const MAX_LENGTH = 25;
/** The version whose number stands for two encodings. */
const LATEST = 2;

/** How an instruction set differs from the Gray Paper's: opcode there → opcode here, or why it cannot be run. */
interface InstructionSet {
  readonly name: string;
  readonly changes: ReadonlyMap<number, number | string>;
}

const MEMSET = '`memset`, which the Gray Paper does not have';

// A hint that the block is cold. It does nothing, so the one-byte instruction that does nothing stands for it.
const UNLIKELY = FALLTHROUGH;

/** By version byte. */
const VERSIONS: readonly (InstructionSet | string)[] = [
  { name: 'revive v1', changes: new Map([[101, UNASSIGNED]]) },
  'the 32-bit instruction set, which has no 64-bit registers',
  {
    name: '64-bit, latest',
    changes: new Map<number, number | string>([
      [2, MEMSET],
      [3, UNLIKELY],
    ]),
  },
  {
    name: 'JAM v1',
    // It has no `sbrk`: the ten bit-manipulation instructions that follow it move down by one.
    changes: new Map([
      [2, UNLIKELY],
      ...Array.from({ length: 10 }, (_, i): [number, number] => [101 + i, 102 + i]),
      [111, UNASSIGNED],
    ]),
  },
];

/** Whether a file starts with PolkaVM's magic number. */
export function isPolkavm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x56 && bytes[2] === 0x4d && bytes[3] === 0;
}

/** Reads a `.polkavm` file. */
export function readPolkavmImage(bytes: Uint8Array): ProgramImage {
  const reader = new Reader(bytes);
  if (!isPolkavm(bytes)) throw reader.error('expected the magic number "PVM\\0" of a PolkaVM program');
  reader.offset = 4;
  const version = reader.u8('the version');
  const set = VERSIONS[version];
  if (set === undefined) throw reader.error(`expected version 0, 2 or 3, found ${version}`, 4);
  if (typeof set === 'string') throw reader.error(`expected version 0, 2 or 3, found ${version}: ${set}`, 4);
  const low = reader.unsigned(4, 'the file length');
  const high = reader.unsigned(4, 'the file length');
  if (high !== 0 || low !== bytes.length) {
    throw reader.error(`expected the file length ${bytes.length}, found ${high * 2 ** 32 + low}`, 5);
  }

  const sections = readSections(reader);
  const memory = readMemorySizes(sections.get(Section.Memory));
  const readOnly = contents(sections.get(Section.ReadOnly), memory.readOnly, 'read-only data');
  const readWrite = contents(sections.get(Section.ReadWrite), memory.readWrite, 'read-write data');
  const imports = readImports(sections.get(Section.Imports));
  const codeSection = sections.get(Section.Code);
  if (codeSection === undefined) throw reader.error('expected a code section (6), found none', reader.offset - 1);
  const { code, bitmask, jumpOffsets } = readCode(codeSection, version, set);
  const exports = readExports(sections.get(Section.Exports), code.length);

  const layout = placeMemory(memory, readOnly, readWrite);
  if (layout === undefined) {
    throw reader.error('expected data and stack that together fit into the address space', memory.offset);
  }
  const registers = new Array<bigint>(13).fill(0n);
  registers[0] = BigInt(HALT_ADDRESS);
  registers[1] = BigInt(STACK_END);
  return {
    kind: 'polkavm',
    metadata: new Uint8Array(0),
    code,
    bitmask,
    jumpOffsets,
    segments: layout.segments,
    heap: layout.heap,
    argumentsAddress: undefined,
    argumentsLimit: 0,
    registers,
    entry: (exports.find(({ name }) => name === 'main' || name === '_start') ?? exports[0])?.pc ?? 0,
    imports,
    exports,
  };
}

/**
 * Reads the code section into the Gray Paper's opcodes.
 *
 * The number of the "latest" set has meant two things: up to PolkaVM 0.35 a code blob, from 0.37 on an encoding without a
 * bitmask (see `polkavm-latest.ts`), and nothing in a file tells. What can be read as a code blob to its last byte and
 * has an instruction wherever the bitmask says so is one: the other form does not look like that by chance. What can be
 * read to its last byte but is odd, and cannot be the other form, is a code blob as well: odd ones are valid.
 */
function readCode(section: Reader, version: number, set: InstructionSet): CodeBlob {
  const start = section.offset;
  let blob: CodeBlob;
  try {
    blob = readCodeBlob(section);
  } catch (error) {
    if (version !== LATEST || !(error instanceof FormatError)) throw error;
    section.offset = start;
    return readNewerCode(section, error);
  }
  const codeAt = section.offset - blob.bitmask.length - blob.code.length;
  if (version === LATEST && !isSound(blob, set)) {
    section.offset = start;
    try {
      return readLatestCode(section);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return { ...blob, code: translate(section, set, blob.code, blob.bitmask, codeAt) };
}

/** Reads what is no code blob; where it is nothing else either, both reasons are given. */
function readNewerCode(section: Reader, asBlob: FormatError): CodeBlob {
  try {
    return readLatestCode(section);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw section.error(
      `${error.problem} (as a code blob, which PolkaVM up to 0.35 wrote: offset ${asBlob.offset}: ${asBlob.problem})`,
      error.offset,
    );
  }
}

/** Whether code starts with an instruction, has no gaps, and all its instructions are known. */
function isSound({ code, bitmask }: CodeBlob, set: InstructionSet): boolean {
  const known = INSTRUCTION_SETS[Dialect.GrayPaper]?.byOpcode ?? [];
  if (code.length > 0 && ((bitmask[0] as number) & 1) === 0) return false;
  let last = 0;
  for (let pc = 0; pc < code.length; pc++) {
    if ((((bitmask[pc >> 3] as number) >> (pc & 7)) & 1) === 0) continue;
    const opcode = code[pc] as number;
    if (pc - last > MAX_LENGTH) return false;
    if (known[opcode] === undefined && !set.changes.has(opcode)) return false;
    last = pc;
  }
  return code.length - last <= MAX_LENGTH;
}

/** One reader for each section's contents. */
function readSections(reader: Reader): Map<number, Reader> {
  const sections = new Map<number, Reader>();
  let last = 0;
  for (;;) {
    const at = reader.offset;
    const id = reader.u8('a section number');
    if (id === Section.End) break;
    if (id < Section.FirstOptional && (id > Section.Code || id <= last)) {
      throw reader.error(
        `expected the number of a later section than ${last}, up to 6 or from 128 on, or 0; found ${id}`,
        at,
      );
    }
    last = id;
    const length = reader.natural(`the length of section ${id}`, MAX_U32, true);
    reader.need(length, `section ${id}`);
    // A section from 128 on may come again: nobody reads it.
    sections.set(id, new Reader(reader.bytes, reader.offset, reader.offset + length));
    reader.offset += length;
  }
  reader.expectEnd('the last section');
  return sections;
}

interface MemorySizes {
  readonly offset: number;
  readonly readOnly: number;
  readonly readWrite: number;
  readonly stack: number;
}

function readMemorySizes(section: Reader | undefined): MemorySizes {
  if (section === undefined) return { offset: 0, readOnly: 0, readWrite: 0, stack: 0 };
  const offset = section.offset;
  const readOnly = section.natural('the size of the read-only data', MAX_U32, true);
  const readWrite = section.natural('the size of the read-write data', MAX_U32, true);
  const stack = section.natural('the stack size', MAX_U32, true);
  section.expectEnd('the memory sizes');
  return { offset, readOnly, readWrite, stack };
}

function contents(section: Reader | undefined, size: number, what: string): Uint8Array {
  if (section === undefined) return new Uint8Array(0);
  if (section.remaining > size) {
    throw section.error(`expected at most ${size} bytes of ${what}, found ${section.remaining}`);
  }
  return section.take(section.remaining, what);
}

function readImports(section: Reader | undefined): string[] {
  if (section === undefined) return [];
  const count = section.natural('the number of imports', MAX_IMPORTS, true);
  section.need(count * 4, 'the offsets of the import names');
  const starts: number[] = [];
  const startsAt = section.offset;
  for (let i = 0; i < count; i++) starts.push(section.unsigned(4, 'the offset of an import name'));
  const names = section.take(section.remaining, 'the import names');
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? names.length;
    if (start > end || end > names.length) {
      throw section.error(
        `expected the offset of an import name from 0 to ${Math.min(end, names.length)}, found ${start}`,
        startsAt + 4 * i,
      );
    }
    return symbol(names.subarray(start, end));
  });
}

function readExports(section: Reader | undefined, codeLength: number): { name: string; pc: number }[] {
  const exports: { name: string; pc: number }[] = [];
  if (section === undefined) return exports;
  const count = section.natural('the number of exports', MAX_U32, true);
  // Two bytes is the least an export takes, so a lying count ends early.
  section.need(count * 2, 'the exports');
  for (let i = 0; i < count; i++) {
    const at = section.offset;
    const pc = section.natural('the code offset of an export', MAX_U32, true);
    if (pc > codeLength) throw section.error(`expected a code offset of at most ${codeLength}, found ${pc}`, at);
    const length = section.natural('the length of an export name', MAX_U32, true);
    exports.push({ name: symbol(section.take(length, 'an export name')), pc });
  }
  section.expectEnd('the last export');
  return exports;
}

/** A symbol as text. PolkaVM allows any bytes; what is no UTF-8 is shown in hexadecimal. */
function symbol(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
}

/** Segments and heap, or nothing where they do not fit. */
function placeMemory(
  sizes: MemorySizes,
  readOnly: Uint8Array,
  readWrite: Uint8Array,
): Pick<ProgramImage, 'segments' | 'heap'> | undefined {
  const dataAddress = READ_ONLY_ADDRESS + zoneCeil(sizes.readOnly) + ZONE;
  const dataEnd = dataAddress + zoneCeil(sizes.readWrite) + ZONE;
  const stackZone = STACK_END - zoneCeil(sizes.stack);
  if (dataEnd > stackZone) return undefined;
  const segments: Segment[] = [];
  const add = (name: string, address: number, length: number, access: Access, data: Uint8Array): void => {
    if (length > 0) segments.push({ name, address, length, access, data });
  };
  const stackLength = pageCeil(sizes.stack);
  add('ro-data', READ_ONLY_ADDRESS, pageCeil(sizes.readOnly), Access.Read, readOnly);
  add('rw-data', dataAddress, pageCeil(sizes.readWrite), Access.Write, readWrite);
  add('stack', STACK_END - stackLength, stackLength, Access.Write, new Uint8Array(0));
  return { segments, heap: { start: dataAddress + sizes.readWrite, limit: stackZone - ZONE, answer: 'after' } };
}

/** The code with the Gray Paper's opcode numbers. */
function translate(
  reader: Reader,
  set: InstructionSet,
  code: Uint8Array,
  bitmask: Uint8Array,
  codeAt: number,
): Uint8Array {
  // Not `slice`: of a Buffer that is a view, and the file is not ours to change.
  const translated = new Uint8Array(code);
  for (let pc = 0; pc < code.length; pc++) {
    if ((((bitmask[pc >> 3] as number) >> (pc & 7)) & 1) === 0) continue;
    const change = set.changes.get(code[pc] as number);
    if (change === undefined) continue;
    if (typeof change === 'string') {
      throw reader.error(`expected instructions of the Gray Paper, found opcode ${code[pc]}: ${change}`, codeAt + pc);
    }
    translated[pc] = change;
  }
  return translated;
}
