/**
 * A RISC-V machine in a few lines, written from the specification and for nothing but comparison: RV64IM and the part
 * of Zbb that random programs use, over a sparse memory.
 */

const M64 = (1n << 64n) - 1n;

function s(value: bigint, bits = 64): bigint {
  return BigInt.asIntN(bits, value);
}

function u(value: bigint, bits = 64): bigint {
  return BigInt.asUintN(bits, value);
}

/** The machine. Registers are unsigned 64-bit values. */
export class RiscvModel {
  readonly x: bigint[] = new Array<bigint>(32).fill(0n);
  readonly memory = new Map<number, number>();
  pc = 0;

  load(address: number, bytes: Uint8Array): void {
    for (const [i, byte] of bytes.entries()) this.memory.set(address + i, byte);
  }

  /** Runs until the program counter is 0; the number of instructions, or −1 where it takes too many. */
  run(entry: number, limit: number): number {
    this.pc = entry;
    for (let n = 0; n < limit; n++) {
      if (this.pc === 0) return n;
      this.step();
      this.x[0] = 0n;
    }
    return -1;
  }

  read(address: number, bytes: number): bigint {
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.memory.get(address + i) ?? 0);
    return value;
  }

  private step(): void {
    const w = Number(this.read(this.pc, 4)) | 0;
    const rd = (w >>> 7) & 31;
    const f3 = (w >>> 12) & 7;
    const a = this.x[(w >>> 15) & 31] as bigint;
    const b = this.x[(w >>> 20) & 31] as bigint;
    const imm = BigInt(w >> 20);
    const f7 = w >>> 25;
    let next = this.pc + 4;
    const set = (value: bigint): void => {
      this.x[rd] = value & M64;
    };
    switch (w & 0x7f) {
      case 0x37:
        set(BigInt(w & ~0xfff));
        break;
      case 0x17:
        set(BigInt(this.pc) + BigInt(w & ~0xfff));
        break;
      case 0x6f:
        set(BigInt(next));
        next = this.pc + (((w >> 31) << 20) | (w & 0xff000) | ((w >>> 9) & 0x800) | ((w >>> 20) & 0x7fe));
        break;
      case 0x67:
        set(BigInt(next));
        next = Number(u(a + imm)) & ~1;
        break;
      case 0x63: {
        const taken = [a === b, a !== b, false, false, s(a) < s(b), s(a) >= s(b), a < b, a >= b][f3];
        if (taken)
          next = this.pc + (((w >> 31) << 12) | ((w << 4) & 0x800) | ((w >>> 20) & 0x7e0) | ((w >>> 7) & 0x1e));
        break;
      }
      case 0x03: {
        const bytes = 1 << (f3 & 3);
        const value = this.read(Number(u(a + imm, 32)), bytes);
        set(f3 < 4 ? s(value, bytes * 8) : value);
        break;
      }
      case 0x23: {
        const address = Number(u(a + BigInt(((w >> 25) << 5) | rd), 32));
        for (let i = 0; i < 1 << f3; i++) this.memory.set(address + i, Number((b >> BigInt(8 * i)) & 255n));
        break;
      }
      case 0x13:
        set(this.immediate(w, f3, a, imm));
        break;
      case 0x1b: {
        const shift = BigInt((w >>> 20) & 31);
        if (f3 === 0) set(s(a + imm, 32));
        else if (f3 === 1) set(s(a << shift, 32));
        else set(f7 === 0x20 ? s(a, 32) >> shift : s(u(a, 32) >> shift, 32));
        break;
      }
      case 0x33:
        set(this.three(f3, f7, a, b));
        break;
      case 0x3b:
        set(s(this.word(f3, f7, a, b), 32));
        break;
      default:
        throw new Error(`model: no instruction ${(w >>> 0).toString(16)} at ${this.pc.toString(16)}`);
    }
    this.pc = next;
  }

  private immediate(w: number, f3: number, a: bigint, imm: bigint): bigint {
    const shift = BigInt((w >>> 20) & 63);
    switch (f3) {
      case 0:
        return a + imm;
      case 1:
        if (w >>> 26 === 0) return a << shift;
        switch ((w >>> 20) & 63) {
          case 0:
            return BigInt(64 - (a === 0n ? 0 : a.toString(2).length));
          case 1:
            return a === 0n ? 64n : BigInt((a & -a).toString(2).length - 1);
          case 2:
            return BigInt(a.toString(2).replaceAll('0', '').length);
          case 4:
            return s(a, 8);
          default:
            return s(a, 16);
        }
      case 2:
        return s(a) < imm ? 1n : 0n;
      case 3:
        return a < u(imm) ? 1n : 0n;
      case 4:
        return a ^ imm;
      case 5:
        if (w >>> 26 === 0x10) return s(a) >> shift;
        if (w >>> 26 === 0x18) return (a >> shift) | (a << (64n - shift));
        if (w >>> 20 === 0x6b8) {
          let out = 0n;
          for (let i = 0n; i < 64n; i += 8n) out = (out << 8n) | ((a >> i) & 255n);
          return out;
        }
        if (w >>> 20 === 0x287) {
          let out = 0n;
          for (let i = 0n; i < 64n; i += 8n) if ((a >> i) & 255n) out |= 255n << i;
          return out;
        }
        return a >> shift;
      case 6:
        return a | imm;
      default:
        return a & imm;
    }
  }

  private three(f3: number, f7: number, a: bigint, b: bigint): bigint {
    const shift = b & 63n;
    switch (f7) {
      case 0:
        return [a + b, a << shift, s(a) < s(b) ? 1n : 0n, a < b ? 1n : 0n, a ^ b, a >> shift, a | b, a & b][
          f3
        ] as bigint;
      case 0x20:
        return [a - b, 0n, 0n, 0n, ~(a ^ b), s(a) >> shift, a | ~b, a & ~b][f3] as bigint;
      case 5:
        return [0n, 0n, 0n, 0n, s(a) < s(b) ? a : b, a < b ? a : b, s(a) > s(b) ? a : b, a > b ? a : b][f3] as bigint;
      case 0x30:
        return f3 === 1 ? (a << shift) | (a >> (64n - shift)) : (a >> shift) | (a << (64n - shift));
      default:
        return [
          a * b,
          (s(a) * s(b)) >> 64n,
          (s(a) * b) >> 64n,
          (a * b) >> 64n,
          b === 0n ? -1n : s(a) / s(b),
          b === 0n ? -1n : a / b,
          b === 0n ? a : s(a) % s(b),
          b === 0n ? a : a % b,
        ][f3] as bigint;
    }
  }

  private word(f3: number, f7: number, a: bigint, b: bigint): bigint {
    const shift = b & 31n;
    const [a32, b32] = [u(a, 32), u(b, 32)];
    if (f7 === 4) return a & 0xffffn;
    if (f7 === 1) {
      if (f3 === 0) return a * b;
      if (f3 === 4) return b32 === 0n ? -1n : s(a, 32) / s(b, 32);
      if (f3 === 5) return b32 === 0n ? -1n : a32 / b32;
      if (f3 === 6) return b32 === 0n ? a : s(a, 32) % s(b, 32);
      return b32 === 0n ? a : a32 % b32;
    }
    if (f7 === 0x30) {
      return f3 === 1 ? (a32 << shift) | (a32 >> (32n - shift)) : (a32 >> shift) | (a32 << (32n - shift));
    }
    if (f3 === 0) return f7 === 0x20 ? a - b : a + b;
    if (f3 === 1) return a << shift;
    return f7 === 0x20 ? s(a, 32) >> shift : a32 >> shift;
  }
}
