/**
 * What both verifiers share: the type rules of every instruction (JVMS 4.10.1.9, 4.10.2.3) on one current frame.
 *
 * The type checker walks the code once and compares the frame with the recorded ones, the inference verifier iterates
 * until frames settle; what an instruction does to a frame is the same, so it is written once. Control flow belongs to
 * the subclasses.
 */
import type { ClassFile } from './class-file.js';
import type { Code } from './code.js';
import type { ConstantPool } from './constant-pool.js';
import { Tag } from './constants.js';
import { parseMethodDescriptor } from './descriptors.js';
import {
  codeS4,
  codeU2,
  instructionLength,
  newArrayElement,
  OP_LENGTHS,
  OP_NAMES,
  OP_POPS,
  OP_PUSHES,
} from './instructions.js';
import type { MethodInfo } from './members.js';
import { OP_COUNT, Op } from './opcodes.js';
import type { StackFrame } from './stack-maps.js';
import { TYPE_MASK, TYPE_SHIFT, Type, type TypeTable } from './verification-types.js';

/** What is verified. */
export interface VerifiedMethod {
  readonly classFile: ClassFile;
  readonly method: MethodInfo;
  readonly code: Code;
  readonly types: TypeTable;
}

/** Where a type that does not fit was found. */
export const enum Place {
  Nowhere = 0,
  Local = 1,
  Stack = 2,
  FrameLocal = 3,
  FrameStack = 4,
  ConstantPool = 5,
}

const LETTER_TYPES: Readonly<Record<string, number>> = {
  I: Type.Int,
  F: Type.Float,
  J: Type.Long,
  D: Type.Double,
  A: Type.AnyReference,
};

function letterTypes(letters: string): readonly number[] {
  return letters.includes('?') || letters.includes('R') ? [] : Array.from(letters, (letter) => LETTER_TYPES[letter]);
}

/** Types popped, last first, and pushed; empty for the instructions handled one by one. */
const POPPED = OP_POPS.map((letters) => [...letterTypes(letters)].reverse());
const PUSHED = OP_PUSHES.map(letterTypes);

/** Whether the stack effects of the table say all; the others are in executeSpecial. */
const PLAIN = Uint8Array.from(OP_POPS, (pops, op) => {
  if (pops.includes('?') || /[?A]/.test(OP_PUSHES[op]) || OP_PUSHES[op].includes('R')) return 0;
  return /^[aidlfbcs]aload$|^[aidlfbcs]astore$|load|store|return$|^iinc$|^ret$/.test(OP_NAMES[op]) ? 0 : 1;
});
PLAIN[Op.athrow] = PLAIN[Op.instanceof] = PLAIN[Op.arraylength] = 0;

const NO_STARTS = new Uint8Array(0);

/** Verifies one method; see the subclasses. */
export abstract class MethodVerifier {
  protected readonly types: TypeTable;
  protected readonly classFile: ClassFile;
  protected readonly pool: ConstantPool;
  protected readonly method: MethodInfo;
  protected readonly code: Uint8Array;
  protected readonly exceptions: Code['exceptions'];
  protected readonly maxLocals: number;
  protected readonly maxStack: number;
  protected readonly thisType: number;
  protected readonly returnType: number;
  protected readonly isInit: boolean;
  /** 1 where an instruction starts. */
  protected starts = NO_STARTS;
  // The current frame.
  protected locals: Int32Array;
  protected stack: Int32Array;
  protected depth = 0;
  protected thisUninitialized = false;
  /** Bytecode index of the instruction being checked. */
  protected at = 0;
  /** Constant pool index that says which type is wanted, for messages; 0 where it is the instruction that does. */
  protected wantedBy = 0;
  /** Depth of the stack before that instruction: messages show what it has popped. */
  protected depthBefore = 0;
  private supers: Set<string> | undefined;

  constructor(protected readonly target: VerifiedMethod) {
    const { classFile, method, code, types } = target;
    this.types = types;
    this.classFile = classFile;
    this.pool = classFile.pool;
    this.method = method;
    this.code = code.bytes;
    this.exceptions = code.exceptions;
    this.maxLocals = code.maxLocals;
    this.maxStack = code.maxStack;
    this.thisType = types.named(classFile.name);
    this.returnType = types.ofDescriptor(parseMethodDescriptor(method.descriptor).returnType);
    this.isInit = method.name === '<init>';
    this.locals = new Int32Array(code.maxLocals);
    this.stack = new Int32Array(code.maxStack);
  }

  /** Checks the method; throws ClassFileError (VerifyError). */
  abstract verify(): void;

  /** Makes the error for the current instruction. */
  protected abstract error(message: string, reason: string): Error;

  /** Makes the error for a type that is not what an instruction asks for. */
  protected abstract typeError(message: string, actual: number, place: Place, index: number, wanted: number): Error;

  /** Whether the old verifier's wider rules for uninitialised objects hold. */
  protected abstract get infers(): boolean;

  /** Finds where instructions start, and checks what can be checked of the code without types. */
  protected findStarts(): void {
    const { code } = this;
    const starts = new Uint8Array(code.length);
    for (let at = 0; at < code.length; ) {
      this.at = at;
      starts[at] = 1;
      const op = code[at];
      if (op === Op.tableswitch || op === Op.lookupswitch) this.checkSwitch(at);
      const length = instructionLength(code, at);
      if (length === 0) throw this.badInstruction(op);
      at += length;
    }
    this.at = 0;
    this.starts = starts;
  }

  private badInstruction(op: number): Error {
    const cut = op < OP_COUNT && op !== Op.wide && OP_LENGTHS[op] !== 0;
    return this.error(cut ? CUT_INSTRUCTION : 'Bad instruction', CODE_ERROR);
  }

  private checkSwitch(at: number): void {
    const { code } = this;
    const aligned = (at + 4) & ~3;
    if (aligned + 12 > code.length) return; // found as a bad length, or an empty lookupswitch
    if (this.classFile.major < 51) {
      for (let i = at + 1; i < aligned; i++) {
        if (code[i] !== 0) throw this.error('Nonzero padding byte in lookupswitch or tableswitch', CODE_ERROR);
      }
    }
    if (code[at] === Op.tableswitch || instructionLength(code, at) === 0) return;
    const first = codeS4(code, aligned + 4);
    for (let i = 1; i < first; i++) {
      if (codeS4(code, aligned + 8 * i) >= codeS4(code, aligned + 8 * i + 8)) {
        throw this.error('Bad lookupswitch instruction', CODE_ERROR);
      }
    }
  }

  /** The frame at method entry. */
  protected entryFrame(): StackFrame {
    const { method, types } = this;
    const locals = new Int32Array(this.maxLocals);
    let slot = 0;
    const put = (type: number) => {
      locals[slot++] = type;
      if (type === Type.Long || type === Type.Double) locals[slot++] = type + 1;
    };
    const { parameters, argumentSlots } = parseMethodDescriptor(method.descriptor);
    if (argumentSlots + (method.isStatic ? 0 : 1) > this.maxLocals) {
      throw this.error("Arguments can't fit into locals", CODE_ERROR);
    }
    const uninitialized = this.isInit && this.classFile.name !== 'java/lang/Object';
    if (!method.isStatic) put(uninitialized ? Type.UninitializedThis : this.thisType);
    for (const parameter of parameters) put(types.ofDescriptor(parameter));
    return {
      offset: 0,
      locals,
      localsSize: slot,
      stack: new Int32Array(0),
      thisUninitialized: uninitialized && !method.isStatic,
    };
  }

  // ---- the current frame ------------------------------------------------------------------------------------------

  protected push(type: number): void {
    if (this.depth >= this.maxStack) throw this.error('Operand stack overflow', 'Exceeded max stack size.');
    this.stack[this.depth++] = type;
  }

  /** Pushes a value; two slots for long and double, nothing for Top (void). */
  protected pushValue(type: number): void {
    if (type === Type.Top) return;
    const wide = type === Type.Long || type === Type.Double;
    if (wide && this.depth + 2 > this.maxStack) throw this.error('Operand stack overflow', 'Exceeded max stack size.');
    this.push(type);
    if (wide) this.push(type + 1);
  }

  /** Pops one slot, whatever it is. */
  protected popSlot(): number {
    if (this.depth === 0) throw this.error('Operand stack underflow', 'Attempt to pop empty stack.');
    return this.stack[--this.depth];
  }

  /** Pops a value that is assignable to `wanted`, and returns its type. */
  protected pop(wanted: number, message = BAD_OPERAND): number {
    if (wanted === Type.Long || wanted === Type.Double) {
      const second = this.popSlot();
      const wrong =
        second === wanted + 1 ? undefined : this.typeError(message, second, Place.Stack, this.depth, wanted + 1);
      if (wrong !== undefined && this.infers) throw wrong;
      // Of two halves that are wrong the type checker names the lower, or that there is none.
      const first = this.popSlot();
      if (first !== wanted) throw this.typeError(message, first, Place.Stack, this.depth, wanted);
      if (wrong !== undefined) throw wrong;
      return first;
    }
    const type = this.popSlot();
    if (type !== wanted && !this.types.isAssignable(type, wanted)) {
      throw this.typeError(message, type, Place.Stack, this.depth, wanted);
    }
    return type;
  }

  private load(index: number, wanted: number): void {
    const wide = wanted === Type.Long || wanted === Type.Double;
    if (index + (wide ? 1 : 0) >= this.maxLocals) {
      throw this.error(
        wide ? 'get long/double overflows locals' : 'Local variable table overflow',
        `Local index ${index} is invalid`,
      );
    }
    const type = this.locals[index];
    if (wanted === Type.AnyReference) {
      if (!this.types.isAssignable(type, wanted)) {
        throw this.typeError('Bad local variable type', type, Place.Local, index, wanted);
      }
      this.push(type);
      return;
    }
    if (type !== wanted) throw this.typeError('Bad local variable type', type, Place.Local, index, wanted);
    if (wide && this.locals[index + 1] !== wanted + 1) {
      throw this.typeError('Bad local variable type', this.locals[index + 1], Place.Local, index + 1, wanted + 1);
    }
    this.pushValue(type);
  }

  private store(index: number, wanted: number): void {
    const wide = wanted === Type.Long || wanted === Type.Double;
    let type: number;
    if (wanted === Type.AnyReference && this.infers && this.depth > 0 && this.isAddress(this.stack[this.depth - 1])) {
      type = this.popSlot();
    } else {
      type = this.pop(wanted);
    }
    if (index + (wide ? 1 : 0) >= this.maxLocals) {
      throw this.error('Local variable table overflow', `Local index ${index} is invalid`);
    }
    this.setLocal(index, type);
    if (wide) this.setLocal(index + 1, type + 1);
  }

  private isAddress(type: number): boolean {
    return (type & TYPE_MASK) === Type.Address;
  }

  /** Sets a local, and takes the other half of a long or double that this destroys. */
  private setLocal(index: number, type: number): void {
    const { locals } = this;
    const old = locals[index];
    if (isSecond(old) && index > 0) locals[index - 1] = Type.Top;
    if ((old === Type.Long || old === Type.Double) && index + 1 < locals.length) locals[index + 1] = Type.Top;
    locals[index] = type;
  }

  /** Replaces every copy of an uninitialised type. */
  protected initialize(uninitialized: number, type: number): void {
    for (let i = 0; i < this.locals.length; i++) if (this.locals[i] === uninitialized) this.locals[i] = type;
    for (let i = 0; i < this.depth; i++) if (this.stack[i] === uninitialized) this.stack[i] = type;
  }

  // ---- instructions -----------------------------------------------------------------------------------------------

  /** Applies the instruction at `at` to the current frame; branches, switches, jsr and ret only pop and push. */
  protected execute(at: number): void {
    this.depthBefore = this.depth;
    const op = this.code[at];
    if (PLAIN[op] !== 0) {
      const popped = POPPED[op];
      for (let i = 0; i < popped.length; i++) this.pop(popped[i]);
      const pushed = PUSHED[op];
      for (let i = 0; i < pushed.length; i++) this.pushValue(pushed[i]);
      return;
    }
    if (op >= Op.iload && op <= Op.aload) this.load(this.code[at + 1], LOCAL_TYPES[op - Op.iload]);
    else if (op >= Op.iload_0 && op <= Op.aload_3)
      this.load((op - Op.iload_0) & 3, LOCAL_TYPES[(op - Op.iload_0) >> 2]);
    else if (op >= Op.istore && op <= Op.astore) this.store(this.code[at + 1], LOCAL_TYPES[op - Op.istore]);
    else if (op >= Op.istore_0 && op <= Op.astore_3) {
      this.store((op - Op.istore_0) & 3, LOCAL_TYPES[(op - Op.istore_0) >> 2]);
    } else if (op >= Op.iaload && op <= Op.saload) this.loadElement(op - Op.iaload);
    else if (op >= Op.iastore && op <= Op.sastore) this.storeElement(op - Op.iastore);
    else if (op >= Op.pop && op <= Op.swap) this.executeStack(op);
    else this.executeSpecial(op, at);
  }

  private loadElement(kind: number): void {
    this.pop(Type.Int);
    const array = this.pop(Type.AnyReference);
    if (kind === ELEMENT_REFERENCE) {
      if (array !== Type.Null && !this.types.isReferenceArray(array)) throw this.notThatArray(array, Type.AnyReference);
      this.push(array === Type.Null ? Type.Null : this.types.component(array));
      return;
    }
    this.checkArray(array, kind);
    this.pushValue(ELEMENT_TYPES[kind]);
  }

  private storeElement(kind: number): void {
    this.pop(kind === ELEMENT_REFERENCE ? this.types.object : ELEMENT_TYPES[kind]);
    this.pop(Type.Int);
    const array = this.pop(Type.AnyReference);
    if (kind === ELEMENT_REFERENCE) {
      if (array !== Type.Null && !this.types.isReferenceArray(array)) throw this.notThatArray(array, Type.AnyReference);
      return;
    }
    this.checkArray(array, kind);
  }

  private checkArray(array: number, kind: number): void {
    if (array === Type.Null) return;
    const element = 'IJFDLBCS'[kind];
    if (this.types.isArray(array)) {
      const name = this.types.name(array);
      if (name === `[${element}` || (element === 'B' && name === '[Z')) return;
    }
    throw this.notThatArray(array, this.types.named(`[${element}`));
  }

  private notThatArray(actual: number, wanted: number): Error {
    const message = `${BAD_OPERAND} in ${OP_NAMES[this.code[this.at]]}`;
    return this.typeError(message, actual, Place.Stack, this.depth, wanted);
  }

  private executeStack(op: number): void {
    switch (op) {
      case Op.pop:
        this.popSingle();
        return;
      case Op.pop2:
        this.popTwo();
        return;
      case Op.dup: {
        const a = this.popSingle();
        this.push(a);
        this.push(a);
        return;
      }
      case Op.dup_x1: {
        const a = this.popSingle();
        const b = this.popSingle();
        this.push(a);
        this.push(b);
        this.push(a);
        return;
      }
      case Op.dup_x2: {
        const a = this.popSingle();
        const [c, b] = this.popTwo();
        this.push(a);
        this.push(c);
        this.push(b);
        this.push(a);
        return;
      }
      case Op.dup2: {
        const [b, a] = this.popTwo();
        for (const type of [b, a, b, a]) this.push(type);
        return;
      }
      case Op.dup2_x1: {
        const [b, a] = this.popTwo();
        const c = this.popSingle();
        for (const type of [b, a, c, b, a]) this.push(type);
        return;
      }
      case Op.dup2_x2: {
        const [b, a] = this.popTwo();
        const [d, c] = this.popTwo();
        for (const type of [b, a, d, c, b, a]) this.push(type);
        return;
      }
      default: {
        const a = this.popSingle();
        const b = this.popSingle();
        this.push(a);
        this.push(b);
      }
    }
  }

  /** Pops a value of one slot. */
  private popSingle(): number {
    const type = this.popSlot();
    if (isSecond(type) || type === Type.Top) throw this.typeError(BAD_OPERAND, type, Place.Stack, this.depth, SINGLE);
    return type;
  }

  /** Pops two slots that are two values or a whole long or double: [lower, upper]. */
  private popTwo(): [number, number] {
    const upper = this.popSlot();
    if (isSecond(upper)) return [this.pop2nd(upper), upper];
    if (upper === Type.Top) throw this.typeError(BAD_OPERAND, upper, Place.Stack, this.depth, SINGLE);
    return [this.popSingle(), upper];
  }

  private pop2nd(upper: number): number {
    const lower = this.popSlot();
    if (lower !== upper - 1) throw this.typeError(BAD_OPERAND, lower, Place.Stack, this.depth, upper - 1);
    return lower;
  }

  private executeSpecial(op: number, at: number): void {
    const { code, types } = this;
    switch (op) {
      case Op.aconst_null:
        this.push(Type.Null);
        return;
      case Op.ldc:
        this.executeConstant(code[at + 1], false);
        return;
      case Op.ldc_w:
        this.executeConstant(codeU2(code, at + 1), false);
        return;
      case Op.ldc2_w:
        this.executeConstant(codeU2(code, at + 1), true);
        return;
      case Op.iinc:
        this.checkIncrement(code[at + 1]);
        return;
      case Op.jsr:
      case Op.jsr_w:
      case Op.ret:
        // The inference verifier handles these itself.
        throw this.error(`Bad instruction: ${op.toString(16)}`, CODE_ERROR);
      case Op.wide:
        this.executeWide(at);
        return;
      case Op.ireturn:
      case Op.lreturn:
      case Op.freturn:
      case Op.dreturn:
      case Op.areturn: {
        if (this.returnType === Type.Top) {
          const type = this.pop(LOCAL_TYPES[op - Op.ireturn]);
          throw this.typeError('Method does not expect a return value', type, Place.Stack, this.depth, FROM_SIGNATURE);
        }
        const type = this.pop(LOCAL_TYPES[op - Op.ireturn]);
        if (!types.isAssignable(type, this.returnType)) {
          throw this.typeError('Bad return type', type, Place.Stack, this.depth, this.returnType | FROM_SIGNATURE);
        }
        return;
      }
      case Op.return:
        if (this.returnType !== Type.Top) throw this.error('Method expects a return value', CODE_ERROR);
        if (this.isInit && this.thisUninitialized) {
          throw this.error('Constructor must call super() or this() before return', CODE_ERROR);
        }
        return;
      case Op.getstatic:
      case Op.putstatic:
      case Op.getfield:
      case Op.putfield:
        this.executeField(op, codeU2(code, at + 1));
        return;
      case Op.invokevirtual:
      case Op.invokespecial:
      case Op.invokestatic:
      case Op.invokeinterface:
      case Op.invokedynamic:
        this.executeInvoke(op, at, codeU2(code, at + 1));
        return;
      case Op.new: {
        const name = this.classAt(codeU2(code, at + 1));
        if (name.charCodeAt(0) === 0x5b) {
          throw this.error(
            'Illegal new instruction',
            `Invalid type: '${name}' (constant pool ${codeU2(code, at + 1)})`,
          );
        }
        const type = (at << TYPE_SHIFT) | Type.Uninitialized;
        // An older object of the same `new` must be out of reach, or initialising one would pass for both.
        for (let i = 0; i < this.depth; i++) {
          if (this.stack[i] === type) throw this.error('Uninitialized object on stack at creating point', CODE_ERROR);
        }
        for (let i = 0; i < this.maxLocals; i++) if (this.locals[i] === type) this.locals[i] = Type.Top;
        this.push(type);
        return;
      }
      case Op.newarray: {
        const element = newArrayElement(code[at + 1]);
        if (element === undefined) throw this.error('Illegal newarray instruction', CODE_ERROR);
        this.pop(Type.Int);
        this.push(types.named(`[${element}`));
        return;
      }
      case Op.anewarray: {
        const name = this.classAt(codeU2(code, at + 1));
        this.pop(Type.Int);
        const isArray = name.charCodeAt(0) === 0x5b;
        if (isArray && dimensionsOf(name) >= 255) {
          throw this.error('Illegal anewarray instruction, array has more than 255 dimensions', CODE_ERROR);
        }
        this.push(types.named(isArray ? `[${name}` : `[L${name};`));
        return;
      }
      case Op.multianewarray: {
        const name = this.classAt(codeU2(code, at + 1));
        const dimensions = code[at + 3];
        if (dimensionsOf(name) === 0) {
          throw this.error('Illegal constant pool index in multianewarray instruction', CODE_ERROR);
        }
        if (dimensions < 1 || dimensionsOf(name) < dimensions) {
          throw this.error(`Illegal dimension in multianewarray instruction: ${dimensions}`, CODE_ERROR);
        }
        for (let i = 0; i < dimensions; i++) this.pop(Type.Int);
        this.push(types.named(name));
        return;
      }
      case Op.arraylength: {
        const array = this.pop(Type.AnyReference);
        if (array !== Type.Null && !types.isArray(array)) {
          throw this.typeError(`${BAD_OPERAND} in arraylength`, array, Place.Stack, this.depth, ANY_ARRAY);
        }
        this.push(Type.Int);
        return;
      }
      case Op.athrow:
        this.pop(types.throwable);
        return;
      case Op.checkcast: {
        const name = this.classAt(codeU2(code, at + 1));
        this.pop(types.object);
        this.push(types.named(name));
        return;
      }
      case Op.instanceof:
        this.classAt(codeU2(code, at + 1));
        this.pop(types.object);
        this.push(Type.Int);
        return;
      default:
        throw this.error(`Bad instruction: ${op.toString(16)}`, CODE_ERROR);
    }
  }

  private checkIncrement(index: number): void {
    if (index >= this.maxLocals) throw this.error('Local variable table overflow', `Local index ${index} is invalid`);
    if (this.locals[index] !== Type.Int) {
      throw this.typeError('Bad local variable type', this.locals[index], Place.Local, index, Type.Int);
    }
  }

  private executeWide(at: number): void {
    const op = this.code[at + 1];
    const index = codeU2(this.code, at + 2);
    if (op >= Op.iload && op <= Op.aload) this.load(index, LOCAL_TYPES[op - Op.iload]);
    else if (op >= Op.istore && op <= Op.astore) this.store(index, LOCAL_TYPES[op - Op.istore]);
    else if (op === Op.iinc) this.checkIncrement(index);
    else throw this.error('Bad wide instruction', CODE_ERROR);
  }

  /** The error of an operand that names no constant, or one of the wrong kind. */
  private badConstant(index: number): Error {
    const exists = index > 0 && index < this.pool.length;
    const what = exists ? 'Illegal type at constant pool entry' : 'Illegal constant pool index';
    return this.error(`${what} ${index} in class ${this.classFile.name}`, `Constant pool index ${index} is invalid`);
  }

  private classAt(index: number): string {
    if (this.pool.tag(index) !== Tag.Class) throw this.badConstant(index);
    return this.pool.className(index);
  }

  private executeConstant(index: number, wide: boolean): void {
    const { pool, types } = this;
    const { major } = this.classFile;
    let type: number = Type.Top;
    switch (pool.tag(index)) {
      case Tag.Integer:
        type = Type.Int;
        break;
      case Tag.Float:
        type = Type.Float;
        break;
      case Tag.Long:
        type = Type.Long;
        break;
      case Tag.Double:
        type = Type.Double;
        break;
      case Tag.String:
        type = types.string;
        break;
      case Tag.Class:
        if (major >= 49) type = types.named('java/lang/Class');
        break;
      case Tag.MethodHandle:
        if (major >= 51) type = types.named('java/lang/invoke/MethodHandle');
        break;
      case Tag.MethodType:
        if (major >= 51) type = types.named('java/lang/invoke/MethodType');
        break;
      case Tag.Dynamic: {
        const { descriptor } = pool.dynamic(index);
        if (major >= 55) type = types.ofDescriptor(descriptor);
        break;
      }
      default:
        break;
    }
    if (type === Type.Top || wide !== (type === Type.Long || type === Type.Double)) throw this.badConstant(index);
    this.pushValue(type);
  }

  private executeField(op: number, index: number): void {
    const { pool, types } = this;
    if (pool.tag(index) !== Tag.Fieldref) throw this.badConstant(index);
    const { className, name, descriptor } = pool.memberRef(index);
    const type = types.ofDescriptor(descriptor);
    if (op === Op.getstatic) {
      this.pushValue(type);
      return;
    }
    if (op === Op.putstatic) {
      this.pop(type);
      return;
    }
    const owner = types.named(className);
    if (op === Op.putfield) {
      this.pop(type);
      // A constructor may set its class's own fields before it calls another.
      if (this.isInit && this.depth > 0 && this.stack[this.depth - 1] === Type.UninitializedThis) {
        const own =
          className === this.classFile.name &&
          this.classFile.fields.some((field) => field.name === name && field.descriptor === descriptor);
        if (own) {
          this.popSlot();
          return;
        }
      }
      this.wantedBy = index;
      const object = this.pop(owner, this.infers ? BAD_OPERAND : 'Bad type on operand stack in putfield');
      this.wantedBy = 0;
      this.checkProtected(object, className, name, descriptor, false, 'putfield');
      return;
    }
    const object = this.pop(owner);
    this.checkProtected(object, className, name, descriptor, false, 'getfield');
    this.pushValue(type);
  }

  /** A protected member inherited from another package is only for objects of the current class (JVMS 4.10.1.8). */
  private checkProtected(
    object: number,
    className: string,
    name: string,
    descriptor: string,
    isMethod: boolean,
    where: string,
  ): void {
    if (className === this.classFile.name || className.charCodeAt(0) === 0x5b) return;
    if (!this.superclasses().has(className)) return;
    // Arrays have a public clone.
    if (isMethod && name === 'clone' && className === 'java/lang/Object' && this.types.isArray(object)) return;
    // In this order, as the second may load a class that nothing else needs.
    if (!this.types.world.isProtectedElsewhere(className, name, descriptor, isMethod)) return;
    if (this.types.isAssignable(object, this.thisType)) return;
    throw this.typeError(`Bad access to protected data in ${where}`, object, Place.Stack, this.depth, this.thisType);
  }

  private superclasses(): Set<string> {
    if (this.supers === undefined) {
      this.supers = new Set();
      for (let name = this.classFile.superName; name !== null; name = this.types.world.superName(name)) {
        this.supers.add(name);
      }
    }
    return this.supers;
  }

  private executeInvoke(op: number, at: number, index: number): void {
    const { pool, types, code } = this;
    const tag = pool.tag(index);
    const { major } = this.classFile;
    let fits: boolean;
    if (op === Op.invokevirtual) fits = tag === Tag.Methodref;
    else if (op === Op.invokeinterface) fits = tag === Tag.InterfaceMethodref;
    else if (op === Op.invokedynamic) fits = tag === Tag.InvokeDynamic;
    else fits = tag === Tag.Methodref || (tag === Tag.InterfaceMethodref && major >= 52);
    if (op === Op.invokedynamic && major < 51) {
      throw this.error(
        `invokedynamic instructions not supported by this class file version (${major}), class ${this.classFile.name}`,
        CODE_ERROR,
      );
    }
    if (!fits) throw this.badConstant(index);
    const descriptor = pool.memberDescriptor(index);
    const { parameters, returnType, argumentSlots } = parseMethodDescriptor(descriptor);
    if (op === Op.invokedynamic) {
      const { name } = pool.dynamic(index);
      if (code[at + 3] !== 0 || code[at + 4] !== 0) {
        throw this.error('Third and fourth operand bytes of invokedynamic must be zero', CODE_ERROR);
      }
      if (name.startsWith('<')) throw this.error('Illegal call to internal method', CODE_ERROR);
      for (let i = parameters.length - 1; i >= 0; i--) this.pop(types.ofDescriptor(parameters[i]));
      this.pushValue(types.ofDescriptor(returnType));
      return;
    }
    const { className, name } = pool.memberRef(index);
    if (op === Op.invokeinterface) {
      if (code[at + 3] !== argumentSlots + 1) {
        throw this.error('Inconsistent args count operand in invokeinterface', CODE_ERROR);
      }
      if (code[at + 4] !== 0) throw this.error('Fourth operand byte of invokeinterface must be zero', CODE_ERROR);
    }
    const isConstructor = name === '<init>';
    if (name.startsWith('<') && !(isConstructor && op === Op.invokespecial)) {
      throw this.error(this.infers && isConstructor ? INIT_NOT_SPECIAL : 'Illegal call to internal method', CODE_ERROR);
    }
    if (op === Op.invokespecial && !isConstructor) this.checkSpecialOwner(className, tag === Tag.InterfaceMethodref);
    for (let i = parameters.length - 1; i >= 0; i--) this.pop(types.ofDescriptor(parameters[i]));
    if (op === Op.invokespecial) {
      if (isConstructor) {
        this.executeInit(className, descriptor);
        return;
      }
      this.pop(this.thisType);
    } else if (op !== Op.invokestatic) {
      const object = this.pop(types.named(className));
      if (op === Op.invokevirtual) this.checkProtected(object, className, name, descriptor, true, 'invokevirtual');
    }
    this.pushValue(types.ofDescriptor(returnType));
  }

  private checkSpecialOwner(className: string, isInterface: boolean): void {
    const { classFile } = this;
    if (className === classFile.name || className === classFile.superName) return;
    if (classFile.interfaces.includes(className)) return;
    // To an interface anything is assignable; that it is no class is found when the method is resolved.
    if (!isInterface && (this.superclasses().has(className) || this.types.world.isInterface(className))) return;
    if (isInterface && this.isIndirectInterface(className)) {
      throw this.error(
        'Bad invokespecial instruction: interface method reference is in an indirect superinterface.',
        CODE_ERROR,
      );
    }
    throw this.error("Bad invokespecial instruction: current class isn't assignable to reference class.", CODE_ERROR);
  }

  private isIndirectInterface(className: string): boolean {
    const { world } = this.types;
    return world.isInterface(className) && world.isAssignable(this.classFile.name, className);
  }

  private executeInit(className: string, descriptor: string): void {
    const { types, pool, code } = this;
    if (parseMethodDescriptor(descriptor).returnType !== 'V') {
      throw this.error('Return type must be void in <init> method', CODE_ERROR);
    }
    const type = this.popSlot();
    if (type === Type.UninitializedThis) {
      if (className !== this.classFile.name && className !== this.classFile.superName) {
        throw this.typeError('Bad <init> method call', types.named(className), Place.Nowhere, 0, this.thisType);
      }
      this.initialize(type, this.thisType);
      this.thisUninitialized = false;
      return;
    }
    if ((type & TYPE_MASK) !== Type.Uninitialized) {
      throw this.typeError('Bad operand type when invoking <init>', type, Place.Stack, this.depth, UNINITIALIZED);
    }
    const created = pool.className(codeU2(code, (type >> TYPE_SHIFT) + 1));
    if (created !== className) {
      const index = codeU2(code, (type >> TYPE_SHIFT) + 1);
      throw this.error(
        'Call to wrong <init> method',
        `Type '${created}' (constant pool ${index}) is not assignable to '${className}' ` +
          `(constant pool ${codeU2(code, this.at + 1)})`,
      );
    }
    const world = types.world;
    if (
      this.superclasses().has(className) &&
      className !== this.classFile.name &&
      world.isProtectedElsewhere(className, '<init>', descriptor, true)
    ) {
      throw this.error('Bad access to protected <init> method', CODE_ERROR);
    }
    this.initialize(type, types.named(created));
  }
}

/** Said of an instruction that the end of the code cuts off. */
export const CUT_INSTRUCTION = 'Bad instruction at the end of the code';
/** Added to a wanted type that the method's own descriptor asks for; beyond any type's number. */
export const FROM_SIGNATURE = 0x40000000;
/** What the reason says when the fault is in the code itself, not in a type. */
export const CODE_ERROR = 'Error exists in the bytecode';
const INIT_NOT_SPECIAL = 'Must call initializers using invokespecial';
const BAD_OPERAND = 'Bad type on operand stack';

/** Wanted "types" that only messages need. */
export const SINGLE = 0x10 | Type.AnyReference;
/** See SINGLE. */
export const ANY_ARRAY = 0x20 | Type.AnyReference;
/** See SINGLE. */
export const UNINITIALIZED = 0x30 | Type.AnyReference;

const LOCAL_TYPES = [Type.Int, Type.Long, Type.Float, Type.Double, Type.AnyReference];
const ELEMENT_TYPES = [Type.Int, Type.Long, Type.Float, Type.Double, Type.AnyReference, Type.Int, Type.Int, Type.Int];
const ELEMENT_REFERENCE = 4;

function isSecond(type: number): boolean {
  return type === Type.Long2 || type === Type.Double2;
}

function dimensionsOf(name: string): number {
  let count = 0;
  while (name.charCodeAt(count) === 0x5b) count++;
  return count;
}
