/**
 * Natives of java.security.AccessController. A security manager is not supported for access decisions, so every stack
 * counts as privileged: its context is null.
 */
import { nullPointer } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'getStackAccessControlContext()Ljava/security/AccessControlContext;': () => 0,
  'getInheritedAccessControlContext()Ljava/security/AccessControlContext;': (t) =>
    t.vm.getWord(t.object, t.vm.offset('java/lang/Thread', 'inheritedAccessControlContext')),
  'ensureMaterializedForStackWalk(Ljava/lang/Object;)V': () => {},
  'getProtectionDomain(Ljava/lang/Class;)Ljava/security/ProtectionDomain;': (t, mirror: number) => {
    if (mirror === 0) throw nullPointer();
    const { protectionDomain } = t.vm.classOfMirror(mirror);
    return protectionDomain === 0 ? 0 : t.vm.roots.get(protectionDomain);
  },
};
