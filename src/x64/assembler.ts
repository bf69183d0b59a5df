/**
 * The x86-64 assembler: methods named after instructions that append machine code to a buffer.
 *
 * The methods are spread over a chain of classes only to keep the files readable; this class is the one to use. Names
 * are `mnemonic_operands` with `r` for a register, `m` for memory, `i` for an immediate and `cl` for CL; integer
 * instructions take the operand width in bits first. Operands that fit no encoding are reported by the compiler's types
 * or, for values known at run time only, by a `RangeError`.
 *
 * ```ts
 * const a = new Assembler();
 * const again = a.label();
 * a.xor_rr(32, Reg.RAX, Reg.RAX);
 * a.bind(again);
 * a.add_rm(64, Reg.RAX, indexed(Reg.RDI, Reg.RSI, 8, -8));
 * a.dec_r(64, Reg.RSI);
 * a.jcc(Cond.NE, again);
 * a.ret();
 * ```
 */

import { FloatInstructions } from './float.js';

/** Emits x86-64 machine code. Positions are relative to the start of the buffer. */
export class Assembler extends FloatInstructions {}
