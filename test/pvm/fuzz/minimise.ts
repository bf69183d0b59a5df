/**
 * Makes a failing case smaller: starts it anew just before the run that showed the difference, takes instructions out as
 * long as the two guests still part, then writes what is left as a vector.
 */
import type { PageRange, Vector } from '../../../src/pvm/conformance/vectors.js';
import { runVector } from '../../../src/pvm/conformance/vectors.js';
import type { GasModel } from '../../../src/pvm/gas/index.js';
import { MAX_GAS } from '../../../src/pvm/instance.js';
import { Access, type Segment } from '../../../src/pvm/program/image.js';
import { Program } from '../../../src/pvm/program.js';
import type { Snapshot } from '../../../src/pvm/snapshot.js';
import { assembleCase, type FuzzCase, type Item } from './case.js';
import { type Outcome, type RunOptions, runCase } from './runner.js';

/** Most runs spent on one failure. */
const BUDGET = 2000;
/** Vectors list every byte; programs with more memory than this are not worth it. */
const MOST_MEMORY = 0x40000;

/** Whatever a case does, an error thrown included, as an outcome. */
export function runSafely(fuzzCase: FuzzCase, gasModel: GasModel, options: RunOptions = {}): Outcome {
  try {
    return runCase(fuzzCase, gasModel, options);
  } catch (error) {
    const actual = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const difference = { where: `${gasModel}, thrown`, expected: 'an exit', actual };
    return { used: 0n, exits: 0, difference, before: undefined };
  }
}

/** A smaller case that still fails. */
export function minimise(fuzzCase: FuzzCase, gasModel: GasModel): FuzzCase {
  let best = fuzzCase;
  let runs = 0;
  const keep = (candidate: FuzzCase): boolean => {
    if (runs++ >= BUDGET || runSafely(candidate, gasModel).difference === undefined) return false;
    best = candidate;
    return true;
  };
  const { exits } = runSafely(fuzzCase, gasModel);
  const { before } = runSafely(fuzzCase, gasModel, { capture: exits - 1 });
  if (before !== undefined) keep(lastRun(fuzzCase, before));
  if (best.patches.length > 0) keep({ ...best, patches: [] });
  if (best.maskFlips.length > 0) keep({ ...best, maskFlips: [] });
  if (best.host.size > 0) keep({ ...best, host: new Map() });
  if (best.heap !== undefined) keep({ ...best, heap: undefined });
  for (let size = Math.ceil(best.items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.items.length; ) {
      const items = best.items.filter((_, i) => i < at || i >= at + size);
      if (items.length === 0 || !keep(withItems(best, items))) at += size;
    }
  }
  if (best.jumpTable.length > 0) keep({ ...best, jumpTable: [] });
  for (let i = best.segments.length - 1; i >= 0; i--) {
    keep({ ...best, segments: best.segments.filter((_, k) => k !== i) });
  }
  keep({ ...best, segments: best.segments.map((segment) => ({ ...segment, data: new Uint8Array(0) })) });
  for (let i = 0; i < best.registers.length; i++) {
    keep({ ...best, registers: best.registers.map((value, k) => (k === i ? 0n : value)) });
  }
  return best;
}

/** The case from a snapshot on, and only to its next exit. */
function lastRun(fuzzCase: FuzzCase, before: Snapshot): FuzzCase {
  const { items } = fuzzCase;
  const { pcs } = assembleCase(fuzzCase);
  const start = items[pcs.indexOf(before.pc)] ?? before.pc;
  const segments = before.regions.map(({ address, length, access, data }): Segment => {
    const bytes = new Uint8Array(length);
    for (const part of data) bytes.set(part.bytes, part.address - address);
    return { name: `pages at ${address}`, address, length, access, data: bytes };
  });
  return { ...fuzzCase, start, segments, registers: before.registers, gas: before.gas, exits: 1 };
}

/** The same case with fewer instructions; what jumped to one that is gone jumps to the next one left. */
function withItems(fuzzCase: FuzzCase, items: readonly Item[]): FuzzCase {
  const copies = new Map(items.map((item) => [item, { ...item }]));
  const successor = new Map<Item, Item>();
  let next = copies.get(items[items.length - 1] as Item) as Item;
  for (let i = fuzzCase.items.length - 1; i >= 0; i--) {
    const item = fuzzCase.items[i] as Item;
    next = copies.get(item) ?? next;
    successor.set(item, next);
  }
  const place = (to: Item | number) => (typeof to === 'number' ? to : (successor.get(to) as Item));
  for (const copy of copies.values()) {
    const { target } = copy;
    if (target !== undefined && 'item' in target) copy.target = { item: place(target.item) as Item };
  }
  const { jumpTable, start } = fuzzCase;
  return { ...fuzzCase, items: [...copies.values()], jumpTable: jumpTable.map(place), start: place(start) };
}

/**
 * A case's first run as a vector, what the interpreter does being what is expected, where the recompiler does otherwise.
 * Vectors know the `flat` model only, and no heap; what needs more has none.
 */
export function failureVector(fuzzCase: FuzzCase, name: string): Vector | undefined {
  const { segments, registers } = fuzzCase;
  if (segments.reduce((sum, { length }) => sum + length, 0) > MOST_MEMORY) return undefined;
  const { blob, pc } = assembleCase(fuzzCase);
  const pages = segments.map(
    ({ address, length, access }): PageRange => ({
      address,
      length,
      writable: access === Access.Write,
    }),
  );
  // The gas it had, or plenty: under the other model the same amount lasts for less.
  for (const gas of [fuzzCase.gas, MAX_GAS >> 32n]) {
    const instance = Program.load(blob).instantiate({ engine: 'interpreter', gas, pc, registers, segments });
    const initialMemory = segments.filter(({ data }) => data.some((byte) => byte !== 0));
    const exit = instance.run();
    if (exit.kind === 'pending') return undefined;
    const vector: Vector = {
      name,
      program: blob,
      initialRegisters: registers,
      initialPc: pc,
      initialGas: gas,
      pages,
      initialMemory: initialMemory.map(({ address, data }) => ({ address, contents: trimmed(data) })),
      status: exit.kind,
      registers: instance.registers,
      pc: exit.pc,
      gas: instance.gas,
      memory: pages
        .map(({ address, length }) => ({ address, contents: trimmed(instance.memory.read(address, length)) }))
        .filter(({ contents }) => contents.length > 0),
      faultAddress: exit.kind === 'page-fault' ? exit.address : undefined,
    };
    instance.dispose();
    if (runVector(vector, 'recompiler') !== undefined) return vector;
  }
  return undefined;
}

/** Bytes without the zeros at their end. */
function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.slice(0, end);
}
