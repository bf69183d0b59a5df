/** Memory of `Unsafe`: allocation outside the heap, and filling and copying wherever. */
import { loadavg } from 'node:os';
import type { Vm } from '../../../../../runtime/vm.js';
import type { NativeTable } from '../../../../registry.js';
import { addressOf } from './addresses.js';

/** Copies `bytes` bytes, turning round the order within each element of `size` bytes; the ranges may overlap. */
function copySwapped(vm: Vm, from: number, to: number, bytes: number, size: number): void {
  const { u8 } = vm;
  const source = u8.slice(from, from + bytes);
  for (let i = 0; i < bytes; i += size) {
    for (let j = 0; j < size; j++) u8[to + i + j] = source[i + size - 1 - j]!;
  }
}

export const natives: NativeTable = {
  // Java reports 0 as OutOfMemoryError.
  'allocateMemory0(J)J': (t, _self: number, bytes: number) => t.vm.nativeMemory.allocate(bytes),
  'reallocateMemory0(JJ)J': (t, _self: number, address: number, bytes: number) =>
    t.vm.nativeMemory.reallocate(address, bytes),
  'freeMemory0(J)V': (t, _self: number, address: number) => t.vm.nativeMemory.free(address),
  'setMemory0(Ljava/lang/Object;JJB)V': (
    t,
    _self: number,
    object: number,
    offset: number,
    bytes: number,
    value: number,
  ) => {
    const address = addressOf(t.vm, object, offset, bytes);
    t.vm.u8.fill(value, address, address + bytes);
  },
  'copyMemory0(Ljava/lang/Object;JLjava/lang/Object;JJ)V': (
    t,
    _self: number,
    source: number,
    sourceOffset: number,
    target: number,
    targetOffset: number,
    bytes: number,
  ) => {
    const from = addressOf(t.vm, source, sourceOffset, bytes);
    t.vm.u8.copyWithin(addressOf(t.vm, target, targetOffset, bytes), from, from + bytes);
  },
  'copySwapMemory0(Ljava/lang/Object;JLjava/lang/Object;JJJ)V': (
    t,
    _self: number,
    source: number,
    sourceOffset: number,
    target: number,
    targetOffset: number,
    bytes: number,
    size: number,
  ) => {
    const from = addressOf(t.vm, source, sourceOffset, bytes);
    copySwapped(t.vm, from, addressOf(t.vm, target, targetOffset, bytes), bytes, size);
  },
  'getLoadAverage0([DI)I': (t, _self: number, array: number, count: number) => {
    const averages = loadavg();
    const first = ((array >>> 0) + 16) >>> 3;
    for (let i = 0; i < count; i++) t.vm.f64[first + i] = averages[i]!;
    return count;
  },
};
