/** Names of hosts: what Inet4AddressImpl and Inet6AddressImpl share. */
import { closeSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  bindSocket,
  connectSocket,
  Family,
  getOption,
  hostName,
  makeSocket,
  PollEvent,
  resolveHost,
  SocketType,
} from '../../../../host/index.js';
import type { Activity } from '../../../runtime/activity.js';
import { allocating } from '../../../runtime/allocating.js';
import { waitForDescriptor } from '../../../runtime/blocking.js';
import { arrayClassOf, bootClass } from '../../../runtime/class-loading.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import { decodePlatform, encodePlatform } from '../../platform-strings.js';
import { Errno } from '../../system-errors.js';
import { type Address, fromSocketAddress, newInetAddress, toSocketAddress } from './addresses.js';

/** Values of java.net.InetAddress.preferIPv6Address. */
const PREFER_IPV4 = 0;
const PREFER_IPV6 = 1;
const SOL_SOCKET = 1;
const SO_ERROR = 4;

/** `getLocalHostName`. */
export function localHostName(t: JavaThread): number {
  return t.vm.strings.fromJs(hostname());
}

/** The addresses that Java shall see, in the order it prefers. */
function inOrder(t: JavaThread, found: readonly Address[]): Address[] {
  const { vm } = t;
  const preference = vm.words[vm.offset('java/net/InetAddress', 'preferIPv6Address') >>> 2]!;
  const isV4 = (address: Address) => address.bytes.length === 4;
  const v4 = found.filter(isV4);
  const v6 = found.filter((address) => !isV4(address));
  if (preference === PREFER_IPV4) return [...v4, ...v6];
  if (preference === PREFER_IPV6) return [...v6, ...v4];
  return [...found];
}

/** `lookupAllHostAddr`. */
export function* lookUpAll(t: JavaThread, host: number, family: Family): Activity<number> {
  const { vm } = t;
  if (host === 0) throw nullPointer('host argument is null');
  const name = vm.strings.toJs(host);
  const found = resolveHost(Buffer.concat([encodePlatform(name), Buffer.alloc(1)]), family);
  if ('error' in found) {
    throw new ThrowNew('java/net/UnknownHostException', found.error === '' ? name : `${name}: ${found.error}`);
  }
  const distinct = new Map<string, Address>();
  for (const bytes of found) {
    const address = fromSocketAddress(bytes);
    distinct.set(`${address.bytes}%${address.scope}`, address);
  }
  const addresses = inOrder(t, [...distinct.values()]);
  const hostHandle = t.handle(host);
  const cls = arrayClassOf(vm, bootClass(vm, 'java/net/InetAddress'));
  const array = t.handle(yield* allocating(() => vm.heap.allocateArray(cls, addresses.length)));
  for (let i = 0; i < addresses.length; i++) {
    const object = yield* newInetAddress(t, addresses[i]!, hostHandle);
    vm.putReferenceElement(array.ref, i, object);
  }
  return array.ref;
}

/** `getHostByAddr`. */
export function hostByAddress(t: JavaThread, array: number): number {
  const { vm } = t;
  const address = { bytes: vm.bytesOf(array >>> 0).slice(), scope: 0 };
  const name = hostName(toSocketAddress(vm, address, 0, false));
  if (name === undefined) throw new ThrowNew('java/net/UnknownHostException');
  return vm.strings.fromJs(decodePlatform(name));
}

const ECHO_PORT = 7;

/**
 * `isReachable0`: whether the host answers on the echo port, be it by refusing the connection. That is what Java does for
 * users who may not send ICMP.
 */
export function* isReachable(
  t: JavaThread,
  address: Address,
  timeout: number,
  from: Address | undefined,
): Activity<boolean> {
  const { vm } = t;
  const fd = makeSocket(address.bytes.length === 4 ? Family.Inet : Family.Inet6, SocketType.Stream);
  if (fd < 0) return false;
  try {
    if (from !== undefined && bindSocket(fd, toSocketAddress(vm, from, 0, false)) < 0) return false;
    let result = connectSocket(fd, toSocketAddress(vm, address, ECHO_PORT, false));
    if (result === -Errno.InProgress) {
      const events = yield* waitForDescriptor(t, fd, PollEvent.Out, performance.now() + timeout);
      if (events <= 0) return false;
      const error = new Int32Array(1);
      getOption(fd, SOL_SOCKET, SO_ERROR, new Uint8Array(error.buffer));
      result = -error[0]!;
    }
    return result === 0 || result === -Errno.ConnectionRefused;
  } finally {
    closeSync(fd);
  }
}
