/** Pipes of the operating system. */
import { check, libc } from './libc.js';

const O_CLOEXEC = 0x80000;

/**
 * Makes a pipe that children do not inherit unless they are given an end of it.
 *
 * @returns the descriptors of the end to read from and the end to write to
 * @throws SystemError when no more descriptors are to be had
 */
export function makePipe(): readonly [read: number, write: number] {
  const bytes = new Uint8Array(8);
  check('pipe2', libc().pipe2(bytes, O_CLOEXEC));
  const view = new DataView(bytes.buffer);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}
