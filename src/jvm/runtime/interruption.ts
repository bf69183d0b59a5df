/**
 * Interruption of threads (JLS 17.2.3). The flag is the Thread object's own field `interrupted`, which the library reads
 * and clears without asking the VM; what is here wakes the thread and tests the flag where the VM waits.
 */
import { inWaitSet } from './monitors.js';
import { type JavaThread, ThreadState } from './thread.js';

function flagOffset(t: JavaThread): number {
  return t.vm.offset('java/lang/Thread', 'interrupted');
}

/** Whether the thread's interrupt flag is set. */
export function isInterrupted(t: JavaThread): boolean {
  return t.vm.getByte(t.object >>> 0, flagOffset(t)) !== 0;
}

/** Tests the thread's interrupt flag and clears it. */
export function takeInterrupt(t: JavaThread): boolean {
  const { vm } = t;
  const offset = flagOffset(t);
  const object = t.object >>> 0;
  if (vm.getByte(object, offset) === 0) return false;
  vm.putByte(object, offset, 0);
  return true;
}

/**
 * `Thread.interrupt0`: the flag is set already. Ends `sleep`, `park` and `Object.wait`; a thread that parks next does
 * not wait. Entering a monitor and waiting for the operating system go on.
 */
export function interrupt(t: JavaThread): void {
  t.parkPermit = true;
  if (t.state === ThreadState.Sleeping || t.parked || inWaitSet(t)) t.vm.scheduler.makeRunnable(t, 'interrupted');
}
