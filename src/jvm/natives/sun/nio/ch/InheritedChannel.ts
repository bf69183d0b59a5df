/** Natives of sun.nio.ch.InheritedChannel: a socket that the process was started with as standard input. */
import { closeSync, openSync } from 'node:fs';
import { duplicate, duplicateTo, getOption, localAddress, peerAddress } from '../../../../../host/index.js';
import { newByteArray } from '../../../arrays.js';
import { forgetDescriptor } from '../../../descriptors.js';
import { fromSocketAddress, newInetAddress } from '../../../java/net/addresses.js';
import { encodePlatform } from '../../../platform-strings.js';
import type { NativeTable } from '../../../registry.js';
import { ioException, orThrow } from '../../../system-errors.js';

const SOL_SOCKET = 1;
const SO_TYPE = 3;
const FAMILY_BYTES = 2;
/** What Java calls a descriptor that is no socket of a known kind. */
const UNKNOWN = -1;

function familyOf(address: Uint8Array | number): number {
  return typeof address === 'number' ? UNKNOWN : address[0]! | (address[1]! << 8);
}

function checked(result: number): number {
  if (result < 0) throw ioException(-result);
  return result;
}

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'dup(I)I': (_t, fd: number) => checked(duplicate(fd)),
  'dup2(II)V': (_t, from: number, to: number) => {
    checked(duplicateTo(from, to));
    forgetDescriptor(to);
  },
  'open0(Ljava/lang/String;I)I': (t, path: number, flags: number) =>
    orThrow(() => openSync(encodePlatform(t.vm.strings.toJs(path)), flags), ioException),
  'close0(I)V': (_t, fd: number) => {
    forgetDescriptor(fd);
    orThrow(() => closeSync(fd), ioException);
  },
  'soType0(I)I': (_t, fd: number) => {
    const type = new Int32Array(1);
    return getOption(fd, SOL_SOCKET, SO_TYPE, new Uint8Array(type.buffer)) < 0 ? UNKNOWN : type[0]!;
  },
  'addressFamily(I)I': (_t, fd: number) => familyOf(localAddress(fd)),
  'inetPeerAddress0(I)Ljava/net/InetAddress;': (t, fd: number) => {
    const address = peerAddress(fd);
    return typeof address === 'number' ? 0 : newInetAddress(t, fromSocketAddress(address));
  },
  'unixPeerAddress0(I)[B': (t, fd: number) => {
    const address = peerAddress(fd);
    if (typeof address === 'number') return 0;
    const path = address.subarray(FAMILY_BYTES);
    const end = path.indexOf(0);
    return newByteArray(t.vm, end < 0 ? path : path.subarray(0, end));
  },
  'peerPort0(I)I': (_t, fd: number) => {
    const address = peerAddress(fd);
    return typeof address === 'number' ? UNKNOWN : fromSocketAddress(address).port;
  },
  'isConnected(I)Z': (_t, fd: number) => typeof peerAddress(fd) !== 'number',
};
