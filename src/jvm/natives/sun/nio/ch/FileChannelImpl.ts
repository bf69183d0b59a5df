/**
 * Natives of sun.nio.ch.FileChannelImpl: mapping files into memory, and copying between files.
 *
 * A mapping lies over pages of the VM's native memory, so Java reaches it like any other memory. A read-only mapping is a
 * private one that could be written to: a guest that writes to it all the same spoils its copy, not the host process.
 */
import { fstatSync, readSync } from 'node:fs';
import { HOST_PAGE_SIZE, MapKind, mapFile, PollEvent, sendFile } from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { ThrowNew } from '../../../../runtime/throws.js';
import { ERROR_BASE, errorOf, IoStatus, transferring } from '../../../descriptors.js';
import { andThen, fdOf } from '../../../java/io/file-descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno, ioException, orThrow } from '../../../system-errors.js';

/** Modes of `map0`. */
const READ_WRITE = 1;
/** Most that the system copies in one call. */
const LARGEST_TRANSFER = 0x7ffff000;

function map(t: JavaThread, self: number, mode: number, position: number, length: number, sync: boolean): number {
  const { vm } = t;
  if (sync) throw new ThrowNew('java/lang/UnsupportedOperationException', 'map with mode MAP_SYNC');
  const fd = fdOf(vm, vm.getWord(self, vm.offset('sun/nio/ch/FileChannelImpl', 'fd')));
  const address = vm.nativeMemory.allocatePages(length);
  if (address === 0) throw new ThrowNew('java/lang/OutOfMemoryError', 'Map failed');
  const { base } = vm.arena;
  try {
    if (base !== 0) {
      const kind = mode === READ_WRITE ? MapKind.ReadWrite : MapKind.Private;
      const result = mapFile(base + address, length, fd, position, kind);
      if (result < 0) throw ioException(-result);
    } else if (mode === READ_WRITE) {
      throw new ThrowNew('java/io/IOException', 'Map failed: mapping for writing needs native support');
    } else {
      readAll(fd, vm.u8.subarray(address, address + length), position);
    }
  } catch (error) {
    vm.nativeMemory.freePages(address);
    throw error;
  }
  return address;
}

/** Reads a part of a file; beyond its end memory stays zero. */
function readAll(fd: number, memory: Uint8Array, position: number): void {
  for (let done = 0; done < memory.length; ) {
    const got = orThrow(() => readSync(fd, memory, done, memory.length - done, position + done), ioException);
    if (got === 0) return;
    done += got;
  }
}

function transferTo(
  t: JavaThread,
  from: number,
  position: number,
  count: number,
  to: number,
): number | Activity<number> {
  const source = fdOf(t.vm, from);
  const target = fdOf(t.vm, to);
  // A pipe or terminal that others share is in blocking mode: Java copies to those by itself.
  if (!fstatSync(target).isFile() && !fstatSync(target).isSocket()) return IoStatus.UnsupportedCase;
  const none = new Uint8Array(0);
  const memory = () => none;
  const send = (fd: number) => {
    const offset = BigInt64Array.of(BigInt(position));
    return sendFile(fd, source, new Uint8Array(offset.buffer), Math.min(count, LARGEST_TRANSFER));
  };
  return andThen(
    transferring(t, target, PollEvent.Out, send, memory, () => memory),
    (done) => {
      if (done > ERROR_BASE) return done;
      const errno = errorOf(done);
      if (errno === Errno.Invalid) return IoStatus.UnsupportedCase;
      throw ioException(errno);
    },
  );
}

export const natives: NativeTable = {
  'initIDs()J': () => HOST_PAGE_SIZE,
  'map0(IJJZ)J': (t, self: number, mode: number, position: number, length: number, sync: number) =>
    map(t, self, mode, position, length, sync !== 0),
  'unmap0(JJ)I': (t, address: number) => {
    t.vm.nativeMemory.freePages(address);
    return 0;
  },
  'transferTo0(Ljava/io/FileDescriptor;JJLjava/io/FileDescriptor;)J': (
    t,
    _self: number,
    from: number,
    position: number,
    count: number,
    to: number,
  ) => transferTo(t, from, position, count, to),
  'maxDirectTransferSize0()I': () => LARGEST_TRANSFER,
};
