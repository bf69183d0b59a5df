/** Natives of jdk.internal.jimage.NativeImageBuffer. */
import type { NativeTable } from '../../../registry.js';

export const natives: NativeTable = {
  // The VM has no mapping of the image to share: Java maps or reads the file itself.
  'getNativeMap(Ljava/lang/String;)Ljava/nio/ByteBuffer;': () => 0,
};
