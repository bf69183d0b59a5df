/**
 * Natives of java.lang.StackStreamFactory. The walking itself is in its nested class's natives.
 */
import type { NativeTable } from '../../registry.js';

/** Natives of java.lang.StackStreamFactory. */
export const natives: NativeTable = {
  // The modes that the walker's natives know are those of this library.
  'checkStackWalkModes()Z': () => true,
};
