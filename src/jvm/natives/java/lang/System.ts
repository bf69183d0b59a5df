/** Natives of java.lang.System. */
import { identityHash } from '../../../runtime/monitors.js';
import { nullPointer } from '../../../runtime/throws.js';
import type { Vm } from '../../../runtime/vm.js';
import type { NativeTable } from '../../registry.js';
import { arraycopy } from './arraycopy.js';

/** The standard streams are static finals: only the VM can replace them. */
function setStream(vm: Vm, name: 'in' | 'out' | 'err', stream: number): void {
  vm.putReference(0, vm.offset('java/lang/System', name), stream);
}

export const natives: NativeTable = {
  'registerNatives()V': () => {},
  'setIn0(Ljava/io/InputStream;)V': (t, stream: number) => setStream(t.vm, 'in', stream),
  'setOut0(Ljava/io/PrintStream;)V': (t, stream: number) => setStream(t.vm, 'out', stream),
  'setErr0(Ljava/io/PrintStream;)V': (t, stream: number) => setStream(t.vm, 'err', stream),
  'currentTimeMillis()J': () => Date.now(),
  'nanoTime()J': () => process.hrtime.bigint(),
  'arraycopy(Ljava/lang/Object;ILjava/lang/Object;II)V': (
    t,
    source: number,
    sourceIndex: number,
    target: number,
    targetIndex: number,
    length: number,
  ) => arraycopy(t.vm, source, sourceIndex, target, targetIndex, length),
  'identityHashCode(Ljava/lang/Object;)I': (t, object: number) => (object === 0 ? 0 : identityHash(t.vm, object)),
  'mapLibraryName(Ljava/lang/String;)Ljava/lang/String;': (t, name: number) => {
    if (name === 0) throw nullPointer();
    return t.vm.strings.fromJs(`lib${t.vm.strings.toJs(name)}.so`);
  },
};
