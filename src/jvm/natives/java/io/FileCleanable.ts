/** Natives of java.io.FileCleanable: the descriptor of a stream that was never closed and is garbage now. */
import type { NativeTable } from '../../registry.js';
import { closeNumber } from './file-descriptors.js';

export const natives: NativeTable = {
  'cleanupClose0(IJ)V': (_t, fd: number) => closeNumber(fd),
};
