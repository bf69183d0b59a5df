/**
 * Shows V8 every instruction once, before the interpreter's main loop gets hot.
 *
 * V8 compiles the loop for the instructions it has seen run; the first other one throws the compiled code away, and
 * a program of many phases would pay for that again and again. So the first long run is preceded by a short one
 * over all opcodes: with operands that are small, negative and large, with memory accesses that succeed, straddle
 * two pages, fault and panic. It takes one to two milliseconds, once a process, and the twelve recorded runs
 * of a JAM service took a third less time with it, in a fresh process.
 */
import { CHARGE_START, DecodedProgram, Field, JUMP_TARGET, STRIDE } from '../isa/decode.js';
import { INSTRUCTIONS, MEMORY } from '../isa/instructions.js';
import { Op } from '../isa/opcodes.js';
import { type Exit, HALT_ADDRESS, PAGE_SIZE } from '../layout.js';
import { GuestMemory } from '../memory/guest-memory.js';
import { PortableBacking } from '../memory/portable.js';
import { Access } from '../program/image.js';
import { Machine } from './machine.js';

/** Register that is always zero here, so that addresses are the immediates. */
const ZERO = 12;
const DATA = 0x20000;
/** Immediates of instructions that may touch memory: an access that works, one across two pages, a fault, a panic. */
const ADDRESSES = [DATA + 8, DATA + PAGE_SIZE - 1, 0x7fff0000, 0];
/** Immediates of the others; for dynamic jumps they are places in the jump table. */
const IMMEDIATES = [-5, 2];
/** Values of registers 0 and 1, and of 2 and 3 (high half first), for the rounds. */
const VALUES = [
  [0, 3, 0, 2],
  [-1, -7, -1, -2],
  [0x12345678, -1, 0, -3],
  [-0x80000000, 0, 5, 0x40000000],
];

/**
 * One machine that is never let go. When the collector finds no object of a class any more, V8 forgets the class's shape
 * and throws away the code that relied on it: after a collection between two runs the interpreter was forty times
 * slower for as long as it took to learn everything again.
 */
export let specimen: Machine | undefined;

/** Runs all instructions through `run`, the interpreter. */
export function warmUp(run: (m: Machine, stopAtBlock: boolean, paid: boolean) => Exit): void {
  const stream = new Int32Array((INSTRUCTIONS.length * ADDRESSES.length + 1) * STRIDE);
  let count = 0;
  for (const { opcode, cost } of INSTRUCTIONS) {
    if (opcode === Op.sbrk) continue;
    const arithmetic = opcode >= Op.add_imm_32;
    for (const x of cost.cycles === MEMORY ? ADDRESSES : IMMEDIATES) {
      const at = count * STRIDE;
      stream[at] = opcode;
      // The base address is in B, but for `store_imm_ind`; D is a destination.
      const baseInA = opcode >= Op.store_imm_ind_u8 && opcode <= Op.store_imm_ind_u64;
      stream[at + Field.A] = arithmetic ? 0 : baseInA ? ZERO : 4;
      stream[at + Field.B] = arithmetic ? 2 : ZERO;
      stream[at + Field.D] = 4;
      stream[at + Field.X] = x;
      stream[at + Field.Y] = x;
      stream[at + Field.Target] = count + 1;
      stream[at + Field.Pc] = count;
      count++;
    }
  }
  stream[count * STRIDE + Field.Target] = -1;
  count++;
  const decoded = new DecodedProgram(
    stream,
    count,
    new Uint8Array(count).fill(JUMP_TARGET | CHARGE_START),
    Int32Array.of(-1),
    count,
    new Uint8Array(count),
    new Uint32Array(1),
    new Uint8Array(count),
  );
  const memory = new GuestMemory(new PortableBacking());
  memory.map(DATA, 2 * PAGE_SIZE, Access.Write);
  const m = new Machine(decoded, new Int32Array(32), memory, 'flat', 0, new Int32Array(count).fill(1));
  for (const [ah, al, bh, bl] of VALUES) {
    for (m.index = 0; m.index < count; m.index++) {
      m.regs.set([al, ah, 0, 0, bl, bh]);
      m.regs.fill(0, ZERO * 2);
      m.regs[26] = -1;
      m.regs[27] = 1;
      run(m, false, false);
    }
  }
  // The exits that remain: a dynamic jump that halts and one that arrives, and gas that ends.
  stream[Field.A] = ZERO;
  stream[Field.Op] = Op.jump_ind;
  decoded.jumpTable[0] = count - 1;
  for (const x of [HALT_ADDRESS | 0, 2]) {
    stream[Field.X] = x;
    m.index = 0;
    run(m, false, false);
  }
  m.regs.fill(0);
  m.index = 0;
  run(m, false, false);
  specimen = m;
}
