/**
 * The peer: PolkaVM. A small Rust program beside this file (`polkavm/`) holds its published crates, of the version its
 * Cargo.toml names; cargo builds it the first time it is needed.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../machine.js';

/** Backends of PolkaVM. */
export type PolkavmBackend = 'compiler' | 'interpreter';

/** How often to do what. */
export interface PolkavmCounts {
  readonly compile: number;
  readonly execute: number;
  readonly whole: number;
}

/** What one process measured; times in nanoseconds. */
export interface PolkavmRun {
  /** What `run` answered, in decimal. */
  readonly result: string;
  /** Gas that `run` used, in decimal. */
  readonly gas: string;
  readonly compile: readonly number[];
  readonly execute: readonly number[];
  readonly whole: readonly number[];
}

const FOLDER = join(ROOT, 'bench', 'peers', 'polkavm');
/** Below `dist`, which git ignores. */
const TARGET = join(ROOT, 'dist', 'polkavm-peer');

/** PolkaVM, built. */
export class Polkavm {
  private constructor(private readonly program: string) {}

  /** Builds the program where it is not built; answers why where that cannot be done. */
  static build(say: (text: string) => void): Polkavm | string {
    const program = join(TARGET, 'release', process.platform === 'win32' ? 'polkavm-peer.exe' : 'polkavm-peer');
    if (!existsSync(program)) say('building PolkaVM with cargo, which takes a few minutes the first time');
    // Built from a copy: cargo writes a lock file beside what it builds.
    const source = join(TARGET, 'source');
    cpSync(FOLDER, source, { recursive: true });
    try {
      execFileSync('cargo', ['build', '--release', '--quiet', '--target-dir', TARGET], {
        cwd: source,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'no cargo on the path';
      return `cargo failed: ${lastWords(error)}`;
    }
    try {
      execFileSync(program, ['probe'], { stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (error) {
      return `its sandbox does not work here: ${lastWords(error)}`;
    }
    return new Polkavm(program);
  }

  /** Runs PolkaVM's linker over an ELF file. */
  link(elf: string, out: string): void {
    this.call(['link', elf, out]);
  }

  /** Measures a linked file in a process of its own. */
  measure(file: string, backend: PolkavmBackend, variant: number, counts: PolkavmCounts): PolkavmRun {
    const numbers = [variant, counts.compile, counts.execute, counts.whole].map(String);
    return JSON.parse(this.call(['measure', file, backend, ...numbers])) as PolkavmRun;
  }

  private call(args: readonly string[]): string {
    return execFileSync(this.program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  }
}

/** The last lines a program that failed has written. */
function lastWords(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: Buffer };
  return stderr?.toString().trim().split('\n').slice(-3).join(' ') || message;
}
