/** Natives of java.io.FileInputStream. */
import { constants, fstatSync } from 'node:fs';
import { readableBytes, Seek, seek } from '../../../../host/index.js';
import type { Vm } from '../../../runtime/vm.js';
import type { NativeTable } from '../../registry.js';
import { errnoOf, ioException, orThrow } from '../../system-errors.js';
import { openFd, openFile, readByte, readIntoArray } from './file-descriptors.js';

const CLASS = 'java/io/FileInputStream';
const INT_MAX = 0x7fffffff;

/** A position, or throws IOException. */
export function position(fd: number, offset = 0, whence = Seek.Current): number {
  const at = seek(fd, offset, whence);
  if (at < 0) throw ioException(-at);
  return at;
}

/** Length of an open file. */
export function lengthOf(fd: number): number {
  return orThrow(() => fstatSync(fd), ioException).size;
}

/** How much can be read without waiting: of a regular file what lies before its end. */
function available(vm: Vm, stream: number): number {
  let fd = openFd(vm, CLASS, stream);
  if (fd === 0) {
    const { stdin } = vm.options.streams;
    if (typeof stdin === 'function') return 0;
    fd = stdin;
  }
  let size = -1;
  try {
    const stat = fstatSync(fd);
    if (stat.isCharacterDevice() || stat.isFIFO() || stat.isSocket()) {
      const bytes = readableBytes(fd);
      if (bytes >= 0) return bytes;
    } else if (stat.isFile()) size = stat.size;
  } catch (error) {
    throw ioException(errnoOf(error));
  }
  const current = position(fd);
  if (size < current) {
    size = position(fd, 0, Seek.End);
    position(fd, current, Seek.Set);
  }
  return Math.min(Math.max(size - current, 0), INT_MAX);
}

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'open0(Ljava/lang/String;)V': (t, self: number, name: number) => openFile(t, CLASS, self, name, constants.O_RDONLY),
  'read0()I': (t, self: number) => readByte(t, openFd(t.vm, CLASS, self)),
  'readBytes([BII)I': (t, self: number, array: number, offset: number, length: number) =>
    readIntoArray(t, () => openFd(t.vm, CLASS, self), array, offset, length),
  'length0()J': (t, self: number) => lengthOf(openFd(t.vm, CLASS, self)),
  'position0()J': (t, self: number) => position(openFd(t.vm, CLASS, self)),
  'skip0(J)J': (t, self: number, count: number) => {
    const fd = openFd(t.vm, CLASS, self);
    const before = position(fd);
    return position(fd, count) - before;
  },
  'available0()I': (t, self: number) => available(t.vm, self),
};
