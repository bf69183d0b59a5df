/**
 * Messages of NullPointerExceptions that the VM raises: what could not be done, and which expression was null (JEP 358).
 *
 * The message is worked out when Java asks for it, from the bytecode that failed: it says which operand must have been
 * null, and `operand-sources.ts` which instruction pushed that. The source is described as a Java expression, so far as
 * it is made of locals, fields, array elements, constants and calls.
 */
import { type Code, type ConstantPool, codeS2, codeU2, parseMethodDescriptor, slotsOf } from '../classfile/index.js';
import { Op } from '../classfile/opcodes.js';
import { localWasWritten, type OperandSources, operandSources, UNKNOWN } from './operand-sources.js';

/** What the description needs of a method. */
export interface DescribedMethod {
  readonly isStatic: boolean;
  readonly descriptor: string;
  readonly code: Code | undefined;
}

/** How many steps from the null value back to where it comes from are described. */
const MOST_STEPS = 5;

const PRIMITIVES: Readonly<Record<string, string>> = {
  B: 'byte',
  C: 'char',
  D: 'double',
  F: 'float',
  I: 'int',
  J: 'long',
  S: 'short',
  Z: 'boolean',
};

/** Java's name of an internal class name; the two most frequent classes without their package. */
function className(internal: string): string {
  if (internal.startsWith('[')) return typeName(internal);
  if (internal === 'java/lang/Object') return 'Object';
  return internal === 'java/lang/String' ? 'String' : internal.replaceAll('/', '.');
}

function typeName(descriptor: string): string {
  const dimensions = descriptor.lastIndexOf('[') + 1;
  const element = descriptor.slice(dimensions);
  const name = element.startsWith('L') ? className(element.slice(1, -1)) : PRIMITIVES[element]!;
  return name + '[]'.repeat(dimensions);
}

/** A parameter's type. HotSpot shortens whatever begins like the two class names: `StringBuilder` loses its package. */
function parameterName(descriptor: string): string {
  return typeName(descriptor).replace(/^java\.lang\.(?=Object|String)/, '');
}

function methodName(pool: ConstantPool, index: number): string {
  const { className: owner, name, descriptor } = pool.memberRef(index);
  const { parameters } = parseMethodDescriptor(descriptor);
  return `${className(owner)}.${name}(${parameters.map(parameterName).join(', ')})`;
}

/** Element types by the distance of an opcode from iaload or iastore. */
const ELEMENTS = ['int', 'long', 'float', 'double', 'object', 'byte/boolean', 'char', 'short'];

/** What the instruction could not do, `undefined` if it cannot raise a NullPointerException. */
function failedAction(pool: ConstantPool, bytes: Uint8Array, bci: number): string | undefined {
  const op = bytes[bci]!;
  if (op >= Op.iaload && op <= Op.saload) return `Cannot load from ${ELEMENTS[op - Op.iaload]} array`;
  if (op >= Op.iastore && op <= Op.sastore) return `Cannot store to ${ELEMENTS[op - Op.iastore]} array`;
  switch (op) {
    case Op.arraylength:
      return 'Cannot read the array length';
    case Op.athrow:
      return 'Cannot throw exception';
    case Op.monitorenter:
      return 'Cannot enter synchronized block';
    case Op.monitorexit:
      return 'Cannot exit synchronized block';
    case Op.getfield:
      return `Cannot read field "${pool.memberRef(codeU2(bytes, bci + 1)).name}"`;
    case Op.putfield:
      return `Cannot assign field "${pool.memberRef(codeU2(bytes, bci + 1)).name}"`;
    case Op.invokevirtual:
    case Op.invokespecial:
    case Op.invokeinterface:
      return `Cannot invoke "${methodName(pool, codeU2(bytes, bci + 1))}"`;
    default:
      return undefined;
  }
}

/**
 * Slots above the operand that must have been null, `undefined` if the instruction raises none. Constructors raise none
 * by being called: what is found at their call is an exception that Java code made.
 */
function nullOperand(pool: ConstantPool, bytes: Uint8Array, bci: number): number | undefined {
  const op = bytes[bci]!;
  if (op >= Op.iaload && op <= Op.saload) return 1;
  if (op >= Op.iastore && op <= Op.sastore) return op === Op.lastore || op === Op.dastore ? 3 : 2;
  switch (op) {
    case Op.arraylength:
    case Op.athrow:
    case Op.monitorenter:
    case Op.monitorexit:
    case Op.getfield:
      return 0;
    case Op.putfield:
      return slotsOf(pool.memberDescriptor(codeU2(bytes, bci + 1)));
    case Op.invokevirtual:
    case Op.invokespecial:
    case Op.invokeinterface: {
      const { name, descriptor } = pool.memberRef(codeU2(bytes, bci + 1));
      return name === '<init>' ? undefined : parseMethodDescriptor(descriptor).argumentSlots;
    }
    default:
      return undefined;
  }
}

/** Describes expressions of one method. */
class Describer {
  constructor(
    private readonly pool: ConstantPool,
    private readonly method: DescribedMethod,
    private readonly code: Code,
    private readonly states: readonly (OperandSources | undefined)[],
  ) {}

  /** Name of a local: from the table of variables; else by its place among the parameters if it still holds one. */
  private local(bci: number, slot: number, state: OperandSources): string {
    const variables = this.code.localVariables();
    const named = variables.find((v) => v.index === slot && bci >= v.startPc && bci < v.startPc + v.length);
    if (named !== undefined) return named.name;
    if (!localWasWritten(state, slot)) {
      const { isStatic, descriptor } = this.method;
      if (!isStatic && slot === 0) return 'this';
      let first = isStatic ? 0 : 1;
      for (const [i, parameter] of parseMethodDescriptor(descriptor).parameters.entries()) {
        const next = first + slotsOf(parameter);
        if (slot >= first && slot < next) return `<parameter${i + 1}>`;
        first = next;
      }
    }
    return `<local${slot}>`;
  }

  /** The operand `depth` slots below the top before `bci`, as an expression; `undefined` where it has none. */
  expression(bci: number, depth: number, steps: number): string | undefined {
    const source = this.source(bci, depth, steps);
    return source === undefined ? undefined : this.describe(bci, source, steps);
  }

  /** The instruction that pushed the operand. */
  source(bci: number, depth: number, steps: number): number | undefined {
    if (steps <= 0) return undefined;
    const stack = this.states[bci]?.stack;
    const source = stack?.[stack.length - 1 - depth];
    return source === UNKNOWN ? undefined : source;
  }

  /** What the instruction at `source` pushed, seen from `bci`. */
  describe(bci: number, source: number, steps: number): string | undefined {
    const { pool, code } = this;
    const { bytes } = code;
    const wide = bytes[source] === Op.wide;
    const op = bytes[wide ? source + 1 : source]!;
    const state = this.states[bci]!;
    if (op === Op.iload || op === Op.aload) {
      return this.local(source, wide ? codeU2(bytes, source + 2) : bytes[source + 1]!, state);
    }
    if (op >= Op.iload_0 && op <= Op.iload_3) return this.local(source, op - Op.iload_0, state);
    if (op >= Op.aload_0 && op <= Op.aload_3) return this.local(source, op - Op.aload_0, state);
    if (op >= Op.iconst_m1 && op <= Op.iconst_5) return String(op - Op.iconst_0);
    switch (op) {
      case Op.aconst_null:
        return 'null';
      case Op.bipush:
        return String((bytes[source + 1]! << 24) >> 24);
      case Op.sipush:
        return String(codeS2(bytes, source + 1));
      case Op.getstatic: {
        const { className: owner, name } = pool.memberRef(codeU2(bytes, source + 1));
        return `${className(owner)}.${name}`;
      }
      case Op.getfield: {
        const object = this.expression(source, 0, steps - 1);
        const { name } = pool.memberRef(codeU2(bytes, source + 1));
        return object === undefined ? name : `${object}.${name}`;
      }
      case Op.iaload:
      case Op.aaload: {
        const array = this.expression(source, 1, steps - 1) ?? '<array>';
        return `${array}[${this.expression(source, 0, steps) ?? '...'}]`;
      }
      case Op.invokevirtual:
      case Op.invokespecial:
      case Op.invokestatic:
      case Op.invokeinterface:
        return methodName(pool, codeU2(bytes, source + 1));
      default:
        return undefined;
    }
  }
}

function isInvoke(op: number): boolean {
  return op >= Op.invokevirtual && op <= Op.invokeinterface;
}

/**
 * The message of a NullPointerException raised by the instruction at `bci`, `undefined` when that instruction raises
 * none: then Java code made the exception.
 */
export function nullPointerMessage(pool: ConstantPool, method: DescribedMethod, bci: number): string | undefined {
  const { code } = method;
  if (code === undefined || bci < 0 || bci >= code.bytes.length) return undefined;
  const operand = nullOperand(pool, code.bytes, bci);
  if (operand === undefined) return undefined;
  const action = failedAction(pool, code.bytes, bci)!;
  const describer = new Describer(pool, method, code, operandSources(pool, code, bci));
  const source = describer.source(bci, operand, MOST_STEPS);
  const cause = source === undefined ? undefined : describer.describe(bci, source, MOST_STEPS);
  if (cause === undefined) return action;
  const returned = isInvoke(code.bytes[source!]!) ? 'the return value of ' : '';
  return `${action} because ${returned}"${cause}" is null`;
}
