/** Names and addresses of hosts, as the C library resolves them (hosts file, name servers, whatever is configured). */
import { copyFrom } from './address-space.js';
import { cFunction } from './c-function.js';
import { type Family, SocketType } from './sockets.js';

const getaddrinfo = cFunction<[host: Uint8Array, service: null, hints: Uint8Array, found: Uint8Array]>(
  'int getaddrinfo(const void *host, const void *service, const void *hints, void *found)',
);
const freeaddrinfo = cFunction<[list: number]>('void freeaddrinfo(intptr_t list)');
const gai_strerror = cFunction<[error: number]>('intptr_t gai_strerror(int error)');
const getnameinfo = cFunction<
  [address: Uint8Array, length: number, host: Uint8Array, size: number, service: null, none: number, flags: number]
>(
  'int getnameinfo(const void *address, unsigned int length, void *host, unsigned int size, void *service, ' +
    'unsigned int none, int flags)',
);
const strlen = cFunction<[address: number]>('size_t strlen(intptr_t address)');

/** `struct addrinfo`, 64 bits. */
const enum AddressInfo {
  Size = 48,
  Flags = 0,
  Family = 4,
  SocketType = 8,
  AddressLength = 16,
  Address = 24,
  Next = 40,
}

/** Number of the error that stands for one in `errno`. */
const EAI_SYSTEM = -11;

/** Why a name could not be resolved. */
export interface ResolutionError {
  readonly error: string;
}

/**
 * The addresses of a host, `struct sockaddr…` each, in the order of the system's preference.
 *
 * It waits for the answer, which may take seconds; nothing else runs meanwhile.
 *
 * @param host terminated by zero
 */
export function resolveHost(host: Uint8Array, family: Family): readonly Uint8Array[] | ResolutionError {
  const hints = new DataView(new ArrayBuffer(AddressInfo.Size));
  const AI_CANONNAME = 2;
  hints.setInt32(AddressInfo.Flags, AI_CANONNAME, true);
  hints.setInt32(AddressInfo.Family, family, true);
  hints.setInt32(AddressInfo.SocketType, SocketType.Stream, true);
  const found = new BigUint64Array(1);
  const error = getaddrinfo(host, null, new Uint8Array(hints.buffer), new Uint8Array(found.buffer));
  if (error !== 0) return { error: error === EAI_SYSTEM ? '' : textAt(gai_strerror(error)) };
  const list = Number(found[0]);
  const addresses: Uint8Array[] = [];
  for (let at = list; at !== 0; ) {
    const info = new DataView(copyFrom(at, AddressInfo.Size).buffer);
    const address = Number(info.getBigUint64(AddressInfo.Address, true));
    addresses.push(copyFrom(address, info.getUint32(AddressInfo.AddressLength, true)));
    at = Number(info.getBigUint64(AddressInfo.Next, true));
  }
  freeaddrinfo(list);
  return addresses;
}

function textAt(address: number): string {
  return Buffer.from(copyFrom(address, strlen(address))).toString('latin1');
}

/** The name of a host by its address (`struct sockaddr…`), `undefined` when it has none. */
export function hostName(address: Uint8Array): Uint8Array | undefined {
  const LONGEST = 1025;
  const NI_NAMEREQD = 8;
  const name = new Uint8Array(LONGEST);
  if (getnameinfo(address, address.length, name, name.length, null, 0, NI_NAMEREQD) !== 0) return undefined;
  return name.subarray(0, name.indexOf(0));
}
