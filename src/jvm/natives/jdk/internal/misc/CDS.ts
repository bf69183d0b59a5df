/**
 * Natives of jdk.internal.misc.CDS: Scotty has no archive of classes, and dumps none.
 */
import { ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';

function unavailable(): never {
  throw new ThrowNew('java/lang/InternalError', 'Scotty has no class data sharing');
}

export const natives: NativeTable = {
  'isDumpingClassList0()Z': () => false,
  'isDumpingArchive0()Z': () => false,
  'isSharingEnabled0()Z': () => false,
  'logLambdaFormInvoker(Ljava/lang/String;)V': () => {},
  'initializeFromArchive(Ljava/lang/Class;)V': () => {},
  'defineArchivedModules(Ljava/lang/ClassLoader;Ljava/lang/ClassLoader;)V': () => {},
  'getRandomSeedForDumping()J': () => 0,
  'dumpClassList(Ljava/lang/String;)V': unavailable,
  'dumpDynamicArchive(Ljava/lang/String;)V': unavailable,
};
