/**
 * The interpreter against the reference model: every instruction over edge values, then random programs.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { chargeTable, costFrom } from '../../src/pvm/gas/index.js';
import { interpret, Machine } from '../../src/pvm/interpreter/interpreter.js';
import { CHARGE_START, type DecodedProgram, decode } from '../../src/pvm/isa/decode.js';
import { INSTRUCTIONS } from '../../src/pvm/isa/instructions.js';
import { Exit, GAS_WORD } from '../../src/pvm/layout.js';
import { GuestMemory } from '../../src/pvm/memory/guest-memory.js';
import { PortableBacking } from '../../src/pvm/memory/portable.js';
import { Access } from '../../src/pvm/program/image.js';
import { REFERENCE_OPCODES, ReferenceMachine, referenceShape } from './reference-model.js';

const PAGE = 4096;
const ERASE = 0x1234;

/** Memory of every test: what lies beside what is what matters. */
const LAYOUT: readonly [address: number, pages: number, access: Access][] = [
  [0x10000, 1, Access.Read],
  [0x20000, 2, Access.Write],
  [0x22000, 1, Access.Read],
  [0x24000, 1, Access.Write],
  [0x3ff000, 2, Access.Write], // across two chunks
  [0xfffff000, 1, Access.Write], // wraps to addresses that panic
];

/** Small reproducible generator (xorshift). */
class Random {
  constructor(private state: number) {}
  next(): number {
    let s = this.state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.state = s;
    return s >>> 0;
  }
  below(n: number): number {
    return this.next() % n;
  }
  u64(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next());
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

/** The same program, registers and memory in both machines. */
class Pair {
  readonly decoded: DecodedProgram;
  readonly machine: Machine;
  readonly model: ReferenceMachine;

  /** Memory may be that of another pair, which has the same bytes in both machines as long as no test failed. */
  constructor(code: readonly number[], starts: readonly number[], jumps: readonly number[], shared?: Pair) {
    const bytes = Uint8Array.from(code);
    const bitmask = new Uint8Array((code.length + 7) >> 3);
    for (const start of starts) bitmask[start >> 3] |= 1 << (start & 7);
    this.decoded = decode(bytes, bitmask, Uint32Array.from(jumps));
    const heap = { start: 0x50000, limit: 0x52800 };
    const memory = shared?.machine.memory ?? new GuestMemory(new PortableBacking(), heap);
    this.machine = new Machine(this.decoded, new Int32Array(32), memory, 'flat', 0);
    const isStart = code.map((_, pc) => starts.includes(pc));
    this.model = new ReferenceMachine(bytes, isStart, jumps);
    this.model.heap = heap;
    this.model.brk = memory.brk;
    if (shared !== undefined) {
      this.model.memory = shared.model.memory;
      return;
    }
    for (const [address, pages, access] of LAYOUT) {
      memory.map(address, pages * PAGE, access);
      this.model.memory.map(address, pages * PAGE, access === Access.Write);
    }
    for (const [number, page] of this.model.memory.pages) {
      // Only the first chunk gets contents: a touched chunk takes 4 MiB.
      if (number >= 1024) continue;
      for (let i = 0; i < PAGE; i++) page.bytes[i] = (i * 7 + (i >> 8) + number * 31) & 0xff;
      this.machine.memory.writeInitial(number * PAGE, page.bytes);
    }
  }

  set(registers: readonly bigint[], gas: bigint, pc: number): void {
    const { machine, model } = this;
    registers.forEach((value, r) => {
      model.regs[r] = value;
      machine.regs[r * 2] = Number(BigInt.asIntN(32, value));
      machine.regs[r * 2 + 1] = Number(BigInt.asIntN(32, value >> 32n));
    });
    this.setGas(gas);
    model.pc = pc;
    machine.index = this.decoded.indexOfPc[pc];
  }

  setGas(gas: bigint): void {
    this.model.gas = gas;
    this.machine.regs[GAS_WORD] = Number(BigInt.asIntN(32, gas));
    this.machine.regs[GAS_WORD + 1] = Number(BigInt.asIntN(32, gas >> 32n));
  }

  /** Runs both to the next exit and compares everything; returns the exit. */
  run(note: () => string): Exit {
    const expected = this.model.run();
    const exit = interpret(this.machine, false, false);
    this.compare(exit, expected, note);
    return exit;
  }

  compare(exit: Exit, expected: ReturnType<ReferenceMachine['run']>, note: () => string): void {
    const { machine, model } = this;
    const names = ['halt', 'panic', 'out-of-gas', 'page-fault', 'host-call'];
    let actual = names[exit];
    let wanted: string = expected.kind;
    if (expected.kind === 'page-fault') wanted += ` ${expected.address}`;
    if (expected.kind === 'host-call') wanted += ` ${expected.id}`;
    if (exit === Exit.PageFault || exit === Exit.HostCall) actual += ` ${machine.exitArgument}`;
    actual += ` pc ${machine.decoded.stream[machine.index * 8 + 7]} gas ${gasOf(machine)}`;
    wanted += ` pc ${model.pc} gas ${model.gas}`;
    for (let r = 0; r < 13; r++) {
      const value = (BigInt(machine.regs[r * 2 + 1] >>> 0) << 32n) | BigInt(machine.regs[r * 2] >>> 0);
      actual += ` ${value.toString(16)}`;
      wanted += ` ${model.regs[r].toString(16)}`;
    }
    if (actual !== wanted) assert.equal(actual, wanted, note());
    assert.equal(machine.memory.brk, model.brk);
  }

  compareMemory(note: () => string): void {
    for (const [number, page] of this.model.memory.pages) {
      const bytes = this.machine.memory.read(number * PAGE, PAGE);
      if (Buffer.compare(bytes, page.bytes) !== 0) assert.deepEqual(bytes, page.bytes, `page ${number}: ${note()}`);
    }
  }
}

function gasOf(machine: Machine): bigint {
  return (BigInt(machine.regs[GAS_WORD + 1]) << 32n) | BigInt(machine.regs[GAS_WORD] >>> 0);
}

const EDGES: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 31n, 32n, 33n, 63n, 64n, 65n, 0x80n, 0xffn, 0x8000n],
  ...[31n, 32n, 52n, 53n, 63n].flatMap((n) => [(1n << n) - 1n, 1n << n, (1n << n) + 1n]),
  ...[1n, 2n, 5n, 1n << 31n, (1n << 31n) + 1n, 1n << 32n, 1n << 33n].map((v) => BigInt.asUintN(64, -v)),
];
const RANDOMS = ((random) => Array.from({ length: 5 }, () => random.u64()))(new Random(77));
const VALUES = [...EDGES, ...RANDOMS];

/** Addresses at which accesses of up to 8 bytes fit, straddle, fault or panic. */
const ADDRESSES = [0, 0x10000, 0x20000, 0x21000, 0x22000, 0x23000, 0x24000, 0x25000, 0x400000, 0x401000, 0x100000000]
  .flatMap((edge) => [-9, -8, -7, -4, -3, -2, -1, 0, 1, 3].map((offset) => (edge + offset) % 0x1_0000_0000))
  .filter((address) => address >= 0);

const le = (value: bigint | number, length: number): number[] =>
  Array.from({ length }, (_, i) => Number(BigInt.asUintN(8, BigInt(value) >> BigInt(8 * i))));

const touchesMemory = (opcode: number): boolean =>
  (opcode >= 30 && opcode <= 33) || (opcode >= 52 && opcode <= 73) || (opcode >= 120 && opcode <= 130);

test('the reference model and the instruction table name the same opcodes', () => {
  assert.deepEqual(
    INSTRUCTIONS.map((row) => row.opcode),
    REFERENCE_OPCODES,
  );
});

const first = new Pair([0], [0], []);
for (const { opcode, name } of INSTRUCTIONS) {
  test(`${name} agrees with the model on edge values`, () => {
    const shape = referenceShape(opcode);
    const tail = [1, 0, 1, 0]; // fallthrough, trap, fallthrough, trap: two more blocks
    const build = (operands: number[], jumps: number[] = []): Pair => {
      const length = 1 + operands.length;
      // The branch target of 'rio', 'rro' and 'o' below: `length + 1` or so, inside the tail.
      return new Pair([opcode, ...operands, ...tail], [0, length, length + 1, length + 2, length + 3], jumps, first);
    };
    const check = (pair: Pair, a: bigint, b: bigint, what: string): void => {
      const registers = Array.from({ length: 13 }, (_, r) => BigInt(ERASE + r));
      registers[3] = a;
      registers[5] = b;
      const note = (): string => `${name} ${what} with r3 = 0x${a.toString(16)}, r5 = 0x${b.toString(16)}`;
      pair.set(registers, 10n, 0);
      pair.run(note);
    };
    const immediates = [0, 1, -1, 31, 32, 63, 64, 65, 127, -128, 0x7fffffff, -0x80000000, 0x12345678, -5];
    switch (shape) {
      case 'rrr':
        for (const [registers, d] of [
          [0x53, 7],
          [0x53, 3],
          [0x53, 5],
          [0x33, 3],
          [0x33, 5],
        ]) {
          const pair = build([registers, d]);
          for (const a of VALUES) for (const b of VALUES) check(pair, a, b, `${registers.toString(16)} ${d}`);
        }
        break;
      case 'rr':
      case 'rro':
        for (const registers of [0x53, 0x33]) {
          const pair = build(shape === 'rr' ? [registers] : [registers, 4]);
          for (const a of VALUES) for (const b of VALUES) check(pair, a, b, registers.toString(16));
        }
        break;
      case 'rri':
      case 'ri':
      case 'rii':
      case 'rio':
        if (touchesMemory(opcode)) {
          for (const address of ADDRESSES) {
            for (const offset of shape === 'ri' ? [address] : [0, 1, -8, 0x7fffffff]) {
              const x = le(offset, 4);
              const operands =
                shape === 'rii' ? [0x43, ...x, 0xfe, 0xdc, 0xba, 0x98] : [shape === 'rri' ? 0x35 : 5, ...x];
              const pair = build(operands);
              // The upper half of an address register does not count.
              const base = BigInt.asUintN(64, BigInt(address) - BigInt(offset) + (0x1234n << 32n));
              const note = (): string => `${name} at 0x${address.toString(16)}, offset ${offset}`;
              for (const value of [0x8182838485868788n, 0x7172737475767778n]) {
                check(pair, base, value, note());
                pair.compareMemory(note);
              }
            }
          }
          break;
        }
        for (const x of immediates) {
          for (const registers of shape === 'rri' ? [0x53, 0x55] : [5]) {
            let operands = [registers, ...le(x, 4)];
            if (shape === 'rio') operands = [0x45, ...le(x, 4), 7];
            const pair = build(operands, [7, 8, 0]);
            for (const b of VALUES) check(pair, 0x9999n, b, `immediate ${x}`);
            if (shape === 'rri') check(pair, 5n, BigInt.asUintN(64, BigInt(x)), `immediate ${x}`);
          }
        }
        break;
      case 'ii':
        for (const address of ADDRESSES) {
          const pair = build([4, ...le(address, 4), 0xfe, 0xdc, 0xba, 0x98]);
          check(pair, 0n, 0n, `at 0x${address.toString(16)}`);
          pair.compareMemory(() => name);
        }
        break;
      case 'rrii':
        for (const x of immediates) {
          for (const y of [0, 1, 2, 4, 6, 8, 0x10, -2, -0x10000]) {
            for (const registers of [0x53, 0x55]) {
              const pair = build([registers, 4, ...le(x, 4), ...le(y, 4)], [11, 12, 3]);
              for (const b of [0n, 2n, 4n, 0x1_0000_0000n, 0xffff0000n]) check(pair, 0n, b, `${x} ${y}`);
            }
          }
        }
        break;
      case 'ri8':
        for (const value of VALUES) check(build([5, ...le(value, 8)]), 0n, 0n, '');
        break;
      case 'i':
        for (const x of immediates) check(build(le(x, 4)), 0n, 0n, `${x}`);
        break;
      case 'o':
        for (const x of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 1000, -1000]) check(build(le(x, 4)), 0n, 0n, `${x}`);
        break;
      case 'none':
        check(build([]), 0n, 0n, '');
        break;
    }
  });
}

/** A program of random instructions, biased to stay alive: jumps lead to instructions, addresses near pages. */
function randomProgram(random: Random): { code: number[]; starts: number[]; jumps: number[] } {
  const count = 4 + random.below(40);
  const code: number[] = [];
  const starts: number[] = [];
  const targets: { at: number; length: number; pc: number }[] = [];
  for (let n = 0; n < count; n++) {
    const pc = code.length;
    starts.push(pc);
    const opcode = random.below(60) === 0 ? random.below(256) : random.pick(REFERENCE_OPCODES);
    const shape = referenceShape(opcode);
    // Traps end runs too soon to be common.
    code.push(opcode === 0 && random.below(4) !== 0 ? 1 : opcode);
    const register = random.below(256);
    const address = random.pick(ADDRESSES) >>> 0;
    const immediate = random.below(3) === 0 ? address : random.below(2) === 0 ? random.below(256) : random.next();
    const target = (): void => {
      targets.push({ at: code.length, length: 2, pc });
      code.push(0, 0);
    };
    const lx = random.below(6);
    switch (shape) {
      case 'none':
        break;
      case 'rr':
        code.push(register);
        break;
      case 'rrr':
        code.push(register, random.below(14));
        break;
      case 'i':
        code.push(...le(immediate, random.below(5)));
        break;
      case 'ri8':
        code.push(register, ...le(random.pick(VALUES), 8));
        break;
      case 'o':
        target();
        break;
      case 'ri':
      case 'rri':
        code.push(register, ...le(immediate, touchesMemory(opcode) ? 4 : random.below(6)));
        break;
      case 'rro':
        code.push(register);
        target();
        break;
      case 'ii':
        code.push(4, ...le(address, 4), ...le(random.next(), random.below(5)));
        break;
      case 'rii':
        code.push((register & 15) | 0x40, ...le(address, 4), ...le(random.next(), random.below(5)));
        break;
      case 'rio':
        code.push((register & 15) | (lx << 4), ...le(immediate, Math.min(4, lx)));
        target();
        break;
      case 'rrii':
        code.push(register, lx, ...le(immediate, Math.min(4, lx)), ...le(random.below(12), random.below(3)));
        break;
    }
    if (random.below(200) === 0) code.push(...new Array<number>(30).fill(0));
  }
  for (const { at, length, pc } of targets) {
    const to = random.below(20) === 0 ? random.below(code.length + 4) : random.pick(starts);
    le(to - pc, length).forEach((byte, i) => {
      code[at + i] = byte;
    });
  }
  const jumps = Array.from({ length: 5 }, () => random.pick(starts));
  return { code, starts, jumps };
}

test('random programs agree with the model at every exit, flat gas', () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const random = new Random(seed * 2654435761);
    const { code, starts, jumps } = randomProgram(random);
    const pair = new Pair(code, starts, jumps);
    const note = (): string => `seed ${seed}, code ${code}, starts ${starts}, jumps ${jumps}`;
    const registers = Array.from({ length: 13 }, () =>
      random.below(2) === 0 ? BigInt(random.pick(ADDRESSES)) : random.pick(VALUES),
    );
    pair.set(registers, BigInt(random.below(300)), random.pick(starts));
    for (let exits = 0; exits < 30; exits++) {
      const exit = pair.run(note);
      if (exit === Exit.HostCall) {
        pair.model.skipInstruction();
        pair.machine.index++;
      } else if (exit === Exit.OutOfGas && random.below(3) !== 0) {
        pair.setGas(BigInt(1 + random.below(20)));
      } else if (exit === Exit.PageFault && pair.model.gas > 0n && random.below(2) === 0) {
        pair.machine.memory.map(pair.machine.exitArgument, PAGE, Access.Write);
        pair.model.memory.map(pair.machine.exitArgument, PAGE, true);
      } else {
        break;
      }
    }
    pair.compareMemory(note);
  }
});

test('pipeline gas is the sum of the stretches the model enters', () => {
  let compared = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const random = new Random(seed * 40503);
    const { code, starts, jumps } = randomProgram(random);
    const pair = new Pair(code, starts, jumps);
    const { decoded, model } = pair;
    const charges = chargeTable(decoded, 'pipeline', 3000);
    const machine = new Machine(decoded, new Int32Array(32), pair.machine.memory, 'pipeline', 3000, charges);
    const registers = Array.from({ length: 13 }, () => BigInt(random.pick(ADDRESSES)));
    pair.set(registers, 5000n, random.pick(starts));
    machine.regs.set(pair.machine.regs);
    machine.index = pair.machine.index;
    const gas = BigInt(random.below(2000));
    machine.regs[GAS_WORD] = Number(gas);
    // The model's own gas only bounds its run; what the stretches cost is counted here.
    let left = gas;
    let charge = true;
    let expected: ReturnType<ReferenceMachine['run']> | undefined;
    while (expected === undefined) {
      const index = decoded.indexOfPc[model.pc];
      // Gaps are entries without a byte offset of their own; there the run is over at once.
      if (index < 0) break;
      if (charge || (decoded.flags[index] & CHARGE_START) !== 0) {
        const cost = charges[index] !== 0 ? charges[index] : costFrom(decoded, 'pipeline', 3000, index);
        if (BigInt(cost) > left) {
          expected = { kind: 'out-of-gas' };
          break;
        }
        left -= BigInt(cost);
        charge = false;
      }
      expected = model.step();
    }
    if (expected === undefined || model.gas === 0n) continue;
    model.gas = left;
    const exit = interpret(machine, false, false);
    const note = (): string => `seed ${seed}, code ${code}, starts ${starts}, jumps ${jumps}`;
    Object.assign(pair, { machine });
    pair.compare(exit, expected, note);
    compared++;
  }
  assert.ok(compared > 300, `${compared} runs compared`);
});
