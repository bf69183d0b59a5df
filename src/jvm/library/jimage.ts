/**
 * The JDK's runtime image, `lib/modules`: the jimage format, version 1.0.
 *
 * The file is a header, four tables and the resources. The tables are a perfect hash: a name's hash selects an entry
 * of the redirect table, which holds either the place itself or the seed of a second hash that gives it. The place
 * leads to a list of attributes (where, how long, and the four parts of the name) and the name is compared with the
 * one asked for. Only the tables are read on opening, in one piece (about 3 MB); a resource is one `pread`.
 *
 * All numbers are in the byte order of the machine the image was made on, which its magic number tells.
 */

import { FileBytes } from './file.js';
import { expand } from './jimage-compression.js';

/** The first four bytes, as a number in the image's byte order. */
const MAGIC = 0xcafedada;
const HEADER_BYTES = 28;
const MAJOR = 1;
/** Seed of the first hash, and the factor of every one. */
const HASH_MULTIPLIER = 0x01000193;

/** Attributes of a location: the upper five bits of an attribute's first byte. */
const enum Attribute {
  End = 0,
  Module = 1,
  Parent = 2,
  Base = 3,
  Extension = 4,
  /** From the start of the resources. */
  Offset = 5,
  /** Size in the file when compressed, 0 when it is not. */
  Compressed = 6,
  Uncompressed = 7,
  Kinds = 8,
}

const SLASH = 0x2f;
const DOT = 0x2e;

const utf8 = new TextEncoder();

/** An open image. */
export class RuntimeImage {
  readonly #file: FileBytes;
  readonly #index: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  /** Entries of the hash table. */
  readonly #tableLength: number;
  /** Where in the index the four tables begin. */
  readonly #offsetsAt: number;
  readonly #locationsAt: number;
  readonly #stringsAt: number;
  /** Where in the file the resources begin. */
  readonly #resourcesAt: number;
  /** Attributes of the location looked at last, by kind. */
  readonly #attributes = new Float64Array(Attribute.Kinds);
  readonly #packageModules = new Map<string, string | undefined>();
  #modules: string[] | undefined;

  /**
   * Opens an image and reads its index.
   *
   * @throws DamagedFileError when the file is no jimage, is of another version, or is cut
   */
  static open(path: string): RuntimeImage {
    const file = new FileBytes(path);
    try {
      return new RuntimeImage(file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  private constructor(file: FileBytes) {
    this.#file = file;
    const bytes = file.read(0, HEADER_BYTES, 'the header of a runtime image');
    const header = new DataView(bytes.buffer);
    this.#littleEndian = header.getUint32(0, true) === MAGIC;
    if (!this.#littleEndian && header.getUint32(0) !== MAGIC) {
      const found = header.getUint32(0).toString(16).padStart(8, '0');
      throw file.damaged(0, `expected the magic number cafedada of a runtime image, found ${found}`);
    }
    const word = (index: number) => header.getUint32(4 * index, this.#littleEndian);
    const version = word(1);
    if (version >>> 16 !== MAJOR) {
      throw file.damaged(4, `expected version ${MAJOR}, found ${version >>> 16}.${version & 0xffff}`);
    }
    this.#tableLength = word(4);
    this.#offsetsAt = HEADER_BYTES + 4 * this.#tableLength;
    this.#locationsAt = this.#offsetsAt + 4 * this.#tableLength;
    this.#stringsAt = this.#locationsAt + word(5);
    this.#resourcesAt = this.#stringsAt + word(6);
    if (this.#tableLength === 0) throw file.damaged(16, 'expected a table that is not empty');
    this.#index = file.read(0, this.#resourcesAt, 'the index of a runtime image');
    this.#view = new DataView(this.#index.buffer);
  }

  /** The file. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * A resource's bytes, expanded where the image is compressed.
   *
   * @param name with the module: `/java.base/java/lang/Object.class`
   * @throws DamagedFileError when the index or a compressed resource is damaged
   */
  find(name: string): Uint8Array | undefined {
    if (!this.#locate(name)) return undefined;
    const attributes = this.#attributes;
    const at = this.#resourcesAt + attributes[Attribute.Offset];
    const size = attributes[Attribute.Uncompressed];
    const compressed = attributes[Attribute.Compressed];
    if (compressed === 0) return this.#file.read(at, size, name);
    const damaged = (problem: string) => this.#file.damaged(at, `${name}: ${problem}`);
    const stringAt = (offset: number) => this.#stringBytes(offset).toString('latin1');
    return expand(this.#file.read(at, compressed, name), size, this.#littleEndian, stringAt, damaged);
  }

  /** Whether there is a resource of this name, which has the module in it. */
  has(name: string): boolean {
    return this.#locate(name);
  }

  /**
   * The module that has a package, from the image's own list.
   *
   * @param name with slashes: `java/lang`
   */
  packageModule(name: string): string | undefined {
    let module = this.#packageModules.get(name);
    if (module === undefined && !this.#packageModules.has(name)) {
      module = this.#readPackageModule(name.replaceAll('/', '.'));
      this.#packageModules.set(name, module);
    }
    return module;
  }

  /** The names of the modules, sorted. */
  modules(): string[] {
    if (this.#modules === undefined) {
      const found = new Set<string>();
      for (let entry = 0; entry < this.#tableLength; entry++) {
        this.#readLocation(entry);
        const module = this.#readString(this.#attributes[Attribute.Module]);
        // Two trees of the image's own: which modules have a package, and the list of modules.
        if (module !== '' && module !== 'packages' && module !== 'modules') found.add(module);
      }
      this.#modules = [...found].sort();
    }
    return this.#modules;
  }

  /** The names of all resources with their module, in no particular order: `/java.base/java/lang/Object.class`. */
  *names(): Generator<string> {
    for (let entry = 0; entry < this.#tableLength; entry++) {
      this.#readLocation(entry);
      const name = this.#locationName();
      // The tables of packages and of modules.
      if (!/^\/(packages|modules)(\/|$)/.test(name)) yield name;
    }
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  /** Finds the location of a name and leaves its attributes in `#attributes`. */
  #locate(name: string): boolean {
    const key = keyOf(name);
    const first = this.#hash(key, HASH_MULTIPLIER) % this.#tableLength;
    const redirect = this.#view.getInt32(HEADER_BYTES + 4 * first, this.#littleEndian);
    let entry: number;
    if (redirect > 0) entry = this.#hash(key, redirect) % this.#tableLength;
    else if (redirect < 0) entry = -1 - redirect;
    else return false;
    if (entry >= this.#tableLength) {
      throw this.#file.damaged(
        HEADER_BYTES + 4 * first,
        `expected an entry below ${this.#tableLength}, found ${entry}`,
      );
    }
    this.#readLocation(entry);
    return this.#isNamed(key);
  }

  #hash(key: Uint8Array, seed: number): number {
    let hash = seed;
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash, HASH_MULTIPLIER) ^ key[i];
    return hash & 0x7fffffff;
  }

  /** Reads the attributes of one entry of the table. */
  #readLocation(entry: number): void {
    const index = this.#index;
    const attributes = this.#attributes;
    attributes.fill(0);
    let at = this.#locationsAt + this.#view.getUint32(this.#offsetsAt + 4 * entry, this.#littleEndian);
    for (;;) {
      if (at >= this.#stringsAt) throw this.#file.damaged(at, 'expected the end of a location inside the locations');
      const head = index[at];
      const kind = head >>> 3;
      if (kind === Attribute.End) return;
      if (kind >= Attribute.Kinds) throw this.#file.damaged(at, `expected an attribute of kind 0 to 7, found ${kind}`);
      const length = (head & 7) + 1;
      let value = 0;
      for (let i = 1; i <= length; i++) value = value * 256 + index[at + i];
      attributes[kind] = value;
      at += length + 1;
    }
  }

  /** Whether the location in `#attributes` has this name. */
  #isNamed(key: Uint8Array): boolean {
    const attributes = this.#attributes;
    const index = this.#index;
    const start = this.#stringsAt;
    let at = 0;
    if (index[start + attributes[Attribute.Module]] !== 0) {
      if (key[at++] !== SLASH) return false;
      at = this.#matchString(attributes[Attribute.Module], key, at);
      if (at < 0 || key[at++] !== SLASH) return false;
    }
    if (index[start + attributes[Attribute.Parent]] !== 0) {
      at = this.#matchString(attributes[Attribute.Parent], key, at);
      if (at < 0 || key[at++] !== SLASH) return false;
    }
    at = this.#matchString(attributes[Attribute.Base], key, at);
    if (at < 0) return false;
    if (index[start + attributes[Attribute.Extension]] !== 0) {
      if (key[at++] !== DOT) return false;
      at = this.#matchString(attributes[Attribute.Extension], key, at);
    }
    return at === key.length;
  }

  /** Compares a string of the table with the key from `at` on; where the key goes on, or -1. */
  #matchString(offset: number, key: Uint8Array, at: number): number {
    const index = this.#index;
    let place = this.#stringsAt + offset;
    while (index[place] !== 0) {
      if (place >= this.#resourcesAt || key[at] !== index[place]) return -1;
      place++;
      at++;
    }
    return at;
  }

  #locationName(): string {
    const attributes = this.#attributes;
    const module = this.#readString(attributes[Attribute.Module]);
    const parent = this.#readString(attributes[Attribute.Parent]);
    const extension = this.#readString(attributes[Attribute.Extension]);
    const base = this.#readString(attributes[Attribute.Base]);
    return `${module && `/${module}/`}${parent && `${parent}/`}${base}${extension && `.${extension}`}`;
  }

  #readString(offset: number): string {
    return this.#stringBytes(offset).toString('utf8');
  }

  /** A string of the table, which ends with a zero byte. */
  #stringBytes(offset: number): Buffer {
    const start = this.#stringsAt + offset;
    const end = this.#index.indexOf(0, start);
    if (start >= this.#resourcesAt || end < 0) {
      throw this.#file.damaged(start, 'expected a string that ends inside the table of strings');
    }
    return Buffer.from(this.#index.buffer as ArrayBuffer, start, end - start);
  }

  /** `/packages/NAME` has a pair for each module with the package: whether it is empty there, and the module. */
  #readPackageModule(name: string): string | undefined {
    const pairs = this.find(`/packages/${name}`);
    if (pairs === undefined) return undefined;
    const view = new DataView(pairs.buffer, pairs.byteOffset, pairs.length);
    for (let at = 0; at + 8 <= pairs.length; at += 8) {
      const isEmpty = view.getUint32(at, this.#littleEndian) !== 0;
      if (!isEmpty) return this.#readString(view.getUint32(at + 4, this.#littleEndian));
    }
    return undefined;
  }
}

/** A name as the bytes that are hashed. */
function keyOf(name: string): Uint8Array {
  const key = new Uint8Array(name.length);
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code >= 0x80) return utf8.encode(name);
    key[i] = code;
  }
  return key;
}
