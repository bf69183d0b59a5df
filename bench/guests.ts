/**
 * Builds the workloads: each is C that our toolchain makes a RISC-V ELF file, for both linkers, ours and
 * PolkaVM's, and clang a native program, from the same sources.
 *
 * The elliptic curves' C comes out of development dependencies, as their packages ship it; nothing of it is kept here.
 * What a workload works on that only another implementation can make — keys and signatures — is written into a header
 * when it is built.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, findClang } from '../src/cli/pvm/clang.js';
import { curveInputs, signatureInputs } from './expected.js';
import { ROOT } from './machine.js';

/** What is built, by name. */
export const WORKLOADS = ['fib', 'hostcall', 'sort', 'sieve', 'blake2b', 'keccak', 'ed25519', 'ecrecover'] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

const SOURCES = join(ROOT, 'bench', 'guests');
const MODULES = join(ROOT, 'node_modules');
/** Everything built lies below `dist`, which git ignores. */
const OUT = join(ROOT, 'dist', 'workloads');

const ED25519 = join(MODULES, 'ed25519-supercop', 'vendor', 'ed25519', 'src');
const SECP256K1 = join(MODULES, 'secp256k1', 'src', 'secp256k1');

interface Library {
  readonly sources: readonly string[];
  readonly includes: readonly string[];
}

/** What a workload needs besides its own file. */
const LIBRARIES: Partial<Record<WorkloadName, Library>> = {
  ed25519: {
    sources: ['fe.c', 'ge.c', 'sc.c', 'sha512.c', 'verify.c'].map((file) => join(ED25519, file)),
    includes: [ED25519],
  },
  ecrecover: { sources: [], includes: [SECP256K1, join(SECP256K1, 'src'), join(SECP256K1, 'include')] },
};

/** Warnings are the libraries' own business. */
const QUIET = ['-w'];

let prepared: string | undefined;

/** The folder everything is built into, with the generated header in it. */
function folder(): string {
  if (prepared === undefined) {
    mkdirSync(OUT, { recursive: true });
    writeFileSync(join(OUT, 'inputs.h'), inputsHeader());
    prepared = OUT;
  }
  return prepared;
}

/** Builds a workload for the guest; answers the ELF file's path. */
export function buildGuest(name: WorkloadName): string {
  const file = join(folder(), `${name}.elf`);
  const elf = compile({
    sources: sourcesOf(name),
    include: includesOf(name),
    level: '2',
    flags: QUIET,
    define: [],
    entries: ['initialize', 'run'],
    heapSize: 0,
    kernel: false,
    sbrk: false,
  });
  writeFileSync(file, elf);
  return file;
}

/** A workload for the guest, as the bytes of an ELF file. */
export function guestElf(name: WorkloadName): Uint8Array {
  return new Uint8Array(readFileSync(buildGuest(name)));
}

/** Builds a workload natively; answers the program's path. See `guests/native.c` for how it is called. */
export function buildNative(name: WorkloadName): string {
  const clang = findClang();
  if (typeof clang === 'string') throw new Error(clang);
  const program = join(folder(), `${name}.native`);
  const paths = includesOf(name).flatMap((path) => ['-I', path]);
  const args = ['-O2', ...QUIET, ...paths, join(SOURCES, 'native.c'), ...sourcesOf(name), '-o', program];
  execFileSync(clang.compiler, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return program;
}

function sourcesOf(name: WorkloadName): string[] {
  return [join(SOURCES, `${name}.c`), ...(LIBRARIES[name]?.sources ?? [])];
}

function includesOf(name: WorkloadName): string[] {
  return [SOURCES, folder(), ...(LIBRARIES[name]?.includes ?? [])];
}

/** `inputs.h`: bytes as C initializers. */
function inputsHeader(): string {
  const bytes = (name: string, value: Uint8Array) => `#define ${name} {${[...value].join(', ')}}`;
  const { publicKey, signature, message } = signatureInputs();
  const { digest, compact, recovery } = curveInputs();
  return `${[
    '/* Made by bench/guests.ts. */',
    bytes('ED25519_KEY', publicKey),
    bytes('ED25519_SIGNATURE', signature),
    bytes('ED25519_MESSAGE', message),
    bytes('SECP256K1_DIGEST', digest),
    bytes('SECP256K1_SIGNATURE', compact),
    `#define SECP256K1_RECOVERY_ID ${recovery}`,
  ].join('\n')}\n`;
}
