/** What the tests of instances share: which engines there are here, and guests made from a few lines of assembly. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Instance, InstanceOptions } from '../../src/pvm/instance.js';
import { Access, type Segment } from '../../src/pvm/program/image.js';
import { type Engine, Program } from '../../src/pvm/program.js';
import { assemble } from '../../src/pvm/toolchain/assembler.js';

/** The engines this machine has: both, or the interpreter alone. */
export const ENGINES: readonly Engine[] =
  Program.recompilerUnavailable() === undefined ? ['interpreter', 'recompiler'] : ['interpreter'];

/** Both gas models. */
export const MODELS = ['flat', 'pipeline'] as const;

/** Loads a program written as text. */
export function programOf(text: string): Program {
  return Program.load(assemble(text));
}

/** An instance of a program written as text. */
export function guestOf(text: string, options: InstanceOptions = {}): Instance {
  return programOf(text).instantiate(options);
}

/** Pages at an address, writable unless said otherwise. */
export function pages(address: number, count = 1, access = Access.Write, data = new Uint8Array(0)): Segment {
  return { name: `pages at ${address}`, address, length: count * 4096, access, data };
}

/** Registers by number; the others are zero. */
export function registersOf(values: Readonly<Record<number, bigint>>): bigint[] {
  return Array.from({ length: 13 }, (_, i) => values[i] ?? 0n);
}

let collect: (() => void) | undefined;

/**
 * Collects garbage and lets finalizers run. Tests that load thousands of programs in a row need it: a program gives its
 * machine code back when it is collected, and a process has room for 4096 at a time.
 */
export async function collectGarbage(): Promise<void> {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  await sleep(1);
}
