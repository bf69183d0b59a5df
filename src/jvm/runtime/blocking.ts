/**
 * Waits of Java threads that are not monitors: `sleep`, `park`, descriptors of the operating system, and whatever a
 * host's function announces later.
 *
 * Each is an activity: it puts the thread into a waiting state and yields; the scheduler resumes it. Times are
 * milliseconds of `performance.now`, with fractions.
 */
import { type Activity, BLOCK, YIELD } from './activity.js';
import { isInterrupted, takeInterrupt } from './interruption.js';
import { type DescriptorWait, JavaStatus } from './scheduler.js';
import { type JavaThread, ThreadState } from './thread.js';
import { ThrowNew } from './throws.js';
import type { Vm } from './vm.js';

export { interrupt, isInterrupted, takeInterrupt } from './interruption.js';

/**
 * `Thread.sleep`.
 *
 * @throws ThrowNew IllegalArgumentException for a negative time; InterruptedException, with the flag cleared
 */
export function* sleep(t: JavaThread, millis: number): Activity<void> {
  if (millis < 0) throw new ThrowNew('java/lang/IllegalArgumentException', 'timeout value is negative');
  if (takeInterrupt(t)) throw sleepInterrupted();
  if (millis === 0) {
    yield YIELD;
    return;
  }
  t.vm.scheduler.block(t, ThreadState.Sleeping, performance.now() + millis, JavaStatus.Sleeping);
  yield BLOCK;
  if (takeInterrupt(t)) throw sleepInterrupted();
}

function sleepInterrupted(): ThrowNew {
  return new ThrowNew('java/lang/InterruptedException', 'sleep interrupted');
}

/** Waits `millis`, whatever happens: for natives that look again and again. */
export function* pause(t: JavaThread, millis: number): Activity<void> {
  t.vm.scheduler.block(t, ThreadState.Waiting, performance.now() + millis);
  yield BLOCK;
}

/**
 * `Unsafe.park`: returns at once when the permit is there (taking it) or the thread is interrupted (leaving the flag).
 *
 * @param absolute whether `time` is a point in time, in milliseconds since 1970, or a duration in nanoseconds, of which
 *   0 means for ever
 */
export function* park(t: JavaThread, absolute: boolean, time: number): Activity<void> {
  if (t.parkPermit) {
    t.parkPermit = false;
    return;
  }
  if (isInterrupted(t)) return;
  if (time < 0 || (absolute && time === 0)) return;
  const timed = absolute || time !== 0;
  const duration = absolute ? time - Date.now() : time / 1e6;
  if (timed && duration <= 0) return;
  const status = timed ? JavaStatus.ParkedTimed : JavaStatus.Parked;
  t.vm.scheduler.block(t, ThreadState.Waiting, timed ? performance.now() + duration : Infinity, status);
  t.parked = true;
  yield BLOCK;
  t.parkPermit = false;
}

/** `Unsafe.unpark`: nothing happens to a thread that has not started or has ended. */
export function unpark(vm: Vm, threadObject: number): void {
  const t = vm.scheduler.of(threadObject);
  if (t === undefined) return;
  t.parkPermit = true;
  if (t.parked) vm.scheduler.makeRunnable(t, 'unparked');
}

/**
 * Waits until a descriptor is ready. Interruption does not end it, as it does not end a system call under HotSpot; a
 * descriptor that is closed meanwhile, and `signalPolling`, do.
 *
 * @param events `PollEvent`s
 * @param deadline `performance.now`; Infinity: none
 * @returns the events found; 0 at the deadline; -1 when woken by `signalPolling`
 */
export function* waitForDescriptor(t: JavaThread, fd: number, events: number, deadline = Infinity): Activity<number> {
  const wait: DescriptorWait = { fd, events, revents: 0 };
  const ready = yield* waitForDescriptors(t, [wait], deadline);
  return ready > 0 ? wait.revents : ready;
}

/**
 * Waits until one of several descriptors is ready, and fills in `revents` of all.
 *
 * @returns how many are ready; 0 at the deadline; -1 when woken by `signalPolling`
 */
export function* waitForDescriptors(
  t: JavaThread,
  waits: readonly DescriptorWait[],
  deadline = Infinity,
): Activity<number> {
  t.vm.scheduler.blockOnDescriptors(t, waits, deadline);
  yield BLOCK;
  if (t.wakeReason === 'signalled') return -1;
  let ready = 0;
  for (const wait of waits) if (wait.revents !== 0) ready++;
  return ready;
}

/** Ends a thread's wait for descriptors, as a signal sent to a thread ends a system call (`NativeThread.signal`). */
export function signalPolling(t: JavaThread): void {
  if (t.state === ThreadState.Polling) t.vm.scheduler.makeRunnable(t, 'signalled');
}

/**
 * Waits for the host: `begin` starts something and gets a function to call when it is over, at any time, also at once.
 * Under `runSync` Node's event loop stands still, so what depends on it never comes.
 */
export function* waitForHost(t: JavaThread, begin: (done: () => void) => void): Activity<void> {
  let over = false;
  begin(() => {
    over = true;
    if (t.state === ThreadState.Waiting && t.hostWait) t.vm.scheduler.makeRunnable(t, 'ready');
  });
  while (!over) {
    t.hostWait = true;
    t.vm.scheduler.block(t, ThreadState.Waiting);
    yield BLOCK;
  }
  t.hostWait = false;
}
