/**
 * The interpreter: the reference for what every instruction does, and the engine where nothing faster runs.
 *
 * `execute` is one function with one `switch` over literal opcodes, which V8 compiles to a jump table. Registers are
 * pairs of int32 halves in a typed array, so no arithmetic here allocates. Gas is charged for a whole *stretch* of code
 * (a basic block, or what follows an `ecalli`) on entry: an instruction costs its dispatch and its work. Where the flat
 * model then needs the exact answer, the executed part is easily told, because entries of a stretch are contiguous: a
 * fault gives back the rest, and a stretch that cannot be paid in full is run as a copy cut off where the gas ends.
 *
 * What V8 makes of it decides the speed. These took a loop of five instructions from 140 to 190 million a second:
 * - the innermost loop calls nothing. Whatever needs a call, from a division to the first touch of a page, leaves that
 *   loop for `executeOutOfLine`; otherwise the loop's variables live on the machine stack and the types of its arrays
 *   are tested again and again;
 * - entries and registers start at multiples of 8 and 2, so fields are found with `|`, which cannot overflow as `+` can;
 * - every number that lives across iterations ends in `| 0` or a shift, or it would be boxed after on-stack replacement;
 * - carries are computed, not compared: in real data they are too random for the branch predictor;
 * - constants are of `const enum`s: an imported `const` is read from its module's cell every time;
 * - `warm-up.ts` runs every instruction once before the first long run.
 */
import { costFrom } from '../gas/index.js';
import { CHARGE_START, Field, STRIDE } from '../isa/decode.js';
import { Op } from '../isa/opcodes.js';
import { Exit, GAS_WORD, HALT_ADDRESS, LOWEST_ADDRESS } from '../layout.js';
import { Access } from '../program/image.js';
import type { Machine } from './machine.js';
import { addressOf, executeOutOfLine, Outcome } from './out-of-line.js';
import { warmUp } from './warm-up.js';

export { Machine } from './machine.js';

/** The constants of other files that the main loop uses, as literals. */
const enum Literal {
  Entry = STRIDE,
  /** log2 of an entry's size. */
  EntryShift = 3,
  Gas = GAS_WORD,
  /** HALT_ADDRESS as an int32. */
  Halt = HALT_ADDRESS - 0x1_0000_0000,
  /** An exit that does not leave this file: the stretch at `index` costs more than there is. */
  Unpaid = 99,
}

/** Whether V8 has been shown every instruction. */
let warm = false;

/**
 * Runs a guest until it exits. Afterwards `m.index` is the entry that caused the exit, `m.exitArgument` its operand,
 * and registers, gas and memory are those before that instruction (a host call is charged).
 *
 * @param stopAtBlock return `Exit.BlockBoundary` before every stretch but the first
 * @param paid the charge at the first entry has been made: a run that resumes within a stretch, after a fault
 */
export function interpret(m: Machine, stopAtBlock: boolean, paid: boolean): Exit {
  // Runs to the next block finish what compiled code began; they are short and may be all there ever is.
  if (!warm && !stopAtBlock) {
    warm = true;
    warmUp(interpret);
  }
  const { decoded, regs, gasModel } = m;
  const flat = gasModel === 'flat';
  const start = m.index;
  let cost = 0;
  if (flat && paid) giveGas(regs, 1);
  if (flat || !paid) {
    const whole = (decoded.flags[start] & CHARGE_START) !== 0;
    cost = whole ? m.charges[start] : costFrom(decoded, gasModel, m.pageCount, start);
  }
  const exit = execute(m, decoded.stream, start, cost, stopAtBlock);
  if (exit !== Literal.Unpaid) return exit;
  if (!flat) return Exit.OutOfGas;

  const first = m.index;
  const affordable = regs[GAS_WORD + 1] < 0 ? 0 : regs[GAS_WORD];
  if (affordable === 0) return Exit.OutOfGas;
  // Fewer instructions than the stretch has, so its end is not among them and nothing in the copy jumps.
  const part = new Int32Array((affordable + 1) * STRIDE);
  part.set(decoded.stream.subarray(first * STRIDE, (first + affordable) * STRIDE));
  part[affordable * STRIDE] = Outcome.Cut;
  const partExit = execute(m, part, 0, affordable, false);
  m.index += first;
  return partExit;
}

function giveGas(regs: Int32Array, amount: number): void {
  const low = (regs[GAS_WORD] + amount) | 0;
  regs[GAS_WORD] = low;
  if (low >>> 0 < amount) regs[GAS_WORD + 1]++;
}

/** A load or store that could not be done: the exit it amounts to, and the unit a fault costs. */
function fault(m: Machine, stream: Int32Array, at: number, outcome: number): Exit {
  const access = (outcome & Outcome.StoreFault) !== 0 ? Access.Write : Access.Read;
  const page = m.memory.faultPage(addressOf(m.regs, stream, at), outcome & 15, access);
  if (page < LOWEST_ADDRESS) return Exit.Panic;
  m.exitArgument = page;
  if (m.gasModel === 'flat') {
    const low = m.regs[GAS_WORD];
    const high = m.regs[GAS_WORD + 1];
    if (high > 0 || (high === 0 && low !== 0)) {
      m.regs[GAS_WORD] = (low - 1) | 0;
      if (low === 0) m.regs[GAS_WORD + 1] = high - 1;
    }
  }
  return Exit.PageFault;
}

/**
 * Runs from entry `index` of `stream`, whose stretch costs `cost` from there on.
 *
 * How to read the cases: `break` goes on to the next entry; `break fast` has the entry executed out of line;
 * `break stretch` ends a stretch, with `taken` saying whether it goes to the static target or to the next entry;
 * `break run` is an exit. Names: `a`, `b`, `d` are indices of the low halves of registers, `…l` and `…h` low and high
 * halves; bit 31 of `(p & q) | ((p | q) & ~sum)` is the carry out of p + q, and likewise the borrow.
 */
function execute(m: Machine, stream: Int32Array, index: number, cost: number, stopAtBlock: boolean): number {
  const { decoded, regs, memory, charges } = m;
  const chunks = memory.chunks;
  const jumpTable = decoded.jumpTable;
  let at = index << Literal.EntryShift;
  let stretchAt = at;
  let exit: number = Exit.Panic;
  let taken = false;

  run: for (;;) {
    const gas = regs[Literal.Gas];
    const gasHigh = regs[Literal.Gas + 1];
    if (gas >>> 0 < cost) {
      if (gasHigh <= 0) {
        exit = Literal.Unpaid;
        // Nothing of it has run: there is nothing to give back below.
        cost = 0;
        break;
      }
      regs[Literal.Gas + 1] = gasHigh - 1;
    } else if (gasHigh < 0) {
      exit = Literal.Unpaid;
      cost = 0;
      break;
    }
    regs[Literal.Gas] = gas - cost;
    stretchAt = at;

    stretch: for (;;) {
      let op = stream[at];
      fast: for (;;) {
        switch (op) {
          // --- Exits, jumps and branches ---------------------------------------------------------------------------
          case Op.trap:
            exit = Exit.Panic;
            break run;
          case Op.fallthrough:
          case Op.unlikely:
            taken = false;
            break stretch;
          case Op.ecalli:
          case Op.ecall:
            exit = Exit.HostCall;
            break run;
          case Op.jump:
            taken = true;
            break stretch;
          case Op.load_imm_jump: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            regs[a] = x;
            regs[a | 1] = x >> 31;
            taken = true;
            break stretch;
          }
          case Op.jump_ind:
          case Op.load_imm_jump_ind: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            let to: number;
            if (op === Op.jump_ind) {
              to = (regs[a] + x) | 0;
            } else {
              to = (regs[stream[at | Field.B] << 1] + stream[at | Field.Y]) | 0;
              regs[a] = x;
              regs[a | 1] = x >> 31;
            }
            exit = to === Literal.Halt ? Exit.Halt : Exit.Panic;
            // Negative means 2^31 and more, beyond any jump table.
            if (to <= 0 || (to & 1) !== 0 || to > jumpTable.length * 2) break run;
            const target = jumpTable[(to >> 1) - 1];
            if (target < 0) break run;
            at = target << Literal.EntryShift;
            if (stopAtBlock) {
              exit = Exit.BlockBoundary;
              cost = 0;
              break run;
            }
            cost = charges[target];
            continue run;
          }
          case Op.branch_eq_imm: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            taken = regs[a] === x && regs[a | 1] === x >> 31;
            break stretch;
          }
          case Op.branch_ne_imm: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            taken = regs[a] !== x || regs[a | 1] !== x >> 31;
            break stretch;
          }
          case Op.branch_lt_u_imm:
          case Op.branch_ge_u_imm: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            const ah = regs[a | 1];
            const less = ah === x >> 31 ? regs[a] >>> 0 < x >>> 0 : ah >>> 0 < (x >> 31) >>> 0;
            taken = less === (op === Op.branch_lt_u_imm);
            break stretch;
          }
          case Op.branch_le_u_imm:
          case Op.branch_gt_u_imm: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            const ah = regs[a | 1];
            const more = ah === x >> 31 ? regs[a] >>> 0 > x >>> 0 : ah >>> 0 > (x >> 31) >>> 0;
            taken = more === (op === Op.branch_gt_u_imm);
            break stretch;
          }
          case Op.branch_lt_s_imm:
          case Op.branch_ge_s_imm: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            const ah = regs[a | 1];
            const less = ah === x >> 31 ? regs[a] >>> 0 < x >>> 0 : ah < x >> 31;
            taken = less === (op === Op.branch_lt_s_imm);
            break stretch;
          }
          case Op.branch_le_s_imm:
          case Op.branch_gt_s_imm: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            const ah = regs[a | 1];
            const more = ah === x >> 31 ? regs[a] >>> 0 > x >>> 0 : ah > x >> 31;
            taken = more === (op === Op.branch_gt_s_imm);
            break stretch;
          }
          case Op.branch_eq: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            taken = regs[a] === regs[b] && regs[a | 1] === regs[b | 1];
            break stretch;
          }
          case Op.branch_ne: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            taken = regs[a] !== regs[b] || regs[a | 1] !== regs[b | 1];
            break stretch;
          }
          case Op.branch_lt_u:
          case Op.branch_ge_u: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const ah = regs[a | 1];
            const bh = regs[b | 1];
            const less = ah === bh ? regs[a] >>> 0 < regs[b] >>> 0 : ah >>> 0 < bh >>> 0;
            taken = less === (op === Op.branch_lt_u);
            break stretch;
          }
          case Op.branch_lt_s:
          case Op.branch_ge_s: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const ah = regs[a | 1];
            const bh = regs[b | 1];
            const less = ah === bh ? regs[a] >>> 0 < regs[b] >>> 0 : ah < bh;
            taken = less === (op === Op.branch_lt_s);
            break stretch;
          }

          // --- Loads -------------------------------------------------------------------------------------------------
          case Op.load_u8:
          case Op.load_ind_u8:
          case Op.load_i8:
          case Op.load_ind_i8: {
            let address = stream[at | Field.X];
            if (op >= Op.load_ind_u8) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] === Access.None) break fast;
            const a = stream[at | Field.A] << 1;
            let value = chunk.view.getUint8(address & 0x3fffff);
            if (op === Op.load_i8 || op === Op.load_ind_i8) {
              value = (value << 24) >> 24;
              regs[a | 1] = value >> 31;
            } else {
              regs[a | 1] = 0;
            }
            regs[a] = value;
            break;
          }
          case Op.load_u16:
          case Op.load_ind_u16:
          case Op.load_i16:
          case Op.load_ind_i16: {
            let address = stream[at | Field.X];
            if (op >= Op.load_ind_u8) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] === Access.None || (address & 4095) > 4094) break fast;
            const a = stream[at | Field.A] << 1;
            let value = chunk.view.getUint16(address & 0x3fffff, true);
            if (op === Op.load_i16 || op === Op.load_ind_i16) {
              value = (value << 16) >> 16;
              regs[a | 1] = value >> 31;
            } else {
              regs[a | 1] = 0;
            }
            regs[a] = value;
            break;
          }
          case Op.load_u32:
          case Op.load_ind_u32:
          case Op.load_i32:
          case Op.load_ind_i32: {
            let address = stream[at | Field.X];
            if (op >= Op.load_ind_u8) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] === Access.None || (address & 4095) > 4092) break fast;
            const a = stream[at | Field.A] << 1;
            const value = chunk.view.getInt32(address & 0x3fffff, true);
            regs[a] = value;
            regs[a | 1] = op === Op.load_i32 || op === Op.load_ind_i32 ? value >> 31 : 0;
            break;
          }
          case Op.load_u64:
          case Op.load_ind_u64: {
            let address = stream[at | Field.X];
            if (op >= Op.load_ind_u8) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] === Access.None || (address & 4095) > 4088) break fast;
            const a = stream[at | Field.A] << 1;
            regs[a] = chunk.view.getInt32(address & 0x3fffff, true);
            regs[a | 1] = chunk.view.getInt32((address & 0x3fffff) + 4, true);
            break;
          }

          // --- Stores ------------------------------------------------------------------------------------------------
          case Op.store_u8:
          case Op.store_ind_u8:
          case Op.store_imm_u8:
          case Op.store_imm_ind_u8: {
            const a = stream[at | Field.A] << 1;
            let address = stream[at | Field.X];
            let low: number;
            if (op === Op.store_ind_u8 || op === Op.store_u8) {
              low = regs[a];
              if (op === Op.store_ind_u8) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            } else {
              low = stream[at | Field.Y];
              if (op === Op.store_imm_ind_u8) address = (address + regs[a]) | 0;
            }
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] !== Access.Write) break fast;
            chunk.view.setInt8(address & 0x3fffff, low);
            break;
          }
          case Op.store_u16:
          case Op.store_ind_u16:
          case Op.store_imm_u16:
          case Op.store_imm_ind_u16: {
            const a = stream[at | Field.A] << 1;
            let address = stream[at | Field.X];
            let low: number;
            if (op === Op.store_ind_u16 || op === Op.store_u16) {
              low = regs[a];
              if (op === Op.store_ind_u16) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            } else {
              low = stream[at | Field.Y];
              if (op === Op.store_imm_ind_u16) address = (address + regs[a]) | 0;
            }
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] !== Access.Write || (address & 4095) > 4094) break fast;
            chunk.view.setInt16(address & 0x3fffff, low, true);
            break;
          }
          case Op.store_u32:
          case Op.store_ind_u32:
          case Op.store_imm_u32:
          case Op.store_imm_ind_u32: {
            const a = stream[at | Field.A] << 1;
            let address = stream[at | Field.X];
            let low: number;
            if (op === Op.store_ind_u32 || op === Op.store_u32) {
              low = regs[a];
              if (op === Op.store_ind_u32) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            } else {
              low = stream[at | Field.Y];
              if (op === Op.store_imm_ind_u32) address = (address + regs[a]) | 0;
            }
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] !== Access.Write || (address & 4095) > 4092) break fast;
            chunk.view.setInt32(address & 0x3fffff, low, true);
            break;
          }
          case Op.store_u64:
          case Op.store_ind_u64:
          case Op.store_imm_u64:
          case Op.store_imm_ind_u64: {
            const a = stream[at | Field.A] << 1;
            let address = stream[at | Field.X];
            let low: number;
            let high: number;
            if (op === Op.store_ind_u64 || op === Op.store_u64) {
              low = regs[a];
              high = regs[a | 1];
              if (op === Op.store_ind_u64) address = (address + regs[stream[at | Field.B] << 1]) | 0;
            } else {
              low = stream[at | Field.Y];
              high = low >> 31;
              if (op === Op.store_imm_ind_u64) address = (address + regs[a]) | 0;
            }
            const chunk = chunks[address >>> 22];
            if (chunk.ready[(address >>> 12) & 1023] !== Access.Write || (address & 4095) > 4088) break fast;
            chunk.view.setInt32(address & 0x3fffff, low, true);
            chunk.view.setInt32((address & 0x3fffff) + 4, high, true);
            break;
          }

          // --- Moves and constants -----------------------------------------------------------------------------------
          case Op.load_imm: {
            const a = stream[at | Field.A] << 1;
            const x = stream[at | Field.X];
            regs[a] = x;
            regs[a | 1] = x >> 31;
            break;
          }
          case Op.load_imm_64: {
            const a = stream[at | Field.A] << 1;
            regs[a] = stream[at | Field.X];
            regs[a | 1] = stream[at | Field.Y];
            break;
          }
          case Op.move_reg: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            regs[a] = regs[b];
            regs[a | 1] = regs[b | 1];
            break;
          }
          case Op.cmov_iz_imm:
          case Op.cmov_nz_imm: {
            const b = stream[at | Field.B] << 1;
            if (((regs[b] | regs[b | 1]) === 0) === (op === Op.cmov_iz_imm)) {
              const a = stream[at | Field.A] << 1;
              const x = stream[at | Field.X];
              regs[a] = x;
              regs[a | 1] = x >> 31;
            }
            break;
          }
          case Op.cmov_iz:
          case Op.cmov_nz: {
            const b = stream[at | Field.B] << 1;
            if (((regs[b] | regs[b | 1]) === 0) === (op === Op.cmov_iz)) {
              const a = stream[at | Field.A] << 1;
              const d = stream[at | Field.D] << 1;
              regs[d] = regs[a];
              regs[d | 1] = regs[a | 1];
            }
            break;
          }
          case Op.sign_extend_8: {
            const a = stream[at | Field.A] << 1;
            const low = (regs[stream[at | Field.B] << 1] << 24) >> 24;
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.sign_extend_16: {
            const a = stream[at | Field.A] << 1;
            const low = (regs[stream[at | Field.B] << 1] << 16) >> 16;
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.zero_extend_16: {
            const a = stream[at | Field.A] << 1;
            regs[a] = regs[stream[at | Field.B] << 1] & 0xffff;
            regs[a | 1] = 0;
            break;
          }

          // --- 32-bit arithmetic -------------------------------------------------------------------------------------
          case Op.add_imm_32: {
            const a = stream[at | Field.A] << 1;
            const low = (regs[stream[at | Field.B] << 1] + stream[at | Field.X]) | 0;
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.add_32: {
            const d = stream[at | Field.D] << 1;
            const low = (regs[stream[at | Field.A] << 1] + regs[stream[at | Field.B] << 1]) | 0;
            regs[d] = low;
            regs[d | 1] = low >> 31;
            break;
          }
          case Op.sub_32: {
            const d = stream[at | Field.D] << 1;
            const low = (regs[stream[at | Field.A] << 1] - regs[stream[at | Field.B] << 1]) | 0;
            regs[d] = low;
            regs[d | 1] = low >> 31;
            break;
          }
          case Op.mul_imm_32: {
            const a = stream[at | Field.A] << 1;
            const low = Math.imul(regs[stream[at | Field.B] << 1], stream[at | Field.X]);
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.mul_32: {
            const d = stream[at | Field.D] << 1;
            const low = Math.imul(regs[stream[at | Field.A] << 1], regs[stream[at | Field.B] << 1]);
            regs[d] = low;
            regs[d | 1] = low >> 31;
            break;
          }
          case Op.shlo_l_imm_32: {
            const a = stream[at | Field.A] << 1;
            const low = regs[stream[at | Field.B] << 1] << (stream[at | Field.X] & 31);
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.shlo_r_imm_32: {
            const a = stream[at | Field.A] << 1;
            const low = (regs[stream[at | Field.B] << 1] >>> (stream[at | Field.X] & 31)) | 0;
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.shar_r_imm_32: {
            const a = stream[at | Field.A] << 1;
            const low = regs[stream[at | Field.B] << 1] >> (stream[at | Field.X] & 31);
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.rot_r_32_imm: {
            const a = stream[at | Field.A] << 1;
            const value = regs[stream[at | Field.B] << 1];
            const x = stream[at | Field.X];
            const low = (value >>> (x & 31)) | (value << (-x & 31));
            regs[a] = low;
            regs[a | 1] = low >> 31;
            break;
          }
          case Op.shlo_l_32: {
            const d = stream[at | Field.D] << 1;
            const low = regs[stream[at | Field.A] << 1] << (regs[stream[at | Field.B] << 1] & 31);
            regs[d] = low;
            regs[d | 1] = low >> 31;
            break;
          }
          case Op.shlo_r_32: {
            const d = stream[at | Field.D] << 1;
            const low = (regs[stream[at | Field.A] << 1] >>> (regs[stream[at | Field.B] << 1] & 31)) | 0;
            regs[d] = low;
            regs[d | 1] = low >> 31;
            break;
          }
          case Op.shar_r_32: {
            const d = stream[at | Field.D] << 1;
            const low = regs[stream[at | Field.A] << 1] >> (regs[stream[at | Field.B] << 1] & 31);
            regs[d] = low;
            regs[d | 1] = low >> 31;
            break;
          }

          // --- 64-bit arithmetic -------------------------------------------------------------------------------------
          case Op.add_imm_64: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            const bl = regs[b];
            const low = (bl + x) | 0;
            regs[a | 1] = regs[b | 1] + (x >> 31) + (((bl & x) | ((bl | x) & ~low)) >>> 31);
            regs[a] = low;
            break;
          }
          case Op.add_64: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const d = stream[at | Field.D] << 1;
            const al = regs[a];
            const bl = regs[b];
            const low = (al + bl) | 0;
            regs[d | 1] = regs[a | 1] + regs[b | 1] + (((al & bl) | ((al | bl) & ~low)) >>> 31);
            regs[d] = low;
            break;
          }
          case Op.sub_64: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const d = stream[at | Field.D] << 1;
            const al = regs[a];
            const bl = regs[b];
            const low = (al - bl) | 0;
            regs[d | 1] = regs[a | 1] - regs[b | 1] - (((~al & bl) | ((~al | bl) & low)) >>> 31);
            regs[d] = low;
            break;
          }
          case Op.neg_add_imm_64: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            const bl = regs[b];
            const low = (x - bl) | 0;
            regs[a | 1] = (x >> 31) - regs[b | 1] - (((~x & bl) | ((~x | bl) & low)) >>> 31);
            regs[a] = low;
            break;
          }
          case Op.mul_imm_64:
          case Op.mul_64: {
            const b = stream[at | Field.B] << 1;
            let d = stream[at | Field.A] << 1;
            let al = regs[d];
            let ah = regs[d | 1];
            if (op === Op.mul_64) {
              d = stream[at | Field.D] << 1;
            } else {
              al = stream[at | Field.X];
              ah = al >> 31;
            }
            const bl = regs[b];
            // `mulHigh32` of arithmetic.ts, which explains it, by hand.
            const a0 = al & 0xffff;
            const b0 = bl & 0xffff;
            const middle = (Math.imul(al >>> 16, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
            const carry = (Math.imul(a0, bl >>> 16) + (middle & 0xffff)) | 0;
            const upper = (Math.imul(al >>> 16, bl >>> 16) + (middle >>> 16) + (carry >>> 16)) | 0;
            regs[d | 1] = upper + Math.imul(al, regs[b | 1]) + Math.imul(ah, bl);
            regs[d] = Math.imul(al, bl);
            break;
          }
          case Op.shlo_l_imm_64:
          case Op.shlo_l_64: {
            const b = stream[at | Field.B] << 1;
            let source = b;
            let d = stream[at | Field.A] << 1;
            let count = stream[at | Field.X];
            if (op === Op.shlo_l_64) {
              source = d;
              d = stream[at | Field.D] << 1;
              count = regs[b];
            }
            const low = regs[source];
            if ((count & 32) !== 0) {
              regs[d | 1] = low << (count & 31);
              regs[d] = 0;
            } else {
              // `>>> 1 >>> 31 − n` rather than `>>> 32 − n`: right for n = 0, where the latter would shift by 0.
              regs[d | 1] = (regs[source | 1] << (count & 31)) | ((low >>> 1) >>> (~count & 31));
              regs[d] = low << (count & 31);
            }
            break;
          }
          case Op.shlo_r_imm_64:
          case Op.shlo_r_64: {
            const b = stream[at | Field.B] << 1;
            let source = b;
            let d = stream[at | Field.A] << 1;
            let count = stream[at | Field.X];
            if (op === Op.shlo_r_64) {
              source = d;
              d = stream[at | Field.D] << 1;
              count = regs[b];
            }
            const high = regs[source | 1];
            if ((count & 32) !== 0) {
              regs[d] = high >>> (count & 31);
              regs[d | 1] = 0;
            } else {
              regs[d] = (regs[source] >>> (count & 31)) | ((high << 1) << (~count & 31));
              regs[d | 1] = high >>> (count & 31);
            }
            break;
          }
          case Op.shar_r_imm_64:
          case Op.shar_r_64: {
            const b = stream[at | Field.B] << 1;
            let source = b;
            let d = stream[at | Field.A] << 1;
            let count = stream[at | Field.X];
            if (op === Op.shar_r_64) {
              source = d;
              d = stream[at | Field.D] << 1;
              count = regs[b];
            }
            const high = regs[source | 1];
            if ((count & 32) !== 0) {
              regs[d] = high >> (count & 31);
              regs[d | 1] = high >> 31;
            } else {
              regs[d] = (regs[source] >>> (count & 31)) | ((high << 1) << (~count & 31));
              regs[d | 1] = high >> (count & 31);
            }
            break;
          }
          case Op.rot_r_64_imm: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            // By 32 and more: the halves change places, then the rest.
            const low = (x & 32) === 0 ? regs[b] : regs[b | 1];
            const high = (x & 32) === 0 ? regs[b | 1] : regs[b];
            regs[a] = (low >>> (x & 31)) | ((high << 1) << (~x & 31));
            regs[a | 1] = (high >>> (x & 31)) | ((low << 1) << (~x & 31));
            break;
          }

          // --- Logic and comparisons ---------------------------------------------------------------------------------
          case Op.and_imm: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            regs[a] = regs[b] & x;
            regs[a | 1] = regs[b | 1] & (x >> 31);
            break;
          }
          case Op.xor_imm: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            regs[a] = regs[b] ^ x;
            regs[a | 1] = regs[b | 1] ^ (x >> 31);
            break;
          }
          case Op.or_imm: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            regs[a] = regs[b] | x;
            regs[a | 1] = regs[b | 1] | (x >> 31);
            break;
          }
          case Op.and: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const d = stream[at | Field.D] << 1;
            regs[d] = regs[a] & regs[b];
            regs[d | 1] = regs[a | 1] & regs[b | 1];
            break;
          }
          case Op.xor: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const d = stream[at | Field.D] << 1;
            regs[d] = regs[a] ^ regs[b];
            regs[d | 1] = regs[a | 1] ^ regs[b | 1];
            break;
          }
          case Op.or: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const d = stream[at | Field.D] << 1;
            regs[d] = regs[a] | regs[b];
            regs[d | 1] = regs[a | 1] | regs[b | 1];
            break;
          }
          case Op.set_lt_u_imm:
          case Op.set_lt_s_imm: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            const bh = regs[b | 1];
            const xh = x >> 31;
            const less = bh === xh ? regs[b] >>> 0 < x >>> 0 : op === Op.set_lt_u_imm ? bh >>> 0 < xh >>> 0 : bh < xh;
            regs[a] = less ? 1 : 0;
            regs[a | 1] = 0;
            break;
          }
          case Op.set_gt_u_imm:
          case Op.set_gt_s_imm: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const x = stream[at | Field.X];
            const bh = regs[b | 1];
            const xh = x >> 31;
            const more = bh === xh ? regs[b] >>> 0 > x >>> 0 : op === Op.set_gt_u_imm ? bh >>> 0 > xh >>> 0 : bh > xh;
            regs[a] = more ? 1 : 0;
            regs[a | 1] = 0;
            break;
          }
          case Op.set_lt_u:
          case Op.set_lt_s: {
            const a = stream[at | Field.A] << 1;
            const b = stream[at | Field.B] << 1;
            const d = stream[at | Field.D] << 1;
            const ah = regs[a | 1];
            const bh = regs[b | 1];
            const less = ah === bh ? regs[a] >>> 0 < regs[b] >>> 0 : op === Op.set_lt_u ? ah >>> 0 < bh >>> 0 : ah < bh;
            regs[d] = less ? 1 : 0;
            regs[d | 1] = 0;
            break;
          }

          default:
            break fast;
        }
        at = (at + Literal.Entry) | 0;
        op = stream[at];
      }

      const outcome = executeOutOfLine(m, stream, at);
      if (outcome !== Outcome.Done) {
        exit = outcome;
        break run;
      }
      at = (at + Literal.Entry) | 0;
    }

    if (taken) {
      const target = stream[at | Field.Target];
      if (target < 0) {
        exit = Exit.Panic;
        break;
      }
      at = target << Literal.EntryShift;
    } else {
      at = (at + Literal.Entry) | 0;
    }
    if (stopAtBlock) {
      exit = Exit.BlockBoundary;
      cost = 0;
      break;
    }
    cost = charges[at >> Literal.EntryShift];
  }

  const last = at >> Literal.EntryShift;
  m.index = last;
  if (exit === Exit.HostCall) {
    m.exitArgument = stream[at | Field.X] >>> 0;
  } else if (cost !== 0 && m.gasModel === 'flat') {
    // The causing instruction counts as executed, the cut behind the last one that could be paid does not.
    const executed = last - (stretchAt >> Literal.EntryShift) + (exit === Outcome.Cut ? 0 : 1);
    giveGas(regs, cost - executed);
  }
  if (exit === Outcome.Cut) return Exit.OutOfGas;
  if (exit < Outcome.Fault) return exit;
  return fault(m, stream, at, exit);
}
