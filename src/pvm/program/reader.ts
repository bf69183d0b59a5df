/**
 * A cursor over the bytes of a program file, with every read checked against the end.
 *
 * All containers are read through it, for one reason: a damaged file must end in a `FormatError` that names the
 * offset and what was expected there, never in a `RangeError` or a wild allocation. Ranges come back as views of
 * the input, so a size field that lies costs nothing before it is found out.
 */
import { FormatError } from './image.js';

/** Reads a program file front to back. */
export class Reader {
  /** Offset of the next byte. */
  offset: number;
  /** Offset reading stops at. */
  readonly end: number;

  constructor(
    readonly bytes: Uint8Array,
    start = 0,
    end = bytes.length,
  ) {
    this.offset = start;
    this.end = end;
  }

  /** Bytes left. */
  get remaining(): number {
    return this.end - this.offset;
  }

  /** A `FormatError` at an offset, by default the current one. */
  error(problem: string, offset = this.offset): FormatError {
    return new FormatError(problem, offset);
  }

  /** Checks that `count` bytes are left for `what`. */
  need(count: number, what: string): void {
    if (count > this.remaining) {
      throw this.error(`expected ${what} (${plural(count, 'byte')}), found ${plural(this.remaining, 'byte')} left`);
    }
  }

  /** The next `count` bytes, as a view. */
  take(count: number, what: string): Uint8Array {
    this.need(count, what);
    const start = this.offset;
    this.offset += count;
    return this.bytes.subarray(start, this.offset);
  }

  /** One byte. */
  u8(what: string): number {
    this.need(1, what);
    return this.bytes[this.offset++] as number;
  }

  /** A little-endian unsigned integer of 1–6 bytes. */
  unsigned(size: number, what: string): number {
    this.need(size, what);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + (this.bytes[this.offset + i] as number);
    this.offset += size;
    return value;
  }

  /**
   * A natural in the Gray Paper's general encoding (appendix C.1.1): as many leading one bits in the first byte as
   * bytes follow it. Only the shortest form of a value is a valid encoding.
   *
   * @param limit largest value that makes sense here
   * @param anyLength accept longer forms too, as PolkaVM does in its own container
   */
  natural(what: string, limit: number, anyLength = false): number {
    const start = this.offset;
    const first = this.u8(what);
    const extra = first === 0 ? 0 : Math.clz32(~(first << 24));
    const count = extra > 8 ? 8 : extra;
    this.need(count, `the ${plural(count, 'byte')} after the first of ${what}`);
    let value = count === 8 ? 0 : first & (0x7f >> count);
    // Low bytes come after the first, which holds the highest bits; beyond 2^53 precision does not matter, since
    // nothing that large is within any limit.
    for (let i = count - 1; i >= 0; i--) value = value * 256 + (this.bytes[this.offset + i] as number);
    this.offset += count;
    if (value > limit) throw this.error(`expected ${what} of at most ${limit}, found ${value}`, start);
    if (!anyLength && count > 0 && value < 2 ** (7 * count)) {
      throw this.error(`expected ${what} in its shortest encoding, found ${value} in ${count + 1} bytes`, start);
    }
    return value;
  }

  /** Checks that nothing is left. */
  expectEnd(after: string): void {
    if (this.remaining > 0) {
      throw this.error(`expected the end after ${after}, found ${plural(this.remaining, 'more byte')}`);
    }
  }
}

/** The shortest general encoding of a natural below 2^53. */
export function encodeNatural(value: number): number[] {
  let extra = 0;
  while (extra < 8 && value >= 2 ** (7 * (extra + 1))) extra++;
  const bytes = [(256 - 2 ** (8 - extra) + Math.floor(value / 2 ** (8 * extra))) & 255];
  for (let i = 0, rest = value; i < extra; i++, rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  return bytes;
}

/** `1 byte`, `2 bytes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
