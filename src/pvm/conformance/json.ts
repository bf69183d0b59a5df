/**
 * JSON whose integers keep all their digits, and checked access to its fields.
 *
 * Registers reach 2^64 − 1, which `JSON.parse` rounds before a reviver sees them. So integers of 16 digits and more
 * are made marked strings in the text first, and turned back into integers by whoever expects one.
 */
import { FormatError } from '../program/image.js';

/** Marks a string that stands for a large integer. */
const BIG = '#integer:';
/** A string, or an integer of 16 digits and more that stands by itself. */
const STRING_OR_BIG = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
const MARKED = new RegExp(`"${BIG}(-?\\d+)"`, 'g');

/**
 * `JSON.parse` that keeps large integers, for `Fields` to read.
 *
 * @throws FormatError with the offset where the text is not JSON
 */
export function parseJson(text: string): unknown {
  try {
    // The text as it stands first: only so is the offset in the error right.
    JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const offset = message.match(/position (\d+)/)?.[1];
    throw new FormatError(`expected JSON (${message})`, offset === undefined ? text.length : Number(offset));
  }
  return JSON.parse(text.replace(STRING_OR_BIG, (token) => (token.startsWith('"') ? token : `"${BIG}${token}"`)));
}

/** `JSON.stringify` that writes a bigint as an integer. */
export function formatJson(value: unknown, indent?: number): string {
  const mark = (_: string, item: unknown) => (typeof item === 'bigint' ? `${BIG}${item}` : item);
  return JSON.stringify(value, mark, indent).replace(MARKED, '$1');
}

/** Reads the fields of an object from `parseJson`, each checked for what it must be. */
export class Fields {
  readonly #object: Record<string, unknown>;
  readonly #source: string;
  readonly #path: string;

  /**
   * @param value the object
   * @param source the text it was parsed from, for offsets
   * @param path what the object is, for messages
   */
  constructor(value: unknown, source: string, path: string) {
    this.#source = source;
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FormatError(`${path}: expected an object`, 0);
    }
    this.#object = value as Record<string, unknown>;
  }

  /** Throws for a field that is not what it must be; the offset is that of the field's first mention. */
  fail(field: string, expected: string): never {
    const at = this.#source.indexOf(`"${field}"`);
    throw new FormatError(`${this.#path}: ${field}: expected ${expected}`, Math.max(at, 0));
  }

  has(field: string): boolean {
    return this.#object[field] !== undefined;
  }

  text(field: string): string {
    const value = this.#object[field];
    return typeof value === 'string' ? value : this.fail(field, 'a string');
  }

  boolean(field: string): boolean {
    const value = this.#object[field];
    return typeof value === 'boolean' ? value : this.fail(field, 'true or false');
  }

  oneOf<T extends string>(field: string, names: readonly T[]): T {
    const value = this.#object[field];
    return names.find((name) => name === value) ?? this.fail(field, `one of ${names.join(', ')}`);
  }

  integer(field: string, max: bigint): bigint {
    const value = toBigInt(this.#object[field]);
    return inRange(value, max) ? value : this.fail(field, `an integer from 0 to ${max}`);
  }

  u32(field: string): number {
    return Number(this.integer(field, 0xffff_ffffn));
  }

  bytes(field: string): Uint8Array {
    const value = this.#object[field];
    const isByte = (byte: unknown) => Number.isInteger(byte) && (byte as number) >= 0 && (byte as number) <= 255;
    return Array.isArray(value) && value.every(isByte) ? Uint8Array.from(value) : this.fail(field, 'an array of bytes');
  }

  u64s(field: string, count: number): bigint[] {
    const value = this.#object[field];
    const numbers = Array.isArray(value) ? value.map(toBigInt).filter((n) => inRange(n, MAX_U64)) : [];
    return numbers.length === count && (value as unknown[]).length === count
      ? numbers
      : this.fail(field, `${count} integers from 0 to 2^64 - 1`);
  }

  list<T>(field: string, read: (fields: Fields) => T): T[] {
    const value = this.#object[field];
    if (!Array.isArray(value)) return this.fail(field, 'an array');
    return value.map((item, i) => read(new Fields(item, this.#source, `${this.#path}: ${field}[${i}]`)));
  }
}

const MAX_U64 = 0xffff_ffff_ffff_ffffn;

function inRange(value: bigint | undefined, max: bigint): value is bigint {
  return value !== undefined && value >= 0n && value <= max;
}

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && value.startsWith(BIG)) return BigInt(value.slice(BIG.length));
  return undefined;
}
