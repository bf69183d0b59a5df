/** Natives of java.io.ObjectStreamClass. */
import { nullPointer } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'initNative()V': () => {},
  'hasStaticInitializer(Ljava/lang/Class;)Z': (t, mirror: number) => {
    if (mirror === 0) throw nullPointer();
    return t.vm.classOfMirror(mirror).methodTable.has('<clinit>()V');
  },
};
