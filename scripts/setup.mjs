/**
 * Brings a fresh clone to where its code can run: the npm packages the lock file names, then a build. For what runs
 * next, the tests or the demo, also the system's packages it uses: a C compiler and Java.
 *
 * Plain JavaScript on Node alone, because it runs before any package is there. Does only what is missing, says what
 * it does before doing it, and runs no package's install script: nothing here needs one (koffi brings its
 * prebuilt binary as a package of its own).
 *
 *   node scripts/setup.mjs [--clean]     --clean: throw the old build away first
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installSystemPackages } from './system-packages.mjs';

/** The repository's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const OLDEST_NODE = 20;

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** Runs a program in the repository with its output on ours; ends this process where it fails. */
function step(command, args, failure) {
  // Both streams to stderr, so that `npm pack` and pipes see only what the command asked for.
  const result = spawnSync(command, args, { cwd: root, stdio: ['inherit', 2, 2], shell: process.platform === 'win32' });
  if (result.status === 0) return;
  say(`${failure} (${command} ${args.join(' ')}${result.error ? `: ${result.error.message}` : ''})`);
  process.exit(1);
}

/** The packages of the lock file that are absent or of another version than it says. */
function missingPackages() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const missing = [];
  for (const [path, { version, optional }] of Object.entries(lock.packages)) {
    if (path === '') continue;
    const manifest = join(root, path, 'package.json');
    const found = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
    // Binaries for other platforms are optional, and rightly absent.
    if (found !== version && !(found === undefined && optional)) missing.push(path.replace(/^.*node_modules\//, ''));
  }
  return missing;
}

/**
 * Installs what is missing and builds what has changed.
 *
 * @param options.clean throw the old build away first
 * @param options.system what to install of the system's packages: the options of `installSystemPackages`
 */
export function setUp({ clean = false, system = {} } = {}) {
  const [major] = process.versions.node.split('.');
  if (Number(major) < OLDEST_NODE) {
    say(`Node ${OLDEST_NODE} or newer is needed; this is ${process.versions.node}`);
    process.exit(1);
  }
  const missing = missingPackages();
  if (missing.length > 0) {
    const some = missing.slice(0, 6).join(', ');
    say(
      `installing npm packages into node_modules: ${some}${missing.length > 6 ? `, ${missing.length - 6} more` : ''}`,
    );
    step('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], 'the packages could not be installed');
  }
  installSystemPackages(say, system);
  if (clean) rmSync(join(root, 'dist'), { recursive: true, force: true });
  say(existsSync(join(root, 'dist')) ? 'building what has changed' : 'building (TypeScript to dist/)');
  step(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], 'the build failed');
  publishConstEnums();
  step(process.execPath, [join('scripts', 'bundle.mjs')], 'the Java command could not be bundled');
}

/**
 * Declares our `const enum`s as ordinary ones to the package's users. Inside, the compiler inlines their values; it
 * also emits them as objects (`preserveConstEnums`), and that is what users get: a `const enum` of somebody else's
 * declarations is an error under `isolatedModules`, which most bundlers ask for.
 */
function publishConstEnums() {
  const folder = join(root, 'dist', 'src');
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const changed = text.replaceAll('export declare const enum ', 'export declare enum ');
    if (changed !== text) writeFileSync(path, changed);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp({ clean: process.argv.includes('--clean') });
