/**
 * Zip files for tests, written plainly from the format's description, with the variations that real ones have.
 */
import { deflateRawSync } from 'node:zlib';

/** An entry: a name and what is in it. */
export type Entry = readonly [name: string, content: string | Uint8Array];

/** Variations. */
export interface ZipShape {
  /** Bytes before the first entry, which the file's offsets do not count. */
  prefix?: Uint8Array;
  comment?: string;
  /** Entries as they are, not deflated. */
  stored?: boolean;
  /** Sizes after the content (a data descriptor), as by a program that writes to a pipe. */
  streamed?: boolean;
  /** Sizes and counts in the zip64 records only. */
  zip64?: boolean;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** The check sum of zip files. Node's own came with 20.15 only. */
function crcOf(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** The bytes of a zip file. */
export function makeZip(entries: readonly Entry[], shape: ZipShape = {}): Buffer {
  const { prefix = new Uint8Array(0), comment = '', stored, streamed, zip64 } = shape;
  const method = u16(stored ? 0 : 8);
  const flags = u16((streamed ? 8 : 0) | 0x800);
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const content = Buffer.from(text);
    const packed = stored ? content : deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const sizes = [u32(crcOf(content)), u32(packed.length), u32(content.length)];
    const stamp = [u16(0), u16(0x21)];
    const here = [
      u32(0x04034b50),
      u16(20),
      flags,
      method,
      ...stamp,
      ...(streamed ? [u32(0), u32(0), u32(0)] : sizes),
      u16(nameBytes.length),
      u16(4),
      nameBytes,
      // An extra field that the directory does not have: the content's place must be taken from here.
      u16(0xcafe),
      u16(0),
      packed,
      ...(streamed ? [u32(0x08074b50), ...sizes] : []),
    ];
    const extra = zip64 ? [u16(1), u16(24), u64(content.length), u64(packed.length), u64(offset)] : [];
    const extraLength = extra.reduce((sum, part) => sum + part.length, 0);
    const full = u32(0xffffffff);
    central.push(
      u32(0x02014b50),
      u16(20),
      u16(20),
      flags,
      method,
      ...stamp,
      ...(zip64 ? [sizes[0], full, full] : sizes),
      u16(nameBytes.length),
      u16(extraLength),
      u16(0),
      u16(0),
      u16(0),
      u32(0),
      zip64 ? full : u32(offset),
      nameBytes,
      ...extra,
    );
    local.push(...here);
    offset += here.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(central);
  const count = entries.length;
  const records: Buffer[] = [];
  if (zip64) {
    records.push(u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count));
    records.push(u64(directory.length), u64(offset));
    records.push(u32(0x07064b50), u32(0), u64(offset + directory.length), u32(1));
  }
  records.push(u32(0x06054b50), u16(0), u16(0), u16(zip64 ? 0xffff : count), u16(zip64 ? 0xffff : count));
  records.push(u32(zip64 ? 0xffffffff : directory.length), u32(zip64 ? 0xffffffff : offset));
  records.push(u16(Buffer.byteLength(comment)), Buffer.from(comment));
  return Buffer.concat([prefix, ...local, directory, ...records]);
}
