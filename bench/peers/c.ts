/**
 * The fib loop in C, compiled where it runs: what a native compiler makes of the same five instructions.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../machine.js';
import { usesProcessorTime } from '../measure.js';

/** What the C program answers. */
export interface CRun {
  /** Time the loop took by the C program's own clock. */
  readonly milliseconds: number;
  /** The Fibonacci number, modulo 2^64. */
  readonly result: bigint;
}

/** A compiled `fib.c`. */
export class CFib {
  private constructor(private readonly folder: string) {}

  /** Compiles with `cc -O2` into a temporary folder; answers why where that cannot be done. */
  static build(): CFib | string {
    const folder = mkdtempSync(join(tmpdir(), 'scotty-bench-'));
    try {
      const source = join(ROOT, 'bench', 'peers', 'fib.c');
      execFileSync('cc', ['-O2', '-o', join(folder, 'fib'), source], { stdio: 'pipe' });
      return new CFib(folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      const { code, message } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' ? 'no C compiler (cc) on the path' : `cc failed: ${message}`;
    }
  }

  run(iterations: number): CRun {
    const args = [String(iterations), ...(usesProcessorTime() ? ['cpu'] : [])];
    const output = execFileSync(join(this.folder, 'fib'), args, { encoding: 'utf8' });
    const [nanoseconds, result] = output.trim().split(' ') as [string, string];
    return { milliseconds: Number(nanoseconds) / 1e6, result: BigInt(result) };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
