/** Natives of sun.nio.ch.DatagramChannelImpl: datagrams with the address of the other side, a `struct sockaddr…`. */
import { connectSocket, Family, PollEvent, receive, send } from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { ERROR_BASE, errorOf, fixedMemory, type Transfer, transferring } from '../../../descriptors.js';
import { andThen, fdOf } from '../../../java/io/file-descriptors.js';
import { checkSocket, socketException } from '../../../java/net/socket-errors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno } from '../../../system-errors.js';
import { checkReachable } from './datagrams.js';

/** Room for an address, `sizeof (struct sockaddr_in6)`. */
const ADDRESS_BYTES = 28;
/** No datagram is longer. */
const LARGEST = 65536;

function transfer(
  t: JavaThread,
  fd: number,
  events: number,
  address: number,
  length: number,
  work: Transfer,
): number | Activity<number> {
  const memory = fixedMemory(t.vm, address, Math.min(length, LARGEST));
  return andThen(
    transferring(t, fd, events, work, memory, () => memory),
    (done) => {
      if (done <= ERROR_BASE) throw socketException(errorOf(done));
      return done;
    },
  );
}

export const natives: NativeTable = {
  'disconnect0(Ljava/io/FileDescriptor;Z)V': (t, descriptor: number, isIpv6: number) => {
    const nobody = new Uint8Array(isIpv6 !== 0 ? ADDRESS_BYTES : 16);
    nobody[0] = Family.Unspecified;
    const result = connectSocket(fdOf(t.vm, descriptor), nobody);
    if (result !== -Errno.AddressFamilyNotSupported) checkSocket(result);
  },
  'receive0(Ljava/io/FileDescriptor;JIJZ)I': (
    t,
    descriptor: number,
    address: number,
    length: number,
    sender: number,
    connected: number,
  ) => {
    const place = fixedMemory(t.vm, sender, ADDRESS_BYTES);
    return transfer(t, fdOf(t.vm, descriptor), PollEvent.In, address, length, (fd, memory) => {
      for (;;) {
        const got = receive(fd, memory, 0, place());
        // An earlier datagram of an unconnected socket did not arrive: nobody's business.
        if (got !== -Errno.ConnectionRefused || connected !== 0) return checkReachable(got);
      }
    });
  },
  'send0(Ljava/io/FileDescriptor;JIJI)I': (
    t,
    descriptor: number,
    address: number,
    length: number,
    target: number,
    targetLength: number,
  ) => {
    const place = targetLength === 0 ? undefined : fixedMemory(t.vm, target, targetLength);
    return transfer(t, fdOf(t.vm, descriptor), PollEvent.Out, address, length, (fd, memory) =>
      checkReachable(send(fd, memory, 0, place?.() ?? null)),
    );
  },
};
