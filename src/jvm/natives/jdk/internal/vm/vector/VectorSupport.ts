/** Natives of jdk.internal.vm.vector.VectorSupport: there are no vector intrinsics, its Java fallbacks do the work. */
import type { NativeTable } from '../../../../registry.js';

export const natives: NativeTable = {
  'registerNatives()I': () => 0,
  'getMaxLaneCount(Ljava/lang/Class;)I': () => -1,
};
