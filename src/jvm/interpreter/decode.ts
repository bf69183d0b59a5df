/**
 * Bytecode to the interpreter's instructions: once a method, at its first invocation.
 *
 * Instructions that follow each other without a branch target between them may become one (see the end of
 * `opcodes.ts`); the bytecode index of a fused instruction is that of its last part, the only one that can fail
 * or call.
 */
import { codeS2, codeS4, codeU2, instructionLength, Op, Tag, walkCode } from '../classfile/index.js';
import { Frame, MethodWord } from '../memory/layout.js';
import type { Method } from '../runtime/java-class.js';
import type { Vm } from '../runtime/vm.js';
import { Opcode } from './opcodes.js';

/** Scratch for the method being decoded; grows, and is used again: methods are decoded one at a time. */
let out = new Int32Array(4096);
let bcis = new Uint16Array(4096);
let pcOfBci = new Int32Array(4096);
let leaders = new Uint8Array(4096);
/** Word indexes in `out` that hold a bytecode index to be replaced by a word index. */
let fixups: number[] = [];
let length = 0;
/** Bytecode index of the instruction being decoded. */
let current = 0;
/** Where the last instruction starts in `out`, or -1 when it may not be fused with what follows. */
let last = -1;

function ensure(words: number): void {
  if (length + words <= out.length) return;
  const size = Math.max(out.length * 2, length + words);
  const grownOut = new Int32Array(size);
  grownOut.set(out);
  out = grownOut;
  const grownBcis = new Uint16Array(size);
  grownBcis.set(bcis);
  bcis = grownBcis;
}

function emit(op: Opcode, a?: number, b?: number, c?: number): void {
  ensure(4);

  last = length;
  bcis[length] = current;
  out[length++] = op;
  if (a !== undefined) word(a);
  if (b !== undefined) word(b);
  if (c !== undefined) word(c);
}

function word(value: number): void {
  bcis[length] = current;
  out[length++] = value;
}

function target(bci: number): void {
  fixups.push(length);
  word(bci);
}

/** Takes back what was emitted from `start` on, to emit a fused form in its place. */
function restart(start: number): void {
  length = start;
  last = -1;
}

const RETURN_KINDS: Readonly<Record<number, number>> = { [Op.return]: 0, [Op.lreturn]: 2, [Op.dreturn]: 2 };

/** Decodes a method's bytecode and links it: `MethodWord.Code` leads to it from then on. */
export function decodeMethod(vm: Vm, method: Method): void {
  const code = method.code;
  if (code === undefined) throw new Error(`${method} has no code to decode`);
  const bytes = code.bytes;
  const pool = method.holder.pool;
  if (pcOfBci.length <= bytes.length) {
    pcOfBci = new Int32Array(bytes.length * 2);
    leaders = new Uint8Array(bytes.length * 2);
  }
  leaders.fill(0, 0, bytes.length + 1);
  walkCode(bytes, (at, op) => {
    if ((op >= Op.ifeq && op <= Op.jsr) || op === Op.ifnull || op === Op.ifnonnull)
      leaders[at + codeS2(bytes, at + 1)] = 1;
    if (op === Op.goto_w || op === Op.jsr_w) leaders[at + codeS4(bytes, at + 1)] = 1;
    if (op === Op.tableswitch || op === Op.lookupswitch) {
      const base = (at + 4) & ~3;
      leaders[at + codeS4(bytes, base)] = 1;
      if (op === Op.tableswitch) {
        const count = codeS4(bytes, base + 8) - codeS4(bytes, base + 4) + 1;
        for (let i = 0; i < count; i++) leaders[at + codeS4(bytes, base + 12 + 4 * i)] = 1;
      } else {
        const count = codeS4(bytes, base + 4);
        for (let i = 0; i < count; i++) leaders[at + codeS4(bytes, base + 12 + 8 * i)] = 1;
      }
    }
    if (op === Op.jsr || op === Op.jsr_w) leaders[at + instructionLength(bytes, at)] = 1;
  });
  for (const entry of code.exceptions) {
    leaders[entry.startPc] = 1;
    leaders[entry.endPc] = 1;
    leaders[entry.handlerPc] = 1;
  }
  fixups = [];
  length = 0;
  last = -1;
  current = 0;
  const sync = method.isSynchronized;
  if (sync) emit(Opcode.EnterSynchronized);
  const firstLocal = 2 * code.maxLocals + Frame.FirstLocal;
  const local = (index: number) => firstLocal - 2 * index;
  for (let at = 0; at < bytes.length; at += instructionLength(bytes, at)) {
    if (leaders[at] !== 0) last = -1;
    pcOfBci[at] = length;
    current = at;
    decodeOne(bytes, at, local);
  }
  pcOfBci[bytes.length] = length;
  method.codeLength = length;
  const address = vm.arena.allocateMetadata(length * 4);
  const start = address >>> 2;
  for (const fixup of fixups) out[fixup] = start + pcOfBci[out[fixup]!]!;
  vm.words.set(out.subarray(0, length), start);
  method.codeStart = start;
  method.bciOfPc = bcis.slice(0, length);
  if (code.exceptions.length > 0) {
    const handlers = new Int32Array(code.exceptions.length * 4);
    code.exceptions.forEach((entry, i) => {
      handlers[i * 4] = start + pcOfBci[entry.startPc]!;
      handlers[i * 4 + 1] = start + pcOfBci[entry.endPc]!;
      handlers[i * 4 + 2] = start + pcOfBci[entry.handlerPc]!;
      handlers[i * 4 + 3] = entry.catchType;
    });
    method.handlers = handlers;
  }
  vm.words[(method.pointer >>> 2) + MethodWord.Code] = start;

  function decodeOne(bytes: Uint8Array, at: number, local: (index: number) => number): void {
    const op = bytes[at]! as Op;
    if (op >= Op.iconst_m1 && op <= Op.iconst_5) return constant(op - Op.iconst_0);
    if (op >= Op.iload_0 && op <= Op.aload_3) {
      const group = (op - Op.iload_0) >> 2;
      return load(group === 1 || group === 3, local((op - Op.iload_0) & 3));
    }
    if (op >= Op.istore_0 && op <= Op.astore_3) {
      const group = (op - Op.istore_0) >> 2;
      return store(group === 1 || group === 3, local((op - Op.istore_0) & 3));
    }
    if (op >= Op.iload && op <= Op.aload) return load(op === Op.lload || op === Op.dload, local(bytes[at + 1]!));
    if (op >= Op.istore && op <= Op.astore) {
      return store(op === Op.lstore || op === Op.dstore, local(bytes[at + 1]!));
    }
    if (op >= Op.ifeq && op <= Op.if_icmple) return branch(op - Op.ifeq + Opcode.Ifeq, at + codeS2(bytes, at + 1));
    const plain = SIMPLE[op];
    if (plain !== undefined) return simple(plain);
    switch (op) {
      case Op.aconst_null:
        return constant(0);
      case Op.lconst_0:
      case Op.dconst_0:
        return emit(Opcode.ConstD, 0, 0);
      case Op.lconst_1:
        return emit(Opcode.ConstD, 1, 0);
      case Op.dconst_1:
        return emit(Opcode.ConstD, 0, 0x3ff00000);
      case Op.fconst_0:
        return constant(0);
      case Op.fconst_1:
        return constant(0x3f800000);
      case Op.fconst_2:
        return constant(0x40000000);
      case Op.bipush:
        return constant((bytes[at + 1]! << 24) >> 24);
      case Op.sipush:
        return constant(codeS2(bytes, at + 1));
      case Op.ldc:
      case Op.ldc_w: {
        const index = op === Op.ldc ? bytes[at + 1]! : codeU2(bytes, at + 1);
        const tag = pool.tag(index);
        if (tag === Tag.Integer) return constant(pool.int(index));
        if (tag === Tag.Float) return constant(pool.floatBits(index));
        return emit(Opcode.Resolve, index);
      }
      case Op.ldc2_w: {
        const index = codeU2(bytes, at + 1);
        if (pool.tag(index) === Tag.Dynamic) return emit(Opcode.Resolve, index, 0);
        return emit(Opcode.ConstD, pool.longLow(index), pool.longHigh(index));
      }
      case Op.iinc:
        return emit(Opcode.Iinc, local(bytes[at + 1]!), (bytes[at + 2]! << 24) >> 24);
      case Op.wide: {
        const inner = bytes[at + 1]! as Op;
        const index = local(codeU2(bytes, at + 2));
        if (inner === Op.iinc) return emit(Opcode.Iinc, index, codeS2(bytes, at + 4));
        if (inner === Op.ret) return emit(Opcode.Ret, index);
        if (inner >= Op.istore) {
          return emit(inner === Op.lstore || inner === Op.dstore ? Opcode.StoreD : Opcode.StoreW, index);
        }
        return load(inner === Op.lload || inner === Op.dload, index);
      }
      case Op.if_acmpeq:
        return branch(Opcode.IfIcmpeq, at + codeS2(bytes, at + 1));
      case Op.if_acmpne:
        return branch(Opcode.IfIcmpne, at + codeS2(bytes, at + 1));
      case Op.ifnull:
        return branch(Opcode.Ifeq, at + codeS2(bytes, at + 1));
      case Op.ifnonnull:
        return branch(Opcode.Ifne, at + codeS2(bytes, at + 1));
      case Op.goto:
        return branch(Opcode.Goto, at + codeS2(bytes, at + 1));
      case Op.goto_w:
        return branch(Opcode.Goto, at + codeS4(bytes, at + 1));
      case Op.jsr:
      case Op.jsr_w: {
        emit(Opcode.Jsr);
        target(at + (op === Op.jsr ? codeS2(bytes, at + 1) : codeS4(bytes, at + 1)));
        return target(at + instructionLength(bytes, at));
      }
      case Op.ret:
        return emit(Opcode.Ret, local(bytes[at + 1]!));
      case Op.tableswitch: {
        const base = (at + 4) & ~3;
        const low = codeS4(bytes, base + 4);
        const high = codeS4(bytes, base + 8);
        ensure(high - low + 8);
        emit(Opcode.TableSwitch, low, high);
        target(at + codeS4(bytes, base));
        for (let i = 0; i <= high - low; i++) target(at + codeS4(bytes, base + 12 + 4 * i));
        return;
      }
      case Op.lookupswitch: {
        const base = (at + 4) & ~3;
        const pairs = codeS4(bytes, base + 4);
        ensure(pairs * 2 + 8);
        emit(Opcode.LookupSwitch, pairs);
        target(at + codeS4(bytes, base));
        for (let i = 0; i < pairs; i++) {
          word(codeS4(bytes, base + 8 + 8 * i));
          target(at + codeS4(bytes, base + 12 + 8 * i));
        }
        return;
      }
      case Op.return:
      case Op.ireturn:
      case Op.freturn:
      case Op.areturn:
      case Op.lreturn:
      case Op.dreturn: {
        if (op === Op.ireturn) narrow(method.returnKind);
        const kind = RETURN_KINDS[op] ?? 1;
        if (sync) return emit(Opcode.ReturnSynchronized, firstLocal, kind);
        if (kind === 1 && fusable(last, Opcode.LoadW)) {
          const distance = out[last + 1]!;
          restart(last);
          return emit(Opcode.LoadReturnW, firstLocal, distance);
        }
        return emit((Opcode.ReturnV + kind) as Opcode, firstLocal);
      }
      case Op.getstatic:
      case Op.putstatic:
      case Op.putfield:
        return emit(Opcode.Resolve, codeU2(bytes, at + 1));
      case Op.getfield:
        return emit(Opcode.Resolve, codeU2(bytes, at + 1));
      case Op.invokevirtual:
      case Op.invokespecial:
      case Op.invokestatic:
      case Op.invokeinterface:
      case Op.invokedynamic:
        ensure(8);
        emit(Opcode.Resolve, codeU2(bytes, at + 1), 0, 0);
        return word(0);
      case Op.new:
        return emit(Opcode.Resolve, codeU2(bytes, at + 1), 0);
      case Op.newarray: {
        const cls = [
          vm.known.booleanArray,
          vm.known.charArray,
          vm.known.floatArray,
          vm.known.doubleArray,
          vm.known.byteArray,
          vm.known.shortArray,
          vm.known.intArray,
          vm.known.longArray,
        ][bytes[at + 1]! - 4];
        if (cls === undefined) throw new Error(`${method}: newarray of type ${bytes[at + 1]} at ${at}`);
        return emit(Opcode.NewArray, cls.klass, [0, 1, 2, 3, 0, 1, 2, 3][bytes[at + 1]! - 4]!);
      }
      case Op.anewarray:
        return emit(Opcode.Resolve, codeU2(bytes, at + 1), 0);
      case Op.multianewarray:
        return emit(Opcode.Resolve, codeU2(bytes, at + 1), bytes[at + 3]!);
      case Op.checkcast:
      case Op.instanceof:
        return emit(Opcode.Resolve, codeU2(bytes, at + 1));
      default:
        throw new Error(`${method}: opcode ${op} at ${at}`);
    }
  }
}

/** An int returned as a smaller type keeps the bits that fit it (JVMS 6.5, ireturn). */
function narrow(kind: string): void {
  if (kind === 'B') emit(Opcode.I2b);
  else if (kind === 'C') emit(Opcode.I2c);
  else if (kind === 'S') emit(Opcode.I2s);
  else if (kind === 'Z' && !(fusable(last, Opcode.ConstW) && (out[last + 1]! & ~1) === 0)) emit(Opcode.ConstIand, 1);
}

function fusable(start: number, op: Opcode): boolean {
  return start >= 0 && out[start] === op;
}

function constant(value: number): void {
  if (fusable(last, Opcode.LoadW)) {
    const distance = out[last + 1]!;
    restart(last);
    return emit(Opcode.LoadWConstW, distance, value);
  }
  emit(Opcode.ConstW, value);
}

function load(wide: boolean, distance: number): void {
  if (wide) {
    if (!fusable(last, Opcode.LoadD)) return emit(Opcode.LoadD, distance);
    const first = out[last + 1]!;
    restart(last);
    return emit(Opcode.LoadDLoadD, first, distance);
  }
  if (fusable(last, Opcode.LoadW)) {
    const first = out[last + 1]!;
    restart(last);
    return emit(Opcode.LoadWLoadW, first, distance);
  }
  emit(Opcode.LoadW, distance);
}

/** What an instruction becomes together with the one before it: by the new opcode, then by the previous. */
const FUSIONS: Readonly<Record<number, Readonly<Record<number, Opcode>>>> = {
  [Opcode.Iadd]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIadd,
    [Opcode.LoadWConstW]: Opcode.LoadConstIadd,
    [Opcode.ConstW]: Opcode.ConstIadd,
    [Opcode.LoadW]: Opcode.LoadIadd,
  },
  [Opcode.Isub]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadIsub, [Opcode.LoadW]: Opcode.LoadIsub },
  [Opcode.Imul]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadImul,
    [Opcode.LoadWConstW]: Opcode.LoadConstImul,
    [Opcode.ConstW]: Opcode.ConstImul,
    [Opcode.LoadW]: Opcode.LoadImul,
  },
  [Opcode.Iand]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIand,
    [Opcode.LoadWConstW]: Opcode.LoadConstIand,
    [Opcode.ConstW]: Opcode.ConstIand,
    [Opcode.LoadW]: Opcode.LoadIand,
  },
  [Opcode.Ior]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadIor, [Opcode.LoadW]: Opcode.LoadIor },
  [Opcode.Ixor]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadIxor, [Opcode.LoadW]: Opcode.LoadIxor },
  [Opcode.Ishl]: { [Opcode.LoadWConstW]: Opcode.LoadConstIshl, [Opcode.ConstW]: Opcode.ConstIshl },
  [Opcode.Ishr]: { [Opcode.LoadWConstW]: Opcode.LoadConstIshr, [Opcode.ConstW]: Opcode.ConstIshr },
  [Opcode.Iushr]: { [Opcode.LoadWConstW]: Opcode.LoadConstIushr, [Opcode.ConstW]: Opcode.ConstIushr },
  [Opcode.ArrayLoadW]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadArrayLoadW },
  [Opcode.ArrayLoadD]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadArrayLoadD },
  [Opcode.ArrayLoadB]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadArrayLoadB },
  [Opcode.ArrayLoadC]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadArrayLoadC },
  [Opcode.ArrayLength]: { [Opcode.LoadW]: Opcode.LoadArrayLength },
  [Opcode.Dadd]: { [Opcode.LoadD]: Opcode.LoadDadd, [Opcode.LoadDLoadD]: Opcode.LoadLoadDadd },
  [Opcode.Dsub]: { [Opcode.LoadD]: Opcode.LoadDsub, [Opcode.LoadDLoadD]: Opcode.LoadLoadDsub },
  [Opcode.Dmul]: { [Opcode.LoadD]: Opcode.LoadDmul, [Opcode.LoadDLoadD]: Opcode.LoadLoadDmul },
  [Opcode.Ladd]: { [Opcode.LoadD]: Opcode.LoadLadd, [Opcode.I2l]: Opcode.I2lLadd },
};

/** Operands of the instructions that are fused with what follows. */
const OPERANDS: Readonly<Record<number, number>> = {
  [Opcode.LoadW]: 1,
  [Opcode.LoadD]: 1,
  [Opcode.ConstW]: 1,
  [Opcode.LoadWLoadW]: 2,
  [Opcode.LoadWConstW]: 2,
  [Opcode.LoadDLoadD]: 2,
  [Opcode.I2l]: 0,
};

/** Emits an instruction without operands, fused with the one before where there is a form for it. */
function simple(op: Opcode): void {
  const form = last < 0 ? undefined : FUSIONS[op]?.[out[last]!];
  if (form === undefined) return emit(op);
  const operands = OPERANDS[out[last]!]!;
  const a = out[last + 1]!;
  const b = out[last + 2]!;
  restart(last);
  if (operands === 2) emit(form, a, b);
  else if (operands === 1) emit(form, a);
  else emit(form);
}

/** What a store becomes with the instruction before it. */
const STORE_FUSIONS: Readonly<Record<number, Opcode>> = {
  [Opcode.Iadd]: Opcode.IaddStore,
  [Opcode.Isub]: Opcode.IsubStore,
  [Opcode.Ixor]: Opcode.IxorStore,
  [Opcode.Dadd]: Opcode.DaddStore,
  [Opcode.Dsub]: Opcode.DsubStore,
  [Opcode.Dmul]: Opcode.DmulStore,
  [Opcode.Ladd]: Opcode.LaddStore,
};

function store(wide: boolean, distance: number): void {
  if (last >= 0) {
    const before = out[last]! as Opcode;
    const form = STORE_FUSIONS[before];
    if (form !== undefined) {
      restart(last);
      return emit(form, distance);
    }
    const a = out[last + 1]!;
    if (before === Opcode.ConstW || before === Opcode.LoadW) {
      restart(last);
      return emit(before === Opcode.ConstW ? Opcode.ConstStore : Opcode.LoadStore, distance, a);
    }
  }
  emit(wide ? Opcode.StoreD : Opcode.StoreW, distance);
}

const BACK = Opcode.GotoBack - Opcode.Goto;

/** What a forward branch becomes with the instruction before it. */
const BRANCH_FUSIONS: Readonly<Record<number, Readonly<Record<number, Opcode>>>> = {
  [Opcode.Goto]: { [Opcode.Iinc]: Opcode.IincGoto },
  [Opcode.GotoBack]: { [Opcode.Iinc]: Opcode.IincGotoBack },
  [Opcode.Ifeq]: { [Opcode.LoadW]: Opcode.LoadIfeq },
  [Opcode.Ifne]: { [Opcode.LoadW]: Opcode.LoadIfne },
  [Opcode.IfIcmpeq]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmpeq,
    [Opcode.LoadWConstW]: Opcode.LoadConstIfIcmpeq,
    [Opcode.ConstW]: Opcode.ConstIfIcmpeq,
    [Opcode.LoadW]: Opcode.LoadIfIcmpeq,
  },
  [Opcode.IfIcmpne]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmpne,
    [Opcode.LoadWConstW]: Opcode.LoadConstIfIcmpne,
    [Opcode.ConstW]: Opcode.ConstIfIcmpne,
    [Opcode.LoadW]: Opcode.LoadIfIcmpne,
  },
  [Opcode.IfIcmplt]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmplt,
    [Opcode.LoadWConstW]: Opcode.LoadConstIfIcmplt,
    [Opcode.ConstW]: Opcode.ConstIfIcmplt,
    [Opcode.LoadW]: Opcode.LoadIfIcmplt,
  },
  [Opcode.IfIcmpge]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmpge,
    [Opcode.LoadWConstW]: Opcode.LoadConstIfIcmpge,
    [Opcode.ConstW]: Opcode.ConstIfIcmpge,
    [Opcode.LoadW]: Opcode.LoadIfIcmpge,
  },
  [Opcode.IfIcmpgt]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmpgt,
    [Opcode.LoadWConstW]: Opcode.LoadConstIfIcmpgt,
    [Opcode.ConstW]: Opcode.ConstIfIcmpgt,
    [Opcode.LoadW]: Opcode.LoadIfIcmpgt,
  },
  [Opcode.IfIcmple]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmple,
    [Opcode.LoadWConstW]: Opcode.LoadConstIfIcmple,
    [Opcode.ConstW]: Opcode.ConstIfIcmple,
    [Opcode.LoadW]: Opcode.LoadIfIcmple,
  },
  [Opcode.IfIcmpltBack]: {
    [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmpltBack,
    [Opcode.LoadWConstW]: Opcode.LoadConstIfIcmpltBack,
  },
  [Opcode.IfIcmpgeBack]: { [Opcode.LoadWLoadW]: Opcode.LoadLoadIfIcmpgeBack },
};

/** Operands of `Iinc` count among those kept when a branch takes it in. */
const INCREMENT_OPERANDS = 2;

function branch(forward: Opcode, to: number): void {
  const op = (to <= current ? forward + BACK : forward) as Opcode;
  const form = last < 0 ? undefined : BRANCH_FUSIONS[op]?.[out[last]!];
  if (form === undefined) {
    emit(op);
    return target(to);
  }
  const operands = out[last] === Opcode.Iinc ? INCREMENT_OPERANDS : OPERANDS[out[last]!]!;
  const a = out[last + 1]!;
  const b = out[last + 2]!;
  restart(last);
  if (operands === 2) emit(form, a, b);
  else emit(form, a);
  target(to);
}

/** Bytecodes that become one instruction without operands. */
const SIMPLE: Readonly<Record<number, Opcode>> = {
  [Op.nop]: Opcode.Nop,
  [Op.iaload]: Opcode.ArrayLoadW,
  [Op.faload]: Opcode.ArrayLoadW,
  [Op.aaload]: Opcode.ArrayLoadW,
  [Op.laload]: Opcode.ArrayLoadD,
  [Op.daload]: Opcode.ArrayLoadD,
  [Op.baload]: Opcode.ArrayLoadB,
  [Op.caload]: Opcode.ArrayLoadC,
  [Op.saload]: Opcode.ArrayLoadS,
  [Op.iastore]: Opcode.ArrayStoreW,
  [Op.fastore]: Opcode.ArrayStoreW,
  [Op.aastore]: Opcode.ArrayStoreA,
  [Op.lastore]: Opcode.ArrayStoreD,
  [Op.dastore]: Opcode.ArrayStoreD,
  [Op.bastore]: Opcode.ArrayStoreB,
  [Op.castore]: Opcode.ArrayStoreS,
  [Op.sastore]: Opcode.ArrayStoreS,
  [Op.arraylength]: Opcode.ArrayLength,
  [Op.pop]: Opcode.Pop,
  [Op.pop2]: Opcode.Pop2,
  [Op.dup]: Opcode.Dup,
  [Op.dup_x1]: Opcode.DupX1,
  [Op.dup_x2]: Opcode.DupX2,
  [Op.dup2]: Opcode.Dup2,
  [Op.dup2_x1]: Opcode.Dup2X1,
  [Op.dup2_x2]: Opcode.Dup2X2,
  [Op.swap]: Opcode.Swap,
  [Op.iadd]: Opcode.Iadd,
  [Op.isub]: Opcode.Isub,
  [Op.imul]: Opcode.Imul,
  [Op.idiv]: Opcode.Idiv,
  [Op.irem]: Opcode.Irem,
  [Op.ineg]: Opcode.Ineg,
  [Op.ishl]: Opcode.Ishl,
  [Op.ishr]: Opcode.Ishr,
  [Op.iushr]: Opcode.Iushr,
  [Op.iand]: Opcode.Iand,
  [Op.ior]: Opcode.Ior,
  [Op.ixor]: Opcode.Ixor,
  [Op.ladd]: Opcode.Ladd,
  [Op.lsub]: Opcode.Lsub,
  [Op.lmul]: Opcode.Lmul,
  [Op.ldiv]: Opcode.Ldiv,
  [Op.lrem]: Opcode.Lrem,
  [Op.lneg]: Opcode.Lneg,
  [Op.lshl]: Opcode.Lshl,
  [Op.lshr]: Opcode.Lshr,
  [Op.lushr]: Opcode.Lushr,
  [Op.land]: Opcode.Land,
  [Op.lor]: Opcode.Lor,
  [Op.lxor]: Opcode.Lxor,
  [Op.fadd]: Opcode.Fadd,
  [Op.fsub]: Opcode.Fsub,
  [Op.fmul]: Opcode.Fmul,
  [Op.fdiv]: Opcode.Fdiv,
  [Op.frem]: Opcode.Frem,
  [Op.fneg]: Opcode.Fneg,
  [Op.dadd]: Opcode.Dadd,
  [Op.dsub]: Opcode.Dsub,
  [Op.dmul]: Opcode.Dmul,
  [Op.ddiv]: Opcode.Ddiv,
  [Op.drem]: Opcode.Drem,
  [Op.dneg]: Opcode.Dneg,
  [Op.i2l]: Opcode.I2l,
  [Op.i2f]: Opcode.I2f,
  [Op.i2d]: Opcode.I2d,
  [Op.l2i]: Opcode.L2i,
  [Op.l2f]: Opcode.L2f,
  [Op.l2d]: Opcode.L2d,
  [Op.f2i]: Opcode.F2i,
  [Op.f2l]: Opcode.F2l,
  [Op.f2d]: Opcode.F2d,
  [Op.d2i]: Opcode.D2i,
  [Op.d2l]: Opcode.D2l,
  [Op.d2f]: Opcode.D2f,
  [Op.i2b]: Opcode.I2b,
  [Op.i2c]: Opcode.I2c,
  [Op.i2s]: Opcode.I2s,
  [Op.lcmp]: Opcode.Lcmp,
  [Op.fcmpl]: Opcode.Fcmpl,
  [Op.fcmpg]: Opcode.Fcmpg,
  [Op.dcmpl]: Opcode.Dcmpl,
  [Op.dcmpg]: Opcode.Dcmpg,
  [Op.monitorenter]: Opcode.MonitorEnter,
  [Op.monitorexit]: Opcode.MonitorExit,
  [Op.athrow]: Opcode.Throw,
};
