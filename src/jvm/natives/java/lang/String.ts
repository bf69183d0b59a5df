/** Natives of java.lang.String. */
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'intern()Ljava/lang/String;': (t, self: number) => t.vm.strings.intern(self),
};
