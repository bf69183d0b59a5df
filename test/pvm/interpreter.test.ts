/**
 * The interpreter as the engines use it: the published vectors, gas down to the unit, stops and resumptions.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import test from 'node:test';
import { interpret, Machine } from '../../src/pvm/interpreter/interpreter.js';
import { decode, Field, STRIDE } from '../../src/pvm/isa/decode.js';
import { Exit, GAS_WORD } from '../../src/pvm/layout.js';
import { GuestMemory } from '../../src/pvm/memory/guest-memory.js';
import { PortableBacking } from '../../src/pvm/memory/portable.js';
import { readCodeImage } from '../../src/pvm/program/code-blob.js';
import { Access } from '../../src/pvm/program/image.js';
import { vectorFiles } from '../vectors.js';

interface Vector {
  'initial-regs': string[];
  'initial-pc': number;
  'initial-page-map': { address: number; length: number; 'is-writable': boolean }[];
  'initial-memory': { address: number; contents: number[] }[];
  'initial-gas': number;
  program: number[];
  'expected-status': string;
  'expected-regs': string[];
  'expected-pc': number;
  'expected-memory': { address: number; contents: number[] }[];
  'expected-gas': number;
  'expected-page-fault-address'?: number;
}

/** Parses a vector with its registers, which a double does not hold, as strings. */
function parseVector(path: string): Vector {
  const text = readFileSync(path, 'utf8');
  return JSON.parse(
    text.replace(/"(initial|expected)-regs":\s*\[([^\]]*)\]/g, (all) => all.replace(/(?<=[[,\s])\d+/g, '"$&"')),
  );
}

const STATUS = ['halt', 'panic', 'out-of-gas', 'page-fault', 'host-call'];
const { paths, skip } = vectorFiles('pvm');

test('the published vectors', { skip }, async (t) => {
  for (const path of paths.filter((name) => name.endsWith('.json'))) {
    await t.test(basename(path, '.json'), () => {
      const vector = parseVector(path);
      const image = readCodeImage(Uint8Array.from(vector.program));
      const memory = new GuestMemory(new PortableBacking());
      for (const page of vector['initial-page-map']) {
        memory.map(page.address, page.length, page['is-writable'] ? Access.Write : Access.Read);
      }
      for (const { address, contents } of vector['initial-memory']) {
        memory.writeInitial(address, Uint8Array.from(contents));
      }
      const decoded = decode(image.code, image.bitmask, image.jumpOffsets);
      const m = new Machine(decoded, new Int32Array(32), memory, 'flat', 0);
      const registers = new BigUint64Array(m.regs.buffer, 0, 13);
      registers.set(vector['initial-regs'].map(BigInt));
      m.regs[GAS_WORD] = vector['initial-gas'];
      m.index = decoded.indexOfPc[vector['initial-pc']];

      const exit = interpret(m, false, false);
      assert.equal(STATUS[exit], vector['expected-status']);
      assert.deepEqual([...registers].map(String), vector['expected-regs']);
      assert.equal(pcOf(m), vector['expected-pc']);
      assert.equal(m.regs[GAS_WORD], vector['expected-gas']);
      if (exit === Exit.PageFault) assert.equal(m.exitArgument, vector['expected-page-fault-address']);
      for (const { address, contents } of vector['expected-memory']) {
        assert.deepEqual([...memory.read(address, contents.length)], contents);
      }
    });
  }
});

/** A machine for instructions given one array of bytes each. */
function machine(
  instructions: number[][],
  gas: bigint,
  model: 'flat' | 'pipeline' = 'flat',
  memory?: GuestMemory,
): Machine {
  const bitmask = new Uint8Array(64);
  let pc = 0;
  for (const bytes of instructions) {
    bitmask[pc >> 3] |= 1 << (pc & 7);
    pc += bytes.length;
  }
  const decoded = decode(Uint8Array.from(instructions.flat()), bitmask, new Uint32Array(0));
  const m = new Machine(decoded, new Int32Array(32), memory ?? new GuestMemory(new PortableBacking()), model, 0);
  setGas(m, gas);
  return m;
}

function setGas(m: Machine, gas: bigint): void {
  m.regs[GAS_WORD] = Number(BigInt.asIntN(32, gas));
  m.regs[GAS_WORD + 1] = Number(BigInt.asIntN(32, gas >> 32n));
}

function gasOf(m: Machine): bigint {
  return (BigInt(m.regs[GAS_WORD + 1]) << 32n) | BigInt(m.regs[GAS_WORD] >>> 0);
}

function pcOf(m: Machine): number {
  return m.decoded.stream[m.index * STRIDE + Field.Pc];
}

const INC = [149, 0x00, 1]; // add_imm_64 r0 = r0 + 1
const FALLTHROUGH = [1];
const TRAP = [0];
const ECALLI = [10, 42];
const LOAD = [58, 1, 0, 0, 2]; // load_u64 r1 = [0x20000]

test('flat gas runs out at the first instruction that cannot be paid, with the state before it', () => {
  for (let gas = 0n; gas <= 6n; gas++) {
    const m = machine([INC, INC, INC, FALLTHROUGH, INC, TRAP], gas);
    const exit = interpret(m, false, false);
    const executed = gas < 6n ? Number(gas) : 6;
    assert.equal(exit, gas < 6n ? Exit.OutOfGas : Exit.Panic);
    assert.equal(m.index, gas < 6n ? executed : 5);
    assert.equal(gasOf(m), 0n);
    assert.equal(m.regs[0], [0, 1, 2, 3, 3, 4, 4][executed]);
    // Given more, it goes on as if nothing had happened.
    setGas(m, 100n);
    if (exit === Exit.OutOfGas) {
      assert.equal(interpret(m, false, false), Exit.Panic);
      assert.equal(gasOf(m), 100n - BigInt(6 - executed));
      assert.equal(m.regs[0], 4);
    }
  }
});

test('gas is 64 bits wide and signed', () => {
  for (const gas of [1n << 30n, (1n << 31n) - 1n, 1n << 31n, 1n << 32n, (1n << 32n) + 1n, (1n << 63n) - 1n]) {
    const m = machine([INC, INC, TRAP], gas);
    assert.equal(interpret(m, false, false), Exit.Panic);
    assert.equal(gasOf(m), gas - 3n);
  }
  const m = machine([INC, TRAP], -5n);
  assert.equal(interpret(m, false, false), Exit.OutOfGas);
  assert.equal(gasOf(m), -5n);
  assert.equal(m.index, 0);
});

test('a long run takes gas out of the counter in portions', () => {
  // A loop of 2^22 rounds whose blocks cost 3: r1 counts down.
  const m = machine([FALLTHROUGH, INC, [149, 0x11, 0xff], [82, 0x01, 0xfa], TRAP], (5n << 32n) + 7n);
  m.regs[2] = 1 << 22;
  assert.equal(interpret(m, false, false), Exit.Panic);
  assert.equal(gasOf(m), (5n << 32n) + 7n - 2n - 3n * (1n << 22n));
  assert.equal(m.regs[0], 1 << 22);
});

test('host calls are charged and leave the argument', () => {
  const m = machine([INC, ECALLI, INC, TRAP], 10n);
  assert.equal(interpret(m, false, false), Exit.HostCall);
  assert.deepEqual([m.index, m.exitArgument, gasOf(m)], [1, 42, 8n]);
  m.index++;
  assert.equal(interpret(m, false, false), Exit.Panic);
  assert.equal(gasOf(m), 6n);
  assert.equal(machineExit([[10, 0xff], TRAP]).exitArgument, 0xffffffff);
});

function machineExit(instructions: number[][]): Machine {
  const m = machine(instructions, 100n);
  interpret(m, false, false);
  return m;
}

test('a fault gives back what was not executed, costs one more, and can be resumed', () => {
  for (const [gas, left] of [
    [1n, undefined],
    [2n, 0n],
    [3n, 0n],
    [4n, 1n],
    [10n, 7n],
  ] as const) {
    const m = machine([INC, LOAD, INC, TRAP], gas);
    if (left === undefined) {
      assert.equal(interpret(m, false, false), Exit.OutOfGas);
      assert.equal(m.index, 1);
      continue;
    }
    assert.equal(interpret(m, false, false), Exit.PageFault);
    assert.deepEqual([m.index, m.exitArgument, gasOf(m), m.regs[0]], [1, 0x20000, left, 1]);
    m.memory.map(0x20000, 4096, Access.Read);
    setGas(m, 3n);
    assert.equal(interpret(m, false, false), Exit.Panic);
    assert.deepEqual([gasOf(m), m.regs[0]], [0n, 2]);
  }
});

test('an access below 0x10000 panics and costs its instruction', () => {
  const m = machine([INC, [58, 1, 0, 0, 0], INC, TRAP], 10n);
  assert.equal(interpret(m, false, false), Exit.Panic);
  assert.deepEqual([m.index, gasOf(m)], [1, 8n]);
});

test('pipeline gas is charged on entry, whole, and not at all where it does not suffice', () => {
  // Three dependent increments, then a fallthrough: see gas.test.ts for the costs.
  const program = [LOAD, INC, FALLTHROUGH, INC, TRAP];
  const probe = machine(program, 1000n, 'pipeline');
  const [first, second] = [probe.charges[0], probe.charges[3]];
  assert.ok(first > 1 && second >= 1);
  probe.memory.map(0x20000, 4096, Access.Read);
  assert.equal(interpret(probe, false, false), Exit.Panic);
  assert.equal(gasOf(probe), 1000n - BigInt(first + second));

  const poor = machine(program, BigInt(first - 1), 'pipeline');
  assert.equal(interpret(poor, false, false), Exit.OutOfGas);
  assert.deepEqual([poor.index, gasOf(poor), poor.regs[0]], [0, BigInt(first - 1), 0]);

  const faulting = machine(program, BigInt(first + second), 'pipeline');
  assert.equal(interpret(faulting, false, false), Exit.PageFault);
  assert.equal(gasOf(faulting), BigInt(second));
  faulting.memory.map(0x20000, 4096, Access.Read);
  assert.equal(interpret(faulting, false, true), Exit.Panic, 'resumed: the stretch is paid');
  assert.equal(gasOf(faulting), 0n);
});

test('entering a stretch in its middle pays for what remains', () => {
  const flat = machine([INC, INC, INC, FALLTHROUGH, TRAP], 10n);
  flat.index = 2;
  interpret(flat, false, false);
  assert.equal(gasOf(flat), 7n);
  const pipeline = machine([LOAD, INC, INC, TRAP], 10n, 'pipeline');
  pipeline.index = 1;
  interpret(pipeline, false, false);
  assert.equal(gasOf(pipeline), 9n);
});

test('stopAtBlock stops before every stretch but the first', () => {
  const m = machine([INC, FALLTHROUGH, INC, [40, 1], INC, TRAP], 10n);
  for (const [exit, index, gas, count] of [
    [Exit.BlockBoundary, 2, 8n, 1],
    [Exit.Panic, 3, 6n, 2],
  ] as const) {
    assert.equal(interpret(m, true, false), exit);
    assert.deepEqual([m.index, gasOf(m), m.regs[0]], [index, gas, count]);
  }
  // A dynamic jump stops too.
  const code = Uint8Array.from([50, 0, 1, 0]);
  const jump = new Machine(
    decode(code, Uint8Array.of(0b1101), Uint32Array.of(3)),
    new Int32Array(32),
    new GuestMemory(new PortableBacking()),
    'flat',
    0,
  );
  jump.regs[0] = 2;
  setGas(jump, 5n);
  // The target, 3, follows a fallthrough at 2.
  assert.equal(interpret(jump, true, false), Exit.BlockBoundary);
  assert.deepEqual([jump.index, gasOf(jump)], [2, 4n]);
});

test('the switches have literal case labels, which is what makes them jump tables', () => {
  const files = ['interpreter', 'out-of-line'].map((name) =>
    readFileSync(new URL(`../../src/pvm/interpreter/${name}.js`, import.meta.url), 'utf8'),
  );
  const labels = files.join('\n').match(/^ *case .*:/gm) ?? [];
  assert.ok(labels.length > 130, `${labels.length} labels`);
  for (const label of labels) assert.match(label, /^ *case \d+ .*:/);
  // Constants of other modules would be read from their cells each time round.
  const loop = files[0].slice(files[0].indexOf('function execute('));
  assert.ok(!/\b(STRIDE|GAS_WORD|HALT_ADDRESS|LOWEST_ADDRESS|Op\.)\b/.test(loop.replace(/\/\*.*?\*\//g, '')));
});
