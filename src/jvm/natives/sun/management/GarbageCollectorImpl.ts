/** Natives of sun.management.GarbageCollectorImpl: how often each kind of collection happened, and for how long. */
import type { JavaThread } from '../../../runtime/thread.js';
import type { NativeTable } from '../../registry.js';
import { COLLECTORS } from './MemoryImpl.js';

function figuresOf(t: JavaThread, bean: number): { count: number; total: number } {
  const { vm } = t;
  const name = vm.strings.toJs(vm.getWord(bean, vm.offset('sun/management/MemoryManagerImpl', 'name')));
  return name === COLLECTORS[0] ? vm.heap.statistics.young : vm.heap.statistics.full;
}

export const natives: NativeTable = {
  'getCollectionCount()J': (t, self: number) => figuresOf(t, self).count,
  'getCollectionTime()J': (t, self: number) => Math.round(figuresOf(t, self).total),
};
