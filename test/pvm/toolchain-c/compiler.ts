/**
 * C programs for tests: compiled for PVM, compiled for this machine, and run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompileOptions, compile, findClang, KERNEL_ENTRY } from '../../../src/cli/pvm/clang.js';
import { Kernel } from '../../../src/pvm/kernel/index.js';
import { type Engine, Program } from '../../../src/pvm/program.js';
import { linkProgram, type OutputFormat, type ProgramOptions } from '../../../src/pvm/toolchain/output.js';
import { ROOT } from '../../vectors.js';

/** The folder with the C sources of these tests. */
export const SOURCES = join(ROOT, 'test', 'pvm', 'toolchain-c');

const clang = findClang();
// In CI a missing compiler is a broken set-up, not a reason to test less.
if (typeof clang === 'string' && process.env.CI) throw new Error(clang);

/** Why nothing can be compiled here, for a test's `skip` option; false where it can. */
export const NO_COMPILER: string | false = typeof clang === 'string' ? clang : false;

/** Compiles C files of this folder into an ELF file. */
export function compileC(files: readonly string[], options: Partial<CompileOptions> = {}): Uint8Array {
  return compile({
    sources: files.map((file) => join(SOURCES, file)),
    level: '2',
    include: [],
    define: [],
    flags: ['-Wall', '-Wextra', '-Werror'],
    entries: [],
    heapSize: 0x10000,
    kernel: false,
    sbrk: false,
    ...options,
  });
}

/** Compiles C text into an ELF file. */
export function compileText(text: string, options: Partial<CompileOptions> = {}): Uint8Array {
  return inFolder((folder) => {
    const file = join(folder, 'text.c');
    writeFileSync(file, text);
    return compileC([], { sources: [file], ...options });
  });
}

/** What the build command makes of C files: a program in a container. */
export function build(files: readonly string[], format: OutputFormat, level = '2'): Uint8Array {
  const kernel = format === 'manifest';
  const elf = compileC(files, { level, kernel, sbrk: format === 'standard' });
  const options: ProgramOptions = { format, name: files.join(', ') };
  return linkProgram(elf, kernel ? { ...options, heapSize: 0x10000, entries: [KERNEL_ENTRY] } : options).bytes;
}

const native = spawnSync('cc', ['--version']).status === 0 || typeof clang === 'string' ? 'cc' : clang.compiler;

/** What a C file prints when it is compiled for this machine. */
function printed(folder: string, file: string, flags: readonly string[]): string {
  const program = join(folder, 'native');
  execFileSync(native, ['-w', '-O1', ...flags, file, '-o', program]);
  return execFileSync(program, { encoding: 'utf8' });
}

/** What a C file of this folder prints when it is compiled for this machine. */
export function printedNatively(file: string): string {
  return inFolder((folder) => printed(folder, join(SOURCES, file), []));
}

/** What C text prints when it is compiled for this machine. */
export function printedByText(text: string, flags: readonly string[]): string {
  return inFolder((folder) => {
    const file = join(folder, 'text.c');
    writeFileSync(file, text);
    return printed(folder, file, flags);
  });
}

/** How a run went. */
export interface Printed {
  /** How it ended. */
  readonly kind: string;
  readonly text: string;
  readonly result: bigint;
}

/** Runs a program in any container. Host call 0, or 26 for the kernel, prints. */
export function run(bytes: Uint8Array, engine: Engine, manifest = false): Printed {
  const decoder = new TextDecoder();
  let text = '';
  if (manifest) {
    const kernel = Kernel.load(bytes, {
      engine,
      host: {
        26: (caller) => {
          text += decoder.decode(caller.memory.read(caller.getRegister32(7), caller.getRegister32(8)));
          caller.setRegister(7, 0n);
        },
      },
    });
    const end = kernel.run();
    kernel.dispose();
    return { kind: end.kind, text, result: end.kind === 'halt' ? end.value : 0n };
  }
  const instance = Program.load(bytes).instantiate({
    engine,
    host: {
      0: (guest) => {
        text += decoder.decode(guest.memory.read(guest.getRegister32(7), guest.getRegister32(8)));
        guest.setRegister(7, 0n);
      },
    },
  });
  const { kind } = instance.run();
  return { kind, text, result: instance.getRegister(7) };
}

/** Does something with a folder that is gone afterwards. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'scotty-c-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of this folder. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(SOURCES, 'fixtures', name)));
}
