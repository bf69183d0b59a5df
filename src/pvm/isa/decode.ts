/**
 * Pre-decoding: code bytes and bitmask → a flat stream of instructions that both engines read.
 *
 * One entry of eight 32-bit integers an instruction, so that an engine finds everything at `n * STRIDE` with no
 * object in sight and neighbouring instructions share cache lines. Bytes that execution can reach but that are no
 * instruction (a gap wider than 24 bytes, the end of the code, an unknown opcode) become `trap` entries, so no
 * engine needs a check of its own for them. Source: Gray Paper 0.7, appendix A.2, A.3 and A.5.
 */
import { Dialect, Format, INSTRUCTION_SETS } from './instructions.js';
import { Op } from './opcodes.js';

/** Integers an entry of the stream. */
export const STRIDE = 8;

/** Fields of an entry. */
export const enum Field {
  /** Opcode; unknown ones are already `trap`. */
  Op = 0,
  /** Register in the low half of the first operand byte, 0–12. */
  A = 1,
  /** Register in its high half, 0–12. */
  B = 2,
  /** Register in the second operand byte, 0–12. */
  D = 3,
  /** First immediate, sign-extends to 64 bits; low half of the immediate of `load_imm_64`. */
  X = 4,
  /** Second immediate, sign-extends to 64 bits; high half of the immediate of `load_imm_64`. */
  Y = 5,
  /** Entry number of a static jump's target, or −1 where a jump there panics. */
  Target = 6,
  /** Byte offset of the instruction in the code. */
  Pc = 7,
}

/** Entry starts a basic block: a jump may go there. */
export const JUMP_TARGET = 1;
/** Entry starts a stretch that gas is charged for: a basic block, or what follows an `ecalli`. */
export const CHARGE_START = 2;
/** Entry is the target of a jump that goes back: the head of a loop. */
export const LOOP_HEADER = 4;

/** A program's code, ready for both engines. */
export class DecodedProgram {
  private index: Int32Array | undefined;

  constructor(
    /** `count * STRIDE` integers. The last entry is the trap at the end of the code. */
    readonly stream: Int32Array,
    readonly count: number,
    /** JUMP_TARGET, CHARGE_START and LOOP_HEADER, by entry. */
    readonly flags: Uint8Array,
    /** Entry numbers the dynamic jump table leads to; −1 where a jump there panics. */
    readonly jumpTable: Int32Array,
    readonly codeLength: number,
    /** The code followed by zeros. */
    readonly code: Uint8Array,
    /** The jump table as it stands in the program: byte offsets. */
    readonly jumpOffsets: Uint32Array,
    /** Instruction starts, one bit a byte of code, lowest bit first. */
    readonly bitmask: Uint8Array,
  ) {}

  /** Entry number of the instruction at a byte offset; −1 where none starts. The end of the code counts as a start. */
  entryAt(pc: number): number {
    const { stream } = this;
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((stream[middle * STRIDE + Field.Pc] as number) < pc) low = middle + 1;
      else high = middle;
    }
    return stream[low * STRIDE + Field.Pc] === pc && this.isStart(pc) ? low : -1;
  }

  /** Entry number by byte offset (0 … code length); −1 where no instruction starts. Made when it is first asked for. */
  get indexOfPc(): Int32Array {
    if (this.index === undefined) {
      const index = new Int32Array(this.codeLength + 1).fill(-1);
      for (let n = 0; n < this.count; n++) {
        const pc = this.stream[n * STRIDE + Field.Pc] as number;
        if (this.isStart(pc)) index[pc] = n;
      }
      this.index = index;
    }
    return this.index;
  }

  /** Whether the entry at a byte offset is not just the trap in front of a gap. */
  private isStart(pc: number): boolean {
    return pc === 0 || pc === this.codeLength || (((this.bitmask[pc >> 3] as number) >> (pc & 7)) & 1) !== 0;
  }
}

const MAX_SKIP = 24;
const PADDING = 48;

// By dialect and opcode, 0 for numbers that are no instruction: format + 1, and whether it ends a block.
const FORMATS = INSTRUCTION_SETS.map(({ byOpcode }) =>
  Uint8Array.from(byOpcode, (row) => (row === undefined ? 0 : row.format + 1)),
);
const TERMINATORS = INSTRUCTION_SETS.map(({ byOpcode }) =>
  Uint8Array.from(byOpcode, (row) => (row?.terminator ? 1 : 0)),
);
/** Of all dialects together: an opcode that is none of a program's dialect is `trap` in its stream already. */
const STREAM_FORMATS = FORMATS[Dialect.Kernel] as Uint8Array;

/**
 * Decodes a program. Never fails: whatever cannot run becomes a trap.
 *
 * @param code the code bytes
 * @param bitmask one bit a byte, set where an instruction starts; at least ceil(code.length / 8) bytes
 * @param jumpOffsets the dynamic jump table, byte offsets into the code
 * @param dialect the instruction set it is written in
 */
export function decode(
  code: Uint8Array,
  bitmask: Uint8Array,
  jumpOffsets: Uint32Array,
  dialect = Dialect.GrayPaper,
): DecodedProgram {
  const length = code.length;
  const bytes = new Uint8Array(length + PADDING);
  bytes.set(code);
  // Bits behind the code count as set, so that the last instruction ends where the code does.
  const mask = new Uint8Array((length >> 3) + 8).fill(0xff);
  mask.set(bitmask.subarray(0, (length + 7) >> 3));
  if (length & 7) mask[length >> 3] = (mask[length >> 3] as number) | (0xff << (length & 7));

  // At most one trap is added a gap of more than 24 bytes, one at the start and one at the end.
  const limit = countBits(mask, length) + Math.floor(length / (MAX_SKIP + 1)) + 2;
  const indexOfPc = scratchIndex(length + 1);
  const stream = new Int32Array(limit * STRIDE);
  const flags = new Uint8Array(limit);

  const cursor = new Cursor(bytes, mask, length, stream, flags, indexOfPc, dialect);
  while (cursor.pc < length) cursor.slice();
  const { n, afterCharge } = cursor;
  // The end of the code: a trap. No jump may go there.
  stream[n * STRIDE + Field.Pc] = length;
  stream[n * STRIDE + Field.Target] = -1;
  if (afterCharge) flags[n] = CHARGE_START;
  indexOfPc[length] = n;
  const count = n + 1;

  for (let from = 0; from < count; from += SLICE) {
    resolveTargets(stream, from, Math.min(from + SLICE, count), indexOfPc, flags);
  }
  const jumpTable = new Int32Array(jumpOffsets.length);
  for (let i = 0; i < jumpTable.length; i++) jumpTable[i] = targetIndex(jumpOffsets[i] as number, indexOfPc, flags);
  return new DecodedProgram(
    stream.subarray(0, count * STRIDE),
    count,
    flags.subarray(0, count),
    jumpTable,
    length,
    bytes,
    jumpOffsets,
    bitmask,
  );
}

let scratch = new Int32Array(0);
/** Longest scratch array that is kept, elements. */
const SCRATCH_LIMIT = 0x10_0000;

/**
 * An array of −1 that is good until the next call. Fresh memory costs more than the work done in it: V8 clears it and the
 * kernel hands it out page by page, 60 µs for 160 KiB.
 */
function scratchIndex(length: number): Int32Array {
  if (length > SCRATCH_LIMIT) return new Int32Array(length).fill(-1);
  if (scratch.length < length) scratch = new Int32Array(Math.max(length, 2 * scratch.length));
  return scratch.subarray(0, length).fill(-1);
}

/**
 * Entries handled by one call of the functions below. A long loop that starts cold is replaced only when V8 gets around
 * to it; a function called again and again runs its optimised code from the next call on. Meant for the first program
 * of a process; not measured by itself.
 */
const SLICE = 128;

/** Decoding under way. */
class Cursor {
  /** Entry about to be decoded, and its byte offset. */
  n = 0;
  pc = 0;
  /** Skip of the entry before it; at first as if it had ended anywhere. */
  private skip = MAX_SKIP;
  /** Whether that entry follows a terminator (1) and so may be jumped to, and whether gas is charged anew there. */
  private afterTerminator = 1;
  afterCharge = 1;
  private readonly formats: Uint8Array;
  private readonly terminators: Uint8Array;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly mask: Uint8Array,
    private readonly length: number,
    private readonly stream: Int32Array,
    private readonly flags: Uint8Array,
    private readonly indexOfPc: Int32Array,
    dialect: Dialect,
  ) {
    this.formats = FORMATS[dialect] as Uint8Array;
    this.terminators = TERMINATORS[dialect] as Uint8Array;
  }

  /** Decodes the next entries. */
  slice(): void {
    const { bytes, mask, length, stream, flags, indexOfPc, formats, terminators } = this;
    let { n, pc, skip, afterTerminator, afterCharge } = this;
    for (const end = n + SLICE; n < end && pc < length; n++) {
      // A skip below the limit ended at a start, so only others need a look.
      if (skip === MAX_SKIP && (((mask[pc >> 3] as number) >> (pc & 7)) & 1) === 0) {
        pc = this.gap(n, pc, afterCharge);
        afterTerminator = 0;
        afterCharge = 1;
        continue;
      }
      indexOfPc[pc] = n;
      skip = skipAt(mask, pc + 1);
      const opcode = bytes[pc] as number;
      const format = formats[opcode] as number;
      decodeEntry(bytes, stream, n * STRIDE, pc, skip, format - 1);
      if (format !== 0) {
        stream[n * STRIDE] = opcode;
        flags[n] = afterTerminator ? JUMP_TARGET | CHARGE_START : afterCharge ? CHARGE_START : 0;
        afterTerminator = terminators[opcode] as number;
        afterCharge = afterTerminator | (opcode === Op.ecalli ? 1 : 0);
      } else {
        if (afterCharge) flags[n] = CHARGE_START;
        afterTerminator = 0;
        afterCharge = 1;
      }
      pc += skip + 1;
    }
    this.n = n;
    this.pc = pc;
    this.skip = skip;
    this.afterTerminator = afterTerminator;
    this.afterCharge = afterCharge;
  }

  /** Sequential flow arrives where no instruction starts: a trap, then on to the next real one. */
  private gap(n: number, pc: number, afterCharge: number): number {
    this.stream[n * STRIDE + Field.Pc] = pc;
    this.stream[n * STRIDE + Field.Target] = -1;
    if (afterCharge) this.flags[n] = CHARGE_START;
    if (pc === 0) this.indexOfPc[0] = 0;
    do pc++;
    while ((((this.mask[pc >> 3] as number) >> (pc & 7)) & 1) === 0);
    return pc;
  }
}

/** Never let go, so that V8 does not forget the shape of cursors with the code that is optimised for it. */
export const specimen = new Cursor(
  new Uint8Array(PADDING),
  new Uint8Array(8),
  0,
  new Int32Array(STRIDE),
  new Uint8Array(1),
  new Int32Array(1),
  Dialect.GrayPaper,
);

/** Turns the byte offsets of static jumps into entry numbers. */
function resolveTargets(stream: Int32Array, from: number, to: number, indexOfPc: Int32Array, flags: Uint8Array): void {
  for (let i = from, at = from * STRIDE; i < to; i++, at += STRIDE) {
    const format = (STREAM_FORMATS[stream[at] as number] as number) - 1;
    if (format === Format.Offset || format === Format.RegImmOffset || format === Format.RegRegOffset) {
      const target = targetIndex(stream[at + Field.Target] as number, indexOfPc, flags);
      stream[at + Field.Target] = target;
      if (target >= 0 && target <= i) flags[target] = (flags[target] as number) | LOOP_HEADER;
    }
  }
}

/**
 * Distance to the next instruction start at or after `from`, at most 24: `skip` of appendix A.2.
 * Four mask bytes shifted by up to seven bits leave the 25 bits that matter.
 */
function skipAt(mask: Uint8Array, from: number): number {
  const i = from >> 3;
  const bits =
    ((mask[i] as number) |
      ((mask[i + 1] as number) << 8) |
      ((mask[i + 2] as number) << 16) |
      ((mask[i + 3] as number) << 24)) >>>
    (from & 7);
  const skip = 31 - Math.clz32(bits & -bits);
  return bits === 0 || skip > MAX_SKIP ? MAX_SKIP : skip;
}

/** Number of set bits among the first `length`. */
function countBits(mask: Uint8Array, length: number): number {
  let count = 0;
  for (let i = 0; i <= length >> 3; i++) {
    const byte = mask[i] as number;
    const pairs = byte - ((byte >> 1) & 0x55);
    const nibbles = (pairs & 0x33) + ((pairs >> 2) & 0x33);
    count += (nibbles + (nibbles >> 4)) & 15;
  }
  return count;
}

/**
 * Decodes the operands of one instruction. A function of its own, so that V8 optimises it after a few hundred calls
 * instead of replacing a long loop under way. Meant for the first program of a process; not measured by itself.
 */
function decodeEntry(
  bytes: Uint8Array,
  stream: Int32Array,
  at: number,
  pc: number,
  skip: number,
  format: number,
): void {
  const b1 = bytes[pc + 1] as number;
  const a = b1 & 15;
  const b = b1 >> 4;
  const d = bytes[pc + 2] as number;
  let target = -1;
  let lx = 0;
  let x = 0;
  let y = 0;
  switch (format) {
    case Format.Imm:
      x = immediate(bytes, pc + 1, skip);
      break;
    case Format.RegImm64:
      x = immediate(bytes, pc + 2, 4);
      y = immediate(bytes, pc + 6, 4);
      break;
    case Format.ImmImm:
      lx = b1 & 7;
      if (lx > 4) lx = 4;
      x = immediate(bytes, pc + 2, lx);
      y = immediate(bytes, pc + 2 + lx, skip - lx - 1);
      break;
    case Format.Offset:
      target = pc + immediate(bytes, pc + 1, skip);
      break;
    case Format.RegImm:
    case Format.RegRegImm:
      x = immediate(bytes, pc + 2, skip - 1);
      break;
    case Format.RegImmImm:
      lx = b & 7;
      if (lx > 4) lx = 4;
      x = immediate(bytes, pc + 2, lx);
      y = immediate(bytes, pc + 2 + lx, skip - lx - 1);
      break;
    case Format.RegImmOffset:
      lx = b & 7;
      if (lx > 4) lx = 4;
      x = immediate(bytes, pc + 2, lx);
      target = pc + immediate(bytes, pc + 2 + lx, skip - lx - 1);
      break;
    case Format.RegRegOffset:
      target = pc + immediate(bytes, pc + 2, skip - 1);
      break;
    case Format.RegRegImmImm:
      lx = d & 7;
      if (lx > 4) lx = 4;
      x = immediate(bytes, pc + 3, lx);
      y = immediate(bytes, pc + 3 + lx, skip - lx - 2);
      break;
  }
  stream[at + Field.A] = a > 12 ? 12 : a;
  stream[at + Field.B] = b > 12 ? 12 : b;
  stream[at + Field.D] = d > 12 ? 12 : d;
  stream[at + Field.X] = x;
  stream[at + Field.Y] = y;
  stream[at + Field.Target] = target;
  stream[at + Field.Pc] = pc;
}

/** Reads a little-endian immediate of 0–4 bytes and sign-extends it to 32 bits; longer counts mean 4. */
function immediate(bytes: Uint8Array, at: number, length: number): number {
  if (length <= 0) return 0;
  let value = bytes[at] as number;
  if (length === 1) return (value << 24) >> 24;
  value |= (bytes[at + 1] as number) << 8;
  if (length === 2) return (value << 16) >> 16;
  value |= (bytes[at + 2] as number) << 16;
  if (length === 3) return (value << 8) >> 8;
  return value | ((bytes[at + 3] as number) << 24);
}

function targetIndex(pc: number, indexOfPc: Int32Array, flags: Uint8Array): number {
  if (pc < 0 || pc >= indexOfPc.length) return -1;
  const index = indexOfPc[pc] as number;
  return index >= 0 && (flags[index] as number) & JUMP_TARGET ? index : -1;
}
