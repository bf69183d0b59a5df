/**
 * Measurements that need a process of their own: fresh ones for first compilations, one with nothing else in it
 * for memory. The child prints one line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './machine.js';

/** Runs a program of `dist/bench` and answers what it printed. */
export function runChild<T>(program: string, args: readonly string[]): T {
  const script = join(ROOT, 'dist', 'bench', `${program}.js`);
  const output = execFileSync(process.execPath, ['--expose-gc', script, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as T;
}

/** Puts bytes into a file for as long as `use` runs. */
export function withFile<T>(bytes: Uint8Array, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'scotty-bench-'));
  try {
    const file = join(folder, 'program');
    writeFileSync(file, bytes);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
