/**
 * The part of the assembler that knows the shape of an instruction: prefixes, REX, opcode, ModRM, SIB, displacement,
 * and VEX. The instructions themselves are in the classes derived from this one.
 *
 * Everything is straight code over one `Uint8Array`: no closures, no arrays and no objects per instruction, because a
 * code generator calls these functions hundreds of thousands of times while somebody waits for the program to start.
 * Room is checked once per instruction, for more bytes than any instruction has.
 */

import { FixupKind, Label } from './labels.js';
import type { Mem } from './operands.js';
import type { Width } from './registers.js';

/** Room guaranteed before an instruction is written; the longest has 15 bytes. */
export const SLACK = 32;

/** Bits for the `rex` argument of the encoders. */
export const enum Rex {
  None = 0,
  /** 64-bit operands. */
  W = 8,
  /** A REX prefix even if no bit of it is needed: selects SPL, BPL, SIL, DIL instead of AH–BH. */
  Force = 0x40,
}

/** Mandatory prefixes, which are part of the opcode of many two-byte instructions. */
export const enum Prefix {
  None = 0,
  Word = 0x66,
  F2 = 0xf2,
  F3 = 0xf3,
}

/** The `mmmmm` field of a VEX prefix: which opcode map. */
export const enum VexMap {
  M0F38 = 2,
  M0F3A = 3,
}

/** The `pp` field of a VEX prefix: the mandatory prefix it stands for. */
export const enum VexPrefix {
  None = 0,
  P66 = 1,
  PF3 = 2,
  PF2 = 3,
}

/** A growing code buffer with the encoders that all instructions are made of. */
export class Encoder {
  /** Where the next byte goes: the number of bytes written so far. */
  position = 0;
  /** The code; longer than what is written. */
  protected buffer: Uint8Array;

  /** @param capacity Bytes to reserve at first; the buffer grows by itself. */
  constructor(capacity = 4096) {
    this.buffer = new Uint8Array(Math.max(capacity, 2 * SLACK));
  }

  /** What has been written: a view, valid until the next instruction is emitted. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.position);
  }

  /** Forgets what has been written and keeps the buffer. Labels made before are void. */
  reset(): void {
    this.position = 0;
  }

  /** Makes a label, to be placed with `bind`. */
  label(): Label {
    return new Label();
  }

  /** Places a label here and fills in the references made to it so far. */
  bind(label: Label): void {
    if (label.position >= 0) {
      throw new Error(`Label is already bound at ${label.position}`);
    }
    const target = this.position;
    const fixups = label.fixups;
    if (fixups !== null) {
      for (let i = 0; i < fixups.length; i++) {
        const field = fixups[i] >>> 1;
        if ((fixups[i] & 1) === FixupKind.Rel32) {
          this.write32(field, this.read32(field) + target - (field + 4));
        } else {
          const distance = target - (field + 1);
          if (distance > 127) {
            throw new RangeError(`Short branch at ${field - 1} is ${distance} bytes from its label; 127 is the most`);
          }
          this.buffer[field] = distance;
        }
      }
      label.fixups = null;
    }
    label.position = target;
  }

  /** Makes the 32-bit displacement at `position` lead to `target`, both positions in this code. */
  patch32(position: number, target: number): void {
    this.write32(position, target - (position + 4));
  }

  /** Writes one byte. */
  emit8(value: number): void {
    if (this.position + SLACK > this.buffer.length) {
      this.grow();
    }
    this.buffer[this.position++] = value;
  }

  /** Writes 16 bits, low byte first. */
  emit16(value: number): void {
    if (this.position + SLACK > this.buffer.length) {
      this.grow();
    }
    this.put16(value);
  }

  /** Writes 32 bits, low byte first. */
  emit32(value: number): void {
    if (this.position + SLACK > this.buffer.length) {
      this.grow();
    }
    this.put32(value);
  }

  /** Writes 64 bits given as two halves, low byte first. */
  emit64(low: number, high: number): void {
    this.emit32(low);
    this.emit32(high);
  }

  /** Writes bytes as they are. */
  emitBytes(bytes: Uint8Array): void {
    while (this.position + bytes.length + SLACK > this.buffer.length) {
      this.grow();
    }
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  protected grow(): void {
    const larger = new Uint8Array(this.buffer.length * 2);
    larger.set(this.buffer);
    this.buffer = larger;
  }

  private read32(p: number): number {
    const b = this.buffer;
    return b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
  }

  private write32(p: number, value: number): void {
    const b = this.buffer;
    b[p] = value;
    b[p + 1] = value >>> 8;
    b[p + 2] = value >>> 16;
    b[p + 3] = value >>> 24;
  }

  /** Ensures that one instruction fits. For encoders that do not pass through `encodeR` or `encodeM`. */
  protected room(): void {
    if (this.position + SLACK > this.buffer.length) {
      this.grow();
    }
  }

  /** An 8-bit field of an instruction already begun. */
  protected put8(value: number): void {
    this.buffer[this.position++] = value;
  }

  /** A 16-bit field of an instruction already begun. */
  protected put16(value: number): void {
    const p = this.position;
    this.buffer[p] = value;
    this.buffer[p + 1] = value >>> 8;
    this.position = p + 2;
  }

  /** A 32-bit field of an instruction already begun. */
  protected put32(value: number): void {
    const p = this.position;
    this.write32(p, value);
    this.position = p + 4;
  }

  /** An immediate operand of the width of the instruction; 64-bit instructions have a sign-extended 32-bit one. */
  protected putImmediate(w: Width, value: number): void {
    if (w === 8) {
      this.buffer[this.position++] = value;
    } else if (w === 16) {
      this.put16(value);
    } else {
      this.put32(value);
    }
  }

  /**
   * An instruction with a register (or an opcode extension) in ModRM.reg and a register in ModRM.rm.
   *
   * @param prefix 66, F2, F3 or 0
   * @param rex    `Rex` bits; those for registers 8–15 are added
   * @param opcode one to three bytes, the first one highest
   */
  protected encodeR(prefix: number, rex: number, opcode: number, reg: number, rm: number): void {
    if (this.position + SLACK > this.buffer.length) {
      this.grow();
    }
    const b = this.buffer;
    let p = this.position;
    if (prefix !== 0) {
      b[p++] = prefix;
    }
    rex |= ((reg & 8) >> 1) | (rm >> 3);
    if (rex !== 0) {
      b[p++] = rex | 0x40;
    }
    if (opcode > 0xff) {
      if (opcode > 0xffff) {
        b[p++] = opcode >> 16;
      }
      b[p++] = opcode >> 8;
    }
    b[p++] = opcode;
    b[p++] = 0xc0 | ((reg & 7) << 3) | (rm & 7);
    this.position = p;
  }

  /**
   * An instruction with a register (or an opcode extension) in ModRM.reg and a memory operand.
   *
   * @param immediateSize bytes of immediate operand that follow: RIP-relative displacements count from behind them
   */
  protected encodeM(prefix: number, rex: number, opcode: number, reg: number, m: Mem, immediateSize: number): void {
    if (this.position + SLACK > this.buffer.length) {
      this.grow();
    }
    const b = this.buffer;
    let p = this.position;
    const base = m.base;
    const index = m.index;
    if (m.segment !== 0) {
      b[p++] = m.segment;
    }
    if (m.address32) {
      b[p++] = 0x67;
    }
    if (prefix !== 0) {
      b[p++] = prefix;
    }
    // A register left out is −1; shifted arithmetically its sign masks its own bit away.
    rex |= ((reg & 8) >> 1) | ((index & ~(index >> 31) & 8) >> 2) | ((base & ~(base >> 31)) >> 3);
    if (rex !== 0) {
      b[p++] = rex | 0x40;
    }
    if (opcode > 0xff) {
      if (opcode > 0xffff) {
        b[p++] = opcode >> 16;
      }
      b[p++] = opcode >> 8;
    }
    b[p++] = opcode;
    this.position = p;
    this.putAddress((reg & 7) << 3, m, immediateSize);
  }

  /** ModRM, SIB and displacement of a memory operand. */
  private putAddress(regBits: number, m: Mem, immediateSize: number): void {
    const b = this.buffer;
    let p = this.position;
    const base = m.base;
    const index = m.index;
    const disp = m.disp;
    if (disp !== (disp | 0)) {
      throw new RangeError(`Displacement ${disp} is not a signed 32-bit number`);
    }
    if (m.label !== null) {
      b[p] = regBits | 5;
      this.position = p + 1;
      this.putLabelDisplacement(m.label, disp - immediateSize);
      return;
    }
    if (base < 0) {
      // Without a base the SIB form with base 101 is used: plain ModRM 101 would be relative to RIP.
      if (index === 4) {
        throw new RangeError('RSP cannot be an index');
      }
      b[p] = regBits | 4;
      b[p + 1] = index < 0 ? 0x25 : ((31 - Math.clz32(m.scale)) << 6) | ((index & 7) << 3) | 5;
      this.write32(p + 2, disp);
      this.position = p + 6;
      return;
    }
    // Base 101 (RBP, R13) with mod 00 means something else, so it always has a displacement.
    const mod = disp === 0 && (base & 7) !== 5 ? 0 : disp === (disp << 24) >> 24 ? 0x40 : 0x80;
    if (index >= 0) {
      if (index === 4) {
        throw new RangeError('RSP cannot be an index');
      }
      b[p++] = mod | regBits | 4;
      b[p++] = ((31 - Math.clz32(m.scale)) << 6) | ((index & 7) << 3) | (base & 7);
    } else {
      b[p++] = mod | regBits | (base & 7);
      if ((base & 7) === 4) {
        // ModRM.rm 100 (RSP, R12) announces a SIB byte; this one says: no index.
        b[p++] = 0x24;
      }
    }
    if (mod === 0x40) {
      b[p++] = disp;
    } else if (mod === 0x80) {
      this.write32(p, disp);
      p += 4;
    }
    this.position = p;
  }

  /** A 32-bit displacement that leads to a label, with a number added. */
  protected putLabelDisplacement(label: Label, addend: number): void {
    if (label.position >= 0) {
      this.put32(label.position + addend - (this.position + 4));
    } else {
      label.addFixup(this.position, FixupKind.Rel32);
      this.put32(addend);
    }
  }

  /** A three-operand instruction with a VEX prefix, all operands registers. */
  protected encodeVex(
    w: Width,
    map: VexMap,
    prefix: VexPrefix,
    opcode: number,
    reg: number,
    second: number,
    rm: number,
  ): void {
    if (this.position + SLACK > this.buffer.length) {
      this.grow();
    }
    const b = this.buffer;
    const p = this.position;
    b[p] = 0xc4;
    // R, X, B and vvvv are stored inverted.
    b[p + 1] = ((~reg & 8) << 4) | 0x40 | ((~rm & 8) << 2) | map;
    b[p + 2] = (w === 64 ? 0x80 : 0) | ((~second & 15) << 3) | prefix;
    b[p + 3] = opcode;
    b[p + 4] = 0xc0 | ((reg & 7) << 3) | (rm & 7);
    this.position = p + 5;
  }
}

/**
 * An immediate operand as the signed number of its width. Narrow ones may be given signed or unsigned; one of a 64-bit
 * instruction must be a signed 32-bit number, because that is what the processor extends.
 */
export function immediateOf(w: Width, value: number): number {
  if (w === 64) {
    if (value !== (value | 0)) {
      throw new RangeError(`Immediate ${value} is not a signed 32-bit number`);
    }
    return value;
  }
  return w === 32 ? value | 0 : w === 16 ? (value << 16) >> 16 : (value << 24) >> 24;
}
