/** Natives of java.lang.Throwable. */
import { captureBacktrace } from '../../../runtime/stack-trace.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'fillInStackTrace(I)Ljava/lang/Throwable;': (t, self: number) => {
    captureBacktrace(t, self);
    return self;
  },
};
