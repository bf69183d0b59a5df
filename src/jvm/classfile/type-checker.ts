/**
 * Verification by type checking (JVMS 4.10.1): one pass over the code, with the frames of StackMapTable at every place
 * that is reached otherwise than from the instruction before.
 */
import { ClassFileError, formatError } from './errors.js';
import { externalMethod } from './external-names.js';
import { codeS2, codeS4, Format, instructionLength, isBranch, OP_FORMATS, switchTargets } from './instructions.js';
import { ANY_ARRAY, CODE_ERROR, CUT_INSTRUCTION, MethodVerifier, Place, UNINITIALIZED } from './method-verifier.js';
import { Op } from './opcodes.js';
import { decodeStackMaps, type StackFrame } from './stack-maps.js';

import { describeWanted, errorDetails } from './verify-error-details.js';

/** Checks one method by its StackMapTable. */
export class TypeChecker extends MethodVerifier {
  private frames: StackFrame[] = [];
  /** Index into `frames` by bytecode index, -1 for none. */
  private frameAt = new Int32Array(0);
  /** The recorded frame that the current one was compared with, for messages. */
  private comparedWith: StackFrame | undefined;
  /** The stack of the exception handler compared with, for messages. */
  private caught: Int32Array | undefined;

  protected override get infers(): boolean {
    return false;
  }

  override verify(): void {
    this.findStarts();
    const { code, types, maxLocals, maxStack, starts, pool } = this;
    const entry = this.entryFrame();
    this.use(entry);
    this.checkExceptionTable();
    this.checkLocalVariableTable();
    const body = this.target.code.stackMapTable;
    if (body !== undefined) {
      this.frames = decodeStackMaps(body, entry, {
        pool,
        types,
        code,
        starts,
        maxLocals,
        maxStack,
        badOffset: (offset) => this.badOffset(offset),
        inMethod: ` in method '${externalMethod(this.classFile.name, this.method)}'`,
      });
    }
    this.frameAt = new Int32Array(code.length).fill(-1);
    for (let i = 0; i < this.frames.length; i++) this.frameAt[this.frames[i].offset] = i;

    const guarded = this.exceptions.length > 0;
    let reachable = true;
    let next = 0;
    let handlersChecked = false;
    for (let at = 0; at < code.length; ) {
      this.at = at;
      this.depthBefore = this.depth;
      const op = code[at];
      if (next < this.frames.length && this.frames[next].offset <= at) {
        const frame = this.frames[next];
        if (reachable) this.match(frame, 'Instruction type does not match stack map');
        this.use(frame);
        this.depthBefore = this.depth;
        reachable = true;
        next++;
        handlersChecked = false;
      } else if (!reachable) {
        const more = next < this.frames.length;
        throw this.error(
          'Expecting a stack map frame',
          more ? 'Expected stackmap frame at this location.' : CODE_ERROR,
        );
      }
      if (guarded) {
        if (!handlersChecked || this.rangeStarts(at)) this.checkHandlers(at);
        handlersChecked = !changesLocals(op);
      }
      reachable = this.checkInstruction(at, op);
      at += instructionLength(code, at);
    }
    this.at = code.length;
    if (reachable) throw this.error('Control flow falls through code end', CODE_ERROR);
  }

  /** Makes `frame` the current frame. */
  private use(frame: StackFrame): void {
    this.locals.set(frame.locals);
    this.stack.set(frame.stack);
    this.depth = frame.stack.length;
    this.thisUninitialized = frame.thisUninitialized;
  }

  /** Applies one instruction; returns whether control goes on to the next. */
  private checkInstruction(at: number, op: number): boolean {
    const { code } = this;
    if (op === Op.jsr || op === Op.jsr_w || op === Op.ret || (op === Op.wide && code[at + 1] === Op.ret)) {
      throw this.error(`Bad instruction: ${op.toString(16)}`, CODE_ERROR);
    }
    this.execute(at);
    if (isBranch(op)) {
      this.branchTo(at + (OP_FORMATS[op] === Format.BranchWide ? codeS4(code, at + 1) : codeS2(code, at + 1)));
      return op !== Op.goto && op !== Op.goto_w;
    }
    if (op === Op.tableswitch || op === Op.lookupswitch) {
      for (const target of switchTargets(code, at)) this.branchTo(target);
      return false;
    }
    return !((op >= Op.ireturn && op <= Op.return) || op === Op.athrow);
  }

  private branchTo(target: number): void {
    const index = target >= 0 && target < this.code.length ? this.frameAt[target] : -1;
    if (index < 0) {
      throw this.error(
        `Expecting a stackmap frame at branch target ${target}`,
        'Expected stackmap frame at this location.',
      );
    }
    this.match(this.frames[index], `Inconsistent stackmap frames at branch target ${target}`);
  }

  /** Checks that the current frame is assignable to a recorded one. */
  private match(frame: StackFrame, message: string): void {
    this.comparedWith = frame;
    if (this.depth !== frame.stack.length) {
      throw this.error(message, "Current frame's stack size doesn't match stackmap.");
    }
    this.matchLocals(frame, message);
    for (let i = 0; i < this.depth; i++) {
      if (!this.types.isAssignable(this.stack[i], frame.stack[i])) {
        throw this.typeError(message, this.stack[i], Place.Stack, i, frame.stack[i]);
      }
    }
    this.matchFlags(frame, message);
    this.comparedWith = undefined;
  }

  private matchLocals(frame: StackFrame, message: string): void {
    const { locals, types } = this;
    const size = frame.localsSize;
    for (let i = 0; i < size; i++) {
      if (locals[i] !== frame.locals[i] && !types.isAssignable(locals[i], frame.locals[i])) {
        throw this.typeError(message, locals[i], Place.Local, i, frame.locals[i]);
      }
    }
  }

  private matchFlags(frame: StackFrame, message: string): void {
    if (this.thisUninitialized && !frame.thisUninitialized) {
      throw this.error(message, "Current frame's flags are not assignable to stack map frame's.");
    }
  }

  private rangeStarts(at: number): boolean {
    for (const entry of this.exceptions) if (entry.startPc === at) return true;
    return false;
  }

  private checkHandlers(at: number): void {
    for (const { startPc, endPc, handlerPc, catchType } of this.exceptions) {
      if (at < startPc || at >= endPc) continue;
      const message = `Stack map does not match the one at exception handler ${handlerPc}`;
      const frame = this.frames[this.frameAt[handlerPc]];
      if (frame === undefined) {
        throw this.error(
          `Expecting a stackmap frame at branch target ${handlerPc}`,
          'Expected stackmap frame at this location.',
        );
      }
      this.comparedWith = frame;
      if (this.maxStack < 1) throw this.error('Operand stack overflow', 'Exceeded max stack size.');
      const caught = catchType === 0 ? this.types.throwable : this.types.named(this.pool.className(catchType));
      this.caught = Int32Array.of(caught);
      this.matchLocals(frame, message);
      if (frame.stack.length !== 1) {
        throw this.error(message, "Current frame's stack size doesn't match stackmap.");
      }
      if (!this.types.isAssignable(caught, frame.stack[0])) {
        throw this.typeError(message, caught, Place.Stack, 0, frame.stack[0]);
      }
      this.matchFlags(frame, message);
      this.comparedWith = undefined;
      this.caught = undefined;
    }
  }

  private checkExceptionTable(): void {
    const { starts, code, types } = this;
    for (const { startPc, endPc, handlerPc, catchType } of this.exceptions) {
      if (starts[startPc] === 0) throw this.plainError(`Illegal exception table start_pc ${startPc}`);
      if (endPc !== code.length && starts[endPc] === 0) {
        throw this.plainError(`Illegal exception table end_pc ${endPc}`);
      }
      if (starts[handlerPc] === 0) throw this.plainError(`Illegal exception table handler_pc ${handlerPc}`);
      if (catchType !== 0) {
        const type = types.named(this.pool.className(catchType));
        if (!types.isAssignable(type, types.throwable)) {
          this.at = handlerPc;
          throw this.typeError(
            `Catch type is not a subclass of Throwable in exception handler ${handlerPc}`,
            type,
            Place.ConstantPool,
            catchType,
            types.throwable,
          );
        }
      }
    }
    this.at = 0;
  }

  private checkLocalVariableTable(): void {
    const { starts, code } = this;
    for (const { startPc, length } of this.target.code.localVariables()) {
      if (starts[startPc] === 0) throw this.plainError(`Illegal local variable table start_pc ${startPc}`);
      if (startPc + length !== code.length && starts[startPc + length] === 0) {
        throw this.plainError(`Illegal local variable table length ${length}`);
      }
    }
  }

  private badOffset(offset: number): Error {
    const details = errorDetails({
      target: this.target,
      location: 0,
      at: offset,
      reason: 'Invalid stackmap specification.',
      locals: this.locals,
      stack: this.stack.subarray(0, 0),
      thisUninitialized: this.thisUninitialized,
      frame: undefined,
    });
    return new ClassFileError('VerifyError', `StackMapTable error: bad offset\n${details}`);
  }

  private plainError(message: string): Error {
    return formatError(`${message} in method '${externalMethod(this.classFile.name, this.method)}'`);
  }

  protected override error(message: string, reason: string): Error {
    const shown = message === CUT_INSTRUCTION ? 'Bad instruction' : message;
    const details = errorDetails({
      target: this.target,
      location: reason.startsWith('Type') ? (this.comparedWith?.offset ?? this.at) : this.at,
      at: this.at,
      reason,
      locals: this.locals,
      stack: this.caught ?? this.stack.subarray(0, Math.max(this.depth, this.depthBefore)),
      thisUninitialized: this.thisUninitialized,
      frame: this.comparedWith,
    });
    return new ClassFileError('VerifyError', `${shown}\n${details}`, this.target.code.codeOffset + this.at);
  }

  protected override typeError(message: string, actual: number, place: Place, index: number, wanted: number): Error {
    const where = describePlace(place, index);
    const inFrame = this.comparedWith !== undefined && (place === Place.Local || place === Place.Stack);
    const there = inFrame ? describePlace(place === Place.Local ? Place.FrameLocal : Place.FrameStack, index) : '';
    const type = this.types.describe(actual);
    if (wanted === ANY_ARRAY || wanted === UNINITIALIZED) return this.error(message, `Invalid type: ${type}${where}`);
    const source = this.wantedBy === 0 ? '' : describePlace(Place.ConstantPool, this.wantedBy);
    const expected = `${describeWanted(this.types, wanted)}${source}`;
    return this.error(message, `Type ${type}${where} is not assignable to ${expected}${there}`);
  }
}

function describePlace(place: Place, index: number): string {
  switch (place) {
    case Place.Local:
      return ` (current frame, locals[${index}])`;
    case Place.Stack:
      return ` (current frame, stack[${index}])`;
    case Place.FrameLocal:
      return ` (stack map, locals[${index}])`;
    case Place.FrameStack:
      return ` (stack map, stack[${index}])`;
    case Place.ConstantPool:
      return ` (constant pool ${index})`;
    default:
      return '';
  }
}

/** Whether a handler's view of the locals may differ after this instruction: stores, and calls of constructors. */
function changesLocals(op: number): boolean {
  return (
    (op >= Op.istore && op <= Op.astore_3) ||
    op === Op.wide ||
    op === Op.invokespecial ||
    op === Op.new ||
    op === Op.ret
  );
}
