/**
 * Natives of jdk.internal.reflect.NativeConstructorAccessorImpl.
 */
import { newInstance } from '../../../../runtime/reflective-call.js';
import type { NativeTable } from '../../../registry.js';

/** Natives of jdk.internal.reflect.NativeConstructorAccessorImpl. */
export const natives: NativeTable = {
  'newInstance0(Ljava/lang/reflect/Constructor;[Ljava/lang/Object;)Ljava/lang/Object;': newInstance,
};
