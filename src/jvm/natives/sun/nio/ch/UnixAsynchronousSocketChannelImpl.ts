/** Natives of sun.nio.ch.UnixAsynchronousSocketChannelImpl. */
import type { NativeTable } from '../../../registry.js';
import { checkPending } from './connections.js';

export const natives: NativeTable = { 'checkConnect(I)V': (_t, fd: number) => checkPending(fd) };
