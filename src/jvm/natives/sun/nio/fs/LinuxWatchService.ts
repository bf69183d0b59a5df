/** Natives of sun.nio.fs.LinuxWatchService: inotify. */
import { addWatch, makeWatcher, PollEvent, removeWatch, socketPair } from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import { waitForDescriptors } from '../../../../runtime/blocking.js';
import type { DescriptorWait } from '../../../../runtime/scheduler.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { adoptDescriptor, noteBlocking } from '../../../descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { checked, unixException } from './unix-exception.js';

/** `struct inotify_event`: its size without the name, and where watch, mask, cookie, length and name are. */
const EVENT_BYTES = 16;
const EVENT_OFFSETS = [0, 4, 8, 12, 16];
const LONGEST_PATH = 4096;

/** Waits until one of two descriptors can be read; how many can. */
function* poll(t: JavaThread, first: number, second: number): Activity<number> {
  const waits: DescriptorWait[] = [first, second].map((fd) => ({ fd, events: PollEvent.In, revents: 0 }));
  const ready = yield* waitForDescriptors(t, waits);
  // Woken for another reason: Java looks at nothing and comes back.
  return Math.max(ready, 0);
}

export const natives: NativeTable = {
  'eventSize()I': () => EVENT_BYTES,
  'eventOffsets()[I': (t) => {
    const { vm } = t;
    const array = vm.heap.allocateArray(vm.known.intArray, EVENT_OFFSETS.length);
    vm.words.set(EVENT_OFFSETS, (array >>> 2) + 4);
    return array;
  },
  'inotifyInit()I': (t) => {
    const fd = makeWatcher();
    if (fd >= 0) adoptDescriptor(fd, true);
    return checked(t, fd);
  },
  'inotifyAddWatch(IJI)I': (t, fd: number, path: number, mask: number) =>
    checked(t, addWatch(fd, t.vm.u8.subarray(path, path + LONGEST_PATH + 1), mask)),
  'inotifyRmWatch(II)V': (t, fd: number, watch: number) => checked(t, removeWatch(fd, watch)),
  'configureBlocking(IZ)V': (_t, fd: number, blocking: number) => noteBlocking(fd, blocking !== 0),
  'socketpair([I)V': (t, array: number) => {
    const pair = socketPair();
    if (typeof pair === 'number') return unixException(t, -pair);
    pair.forEach((fd, i) => {
      adoptDescriptor(fd, true);
      t.vm.words[(array >>> 2) + 4 + i] = fd;
    });
    return undefined;
  },
  'poll(II)I': poll,
};
