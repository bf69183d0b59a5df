/**
 * Reading what the user typed: numbers, bytes, names, files. Every refusal says what would have been right.
 */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { hexToBytes } from '../pvm/conformance/difference.js';
import type { EngineName } from '../pvm/conformance/vectors.js';
import type { GasModel } from '../pvm/gas/index.js';
import { Program } from '../pvm/program.js';
import { CommandError, ExitCode } from './exit-codes.js';

const ENGINES: readonly EngineName[] = ['auto', 'interpreter', 'recompiler'];
const GAS_MODELS: readonly GasModel[] = ['flat', 'pipeline'];

/**
 * Refuses an engine this machine does not have, with the reason.
 */
export function checkEngine(engine: EngineName): void {
  const unavailable = engine === 'recompiler' ? Program.recompilerUnavailable() : undefined;
  if (unavailable !== undefined) {
    throw new CommandError(`the recompiler is not available: ${unavailable}`, ExitCode.Failure);
  }
}

/** `--engine`. */
export function engineOption(): Option {
  return new Option('--engine <engine>', 'what runs the program; auto: the recompiler where it can run')
    .choices(ENGINES)
    .default('auto');
}

/** `--gas-model`. */
export function gasModelOption(): Option {
  return new Option('--gas-model <model>', 'flat: one unit an instruction; pipeline: by block, from a pipeline model')
    .choices(GAS_MODELS)
    .default('flat');
}

/** A whole number from 0 to `max`, decimal (digits may be grouped with `_`) or hexadecimal after `0x`. */
export function wholeNumber(max: bigint): (text: string) => bigint {
  return (text) => {
    const digits = text.replaceAll('_', '');
    const value = /^(\d+|0x[0-9a-fA-F]+)$/.test(digits) ? BigInt(digits) : -1n;
    if (value < 0n || value > max) throw new InvalidArgumentError(`expected a whole number from 0 to ${max}.`);
    return value;
  };
}

/** One more register: `r7=20`, beside those given before. */
export function registerValues(text: string, previous: Readonly<Record<number, bigint>>): Record<number, bigint> {
  const [, index, value] = /^r(\d|1[0-2])=(.*)$/.exec(text) ?? [];
  if (index === undefined) throw new InvalidArgumentError('expected a register and its value, such as r7=20.');
  return { ...previous, [index]: wholeNumber(2n ** 64n - 1n)(value as string) };
}

/** A program counter. */
export function programCounter(text: string): number {
  return Number(wholeNumber(0xffff_ffffn)(text));
}

/** Arguments for a program: hexadecimal digits, or `@FILE`. */
export function argumentBytes(text: string): Uint8Array {
  if (text.startsWith('@')) return readBytes(text.slice(1));
  const bytes = hexToBytes(text);
  if (bytes === undefined) throw new InvalidArgumentError('expected an even number of hexadecimal digits, or @FILE.');
  return bytes;
}

/** A file's bytes. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommandError(`${file}: ${reasonOf(error)}`);
  }
}

/** A file's text. */
export function readText(file: string): string {
  return new TextDecoder().decode(readBytes(file));
}

/** Why the operating system refused, in words. */
export function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EISDIR':
      return 'expected a file, this is a folder';
    case 'EACCES':
      return 'not permitted';
    default:
      return (error as Error).message;
  }
}
