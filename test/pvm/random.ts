/**
 * Random numbers that are the same on every run, so that a failing case can be found again by its seed.
 */

/** A generator of 32-bit numbers (xorshift) with the draws that fuzzing needs. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed | 0) ^ 0x9e3779b9 || 1;
    for (let i = 0; i < 4; i++) this.u32();
  }

  /** 32 random bits, unsigned. */
  u32(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return this.state >>> 0;
  }

  /** A number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return limit === 0 ? 0 : this.u32() % limit;
  }

  /** True once in `n`. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of a list. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Random bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.u32() >>> 24);
  }

  /** A copy of some bytes with a few things wrong: bits, extremes, cuts, insertions, repeats. */
  mutate(original: Uint8Array): Uint8Array {
    let bytes = original.slice();
    for (let changes = 1 + this.below(4); changes > 0; changes--) {
      const at = this.below(bytes.length);
      switch (this.below(6)) {
        case 0:
          bytes[at] = (bytes[at] ?? 0) ^ (1 << this.below(8));
          break;
        case 1:
          bytes[at] = this.pick([0, 1, 0x7f, 0x80, 0xc0, 0xf0, 0xfe, 0xff]);
          break;
        case 2:
          bytes[at] = this.below(256);
          break;
        case 3:
          bytes = bytes.slice(0, at);
          break;
        case 4:
          bytes = Uint8Array.from([...bytes.subarray(0, at), ...this.bytes(1 + this.below(4)), ...bytes.subarray(at)]);
          break;
        case 5:
          bytes.copyWithin(at, this.below(bytes.length), this.below(bytes.length));
          break;
      }
    }
    return bytes;
  }
}
