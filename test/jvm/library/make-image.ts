/**
 * Small runtime images for tests, in either byte order, written plainly from the format's description.
 */
import { deflateSync } from 'node:zlib';

/** A resource by its full name, `/module/package/name.extension`, plain or in one layer of compression. */
export interface ImageResource {
  name: string;
  content: Uint8Array;
  layer?: 'zip' | 'compact-cp' | 'other';
  /** What expansion gives, where that is not the content. */
  expandedSize?: number;
}

const FACTOR = 0x01000193;

function hash(name: string, seed: number): number {
  let value = seed;
  for (const byte of Buffer.from(name)) value = Math.imul(value, FACTOR) ^ byte;
  return value & 0x7fffffff;
}

/** The table of strings as it grows. */
class Strings {
  bytes = Buffer.alloc(1);
  readonly #places = new Map<string, number>();

  /** Where a string is, added if need be. The empty one is at 0. */
  place(text: string): number {
    if (text === '') return 0;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const place = this.bytes.length;
    this.bytes = Buffer.concat([this.bytes, Buffer.from(text), Buffer.alloc(1)]);
    this.#places.set(text, place);
    return place;
  }
}

/** Which name is at each place of the table, and the entry of the redirect table for each first hash. */
function placeNames(names: readonly string[]): { order: string[]; redirect: number[] } {
  const length = names.length;
  const buckets = new Map<number, string[]>();
  for (const name of names) {
    const bucket = hash(name, FACTOR) % length;
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), name]);
  }
  const order = new Array<string | undefined>(length).fill(undefined);
  const redirect = new Array<number>(length).fill(0);
  // The full ones first, while there is room; a single name may then lie anywhere.
  for (const [bucket, group] of [...buckets].sort((a, b) => b[1].length - a[1].length)) {
    if (group.length === 1) {
      const place = order.indexOf(undefined);
      order[place] = group[0];
      redirect[bucket] = -1 - place;
      continue;
    }
    for (let seed = 1; redirect[bucket] === 0; seed++) {
      const places = group.map((name) => hash(name, seed) % length);
      if (new Set(places).size < group.length || places.some((place) => order[place] !== undefined)) continue;
      group.forEach((name, i) => {
        order[places[i]] = name;
      });
      redirect[bucket] = seed;
    }
  }
  return { order: order as string[], redirect };
}

/**
 * The bytes of an image.
 *
 * @param resources its content
 * @param shared the table of strings, perhaps with some that the content refers to
 */
export function makeImage(
  resources: readonly ImageResource[],
  { littleEndian = true, version = 0x10000 } = {},
  shared: Strings = new Strings(),
): Buffer {
  const word = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (littleEndian) bytes.writeInt32LE(value | 0);
    else bytes.writeInt32BE(value | 0);
    return bytes;
  };
  const long = (value: number): Buffer => (littleEndian ? [word(value), word(0)] : [word(0), word(value)]).reduce(join);
  const join = (a: Buffer, b: Buffer) => Buffer.concat([a, b]);
  const stored = new Map<string, { offset: number; packed: number; size: number }>();
  const contents: Buffer[] = [];
  let offset = 0;
  for (const { name, content, layer, expandedSize = content.length } of resources) {
    let bytes = Buffer.from(content);
    if (layer !== undefined) {
      const body = layer === 'zip' ? deflateSync(content) : bytes;
      const header = [word(0xcafefafa), long(body.length), long(expandedSize), word(shared.place(layer)), word(0)];
      bytes = Buffer.concat([...header, Buffer.of(1), body]);
    }
    stored.set(name, { offset, packed: layer === undefined ? 0 : bytes.length, size: expandedSize });
    contents.push(bytes);
    offset += bytes.length;
  }
  const { order, redirect } = placeNames(resources.map(({ name }) => name));
  const offsets: Buffer[] = [];
  // No location is at 0 in real images either.
  let locations = Buffer.alloc(1);
  for (const name of order) {
    offsets.push(word(locations.length));
    const [, module, rest] = /^\/([^/]+)\/(.*)$/.exec(name)!;
    const slash = rest.lastIndexOf('/');
    const dot = rest.lastIndexOf('.');
    const { offset: at, packed, size } = stored.get(name)!;
    const values = [
      shared.place(module),
      shared.place(slash < 0 ? '' : rest.slice(0, slash)),
      shared.place(rest.slice(slash + 1, dot < 0 ? undefined : dot)),
      shared.place(dot < 0 ? '' : rest.slice(dot + 1)),
      at,
      packed,
      size,
    ];
    const attributes = values.flatMap((value, i) => {
      const digits = value.toString(16);
      const bytes = Buffer.from(digits.padStart(digits.length + (digits.length & 1), '0'), 'hex');
      return value === 0 ? [] : [((i + 1) << 3) | (bytes.length - 1), ...bytes];
    });
    locations = Buffer.concat([locations, Buffer.from(attributes), Buffer.alloc(1)]);
  }
  const strings = shared.bytes;
  const sizes = [version, 0, resources.length, resources.length, locations.length, strings.length];
  const header = [0xcafedada, ...sizes, ...redirect].map(word);
  return Buffer.concat([...header, ...offsets, locations, strings, ...contents]);
}

export { Strings };
