/**
 * Damaged classes and jars under Scotty and under `java`: the same seed makes the same mutants on both, each prints what
 * became of every one, and the two are compared.
 *
 * What must hold whatever is damaged: the process lives to the last mutant, and no mutant meets a fault of the machine
 * itself. What is compared beyond that is how a mutant ends: refused at load or at link with which error, or run with which
 * results. Where a mutant has more than one thing wrong, which of them is found first may differ, within `FOUND_FIRST`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileJava, type Jdk, type Outcome, ROOT, runJava, runScotty } from '../jdk.js';

/** Folders of compiled classes. */
export interface FuzzClasses {
  /** What is damaged. */
  readonly specimens: string;
  /** The programs that do it. */
  readonly harness: string;
}

/** Compiles what the fuzzers need. */
export function compileFuzzers(jdk: Jdk): FuzzClasses {
  const path = (name: string) => join(ROOT, 'test', 'jvm', 'fuzz', `${name}.java`);
  const [specimens, harness] = compileJava(jdk, [
    { name: 'Specimens', files: [path('Specimens')], options: ['-g', '-parameters', '-XDstringConcat=inline'] },
    { name: 'Mutants', files: ['MutatedClasses', 'Mutator', 'ClassOutline', 'MutatedJars'].map(path) },
  ]);
  return { specimens: specimens as string, harness: harness as string };
}

/** Which mutants. */
export interface MutantRange {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** What came of a range of mutants. */
export interface FuzzReport {
  readonly mutants: number;
  /** Mutants by how they ended under Scotty. */
  readonly endings: Map<string, number>;
  /** Mutants that ended in another way than under `java`, in words. */
  readonly differences: string[];
  /** Mutants of which both found something wrong, but not the same thing first. */
  readonly foundFirst: number;
  /** Mutants that ended the same way but with another message, or with something else in what reflection shows. */
  readonly otherDetails: number;
  /** Mutants that were still running at the deadline, on either side. */
  readonly timeouts: number;
}

/** Milliseconds a mutant may run. */
const DEADLINE = { java: 1500, scotty: 6000 };
/** Seconds for a run of a thousand mutants on a busy machine. */
const PATIENCE = 300;

/**
 * What may be found first where several things are wrong. At load, HotSpot loads superinterfaces in the midst of parsing.
 * At link, the order in which it verifies methods depends on addresses, and differs from one of its runs to the next.
 */
const FOUND_FIRST: readonly ReadonlySet<string>[] = [
  new Set(
    ['ClassFormatError', 'NoClassDefFoundError', 'IncompatibleClassChangeError', 'ClassCircularityError'].map(
      (name) => `load java.lang.${name}`,
    ),
  ),
  new Set(['VerifyError', 'ClassFormatError', 'NoClassDefFoundError'].map((name) => `link java.lang.${name}`)),
];

function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'scotty-mutants-'));
  return use(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
}

/** Damaged class files. @throws Error when Scotty ends early, or when a fault of its own shows */
export async function fuzzClasses(jdk: Jdk, classes: FuzzClasses, range: MutantRange): Promise<FuzzReport> {
  const args = (deadline: number) => [
    '-Xmx64m',
    ...['-cp', classes.harness, 'MutatedClasses', classes.specimens],
    ...[range.seed, range.first, range.count, deadline].map(String),
  ];
  const options = { env: { SCOTTY_DEBUG: '1' }, timeout: PATIENCE };
  const expected = await runJava(jdk, args(DEADLINE.java), options);
  const actual = await runScotty(jdk, args(DEADLINE.scotty), options);
  return compare(expected, actual, range, 3);
}

/** Damaged jars; see fuzzClasses. */
export async function fuzzJars(jdk: Jdk, classes: FuzzClasses, range: MutantRange): Promise<FuzzReport> {
  const args = [
    '-Xmx64m',
    ...['-cp', classes.harness, 'MutatedJars', classes.specimens],
    ...[range.seed, range.first, range.count].map(String),
  ];
  const run = (runner: typeof runJava) =>
    withFolder((cwd) => runner(jdk, args, { cwd, env: { SCOTTY_DEBUG: '1' }, timeout: PATIENCE }));
  return compare(await run(runJava), await run(runScotty), range, 2);
}

function mutantLines(outcome: Outcome, who: string, range: MutantRange): string[] {
  const lines = outcome.stdout.split('\n').filter((line) => line !== '');
  if (outcome.status === 0 && lines.length === range.count && outcome.stderr === '') return lines;
  const ending = outcome.signal ?? `exit code ${outcome.status}`;
  throw new Error(
    `${who}: ${ending} after ${lines.length} of ${range.count} mutants of seed ${range.seed}, ` +
      `next is mutant ${range.first + lines.length}\n${outcome.stderr.slice(0, 3000)}`,
  );
}

/** Compares line by line; column `ending` of a line says how a mutant ended. */
function compare(expected: Outcome, actual: Outcome, range: MutantRange, ending: number): FuzzReport {
  const theirs = mutantLines(expected, 'java', range);
  const ours = mutantLines(actual, 'scotty', range);
  const endings = new Map<string, number>();
  const differences: string[] = [];
  let foundFirst = 0;
  let otherDetails = 0;
  let timeouts = 0;
  ours.forEach((line, i) => {
    const our = line.split('\t');
    const their = (theirs[i] as string).split('\t');
    const ended = our[ending] as string;
    endings.set(ended, (endings.get(ended) ?? 0) + 1);
    // Messages of our own InternalErrors begin like this.
    if (line.includes('Scotty: ')) throw new Error(`a fault of the machine, seed ${range.seed}: ${line}`);
    if (ended === 'timeout' || their[ending] === 'timeout') timeouts++;
    else if (line === theirs[i]) return;
    else if (ended === their[ending]) otherDetails++;
    else if (FOUND_FIRST.some((set) => set.has(ended) && set.has(their[ending] as string))) foundFirst++;
    else differences.push(`seed ${range.seed}, mutant ${our.join(' | ')}\n  java: ${their.slice(ending).join(' | ')}`);
  });
  return { mutants: ours.length, endings, differences, foundFirst, otherDetails, timeouts };
}

/** Adds a report to another. */
export function addReport(sum: FuzzReport, more: FuzzReport): FuzzReport {
  const endings = new Map(sum.endings);
  for (const [ending, count] of more.endings) endings.set(ending, (endings.get(ending) ?? 0) + count);
  return {
    mutants: sum.mutants + more.mutants,
    endings,
    differences: [...sum.differences, ...more.differences],
    foundFirst: sum.foundFirst + more.foundFirst,
    otherDetails: sum.otherDetails + more.otherDetails,
    timeouts: sum.timeouts + more.timeouts,
  };
}

/** A report of nothing. */
export function noReport(): FuzzReport {
  return { mutants: 0, endings: new Map(), differences: [], foundFirst: 0, otherDetails: 0, timeouts: 0 };
}
