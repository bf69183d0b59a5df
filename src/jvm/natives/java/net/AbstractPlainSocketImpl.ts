/** Natives of java.net.AbstractPlainSocketImpl. */
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  // Every Linux since 3.9 has SO_REUSEPORT.
  'isReusePortAvailable0()Z': () => true,
};
