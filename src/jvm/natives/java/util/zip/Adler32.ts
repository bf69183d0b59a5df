/** Natives of java.util.zip.Adler32. */
import type { NativeTable } from '../../../registry.js';
import { adler32 } from './checksums.js';

export const natives: NativeTable = {
  'update(II)I': (_t, value: number, byte: number) => adler32(value, Uint8Array.of(byte)),
  'updateBytes(I[BII)I': (t, value: number, array: number, offset: number, length: number) => {
    const start = (array >>> 0) + 16 + offset;
    return adler32(value, t.vm.u8.subarray(start, start + length));
  },
  'updateByteBuffer(IJII)I': (t, value: number, address: number, offset: number, length: number) => {
    const start = address + offset;
    return adler32(value, t.vm.u8.subarray(start, start + length));
  },
};
