/** Natives of sun.nio.ch.UnixDomainSockets. */
import { bindSocket, Family, localAddress, makeSocket, SocketType } from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import { allocating } from '../../../../runtime/allocating.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { ThrowNew } from '../../../../runtime/throws.js';
import { newByteArray } from '../../../arrays.js';
import { adoptDescriptor } from '../../../descriptors.js';
import { fdOf, setFd } from '../../../java/io/file-descriptors.js';
import { checkSocket, socketException } from '../../../java/net/socket-errors.js';
import type { NativeTable } from '../../../registry.js';
import { accepting, connecting } from './connections.js';

const FAMILY_BYTES = 2;
const LONGEST_PATH = 107;

/** `struct sockaddr_un` of a path. */
function addressOf(t: JavaThread, path: number): Uint8Array {
  const bytes = t.vm.bytesOf(path >>> 0);
  if (bytes.length > LONGEST_PATH) throw new ThrowNew('java/net/SocketException', 'Unix domain path too long');
  const address = new Uint8Array(FAMILY_BYTES + bytes.length + 1);
  address[0] = Family.Unix;
  address.set(bytes, FAMILY_BYTES);
  return address;
}

/** The path in a `struct sockaddr_un`; empty for a socket without a name, or with one that is no path. */
function pathIn(address: Uint8Array): Uint8Array {
  const path = address.subarray(FAMILY_BYTES);
  const end = path.indexOf(0);
  return end < 0 ? path : path.subarray(0, end);
}

function* accept(t: JavaThread, descriptor: number, newDescriptor: number, paths: number): Activity<number> {
  const { vm } = t;
  const fd = fdOf(vm, descriptor);
  const target = t.handle(newDescriptor);
  const array = t.handle(paths);
  const accepted = yield* accepting(t, fd);
  if (typeof accepted === 'number') return accepted;
  setFd(vm, target.ref, accepted.fd);
  const path = yield* allocating(() => newByteArray(vm, pathIn(accepted.peer)));
  vm.putReferenceElement(array.ref, 0, path);
  return 1;
}

export const natives: NativeTable = {
  'init()Z': () => true,
  'socket0()I': () => {
    const fd = checkSocket(makeSocket(Family.Unix, SocketType.Stream));
    adoptDescriptor(fd, true);
    return fd;
  },
  'bind0(Ljava/io/FileDescriptor;[B)V': (t, descriptor: number, path: number) => {
    checkSocket(bindSocket(fdOf(t.vm, descriptor), addressOf(t, path)));
  },
  'connect0(Ljava/io/FileDescriptor;[B)I': (t, descriptor: number, path: number) =>
    connecting(t, fdOf(t.vm, descriptor), addressOf(t, path)),
  'accept0(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/lang/Object;)I': accept,
  'localAddress0(Ljava/io/FileDescriptor;)[B': (t, descriptor: number) => {
    const address = localAddress(fdOf(t.vm, descriptor));
    if (typeof address === 'number') throw socketException(-address);
    return newByteArray(t.vm, pathIn(address));
  },
};
