/** Natives of java.util.prefs.FileSystemPreferences. */
import { chmodSync, closeSync, constants, openSync } from 'node:fs';
import { LockKind, lockRange } from '../../../../../host/index.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { encodePlatform } from '../../../platform-strings.js';
import type { NativeTable } from '../../../registry.js';
import { errnoOf } from '../../../system-errors.js';

/** Opens and locks a file: `[descriptor or 0, error's number]`. */
function lockFile(path: Buffer, mode: number, shared: boolean): [number, number] {
  let fd: number;
  const before = process.umask(0);
  try {
    fd = openSync(path, shared ? constants.O_RDONLY : constants.O_WRONLY | constants.O_CREAT, mode);
  } catch (error) {
    return [0, errnoOf(error)];
  } finally {
    process.umask(before);
  }
  const result = lockRange(fd, shared ? LockKind.Shared : LockKind.Exclusive, 0, 0);
  if (result >= 0) return [fd, 0];
  closeSync(fd);
  return [0, -result];
}

/** 0, or an error's number. */
function attempt(work: () => void): number {
  try {
    work();
    return 0;
  } catch (error) {
    return errnoOf(error);
  }
}

function pathOf(t: JavaThread, text: number): Buffer {
  return encodePlatform(t.vm.strings.toJs(text));
}

export const natives: NativeTable = {
  'lockFile0(Ljava/lang/String;IZ)[I': (t, path: number, mode: number, shared: number) => {
    const { vm } = t;
    const array = vm.heap.allocateArray(vm.known.intArray, 2);
    vm.words.set(lockFile(pathOf(t, path), mode, shared !== 0), (array >>> 2) + 4);
    return array;
  },
  'unlockFile0(I)I': (_t, fd: number) => {
    const result = lockRange(fd, LockKind.None, 0, 0);
    const closed = attempt(() => closeSync(fd));
    return result < 0 ? -result : closed;
  },
  'chmod(Ljava/lang/String;I)I': (t, path: number, mode: number) => {
    const bytes = pathOf(t, path);
    return attempt(() => chmodSync(bytes, mode));
  },
};
