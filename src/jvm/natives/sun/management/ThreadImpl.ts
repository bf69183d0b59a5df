/** Natives of sun.management.ThreadImpl: live threads and their processor time. */
import { arrayClassOf } from '../../../runtime/class-loading.js';
import type { JavaThread } from '../../../runtime/thread.js';
import type { NativeTable } from '../../registry.js';

/** The thread with a `Thread.getId`; 0 stands for the one that asks. */
function threadById(t: JavaThread, id: number): JavaThread | undefined {
  if (id === 0) return t;
  const offset = t.vm.offset('java/lang/Thread', 'tid');
  return t.vm.scheduler.threads.find((thread) => Number(t.vm.getLong(thread.object, offset)) === id);
}

/** Run time in nanoseconds, -1 for a thread that does not live. */
function cpuNanos(t: JavaThread, id: number): number {
  const thread = threadById(t, id);
  return thread === undefined ? -1 : Math.round(thread.cpuMillis * 1e6);
}

export const natives: NativeTable = {
  'getThreads()[Ljava/lang/Thread;': (t) => {
    const { vm } = t;
    const { threads } = vm.scheduler;
    const array = vm.heap.allocateArray(arrayClassOf(vm, vm.known.thread), threads.length);
    threads.forEach((thread, i) => vm.putReferenceElement(array, i, thread.object));
    return array;
  },
  'getThreadTotalCpuTime0(J)J': (t, id: number) => cpuNanos(t, id),
  // The VM's own work on behalf of a thread is not told apart from the thread's.
  'getThreadUserCpuTime0(J)J': (t, id: number) => cpuNanos(t, id),
  'resetPeakThreadCount0()V': (t) => {
    t.vm.scheduler.peakCount = t.vm.scheduler.threads.length;
  },
};
