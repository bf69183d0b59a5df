/**
 * A file read at offsets, and the error for one that is not what its name says.
 *
 * Jars and the JDK's image are read piece by piece: a program needs a few hundred of the image's 30 000 entries, and
 * reading (or mapping) 128 MB for them would cost a fresh process more than everything else it does at start-up.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A file whose bytes contradict its format. The message has the path, the offset and what was expected there. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';

  /**
   * @param path the file
   * @param offset where in the file, in bytes
   * @param problem what was expected there, and what was found
   */
  constructor(
    readonly path: string,
    readonly offset: number,
    readonly problem: string,
  ) {
    super(`${path}: damaged at offset ${offset}: ${problem}`);
  }
}

/** An open file of a size that does not change, read at offsets. */
export class FileBytes {
  /** Length in bytes when it was opened. */
  readonly size: number;
  #descriptor: number;

  /** @throws Error of `node:fs` when the file cannot be opened, or is a directory. */
  constructor(readonly path: string) {
    this.#descriptor = openSync(path, 'r');
    const status = fstatSync(this.#descriptor);
    if (!status.isFile()) {
      this.close();
      throw new Error(`${path}: not a file`);
    }
    this.size = status.size;
  }

  /**
   * Reads exactly `length` bytes.
   *
   * @param what what lies there, for the message
   * @throws DamagedFileError when the file ends before them
   */
  read(offset: number, length: number, what: string): Uint8Array {
    if (length < 0 || offset < 0 || offset + length > this.size) {
      throw this.damaged(offset, `expected ${what} of ${length} bytes, but the file has ${this.size}`);
    }
    // A plain array and no Buffer: whoever parses classes then meets one kind of array only.
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.#descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw this.damaged(offset + done, `expected ${what} of ${length} bytes, but the file was cut`);
      done += count;
    }
    return bytes;
  }

  /** The error for something wrong at `offset`. */
  damaged(offset: number, problem: string): DamagedFileError {
    return new DamagedFileError(this.path, offset, problem);
  }

  /** Closes the file; reading afterwards throws. May be called twice. */
  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

/** The bytes of a Buffer as a plain array over the same memory. */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.length);
}
