/**
 * Modified UTF-8 (JVMS 4.4.7) to JavaScript strings, which are UTF-16 as Java's are: surrogates pass through alone.
 *
 * Names repeat from class to class (`<init>`, `()V`, `java/lang/Object`), so short ASCII strings come from one table
 * for the process: no decoding, and equal names are the same object, which makes comparing and hashing them cheap.
 */
import { formatError } from './errors.js';

const LONGEST_SHARED = 96;
/** Beyond this many shared strings new ones are not remembered: a guest that loads classes for ever must not leak. */
const MOST_SHARED = 1 << 17;

let slots: (string | undefined)[] = new Array(1 << 14).fill(undefined);
let hashes = new Int32Array(1 << 14);
let used = 0;

function grow(): void {
  const oldSlots = slots;
  const oldHashes = hashes;
  const size = oldSlots.length * 2;
  slots = new Array(size).fill(undefined);
  hashes = new Int32Array(size);
  for (let i = 0; i < oldSlots.length; i++) {
    const text = oldSlots[i];
    if (text === undefined) continue;
    let at = oldHashes[i] & (size - 1);
    while (slots[at] !== undefined) at = (at + 1) & (size - 1);
    slots[at] = text;
    hashes[at] = oldHashes[i];
  }
}

/**
 * Decodes `length` bytes at `start`; the caller has checked that they exist.
 * Throws ClassFormatError for bytes that are not modified UTF-8.
 */
export function decodeModifiedUtf8(bytes: Uint8Array, start: number, length: number): string {
  if (length > LONGEST_SHARED) return decodeLong(bytes, start, length);
  let hash = length;
  let all = 0;
  const end = start + length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    all |= byte | (byte - 1); // bit 7 for what is not ASCII, bit 31 for 0
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  if ((all & 0x80000080) !== 0) return decodeWide(bytes, start, length);
  hash ^= hash >>> 15;
  const mask = slots.length - 1;
  let at = hash & mask;
  for (;;) {
    const text = slots[at];
    if (text === undefined) break;
    if (hashes[at] === hash && text.length === length) {
      let i = 0;
      while (i < length && text.charCodeAt(i) === bytes[start + i]) i++;
      if (i === length) return text;
    }
    at = (at + 1) & mask;
  }
  const text = String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
  if (used < MOST_SHARED) {
    slots[at] = text;
    hashes[at] = hash;
    if (++used * 2 > slots.length) grow();
  }
  return text;
}

function decodeLong(bytes: Uint8Array, start: number, length: number): string {
  const end = start + length;
  for (let i = start; i < end; i++) {
    if (bytes[i] === 0 || bytes[i] >= 0x80) return decodeWide(bytes, start, length);
  }
  let text = '';
  for (let i = start; i < end; i += 8192) {
    text += String.fromCharCode.apply(null, bytes.subarray(i, Math.min(end, i + 8192)) as unknown as number[]);
  }
  return text;
}

function decodeWide(bytes: Uint8Array, start: number, length: number): string {
  const units = new Uint16Array(length);
  let count = 0;
  const end = start + length;
  for (let i = start; i < end; ) {
    const first = bytes[i];
    if (first !== 0 && first < 0x80) {
      units[count++] = first;
      i++;
    } else if (first >= 0xc0 && first < 0xe0 && i + 1 < end && (bytes[i + 1] & 0xc0) === 0x80) {
      units[count++] = ((first & 0x1f) << 6) | (bytes[i + 1] & 0x3f);
      i += 2;
    } else if (
      first >= 0xe0 &&
      first < 0xf0 &&
      i + 2 < end &&
      (bytes[i + 1] & 0xc0) === 0x80 &&
      (bytes[i + 2] & 0xc0) === 0x80
    ) {
      units[count++] = ((first & 0xf) << 12) | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f);
      i += 3;
    } else {
      throw formatError('Illegal UTF8 string in constant pool', i);
    }
  }
  let text = '';
  for (let i = 0; i < count; i += 8192) {
    text += String.fromCharCode.apply(null, units.subarray(i, Math.min(count, i + 8192)) as unknown as number[]);
  }
  return text;
}
