/** Gas tables: stretches and their costs, for both models. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { chargeTable, costFrom, memoryCycles } from '../../src/pvm/gas/index.js';
import { CHARGE_START, type DecodedProgram, decode, Field, STRIDE } from '../../src/pvm/isa/decode.js';
import { BRANCH, BY_OPCODE, MEMORY, MOVE } from '../../src/pvm/isa/instructions.js';

function program(instructions: number[][]): DecodedProgram {
  const code = instructions.flat();
  const bitmask = new Uint8Array((code.length + 7) >> 3);
  let pc = 0;
  for (const bytes of instructions) {
    bitmask[pc >> 3] |= 1 << (pc & 7);
    pc += bytes.length;
  }
  return decode(Uint8Array.from(code), bitmask, new Uint32Array(0));
}

const add = (d: number, a: number, b: number): number[] => [200, a | (b << 4), d];
const div = (d: number, a: number, b: number): number[] => [203, a | (b << 4), d];
const addImm = (a: number, b: number): number[] => [149, a | (b << 4), 1];
const move = (a: number, b: number): number[] => [100, a | (b << 4)];
const load = (a: number, b: number): number[] => [130, a | (b << 4)];
const loadImm = (a: number): number[] => [51, a, 1];
const FALLTHROUGH = [1];
const TRAP = [0];
const ECALLI = [10, 1];

/** Cost of a first stretch of these instructions and no end of their own: the code's end is its trap (2 cycles). */
function cost(instructions: number[][], pages = 1): number {
  return chargeTable(program(instructions), 'pipeline', pages)[0];
}

test('flat: a stretch costs its instructions and ends at terminators, host calls and traps', () => {
  const decoded = program([addImm(0, 0), ECALLI, addImm(0, 0), addImm(0, 0), FALLTHROUGH, TRAP, FALLTHROUGH]);
  assert.deepEqual([...chargeTable(decoded, 'flat', 0)], [2, 0, 3, 0, 0, 1, 1, 1]);
  const rest = [2, 1, 3, 2, 1, 1, 1, 1];
  assert.deepEqual(
    rest.map((_, i) => costFrom(decoded, 'flat', 0, i)),
    rest,
  );
});

test('pipeline: independent instructions overlap, dependent ones add up', () => {
  // Loads of distinct registers are all done at 25; the trap at 2.
  assert.equal(cost([load(0, 5), load(1, 6)]), 25 - 3);
  // The second address depends on the first load.
  assert.equal(cost([load(0, 5), load(1, 0)]), 50 - 3);
  // Nothing is cheaper than one unit.
  assert.equal(cost([loadImm(0)]), 1);
  assert.equal(cost([]), 1);
});

test('pipeline: the decoder takes four slots a cycle', () => {
  // Eight one-slot instructions fill cycles 0 and 1: the trap is decoded at 2 and done at 4.
  assert.equal(cost([0, 1, 2, 3, 4, 5, 6, 7].map(loadImm)), 1);
  // A load after sixteen slots starts at 4.
  assert.equal(cost([...[0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7].map(loadImm), load(8, 9)]), 29 - 3);
  // An instruction may start in the last slot and run over: 3 + 2 slots, then the next cycle.
  assert.equal(cost([loadImm(0), loadImm(1), loadImm(2), add(3, 5, 4), load(8, 9)]), 26 - 3);
});

test('pipeline: a result register that is also a source saves a slot', () => {
  // add_64 has A as its result by position: A and B apart take 2 slots, A and B the same 1.
  const apart = [add(0, 1, 2), add(0, 1, 2), load(8, 9)];
  const same = [add(0, 2, 2), add(0, 2, 2), load(8, 9)];
  assert.equal(cost(apart), 26 - 3);
  assert.equal(cost(same), 25 - 3);
});

test('pipeline: a move passes readiness on and takes no cycle', () => {
  assert.equal(cost([load(0, 5), move(1, 0), load(2, 1)]), 50 - 3);
  assert.equal(cost([load(0, 5), move(0, 6), load(2, 0)]), 25 - 3);
});

test('pipeline: the result of three-register instructions is the first field, as published', () => {
  // div_u_64: sources B and D, result A. Register 1 is field A here, 3 the true destination.
  assert.equal(cost([div(3, 1, 2), load(0, 3)]), 60 - 3);
  assert.equal(cost([div(3, 1, 2), load(0, 1)]), 85 - 3);
});

test('pipeline: loads and stores cost by the size of memory', () => {
  assert.deepEqual([0, 2048, 2049, 8192, 8193, 65536, 65537].map(memoryCycles), [25, 25, 50, 50, 75, 75, 100]);
  assert.equal(cost([load(0, 1)], 70000), 97);
});

test('pipeline: a branch to a trap is cheap, any other costs 20', () => {
  // branch_eq r0, r0 with a one-byte offset: 3 bytes.
  const branch = (offset: number): number[] => [170, 0, offset];
  assert.equal(cost([branch(3), TRAP]), 1);
  assert.equal(cost([branch(3), FALLTHROUGH]), 17);
  // Opcode 2 does not exist, and counts as a trap too.
  assert.equal(cost([branch(3), [2]]), 1);
  // A zero byte where no instruction starts does not.
  assert.equal(cost([branch(4), [1, 0]]), 17);
  // Neither does what lies outside the code.
  assert.equal(cost([branch(100)]), 17);
  assert.equal(cost([branch(0x80)]), 17);
  // branch_eq_imm with an immediate before the offset, to a trap that is no block start.
  assert.equal(cost([[81, 0x10, 5, 7], loadImm(0), TRAP]), 1);
});

/** The model again, with objects and the table's own words. */
function plainCost(decoded: DecodedProgram, start: number): number {
  const done = new Map<number, number>();
  let cycle = 0;
  let used = 0;
  let last = 0;
  for (let i = start; i < decoded.count; i++) {
    if (i > start && (decoded.flags[i] & CHARGE_START) !== 0) break;
    const entry = decoded.stream.subarray(i * STRIDE, (i + 1) * STRIDE);
    const row = BY_OPCODE[entry[Field.Op]];
    assert.ok(row);
    const register = { A: entry[Field.A], B: entry[Field.B], D: entry[Field.D] };
    const named = (positions: string): number[] => [...positions].map((p) => register[p as 'A' | 'B' | 'D']);
    const { cycles, sources, overlap, result } = row.cost;
    const slots = named(overlap).includes(register.A) ? row.cost.slotsOverlap : row.cost.slots;
    if (used >= 4) {
      cycle++;
      used = 0;
    }
    used += slots;
    if (cycles === MOVE) {
      done.set(register.A, done.get(register.B) ?? 0);
      continue;
    }
    assert.notEqual(cycles, BRANCH);
    const start_ = Math.max(cycle, ...named(sources).map((r) => done.get(r) ?? 0));
    const end = start_ + (cycles === MEMORY ? 25 : cycles);
    if (result === 'A') done.set(register.A, end);
    last = Math.max(last, end);
  }
  return Math.max(last - 3, 1);
}

test('pipeline: random straight code agrees with a plain version of the model', () => {
  let state = 12345;
  const random = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  const opcodes = BY_OPCODE.filter((row) => row !== undefined && row.cost.cycles !== BRANCH).map(
    (row) => row?.opcode ?? 0,
  );
  const instructions = Array.from({ length: 3000 }, () => [
    opcodes[random(opcodes.length)],
    random(256),
    random(13),
    ...(random(2) === 0 ? [] : [random(256), random(256)]),
  ]);
  const decoded = program(instructions);
  const charges = chargeTable(decoded, 'pipeline', 1);
  for (let i = 0; i < decoded.count; i++) {
    const plain = plainCost(decoded, i);
    assert.equal(costFrom(decoded, 'pipeline', 1, i), plain);
    assert.equal(charges[i], (decoded.flags[i] & CHARGE_START) !== 0 ? plain : 0);
  }
});
