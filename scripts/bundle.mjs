/**
 * Makes the Java command's bundle of a finished build: one file of code, and the engine's code cache for it (see
 * src/cli/java/bundle.ts, which loads both). Without it everything works, and starts more slowly.
 *
 *   node scripts/bundle.mjs [FOLDER]     FOLDER: the build, by default dist
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';

const self = fileURLToPath(import.meta.url);

/** Where the parts are in a build. */
function partsOf(build) {
  const folder = join(build, 'src', 'cli', 'java');
  return {
    entry: join(folder, 'run.js'),
    loader: join(folder, 'bundle.js'),
    optimizer: join(folder, 'optimizer.js'),
    bundle: join(folder, 'bundle.cjs'),
    cache: join(folder, 'bundle.cache'),
    record: join(build, 'tsconfig.tsbuildinfo'),
  };
}

/** Bundles the build in `build` unless its bundle is up to date. */
async function bundle(build) {
  const { entry, bundle: output, cache, record } = partsOf(build);
  const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (existsSync(cache) && modified(output) > modified(record)) return;
  rmSync(cache, { force: true });
  await esbuild({
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    charset: 'ascii',
    // Comments about licences come at the end as they are; nothing of ours needs them in this file.
    legalComments: 'none',
    external: ['koffi', 'pako'],
    define: { 'import.meta.url': 'bundleUrl' },
    logLevel: 'warning',
  });
  // A process of its own: the cache holds what has been compiled when a VM has come up, and the VM prints its version.
  spawnSync(process.execPath, [self, '--record', build], { stdio: 'ignore' });
}

/** Brings a VM up by the bundle and keeps the engine's code for the next time. */
async function record(build) {
  const { loader, optimizer, cache } = partsOf(build);
  const { holdOptimizer } = await import(pathToFileURL(optimizer).href);
  const { loadBundle } = await import(pathToFileURL(loader).href);
  // The engine takes a cache only under the flags that it was made with, which are those main.js sets.
  holdOptimizer();
  const loaded = loadBundle();
  await loaded.java.runJava(['-version']);
  holdOptimizer();
  writeFileSync(cache, loaded.codeCache());
}

if (process.argv[1] === self) {
  if (process.argv[2] === '--record') await record(process.argv[3]);
  else await bundle(process.argv[2] ?? join(dirname(dirname(self)), 'dist'));
}
