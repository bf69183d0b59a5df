/**
 * Walking a thread's stack: which methods are active, and at which bytecode.
 *
 * The frames of `memory/layout.ts` are linked from the youngest to the oldest. Two kinds on the way are the VM's own and
 * are never reported: the base frame of a thread, and the frames that keep the place of an activity.
 */
import { Frame } from '../memory/layout.js';
import type { Method } from './java-class.js';
import type { JavaThread } from './thread.js';

/** Most frames a stack trace records, like HotSpot's `MaxJavaStackTraceDepth`. */
export const MAX_TRACE_DEPTH = 1024;

/** Bytecode index that stands for a native method's frame. */
export const NATIVE_BCI = -1;

/** One frame, as a trace records it. */
export interface StackEntry {
  /** Index into `vm.methods`. */
  readonly methodId: number;
  /** Bytecode index, `NATIVE_BCI` in a native method. */
  readonly bci: number;
}

/** Bytecode index at which a frame of `method` waits whose saved program counter is `pc`. */
export function bciOf(method: Method, pc: number): number {
  if (method.isNative || method.bciOfPc === undefined) return NATIVE_BCI;
  return method.bciOfPc[pc - method.codeStart]!;
}

/**
 * Calls `visit` for every Java and native frame, youngest first, until it returns `true`. `fp` is the frame's pointer, a
 * word index. Whatever else it returns is ignored. Frames of hidden methods are visited too: `method.hiddenFrame` tells.
 */
export function forEachFrame(t: JavaThread, visit: (method: Method, bci: number, fp: number) => unknown): void {
  const { vm } = t;
  const { words, stubs } = vm;
  for (let fp = t.fp; fp !== 0; fp = words[fp + Frame.Caller]! >>> 2) {
    const pointer = words[fp + Frame.Method]!;
    if (pointer === stubs.activityMethod || pointer === stubs.baseMethod) continue;
    const method = vm.methodAt(pointer);
    if (visit(method, bciOf(method, words[fp + Frame.Pc]!), fp) === true) return;
  }
}

/** The frames a stack trace of the thread shows, youngest first: at most `max`, hidden ones left out. */
export function captureStack(t: JavaThread, max = MAX_TRACE_DEPTH): StackEntry[] {
  const entries: StackEntry[] = [];
  if (max <= 0) return entries;
  forEachFrame(t, (method, bci) => {
    if (method.hiddenFrame) return false;
    entries.push({ methodId: method.id, bci });
    return entries.length >= max;
  });
  return entries;
}

/**
 * Line of the source a bytecode belongs to: -2 in a native method, -1 where nothing says. The entry that starts last at
 * or before the bytecode counts; of several that start at it, the first.
 */
export function lineNumberOf(method: Method, bci: number): number {
  if (method.isNative) return -2;
  const { code } = method;
  if (code === undefined || bci < 0) return -1;
  const lines = code.lineNumbers;
  let bestStart = 0;
  let best = -1;
  for (let i = 0; i < lines.length; i += 2) {
    const start = lines[i]!;
    if (start === bci) return lines[i + 1]!;
    if (start < bci && start >= bestStart) {
      bestStart = start;
      best = lines[i + 1]!;
    }
  }
  return best;
}
