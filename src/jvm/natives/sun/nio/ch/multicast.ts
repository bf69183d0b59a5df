/** The natives of sun.nio.ch.Net about multicast groups. IPv4 addresses are ints here. */
import { getOption, setOption } from '../../../../../host/index.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { IoStatus } from '../../../descriptors.js';
import { fdOf } from '../../../java/io/file-descriptors.js';
import { checkSocket, socketException } from '../../../java/net/socket-errors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno } from '../../../system-errors.js';

const IPPROTO_IP = 0;
const IP_MULTICAST_IF = 32;
const IP_ADD_MEMBERSHIP = 35;
const IP_DROP_MEMBERSHIP = 36;
const IP_UNBLOCK_SOURCE = 37;
const IP_BLOCK_SOURCE = 38;
const IP_ADD_SOURCE_MEMBERSHIP = 39;
const IP_DROP_SOURCE_MEMBERSHIP = 40;
const IPPROTO_IPV6 = 41;
const IPV6_MULTICAST_IF = 17;
const IPV6_ADD_MEMBERSHIP = 20;
const IPV6_DROP_MEMBERSHIP = 21;
const MCAST_BLOCK_SOURCE = 43;
const MCAST_UNBLOCK_SOURCE = 44;
const MCAST_JOIN_SOURCE_GROUP = 46;
const MCAST_LEAVE_SOURCE_GROUP = 47;
const AF_INET6 = 10;

/** Ints as bytes in network order. */
function networkOrder(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    view.setInt32(4 * i, value);
  });
  return new Uint8Array(view.buffer);
}

function wordBytes(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

/** 0, or `IoStatus.Unavailable` where the system does not know the option. */
function change(fd: number, level: number, option: number, value: Uint8Array, optional: boolean): number {
  const result = setOption(fd, level, option, value);
  if (result >= 0) return 0;
  const unknown = result === -Errno.NoProtocolOption || result === -Errno.NotSupported;
  if (optional && unknown) return IoStatus.Unavailable;
  throw socketException(-result);
}

/** `struct group_source_req`: an interface, a group, a source. */
function groupSource(group: Uint8Array, index: number, source: Uint8Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(264));
  const bytes = new Uint8Array(view.buffer);
  view.setUint32(0, index, true);
  for (const [at, address] of [
    [8, group],
    [136, source],
  ] as const) {
    view.setUint16(at, AF_INET6, true);
    bytes.set(address, at + 8);
  }
  return bytes;
}

function bytesOf(t: JavaThread, array: number): Uint8Array {
  return t.vm.bytesOf(array >>> 0).slice();
}

export const natives: NativeTable = {
  'joinOrDrop4(ZLjava/io/FileDescriptor;III)I': (
    t,
    join: number,
    descriptor: number,
    group: number,
    own: number,
    source: number,
  ) => {
    const fd = fdOf(t.vm, descriptor);
    if (source === 0) {
      const option = join !== 0 ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP;
      return change(fd, IPPROTO_IP, option, networkOrder(group, own), join !== 0);
    }
    const option = join !== 0 ? IP_ADD_SOURCE_MEMBERSHIP : IP_DROP_SOURCE_MEMBERSHIP;
    return change(fd, IPPROTO_IP, option, networkOrder(group, own, source), join !== 0);
  },
  'blockOrUnblock4(ZLjava/io/FileDescriptor;III)I': (
    t,
    block: number,
    descriptor: number,
    group: number,
    own: number,
    source: number,
  ) => {
    const option = block !== 0 ? IP_BLOCK_SOURCE : IP_UNBLOCK_SOURCE;
    return change(fdOf(t.vm, descriptor), IPPROTO_IP, option, networkOrder(group, own, source), block !== 0);
  },
  'joinOrDrop6(ZLjava/io/FileDescriptor;[BI[B)I': (
    t,
    join: number,
    descriptor: number,
    group: number,
    index: number,
    source: number,
  ) => {
    const fd = fdOf(t.vm, descriptor);
    if (source === 0) {
      const option = join !== 0 ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP;
      const request = Uint8Array.from([...bytesOf(t, group), ...wordBytes(index)]);
      return change(fd, IPPROTO_IPV6, option, request, join !== 0);
    }
    const option = join !== 0 ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP;
    return change(fd, IPPROTO_IPV6, option, groupSource(bytesOf(t, group), index, bytesOf(t, source)), join !== 0);
  },
  'blockOrUnblock6(ZLjava/io/FileDescriptor;[BI[B)I': (
    t,
    block: number,
    descriptor: number,
    group: number,
    index: number,
    source: number,
  ) => {
    const option = block !== 0 ? MCAST_BLOCK_SOURCE : MCAST_UNBLOCK_SOURCE;
    const request = groupSource(bytesOf(t, group), index, bytesOf(t, source));
    return change(fdOf(t.vm, descriptor), IPPROTO_IPV6, option, request, block !== 0);
  },
  'setInterface4(Ljava/io/FileDescriptor;I)V': (t, descriptor: number, address: number) => {
    checkSocket(setOption(fdOf(t.vm, descriptor), IPPROTO_IP, IP_MULTICAST_IF, networkOrder(address)));
  },
  'getInterface4(Ljava/io/FileDescriptor;)I': (t, descriptor: number) => {
    const address = new Uint8Array(4);
    checkSocket(getOption(fdOf(t.vm, descriptor), IPPROTO_IP, IP_MULTICAST_IF, address));
    return new DataView(address.buffer).getInt32(0);
  },
  'setInterface6(Ljava/io/FileDescriptor;I)V': (t, descriptor: number, index: number) => {
    checkSocket(setOption(fdOf(t.vm, descriptor), IPPROTO_IPV6, IPV6_MULTICAST_IF, wordBytes(index)));
  },
  'getInterface6(Ljava/io/FileDescriptor;)I': (t, descriptor: number) => {
    const index = new Int32Array(1);
    const bytes = new Uint8Array(index.buffer);
    checkSocket(getOption(fdOf(t.vm, descriptor), IPPROTO_IPV6, IPV6_MULTICAST_IF, bytes));
    return index[0]!;
  },
};
