/** Natives of java.lang.StringUTF16: characters lie in the arena in little-endian order. */
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'isBigEndian()Z': () => false,
};
