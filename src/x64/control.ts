/**
 * Control flow, fences, segment bases and the other instructions that compute nothing.
 *
 * There are two ways to branch. With labels, for code written by hand: backward branches take the short form when it
 * reaches. With `jcc32`/`jmp32`/`call32` and `patch32`, for code generators that keep their own tables of targets: these
 * return the position of the displacement and allocate nothing.
 */

import { BitInstructions } from './bits.js';
import { Prefix, Rex, SLACK } from './encoder.js';
import { FixupKind, type Label } from './labels.js';
import type { Mem } from './operands.js';
import type { Cond, LongWidth, Reg } from './registers.js';

/** Adds control flow and system instructions to the assembler. */
export class ControlInstructions extends BitInstructions {
  /** `jcc label`: short if the label is bound and near enough, else with a 32-bit displacement. */
  jcc(cond: Cond, label: Label): void {
    this.room();
    if (this.reachesShort(label)) {
      this.put8(0x70 | cond);
      this.put8(label.position - (this.position + 1));
    } else {
      this.put16(0x800f | (cond << 8));
      this.putLabelDisplacement(label, 0);
    }
  }

  /** `jmp label`: short if the label is bound and near enough, else with a 32-bit displacement. */
  jmp(label: Label): void {
    this.room();
    if (this.reachesShort(label)) {
      this.put8(0xeb);
      this.put8(label.position - (this.position + 1));
    } else {
      this.put8(0xe9);
      this.putLabelDisplacement(label, 0);
    }
  }

  /** `jcc label` in two bytes; throws, here or in `bind`, if the label is out of reach. */
  jcc_short(cond: Cond, label: Label): void {
    this.shortBranch(0x70 | cond, label);
  }

  /** `jmp label` in two bytes; throws, here or in `bind`, if the label is out of reach. */
  jmp_short(label: Label): void {
    this.shortBranch(0xeb, label);
  }

  /** `call label`. */
  call(label: Label): void {
    this.room();
    this.put8(0xe8);
    this.putLabelDisplacement(label, 0);
  }

  /** Makes room for an instruction and returns where it starts. */
  private begin(): number {
    if (this.position + SLACK > this.buffer.length) this.grow();
    return this.position;
  }

  /** Leaves a 32-bit field for `patch32` at `p` and returns it. */
  private blank32(p: number): number {
    // The buffer may hold older code (`reset`), so the field is cleared.
    const b = this.buffer;
    b[p] = 0;
    b[p + 1] = 0;
    b[p + 2] = 0;
    b[p + 3] = 0;
    this.position = p + 4;
    return p;
  }

  /** `jcc` with a displacement for `patch32`, whose position is returned. */
  jcc32(cond: Cond): number {
    const p = this.begin();
    this.buffer[p] = 0x0f;
    this.buffer[p + 1] = 0x80 | cond;
    return this.blank32(p + 2);
  }

  /** `jmp` with a displacement for `patch32`, whose position is returned. */
  jmp32(): number {
    const p = this.begin();
    this.buffer[p] = 0xe9;
    return this.blank32(p + 1);
  }

  /** `call` with a displacement for `patch32`, whose position is returned. */
  call32(): number {
    const p = this.begin();
    this.buffer[p] = 0xe8;
    return this.blank32(p + 1);
  }

  /** `jmp r`. */
  jmp_r(r: Reg): void {
    this.encodeR(0, 0, 0xff, 4, r);
  }

  /** `jmp [m]`. */
  jmp_m(m: Mem): void {
    this.encodeM(0, 0, 0xff, 4, m, 0);
  }

  /** `call r`. */
  call_r(r: Reg): void {
    this.encodeR(0, 0, 0xff, 2, r);
  }

  /** `call [m]`. */
  call_m(m: Mem): void {
    this.encodeM(0, 0, 0xff, 2, m, 0);
  }

  /** `ret`. */
  ret(): void {
    this.room();
    this.put8(0xc3);
  }

  /** `int3`: breakpoint trap. */
  int3(): void {
    this.room();
    this.put8(0xcc);
  }

  /** `ud2`: raises the invalid-opcode exception. */
  ud2(): void {
    this.room();
    this.put8(0x0f);
    this.put8(0x0b);
  }

  /** `syscall`: destroys RCX and R11. */
  syscall(): void {
    this.room();
    this.put8(0x0f);
    this.put8(0x05);
  }

  /** `cpuid`. */
  cpuid(): void {
    this.room();
    this.put8(0x0f);
    this.put8(0xa2);
  }

  /** `rdtsc`: the time-stamp counter into EDX:EAX. */
  rdtsc(): void {
    this.room();
    this.put8(0x0f);
    this.put8(0x31);
  }

  /** `lfence`: no later instruction starts before the earlier ones are done. */
  lfence(): void {
    this.room();
    this.put8(0x0f);
    this.put8(0xae);
    this.put8(0xe8);
  }

  /** `mfence`: orders all loads and stores. */
  mfence(): void {
    this.room();
    this.put8(0x0f);
    this.put8(0xae);
    this.put8(0xf0);
  }

  /** `sfence`: orders stores. */
  sfence(): void {
    this.room();
    this.put8(0x0f);
    this.put8(0xae);
    this.put8(0xf8);
  }

  /** `pause`: for spin loops. */
  pause(): void {
    this.room();
    this.put8(0xf3);
    this.put8(0x90);
  }

  /** `endbr64`: marks a target of indirect branches. */
  endbr64(): void {
    this.room();
    this.put8(0xf3);
    this.put8(0x0f);
    this.put8(0x1e);
    this.put8(0xfa);
  }

  /** `rep movsb`: copies RCX bytes from RSI to RDI. */
  rep_movsb(): void {
    this.room();
    this.put8(0xf3);
    this.put8(0xa4);
  }

  /** `rep movsq`: copies RCX quadwords from RSI to RDI. */
  rep_movsq(): void {
    this.room();
    this.put8(0xf3);
    this.put8(0x48);
    this.put8(0xa5);
  }

  /** `rep stosb`: fills RCX bytes at RDI with AL. */
  rep_stosb(): void {
    this.room();
    this.put8(0xf3);
    this.put8(0xaa);
  }

  /** `rep stosq`: fills RCX quadwords at RDI with RAX. */
  rep_stosq(): void {
    this.room();
    this.put8(0xf3);
    this.put8(0x48);
    this.put8(0xab);
  }

  /** `pushfq`. */
  pushfq(): void {
    this.room();
    this.put8(0x9c);
  }

  /** `popfq`. */
  popfq(): void {
    this.room();
    this.put8(0x9d);
  }

  /** `clc`: clears the carry. */
  clc(): void {
    this.room();
    this.put8(0xf8);
  }

  /** `stc`: sets the carry. */
  stc(): void {
    this.room();
    this.put8(0xf9);
  }

  /** `cld`: string instructions go upward. */
  cld(): void {
    this.room();
    this.put8(0xfc);
  }

  /** `leave`: RSP = RBP, then pop RBP. */
  leave(): void {
    this.room();
    this.put8(0xc9);
  }

  /** `count` bytes that do nothing, as few instructions as possible (at most nine bytes each). */
  nop(count = 1): void {
    while (count > 0) {
      const n = count > 9 ? 9 : count;
      this.room();
      if (n === 1) {
        this.put8(0x90);
      } else if (n === 2) {
        this.put16(0x9066);
      } else {
        // 0F 1F /0 with an operand that is never accessed, stretched by SIB, displacement and a 66 prefix.
        if (n === 6 || n === 9) {
          this.put8(0x66);
        }
        const body = n === 6 || n === 9 ? n - 1 : n;
        this.put16(0x1f0f);
        this.put8(body === 3 ? 0x00 : body === 4 ? 0x40 : body === 5 ? 0x44 : body === 7 ? 0x80 : 0x84);
        for (let i = 3; i < body; i++) {
          this.put8(0);
        }
      }
      count -= n;
    }
  }

  /** Fills up to a multiple of `boundary` (a power of two) with instructions that do nothing. */
  align(boundary: number): void {
    this.nop(-this.position & (boundary - 1));
  }

  /** `rdfsbase r`: r = the FS base. Needs a kernel that allows it. */
  rdfsbase(r: Reg, w: LongWidth = 64): void {
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0fae, 0, r);
  }

  /** `rdgsbase r`: r = the GS base. Needs a kernel that allows it. */
  rdgsbase(r: Reg, w: LongWidth = 64): void {
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0fae, 1, r);
  }

  /** `wrfsbase r`: the FS base = r. Needs a kernel that allows it. */
  wrfsbase(r: Reg, w: LongWidth = 64): void {
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0fae, 2, r);
  }

  /** `wrgsbase r`: the GS base = r. Needs a kernel that allows it. */
  wrgsbase(r: Reg, w: LongWidth = 64): void {
    this.encodeR(Prefix.F3, w === 64 ? Rex.W : 0, 0x0fae, 3, r);
  }

  /** `ldmxcsr [m]`. */
  ldmxcsr(m: Mem): void {
    this.encodeM(0, 0, 0x0fae, 2, m, 0);
  }

  /** `stmxcsr [m]`. */
  stmxcsr(m: Mem): void {
    this.encodeM(0, 0, 0x0fae, 3, m, 0);
  }

  private reachesShort(label: Label): boolean {
    return label.position >= 0 && label.position - (this.position + 2) >= -128;
  }

  private shortBranch(opcode: number, label: Label): void {
    this.room();
    if (label.position < 0) {
      this.put8(opcode);
      label.addFixup(this.position, FixupKind.Rel8);
      this.put8(0);
    } else {
      const distance = label.position - (this.position + 2);
      if (distance < -128) {
        throw new RangeError(`Short branch at ${this.position} is ${distance} bytes from its label; -128 is the most`);
      }
      this.put8(opcode);
      this.put8(distance);
    }
  }
}
