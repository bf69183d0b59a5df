/**
 * The Java side: seventeen kernels under `java -Xint`, `java` and `scotty java`; starting up; collecting garbage.
 *
 * Each sample is a process of its own, which times itself and reports its best run: what a kernel costs once it is
 * loaded. The contenders take turns within a round. Ratios are to `java -Xint`, the interpreter HotSpot generates as
 * machine code when it starts, and to `java` as it comes.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileJava, findJdk, type Jdk, javaEnvironment, SCOTTY } from '../../test/jvm/jdk.js';
import { ROOT } from '../machine.js';
import { summarize } from '../measure.js';
import type { Goal, Report } from '../report.js';
import type { Section } from '../section.js';

const FOLDER = join(ROOT, 'bench', 'jvm', 'kernels');
/** Classes of the folder that are no kernels. */
const NO_KERNELS = ['Kernel', 'Hello', 'Churn'];

const MEAN: Goal = { kind: 'bar', comparison: 'at most', value: 1.3 };
const WORST: Goal = { kind: 'bar', comparison: 'at most', value: 4 };
const START: Goal = { kind: 'bar', comparison: 'at most', value: 800 };
const MEMORY: Goal = { kind: 'bar', comparison: 'at most', value: 250 };

/** Longer than any sample takes, in milliseconds. */
const PATIENCE = 600_000;
/** How often a process is asked for its peak of memory, in milliseconds. */
const MEMORY_INTERVAL = 5;

/** One that runs Java programs. */
interface Machine {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What a process wrote and took. */
interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its start until it was gone, in milliseconds. */
  readonly wall: number;
  /** Peak of resident memory in MiB, as last read before it ended. */
  readonly peak: number;
}

function run(jdk: Jdk, { command, args }: Machine, more: readonly string[], watch = false): Promise<Run> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(command, [...args, ...more], {
      env: javaEnvironment(jdk),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE,
    });
    let [stdout, stderr, peak] = ['', '', 0];
    const poll = (): void => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        peak = Math.max(peak, Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
      } catch {
        // It has ended, or this system has no /proc.
      }
    };
    const timer = watch ? setInterval(poll, MEMORY_INTERVAL) : undefined;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (watch) poll();
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      resolve({ status, stdout, stderr, wall: performance.now() - begin, peak });
    });
  });
}

/** The first line that says why a run failed. */
function complaint({ status, stderr }: Run): string {
  return stderr.trim().split('\n')[0] || `exit code ${status}`;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function listKernels(): string[] {
  return readdirSync(FOLDER)
    .map((file) => file.replace(/\.java$/, ''))
    .filter((name) => !NO_KERNELS.includes(name))
    .sort();
}

/** Measures the Java side. */
export const jvmSection: Section = async ({ report, quick }) => {
  report.section('Java: kernels under java -Xint, java and scotty');
  const jdk = findJdk();
  if (typeof jdk === 'string') return report.skip('jvm', jdk);
  const files = readdirSync(FOLDER).map((file) => join(FOLDER, file));
  const [classes] = compileJava(jdk, [{ name: 'kernels', files }]) as [string];
  const xint: Machine = { name: 'java -Xint', command: jdk.java, args: ['-Xint', '-cp', classes] };
  const java: Machine = { name: 'java', command: jdk.java, args: ['-cp', classes] };
  const scotty: Machine = { name: 'scotty', command: process.execPath, args: [SCOTTY, 'java', '-cp', classes] };
  const hello = await run(jdk, scotty, ['Hello']);
  if (hello.status !== 0) return report.skip('jvm', `scotty java does not run: ${complaint(hello)}`);
  await kernels(report, jdk, [xint, java, scotty], quick);
  await startUp(report, jdk, [java, scotty], quick);
  await collections(report, jdk, [java, scotty], quick);
};

async function kernels(report: Report, jdk: Jdk, machines: readonly Machine[], quick: boolean): Promise<void> {
  const [rounds, runs] = quick ? [1, 3] : [3, 5];
  const rows: string[][] = [['ms a run', ...machines.map(({ name }) => name), 'to -Xint', 'to java']];
  const ratios: number[] = [];
  const toJava: number[] = [];
  for (const kernel of listKernels()) {
    const times = machines.map((): number[] => []);
    let wrong: string | undefined;
    let checksum: string | undefined;
    for (let round = 0; round < rounds && wrong === undefined; round++) {
      const order = machines.map((_, i) => (round % 2 === 0 ? i : machines.length - 1 - i));
      for (const i of order) {
        const machine = machines[i] as Machine;
        const result = await run(jdk, machine, [kernel, `${runs}`]);
        const [nanoseconds, answer] = result.stdout.trim().split(' ');
        if (result.status !== 0) wrong = `${machine.name}: ${complaint(result)}`;
        else if (checksum !== undefined && answer !== checksum) wrong = `${machine.name} answers ${answer}`;
        checksum ??= answer;
        if (wrong !== undefined) break;
        times[i]?.push(Number(nanoseconds) / 1e6);
      }
    }
    if (wrong !== undefined) {
      report.skip(`jvm.kernels.${kernel}`, wrong);
      continue;
    }
    const [interpreted, compiled, own] = times.map((samples, i) => {
      const id = `jvm.kernels.${kernel}.${['xint', 'java', 'scotty'][i]}`;
      return report.record(id, `${kernel}, ${machines[i]?.name}`, 'ms', samples).median;
    }) as [number, number, number];
    ratios.push(own / interpreted);
    toJava.push(own / compiled);
    const numbers = [interpreted, compiled, own, own / interpreted, own / compiled];
    rows.push([kernel, ...numbers.map((value) => report.format(value))]);
  }
  report.matrix(rows);
  if (ratios.length === 0) return;
  report.figure('jvm.kernels.mean', 'scotty to java -Xint, geometric mean', '', [geometricMean(ratios)], MEAN);
  report.figure('jvm.kernels.worst', 'scotty to java -Xint, worst', '', [Math.max(...ratios)], WORST);
  report.figure('jvm.kernels.mean-java', 'scotty to java, geometric mean', '', [geometricMean(toJava)]);
  report.table();
}

async function startUp(report: Report, jdk: Jdk, machines: readonly Machine[], quick: boolean): Promise<void> {
  report.section('Java: hello world in a fresh process');
  const runs = machines.map((): Run[] => []);
  for (let round = 0; round < (quick ? 3 : 9); round++) {
    for (const [i, machine] of machines.entries()) runs[i]?.push(await run(jdk, machine, ['Hello'], true));
  }
  for (const [i, { name }] of machines.entries()) {
    const samples = runs[i] as Run[];
    const own = name === 'scotty';
    const walls = samples.map(({ wall }) => wall);
    const peaks = samples.map(({ peak }) => peak);
    report.figure(`jvm.start.${name}.wall`, `${name}: wall time`, 'ms', walls, own ? START : undefined);
    report.figure(`jvm.start.${name}.memory`, `${name}: peak of memory`, 'MiB', peaks, own ? MEMORY : undefined);
  }
  report.table();
}

/** Allocates through a small heap and reports the pauses that `-verbose:gc` prints. */
async function collections(report: Report, jdk: Jdk, machines: readonly Machine[], quick: boolean): Promise<void> {
  const megabytes = quick ? 2048 : 20_480;
  report.section(`Java: ${megabytes / 1024} GiB allocated through a heap of 128 MB`);
  let checksum: string | undefined;
  for (const machine of machines) {
    const { name, args } = machine;
    const limited = { ...machine, args: [...args.slice(0, -2), '-Xmx128m', '-verbose:gc', ...args.slice(-2)] };
    const result = await run(jdk, limited, ['Churn', `${megabytes}`]);
    const answer = result.stdout.trim().split('\n').at(-1);
    if (result.status !== 0 || (checksum !== undefined && answer !== checksum)) {
      report.skip(`jvm.collections.${name}`, result.status === 0 ? `answers ${answer}` : complaint(result));
      continue;
    }
    checksum ??= answer;
    report.figure(`jvm.collections.${name}.wall`, `${name}: wall time`, 's', [result.wall / 1000]);
    const lines = `${result.stdout}\n${result.stderr}`.matchAll(/Pause.* ([\d.]+)ms$/gm);
    const pauses = [...lines].map(([, milliseconds]) => Number(milliseconds));
    if (pauses.length === 0) {
      report.skip(`jvm.collections.${name}.pauses`, 'no pause was printed');
      continue;
    }
    const { median, max } = summarize(pauses);
    report.figure(`jvm.collections.${name}.count`, `${name}: pauses`, '', [pauses.length]);
    report.figure(`jvm.collections.${name}.median`, `${name}: pause, median`, 'ms', [median]);
    report.figure(`jvm.collections.${name}.max`, `${name}: pause, longest`, 'ms', [max]);
  }
  report.table();
}
