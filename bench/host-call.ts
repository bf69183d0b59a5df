/**
 * Host calls: a loop of `ecalli`, countdown and branch around an empty TypeScript function.
 *
 * The time of the whole loop is divided by the number of calls; the two other instructions are not subtracted.
 */
import { type Engine, Program } from '../src/pvm/index.js';
import { type Contender, calibrate, now, Rounds } from './measure.js';
import { AnanAs, AnanAsStatus, flatRegisters } from './peers/anan-as.js';
import { fibRegisters, hostCallLoop, type Loop } from './programs.js';
import type { Goal } from './report.js';
import { PLENTY, type Section } from './section.js';

const BAR: Goal = { kind: 'bar', comparison: 'at most', value: 60 };

interface Runner {
  readonly name: string;
  readonly title: string;
  /** Runs the loop; answers the milliseconds it took. */
  run(calls: number): number;
}

/** Measures host calls. */
export const hostCallSection: Section = async ({ report, quick, engines, noRecompiler }) => {
  report.section('Host call: ecalli to an empty function and back');
  const loop = hostCallLoop();
  const runners = engines.flatMap((engine) => [handlerRunner(engine, loop), exitRunner(engine, loop)]);
  if (noRecompiler !== undefined) report.skip('host-call.recompiler', noRecompiler);
  const peer = await AnanAs.load('release');
  if (typeof peer === 'string') report.skip('host-call.anan-as', peer);
  else runners.push(peerRunner(peer, loop));

  const rounds = Rounds.run(
    runners.map((runner) => contender(runner, quick ? 30 : 100)),
    quick ? 5 : 21,
    1,
  );
  for (const { name, title } of runners) {
    report.figure(`host-call.${name}.time`, title, 'ns', rounds.cost(name), name === 'recompiler' ? BAR : undefined);
  }
  report.table();
};

/** Samples are nanoseconds a call. */
function contender({ name, run }: Runner, milliseconds: number): Contender {
  const calls = calibrate(run, milliseconds);
  return { name, sample: () => (run(calls) * 1e6) / calls };
}

/** The host function is called by the engine. */
function handlerRunner(engine: Engine, loop: Loop): Runner {
  const program = Program.load(loop.bytes);
  const run = (calls: number): number => {
    const host = { 0: () => undefined };
    const instance = program.instantiate({ engine, gas: PLENTY, pc: loop.pc, registers: fibRegisters(calls), host });
    const start = now();
    const exit = instance.run();
    const milliseconds = now() - start;
    // Three instructions an iteration, and one that halts.
    const called = Number(PLENTY - instance.gas - 1n) / 3;
    instance.dispose();
    if (exit.kind !== 'halt' || called !== calls) throw new Error(`${engine}: ${exit.kind} after ${called} calls`);
    return milliseconds;
  };
  return { name: engine, title: `scotty, ${engine}`, run };
}

/** No host function: `run` returns at every call, and is called again. */
function exitRunner(engine: Engine, loop: Loop): Runner {
  const program = Program.load(loop.bytes);
  const run = (calls: number): number => {
    const instance = program.instantiate({ engine, gas: PLENTY, pc: loop.pc, registers: fibRegisters(calls) });
    let called = 0;
    const start = now();
    let exit = instance.run();
    for (; exit.kind === 'host-call'; called++) exit = instance.run();
    const milliseconds = now() - start;
    instance.dispose();
    if (exit.kind !== 'halt' || called !== calls) throw new Error(`${engine}: ${exit.kind} after ${called} calls`);
    return milliseconds;
  };
  return { name: `${engine}.exit`, title: `scotty, ${engine}, as an exit`, run };
}

function peerRunner(peer: AnanAs, loop: Loop): Runner {
  const run = (calls: number): number => {
    const registers = flatRegisters(fibRegisters(calls));
    peer.reset({ bytes: [...loop.bytes], hasMetadata: false, pc: loop.pc, gas: PLENTY, args: [], registers });
    let called = 0;
    const start = now();
    let status = peer.run();
    for (; status === AnanAsStatus.Host; called++) status = peer.run();
    const milliseconds = now() - start;
    if (status !== AnanAsStatus.Halt || called !== calls) throw new Error(`anan-as: ${status} after ${called} calls`);
    return milliseconds;
  };
  return { name: 'anan-as', title: 'anan-as, as an exit', run };
}
