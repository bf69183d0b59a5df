/** Natives of sun.nio.ch.SocketDispatcher: reading from sockets (writing is FileDispatcherImpl's). */
import { PollEvent, receive } from '../../../../../host/index.js';
import { ThrowNew } from '../../../../runtime/throws.js';
import type { Transfer } from '../../../descriptors.js';
import { fdOf } from '../../../java/io/file-descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno } from '../../../system-errors.js';
import { readVectorInto, transferMemory, transferVector } from './transfers.js';

const read: Transfer = (fd, memory) => {
  const got = receive(fd, memory);
  if (got === -Errno.ConnectionReset) throw new ThrowNew('sun/net/ConnectionResetException', 'Connection reset');
  return got;
};

export const natives: NativeTable = {
  'read0(Ljava/io/FileDescriptor;JI)I': (t, descriptor: number, address: number, length: number) =>
    transferMemory(t, fdOf(t.vm, descriptor), PollEvent.In, address, length, read),
  'readv0(Ljava/io/FileDescriptor;JI)J': (t, descriptor: number, vector: number, count: number) =>
    transferVector(t, fdOf(t.vm, descriptor), PollEvent.In, vector, count, readVectorInto(read)),
};
