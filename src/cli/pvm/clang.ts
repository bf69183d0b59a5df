/**
 * C to a linked RISC-V ELF: finds clang and its linker, and calls them with what PVM needs.
 *
 * The target is `rv64emc_zbb` with the `lp64e` ABI: sixteen registers, of which PVM's thirteen are the ones a compiler
 * allocates. Relocations stay in the ELF (`--emit-relocs`) because our linker moves everything. The runtime of `include/`
 * is compiled along; the linker takes from it only files that something needs (`--start-lib`), and of these
 * only the functions (`--gc-sections`), so a program that defines its own `malloc` gets its own.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, ExitCode } from '../exit-codes.js';
import { reasonOf } from '../options.js';

/** First release of clang that knows RV64E without calling it experimental. */
export const OLDEST_CLANG = 18;
/** Newest release looked for under a name with its number. */
const NEWEST_CLANG = 30;

/** Our headers; `runtime/` in it is what goes with them. */
export const INCLUDE_FOLDER = fileURLToPath(new URL('../../../../include', import.meta.url));

/** Files of the runtime that programs take what they use of. */
const LIBRARY = ['string.c', 'heap.c', 'stdlib.c', 'print.c', 'wide.c'];
/** Start of a program for the kernel. */
const KERNEL_START = 'start.c';
/** The function that file defines. */
export const KERNEL_ENTRY = 'scotty_start';

/** How sources are named: what is named otherwise, the compiler leaves to its linker. */
const SOURCES = ['.c', '.i', '.s', '.S'];
/** A function that compilers call for floating point, in the linker's complaint that nobody has it. */
const FLOATING_POINT =
  /undefined symbol: (__(?:add|sub|mul|div|neg|powi|fix|fixuns|float(?:un)?[sdt]i|extend|trunc|unord|[egln][eqt])[hsdt]f\w*)/;

/** Levels `-O` takes. */
export const OPTIMISATION_LEVELS = ['0', '1', '2', '3', 's', 'z'] as const;

/** A C compiler and a linker, both of LLVM. */
export interface Clang {
  readonly compiler: string;
  readonly linker: string;
}

/** What to compile and how. */
export interface CompileOptions {
  readonly sources: readonly string[];
  /** One of `OPTIMISATION_LEVELS`. */
  readonly level: string;
  /** Folders for `#include`, before ours. */
  readonly include: readonly string[];
  /** `NAME` or `NAME=VALUE`. */
  readonly define: readonly string[];
  /** Further arguments for the compiler, as they are. */
  readonly flags: readonly string[];
  /** Functions that stay although nothing in the program calls them. */
  readonly entries: readonly string[];
  /** Bytes of heap from the start. */
  readonly heapSize: number;
  /** Whether the program is for the kernel. */
  readonly kernel: boolean;
  /** Whether its instruction set has `sbrk`. */
  readonly sbrk: boolean;
}

/** Finds an executable file by its name, or takes a path as it is. */
function findExecutable(name: string): string | undefined {
  const candidates = /[\\/]/.test(name)
    ? [name]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder || '.', name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

/** The release of a compiler or linker, 0 where it does not say. */
function releaseOf(program: string): number {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return Number(/(?:clang version|LLD) (\d+)\./.exec(stdout ?? '')?.[1] ?? 0);
}

/** Names a program may be installed under, the newest release first. */
function namesOf(base: string): string[] {
  const numbered = Array.from({ length: NEWEST_CLANG - OLDEST_CLANG + 1 }, (_, i) => `${base}-${NEWEST_CLANG - i}`);
  return [base, ...numbered];
}

/** The first installed program of a list that is new enough; what was found too old is noted. */
function pick(names: readonly string[], old: string[]): string | undefined {
  for (const name of names) {
    const path = findExecutable(name);
    if (path === undefined) continue;
    const release = releaseOf(path);
    if (release >= OLDEST_CLANG) return path;
    old.push(`${path}${release === 0 ? ' (not clang or LLD)' : ` (release ${release})`}`);
  }
  return undefined;
}

/**
 * Finds clang and ld.lld: where `SCOTTY_CLANG` and `SCOTTY_LLD` say, else on the PATH, plain or with a release number.
 *
 * @returns the two, or why there are none
 */
export function findClang(env: NodeJS.ProcessEnv = process.env): Clang | string {
  const old: string[] = [];
  const compiler = pick(env.SCOTTY_CLANG ? [env.SCOTTY_CLANG] : namesOf('clang'), old);
  const linker = pick(env.SCOTTY_LLD ? [env.SCOTTY_LLD] : namesOf('ld.lld'), old);
  if (compiler !== undefined && linker !== undefined) return { compiler, linker };
  const missing = [
    ...(compiler === undefined ? [env.SCOTTY_CLANG || 'clang'] : []),
    ...(linker === undefined ? [env.SCOTTY_LLD || 'ld.lld'] : []),
  ];
  const seen = old.length === 0 ? '' : `; found ${old.join(', ')}`;
  return (
    `compiling C needs ${missing.join(' and ')}, release ${OLDEST_CLANG} or newer${seen} ` +
    '(Debian and Ubuntu: apt-get install clang-19 lld-19; SCOTTY_CLANG and SCOTTY_LLD name others)'
  );
}

const TARGET = [
  '--target=riscv64-unknown-elf',
  '-march=rv64emc_zbb',
  '-mabi=lp64e',
  '-mcmodel=medany',
  // PVM loads and stores at any address; otherwise the compiler takes words apart into bytes.
  '-mno-strict-align',
];
const DIALECT = [
  '-std=gnu17',
  '-ffreestanding',
  '-nostdlibinc',
  // Costs nothing that could be measured, and PolkaVM's linker gets some addresses in other code wrong.
  '-fpic',
  '-fno-stack-protector',
  '-fno-asynchronous-unwind-tables',
  '-ffunction-sections',
  '-fdata-sections',
];

/**
 * Compiles and links C files. What the compiler has to say goes to our standard error.
 *
 * @returns the ELF's bytes
 * @throws CommandError where there is no compiler, or it found errors
 */
export function compile(options: CompileOptions): Uint8Array {
  const clang = findClang();
  if (typeof clang === 'string') throw new CommandError(clang, ExitCode.Failure);
  for (const source of options.sources) checkSource(source, options.flags);
  const folder = temporaryFolder();
  try {
    return compileIn(folder, clang, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Refuses what the compiler would take for something else, or have many words about. */
function checkSource(source: string, flags: readonly string[]): void {
  let isFile: boolean;
  try {
    isFile = statSync(source).isFile();
  } catch (error) {
    throw new CommandError(`${source}: ${reasonOf(error)}`);
  }
  if (!isFile) throw new CommandError(`${source}: expected a file of C or assembly`);
  // `-x` tells the compiler what a file is, whatever its name.
  if (!SOURCES.includes(extname(source)) && !flags.some((flag) => flag.startsWith('-x'))) {
    throw new CommandError(`${source}: expected a name that ends in ${SOURCES.join(', ')}, or --flag=-xc`);
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'scotty-build-'));
  } catch (error) {
    throw new CommandError(`${tmpdir()}: ${reasonOf(error)}`, ExitCode.Failure);
  }
}

function compileIn(folder: string, clang: Clang, options: CompileOptions): Uint8Array {
  const { sources, level, include, define, flags, entries, heapSize, kernel, sbrk } = options;
  const common = [
    ...TARGET,
    ...DIALECT,
    ...(kernel ? ['-DSCOTTY_KERNEL=1'] : []),
    ...(sbrk ? [] : ['-DSCOTTY_NO_SBRK=1']),
    `-DSCOTTY_HEAP_SIZE=${heapSize}`,
    ...define.map((macro) => `-D${macro}`),
  ];
  let count = 0;
  const object = (source: string, args: readonly string[]): string => {
    const output = join(folder, `${count++}.o`);
    const { code } = run(clang.compiler, [...common, ...args, '-isystem', INCLUDE_FOLDER, '-c', source, '-o', output]);
    if (code !== 0) throw new CommandError(`${source}: ${clang.compiler} could not compile it`);
    return output;
  };
  const own = [`-O${level}`, ...include.map((path) => `-I${path}`), ...flags];
  const objects = sources.map((source) => object(source, [...own, ...flagsFor(source)]));
  if (kernel) {
    const main = entries[0] === undefined ? [] : [`-DSCOTTY_MAIN=${entries[0]}`];
    objects.push(object(join(INCLUDE_FOLDER, 'runtime', KERNEL_START), ['-O2', ...main]));
  }
  const library = LIBRARY.map((file) => object(join(INCLUDE_FOLDER, 'runtime', file), ['-O2']));
  const output = join(folder, 'program.elf');
  const { code, messages } = run(
    clang.linker,
    [
      '--emit-relocs',
      '--gc-sections',
      '--no-relax',
      '-e',
      kernel ? KERNEL_ENTRY : (entries[0] ?? 'main'),
      ...entries.flatMap((name) => ['-u', name]),
      ...objects,
      '--start-lib',
      ...library,
      '--end-lib',
      '-o',
      output,
    ],
    // A program may have other entries than main. Where it has none at all, our linker says so.
    /^.*warning: cannot find entry symbol .*\n/gm,
  );
  if (code !== 0) {
    const float = FLOATING_POINT.exec(messages)?.[1];
    const why = float === undefined ? '' : `: the machine has no floating point, which ${float} is for`;
    throw new CommandError(`${sources.join(', ')}: ${clang.linker} could not link the program${why}`);
  }
  return readFileSync(output);
}

/** Further flags for one source. Of those all get, assembly has no use for some, and need not hear of it. */
function flagsFor(source: string): readonly string[] {
  return extname(source).toLowerCase() === '.s' ? ['-Wno-unused-command-line-argument'] : [];
}

/** What a program came to: its exit code, and what it wrote to standard error. */
interface Outcome {
  readonly code: number;
  readonly messages: string;
}

/** Runs a program, its messages on our standard error too, but for those that `silent` matches. */
function run(program: string, args: readonly string[], silent?: RegExp): Outcome {
  const colour = process.stderr.isTTY && !process.env.NO_COLOR ? ['-fcolor-diagnostics'] : [];
  const { status, error, stderr } = spawnSync(program, silent === undefined ? [...colour, ...args] : args, {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) throw new CommandError(`${program}: ${error.message}`, ExitCode.Failure);
  process.stderr.write(silent === undefined ? stderr : stderr.replace(silent, ''));
  return { code: status ?? 1, messages: stderr };
}
