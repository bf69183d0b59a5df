/**
 * The Java command as one file: what `scripts/bundle.mjs` makes of the modules below `java/`, and the engine's code cache of it.
 *
 * Some 260 small modules are pleasant to read and slow to load: finding, opening and linking them takes longer than Java needs
 * to start. The bundle holds the same code; where there is none, or it is older than the build, the modules themselves
 * are loaded, and nothing differs but the time. The cache is an engine's own: another version of Node rejects it and compiles.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** What the bundle exports: the module `run.ts`. */
type JavaCommand = typeof import('./run.js');

/** Code and cache, beside this file. */
const BUNDLE = fileURLToPath(new URL('./bundle.cjs', import.meta.url));
const CACHE = fileURLToPath(new URL('./bundle.cache', import.meta.url));
/** The compiler's record of its last build; a published package has none. */
const BUILD = fileURLToPath(new URL('../../../tsconfig.tsbuildinfo', import.meta.url));

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A bundle that has been loaded. */
export interface LoadedBundle {
  readonly java: JavaCommand;
  /** The engine's code of every function that has run so far, for `bundle.cache`. */
  codeCache(): Buffer;
}

/** Loads the bundle; `undefined` where there is none that is up to date. */
export function loadBundle(): LoadedBundle | undefined {
  if (modified(BUNDLE) <= modified(BUILD)) return undefined;
  const code = read(BUNDLE);
  if (code === undefined) return undefined;
  const cachedData = read(CACHE);
  // Only comments hold anything but ASCII, so the engine may keep one byte a character.
  const source = `(function (require, module, bundleUrl) {${code.toString('latin1')}\n})`;
  const script = new Script(source, { filename: BUNDLE, ...(cachedData !== undefined && { cachedData }) });
  const run = script.runInThisContext() as (require: NodeJS.Require, module: object, url: string) => void;
  const module = { exports: {} };
  run(createRequire(import.meta.url), module, import.meta.url);
  return { java: module.exports as JavaCommand, codeCache: () => script.createCachedData() };
}
