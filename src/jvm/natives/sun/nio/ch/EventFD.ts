/** Natives of sun.nio.ch.EventFD. */
import { writeSync } from 'node:fs';
import { makeEventDescriptor } from '../../../../../host/index.js';
import { adoptDescriptor } from '../../../descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { errnoOf, ioException } from '../../../system-errors.js';

const ONE = new Uint8Array(BigUint64Array.of(1n).buffer);

export const natives: NativeTable = {
  'eventfd0()I': () => {
    const fd = makeEventDescriptor();
    if (fd < 0) throw ioException(-fd);
    adoptDescriptor(fd, true);
    return fd;
  },
  'set0(I)I': (_t, fd: number) => {
    try {
      return writeSync(fd, ONE);
    } catch (error) {
      throw ioException(errnoOf(error));
    }
  },
};
