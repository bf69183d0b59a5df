/**
 * From a file name to a program: any container, or assembly text, told apart by its contents.
 */
import { FormatError } from '../../pvm/program/image.js';
import { type Manifest, readManifest } from '../../pvm/program/manifest.js';
import { Program } from '../../pvm/program.js';
import { assemble } from '../../pvm/toolchain/assembler.js';
import { CommandError } from '../exit-codes.js';
import { readBytes } from '../options.js';

/**
 * Reads a program file, assembling it where it is text.
 *
 * `.pvm` names both assembly text and binary programs in this ecosystem, so the name only makes text possible; a
 * file with a byte that no text has is binary.
 */
export function readProgram(file: string): Uint8Array {
  const bytes = readBytes(file);
  if (file.endsWith('.c') && asText(bytes) !== undefined) {
    throw new CommandError(`${file}: expected a program, found C: make one of it with scotty pvm build`);
  }
  const text = file.endsWith('.pvm') ? asText(bytes) : undefined;
  return text === undefined ? bytes : assemble(text, file);
}

/** Loads a program that `readProgram` has read. */
export function loadProgram(bytes: Uint8Array, file: string): Program {
  try {
    return Program.load(bytes);
  } catch (error) {
    throw inFile(error, file);
  }
}

/** Reads the manifest that `readProgram` has read. */
export function loadManifest(bytes: Uint8Array, file: string): Manifest {
  try {
    return readManifest(bytes);
  } catch (error) {
    throw inFile(error, file);
  }
}

/** The error with the file's name where it is one about the file's contents. */
export function inFile(error: unknown, file: string): unknown {
  return error instanceof FormatError ? error.inFile(file) : error;
}

function asText(bytes: Uint8Array): string | undefined {
  if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
