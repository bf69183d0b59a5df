/**
 * Natives of sun.management.MemoryImpl: use of the heap and of the memory outside it, and the two kinds of collection as
 * garbage collectors. Memory pools are not told apart: their list is empty.
 */
import { type Activity, call } from '../../../runtime/activity.js';
import { allocating } from '../../../runtime/allocating.js';
import { arrayClassOf, bootClass } from '../../../runtime/class-loading.js';
import { initializeClass } from '../../../runtime/initialization.js';
import type { JavaThread } from '../../../runtime/thread.js';
import type { NativeTable } from '../../registry.js';

/** Names of the collectors; GarbageCollectorImpl.ts tells them apart by these. */
export const COLLECTORS = ['Scotty Young Generation', 'Scotty Full Collection'] as const;

function* memoryUsage(t: JavaThread, _self: number, ofHeap: number): Activity<number> {
  const { vm } = t;
  const cls = bootClass(vm, 'java/lang/management/MemoryUsage');
  yield* initializeClass(t, cls);
  const usage = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  const { heap, arena, options } = vm;
  const outside = arena.metadataBytes + vm.nativeMemory.usedBytes;
  const figures = ofHeap
    ? [options.initialHeap, heap.usedBytes(), heap.totalBytes(), heap.maxBytes()]
    : [0, outside, outside, -1];
  yield call(vm.methodOf(cls, '<init>', '(JJJJ)V'), usage, ...figures);
  return usage.ref;
}

function* managers(t: JavaThread): Activity<number> {
  const { vm } = t;
  const helper = bootClass(vm, 'sun/management/ManagementFactoryHelper');
  const create = vm.methodOf(
    helper,
    'createGarbageCollector',
    '(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/management/GarbageCollectorMXBean;',
  );
  const element = bootClass(vm, 'java/lang/management/MemoryManagerMXBean');
  const array = t.handle(yield* allocating(() => vm.heap.allocateArray(arrayClassOf(vm, element), COLLECTORS.length)));
  for (const [i, name] of COLLECTORS.entries()) {
    const text = t.handle(yield* allocating(() => vm.strings.fromJs(name)));
    const bean = yield call(create, text, 0);
    vm.putReferenceElement(array.ref, i, Number(bean));
  }
  return array.ref;
}

export const natives: NativeTable = {
  'getMemoryUsage0(Z)Ljava/lang/management/MemoryUsage;': memoryUsage,
  'getMemoryManagers0()[Ljava/lang/management/MemoryManagerMXBean;': managers,
  'getMemoryPools0()[Ljava/lang/management/MemoryPoolMXBean;': (t) =>
    t.vm.heap.allocateArray(arrayClassOf(t.vm, bootClass(t.vm, 'java/lang/management/MemoryPoolMXBean')), 0),
};
