/**
 * Natives of jdk.internal.reflect.NativeMethodAccessorImpl.
 */
import { invokeMethod } from '../../../../runtime/reflective-call.js';
import type { NativeTable } from '../../../registry.js';

/** Natives of jdk.internal.reflect.NativeMethodAccessorImpl. */
export const natives: NativeTable = {
  'invoke0(Ljava/lang/reflect/Method;Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;': invokeMethod,
};
