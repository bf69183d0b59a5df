/**
 * Data movement: mov in all forms, extensions, lea, exchange, stack, atomics, and conditional moves.
 *
 * Operand order is Intel's: destination first. `r` is a register, `m` a memory operand, `i` an immediate.
 */

import { Encoder, immediateOf, Prefix, Rex, SLACK } from './encoder.js';
import type { Mem } from './operands.js';
import type { Cond, LongWidth, Reg, Width, WordWidth } from './registers.js';

/** Adds data movement to the encoder. */
export class MoveInstructions extends Encoder {
  /** An instruction of the usual layout (even opcode: 8 bits, the next one: the other widths) for two registers. */
  protected intR(w: Width, opcode: number, reg: number, rm: number): void {
    if (w === 8) {
      this.encodeR(0, reg > 3 || rm > 3 ? Rex.Force : 0, opcode, reg, rm);
    } else {
      this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, opcode | 1, reg, rm);
    }
  }

  /** As `intR`, for a register and a memory operand. */
  protected intM(w: Width, opcode: number, reg: number, m: Mem, immediateSize: number): void {
    if (w === 8) {
      this.encodeM(0, reg > 3 ? Rex.Force : 0, opcode, reg, m, immediateSize);
    } else {
      this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, opcode | 1, reg, m, immediateSize);
    }
  }

  /** As `intR`, with an opcode extension in place of the first register. */
  protected digitR(w: Width, opcode: number, digit: number, rm: number): void {
    if (w === 8) {
      this.encodeR(0, rm > 3 ? Rex.Force : 0, opcode, digit, rm);
    } else {
      this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, opcode | 1, digit, rm);
    }
  }

  /** As `intM`, with an opcode extension in place of the register. */
  protected digitM(w: Width, opcode: number, digit: number, m: Mem, immediateSize: number): void {
    if (w === 8) {
      this.encodeM(0, 0, opcode, digit, m, immediateSize);
    } else {
      this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, opcode | 1, digit, m, immediateSize);
    }
  }

  /** `mov d, s`. */
  mov_rr(w: Width, d: Reg, s: Reg): void {
    if (w === 64) this.encodeR(0, Rex.W, 0x89, s, d);
    else this.intR(w, 0x88, s, d);
  }

  /** `mov d, imm`; with 64 bits the immediate is a signed 32-bit number. Leaves the flags alone. */
  mov_ri(w: Width, d: Reg, imm: number): void {
    imm = immediateOf(w, imm);
    if (w === 64 && imm < 0) {
      this.encodeR(0, Rex.W, 0xc7, 0, d);
      this.put32(imm);
      return;
    }
    // A 32-bit move clears the upper half: a 64-bit one of a number that is not negative needs nothing more.
    this.room();
    if (w >= 32) {
      const b = this.buffer;
      let p = this.position;
      if (d > 7) b[p++] = 0x41;
      b[p] = 0xb8 | (d & 7);
      b[p + 1] = imm;
      b[p + 2] = imm >> 8;
      b[p + 3] = imm >> 16;
      b[p + 4] = imm >> 24;
      this.position = p + 5;
      return;
    }
    if (w === 16) {
      this.put8(Prefix.Word);
    }
    if (d > 7) {
      this.put8(0x41);
    } else if (w === 8 && d > 3) {
      this.put8(0x40);
    }
    this.put8((w === 8 ? 0xb0 : 0xb8) | (d & 7));
    this.putImmediate(w, imm);
  }

  /** Loads a 64-bit constant given as two halves, in the shortest of the three forms. */
  mov_ri64(d: Reg, low: number, high: number): void {
    low |= 0;
    high |= 0;
    if (high === 0) {
      this.mov_ri(32, d, low);
    } else if (high === -1 && low < 0) {
      this.mov_ri(64, d, low);
    } else {
      this.room();
      this.put8(d > 7 ? 0x49 : 0x48);
      this.put8(0xb8 | (d & 7));
      this.put32(low);
      this.put32(high);
    }
  }

  /** `mov d, [m]`. */
  mov_rm(w: Width, d: Reg, m: Mem): void {
    this.intM(w, 0x8a, d, m, 0);
  }

  /** `mov [m], s`. */
  mov_mr(w: Width, m: Mem, s: Reg): void {
    this.intM(w, 0x88, s, m, 0);
  }

  /** `mov [m], imm`; with 64 bits the immediate is a signed 32-bit number. */
  mov_mi(w: Width, m: Mem, imm: number): void {
    imm = immediateOf(w, imm);
    this.digitM(w, 0xc6, 0, m, w === 8 ? 1 : w === 16 ? 2 : 4);
    this.putImmediate(w, imm);
  }

  /**
   * Any instruction with a register and `gs:[base32 + disp]` (see `guest` in operands.ts) as its operands, in one go.
   *
   * The same bytes as the general encoder's, without its steps: four of ten instructions a recompiler emits are of this
   * kind. Meant for first compilations, while V8 still interprets the assembler itself; its share was not measured.
   *
   * @param prefix 66 or 0
   * @param rex    8 for 64-bit operands, 40 (hex) to select SPL–DIL, else 0
   * @param opcode one or two bytes, the first one highest
   * @param reg    the register operand, or an opcode extension
   */
  guest_access(prefix: number, rex: number, opcode: number, reg: number, base: number, disp: number): void {
    if (this.position + SLACK > this.buffer.length) this.grow();
    const b = this.buffer;
    let p = this.position;
    b[p] = 0x65;
    b[p + 1] = 0x67;
    p += 2;
    if (prefix !== 0) b[p++] = prefix;
    rex |= ((reg & 8) >> 1) | (base >> 3);
    if (rex !== 0) b[p++] = rex | 0x40;
    if (opcode > 0xff) b[p++] = opcode >> 8;
    b[p++] = opcode;
    const short = disp === (disp << 24) >> 24;
    // Base 101 needs a displacement, base 100 a SIB byte.
    const bare = disp === 0 && (base & 7) !== 5;
    b[p++] = (bare ? 0 : short ? 0x40 : 0x80) | ((reg & 7) << 3) | (base & 7);
    if ((base & 7) === 4) b[p++] = 0x24;
    if (!bare) {
      b[p++] = disp;
      if (!short) {
        b[p] = disp >> 8;
        b[p + 1] = disp >> 16;
        b[p + 2] = disp >> 24;
        p += 3;
      }
    }
    this.position = p;
  }

  /** Zero extension from `from` bits to `w`; the 64-bit form is the 32-bit one, which does the same. */
  movzx_rr(w: WordWidth, from: 8 | 16 | 32, d: Reg, s: Reg): void {
    checkExtension(w, from);
    if (from === 32) {
      this.encodeR(0, 0, 0x8b, d, s);
    } else {
      this.encodeR(w === 16 ? Prefix.Word : 0, from === 8 && s > 3 ? Rex.Force : 0, from === 8 ? 0x0fb6 : 0x0fb7, d, s);
    }
  }

  /** Zero extension of memory from `from` bits to `w`. */
  movzx_rm(w: WordWidth, from: 8 | 16 | 32, d: Reg, m: Mem): void {
    checkExtension(w, from);
    if (from === 32) {
      this.encodeM(0, 0, 0x8b, d, m, 0);
    } else {
      this.encodeM(w === 16 ? Prefix.Word : 0, 0, from === 8 ? 0x0fb6 : 0x0fb7, d, m, 0);
    }
  }

  /** Sign extension from `from` bits to `w`. */
  movsx_rr(w: WordWidth, from: 8 | 16 | 32, d: Reg, s: Reg): void {
    checkExtension(w, from);
    const rex = (w === 64 ? Rex.W : 0) | (from === 8 && s > 3 ? Rex.Force : 0);
    this.encodeR(w === 16 ? Prefix.Word : 0, rex, from === 32 ? 0x63 : from === 8 ? 0x0fbe : 0x0fbf, d, s);
  }

  /** Sign extension of memory from `from` bits to `w`. */
  movsx_rm(w: WordWidth, from: 8 | 16 | 32, d: Reg, m: Mem): void {
    checkExtension(w, from);
    const opcode = from === 32 ? 0x63 : from === 8 ? 0x0fbe : 0x0fbf;
    this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, opcode, d, m, 0);
  }

  /** `lea d, [m]`: the address itself; a segment override has no effect on it. */
  lea(w: WordWidth, d: Reg, m: Mem): void {
    this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x8d, d, m, 0);
  }

  /** `xchg a, b`. */
  xchg_rr(w: Width, a: Reg, b: Reg): void {
    this.intR(w, 0x86, b, a);
  }

  /** `xchg [m], r`: atomic without a lock prefix. */
  xchg_mr(w: Width, m: Mem, r: Reg): void {
    this.intM(w, 0x86, r, m, 0);
  }

  /** `cmpxchg [m], s`: if RAX equals memory, memory = s, else RAX = memory. */
  cmpxchg_mr(w: Width, m: Mem, s: Reg): void {
    this.intM(w, 0x0fb0, s, m, 0);
  }

  /** `lock cmpxchg [m], s`. */
  lock_cmpxchg_mr(w: Width, m: Mem, s: Reg): void {
    this.lock();
    this.intM(w, 0x0fb0, s, m, 0);
  }

  /** `xadd [m], s`: memory += s, s = memory as it was. */
  xadd_mr(w: Width, m: Mem, s: Reg): void {
    this.intM(w, 0x0fc0, s, m, 0);
  }

  /** `lock xadd [m], s`. */
  lock_xadd_mr(w: Width, m: Mem, s: Reg): void {
    this.lock();
    this.intM(w, 0x0fc0, s, m, 0);
  }

  /** The lock prefix; the read-modify-write instruction on memory emitted next becomes atomic. */
  lock(): void {
    this.room();
    this.put8(0xf0);
  }

  /** `push r` (64 bits). */
  push(r: Reg): void {
    this.room();
    if (r > 7) {
      this.put8(0x41);
    }
    this.put8(0x50 | (r & 7));
  }

  /** `pop r` (64 bits). */
  pop(r: Reg): void {
    this.room();
    if (r > 7) {
      this.put8(0x41);
    }
    this.put8(0x58 | (r & 7));
  }

  /** `push [m]` (64 bits). */
  push_m(m: Mem): void {
    this.encodeM(0, 0, 0xff, 6, m, 0);
  }

  /** `pop [m]` (64 bits). */
  pop_m(m: Mem): void {
    this.encodeM(0, 0, 0x8f, 0, m, 0);
  }

  /** `push imm`: a signed 32-bit number extended to 64 bits. */
  push_i(imm: number): void {
    imm = immediateOf(64, imm);
    this.room();
    if (imm === (imm << 24) >> 24) {
      this.put8(0x6a);
      this.put8(imm);
    } else {
      this.put8(0x68);
      this.put32(imm);
    }
  }

  /** `setcc r`: the low byte of r = the condition. */
  setcc(cond: Cond, r: Reg): void {
    this.encodeR(0, r > 3 ? Rex.Force : 0, 0x0f90 | cond, 0, r);
  }

  /** `setcc [m]`. */
  setcc_m(cond: Cond, m: Mem): void {
    this.encodeM(0, 0, 0x0f90 | cond, 0, m, 0);
  }

  /** `cmovcc d, s`. The 32-bit form clears the upper half of d even if the condition does not hold. */
  cmovcc(cond: Cond, w: WordWidth, d: Reg, s: Reg): void {
    this.encodeR(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0f40 | cond, d, s);
  }

  /** `cmovcc d, [m]`; memory is read whether or not the condition holds. */
  cmovcc_rm(cond: Cond, w: WordWidth, d: Reg, m: Mem): void {
    this.encodeM(w === 16 ? Prefix.Word : 0, w === 64 ? Rex.W : 0, 0x0f40 | cond, d, m, 0);
  }

  /** `bswap r`: reverses the bytes. */
  bswap(w: LongWidth, r: Reg): void {
    this.room();
    const rex = (w === 64 ? Rex.W : 0) | (r >> 3);
    if (rex !== 0) {
      this.put8(0x40 | rex);
    }
    this.put8(0x0f);
    this.put8(0xc8 | (r & 7));
  }
}

function checkExtension(w: WordWidth, from: 8 | 16 | 32): void {
  if (from >= w) {
    throw new RangeError(`Cannot extend ${from} bits to ${w}`);
  }
}
