/**
 * The fib loop: five instructions with nothing but arithmetic and one branch, which is what an engine costs at least.
 * Against anan-as on the same program, and against the same loop in C.
 *
 * Everybody's sample lasts equally long, so the fast ones run more iterations; a run of equal length for all compares
 * the results.
 */
import { type Engine, Program } from '../src/pvm/index.js';
import { type Contender, calibrate, now, Rounds } from './measure.js';
import { AnanAs, AnanAsStatus, flatRegisters } from './peers/anan-as.js';
import { CFib } from './peers/c.js';
import { FIB_INSTRUCTIONS, fibLoop, fibRegisters, fibResult, type Loop } from './programs.js';
import type { Goal } from './report.js';
import { PLENTY, type Section } from './section.js';

/** What a run of the loop came to. `gas` is what it used; C has none. */
interface Run {
  readonly milliseconds: number;
  readonly result: bigint;
  readonly gas: bigint | undefined;
}

interface Runner {
  readonly name: string;
  readonly title: string;
  run(iterations: number): Run;
}

const RATIO_BARS: Record<Engine, Goal> = {
  interpreter: { kind: 'bar', comparison: 'at least', value: 3 },
  recompiler: { kind: 'bar', comparison: 'at least', value: 300 },
};
const C_AIM: Goal = { kind: 'aim', comparison: 'at most', value: 1.2 };
/** Iterations of the run that everybody's result is compared for. */
const COMPARED = 100_000;

/** Measures the fib loop. */
export const fibSection: Section = async ({ report, quick, engines, noRecompiler }) => {
  report.section('Fib loop: add, two moves, countdown, branch');
  const loop = fibLoop();
  const runners: Runner[] = engines.map((engine) => ourRunner(engine, loop));
  if (noRecompiler !== undefined) report.skip('fib.recompiler', noRecompiler);
  for (const build of ['release', 'release-mini'] as const) {
    const peer = await AnanAs.load(build);
    if (typeof peer === 'string') report.skip(`fib.anan-as.${build}`, peer);
    else runners.push(peerRunner(`anan-as.${build}`, peer, loop));
  }
  const c = CFib.build();
  if (typeof c === 'string') report.skip('fib.c', c);
  else runners.push({ name: 'c', title: 'C, cc -O2', run: (n) => ({ ...c.run(n), gas: undefined }) });

  try {
    compare(runners);
    const rounds = Rounds.run(
      runners.map((runner) => contender(runner, quick ? 40 : 150)),
      quick ? 5 : 21,
      1,
    );
    for (const { name, title } of runners) {
      const rates = rounds.cost(name).map((nanoseconds) => 1000 / nanoseconds);
      report.figure(`fib.${name}.rate`, title, 'million instructions/s', rates);
    }
    for (const engine of engines) {
      if (rounds.has('anan-as.release')) {
        const times = rounds.ratio('anan-as.release', engine);
        report.figure(`fib.${engine}.ratio`, `${engine}: times anan-as`, '×', times, RATIO_BARS[engine]);
      }
      if (rounds.has('anan-as.release-mini')) {
        const times = rounds.ratio('anan-as.release-mini', engine);
        report.figure(`fib.${engine}.ratio-mini`, `${engine}: times anan-as, release-mini build`, '×', times);
      }
    }
    if (rounds.has('c') && rounds.has('recompiler')) {
      const times = rounds.ratio('recompiler', 'c');
      report.figure('fib.recompiler.c-time', "recompiler: C's time multiplied by", '×', times, C_AIM);
    }
    report.table();
  } finally {
    if (typeof c !== 'string') c.dispose();
  }
};

function ourRunner(engine: Engine, loop: Loop): Runner {
  const program = Program.load(loop.bytes);
  const run = (iterations: number): Run => {
    const instance = program.instantiate({ engine, gas: PLENTY, pc: loop.pc, registers: fibRegisters(iterations) });
    const start = now();
    const exit = instance.run();
    const milliseconds = now() - start;
    if (exit.kind !== 'halt') throw new Error(`${engine}: the fib loop ended with ${exit.kind}`);
    const run = { milliseconds, result: fibResult(instance.registers), gas: PLENTY - instance.gas };
    instance.dispose();
    return run;
  };
  return { name: engine, title: `scotty, ${engine}`, run };
}

function peerRunner(name: string, peer: AnanAs, loop: Loop): Runner {
  const run = (iterations: number): Run => {
    peer.reset({
      bytes: [...loop.bytes],
      hasMetadata: false,
      pc: loop.pc,
      gas: PLENTY,
      args: [],
      registers: flatRegisters(fibRegisters(iterations)),
    });
    const start = now();
    const status = peer.run();
    const milliseconds = now() - start;
    if (status !== AnanAsStatus.Halt) throw new Error(`${name}: the fib loop ended with status ${status}`);
    return { milliseconds, result: fibResult(peer.registers), gas: PLENTY - peer.gas };
  };
  return { name, title: name.replace('.', ', '), run };
}

/** Throws where two runs of equal length do not come to the same. */
function compare(runners: readonly Runner[]): void {
  const runs = runners.map((runner) => ({ name: runner.name, ...runner.run(COMPARED) }));
  const [first, ...others] = runs as [(typeof runs)[0], ...typeof runs];
  for (const other of others) {
    const gas = other.gas ?? first.gas;
    if (other.result === first.result && gas === first.gas) continue;
    throw new Error(
      `${first.name} and ${other.name} disagree: result ${first.result} and ${other.result}, gas ${first.gas} and ${gas}`,
    );
  }
}

/** Samples are nanoseconds an instruction. */
function contender({ name, run }: Runner, milliseconds: number): Contender {
  const iterations = calibrate((count) => run(count).milliseconds, milliseconds);
  const instructions = iterations * FIB_INSTRUCTIONS;
  return { name, sample: () => (run(iterations).milliseconds * 1e6) / instructions };
}
