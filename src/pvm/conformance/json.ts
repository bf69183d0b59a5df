/**
 * JSON whose integers keep all their digits and whose errors name an offset, and checked access to its fields.
 *
 * Registers reach 2^64 − 1, which `JSON.parse` rounds before a reviver sees them; and for most malformed text it does
 * not say where it stopped. So this is a reader of its own: plain recursive descent, a bigint where a number
 * would lose digits.
 */
import { FormatError } from '../program/image.js';

/** Deepest nesting accepted: vectors need 3, and without a limit a file of brackets would exhaust the stack. */
const MAX_DEPTH = 32;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/**
 * `JSON.parse` that gives a bigint for an integer beyond 2^53 − 1.
 *
 * @throws FormatError with the offset where the text stops being JSON
 */
export function parseJson(text: string): unknown {
  let at = 0;

  const fail = (expected: string): never => {
    const found = at < text.length ? `"${text.slice(at, at + 12).split('\n')[0]}"` : 'the end';
    throw new FormatError(`expected ${expected}, found ${found}`, at);
  };
  /** What `pattern` matches here, with the white space before it skipped. */
  const take = (pattern: RegExp): RegExpExecArray | null => {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = SPACE.lastIndex;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const takeMark = (mark: string): boolean => {
    take(SPACE);
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const string = (what: string): string => JSON.parse((take(STRING) ?? fail(what))[0] as string) as string;

  const value = (depth: number): unknown => {
    if (depth > MAX_DEPTH) fail(`at most ${MAX_DEPTH} levels`);
    if (takeMark('{')) {
      const object: Record<string, unknown> = Object.create(null);
      if (takeMark('}')) return object;
      do {
        const name = string('a field name');
        if (!takeMark(':')) fail('":"');
        object[name] = value(depth + 1);
      } while (takeMark(','));
      if (!takeMark('}')) fail('"," or "}"');
      return object;
    }
    if (takeMark('[')) {
      const array: unknown[] = [];
      if (takeMark(']')) return array;
      do array.push(value(depth + 1));
      while (takeMark(','));
      if (!takeMark(']')) fail('"," or "]"');
      return array;
    }
    if (text[at] === '"') return string('a string');
    const number = take(NUMBER);
    if (number !== null) {
      const [digits, fraction, exponent] = number;
      const approximate = Number(digits);
      return fraction !== undefined || exponent !== undefined || Number.isSafeInteger(approximate)
        ? approximate
        : BigInt(digits);
    }
    return JSON.parse((take(WORD) ?? fail('a JSON value'))[0]);
  };

  const result = value(0);
  take(SPACE);
  if (at < text.length) fail('the end of the text');
  return result;
}

/** Marks a string that stands for a large integer while text is made. */
const BIG = '#integer:';
const MARKED = new RegExp(`"${BIG}(-?\\d+)"`, 'g');

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
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}
