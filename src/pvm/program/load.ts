/**
 * Loading a program: telling the containers apart.
 *
 * Two have a magic number. The Gray Paper's own two have none, but a blob of either says its total length in its size
 * fields, so reading it as each and keeping the one that comes out to the last byte decides it; the readers allocate
 * nothing before sizes have been checked, which makes a wrong guess cheap.
 */
import { readCodeImage } from './code-blob.js';
import { FormatError, type ProgramImage } from './image.js';
import { isManifest } from './manifest.js';
import { isPolkavm, readPolkavmImage } from './polkavm.js';
import { readStandardImage } from './standard.js';

/** Containers a program can be asked to be read as; `auto` finds out. */
export type Container = 'auto' | 'code' | 'standard' | 'polkavm';

/** How to read a program. */
export interface LoadOptions {
  readonly container?: Container;
}

/**
 * Reads a program file of any container into an image. The image refers to `bytes`, which must not change after.
 *
 * @throws FormatError naming the offset and what was expected there
 */
export function loadImage(bytes: Uint8Array, options: LoadOptions = {}): ProgramImage {
  switch (options.container ?? 'auto') {
    case 'code':
      return readCodeImage(bytes);
    case 'standard':
      return readEither(bytes, STANDARD);
    case 'polkavm':
      return readPolkavmImage(bytes);
    case 'auto':
      break;
  }
  if (isPolkavm(bytes)) return readPolkavmImage(bytes);
  if (startsWith(bytes, 0x7f, 0x45, 0x4c, 0x46)) {
    throw new FormatError('expected a PVM program, found an ELF file: link it first', 0);
  }
  if (isManifest(bytes)) {
    throw new FormatError('expected a PVM program, found a kernel manifest: use Kernel.load', 0);
  }
  return readEither(bytes, ALL);
}

interface Attempt {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => ProgramImage;
}

const STANDARD: readonly Attempt[] = [
  { name: 'a standard program', read: (bytes) => readStandardImage(bytes, false) },
  { name: 'a standard program after metadata', read: (bytes) => readStandardImage(bytes, true) },
];
const ALL: readonly Attempt[] = [{ name: 'a code blob', read: readCodeImage }, ...STANDARD];

/** The first attempt that succeeds; else one error that tells how far each came. */
function readEither(bytes: Uint8Array, attempts: readonly Attempt[]): ProgramImage {
  const failures: string[] = [];
  let offset = 0;
  for (const { name, read } of attempts) {
    try {
      return read(bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      failures.push(`as ${name}, at offset ${error.offset}: ${error.problem}`);
      offset = Math.max(offset, error.offset);
    }
  }
  throw new FormatError(`expected a program; ${failures.join('; ')}`, offset);
}

function startsWith(bytes: Uint8Array, ...magic: number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
