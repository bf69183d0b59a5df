/**
 * Where guest registers live while emitted code runs.
 *
 * All thirteen stay in machine registers for the whole run. What is left of the sixteen: RSP is the host's stack
 * (signals that do not use the alternate stack need it intact), R15 is the gas counter, RCX is scratch (the
 * variable shifts of plain x86-64 want their count there). No register holds the base of guest memory: GS does,
 * so `gs:[r32 + disp32]` with 32-bit addressing computes the wrapped guest address, adds the base and accesses it
 * in one instruction. Measured against `lea ecx, [r32+disp32]` + `[base+rcx]`: independent accesses 0.14 ns
 * instead of 0.20 ns, dependent chains one cycle longer, and nine bytes instead of eleven.
 *
 * RAX and RDX are wanted by division, so they hold φ4 and φ3: of all registers those that compiled guests touch least.
 */
import { Reg } from '../../x64/registers.js';

/** Scratch register; holds nothing between guest instructions. */
export const SCRATCH = Reg.RCX;
/** Remaining gas, signed 64 bits. */
export const GAS = Reg.R15;

/** Machine register of each guest register. */
export const MACHINE = Uint8Array.of(
  Reg.RBX, // φ0 return address
  Reg.RBP, // φ1 stack pointer
  Reg.R8, // φ2
  Reg.RDX, // φ3
  Reg.RAX, // φ4
  Reg.R9, // φ5
  Reg.R10, // φ6
  Reg.RDI, // φ7 first argument and result
  Reg.RSI, // φ8
  Reg.R11, // φ9
  Reg.R12, // φ10
  Reg.R13, // φ11
  Reg.R14, // φ12
);
