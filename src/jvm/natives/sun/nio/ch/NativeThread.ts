/** Natives of sun.nio.ch.NativeThread: waking a thread that waits for a descriptor. */
import { signalPolling } from '../../../../runtime/blocking.js';
import type { NativeTable } from '../../../registry.js';

export const natives: NativeTable = {
  'init()V': () => {},
  'current()J': (t) => t.id,
  'signal(J)V': (t, id: number) => {
    const thread = t.vm.scheduler.byId(id);
    if (thread !== undefined) signalPolling(thread);
  },
};
