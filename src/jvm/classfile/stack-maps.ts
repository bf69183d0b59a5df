/**
 * StackMapTable (JVMS 4.7.4): decoding into full frames.
 *
 * Each frame is given as the difference to the one before, so all are decoded at once, before the method is checked.
 */
import type { ConstantPool } from './constant-pool.js';
import { Tag } from './constants.js';
import { ClassFileError, formatError } from './errors.js';
import { Op } from './opcodes.js';
import { Reader } from './reader.js';
import { TYPE_SHIFT, Type, type TypeTable } from './verification-types.js';

/** One frame, expanded: long and double take two slots. */
export interface StackFrame {
  /** Bytecode index it describes. */
  readonly offset: number;
  /** All `maxLocals` slots. */
  readonly locals: Int32Array;
  /** How many of the locals the frame names; the rest are Top. */
  readonly localsSize: number;
  readonly stack: Int32Array;
  /** Whether `this` is still uninitialised. */
  readonly thisUninitialized: boolean;
}

/** What decoding needs to know of the method. */
export interface StackMapContext {
  readonly pool: ConstantPool;
  readonly types: TypeTable;
  readonly code: Uint8Array;
  /** 1 at each bytecode index where an instruction starts. */
  readonly starts: Uint8Array;
  readonly maxLocals: number;
  readonly maxStack: number;
  /** Makes the error for a frame where no instruction starts. */
  readonly badOffset: (offset: number) => Error;
  /** Names the method at the end of some messages. */
  readonly inMethod: string;
}

/** Decodes the body of a StackMapTable; `initial` is the frame at method entry. Throws ClassFileError. */
export function decodeStackMaps(body: Uint8Array, initial: StackFrame, context: StackMapContext): StackFrame[] {
  const { maxLocals, maxStack, starts } = context;
  const bad = (what: string) => formatError(`StackMapTable format error: ${what}`);
  const reader = new Reader(body, 0, body.length);
  const frames: StackFrame[] = [];
  let previous = initial;
  let offset = -1;

  /** Reads types into `into` from slot `at`; returns the slot after them. */
  const readTypes = (count: number, into: Int32Array, from: number): number => {
    let at = from;
    for (let left = count; left > 0; left--) {
      const type = readType(reader, context, bad);
      const wide = type === Type.Long || type === Type.Double;
      if (at + (wide ? 2 : 1) > into.length) throw bad(`bad type array size${context.inMethod}`);
      into[at++] = type;
      if (wide) into[at++] = type + 1;
    }
    return at;
  };

  try {
    for (let left = reader.u2(); left > 0; left--) {
      const kind = reader.u1();
      const delta = kind < 64 ? kind : kind < 128 ? kind - 64 : reader.u2();
      if (kind >= 128 && kind < 247) throw bad('reserved frame type');
      offset += delta + 1;
      let { locals, localsSize } = previous;
      let stack = NO_STACK;
      if ((kind >= 64 && kind < 128) || kind === 247) {
        const one = new Int32Array(Math.min(2, maxStack));
        stack = one.subarray(0, readTypes(1, one, 0));
      } else if (kind >= 248 && kind < 251) {
        locals = locals.slice();
        for (let chop = 251 - kind; chop > 0; chop--) {
          if (localsSize === 0) throw bad(`bad type array size${context.inMethod}`);
          localsSize--;
          const second = locals[localsSize] === Type.Long2 || locals[localsSize] === Type.Double2;
          locals[localsSize] = Type.Top;
          if (second) locals[--localsSize] = Type.Top;
        }
      } else if (kind > 251 && kind < 255) {
        locals = locals.slice();
        localsSize = readTypes(kind - 251, locals, localsSize);
      } else if (kind === 255) {
        locals = new Int32Array(maxLocals);
        localsSize = readTypes(reader.u2(), locals, 0);
        const whole = new Int32Array(maxStack);
        stack = whole.subarray(0, readTypes(reader.u2(), whole, 0));
      }
      if (offset >= starts.length || starts[offset] === 0) {
        throw context.badOffset(offset);
      }
      const thisUninitialized = locals.includes(Type.UninitializedThis);
      previous = { offset, locals, localsSize, stack, thisUninitialized };
      frames.push(previous);
    }
  } catch (error) {
    if (error instanceof ClassFileError && error.message === 'Truncated class file')
      throw bad('access beyond the end of attribute');
    throw error;
  }
  if (reader.at !== reader.end) throw bad('wrong attribute size');
  return frames;
}

const NO_STACK = new Int32Array(0);

function readType(reader: Reader, context: StackMapContext, bad: (what: string) => Error): number {
  const tag = reader.u1();
  switch (tag) {
    case 0:
      return Type.Top;
    case 1:
      return Type.Int;
    case 2:
      return Type.Float;
    case 3:
      return Type.Double;
    case 4:
      return Type.Long;
    case 5:
      return Type.Null;
    case 6:
      return Type.UninitializedThis;
    case 7: {
      const index = reader.u2();
      if (context.pool.tag(index) !== Tag.Class) throw bad('bad class index');
      return context.types.named(context.pool.className(index));
    }
    case 8: {
      const at = reader.u2();
      if (at >= context.starts.length || context.starts[at] === 0 || context.code[at] !== Op.new) {
        throw bad(`bad offset for Uninitialized${context.inMethod}`);
      }
      return (at << TYPE_SHIFT) | Type.Uninitialized;
    }
    default:
      throw bad('bad verification type');
  }
}
