/**
 * Natives of java.net.NetworkInterface: from Node's list of addresses and the files of /sys/class/net.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Activity, call, type Handle } from '../../../runtime/activity.js';
import { allocating } from '../../../runtime/allocating.js';
import { arrayClassOf, bootClass } from '../../../runtime/class-loading.js';
import { initializeClass } from '../../../runtime/initialization.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer } from '../../../runtime/throws.js';
import { newByteArray } from '../../arrays.js';
import type { NativeTable } from '../../registry.js';
import { orElse } from '../../system-errors.js';
import { type Address, newInetAddress, readInetAddress, usesIpv6 } from './addresses.js';

const CLASS = 'java/net/NetworkInterface';
const BINDING = 'java/net/InterfaceAddress';

/** Flags of an interface (Linux). */
const enum InterfaceFlag {
  Up = 1,
  Broadcast = 2,
  Loopback = 8,
  PointToPoint = 0x10,
  Multicast = 0x1000,
}

interface Binding {
  readonly address: Address;
  readonly prefix: number;
  readonly broadcast: Address | undefined;
}

interface Interface {
  readonly name: string;
  readonly index: number;
  readonly bindings: readonly Binding[];
}

/** A file that describes an interface, trimmed; `` when there is no such interface. */
function attribute(name: string, file: string): string {
  if (name.includes('/')) return '';
  return orElse(() => readFileSync(`/sys/class/net/${name}/${file}`, 'latin1').trim(), '');
}

function flagsOf(name: string): number {
  return Number(attribute(name, 'flags') || 0);
}

/** Bytes of an address in its text form. */
export function parseAddress(text: string): Uint8Array {
  if (isIPv4(text)) return Uint8Array.from(text.split('.').map(Number));
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = dotted[2]!.split('.').map(Number);
    return parseAddress(`${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`);
  }
  const [head = '', tail] = text.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

function broadcastOf(bytes: Uint8Array, prefix: number): Address {
  const view = new DataView(bytes.slice().buffer);
  const hostBits = prefix === 0 ? 0xffffffff : 2 ** (32 - prefix) - 1;
  view.setUint32(0, (view.getUint32(0) | hostBits) >>> 0);
  return { bytes: new Uint8Array(view.buffer), scope: 0 };
}

/** The interfaces, as the system numbers them. */
function interfaces(t: JavaThread): Interface[] {
  const byName = networkInterfaces();
  const names = orElse(() => readdirSync('/sys/class/net'), Object.keys(byName));
  const found: Interface[] = [];
  for (const name of names) {
    const index = Number(attribute(name, 'ifindex') || 0);
    const flags = flagsOf(name);
    const bindings: Binding[] = [];
    for (const info of byName[name] ?? []) {
      const prefix = Number(info.cidr?.split('/')[1] ?? 0);
      const bytes = parseAddress(info.address.split('%')[0]!);
      if (info.family === 'IPv4') {
        const broadcast = (flags & InterfaceFlag.Broadcast) === 0 ? undefined : broadcastOf(bytes, prefix);
        bindings.push({ address: { bytes, scope: 0 }, prefix, broadcast });
      } else if (usesIpv6(t.vm)) {
        // Java lists the addresses of IPv6 first.
        bindings.unshift({ address: { bytes, scope: index }, prefix, broadcast: undefined });
      }
    }
    // Java does not see interfaces without an address, unless they are up.
    if (bindings.length > 0) found.push({ name, index, bindings });
  }
  // Linux lists the newest first.
  return found.sort((a, b) => b.index - a.index);
}

/** Makes a NetworkInterface. */
function* newInterface(t: JavaThread, given: Interface): Activity<Handle> {
  const { vm } = t;
  const cls = bootClass(vm, CLASS);
  const object = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  yield call(vm.methodOf(cls, '<init>', '()V'), object);
  const put = (name: string, value: number) => vm.putReference(object.ref, vm.offset(CLASS, name), value);
  const name = t.handle(yield* allocating(() => vm.strings.fromJs(given.name)));
  put('name', name.ref);
  put('displayName', name.ref);
  vm.putWord(object.ref, vm.offset(CLASS, 'index'), given.index);
  const addressClass = bootClass(vm, 'java/net/InetAddress');
  const bindingClass = bootClass(vm, BINDING);
  yield* initializeClass(t, bindingClass);
  const array = (element: typeof cls, length: number) =>
    allocating(() => vm.heap.allocateArray(arrayClassOf(vm, element), length));
  const addresses = t.handle(yield* array(addressClass, given.bindings.length));
  put('addrs', addresses.ref);
  const bindings = t.handle(yield* array(bindingClass, given.bindings.length));
  put('bindings', bindings.ref);
  put('childs', yield* array(cls, 0));
  for (let i = 0; i < given.bindings.length; i++) {
    const { address, prefix, broadcast } = given.bindings[i]!;
    const binding = t.handle(yield* allocating(() => vm.heap.allocateObject(bindingClass)));
    vm.putReferenceElement(bindings.ref, i, binding.ref);
    yield call(vm.methodOf(bindingClass, '<init>', '()V'), binding);
    const inet = yield* newInetAddress(t, address);
    if (address.scope !== 0) {
      // By this an address knows its interface, and is printed with its name.
      const holder = vm.getWord(inet, vm.offset('java/net/Inet6Address', 'holder6'));
      vm.putReference(holder, vm.offset('java/net/Inet6Address$Inet6AddressHolder', 'scope_ifname'), object.ref);
    }
    vm.putReferenceElement(addresses.ref, i, inet);
    vm.putReference(binding.ref, vm.offset(BINDING, 'address'), inet);
    if (broadcast !== undefined) {
      const inetBroadcast = yield* newInetAddress(t, broadcast);
      vm.putReference(binding.ref, vm.offset(BINDING, 'broadcast'), inetBroadcast);
    }
    vm.arena.i16[((binding.ref >>> 0) + vm.offset(BINDING, 'maskLength')) >>> 1] = prefix;
  }
  return object;
}

function* allInterfaces(t: JavaThread): Activity<number> {
  const { vm } = t;
  const found = interfaces(t);
  if (found.length === 0) return 0;
  const cls = arrayClassOf(vm, bootClass(vm, CLASS));
  const array = t.handle(yield* allocating(() => vm.heap.allocateArray(cls, found.length)));
  for (let i = 0; i < found.length; i++) {
    const object = yield* newInterface(t, found[i]!);
    vm.putReferenceElement(array.ref, i, object.ref);
  }
  return array.ref;
}

function* oneInterface(t: JavaThread, wanted: (candidate: Interface) => boolean): Activity<number> {
  const found = interfaces(t).find(wanted);
  return found === undefined ? 0 : (yield* newInterface(t, found)).ref;
}

/** Whether an interface has an address. */
function has(candidate: Interface, bytes: Uint8Array): boolean {
  return candidate.bindings.some(({ address }) => Buffer.from(address.bytes).equals(bytes));
}

function nameIn(t: JavaThread, text: number): string {
  if (text === 0) throw nullPointer('network interface name is NULL');
  return t.vm.strings.toJs(text);
}

function hasFlag(flag: InterfaceFlag) {
  return (t: JavaThread, name: number) => (flagsOf(nameIn(t, name)) & flag) !== 0;
}

/** The hardware address; null for an interface that has none, and all zeros is none. */
function hardwareAddress(t: JavaThread, name: string): number {
  const bytes = Uint8Array.from(attribute(name, 'address').split(':'), (byte) => Number.parseInt(byte, 16));
  return bytes.length === 6 && bytes.some((byte) => byte !== 0) ? newByteArray(t.vm, bytes) : 0;
}

export const natives: NativeTable = {
  'init()V': () => {},
  'getAll()[Ljava/net/NetworkInterface;': allInterfaces,
  'getByName0(Ljava/lang/String;)Ljava/net/NetworkInterface;': (t, text: number) => {
    const name = nameIn(t, text);
    return oneInterface(t, (candidate) => candidate.name === name);
  },
  'getByIndex0(I)Ljava/net/NetworkInterface;': (t, index: number) =>
    oneInterface(t, (candidate) => candidate.index === index),
  'boundInetAddress0(Ljava/net/InetAddress;)Z': (t, object: number) => {
    const { bytes } = readInetAddress(t.vm, object);
    return interfaces(t).some((candidate) => has(candidate, bytes));
  },
  'getByInetAddress0(Ljava/net/InetAddress;)Ljava/net/NetworkInterface;': (t, object: number) => {
    const { bytes } = readInetAddress(t.vm, object);
    return oneInterface(t, (candidate) => has(candidate, bytes));
  },
  'isUp0(Ljava/lang/String;I)Z': hasFlag(InterfaceFlag.Up),
  'isLoopback0(Ljava/lang/String;I)Z': hasFlag(InterfaceFlag.Loopback),
  'supportsMulticast0(Ljava/lang/String;I)Z': hasFlag(InterfaceFlag.Multicast),
  'isP2P0(Ljava/lang/String;I)Z': hasFlag(InterfaceFlag.PointToPoint),
  'getMacAddr0([BLjava/lang/String;I)[B': (t, _address: number, name: number) => hardwareAddress(t, nameIn(t, name)),
  'getMTU0(Ljava/lang/String;I)I': (t, name: number) => Number(attribute(nameIn(t, name), 'mtu') || 0),
};
