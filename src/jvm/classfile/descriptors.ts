/**
 * Field and method descriptors (JVMS 4.3): syntax, slots, and a cache of parsed method descriptors, since the same few
 * hundred occur everywhere.
 */
import { formatError } from './errors.js';

/** A parsed method descriptor. */
export interface MethodDescriptor {
  readonly parameters: readonly string[];
  /** A field descriptor, or `V`. */
  readonly returnType: string;
  /** Slots of the parameters: two for long and double; the receiver is not counted. */
  readonly argumentSlots: number;
}

/**
 * Where the field descriptor at `start` ends, or -1 if there is none. At most 255 dimensions (JVMS 4.3.2); class names
 * are only checked for the characters that end or break a descriptor.
 */
export function skipFieldDescriptor(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 0x5b /* [ */) at++;
  if (at - start > 255) return -1;
  switch (text.charCodeAt(at)) {
    case 0x42: // B
    case 0x43: // C
    case 0x44: // D
    case 0x46: // F
    case 0x49: // I
    case 0x4a: // J
    case 0x53: // S
    case 0x5a: // Z
      return at + 1;
    case 0x4c: {
      const end = text.indexOf(';', at);
      if (end < 0 || !isInternalName(text, at + 1, end)) return -1;
      return end + 1;
    }
    default:
      return -1;
  }
}

/** Whether `text[start, end)` is identifiers joined by '/': none empty, none with `.` `;` `[` (JVMS 4.2.1). */
export function isInternalName(text: string, start: number, end: number): boolean {
  let segment = start;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x2f) {
      if (i === segment) return false;
      segment = i + 1;
    } else if (unit === 0x2e || unit === 0x3b || unit === 0x5b) {
      return false;
    }
  }
  return segment < end;
}

/** Whether `text` is a field descriptor. */
export function isFieldDescriptor(text: string): boolean {
  return skipFieldDescriptor(text, 0) === text.length;
}

/** Slots of a value of this type: 0 for `V`, 2 for `J` and `D`, else 1. */
export function slotsOf(descriptor: string): number {
  const first = descriptor.charCodeAt(0);
  return first === 0x4a || first === 0x44 ? 2 : first === 0x56 ? 0 : 1;
}

const cache = new Map<string, MethodDescriptor>();
const MOST_CACHED = 1 << 16;

/**
 * Parses a method descriptor. The result is shared: do not change it.
 * Throws ClassFormatError for bad syntax; more than 255 slots are for the caller to judge.
 */
export function parseMethodDescriptor(descriptor: string): MethodDescriptor {
  const known = cache.get(descriptor);
  if (known !== undefined) return known;
  const bad = () => formatError(`Method has illegal signature "${descriptor}"`);
  if (descriptor.charCodeAt(0) !== 0x28 /* ( */) throw bad();
  const parameters: string[] = [];
  let argumentSlots = 0;
  let at = 1;
  while (descriptor.charCodeAt(at) !== 0x29 /* ) */) {
    const end = skipFieldDescriptor(descriptor, at);
    if (end < 0) throw bad();
    const parameter = descriptor.slice(at, end);
    argumentSlots += slotsOf(parameter);
    parameters.push(parameter);
    at = end;
  }
  const returnType = descriptor.slice(at + 1);
  if (returnType !== 'V' && !isFieldDescriptor(returnType)) throw bad();
  if (cache.size >= MOST_CACHED) cache.clear();
  const parsed = { parameters, returnType, argumentSlots };
  cache.set(descriptor, parsed);
  return parsed;
}
