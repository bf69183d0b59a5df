/** Natives of java.util.zip.CRC32. */
import type { NativeTable } from '../../../registry.js';
import { crc32 } from './checksums.js';

export const natives: NativeTable = {
  'update(II)I': (_t, value: number, byte: number) => crc32(value, Uint8Array.of(byte)),
  'updateBytes0(I[BII)I': (t, value: number, array: number, offset: number, length: number) => {
    const start = (array >>> 0) + 16 + offset;
    return crc32(value, t.vm.u8.subarray(start, start + length));
  },
  'updateByteBuffer0(IJII)I': (t, value: number, address: number, offset: number, length: number) => {
    const start = address + offset;
    return crc32(value, t.vm.u8.subarray(start, start + length));
  },
};
