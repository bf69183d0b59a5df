/**
 * A JAM service of 137 KB at its recorded work items: real code, with memory, calls through registers and a host call
 * every few thousand instructions.
 *
 * Only execution is timed, and everybody's the same way: from the first instruction to the last, with each host call
 * doing what the recording says the host did (reads, writes, registers, gas). Loading, compiling, instantiating are not
 * in it; what an instance costs is a figure of its own. Every engine first replays everything once with each state
 * compared to the recording.
 */

import { describeDifference } from '../src/pvm/conformance/difference.js';
import type { Trace } from '../src/pvm/conformance/traces.js';
import { replay, type TraceState } from '../src/pvm/conformance/traces.js';
import { type Engine, Program } from '../src/pvm/index.js';
import type { WrittenImage } from '../src/pvm/program/code-blob.js';
import { type Contender, now, Rounds } from './measure.js';
import { AnanAs, AnanAsStatus, flatRegisters, type StandardInput } from './peers/anan-as.js';
import { type NamedTrace, serviceTraces } from './programs.js';
import type { Goal } from './report.js';
import type { Section } from './section.js';

/** Runs recorded work items. */
interface Runner {
  readonly name: string;
  readonly title: string;
  /** Replays with every state compared; throws at the first difference. */
  verify(item: NamedTrace): void;
  /** Makes an instance that is about to begin the work item. */
  prepare(trace: Trace): Prepared;
}

interface Prepared {
  run(): void;
  dispose(): void;
}

const RATIO_BARS: Record<Engine, Goal> = {
  interpreter: { kind: 'bar', comparison: 'at least', value: 3 },
  recompiler: { kind: 'bar', comparison: 'at least', value: 50 },
};

/** Measures the JAM service. */
export const serviceSection: Section = async ({ report, quick, engines, noRecompiler }) => {
  report.section('JAM service: recorded work items, host calls included');
  const traces = serviceTraces();
  if (typeof traces === 'string') return report.skip('service', traces);
  const program = Program.load(traces[0].trace.program);
  const runners: Runner[] = engines.map((engine) => ourRunner(engine, program));
  if (noRecompiler !== undefined) report.skip('service.recompiler', noRecompiler);
  for (const build of ['release', 'release-mini'] as const) {
    const peer = await AnanAs.load(build);
    if (typeof peer === 'string') report.skip(`service.anan-as.${build}`, peer);
    else runners.push(peerRunner(`anan-as.${build}`, peer, program, traces));
  }
  for (const runner of runners) for (const item of traces) runner.verify(item);

  const instructions = traces.reduce((sum, { trace }) => sum + gasUsed(trace), 0n);
  const calls = traces.reduce((sum, { trace }) => sum + trace.calls.length, 0);
  report.note(`${traces.length} work items, ${instructions} instructions, ${calls} host calls; all results equal`);
  const preparations = new Map<string, number[]>(runners.map(({ name }) => [name, []]));
  const rounds = Rounds.run(
    runners.map((runner) => contender(runner, traces, quick ? 50 : 150, preparations.get(runner.name) as number[])),
    quick ? 3 : 15,
    1,
  );
  for (const { name, title } of runners) {
    const milliseconds = rounds.cost(name);
    report.figure(`service.${name}.time`, `${title}: all work items`, 'ms', milliseconds);
    const rates = milliseconds.map((time) => Number(instructions) / time / 1000);
    report.figure(`service.${name}.rate`, title, 'million instructions/s', rates);
    const preparation = preparations.get(name) as number[];
    report.figure(`service.${name}.instantiate`, `${title}: one instance made`, 'ms', preparation);
  }
  for (const engine of engines) {
    if (rounds.has('anan-as.release')) {
      const times = rounds.ratio('anan-as.release', engine);
      report.figure(`service.${engine}.ratio`, `${engine}: times anan-as`, '×', times, RATIO_BARS[engine]);
    }
    if (rounds.has('anan-as.release-mini')) {
      const times = rounds.ratio('anan-as.release-mini', engine);
      report.figure(`service.${engine}.ratio-mini`, `${engine}: times anan-as, release-mini build`, '×', times);
    }
  }
  report.table();
};

/** Samples are milliseconds for all work items together, the mean of as many passes as fill the time. */
function contender(
  runner: Runner,
  traces: readonly NamedTrace[],
  milliseconds: number,
  preparations: number[],
): Contender {
  const pass = (): number => {
    let time = 0;
    for (const { trace } of traces) {
      const before = now();
      const prepared = runner.prepare(trace);
      const start = now();
      prepared.run();
      time += now() - start;
      preparations.push(start - before);
      prepared.dispose();
    }
    return time;
  };
  pass();
  const passes = Math.max(1, Math.min(20, Math.round(milliseconds / pass())));
  preparations.length = 0;
  const sample = (): number => {
    let time = 0;
    for (let i = 0; i < passes; i++) time += pass();
    return time / passes;
  };
  return { name: runner.name, sample };
}

function ourRunner(engine: Engine, program: Program): Runner {
  const prepare = (trace: Trace): Prepared => {
    const instance = program.instantiate({
      engine,
      gas: trace.start.gas,
      pc: trace.start.pc,
      registers: trace.start.registers,
      args: argumentsOf(trace, program),
    });
    const { memory } = instance;
    const run = (): void => {
      for (const call of trace.calls) {
        const exit = instance.run();
        if (exit.kind !== 'host-call') throw new Error(`${engine}: ${exit.kind} where a host call was recorded`);
        for (const action of call.actions) {
          if (action.kind === 'setreg') instance.setRegister(action.register, action.value);
          else if (action.kind === 'setgas') instance.gas = action.gas;
          else if (action.kind === 'memwrite') memory.write(action.address, action.bytes);
          else memory.read(action.address, action.bytes.length);
        }
      }
      const exit = instance.run();
      if (exit.kind !== trace.end.kind) throw new Error(`${engine}: ended with ${exit.kind}, not ${trace.end.kind}`);
    };
    return { run, dispose: () => instance.dispose() };
  };
  const verify = ({ name, trace }: NamedTrace): void => {
    const { difference } = replay(trace, engine, program);
    if (difference !== undefined) throw new Error(`${engine}, ${name}: ${describeDifference(difference)}`);
  };
  return { name: engine, title: `scotty, ${engine}`, verify, prepare };
}

/** What the recording's host did at a call, in the forms anan-as takes; registers are set all at once. */
interface PeerCall {
  readonly reads: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  readonly writes: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  readonly registers: number[] | undefined;
  readonly gas: bigint | undefined;
}

const PEER_ENDS = {
  halt: AnanAsStatus.Halt,
  panic: AnanAsStatus.Panic,
  'out-of-gas': AnanAsStatus.OutOfGas,
  'page-fault': AnanAsStatus.Fault,
} as const;

function peerRunner(name: string, peer: AnanAs, program: Program, traces: readonly NamedTrace[]): Runner {
  const bytes = [...(traces[0] as NamedTrace).trace.program];
  const { hasMetadata } = (program.image as WrittenImage).written;
  const forms = new Map(
    traces.map(({ trace }) => {
      const { pc, gas, registers } = trace.start;
      const args = [...argumentsOf(trace, program)];
      const input: StandardInput = { bytes, hasMetadata, pc, gas, args, registers: flatRegisters(registers) };
      return [trace, { input, calls: trace.calls.map(peerCall) }] as const;
    }),
  );
  const prepareThen = (trace: Trace, check: (state: TraceState, expected: AnanAsStatus) => void): Prepared => {
    const { input, calls } = forms.get(trace) as { input: StandardInput; calls: PeerCall[] };
    peer.reset(input);
    const run = (): void => {
      calls.forEach((call, i) => {
        const status = peer.run();
        if (status !== AnanAsStatus.Host) throw new Error(`${name}: status ${status} where a host call was recorded`);
        check((trace.calls[i] as Trace['calls'][0]).state, status);
        for (const { address, bytes } of call.reads) peer.read(address, bytes.length);
        for (const { address, bytes } of call.writes) peer.write(address, bytes);
        if (call.registers !== undefined) peer.setRegisters(call.registers);
        if (call.gas !== undefined) peer.gas = call.gas;
      });
      const status = peer.run();
      if (status !== PEER_ENDS[trace.end.kind]) throw new Error(`${name}: ended with status ${status}`);
      check(trace.end.state, status);
    };
    return { run, dispose: () => undefined };
  };
  const verify = (item: NamedTrace): void => {
    const check = (state: TraceState): void => {
      const same = peer.pc === state.pc && peer.gas === state.gas;
      if (same && peer.registers.every((value, i) => value === state.registers[i])) return;
      throw new Error(`${name}, ${item.name}: the state of line ${state.line} differs`);
    };
    prepareThen(item.trace, check).run();
  };
  return { name, title: name.replace('.', ', '), verify, prepare: (trace) => prepareThen(trace, () => undefined) };
}

function peerCall({ state, actions }: Trace['calls'][0]): PeerCall {
  const registers = [...state.registers];
  let changed = false;
  let gas: bigint | undefined;
  for (const action of actions) {
    if (action.kind === 'setreg') {
      registers[action.register] = action.value;
      changed = true;
    } else if (action.kind === 'setgas') gas = action.gas;
  }
  return {
    reads: actions.filter((action) => action.kind === 'memread'),
    writes: actions.filter((action) => action.kind === 'memwrite'),
    registers: changed ? flatRegisters(registers) : undefined,
    gas,
  };
}

function argumentsOf(trace: Trace, program: Program): Uint8Array {
  const { argumentsAddress } = program.image;
  return trace.initialMemory.find(({ address }) => address === argumentsAddress)?.bytes ?? new Uint8Array(0);
}

function gasUsed({ start, calls, end }: Trace): bigint {
  let used = 0n;
  let { gas } = start;
  for (const { state, actions } of calls) {
    used += gas - state.gas;
    const set = actions.findLast((action) => action.kind === 'setgas');
    gas = set?.kind === 'setgas' ? set.gas : state.gas;
  }
  return used + gas - end.state.gas;
}
