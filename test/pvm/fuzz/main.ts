/**
 * `npm run fuzz -- [--seconds N] [--seed S] [--instructions N] [--case SEED]`
 *
 * Prints totals and ends with 0 where nothing differed; else prints each failure as a vector, keeps it in `corpus/`
 * (where the tests replay it on both engines) and ends with 1.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseVector } from '../../../src/pvm/conformance/vectors.js';
import { corpusFolder } from './corpus.js';
import { describeTotals, type Failure, fuzz, fuzzCase, type Totals } from './fuzzer.js';

function number(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  process.stderr.write(`fuzz: expected a number, found '${text}'\n`);
  process.exit(2);
}

function report(failure: Failure): void {
  process.stdout.write(`\nDIFFERENCE (--case ${failure.seed})\n${failure.message}\n${failure.listing}`);
  if (failure.vector === undefined) return;
  process.stdout.write(`${failure.vector}\n`);
  mkdirSync(corpusFolder, { recursive: true });
  const file = join(corpusFolder, `${failure.seed.toString(16).padStart(8, '0')}.json`);
  writeFileSync(file, `${failure.vector}\n`);
  process.stdout.write(`kept as ${file}\n`);
}

/** Programs of the published vectors, where they are at hand. */
function publishedPrograms(): Uint8Array[] {
  const folder = join(process.env.SCOTTY_VECTORS ?? join('..', 'shared', 'vectors'), 'pvm');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => parseVector(readFileSync(join(folder, file), 'utf8')).program);
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    instructions: { type: 'string' },
    failures: { type: 'string' },
    case: { type: 'string' },
  },
});
const seed = number(values.seed, Date.now() % 2 ** 32);

if (values.case !== undefined) {
  const totals: Totals = {
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
  const failure = fuzzCase(number(values.case, 0), totals);
  if (failure !== undefined) report(failure);
  else process.stdout.write(`no difference: ${describeTotals(totals)}\n`);
  process.exit(failure === undefined ? 0 : 1);
}

let printed = performance.now();
process.stdout.write(`fuzz: seed ${seed}\n`);
const totals = await fuzz({
  seed,
  seconds: number(values.seconds, values.instructions === undefined ? 60 : Number.POSITIVE_INFINITY),
  instructions: number(values.instructions, Number.POSITIVE_INFINITY),
  failures: number(values.failures, 5),
  files: publishedPrograms(),
  onProgress: (soFar) => {
    if (performance.now() - printed < 10_000) return;
    printed = performance.now();
    process.stdout.write(`${describeTotals(soFar)}\n`);
  },
});
for (const failure of totals.failures) report(failure);
process.stdout.write(`${describeTotals(totals)}\n`);
process.stdout.write(totals.failures.length === 0 ? 'no difference\n' : `${totals.failures.length} differences\n`);
process.exit(totals.failures.length === 0 ? 0 : 1);
