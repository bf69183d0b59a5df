/** Natives of java.net.Inet4Address: there is nothing to prepare. */
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = { 'init()V': () => {} };
