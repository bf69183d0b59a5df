/**
 * Natives of java.lang.invoke.MethodHandle. Calls of its signature-polymorphic methods are linked, never run as natives;
 * what is left is their use through reflection, which is an error.
 */
import type { JavaThread } from '../../../../runtime/thread.js';
import { ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';

function refuse(name: string): (t: JavaThread) => never {
  return () => {
    throw new ThrowNew(
      'java/lang/UnsupportedOperationException',
      `MethodHandle.${name} cannot be invoked reflectively`,
    );
  };
}

/** Natives of java.lang.invoke.MethodHandle. */
export const natives: NativeTable = {
  'invoke([Ljava/lang/Object;)Ljava/lang/Object;': refuse('invoke'),
  'invokeExact([Ljava/lang/Object;)Ljava/lang/Object;': refuse('invokeExact'),
};
