/** Natives of java.lang.SecurityManager. */
import type { JavaClass } from '../../../runtime/java-class.js';
import { forEachFrame } from '../../../runtime/stack-walk.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'getClassContext()[Ljava/lang/Class;': (t) => {
    const { vm } = t;
    const classes: JavaClass[] = [];
    let youngest = true;
    forEachFrame(t, (method) => {
      const self = youngest && method.name === 'getClassContext';
      youngest = false;
      const reflection = method.holder.name === 'java/lang/reflect/Method' && method.name === 'invoke';
      if (!self && !reflection && !method.hiddenFrame) classes.push(method.holder);
    });
    const array = vm.heap.allocateArray(vm.known.classArray, classes.length);
    classes.forEach((cls, i) => vm.putReferenceElement(array, i, vm.mirrorOf(cls)));
    return array;
  },
};
