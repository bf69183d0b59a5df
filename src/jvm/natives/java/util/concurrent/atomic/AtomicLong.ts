/** Natives of java.util.concurrent.atomic.AtomicLong. */
import type { NativeTable } from '../../../../registry.js';

export const natives: NativeTable = {
  // Compare-and-set of longs needs no lock.
  'VMSupportsCS8()Z': () => true,
};
