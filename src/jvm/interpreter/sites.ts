/**
 * Resolving an instruction that names a constant, and overwriting it with the form that needs no constant any more.
 *
 * The quickened instruction is executed again. What fails throws, and the instruction stays as it was: resolution records
 * the failure and throws the same the next time. Most of what is named has been loaded and initialized before: that is
 * resolved at once, and only the rest is an activity.
 */
import { Op, parseMethodDescriptor, Tag } from '../classfile/index.js';
import { ClassState, Frame, Klass, KlassFlag } from '../memory/layout.js';
import type { Activity } from '../runtime/activity.js';
import { allocating } from '../runtime/allocating.js';
import { arrayClassOf } from '../runtime/class-loading.js';
import { initializeClass } from '../runtime/initialization.js';
import type { Field, JavaClass, Method } from '../runtime/java-class.js';
import {
  intrinsicOf,
  isSignaturePolymorphic,
  linkCallSite,
  linkHandleCall,
  resolveDynamic,
  resolveMethodHandle,
  resolveMethodType,
} from '../runtime/method-handles.js';
import {
  classAtHand,
  fieldAtHand,
  type InvokeKind,
  lookupMethod,
  methodAtHand,
  resolveClass,
  resolveField,
  resolveMethod,
  resolveString,
} from '../runtime/resolution.js';
import { isAssignable } from '../runtime/subtypes.js';
import type { JavaThread } from '../runtime/thread.js';
import { ThrowNew } from '../runtime/throws.js';
import { noteEarlySite } from './early-sites.js';
import { intrinsicNumber } from './intrinsics.js';
import { Opcode } from './opcodes.js';

/** Whether using a class has no initialization to start or wait for. */
function isReady(t: JavaThread, cls: JavaClass): boolean {
  return cls.state === ClassState.Initialized || (cls.state === ClassState.BeingInitialized && cls.initializer === t);
}

/**
 * Quickens the instruction at word `pc` of a method, or returns the activity that does.
 *
 * @throws what resolution throws (Java)
 */
export function resolveSite(t: JavaThread, method: Method, pc: number): Activity<void> | undefined {
  const { vm } = t;
  const { words } = vm;
  const op = method.code!.bytes[method.bciOfPc![pc - method.codeStart]!]! as Op;
  const index = words[pc + 1]!;
  const cls = method.holder;
  switch (op) {
    case Op.ldc:
    case Op.ldc_w:
      if (cls.pool.tag(index) !== Tag.String) break;
      words[pc + 1] = resolveString(vm, cls, index) >>> 2;
      words[pc] = Opcode.ConstRoot;
      return undefined;
    case Op.getfield:
    case Op.putfield: {
      const put = op === Op.putfield;
      const field = fieldAtHand(vm, cls, index, { static: false, put, method });
      if (field === undefined) break;
      quickenField(t, method, pc, field, put);
      return undefined;
    }
    case Op.getstatic:
    case Op.putstatic: {
      const put = op === Op.putstatic;
      const field = fieldAtHand(vm, cls, index, { static: true, put, method });
      if (field === undefined || !isReady(t, field.holder)) break;
      noteEarlySite(t, field.holder, pc, index);
      quickenStatic(t, pc, field, put);
      return undefined;
    }
    case Op.new: {
      const made = classAtHand(vm, cls, index);
      if (made === undefined || (made.accessFlags & 0x600) !== 0 || !isReady(t, made)) break;
      noteEarlySite(t, made, pc, index);
      quickenNew(t, pc, made);
      return undefined;
    }
    case Op.checkcast:
    case Op.instanceof: {
      const target = words[t.sp] === 0 ? undefined : classAtHand(vm, cls, index);
      if (target === undefined) break;
      words[pc + 1] = target.klass;
      words[pc] = op === Op.checkcast ? Opcode.CheckCast : Opcode.InstanceOf;
      return undefined;
    }
    case Op.invokestatic:
    case Op.invokespecial:
    case Op.invokevirtual:
    case Op.invokeinterface: {
      const kind = invokeKind(op);
      const resolved = methodAtHand(t, cls, index, kind);
      if (resolved === undefined || (kind === 'static' && !isReady(t, resolved.holder))) break;
      if (kind === 'static') noteEarlySite(t, resolved.holder, pc, index);
      quickenInvoke(t, cls, { resolved, kind, index, pc });
      return undefined;
    }
    default:
      break;
  }
  return resolveSlowly(t, method, pc);
}

function* resolveSlowly(t: JavaThread, method: Method, pc: number): Activity<void> {
  const { vm } = t;
  const { words } = vm;
  const bci = method.bciOfPc![pc - method.codeStart]!;
  const op = method.code!.bytes[bci]! as Op;
  const index = words[pc + 1]!;
  const cls = method.holder;
  switch (op) {
    case Op.ldc:
    case Op.ldc_w:
    case Op.ldc2_w:
      return yield* resolveConstant(t, cls, index, pc);
    case Op.getfield:
    case Op.putfield: {
      const put = op === Op.putfield;
      const field = yield* resolveField(t, cls, index, { static: false, put, method });
      return quickenField(t, method, pc, field, put);
    }
    case Op.getstatic:
    case Op.putstatic: {
      const put = op === Op.putstatic;
      const field = yield* resolveField(t, cls, index, { static: true, put, method });
      yield* initializeClass(t, field.holder);
      noteEarlySite(t, field.holder, pc, index);
      return quickenStatic(t, pc, field, put);
    }
    case Op.new: {
      const made = yield* resolveClass(t, cls, index);
      if ((made.accessFlags & 0x600) !== 0) throw new ThrowNew('java/lang/InstantiationError', made.externalName);
      yield* initializeClass(t, made);
      noteEarlySite(t, made, pc, index);
      return quickenNew(t, pc, made);
    }
    case Op.anewarray: {
      const element = yield* resolveClass(t, cls, index);
      words[pc + 1] = (yield* allocating(() => arrayClassOf(vm, element))).klass;
      words[pc + 2] = 2;
      words[pc] = Opcode.NewArray;
      return;
    }
    case Op.multianewarray: {
      const array = yield* resolveClass(t, cls, index);
      words[pc + 1] = array.klass;
      words[pc] = Opcode.MultiNewArray;
      return;
    }
    case Op.checkcast:
    case Op.instanceof: {
      if (words[t.sp] === 0) {
        // Null is of every class, and loads none. instanceof leaves 0, which is there already.
        words[t.fp + Frame.Pc] = pc + 2;
        return;
      }
      const target = yield* resolveClass(t, cls, index);
      words[pc + 1] = target.klass;
      words[pc] = op === Op.checkcast ? Opcode.CheckCast : Opcode.InstanceOf;
      return;
    }
    case Op.invokestatic:
    case Op.invokespecial:
    case Op.invokevirtual:
    case Op.invokeinterface:
      return yield* resolveInvoke(t, method, op, index, pc);
    case Op.invokedynamic: {
      const { adapter, appendixCell } = yield* linkCallSite(t, method, index);
      // Another thread may have linked the site meanwhile; the first one counts.
      if (words[pc] !== Opcode.Resolve) return;
      return quickenAdapter(t, pc, adapter, appendixCell);
    }
    default:
      throw new Error(`${method} at ${bci}: nothing to resolve for opcode ${op}`);
  }
}

function* resolveConstant(t: JavaThread, cls: JavaClass, index: number, pc: number): Activity<void> {
  const { words } = t.vm;
  const root = (cell: number) => {
    words[pc + 1] = cell >>> 2;
    words[pc] = Opcode.ConstRoot;
  };
  switch (cls.pool.tag(index)) {
    case Tag.String:
      return root(yield* allocating(() => resolveString(t.vm, cls, index)));
    case Tag.Class: {
      const resolved = yield* resolveClass(t, cls, index);
      return root((resolved.klass >>> 2) * 4 + Klass.Mirror * 4);
    }
    case Tag.MethodType:
      return root(yield* resolveMethodType(t, cls, index));
    case Tag.MethodHandle:
      return root(yield* resolveMethodHandle(t, cls, index));
    case Tag.Dynamic: {
      const constant = yield* resolveDynamic(t, cls, index);
      if (constant.kind === 'L') return root(constant.cell);
      if (constant.kind === 'J' || constant.kind === 'D') {
        words[pc + 1] = constant.low;
        words[pc + 2] = constant.high;
        words[pc] = Opcode.ConstD;
      } else {
        words[pc + 1] = constant.low;
        words[pc] = Opcode.ConstW;
      }
      return;
    }
    default:
      throw new Error(`${cls.name}: constant ${index} cannot be loaded`);
  }
}

/** Opcodes of an access by the descriptor's first letter: [get, put], and by how much the offset is shifted. */
const INSTANCE_FORMS: Readonly<Record<string, readonly [Opcode, Opcode, number]>> = {
  Z: [Opcode.GetFieldB, Opcode.PutFieldZ, 0],
  B: [Opcode.GetFieldB, Opcode.PutFieldB, 0],
  C: [Opcode.GetFieldC, Opcode.PutFieldS, 1],
  S: [Opcode.GetFieldS, Opcode.PutFieldS, 1],
  I: [Opcode.GetFieldW, Opcode.PutFieldW, 2],
  F: [Opcode.GetFieldW, Opcode.PutFieldW, 2],
  J: [Opcode.GetFieldD, Opcode.PutFieldD, 2],
  D: [Opcode.GetFieldD, Opcode.PutFieldD, 2],
  L: [Opcode.GetFieldW, Opcode.PutFieldA, 2],
  '[': [Opcode.GetFieldW, Opcode.PutFieldA, 2],
};

const STATIC_FORMS: Readonly<Record<string, readonly [Opcode, Opcode, number]>> = {
  Z: [Opcode.GetStaticB, Opcode.PutStaticZ, 0],
  B: [Opcode.GetStaticB, Opcode.PutStaticB, 0],
  C: [Opcode.GetStaticC, Opcode.PutStaticS, 1],
  S: [Opcode.GetStaticS, Opcode.PutStaticS, 1],
  I: [Opcode.GetStaticW, Opcode.PutStaticW, 2],
  F: [Opcode.GetStaticW, Opcode.PutStaticW, 2],
  J: [Opcode.GetStaticD, Opcode.PutStaticD, 2],
  D: [Opcode.GetStaticD, Opcode.PutStaticD, 2],
  L: [Opcode.GetStaticW, Opcode.PutStaticW, 2],
  '[': [Opcode.GetStaticW, Opcode.PutStaticW, 2],
};

function quickenNew(t: JavaThread, pc: number, made: JavaClass): void {
  const { words } = t.vm;
  const k = made.klass >>> 2;
  const special = (words[k + Klass.Flags]! & (KlassFlag.HasFinalizer | KlassFlag.SlowNew)) !== 0;
  words[pc + 1] = made.klass;
  words[pc + 2] = (words[k + Klass.InstanceBytes]! + 7) & ~7;
  words[pc] = special ? Opcode.NewSlowly : Opcode.New;
}

function quickenField(t: JavaThread, method: Method, pc: number, field: Field, put: boolean): void {
  const { words } = t.vm;
  const [get, set, shift] = INSTANCE_FORMS[field.descriptor[0]!]!;
  words[pc + 1] = field.offset >>> shift;
  words[pc] = put ? set : get;
  if (get === Opcode.GetFieldW || get === Opcode.GetFieldD) {
    if (!put && followsLoad(words, method, pc)) {
      words[pc - 2] = get === Opcode.GetFieldW ? Opcode.LoadGetFieldW : Opcode.LoadGetFieldD;
    }
  }
}

/**
 * Whether the instruction before the one at `pc` is a `LoadW`: that becomes a form which loads the field too and skips the
 * instruction at `pc`. The latter stays as it is, for jumps to it.
 */
function followsLoad(words: Int32Array, method: Method, pc: number): boolean {
  const at = pc - 2 - method.codeStart;
  if (at < 0 || words[pc - 2] !== Opcode.LoadW) return false;
  // An instruction's words share their bytecode index: the word is an opcode if the one before it belongs to another.
  const bcis = method.bciOfPc!;
  return bcis[at] === bcis[at + 1] && (at === 0 || bcis[at - 1] !== bcis[at]);
}

function quickenStatic(t: JavaThread, pc: number, field: Field, put: boolean): void {
  const { words } = t.vm;
  const [get, set, shift] = STATIC_FORMS[field.descriptor[0]!]!;
  words[pc + 1] = field.offset >>> shift;
  words[pc] = put ? set : get;
}

function quickenAdapter(t: JavaThread, pc: number, adapter: Method, appendixCell: number): void {
  const { words } = t.vm;
  words[pc + 1] = adapter.pointer >>> 2;
  words[pc + 2] = appendixCell >>> 2;
  words[pc] = Opcode.InvokeAdapter;
}

const LINK_KINDS: Readonly<Record<string, number>> = {
  linkToStatic: 0,
  linkToSpecial: 1,
  linkToVirtual: 2,
  linkToInterface: 3,
};

function invokeKind(op: Op): InvokeKind {
  if (op === Op.invokestatic) return 'static';
  if (op === Op.invokespecial) return 'special';
  return op === Op.invokevirtual ? 'virtual' : 'interface';
}

function* resolveInvoke(t: JavaThread, caller: Method, op: Op, index: number, pc: number): Activity<void> {
  const { words } = t.vm;
  const cls = caller.holder;
  const kind = invokeKind(op);
  const resolved = yield* resolveMethod(t, cls, index, kind);
  if (!isSignaturePolymorphic(resolved)) {
    if (kind === 'static') {
      yield* initializeClass(t, resolved.holder);
      noteEarlySite(t, resolved.holder, pc, index);
    }
    return quickenInvoke(t, cls, { resolved, kind, index, pc });
  }
  // The descriptor is the call's own, not the method's.
  const slots = parseMethodDescriptor(cls.pool.memberRef(index).descriptor).argumentSlots + (kind === 'static' ? 0 : 1);
  const receiver = 2 * (slots - 1);
  const name = intrinsicOf(resolved);
  if (name === 'invokeBasic') {
    words[pc + 1] = receiver;
    words[pc] = Opcode.InvokeBasic;
  } else if (name !== undefined && LINK_KINDS[name] !== undefined) {
    words[pc + 1] = LINK_KINDS[name]!;
    words[pc + 2] = receiver;
    words[pc] = Opcode.LinkTo;
  } else {
    const { adapter, appendixCell } = yield* linkHandleCall(t, caller, index);
    quickenAdapter(t, pc, adapter, appendixCell);
  }
}

/** A call whose target is known when the site is resolved: an intrinsic's, or of that very method. */
function directCall(t: JavaThread, pc: number, target: Method, receiver: number, isStatic: boolean): void {
  const { words } = t.vm;
  const intrinsic = intrinsicNumber(target);
  if (intrinsic !== 0) {
    words[pc + 1] = intrinsic;
    words[pc + 2] = receiver + 2 - (target.returnKind === 'V' ? 0 : 'JD'.includes(target.returnKind) ? 4 : 2);
    words[pc + 3] = target.pointer >>> 2;
    words[pc] = Opcode.Intrinsic;
    return;
  }
  words[pc + 1] = target.pointer >>> 2;
  words[pc + 2] = receiver;
  words[pc] = isStatic ? Opcode.InvokeStatic : Opcode.InvokeSpecial;
}

/** Quickens a call of an ordinary method; that of a static one has its class initialized. */
function quickenInvoke(
  t: JavaThread,
  cls: JavaClass,
  site: { readonly resolved: Method; readonly kind: InvokeKind; readonly index: number; readonly pc: number },
): void {
  const { resolved, kind, index, pc } = site;
  const receiver = 2 * (resolved.argumentSlots - 1);
  switch (kind) {
    case 'static':
      return directCall(t, pc, resolved, receiver, true);
    case 'special': {
      const target = selectSpecial(cls, resolved);
      if (target.isAbstract) {
        throw new ThrowNew('java/lang/AbstractMethodError', `'${describe(target)}'`);
      }
      return directCall(t, pc, target, receiver, false);
    }
    case 'virtual': {
      if (resolved.holder.isInterface) {
        // A default method found through a class: it has a place in the vtable of that class.
        const named = classAtHand(t.vm, cls, cls.pool.memberRef(index).classIndex)!;
        const place = named.vtable.findIndex((m) => m.name === resolved.name && m.descriptor === resolved.descriptor);
        if (place >= 0) return virtual(t, pc, place, receiver);
        return interfaceCall(t, pc, resolved, receiver);
      }
      if (resolved.vtableIndex < 0 || (resolved.accessFlags & 0x10) !== 0) {
        return directCall(t, pc, resolved, receiver, false);
      }
      return virtual(t, pc, resolved.vtableIndex, receiver);
    }
    default:
      if (!resolved.holder.isInterface) {
        if (resolved.vtableIndex < 0) return directCall(t, pc, resolved, receiver, false);
        return virtual(t, pc, resolved.vtableIndex, receiver);
      }
      if (resolved.isPrivate) return directCall(t, pc, resolved, receiver, false);
      return interfaceCall(t, pc, resolved, receiver);
  }
}

function virtual(t: JavaThread, pc: number, vtableIndex: number, receiver: number): void {
  const { words } = t.vm;
  words[pc + 1] = Klass.Vtable + vtableIndex;
  words[pc + 2] = receiver;
  words[pc] = Opcode.InvokeVirtual;
}

function interfaceCall(t: JavaThread, pc: number, method: Method, receiver: number): void {
  const { words } = t.vm;
  words[pc + 1] = method.pointer >>> 2;
  words[pc + 2] = receiver;
  words[pc + 3] = 0;
  words[pc + 4] = 0;
  words[pc] = Opcode.InvokeInterface;
}

/** The method an invokespecial calls (JVMS 6.5): a superclass's own version where the resolved one is above the caller. */
function selectSpecial(caller: JavaClass, resolved: Method): Method {
  if (resolved.isConstructor || resolved.isPrivate || resolved.holder.isInterface) return resolved;
  const { superclass } = caller;
  if (caller === resolved.holder || superclass === null || !isAssignable(superclass, resolved.holder)) return resolved;
  return lookupMethod(superclass, resolved.name, resolved.descriptor) ?? resolved;
}

function describe(method: Method): string {
  return `${method.holder.externalName}.${method.name}${method.descriptor}`;
}
