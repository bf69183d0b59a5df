/**
 * Lines of the VM's own (`-verbose`, last words): nobody can be told that they could not be written, and a reader that has
 * gone away is no error.
 */
import type { HostStreams } from './vm.js';

/** Writes text to standard output (1) or error (2). */
export function log(streams: Pick<HostStreams, 'write'>, fd: 1 | 2, text: string): void {
  try {
    streams.write(fd, Buffer.from(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
