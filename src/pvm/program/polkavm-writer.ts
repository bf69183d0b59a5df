/**
 * Writes PolkaVM's container, `.polkavm`: the reverse of `polkavm.ts`, which describes the format.
 *
 * Two of PolkaVM's instruction sets can hold code made for the Gray Paper's. "JAM v1" is the stable one; it lacks `sbrk`,
 * and what follows it there has numbers one lower: code is renumbered, nothing moves. The 64-bit "latest" one changes
 * from release to release. What is written here as such is what it was up to PolkaVM 0.35, the Gray Paper's opcodes
 * with some of its own; the one of 0.37 is encoded in another way. What a set has no number for is refused here, with
 * its offset, not left to trap.
 */
import { Op } from '../isa/opcodes.js';
import { type CodeBlob, writeCodeBlob } from './code-blob.js';
import { encodeNatural } from './reader.js';

/** Instruction sets that can be written. */
export type PolkavmInstructionSet = 'latest' | 'jam-v1';

/** What a `.polkavm` file holds. */
export interface PolkavmProgram extends CodeBlob {
  /** Leading bytes of the read-only data; the rest, up to its size, is zero. */
  readonly readOnly: Uint8Array;
  /** Leading bytes of the read-write data; the rest, up to its size, is zero. */
  readonly readWrite: Uint8Array;
  /** Bytes of read-only data. */
  readonly readOnlySize: number;
  /** Bytes of read-write data; the heap starts behind them. */
  readonly readWriteSize: number;
  /** Bytes of stack. */
  readonly stackSize: number;
  /** Names of host functions by `ecalli` number. A number nobody uses has the empty name. */
  readonly imports: readonly string[];
  /** Entry points. */
  readonly exports: readonly { readonly name: string; readonly pc: number }[];
  /** `jam-v1` by default. */
  readonly instructionSet?: PolkavmInstructionSet | undefined;
}

/** Most functions a program may import: PolkaVM's limit. */
const MAX_IMPORTS = 1024;

const VERSIONS: Readonly<Record<PolkavmInstructionSet, number>> = { latest: 2, 'jam-v1': 3 };

/**
 * Writes a `.polkavm` file.
 *
 * @throws RangeError where data are longer than their size, a size does not fit its field, or there are more than 1024
 *   imports
 * @throws Error where the code has an instruction that the instruction set lacks
 */
export function writePolkavm(program: PolkavmProgram): Uint8Array {
  const { readOnly, readWrite, readOnlySize, readWriteSize, stackSize, imports, exports } = program;
  const set = program.instructionSet ?? 'jam-v1';
  if (Math.max(readOnlySize, readWriteSize, stackSize) > 0xffffffff) {
    throw new RangeError('a .polkavm program holds below 4 GiB each of data and stack');
  }
  if (readOnly.length > readOnlySize || readWrite.length > readWriteSize) {
    throw new RangeError('expected data no longer than the sizes given for them');
  }
  if (imports.length > MAX_IMPORTS) {
    throw new RangeError(`a .polkavm program imports at most ${MAX_IMPORTS} functions, not ${imports.length}`);
  }
  const code = renumber(program, set);
  const sections: Uint8Array[] = [];
  const section = (id: number, contents: Uint8Array): void => {
    if (contents.length > 0) sections.push(Uint8Array.from([id, ...encodeNatural(contents.length)]), contents);
  };
  const sizes = [readOnlySize, readWriteSize, stackSize];
  if (sizes.some((size) => size > 0)) section(1, Uint8Array.from(sizes.flatMap(encodeNatural)));
  section(2, readOnly);
  section(3, readWrite);
  if (imports.length > 0) section(4, importSection(imports));
  if (exports.length > 0) section(5, exportSection(exports));
  section(6, writeCodeBlob({ ...program, code }));

  const head = new Uint8Array(13);
  head.set([0x50, 0x56, 0x4d, 0, VERSIONS[set]]);
  const end = Uint8Array.of(0);
  const bytes = concatenate([head, ...sections, end]);
  new DataView(bytes.buffer).setBigUint64(5, BigInt(bytes.length), true);
  return bytes;
}

function importSection(imports: readonly string[]): Uint8Array {
  const names = imports.map((name) => new TextEncoder().encode(name));
  const offsets = new DataView(new ArrayBuffer(4 * names.length));
  let offset = 0;
  for (const [i, name] of names.entries()) {
    offsets.setUint32(4 * i, offset, true);
    offset += name.length;
  }
  return concatenate([Uint8Array.from(encodeNatural(names.length)), new Uint8Array(offsets.buffer), ...names]);
}

function exportSection(exports: PolkavmProgram['exports']): Uint8Array {
  const parts = [Uint8Array.from(encodeNatural(exports.length))];
  for (const { name, pc } of exports) {
    const bytes = new TextEncoder().encode(name);
    parts.push(Uint8Array.from([...encodeNatural(pc), ...encodeNatural(bytes.length)]), bytes);
  }
  return concatenate(parts);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The code in an instruction set's numbers. */
function renumber({ code, bitmask }: CodeBlob, set: PolkavmInstructionSet): Uint8Array {
  const renumbered = new Uint8Array(code);
  for (let pc = 0; pc < code.length; pc++) {
    if ((((bitmask[pc >> 3] as number) >> (pc & 7)) & 1) === 0) continue;
    const opcode = code[pc] as number;
    if (opcode === Op.unlikely || opcode === Op.ecall) {
      throw new Error(`a .polkavm program cannot hold the kernel's instruction with opcode ${opcode}, at pc ${pc}`);
    }
    if (set === 'latest') continue;
    if (opcode === Op.sbrk) {
      throw new Error(`the instruction set "jam-v1" has no sbrk, which the code uses at pc ${pc}`);
    }
    if (opcode > Op.sbrk && opcode <= Op.reverse_bytes) renumbered[pc] = opcode - 1;
  }
  return renumbered;
}
