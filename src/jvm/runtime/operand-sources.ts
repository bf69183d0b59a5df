/**
 * Where the values on the operand stack come from: for a bytecode of a method, which instruction pushed each operand.
 *
 * A forward analysis over the code, run only when somebody asks for the message of a NullPointerException. Operands are
 * slots (long and double take two); each holds the index of the instruction that pushed it, or `UNKNOWN` where paths
 * that meet disagree. Which locals were written on the way is kept as well: a parameter that was not is still the
 * caller's.
 */
import type { Code, ConstantPool } from '../classfile/index.js';
import {
  codeS2,
  codeS4,
  codeU2,
  Format,
  instructionLength,
  isBranch,
  OP_FORMATS,
  OP_POPS,
  OP_PUSHES,
  parseMethodDescriptor,
  slotsOf,
  switchTargets,
} from '../classfile/index.js';
import { Op } from '../classfile/opcodes.js';

/** An operand that several instructions may have pushed. */
export const UNKNOWN = -1;
/** Gives up on a method whose stacks together have more entries than this. */
const MOST_ENTRIES = 1_000_000;
/** Locals above this count as written. */
const TRACKED_LOCALS = 64;

/** The state before an instruction. */
export interface OperandSources {
  /** Index of the instruction that pushed each slot, bottom first. */
  readonly stack: readonly number[];
  readonly written: ReadonlySet<number>;
}

interface State {
  stack: number[];
  written: Set<number>;
}

/** Whether a value may have been stored in a local on some way to the state. */
export function localWasWritten(state: OperandSources, slot: number): boolean {
  return slot >= TRACKED_LOCALS || state.written.has(slot);
}

/** Slots that a word over the letters of the instruction table takes. */
function slotsOfLetters(letters: string): number {
  let slots = 0;
  for (const letter of letters) slots += letter === 'J' || letter === 'D' ? 2 : 1;
  return slots;
}

/** How `dup` and its relatives rearrange the top of the stack: slots to take, then which of them to put, top last. */
const SHUFFLES: Readonly<Record<number, readonly [take: number, put: readonly number[]]>> = {
  [Op.dup]: [1, [0, 0]],
  [Op.dup_x1]: [2, [1, 0, 1]],
  [Op.dup_x2]: [3, [2, 0, 1, 2]],
  [Op.dup2]: [2, [0, 1, 0, 1]],
  [Op.dup2_x1]: [3, [1, 2, 0, 1, 2]],
  [Op.dup2_x2]: [4, [2, 3, 0, 1, 2, 3]],
  [Op.swap]: [2, [1, 0]],
  [Op.pop]: [1, []],
  [Op.pop2]: [2, []],
};

/** Slots that an instruction with a constant pool operand pops and pushes. */
function memberEffect(pool: ConstantPool, op: number, index: number): [pops: number, pushes: number] {
  const descriptor = pool.memberDescriptor(index);
  switch (op) {
    case Op.getstatic:
      return [0, slotsOf(descriptor)];
    case Op.putstatic:
      return [slotsOf(descriptor), 0];
    case Op.getfield:
      return [1, slotsOf(descriptor)];
    case Op.putfield:
      return [1 + slotsOf(descriptor), 0];
    default: {
      const { argumentSlots, returnType } = parseMethodDescriptor(descriptor);
      const receiver = op === Op.invokestatic || op === Op.invokedynamic ? 0 : 1;
      return [argumentSlots + receiver, slotsOf(returnType)];
    }
  }
}

/** Slots of the constant that an ldc pushes. */
function constantSlots(op: number): number {
  return op === Op.ldc2_w ? 2 : 1;
}

/** Applies the instruction at `at`, whose opcode without `wide` is `op`. */
function step(pool: ConstantPool, bytes: Uint8Array, at: number, op: number, wide: boolean, state: State): void {
  const { stack } = state;
  const shuffle = SHUFFLES[op];
  if (shuffle !== undefined) {
    const [take, put] = shuffle;
    const taken = stack.splice(stack.length - take, take);
    for (const i of put) stack.push(taken[i]!);
    return;
  }
  // The value stays what it was.
  if (op === Op.checkcast) return;
  let pops: number;
  let pushes: number;
  const format = OP_FORMATS[op];
  if (format === Format.Field || format === Format.Method || op === Op.invokeinterface || op === Op.invokedynamic) {
    [pops, pushes] = memberEffect(pool, op, codeU2(bytes, at + 1));
  } else if (op === Op.ldc || op === Op.ldc_w || op === Op.ldc2_w) {
    [pops, pushes] = [0, constantSlots(op)];
  } else if (op === Op.multianewarray) {
    [pops, pushes] = [bytes[at + 3]!, 1];
  } else if (op === Op.jsr || op === Op.jsr_w) {
    [pops, pushes] = [0, 1];
  } else if (op === Op.astore || (op >= Op.astore_0 && op <= Op.astore_3)) {
    [pops, pushes] = [1, 0];
  } else {
    pops = slotsOfLetters(OP_POPS[op]!.replaceAll('?', ''));
    pushes = slotsOfLetters(OP_PUSHES[op]!.replaceAll('?', ''));
  }
  stack.length = Math.max(0, stack.length - pops);
  for (let i = 0; i < pushes; i++) stack.push(at);
  if ((op >= Op.istore && op <= Op.astore_3) || op === Op.iinc) {
    let slot: number;
    if (op <= Op.astore || op === Op.iinc) slot = wide ? codeU2(bytes, at + 2) : bytes[at + 1]!;
    else slot = (op - Op.istore_0) & 3;
    state.written.add(slot);
    if (pops === 2) state.written.add(slot + 1);
  }
}

/** Joins `from` into what is known at `target`; whether nothing was known there. */
function merge(states: (State | undefined)[], target: number, from: State): boolean {
  const there = states[target];
  if (there === undefined) {
    states[target] = { stack: [...from.stack], written: new Set(from.written) };
    return true;
  }
  const height = Math.min(there.stack.length, from.stack.length);
  for (let i = 0; i < height; i++) if (there.stack[i] !== from.stack[i]) there.stack[i] = UNKNOWN;
  for (const slot of from.written) there.written.add(slot);
  return false;
}

/**
 * The states before the instructions, by bytecode index, as far as they must be known for `bci`'s: the analysis ends
 * when it gets there. `undefined` where no path was followed to, or the method is too big.
 */
export function operandSources(pool: ConstantPool, code: Code, bci: number): readonly (OperandSources | undefined)[] {
  const { bytes, exceptions } = code;
  const states = new Array<State | undefined>(bytes.length).fill(undefined);
  states[0] = { stack: [], written: new Set() };
  // A handler starts with the exception, which no instruction pushed: the handler itself stands for it.
  for (const { handlerPc } of exceptions) states[handlerPc] ??= { stack: [handlerPc], written: new Set() };
  let entries = 0;
  for (let again = true; again; ) {
    again = false;
    for (let at = 0; at < bytes.length; ) {
      const length = instructionLength(bytes, at);
      if (length === 0) return states;
      const known = states[at];
      if (known !== undefined) {
        const wide = bytes[at] === Op.wide;
        const op = wide ? bytes[at + 1]! : bytes[at]!;
        const state: State = { stack: [...known.stack], written: new Set(known.written) };
        step(pool, bytes, at, op, wide, state);
        entries += state.stack.length;
        for (const target of successors(bytes, at, op, length)) {
          if (target < bytes.length && merge(states, target, state)) again = true;
        }
        if (entries > MOST_ENTRIES) return states;
      }
      at += length;
      if (at === bci && states[at] !== undefined) return states;
    }
  }
  return states;
}

/** Where control may go on after an instruction. */
function successors(bytes: Uint8Array, at: number, op: number, length: number): number[] {
  if (op === Op.tableswitch || op === Op.lookupswitch) return switchTargets(bytes, at);
  if (op === Op.goto) return [at + codeS2(bytes, at + 1)];
  if (op === Op.goto_w) return [at + codeS4(bytes, at + 1)];
  if (op === Op.jsr_w) return [at + length, at + codeS4(bytes, at + 1)];
  if (op === Op.athrow || op === Op.ret || (op >= Op.ireturn && op <= Op.return)) return [];
  return isBranch(op) ? [at + length, at + codeS2(bytes, at + 1)] : [at + length];
}
