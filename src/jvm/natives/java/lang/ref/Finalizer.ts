/** Natives of java.lang.ref.Finalizer (JDK 18 and later; before, finalization cannot be switched off). */
import type { NativeTable } from '../../../registry.js';

export const natives: NativeTable = {
  'isFinalizationEnabled()Z': () => true,
};
