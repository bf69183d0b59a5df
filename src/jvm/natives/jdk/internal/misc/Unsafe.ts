/** Natives of jdk.internal.misc.Unsafe (sun.misc.Unsafe is Java on top of it): the tables of the folder beside, joined. */
import { park, unpark } from '../../../../runtime/blocking.js';
import { bootClass } from '../../../../runtime/class-loading.js';
import { initializeClass } from '../../../../runtime/initialization.js';
import type { NativeTable } from '../../../registry.js';
import { setUnsafeConstants } from './UnsafeConstants.js';
import { natives as access } from './unsafe/access.js';
import { natives as classes } from './unsafe/classes.js';
import { natives as memory } from './unsafe/memory.js';

export const natives: NativeTable = {
  // The first statement of Unsafe's static initializer, which goes on to read the constants.
  'registerNatives()V': function* (t) {
    yield* initializeClass(t, bootClass(t.vm, 'jdk/internal/misc/UnsafeConstants'));
    setUnsafeConstants(t.vm);
  },
  'park(ZJ)V': (t, _self: number, absolute: number, time: number) => park(t, absolute !== 0, time),
  'unpark(Ljava/lang/Object;)V': (t, _self: number, thread: number) => {
    if (thread !== 0) unpark(t.vm, thread);
  },
  ...access,
  ...memory,
  ...classes,
};
