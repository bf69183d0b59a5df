/**
 * Natives of jdk.internal.reflect.Reflection.
 */
import { nestHostOf } from '../../../../runtime/access.js';
import { callerClass } from '../../../../runtime/caller-class.js';
import { modifiersOf } from '../../../../runtime/reflection.js';
import type { NativeTable } from '../../../registry.js';

/** Natives of jdk.internal.reflect.Reflection. */
export const natives: NativeTable = {
  'getCallerClass()Ljava/lang/Class;': (t) => {
    const caller = callerClass(t);
    return caller === undefined ? 0 : t.vm.mirrorOf(caller);
  },

  // The flags of the class file itself, not those of InnerClasses.
  'getClassAccessFlags(Ljava/lang/Class;)I': (t, mirror: number) => {
    const cls = t.vm.classOfMirror(mirror);
    return cls.classFile === undefined ? modifiersOf(cls) : cls.accessFlags & 0x7fff;
  },

  *'areNestMates(Ljava/lang/Class;Ljava/lang/Class;)Z'(t, current: number, member: number) {
    const { vm } = t;
    const a = vm.classOfMirror(current);
    const b = vm.classOfMirror(member);
    if (a === b) return true;
    if (a.classFile === undefined || b.classFile === undefined) return false;
    return (yield* nestHostOf(t, a)) === (yield* nestHostOf(t, b));
  },
};
