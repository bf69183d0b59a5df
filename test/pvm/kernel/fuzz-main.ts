/**
 * `node scripts/run.mjs test/pvm/kernel/fuzz-main [--operations N] [--seed S] [--case SEED]`
 *
 * Random operations on the kernel, held to its model on every engine and under both gas models. Prints totals and ends
 * with 0 where nothing differed; else prints each failure, keeps the smallest case it could make of it in `corpus/`
 * (where the tests replay it) and ends with 1.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kernelCorpusFolder } from './corpus.js';
import {
  describeKernelTotals,
  fuzzKernel,
  fuzzKernelCase,
  type KernelFailure,
  listCase,
  minimiseCase,
  noKernelTotals,
} from './fuzzer.js';

function number(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  process.stderr.write(`fuzz: expected a number, found '${text}'\n`);
  process.exit(2);
}

function report(failure: KernelFailure, keep: boolean): void {
  const { seed, engine, gasModel, message } = failure;
  process.stdout.write(`\nDIFFERENCE (--case ${seed}) ${engine}, ${gasModel}: ${message}\n`);
  const small = minimiseCase(failure);
  process.stdout.write(listCase(small));
  if (!keep) return;
  mkdirSync(kernelCorpusFolder, { recursive: true });
  const file = join(kernelCorpusFolder, `${seed.toString(16).padStart(8, '0')}.json`);
  writeFileSync(file, `${JSON.stringify({ gasModel, ...small })}\n`);
  process.stdout.write(`kept as ${file}\n`);
}

const { values } = parseArgs({
  options: {
    operations: { type: 'string' },
    seed: { type: 'string' },
    failures: { type: 'string' },
    case: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

if (values.case !== undefined) {
  const totals = noKernelTotals();
  const failure = fuzzKernelCase(number(values.case, 0), totals);
  if (failure !== undefined) report(failure, values.keep);
  else process.stdout.write(`no difference: ${describeKernelTotals(totals)}\n`);
  process.exit(failure === undefined ? 0 : 1);
}

const seed = number(values.seed, Date.now() % 2 ** 32);
process.stdout.write(`fuzz: seed ${seed}\n`);
let printed = performance.now();
const totals = fuzzKernel({
  seed,
  operations: number(values.operations, 100_000),
  failures: number(values.failures, 3),
  onCase: (at, soFar) => {
    if (performance.now() - printed < 10_000) return;
    printed = performance.now();
    process.stdout.write(`case ${at}: ${soFar.operations} operations, ${soFar.failures.length} failures\n`);
  },
});
for (const failure of totals.failures) report(failure, values.keep);
process.stdout.write(`${describeKernelTotals(totals)}\n`);
process.stdout.write(totals.failures.length === 0 ? 'no difference\n' : `${totals.failures.length} differences\n`);
process.exit(totals.failures.length === 0 ? 0 : 1);
