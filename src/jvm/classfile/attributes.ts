/**
 * Attribute tables (JVMS 4.7): passing over them, finding one by name, listing them.
 *
 * An attribute's body is parsed only when somebody asks for it, so a table is kept as the place where it starts.
 */
import type { ConstantPool } from './constant-pool.js';
import { formatError } from './errors.js';

/** One attribute, known or not: where its body lies in the file. */
export interface AttributeInfo {
  readonly name: string;
  /** File offset of the body. */
  readonly offset: number;
  /** Length of the body in bytes. */
  readonly length: number;
}

function u2(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

function u4(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

/** Attributes by the first version of class files in which they mean something; HotSpot passes over them in older ones. */
const SINCE: readonly (readonly [major: number, names: readonly string[]])[] = [
  [
    49,
    [
      'Signature',
      'EnclosingMethod',
      'AnnotationDefault',
      'LocalVariableTypeTable',
      'RuntimeVisibleAnnotations',
      'RuntimeInvisibleAnnotations',
      'RuntimeVisibleParameterAnnotations',
      'RuntimeInvisibleParameterAnnotations',
      'RuntimeVisibleTypeAnnotations',
      'RuntimeInvisibleTypeAnnotations',
    ],
  ],
  [50, ['StackMapTable']],
  [51, ['BootstrapMethods']],
  [55, ['NestHost', 'NestMembers']],
  [60, ['Record']],
  [61, ['PermittedSubclasses']],
];

const ignoredByMajor = new Map<number, ReadonlySet<string>>();

/** Attributes that mean nothing in class files of this version (JVMS 4.7); undefined where all do. */
export function ignoredAttributes(major: number): ReadonlySet<string> | undefined {
  if (major >= SINCE[SINCE.length - 1][0]) return undefined;
  let ignored = ignoredByMajor.get(major);
  if (ignored === undefined) {
    ignored = new Set(SINCE.flatMap(([since, names]) => (major < since ? names : [])));
    ignoredByMajor.set(major, ignored);
  }
  return ignored;
}

/** Where the attribute table at `start` (its count) ends; throws ClassFormatError if that is past `end`. */
export function skipAttributes(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 2;
  if (at > end) throw formatError('Truncated class file', start);
  for (let left = u2(bytes, start); left > 0; left--) {
    if (at + 6 > end) throw formatError('Truncated class file', at);
    at += 6 + u4(bytes, at + 2);
    if (at > end) throw formatError('Truncated class file', end);
  }
  return at;
}

/** File offset of the first attribute `name` of a table that skipAttributes has passed (its name field), or -1. */
export function findAttribute(pool: ConstantPool, start: number, name: string): number {
  const { bytes } = pool;
  if (pool.ignored?.has(name)) return -1;
  let at = start + 2;
  for (let left = u2(bytes, start); left > 0; left--) {
    if (pool.utf8(u2(bytes, at)) === name) return at;
    at += 6 + u4(bytes, at + 2);
  }
  return -1;
}

/** The body of the attribute found at `at`. */
export function attributeBody(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at + 6, at + 6 + u4(bytes, at + 2));
}

/** Where the body of the attribute found at `at` ends. */
export function attributeEnd(bytes: Uint8Array, at: number): number {
  return at + 6 + u4(bytes, at + 2);
}

/** All attributes of a table that skipAttributes has passed, but those the class's version knows nothing of. */
export function listAttributes(pool: ConstantPool, start: number): AttributeInfo[] {
  const { bytes } = pool;
  const list: AttributeInfo[] = [];
  let at = start + 2;
  for (let left = u2(bytes, start); left > 0; left--) {
    const length = u4(bytes, at + 2);
    const name = pool.utf8(u2(bytes, at));
    if (!pool.ignored?.has(name)) list.push({ name, offset: at + 6, length });
    at += 6 + length;
  }
  return list;
}
