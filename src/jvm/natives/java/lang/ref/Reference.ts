/** Natives of java.lang.ref.Reference: the list the ReferenceHandler thread empties, and the referent. */
import { JavaStatus } from '../../../../runtime/scheduler.js';
import { ThreadState } from '../../../../runtime/thread.js';
import type { NativeTable } from '../../../registry.js';

export const natives: NativeTable = {
  'getAndClearReferencePendingList()Ljava/lang/ref/Reference;': (t) => t.vm.heap.references.takePending(),
  'hasReferencePendingList()Z': (t) => t.vm.heap.references.pending.ref !== 0,
  'waitForReferencePendingList()V': (t) =>
    // The thread counts as running, as on HotSpot, where it waits inside the VM.
    t.vm.heap.references.waitForPending(t, () =>
      t.vm.scheduler.block(t, ThreadState.Waiting, Infinity, JavaStatus.Runnable),
    ),
  'refersTo0(Ljava/lang/Object;)Z': (t, self: number, object: number) =>
    t.vm.getWord(self, t.vm.offset('java/lang/ref/Reference', 'referent')) === object,
  'clear0()V': (t, self: number) => t.vm.putWord(self, t.vm.offset('java/lang/ref/Reference', 'referent'), 0),
};
