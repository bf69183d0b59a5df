/**
 * Resources that `jlink --compress` made smaller: undoing its two plug-ins, `zip` and `compact-cp`.
 *
 * A compressed resource is a stack of layers, each with a header that names what undoes it. `zip` is a zlib stream.
 * `compact-cp` moved the constant pool's strings of all classes into the image's own table of strings: an entry is
 * then a reference there, and a descriptor is its punctuation plus references for the packages and names in it.
 */
import { inflateSync } from 'node:zlib';
import { plainBytes } from './file.js';

const LAYER_MAGIC = 0xcafefafa;
/** Magic number, two sizes of 8 bytes, the offsets of two strings, a flag. */
const LAYER_HEADER_BYTES = 29;

/** Constant pool tags that take part. */
const UTF8 = 1;
const LONG = 5;
const DOUBLE = 6;
const SHARED_STRING = 23;
const SHARED_DESCRIPTOR = 25;

/** Bytes after each tag of the constant pool (JVMS 4.4); 0 for those handled apart and those that do not exist. */
const CONSTANT_BYTES = [0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2];

/**
 * The image's string at an offset, a character for each byte: a constant is modified UTF-8, whose zeros and
 * surrogates an ordinary decoder would lose.
 */
type StringAt = (offset: number) => string;
type Damaged = (problem: string) => Error;

/**
 * Undoes all layers of a compressed resource.
 *
 * @param resource its bytes in the image
 * @param size of the result, in bytes
 * @param littleEndian byte order of the image
 * @param stringAt the image's strings
 * @param damaged makes the error to throw
 */
export function expand(
  resource: Uint8Array,
  size: number,
  littleEndian: boolean,
  stringAt: StringAt,
  damaged: Damaged,
): Uint8Array {
  let content = resource;
  while (content.length >= LAYER_HEADER_BYTES) {
    const header = new DataView(content.buffer, content.byteOffset, content.length);
    if (header.getUint32(0, littleEndian) !== LAYER_MAGIC) break;
    const layerSize = Number(header.getBigUint64(4, littleEndian));
    const plainSize = Number(header.getBigUint64(12, littleEndian));
    const method = stringAt(header.getUint32(20, littleEndian));
    const body = content.subarray(LAYER_HEADER_BYTES);
    if (layerSize > body.length) throw damaged(`expected ${layerSize} compressed bytes, found ${body.length}`);
    if (method === 'zip') content = inflate(body, plainSize, damaged);
    else if (method === 'compact-cp') content = restoreConstants(body, stringAt, damaged);
    else throw damaged(`compressed with '${method}'; known are zip and compact-cp`);
  }
  if (content.length !== size) throw damaged(`expected ${size} bytes after expansion, found ${content.length}`);
  return content;
}

function inflate(body: Uint8Array, size: number, damaged: Damaged): Uint8Array {
  try {
    return plainBytes(inflateSync(body, { maxOutputLength: Math.max(size, 1) }));
  } catch (error) {
    throw damaged(`expected a zlib stream (${(error as Error).message})`);
  }
}

/** Puts the strings back into a class's constant pool. */
function restoreConstants(body: Uint8Array, stringAt: StringAt, damaged: Damaged): Uint8Array {
  const input = Buffer.from(body.buffer as ArrayBuffer, body.byteOffset, body.length);
  const pieces: Uint8Array[] = [];
  // What has been read but not put into a piece begins here.
  let copied = 0;
  let at = 10;
  /** A number: the top bit set, the number of bytes in two, then the value; or four bytes as they are. */
  const number = (): number => {
    const head = input[at];
    const length = head & 0x80 ? (head >>> 5) & 3 : 4;
    let value = head & 0x80 ? head & 0x1f : head;
    for (let i = 1; i < length; i++) value = value * 256 + input[at + i];
    at += length;
    if (!(at <= input.length) || length === 0) throw damaged('expected a number inside the constant pool');
    return value;
  };
  const put = (text: string, from: number): void => {
    const bytes = Buffer.from(text, 'latin1');
    pieces.push(input.subarray(copied, from), Uint8Array.of(UTF8, bytes.length >>> 8, bytes.length & 0xff), bytes);
    copied = at;
  };
  const count = input.length < 10 ? 0 : input.readUInt16BE(8);
  for (let i = 1; i < count; i++) {
    const from = at;
    const tag = input[at++];
    if (tag === SHARED_STRING) {
      put(stringAt(number()), from);
    } else if (tag === SHARED_DESCRIPTOR) {
      const shape = stringAt(number());
      const length = number();
      const end = at + length;
      let text = '';
      for (const char of shape) {
        text += char;
        if (char !== 'L') continue;
        const packageName = stringAt(number());
        text += `${packageName && `${packageName}/`}${stringAt(number())}`;
      }
      if (at !== end) throw damaged('expected as many names as the descriptor has classes');
      put(text, from);
    } else if (tag === UTF8) {
      at += at + 2 <= input.length ? 2 + input.readUInt16BE(at) : Number.NaN;
    } else {
      const size = CONSTANT_BYTES[tag] ?? 0;
      if (size === 0) throw damaged(`expected a constant, found tag ${tag}`);
      at += size;
      if (tag === LONG || tag === DOUBLE) i++;
    }
    if (!(at <= input.length)) throw damaged('expected the end of the constant pool');
  }
  pieces.push(input.subarray(copied));
  return plainBytes(Buffer.concat(pieces));
}
