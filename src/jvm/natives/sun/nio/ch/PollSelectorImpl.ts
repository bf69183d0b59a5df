/** Natives of sun.nio.ch.PollSelectorImpl. */
import type { Activity } from '../../../../runtime/activity.js';
import { waitForDescriptors } from '../../../../runtime/blocking.js';
import type { DescriptorWait } from '../../../../runtime/scheduler.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { IoStatus } from '../../../descriptors.js';
import type { NativeTable } from '../../../registry.js';

/** Polls an array of `struct pollfd` (descriptor, then wanted and found events of 16 bits). */
function* poll(t: JavaThread, address: number, count: number, timeout: number): Activity<number> {
  const { words } = t.vm;
  const waits: DescriptorWait[] = [];
  for (let i = 0; i < count; i++) {
    const at = (address >>> 2) + 2 * i;
    waits.push({ fd: words[at]!, events: words[at + 1]! & 0xffff, revents: 0 });
  }
  const ready = yield* waitForDescriptors(t, waits, timeout < 0 ? Infinity : performance.now() + timeout);
  waits.forEach((wait, i) => {
    words[(address >>> 2) + 2 * i + 1] = wait.events | (wait.revents << 16);
  });
  return ready === -1 ? IoStatus.Interrupted : ready;
}

export const natives: NativeTable = { 'poll(JII)I': poll };
