/**
 * A cursor over part of a class file, for attribute bodies: every read is checked against the attribute's end, so that a
 * wrong count in one attribute cannot read into the next. The parser's own single pass does not use it.
 */
import { formatError } from './errors.js';

/** Reads big-endian numbers from `bytes[at, end)`; past the end it throws ClassFormatError. */
export class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    readonly end: number,
  ) {}

  u1(): number {
    return this.bytes[this.take(1)];
  }

  u2(): number {
    const at = this.take(2);
    return (this.bytes[at] << 8) | this.bytes[at + 1];
  }

  /** Unsigned, 0 to 2^32 - 1. */
  u4(): number {
    return this.i4() >>> 0;
  }

  i4(): number {
    const at = this.take(4);
    const { bytes } = this;
    return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }

  /** Passes over `count` bytes. */
  skip(count: number): void {
    this.take(count);
  }

  /** A view of the next `count` bytes. */
  view(count: number): Uint8Array {
    const at = this.take(count);
    return this.bytes.subarray(at, at + count);
  }

  private take(count: number): number {
    const { at } = this;
    if (at + count > this.end) throw formatError('Truncated class file', at);
    this.at = at + count;
    return at;
  }
}
