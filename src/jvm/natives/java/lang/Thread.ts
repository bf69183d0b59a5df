/** Natives of java.lang.Thread. */

import { interrupt, sleep } from '../../../runtime/blocking.js';
import { arrayClassOf, bootClass } from '../../../runtime/class-loading.js';
import { startThread, stopThread } from '../../../runtime/java-threads.js';
import { holdsLock } from '../../../runtime/monitors.js';
import { newStackTraceElements } from '../../../runtime/stack-trace.js';
import { forEachFrame, MAX_TRACE_DEPTH, type StackEntry } from '../../../runtime/stack-walk.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

/** A thread's frames, youngest first, hidden ones included: exceptions leave those out, but not this. */
function allFrames(t: JavaThread): StackEntry[] {
  const entries: StackEntry[] = [];
  forEachFrame(t, (method, bci) => {
    entries.push({ methodId: method.id, bci });
    return entries.length >= MAX_TRACE_DEPTH;
  });
  return entries;
}

/** Stack traces of threads, null for those that are not alive. */
function dumpThreads(t: JavaThread, threads: number): number {
  const { vm } = t;
  if (threads === 0) throw nullPointer();
  const count = vm.arrayLength(threads);
  if (count === 0) throw new ThrowNew('java/lang/IllegalArgumentException');
  const elementClass = bootClass(vm, 'java/lang/StackTraceElement');
  const traceClass = arrayClassOf(vm, elementClass);
  const result = vm.heap.allocateArray(arrayClassOf(vm, traceClass), count);
  for (let i = 0; i < count; i++) {
    const object = vm.getElement(threads, i);
    const thread = object === 0 ? undefined : vm.scheduler.of(object);
    if (thread === undefined) continue;
    const trace = newStackTraceElements(vm, elementClass, traceClass, allFrames(thread));
    vm.putReferenceElement(result, i, trace);
  }
  return result;
}

/** All live threads. */
function getThreads(t: JavaThread): number {
  const { vm } = t;
  const { threads } = vm.scheduler;
  const result = vm.heap.allocateArray(arrayClassOf(vm, vm.known.thread), threads.length);
  threads.forEach((thread, i) => vm.putReferenceElement(result, i, thread.object));
  return result;
}

export const natives: NativeTable = {
  'registerNatives()V': () => {},
  'currentThread()Ljava/lang/Thread;': (t) => t.object,
  'yield()V': (t) => {
    t.yielding = true;
  },
  'sleep(J)V': (t, millis: number) => sleep(t, millis),
  'start0()V': (t, self: number) => startThread(t.vm, self),
  'holdsLock(Ljava/lang/Object;)Z': (t, object: number) => {
    if (object === 0) throw nullPointer();
    return holdsLock(t.vm, t, object);
  },
  'dumpThreads([Ljava/lang/Thread;)[[Ljava/lang/StackTraceElement;': dumpThreads,
  'getThreads()[Ljava/lang/Thread;': getThreads,
  // Priorities change nothing for HotSpot on Linux either, unless it is told otherwise.
  'setPriority0(I)V': () => {},
  'interrupt0()V': (t, self: number) => {
    const thread = t.vm.scheduler.of(self);
    if (thread !== undefined) interrupt(thread);
  },
  // Only Windows keeps an event beside the flag.
  'clearInterruptEvent()V': () => {},
  // Names the thread of the operating system, of which there is one for all.
  'setNativeName(Ljava/lang/String;)V': () => {},
  'stop0(Ljava/lang/Object;)V': (t, self: number, exception: number) => {
    if (exception === 0) throw nullPointer();
    const thread = t.vm.scheduler.of(self);
    if (thread !== undefined) stopThread(thread, exception);
  },
  'suspend0()V': (t, self: number) => {
    const thread = t.vm.scheduler.of(self);
    if (thread !== undefined) t.vm.scheduler.suspend(thread);
  },
  'resume0()V': (t, self: number) => {
    const thread = t.vm.scheduler.of(self);
    if (thread !== undefined) t.vm.scheduler.resume(thread);
  },
};
