/** Java arrays out of JavaScript values, as natives return them. */
import type { Vm } from '../runtime/vm.js';

/**
 * Makes a `String[]`; `null` and `undefined` become null.
 *
 * @throws NeedsCollection when the heap is full
 */
export function newStringArray(vm: Vm, texts: readonly (string | null | undefined)[]): number {
  const array = vm.heap.allocateArray(vm.known.stringArray, texts.length);
  texts.forEach((text, i) => {
    if (text !== null && text !== undefined) vm.putReferenceElement(array, i, vm.strings.fromJs(text));
  });
  return array;
}

/**
 * Makes a `byte[]`.
 *
 * @throws NeedsCollection when the heap is full
 */
export function newByteArray(vm: Vm, bytes: Uint8Array): number {
  const array = vm.heap.allocateArray(vm.known.byteArray, bytes.length);
  vm.u8.set(bytes, (array >>> 0) + 16);
  return array;
}
