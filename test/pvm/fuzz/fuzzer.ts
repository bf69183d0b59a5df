/**
 * The fuzzing loop: case after case under both gas models, damaged files in between, until a time or a number of
 * instructions is reached or something differs.
 */

import { describeDifference } from '../../../src/pvm/conformance/difference.js';
import { formatVector } from '../../../src/pvm/conformance/vectors.js';
import { Program } from '../../../src/pvm/program.js';
import { mutatedBlob, runBlob } from './blobs.js';
import { assembleCase } from './case.js';
import { generateCase } from './generator.js';
import { failureVector, minimise, runSafely } from './minimise.js';
import { Random } from './random.js';

/** What to fuzz, and how long. */
export interface FuzzOptions {
  readonly seed: number;
  /** Stops after so many seconds … */
  readonly seconds: number;
  /** … or so many generated instructions. */
  readonly instructions: number;
  /** Stops after so many cases that fail. */
  readonly failures: number;
  /** Valid program files to damage, besides generated ones. */
  readonly files: readonly Uint8Array[];
  readonly onProgress?: (totals: Totals) => void;
  /** Called before each case: what to run again should the process not survive it. */
  readonly onCase?: (seed: number, kind: CaseKind) => void;
}

/** A generated program or a damaged file. */
export type CaseKind = 'case' | 'file';

/** Something that differed or was thrown. */
export interface Failure {
  /** What `--case` or `--file` runs alone. */
  readonly seed: number;
  readonly kind: CaseKind;
  readonly message: string;
  /** The smallest program found that still fails, as text. */
  readonly listing: string;
  /** A JSON vector, where one run shows the difference. */
  readonly vector: string | undefined;
}

/** What has been done so far. */
export interface Totals {
  cases: number;
  /** Instructions in generated programs. */
  generated: number;
  /** Instructions executed by each engine: what `flat` charged. */
  executed: bigint;
  exits: number;
  readonly kinds: Map<string, number>;
  blobs: number;
  blobsLoaded: number;
  seconds: number;
  readonly failures: Failure[];
}

/** Totals before anything was done. */
export function noTotals(): Totals {
  return {
    cases: 0,
    generated: 0,
    executed: 0n,
    exits: 0,
    kinds: new Map(),
    blobs: 0,
    blobsLoaded: 0,
    seconds: 0,
    failures: [],
  };
}

/** Runs until an option says stop. */
export async function fuzz(options: FuzzOptions): Promise<Totals> {
  const start = performance.now();
  const totals = noTotals();
  const seeds = new Random(options.seed);
  const done = () =>
    totals.seconds >= options.seconds ||
    totals.generated >= options.instructions ||
    totals.failures.length >= options.failures;
  while (!done()) {
    const seed = seeds.u32();
    const kind = seeds.chance(0.9) ? 'case' : 'file';
    options.onCase?.(seed, kind);
    const failure = kind === 'case' ? fuzzCase(seed, totals) : fuzzFile(seed, options.files, totals);
    if (failure !== undefined) totals.failures.push(failure);
    totals.seconds = (performance.now() - start) / 1000;
    if ((totals.cases + totals.blobs) % 64 === 0) {
      // Dropped programs give their code back when the event loop turns after a collection.
      if ((totals.cases + totals.blobs) % 1024 === 0) globalThis.gc?.();
      await new Promise((resolve) => setImmediate(resolve));
      options.onProgress?.(totals);
    }
  }
  return totals;
}

/** One generated program under both gas models. */
export function fuzzCase(seed: number, totals: Totals): Failure | undefined {
  const fuzzCase = generateCase(new Random(seed));
  totals.cases++;
  totals.generated += fuzzCase.items.length;
  for (const gasModel of ['flat', 'pipeline'] as const) {
    const { used, exits, difference } = runSafely(fuzzCase, gasModel, { kinds: totals.kinds });
    totals.exits += exits;
    if (gasModel === 'flat') totals.executed += used;
    if (difference === undefined) continue;
    const small = minimise(fuzzCase, gasModel);
    const { image } = assembleCase(small);
    const found = runSafely(small, gasModel).difference ?? difference;
    const vector = failureVector(small, `fuzz_${seed.toString(16).padStart(8, '0')}`);
    return {
      seed,
      kind: 'case',
      message: describeDifference(found),
      listing: new Program(image).disassemble(),
      vector: vector === undefined ? undefined : formatVector(vector),
    };
  }
  return undefined;
}

/** One damaged file. */
export function fuzzFile(seed: number, files: readonly Uint8Array[], totals: Totals): Failure | undefined {
  const random = new Random(seed);
  const bytes = mutatedBlob(random, files);
  totals.blobs++;
  const { problem, loaded } = runBlob(bytes, BigInt(random.below(20000)));
  if (loaded) totals.blobsLoaded++;
  if (problem === undefined) return undefined;
  const listing = `; damaged file, ${bytes.length} bytes\n${Buffer.from(bytes).toString('hex')}\n`;
  return { seed, kind: 'file', message: problem, listing, vector: undefined };
}

/** Totals as text. */
export function describeTotals(totals: Totals): string {
  const kinds = [...totals.kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`);
  return (
    `${totals.cases} programs, ${totals.generated} instructions generated, ${totals.executed} executed by each engine; ` +
    `${totals.exits} exits compared (${kinds.join(', ')}); ` +
    `${totals.blobs} damaged files, ${totals.blobsLoaded} of which loaded; ${totals.seconds.toFixed(1)} s`
  );
}
