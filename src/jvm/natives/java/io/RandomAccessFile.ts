/** Natives of java.io.RandomAccessFile. */
import { constants, ftruncateSync } from 'node:fs';
import { Seek } from '../../../../host/index.js';
import { ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';
import { ioException, orThrow } from '../../system-errors.js';
import { lengthOf, position } from './FileInputStream.js';
import { openFd, openFile, readByte, readIntoArray, writeByte, writeFromArray } from './file-descriptors.js';

const CLASS = 'java/io/RandomAccessFile';

/** Bits of the mode that Java makes of `"rwd"` and its like. */
const enum Mode {
  ReadWrite = 2,
  Sync = 4,
  DataSync = 8,
}

/** `O_…` for a mode. */
function openFlags(mode: number): number {
  if ((mode & Mode.ReadWrite) === 0) return constants.O_RDONLY;
  const sync = (mode & Mode.Sync) !== 0 ? constants.O_SYNC : (mode & Mode.DataSync) !== 0 ? constants.O_DSYNC : 0;
  return constants.O_RDWR | constants.O_CREAT | sync;
}

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'open0(Ljava/lang/String;I)V': (t, self: number, name: number, mode: number) =>
    openFile(t, CLASS, self, name, openFlags(mode)),
  'read0()I': (t, self: number) => readByte(t, openFd(t.vm, CLASS, self)),
  'readBytes([BII)I': (t, self: number, array: number, offset: number, length: number) =>
    readIntoArray(t, () => openFd(t.vm, CLASS, self), array, offset, length),
  'write0(I)V': (t, self: number, value: number) => writeByte(t, openFd(t.vm, CLASS, self), value),
  'writeBytes([BII)V': (t, self: number, array: number, offset: number, length: number) =>
    writeFromArray(t, () => openFd(t.vm, CLASS, self), array, offset, length),
  'getFilePointer()J': (t, self: number) => position(openFd(t.vm, CLASS, self)),
  'seek0(J)V': (t, self: number, offset: number) => {
    const fd = openFd(t.vm, CLASS, self);
    if (offset < 0) throw new ThrowNew('java/io/IOException', 'Negative seek offset');
    position(fd, offset, Seek.Set);
  },
  'length()J': (t, self: number) => lengthOf(openFd(t.vm, CLASS, self)),
  'setLength(J)V': (t, self: number, length: number) => {
    const fd = openFd(t.vm, CLASS, self);
    const before = position(fd);
    orThrow(() => ftruncateSync(fd, length), ioException);
    if (before > length) position(fd, 0, Seek.End);
    else position(fd, before, Seek.Set);
  },
};
