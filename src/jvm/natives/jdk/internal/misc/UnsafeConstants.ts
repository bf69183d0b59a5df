/**
 * The constants of jdk.internal.misc.UnsafeConstants, which the VM fills in once the class is initialized: Java code
 * takes them for the machine's.
 */
import type { Vm } from '../../../../runtime/vm.js';

/** Fills in the constants. Call after UnsafeConstants has been initialized and before Unsafe is. */
export function setUnsafeConstants(vm: Vm): void {
  const owner = 'jdk/internal/misc/UnsafeConstants';
  vm.putWord(0, vm.offset(owner, 'ADDRESS_SIZE0'), 8);
  vm.putWord(0, vm.offset(owner, 'PAGE_SIZE'), 4096);
  vm.putByte(0, vm.offset(owner, 'BIG_ENDIAN'), 0);
  vm.putByte(0, vm.offset(owner, 'UNALIGNED_ACCESS'), 1);
  vm.putWord(0, vm.offset(owner, 'DATA_CACHE_LINE_FLUSH_SIZE'), 0);
}
