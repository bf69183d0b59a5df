/** Natives of jdk.internal.misc.ScopedMemoryAccess. */
import { Frame } from '../../../../memory/layout.js';
import type { Method } from '../../../../runtime/java-class.js';
import { forEachFrame } from '../../../../runtime/stack-walk.js';
import type { Vm } from '../../../../runtime/vm.js';
import type { NativeTable } from '../../../registry.js';

const SCOPED = 'Ljdk/internal/misc/ScopedMemoryAccess$Scoped;';
/** A thread that is inside a scoped access has its method this close to the top. */
const MAX_DEPTH = 10;

/** Whether a frame of a scoped access holds `scope` in one of its locals. */
function holds(vm: Vm, method: Method, fp: number, scope: number): boolean {
  const { code, info } = method;
  if (code === undefined || info?.hasAnnotation(SCOPED) !== true) return false;
  const last = fp + Frame.LastLocal;
  for (let i = 0; i < code.maxLocals; i++) if (vm.words[last + 2 * i] === scope) return true;
  return false;
}

export const natives: NativeTable = {
  'registerNatives()V': () => {},
  /** Fails while another thread accesses memory of the scope; Java then throws or tries again. */
  'closeScope0(Ljdk/internal/misc/ScopedMemoryAccess$Scope;Ljdk/internal/misc/ScopedMemoryAccess$Scope$ScopedAccessError;)Z':
    (t, _self: number, scope: number) => {
      for (const other of t.vm.scheduler.threads) {
        if (other === t) continue;
        let depth = 0;
        let found = false;
        forEachFrame(other, (method, _bci, fp) => {
          found = holds(t.vm, method, fp, scope);
          return found || ++depth >= MAX_DEPTH;
        });
        if (found) return false;
      }
      return true;
    },
};
