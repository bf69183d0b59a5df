/**
 * Sockets, epoll, event descriptors and inotify of Linux.
 *
 * Every function returns a result from 0 on or minus the error's number. New descriptors are closed on exec and do not
 * block. Addresses are `struct sockaddr…` as bytes.
 */
import { cFunction } from './c-function.js';

const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** Address families. */
export const enum Family {
  Unspecified = 0,
  Unix = 1,
  Inet = 2,
  Inet6 = 10,
}

/** Kinds of socket. */
export const enum SocketType {
  Stream = 1,
  Datagram = 2,
}

/** Flags of sending and receiving. */
export const enum MessageFlag {
  OutOfBand = 1,
}

/** Bytes of the largest address, `struct sockaddr_storage`. */
export const ADDRESS_BYTES = 128;

const socket = cFunction<[family: number, type: number, protocol: number]>(
  'int socket(int family, int type, int protocol)',
);
const socketpair = cFunction<[family: number, type: number, protocol: number, into: Uint8Array]>(
  'int socketpair(int family, int type, int protocol, void *into)',
);
const bindC = cFunction<[fd: number, address: Uint8Array, length: number]>(
  'int bind(int fd, const void *address, unsigned int length)',
);
const connectC = cFunction<[fd: number, address: Uint8Array, length: number]>(
  'int connect(int fd, const void *address, unsigned int length)',
);
const accept4 = cFunction<[fd: number, address: Uint8Array, length: Uint8Array, flags: number]>(
  'int accept4(int fd, void *address, void *length, int flags)',
);
const getsockname = cFunction<[fd: number, address: Uint8Array, length: Uint8Array]>(
  'int getsockname(int fd, void *address, void *length)',
);
const getpeername = cFunction<[fd: number, address: Uint8Array, length: Uint8Array]>(
  'int getpeername(int fd, void *address, void *length)',
);
const recvfrom = cFunction<
  [fd: number, into: Uint8Array, size: number, flags: number, address: Uint8Array | null, length: Uint8Array | null]
>('intptr_t recvfrom(int fd, void *into, size_t size, int flags, void *address, void *length)');
const sendto = cFunction<
  [fd: number, from: Uint8Array, size: number, flags: number, address: Uint8Array | null, length: number]
>('intptr_t sendto(int fd, const void *from, size_t size, int flags, const void *address, unsigned int length)');
const getsockopt = cFunction<[fd: number, level: number, option: number, value: Uint8Array, length: Uint8Array]>(
  'int getsockopt(int fd, int level, int option, void *value, void *length)',
);
const setsockopt = cFunction<[fd: number, level: number, option: number, value: Uint8Array, length: number]>(
  'int setsockopt(int fd, int level, int option, const void *value, unsigned int length)',
);
/** Ends one direction: 0 reading, 1 writing, 2 both. */
export const shutDown = cFunction<[fd: number, how: number]>('int shutdown(int fd, int how)');
export const listen = cFunction<[fd: number, backlog: number]>('int listen(int fd, int backlog)');

export function makeSocket(family: Family, type: SocketType): number {
  return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/** Two connected sockets, or minus an error's number. */
export function socketPair(): readonly [number, number] | number {
  const pair = new Int32Array(2);
  const type = SocketType.Stream | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const result = socketpair(Family.Unix, type, 0, new Uint8Array(pair.buffer));
  return result < 0 ? result : [pair[0]!, pair[1]!];
}

export function bindSocket(fd: number, address: Uint8Array): number {
  return bindC(fd, address, address.length);
}

export function connectSocket(fd: number, address: Uint8Array): number {
  return connectC(fd, address, address.length);
}

const lengthWord = new Uint32Array(1);
const lengthBytes = new Uint8Array(lengthWord.buffer);

/** Runs a function that fills in an address; the address, or minus an error's number. */
function addressFrom(call: (address: Uint8Array, length: Uint8Array) => number): Uint8Array | number {
  const address = new Uint8Array(ADDRESS_BYTES);
  lengthWord[0] = address.length;
  const result = call(address, lengthBytes);
  return result < 0 ? result : address.subarray(0, lengthWord[0]);
}

/** A socket's own address. */
export function localAddress(fd: number): Uint8Array | number {
  return addressFrom((address, length) => getsockname(fd, address, length));
}

/** The address a socket is connected to. */
export function peerAddress(fd: number): Uint8Array | number {
  return addressFrom((address, length) => getpeername(fd, address, length));
}

/** The next connection with the peer's address, or minus an error's number. */
export function acceptConnection(fd: number): { readonly fd: number; readonly peer: Uint8Array } | number {
  let accepted = 0;
  const peer = addressFrom((address, length) => {
    accepted = accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return accepted;
  });
  return typeof peer === 'number' ? peer : { fd: accepted, peer };
}

/** Receives; the sender's address goes to `sender` if there is one, of at least 28 bytes. */
export function receive(fd: number, into: Uint8Array, flags = 0, sender: Uint8Array | null = null): number {
  if (sender === null) return recvfrom(fd, into, into.length, flags, null, null);
  lengthWord[0] = sender.length;
  return recvfrom(fd, into, into.length, flags, sender, lengthBytes);
}

/** Sends, to an address if there is one. Broken connections raise no signal. */
export function send(fd: number, bytes: Uint8Array, flags = 0, address: Uint8Array | null = null): number {
  const MSG_NOSIGNAL = 0x4000;
  return sendto(fd, bytes, bytes.length, flags | MSG_NOSIGNAL, address, address?.length ?? 0);
}

/** Fills in an option's value; its length, or minus an error's number. */
export function getOption(fd: number, level: number, option: number, value: Uint8Array): number {
  lengthWord[0] = value.length;
  const result = getsockopt(fd, level, option, value, lengthBytes);
  return result < 0 ? result : lengthWord[0];
}

export function setOption(fd: number, level: number, option: number, value: Uint8Array): number {
  return setsockopt(fd, level, option, value, value.length);
}

const epoll_create1 = cFunction<[flags: number]>('int epoll_create1(int flags)');
const epoll_ctl = cFunction<[epoll: number, operation: number, fd: number, event: Uint8Array]>(
  'int epoll_ctl(int epoll, int operation, int fd, void *event)',
);
const epoll_wait = cFunction<[epoll: number, events: Uint8Array, count: number, timeout: number]>(
  'int epoll_wait(int epoll, void *events, int count, int timeout)',
);

/** `struct epoll_event`, packed on x86-64. */
export const enum EpollBytes {
  Size = 12,
  Events = 0,
  Data = 4,
}

export function makeEpoll(): number {
  return epoll_create1(SOCK_CLOEXEC);
}

/** Adds (1), removes (2) or changes (3) what is watched; the event's data is the descriptor. */
export function epollControl(epoll: number, operation: number, fd: number, events: number): number {
  const event = new DataView(new ArrayBuffer(EpollBytes.Size));
  event.setInt32(EpollBytes.Events, events, true);
  event.setInt32(EpollBytes.Data, fd, true);
  return epoll_ctl(epoll, operation, fd, new Uint8Array(event.buffer));
}

/** Fills in what is ready, without waiting; how many. */
export function waitEpoll(epoll: number, events: Uint8Array, count: number): number {
  return epoll_wait(epoll, events, count, 0);
}

const eventfd = cFunction<[initial: number, flags: number]>('int eventfd(unsigned int initial, int flags)');

/** Makes a descriptor that is ready for reading once something was written to it. */
export function makeEventDescriptor(): number {
  return eventfd(0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

const inotify_init1 = cFunction<[flags: number]>('int inotify_init1(int flags)');
const inotify_add_watch = cFunction<[fd: number, path: Uint8Array, mask: number]>(
  'int inotify_add_watch(int fd, const void *path, unsigned int mask)',
);
const inotify_rm_watch = cFunction<[fd: number, watch: number]>('int inotify_rm_watch(int fd, int watch)');

/** Makes a descriptor that reports changes of files. */
export function makeWatcher(): number {
  return inotify_init1(SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/** Watches a path (terminated by zero); the watch's number. */
export function addWatch(fd: number, path: Uint8Array, mask: number): number {
  return inotify_add_watch(fd, path, mask);
}

export function removeWatch(fd: number, watch: number): number {
  return inotify_rm_watch(fd, watch);
}
