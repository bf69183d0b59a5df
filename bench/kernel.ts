/**
 * The capability kernel: fib_recur, where each of 21 891 VMs makes two more and adds up what they reply; how much memory
 * a VM takes; and protocol calls, to a TypeScript function and to the gas counter in the compiled code.
 */
import { readFileSync } from 'node:fs';
import { assemble, type Engine, gasCounter, Kernel, type KernelHost } from '../src/pvm/index.js';
import { now, Rounds } from './measure.js';
import type { Goal } from './report.js';
import { PLENTY, type Section } from './section.js';

const N = 20;
const RESULT = 6765n;
const VMS = 21_891;
/** Most VMs there can be. */
const LIMIT = 65_535;
const CALLS = 100_000;

const TIME: Goal = { kind: 'bar', comparison: 'at most', value: 25 };
const BYTES: Goal = { kind: 'bar', comparison: 'at most', value: 2048 };
const HOST_CALLS: Goal = { kind: 'bar', comparison: 'at most', value: 6 };
const GAS_READS: Goal = { kind: 'bar', comparison: 'at most', value: 0.5 };

/** Every VM makes one and calls it, until no more can be made. */
const CHAIN = `
.manifest pages=0 invoke=32
.code slot=32
    load_imm_64 r7, 0x100000000
    load_imm r12, 64
    ecalli 32
    branch_ne_imm r7, 64, @end
    load_imm r12, 0
    ecalli 64
    fallthrough
end:
    ecalli 0
    trap
`;

const LOOP = `
.manifest pages=0 invoke=64
.code slot=64
    load_imm r5, ${CALLS}
    fallthrough
again:
    ecalli 1
    add_imm_64 r5, r5, -1
    branch_ne_imm r5, 0, @again
    ecalli 0
`;

/** Measures the kernel. */
export const kernelSection: Section = async ({ report, quick, engines }) => {
  report.section(`Kernel: fib(${N}) in ${VMS} VMs; ${CALLS} protocol calls; VMs up to the limit`);
  const fib = assemble(readFileSync(new URL('../../examples/fib-recur.pvm', import.meta.url), 'utf8'));
  const loop = assemble(LOOP);
  const toFunction: KernelHost = { 1: (caller) => caller.setRegister32(7, 1) };
  const gas = new Set<bigint>();
  const contenders = engines.flatMap((engine) => [
    { name: `${engine}.fib-recur`, sample: () => fibRecur(fib, engine, gas) },
    { name: `${engine}.host-calls`, sample: () => protocolCalls(loop, engine, toFunction) },
    { name: `${engine}.gas-reads`, sample: () => protocolCalls(loop, engine, { 1: gasCounter }) },
  ]);
  const rounds = Rounds.run(contenders, quick ? 5 : 21, 3);
  if (gas.size !== 1) throw new Error(`fib_recur burnt different amounts of gas: ${[...gas].join(', ')}`);
  for (const engine of engines) {
    const native = engine === 'recompiler';
    const put = (name: string, title: string, goal: Goal) =>
      report.figure(
        `kernel.${engine}.${name}`,
        `${engine}: ${title}`,
        'ms',
        rounds.cost(`${engine}.${name}`),
        native ? goal : undefined,
      );
    put('fib-recur', 'fib_recur', TIME);
    put('host-calls', `${CALLS} calls of a function`, HOST_CALLS);
    put('gas-reads', `${CALLS} readings of the gas counter`, GAS_READS);
  }
  for (const engine of engines) {
    const samples = Array.from({ length: quick ? 2 : 5 }, () => chain(engine));
    report.figure(
      `kernel.${engine}.memory`,
      `${engine}: resident memory of a VM, ${LIMIT} of them`,
      'bytes',
      samples.map(({ bytes }) => bytes),
      BYTES,
    );
    report.figure(
      `kernel.${engine}.chain`,
      `${engine}: making and calling ${LIMIT} VMs, each from the last`,
      'ms',
      samples.map(({ milliseconds }) => milliseconds),
    );
  }
  report.table();
};

function fibRecur(program: Uint8Array, engine: Engine, gas: Set<bigint>): number {
  const kernel = Kernel.load(program, { engine, gas: PLENTY, registers: { 7: BigInt(N) } });
  const start = now();
  const result = kernel.run();
  const milliseconds = now() - start;
  if (result.kind !== 'halt' || result.value !== RESULT || kernel.liveVms !== VMS) {
    throw new Error(`${engine}: ${result.kind} with ${kernel.liveVms} VMs`);
  }
  gas.add(PLENTY - kernel.gas);
  kernel.dispose();
  return milliseconds;
}

function protocolCalls(program: Uint8Array, engine: Engine, host: KernelHost): number {
  const kernel = Kernel.load(program, { engine, host });
  const start = now();
  const result = kernel.run();
  const milliseconds = now() - start;
  if (result.kind !== 'halt') throw new Error(`${engine}: ${result.kind}`);
  kernel.dispose();
  return milliseconds;
}

function chain(engine: Engine): { bytes: number; milliseconds: number } {
  const kernel = Kernel.load(assemble(CHAIN), { engine });
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const start = now();
  const result = kernel.run();
  const milliseconds = now() - start;
  const bytes = (process.memoryUsage.rss() - before) / kernel.liveVms;
  if (result.kind !== 'halt' || kernel.liveVms !== LIMIT)
    throw new Error(`${engine}: ${result.kind}, ${kernel.liveVms}`);
  kernel.dispose();
  return { bytes, milliseconds };
}
