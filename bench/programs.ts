/**
 * What the benchmarks run: two loops, and a JAM service with its recorded work items.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrace, type Trace } from '../src/pvm/conformance/traces.js';
import { assembleWithLabels } from '../src/pvm/toolchain/assembler.js';
import { ROOT } from './machine.js';

/** A program and the byte offset its loop starts at. */
export interface Loop {
  readonly bytes: Uint8Array;
  readonly pc: number;
}

const FIB_REGISTERS = { current: 7, next: 8, count: 9 } as const;
/** What a standard program's r0 starts as: jumping there halts. */
const HALT = 0xffff0000n;

/** Instructions an iteration of the fib loop takes, and so its gas. */
export const FIB_INSTRUCTIONS = 5;

/** The fib loop of the examples. It is entered at its first iteration, so that registers can say how many there are. */
export function fibLoop(): Loop {
  const file = join(ROOT, 'examples', 'fib.pvm');
  const { bytes, labels } = assembleWithLabels(readFileSync(file, 'utf8'), file);
  const pc = labels.get('next');
  if (pc === undefined) throw new Error(`${file} has no label 'next', where its loop should start`);
  return { bytes, pc };
}

/** Registers that make the fib loop run `iterations` times. */
export function fibRegisters(iterations: number): bigint[] {
  const registers = new Array<bigint>(13).fill(0n);
  registers[0] = HALT;
  registers[FIB_REGISTERS.next] = 1n;
  registers[FIB_REGISTERS.count] = BigInt(iterations);
  return registers;
}

/** The result among the registers the fib loop ends with. */
export function fibResult(registers: readonly bigint[]): bigint {
  return registers[FIB_REGISTERS.current] as bigint;
}

/** A loop around one host call, number 0; it counts down the register that `fibRegisters` sets. */
export function hostCallLoop(): Loop {
  const text = `
    .standard
    .text
    next: ecalli 0
          add_imm_64 r9, r9, -1
          branch_ne_imm r9, 0, @next
          jump_ind r0`;
  const { bytes, labels } = assembleWithLabels(text, 'host-call loop');
  return { bytes, pc: labels.get('next') as number };
}

/** A recorded work item of the JAM service. */
export interface NamedTrace {
  readonly name: string;
  readonly trace: Trace;
}

/** The recorded work items that are of one program; answers why where there are none. */
export function serviceTraces(): readonly [NamedTrace, ...NamedTrace[]] | string {
  const folder = join(process.env.SCOTTY_VECTORS ?? join(ROOT, '..', 'shared', 'vectors'), 'jam-traces');
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const traces = files.map((name) => ({ name, trace: parseTrace(readFileSync(join(folder, name), 'utf8')) }));
  const [first, ...rest] = traces;
  if (first === undefined) return `no recorded work items at ${folder} (set SCOTTY_VECTORS)`;
  return [first, ...rest.filter(({ trace }) => Buffer.compare(trace.program, first.trace.program) === 0)];
}
