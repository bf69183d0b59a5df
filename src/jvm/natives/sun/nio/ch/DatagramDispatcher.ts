/** Natives of sun.nio.ch.DatagramDispatcher: reading and writing connected datagram channels. */
import { PollEvent, receive, send } from '../../../../../host/index.js';
import type { Transfer } from '../../../descriptors.js';
import { fdOf } from '../../../java/io/file-descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { checkReachable } from './datagrams.js';
import { readVectorInto, transferMemory, transferVector, writeVectorFrom } from './transfers.js';

const read: Transfer = (fd, memory) => checkReachable(receive(fd, memory));
const write: Transfer = (fd, memory) => checkReachable(send(fd, memory));

export const natives: NativeTable = {
  'read0(Ljava/io/FileDescriptor;JI)I': (t, descriptor: number, address: number, length: number) =>
    transferMemory(t, fdOf(t.vm, descriptor), PollEvent.In, address, length, read),
  'readv0(Ljava/io/FileDescriptor;JI)J': (t, descriptor: number, vector: number, count: number) =>
    transferVector(t, fdOf(t.vm, descriptor), PollEvent.In, vector, count, readVectorInto(read)),
  'write0(Ljava/io/FileDescriptor;JI)I': (t, descriptor: number, address: number, length: number) =>
    transferMemory(t, fdOf(t.vm, descriptor), PollEvent.Out, address, length, write),
  'writev0(Ljava/io/FileDescriptor;JI)J': (t, descriptor: number, vector: number, count: number) =>
    transferVector(t, fdOf(t.vm, descriptor), PollEvent.Out, vector, count, writeVectorFrom(write)),
};
