/** Code in the notation of the JDK's class file disassembler. */
import type { ClassFile } from './class-file.js';
import type { Code, LocalVariable } from './code.js';
import { externalType } from './external-names.js';
import {
  codeS2,
  codeS4,
  codeU2,
  Format,
  instructionLength,
  newArrayElement,
  OP_FORMATS,
  OP_NAMES,
} from './instructions.js';
import { constantComment } from './listing-constants.js';
import { OP_COUNT, Op } from './opcodes.js';
import { Reader } from './reader.js';

/** Splits an instruction from its comment until the column of the comment is known. */
const COMMENT = '\n';

/** Operands and comment of the instruction at `at`. */
function operandText(classFile: ClassFile, code: Uint8Array, at: number): string {
  const { pool, name } = classFile;
  const constant = (index: number, more = '') => `#${index}${more}${COMMENT}// ${constantComment(pool, index, name)}`;
  switch (OP_FORMATS[code[at]] as Format) {
    case Format.None:
      return '';
    case Format.Byte:
      return String((code[at + 1] << 24) >> 24);
    case Format.Short:
      return String(codeS2(code, at + 1));
    case Format.Constant:
      return constant(code[at + 1]);
    case Format.ConstantWide:
    case Format.Field:
    case Format.Method:
    case Format.Class:
      return constant(codeU2(code, at + 1));
    case Format.Local:
      return String(code[at + 1]);
    case Format.Increment:
      return `${code[at + 1]}, ${(code[at + 2] << 24) >> 24}`;
    case Format.Branch:
      return String(at + codeS2(code, at + 1));
    case Format.BranchWide:
      return String(at + codeS4(code, at + 1));
    case Format.InvokeInterface:
      return constant(codeU2(code, at + 1), `,  ${code[at + 3]}`);
    case Format.InvokeDynamic:
      return constant(codeU2(code, at + 1), `,  ${codeU2(code, at + 3)}`);
    case Format.MultiArray:
      return constant(codeU2(code, at + 1), `,  ${code[at + 3]}`);
    case Format.ArrayType: {
      const element = newArrayElement(code[at + 1]);
      return element === undefined ? `type ${code[at + 1]}` : externalType(element);
    }
    case Format.Wide:
      return code[at + 1] === Op.iinc
        ? `${codeU2(code, at + 2)}, ${codeS2(code, at + 4)}`
        : String(codeU2(code, at + 2));
    default:
      return '';
  }
}

/** A tableswitch or lookupswitch: what follows the mnemonic, on lines of their own. */
function switchLines(code: Uint8Array, at: number, indent: string): string[] {
  const operands = (at + 4) & ~3;
  const target = (from: number) => at + codeS4(code, from);
  const row = (key: string, to: number) => `${indent}${key.padStart(18)}: ${to}`;
  const lines: string[] = [];
  let head: string;
  if (code[at] === Op.tableswitch) {
    const low = codeS4(code, operands + 4);
    const high = codeS4(code, operands + 8);
    head = `{ // ${low} to ${high}`;
    for (let i = 0; i <= high - low; i++) lines.push(row(String(low + i), target(operands + 12 + 4 * i)));
  } else {
    const count = codeS4(code, operands + 4);
    head = `{ // ${count}`;
    for (let i = 0; i < count; i++) {
      lines.push(row(String(codeS4(code, operands + 8 + 8 * i)), target(operands + 12 + 8 * i)));
    }
  }
  lines.push(row('default', target(operands)), `${indent}      }`);
  return [head, ...lines];
}

/** The instructions. */
export function codeLines(classFile: ClassFile, code: Code, indent: string): string[] {
  const { bytes } = code;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = instructionLength(bytes, at);
    const op = bytes[at];
    const place = `${indent}${String(at).padStart(4)}: `;
    if (length === 0) {
      lines.push(`${place}${op < OP_COUNT ? OP_NAMES[op] : `bytecode ${op}`} (no valid instruction)`);
      break;
    }
    if (op === Op.tableswitch || op === Op.lookupswitch) {
      const [head, ...rest] = switchLines(bytes, at, indent);
      lines.push(`${place}${OP_NAMES[op].padEnd(13)} ${head}`, ...rest);
    } else {
      const mnemonic = op === Op.wide ? `${OP_NAMES[bytes[at + 1]]}_w` : OP_NAMES[op];
      const operands = operandText(classFile, bytes, at);
      // One space more in the JDK's listing too.
      const name = op === Op.newarray ? 'newarray      ' : mnemonic.padEnd(13);
      const [text, comment] = `${name} ${operands}`.trimEnd().split(COMMENT);
      lines.push(comment === undefined ? place + text : `${place}${text.padEnd(33)} ${comment}`);
    }
    at += length;
  }
  return lines;
}

/** The exception table, nothing where there is none. */
export function exceptionLines(classFile: ClassFile, code: Code, indent: string): string[] {
  if (code.exceptions.length === 0) return [];
  const lines = [`${indent}Exception table:`, `${indent}   from    to  target type`];
  for (const { startPc, endPc, handlerPc, catchType } of code.exceptions) {
    const columns = [startPc, endPc, handlerPc].map((pc) => String(pc).padStart(6)).join('');
    const type = catchType === 0 ? 'any' : constantComment(classFile.pool, catchType).replace(/^class/, 'Class');
    lines.push(`${indent}  ${columns}   ${type}`);
  }
  return lines;
}

/** LineNumberTable and LocalVariableTable, and with `generic` LocalVariableTypeTable, in the order of the file. */
export function debugLines(code: Code, indent: string, generic: boolean): string[] {
  const lines: string[] = [];
  const shown = new Set<string>();
  for (const { name } of code.attributes) {
    if (shown.has(name)) continue;
    shown.add(name);
    if (name === 'LineNumberTable') {
      lines.push(`${indent}LineNumberTable:`);
      for (let i = 0; i < code.lineNumbers.length; i += 2) {
        lines.push(`${indent}  line ${code.lineNumbers[i + 1]}: ${code.lineNumbers[i]}`);
      }
    } else if (name === 'LocalVariableTable') {
      lines.push(...variableLines(name, code.localVariables(), indent));
    } else if (name === 'LocalVariableTypeTable' && generic) {
      lines.push(...variableLines(name, code.localVariableTypes(), indent));
    }
  }
  return lines;
}

function variableLines(title: string, list: readonly LocalVariable[], indent: string): string[] {
  const lines = [`${indent}${title}:`, `${indent}  Start  Length  Slot  Name   Signature`];
  for (const { startPc, length, index, name, descriptor } of list) {
    const left = `${String(startPc).padStart(5)} ${String(length).padStart(7)} ${String(index).padStart(5)}`;
    lines.push(`${indent}  ${left} ${name.padStart(5)}   ${descriptor}`);
  }
  return lines;
}

/** The StackMapTable. */
export function stackMapLines(classFile: ClassFile, code: Code, indent: string): string[] {
  const body = code.stackMapTable;
  if (body === undefined) return [];
  const reader = new Reader(body, 0, body.length);
  const count = reader.u2();
  const lines = [`${indent}StackMapTable: number_of_entries = ${count}`];
  const type = (): string => {
    const tag = reader.u1();
    if (tag === 7) return constantComment(classFile.pool, reader.u2());
    if (tag === 8) return `uninitialized ${reader.u2()}`;
    return ['top', 'int', 'float', 'double', 'long', 'null', 'this'][tag] ?? `type ${tag}`;
  };
  const types = (size: number): string => {
    const list = Array.from({ length: size }, type);
    return list.length === 0 ? '[]' : `[ ${list.join(', ')} ]`;
  };
  const line = (text: string) => lines.push(`${indent}    ${text}`);
  for (let i = 0; i < count; i++) {
    const kind = reader.u1();
    const head = `${indent}  frame_type = ${kind} `;
    if (kind < 64) lines.push(`${head}/* same */`);
    else if (kind < 128) {
      lines.push(`${head}/* same_locals_1_stack_item */`);
      line(`stack = ${types(1)}`);
    } else if (kind === 247) {
      lines.push(`${head}/* same_locals_1_stack_item_frame_extended */`);
      line(`offset_delta = ${reader.u2()}`);
      line(`stack = ${types(1)}`);
    } else if (kind >= 248 && kind <= 250) {
      lines.push(`${head}/* chop */`);
      line(`offset_delta = ${reader.u2()}`);
    } else if (kind === 251) {
      lines.push(`${head}/* same_frame_extended */`);
      line(`offset_delta = ${reader.u2()}`);
    } else if (kind < 255) {
      lines.push(`${head}/* append */`);
      line(`offset_delta = ${reader.u2()}`);
      line(`locals = ${types(kind - 251)}`);
    } else {
      lines.push(`${head}/* full_frame */`);
      line(`offset_delta = ${reader.u2()}`);
      line(`locals = ${types(reader.u2())}`);
      line(`stack = ${types(reader.u2())}`);
    }
  }
  return lines;
}
