/** Natives of sun.nio.ch.Net: sockets of channels, and of java.net.Socket, which is built on them. */
import {
  bindSocket,
  Family,
  getOption,
  listen,
  localAddress,
  MessageFlag,
  makeSocket,
  PollEvent,
  peerAddress,
  readableBytes,
  SocketType,
  send,
  setOption,
  shutDown,
} from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import { waitForDescriptor } from '../../../../runtime/blocking.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { adoptDescriptor, IoStatus, readyEvents } from '../../../descriptors.js';
import { fdOf, setFd } from '../../../java/io/file-descriptors.js';
import {
  type Endpoint,
  fromSocketAddress,
  newInetAddress,
  newInetSocketAddress,
  readInetAddress,
  toSocketAddress,
  usesIpv6,
} from '../../../java/net/addresses.js';
import { checkSocket, socketException } from '../../../java/net/socket-errors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno } from '../../../system-errors.js';
import { accepting, checkPending, connecting } from './connections.js';
import { natives as multicast } from './multicast.js';

/** Levels and options of sockets (Linux). */
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_LINGER = 13;
const IPPROTO_IP = 0;
const IP_TOS = 1;
const IP_MULTICAST_TTL = 33;
const IP_MULTICAST_LOOP = 34;
const IP_MULTICAST_ALL = 49;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const IPV6_TCLASS = 67;
const SMALLEST_RECEIVE_BUFFER = 1024;
/** Bits of the type of service that may be set. */
const TOS_MASK = 0xfe;

function intBytes(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

function newSocket(t: JavaThread, preferIpv6: boolean, stream: boolean, reuse: boolean): number {
  const family = preferIpv6 && usesIpv6(t.vm) ? Family.Inet6 : Family.Inet;
  const fd = checkSocket(makeSocket(family, stream ? SocketType.Stream : SocketType.Datagram));
  adoptDescriptor(fd, true);
  if (family === Family.Inet6) checkSocket(setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, intBytes(0)));
  if (reuse) checkSocket(setOption(fd, SOL_SOCKET, SO_REUSEADDR, intBytes(1)));
  if (!stream) {
    // Only the groups that this socket has joined.
    const result = setOption(fd, IPPROTO_IP, IP_MULTICAST_ALL, intBytes(0));
    if (result !== -Errno.NoProtocolOption) checkSocket(result);
  }
  return fd;
}

function* accept(t: JavaThread, descriptor: number, newDescriptor: number, addresses: number): Activity<number> {
  const { vm } = t;
  const fd = fdOf(vm, descriptor);
  const target = t.handle(newDescriptor);
  const array = t.handle(addresses);
  const accepted = yield* accepting(t, fd);
  if (typeof accepted === 'number') return accepted;
  setFd(vm, target.ref, accepted.fd);
  const address = yield* newInetSocketAddress(t, fromSocketAddress(accepted.peer));
  vm.putReferenceElement(array.ref, 0, address);
  return 1;
}

/** An address that the system tells. */
function endpoint(address: Uint8Array | number): Endpoint {
  if (typeof address === 'number') throw socketException(-address);
  return fromSocketAddress(address);
}

/** Whether an option's value is a single byte. */
function isByteOption(level: number, option: number): boolean {
  return level === IPPROTO_IP && (option === IP_MULTICAST_TTL || option === IP_MULTICAST_LOOP);
}

function getIntOption(fd: number, convert: boolean, level: number, option: number): number {
  if (level === SOL_SOCKET && option === SO_LINGER) {
    const linger = new Int32Array(2);
    checkSocket(getOption(fd, level, option, new Uint8Array(linger.buffer)));
    return linger[0] === 0 ? -1 : linger[1]!;
  }
  if (isByteOption(level, option)) {
    const byte = new Uint8Array(1);
    checkSocket(getOption(fd, level, option, byte));
    return byte[0]!;
  }
  const value = new Int32Array(1);
  checkSocket(getOption(fd, level, option, new Uint8Array(value.buffer)));
  // Linux doubles what is asked for, to have room for its own records, and tells the double.
  const doubled = convert && level === SOL_SOCKET && (option === SO_SNDBUF || option === SO_RCVBUF);
  return doubled ? value[0]! >> 1 : value[0]!;
}

function setIntOption(
  fd: number,
  convert: boolean,
  level: number,
  option: number,
  value: number,
  isIpv6: boolean,
): void {
  if (level === SOL_SOCKET && option === SO_LINGER) {
    const linger = Int32Array.of(value >= 0 ? 1 : 0, Math.max(value, 0));
    checkSocket(setOption(fd, level, option, new Uint8Array(linger.buffer)));
    return;
  }
  if (isByteOption(level, option)) {
    checkSocket(setOption(fd, level, option, Uint8Array.of(value)));
    return;
  }
  let wanted = value;
  if (convert && level === SOL_SOCKET && option === SO_RCVBUF) wanted = Math.max(value, SMALLEST_RECEIVE_BUFFER);
  if (convert && level === IPPROTO_IP && option === IP_TOS) wanted = value & TOS_MASK;
  checkSocket(setOption(fd, level, option, intBytes(wanted)));
  if (level === IPPROTO_IPV6 && option === IPV6_TCLASS && isIpv6) {
    // For the IPv4 packets that an IPv6 socket sends, as far as the system lets one.
    setOption(fd, IPPROTO_IP, IP_TOS, intBytes(wanted));
  }
}

/** Events found, 0 at the timeout (ms; below 0: none) or when signalled. */
function poll(t: JavaThread, fd: number, events: number, timeout: number): number | Activity<number> {
  const ready = readyEvents(fd, events);
  return ready !== 0 || timeout === 0 ? ready : waitFor(t, fd, events, timeout);
}

function* waitFor(t: JavaThread, fd: number, events: number, timeout: number): Activity<number> {
  const deadline = timeout < 0 ? Infinity : performance.now() + timeout;
  return Math.max(yield* waitForDescriptor(t, fd, events, deadline), 0);
}

function* pollConnect(t: JavaThread, fd: number, timeout: number): Activity<boolean> {
  let events = readyEvents(fd, PollEvent.Out);
  if (events === 0 && timeout !== 0) events = yield* waitFor(t, fd, PollEvent.Out, timeout);
  if (events === 0) return false;
  checkPending(fd);
  return true;
}

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'isIPv6Available0()Z': (t) => usesIpv6(t.vm),
  'isReusePortAvailable0()Z': () => true,
  // Only Windows has exclusive binding.
  'isExclusiveBindAvailable()I': () => -1,
  'shouldSetBothIPv4AndIPv6Options0()Z': () => true,
  'canIPv6SocketJoinIPv4Group0()Z': () => true,
  'canJoin6WithIPv4Group0()Z': () => false,
  'canUseIPv6OptionsWithIPv4LocalAddress0()Z': () => true,
  'pollinValue()S': () => PollEvent.In,
  'polloutValue()S': () => PollEvent.Out,
  'pollerrValue()S': () => PollEvent.Error,
  'pollhupValue()S': () => PollEvent.HangUp,
  'pollnvalValue()S': () => PollEvent.Invalid,
  'pollconnValue()S': () => PollEvent.Out,
  'socket0(ZZZZ)I': (t, preferIpv6: number, stream: number, reuse: number) =>
    newSocket(t, preferIpv6 !== 0, stream !== 0, reuse !== 0),
  'bind0(Ljava/io/FileDescriptor;ZZLjava/net/InetAddress;I)V': (
    t,
    descriptor: number,
    preferIpv6: number,
    _exclusive: number,
    address: number,
    port: number,
  ) => {
    const { vm } = t;
    const bytes = toSocketAddress(vm, readInetAddress(vm, address), port, preferIpv6 !== 0);
    checkSocket(bindSocket(fdOf(vm, descriptor), bytes));
  },
  'listen(Ljava/io/FileDescriptor;I)V': (t, descriptor: number, backlog: number) => {
    checkSocket(listen(fdOf(t.vm, descriptor), backlog));
  },
  'connect0(ZLjava/io/FileDescriptor;Ljava/net/InetAddress;I)I': (
    t,
    preferIpv6: number,
    descriptor: number,
    address: number,
    port: number,
  ) => {
    const { vm } = t;
    const bytes = toSocketAddress(vm, readInetAddress(vm, address), port, preferIpv6 !== 0);
    return connecting(t, fdOf(vm, descriptor), bytes);
  },
  'accept(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/net/InetSocketAddress;)I': accept,
  'shutdown(Ljava/io/FileDescriptor;I)V': (t, descriptor: number, how: number) => {
    const result = shutDown(fdOf(t.vm, descriptor), how);
    if (result !== -Errno.NotConnected) checkSocket(result);
  },
  'localPort(Ljava/io/FileDescriptor;)I': (t, descriptor: number) =>
    endpoint(localAddress(fdOf(t.vm, descriptor))).port,
  'localInetAddress(Ljava/io/FileDescriptor;)Ljava/net/InetAddress;': (t, descriptor: number) =>
    newInetAddress(t, endpoint(localAddress(fdOf(t.vm, descriptor)))),
  'remotePort(Ljava/io/FileDescriptor;)I': (t, descriptor: number) =>
    endpoint(peerAddress(fdOf(t.vm, descriptor))).port,
  'remoteInetAddress(Ljava/io/FileDescriptor;)Ljava/net/InetAddress;': (t, descriptor: number) =>
    newInetAddress(t, endpoint(peerAddress(fdOf(t.vm, descriptor)))),
  'getIntOption0(Ljava/io/FileDescriptor;ZII)I': (
    t,
    descriptor: number,
    convert: number,
    level: number,
    option: number,
  ) => getIntOption(fdOf(t.vm, descriptor), convert !== 0, level, option),
  'setIntOption0(Ljava/io/FileDescriptor;ZIIIZ)V': (
    t,
    descriptor: number,
    convert: number,
    level: number,
    option: number,
    value: number,
    isIpv6: number,
  ) => setIntOption(fdOf(t.vm, descriptor), convert !== 0, level, option, value, isIpv6 !== 0),
  'poll(Ljava/io/FileDescriptor;IJ)I': (t, descriptor: number, events: number, timeout: number) =>
    poll(t, fdOf(t.vm, descriptor), events, timeout),
  'pollConnect(Ljava/io/FileDescriptor;J)Z': (t, descriptor: number, timeout: number) =>
    pollConnect(t, fdOf(t.vm, descriptor), timeout),
  'available(Ljava/io/FileDescriptor;)I': (t, descriptor: number) => checkSocket(readableBytes(fdOf(t.vm, descriptor))),
  'sendOOB(Ljava/io/FileDescriptor;B)I': (t, descriptor: number, byte: number) => {
    const sent = send(fdOf(t.vm, descriptor), Uint8Array.of(byte), MessageFlag.OutOfBand);
    return sent === -Errno.TryAgain ? IoStatus.Unavailable : checkSocket(sent);
  },
  'discardOOB(Ljava/io/FileDescriptor;)Z': () => false,
  ...multicast,
};
