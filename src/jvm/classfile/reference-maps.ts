/**
 * Which locals and operand stack slots of a frame hold references, at any bytecode index: what an exact garbage
 * collector needs to know.
 *
 * Found by abstract interpretation over three kinds of slot (reference, other, return address), for any class version
 * and without StackMapTable. The first query analyses the method and keeps the state at the start of each basic block;
 * a query replays its block up to the bytecode index asked for. Where paths disagree a slot is no reference: verified code
 * cannot use it as one any more.
 *
 * Subroutines (jsr/ret) are analysed once for each chain of calls they are active in: a local may hold a reference for
 * one caller and a number for another, both needed again after `ret`, so no single answer would do. Which chain a frame
 * is in is told by the return addresses in it, so such a query takes a reader of the frame.
 *
 * Meant for verified code; where the code is impossible all the same, ClassFileError (VerifyError) is thrown.
 */
import type { Code } from './code.js';
import type { ConstantPool } from './constant-pool.js';
import { Tag } from './constants.js';
import { parseMethodDescriptor, slotsOf } from './descriptors.js';
import { ClassFileError } from './errors.js';
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
  switchTargets,
} from './instructions.js';
import { OP_COUNT, Op } from './opcodes.js';

/** Reads a frame's return addresses: the bytecode index after the jsr, from a slot known to hold one. */
export interface FrameReader {
  local(index: number): number;
  /** `index` counts slots from the bottom of the operand stack. */
  stack(index: number): number;
}

/** The map before one instruction. A long or double fills two slots, neither a reference. */
export interface ReferenceMap {
  /** Operand stack depth in slots. */
  readonly depth: number;
  /** Indexes of the locals that hold references, ascending. */
  readonly localRefs: readonly number[];
  /** Slots of the operand stack that hold references, from the bottom (0), ascending. */
  readonly stackRefs: readonly number[];
}

/** Slot kinds; from FirstSite on: the return address of jsr site `kind - FirstSite`. */
const enum Kind {
  Other = 0,
  Ref = 1,
  FirstSite = 2,
}

const enum Push {
  Nothing = 0,
  OneOther = 1,
  TwoOther = 2,
  Ref = 3,
  Special = 4,
}

function letterSlots(letters: string): number {
  let slots = 0;
  for (const letter of letters) slots += letter === 'J' || letter === 'D' ? 2 : 1;
  return slots;
}

const POP_SLOTS = Uint8Array.from(OP_POPS, letterSlots);
const PUSHES = Uint8Array.from(OP_PUSHES, (pushes, op) => {
  if (pushes.includes('?') || OP_POPS[op].includes('?') || pushes === 'R') return Push.Special;
  if (pushes === '') return Push.Nothing;
  if (pushes === 'A') return Push.Ref;
  return letterSlots(pushes) === 2 ? Push.TwoOther : Push.OneOther;
});

/** Different (block, chain) states one method may have; only a file written to explode has more. */
const MOST_STATES = 1 << 16;
/** Slots of all states together, 256 MiB: sixty times what the largest methods of generated parsers need. */
const MOST_SLOTS = 1 << 27;

function impossible(bci: number, what: string): ClassFileError {
  return new ClassFileError('VerifyError', `${what} at bytecode index ${bci}`);
}

/** The reference maps of one method. */
export class MethodReferenceMaps {
  private readonly slots: number;
  private readonly maxLocals: number;
  private readonly code: Uint8Array;
  /** 1 where a basic block starts. */
  private leaders: Uint8Array | undefined;
  /** Index of a block's state outside subroutines, by bytecode index; -1 for none. */
  private readonly plain: Int32Array;
  /** States inside subroutines, by bytecode index: pairs of chain and state index. */
  private readonly inside = new Map<number, number[]>();
  private states: Uint16Array;
  private depths: number[] = [];
  /** Active jsr sites (bytecode indexes in `sites`), by chain number; 0 is the empty chain. */
  private readonly chains: number[][] = [[]];
  private readonly chainNumbers = new Map<string, number>([['', 0]]);
  /** The jsr instructions met: bytecode index of the next instruction. */
  private readonly sites: number[] = [];
  private readonly siteAt = new Map<number, number>();
  private readonly work: number[] = [];
  // The state being interpreted.
  private readonly now: Uint16Array;
  private depth = 0;

  constructor(
    private readonly method: Code,
    private readonly pool: ConstantPool,
    private readonly descriptor: string,
    private readonly isStatic: boolean,
  ) {
    this.code = method.bytes;
    this.maxLocals = method.maxLocals;
    this.slots = method.maxLocals + method.maxStack;
    this.now = new Uint16Array(this.slots);
    this.states = new Uint16Array(this.slots * 8);
    this.plain = new Int32Array(method.bytes.length).fill(-1);
  }

  /**
   * The map before the instruction at `bci`. `frame` is asked only inside subroutines called from several places.
   * Throws ClassFileError (VerifyError) where `bci` is not the start of a reachable instruction.
   */
  at(bci: number, frame?: FrameReader): ReferenceMap {
    this.replayTo(bci, frame);
    const { now, maxLocals, depth } = this;
    const localRefs: number[] = [];
    const stackRefs: number[] = [];
    for (let i = 0; i < maxLocals; i++) if (now[i] === Kind.Ref) localRefs.push(i);
    for (let i = 0; i < depth; i++) if (now[maxLocals + i] === Kind.Ref) stackRefs.push(i);
    return { depth, localRefs, stackRefs };
  }

  /** Indexes of the locals that hold references before `bci`. */
  localRefs(bci: number, frame?: FrameReader): readonly number[] {
    return this.at(bci, frame).localRefs;
  }

  /** Operand stack slots, from the bottom, that hold references before `bci`. */
  stackRefs(bci: number, frame?: FrameReader): readonly number[] {
    return this.at(bci, frame).stackRefs;
  }

  /** Depth of the operand stack in slots before `bci`; the same whatever the subroutine chain. */
  stackDepth(bci: number): number {
    const start = this.blockOf(bci);
    const state = this.plain[start] >= 0 ? this.plain[start] : (this.inside.get(start)?.[1] ?? -1);
    if (state < 0) throw impossible(bci, 'No path leads to the instruction');
    this.replay(start, state, bci);
    return this.depth;
  }

  /** Whether any path leads to the basic block of `bci`. */
  isReachable(bci: number): boolean {
    const start = this.blockOf(bci);
    return this.plain[start] >= 0 || this.inside.has(start);
  }

  private blockOf(bci: number): number {
    if (this.leaders === undefined) this.analyse();
    const leaders = this.leaders as unknown as Uint8Array;
    let start = bci;
    while (start > 0 && leaders[start] === 0) start--;
    return start;
  }

  private replayTo(bci: number, frame: FrameReader | undefined): void {
    const start = this.blockOf(bci);
    const plain = this.plain[start];
    const inside = this.inside.get(start);
    if (inside === undefined) {
      if (plain === undefined || plain < 0) throw impossible(bci, 'No path leads to the instruction');
      this.replay(start, plain, bci);
      return;
    }
    if (inside.length === 2 && plain < 0) {
      this.replay(start, inside[1], bci);
      return;
    }
    if (frame === undefined) throw impossible(bci, 'The map inside a subroutine depends on the frame');
    // The longest chain that the frame's return addresses agree with; the plain state agrees with every frame.
    let best = plain;
    let bestLength = -1;
    for (let i = 0; i < inside.length; i += 2) {
      const length = this.chains[inside[i]].length;
      if (length <= bestLength) continue;
      this.replay(start, inside[i + 1], bci);
      if (!this.agrees(this.chains[inside[i]], frame)) continue;
      best = inside[i + 1];
      bestLength = length;
    }
    if (best < 0) throw impossible(bci, 'No subroutine call agrees with the frame');
    this.replay(start, best, bci);
  }

  /** Whether every site of `chain` that the current state still names has its return address in the frame. */
  private agrees(chain: readonly number[], frame: FrameReader): boolean {
    const { now, maxLocals } = this;
    for (const site of chain) {
      for (let i = 0; i < maxLocals + this.depth; i++) {
        if (now[i] !== site + Kind.FirstSite) continue;
        const address = i < maxLocals ? frame.local(i) : frame.stack(i - maxLocals);
        if (address !== this.sites[site]) return false;
      }
    }
    return true;
  }

  private load(state: number): void {
    const { now, states, slots } = this;
    const base = state * slots;
    for (let i = 0; i < slots; i++) now[i] = states[base + i];
    this.depth = this.depths[state];
  }

  private replay(start: number, state: number, bci: number): void {
    this.load(state);
    let at = start;
    while (at < bci) {
      this.step(at);
      at += instructionLength(this.code, at);
    }
    if (at !== bci) throw impossible(bci, 'No instruction starts');
  }

  private findLeaders(): void {
    const { code, method } = this;
    const leaders = new Uint8Array(code.length + 1);
    const mark = (target: number, from: number) => {
      if (target < 0 || target >= code.length) throw impossible(from, 'Branch out of the code');
      leaders[target] = 1;
    };
    leaders[0] = 1;
    for (let at = 0; at < code.length; ) {
      const op = code[at];
      const length = instructionLength(code, at);
      if (length === 0) throw impossible(at, 'No instruction');
      if (isBranch(op)) {
        mark(at + (OP_FORMATS[op] === Format.BranchWide ? codeS4(code, at + 1) : codeS2(code, at + 1)), at);
        leaders[at + length] = 1;
      } else if (op === Op.tableswitch || op === Op.lookupswitch) {
        for (const target of switchTargets(code, at)) mark(target, at);
        leaders[at + length] = 1;
      }
      at += length;
    }
    for (const { startPc, endPc, handlerPc } of method.exceptions) {
      leaders[startPc] = 1;
      if (endPc < code.length) leaders[endPc] = 1;
      leaders[handlerPc] = 1;
    }
    this.leaders = leaders;
  }

  private analyse(): void {
    this.findLeaders();
    const { now } = this;
    let slot = 0;
    if (!this.isStatic) now[slot++] = Kind.Ref;
    for (const parameter of parseMethodDescriptor(this.descriptor).parameters) {
      const first = parameter.charCodeAt(0);
      if (first === 0x4c || first === 0x5b) now[slot] = Kind.Ref;
      slot += slotsOf(parameter);
    }
    if (slot > this.maxLocals) throw impossible(0, "Arguments can't fit into locals");
    this.depth = 0;
    this.flow(0, 0, 0);
    while (this.work.length > 0) {
      const chain = this.work.pop() as number;
      const at = this.work.pop() as number;
      this.runBlock(at, chain);
    }
  }

  private stateOf(at: number, chain: number): number {
    if (chain === 0) return this.plain[at];
    const list = this.inside.get(at);
    if (list !== undefined) {
      for (let i = 0; i < list.length; i += 2) if (list[i] === chain) return list[i + 1];
    }
    return -1;
  }

  /** The number of the chain of those `sites` whose return address the state still holds. */
  private chainOf(sites: readonly number[]): number {
    if (sites.length === 0) return 0;
    const live = sites.filter((site) => {
      for (let i = 0; i < this.maxLocals + this.depth; i++) {
        if (this.now[i] === site + Kind.FirstSite) return true;
      }
      return false;
    });
    const key = live.join();
    let number = this.chainNumbers.get(key);
    if (number === undefined) {
      number = this.chains.length;
      this.chains.push(live);
      this.chainNumbers.set(key, number);
    }
    return number;
  }

  /** Merges the current state into that of the block at `target`, and has the block run again if that changed it. */
  private flow(from: number, target: number, chainBefore: number): void {
    if (target < 0 || target >= this.code.length) throw impossible(from, 'Control flow falls through code end');
    const chain = chainBefore === 0 ? 0 : this.chainOf(this.chains[chainBefore]);
    const { now, slots, maxLocals, depth } = this;
    const state = this.stateOf(target, chain);
    if (state < 0) {
      this.addState(target, chain);
      this.work.push(target, chain);
      return;
    }
    if (this.depths[state] !== depth) throw impossible(target, 'Stack depths differ');
    const base = state * slots;
    const end = maxLocals + depth;
    let changed = false;
    for (let i = 0; i < end; i++) {
      const old = this.states[base + i];
      if (old !== now[i] && old !== Kind.Other) {
        this.states[base + i] = Kind.Other;
        changed = true;
      }
    }
    if (changed) this.work.push(target, chain);
  }

  private addState(at: number, chain: number): void {
    const { slots, now } = this;
    const state = this.depths.length;
    if (state >= MOST_STATES || (state + 1) * slots > MOST_SLOTS) throw impossible(at, 'Too many states to tell apart');
    if ((state + 1) * slots > this.states.length) {
      const bigger = new Uint16Array(this.states.length * 2);
      bigger.set(this.states);
      this.states = bigger;
    }
    this.states.set(now, state * slots);
    this.depths.push(this.depth);
    if (chain === 0) {
      this.plain[at] = state;
      return;
    }
    const list = this.inside.get(at);
    if (list === undefined) this.inside.set(at, [chain, state]);
    else list.push(chain, state);
  }

  private runBlock(start: number, chain: number): void {
    const { code } = this;
    const leaders = this.leaders as Uint8Array;
    const guarded = this.method.exceptions.length > 0;
    this.load(this.stateOf(start, chain));
    let localsChanged = true;
    for (let at = start; ; ) {
      const op = code[at];
      if (guarded) {
        if (localsChanged) this.flowToHandlers(at, chain);
        localsChanged = OP_FORMATS[op] === Format.Local || OP_FORMATS[op] === Format.Wide || isStore(op);
      }
      const next = at + instructionLength(code, at);
      this.step(at);
      if (isBranch(op)) {
        const target = at + (OP_FORMATS[op] === Format.BranchWide ? codeS4(code, at + 1) : codeS2(code, at + 1));
        if (op === Op.jsr || op === Op.jsr_w) {
          this.call(at, next, target, chain);
          return;
        }
        this.flow(at, target, chain);
        if (op === Op.goto || op === Op.goto_w) return;
      } else if (op === Op.tableswitch || op === Op.lookupswitch) {
        for (const target of switchTargets(code, at)) this.flow(at, target, chain);
        return;
      } else if (op === Op.ret || (op === Op.wide && code[at + 1] === Op.ret)) {
        this.returnFrom(at, op === Op.ret ? code[at + 1] : codeU2(code, at + 2), chain);
        return;
      } else if (op === Op.athrow || (op >= Op.ireturn && op <= Op.return)) {
        return;
      }
      at = next;
      if (at >= code.length || leaders[at] !== 0) {
        this.flow(at, at, chain);
        return;
      }
    }
  }

  /** jsr: step has pushed the return address. */
  private call(at: number, next: number, target: number, chain: number): void {
    const site = this.site(at, next);
    // An older call from here was left by an exception or a jump (the verifier has refused recursion): it is over.
    const sites = [...this.chains[chain].filter((active) => active !== site), site];
    const key = sites.join();
    let number = this.chainNumbers.get(key);
    if (number === undefined) {
      number = this.chains.length;
      this.chains.push(sites);
      this.chainNumbers.set(key, number);
    }
    this.flow(at, target, number);
  }

  private returnFrom(at: number, local: number, chain: number): void {
    const kind = local < this.maxLocals ? this.now[local] : Kind.Other;
    if (kind < Kind.FirstSite) throw impossible(at, 'Bad type in ret');
    // The address is used up: nothing may return to the same call twice.
    for (let i = 0; i < this.slots; i++) if (this.now[i] === kind) this.now[i] = Kind.Other;
    this.flow(at, this.sites[kind - Kind.FirstSite], chain);
  }

  private site(at: number, next: number): number {
    let site = this.siteAt.get(at);
    if (site === undefined) {
      site = this.sites.length;
      this.sites.push(next);
      this.siteAt.set(at, site);
    }
    return site;
  }

  private flowToHandlers(at: number, chain: number): void {
    const { now, maxLocals, depth } = this;
    let saved: Uint16Array | undefined;
    for (const { startPc, endPc, handlerPc } of this.method.exceptions) {
      if (at < startPc || at >= endPc) continue;
      if (this.method.maxStack < 1) throw impossible(handlerPc, 'Operand stack overflow');
      saved ??= now.slice(maxLocals);
      now[maxLocals] = Kind.Ref;
      this.depth = 1;
      this.flow(at, handlerPc, chain);
    }
    if (saved !== undefined) {
      now.set(saved, maxLocals);
      this.depth = depth;
    }
  }

  private pop(count: number, at: number): void {
    this.depth -= count;
    if (this.depth < 0) throw impossible(at, 'Operand stack underflow');
  }

  private push(kind: number, at: number): void {
    const slot = this.maxLocals + this.depth;
    if (slot >= this.slots) throw impossible(at, 'Operand stack overflow');
    this.now[slot] = kind;
    this.depth++;
  }

  private pushType(descriptor: string, at: number): void {
    const first = descriptor.charCodeAt(0);
    if (first === 0x56) return;
    this.push(first === 0x4c || first === 0x5b ? Kind.Ref : Kind.Other, at);
    if (first === 0x4a || first === 0x44) this.push(Kind.Other, at);
  }

  private store(local: number, wide: boolean, kind: number, at: number): void {
    if (local + (wide ? 1 : 0) >= this.maxLocals) throw impossible(at, 'Local variable out of range');
    this.now[local] = kind;
    if (wide) this.now[local + 1] = Kind.Other;
  }

  /** Applies the instruction at `at` to the current state; control flow is the caller's. */
  private step(at: number): void {
    const { code } = this;
    const op = code[at];
    if (op >= OP_COUNT) throw impossible(at, 'No instruction');
    if (op >= Op.istore && op <= Op.astore_3) {
      this.stepStore(op, at, code[at + 1]);
      return;
    }
    const push = PUSHES[op];
    if (push !== Push.Special) {
      this.pop(POP_SLOTS[op], at);
      if (push === Push.Nothing) return;
      this.push(push === Push.Ref ? Kind.Ref : Kind.Other, at);
      if (push === Push.TwoOther) this.push(Kind.Other, at);
      return;
    }
    this.stepSpecial(op, at);
  }

  private stepStore(op: number, at: number, operand: number): void {
    let local: number;
    let type: number; // 0 int, 1 long, 2 float, 3 double, 4 reference
    if (op <= Op.astore) {
      type = op - Op.istore;
      local = operand;
    } else {
      type = (op - Op.istore_0) >> 2;
      local = (op - Op.istore_0) & 3;
    }
    const wide = type === 1 || type === 3;
    this.pop(wide ? 2 : 1, at);
    this.store(local, wide, type === 4 ? this.now[this.maxLocals + this.depth] : Kind.Other, at);
  }

  private stepSpecial(op: number, at: number): void {
    const { code, pool } = this;
    switch (op) {
      case Op.ldc:
        this.pushConstant(code[at + 1], at);
        return;
      case Op.ldc_w:
        this.pushConstant(codeU2(code, at + 1), at);
        return;
      case Op.ldc2_w:
        this.push(Kind.Other, at);
        this.push(Kind.Other, at);
        return;
      case Op.pop:
        this.pop(1, at);
        return;
      case Op.pop2:
        this.pop(2, at);
        return;
      case Op.dup:
        this.duplicate(1, 0, at);
        return;
      case Op.dup_x1:
        this.duplicate(1, 1, at);
        return;
      case Op.dup_x2:
        this.duplicate(1, 2, at);
        return;
      case Op.dup2:
        this.duplicate(2, 0, at);
        return;
      case Op.dup2_x1:
        this.duplicate(2, 1, at);
        return;
      case Op.dup2_x2:
        this.duplicate(2, 2, at);
        return;
      case Op.swap: {
        this.pop(2, at);
        const slot = this.maxLocals + this.depth;
        const lower = this.now[slot];
        this.push(this.now[slot + 1], at);
        this.push(lower, at);
        return;
      }
      case Op.jsr:
      case Op.jsr_w:
        this.push(this.site(at, at + instructionLength(code, at)) + Kind.FirstSite, at);
        return;
      case Op.getstatic:
        this.pushType(pool.memberDescriptor(codeU2(code, at + 1)), at);
        return;
      case Op.putstatic:
        this.pop(slotsOf(pool.memberDescriptor(codeU2(code, at + 1))), at);
        return;
      case Op.getfield:
        this.pop(1, at);
        this.pushType(pool.memberDescriptor(codeU2(code, at + 1)), at);
        return;
      case Op.putfield:
        this.pop(slotsOf(pool.memberDescriptor(codeU2(code, at + 1))) + 1, at);
        return;
      case Op.invokevirtual:
      case Op.invokespecial:
      case Op.invokestatic:
      case Op.invokeinterface:
      case Op.invokedynamic: {
        const { argumentSlots, returnType } = parseMethodDescriptor(pool.memberDescriptor(codeU2(code, at + 1)));
        this.pop(argumentSlots + (op === Op.invokestatic || op === Op.invokedynamic ? 0 : 1), at);
        this.pushType(returnType, at);
        return;
      }
      case Op.multianewarray:
        this.pop(code[at + 3], at);
        this.push(Kind.Ref, at);
        return;
      case Op.wide: {
        const widened = code[at + 1];
        if (widened >= Op.istore && widened <= Op.astore) {
          this.stepStore(widened, at, codeU2(code, at + 2));
        } else if (widened >= Op.iload && widened <= Op.aload) {
          this.push(widened === Op.aload ? Kind.Ref : Kind.Other, at);
          if (widened === Op.lload || widened === Op.dload) this.push(Kind.Other, at);
        }
        return; // iinc and ret change no kind
      }
      default:
        throw impossible(at, 'No instruction');
    }
  }

  /** Copies the top `count` slots to below the `below` slots under them. */
  private duplicate(count: number, below: number, at: number): void {
    const { now, maxLocals } = this;
    if (this.depth < count + below) throw impossible(at, 'Operand stack underflow');
    if (maxLocals + this.depth + count > this.slots) throw impossible(at, 'Operand stack overflow');
    const top = maxLocals + this.depth;
    for (let i = 1; i <= count + below; i++) now[top + count - i] = now[top - i];
    for (let i = 1; i <= count; i++) now[top - below - i] = now[top + count - i];
    this.depth += count;
  }

  private pushConstant(index: number, at: number): void {
    const { pool } = this;
    switch (pool.tag(index)) {
      case Tag.Integer:
      case Tag.Float:
        this.push(Kind.Other, at);
        return;
      case Tag.Dynamic:
        this.pushType(pool.memberDescriptor(index), at);
        return;
      default:
        this.push(Kind.Ref, at);
    }
  }
}

function isStore(op: number): boolean {
  return op >= Op.istore && op <= Op.astore_3;
}

/** The map of one method at one bytecode index; for several, keep a MethodReferenceMaps. */
export function referenceMapAt(
  code: Code,
  pool: ConstantPool,
  method: { readonly descriptor: string; readonly isStatic: boolean },
  bci: number,
  frame?: FrameReader,
): ReferenceMap {
  return new MethodReferenceMaps(code, pool, method.descriptor, method.isStatic).at(bci, frame);
}
