/**
 * From a file name to a program: any container, or assembly text, told apart by its contents.
 */
import { FormatError } from '../../pvm/program/image.js';
import { Program } from '../../pvm/program.js';
import { assemble } from '../../pvm/toolchain/assembler.js';
import { readBytes } from '../options.js';

/**
 * Loads a program file.
 *
 * `.pvm` names both assembly text and binary programs in this ecosystem, so the name only makes text possible; a
 * file with a byte that no text has is binary.
 */
export function loadProgram(file: string): Program {
  const bytes = readBytes(file);
  const text = file.endsWith('.pvm') ? asText(bytes) : undefined;
  try {
    return Program.load(text === undefined ? bytes : assemble(text, file));
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
