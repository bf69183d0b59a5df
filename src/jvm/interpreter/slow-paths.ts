/**
 * What the interpreter's loop does not do itself: exceptions, resolution, allocation when the nursery is full, monitors that
 * are not free, and the stubs. The thread's registers are saved when these run, and loaded again after.
 */

import { MetadataFull } from '../memory/arena.js';
import {
  Context,
  Frame,
  INVOKE_LENGTH,
  Klass,
  KlassFlag,
  MethodCache,
  MethodWord,
  ObjectWord,
} from '../memory/layout.js';
import { type Activity, call } from '../runtime/activity.js';
import { bootClass } from '../runtime/class-loading.js';
import { initializeClass } from '../runtime/initialization.js';
import type { JavaClass, Method } from '../runtime/java-class.js';
import { describeForCast } from '../runtime/messages.js';
import { linkerTarget } from '../runtime/method-handles.js';
import { monitorEnter, monitorExit } from '../runtime/monitors.js';
import { abstractMethodError, selectInterface, selectVirtual } from '../runtime/selection.js';
import type { JavaThread } from '../runtime/thread.js';
import { NeedsCollection, ThrowNew } from '../runtime/throws.js';
import { popFrame, pushFrame, raise, resumeActivation, runNative, startActivity } from './calls.js';
import { decodeMethod } from './decode.js';
import { Opcode } from './opcodes.js';
import { resolveSite } from './sites.js';
import { throwInto } from './unwind.js';

/** Why the interpreter's loop was left. */
export const enum Exit {
  /** The instruction at the program counter is not done by the loop, or not in this case. */
  Slow = 0,
  /** Calls and back edges of a slice are used up; the program counter is at the next instruction. */
  Safepoint = 1,
  Null = 2,
  Bounds = 3,
  DivideByZero = 4,
  ArrayStore = 5,
  ClassCast = 6,
  StackOverflow = 7,
  /** To the part of the interpreter that calls functions; never seen by `leave`. */
  Assist = 9,
}

/** Slices between two returns to the scheduler. */
const SLICES_PER_TURN = 16;
let slices = 0;

/** Takes the place of `leave` while the interpreter is warmed up. */
let rehearsal: ((t: JavaThread) => void) | undefined;

/** Lets `step` say how a thread goes on whenever the loop is left, instead of doing what it was left for; undefined ends that. */
export function rehearse(step: ((t: JavaThread) => void) | undefined): void {
  rehearsal = step;
}

/** Does what the loop left for. Afterwards the thread stands where execution goes on. */
export function leave(t: JavaThread, exit: Exit, pc: number): void {
  if (rehearsal !== undefined) return rehearsal(t);
  try {
    switch (exit) {
      case Exit.Slow:
        return slow(t, pc);
      case Exit.Safepoint:
        return safepoint(t);
      default:
        throw exceptionFor(t, exit, pc);
    }
  } catch (error) {
    if (error instanceof MetadataFull) raise(t, new ThrowNew('java/lang/OutOfMemoryError', 'Metaspace'));
    else raise(t, error);
  }
}

function safepoint(t: JavaThread): void {
  const { vm } = t;
  const { words } = vm;
  const m = words[t.fp + Frame.Method]! >>> 2;
  // Sampled: the method that runs when a slice ends is charged with the whole slice.
  words[m + MethodWord.BackEdges] = (words[m + MethodWord.BackEdges]! + 1) | 0;
  if (words[Context.Poll] !== 0) {
    words[Context.Poll] = 0;
    if (vm.heap.collectionWanted) vm.heap.collect(false, 'Allocation Failure');
    t.yielding = true;
  }
  if (++slices >= SLICES_PER_TURN) {
    slices = 0;
    t.yielding = true;
  }
}

/** Where array and index of a failed access are, in words above the stack pointer. */
function failedAccess(op: Opcode): readonly [array: number, index: number] {
  if (op === Opcode.ArrayStoreD) return [6, 4];
  return op >= Opcode.ArrayStoreW && op <= Opcode.ArrayStoreS ? [4, 2] : [2, 0];
}

function exceptionFor(t: JavaThread, exit: Exit, pc: number): ThrowNew {
  const { vm } = t;
  const { words } = vm;
  switch (exit) {
    case Exit.Null:
      return new ThrowNew('java/lang/NullPointerException');
    case Exit.Bounds: {
      const [array, index] = failedAccess(words[pc]! as Opcode);
      const length = vm.arrayLength(words[t.sp + array]!);
      const text = `Index ${words[t.sp + index]} out of bounds for length ${length}`;
      return new ThrowNew('java/lang/ArrayIndexOutOfBoundsException', text);
    }
    case Exit.DivideByZero:
      return new ThrowNew('java/lang/ArithmeticException', '/ by zero');
    case Exit.ArrayStore:
      return new ThrowNew('java/lang/ArrayStoreException', vm.classOf(words[t.sp]!).externalName);
    case Exit.ClassCast:
      return new ThrowNew(
        'java/lang/ClassCastException',
        describeForCast(vm, vm.classOf(words[t.sp]!), vm.classAt(words[pc + 1]!)),
      );
    case Exit.StackOverflow:
      return new ThrowNew('java/lang/StackOverflowError');
    default:
      throw new Error(`the interpreter was left for ${exit}`);
  }
}

function topMethod(t: JavaThread): Method {
  return t.vm.methodAt(t.vm.words[t.fp + Frame.Method]!);
}

/** The object a synchronized method's frame locks. */
function lockOf(t: JavaThread, method: Method): number {
  const { vm } = t;
  if (method.isStatic) return vm.mirrorOf(method.holder);
  const locals = vm.words[(method.pointer >>> 2) + MethodWord.MaxLocals]!;
  return vm.words[t.fp + Frame.FirstLocal + 2 * locals]!;
}

function slow(t: JavaThread, pc: number): void {
  const { vm } = t;
  const { words } = vm;
  const op = words[pc]! as Opcode;
  switch (op) {
    case Opcode.Resolve: {
      const activity = collecting(t, () => resolveSite(t, topMethod(t), pc));
      if (activity !== undefined) startActivity(t, activity);
      return;
    }
    case Opcode.Decode: {
      const method = topMethod(t);
      decodeMethod(vm, method);
      words[t.fp + Frame.Pc] = method.codeStart;
      return;
    }
    case Opcode.Native:
      return runNative(t);
    case Opcode.AbstractError: {
      const method = topMethod(t);
      const receiver = words[t.fp + Frame.FirstLocal + 2 * method.argumentSlots]!;
      popFrame(t);
      throw abstractMethodError(vm.classOf(receiver), method);
    }
    case Opcode.Resume:
      return resumeActivation(t);
    case Opcode.ThreadExit:
      return threadExit(t);
    case Opcode.EnterSynchronized:
      if (monitorEnter(vm, t, lockOf(t, topMethod(t)))) words[t.fp + Frame.Pc] = pc + 1;
      return;
    case Opcode.ReturnSynchronized:
      return returnSynchronized(t, pc);
    case Opcode.HandleIntrinsic:
      return handleIntrinsic(t);
    case Opcode.InvokeInterface: {
      const receiver = words[words[t.sp + words[pc + 2]!]! >>> 2]!;
      const target = cacheInterfaceMethod(t, receiver, words[pc + 1]!);
      words[pc + 3] = receiver;
      words[pc + 4] = target;
      return;
    }
    case Opcode.LinkTo:
      cacheInterfaceMethod(t, words[words[t.sp + words[pc + 2]!]! >>> 2]!, linkerTarget(vm, words[t.sp]!) >>> 2);
      return;
    case Opcode.New:
    case Opcode.NewSlowly: {
      const cls = vm.classAt(words[pc + 1]!);
      const ref = allocate(t, cls.klass, words[(cls.klass >>> 2) + Klass.InstanceBytes]!);
      t.sp -= 2;
      words[t.sp] = ref;
      words[t.fp + Frame.Pc] = pc + 3;
      if ((words[(cls.klass >>> 2) + Klass.Flags]! & KlassFlag.HasFinalizer) !== 0) {
        startActivity(t, registerFinalizer(t, ref));
      }
      return;
    }
    case Opcode.NewArray: {
      const array = newArray(t, vm.classAt(words[pc + 1]!), words[t.sp]!);
      words[t.sp] = array;
      words[t.fp + Frame.Pc] = pc + 3;
      return;
    }
    case Opcode.MultiNewArray:
      return multiNewArray(t, pc);
    case Opcode.MonitorEnter:
      if (!monitorEnter(vm, t, words[t.sp]!)) return;
      t.sp += 2;
      words[t.fp + Frame.Pc] = pc + 1;
      return;
    case Opcode.MonitorExit:
      if (!monitorExit(vm, t, words[t.sp]!)) {
        throw new ThrowNew('java/lang/IllegalMonitorStateException', 'current thread is not owner');
      }
      t.sp += 2;
      words[t.fp + Frame.Pc] = pc + 1;
      return;
    case Opcode.Throw:
      if (words[t.sp] === 0) throw new ThrowNew('java/lang/NullPointerException');
      return throwInto(t, words[t.sp]!);
    case Opcode.Intrinsic:
      return callIntrinsicMethod(t, pc);
    default:
      throw new Error(`the interpreter met the instruction ${op} at ${pc} in ${topMethod(t)}`);
  }
}

/** Ends the thread's run: its first frame's call has returned. */
function threadExit(t: JavaThread): void {
  t.finished = true;
  t.onExit?.(0, 0);
}

function returnSynchronized(t: JavaThread, pc: number): void {
  const { vm } = t;
  const { words } = vm;
  const method = topMethod(t);
  if (!monitorExit(vm, t, lockOf(t, method))) {
    throw new ThrowNew('java/lang/IllegalMonitorStateException', 'current thread is not owner');
  }
  const kind = words[pc + 2]!;
  const low = words[kind === 2 ? t.sp + 2 : t.sp]!;
  const high = words[t.sp + 3]!;
  popFrame(t);
  if (kind === 1) {
    t.sp -= 2;
    words[t.sp] = low;
  } else if (kind === 2) {
    t.sp -= 4;
    words[t.sp + 2] = low;
    words[t.sp + 3] = high;
  }
  words[t.fp + Frame.Pc] = words[t.fp + Frame.Pc]! + INVOKE_LENGTH;
}

/** A signature-polymorphic pseudo method was called like any other: goes on as if its caller had called the target. */
function handleIntrinsic(t: JavaThread): void {
  const { vm } = t;
  const { words } = vm;
  const method = topMethod(t);
  const { argumentSlots } = method;
  popFrame(t);
  // popFrame took the arguments off; they are still there.
  t.sp -= 2 * argumentSlots;
  const receiver = words[t.sp + 2 * (argumentSlots - 1)]!;
  if (method.name === 'invokeBasic') {
    if (receiver === 0) throw new ThrowNew('java/lang/NullPointerException');
    return invoke(t, vm.methodAt(basicTarget(t, receiver)));
  }
  const target = vm.methodAt(linkerTarget(vm, words[t.sp]!));
  t.sp += 2;
  if (method.name === 'linkToStatic') return invoke(t, target);
  if (receiver === 0) throw new ThrowNew('java/lang/NullPointerException');
  if (method.name === 'linkToSpecial') return invoke(t, target);
  const cls = vm.classOf(receiver);
  invoke(t, target.holder.isInterface ? selectInterface(cls, target) : selectVirtual(cls, target));
}

function basicTarget(t: JavaThread, handle: number): number {
  const { vm } = t;
  const field = (object: number, cls: string, name: string) => vm.getWord(object, vm.offset(cls, name));
  const form = field(handle, 'java/lang/invoke/MethodHandle', 'form');
  const entry = field(form, 'java/lang/invoke/LambdaForm', 'vmentry');
  return linkerTarget(vm, entry);
}

/** Pushes a frame for arguments that are on the operand stack. */
function invoke(t: JavaThread, method: Method): void {
  pushFrame(t, method);
}

/** Finds the target of an interface call and puts it into the method cache. Both methods are word indexes. */
function cacheInterfaceMethod(t: JavaThread, klass: number, method: number): number {
  const { vm } = t;
  const { words } = vm;
  const target = selectInterface(vm.classAt(klass), vm.methodAt(method << 2)).pointer >>> 2;
  const entry = MethodCache.Word + MethodCache.EntryWords * (((klass >>> 3) ^ method) & MethodCache.Mask);
  words[entry] = klass;
  words[entry + 1] = method;
  words[entry + 2] = target;
  return target;
}

/** Runs `make` of an instruction that can be executed again, and when the heap is full collects and repeats it. */
function collecting<T>(t: JavaThread, make: () => T): T {
  for (let attempt = 0; ; attempt++) {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof NeedsCollection) || attempt === 2) throw error;
    }
    t.vm.heap.collect(attempt === 1, 'Allocation Failure');
  }
}

/** Allocates with collections as needed. */
export function allocate(t: JavaThread, klass: number, bytes: number): number {
  const { heap } = t.vm;
  if (t.vm.options.stressCollection > 0) heap.stressCollect();
  const ref = heap.allocateBytes(klass, bytes);
  if (ref !== 0) return ref;
  // Young, then full, then without soft references, as far as needed.
  heap.collect(false, 'Allocation Failure');
  const second = heap.allocateBytes(klass, bytes);
  if (second !== 0) return second;
  throw new ThrowNew('java/lang/OutOfMemoryError', 'Java heap space');
}

/** Largest array HotSpot makes of any kind. */
const MAX_ARRAY_LENGTH = 0x7fffffff - 2;

/** Makes an array, with Java's exceptions for what cannot be made. */
export function newArray(t: JavaThread, cls: JavaClass, length: number): number {
  const { vm } = t;
  if (length < 0) throw new ThrowNew('java/lang/NegativeArraySizeException', String(length));
  const bytes = 16 + length * 2 ** vm.words[(cls.klass >>> 2) + Klass.InstanceBytes]!;
  if (length > MAX_ARRAY_LENGTH) {
    throw new ThrowNew('java/lang/OutOfMemoryError', 'Requested array size exceeds VM limit');
  }
  if (bytes > vm.options.maxHeap) throw new ThrowNew('java/lang/OutOfMemoryError', 'Java heap space');
  const ref = allocate(t, cls.klass, Math.ceil(bytes / 8) * 8);
  vm.words[(ref >>> 2) + ObjectWord.Length] = length;
  return ref;
}

function multiNewArray(t: JavaThread, pc: number): void {
  const { vm } = t;
  const { words } = vm;
  const cls = vm.classAt(words[pc + 1]!);
  const dimensions = words[pc + 2]!;
  const lengths: number[] = [];
  for (let i = dimensions - 1; i >= 0; i--) lengths.push(words[t.sp + 2 * i]!);
  // Each level keeps its array in the operand slot of its length, where the collector sees it as nothing: handles do.
  const outer = t.handles;
  t.handles = [];
  const make = (level: number, type: JavaClass): { ref: number } => {
    // As HotSpot: a negative length counts when its level is reached, or cannot be for want of outer elements.
    const array = t.handle(newArray(t, type, lengths[level]!));
    if (lengths[level] === 0) checkLengths(lengths.slice(level + 1));
    if (level + 1 < lengths.length) {
      for (let i = 0; i < lengths[level]!; i++) {
        const inner = make(level + 1, type.element!);
        vm.putReferenceElement(array.ref, i, inner.ref);
        t.handles.pop();
      }
    }
    return array;
  };
  try {
    const array = make(0, cls);
    t.sp += 2 * (dimensions - 1);
    words[t.sp] = array.ref;
    words[t.fp + Frame.Pc] = pc + 3;
  } finally {
    t.handles = outer;
  }
}

function checkLengths(lengths: readonly number[]): void {
  const negative = lengths.find((length) => length < 0);
  if (negative !== undefined) throw new ThrowNew('java/lang/NegativeArraySizeException', String(negative));
}

function* registerFinalizer(t: JavaThread, ref: number): Activity<void> {
  const handle = t.handle(ref);
  const finalizer = bootClass(t.vm, 'java/lang/ref/Finalizer');
  yield* initializeClass(t, finalizer);
  yield call(t.vm.methodOf(finalizer, 'register', '(Ljava/lang/Object;)V'), handle);
}

/** The method behind an intrinsic call whose fast form declined: an ordinary call. */
function callIntrinsicMethod(t: JavaThread, pc: number): void {
  const { words } = t.vm;
  const method = t.vm.methodAt(words[pc + 3]! << 2);
  if (!method.isStatic && words[t.sp + 2 * (method.argumentSlots - 1)] === 0) {
    throw new ThrowNew('java/lang/NullPointerException');
  }
  pushFrame(t, method);
}
