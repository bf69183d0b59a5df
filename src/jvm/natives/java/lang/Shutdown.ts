/** Natives of java.lang.Shutdown: the end of the VM. */
import { type Activity, BLOCK } from '../../../runtime/activity.js';
import { type JavaThread, ThreadState } from '../../../runtime/thread.js';
import type { NativeTable } from '../../registry.js';

/** Ends the VM. No thread runs Java after this, not even the one that asked. */
function* halt(t: JavaThread, status: number): Activity<void> {
  t.vm.exitCode = status;
  for (;;) {
    t.vm.scheduler.block(t, ThreadState.Waiting);
    yield BLOCK;
  }
}

export const natives: NativeTable = {
  'beforeHalt()V': () => {},
  'halt0(I)V': halt,
};
