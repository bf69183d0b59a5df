/**
 * Exceptions: from the frame where one is thrown to the handler that catches it.
 */
import { Frame, MethodWord } from '../memory/layout.js';
import type { Activity } from '../runtime/activity.js';
import type { JavaClass, Method } from '../runtime/java-class.js';
import { monitorExit } from '../runtime/monitors.js';
import { resolveClass, resolvedClass } from '../runtime/resolution.js';
import { isAssignable } from '../runtime/subtypes.js';
import type { JavaThread } from '../runtime/thread.js';
import { ThrowRef } from '../runtime/throws.js';
import { popFrame, startActivity, throwIntoActivation } from './calls.js';

/**
 * Throws `ref` at the thread's top frame: afterwards the thread stands at a handler, an activity has taken the exception, or
 * the thread has ended with it.
 */
export function throwInto(t: JavaThread, ref: number): void {
  const { vm } = t;
  const { words } = vm;
  for (;;) {
    const pointer = words[t.fp + Frame.Method]!;
    if (pointer === vm.stubs.baseMethod) {
      t.finished = true;
      t.onExit?.(ref, 0);
      return;
    }
    const activation = t.activations[t.activations.length - 1];
    if (activation !== undefined && activation.fp === t.fp) return throwIntoActivation(t, ref);
    const method = vm.methodAt(pointer);
    const { handlers } = method;
    if (handlers !== undefined) {
      const pc = words[t.fp + Frame.Pc]!;
      for (let i = 0; i < handlers.length; i += 4) {
        if (pc < handlers[i]! || pc >= handlers[i + 1]!) continue;
        const caught = handlers[i + 3] === 0 ? true : catches(t, method, handlers[i + 3]!, ref);
        if (caught === 'unknown') {
          t.sp = t.fp + Frame.EmptyStack;
          return startActivity(t, resolveAndRethrow(t, method.holder, handlers[i + 3]!, ref));
        }
        if (!caught) continue;
        t.sp = t.fp + Frame.FirstOperand;
        words[t.sp] = ref;
        words[t.fp + Frame.Pc] = handlers[i + 2]!;
        return;
      }
    }
    if (method.isSynchronized) unlock(t, method);
    popFrame(t);
  }
}

/** Whether a catch clause takes the exception; `unknown` where its class has to be loaded to tell. */
function catches(t: JavaThread, method: Method, index: number, ref: number): boolean | 'unknown' {
  const { vm } = t;
  const thrown = vm.classOf(ref);
  const type = resolvedClass(method.holder, index);
  if (type !== undefined) return isAssignable(thrown, type);
  // Only a class of that name among the exception's can match: nothing is loaded for a clause that cannot.
  const name = method.holder.pool.className(index);
  for (let c: JavaClass | null = thrown; c !== null; c = c.superclass) if (c.name === name) return 'unknown';
  return false;
}

function* resolveAndRethrow(t: JavaThread, holder: JavaClass, index: number, ref: number): Activity<void> {
  const handle = t.handle(ref);
  yield* resolveClass(t, holder, index);
  throw new ThrowRef(handle.ref);
}

/** Leaves the monitor of a synchronized method's frame, if the thread holds it (it may have failed to enter). */
function unlock(t: JavaThread, method: Method): void {
  const { vm } = t;
  const { words } = vm;
  const m = method.pointer >>> 2;
  // Still before its first instruction: not entered yet. Another thread may have decoded the method meanwhile.
  const pc = words[t.fp + Frame.Pc];
  if (!method.isNative && (pc === words[m + MethodWord.Code] || pc === vm.stubs.decode)) return;
  const slots = method.isNative ? method.argumentSlots : words[m + MethodWord.MaxLocals]!;
  const lock = method.isStatic ? vm.mirrorOf(method.holder) : words[t.fp + Frame.FirstLocal + 2 * slots]!;
  monitorExit(vm, t, lock);
}
