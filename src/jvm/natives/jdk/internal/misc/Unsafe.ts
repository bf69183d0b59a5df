/** Natives of jdk.internal.misc.Unsafe (sun.misc.Unsafe is Java on top of it): the tables of the folder beside, joined. */
import { park, unpark } from '../../../../runtime/blocking.js';
import type { NativeTable } from '../../../registry.js';
import { natives as access } from './unsafe/access.js';
import { natives as classes } from './unsafe/classes.js';
import { natives as memory } from './unsafe/memory.js';

export const natives: NativeTable = {
  'registerNatives()V': () => {},
  'park(ZJ)V': (t, _self: number, absolute: number, time: number) => park(t, absolute !== 0, time),
  'unpark(Ljava/lang/Object;)V': (t, _self: number, thread: number) => {
    if (thread !== 0) unpark(t.vm, thread);
  },
  ...access,
  ...memory,
  ...classes,
};
