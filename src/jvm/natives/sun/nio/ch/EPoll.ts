/** Natives of sun.nio.ch.EPoll: what selectors are made of. */
import { EpollBytes, epollControl, makeEpoll, PollEvent, waitEpoll } from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import { waitForDescriptor } from '../../../../runtime/blocking.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { IoStatus } from '../../../descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { ioException } from '../../../system-errors.js';

/** Fills in what is ready now. */
function look(t: JavaThread, epoll: number, address: number, count: number): number {
  const ready = waitEpoll(epoll, t.vm.u8.subarray(address, address + count * EpollBytes.Size), count);
  if (ready < 0) throw ioException(-ready);
  return ready;
}

/** An epoll descriptor is itself ready for reading when one of those it watches is ready. */
function* waitAndLook(t: JavaThread, epoll: number, address: number, count: number, timeout: number): Activity<number> {
  const deadline = timeout < 0 ? Infinity : performance.now() + timeout;
  for (;;) {
    const events = yield* waitForDescriptor(t, epoll, PollEvent.In, deadline);
    if (events === -1) return IoStatus.Interrupted;
    const ready = look(t, epoll, address, count);
    if (ready > 0 || events === 0) return ready;
  }
}

export const natives: NativeTable = {
  'eventSize()I': () => EpollBytes.Size,
  'eventsOffset()I': () => EpollBytes.Events,
  'dataOffset()I': () => EpollBytes.Data,
  'create()I': () => {
    const epoll = makeEpoll();
    if (epoll < 0) throw ioException(-epoll);
    return epoll;
  },
  // Java looks at the error's number itself.
  'ctl(IIII)I': (_t, epoll: number, operation: number, fd: number, events: number) =>
    -epollControl(epoll, operation, fd, events),
  'wait(IJII)I': (t, epoll: number, address: number, count: number, timeout: number) => {
    const ready = look(t, epoll, address, count);
    return ready > 0 || timeout === 0 ? ready : waitAndLook(t, epoll, address, count, timeout);
  },
};
