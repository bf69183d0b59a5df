/** Natives of java.lang.Runtime. */
import { availableParallelism } from 'node:os';
import { COLLECT } from '../../../runtime/activity.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'availableProcessors()I': () => availableParallelism(),
  'freeMemory()J': (t) => t.vm.heap.totalBytes() - t.vm.heap.usedBytes(),
  'totalMemory()J': (t) => t.vm.heap.totalBytes(),
  'maxMemory()J': (t) => t.vm.heap.maxBytes(),
  'gc()V': function* (t) {
    if (t.vm.options.tuning?.explicitGc !== false) yield COLLECT;
  },
};
