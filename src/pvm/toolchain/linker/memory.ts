/**
 * Lays out the data a program reaches, and rewrites the addresses in it.
 *
 * Sections keep their order. Read-only data, with what the loader of an ordinary system would make read-only after
 * relocating it (`.data.rel.ro`, the global offset table), comes first at 0x10000; read-write data follows at the place
 * the containers prescribe, sections without contents last so that they take no room in the file.
 *
 * Addresses are written anew; what is there need not be one yet, since a position-independent executable leaves that
 * to its loader. The parts of a difference change what is there by as much as their symbols moved, so tables of
 * differences come out right by themselves: for PVM, the address of code is its jump-table address, and
 * `entry - table` plus `table` is that address again.
 */
import { plural } from '../../program/reader.js';
import { pageCeil, READ_ONLY_ADDRESS, readWriteAddress } from '../../program/standard.js';
import type { Relocation, Section } from './elf.js';
import { LinkError } from './errors.js';
import { relocationName, Relocation as Type } from './relocations.js';
import type { Symbols, Target } from './symbols.js';

/** A range of guest memory. */
export interface LinkedData {
  readonly address: number;
  /** Contents; what follows up to `size` is zero. */
  readonly data: Uint8Array;
  readonly size: number;
}

/** Where data is in the guest. */
export class MemoryLayout {
  private readonly addresses = new Map<Section, number>();
  readonly readOnlySize: number;
  readonly readWriteSize: number;
  readonly readWriteStart: number;
  private readonly readOnlySections: Section[];
  private readonly readWriteSections: Section[];

  /**
   * @param codeAddress value a code address of the ELF becomes
   */
  constructor(
    private readonly symbols: Symbols,
    sections: Iterable<Section>,
    private readonly codeAddress: (address: number) => number,
  ) {
    const sorted = [...sections].sort((a, b) => a.address - b.address || a.index - b.index);
    this.readOnlySections = sorted.filter((section) => !isWritable(section));
    const writable = sorted.filter(isWritable);
    this.readWriteSections = [
      ...writable.filter(({ data }) => data.length > 0),
      ...writable.filter(({ data }) => data.length === 0),
    ];
    this.readOnlySize = this.place(this.readOnlySections, READ_ONLY_ADDRESS) - READ_ONLY_ADDRESS;
    this.readWriteStart = readWriteAddress(this.readOnlySize);
    this.readWriteSize = this.place(this.readWriteSections, this.readWriteStart) - this.readWriteStart;
    const end = this.readWriteStart + this.readWriteSize;
    if (end > 0xf0000000) {
      throw new LinkError(`expected data that fits into the address space, found ${plural(end, 'byte')}`);
    }
  }

  /** First address behind the read-write data, at a page. */
  get heapStart(): number {
    return this.readWriteStart + pageCeil(this.readWriteSize);
  }

  /** The guest's value of a target. */
  valueOf(target: Target): number {
    switch (target.kind) {
      case 'absolute':
        return target.value;
      case 'code':
        return this.codeAddress(target.address);
      case 'data':
        return (this.addresses.get(target.section) as number) + target.offset;
    }
  }

  /** Read-only data, with its addresses rewritten. */
  readOnly(): LinkedData {
    return this.contents(this.readOnlySections, READ_ONLY_ADDRESS, this.readOnlySize);
  }

  /** Read-write data, with its addresses rewritten. */
  readWrite(): LinkedData {
    return this.contents(this.readWriteSections, this.readWriteStart, this.readWriteSize);
  }

  private place(sections: readonly Section[], start: number): number {
    let at = start;
    for (const section of sections) {
      at = Math.ceil(at / section.alignment) * section.alignment;
      this.addresses.set(section, at);
      at += section.size;
    }
    return at;
  }

  private contents(sections: readonly Section[], address: number, size: number): LinkedData {
    let length = 0;
    for (const section of sections) {
      if (section.data.length > 0) length = this.addressOf(section) - address + section.data.length;
    }
    const data = new Uint8Array(length);
    for (const section of sections) {
      if (section.data.length === 0) continue;
      const at = this.addressOf(section) - address;
      data.set(section.data, at);
      const own = data.subarray(at, at + section.data.length);
      for (const relocations of section.relocations.values()) {
        for (const relocation of relocations) this.apply(section, own, relocation);
      }
    }
    return { address, data, size };
  }

  private addressOf(section: Section): number {
    return this.addresses.get(section) as number;
  }

  private apply(section: Section, data: Uint8Array, relocation: Relocation): void {
    const { offset, type, symbol, addend } = relocation;
    const place = { section: section.name, offset };
    const target = this.symbols.resolve(relocation, place);
    const before = target.kind === 'absolute' ? target.value : symbol.value + addend;
    const moved = this.valueOf(target) - before;
    switch (type) {
      case Type.Abs32:
        write(data, offset, 4, this.valueOf(target), place);
        break;
      case Type.Abs64:
        write(data, offset, 8, this.valueOf(target), place);
        break;
      case Type.Pcrel32:
      case Type.Plt32:
        add(data, offset, 4, moved - (this.addressOf(section) - section.address), place);
        break;
      case Type.Set6:
        addBits(data, offset, moved, place);
        break;
      case Type.Sub6:
        addBits(data, offset, -moved, place);
        break;
      case Type.SetUleb128:
        addUleb(data, offset, moved, place);
        break;
      case Type.SubUleb128:
        addUleb(data, offset, -moved, place);
        break;
      default: {
        const size = ADDED[type];
        if (size === undefined) throw new LinkError(`${relocationName(type)} cannot be taken in data`, place);
        add(data, offset, Math.abs(size), size < 0 ? -moved : moved, place);
      }
    }
  }
}

/** Bytes of the parts of differences; negative for what is subtracted. */
const ADDED: Readonly<Record<number, number>> = {
  [Type.Set8]: 1,
  [Type.Set16]: 2,
  [Type.Set32]: 4,
  [Type.Add8]: 1,
  [Type.Add16]: 2,
  [Type.Add32]: 4,
  [Type.Add64]: 8,
  [Type.Sub8]: -1,
  [Type.Sub16]: -2,
  [Type.Sub32]: -4,
  [Type.Sub64]: -8,
};

function isWritable({ name, writable }: Section): boolean {
  return writable && !/^\.(data\.rel\.ro|got|relro_padding|init_array|fini_array|preinit_array)(\.|$)/.test(name);
}

type At = { readonly section: string; readonly offset: number };

/** Writes a little-endian integer, modulo its size. */
function write(data: Uint8Array, offset: number, size: number, value: number, place: At): void {
  data.fill(0, offset, offset + size);
  add(data, offset, size, value, place);
}

/** Adds to a little-endian integer, modulo its size. */
function add(data: Uint8Array, offset: number, size: number, amount: number, place: At): void {
  if (offset + size > data.length) throw new LinkError(`expected ${size} bytes to relocate, found the end`, place);
  let carry = 0;
  for (let i = 0, rest = amount; i < size; i++, rest = Math.floor(rest / 256)) {
    const sum = (data[offset + i] as number) + (((rest % 256) + 256) % 256) + carry;
    data[offset + i] = sum & 255;
    carry = sum >> 8;
  }
}

/** Adds to the low six bits of a byte. */
function addBits(data: Uint8Array, offset: number, amount: number, place: At): void {
  const byte = data[offset];
  if (byte === undefined) throw new LinkError('expected a byte to relocate, found the end', place);
  data[offset] = (byte & 0xc0) | ((byte + (amount % 64)) & 0x3f);
}

/** Adds to a ULEB128 number, keeping its length. */
function addUleb(data: Uint8Array, offset: number, amount: number, place: At): void {
  let carry = 0;
  let rest = amount;
  for (let i = offset; ; i++) {
    const byte = data[i];
    if (byte === undefined || i - offset > 9) throw new LinkError('expected a ULEB128 number to relocate', place);
    const sum = (byte & 0x7f) + (((rest % 128) + 128) % 128) + carry;
    data[i] = (byte & 0x80) | (sum & 0x7f);
    carry = sum >> 7;
    rest = Math.floor(rest / 128);
    if ((byte & 0x80) === 0) return;
  }
}
