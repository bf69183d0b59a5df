/**
 * What a program file holds once its container is taken off: the one form every container is read into and
 * both engines start from.
 */

/** Page access, ordered: each level includes the ones before it. */
export const enum Access {
  None = 0,
  Read = 1,
  Write = 2,
}

/** A range of guest memory present at the start. */
export interface Segment {
  readonly name: string;
  /** Guest address, a multiple of the page size. */
  readonly address: number;
  /** Bytes, a multiple of the page size. */
  readonly length: number;
  readonly access: Access;
  /** Initial contents from `address` on; the rest of the segment is zero. */
  readonly data: Uint8Array;
}

/** Where `sbrk` takes memory from. */
export interface Heap {
  /** First address `sbrk` hands out. */
  readonly start: number;
  /** Address it never goes beyond. */
  readonly limit: number;
  /** What it answers with: where its end stood before (the Gray Paper, the default) or stands now (PolkaVM). */
  readonly answer?: 'before' | 'after';
}

export type ProgramKind = 'code' | 'standard' | 'polkavm';

export interface ProgramImage {
  readonly kind: ProgramKind;
  /** Metadata that preceded a standard program, empty where there was none. */
  readonly metadata: Uint8Array;
  readonly code: Uint8Array;
  /** One bit a code byte, lowest bit first, set where an instruction starts. */
  readonly bitmask: Uint8Array;
  /** Dynamic jump table: byte offsets into the code. */
  readonly jumpOffsets: Uint32Array;
  readonly segments: readonly Segment[];
  readonly heap: Heap | undefined;
  /** Whether arguments may be passed, and where they are put (read-only). */
  readonly argumentsAddress: number | undefined;
  /** Most bytes of arguments. */
  readonly argumentsLimit: number;
  /** Registers φ0–φ12 at the start, without arguments. */
  readonly registers: readonly bigint[];
  /** Byte offset execution starts at where nothing else is asked for. */
  readonly entry: number;
  /** Names of host functions by `ecalli` index (`.polkavm` only). */
  readonly imports: readonly string[];
  /** Named entry points (`.polkavm` only). */
  readonly exports: readonly { readonly name: string; readonly pc: number }[];
}

/** A file that is not what it should be. The message names the offset and what was expected there. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    /** What was expected and what was found. */
    readonly problem: string,
    /** Byte offset in the input. */
    readonly offset: number,
    /** File name, where one is known. */
    readonly file?: string,
  ) {
    super(`${file === undefined ? '' : `${file}: `}offset ${offset}: ${problem}`);
  }

  /** The same error with the file's name. */
  inFile(file: string): FormatError {
    return new FormatError(this.problem, this.offset, file);
  }
}
