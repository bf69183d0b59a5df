/**
 * ELF64 for RISC-V, as far as the linker needs it: sections, symbols and the relocations `--emit-relocs` leaves in a
 * linked file.
 *
 * Everything is read through the section headers; program headers say nothing that sections do not. All sizes are
 * checked against the file before anything is allocated, and a damaged file ends in a `FormatError`.
 */
import { FormatError } from '../../program/image.js';
import { Relocation as Type } from './relocations.js';

const HEADER_SIZE = 64;
const SECTION_HEADER_SIZE = 64;
const SYMBOL_SIZE = 24;
const RELA_SIZE = 24;
const MACHINE_RISCV = 243;
/** R_RISCV_RELATIVE: the addend is an address. Only loaders use it. */
const RELATIVE = 3;
/** Largest alignment a section may ask for: a zone, which every part of the memory starts at. */
const MAX_ALIGNMENT = 0x10000;
const MAX_ADDRESS = 2 ** 32;
/** Bytes of a name that are read: what is longer is no name, and reading it again and again takes too long. */
const MAX_NAME = 4096;

const enum SectionType {
  SymbolTable = 2,
  Rela = 4,
  NoBits = 8,
}

const enum SectionFlag {
  Write = 1,
  Alloc = 2,
  Executable = 4,
  ThreadLocal = 0x400,
}

const enum FileFlag {
  FloatAbi = 6,
}

/** Symbol types the linker tells apart. */
export const enum SymbolType {
  None = 0,
  Object = 1,
  Function = 2,
  Section = 3,
  File = 4,
  ThreadLocal = 6,
}

const SHN_ABS = 0xfff1;
const SHN_LORESERVE = 0xff00;

/** A section of the file. */
export interface Section {
  readonly index: number;
  readonly name: string;
  /** Address in the ELF's own layout; 0 for sections that are not part of the memory image. */
  readonly address: number;
  /** Bytes in memory. */
  readonly size: number;
  /** Contents; shorter than `size` only where the section holds nothing but zeros (empty then). */
  readonly data: Uint8Array;
  readonly alignment: number;
  readonly alloc: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly threadLocal: boolean;
  /** Relocations by offset in the section, several at one offset in the order of the file. */
  readonly relocations: Map<number, Relocation[]>;
}

/** A symbol. */
export interface ElfSymbol {
  readonly name: string;
  /** Address, or the value of an absolute symbol. */
  readonly value: number;
  readonly size: number;
  readonly type: SymbolType;
  readonly global: boolean;
  /** Section it lies in; `undefined` for absolute and undefined symbols. */
  readonly section: Section | undefined;
  readonly defined: boolean;
}

/** One relocation of a linked file. */
export interface Relocation {
  /** Offset in its section. */
  readonly offset: number;
  readonly type: Type;
  readonly symbol: ElfSymbol;
  readonly addend: number;
}

/** A RISC-V ELF file. */
export interface Elf {
  readonly sections: readonly Section[];
  readonly symbols: readonly ElfSymbol[];
  readonly entry: number;
  /** Whether any relocation was kept. */
  readonly hasRelocations: boolean;
}

interface Header {
  readonly at: number;
  readonly nameOffset: number;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

/** Whether a file starts with the ELF magic number. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/**
 * Reads an ELF file.
 *
 * @throws FormatError where the file is damaged or is no linked RISC-V ELF64
 */
export function readElf(bytes: Uint8Array): Elf {
  return new ElfReader(bytes).read();
}

class ElfReader {
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): Elf {
    this.checkHeader();
    const entry = this.u64(24, 'the entry address', MAX_ADDRESS);
    const headers = this.sectionHeaders();
    const names = this.contents(headers[this.view.getUint16(62, true)]);
    const sections = headers.map((header, index) => this.section(header, index, names));
    const tables = headers.filter(({ type }) => type === SectionType.SymbolTable);
    if (tables.length > 1) throw fail('expected one symbol table, found more', (tables[1] as Header).at);
    const table = tables[0];
    const symbols = table === undefined ? [] : this.symbols(table, headers, sections);
    let hasRelocations = false;
    for (const header of headers) {
      if (header.type !== SectionType.Rela) continue;
      if (header.flags & SectionFlag.Alloc) {
        this.loaderRelocations(header, sections);
        continue;
      }
      if (table === undefined) throw fail('expected a symbol table for the relocations, found none', header.at);
      hasRelocations = this.relocations(header, headers.indexOf(table), sections, symbols) || hasRelocations;
    }
    return { sections, symbols, entry, hasRelocations };
  }

  private checkHeader(): void {
    const { bytes, view } = this;
    if (!isElf(bytes)) throw fail('expected the magic number of an ELF file', 0);
    if (bytes.length < HEADER_SIZE) throw fail(`expected an ELF header of 64 bytes, found ${bytes.length}`, 0);
    if (bytes[4] !== 2) throw fail('expected a 64-bit ELF file (RV64), found another class', 4);
    if (bytes[5] !== 1) throw fail('expected a little-endian ELF file', 5);
    const type = view.getUint16(16, true);
    if (type === 1) {
      throw fail('expected a linked ELF file, found an object file: link it first (ld.lld --emit-relocs)', 16);
    }
    if (type !== 2 && type !== 3) throw fail(`expected an executable (2 or 3), found ELF type ${type}`, 16);
    const machine = view.getUint16(18, true);
    if (machine !== MACHINE_RISCV) throw fail(`expected a RISC-V file (machine 243), found machine ${machine}`, 18);
    if (view.getUint32(48, true) & FileFlag.FloatAbi) {
      throw fail('expected code without floating-point registers (-mabi=lp64e), found a hard-float ABI', 48);
    }
  }

  private sectionHeaders(): Header[] {
    const { view, bytes } = this;
    const start = this.u64(40, 'the offset of the section headers', bytes.length);
    const size = view.getUint16(58, true);
    const count = view.getUint16(60, true);
    if (count === 0) throw fail('expected section headers, found none: do not strip them', 60);
    if (size !== SECTION_HEADER_SIZE) throw fail(`expected section headers of 64 bytes, found ${size}`, 58);
    if (start + count * size > bytes.length) {
      throw fail(`expected ${count} section headers at ${start}, found the end of the file`, 40);
    }
    const headers = Array.from({ length: count }, (_, i) => this.sectionHeader(start + i * size));
    // Sections that share their bytes could multiply a small file into a huge program.
    const total = headers.reduce((sum, header) => sum + (header.type === SectionType.NoBits ? 0 : header.size), 0);
    if (total > bytes.length) {
      throw fail(`expected sections of at most the file's ${bytes.length} bytes together, found ${total}`, start);
    }
    return headers;
  }

  private sectionHeader(at: number): Header {
    const { view } = this;
    const type = view.getUint32(at + 4, true);
    const limit = type === SectionType.NoBits ? MAX_ADDRESS : this.bytes.length;
    const header: Header = {
      at,
      nameOffset: view.getUint32(at, true),
      type,
      flags: view.getUint32(at + 8, true),
      address: this.u64(at + 16, 'the address of a section', MAX_ADDRESS),
      offset: type === 0 ? 0 : this.u64(at + 24, 'the offset of a section', Number.MAX_SAFE_INTEGER),
      size: type === 0 ? 0 : this.u64(at + 32, 'the size of a section', limit),
      link: view.getUint32(at + 40, true),
      info: view.getUint32(at + 44, true),
      alignment: this.u64(at + 48, 'the alignment of a section', MAX_ALIGNMENT),
      entrySize: this.u64(at + 56, 'the entry size of a section', Number.MAX_SAFE_INTEGER),
    };
    const { alignment } = header;
    if (alignment & (alignment - 1)) throw fail(`expected a power of two as alignment, found ${alignment}`, at + 48);
    if (header.address + header.size > MAX_ADDRESS) {
      throw fail('expected a section that ends within the 32-bit address space', at + 16);
    }
    if (type !== SectionType.NoBits && header.offset + header.size > this.bytes.length) {
      throw fail(
        `expected ${header.size} bytes of section at ${header.offset}, found the end of the file at ${this.bytes.length}`,
        at + 24,
      );
    }
    return header;
  }

  private contents(header: Header | undefined): Uint8Array {
    if (header === undefined || header.type === SectionType.NoBits) return this.bytes.subarray(0, 0);
    return this.bytes.subarray(header.offset, header.offset + header.size);
  }

  private section(header: Header, index: number, names: Uint8Array): Section {
    const { flags } = header;
    return {
      index,
      name: text(names, header.nameOffset) || `section ${index}`,
      address: header.address,
      size: header.size,
      data: this.contents(header),
      alignment: Math.max(1, header.alignment),
      alloc: (flags & SectionFlag.Alloc) !== 0,
      writable: (flags & SectionFlag.Write) !== 0,
      executable: (flags & SectionFlag.Executable) !== 0,
      threadLocal: (flags & SectionFlag.ThreadLocal) !== 0,
      relocations: new Map(),
    };
  }

  private symbols(header: Header, headers: readonly Header[], sections: readonly Section[]): ElfSymbol[] {
    const { view } = this;
    if (header.entrySize !== SYMBOL_SIZE || header.size % SYMBOL_SIZE !== 0) {
      throw fail(`expected symbols of 24 bytes, found entries of ${header.entrySize}`, header.at + 56);
    }
    const names = this.contents(headers[header.link]);
    const symbols: ElfSymbol[] = [];
    for (let at = header.offset; at < header.offset + header.size; at += SYMBOL_SIZE) {
      const info = view.getUint8(at + 4);
      const place = view.getUint16(at + 6, true);
      const section = place > 0 && place < SHN_LORESERVE ? sections[place] : undefined;
      if (section === undefined && place > 0 && place < SHN_LORESERVE) {
        throw fail(`expected a section number below ${sections.length}, found ${place}`, at + 6);
      }
      const value =
        section === undefined ? this.anyU64(at + 8) : this.u64(at + 8, 'the address of a symbol', MAX_ADDRESS);
      const type = (info & 15) as SymbolType;
      symbols.push({
        name: text(names, view.getUint32(at, true)) || (type === SymbolType.Section ? (section?.name ?? '') : ''),
        value,
        size: this.anyU64(at + 16),
        type,
        global: info >> 4 !== 0,
        section,
        defined: section !== undefined || place === SHN_ABS,
      });
    }
    return symbols;
  }

  /** Adds a table's relocations to the section they apply to; whether there were any. */
  private relocations(
    header: Header,
    symbolTable: number,
    sections: readonly Section[],
    symbols: readonly ElfSymbol[],
  ): boolean {
    const { view } = this;
    const section = sections[header.info];
    if (section === undefined) {
      throw fail(`expected a section number below ${sections.length}, found ${header.info}`, header.at + 44);
    }
    if (header.link !== symbolTable) throw fail('expected relocations that use the symbol table', header.at + 40);
    if (header.entrySize !== RELA_SIZE || header.size % RELA_SIZE !== 0) {
      throw fail(`expected relocations of 24 bytes, found entries of ${header.entrySize}`, header.at + 56);
    }
    for (let at = header.offset; at < header.offset + header.size; at += RELA_SIZE) {
      const type = view.getUint32(at + 8, true) as Type;
      if (type === Type.None || type === Type.Relax || type === Type.Align) continue;
      const offset = this.u64(at, 'the address of a relocation', MAX_ADDRESS) - section.address;
      if (offset < 0 || offset >= section.size) {
        throw fail(`expected the address of a relocation within ${section.name}`, at);
      }
      const index = view.getUint32(at + 12, true);
      const symbol = symbols[index];
      if (symbol === undefined) throw fail(`expected a symbol number below ${symbols.length}, found ${index}`, at + 12);
      const relocation = { offset, type, symbol, addend: this.i64(at + 16) };
      const others = section.relocations.get(offset);
      if (others === undefined) section.relocations.set(offset, [relocation]);
      else others.push(relocation);
    }
    return header.size > 0;
  }

  /**
   * What a loader would do to a position-independent executable. For addresses in data the linker of LLVM keeps
   * nothing else: the relocations it was told to keep are `R_RISCV_NONE` there.
   */
  private loaderRelocations(header: Header, sections: readonly Section[]): void {
    const { view } = this;
    const parts = sections.filter(({ alloc, size }) => alloc && size > 0).sort((a, b) => a.address - b.address);
    for (let at = header.offset; at + RELA_SIZE <= header.offset + header.size; at += RELA_SIZE) {
      if (view.getUint32(at + 8, true) !== RELATIVE) continue;
      const place = this.anyU64(at);
      const value = this.i64(at + 16);
      const section = sectionAt(parts, place);
      const target = sectionAt(parts, value);
      if (section === undefined || target === undefined) {
        throw fail('expected a relative relocation from one section of memory to another', at);
      }
      const offset = place - section.address;
      if (section.relocations.has(offset)) continue;
      const symbol: ElfSymbol = {
        name: target.name,
        value: target.address,
        size: 0,
        type: SymbolType.Section,
        global: false,
        section: target,
        defined: true,
      };
      section.relocations.set(offset, [{ offset, type: Type.Abs64, symbol, addend: value - target.address }]);
    }
  }

  /** A 64-bit field of at most `limit`. */
  private u64(at: number, what: string, limit: number): number {
    const value = this.anyU64(at);
    if (value > limit) throw fail(`expected ${what} of at most ${limit}, found ${value}`, at);
    return value;
  }

  /** A 64-bit field; beyond 2^53 only roughly. */
  private anyU64(at: number): number {
    return this.view.getUint32(at + 4, true) * 2 ** 32 + this.view.getUint32(at, true);
  }

  private i64(at: number): number {
    return this.view.getInt32(at + 4, true) * 2 ** 32 + this.view.getUint32(at, true);
  }
}

/** The section of a sorted list that an address lies in, or ends; the one it lies in where there are both. */
function sectionAt(sorted: readonly Section[], address: number): Section | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as Section).address <= address) low = middle + 1;
    else high = middle;
  }
  const section = sorted[low - 1];
  return section !== undefined && address <= section.address + section.size ? section : undefined;
}

const decoder = new TextDecoder();

/** The zero-terminated text at an offset; empty where there is none. */
function text(bytes: Uint8Array, at: number): string {
  if (at >= bytes.length) return '';
  const rest = bytes.subarray(at, at + MAX_NAME);
  const end = rest.indexOf(0);
  return decoder.decode(end < 0 ? rest : rest.subarray(0, end));
}

function fail(problem: string, offset: number): FormatError {
  return new FormatError(problem, offset);
}
