/**
 * Natives of java.lang.invoke.LambdaProxyClassArchive: no archive of classes is kept, so nothing is found in it.
 */
import type { NativeTable } from '../../../registry.js';

const ARGUMENTS =
  'Ljava/lang/Class;Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodType;' +
  'Ljava/lang/invoke/MemberName;Ljava/lang/invoke/MethodType;';

/** Natives of java.lang.invoke.LambdaProxyClassArchive. */
export const natives: NativeTable = {
  [`addToArchive(${ARGUMENTS}Ljava/lang/Class;)V`]: () => {},
  [`findFromArchive(${ARGUMENTS})Ljava/lang/Class;`]: () => 0,
};
