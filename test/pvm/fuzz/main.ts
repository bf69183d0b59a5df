/**
 * `npm run fuzz -- [--seconds N] [--seed S] [--instructions N] [--case SEED | --file SEED]`
 *
 * Prints totals and ends with 0 where nothing differed; else prints each failure as a vector, keeps it in `corpus/`
 * (where the tests replay it on both engines) and ends with 1. The fuzzing itself happens in a child process: should an
 * engine bring it down, the parent says which case did it.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseVector } from '../../../src/pvm/conformance/vectors.js';
import { corpusFolder } from './corpus.js';
import { describeTotals, type Failure, fuzz, fuzzCase, fuzzFile, noTotals } from './fuzzer.js';

function number(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  process.stderr.write(`fuzz: expected a number, found '${text}'\n`);
  process.exit(2);
}

function report(failure: Failure): void {
  process.stdout.write(`\nDIFFERENCE (--${failure.kind} ${failure.seed})\n${failure.message}\n${failure.listing}`);
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

/** Runs the fuzzer in a child process; returns its exit code. */
function runChild(): number {
  const folder = mkdtempSync(join(tmpdir(), 'scotty-fuzz-'));
  try {
    const note = join(folder, 'case');
    const script = fileURLToPath(import.meta.url);
    const args = [...process.execArgv, script, ...process.argv.slice(2), '--note', note];
    const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    if (signal === null) return status ?? 1;
    const last = existsSync(note) ? readFileSync(note, 'latin1').trim() : '(none was begun)';
    process.stdout.write(`\nCRASH: the process was killed by ${signal} during ${last}\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    instructions: { type: 'string' },
    failures: { type: 'string' },
    case: { type: 'string' },
    file: { type: 'string' },
    note: { type: 'string' },
  },
});

if (values.case !== undefined || values.file !== undefined) {
  const totals = noTotals();
  const failure =
    values.case !== undefined
      ? fuzzCase(number(values.case, 0), totals)
      : fuzzFile(number(values.file, 0), publishedPrograms(), totals);
  if (failure !== undefined) report(failure);
  else process.stdout.write(`no difference: ${describeTotals(totals)}\n`);
  process.exit(failure === undefined ? 0 : 1);
}
if (values.note === undefined) process.exit(runChild());

const seed = number(values.seed, Date.now() % 2 ** 32);
const note = openSync(values.note, 'w');
let printed = performance.now();
process.stdout.write(`fuzz: seed ${seed}\n`);
const totals = await fuzz({
  seed,
  seconds: number(values.seconds, values.instructions === undefined ? 60 : Number.POSITIVE_INFINITY),
  instructions: number(values.instructions, Number.POSITIVE_INFINITY),
  failures: number(values.failures, 5),
  files: publishedPrograms(),
  onCase: (number, kind) => writeSync(note, `--${kind} ${number}`.padEnd(24), 0),
  onProgress: (soFar) => {
    if (performance.now() - printed < 10_000) return;
    printed = performance.now();
    process.stdout.write(`${describeTotals(soFar)}\n`);
  },
});
closeSync(note);
for (const failure of totals.failures) report(failure);
process.stdout.write(`${describeTotals(totals)}\n`);
process.stdout.write(totals.failures.length === 0 ? 'no difference\n' : `${totals.failures.length} differences\n`);
process.exit(totals.failures.length === 0 ? 0 : 1);
