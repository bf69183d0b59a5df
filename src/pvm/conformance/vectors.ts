/**
 * Single-program test vectors: the JSON format of the JAM test-vector collection (`pvm/programs`), read and run.
 *
 * A vector names a machine's whole state before and after, gas included (one unit an instruction). Fuzzing
 * failures are written in this form too (`formatVector`), so that each one is a test at once.
 */

import { type ExitResult, MAX_GAS } from '../instance.js';
import { LOWEST_ADDRESS, PAGE_SIZE, REGISTER_COUNT } from '../layout.js';
import { Access, type Segment } from '../program/image.js';
import { type Engine, Program } from '../program.js';
import { compareMemory, compareRegisters, type Difference, hex } from './difference.js';
import { Fields, formatJson, parseJson } from './json.js';

/** Which engine a run is asked for. */
export type EngineName = Engine | 'auto';

/** Bytes somewhere in guest memory. */
export interface MemoryBytes {
  readonly address: number;
  readonly contents: Uint8Array;
}

/** A range of pages and whether they may be written. */
export interface PageRange {
  readonly address: number;
  readonly length: number;
  readonly writable: boolean;
}

/** How a vector ends. The published ones know the first three. */
export type VectorStatus = 'halt' | 'panic' | 'page-fault' | 'out-of-gas' | 'host-call';

const STATUSES: readonly VectorStatus[] = ['halt', 'panic', 'page-fault', 'out-of-gas', 'host-call'];

/** A machine's state before a run and after it. */
export interface Vector {
  readonly name: string;
  /** A code blob: jump table, code, bitmask. */
  readonly program: Uint8Array;
  readonly initialRegisters: readonly bigint[];
  readonly initialPc: number;
  readonly initialGas: bigint;
  readonly pages: readonly PageRange[];
  readonly initialMemory: readonly MemoryBytes[];
  readonly status: VectorStatus;
  readonly registers: readonly bigint[];
  readonly pc: number;
  readonly gas: bigint;
  readonly memory: readonly MemoryBytes[];
  /** Start of the page that faulted, where the status is `page-fault`. */
  readonly faultAddress: number | undefined;
}

/**
 * Reads one vector.
 *
 * @throws FormatError naming the field (and, for text that is not JSON, the offset) and what was expected
 */
export function parseVector(text: string): Vector {
  const fields = new Fields(parseJson(text), text, 'the vector');
  const vector: Vector = {
    name: fields.text('name'),
    program: fields.bytes('program'),
    initialRegisters: fields.u64s('initial-regs', REGISTER_COUNT),
    initialPc: fields.u32('initial-pc'),
    initialGas: fields.integer('initial-gas', MAX_GAS),
    pages: fields.list('initial-page-map', (page) => ({
      address: page.u32('address'),
      length: page.u32('length'),
      writable: page.boolean('is-writable'),
    })),
    initialMemory: fields.list('initial-memory', memoryBytes),
    status: fields.oneOf('expected-status', STATUSES),
    registers: fields.u64s('expected-regs', REGISTER_COUNT),
    pc: fields.u32('expected-pc'),
    gas: fields.integer('expected-gas', MAX_GAS),
    memory: fields.list('expected-memory', memoryBytes),
    faultAddress: fields.has('expected-page-fault-address') ? fields.u32('expected-page-fault-address') : undefined,
  };
  for (const { address, length } of vector.pages) {
    if (address % PAGE_SIZE !== 0 || length % PAGE_SIZE !== 0 || address < LOWEST_ADDRESS) {
      fields.fail('initial-page-map', `whole pages from ${hex(LOWEST_ADDRESS)} on, not ${hex(address)}+${hex(length)}`);
    }
  }
  for (const { address, contents } of [...vector.initialMemory, ...vector.memory]) {
    const end = address + contents.length;
    if (!vector.pages.some((page) => address >= page.address && end <= page.address + page.length)) {
      fields.fail('initial-page-map', `a range that holds the memory at ${hex(address)}`);
    }
  }
  return vector;
}

/** A vector as the JSON it is read from. */
export function formatVector(vector: Vector): string {
  const memory = (all: readonly MemoryBytes[]) =>
    all.map(({ address, contents }) => ({ address, contents: [...contents] }));
  const fields = {
    name: vector.name,
    'initial-regs': vector.initialRegisters,
    'initial-pc': vector.initialPc,
    'initial-page-map': vector.pages.map(({ address, length, writable }) => ({
      address,
      length,
      'is-writable': writable,
    })),
    'initial-memory': memory(vector.initialMemory),
    'initial-gas': vector.initialGas,
    program: [...vector.program],
    'expected-status': vector.status,
    'expected-regs': vector.registers,
    'expected-pc': vector.pc,
    'expected-memory': memory(vector.memory),
    'expected-gas': vector.gas,
    ...(vector.faultAddress === undefined ? {} : { 'expected-page-fault-address': vector.faultAddress }),
  };
  return formatJson(fields);
}

/** Runs a vector on an engine: the first difference from its expectations, or undefined where it passes. */
export function runVector(vector: Vector, engine: EngineName = 'auto'): Difference | undefined {
  const instance = Program.load(vector.program).instantiate({
    engine,
    gas: vector.initialGas,
    gasModel: 'flat',
    pc: vector.initialPc,
    registers: [...vector.initialRegisters],
    segments: segmentsOf(vector),
  });
  try {
    const exit = instance.run();
    const expected = describeStatus(vector.status, vector.faultAddress);
    const actual = describeExit(exit);
    if (expected !== actual) return { where: 'status', expected, actual };
    const registers = compareRegisters(vector.registers, instance.registers);
    if (registers !== undefined) return registers;
    if (exit.pc !== vector.pc) return { where: 'pc', expected: `${vector.pc}`, actual: `${exit.pc}` };
    if (instance.gas !== vector.gas) return { where: 'gas', expected: `${vector.gas}`, actual: `${instance.gas}` };
    for (const page of vector.pages) {
      // Every byte of every page: what a vector does not list must still be zero.
      const want = fill(page, vector.memory);
      const difference = compareMemory(instance.memory, page.address, want);
      if (difference !== undefined) return difference;
    }
    return undefined;
  } finally {
    instance.dispose();
  }
}

function describeStatus(status: VectorStatus, address: number | undefined): string {
  return status === 'page-fault' && address !== undefined ? `page-fault at ${hex(address)}` : status;
}

function describeExit(exit: ExitResult): string {
  return exit.kind === 'page-fault' ? `page-fault at ${hex(exit.address)}` : exit.kind;
}

/** The memory a vector starts with. */
export function segmentsOf(vector: Vector): Segment[] {
  return vector.pages.map((page, i) => ({
    name: `page map ${i}`,
    address: page.address,
    length: page.length,
    access: page.writable ? Access.Write : Access.Read,
    data: fill(page, vector.initialMemory),
  }));
}

/** The contents of a range of pages, zero where `memory` says nothing. */
function fill(page: PageRange, memory: readonly MemoryBytes[]): Uint8Array {
  const bytes = new Uint8Array(page.length);
  for (const { address, contents } of memory) {
    const offset = address - page.address;
    if (offset >= 0 && offset + contents.length <= page.length) bytes.set(contents, offset);
  }
  return bytes;
}

function memoryBytes(fields: Fields): MemoryBytes {
  return { address: fields.u32('address'), contents: fields.bytes('contents') };
}
