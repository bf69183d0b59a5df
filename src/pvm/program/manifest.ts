/**
 * The kernel manifest, `JAR\x02`: the capabilities a program of the capability kernel starts with.
 *
 *     "JAR\x02" · memory_pages u32 · cap_count u8 · invoke_cap u8
 *     cap_count × { slot u8 · kind u8 (0 CODE, 1 DATA) · base_page u32 · page_count u32 · access u8 (0 RO, 1 RW) ·
 *                   data_offset u32 · data_len u32 }
 *     the data section, which the offsets count from
 *
 * All numbers are little-endian. The data of a CODE entry is a code blob of the manifest's own form:
 *
 *     jump_len u32 · entry_size u8 (1–4) · code_len u32 · jump entries · code · packed bitmask
 *
 * Everything that can be known without running is checked here, against the file's length and before anything is
 * allocated, so that the kernel may take pages and map them without looking back. What the reference implementation
 * ignores but every builder writes as zero (the pages of a CODE entry, the bits behind the last code byte) has to
 * be zero: a manifest then says nothing that is not looked at. Data ranges may overlap and leave gaps, as they may
 * there; `writeManifest` lays them out one behind the other.
 */
import { MAX_CODE_LENGTH, PAGE_SIZE } from '../layout.js';
import { type CodeBlob, readJumpTable, smallestEntrySize } from './code-blob.js';
import { plural, Reader } from './reader.js';

/** A CODE capability of a manifest. */
export interface ManifestCode {
  readonly kind: 'code';
  /** Slot of the root VM's table, 0–255. */
  readonly slot: number;
  readonly code: Uint8Array;
  /** One bit a code byte, lowest bit first, set where an instruction starts. */
  readonly bitmask: Uint8Array;
  /** Dynamic jump table: byte offsets into the code. */
  readonly jumpOffsets: Uint32Array;
  /** Bytes an entry of the jump table takes in the file, 1–4; a writer takes the smallest that does where not given. */
  readonly entrySize?: number;
  /** The code blob's bytes as they stand in the file. */
  readonly blob: Uint8Array;
}

/** A DATA capability of a manifest: pages that are mapped when the root VM starts. */
export interface ManifestData {
  readonly kind: 'data';
  /** Slot of the root VM's table, 0–255. */
  readonly slot: number;
  /** First page in the root VM's address space; `basePage + pageCount` is at most 2^20. */
  readonly basePage: number;
  readonly pageCount: number;
  readonly access: 'read' | 'write';
  /** Initial contents from the first page on, at most `pageCount` pages; the rest is zero. */
  readonly data: Uint8Array;
}

export interface Manifest {
  /** Physical pages of the whole invocation. */
  readonly memoryPages: number;
  /** Slot of the CODE entry the root VM runs. */
  readonly invokeSlot: number;
  readonly capabilities: readonly (ManifestCode | ManifestData)[];
}

/** What `writeManifest` takes: a manifest whose code has not been laid out yet. */
export interface ManifestSource {
  readonly memoryPages: number;
  readonly invokeSlot: number;
  readonly capabilities: readonly (Omit<ManifestCode, 'blob'> | ManifestData)[];
}

/** Most CODE entries of a manifest. */
export const MAX_CODE_ENTRIES = 5;
/** Most physical pages, 4 GiB. The format has room for more; this is this implementation's limit. */
export const MAX_MEMORY_PAGES = 0x100000;
/** Slot of the allocator of the root VM's pages; free for an entry only where a manifest has no pages. */
export const UNTYPED_SLOT = 254;

/** Pages in an address space. */
const ADDRESS_SPACE_PAGES = 0x100000;
const HEADER_SIZE = 10;
const ENTRY_SIZE = 19;
/** Bytes of a code blob before the jump table. */
const CODE_HEADER_SIZE = 9;

const enum Kind {
  Code = 0,
  Data = 1,
}

/** Whether a file starts with a manifest's magic number. */
export function isManifest(bytes: Uint8Array): boolean {
  return bytes[0] === 0x4a && bytes[1] === 0x41 && bytes[2] === 0x52 && bytes[3] === 2;
}

/**
 * Reads a manifest. `code`, `bitmask`, `blob` and `data` are views of `bytes`, which must not change after.
 *
 * @throws FormatError naming the offset and what was expected there
 */
export function readManifest(bytes: Uint8Array): Manifest {
  const reader = new Reader(bytes);
  if (!isManifest(bytes)) throw reader.error('expected a kernel manifest, which starts with "JAR" and 2');
  reader.offset = 4;
  const memoryPages = reader.unsigned(4, 'the number of memory pages');
  if (memoryPages > MAX_MEMORY_PAGES) {
    throw reader.error(`expected at most ${MAX_MEMORY_PAGES} memory pages (a limit of ours), found ${memoryPages}`, 4);
  }
  const count = reader.u8('the number of capabilities');
  const invokeSlot = reader.u8('the slot of the code to run');
  reader.need(count * ENTRY_SIZE, `the table of ${count === 1 ? '1 capability' : `${count} capabilities`}`);

  const sectionAt = reader.offset + count * ENTRY_SIZE;
  const limits = new Limits(reader, memoryPages);
  const capabilities: (ManifestCode | ManifestData)[] = [];
  for (let i = 0; i < count; i++) capabilities.push(readEntry(reader, sectionAt, limits));
  if (!capabilities.some(({ kind, slot }) => kind === 'code' && slot === invokeSlot)) {
    throw reader.error(`expected the slot of a CODE entry as the code to run, found slot ${invokeSlot}`, 9);
  }
  return { memoryPages, invokeSlot, capabilities };
}

/** The next entry of the table, with its data. */
function readEntry(reader: Reader, sectionAt: number, limits: Limits): ManifestCode | ManifestData {
  const at = reader.offset;
  const slot = reader.u8('a slot');
  const kind = reader.u8('the kind of a capability');
  const basePage = reader.unsigned(4, 'a base page');
  const pageCount = reader.unsigned(4, 'a number of pages');
  const access = reader.u8('an access mode');
  const dataOffset = reader.unsigned(4, 'a data offset');
  const dataLength = reader.unsigned(4, 'a data length');

  limits.slot(slot, at);
  if (kind > Kind.Data)
    throw reader.error(`expected kind 0 (CODE) or 1 (DATA) for slot ${slot}, found ${kind}`, at + 1);
  if (access > 1) {
    throw reader.error(`expected access 0 (read-only) or 1 (read-write) for slot ${slot}, found ${access}`, at + 10);
  }
  const sectionLength = reader.end - sectionAt;
  if (dataLength > 0 && dataOffset + dataLength > sectionLength) {
    throw reader.error(
      `expected the data of slot ${slot} within the data section of ${plural(sectionLength, 'byte')}, ` +
        `found ${plural(dataLength, 'byte')} from ${dataOffset} on`,
      at + 11,
    );
  }
  const start = dataLength > 0 ? sectionAt + dataOffset : sectionAt;
  const data = reader.bytes.subarray(start, start + dataLength);

  if (kind === Kind.Code) {
    if (basePage !== 0 || pageCount !== 0 || access !== 0) {
      throw reader.error(`expected zeros for the pages and the access of slot ${slot}, which holds code`, at + 2);
    }
    limits.code(slot, at + 1);
    return { kind: 'code', slot, ...readCode(new Reader(reader.bytes, start, start + dataLength)), blob: data };
  }
  limits.data(slot, basePage, pageCount, at + 2);
  if (dataLength > pageCount * PAGE_SIZE) {
    throw reader.error(
      `expected at most ${pageCount * PAGE_SIZE} bytes of data for the ${plural(pageCount, 'page')} of slot ${slot}, ` +
        `found ${dataLength}`,
      at + 15,
    );
  }
  return { kind: 'data', slot, basePage, pageCount, access: access === 1 ? 'write' : 'read', data };
}

/** The code blob that takes up a reader. */
function readCode(reader: Reader): Required<CodeBlob> {
  const start = reader.offset;
  const jumpCount = reader.unsigned(4, 'the number of jump-table entries');
  const entrySize = reader.u8('the size of a jump-table entry');
  const codeLength = reader.unsigned(4, 'the code length');
  if (entrySize < 1 || entrySize > 4) {
    throw reader.error(`expected a jump-table entry size of 1 to 4 bytes, found ${entrySize}`, start + 4);
  }
  if (codeLength >= MAX_CODE_LENGTH) {
    throw reader.error(`expected a code length of at most ${MAX_CODE_LENGTH - 1}, found ${codeLength}`, start + 5);
  }
  const jumpLength = jumpCount * entrySize;
  const maskLength = (codeLength + 7) >>> 3;
  reader.need(jumpLength + codeLength + maskLength, 'the jump table, the code and its bitmask');

  const jumpOffsets = readJumpTable(reader.take(jumpLength, 'the jump table'), jumpCount, entrySize);
  const code = reader.take(codeLength, 'the code');
  const bitmask = reader.take(maskLength, 'the bitmask');
  const used = codeLength & 7;
  if (used !== 0 && (bitmask[maskLength - 1] as number) >> used !== 0) {
    throw reader.error('expected zeros in the bitmask after the bit of the last code byte', reader.offset - 1);
  }
  reader.expectEnd('the bitmask');
  return { code, bitmask, jumpOffsets, entrySize };
}

/** What no single entry can be checked for: limits on all of them together. */
class Limits {
  private readonly slots = new Uint8Array(256);
  private readonly ranges: { readonly slot: number; readonly from: number; readonly to: number }[] = [];
  private codeCount = 0;
  private pages = 0;

  constructor(
    private readonly reader: Reader,
    private readonly memoryPages: number,
  ) {}

  /** One more entry in `slot`. */
  slot(slot: number, at: number): void {
    if (slot === UNTYPED_SLOT && this.memoryPages > 0) {
      throw this.reader.error(`expected no entry for slot ${UNTYPED_SLOT}, which holds the memory pages`, at);
    }
    if (this.slots[slot] === 1) throw this.reader.error(`expected one entry a slot, found slot ${slot} again`, at);
    this.slots[slot] = 1;
  }

  /** One more CODE entry. */
  code(slot: number, at: number): void {
    if (++this.codeCount > MAX_CODE_ENTRIES) {
      throw this.reader.error(`expected at most ${MAX_CODE_ENTRIES} CODE entries, found another in slot ${slot}`, at);
    }
  }

  /** Pages for one more DATA entry; `at` is the offset of its base page. */
  data(slot: number, basePage: number, pageCount: number, at: number): void {
    const end = basePage + pageCount;
    if (end > ADDRESS_SPACE_PAGES) {
      throw this.reader.error(
        `expected pages below ${ADDRESS_SPACE_PAGES} for slot ${slot}, found ${basePage} and ${pageCount} more`,
        at,
      );
    }
    this.pages += pageCount;
    if (this.pages > this.memoryPages) {
      throw this.reader.error(
        `expected DATA entries of at most ${plural(this.memoryPages, 'memory page')} together, ` +
          `found ${this.pages} with slot ${slot}`,
        at + 4,
      );
    }
    if (pageCount === 0) return;
    const other = this.ranges.find(({ from, to }) => basePage < to && from < end);
    if (other !== undefined) {
      throw this.reader.error(`expected pages of its own for slot ${slot}, found pages of slot ${other.slot}`, at);
    }
    this.ranges.push({ slot, from: basePage, to: end });
  }
}

/**
 * Writes a manifest, the data of its entries one behind the other in their order.
 *
 * @throws RangeError where a number does not fit its field
 * @throws FormatError where the result would not be a manifest `readManifest` takes; the offset is the result's
 */
export function writeManifest(manifest: ManifestSource): Uint8Array {
  const { memoryPages, invokeSlot, capabilities } = manifest;
  if (capabilities.length > 255) {
    throw new RangeError(`a manifest holds at most 255 capabilities, not ${capabilities.length}`);
  }
  const contents = capabilities.map((entry) => (entry.kind === 'code' ? writeCode(entry) : entry.data));
  const sectionAt = HEADER_SIZE + capabilities.length * ENTRY_SIZE;
  const bytes = new Uint8Array(contents.reduce((sum, { length }) => sum + length, sectionAt));
  const view = new DataView(bytes.buffer);
  bytes.set([0x4a, 0x41, 0x52, 2]);
  view.setUint32(4, checked(memoryPages, 0xffffffff, 'the number of memory pages'), true);
  bytes[8] = capabilities.length;
  bytes[9] = checked(invokeSlot, 255, 'the slot of the code to run');

  let dataAt = 0;
  for (const [i, entry] of capabilities.entries()) {
    const at = HEADER_SIZE + i * ENTRY_SIZE;
    const content = contents[i] as Uint8Array;
    bytes[at] = checked(entry.slot, 255, 'a slot');
    if (entry.kind === 'data') {
      bytes[at + 1] = Kind.Data;
      view.setUint32(at + 2, checked(entry.basePage, 0xffffffff, 'a base page'), true);
      view.setUint32(at + 6, checked(entry.pageCount, 0xffffffff, 'a number of pages'), true);
      bytes[at + 10] = entry.access === 'write' ? 1 : 0;
    }
    // An empty range lies nowhere; builders write zero for it.
    if (content.length === 0) continue;
    view.setUint32(at + 11, dataAt, true);
    view.setUint32(at + 15, content.length, true);
    bytes.set(content, sectionAt + dataAt);
    dataAt += content.length;
  }
  readManifest(bytes);
  return bytes;
}

/** Fewest bytes a manifest's jump table can give an entry: one even where there is none. */
export function manifestEntrySize(jumpOffsets: Uint32Array): number {
  return Math.max(1, smallestEntrySize(jumpOffsets));
}

/** A code blob of the manifest's form. */
function writeCode(entry: CodeBlob): Uint8Array {
  const { code, bitmask, jumpOffsets } = entry;
  const size = checked(entry.entrySize ?? manifestEntrySize(jumpOffsets), 4, 'a jump-table entry size');
  const maskLength = (code.length + 7) >>> 3;
  const codeAt = CODE_HEADER_SIZE + jumpOffsets.length * size;
  const bytes = new Uint8Array(codeAt + code.length + maskLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, jumpOffsets.length, true);
  bytes[4] = size;
  view.setUint32(5, code.length, true);
  let at = CODE_HEADER_SIZE;
  for (const offset of jumpOffsets) {
    checked(offset, 2 ** (8 * size) - 1, 'a jump-table entry');
    for (let b = 0; b < size; b++) bytes[at++] = (offset >>> (8 * b)) & 255;
  }
  bytes.set(code, codeAt);
  bytes.set(bitmask.subarray(0, maskLength), codeAt + code.length);
  return bytes;
}

/** Number of the entry whose line of the table holds an offset, such as that of a `FormatError`; −1 for the header. */
export function manifestEntryAt(offset: number): number {
  return Math.floor((offset - HEADER_SIZE) / ENTRY_SIZE);
}

function checked(value: number, limit: number, what: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= limit) return value;
  throw new RangeError(`${what} has to be between 0 and ${limit}, not ${value}`);
}
