/**
 * Small programs in C, of the kinds guests are made of: loops, memory, hashes, elliptic curves, host calls. The same
 * source runs on both our engines, on anan-as, on PolkaVM and natively. What is timed: `workload-runners.ts`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findClang } from '../src/cli/pvm/clang.js';
import { Program } from '../src/pvm/index.js';
import { type Bar, drawChart } from './chart.js';
import { WORKLOADS, type WorkloadName } from './guests.js';
import { ROOT } from './machine.js';
import { Rounds, summarize } from './measure.js';
import { AnanAs } from './peers/anan-as.js';
import { Polkavm } from './peers/polkavm.js';
import type { Goal, Report } from './report.js';
import type { Section } from './section.js';
import {
  ananAsRunner,
  linkWorkload,
  nativeRunner,
  ourRunner,
  type Phase,
  polkavmRunner,
  type Runner,
  verifyWorkload,
} from './workload-runners.js';

const TITLES: Readonly<Record<WorkloadName, string>> = {
  fib: 'fib: 1M additions',
  hostcall: 'hostcall: 100K calls',
  sort: 'sort: 1K numbers, insertion',
  sieve: 'sieve: primes to 100K',
  blake2b: 'blake2b: 100 × 1 KB',
  keccak: 'keccak: 100 × 1 KB',
  ed25519: 'ed25519: verify one signature',
  ecrecover: 'ecrecover: recover one key',
};
const PHASES: readonly Phase[] = ['compile', 'execute', 'whole'];
const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  compile: 'Compile, ms: from the bytes to code that is ready',
  execute: 'Execute, ms: one call in an instance that has run before',
  whole: 'Compile + execute, ms: from the bytes to the answer',
};

const EXECUTE_BAR: Goal = { kind: 'bar', comparison: 'at most', value: 1 };
const WORST_BAR: Goal = { kind: 'bar', comparison: 'at most', value: 1.3 };
const NATIVE_BAR: Goal = { kind: 'bar', comparison: 'at most', value: 2 };
const WHOLE_BAR: Goal = { kind: 'bar', comparison: 'at most', value: 1.5 };

/** Samples before any is kept: the compiler's own code is compiled by then. */
const WARM_UPS = 15;
/** Interpreters compile next to nothing and take long. Nothing is asked of them here, so they get fewer rounds too. */
const ONCE = { compile: 3, execute: 1, whole: 1 };
/**
 * Says more about what a host call crosses than about code: nothing natively, the border of a process in PolkaVM. So means
 * are also made without it.
 */
const HOST_CALLS: WorkloadName = 'hostcall';

/** Where the chart goes. */
export const CHART = join('docs', 'bench.svg');

/** Everybody's times, by workload and contender: rounds of each phase. */
type Results = Map<WorkloadName, { rounds: Rounds; runners: readonly Runner[] }>;

/** Measures the workloads. */
export const workloadsSection: Section = async (setting) => {
  const { report, engines, noRecompiler, workloads } = setting;
  report.section('Workloads: C programs');
  const missing = findClang();
  if (typeof missing === 'string') return report.skip('workloads', missing);
  if (noRecompiler !== undefined) report.skip('workloads.recompiler', noRecompiler);
  const polkavm = Polkavm.build((text) => report.note(text));
  if (typeof polkavm === 'string') report.skip('workloads.polkavm', polkavm);
  const results: Results = new Map();
  for (const name of workloads ?? WORKLOADS) {
    results.set(name, await measureWorkload(name, setting, typeof polkavm === 'string' ? undefined : polkavm));
  }
  for (const phase of PHASES) tabulate(report, results, phase);
  if (engines.includes('recompiler')) compareWithPeers(report, results);
  report.table();
  if (setting.writeChart) {
    writeFileSync(join(ROOT, CHART), await drawChart(bars(results)));
    report.note(`chart written to ${CHART}`);
  }
};

async function measureWorkload(
  name: WorkloadName,
  { quick, engines, report }: Parameters<Section>[0],
  polkavm: Polkavm | undefined,
): Promise<{ rounds: Rounds; runners: readonly Runner[] }> {
  const workload = linkWorkload(name);
  const { gas } = verifyWorkload(workload, engines, 0);
  const counts = quick ? { compile: 3, execute: 5, whole: 1 } : { compile: 7, execute: 9, whole: 3 };
  const runners: Runner[] = [nativeRunner(name, quick ? 5 : 15)];
  const slow: Runner[] = [];
  if (engines.includes('recompiler')) {
    runners.push(ourRunner(workload, 'recompiler', 'flat', counts));
    runners.push(ourRunner(workload, 'recompiler', 'pipeline', counts));
    await warmUp(runners);
  }
  if (polkavm !== undefined) {
    runners.push(polkavmRunner(name, polkavm, 'compiler', counts));
    slow.push(polkavmRunner(name, polkavm, 'interpreter', ONCE));
  }
  slow.push(ourRunner(workload, 'interpreter', 'flat', ONCE));
  for (const build of ['release', 'release-mini'] as const) {
    const peer = await AnanAs.load(build);
    if (typeof peer === 'string') report.skip(`workloads.${name}.anan-as.${build}`, peer);
    else slow.push(ananAsRunner(workload, peer, build, gas));
  }
  const rounds = Rounds.runPhases(runners, quick ? 5 : 15, 1);
  rounds.add(Rounds.runPhases(slow, quick ? 1 : 5, quick ? 0 : 1));
  return { rounds, runners: [...runners, ...slow] };
}

async function warmUp(runners: readonly Runner[]): Promise<void> {
  for (let i = 0; i < WARM_UPS; i++) {
    for (const { name, sample } of runners) if (name.startsWith('recompiler')) sample();
    // Only between turns of the event loop do finalizers free dropped code.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** One table a phase: a row a contender, a column a workload. */
function tabulate(report: Report, results: Results, phase: Phase): void {
  const rows = new Map<string, string[]>();
  let column = 1;
  for (const [workload, { rounds, runners }] of results) {
    for (const { name, title } of runners) {
      const key = `${name}.${phase}`;
      if (!rounds.has(key)) continue;
      const figure = report.record(`workloads.${workload}.${key}`, `${workload}, ${title}`, 'ms', rounds.cost(key));
      const row = rows.get(title) ?? [title];
      row[column] = report.format(figure.median);
      rows.set(title, row);
    }
    column++;
  }
  report.matrix([[PHASE_TITLES[phase], ...results.keys()], ...rows.values()]);
}

/** A peer to compare the recompiler with, and what is asked of the comparison. */
interface Comparison {
  readonly other: string;
  /** The peer in ids and tables. */
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly mean?: Goal;
  /** Of the mean without host calls. */
  readonly codeMean?: Goal;
  readonly worst?: Goal;
}

const POLKAVM = { other: 'polkavm.compiler', id: 'polkavm-time', title: 'PolkaVM' };
const NATIVE = { other: 'native', id: 'native-time', title: 'C' };
const COMPARISONS: readonly Comparison[] = [
  { ...POLKAVM, phase: 'execute', mean: EXECUTE_BAR, worst: WORST_BAR },
  { ...NATIVE, phase: 'execute', codeMean: NATIVE_BAR },
  { ...POLKAVM, phase: 'compile' },
  { ...POLKAVM, phase: 'whole', mean: WHOLE_BAR },
];

/** What the recompiler takes as a multiple of what others take, workload by workload and on geometric average. */
function compareWithPeers(report: Report, results: Results): void {
  const names = [...results.keys()];
  const table = [["Recompiler's time as a multiple of", ...names]];
  for (const { other, id, title, phase, mean, codeMean, worst } of COMPARISONS) {
    const what = `${phase}: ${title}'s time multiplied by`;
    const medians = new Map<WorkloadName, number>();
    for (const [workload, { rounds }] of results) {
      if (!rounds.has(`${other}.${phase}`)) continue;
      const ratios = rounds.ratio(`recompiler.${phase}`, `${other}.${phase}`);
      const figure = report.record(`workloads.${workload}.${phase}.${id}`, `${workload}, ${what}`, '×', ratios);
      medians.set(workload, figure.median);
    }
    if (medians.size === 0) continue;
    table.push([`${title}'s: ${phase}`, ...names.map((name) => medians.get(name)?.toFixed(2) ?? '')]);
    // What is asked is asked of the whole suite.
    if (names.length < WORKLOADS.length) continue;
    const ratios = [...medians.values()];
    const code = [...medians].filter(([name]) => name !== HOST_CALLS).map(([, ratio]) => ratio);
    const key = `workloads.mean.${phase}.${id}`;
    report.figure(key, `${what}, geometric mean`, '×', [geometricMean(ratios)], mean);
    report.figure(`${key}-code`, `${what}, geometric mean without ${HOST_CALLS}`, '×', [geometricMean(code)], codeMean);
    if (worst !== undefined) {
      report.figure(`workloads.worst.${phase}.${id}`, `${what}, worst`, '×', [Math.max(...ratios)], worst);
    }
  }
  if (table.length > 1) report.matrix(table);
  if (names.length < WORKLOADS.length) return;
  const all = [...results.values()];
  if (!all.every(({ rounds }) => rounds.has('polkavm.compiler.whole'))) return;
  const total = (name: string) => all.reduce((sum, { rounds }) => sum + medianOf(rounds, name), 0);
  const ratio = total('recompiler.whole') / total('polkavm.compiler.whole');
  report.figure('workloads.total.whole.polkavm-time', "whole: PolkaVM's time multiplied by, of sums", '×', [ratio]);
}

function bars(results: Results): Bar[] {
  const shown = ['native', 'recompiler', 'polkavm.compiler', 'polkavm.interpreter', 'interpreter', 'anan-as.release'];
  const found: Bar[] = [];
  for (const [workload, { rounds, runners }] of results) {
    for (const name of shown) {
      const title = runners.find((runner) => runner.name === name)?.title;
      if (title === undefined) continue;
      found.push({ workload: TITLES[workload], contender: title, milliseconds: medianOf(rounds, `${name}.execute`) });
    }
  }
  return found;
}

function medianOf(rounds: Rounds, name: string): number {
  return summarize(rounds.cost(name)).median;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** The machine code of a workload beside its instructions. */
export function listWorkload(name: WorkloadName): string {
  return Program.load(linkWorkload(name).bytes).nativeListing();
}
