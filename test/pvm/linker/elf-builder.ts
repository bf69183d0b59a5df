/**
 * Makes RISC-V ELF files without a compiler: sections, symbols and relocations as the linker of LLVM would leave them.
 */

/** A relocation of a section. */
export interface BuiltRelocation {
  readonly offset: number;
  readonly type: number;
  /** Name of a symbol. */
  readonly symbol: string;
  readonly addend?: number;
}

/** A section. */
export interface BuiltSection {
  readonly name: string;
  readonly address: number;
  readonly data: Uint8Array;
  /** Bytes in memory of a section without contents. */
  readonly zeros?: number;
  /** SHF_WRITE 1, SHF_ALLOC 2, SHF_EXECINSTR 4. */
  readonly flags: number;
  readonly align?: number;
  readonly relocations?: readonly BuiltRelocation[];
}

/** A symbol. */
export interface BuiltSymbol {
  readonly name: string;
  /** Name of its section; `undefined` for an absolute one, '' for one that is not there. */
  readonly section?: string;
  readonly value: number;
  readonly size?: number;
  /** STT_NOTYPE 0, STT_OBJECT 1, STT_FUNC 2, STT_TLS 6. */
  readonly type?: number;
  readonly local?: boolean;
}

/** What a file holds. */
export interface BuiltElf {
  readonly sections: readonly BuiltSection[];
  readonly symbols: readonly BuiltSymbol[];
  readonly entry?: number;
  /** ET_EXEC 2. */
  readonly type?: number;
  /** EF_RISCV_RVE 8 | EF_RISCV_RVC 1. */
  readonly flags?: number;
}

interface Header {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly data: Uint8Array;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly align: number;
  readonly entrySize: number;
}

/** The file's bytes. */
export function buildElf({ sections, symbols, entry = 0, type = 2, flags = 9 }: BuiltElf): Uint8Array {
  const headers: Header[] = [none()];
  for (const { name, address, data, zeros, flags: f, align = 8 } of sections) {
    const size = zeros ?? data.length;
    headers.push({ ...none(), name, type: zeros === undefined ? 1 : 8, flags: f, address, data, size, align });
  }
  const symbolTable = sections.length + 1;
  const names = new Names();
  const sectionNumber = (name: string): number => sections.findIndex((section) => section.name === name) + 1;
  const table = new Bytes((symbols.length + 1) * 24);
  for (const [i, { name, section, value, size = 0, type: kind = 0, local }] of symbols.entries()) {
    const at = (i + 1) * 24;
    table.u32(at, names.add(name));
    table.u8(at + 4, kind | (local ? 0 : 0x10));
    table.u16(at + 6, section === undefined ? 0xfff1 : section === '' ? 0 : sectionNumber(section));
    table.u64(at + 8, value);
    table.u64(at + 16, size);
  }
  headers.push(of('.symtab', 2, table.bytes, symbolTable + 1, 1, 24), of('.strtab', 3, names.bytes(), 0, 0, 0));
  for (const [i, { name, address, relocations }] of sections.entries()) {
    if (relocations === undefined || relocations.length === 0) continue;
    const rela = new Bytes(relocations.length * 24);
    for (const [k, { offset, type: kind, symbol, addend = 0 }] of relocations.entries()) {
      rela.u64(k * 24, address + offset);
      rela.u32(k * 24 + 8, kind);
      rela.u32(k * 24 + 12, symbols.findIndex((other) => other.name === symbol) + 1);
      rela.i64(k * 24 + 16, addend);
    }
    headers.push(of(`.rela${name}`, 4, rela.bytes, symbolTable, i + 1, 24));
  }
  headers.push(of('.shstrtab', 3, new Uint8Array(0), 0, 0, 0));
  return assemble(headers, entry, type, flags);
}

function assemble(headers: Header[], entry: number, type: number, flags: number): Uint8Array {
  const names = new Names();
  const nameOffsets = headers.map(({ name }) => names.add(name));
  const strings = names.bytes();
  headers[headers.length - 1] = of('.shstrtab', 3, strings, 0, 0, 0);
  let at = 64;
  const offsets = headers.map(({ data }) => {
    const offset = at;
    at += (data.length + 7) & ~7;
    return offset;
  });
  const out = new Bytes(at + headers.length * 64);
  out.bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  out.u16(16, type);
  out.u16(18, 243);
  out.u32(20, 1);
  out.u64(24, entry);
  out.u64(40, at);
  out.u32(48, flags);
  out.u16(52, 64);
  out.u16(58, 64);
  out.u16(60, headers.length);
  out.u16(62, headers.length - 1);
  for (const [i, header] of headers.entries()) {
    const h = at + i * 64;
    out.bytes.set(header.data, offsets[i] as number);
    out.u32(h, nameOffsets[i] as number);
    out.u32(h + 4, header.type);
    out.u64(h + 8, header.flags);
    out.u64(h + 16, header.address);
    out.u64(h + 24, offsets[i] as number);
    out.u64(h + 32, header.size);
    out.u32(h + 40, header.link);
    out.u32(h + 44, header.info);
    out.u64(h + 48, header.align);
    out.u64(h + 56, header.entrySize);
  }
  return out.bytes;
}

function none(): Header {
  const data = new Uint8Array(0);
  return { name: '', type: 0, flags: 0, address: 0, data, size: 0, link: 0, info: 0, align: 0, entrySize: 0 };
}

function of(name: string, type: number, data: Uint8Array, link: number, info: number, entrySize: number): Header {
  return { ...none(), name, type, data, size: data.length, link, info, align: 8, entrySize };
}

/** A string table. */
class Names {
  private readonly all: number[] = [0];

  add(name: string): number {
    if (name === '') return 0;
    const at = this.all.length;
    this.all.push(...new TextEncoder().encode(name), 0);
    return at;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.all);
  }
}

/** Little-endian writing. */
export class Bytes {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.view = new DataView(this.bytes.buffer);
  }

  u8(at: number, value: number): void {
    this.view.setUint8(at, value);
  }

  u16(at: number, value: number): void {
    this.view.setUint16(at, value, true);
  }

  u32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  u64(at: number, value: number): void {
    this.view.setBigUint64(at, BigInt(value), true);
  }

  i64(at: number, value: number): void {
    this.view.setBigInt64(at, BigInt(value), true);
  }
}

/** RISC-V instructions as words. */
export const rv = {
  r: (opcode: number, f3: number, f7: number, rd: number, rs1: number, rs2: number): number =>
    (opcode | (rd << 7) | (f3 << 12) | (rs1 << 15) | (rs2 << 20) | (f7 << 25)) >>> 0,
  i: (opcode: number, f3: number, rd: number, rs1: number, imm: number): number =>
    (opcode | (rd << 7) | (f3 << 12) | (rs1 << 15) | ((imm & 0xfff) << 20)) >>> 0,
  s: (f3: number, rs1: number, rs2: number, imm: number): number =>
    (0x23 | ((imm & 31) << 7) | (f3 << 12) | (rs1 << 15) | (rs2 << 20) | (((imm >> 5) & 0x7f) << 25)) >>> 0,
  b: (f3: number, rs1: number, rs2: number, imm: number): number =>
    (0x63 |
      (((imm >> 11) & 1) << 7) |
      (((imm >> 1) & 15) << 8) |
      (f3 << 12) |
      (rs1 << 15) |
      (rs2 << 20) |
      (((imm >> 5) & 63) << 25) |
      (((imm >> 12) & 1) << 31)) >>>
    0,
  u: (opcode: number, rd: number, imm: number): number => (opcode | (rd << 7) | (imm & 0xfffff000)) >>> 0,
  j: (rd: number, imm: number): number =>
    (0x6f |
      (rd << 7) |
      (imm & 0xff000) |
      (((imm >> 11) & 1) << 20) |
      (((imm >> 1) & 0x3ff) << 21) |
      (((imm >> 20) & 1) << 31)) >>>
    0,
  ret: 0x00008067,
  nop: 0x00000013,
} as const;

/** Words as bytes. */
export function words(...values: readonly number[]): Uint8Array {
  const out = new Bytes(values.length * 4);
  for (const [i, value] of values.entries()) out.u32(i * 4, value);
  return out.bytes;
}
