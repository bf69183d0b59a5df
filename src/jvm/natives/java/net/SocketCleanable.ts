/** Natives of java.net.SocketCleanable: the descriptor of a socket that was never closed and is garbage now. */
import type { NativeTable } from '../../registry.js';
import { closeNumber } from '../io/file-descriptors.js';

export const natives: NativeTable = { 'cleanupClose0(I)V': (_t, fd: number) => closeNumber(fd) };
