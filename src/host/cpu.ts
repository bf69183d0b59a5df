/**
 * What the processor can do, as far as the compilers care: optional integer instructions.
 *
 * Read from `/proc/cpuinfo`, not CPUID: the kernel's list also says what the kernel leaves usable, and needs no
 * emitted code before the first emitted code.
 *
 * `SCOTTY_CPU_FEATURES` (a list such as `bmi1,popcnt`, or nothing) leaves only what it names: to see and test the code for
 * older processors on a newer one.
 */
import { readFileSync } from 'node:fs';

/** Optional instruction sets. */
export interface CpuFeatures {
  readonly bmi1: boolean;
  readonly bmi2: boolean;
  readonly lzcnt: boolean;
  readonly popcnt: boolean;
}

let features: CpuFeatures | undefined;

/** The features of this machine; all absent where they cannot be told. */
export function cpuFeatures(): CpuFeatures {
  if (features === undefined) {
    let flags = new Set<string>();
    try {
      const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'latin1'));
      if (line) flags = new Set((line[1] as string).trim().split(/\s+/));
    } catch {
      // No /proc: compile for the plain instruction set.
    }
    const allowed = process.env.SCOTTY_CPU_FEATURES?.split(',');
    const has = (name: string, flag = name) => flags.has(flag) && (allowed === undefined || allowed.includes(name));
    features = {
      bmi1: has('bmi1'),
      bmi2: has('bmi2'),
      lzcnt: has('lzcnt', 'abm'),
      popcnt: has('popcnt'),
    };
  }
  return features;
}
