/** Natives of sun.nio.fs.LinuxNativeDispatcher: the tables of mounted file systems. */
import type { JavaThread } from '../../../../runtime/thread.js';
import { newByteArray } from '../../../arrays.js';
import type { NativeTable } from '../../../registry.js';
import { closeText, linePosition, nextLine, openText, rewindTo } from './text-streams.js';
import { bytesAt } from './UnixNativeDispatcher.js';
import { attempt } from './unix-exception.js';

const ENTRY = 'sun/nio/fs/UnixMountEntry';
const FIELDS = ['name', 'dir', 'fstype', 'opts'];

/** Octal escapes stand for blanks and backslashes. */
function unescaped(field: string): Buffer {
  const text = field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
  return Buffer.from(text, 'latin1');
}

/** Fills in a UnixMountEntry; -1: there are no more. */
function nextMount(t: JavaThread, stream: number, entry: number): number {
  const { vm } = t;
  for (;;) {
    const start = linePosition(stream);
    const line = nextLine(stream)?.toString('latin1').trim();
    if (line === undefined) return -1;
    if (line === '' || line.startsWith('#')) continue;
    const fields = line.split(/[ \t]+/);
    // Without room in the heap the native is called again, for the same line.
    rewindTo(stream, start);
    const arrays = FIELDS.map((_, i) => newByteArray(vm, unescaped(fields[i] ?? '')));
    rewindTo(stream, start + 1);
    FIELDS.forEach((field, i) => {
      vm.putReference(entry, vm.offset(ENTRY, field), arrays[i]!);
    });
    return 0;
  }
}

export const natives: NativeTable = {
  'init()V': () => {},
  'setmntent0(JJ)J': (t, path: number) => attempt(t, () => openText(bytesAt(t.vm, path))),
  'getmntent0(JLsun/nio/fs/UnixMountEntry;JI)I': nextMount,
  'endmntent(J)V': (_t, stream: number) => closeText(stream),
};
