/**
 * The instruction set as one table: name, operand format and stack effect of every opcode, and how to walk code.
 *
 * Stack effects are words over `I F A J D R` (int, float, reference, long, double, return address), deepest first; `?`
 * stands for effects that depend on an operand or on the types found, which the users of the table handle one by one.
 */
import { formatError } from './errors.js';
import { OP_COUNT, Op } from './opcodes.js';

/** How the operands of an instruction are laid out. */
export const enum Format {
  None = 0,
  /** A signed byte. */
  Byte = 1,
  /** A signed 16-bit number. */
  Short = 2,
  /** One byte: a constant pool index. */
  Constant = 3,
  /** Two bytes: the index of a constant. */
  ConstantWide = 4,
  /** One byte: a local variable. */
  Local = 5,
  /** A local variable and a signed byte. */
  Increment = 6,
  /** A signed 16-bit distance from the opcode. */
  Branch = 7,
  /** A signed 32-bit distance from the opcode. */
  BranchWide = 8,
  TableSwitch = 9,
  LookupSwitch = 10,
  /** Two bytes: the index of a field reference. */
  Field = 11,
  /** Two bytes: the index of a method reference. */
  Method = 12,
  /** A method reference, a count and a zero. */
  InvokeInterface = 13,
  /** A dynamic call site and two zeros. */
  InvokeDynamic = 14,
  /** Two bytes: the index of a class. */
  Class = 15,
  /** A class and a byte: the dimensions. */
  MultiArray = 16,
  /** One byte: an element type, 4 (boolean) to 11 (long). */
  ArrayType = 17,
  /** Another opcode with operands twice as wide. */
  Wide = 18,
}

type Row = readonly [name: string, format?: Format, pops?: string, pushes?: string];

const TABLE: readonly Row[] = [
  ['nop'],
  ['aconst_null', Format.None, '', 'A'],
  ['iconst_m1', Format.None, '', 'I'],
  ['iconst_0', Format.None, '', 'I'],
  ['iconst_1', Format.None, '', 'I'],
  ['iconst_2', Format.None, '', 'I'],
  ['iconst_3', Format.None, '', 'I'],
  ['iconst_4', Format.None, '', 'I'],
  ['iconst_5', Format.None, '', 'I'],
  ['lconst_0', Format.None, '', 'J'],
  ['lconst_1', Format.None, '', 'J'],
  ['fconst_0', Format.None, '', 'F'],
  ['fconst_1', Format.None, '', 'F'],
  ['fconst_2', Format.None, '', 'F'],
  ['dconst_0', Format.None, '', 'D'],
  ['dconst_1', Format.None, '', 'D'],
  ['bipush', Format.Byte, '', 'I'],
  ['sipush', Format.Short, '', 'I'],
  ['ldc', Format.Constant, '', '?'],
  ['ldc_w', Format.ConstantWide, '', '?'],
  ['ldc2_w', Format.ConstantWide, '', '?'],
  ['iload', Format.Local, '', 'I'],
  ['lload', Format.Local, '', 'J'],
  ['fload', Format.Local, '', 'F'],
  ['dload', Format.Local, '', 'D'],
  ['aload', Format.Local, '', 'A'],
  ['iload_0', Format.None, '', 'I'],
  ['iload_1', Format.None, '', 'I'],
  ['iload_2', Format.None, '', 'I'],
  ['iload_3', Format.None, '', 'I'],
  ['lload_0', Format.None, '', 'J'],
  ['lload_1', Format.None, '', 'J'],
  ['lload_2', Format.None, '', 'J'],
  ['lload_3', Format.None, '', 'J'],
  ['fload_0', Format.None, '', 'F'],
  ['fload_1', Format.None, '', 'F'],
  ['fload_2', Format.None, '', 'F'],
  ['fload_3', Format.None, '', 'F'],
  ['dload_0', Format.None, '', 'D'],
  ['dload_1', Format.None, '', 'D'],
  ['dload_2', Format.None, '', 'D'],
  ['dload_3', Format.None, '', 'D'],
  ['aload_0', Format.None, '', 'A'],
  ['aload_1', Format.None, '', 'A'],
  ['aload_2', Format.None, '', 'A'],
  ['aload_3', Format.None, '', 'A'],
  ['iaload', Format.None, 'AI', 'I'],
  ['laload', Format.None, 'AI', 'J'],
  ['faload', Format.None, 'AI', 'F'],
  ['daload', Format.None, 'AI', 'D'],
  ['aaload', Format.None, 'AI', 'A'],
  ['baload', Format.None, 'AI', 'I'],
  ['caload', Format.None, 'AI', 'I'],
  ['saload', Format.None, 'AI', 'I'],
  ['istore', Format.Local, 'I', ''],
  ['lstore', Format.Local, 'J', ''],
  ['fstore', Format.Local, 'F', ''],
  ['dstore', Format.Local, 'D', ''],
  ['astore', Format.Local, 'A', ''],
  ['istore_0', Format.None, 'I', ''],
  ['istore_1', Format.None, 'I', ''],
  ['istore_2', Format.None, 'I', ''],
  ['istore_3', Format.None, 'I', ''],
  ['lstore_0', Format.None, 'J', ''],
  ['lstore_1', Format.None, 'J', ''],
  ['lstore_2', Format.None, 'J', ''],
  ['lstore_3', Format.None, 'J', ''],
  ['fstore_0', Format.None, 'F', ''],
  ['fstore_1', Format.None, 'F', ''],
  ['fstore_2', Format.None, 'F', ''],
  ['fstore_3', Format.None, 'F', ''],
  ['dstore_0', Format.None, 'D', ''],
  ['dstore_1', Format.None, 'D', ''],
  ['dstore_2', Format.None, 'D', ''],
  ['dstore_3', Format.None, 'D', ''],
  ['astore_0', Format.None, 'A', ''],
  ['astore_1', Format.None, 'A', ''],
  ['astore_2', Format.None, 'A', ''],
  ['astore_3', Format.None, 'A', ''],
  ['iastore', Format.None, 'AII', ''],
  ['lastore', Format.None, 'AIJ', ''],
  ['fastore', Format.None, 'AIF', ''],
  ['dastore', Format.None, 'AID', ''],
  ['aastore', Format.None, 'AIA', ''],
  ['bastore', Format.None, 'AII', ''],
  ['castore', Format.None, 'AII', ''],
  ['sastore', Format.None, 'AII', ''],
  ['pop', Format.None, '?', '?'],
  ['pop2', Format.None, '?', '?'],
  ['dup', Format.None, '?', '?'],
  ['dup_x1', Format.None, '?', '?'],
  ['dup_x2', Format.None, '?', '?'],
  ['dup2', Format.None, '?', '?'],
  ['dup2_x1', Format.None, '?', '?'],
  ['dup2_x2', Format.None, '?', '?'],
  ['swap', Format.None, '?', '?'],
  ['iadd', Format.None, 'II', 'I'],
  ['ladd', Format.None, 'JJ', 'J'],
  ['fadd', Format.None, 'FF', 'F'],
  ['dadd', Format.None, 'DD', 'D'],
  ['isub', Format.None, 'II', 'I'],
  ['lsub', Format.None, 'JJ', 'J'],
  ['fsub', Format.None, 'FF', 'F'],
  ['dsub', Format.None, 'DD', 'D'],
  ['imul', Format.None, 'II', 'I'],
  ['lmul', Format.None, 'JJ', 'J'],
  ['fmul', Format.None, 'FF', 'F'],
  ['dmul', Format.None, 'DD', 'D'],
  ['idiv', Format.None, 'II', 'I'],
  ['ldiv', Format.None, 'JJ', 'J'],
  ['fdiv', Format.None, 'FF', 'F'],
  ['ddiv', Format.None, 'DD', 'D'],
  ['irem', Format.None, 'II', 'I'],
  ['lrem', Format.None, 'JJ', 'J'],
  ['frem', Format.None, 'FF', 'F'],
  ['drem', Format.None, 'DD', 'D'],
  ['ineg', Format.None, 'I', 'I'],
  ['lneg', Format.None, 'J', 'J'],
  ['fneg', Format.None, 'F', 'F'],
  ['dneg', Format.None, 'D', 'D'],
  ['ishl', Format.None, 'II', 'I'],
  ['lshl', Format.None, 'JI', 'J'],
  ['ishr', Format.None, 'II', 'I'],
  ['lshr', Format.None, 'JI', 'J'],
  ['iushr', Format.None, 'II', 'I'],
  ['lushr', Format.None, 'JI', 'J'],
  ['iand', Format.None, 'II', 'I'],
  ['land', Format.None, 'JJ', 'J'],
  ['ior', Format.None, 'II', 'I'],
  ['lor', Format.None, 'JJ', 'J'],
  ['ixor', Format.None, 'II', 'I'],
  ['lxor', Format.None, 'JJ', 'J'],
  ['iinc', Format.Increment],
  ['i2l', Format.None, 'I', 'J'],
  ['i2f', Format.None, 'I', 'F'],
  ['i2d', Format.None, 'I', 'D'],
  ['l2i', Format.None, 'J', 'I'],
  ['l2f', Format.None, 'J', 'F'],
  ['l2d', Format.None, 'J', 'D'],
  ['f2i', Format.None, 'F', 'I'],
  ['f2l', Format.None, 'F', 'J'],
  ['f2d', Format.None, 'F', 'D'],
  ['d2i', Format.None, 'D', 'I'],
  ['d2l', Format.None, 'D', 'J'],
  ['d2f', Format.None, 'D', 'F'],
  ['i2b', Format.None, 'I', 'I'],
  ['i2c', Format.None, 'I', 'I'],
  ['i2s', Format.None, 'I', 'I'],
  ['lcmp', Format.None, 'JJ', 'I'],
  ['fcmpl', Format.None, 'FF', 'I'],
  ['fcmpg', Format.None, 'FF', 'I'],
  ['dcmpl', Format.None, 'DD', 'I'],
  ['dcmpg', Format.None, 'DD', 'I'],
  ['ifeq', Format.Branch, 'I', ''],
  ['ifne', Format.Branch, 'I', ''],
  ['iflt', Format.Branch, 'I', ''],
  ['ifge', Format.Branch, 'I', ''],
  ['ifgt', Format.Branch, 'I', ''],
  ['ifle', Format.Branch, 'I', ''],
  ['if_icmpeq', Format.Branch, 'II', ''],
  ['if_icmpne', Format.Branch, 'II', ''],
  ['if_icmplt', Format.Branch, 'II', ''],
  ['if_icmpge', Format.Branch, 'II', ''],
  ['if_icmpgt', Format.Branch, 'II', ''],
  ['if_icmple', Format.Branch, 'II', ''],
  ['if_acmpeq', Format.Branch, 'AA', ''],
  ['if_acmpne', Format.Branch, 'AA', ''],
  ['goto', Format.Branch],
  ['jsr', Format.Branch, '', 'R'],
  ['ret', Format.Local],
  ['tableswitch', Format.TableSwitch, 'I', ''],
  ['lookupswitch', Format.LookupSwitch, 'I', ''],
  ['ireturn', Format.None, 'I', ''],
  ['lreturn', Format.None, 'J', ''],
  ['freturn', Format.None, 'F', ''],
  ['dreturn', Format.None, 'D', ''],
  ['areturn', Format.None, 'A', ''],
  ['return'],
  ['getstatic', Format.Field, '', '?'],
  ['putstatic', Format.Field, '?', ''],
  ['getfield', Format.Field, 'A', '?'],
  ['putfield', Format.Field, '?', ''],
  ['invokevirtual', Format.Method, '?', '?'],
  ['invokespecial', Format.Method, '?', '?'],
  ['invokestatic', Format.Method, '?', '?'],
  ['invokeinterface', Format.InvokeInterface, '?', '?'],
  ['invokedynamic', Format.InvokeDynamic, '?', '?'],
  ['new', Format.Class, '', 'A'],
  ['newarray', Format.ArrayType, 'I', 'A'],
  ['anewarray', Format.Class, 'I', 'A'],
  ['arraylength', Format.None, 'A', 'I'],
  ['athrow', Format.None, 'A', ''],
  ['checkcast', Format.Class, 'A', 'A'],
  ['instanceof', Format.Class, 'A', 'I'],
  ['monitorenter', Format.None, 'A', ''],
  ['monitorexit', Format.None, 'A', ''],
  ['wide', Format.Wide, '?', '?'],
  ['multianewarray', Format.MultiArray, '?', 'A'],
  ['ifnull', Format.Branch, 'A', ''],
  ['ifnonnull', Format.Branch, 'A', ''],
  ['goto_w', Format.BranchWide],
  ['jsr_w', Format.BranchWide, '', 'R'],
];

/** Mnemonics by opcode. */
export const OP_NAMES: readonly string[] = TABLE.map((row) => row[0]);

/** Operand formats by opcode. */
export const OP_FORMATS: Uint8Array = Uint8Array.from(TABLE, (row) => row[1] ?? Format.None);

/** What each opcode pops, deepest first, in the letters above. */
export const OP_POPS: readonly string[] = TABLE.map((row) => row[2] ?? '');

/** What each opcode pushes, deepest first, in the letters above. */
export const OP_PUSHES: readonly string[] = TABLE.map((row) => row[3] ?? '');

/** Total length by format; 0 where it varies. */
const FORMAT_LENGTHS = [1, 2, 3, 2, 3, 2, 3, 3, 5, 0, 0, 3, 3, 5, 5, 3, 4, 2, 0];

/** Instruction length by opcode, opcode included; 0 for tableswitch, lookupswitch and wide. */
export const OP_LENGTHS: Uint8Array = Uint8Array.from(TABLE, (row) => FORMAT_LENGTHS[row[1] ?? Format.None]);

/** The element type of newarray (JVMS table 6.5.newarray-A) as a descriptor, undefined for numbers that mean none. */
export function newArrayElement(type: number): string | undefined {
  return ['Z', 'C', 'F', 'D', 'B', 'S', 'I', 'J'][type - 4];
}

/** Reads a signed 32-bit number of the code. */
export function codeS4(code: Uint8Array, at: number): number {
  return (code[at] << 24) | (code[at + 1] << 16) | (code[at + 2] << 8) | code[at + 3];
}

/** Reads a signed 16-bit number of the code. */
export function codeS2(code: Uint8Array, at: number): number {
  return ((code[at] << 24) >> 16) | code[at + 1];
}

/** Reads an unsigned 16-bit number of the code. */
export function codeU2(code: Uint8Array, at: number): number {
  return (code[at] << 8) | code[at + 1];
}

/**
 * Length of the instruction at `at`, or 0 if it is no instruction: an unknown opcode, operands past the end of the code,
 * a switch with impossible bounds, `wide` before what cannot be widened.
 */
export function instructionLength(code: Uint8Array, at: number): number {
  const op = code[at];
  if (op >= OP_COUNT) return 0;
  let length = OP_LENGTHS[op];
  if (length === 0) {
    if (op === Op.wide) {
      if (at + 1 >= code.length) return 0;
      const wide = code[at + 1];
      if (wide === Op.iinc) length = 6;
      else if (wide < OP_COUNT && OP_FORMATS[wide] === Format.Local) length = 4;
      else return 0;
    } else {
      const operands = (at + 4) & ~3;
      if (operands + 12 > code.length && (op === Op.tableswitch || operands + 8 > code.length)) return 0;
      let entries: number;
      if (op === Op.tableswitch) {
        const low = codeS4(code, operands + 4);
        const high = codeS4(code, operands + 8);
        entries = high - low + 1;
        if (entries < 1 || entries > 65535) return 0;
        length = operands + 12 + 4 * entries - at;
      } else {
        entries = codeS4(code, operands + 4);
        if (entries < 0 || entries > 65535) return 0;
        length = operands + 8 + 8 * entries - at;
      }
    }
  }
  return at + length <= code.length ? length : 0;
}

/** The targets (bytecode indexes) of a tableswitch or lookupswitch at `at`, the default first. */
export function switchTargets(code: Uint8Array, at: number): number[] {
  const operands = (at + 4) & ~3;
  const targets = [codeS4(code, operands) + at];
  if (code[at] === Op.tableswitch) {
    const entries = codeS4(code, operands + 8) - codeS4(code, operands + 4) + 1;
    for (let i = 0; i < entries; i++) targets.push(codeS4(code, operands + 12 + 4 * i) + at);
  } else {
    const entries = codeS4(code, operands + 4);
    for (let i = 0; i < entries; i++) targets.push(codeS4(code, operands + 12 + 8 * i) + at);
  }
  return targets;
}

/**
 * Calls `visit` with the bytecode index and opcode of every instruction, in order (`wide` as Op.wide).
 * Throws ClassFormatError where the code is no sequence of instructions.
 */
export function walkCode(code: Uint8Array, visit: (at: number, op: number) => void): void {
  for (let at = 0; at < code.length; ) {
    const length = instructionLength(code, at);
    if (length === 0) throw formatError(`Bad instruction: ${code[at].toString(16)} at ${at}`, -1);
    visit(at, code[at]);
    at += length;
  }
}

/** Whether an instruction has a branch distance as its only operand, jsr included. */
export function isBranch(op: number): boolean {
  return (
    (op >= Op.ifeq && op <= Op.jsr) || op === Op.ifnull || op === Op.ifnonnull || op === Op.goto_w || op === Op.jsr_w
  );
}

/** Whether control never goes on to the next instruction (jsr does, in its own way, and is not counted). */
export function endsBlock(op: number): boolean {
  return (
    op === Op.goto || op === Op.goto_w || op === Op.ret || op === Op.athrow || (op >= Op.tableswitch && op <= Op.return)
  );
}
