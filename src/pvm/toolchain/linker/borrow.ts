/**
 * RISC-V instructions that take several of PVM's, with a register more than they name.
 *
 * RV64E leaves none free, so one is borrowed: it waits in memory below the stack pointer meanwhile. Nothing of a RISC-V
 * program is there: its ABI knows no red zone, and no signal handler runs on a guest's stack. Both instructions
 * are rare enough for this to cost nothing: clang makes `orc.b` of a truth value times 255, and a load into `x0` of a
 * volatile read whose value nobody wants.
 */
import { Op } from '../../isa/opcodes.js';
import { type Inst, inst, loadConstant } from './ir.js';

/** The stack pointer among PVM's registers. */
const SP = 1;
/** Where the borrowed register waits, from the stack pointer. */
const BORROWED = -8;
/** Where a copy of the operand is, from the stack pointer. */
const OPERAND = -16;

/** The first register other than these and the stack pointer. */
function borrow(...taken: readonly number[]): number {
  let register = 0;
  while (register === SP || taken.includes(register)) register++;
  return register;
}

function save(register: number, offset: number): Inst {
  return inst(Op.store_ind_u64, register, SP, 0, offset);
}

function restore(register: number, offset: number): Inst {
  return inst(Op.load_ind_u64, register, SP, 0, offset);
}

/**
 * `orc.b d, x`: each byte that is not zero becomes 255.
 *
 * Adding 127 to the low seven bits of a byte carries into its top bit unless they are all zero; with the operand itself,
 * that bit then says whether the byte is zero. Moved to the bottom of each byte and times 255, it fills the byte.
 */
export function orCombineBytes(out: Inst[], d: number, x: number): void {
  const s = borrow(d, x);
  out.push(
    save(s, BORROWED),
    save(x, OPERAND),
    loadConstant(s, 0x7f7f7f7f7f7f7f7fn),
    inst(Op.and, x, s, d),
    inst(Op.add_64, d, s, d),
    restore(s, OPERAND),
    inst(Op.or, d, s, d),
    inst(Op.shlo_r_imm_64, d, d, 0, 7),
    loadConstant(s, 0x0101010101010101n),
    inst(Op.and, d, s, d),
    inst(Op.mul_imm_64, d, d, 0, 255),
    restore(s, BORROWED),
  );
}

/**
 * A load whose value nobody wants, but which may fault.
 *
 * @param load makes the load into a register
 * @param base the register it takes its address from, −1 where none
 */
export function discardedLoad(out: Inst[], load: (register: number) => Inst, base: number): void {
  const s = borrow(base);
  out.push(save(s, BORROWED), load(s), restore(s, BORROWED));
}
