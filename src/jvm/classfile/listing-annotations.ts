/** Annotation attributes in the notation of the JDK's class file disassembler, and attributes nothing is known of. */
import type { AttributeInfo } from './attributes.js';
import type { ConstantPool } from './constant-pool.js';
import { formatError } from './errors.js';
import { externalType } from './external-names.js';
import { constantText, escapeText } from './listing-constants.js';
import { Reader } from './reader.js';

/** Deeper than any compiler nests them. */
const DEEPEST = 100;

/** An element value: by constant pool indexes, and in words (lines, where an annotation takes several). */
interface Value {
  readonly raw: string;
  readonly words: string;
}

function readValue(pool: ConstantPool, reader: Reader, depth: number): Value {
  if (depth > DEEPEST) throw formatError('Annotation nested too deeply', reader.at);
  const tag = String.fromCharCode(reader.u1());
  switch (tag) {
    case 'e': {
      const type = reader.u2();
      const name = reader.u2();
      return { raw: `e#${type}.#${name}`, words: `${pool.utf8(type)}.${pool.utf8(name)}` };
    }
    case 'c': {
      const index = reader.u2();
      return { raw: `c#${index}`, words: `class ${pool.utf8(index)}` };
    }
    case '@': {
      const { raw, lines } = readAnnotation(pool, reader, depth + 1);
      return { raw: `@${raw}`, words: `@${lines.join('\n')}` };
    }
    case '[': {
      const values = Array.from({ length: reader.u2() }, () => readValue(pool, reader, depth + 1));
      const join = (texts: string[]) => `[${texts.join(',')}]`;
      return { raw: join(values.map((value) => value.raw)), words: join(values.map((value) => value.words)) };
    }
    case 's': {
      const index = reader.u2();
      return { raw: `s#${index}`, words: `"${escapeText(pool.utf8(index))}"` };
    }
    default: {
      if (!'BCDFIJSZ'.includes(tag))
        throw formatError(`Bad annotation element tag ${tag.charCodeAt(0)}`, reader.at - 1);
      const index = reader.u2();
      return { raw: `${tag}#${index}`, words: numberText(pool, tag, index) };
    }
  }
}

function numberText(pool: ConstantPool, tag: string, index: number): string {
  if (tag === 'Z') return pool.int(index) === 0 ? 'false' : 'true';
  if (tag === 'C') return `'${escapeText(String.fromCharCode(pool.int(index)))}'`;
  const text = constantText(pool, index);
  if (tag === 'B') return `(byte) ${text}`;
  return tag === 'S' ? `(short) ${text}` : text;
}

function readAnnotation(pool: ConstantPool, reader: Reader, depth: number): { raw: string; lines: string[] } {
  const type = reader.u2();
  const raw: string[] = [];
  const lines: string[] = [];
  for (let left = reader.u2(); left > 0; left--) {
    const name = reader.u2();
    const value = readValue(pool, reader, depth);
    raw.push(`#${name}=${value.raw}`);
    lines.push(...`${pool.utf8(name)}=${value.words}`.split('\n').map((line) => `  ${line}`));
  }
  const title = externalType(pool.utf8(type));
  return { raw: `#${type}(${raw.join(',')})`, lines: lines.length === 0 ? [title] : [`${title}(`, ...lines, ')'] };
}

function annotationLines(pool: ConstantPool, reader: Reader, indent: string): string[] {
  const lines: string[] = [];
  const count = reader.u2();
  for (let i = 0; i < count; i++) {
    const { raw, lines: words } = readAnnotation(pool, reader, 0);
    lines.push(`${indent}${i}: ${raw}`, ...words.map((line) => `${indent}  ${line}`));
  }
  return lines;
}

/**
 * The lines of an annotation attribute, or of any other in hexadecimal. Type annotations are among the others: they are
 * shown raw.
 */
export function otherAttributeLines(
  pool: ConstantPool,
  { name, offset, length }: AttributeInfo,
  indent: string,
): string[] {
  const reader = new Reader(pool.bytes, offset, offset + length);
  const inner = `${indent}  `;
  switch (name) {
    case 'RuntimeVisibleAnnotations':
    case 'RuntimeInvisibleAnnotations':
      return [`${indent}${name}:`, ...annotationLines(pool, reader, inner)];
    case 'RuntimeVisibleParameterAnnotations':
    case 'RuntimeInvisibleParameterAnnotations': {
      const lines = [`${indent}${name}:`];
      const count = reader.u1();
      for (let i = 0; i < count; i++) {
        lines.push(`${inner}parameter ${i}:`, ...annotationLines(pool, reader, `${inner}  `));
      }
      return lines;
    }
    case 'AnnotationDefault': {
      const { raw, words } = readValue(pool, reader, 0);
      return [
        `${indent}${name}:`,
        `${inner}default_value: ${raw}`,
        ...words.split('\n').map((line) => `${inner}  ${line}`),
      ];
    }
    default: {
      const lines = [`${indent}${name}: length = 0x${length.toString(16).toUpperCase()} (shown raw)`];
      for (let at = 0; at < length; at += 16) {
        const row = pool.bytes.subarray(offset + at, offset + Math.min(length, at + 16));
        lines.push(
          `${indent}  ${Array.from(row, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')}`,
        );
      }
      return lines;
    }
  }
}
