/**
 * Zip files, and with them jars and jmods: the central directory read once, entries on demand.
 *
 * Written here because it must be synchronous (a class is asked for in the middle of an instruction) and read single
 * entries of large files; it is thin, for `node:zlib` does the work. What jars are made of is understood: stored and
 * deflated entries, data descriptors, zip64, a prefix before the first entry (the four bytes of a jmod, or the script
 * of a self-starting jar), a comment at the end. Encrypted entries and other methods are refused when they are read.
 */
import { inflateRawSync } from 'node:zlib';
import { FileBytes, plainBytes } from './file.js';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 1;

/** Methods of compression. */
const STORED = 0;
const DEFLATED = 8;
/** A bit of an entry's flags. */
const ENCRYPTED = 1;

/** Values in a 32-bit (16-bit) field that say: the true one is in the zip64 record. */
const IN_ZIP64 = 0xffffffff;
const IN_ZIP64_SHORT = 0xffff;

/** An open zip file. */
export class ZipFile {
  readonly #file: FileBytes;
  readonly #directory: Buffer;
  /** Where in the file the central directory begins. */
  readonly #directoryAt: number;
  /** Bytes before the first entry, which the offsets inside the file do not count. */
  readonly #prefix: number;
  /** Where in the central directory each entry is. The last of two with one name wins, as in Java. */
  readonly #entries = new Map<string, number>();

  /**
   * Opens a zip file and reads its directory.
   *
   * @throws DamagedFileError when it is no zip file or its directory is damaged
   */
  static open(path: string): ZipFile {
    const file = new FileBytes(path);
    try {
      return new ZipFile(file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  private constructor(file: FileBytes) {
    this.#file = file;
    const end = findEnd(file);
    const { count, size, offset, endAt } = end;
    this.#directoryAt = endAt - size;
    this.#prefix = this.#directoryAt - offset;
    if (this.#directoryAt < 0 || this.#prefix < 0) {
      throw file.damaged(endAt, `expected a central directory of ${size} bytes at ${offset}, before this record`);
    }
    const bytes = file.read(this.#directoryAt, size, 'the central directory');
    this.#directory = Buffer.from(bytes.buffer as ArrayBuffer);
    this.#readDirectory(count);
  }

  /** The file. */
  get path(): string {
    return this.#file.path;
  }

  /** Names of all entries, directories (which end in a slash) among them, in the order of the file. */
  names(): IterableIterator<string> {
    return this.#entries.keys();
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * An entry's content.
   *
   * @throws DamagedFileError when the entry is damaged, encrypted, or compressed in a way jars are not
   */
  find(name: string): Uint8Array | undefined {
    const at = this.#entries.get(name);
    if (at === undefined) return undefined;
    const file = this.#file;
    const directory = this.#directory;
    const place = this.#directoryAt + at;
    const flags = directory.readUInt16LE(at + 8);
    const method = directory.readUInt16LE(at + 10);
    let compressed = directory.readUInt32LE(at + 20);
    let size = directory.readUInt32LE(at + 24);
    let offset = directory.readUInt32LE(at + 42);
    if (compressed === IN_ZIP64 || size === IN_ZIP64 || offset === IN_ZIP64) {
      [size, compressed, offset] = this.#zip64Fields(at, size, compressed, offset);
    }
    if (flags & ENCRYPTED) throw file.damaged(place, `${name}: encrypted`);
    const localAt = this.#prefix + offset;
    const local = Buffer.from(file.read(localAt, LOCAL_BYTES, `the header of ${name}`).buffer as ArrayBuffer);
    if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) throw file.damaged(localAt, `${name}: expected an entry's header`);
    const contentAt = localAt + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    const content = file.read(contentAt, compressed, name);
    if (method === STORED) {
      if (compressed !== size) throw file.damaged(place, `${name}: stored, but ${compressed} of ${size} bytes`);
      return content;
    }
    if (method !== DEFLATED) throw file.damaged(place, `${name}: expected method 0 or 8, found ${method}`);
    let result: Uint8Array;
    try {
      result = plainBytes(inflateRawSync(content, { maxOutputLength: Math.max(size, 1) }));
    } catch (error) {
      throw file.damaged(contentAt, `${name}: expected deflated data (${(error as Error).message})`);
    }
    if (result.length !== size)
      throw file.damaged(contentAt, `${name}: expected ${size} bytes, found ${result.length}`);
    return result;
  }

  close(): void {
    this.#file.close();
  }

  #readDirectory(count: number): void {
    const directory = this.#directory;
    let at = 0;
    for (let i = 0; i < count; i++) {
      if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE) {
        throw this.#file.damaged(this.#directoryAt + at, `expected entry ${i} of ${count} in the central directory`);
      }
      const nameLength = directory.readUInt16LE(at + 28);
      const next = at + ENTRY_BYTES + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
      if (next > directory.length) {
        throw this.#file.damaged(this.#directoryAt + at, 'expected an entry that ends inside the central directory');
      }
      this.#entries.set(directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength), at);
      at = next;
    }
  }

  /** Size, compressed size and offset of an entry that has some of them in its zip64 field. */
  #zip64Fields(at: number, size: number, compressed: number, offset: number): [number, number, number] {
    const directory = this.#directory;
    let place = at + ENTRY_BYTES + directory.readUInt16LE(at + 28);
    const end = place + directory.readUInt16LE(at + 30);
    while (place + 4 <= end && directory.readUInt16LE(place) !== ZIP64_EXTRA) {
      place += 4 + directory.readUInt16LE(place + 2);
    }
    place += 4;
    const next = (value: number): number => {
      if (value !== IN_ZIP64) return value;
      place += 8;
      if (place > end) throw this.#file.damaged(this.#directoryAt + at, 'expected a zip64 field with the true sizes');
      return Number(directory.readBigUInt64LE(place - 8));
    };
    // Only those that do not fit are there, in this order.
    return [next(size), next(compressed), next(offset)];
  }
}

/** What the end of a zip file says of its central directory, and where in the file the directory ends. */
interface DirectoryEnd {
  count: number;
  size: number;
  offset: number;
  endAt: number;
}

/** Finds the record at the end of the file, which a comment of unknown length follows. */
function findEnd(file: FileBytes): DirectoryEnd {
  // Almost always there is no comment: a short read first.
  for (const length of [END_BYTES, END_BYTES + LONGEST_COMMENT]) {
    const tailAt = Math.max(0, file.size - length);
    const tail = Buffer.from(file.read(tailAt, file.size - tailAt, 'the end of a zip file').buffer as ArrayBuffer);
    for (let at = tail.length - END_BYTES; at >= 0; at--) {
      if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
      if (at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length) continue;
      const end: DirectoryEnd = {
        count: tail.readUInt16LE(at + 10),
        size: tail.readUInt32LE(at + 12),
        offset: tail.readUInt32LE(at + 16),
        endAt: tailAt + at,
      };
      if (end.count === IN_ZIP64_SHORT || end.size === IN_ZIP64 || end.offset === IN_ZIP64) {
        return findZip64End(file, end);
      }
      return end;
    }
  }
  throw file.damaged(Math.max(0, file.size - END_BYTES), 'expected the end record of a zip file');
}

/** The larger record, whose place a locator before the ordinary one tells; without a locator the fields are true. */
function findZip64End(file: FileBytes, end: DirectoryEnd): DirectoryEnd {
  const locatorAt = end.endAt - ZIP64_LOCATOR_BYTES;
  if (locatorAt < 0) return end;
  const locator = Buffer.from(file.read(locatorAt, ZIP64_LOCATOR_BYTES, 'a zip64 locator').buffer as ArrayBuffer);
  if (locator.readUInt32LE(0) !== ZIP64_LOCATOR_SIGNATURE) return end;
  // The locator counts from the first entry; a record without extensions ends where the locator begins.
  for (const recordAt of [Number(locator.readBigUInt64LE(8)), locatorAt - ZIP64_END_BYTES]) {
    if (recordAt < 0 || recordAt + ZIP64_END_BYTES > locatorAt) continue;
    const record = Buffer.from(file.read(recordAt, ZIP64_END_BYTES, 'a zip64 record').buffer as ArrayBuffer);
    if (record.readUInt32LE(0) !== ZIP64_END_SIGNATURE) continue;
    return {
      count: Number(record.readBigUInt64LE(32)),
      size: Number(record.readBigUInt64LE(40)),
      offset: Number(record.readBigUInt64LE(48)),
      endAt: recordAt,
    };
  }
  throw file.damaged(locatorAt, 'expected the place of a zip64 record');
}
