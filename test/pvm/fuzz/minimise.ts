/**
 * Makes a failing case smaller: takes instructions out as long as the two guests still part, then shapes what is left
 * into a vector where one run from a plain state shows the difference.
 */
import { runVector, type Vector } from '../../../src/pvm/conformance/vectors.js';
import type { GasModel } from '../../../src/pvm/gas/index.js';
import type { FuzzCase, Item } from './case.js';
import { type Outcome, runCase } from './runner.js';

/** Most runs spent on one failure. */
const BUDGET = 2000;

/** Whatever a case does, an error thrown included, as an outcome. */
export function runSafely(fuzzCase: FuzzCase, gasModel: GasModel, kinds?: Map<string, number>): Outcome {
  try {
    return runCase(fuzzCase, gasModel, kinds === undefined ? {} : { kinds });
  } catch (error) {
    const actual = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const difference = { where: `${gasModel}, thrown`, expected: 'an exit', actual };
    return { used: 0n, exits: 0, difference, vector: undefined };
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
  for (let i = best.segments.length - 1; i >= 0; i--) {
    keep({ ...best, segments: best.segments.filter((_, k) => k !== i) });
  }
  for (let i = 0; i < best.registers.length; i++) {
    keep({ ...best, registers: best.registers.map((value, k) => (k === i ? 0n : value)) });
  }
  return best;
}

/** The same case with fewer instructions; what jumped to one that is gone jumps to the next one left. */
function withItems(fuzzCase: FuzzCase, items: readonly Item[]): FuzzCase {
  const left = new Set(items);
  const successor = new Map<Item, Item>();
  let next = items[items.length - 1] as Item;
  for (let i = fuzzCase.items.length - 1; i >= 0; i--) {
    const item = fuzzCase.items[i] as Item;
    if (left.has(item)) next = item;
    successor.set(item, next);
  }
  const moved = (to: Item | number) => (typeof to === 'number' ? to : (successor.get(to) as Item));
  const copies = new Map(items.map((item) => [item, { ...item }]));
  for (const copy of copies.values()) {
    if (copy.target !== undefined && 'item' in copy.target) {
      copy.target = { item: copies.get(moved(copy.target.item) as Item) as Item };
    }
  }
  const place = (to: Item | number) => (typeof to === 'number' ? to : (copies.get(moved(to) as Item) as Item));
  return {
    ...fuzzCase,
    items: [...copies.values()],
    jumpTable: fuzzCase.jumpTable.map(place),
    start: place(fuzzCase.start),
  };
}

/** The run in which a case's guests parted as a vector, where that run alone shows the difference. */
export function failureVector(fuzzCase: FuzzCase, name: string): Vector | undefined {
  const { exits } = runSafely(fuzzCase, 'flat');
  if (exits === 0) return undefined;
  const { vector } = runCase(fuzzCase, 'flat', { capture: exits - 1 });
  if (vector === undefined) return undefined;
  return runVector(vector, 'recompiler') === undefined ? undefined : { ...vector, name };
}
