/** Natives of sun.nio.ch.IOUtil. */
import { readFileSync, readSync, writeSync } from 'node:fs';
import { makePipeEnds } from '../../../../../host/index.js';
import { ThrowNew } from '../../../../runtime/throws.js';
import { adoptDescriptor, IoStatus, noteBlocking } from '../../../descriptors.js';
import { fdOf, setFd } from '../../../java/io/file-descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno, errnoOf, ioException, orElse } from '../../../system-errors.js';

const INT_MAX = 0x7fffffff;
/** Buffers that a gathering write may have. */
const IOV_MAX = 1024;

function pipe(blocking: boolean): bigint {
  const ends = makePipeEnds(true);
  if (typeof ends === 'number') throw ioException(-ends);
  for (const fd of ends) adoptDescriptor(fd, blocking);
  return (BigInt(ends[0]) << 32n) | BigInt(ends[1]);
}

/** Most descriptors the process may have. */
function descriptorLimit(): number {
  const limits = orElse(() => readFileSync('/proc/self/limits', 'latin1'), '');
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1];
  return hard === undefined ? INT_MAX : Math.min(Number(hard), INT_MAX);
}

/** Reads once what is there, of a descriptor that does not block: bytes, or `IoStatus`. */
function readSome(fd: number, into: Uint8Array): number {
  try {
    return readSync(fd, into, 0, into.length, null);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === Errno.TryAgain) return IoStatus.Unavailable;
    if (errno === Errno.Interrupted) return IoStatus.Interrupted;
    throw ioException(errno);
  }
}

const drained = new Uint8Array(1024);

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'randomBytes([B)Z': () => {
    throw new ThrowNew('java/lang/UnsupportedOperationException');
  },
  'makePipe(Z)J': (_t, blocking: number) => pipe(blocking !== 0),
  'write1(IB)I': (_t, fd: number, byte: number) => {
    try {
      return writeSync(fd, Uint8Array.of(byte));
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === Errno.TryAgain) return IoStatus.Unavailable;
      throw ioException(errno);
    }
  },
  'drain(I)Z': (_t, fd: number) => {
    let total = 0;
    for (;;) {
      const got = readSome(fd, drained);
      if (got > 0) total += got;
      if (got < drained.length) return total > 0;
    }
  },
  'drain1(I)I': (_t, fd: number) => {
    const got = readSome(fd, drained.subarray(0, 1));
    return got === IoStatus.Unavailable ? 0 : got;
  },
  'configureBlocking(Ljava/io/FileDescriptor;Z)V': (t, descriptor: number, blocking: number) =>
    noteBlocking(fdOf(t.vm, descriptor), blocking !== 0),
  'fdVal(Ljava/io/FileDescriptor;)I': (t, descriptor: number) => fdOf(t.vm, descriptor),
  'setfdVal(Ljava/io/FileDescriptor;I)V': (t, descriptor: number, fd: number) => setFd(t.vm, descriptor, fd),
  'fdLimit()I': descriptorLimit,
  'iovMax()I': () => IOV_MAX,
};
