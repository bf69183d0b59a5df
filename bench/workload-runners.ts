/**
 * Who runs the workloads, each with the same three times:
 *
 *   compile   from the bytes of the program file to code that is ready to run
 *   execute   one call of `run`, in an instance that is initialized and has run once before; another instance each time
 *   whole     from the bytes to the answer: compiling, an instance, `initialize` and `run`
 *
 * What takes turns with others is a sample: the median of a few of each. Everybody's answer is compared with what
 * `expected.ts` says, and the gas of whoever runs the same bytes under the same model.
 */
import { execFileSync } from 'node:child_process';
import { type Engine, type GasModel, type Instance, Program } from '../src/pvm/index.js';
import { linkProgram } from '../src/pvm/toolchain/output.js';
import { expected } from './expected.js';
import { buildGuest, buildNative, guestElf, type WorkloadName } from './guests.js';
import { now, summarize, usesProcessorTime } from './measure.js';
import { type AnanAs, type AnanAsBuild, AnanAsStatus, flatRegisters } from './peers/anan-as.js';
import type { Polkavm, PolkavmBackend } from './peers/polkavm.js';
import { PLENTY } from './section.js';

/** What is timed. */
export type Phase = 'compile' | 'execute' | 'whole';
/** Milliseconds; somebody who does not compile has only one of them. */
export type Times = Readonly<Partial<Record<Phase, number>>>;

/** Somebody who runs a workload. */
export interface Runner {
  readonly name: string;
  readonly title: string;
  sample(): Times;
}

/** How often a sample does each thing. */
export type Counts = Readonly<Record<Phase, number>>;

/** What `run` came to. */
export interface Answer {
  readonly result: bigint;
  readonly gas: bigint;
}

/** A workload linked by our linker. */
export interface LinkedWorkload {
  readonly name: WorkloadName;
  /** A standard program: what our engines and anan-as load. */
  readonly bytes: Uint8Array;
  /** Byte offsets of the two entry points. */
  readonly initialize: number;
  readonly run: number;
}

/** Builds a workload and links it. */
export function linkWorkload(name: WorkloadName): LinkedWorkload {
  const { bytes, linked } = linkProgram(guestElf(name), { format: 'standard', name: `${name}.elf` });
  const entry = (wanted: string): number => {
    const found = linked.exports.find((one) => one.name === wanted);
    if (found === undefined) throw new Error(`${name}.elf does not export ${wanted}`);
    return found.pc;
  };
  return { name, bytes, initialize: entry('initialize'), run: entry('run') };
}

/** All values are below 2^32. */
const HOST = { 0: (guest: Instance) => guest.setRegister32(7, guest.getRegister32(7) + 1) };
const HALT = 0xffff0000n;

/** An instance that has been initialized. */
export function initialized(
  program: Program,
  workload: LinkedWorkload,
  variant: number,
  options: { engine: Engine; gasModel: GasModel },
): Instance {
  const registers = [...program.image.registers];
  registers[7] = BigInt(variant);
  const instance = program.instantiate({ ...options, gas: PLENTY, pc: workload.initialize, registers, host: HOST });
  finish(instance, workload, 'initialize');
  return instance;
}

/** Calls `run` in an initialized instance. */
export function callRun(instance: Instance, program: Program, workload: LinkedWorkload): Answer {
  instance.pc = workload.run;
  instance.setRegister(0, HALT);
  instance.setRegister(1, program.image.registers[1] as bigint);
  instance.gas = PLENTY;
  finish(instance, workload, 'run');
  return { result: instance.getRegister(7), gas: PLENTY - instance.gas };
}

function finish(instance: Instance, { name }: LinkedWorkload, entry: string): void {
  const exit = instance.run();
  if (exit.kind !== 'halt') throw new Error(`${name}: ${entry} on the ${instance.engine} ended with ${exit.kind}`);
}

/** One of our engines. */
export function ourRunner(workload: LinkedWorkload, engine: Engine, gasModel: GasModel, counts: Counts): Runner {
  const { name, bytes } = workload;
  const options = { engine, gasModel };
  const load = (): Program => {
    const program = Program.load(bytes);
    if (engine === 'recompiler') program.nativeCode(gasModel);
    return program;
  };
  const program = load();
  const answer = expected(name, 0);
  const execute = (): number => {
    const instance = initialized(program, workload, 0, options);
    callRun(instance, program, workload);
    const start = now();
    const { result } = callRun(instance, program, workload);
    const time = now() - start;
    instance.dispose();
    checkResult(`${name} on the ${engine}`, result, answer);
    return time;
  };
  const compile = (): number => {
    const start = now();
    load();
    return now() - start;
  };
  const whole = (): number => {
    const start = now();
    const program = load();
    const instance = initialized(program, workload, 0, options);
    callRun(instance, program, workload);
    const time = now() - start;
    instance.dispose();
    return time;
  };
  return {
    name: gasModel === 'flat' ? engine : `${engine}.${gasModel}`,
    title: gasModel === 'flat' ? `scotty, ${engine}` : `scotty, ${engine}, ${gasModel} gas`,
    sample: () => ({
      compile: median(counts.compile, compile),
      execute: median(counts.execute, execute),
      whole: median(counts.whole, whole),
    }),
  };
}

/** The same C, compiled natively with -O2. */
export function nativeRunner(name: WorkloadName, calls: number): Runner {
  const program = buildNative(name);
  const answer = expected(name, 0);
  const sample = (): Times => {
    const args = ['0', String(calls), ...(usesProcessorTime() ? ['cpu'] : [])];
    const lines = execFileSync(program, args, { encoding: 'utf8' }).trim().split('\n');
    const [result, ...times] = lines as [string, ...string[]];
    checkResult(`${name} in C`, BigInt(result), answer);
    return { execute: summarize(times.map(Number)).median / 1e6 };
  };
  return { name: 'native', title: 'C, clang -O2', sample };
}

/** PolkaVM, on the same ELF file by its own linker. */
export function polkavmRunner(name: WorkloadName, peer: Polkavm, backend: PolkavmBackend, counts: Counts): Runner {
  const elf = buildGuest(name);
  const file = elf.replace(/\.elf$/, '.polkavm');
  peer.link(elf, file);
  const answer = expected(name, 0);
  const sample = (): Times => {
    const { result, compile, execute, whole } = peer.measure(file, backend, 0, counts);
    checkResult(`${name} on PolkaVM`, BigInt(result), answer);
    const milliseconds = (times: readonly number[]) => summarize(times).median / 1e6;
    return { compile: milliseconds(compile), execute: milliseconds(execute), whole: milliseconds(whole) };
  };
  return { name: `polkavm.${backend}`, title: `PolkaVM, ${backend}`, sample };
}

/** anan-as, on the same bytes as our engines. It runs each entry point from a reset, with the memory of one of ours. */
export function ananAsRunner(workload: LinkedWorkload, peer: AnanAs, build: AnanAsBuild, gas: bigint): Runner {
  const { name } = workload;
  const program = Program.load(workload.bytes);
  const bytes = [...workload.bytes];
  const answer = expected(name, 0);
  const data = program.image.segments.find((segment) => segment.name === 'rw-data');
  const reset = (pc: number): void => {
    const registers = flatRegisters(program.image.registers.map((value, i) => (i === 7 ? 0n : value)));
    peer.reset({ bytes, hasMetadata: false, pc, gas: PLENTY, args: [], registers });
  };
  const run = (): void => {
    for (;;) {
      const status = peer.run();
      if (status === AnanAsStatus.Halt) return;
      if (status !== AnanAsStatus.Host) throw new Error(`${name} on anan-as ended with status ${status}`);
      const { registers } = peer;
      registers[7] = (registers[7] as bigint) + 1n;
      peer.setRegisters(flatRegisters(registers));
    }
  };
  const sample = (): Times => {
    const start = now();
    reset(workload.initialize);
    const loaded = now();
    run();
    const ran = now();
    const memory = data === undefined ? undefined : peer.read(data.address, data.length);
    reset(workload.run);
    if (data !== undefined && memory !== undefined) peer.write(data.address, memory);
    const ready = now();
    run();
    const end = now();
    checkResult(`${name} on anan-as`, peer.registers[7] as bigint, answer);
    checkResult(`the gas of ${name} on anan-as`, PLENTY - peer.gas, gas);
    return { compile: loaded - start, execute: end - ready, whole: ran - start + end - ready };
  };
  return { name: `anan-as.${build}`, title: `anan-as, ${build}`, sample };
}

/** Answers and gas of our engines: both engines, both models; throws where they are not what they have to be. */
export function verifyWorkload(workload: LinkedWorkload, engines: readonly Engine[], variant: number): Answer {
  const { name } = workload;
  const program = Program.load(workload.bytes);
  const answer = expected(name, variant);
  const gas = new Map<GasModel, bigint>();
  for (const gasModel of ['flat', 'pipeline'] as const) {
    for (const engine of engines) {
      const instance = initialized(program, workload, variant, { engine, gasModel });
      const run = callRun(instance, program, workload);
      instance.dispose();
      checkResult(`${name} on the ${engine}`, run.result, answer);
      const known = gas.get(gasModel);
      if (known !== undefined) checkResult(`the ${gasModel} gas of ${name} on the ${engine}`, run.gas, known);
      gas.set(gasModel, run.gas);
    }
  }
  return { result: answer, gas: gas.get('flat') as bigint };
}

function checkResult(what: string, found: bigint, wanted: bigint): void {
  if (found !== wanted) throw new Error(`${what}: expected ${wanted}, found ${found}`);
}

function median(count: number, measure: () => number): number {
  return summarize(Array.from({ length: count }, measure)).median;
}
