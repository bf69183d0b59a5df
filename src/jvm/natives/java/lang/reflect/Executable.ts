/**
 * Natives of java.lang.reflect.Executable.
 */
import { byteArrayOf, methodOfObject, parametersOf } from '../../../../runtime/reflection.js';
import type { NativeTable } from '../../../registry.js';

/** Natives of java.lang.reflect.Executable. */
export const natives: NativeTable = {
  'getParameters0()[Ljava/lang/reflect/Parameter;': (t, self: number) => parametersOf(t, self),
  'getTypeAnnotationBytes0()[B': (t, self: number) =>
    byteArrayOf(t.vm, methodOfObject(t.vm, self).info?.typeAnnotations),
};
