/** Natives of sun.management.MemoryManagerImpl. */
import { arrayClassOf, bootClass } from '../../../runtime/class-loading.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  // See MemoryImpl.ts: there are no pools.
  'getMemoryPools0()[Ljava/lang/management/MemoryPoolMXBean;': (t) =>
    t.vm.heap.allocateArray(arrayClassOf(t.vm, bootClass(t.vm, 'java/lang/management/MemoryPoolMXBean')), 0),
};
