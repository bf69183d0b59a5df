/**
 * The details of a VerifyError in the form HotSpot prints them: location, reason, frames, bytecode, tables. Programmers
 * know how to read it, and tools look for it.
 */

import { ClassFileError } from './errors.js';
import { OP_NAMES } from './instructions.js';
import { FROM_SIGNATURE, SINGLE, type VerifiedMethod } from './method-verifier.js';
import { OP_COUNT } from './opcodes.js';
import { Reader } from './reader.js';
import type { StackFrame } from './stack-maps.js';
import { Type, type TypeTable } from './verification-types.js';

/** What was found, and where. */
export interface ErrorContext {
  readonly target: VerifiedMethod;
  /** Bytecode index of the instruction to blame. */
  readonly location: number;
  /** Bytecode index the current frame belongs to. */
  readonly at: number;
  readonly reason: string;
  readonly locals: Int32Array;
  /** The stack, without unused slots. */
  readonly stack: Int32Array;
  readonly thisUninitialized: boolean;
  /** The recorded frame it did not fit. */
  readonly frame: StackFrame | undefined;
}

/** Reasons that are about the current frame, which is then shown. */
const FRAME_REASONS = /current frame|^Current frame|^Exceeded|^Attempt|^Invalid stackmap/;

/** A wanted type in words. */
export function describeWanted(types: TypeTable, wanted: number): string {
  if (wanted === SINGLE) return 'category1 type';
  if ((wanted & FROM_SIGNATURE) !== 0) return `${types.describe(wanted & ~FROM_SIGNATURE)} (from method signature)`;
  return types.describe(wanted);
}

function frameLines(types: TypeTable, at: number, flag: boolean, locals: Int32Array, stack: Int32Array): string[] {
  let named = locals.length;
  while (named > 0 && locals[named - 1] === Type.Top) named--;
  const list = (slots: Int32Array, count: number) => {
    const shown = Array.from(slots.subarray(0, count), (type) => types.describe(type));
    return shown.length === 0 ? '{ }' : `{ ${shown.join(', ')} }`;
  };
  return [
    `    bci: @${at}`,
    `    flags: {${flag ? ' flagThisUninit' : ''} }`,
    `    locals: ${list(locals, named)}`,
    `    stack: ${list(stack, stack.length)}`,
  ];
}

function bytecodeLines(code: Uint8Array): string[] {
  const lines: string[] = [];
  // HotSpot begins another line as soon as one is full.
  for (let at = 0; at <= code.length; at += 16) {
    let line = '';
    for (let i = at; i < Math.min(at + 16, code.length); i++) {
      line += code[i].toString(16).padStart(2, '0');
      if (i % 2 === 1) line += ' ';
    }
    lines.push(`    ${at.toString(16).padStart(7, '0')}: ${line.trimEnd().padEnd(39)}`);
  }
  return lines;
}

function rawType(reader: Reader): string {
  const tag = reader.u1();
  if (tag === 7) return `Object[#${reader.u2()}]`;
  if (tag === 8) return `Uninitialized[#${reader.u2()}]`;
  return ['Top', 'Integer', 'Float', 'Double', 'Long', 'Null', 'UninitializedThis'][tag] ?? `BAD:${tag}`;
}

function readFrames(body: Uint8Array, lines: string[]): void {
  const reader = new Reader(body, 0, body.length);
  const types = (count: number) => Array.from({ length: count }, () => rawType(reader)).join(',');
  let offset = -1;
  for (let left = reader.u2(); left > 0; left--) {
    const kind = reader.u1();
    const delta = kind < 64 ? kind : kind < 128 ? kind - 64 : reader.u2();
    offset += delta + 1;
    let text: string;
    if (kind < 64) text = `same_frame(@${offset})`;
    else if (kind < 128) text = `same_locals_1_stack_item_frame(@${offset},${rawType(reader)})`;
    else if (kind === 247) text = `same_locals_1_stack_item_extended(@${offset},${rawType(reader)})`;
    else if (kind < 251) text = `chop_frame(@${offset},${251 - kind})`;
    else if (kind === 251) text = `same_frame_extended(@${offset})`;
    else if (kind < 255) text = `append_frame(@${offset},${types(kind - 251)})`;
    else text = `full_frame(@${offset},{${types(reader.u2())}},{${types(reader.u2())}})`;
    lines.push(`    ${text}`);
  }
}

/** The frames of a StackMapTable, as far as there are any: the table may be what is wrong. */
function readableFrames(body: Uint8Array): string[] {
  const lines: string[] = [];
  try {
    readFrames(body, lines);
  } catch (error) {
    if (!(error instanceof ClassFileError)) throw error;
  }
  return lines;
}

/** Everything after the first line. */
export function errorDetails(context: ErrorContext): string {
  const { target, at, frame, location, reason } = context;
  const { classFile, method, code, types } = target;
  const op = code.bytes[location];
  const lines = ['Exception Details:', '  Location:'];
  const mnemonic = op === undefined ? '<invalid>' : op < OP_COUNT ? OP_NAMES[op] : '<illegal>';
  lines.push(`    ${classFile.name}.${method.name}${method.descriptor} @${location}: ${mnemonic}`);
  lines.push('  Reason:', `    ${reason}`);
  if (FRAME_REASONS.test(reason)) {
    lines.push('  Current Frame:');
    lines.push(...frameLines(types, at, context.thisUninitialized, context.locals, context.stack));
  }
  if (frame !== undefined) {
    lines.push('  Stackmap Frame:');
    lines.push(...frameLines(types, frame.offset, frame.thisUninitialized, frame.locals, frame.stack));
  }
  lines.push('  Bytecode:', ...bytecodeLines(code.bytes));
  if (code.exceptions.length > 0) {
    lines.push('  Exception Handler Table:');
    for (const { startPc, endPc, handlerPc } of code.exceptions) {
      lines.push(`    bci [${startPc}, ${endPc}] => handler: ${handlerPc}`);
    }
  }
  const maps = code.stackMapTable;
  if (maps !== undefined && maps.length > 2) lines.push('  Stackmap Table:', ...readableFrames(maps));
  return `${lines.join('\n')}\n`;
}
