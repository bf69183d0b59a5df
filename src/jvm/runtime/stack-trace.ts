/**
 * Stack traces of Throwables, and the StackTraceElements made of them.
 *
 * Most exceptions are caught and never printed, so filling in a trace must be cheap: it records method ids and bytecode
 * indexes in an `int[]`, which the Throwable keeps as its `backtrace`. Names and lines are looked up when Java asks.
 *
 * The array is `[top hidden, id, bci, id, bci…]`; its first word is 1 when the frame that threw is a hidden one, so that
 * the first frame of the trace is not where the exception comes from.
 */
import { Frame } from '../memory/layout.js';
import type { JavaClass, Method } from './java-class.js';
import { bciOf, lineNumberOf, MAX_TRACE_DEPTH, type StackEntry } from './stack-walk.js';
import { isAssignable } from './subtypes.js';
import type { JavaThread } from './thread.js';
import type { Vm } from './vm.js';

/** Pairs of method id and bytecode index: scratch memory of `captureBacktrace`. */
let scratch = new Int32Array(2 * MAX_TRACE_DEPTH);

/**
 * Records the stack of the running thread in a Throwable, as `Throwable.fillInStackTrace` does: without the frames of
 * that method, of the Throwable's own constructors, and of hidden methods.
 *
 * @throws NeedsCollection before anything is changed
 */
export function captureBacktrace(t: JavaThread, throwable: number): void {
  const { vm } = t;
  const { words, stubs } = vm;
  const { tuning } = vm.options;
  if (tuning?.stackTraces === false) return;
  const most = (tuning?.maxStackTraceDepth ?? MAX_TRACE_DEPTH) || Number.MAX_SAFE_INTEGER;
  const cls = vm.classOf(throwable);
  let filling = true;
  let constructing = true;
  let topHidden = 0;
  let depth = 0;
  for (let fp = t.fp; fp !== 0 && depth < most; fp = words[fp + Frame.Caller]! >>> 2) {
    const pointer = words[fp + Frame.Method]!;
    if (pointer === stubs.activityMethod || pointer === stubs.baseMethod) continue;
    const method = vm.methodAt(pointer);
    if (filling) {
      if (method.name === 'fillInStackTrace') continue;
      filling = false;
    }
    if (constructing) {
      if (method.isConstructor && isAssignable(cls, method.holder)) continue;
      constructing = false;
    }
    if (method.hiddenFrame) {
      if (depth === 0) topHidden = 1;
      continue;
    }
    if (2 * depth === scratch.length) {
      const longer = new Int32Array(2 * scratch.length);
      longer.set(scratch);
      scratch = longer;
    }
    scratch[2 * depth] = method.id;
    scratch[2 * depth + 1] = bciOf(method, words[fp + Frame.Pc]!);
    depth++;
  }
  const backtrace = vm.heap.allocateArray(vm.known.intArray, 1 + 2 * depth);
  const first = (backtrace >>> 2) + 4;
  words[first] = topHidden;
  for (let i = 0; i < 2 * depth; i++) words[first + 1 + i] = scratch[i]!;
  vm.putReference(throwable, vm.known.throwableBacktrace, backtrace);
  vm.putWord(throwable, vm.offset('java/lang/Throwable', 'depth'), depth);
}

/** The recorded frames of a Throwable, youngest first; empty when none were recorded. */
export function backtraceOf(vm: Vm, throwable: number): StackEntry[] {
  const backtrace = vm.getWord(throwable, vm.known.throwableBacktrace);
  const entries: StackEntry[] = [];
  if (backtrace === 0) return entries;
  const first = (backtrace >>> 2) + 5;
  const count = (vm.arrayLength(backtrace) - 1) >>> 1;
  for (let i = 0; i < count; i++) {
    entries.push({ methodId: vm.words[first + 2 * i]!, bci: vm.words[first + 2 * i + 1]! });
  }
  return entries;
}

/** Method and bytecode that raised a Throwable, `undefined` when the trace does not say (none, or hidden). */
export function originOf(vm: Vm, throwable: number): { method: Method; bci: number } | undefined {
  const backtrace = vm.getWord(throwable, vm.known.throwableBacktrace);
  if (backtrace === 0 || vm.arrayLength(backtrace) < 3 || vm.getElement(backtrace, 0) !== 0) return undefined;
  return { method: vm.methods[vm.getElement(backtrace, 1)]!, bci: vm.getElement(backtrace, 2) };
}

/** What `Class.getName` answers: `java.lang.String`, `[I`, and for hidden classes `a.B/0x1234`. */
export function binaryNameOf(cls: JavaClass): string {
  if (!cls.hidden) return cls.externalName;
  const plus = cls.name.lastIndexOf('+');
  if (plus < 0) return cls.externalName;
  return `${cls.name.slice(0, plus).replaceAll('/', '.')}/${cls.name.slice(plus + 1)}`;
}

/**
 * Sets the fields of a `java.lang.StackTraceElement` (`format` is Java's to compute).
 *
 * @throws NeedsCollection when the heap is full
 */
export function fillStackTraceElement(vm: Vm, element: number, method: Method, bci: number): void {
  const cls = method.holder;
  const put = (field: string, ref: number) =>
    vm.putReference(element, vm.offset('java/lang/StackTraceElement', field), ref);
  const interned = (text: string) => vm.roots.get(vm.strings.internCell(text));
  put('declaringClass', interned(binaryNameOf(cls)));
  put('methodName', interned(method.name));
  const file = cls.sourceFile ?? cls.classFile?.sourceFile;
  put('fileName', file === undefined ? 0 : interned(file));
  vm.putWord(element, vm.offset('java/lang/StackTraceElement', 'lineNumber'), lineNumberOf(method, bci));
  const mirror = vm.mirrorOf(cls);
  put('declaringClassObject', mirror);
  if (!cls.loader.isBoot) {
    put('classLoaderName', vm.getWord(vm.roots.get(cls.loader.cell), vm.offset('java/lang/ClassLoader', 'name')));
  }
  const module = vm.getWord(mirror, vm.offset('java/lang/Class', 'module'));
  if (module === 0) return;
  const name = vm.getWord(module, vm.offset('java/lang/Module', 'name'));
  if (name === 0) return;
  put('moduleName', name);
  const descriptor = vm.getWord(module, vm.offset('java/lang/Module', 'descriptor'));
  if (descriptor === 0) return;
  const version = vm.getWord(descriptor, vm.offset('java/lang/module/ModuleDescriptor', 'version'));
  if (version === 0) return;
  put('moduleVersion', vm.getWord(version, vm.offset('java/lang/module/ModuleDescriptor$Version', 'version')));
}

/**
 * Allocates StackTraceElements for frames, in a `StackTraceElement[]`; `format` is left 0, Java's `computeFormat` or
 * whoever made the array sees to it. For stacks that no Throwable recorded: those of other threads.
 *
 * @throws NeedsCollection when the heap is full
 */
export function newStackTraceElements(
  vm: Vm,
  elementClass: JavaClass,
  arrayClass: JavaClass,
  frames: readonly StackEntry[],
): number {
  const array = vm.heap.allocateArray(arrayClass, frames.length);
  frames.forEach(({ methodId, bci }, i) => {
    const element = vm.heap.allocateObject(elementClass);
    vm.putReferenceElement(array, i, element);
    fillStackTraceElement(vm, element, vm.methods[methodId]!, bci);
  });
  return array;
}
