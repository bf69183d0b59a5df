/**
 * What every section of the benchmarks gets.
 */
import type { Engine } from '../src/pvm/index.js';
import type { WorkloadName } from './guests.js';
import type { Report } from './report.js';

export interface Setting {
  readonly report: Report;
  /** Few and short samples: does it work, and roughly how fast. */
  readonly quick: boolean;
  /** Our engines this machine has. */
  readonly engines: readonly Engine[];
  /** Why there is no recompiler, where there is none. */
  readonly noRecompiler: string | undefined;
  /** Workloads to measure; all of them where nothing was said. */
  readonly workloads: readonly WorkloadName[] | undefined;
  /** Whether the chart in the documentation is drawn anew. */
  readonly writeChart: boolean;
}

/** A part of the benchmarks. */
export type Section = (setting: Setting) => Promise<void>;

export const BILLION = 1_000_000_000n;
/** Gas that no benchmark uses up. */
export const PLENTY = BILLION * BILLION;
