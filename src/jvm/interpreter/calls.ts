/**
 * Calls made by the VM: pushing frames, running natives, and stepping the activities that wait on a stack.
 *
 * Everything here works on the thread's saved registers (`t.fp`, `t.sp`, and the program counter in the top frame); the
 * interpreter's loop saves them before it calls and loads them after.
 */
import { Context, Frame, INVOKE_LENGTH, MethodWord } from '../memory/layout.js';
import { linkNative } from '../natives/linkage.js';
import type { Activity, Handle, JavaValue, Request } from '../runtime/activity.js';
import { BLOCK } from '../runtime/activity.js';
import { newThrowable } from '../runtime/exceptions.js';
import type { Method } from '../runtime/java-class.js';
import { monitorEnter, monitorExit } from '../runtime/monitors.js';
import { type Activation, type JavaThread, ThreadState } from '../runtime/thread.js';
import { NeedsCollection, ThrowNew, ThrowRef } from '../runtime/throws.js';
import { throwInto } from './unwind.js';

/** Pushes arguments onto the operand stack of the thread's top frame, and then the method's frame. */
export function pushCall(t: JavaThread, method: Method, args: readonly (JavaValue | Handle)[]): void {
  const { words, f64, f32 } = t.vm;
  let { sp } = t;
  let at = 0;
  const push = (kind: string, value: JavaValue | Handle) => {
    const v = typeof value === 'object' ? value.ref : value;
    if (kind === 'J') {
      sp -= 4;
      if (typeof v === 'bigint') t.vm.arena.i64[(sp + 2) >>> 1] = v;
      else {
        words[sp + 2] = v | 0;
        if (v !== (v | 0)) t.vm.arena.i64[(sp + 2) >>> 1] = BigInt(Math.trunc(v));
        else words[sp + 3] = v < 0 ? -1 : 0;
      }
    } else if (kind === 'D') {
      sp -= 4;
      f64[(sp + 2) >>> 1] = Number(v);
    } else {
      sp -= 2;
      if (kind === 'F') f32[sp] = Number(v);
      else words[sp] = Number(v);
    }
  };
  if (!method.isStatic) push('L', args[at++]!);
  if (args.length - at !== method.parameterKinds.length) {
    throw new Error(`${method} called with ${args.length} arguments`);
  }
  for (let i = 0; i < method.parameterKinds.length; i++) push(method.parameterKinds[i]!, args[at++]!);
  t.sp = sp;
  pushFrame(t, method);
}

/** Pushes the frame of a method whose arguments are on the operand stack. Throws StackOverflowError when there is no room. */
export function pushFrame(t: JavaThread, method: Method): void {
  const { words } = t.vm;
  const m = method.pointer >>> 2;
  const fp = t.sp + words[m + MethodWord.FrameDelta]!;
  if ((fp - words[m + MethodWord.FrameWords]!) * 4 < words[Context.StackLimit]!) {
    throw new ThrowNew('java/lang/StackOverflowError');
  }
  words[fp + Frame.Caller] = t.fp << 2;
  words[fp + Frame.Method] = method.pointer;
  words[fp + Frame.Pc] = words[m + MethodWord.Code]!;
  t.fp = fp;
  t.sp = fp + Frame.EmptyStack;
}

/** Pops the top frame; the caller's operand stack is then as before the arguments were pushed, less the arguments. */
export function popFrame(t: JavaThread): void {
  const { words } = t.vm;
  const method = t.vm.methodAt(words[t.fp + Frame.Method]!);
  t.sp = t.fp - words[(method.pointer >>> 2) + MethodWord.FrameDelta]! + 2 * method.argumentSlots;
  t.fp = words[t.fp + Frame.Caller]! >>> 2;
}

/** Pushes the stub frame of an activity. */
function pushStubFrame(t: JavaThread): void {
  const { words, stubs } = t.vm;
  const fp = t.sp - 4;
  words[fp + Frame.Caller] = t.fp << 2;
  words[fp + Frame.Method] = stubs.activityMethod;
  words[fp + Frame.Pc] = stubs.resume;
  t.fp = fp;
  t.sp = fp + Frame.EmptyStack;
}

/** Pops the stub frame of an activity. */
function popStubFrame(t: JavaThread): void {
  t.sp = t.fp + 4;
  t.fp = t.vm.words[t.fp + Frame.Caller]! >>> 2;
}

/**
 * Runs an activity whose end lets the top frame's current instruction be executed again (or which ends by throwing). It runs
 * to its first `yield` now; if it ends before, no frame is made.
 */
export function startActivity(t: JavaThread, generator: Activity<unknown>): void {
  step(t, { generator, fp: 0, handles: [], ending: 'again' }, undefined, 0);
}

/** The thread's top frame is that of a finished Java call made for the innermost activation: hands it the result. */
export function resumeActivation(t: JavaThread): void {
  const { vm } = t;
  const activation = t.activations[t.activations.length - 1];
  if (activation === undefined || activation.fp !== t.fp) throw new Error('an activity frame without its activity');
  const kind = activation.returnKind ?? 'V';
  let value: JavaValue = 0;
  if (kind === 'J') value = vm.arena.i64[(t.fp + Frame.FirstOperand) >>> 1]!;
  else if (kind === 'D') value = vm.f64[(t.fp + Frame.FirstOperand) >>> 1]!;
  else if (kind === 'F') value = vm.f32[t.fp + Frame.FirstOperand]!;
  else if (kind !== 'V') value = vm.words[t.fp + Frame.FirstOperand]!;
  activation.returnKind = 'V';
  t.sp = t.fp + Frame.EmptyStack;
  step(t, activation, undefined, value);
}

/** Throws a Java exception into the innermost activation, whose frame is the thread's top frame. */
export function throwIntoActivation(t: JavaThread, ref: number): void {
  const activation = t.activations[t.activations.length - 1]!;
  t.sp = t.fp + Frame.EmptyStack;
  step(t, activation, new ThrowRef(ref), 0);
}

/** Lets a generator run to its next request and carries that out. */
function step(t: JavaThread, activation: Activation, thrown: ThrowRef | undefined, value: JavaValue): void {
  const { vm } = t;
  const outer = t.handles;
  t.handles = activation.handles;
  let outcome: IteratorResult<Request, unknown>;
  for (;;) {
    try {
      outcome = thrown === undefined ? activation.generator.next(value) : activation.generator.throw(thrown);
    } catch (error) {
      t.handles = outer;
      finish(t, activation);
      if (activation.ending === 'native') return nativeFailed(t, error);
      return raise(t, error);
    }
    t.handles = outer;
    if (outcome.done === true) {
      finish(t, activation);
      if (activation.ending === 'native') nativeReturned(t, outcome.value as JavaValue | boolean | undefined);
      return;
    }
    if (activation.fp === 0) {
      if (activation.ending === 'again') pushStubFrame(t);
      activation.fp = t.fp;
      t.activations.push(activation);
    }
    vm.words[t.fp + Frame.Pc] = vm.stubs.resume;
    const request = outcome.value;
    if (request.kind === 'call') {
      activation.returnKind = request.method.returnKind;
      try {
        pushCall(t, request.method, request.args);
        return;
      } catch (error) {
        if (!(error instanceof ThrowNew)) throw error;
        t.sp = t.fp + Frame.EmptyStack;
        return raise(t, error);
      }
    }
    // The frame goes on at the Resume instruction when the thread next runs.
    if (request.kind === 'collect') {
      vm.heap.collect(request.full, request.full ? 'System.gc()' : 'Allocation Failure');
      thrown = undefined;
      value = 0;
      t.handles = activation.handles;
      continue;
    }
    vm.words[t.fp + Frame.Pc] = vm.stubs.resume + INVOKE_LENGTH;
    if (request.kind === 'yield') t.yielding = true;
    else if (request !== BLOCK || t.state === ThreadState.Runnable) t.yielding = true;
    return;
  }
}

/** Takes an ended activation off the stack; a native's own frame stays for `nativeReturned`. */
function finish(t: JavaThread, activation: Activation): void {
  activation.handles.length = 0;
  if (activation.fp === 0) return;
  t.activations.pop();
  t.fp = activation.fp;
  t.sp = t.fp + Frame.EmptyStack;
  if (activation.ending === 'again') popStubFrame(t);
}

/** Turns whatever was thrown in TypeScript into a Java exception at the thread's top frame. */
export function raise(t: JavaThread, error: unknown): void {
  if (error instanceof ThrowRef) throwInto(t, error.ref);
  else startActivity(t, throwing(t, toThrowNew(t, error)));
}

/** Faults of ours become InternalError: the guest sees an exception, and the host goes on. */
function toThrowNew(t: JavaThread, error: unknown): ThrowNew {
  if (error instanceof ThrowNew) return error;
  if (error instanceof NeedsCollection) return new ThrowNew('java/lang/OutOfMemoryError', 'Java heap space');
  if (t.vm.onInternalError !== undefined) t.vm.onInternalError(error);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ThrowNew('java/lang/InternalError', `Scotty: ${text}`);
}

function* throwing(t: JavaThread, error: ThrowNew): Activity<void> {
  throw new ThrowRef(yield* newThrowable(t, error));
}

/** Runs the native method whose frame is the thread's top frame. */
export function runNative(t: JavaThread): void {
  const { vm } = t;
  const method = vm.methodAt(vm.words[t.fp + Frame.Method]!);
  const outer = t.handles;
  try {
    if (method.isSynchronized) {
      const lock = method.isStatic
        ? vm.mirrorOf(method.holder)
        : vm.words[t.fp + Frame.FirstLocal + 2 * method.argumentSlots]!;
      if (!monitorEnter(vm, t, lock)) return;
    }
    const native = method.native ?? linkNative(vm, method);
    const result = native.run(t, ...readArguments(t, method, native.exact));
    if (typeof result === 'object') {
      t.retries = 0;
      return step(t, { generator: result as Activity<unknown>, fp: 0, handles: [], ending: 'native' }, undefined, 0);
    }
    t.retries = 0;
    nativeReturned(t, result as JavaValue | boolean | undefined);
  } catch (error) {
    t.handles = outer;
    if (error instanceof NeedsCollection && t.retries < 2) {
      // The frame is still there with its arguments, and its instruction is executed again.
      if (method.isSynchronized)
        monitorExit(
          vm,
          t,
          method.isStatic ? vm.mirrorOf(method.holder) : vm.words[t.fp + Frame.FirstLocal + 2 * method.argumentSlots]!,
        );
      t.retries++;
      vm.heap.collect(t.retries === 2, 'Allocation Failure');
      return;
    }
    t.retries = 0;
    nativeFailed(t, error);
  }
}

/** The arguments of a native method as JavaScript values. */
function readArguments(t: JavaThread, method: Method, exact: boolean): JavaValue[] {
  const { words, f32, f64 } = t.vm;
  const args: JavaValue[] = [];
  let at = t.fp + Frame.FirstLocal + 2 * method.argumentSlots;
  if (!method.isStatic) {
    args.push(words[at]!);
    at -= 2;
  }
  for (let i = 0; i < method.parameterKinds.length; i++) {
    switch (method.parameterKinds.charCodeAt(i)) {
      case 0x4a: // J
        args.push(exact ? t.vm.arena.i64[at >>> 1]! : words[at + 1]! * 0x100000000 + (words[at]! >>> 0));
        at -= 4;
        break;
      case 0x44: // D
        args.push(f64[at >>> 1]!);
        at -= 4;
        break;
      case 0x46: // F
        args.push(f32[at]!);
        at -= 2;
        break;
      default:
        args.push(words[at]!);
        at -= 2;
    }
  }
  return args;
}

function unlockNative(t: JavaThread, method: Method): void {
  const { vm } = t;
  if (!method.isSynchronized) return;
  monitorExit(
    vm,
    t,
    method.isStatic ? vm.mirrorOf(method.holder) : vm.words[t.fp + Frame.FirstLocal + 2 * method.argumentSlots]!,
  );
}

/** Pops the native's frame and pushes its result in the caller, which goes on after its invoke. */
function nativeReturned(t: JavaThread, result: JavaValue | boolean | undefined): void {
  const { vm } = t;
  const { words } = vm;
  const method = vm.methodAt(words[t.fp + Frame.Method]!);
  unlockNative(t, method);
  popFrame(t);
  switch (method.returnKind) {
    case 'V':
      break;
    case 'J':
      t.sp -= 4;
      if (typeof result === 'number') {
        if (result === (result | 0)) {
          words[t.sp + 2] = result;
          words[t.sp + 3] = result < 0 ? -1 : 0;
        } else vm.arena.i64[(t.sp + 2) >>> 1] = BigInt(Math.trunc(result));
      } else vm.arena.i64[(t.sp + 2) >>> 1] = expect(method, result, 'bigint');
      break;
    case 'D':
      t.sp -= 4;
      vm.f64[(t.sp + 2) >>> 1] = expect(method, result, 'number');
      break;
    case 'F':
      t.sp -= 2;
      vm.f32[t.sp] = expect(method, result, 'number');
      break;
    default:
      t.sp -= 2;
      words[t.sp] = typeof result === 'boolean' ? Number(result) : (expect(method, result, 'number') as number);
  }
  words[t.fp + Frame.Pc] = words[t.fp + Frame.Pc]! + INVOKE_LENGTH;
}

function expect<T extends 'number' | 'bigint'>(
  method: Method,
  value: JavaValue | boolean | undefined,
  type: T,
): T extends 'number' ? number : bigint {
  if (typeof value !== type) throw new Error(`the native ${method} returned ${typeof value}, not ${type}`);
  return value as never;
}

function nativeFailed(t: JavaThread, error: unknown): void {
  const { vm } = t;
  const method = vm.methodAt(vm.words[t.fp + Frame.Method]!);
  if (error instanceof ThrowRef) {
    unlockNative(t, method);
    popFrame(t);
    return throwInto(t, error.ref);
  }
  // The new exception's stack trace shows the native method: its frame stays until the exception is made, and unwinding
  // takes it away.
  raise(t, error);
}
