/**
 * `npm run fuzz:java -- [--count N] [--jars N] [--seed S]`
 *
 * Runs damaged classes and jars under Scotty and under `java`, in processes of a thousand mutants each, and prints how they
 * ended and where the two differ. Ends with 1 where they do, or where a process did not reach its end.
 */
import { parseArgs } from 'node:util';
import { findJdk } from '../jdk.js';
import { addReport, compileFuzzers, type FuzzReport, fuzzClasses, fuzzJars, noReport } from './fuzzer.js';

const BATCH = 1000;

/** How often each error occurred, without the names of the specimens' own exceptions. */
function describe(what: string, report: FuzzReport): string {
  const endings = [...report.endings].sort(([, a], [, b]) => b - a);
  const lines = endings.map(([ending, count]) => `  ${String(count).padStart(6)}  ${ending}`);
  return [
    `${what}: ${report.mutants} mutants`,
    ...lines,
    `  another error found first: ${report.foundFirst}; another message: ${report.otherDetails}; ` +
      `over the deadline: ${report.timeouts}; differences: ${report.differences.length}`,
    ...report.differences.map((text) => `\n${text}`),
    '',
  ].join('\n');
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    jars: { type: 'string', default: '4000' },
    seed: { type: 'string', default: '1' },
  },
});
const numbers = [values.count, values.jars, values.seed].map(Number);
const jdk = findJdk();
if (typeof jdk === 'string' || numbers.some((n) => !Number.isInteger(n) || n < 0)) {
  process.stderr.write(typeof jdk === 'string' ? `fuzz: ${jdk}\n` : 'fuzz: expected whole numbers\n');
  process.exit(2);
}
const [count, jars, seed] = numbers as [number, number, number];
const classes = compileFuzzers(jdk);
let failed = false;
for (const [what, total, run] of [
  ['classes', count, fuzzClasses],
  ['jars', jars, fuzzJars],
] as const) {
  let sum = noReport();
  for (let first = 0; first < total; first += BATCH) {
    try {
      sum = addReport(sum, await run(jdk, classes, { seed, first, count: Math.min(BATCH, total - first) }));
    } catch (error) {
      failed = true;
      process.stdout.write(`${(error as Error).message}\n`);
    }
    process.stderr.write(`\r${what}: ${sum.mutants} of ${total}, ${sum.differences.length} differences `);
  }
  process.stderr.write('\n');
  process.stdout.write(describe(what, sum));
  failed ||= sum.differences.length > 0;
}
process.exit(failed ? 1 : 0);
