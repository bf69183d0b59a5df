/**
 * The `pipeline` gas model (JAR v0.8): a stretch of code costs what a simple out-of-order processor would take.
 *
 * One pass over the stretch keeps, for each register, the cycle its value is ready at, and the cycle and slot of a
 * decoder that takes four slots a cycle. An instruction starts when it is decoded and its sources are ready and is
 * done its latency later; the stretch costs three cycles less than its last completion, at least one. Moves are
 * renamed away: they take decoder slots and pass readiness on.
 *
 * The table of `instructions.ts` is flattened into typed arrays here because this runs over the whole program
 * before its first instruction does.
 */
import { CHARGE_START, type DecodedProgram, Field, STRIDE } from '../isa/decode.js';
import { BRANCH, Dialect, Format, INSTRUCTION_SETS, MEMORY, MOVE } from '../isa/instructions.js';
import { REGISTER_COUNT } from '../layout.js';

// Bits of a register position: operand fields A, B, D.
const enum Position {
  A = 1,
  B = 2,
  D = 4,
}

const CYCLES = new Int32Array(256);
const SLOTS = new Uint8Array(256);
const SLOTS_OVERLAP = new Uint8Array(256);
const SOURCES = new Uint8Array(256);
const OVERLAP = new Uint8Array(256);
const HAS_RESULT = new Uint8Array(256);
const FORMATS = new Uint8Array(256);
for (const row of INSTRUCTION_SETS[Dialect.Kernel]?.instructions ?? []) {
  const { opcode, cost } = row;
  CYCLES[opcode] = cost.cycles;
  SLOTS[opcode] = cost.slots;
  SLOTS_OVERLAP[opcode] = cost.slotsOverlap;
  SOURCES[opcode] = positions(cost.sources);
  OVERLAP[opcode] = positions(cost.overlap);
  HAS_RESULT[opcode] = cost.result === 'A' ? 1 : 0;
  FORMATS[opcode] = row.format;
}

function positions(names: string): number {
  let bits = 0;
  if (names.includes('A')) bits |= Position.A;
  if (names.includes('B')) bits |= Position.B;
  if (names.includes('D')) bits |= Position.D;
  return bits;
}

/** Cycle the value of each register is ready at, for the stretch under way. */
const ready = new Int32Array(REGISTER_COUNT);

/** Latency of loads and stores in a program that starts with so many pages of memory. */
export function memoryCycles(pageCount: number): number {
  if (pageCount <= 2048) return 25;
  if (pageCount <= 8192) return 50;
  return pageCount <= 65536 ? 75 : 100;
}

/** Cost of each stretch, at the entry that starts it; 0 at every other entry. */
export function pipelineCharges(decoded: DecodedProgram, pageCount: number): Int32Array {
  const charges = new Int32Array(decoded.count);
  const memory = memoryCycles(pageCount);
  for (let start = 0; start < decoded.count; ) {
    start = simulate(decoded, memory, start, charges);
  }
  return charges;
}

/** Cost of what remains of a stretch from one of its entries on, as if the stretch started there. */
export function pipelineCostFrom(decoded: DecodedProgram, pageCount: number, index: number): number {
  simulate(decoded, memoryCycles(pageCount), index, undefined);
  return simulatedCost;
}

let simulatedCost = 0;

/** Runs the model from an entry to the end of its stretch; returns the entry behind it. */
function simulate(decoded: DecodedProgram, memory: number, start: number, charges: Int32Array | undefined): number {
  const { stream, flags, count } = decoded;
  let cycle = 0;
  let used = 0;
  let last = 0;
  ready.fill(0);
  let i = start;
  do {
    const at = i * STRIDE;
    const op = stream[at];
    const a = stream[at + Field.A];
    const b = stream[at + Field.B];
    const d = stream[at + Field.D];
    const overlap = OVERLAP[op];
    const same = ((overlap & Position.B) !== 0 && a === b) || ((overlap & Position.D) !== 0 && a === d);
    const slots = same ? SLOTS_OVERLAP[op] : SLOTS[op];
    if (used >= 4) {
      cycle++;
      used = slots;
    } else {
      used += slots;
    }
    let latency = CYCLES[op];
    if (latency === MOVE) {
      ready[a] = ready[b];
    } else {
      if (latency === MEMORY) latency = memory;
      else if (latency === BRANCH) latency = branchCycles(decoded, i);
      const sources = SOURCES[op];
      let done = cycle;
      if ((sources & Position.A) !== 0 && ready[a] > done) done = ready[a];
      if ((sources & Position.B) !== 0 && ready[b] > done) done = ready[b];
      if ((sources & Position.D) !== 0 && ready[d] > done) done = ready[d];
      done += latency;
      if (HAS_RESULT[op] !== 0) ready[a] = done;
      if (done > last) last = done;
    }
    i++;
  } while (i < count && (flags[i] & CHARGE_START) === 0);
  simulatedCost = last > 4 ? last - 3 : 1;
  if (charges !== undefined) charges[start] = simulatedCost;
  return i;
}

/** Latency of a branch: short where it leads to a trap, which is taken for a sign that it is not. */
function branchCycles(decoded: DecodedProgram, index: number): number {
  const pc = branchTarget(decoded, index);
  if (pc < 0 || pc >= decoded.codeLength) return 20;
  if (((decoded.bitmask[pc >> 3] >> (pc & 7)) & 1) === 0) return 20;
  // Opcode 2 is `unlikely` in the virtual machine this model comes from; in Gray Paper programs it is one more trap.
  const opcode = decoded.code[pc];
  return opcode === 0 || opcode === 2 ? 1 : 20;
}

/** Byte offset a branch names. The stream has it only where a jump there is valid. */
function branchTarget(decoded: DecodedProgram, index: number): number {
  const { stream, code } = decoded;
  const at = index * STRIDE;
  const target = stream[at + Field.Target];
  if (target >= 0) return stream[target * STRIDE + Field.Pc];
  const pc = stream[at + Field.Pc];
  // Entries are contiguous in the code: the next one starts where this one's operands end.
  const end = stream[at + STRIDE + Field.Pc];
  let from = pc + 2;
  if (FORMATS[stream[at]] === Format.RegImmOffset) from += Math.min(4, (code[pc + 1] >> 4) & 7);
  const length = Math.min(4, end - from);
  if (length <= 0) return pc;
  let offset = 0;
  for (let i = 0; i < length; i++) offset |= code[from + i] << (i * 8);
  const unused = 32 - length * 8;
  return pc + ((offset << unused) >> unused);
}
