/**
 * The interpreter: tier 0, and the reference for every compiler.
 *
 * One loop over the decoded instructions in the arena. Registers of the machine are three locals, `pc`, `sp` and `fp` (word
 * indexes); everything else is in the arena, so a thread can be left and entered at any instruction. What is rare leaves the
 * switch (`exit = …; break`) for `leave` in `slow-paths.ts`, with the operand stack as the instruction found it.
 *
 * The function is large on purpose; V8 optimises functions of up to 60 KB of its bytecode. A case V8 has never seen
 * executed deoptimises the whole loop on its first execution, so `warm-up.ts` runs every instruction once early.
 */
import {
  ClassKind,
  Context,
  Frame,
  INVOKE_LENGTH,
  Klass,
  Mark,
  MethodCache,
  MethodWord,
  ObjectWord,
} from '../memory/layout.js';
import { basicInvokeTarget, linkerTarget } from '../runtime/method-handles.js';
import { isSubtype } from '../runtime/subtypes.js';
import { type JavaThread, ThreadState } from '../runtime/thread.js';
import type { Vm } from '../runtime/vm.js';
import { divideLongs, doubleToLong, longToFloat, remainderLongs } from './arithmetic.js';
import { intrinsic } from './intrinsics.js';
import { Opcode } from './opcodes.js';
import { Exit, leave } from './slow-paths.js';

/** Calls and backward branches between two looks at the clock and the other threads. */
export const SLICE = 1024;

/**
 * Code and stacks lie in the first GiB: masking changes nothing, and tells V8 so. It then knows that `pc + 1` cannot overflow
 * and that the access is in bounds, which saves two branches on every operand.
 */
const enum Reach {
  Mask = 0xfffffff,
}

/**
 * Makes a VM's interpreter: a function that runs a thread until its time slice is over, it blocks, or it ends.
 *
 * A closure over the arena's views rather than a function of the VM: V8 folds the constants of a function's context into its
 * code as long as the function was made once, so an access to the arena is a compare with a constant and a move. With the views
 * in locals, each access loads length and data pointer first.
 */
export function createInterpreter(vm: Vm): (t: JavaThread) => void {
  const { words, u8, arena } = vm;
  const { i8, u16, i16, f32, f64 } = arena;
  const cardTable = words[Context.CardTable]!;
  const booleanArray = vm.known.booleanArray.klass;

  const interpret = (t: JavaThread): void => {
    // Locals, although they are constants: code that V8 has not specialised (yet) finds them in its frame.
    const M = words;
    const U8 = u8;
    const I8 = i8;
    const U16 = u16;
    const I16 = i16;
    const F32 = f32;
    const F64 = f64;
    const cards = cardTable;
    const booleans = booleanArray;
    const limit = M[Context.StackLimit]! >>> 2;
    /** Mark word of an object this thread has entered once. */
    const thin = Mark.Thin | (t.id << Mark.ThinThreadShift);
    let fp = t.fp | 0;
    let sp = t.sp | 0;
    let pc = M[fp + Frame.Pc]!;
    let budget = SLICE;
    let exit: Exit = Exit.Slow;
    // Scratch of several cases.
    let m = 0;
    let a = 0;
    let b = 0;
    let c = 0;
    for (;;) {
      pc &= Reach.Mask;
      sp &= Reach.Mask;
      fp &= Reach.Mask;
      switch (M[pc]! as Opcode) {
        case Opcode.Nop:
          pc++;
          continue;
        case Opcode.ConstW:
          sp -= 2;
          M[sp] = M[pc + 1]!;
          pc += 2;
          continue;
        case Opcode.ConstD:
          sp -= 4;
          M[sp + 2] = M[pc + 1]!;
          M[sp + 3] = M[pc + 2]!;
          pc += 3;
          continue;
        case Opcode.ConstRoot:
          sp -= 2;
          M[sp] = M[M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.LoadW:
          sp -= 2;
          M[sp] = M[fp + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.LoadD:
          a = fp + M[pc + 1]!;
          sp -= 4;
          M[sp + 2] = M[a]!;
          M[sp + 3] = M[a + 1]!;
          pc += 2;
          continue;
        case Opcode.StoreW:
          M[fp + M[pc + 1]!] = M[sp]!;
          sp += 2;
          pc += 2;
          continue;
        case Opcode.StoreD:
          a = fp + M[pc + 1]!;
          M[a] = M[sp + 2]!;
          M[a + 1] = M[sp + 3]!;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.Iinc:
          a = fp + M[pc + 1]!;
          M[a] = (M[a]! + M[pc + 2]!) | 0;
          pc += 3;
          continue;
        case Opcode.ArrayLoadW:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          sp += 2;
          M[sp] = M[(a >>> 2) + ObjectWord.Elements + b]!;
          pc++;
          continue;
        case Opcode.ArrayLoadD:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          a = (a >>> 2) + ObjectWord.Elements + (b << 1);
          M[sp + 2] = M[a]!;
          M[sp + 3] = M[a + 1]!;
          pc++;
          continue;
        case Opcode.ArrayLoadB:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          sp += 2;
          M[sp] = I8[(a >>> 0) + 16 + b]!;
          pc++;
          continue;
        case Opcode.ArrayLoadC:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          sp += 2;
          M[sp] = U16[(a >>> 1) + 8 + b]!;
          pc++;
          continue;
        case Opcode.ArrayLoadS:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          sp += 2;
          M[sp] = I16[(a >>> 1) + 8 + b]!;
          pc++;
          continue;
        case Opcode.ArrayStoreW:
          a = M[sp + 4]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp + 2]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          M[(a >>> 2) + ObjectWord.Elements + b] = M[sp]!;
          sp += 6;
          pc++;
          continue;
        case Opcode.ArrayStoreA:
          a = M[sp + 4]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp + 2]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          c = M[sp]!;
          if (c !== 0) {
            m = M[(M[a >>> 2]! >>> 2) + Klass.Element]!;
            if (M[c >>> 2] !== m && M[(M[c >>> 2]! >>> 2) + Klass.SubtypeCache] !== m) {
              exit = Exit.Assist;
              break;
            }
            U8[cards + ((a + 16 + (b << 2)) >>> 9)] = 1;
          }
          M[(a >>> 2) + ObjectWord.Elements + b] = c;
          sp += 6;
          pc++;
          continue;
        case Opcode.ArrayStoreD:
          a = M[sp + 6]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp + 4]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          a = (a >>> 2) + ObjectWord.Elements + (b << 1);
          M[a] = M[sp + 2]!;
          M[a + 1] = M[sp + 3]!;
          sp += 8;
          pc++;
          continue;
        case Opcode.ArrayStoreB:
          a = M[sp + 4]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp + 2]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          // A boolean array keeps the lowest bit only (JVMS 6.5, bastore).
          I8[(a >>> 0) + 16 + b] = M[a >>> 2] === booleans ? M[sp]! & 1 : M[sp]!;
          sp += 6;
          pc++;
          continue;
        case Opcode.ArrayStoreS:
          a = M[sp + 4]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[sp + 2]!;
          if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            exit = Exit.Bounds;
            break;
          }
          U16[(a >>> 1) + 8 + b] = M[sp]!;
          sp += 6;
          pc++;
          continue;
        case Opcode.ArrayLength:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          M[sp] = M[(a >>> 2) + ObjectWord.Length]!;
          pc++;
          continue;
        case Opcode.Pop:
          sp += 2;
          pc++;
          continue;
        case Opcode.Pop2:
          sp += 4;
          pc++;
          continue;
        case Opcode.Dup:
          a = M[sp]!;
          sp -= 2;
          M[sp] = a;
          pc++;
          continue;
        case Opcode.DupX1: {
          const s0 = M[sp]!;
          const t0 = M[sp + 1]!;
          const s1 = M[sp + 2]!;
          const t1 = M[sp + 3]!;
          sp -= 2;
          M[sp] = s0;
          M[sp + 1] = t0;
          M[sp + 2] = s1;
          M[sp + 3] = t1;
          M[sp + 4] = s0;
          M[sp + 5] = t0;
          pc++;
          continue;
        }
        case Opcode.DupX2: {
          const s0 = M[sp]!;
          const t0 = M[sp + 1]!;
          const s1 = M[sp + 2]!;
          const t1 = M[sp + 3]!;
          const s2 = M[sp + 4]!;
          const t2 = M[sp + 5]!;
          sp -= 2;
          M[sp] = s0;
          M[sp + 1] = t0;
          M[sp + 2] = s1;
          M[sp + 3] = t1;
          M[sp + 4] = s2;
          M[sp + 5] = t2;
          M[sp + 6] = s0;
          M[sp + 7] = t0;
          pc++;
          continue;
        }
        case Opcode.Dup2: {
          const s0 = M[sp]!;
          const t0 = M[sp + 1]!;
          const s1 = M[sp + 2]!;
          const t1 = M[sp + 3]!;
          sp -= 4;
          M[sp] = s0;
          M[sp + 1] = t0;
          M[sp + 2] = s1;
          M[sp + 3] = t1;
          M[sp + 4] = s0;
          M[sp + 5] = t0;
          M[sp + 6] = s1;
          M[sp + 7] = t1;
          pc++;
          continue;
        }
        case Opcode.Dup2X1: {
          const s0 = M[sp]!;
          const t0 = M[sp + 1]!;
          const s1 = M[sp + 2]!;
          const t1 = M[sp + 3]!;
          const s2 = M[sp + 4]!;
          const t2 = M[sp + 5]!;
          sp -= 4;
          M[sp] = s0;
          M[sp + 1] = t0;
          M[sp + 2] = s1;
          M[sp + 3] = t1;
          M[sp + 4] = s2;
          M[sp + 5] = t2;
          M[sp + 6] = s0;
          M[sp + 7] = t0;
          M[sp + 8] = s1;
          M[sp + 9] = t1;
          pc++;
          continue;
        }
        case Opcode.Dup2X2: {
          const s0 = M[sp]!;
          const t0 = M[sp + 1]!;
          const s1 = M[sp + 2]!;
          const t1 = M[sp + 3]!;
          const s2 = M[sp + 4]!;
          const t2 = M[sp + 5]!;
          const s3 = M[sp + 6]!;
          const t3 = M[sp + 7]!;
          sp -= 4;
          M[sp] = s0;
          M[sp + 1] = t0;
          M[sp + 2] = s1;
          M[sp + 3] = t1;
          M[sp + 4] = s2;
          M[sp + 5] = t2;
          M[sp + 6] = s3;
          M[sp + 7] = t3;
          M[sp + 8] = s0;
          M[sp + 9] = t0;
          M[sp + 10] = s1;
          M[sp + 11] = t1;
          pc++;
          continue;
        }
        case Opcode.Swap: {
          const s0 = M[sp]!;
          const t0 = M[sp + 1]!;
          const s1 = M[sp + 2]!;
          const t1 = M[sp + 3]!;
          sp -= 0;
          M[sp] = s1;
          M[sp + 1] = t1;
          M[sp + 2] = s0;
          M[sp + 3] = t0;
          pc++;
          continue;
        }
        case Opcode.Iadd:
          M[sp + 2] = (M[sp + 2]! + M[sp]!) | 0;
          sp += 2;
          pc++;
          continue;
        case Opcode.Isub:
          M[sp + 2] = (M[sp + 2]! - M[sp]!) | 0;
          sp += 2;
          pc++;
          continue;
        case Opcode.Imul:
          M[sp + 2] = Math.imul(M[sp + 2]!, M[sp]!);
          sp += 2;
          pc++;
          continue;
        case Opcode.Ishl:
          M[sp + 2] = M[sp + 2]! << M[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Ishr:
          M[sp + 2] = M[sp + 2]! >> M[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Iushr:
          M[sp + 2] = (M[sp + 2]! >>> M[sp]!) | 0;
          sp += 2;
          pc++;
          continue;
        case Opcode.Iand:
          M[sp + 2] = M[sp + 2]! & M[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Ior:
          M[sp + 2] = M[sp + 2]! | M[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Ixor:
          M[sp + 2] = M[sp + 2]! ^ M[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Idiv:
          b = M[sp]!;
          if (b === 0) {
            exit = Exit.DivideByZero;
            break;
          }
          M[sp + 2] = (M[sp + 2]! / b) | 0;
          sp += 2;
          pc++;
          continue;
        case Opcode.Irem:
          b = M[sp]!;
          if (b === 0) {
            exit = Exit.DivideByZero;
            break;
          }
          M[sp + 2] = (M[sp + 2]! % b) | 0;
          sp += 2;
          pc++;
          continue;
        case Opcode.Ineg:
          M[sp] = -M[sp]! | 0;
          pc++;
          continue;
        case Opcode.Ladd:
          a = M[sp + 6]!;
          b = (a + M[sp + 2]!) | 0;
          M[sp + 7] = (M[sp + 7]! + M[sp + 3]! + (b >>> 0 < a >>> 0 ? 1 : 0)) | 0;
          M[sp + 6] = b;
          sp += 4;
          pc++;
          continue;
        case Opcode.Lsub:
          a = M[sp + 6]!;
          b = M[sp + 2]!;
          M[sp + 7] = (M[sp + 7]! - M[sp + 3]! - (a >>> 0 < b >>> 0 ? 1 : 0)) | 0;
          M[sp + 6] = (a - b) | 0;
          sp += 4;
          pc++;
          continue;
        case Opcode.Lmul:
          a = M[sp + 6]!;
          b = M[sp + 2]!;
          c = Math.imul(a, b);
          // The low halves' product as a double is off by less than 2^11: after the exact low half is taken away, what remains
          // is a multiple of 2^32 but for that, and rounding finds it.
          M[sp + 7] =
            ((((a >>> 0) * (b >>> 0) - (c >>> 0)) * 2.3283064365386963e-10 + 0.5) | 0) +
            Math.imul(a, M[sp + 3]!) +
            Math.imul(M[sp + 7]!, b);
          M[sp + 6] = c;
          sp += 4;
          pc++;
          continue;
        case Opcode.Lneg:
          a = M[sp + 2]!;
          M[sp + 2] = -a | 0;
          M[sp + 3] = (~M[sp + 3]! + (a === 0 ? 1 : 0)) | 0;
          pc++;
          continue;
        case Opcode.Lshl:
          c = M[sp]! & 63;
          sp += 2;
          a = M[sp + 2]!;
          if (c >= 32) {
            M[sp + 3] = a << c;
            M[sp + 2] = 0;
          } else if (c !== 0) {
            M[sp + 3] = (M[sp + 3]! << c) | (a >>> (32 - c));
            M[sp + 2] = a << c;
          }
          pc++;
          continue;
        case Opcode.Lshr:
          c = M[sp]! & 63;
          sp += 2;
          b = M[sp + 3]!;
          if (c >= 32) {
            M[sp + 2] = b >> c;
            M[sp + 3] = b >> 31;
          } else if (c !== 0) {
            M[sp + 2] = (M[sp + 2]! >>> c) | (b << (32 - c));
            M[sp + 3] = b >> c;
          }
          pc++;
          continue;
        case Opcode.Lushr:
          c = M[sp]! & 63;
          sp += 2;
          b = M[sp + 3]!;
          if (c >= 32) {
            M[sp + 2] = b >>> c;
            M[sp + 3] = 0;
          } else if (c !== 0) {
            M[sp + 2] = (M[sp + 2]! >>> c) | (b << (32 - c));
            M[sp + 3] = b >>> c;
          }
          pc++;
          continue;
        case Opcode.Land:
          M[sp + 6] = M[sp + 6]! & M[sp + 2]!;
          M[sp + 7] = M[sp + 7]! & M[sp + 3]!;
          sp += 4;
          pc++;
          continue;
        case Opcode.Lor:
          M[sp + 6] = M[sp + 6]! | M[sp + 2]!;
          M[sp + 7] = M[sp + 7]! | M[sp + 3]!;
          sp += 4;
          pc++;
          continue;
        case Opcode.Lxor:
          M[sp + 6] = M[sp + 6]! ^ M[sp + 2]!;
          M[sp + 7] = M[sp + 7]! ^ M[sp + 3]!;
          sp += 4;
          pc++;
          continue;
        case Opcode.Fadd:
          F32[sp + 2] = F32[sp + 2]! + F32[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Fsub:
          F32[sp + 2] = F32[sp + 2]! - F32[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Fmul:
          F32[sp + 2] = F32[sp + 2]! * F32[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Fdiv:
          F32[sp + 2] = F32[sp + 2]! / F32[sp]!;
          sp += 2;
          pc++;
          continue;
        case Opcode.Fneg:
          M[sp] = M[sp]! ^ 0x80000000;
          pc++;
          continue;
        case Opcode.Dadd:
          F64[(sp + 6) >> 1] = F64[(sp + 6) >> 1]! + F64[(sp + 2) >> 1]!;
          sp += 4;
          pc++;
          continue;
        case Opcode.Dsub:
          F64[(sp + 6) >> 1] = F64[(sp + 6) >> 1]! - F64[(sp + 2) >> 1]!;
          sp += 4;
          pc++;
          continue;
        case Opcode.Dmul:
          F64[(sp + 6) >> 1] = F64[(sp + 6) >> 1]! * F64[(sp + 2) >> 1]!;
          sp += 4;
          pc++;
          continue;
        case Opcode.Ddiv:
          F64[(sp + 6) >> 1] = F64[(sp + 6) >> 1]! / F64[(sp + 2) >> 1]!;
          sp += 4;
          pc++;
          continue;
        case Opcode.Dneg:
          M[sp + 3] = M[sp + 3]! ^ 0x80000000;
          pc++;
          continue;
        case Opcode.I2l:
          a = M[sp]!;
          sp -= 2;
          M[sp + 2] = a;
          M[sp + 3] = a >> 31;
          pc++;
          continue;
        case Opcode.I2f:
          F32[sp] = M[sp]!;
          pc++;
          continue;
        case Opcode.I2d:
          a = M[sp]!;
          sp -= 2;
          F64[(sp + 2) >> 1] = a;
          pc++;
          continue;
        case Opcode.L2i:
          sp += 2;
          pc++;
          continue;
        case Opcode.L2d:
          F64[(sp + 2) >> 1] = M[sp + 3]! * 4294967296 + (M[sp + 2]! >>> 0);
          pc++;
          continue;
        case Opcode.F2i: {
          const x = F32[sp]!;
          M[sp] = x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : x | 0;
          pc++;
          continue;
        }
        case Opcode.F2d:
          sp -= 2;
          F64[(sp + 2) >> 1] = F32[sp + 2]!;
          pc++;
          continue;
        case Opcode.D2i: {
          sp += 2;
          const x = F64[sp >> 1]!;
          M[sp] = x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : x | 0;
          pc++;
          continue;
        }
        case Opcode.D2f:
          sp += 2;
          F32[sp] = F64[sp >> 1]!;
          pc++;
          continue;
        case Opcode.I2b:
          M[sp] = (M[sp]! << 24) >> 24;
          pc++;
          continue;
        case Opcode.I2c:
          M[sp] = M[sp]! & 0xffff;
          pc++;
          continue;
        case Opcode.I2s:
          M[sp] = (M[sp]! << 16) >> 16;
          pc++;
          continue;
        case Opcode.Lcmp:
          sp += 6;
          a = M[sp + 1]!;
          b = M[sp - 3]!;
          if (a === b) {
            a = M[sp]! >>> 0;
            b = M[sp - 4]! >>> 0;
          }
          M[sp] = a < b ? -1 : a > b ? 1 : 0;
          pc++;
          continue;
        case Opcode.Fcmpl: {
          const x = F32[sp + 2]!;
          const y = F32[sp]!;
          sp += 2;
          M[sp] = x > y ? 1 : x === y ? 0 : -1;
          pc++;
          continue;
        }
        case Opcode.Fcmpg: {
          const x = F32[sp + 2]!;
          const y = F32[sp]!;
          sp += 2;
          M[sp] = x < y ? -1 : x === y ? 0 : 1;
          pc++;
          continue;
        }
        case Opcode.Dcmpl: {
          const x = F64[(sp + 6) >> 1]!;
          const y = F64[(sp + 2) >> 1]!;
          sp += 6;
          M[sp] = x > y ? 1 : x === y ? 0 : -1;
          pc++;
          continue;
        }
        case Opcode.Dcmpg: {
          const x = F64[(sp + 6) >> 1]!;
          const y = F64[(sp + 2) >> 1]!;
          sp += 6;
          M[sp] = x < y ? -1 : x === y ? 0 : 1;
          pc++;
          continue;
        }
        case Opcode.Goto:
          pc = M[pc + 1]!;
          continue;
        case Opcode.Ifeq:
          sp += 2;
          pc = M[sp - 2]! === 0 ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.Ifne:
          sp += 2;
          pc = M[sp - 2]! !== 0 ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.Iflt:
          sp += 2;
          pc = M[sp - 2]! < 0 ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.Ifge:
          sp += 2;
          pc = M[sp - 2]! >= 0 ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.Ifgt:
          sp += 2;
          pc = M[sp - 2]! > 0 ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.Ifle:
          sp += 2;
          pc = M[sp - 2]! <= 0 ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.IfIcmpeq:
          sp += 4;
          pc = M[sp - 2]! === M[sp - 4]! ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.IfIcmpne:
          sp += 4;
          pc = M[sp - 2]! !== M[sp - 4]! ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.IfIcmplt:
          sp += 4;
          pc = M[sp - 2]! < M[sp - 4]! ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.IfIcmpge:
          sp += 4;
          pc = M[sp - 2]! >= M[sp - 4]! ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.IfIcmpgt:
          sp += 4;
          pc = M[sp - 2]! > M[sp - 4]! ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.IfIcmple:
          sp += 4;
          pc = M[sp - 2]! <= M[sp - 4]! ? M[pc + 1]! : pc + 2;
          continue;
        case Opcode.GotoBack:
          pc = M[pc + 1]!;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfeqBack:
          sp += 2;
          pc = M[sp - 2]! === 0 ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfneBack:
          sp += 2;
          pc = M[sp - 2]! !== 0 ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfltBack:
          sp += 2;
          pc = M[sp - 2]! < 0 ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfgeBack:
          sp += 2;
          pc = M[sp - 2]! >= 0 ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfgtBack:
          sp += 2;
          pc = M[sp - 2]! > 0 ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfleBack:
          sp += 2;
          pc = M[sp - 2]! <= 0 ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfIcmpeqBack:
          sp += 4;
          pc = M[sp - 2]! === M[sp - 4]! ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfIcmpneBack:
          sp += 4;
          pc = M[sp - 2]! !== M[sp - 4]! ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfIcmpltBack:
          sp += 4;
          pc = M[sp - 2]! < M[sp - 4]! ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfIcmpgeBack:
          sp += 4;
          pc = M[sp - 2]! >= M[sp - 4]! ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfIcmpgtBack:
          sp += 4;
          pc = M[sp - 2]! > M[sp - 4]! ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IfIcmpleBack:
          sp += 4;
          pc = M[sp - 2]! <= M[sp - 4]! ? M[pc + 1]! : pc + 2;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.TableSwitch:
          a = M[sp]!;
          sp += 2;
          pc = a < M[pc + 1]! || a > M[pc + 2]! ? M[pc + 3]! : M[pc + 4 + a - M[pc + 1]!]!;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.Jsr:
          sp -= 2;
          M[sp] = M[pc + 2]!;
          pc = M[pc + 1]!;
          continue;
        case Opcode.Ret:
          pc = M[fp + M[pc + 1]!]!;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.ReturnV:
          sp = fp + M[pc + 1]! + 2;
          fp = M[fp]! >>> 2;
          pc = M[fp + Frame.Pc]! + INVOKE_LENGTH;
          continue;
        case Opcode.ReturnW:
          a = M[sp]!;
          sp = fp + M[pc + 1]!;
          M[sp] = a;
          fp = M[fp]! >>> 2;
          pc = M[fp + Frame.Pc]! + INVOKE_LENGTH;
          continue;
        case Opcode.ReturnD:
          a = M[sp + 2]!;
          b = M[sp + 3]!;
          sp = fp + M[pc + 1]!;
          M[sp] = a;
          M[sp + 1] = b;
          sp -= 2;
          fp = M[fp]! >>> 2;
          pc = M[fp + Frame.Pc]! + INVOKE_LENGTH;
          continue;
        case Opcode.LoadReturnW:
          a = M[fp + M[pc + 2]!]!;
          sp = fp + M[pc + 1]!;
          M[sp] = a;
          fp = M[fp]! >>> 2;
          pc = M[fp + Frame.Pc]! + INVOKE_LENGTH;
          continue;
        case Opcode.GetFieldW:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          M[sp] = M[(a >>> 2) + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.GetFieldD:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          a = (a >>> 2) + M[pc + 1]!;
          M[sp] = M[a]!;
          M[sp + 1] = M[a + 1]!;
          sp -= 2;
          pc += 2;
          continue;
        case Opcode.GetFieldB:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          M[sp] = I8[(a >>> 0) + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.GetFieldC:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          M[sp] = U16[(a >>> 1) + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.GetFieldS:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          M[sp] = I16[(a >>> 1) + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.PutFieldW:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          M[(a >>> 2) + M[pc + 1]!] = M[sp]!;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.PutFieldA:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          a = (a >>> 2) + M[pc + 1]!;
          M[a] = M[sp]!;
          U8[cards + (a >>> 7)] = 1;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.PutFieldD:
          a = M[sp + 4]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          a = (a >>> 2) + M[pc + 1]!;
          M[a] = M[sp + 2]!;
          M[a + 1] = M[sp + 3]!;
          sp += 6;
          pc += 2;
          continue;
        case Opcode.PutFieldB:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          I8[(a >>> 0) + M[pc + 1]!] = M[sp]!;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.PutFieldZ:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          I8[(a >>> 0) + M[pc + 1]!] = M[sp]! & 1;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.PutFieldS:
          a = M[sp + 2]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          U16[(a >>> 1) + M[pc + 1]!] = M[sp]!;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.GetStaticW:
          sp -= 2;
          M[sp] = M[M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.GetStaticB:
          sp -= 2;
          M[sp] = I8[M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.GetStaticC:
          sp -= 2;
          M[sp] = U16[M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.GetStaticS:
          sp -= 2;
          M[sp] = I16[M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.GetStaticD:
          a = M[pc + 1]!;
          sp -= 4;
          M[sp + 2] = M[a]!;
          M[sp + 3] = M[a + 1]!;
          pc += 2;
          continue;
        case Opcode.PutStaticW:
          M[M[pc + 1]!] = M[sp]!;
          sp += 2;
          pc += 2;
          continue;
        case Opcode.PutStaticB:
          I8[M[pc + 1]!] = M[sp]!;
          sp += 2;
          pc += 2;
          continue;
        case Opcode.PutStaticZ:
          I8[M[pc + 1]!] = M[sp]! & 1;
          sp += 2;
          pc += 2;
          continue;
        case Opcode.PutStaticS:
          U16[M[pc + 1]!] = M[sp]!;
          sp += 2;
          pc += 2;
          continue;
        case Opcode.PutStaticD:
          a = M[pc + 1]!;
          M[a] = M[sp + 2]!;
          M[a + 1] = M[sp + 3]!;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.InvokeStatic:
          m = M[pc + 1]!;
          a = sp + M[m + MethodWord.FrameDelta]!;
          if (a - M[m + MethodWord.FrameWords]! < limit) {
            exit = Exit.StackOverflow;
            break;
          }
          M[fp + Frame.Pc] = pc;
          M[a] = fp << 2;
          M[a + Frame.Method] = m << 2;
          fp = a;
          sp = a + Frame.EmptyStack;
          pc = M[m + MethodWord.Code]!;
          M[m + MethodWord.Invocations] = (M[m + MethodWord.Invocations]! + 1) | 0;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.InvokeSpecial:
          if (M[sp + M[pc + 2]!] === 0) {
            exit = Exit.Null;
            break;
          }
          m = M[pc + 1]!;
          a = sp + M[m + MethodWord.FrameDelta]!;
          if (a - M[m + MethodWord.FrameWords]! < limit) {
            exit = Exit.StackOverflow;
            break;
          }
          M[fp + Frame.Pc] = pc;
          M[a] = fp << 2;
          M[a + Frame.Method] = m << 2;
          fp = a;
          sp = a + Frame.EmptyStack;
          pc = M[m + MethodWord.Code]!;
          M[m + MethodWord.Invocations] = (M[m + MethodWord.Invocations]! + 1) | 0;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.InvokeVirtual:
          a = M[sp + M[pc + 2]!]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          m = M[(M[a >>> 2]! >>> 2) + M[pc + 1]!]! >>> 2;
          a = sp + M[m + MethodWord.FrameDelta]!;
          if (a - M[m + MethodWord.FrameWords]! < limit) {
            exit = Exit.StackOverflow;
            break;
          }
          M[fp + Frame.Pc] = pc;
          M[a] = fp << 2;
          M[a + Frame.Method] = m << 2;
          fp = a;
          sp = a + Frame.EmptyStack;
          pc = M[m + MethodWord.Code]!;
          M[m + MethodWord.Invocations] = (M[m + MethodWord.Invocations]! + 1) | 0;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.InvokeInterface:
          a = M[sp + M[pc + 2]!]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          c = M[a >>> 2]!;
          if (c === M[pc + 3]!) m = M[pc + 4]!;
          else {
            m = M[pc + 1]!;
            b = MethodCache.Word + MethodCache.EntryWords * (((c >>> 3) ^ m) & MethodCache.Mask);
            if (M[b] !== c || M[b + 1] !== m) {
              exit = Exit.Slow;
              break;
            }
            m = M[b + 2]!;
          }
          a = sp + M[m + MethodWord.FrameDelta]!;
          if (a - M[m + MethodWord.FrameWords]! < limit) {
            exit = Exit.StackOverflow;
            break;
          }
          M[fp + Frame.Pc] = pc;
          M[a] = fp << 2;
          M[a + Frame.Method] = m << 2;
          fp = a;
          sp = a + Frame.EmptyStack;
          pc = M[m + MethodWord.Code]!;
          M[m + MethodWord.Invocations] = (M[m + MethodWord.Invocations]! + 1) | 0;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.InvokeAdapter:
          m = M[pc + 1]!;
          if (M[pc + 2] !== 0) {
            sp -= 2;
            M[sp] = M[M[pc + 2]!]!;
          }
          a = sp + M[m + MethodWord.FrameDelta]!;
          if (a - M[m + MethodWord.FrameWords]! < limit) {
            if (M[pc + 2] !== 0) sp += 2;
            exit = Exit.StackOverflow;
            break;
          }
          M[fp + Frame.Pc] = pc;
          M[a] = fp << 2;
          M[a + Frame.Method] = m << 2;
          fp = a;
          sp = a + Frame.EmptyStack;
          pc = M[m + MethodWord.Code]!;
          M[m + MethodWord.Invocations] = (M[m + MethodWord.Invocations]! + 1) | 0;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.New:
          a = M[Context.AllocationTop]!;
          b = a + M[pc + 2]!;
          if (b >>> 0 > M[Context.AllocationEnd]! >>> 0) {
            exit = Exit.Slow;
            break;
          }
          M[Context.AllocationTop] = b;
          M[a >>> 2] = M[pc + 1]!;
          sp -= 2;
          M[sp] = a;
          pc += 3;
          continue;
        case Opcode.NewArray:
          c = M[sp]!;
          // Up to 16 KiB here; longer ones, and negative lengths, elsewhere.
          if (c >>> 0 > 2048) {
            exit = Exit.Slow;
            break;
          }
          a = M[Context.AllocationTop]!;
          b = a + ((16 + (c << M[pc + 2]!) + 7) & ~7);
          if (b >>> 0 > M[Context.AllocationEnd]! >>> 0) {
            exit = Exit.Slow;
            break;
          }
          M[Context.AllocationTop] = b;
          M[a >>> 2] = M[pc + 1]!;
          M[(a >>> 2) + ObjectWord.Length] = c;
          M[sp] = a;
          pc += 3;
          continue;
        case Opcode.CheckCast:
          a = M[sp]!;
          if (a !== 0) {
            b = M[a >>> 2]!;
            c = M[pc + 1]!;
            if (b !== c && M[(b >>> 2) + Klass.SubtypeCache] !== c) {
              exit = Exit.Assist;
              break;
            }
          }
          pc += 2;
          continue;
        case Opcode.InstanceOf:
          a = M[sp]!;
          if (a !== 0) {
            b = M[a >>> 2]!;
            c = M[pc + 1]!;
            if (b !== c && M[(b >>> 2) + Klass.SubtypeCache] !== c) {
              exit = Exit.Assist;
              break;
            }
            M[sp] = 1;
          }
          pc += 2;
          continue;
        case Opcode.MonitorEnter:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          // Unlocked, by state: a thin lock of this thread, entered once. The hash would be lost, so without one.
          b = M[(a >>> 2) + ObjectWord.Mark]!;
          if ((b & ~Mark.AgeMask) !== 0) {
            exit = Exit.Slow;
            break;
          }
          M[(a >>> 2) + ObjectWord.Mark] = b | thin;
          sp += 2;
          pc++;
          continue;
        case Opcode.MonitorExit:
          a = M[sp]!;
          if (a === 0) {
            exit = Exit.Null;
            break;
          }
          b = M[(a >>> 2) + ObjectWord.Mark]!;
          if ((b & ~Mark.AgeMask) !== thin) {
            exit = Exit.Slow;
            break;
          }
          M[(a >>> 2) + ObjectWord.Mark] = b & Mark.AgeMask;
          sp += 2;
          pc++;
          continue;
        case Opcode.LoadWLoadW:
          sp -= 4;
          M[sp + 2] = M[fp + M[pc + 1]!]!;
          M[sp] = M[fp + M[pc + 2]!]!;
          pc += 3;
          continue;
        case Opcode.LoadWConstW:
          sp -= 4;
          M[sp + 2] = M[fp + M[pc + 1]!]!;
          M[sp] = M[pc + 2]!;
          pc += 3;
          continue;
        case Opcode.LoadGetFieldW:
          a = M[fp + M[pc + 1]!]!;
          if (a === 0) {
            sp -= 2;
            M[sp] = 0;
            pc += 2;
            exit = Exit.Null;
            break;
          }
          sp -= 2;
          M[sp] = M[(a >>> 2) + M[pc + 3]!]!;
          pc += 4;
          continue;
        case Opcode.IincGoto:
          a = fp + M[pc + 1]!;
          M[a] = (M[a]! + M[pc + 2]!) | 0;
          pc = M[pc + 3]!;
          continue;
        case Opcode.IincGotoBack:
          a = fp + M[pc + 1]!;
          M[a] = (M[a]! + M[pc + 2]!) | 0;
          pc = M[pc + 3]!;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.LoadLoadIfIcmplt:
          pc = M[fp + M[pc + 1]!]! < M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadLoadIfIcmpge:
          pc = M[fp + M[pc + 1]!]! >= M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadLoadIfIcmpltBack:
          pc = M[fp + M[pc + 1]!]! < M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.LoadLoadIfIcmpgeBack:
          pc = M[fp + M[pc + 1]!]! >= M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.LoadLoadIadd:
          sp -= 2;
          M[sp] = (M[fp + M[pc + 1]!]! + M[fp + M[pc + 2]!]!) | 0;
          pc += 3;
          continue;
        case Opcode.LoadConstIadd:
          sp -= 2;
          M[sp] = (M[fp + M[pc + 1]!]! + M[pc + 2]!) | 0;
          pc += 3;
          continue;
        case Opcode.ConstIadd:
          M[sp] = (M[sp]! + M[pc + 1]!) | 0;
          pc += 2;
          continue;
        case Opcode.LoadLoadArrayLoadW:
          a = M[fp + M[pc + 1]!]!;
          b = M[fp + M[pc + 2]!]!;
          sp -= 2;
          if (a === 0 || b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            sp -= 2;
            M[sp + 2] = a;
            M[sp] = b;
            exit = a === 0 ? Exit.Null : Exit.Bounds;
            break;
          }
          M[sp] = M[(a >>> 2) + ObjectWord.Elements + b]!;
          pc += 3;
          continue;
        case Opcode.LoadConstIfIcmpge:
          pc = M[fp + M[pc + 1]!]! >= M[pc + 2]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadConstIfIcmplt:
          pc = M[fp + M[pc + 1]!]! < M[pc + 2]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadConstIfIcmpne:
          pc = M[fp + M[pc + 1]!]! !== M[pc + 2]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadConstIfIcmpeq:
          pc = M[fp + M[pc + 1]!]! === M[pc + 2]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadIfeq:
          pc = M[fp + M[pc + 1]!] === 0 ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadIfne:
          pc = M[fp + M[pc + 1]!] !== 0 ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadLoadArrayLoadD:
          a = M[fp + M[pc + 1]!]!;
          b = M[fp + M[pc + 2]!]!;
          if (a === 0 || b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            sp -= 4;
            M[sp + 2] = a;
            M[sp] = b;
            exit = a === 0 ? Exit.Null : Exit.Bounds;
            break;
          }
          a = (a >>> 2) + ObjectWord.Elements + (b << 1);
          sp -= 4;
          M[sp + 2] = M[a]!;
          M[sp + 3] = M[a + 1]!;
          pc += 3;
          continue;
        case Opcode.LoadLoadArrayLoadB:
          a = M[fp + M[pc + 1]!]!;
          b = M[fp + M[pc + 2]!]!;
          if (a === 0 || b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            sp -= 4;
            M[sp + 2] = a;
            M[sp] = b;
            exit = a === 0 ? Exit.Null : Exit.Bounds;
            break;
          }
          sp -= 2;
          M[sp] = I8[(a >>> 0) + 16 + b]!;
          pc += 3;
          continue;
        case Opcode.LoadLoadArrayLoadC:
          a = M[fp + M[pc + 1]!]!;
          b = M[fp + M[pc + 2]!]!;
          if (a === 0 || b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
            sp -= 4;
            M[sp + 2] = a;
            M[sp] = b;
            exit = a === 0 ? Exit.Null : Exit.Bounds;
            break;
          }
          sp -= 2;
          M[sp] = U16[(a >>> 1) + 8 + b]!;
          pc += 3;
          continue;
        case Opcode.LoadArrayLength:
          a = M[fp + M[pc + 1]!]!;
          sp -= 2;
          if (a === 0) {
            M[sp] = 0;
            exit = Exit.Null;
            break;
          }
          M[sp] = M[(a >>> 2) + ObjectWord.Length]!;
          pc += 2;
          continue;
        case Opcode.LoadIadd:
          M[sp] = (M[sp]! + M[fp + M[pc + 1]!]!) | 0;
          pc += 2;
          continue;
        case Opcode.LoadLoadIsub:
          sp -= 2;
          M[sp] = (M[fp + M[pc + 1]!]! - M[fp + M[pc + 2]!]!) | 0;
          pc += 3;
          continue;
        case Opcode.LoadIsub:
          M[sp] = (M[sp]! - M[fp + M[pc + 1]!]!) | 0;
          pc += 2;
          continue;
        case Opcode.LoadLoadImul:
          sp -= 2;
          M[sp] = Math.imul(M[fp + M[pc + 1]!]!, M[fp + M[pc + 2]!]!);
          pc += 3;
          continue;
        case Opcode.LoadImul:
          M[sp] = Math.imul(M[sp]!, M[fp + M[pc + 1]!]!);
          pc += 2;
          continue;
        case Opcode.LoadLoadIand:
          sp -= 2;
          M[sp] = M[fp + M[pc + 1]!]! & M[fp + M[pc + 2]!]!;
          pc += 3;
          continue;
        case Opcode.LoadIand:
          M[sp] = M[sp]! & M[fp + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.LoadLoadIor:
          sp -= 2;
          M[sp] = M[fp + M[pc + 1]!]! | M[fp + M[pc + 2]!]!;
          pc += 3;
          continue;
        case Opcode.LoadIor:
          M[sp] = M[sp]! | M[fp + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.LoadLoadIxor:
          sp -= 2;
          M[sp] = M[fp + M[pc + 1]!]! ^ M[fp + M[pc + 2]!]!;
          pc += 3;
          continue;
        case Opcode.LoadIxor:
          M[sp] = M[sp]! ^ M[fp + M[pc + 1]!]!;
          pc += 2;
          continue;
        case Opcode.ConstImul:
          M[sp] = Math.imul(M[sp]!, M[pc + 1]!);
          pc += 2;
          continue;
        case Opcode.LoadConstImul:
          sp -= 2;
          M[sp] = Math.imul(M[fp + M[pc + 1]!]!, M[pc + 2]!);
          pc += 3;
          continue;
        case Opcode.ConstIand:
          M[sp] = M[sp]! & M[pc + 1]!;
          pc += 2;
          continue;
        case Opcode.LoadConstIand:
          sp -= 2;
          M[sp] = M[fp + M[pc + 1]!]! & M[pc + 2]!;
          pc += 3;
          continue;
        case Opcode.ConstIshl:
          M[sp] = M[sp]! << M[pc + 1]!;
          pc += 2;
          continue;
        case Opcode.LoadConstIshl:
          sp -= 2;
          M[sp] = M[fp + M[pc + 1]!]! << M[pc + 2]!;
          pc += 3;
          continue;
        case Opcode.ConstIshr:
          M[sp] = M[sp]! >> M[pc + 1]!;
          pc += 2;
          continue;
        case Opcode.LoadConstIshr:
          sp -= 2;
          M[sp] = M[fp + M[pc + 1]!]! >> M[pc + 2]!;
          pc += 3;
          continue;
        case Opcode.ConstIushr:
          M[sp] = (M[sp]! >>> M[pc + 1]!) | 0;
          pc += 2;
          continue;
        case Opcode.LoadConstIushr:
          sp -= 2;
          M[sp] = (M[fp + M[pc + 1]!]! >>> M[pc + 2]!) | 0;
          pc += 3;
          continue;
        case Opcode.ConstIfIcmpeq:
          sp += 2;
          pc = M[sp - 2]! === M[pc + 1]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadIfIcmpeq:
          sp += 2;
          pc = M[sp - 2]! === M[fp + M[pc + 1]!]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.ConstIfIcmpne:
          sp += 2;
          pc = M[sp - 2]! !== M[pc + 1]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadIfIcmpne:
          sp += 2;
          pc = M[sp - 2]! !== M[fp + M[pc + 1]!]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.ConstIfIcmplt:
          sp += 2;
          pc = M[sp - 2]! < M[pc + 1]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadIfIcmplt:
          sp += 2;
          pc = M[sp - 2]! < M[fp + M[pc + 1]!]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.ConstIfIcmpge:
          sp += 2;
          pc = M[sp - 2]! >= M[pc + 1]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadIfIcmpge:
          sp += 2;
          pc = M[sp - 2]! >= M[fp + M[pc + 1]!]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.ConstIfIcmpgt:
          sp += 2;
          pc = M[sp - 2]! > M[pc + 1]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadIfIcmpgt:
          sp += 2;
          pc = M[sp - 2]! > M[fp + M[pc + 1]!]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.ConstIfIcmple:
          sp += 2;
          pc = M[sp - 2]! <= M[pc + 1]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadIfIcmple:
          sp += 2;
          pc = M[sp - 2]! <= M[fp + M[pc + 1]!]! ? M[pc + 2]! : pc + 3;
          continue;
        case Opcode.LoadLoadIfIcmpeq:
          pc = M[fp + M[pc + 1]!]! === M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadLoadIfIcmpne:
          pc = M[fp + M[pc + 1]!]! !== M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadLoadIfIcmpgt:
          pc = M[fp + M[pc + 1]!]! > M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadLoadIfIcmple:
          pc = M[fp + M[pc + 1]!]! <= M[fp + M[pc + 2]!]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadConstIfIcmpgt:
          pc = M[fp + M[pc + 1]!]! > M[pc + 2]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadConstIfIcmple:
          pc = M[fp + M[pc + 1]!]! <= M[pc + 2]! ? M[pc + 3]! : pc + 4;
          continue;
        case Opcode.LoadConstIfIcmpltBack:
          pc = M[fp + M[pc + 1]!]! < M[pc + 2]! ? M[pc + 3]! : pc + 4;
          if (--budget < 0) {
            exit = Exit.Safepoint;
            break;
          }
          continue;
        case Opcode.IaddStore:
          M[fp + M[pc + 1]!] = (M[sp + 2]! + M[sp]!) | 0;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.IsubStore:
          M[fp + M[pc + 1]!] = (M[sp + 2]! - M[sp]!) | 0;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.IxorStore:
          M[fp + M[pc + 1]!] = M[sp + 2]! ^ M[sp]!;
          sp += 4;
          pc += 2;
          continue;
        case Opcode.ConstStore:
          M[fp + M[pc + 1]!] = M[pc + 2]!;
          pc += 3;
          continue;
        case Opcode.LoadStore:
          M[fp + M[pc + 1]!] = M[fp + M[pc + 2]!]!;
          pc += 3;
          continue;
        case Opcode.LoadDadd:
          F64[(sp + 2) >> 1] = F64[(sp + 2) >> 1]! + F64[(fp + M[pc + 1]!) >> 1]!;
          pc += 2;
          continue;
        case Opcode.LoadLoadDadd:
          sp -= 4;
          F64[(sp + 2) >> 1] = F64[(fp + M[pc + 1]!) >> 1]! + F64[(fp + M[pc + 2]!) >> 1]!;
          pc += 3;
          continue;
        case Opcode.DaddStore:
          F64[(fp + M[pc + 1]!) >> 1] = F64[(sp + 6) >> 1]! + F64[(sp + 2) >> 1]!;
          sp += 8;
          pc += 2;
          continue;
        case Opcode.LoadDsub:
          F64[(sp + 2) >> 1] = F64[(sp + 2) >> 1]! - F64[(fp + M[pc + 1]!) >> 1]!;
          pc += 2;
          continue;
        case Opcode.LoadLoadDsub:
          sp -= 4;
          F64[(sp + 2) >> 1] = F64[(fp + M[pc + 1]!) >> 1]! - F64[(fp + M[pc + 2]!) >> 1]!;
          pc += 3;
          continue;
        case Opcode.DsubStore:
          F64[(fp + M[pc + 1]!) >> 1] = F64[(sp + 6) >> 1]! - F64[(sp + 2) >> 1]!;
          sp += 8;
          pc += 2;
          continue;
        case Opcode.LoadDmul:
          F64[(sp + 2) >> 1] = F64[(sp + 2) >> 1]! * F64[(fp + M[pc + 1]!) >> 1]!;
          pc += 2;
          continue;
        case Opcode.LoadLoadDmul:
          sp -= 4;
          F64[(sp + 2) >> 1] = F64[(fp + M[pc + 1]!) >> 1]! * F64[(fp + M[pc + 2]!) >> 1]!;
          pc += 3;
          continue;
        case Opcode.DmulStore:
          F64[(fp + M[pc + 1]!) >> 1] = F64[(sp + 6) >> 1]! * F64[(sp + 2) >> 1]!;
          sp += 8;
          pc += 2;
          continue;
        case Opcode.LoadDLoadD:
          a = fp + M[pc + 1]!;
          b = fp + M[pc + 2]!;
          sp -= 8;
          M[sp + 6] = M[a]!;
          M[sp + 7] = M[a + 1]!;
          M[sp + 2] = M[b]!;
          M[sp + 3] = M[b + 1]!;
          pc += 3;
          continue;
        case Opcode.LaddStore:
          a = M[sp + 6]!;
          b = (a + M[sp + 2]!) | 0;
          c = fp + M[pc + 1]!;
          M[c + 1] = (M[sp + 7]! + M[sp + 3]! + (b >>> 0 < a >>> 0 ? 1 : 0)) | 0;
          M[c] = b;
          sp += 8;
          pc += 2;
          continue;
        case Opcode.LoadLadd:
          c = fp + M[pc + 1]!;
          a = M[sp + 2]!;
          b = (a + M[c]!) | 0;
          M[sp + 3] = (M[sp + 3]! + M[c + 1]! + (b >>> 0 < a >>> 0 ? 1 : 0)) | 0;
          M[sp + 2] = b;
          pc += 2;
          continue;
        case Opcode.I2lLadd:
          a = M[sp + 4]!;
          c = M[sp]!;
          b = (a + c) | 0;
          sp += 2;
          M[sp + 3] = (M[sp + 3]! + (c >> 31) + (b >>> 0 < a >>> 0 ? 1 : 0)) | 0;
          M[sp + 2] = b;
          pc++;
          continue;
        case Opcode.LoadGetFieldD:
          a = M[fp + M[pc + 1]!]!;
          if (a === 0) {
            sp -= 2;
            M[sp] = 0;
            pc += 2;
            exit = Exit.Null;
            break;
          }
          a = (a >>> 2) + M[pc + 3]!;
          sp -= 4;
          M[sp + 2] = M[a]!;
          M[sp + 3] = M[a + 1]!;
          pc += 4;
          continue;
        default:
          exit = Exit.Assist;
          break;
      }
      // What takes a function; failing, they leave like the others.
      if (exit === Exit.Assist) {
        switch (M[pc]! as Opcode) {
          case Opcode.ArrayStoreA:
            a = M[sp + 4]!;
            if (a === 0) {
              exit = Exit.Null;
              break;
            }
            b = M[sp + 2]!;
            if (b >>> 0 >= M[(a >>> 2) + ObjectWord.Length]! >>> 0) {
              exit = Exit.Bounds;
              break;
            }
            c = M[sp]!;
            if (c !== 0) {
              m = M[(M[a >>> 2]! >>> 2) + Klass.Element]!;
              if (!isSubtype(vm, M[c >>> 2]!, m)) {
                exit = Exit.ArrayStore;
                break;
              }
              U8[cards + ((a + 16 + (b << 2)) >>> 9)] = 1;
            }
            M[(a >>> 2) + ObjectWord.Elements + b] = c;
            sp += 6;
            pc++;
            continue;
          case Opcode.Ldiv:
            if ((M[sp + 2]! | M[sp + 3]!) === 0) {
              exit = Exit.DivideByZero;
              break;
            }
            sp += 4;
            divideLongs(M, sp + 2, sp - 2);
            pc++;
            continue;
          case Opcode.Lrem:
            if ((M[sp + 2]! | M[sp + 3]!) === 0) {
              exit = Exit.DivideByZero;
              break;
            }
            sp += 4;
            remainderLongs(M, sp + 2, sp - 2);
            pc++;
            continue;
          case Opcode.Frem:
            F32[sp + 2] = F32[sp + 2]! % F32[sp]!;
            sp += 2;
            pc++;
            continue;
          case Opcode.Drem:
            F64[(sp + 6) >> 1] = F64[(sp + 6) >> 1]! % F64[(sp + 2) >> 1]!;
            sp += 4;
            pc++;
            continue;
          case Opcode.L2f:
            sp += 2;
            F32[sp] = longToFloat(M[sp]!, M[sp + 1]!);
            pc++;
            continue;
          case Opcode.F2l:
            sp -= 2;
            doubleToLong(M, sp + 2, F32[sp + 2]!);
            pc++;
            continue;
          case Opcode.D2l:
            doubleToLong(M, sp + 2, F64[(sp + 2) >> 1]!);
            pc++;
            continue;
          case Opcode.LookupSwitch:
            a = M[sp]!;
            sp += 2;
            pc = lookUp(M, pc, a) | 0;
            if (--budget < 0) {
              exit = Exit.Safepoint;
              break;
            }
            continue;
          case Opcode.InvokeBasic:
            a = M[sp + M[pc + 1]!]!;
            if (a === 0) {
              exit = Exit.Null;
              break;
            }
            m = basicInvokeTarget(vm, a) >>> 2;
            a = sp + M[m + MethodWord.FrameDelta]!;
            if (a - M[m + MethodWord.FrameWords]! < limit) {
              exit = Exit.StackOverflow;
              break;
            }
            M[fp + Frame.Pc] = pc;
            M[a] = fp << 2;
            M[a + Frame.Method] = m << 2;
            fp = a;
            sp = a + Frame.EmptyStack;
            pc = M[m + MethodWord.Code]!;
            M[m + MethodWord.Invocations] = (M[m + MethodWord.Invocations]! + 1) | 0;
            if (--budget < 0) {
              exit = Exit.Safepoint;
              break;
            }
            continue;
          case Opcode.LinkTo:
            m = linkerTarget(vm, M[sp]!) >>> 2;
            if (M[pc + 1] !== 0) {
              a = M[sp + M[pc + 2]!]!;
              if (a === 0) {
                exit = Exit.Null;
                break;
              }
              if (M[pc + 1]! >= 2) {
                if (M[m + MethodWord.VtableIndex]! >= 0) {
                  m = M[(M[a >>> 2]! >>> 2) + Klass.Vtable + M[m + MethodWord.VtableIndex]!]! >>> 2;
                } else if (M[(M[m + MethodWord.Holder]! >>> 2) + Klass.Kind] === ClassKind.Interface) {
                  c = M[a >>> 2]!;
                  b = MethodCache.Word + MethodCache.EntryWords * (((c >>> 3) ^ m) & MethodCache.Mask);
                  if (M[b] !== c || M[b + 1] !== m) {
                    exit = Exit.Slow;
                    break;
                  }
                  m = M[b + 2]!;
                }
              }
            }
            sp += 2;
            a = sp + M[m + MethodWord.FrameDelta]!;
            if (a - M[m + MethodWord.FrameWords]! < limit) {
              sp -= 2;
              exit = Exit.StackOverflow;
              break;
            }
            M[fp + Frame.Pc] = pc;
            M[a] = fp << 2;
            M[a + Frame.Method] = m << 2;
            fp = a;
            sp = a + Frame.EmptyStack;
            pc = M[m + MethodWord.Code]!;
            M[m + MethodWord.Invocations] = (M[m + MethodWord.Invocations]! + 1) | 0;
            if (--budget < 0) {
              exit = Exit.Safepoint;
              break;
            }
            continue;
          case Opcode.CheckCast:
            a = M[M[sp]! >>> 2]!;
            if (!isSubtype(vm, a, M[pc + 1]!)) {
              exit = Exit.ClassCast;
              break;
            }
            M[(a >>> 2) + Klass.SubtypeCache] = M[pc + 1]!;
            pc += 2;
            continue;
          case Opcode.InstanceOf:
            a = M[M[sp]! >>> 2]!;
            if (isSubtype(vm, a, M[pc + 1]!)) {
              M[(a >>> 2) + Klass.SubtypeCache] = M[pc + 1]!;
              M[sp] = 1;
            } else M[sp] = 0;
            pc += 2;
            continue;
          case Opcode.Intrinsic:
            exit = Exit.Slow;
            if (!intrinsic(vm, M[pc + 1]!, sp)) break;
            sp += M[pc + 2]!;
            pc += INVOKE_LENGTH;
            continue;
          default:
            exit = Exit.Slow;
            break;
        }
      }
      M[fp + Frame.Pc] = pc;
      t.sp = sp;
      t.fp = fp;
      leave(t, exit, pc);
      if (t.yielding || t.finished || t.state !== ThreadState.Runnable) return;
      // Exits count as well: a loop that leaves in each round, or goes round by exceptions alone, must not
      // keep the others out.
      if (exit === Exit.Safepoint) budget = SLICE;
      else if (--budget < 0) {
        t.yielding = true;
        return;
      }
      fp = t.fp | 0;
      sp = t.sp | 0;
      pc = M[fp + Frame.Pc]!;
    }
  };
  return interpret;
}

/** Where a lookupswitch at `pc` goes for a key: binary search, the keys ascend. */
function lookUp(M: Int32Array, pc: number, key: number): number {
  let low = 0;
  let high = M[pc + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = M[pc + 3 + 2 * middle]!;
    if (found === key) return M[pc + 4 + 2 * middle]!;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return M[pc + 2]!;
}
