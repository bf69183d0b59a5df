/**
 * Annotations as the VM itself needs them: which types annotate a member. The library's Java code parses the values from
 * the raw attribute, so no tree is built here.
 */
import type { ConstantPool } from './constant-pool.js';
import { formatError } from './errors.js';
import { Reader } from './reader.js';

/** Deeper nesting than any compiler writes; the limit keeps a hostile file from exhausting the stack. */
const DEEPEST = 100;

/** Passes over one annotation's element-value pairs. */
function skipPairs(reader: Reader, depth: number): void {
  for (let left = reader.u2(); left > 0; left--) {
    reader.skip(2);
    skipValue(reader, depth);
  }
}

function skipValue(reader: Reader, depth: number): void {
  if (depth > DEEPEST) throw formatError('Annotation nested too deeply', reader.at);
  const tag = String.fromCharCode(reader.u1());
  if (tag === 'e') reader.skip(4);
  else if (tag === '@') {
    reader.skip(2);
    skipPairs(reader, depth + 1);
  } else if (tag === '[') {
    for (let left = reader.u2(); left > 0; left--) skipValue(reader, depth + 1);
  } else if ('BCDFIJSZsc'.includes(tag)) reader.skip(2);
  else throw formatError(`Bad annotation element tag ${tag.charCodeAt(0)}`, reader.at - 1);
}

/** The type descriptors of the annotations in a Runtime(In)VisibleAnnotations body at `[start, end)`. */
export function annotationTypes(pool: ConstantPool, start: number, end: number): string[] {
  const reader = new Reader(pool.bytes, start, end);
  const types: string[] = [];
  for (let left = reader.u2(); left > 0; left--) {
    types.push(pool.utf8(reader.u2()));
    skipPairs(reader, 0);
  }
  return types;
}
