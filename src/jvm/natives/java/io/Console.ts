/** Natives of java.io.Console. */
import { isatty } from 'node:tty';
import { setEcho } from '../../../../host/index.js';
import type { NativeTable } from '../../registry.js';
import { ioException } from '../../system-errors.js';

export const natives: NativeTable = {
  // Windows has a code page of the console; elsewhere the properties say it.
  'encoding()Ljava/lang/String;': () => 0,
  'istty()Z': (t) => t.vm.options.streams.stdin === 0 && isatty(0) && isatty(1),
  'echo(Z)Z': (_t, on: number) => {
    const before = setEcho(0, on !== 0);
    if (typeof before === 'number') throw ioException(-before);
    return before;
  },
};
