/**
 * Where relocations point, and what a place in the ELF is called in messages.
 */
import type { Elf, ElfSymbol, Relocation, Section } from './elf.js';
import { SymbolType } from './elf.js';
import { LinkError, type Place } from './errors.js';
import { isThreadLocal, relocationName } from './relocations.js';

/** What a relocation refers to. */
export type Target =
  /** Code, by its address in the ELF. */
  | { readonly kind: 'code'; readonly address: number }
  /** Data; the offset may lie outside the section (one past its end, say). */
  | { readonly kind: 'data'; readonly section: Section; readonly offset: number }
  /** A number, which no layout changes. */
  | { readonly kind: 'absolute'; readonly value: number };

/** Lookups over an ELF. */
export class Symbols {
  /** Executable sections by address. */
  private readonly code: readonly Section[];
  /** Symbols in executable sections by address, without the labels of assemblers and compilers. */
  private readonly named: readonly ElfSymbol[];
  private readonly ends = new Map<number, ElfSymbol>();
  private readonly starts = new Set<number>();

  constructor(readonly elf: Elf) {
    this.code = elf.sections
      .filter(({ executable, alloc, data }) => executable && alloc && data.length > 0)
      .sort((a, b) => a.address - b.address);
    this.named = elf.symbols
      .filter(
        ({ name, section, type }) =>
          section?.executable === true && name !== '' && !/^(\$|\.L)/.test(name) && type !== SymbolType.Section,
      )
      .sort((a, b) => a.value - b.value);
    for (const symbol of this.named) {
      this.starts.add(symbol.value);
      if (symbol.type === SymbolType.Function && symbol.size > 0) this.ends.set(symbol.value + symbol.size, symbol);
    }
  }

  /** The executable section an address lies in. */
  codeSection(address: number): Section | undefined {
    let low = 0;
    let high = this.code.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.code[middle] as Section).address <= address) low = middle + 1;
      else high = middle;
    }
    const section = this.code[low - 1];
    return section !== undefined && address < section.address + section.data.length ? section : undefined;
  }

  /** Whether a function with a known size ends right before an address. */
  isFunctionEnd(address: number): boolean {
    return this.ends.has(address);
  }

  /** Whether a symbol that is no compiler's label stands at a code address: something that may be called. */
  isFunctionStart(address: number): boolean {
    return this.starts.has(address);
  }

  /** A defined symbol by name; global ones first. */
  find(name: string): ElfSymbol | undefined {
    let found: ElfSymbol | undefined;
    for (const symbol of this.elf.symbols) {
      if (symbol.name !== name || symbol.section === undefined) continue;
      if (symbol.global) return symbol;
      found ??= symbol;
    }
    return found;
  }

  /** The place of a code address, for messages. */
  place(address: number): Place {
    const section = this.codeSection(address);
    let low = 0;
    let high = this.named.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.named[middle] as ElfSymbol).value <= address) low = middle + 1;
      else high = middle;
    }
    const nearest = this.named[low - 1];
    const symbol =
      nearest === undefined || nearest.section !== section
        ? undefined
        : address === nearest.value
          ? nearest.name
          : `${nearest.name}+0x${(address - nearest.value).toString(16)}`;
    return section === undefined
      ? { symbol: `address 0x${address.toString(16)}` }
      : { section: section.name, offset: address - section.address, symbol };
  }

  /** A code address as text. */
  nameOf(address: number): string {
    return this.place(address).symbol ?? `address 0x${address.toString(16)}`;
  }

  /**
   * What a relocation refers to.
   *
   * @param place where the relocation applies, for messages
   */
  resolve(relocation: Relocation, place: Place): Target {
    const { symbol, addend, type } = relocation;
    const { section } = symbol;
    if (isThreadLocal(type) || symbol.type === SymbolType.ThreadLocal || section?.threadLocal) {
      throw new LinkError(
        `${relocationName(type)} against ${quoted(symbol)}: there is no thread-local storage, and no tp register`,
        place,
      );
    }
    const value = symbol.value + addend;
    // An undefined symbol of a linked file is a weak one, and is 0.
    if (section === undefined) return { kind: 'absolute', value: symbol.defined ? value : addend };
    if (!section.alloc) {
      throw new LinkError(
        `${relocationName(type)} against ${quoted(symbol)} in ${section.name}, which is not part of the memory image`,
        place,
      );
    }
    if (!section.executable) return { kind: 'data', section, offset: value - section.address };
    if (this.codeSection(value) === undefined) {
      throw new LinkError(
        `expected the address of code, found ${quoted(symbol)} + ${addend}, which is behind the end of ${section.name}`,
        place,
      );
    }
    return { kind: 'code', address: value };
  }
}

function quoted(symbol: ElfSymbol): string {
  return symbol.name === '' ? 'a symbol without a name' : `"${symbol.name}"`;
}
