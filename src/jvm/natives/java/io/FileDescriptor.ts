/** Natives of java.io.FileDescriptor. */
import { fsyncSync, readFileSync } from 'node:fs';
import { ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';
import { orElse, orThrow } from '../../system-errors.js';
import { closeFileDescriptor, fdOf } from './file-descriptors.js';

const O_APPEND = 0o2000;

/** Whether a descriptor was opened for appending, which only /proc tells without a call of the C library. */
function isAppending(fd: number): boolean {
  const text = orElse(() => readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'), '');
  const flags = /^flags:\s*([0-7]+)/m.exec(text)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & O_APPEND) !== 0;
}

export const natives: NativeTable = {
  'initIDs()V': () => {},
  // Windows has handles beside descriptors.
  'getHandle(I)J': () => -1,
  'getAppend(I)Z': (_t, fd: number) => isAppending(fd),
  'sync()V': (t, self: number) => {
    orThrow(
      () => fsyncSync(fdOf(t.vm, self)),
      () => new ThrowNew('java/io/SyncFailedException', 'sync failed'),
    );
  },
  'close0()V': (t, self: number) => closeFileDescriptor(t.vm, self),
};
