/** Natives of java.io.FileOutputStream. */
import { constants } from 'node:fs';
import type { NativeTable } from '../../registry.js';
import { openFd, openFile, writeByte, writeFromArray } from './file-descriptors.js';

const CLASS = 'java/io/FileOutputStream';

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'open0(Ljava/lang/String;Z)V': (t, self: number, name: number, append: number) =>
    openFile(
      t,
      CLASS,
      self,
      name,
      constants.O_WRONLY | constants.O_CREAT | (append === 0 ? constants.O_TRUNC : constants.O_APPEND),
    ),
  // The descriptor was opened for appending or not: the argument says nothing new here.
  'write(IZ)V': (t, self: number, value: number) => writeByte(t, openFd(t.vm, CLASS, self), value),
  'writeBytes([BIIZ)V': (t, self: number, array: number, offset: number, length: number) =>
    writeFromArray(t, () => openFd(t.vm, CLASS, self), array, offset, length),
};
