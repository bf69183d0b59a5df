/** The two checksums of zip and zlib, continued from a value so far. */
import * as zlib from 'node:zlib';

/** Node has its own CRC-32 since 20.15. */
const nativeCrc32 = (zlib as { crc32?: (data: Uint8Array, value: number) => number }).crc32;
/** Fewer bytes than this are not worth the call. */
const SHORT = 48;

const TABLE = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let c = i;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) !== 0 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  TABLE[i] = c;
}

/** CRC-32 of ISO 3309. */
export function crc32(value: number, bytes: Uint8Array): number {
  if (nativeCrc32 !== undefined && bytes.length >= SHORT) return nativeCrc32(bytes, value >>> 0) | 0;
  let c = ~value;
  for (let i = 0; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return ~c;
}

const MODULUS = 65521;
/** As many bytes can be added before the sums must be reduced. */
const STRETCH = 3800;

/** Adler-32 of RFC 1950. */
export function adler32(value: number, bytes: Uint8Array): number {
  let a = value & 0xffff;
  let b = value >>> 16;
  for (let i = 0; i < bytes.length; ) {
    const end = Math.min(i + STRETCH, bytes.length);
    for (; i < end; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  return a | (b << 16);
}
