/**
 * The kernel's fuzzer: cases drawn by the model, run on every engine there is. The first session draws the actions, the
 * others repeat them, so all are held to the same model, to the unit of gas.
 */
import { Random } from '../fuzz/random.js';
import { ENGINES, MODELS } from '../machines.js';
import type { Action, GasModel, KernelCase } from './case.js';
import { actionName } from './driver.js';
import { drawAction, drawSetup } from './generator.js';
import { Difference, runSession } from './session.js';

/** Actions of one case, at most. */
const CASE_LENGTH = 400;

export interface KernelFailure {
  readonly seed: number;
  readonly engine: (typeof ENGINES)[number];
  readonly gasModel: GasModel;
  readonly message: string;
  readonly kernelCase: KernelCase;
}

export interface KernelTotals {
  cases: number;
  /** Actions drawn, and how often one was carried out: on each engine. */
  operations: number;
  compared: number;
  readonly counts: Map<string, number>;
  readonly ends: Map<string, number>;
  readonly failures: KernelFailure[];
}

export interface KernelFuzzOptions {
  readonly seed: number;
  /** Actions to draw. */
  readonly operations: number;
  /** Stops after so many failures. */
  readonly failures: number;
  readonly onCase?: (seed: number, totals: KernelTotals) => void;
}

export function noKernelTotals(): KernelTotals {
  return { cases: 0, operations: 0, compared: 0, counts: new Map(), ends: new Map(), failures: [] };
}

/** Fuzzes with seeds from `seed` on, both gas models in turns. */
export function fuzzKernel(options: KernelFuzzOptions): KernelTotals {
  const totals = noKernelTotals();
  for (let seed = options.seed; totals.operations < options.operations; seed++) {
    options.onCase?.(seed, totals);
    const failure = fuzzKernelCase(seed, totals);
    if (failure === undefined) continue;
    totals.failures.push(failure);
    if (totals.failures.length >= options.failures) break;
  }
  return totals;
}

/** Draws and runs the case of a seed. */
export function fuzzKernelCase(seed: number, totals: KernelTotals): KernelFailure | undefined {
  const random = new Random(seed);
  const gasModel = MODELS[seed % 2] as GasModel;
  const setup = drawSetup(random);
  const actions: Action[] = [];
  let drawing = true;
  totals.cases++;
  for (const engine of ENGINES) {
    let at = 0;
    try {
      const { model, steps, end } = runSession(setup, {
        engine,
        gasModel,
        checkEvery: 20,
        next: (state) => {
          if (drawing && at < CASE_LENGTH) actions.push(drawAction(random, state));
          return actions[at++];
        },
      });
      totals.compared += steps;
      if (drawing) {
        for (const [name, count] of model.counts) totals.counts.set(name, (totals.counts.get(name) ?? 0) + count);
        totals.ends.set(end ?? 'stopped', (totals.ends.get(end ?? 'stopped') ?? 0) + 1);
        totals.operations += Math.max(1, actions.length);
      }
    } catch (error) {
      // The machine's limits aside, anything thrown is an answer of the kernel's that the model does not give.
      return {
        seed,
        engine,
        gasModel,
        message: messageOf(error),
        kernelCase: { setup, actions: actions.slice(0, at) },
      };
    }
    drawing = false;
  }
  return undefined;
}

/** Runs a kept case; returns what differs. */
export function replayCase(
  { setup, actions }: KernelCase,
  engine: (typeof ENGINES)[number],
  gasModel: GasModel,
  checkEvery = 1,
): string | undefined {
  let at = 0;
  try {
    runSession(setup, { engine, gasModel, checkEvery, next: () => actions[at++] });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Leaves out actions as long as there still is a difference. */
export function minimiseCase({ kernelCase, engine, gasModel }: KernelFailure): KernelCase {
  let { setup, actions } = kernelCase;
  const fails = (candidate: readonly Action[]): boolean =>
    replayCase({ setup, actions: candidate }, engine, gasModel) !== undefined;
  if (!fails(actions)) return kernelCase;
  for (let size = Math.ceil(actions.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < actions.length; ) {
      const without = [...actions.slice(0, at), ...actions.slice(at + size)];
      if (fails(without)) actions = without;
      else at += size;
    }
  }
  const bare = actions.map(({ write: _, gas: __, ...action }) => ({ ...action, probe: [] }));
  if (fails(bare)) actions = bare;
  setup = { ...setup, host: 'result' };
  if (!fails(actions)) setup = kernelCase.setup;
  return { setup, actions };
}

/** A case as text, an action a line. */
export function listCase({ setup, actions }: KernelCase): string {
  const lines = actions.map(({ set, write, gas }, i) => {
    const registers = Object.entries(set).map(
      ([index, value]) => `r${index}=${index === '0' ? actionName(BigInt(value)) : value}`,
    );
    const extra = `${write === undefined ? '' : ` write ${JSON.stringify(write)}`}${gas === undefined ? '' : ` gas ${gas}`}`;
    return `${i}: ${registers.join(' ')}${extra}`;
  });
  return `${JSON.stringify(setup)}\n${lines.join('\n')}\n`;
}

export function describeKernelTotals({ cases, operations, compared, counts, ends }: KernelTotals): string {
  const list = (map: Map<string, number>): string =>
    [...map]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  return `${operations} operations in ${cases} cases, compared ${compared} times\n  ends: ${list(ends)}\n  ${list(counts)}`;
}

function messageOf(error: unknown): string {
  if (error instanceof Difference) return error.message;
  return error instanceof Error ? `thrown: ${error.stack ?? error.message}` : String(error);
}
