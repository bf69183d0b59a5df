/** Natives of sun.nio.ch.FileDispatcherImpl: what file channels, and the write side of socket channels, do. */
import { constants, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import {
  Control,
  control,
  duplicateTo,
  LockKind,
  lockRange,
  PollEvent,
  Seek,
  seek,
} from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import { pause } from '../../../../runtime/blocking.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { copyDescriptorKind, forgetDescriptor } from '../../../descriptors.js';
import { closeNumber, fdOf } from '../../../java/io/file-descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno, ioException, orThrow } from '../../../system-errors.js';
import { closedSocket } from './closed-socket.js';
import { readVectorInto, transferMemory, transferVector, writeVectorFrom } from './transfers.js';

/** Results of `lock0`. */
const LOCKED = 0;
const NOT_LOCKED = -1;
/** How often a lock that another process has is asked for again, ms. */
const LOCK_PAUSE = 20;
const LONG_MAX = 2 ** 63;
const INT_MAX = 0x7fffffff;

/** Length of a lock for the system: 0 is "to the end, however far". */
function lockLength(size: number): number {
  return size >= LONG_MAX ? 0 : size;
}

function lock(t: JavaThread, fd: number, blocking: boolean, position: number, size: number, shared: boolean) {
  const kind = shared ? LockKind.Shared : LockKind.Exclusive;
  const result = lockRange(fd, kind, position, lockLength(size));
  if (result >= 0) return LOCKED;
  if (result !== -Errno.TryAgain && result !== -Errno.Access) throw ioException(-result);
  return blocking ? waitForLock(t, fd, kind, position, size) : NOT_LOCKED;
}

function* waitForLock(t: JavaThread, fd: number, kind: LockKind, position: number, size: number): Activity<number> {
  for (;;) {
    yield* pause(t, LOCK_PAUSE);
    const result = lockRange(fd, kind, position, lockLength(size));
    if (result >= 0) return LOCKED;
    if (result !== -Errno.TryAgain && result !== -Errno.Access) throw ioException(-result);
  }
}

/** Bypasses the system's cache from now on; returns the unit in which that must be done. */
function setDirect(fd: number): number {
  const flags = control(fd, Control.GetFlags, 0);
  const result = flags < 0 ? flags : control(fd, Control.SetFlags, flags | constants.O_DIRECT);
  if (result < 0) throw ioException(-result);
  return orThrow(() => fstatSync(fd), ioException).blksize;
}

export const natives: NativeTable = {
  'init()V': () => {},
  'read0(Ljava/io/FileDescriptor;JI)I': (t, descriptor: number, address: number, length: number) =>
    transferMemory(t, fdOf(t.vm, descriptor), PollEvent.In, address, length, (fd, memory) =>
      readSync(fd, memory, 0, memory.length, null),
    ),
  'pread0(Ljava/io/FileDescriptor;JIJ)I': (t, descriptor: number, address: number, length: number, position: number) =>
    transferMemory(t, fdOf(t.vm, descriptor), PollEvent.In, address, length, (fd, memory) =>
      readSync(fd, memory, 0, memory.length, position),
    ),
  'readv0(Ljava/io/FileDescriptor;JI)J': (t, descriptor: number, vector: number, count: number) =>
    transferVector(
      t,
      fdOf(t.vm, descriptor),
      PollEvent.In,
      vector,
      count,
      readVectorInto((fd, memory) => readSync(fd, memory, 0, memory.length, null)),
    ),
  'write0(Ljava/io/FileDescriptor;JI)I': (t, descriptor: number, address: number, length: number) =>
    transferMemory(t, fdOf(t.vm, descriptor), PollEvent.Out, address, length, (fd, memory) =>
      writeSync(fd, memory, 0, memory.length),
    ),
  'pwrite0(Ljava/io/FileDescriptor;JIJ)I': (t, descriptor: number, address: number, length: number, position: number) =>
    transferMemory(t, fdOf(t.vm, descriptor), PollEvent.Out, address, length, (fd, memory) =>
      writeSync(fd, memory, 0, memory.length, position),
    ),
  'writev0(Ljava/io/FileDescriptor;JI)J': (t, descriptor: number, vector: number, count: number) =>
    transferVector(
      t,
      fdOf(t.vm, descriptor),
      PollEvent.Out,
      vector,
      count,
      writeVectorFrom((fd, memory) => writeSync(fd, memory, 0, memory.length)),
    ),
  'force0(Ljava/io/FileDescriptor;Z)I': (t, descriptor: number, metadata: number) => {
    const fd = fdOf(t.vm, descriptor);
    orThrow(() => (metadata === 0 ? fdatasyncSync(fd) : fsyncSync(fd)), ioException);
    return 0;
  },
  'seek0(Ljava/io/FileDescriptor;J)J': (t, descriptor: number, offset: number) => {
    const fd = fdOf(t.vm, descriptor);
    const position = offset < 0 ? seek(fd, 0, Seek.Current) : seek(fd, offset, Seek.Set);
    if (position < 0) throw ioException(-position);
    return position;
  },
  'truncate0(Ljava/io/FileDescriptor;J)I': (t, descriptor: number, size: number) => {
    orThrow(() => ftruncateSync(fdOf(t.vm, descriptor), size), ioException);
    return 0;
  },
  'size0(Ljava/io/FileDescriptor;)J': (t, descriptor: number) =>
    orThrow(() => fstatSync(fdOf(t.vm, descriptor)), ioException).size,
  'lock0(Ljava/io/FileDescriptor;ZJJZ)I': (
    t,
    descriptor: number,
    blocking: number,
    position: number,
    size: number,
    shared: number,
  ) => lock(t, fdOf(t.vm, descriptor), blocking !== 0, position, size, shared !== 0),
  'release0(Ljava/io/FileDescriptor;JJ)V': (t, descriptor: number, position: number, size: number) => {
    const result = lockRange(fdOf(t.vm, descriptor), LockKind.None, position, lockLength(size));
    if (result < 0) throw ioException(-result);
  },
  'close0(Ljava/io/FileDescriptor;)V': (t, descriptor: number) => closeNumber(fdOf(t.vm, descriptor)),
  'preClose0(Ljava/io/FileDescriptor;)V': (t, descriptor: number) => {
    // Whoever waits for the descriptor finds the end of a stream there, and whoever closes it frees the number.
    const fd = fdOf(t.vm, descriptor);
    if (fd <= 2) return;
    const result = duplicateTo(closedSocket(), fd);
    if (result < 0) throw ioException(-result);
    forgetDescriptor(fd);
  },
  'dup0(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;)V': (t, from: number, to: number) => {
    const [source, target] = [fdOf(t.vm, from), fdOf(t.vm, to)];
    const result = duplicateTo(source, target);
    if (result < 0) throw ioException(-result);
    copyDescriptorKind(source, target);
  },
  'closeIntFD(I)V': (_t, fd: number) => closeNumber(fd),
  'canTransferToFromOverlappedMap0()Z': () => true,
  'setDirect0(Ljava/io/FileDescriptor;)I': (t, descriptor: number) =>
    Math.min(setDirect(fdOf(t.vm, descriptor)), INT_MAX),
};
