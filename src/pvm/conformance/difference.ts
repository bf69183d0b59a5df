/**
 * What a conformance run answers with when the engine and the recorded behaviour part: the first difference.
 *
 * One is enough. After the first, everything that follows is a consequence, and a page of consequences hides the
 * cause.
 */
import type { GuestMemory } from '../memory/guest-memory.js';
import { Access } from '../program/image.js';

/** The first thing that was not as recorded. */
export interface Difference {
  /** Where: a register, `gas`, `pc`, a memory address, the number of a trace's line. */
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/** A difference as one line of text. */
export function describeDifference({ where, expected, actual }: Difference): string {
  return `${where}: expected ${expected}, got ${actual}`;
}

/** The first register that differs. */
export function compareRegisters(
  expected: readonly bigint[],
  actual: readonly bigint[],
  where = '',
): Difference | undefined {
  for (let i = 0; i < expected.length; i++) {
    const [want, got] = [expected[i] as bigint, actual[i] as bigint];
    if (want !== got) return { where: `${where}r${i}`, expected: hex(want), actual: hex(got) };
  }
  return undefined;
}

/** The first byte of guest memory that differs from what is expected at `address`, or cannot be read. */
export function compareMemory(
  memory: GuestMemory,
  address: number,
  expected: Uint8Array,
  where = '',
): Difference | undefined {
  const page = memory.firstInaccessible(address, expected.length, Access.Read);
  if (page >= 0) {
    return { where: `${where}memory at ${hex(page)}`, expected: 'readable memory', actual: 'an inaccessible page' };
  }
  const actual = memory.read(address, expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === actual[i]) continue;
    // A few bytes from the first difference on: enough to recognise a value by.
    const show = (bytes: Uint8Array) => bytesToHex(bytes.subarray(i, i + 8));
    return { where: `${where}memory at ${hex(address + i)}`, expected: show(expected), actual: show(actual) };
  }
  return undefined;
}

/** A number as it stands in messages. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** Bytes as one hexadecimal number, `0x` first. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '0x';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The bytes of an even number of hexadecimal digits, `0x` before them or not; undefined for anything else. */
export function hexToBytes(text: string): Uint8Array | undefined {
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
