/**
 * The perf map: a text file in which `perf report` looks up the names of emitted code.
 *
 * Written only on request (`SCOTTY_PERF_MAP=1` or `enablePerfMap()`), because it stays behind in `/tmp`. Node's own
 * `--perf-basic-prof` writes the same file; both append whole lines, so both can be on.
 */

import { closeSync, openSync, writeSync } from 'node:fs';

const setting = process.env['SCOTTY_PERF_MAP'];
let enabled = setting !== undefined && setting !== '' && setting !== '0';
let file: number | undefined;

/** Where `perf` expects the map of this process. */
export function perfMapPath(): string {
  return `/tmp/perf-${process.pid}.map`;
}

/** Starts writing the map: code added from now on is named in it. */
export function enablePerfMap(): void {
  enabled = true;
}

/** Stops writing the map and closes the file. */
export function disablePerfMap(): void {
  enabled = false;
  if (file === undefined) return;
  closeSync(file);
  file = undefined;
}

/** Names `size` bytes of code at an address in the executable view. Does nothing while the map is off. */
export function perfMapAdd(address: number, size: number, name: string): void {
  if (!enabled) return;
  file ??= openSync(perfMapPath(), 'a');
  writeSync(file, `${address.toString(16)} ${size.toString(16)} ${name.replaceAll(/\s+/g, ' ')}\n`);
}
