/**
 * The example programs do what their comments promise.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { interpret, Machine } from '../../src/pvm/interpreter/interpreter.js';
import { decode } from '../../src/pvm/isa/decode.js';
import { Exit, GAS_WORD } from '../../src/pvm/layout.js';
import { GuestMemory } from '../../src/pvm/memory/guest-memory.js';
import { PortableBacking } from '../../src/pvm/memory/portable.js';
import { loadImage } from '../../src/pvm/program/load.js';
import { assemble } from '../../src/pvm/toolchain/assembler.js';
import { ROOT } from '../vectors.js';

interface Result {
  readonly r7: bigint;
  /** What host call 0 was given to print. */
  readonly printed: string;
}

/** Runs an example to its halt. */
function run(name: string): Result {
  const path = join(ROOT, 'examples', `${name}.pvm`);
  const image = loadImage(assemble(readFileSync(path, 'utf8'), path));
  const memory = new GuestMemory(new PortableBacking(), image.heap);
  for (const { address, length, access, data } of image.segments) {
    memory.map(address, length, access);
    memory.writeInitial(address, data);
  }
  const words = new Int32Array(1024);
  const registers = new BigUint64Array(words.buffer, 0, 13);
  registers.set(image.registers);
  words[GAS_WORD] = 100_000_000;
  const decoded = decode(image.code, image.bitmask, image.jumpOffsets);
  const machine = new Machine(decoded, words, memory, 'flat', 32);
  let printed = '';
  let exit = interpret(machine, false, false);
  while (exit === Exit.HostCall) {
    assert.equal(machine.exitArgument, 0);
    printed += Buffer.from(memory.read(Number(registers[7]), Number(registers[8]))).toString();
    machine.index++;
    exit = interpret(machine, false, false);
  }
  assert.equal(exit, Exit.Halt);
  return { r7: registers[7] as bigint, printed };
}

describe('examples', () => {
  test('fib', () => assert.equal(run('fib').r7, 2880067194370816120n));
  test('sort', () => assert.equal(run('sort').r7, 333833500n));
  test('sieve', () => assert.equal(run('sieve').r7, 9592n));
  test('hello', () => assert.deepEqual(run('hello'), { r7: 0n, printed: 'Hello from the PVM!\n' }));
});
