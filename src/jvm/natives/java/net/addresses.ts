/**
 * Internet addresses in their three forms: `InetAddress` objects, `struct sockaddr_in` and `sockaddr_in6` (Linux), and
 * the plain record between them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Family, makeSocket, SocketType } from '../../../../host/index.js';
import { type Activity, call, type Handle } from '../../../runtime/activity.js';
import { allocating } from '../../../runtime/allocating.js';
import { bootClass } from '../../../runtime/class-loading.js';
import { initializeClass } from '../../../runtime/initialization.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { Vm } from '../../../runtime/vm.js';
import { newByteArray } from '../../arrays.js';
import { closeDescriptor } from '../../descriptors.js';
import { orElse } from '../../system-errors.js';

/** An address: 4 or 16 bytes in network order. */
export interface Address {
  readonly bytes: Uint8Array;
  /** Number of the network interface of a link-local address; 0: none. */
  readonly scope: number;
}

/** An address and a port. */
export interface Endpoint extends Address {
  readonly port: number;
}

/** Values of InetAddressHolder.family. */
const IPV4 = 1;

const V4_BYTES = 16;
const V6_BYTES = 28;
/** First bytes of an IPv4 address within IPv6. */
const MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

let systemHasIpv6: boolean | undefined;

function probeIpv6(): boolean {
  const file = '/proc/net/if_inet6';
  if (!existsSync(file) || orElse(() => readFileSync(file, 'latin1'), '') === '') return false;
  const fd = makeSocket(Family.Inet6, SocketType.Stream);
  if (fd < 0) return false;
  closeDescriptor(fd);
  return true;
}

/** Whether Java uses IPv6 sockets: the system has them, and `java.net.preferIPv4Stack` was not set at the start. */
export function usesIpv6(vm: Vm): boolean {
  systemHasIpv6 ??= probeIpv6();
  const preferred = vm.options.properties.findLast(([name]) => name === 'java.net.preferIPv4Stack');
  return systemHasIpv6 && preferred?.[1].toLowerCase() !== 'true';
}

/** What an InetAddress object holds. */
export function readInetAddress(vm: Vm, object: number): Address {
  if (object === 0) throw nullPointer('inet address argument is null.');
  const holder = vm.getWord(object, vm.offset('java/net/InetAddress', 'holder'));
  const type = 'java/net/InetAddress$InetAddressHolder';
  if (vm.getWord(holder, vm.offset(type, 'family')) === IPV4) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, vm.getWord(holder, vm.offset(type, 'address')));
    return { bytes, scope: 0 };
  }
  const holder6 = vm.getWord(object, vm.offset('java/net/Inet6Address', 'holder6'));
  const type6 = 'java/net/Inet6Address$Inet6AddressHolder';
  const array = vm.getWord(holder6, vm.offset(type6, 'ipaddress'));
  return { bytes: vm.bytesOf(array >>> 0).slice(), scope: vm.getWord(holder6, vm.offset(type6, 'scope_id')) };
}

/**
 * The `struct sockaddr…` for an address.
 *
 * @param asIpv6 IPv4 addresses are wanted in their IPv6 form; the IPv4 wildcard then is the IPv6 wildcard
 * @throws SocketException (Java) for an IPv6 address where there is no IPv6
 */
export function toSocketAddress(vm: Vm, address: Address, port: number, asIpv6: boolean): Uint8Array {
  const v4 = address.bytes.length === 4;
  if (v4 && !(asIpv6 && usesIpv6(vm))) {
    const result = new DataView(new ArrayBuffer(V4_BYTES));
    result.setUint16(0, Family.Inet, true);
    result.setUint16(2, port);
    const bytes = new Uint8Array(result.buffer);
    bytes.set(address.bytes, 4);
    return bytes;
  }
  if (!usesIpv6(vm)) throw new ThrowNew('java/net/SocketException', 'Protocol family unavailable');
  const result = new DataView(new ArrayBuffer(V6_BYTES));
  result.setUint16(0, Family.Inet6, true);
  result.setUint16(2, port);
  const bytes = new Uint8Array(result.buffer);
  if (!v4) bytes.set(address.bytes, 8);
  else if (address.bytes.some((b) => b !== 0)) {
    bytes.set(MAPPED, 8);
    bytes.set(address.bytes, 8 + MAPPED.length);
  }
  result.setUint32(24, address.scope, true);
  return bytes;
}

/** What a `struct sockaddr…` says. IPv4 addresses within IPv6 become IPv4. */
export function fromSocketAddress(address: Uint8Array): Endpoint {
  const view = new DataView(address.buffer, address.byteOffset, address.length);
  const port = view.getUint16(2);
  if (view.getUint16(0, true) !== Family.Inet6) return { bytes: address.slice(4, 8), port, scope: 0 };
  const bytes = address.slice(8, 24);
  if (MAPPED.every((b, i) => bytes[i] === b)) return { bytes: bytes.slice(12), port, scope: 0 };
  return { bytes, port, scope: view.getUint32(24, true) };
}

/** Makes an Inet4Address or Inet6Address. The reference is valid until the next `yield`. */
export function* newInetAddress(t: JavaThread, address: Address, host?: Handle): Activity<number> {
  const { vm } = t;
  const v4 = address.bytes.length === 4;
  const cls = bootClass(vm, v4 ? 'java/net/Inet4Address' : 'java/net/Inet6Address');
  yield* initializeClass(t, cls);
  const object = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  const name = host ?? 0;
  if (v4) {
    const value = new DataView(address.bytes.buffer, address.bytes.byteOffset).getInt32(0);
    yield call(vm.methodOf(cls, '<init>', '(Ljava/lang/String;I)V'), object, name, value);
  } else {
    const bytes = t.handle(yield* allocating(() => newByteArray(vm, address.bytes)));
    const init = vm.methodOf(cls, '<init>', '(Ljava/lang/String;[BI)V');
    yield call(init, object, name, bytes, address.scope);
  }
  return object.ref;
}

/** Makes an InetSocketAddress. The reference is valid until the next `yield`. */
export function* newInetSocketAddress(t: JavaThread, endpoint: Endpoint): Activity<number> {
  const { vm } = t;
  const address = t.handle(yield* newInetAddress(t, endpoint));
  const cls = bootClass(vm, 'java/net/InetSocketAddress');
  yield* initializeClass(t, cls);
  const object = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  yield call(vm.methodOf(cls, '<init>', '(Ljava/net/InetAddress;I)V'), object, address, endpoint.port);
  return object.ref;
}
