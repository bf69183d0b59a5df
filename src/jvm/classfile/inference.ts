/**
 * Verification by type inference (JVMS 4.10.2), for class files older than StackMapTable: the types at the start of each
 * basic block are merged from all paths until nothing changes.
 *
 * Subroutines are analysed once for each chain of jsr instructions they are active in, as if they were copied into their
 * callers. That decides exactly which locals a subroutine leaves alone, at the price of a limit on how many states there
 * may be.
 */
import { ClassFileError } from './errors.js';
import {
  codeS2,
  codeS4,
  codeU2,
  Format,
  instructionLength,
  isBranch,
  OP_FORMATS,
  OP_NAMES,
  switchTargets,
} from './instructions.js';
import { ANY_ARRAY, CUT_INSTRUCTION, MethodVerifier, Place, SINGLE, UNINITIALIZED } from './method-verifier.js';
import { Op } from './opcodes.js';
import { TYPE_MASK, TYPE_SHIFT, Type } from './verification-types.js';

const NO_OBJECT = 'Expecting to find object/array on stack';

/** More (block, chain) states than any compiler makes. */
const MOST_STATES = 1 << 16;

interface State {
  readonly locals: Int32Array;
  readonly stack: Int32Array;
  thisUninitialized: boolean;
  waiting: boolean;
  readonly at: number;
  readonly chain: readonly number[];
}

/** Verifies one method without StackMapTable. */
export class InferenceVerifier extends MethodVerifier {
  private readonly states = new Map<string, State>();
  private readonly work: State[] = [];
  private leaders = new Uint8Array(0);
  /** Entries of the subroutines that every path found so far to a block is inside of. */
  private readonly enclosing = new Map<number, readonly number[]>();

  protected override get infers(): boolean {
    return true;
  }

  override verify(): void {
    this.findStarts();
    this.findLeaders();
    const entry = this.entryFrame();
    this.locals.set(entry.locals);
    this.depth = 0;
    this.thisUninitialized = entry.thisUninitialized;
    this.flow(0, []);
    for (let state = this.work.pop(); state !== undefined; state = this.work.pop()) this.runBlock(state);
  }

  private findLeaders(): void {
    const { code, starts, pool, types } = this;
    const leaders = new Uint8Array(code.length + 1);
    const mark = (target: number, message: string) => {
      if (target < 0 || target >= code.length || starts[target] === 0) throw this.error(message, '');
      leaders[target] = 1;
    };
    for (let at = 0; at < code.length; at += instructionLength(code, at)) {
      this.at = at;
      const op = code[at];
      if (isBranch(op)) mark(this.branchTarget(at, op), 'Illegal target of jump or branch');
      else if (op === Op.tableswitch || op === Op.lookupswitch) {
        for (const target of switchTargets(code, at)) mark(target, 'Illegal target of jump or branch');
      }
    }
    for (const { startPc, endPc, handlerPc, catchType } of this.exceptions) {
      mark(startPc, 'Illegal exception table range');
      if (endPc !== code.length) mark(endPc, 'Illegal exception table range');
      mark(handlerPc, 'Illegal exception table handler');
      if (catchType === 0) continue;
      const type = types.named(pool.className(catchType));
      if (!types.isAssignable(type, types.throwable)) {
        throw this.error('catch_type not a subclass of Throwable', '');
      }
    }
    this.leaders = leaders;
  }

  private branchTarget(at: number, op: number): number {
    const { code } = this;
    return at + (OP_FORMATS[op] === Format.BranchWide ? codeS4(code, at + 1) : codeS2(code, at + 1));
  }

  /** The sites of `chain` whose return address is still in the current frame. */
  private liveChain(chain: readonly number[]): readonly number[] {
    if (chain.length === 0) return chain;
    return chain.filter((site) => {
      const address = (site << TYPE_SHIFT) | Type.Address;
      return this.locals.includes(address) || this.stack.subarray(0, this.depth).includes(address);
    });
  }

  /** Merges the current frame into the state at `target`. */
  private flow(target: number, chainBefore: readonly number[]): void {
    const { types } = this;
    if (target >= this.code.length) throw this.error('Falling off the end of the code', '');
    const chain = this.liveChain(chainBefore);
    const entries = chain.map((site) => this.branchTarget(site, this.code[site]));
    this.enclosing.set(target, this.enclosing.get(target)?.filter((entry) => entries.includes(entry)) ?? entries);
    const key = chain.length === 0 ? String(target) : `${target}:${chain.join()}`;
    const state = this.states.get(key);
    if (state === undefined) {
      if (this.states.size >= MOST_STATES) throw this.error('Too many subroutine calls to tell apart', '');
      const fresh = {
        locals: this.locals.slice(),
        stack: this.stack.slice(0, this.depth),
        thisUninitialized: this.thisUninitialized,
        waiting: true,
        at: target,
        chain,
      };
      this.states.set(key, fresh);
      this.work.push(fresh);
      return;
    }
    if (state.stack.length !== this.depth) {
      throw this.error(`Inconsistent stack height ${this.depth} != ${state.stack.length}`, '');
    }
    let changed = false;
    for (let i = 0; i < this.locals.length; i++) {
      const old = state.locals[i];
      if (old === this.locals[i] || old === Type.Top) continue;
      const merged = types.merge(old, this.locals[i]);
      if (merged !== old) {
        state.locals[i] = merged;
        changed = true;
      }
    }
    for (let i = 0; i < this.depth; i++) {
      const old = state.stack[i];
      if (old === this.stack[i]) continue;
      const merged = types.merge(old, this.stack[i]);
      if (merged === Type.Top) throw this.error('Mismatched stack types', '');
      if (merged !== old) {
        state.stack[i] = merged;
        changed = true;
      }
    }
    if (this.thisUninitialized && !state.thisUninitialized) {
      state.thisUninitialized = true;
      changed = true;
    }
    if (changed && !state.waiting) {
      state.waiting = true;
      this.work.push(state);
    }
  }

  private runBlock(state: State): void {
    const { code } = this;
    state.waiting = false;
    this.locals.set(state.locals);
    this.stack.set(state.stack);
    this.depth = state.stack.length;
    this.thisUninitialized = state.thisUninitialized;
    let { chain } = state;
    let handled = false;
    for (let at = state.at; ; ) {
      this.at = at;
      const op = code[at];
      if (this.exceptions.length > 0) {
        if (!handled) this.flowToHandlers(at, chain);
        handled = !(
          (op >= Op.istore && op <= Op.astore_3) ||
          op === Op.wide ||
          op === Op.invokespecial ||
          op === Op.new
        );
      }
      const next = at + instructionLength(code, at);
      if (op === Op.jsr || op === Op.jsr_w) {
        if (chain.includes(at)) {
          const entry = this.branchTarget(at, op);
          if (this.enclosing.get(state.at)?.includes(entry)) throw this.error('Recursive call to jsr entry', '');
          this.forgetAddress(at);
          chain = this.liveChain(chain);
        }
        this.push((at << TYPE_SHIFT) | Type.Address);
        this.flow(this.branchTarget(at, op), [...chain, at]);
        return;
      }
      if (op === Op.ret || (op === Op.wide && code[at + 1] === Op.ret)) {
        this.returnFromSubroutine(op === Op.ret ? code[at + 1] : codeU2(code, at + 2), chain);
        return;
      }
      this.execute(at);
      if (isBranch(op)) {
        this.flow(this.branchTarget(at, op), chain);
        if (op === Op.goto || op === Op.goto_w) return;
      } else if (op === Op.tableswitch || op === Op.lookupswitch) {
        for (const target of switchTargets(code, at)) this.flow(target, chain);
        return;
      } else if ((op >= Op.ireturn && op <= Op.return) || op === Op.athrow) {
        return;
      }
      at = next;
      if (at >= code.length || this.leaders[at] !== 0) {
        this.flow(at, chain);
        return;
      }
    }
  }

  /**
   * The subroutine called at `site` was left by an exception or a jump to where code outside of it goes on, and is called
   * from there again: its old return address is of no use any more.
   */
  private forgetAddress(site: number): void {
    const address = (site << TYPE_SHIFT) | Type.Address;
    for (let i = 0; i < this.maxLocals; i++) if (this.locals[i] === address) this.locals[i] = Type.Top;
    if (this.stack.subarray(0, this.depth).includes(address)) throw this.error('Recursive call to jsr entry', '');
  }

  private returnFromSubroutine(local: number, chain: readonly number[]): void {
    if (local >= this.maxLocals) throw this.error('Illegal local variable number', '');
    const address = this.locals[local];
    if ((address & TYPE_MASK) !== Type.Address) {
      throw this.error(`Register ${local} contains wrong type`, '');
    }
    const site = address >> TYPE_SHIFT;
    if (!chain.includes(site)) throw this.error('Illegal return from subroutine', '');
    for (let i = 0; i < this.maxLocals; i++) if (this.locals[i] === address) this.locals[i] = Type.Top;
    for (let i = 0; i < this.depth; i++) {
      if (this.stack[i] === address) throw this.error('Illegal return from subroutine', '');
    }
    this.flow(site + instructionLength(this.code, site), chain);
  }

  private flowToHandlers(at: number, chain: readonly number[]): void {
    const { stack, depth } = this;
    let replaced = false;
    for (const { startPc, endPc, handlerPc, catchType } of this.exceptions) {
      if (at < startPc || at >= endPc) continue;
      if (this.maxStack < 1) throw this.error('Stack size too large', '');
      if (!replaced) {
        this.stack = stack.slice();
        replaced = true;
      }
      this.stack[0] = catchType === 0 ? this.types.throwable : this.types.named(this.pool.className(catchType));
      this.depth = 1;
      this.flow(handlerPc, chain);
    }
    this.stack = stack;
    this.depth = depth;
  }

  protected override error(message: string, _reason: string): Error {
    const { classFile, method } = this;
    const where = `(class: ${classFile.name}, method: ${method.name} signature: ${method.descriptor})`;
    const offset = this.target.code.codeOffset + this.at;
    const kind = message.startsWith('Illegal exception table') ? 'ClassFormatError' : 'VerifyError';
    return new ClassFileError(kind, `${where} ${this.reword(message)}`, offset);
  }

  private reword(message: string): string {
    if (message === CUT_INSTRUCTION) return `Code stops in the middle of instruction  starting at offset ${this.at}`;
    if (message === 'Bad instruction') return `Illegal instruction found at offset ${this.at}`;
    for (const [start, text] of OLD_MESSAGES) if (message.startsWith(start)) return text;
    return message;
  }

  protected override typeError(message: string, actual: number, place: Place, index: number, wanted: number): Error {
    if (place === Place.Local) {
      const pair = wanted >= Type.Long && wanted <= Type.Double2;
      const unset = actual === Type.Top && (!pair || this.locals[index + 1] === Type.Top);
      if (pair) {
        return this.error(
          unset
            ? `Accessing value from uninitialized register pair ${index}/${index + 1}`
            : `Register pair ${index}/${index + 1} contains wrong type`,
          '',
        );
      }
      return this.error(
        unset ? `Accessing value from uninitialized register ${index}` : `Register ${index} contains wrong type`,
        '',
      );
    }
    if (message.startsWith('Bad type on operand stack in ') && wanted !== ANY_ARRAY) {
      return this.error(
        `Expecting to find array of ${OLD_ARRAYS[OP_NAMES[this.code[this.at]].slice(0, 2)]} on stack`,
        '',
      );
    }
    if (!message.startsWith('Bad type on operand stack')) return this.error(message, '');
    switch (wanted) {
      case Type.Int:
        return this.error('Expecting to find integer on stack', '');
      case Type.Float:
        return this.error('Expecting to find float on stack', '');
      case Type.Long:
      case Type.Long2:
        return this.error('Expecting to find long on stack', '');
      case Type.Double:
      case Type.Double2:
        return this.error('Expecting to find double on stack', '');
      case UNINITIALIZED:
        return this.error('Expecting to find unitialized object on stack', '');
      case SINGLE:
        return this.error('Attempt to split long or double on the stack', '');
      case ANY_ARRAY:
        return this.error('Expecting to find array on stack', '');
      default:
        return this.error((actual & TYPE_MASK) === Type.Object ? this.typeMessage() : NO_OBJECT, '');
    }
  }

  /** What the old verifier says of a reference of the wrong class, by instruction. */
  private typeMessage(): string {
    const op = this.code[this.at];
    switch (op) {
      case Op.getfield:
      case Op.putfield:
        return 'Incompatible type for getting or setting field';
      case Op.putstatic:
        return 'Bad type in putfield/putstatic';
      case Op.invokespecial:
      case Op.invokevirtual:
      case Op.invokeinterface:
        return 'Incompatible object argument for function call';
      case Op.invokestatic:
        return 'Incompatible argument to function';
      case Op.athrow:
        return 'Can only throw Throwable objects';
      default:
        return NO_OBJECT;
    }
  }
}

/** How the old verifier words what begins with these words. */
const OLD_MESSAGES: readonly (readonly [string, string])[] = [
  ['Operand stack overflow', 'Stack size too large'],
  ['Operand stack underflow', 'Unable to pop operand off an empty stack'],
  ['Local variable table overflow', 'Illegal local variable number'],
  ['get long/double overflows locals', 'Illegal local variable number'],
  ['Bad return type', 'Wrong return type in function'],
  ['Method does not expect a return value', 'Wrong return type in function'],
  ['Method expects a return value', 'Wrong return type in function'],
  ['Constructor must call super() or this() before return', 'Constructor must call super() or this()'],
  ['Call to wrong <init> method', 'Call to wrong initialization method'],
  ['Bad <init> method call', 'Call to wrong initialization method'],
  ['Bad operand type when invoking <init>', 'Expecting to find unitialized object on stack'],
  ['Illegal newarray instruction', 'Bad type passed to newarray'],
  ['Illegal new instruction', 'Illegal creation of multi-dimensional array'],
  ['Illegal type at constant pool entry', 'Illegal type in constant pool'],
  ['Illegal constant pool index', 'Illegal constant pool index'],
  ['Illegal dimension', 'Illegal dimension argument'],
  ['Illegal anewarray instruction', 'Array with too many dimensions'],
  ['Bad invokespecial instruction', 'Illegal use of nonvirtual function call'],
  ['Bad access to protected', 'Bad access to protected data'],
  ['Bad lookupswitch instruction', 'Unsorted lookup switch'],
  ['Nonzero padding byte', 'Non zero padding bytes in switch'],
  ['invokedynamic instructions not supported', 'invokedynamic bytecode is not supported in this class file version'],
  ['Inconsistent args count operand', 'Inconsistent args_size for invokeinterface'],
];

/** What the old verifier expects of an array, by the last letters of the instruction. */
const OLD_ARRAYS: Readonly<Record<string, string>> = {
  ia: 'ints',
  la: 'longs',
  fa: 'floats',
  da: 'doubles',
  aa: 'objects or arrays',
  ba: 'bytes or Booleans',
  ca: 'chars',
  sa: 'shorts',
};
