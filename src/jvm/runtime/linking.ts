/**
 * Linking of a class (JVMS 5.4): its supertypes first, then verification, then what remains of preparation.
 *
 * Fields have their places and methods their structures since the class was defined (class-definition.ts).
 */
import { verifyClass } from '../classfile/index.js';
import { ClassState } from '../memory/layout.js';
import type { Activity } from './activity.js';
import { asThrowNew, setState } from './class-loading.js';
import type { JavaClass } from './java-class.js';
import { constrainOverrides } from './loader-constraints.js';
import { isSubclass } from './subtypes.js';
import type { JavaThread } from './thread.js';
import { NeedClass, RuntimeVerifierWorld } from './verifier-world.js';
import type { Vm } from './vm.js';

export { createMethod } from './class-definition.js';
export { layoutFields } from './field-layout.js';

/** Whether the class must be verified, as `-Xverify` says: remote means everything but the boot loader's. */
function mustVerify(vm: Vm, cls: JavaClass): boolean {
  const { verify } = vm.options;
  if (verify === 'none' || (verify === 'remote' && cls.loader.isBoot)) return false;
  const magic = vm.bootLoader.classes.get('jdk/internal/reflect/MagicAccessorImpl');
  return magic === undefined || !isSubclass(cls, magic);
}

/**
 * Links a class.
 *
 * @throws VerifyError and other LinkageErrors (Java); the class stays as it was
 */
export function linkClass(t: JavaThread, cls: JavaClass): Activity<void> {
  return linkIn(t.vm, t, cls);
}

function* linkIn(vm: Vm, t: JavaThread | undefined, cls: JavaClass): Activity<void> {
  if (cls.state >= ClassState.Linked) return;
  if (cls.superclass !== null) yield* linkIn(vm, t, cls.superclass);
  for (const face of cls.interfaces) yield* linkIn(vm, t, face);
  if (!cls.verified && mustVerify(vm, cls)) yield* verify(vm, t, cls);
  // Another thread may have come here first, while the verifier's classes were loaded.
  if (cls.state >= ClassState.Linked) return;
  cls.verified = true;
  if (!cls.loader.isBoot) constrainOverrides(vm, cls);
  if (cls.resolved.length === 0) cls.resolved = new Array(cls.pool.length);
  setState(vm, cls, ClassState.Linked);
}

/** Links a class of the boot loader, for which nothing of Java runs and nobody waits. */
export function linkBootClass(vm: Vm, cls: JavaClass): void {
  const step = linkIn(vm, undefined, cls).next();
  if (step.done !== true) throw new Error(`linking ${cls.externalName} had to wait`);
}

/** The verifier asks about classes as it goes; what is not loaded is loaded, and the method is verified again. */
function* verify(vm: Vm, t: JavaThread | undefined, cls: JavaClass): Activity<void> {
  const world = new RuntimeVerifierWorld(vm, cls);
  const progress = { verified: 0 };
  for (;;) {
    try {
      verifyClass(cls.classFile!, world, progress);
      return;
    } catch (error) {
      if (!(error instanceof NeedClass) || t === undefined) throw asThrowNew(error);
      yield* world.load(t, error.className);
    }
  }
}
