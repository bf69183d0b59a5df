/**
 * `npm run demo`: real PVM programs on both engines, with the same result and the same gas; then Java programs
 * (demo-java.ts).
 *
 * Each program runs interpreted, then as the x86-64 code the recompiler makes of it. Times are the best of a few
 * runs, inside `Instance.run` only; compilation is a column of its own. "equal" means: the same exit, registers, gas
 * and memory, to the bit. The JAM service runs its recorded work items (JIP-6 traces), and there every host call
 * in between is compared with the recording too; without that data the demo runs the other examples instead.
 *
 * One program is C, compiled and linked on the spot where there is a clang; one is a tree of 21 891 VMs of the capability
 * kernel, which makes and calls each of them in machine code.
 *
 * For scale there is a column for `@fluffylabs/anan-as`, the interpreter in WebAssembly that JAM's TypeScript node uses
 * (one run; `npm run bench` compares with it properly, on the service too).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnanAs, AnanAsStatus, flatRegisters } from '../bench/peers/anan-as.js';
import { compile, findClang } from '../src/cli/pvm/clang.js';
import { serveDebugCall } from '../src/cli/pvm/debug-host.js';
import { columns, duration, grouped, styleFor } from '../src/cli/terminal.js';
import { describeDifference } from '../src/pvm/conformance/difference.js';
import { parseTrace, replay } from '../src/pvm/conformance/traces.js';
import { assemble, type Engine, type Instance, Kernel, Program } from '../src/pvm/index.js';
import { linkProgram } from '../src/pvm/toolchain/output.js';
import { showJava } from './demo-java.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const style = styleFor(process.stdout);

/** One line of the table. */
interface Row {
  readonly name: string;
  readonly gas: bigint;
  readonly interpreter: number;
  /** Milliseconds to compile, and to run; undefined where this machine has no recompiler. */
  readonly compile: number | undefined;
  readonly recompiler: number | undefined;
  /** Milliseconds anan-as takes; undefined where it was not asked. */
  readonly peer?: number | undefined;
  /** What differed, where something did. */
  readonly problem: string | undefined;
}

/** What one run came to. */
interface Run {
  readonly state: string;
  readonly gas: bigint;
  readonly milliseconds: number;
}

const GAS = 1_000_000_000_000n;

function runOnce(program: Program, engine: Engine): Run {
  const instance = program.instantiate({ engine, gas: GAS });
  const start = performance.now();
  let exit = instance.run();
  // Examples that print do so through the debugging host; here they print into nothing.
  while (exit.kind === 'host-call' && serveDebugCall(exit.id, instance, () => undefined)) exit = instance.run();
  const milliseconds = performance.now() - start;
  const run = { state: `${JSON.stringify(exit)} ${stateOf(instance)}`, gas: GAS - instance.gas, milliseconds };
  instance.dispose();
  return run;
}

/** Registers and memory as text, for comparison. */
function stateOf(instance: Instance): string {
  const memory = instance.memory.regions().map(({ address, length }) => {
    return `${address} ${Buffer.from(instance.memory.read(address, length)).toString('base64')}`;
  });
  return [...instance.registers, ...memory].join(' ');
}

/** The fastest of a few runs. */
function best(times: number, run: () => Run): Run {
  let fastest = run();
  for (let i = 1; i < times; i++) {
    const next = run();
    if (next.milliseconds < fastest.milliseconds) fastest = next;
  }
  return fastest;
}

function compileTime(program: Program): number {
  const start = performance.now();
  program.nativeCode('flat');
  return performance.now() - start;
}

/** An example, and constants of its text to replace. */
interface Example {
  readonly file: string;
  readonly name: string;
  readonly constants: Readonly<Record<string, number>>;
}

function assembleExample({ file, constants }: Example): Uint8Array {
  let text = readFileSync(join(root, 'examples', file), 'utf8');
  for (const [name, value] of Object.entries(constants)) {
    text = text.replace(new RegExp(`^(\\.const ${name}) .*$`, 'm'), `$1 ${value}`);
  }
  return assemble(text, file);
}

/** How long anan-as takes for a program that makes no host calls and takes no arguments. */
function runPeer(peer: AnanAs, bytes: Uint8Array, program: Program): number | undefined {
  const { entry, registers } = program.image;
  const start = { pc: entry, gas: GAS, args: [], registers: flatRegisters(registers) };
  peer.reset({ bytes: [...bytes], hasMetadata: false, ...start });
  const before = performance.now();
  const status = peer.run();
  return status === AnanAsStatus.Halt ? performance.now() - before : undefined;
}

function runExample(example: Example, native: boolean, peer: AnanAs | undefined): Row {
  return runProgram(example.name, assembleExample(example), native, peer);
}

/** A C program, from source to both engines. */
function runC(file: string, name: string, native: boolean): Row {
  const elf = compile({
    sources: [join(root, 'examples', file)],
    level: '2',
    include: [],
    define: [],
    flags: [],
    entries: [],
    heapSize: 0,
    kernel: false,
    sbrk: true,
  });
  return runProgram(name, linkProgram(elf, { format: 'standard', name: file }).bytes, native, undefined);
}

/** The kernel: fib(20), where every VM makes two more. */
function runTree(native: boolean): Row {
  const bytes = assemble(readFileSync(join(root, 'examples', 'fib-recur.pvm'), 'utf8'));
  const once = (engine: Engine): Run => {
    const kernel = Kernel.load(bytes, { engine, gas: GAS, registers: { 7: 20n } });
    const start = performance.now();
    const result = kernel.run();
    const milliseconds = performance.now() - start;
    const value = result.kind === 'halt' ? result.value : result.kind;
    const run = { state: `${value}, ${kernel.liveVms} VMs`, gas: GAS - kernel.gas, milliseconds };
    kernel.dispose();
    return run;
  };
  const interpreted = best(3, () => once('interpreter'));
  const name = 'capability kernel, 21 891 VMs';
  const row = { name, gas: interpreted.gas, interpreter: interpreted.milliseconds, compile: undefined };
  const wrong = interpreted.state === '6765, 21891 VMs' ? undefined : interpreted.state;
  if (!native) return { ...row, recompiler: undefined, problem: wrong };
  const compiled = best(5, () => once('recompiler'));
  const same = compiled.state === interpreted.state && compiled.gas === interpreted.gas;
  const problem = wrong ?? (same ? undefined : `${interpreted.state} and ${compiled.state}`);
  return { ...row, recompiler: compiled.milliseconds, problem };
}

function runProgram(name: string, bytes: Uint8Array, native: boolean, peer: AnanAs | undefined): Row {
  const program = Program.load(bytes);
  const interpreted = best(3, () => runOnce(program, 'interpreter'));
  const row = { name, gas: interpreted.gas, interpreter: interpreted.milliseconds };
  if (!native) return { ...row, compile: undefined, recompiler: undefined, problem: undefined };
  const compilation = compileTime(program);
  const compiled = best(5, () => runOnce(program, 'recompiler'));
  let problem: string | undefined;
  if (compiled.gas !== interpreted.gas) problem = `gas: ${interpreted.gas} and ${compiled.gas}`;
  else if (compiled.state !== interpreted.state) problem = 'the state at the end';
  const milliseconds = peer && runPeer(peer, bytes, program);
  return { ...row, compile: compilation, recompiler: compiled.milliseconds, peer: milliseconds, problem };
}

function runService(paths: readonly string[], native: boolean): Row {
  const traces = paths.map((path) => parseTrace(readFileSync(path, 'utf8')));
  const blob = (traces[0] as (typeof traces)[0]).program;
  const program = Program.load(blob);
  const shared = traces.every((trace) => Buffer.compare(trace.program, blob) === 0) ? program : undefined;

  const runAll = (engine: Engine): Run => {
    let [gas, milliseconds, state] = [0n, 0, ''];
    for (const trace of traces) {
      const run = replay(trace, engine, shared);
      gas += trace.start.gas - run.gas;
      milliseconds += run.milliseconds;
      state ||= run.difference ? describeDifference(run.difference) : '';
    }
    return { state, gas, milliseconds };
  };
  const interpreted = best(3, () => runAll('interpreter'));
  const size = `${Math.round(blob.length / 1000)} KB`;
  const name = `JAM service (${size}), ${traces.length} work items`;
  const row = { name, gas: interpreted.gas, interpreter: interpreted.milliseconds };
  if (!native) return { ...row, compile: undefined, recompiler: undefined, problem: interpreted.state || undefined };
  const compilation = compileTime(program);
  const compiled = best(5, () => runAll('recompiler'));
  return {
    ...row,
    compile: compilation,
    recompiler: compiled.milliseconds,
    problem: interpreted.state || compiled.state || undefined,
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printTable(rows: readonly Row[]): void {
  const time = (milliseconds: number | undefined) => (milliseconds === undefined ? '–' : duration(milliseconds));
  const times = (slow: number | undefined, fast: number | undefined) =>
    slow === undefined || fast === undefined ? '–' : `${(slow / fast).toFixed(0)}×`;
  const lines = columns(
    [
      ['program', 'gas', 'interpreter', 'compile', 'recompiler', 'speed-up', 'equal', 'anan-as', 'speed-up'],
      ...rows.map((row) => [
        row.name,
        grouped(row.gas),
        time(row.interpreter),
        time(row.compile),
        time(row.recompiler),
        times(row.interpreter, row.recompiler),
        row.problem === undefined ? (row.recompiler === undefined ? '–' : 'yes') : 'NO',
        time(row.peer),
        times(row.peer, row.recompiler),
      ]),
    ],
    [1, 2, 3, 4, 5, 7, 8],
  );
  say(style.strong(lines[0] as string));
  for (const line of lines.slice(1)) say(line);
}

const unavailable = Program.recompilerUnavailable();
const native = unavailable === undefined;
say('Scotty: PVM programs interpreted, then as x86-64 code emitted by TypeScript.');
if (!native) say(`Only interpreted here: ${unavailable}.`);
say('');

const tracesFolder = join(process.env.SCOTTY_VECTORS ?? join(root, '..', 'shared', 'vectors'), 'jam-traces');
const traces = existsSync(tracesFolder)
  ? readdirSync(tracesFolder)
      .filter((file) => file.endsWith('.log'))
      .sort()
      .map((file) => join(tracesFolder, file))
  : [];
// The examples as they stand end in microseconds; with a larger N there is something to measure.
const MAIN = [
  { file: 'fib.pvm', name: 'fib loop, 10 million rounds', constants: { N: 10_000_000 } },
  { file: 'sort.pvm', name: 'insertion sort, 1000 numbers', constants: {} },
];
const OTHERS = [
  { file: 'sieve.pvm', name: 'sieve of Eratosthenes', constants: {} },
  { file: 'hello.pvm', name: 'hello', constants: {} },
];

const loaded = await AnanAs.load('release');
const peer = typeof loaded === 'string' ? undefined : loaded;
const rows: Row[] = [];
for (const example of traces.length > 0 ? MAIN : [...MAIN, ...OTHERS]) {
  say(style.faint(`running examples/${example.file}`));
  rows.push(runExample(example, native, peer));
}
const clang = findClang();
if (typeof clang === 'string') {
  say(style.faint(`no C example: ${clang}`));
} else {
  say(style.faint('compiling and running examples/nqueens.c'));
  rows.push(runC('nqueens.c', 'nqueens.c, 9 queens', native));
}
say(style.faint('running examples/fib-recur.pvm on the capability kernel'));
rows.push(runTree(native));
if (traces.length > 0) {
  say(style.faint(`replaying ${traces.length} recorded runs of a JAM service`));
  rows.push(runService(traces, native));
} else {
  say(style.faint(`no recorded JAM service at ${tracesFolder} (set SCOTTY_VECTORS): the other examples instead`));
}
say('');
printTable(rows);
for (const { name, problem } of rows) {
  if (problem !== undefined) say(style.bad(`${name}: the engines differ: ${problem}`));
}
const javaRan = await showJava({ say, style });
process.exitCode = rows.some(({ problem }) => problem !== undefined) || !javaRan ? 1 : 0;
