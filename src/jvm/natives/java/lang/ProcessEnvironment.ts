/** Natives of java.lang.ProcessEnvironment. */
import { arrayClassOf } from '../../../runtime/class-loading.js';
import { newByteArray } from '../../arrays.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'environ()[[B': (t) => {
    const { vm } = t;
    const entries = Object.entries(process.env).filter(([, value]) => value !== undefined);
    const array = vm.heap.allocateArray(arrayClassOf(vm, vm.known.byteArray), 2 * entries.length);
    entries.forEach(([name, value], i) => {
      vm.putReferenceElement(array, 2 * i, newByteArray(vm, Buffer.from(name)));
      vm.putReferenceElement(array, 2 * i + 1, newByteArray(vm, Buffer.from(value!)));
    });
    return array;
  },
};
