/**
 * All instructions in one program, and what they are after decoding: for a translation from another instruction set to be
 * compared with them.
 */
import assert from 'node:assert/strict';
import { decode, Field, STRIDE } from '../../../src/pvm/isa/decode.js';
import { Dialect, Format, INSTRUCTION_SETS } from '../../../src/pvm/isa/instructions.js';
import { Op } from '../../../src/pvm/isa/opcodes.js';
import type { ProgramImage } from '../../../src/pvm/program/image.js';
import { writePolkavm } from '../../../src/pvm/program/polkavm-writer.js';
import { Random } from '../random.js';

/** Bytes between one instruction and the next in `everyInstruction`; what an instruction leaves is `fallthrough`. */
export const SLOT = 32;

/** A JAM v1 program with all instructions but `sbrk`, each a few times with operands of all sizes. */
export function everyInstruction(): { readonly jam: Uint8Array; readonly slots: number } {
  const random = new Random(37);
  const rows = (INSTRUCTION_SETS[Dialect.GrayPaper]?.instructions ?? []).filter(({ opcode }) => opcode !== Op.sbrk);
  const slots = rows.length * 20;
  const code = new Uint8Array(slots * SLOT).fill(Op.fallthrough);
  const bitmask = new Uint8Array(code.length / 8).fill(0xff);
  for (let slot = 0; slot < slots; slot++) {
    const row = rows[slot % rows.length];
    assert.ok(row !== undefined);
    const pc = slot * SLOT;
    const number = (size: number) =>
      Array.from({ length: size }, () => random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]));
    const number4 = () => number(random.below(5));
    // A jump goes to the last byte of a slot, near or far, or out of the code.
    const offset = () => {
      const bytes = Buffer.alloc(4);
      const near = Math.max(0, Math.min(slot + random.below(4) - 2, slots - 1));
      const target = random.pick([near, near, random.below(slots), 2 ** 24]);
      bytes.writeInt32LE((target - slot) * SLOT + SLOT - 1);
      return [...bytes];
    };
    const bytes = operandBytes(row.format, random.below(256), number, number4, offset);
    code.set([row.opcode, ...bytes], pc);
    for (let i = 1; i <= bytes.length; i++) {
      const at = (pc + i) >> 3;
      bitmask[at] = (bitmask[at] as number) & ~(1 << ((pc + i) & 7));
    }
  }
  return { jam: writePolkavm({ ...EMPTY, code, bitmask, instructionSet: 'jam-v1' }), slots };
}

const EMPTY = {
  jumpOffsets: new Uint32Array(0),
  readOnly: new Uint8Array(0),
  readOnlySize: 0,
  readWrite: new Uint8Array(0),
  readWriteSize: 0,
  stackSize: 0,
  imports: [],
  exports: [],
};

/** Operands of a format: a byte for registers, numbers of some size or of up to four bytes, and offsets. */
function operandBytes(
  format: Format,
  registers: number,
  number: (size: number) => number[],
  number4: () => number[],
  offset: () => number[],
): number[] {
  const first = number4();
  const withLength = (registers & 15) | (first.length << 4);
  switch (format) {
    case Format.None:
      return [];
    case Format.Imm:
      return first;
    case Format.RegImm64:
      return [registers & 15, ...number(8)];
    case Format.ImmImm:
      return [first.length, ...first, ...number4()];
    case Format.Offset:
      return offset();
    case Format.RegImm:
    case Format.RegRegImm:
      return [registers, ...first];
    case Format.RegImmImm:
      return [withLength, ...first, ...number4()];
    case Format.RegImmOffset:
      return [withLength, ...first, ...offset()];
    case Format.RegReg:
      return [registers];
    case Format.RegRegOffset:
      return [registers, ...offset()];
    case Format.RegRegImmImm:
      return [registers, first.length, ...first, ...number4()];
    case Format.RegRegReg:
      return [registers, ...number(1).map((byte) => byte & 15)];
  }
}

/** The number of an opcode of one or two bytes. */
export function opcodeAt(code: Buffer, at: number): number {
  const first = code.readUInt8(at);
  return first === 255 ? first + code.readUInt8(at + 1) : first;
}

/** The fields of an entry of decoded code that mean something, by format. */
const FIELDS: Readonly<Record<Format, readonly Field[]>> = {
  [Format.None]: [],
  [Format.Imm]: [Field.X],
  [Format.RegImm64]: [Field.A, Field.X, Field.Y],
  [Format.ImmImm]: [Field.X, Field.Y],
  [Format.Offset]: [Field.Target],
  [Format.RegImm]: [Field.A, Field.X],
  [Format.RegImmImm]: [Field.A, Field.X, Field.Y],
  [Format.RegImmOffset]: [Field.A, Field.X, Field.Target],
  [Format.RegReg]: [Field.A, Field.B],
  [Format.RegRegImm]: [Field.A, Field.B, Field.X],
  [Format.RegRegOffset]: [Field.A, Field.B, Field.Target],
  [Format.RegRegImmImm]: [Field.A, Field.B, Field.X, Field.Y],
  [Format.RegRegReg]: [Field.A, Field.B, Field.D],
};

/** Name and operands of the instruction at the start of each slot; jumps with the byte offset they go to. */
export function operands({ code, bitmask, jumpOffsets }: ProgramImage, slots: number): string[] {
  const { stream, indexOfPc } = decode(code, bitmask, jumpOffsets);
  return Array.from({ length: slots }, (_, slot) => {
    const at = (indexOfPc[slot * SLOT] as number) * STRIDE;
    const row = INSTRUCTION_SETS[Dialect.GrayPaper]?.byOpcode[stream[at] as number];
    assert.ok(row !== undefined);
    const values = FIELDS[row.format].map((field) => {
      const value = stream[at + field] as number;
      return field === Field.Target ? `to ${stream[value * STRIDE + Field.Pc]}` : value;
    });
    return `${slot}: ${row.name} ${values.join(', ')}`;
  });
}
