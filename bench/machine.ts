/**
 * What the figures were measured on and with: a figure without it says little.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findClang } from '../src/cli/pvm/clang.js';

/** The repository's folder; this file runs from `dist/bench`. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A machine and the versions of what ran on it. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  /** Processes that wanted to run, on average over the minute before: above 0.5 or so the figures are noisier. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Describes the machine this runs on. */
export function describeMachine(): Machine {
  const processors = cpus();
  const compilers = findClang();
  const packages = ['koffi', '@fluffylabs/anan-as', 'typescript'].map((name) => [name, packageVersion(name)]);
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    system: `${process.platform} ${release()} ${process.arch}`,
    load: loadavg()[0] as number,
    versions: {
      scotty: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
      node: process.versions.node,
      v8: process.versions.v8,
      ...Object.fromEntries(packages),
      polkavm: crateVersion(),
      cc: compilerVersion() ?? 'none',
      clang: typeof compilers === 'string' ? 'none' : (compilerVersion(compilers.compiler) ?? 'none'),
    },
  };
}

/** The version of PolkaVM that the peer's manifest pins. */
function crateVersion(): string {
  const manifest = readFileSync(join(ROOT, 'bench', 'peers', 'polkavm', 'Cargo.toml'), 'utf8');
  return /^polkavm = .*"=([0-9.]+)"/m.exec(manifest)?.[1] ?? 'unknown';
}

/** The first line a C compiler says about itself; undefined where there is none. */
export function compilerVersion(compiler = 'cc'): string | undefined {
  try {
    const text = execFileSync(compiler, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.split('\n', 1)[0];
  } catch {
    return undefined;
  }
}

function packageVersion(name: string): string {
  const manifest = join(ROOT, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : 'none';
}
