/**
 * Natives of java.lang.reflect.Field.
 */
import { byteArrayOf, fieldOfObject } from '../../../../runtime/reflection.js';
import type { NativeTable } from '../../../registry.js';

/** Natives of java.lang.reflect.Field. */
export const natives: NativeTable = {
  'getTypeAnnotationBytes0()[B': (t, self: number) => {
    const field = fieldOfObject(t.vm, self);
    return byteArrayOf(t.vm, field.holder.classFile?.fields[field.slot]?.typeAnnotations);
  },
};
