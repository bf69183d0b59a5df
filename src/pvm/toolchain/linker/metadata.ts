/**
 * PolkaVM's conventions for what a guest imports and exports, as its C header and derive macros write them.
 *
 * `.polkavm_exports` is a list of `version u8 (1) · address of metadata u64 · address of code u64`. Metadata is
 * `version u8 (1 or 2) · flags u32 (0) · name length u32 · address of name u64 · input registers u8 · output
 * registers u8`, and from version 2 on `has index u8 · index u32`. `.polkavm_min_stack_size` is a list of u32.
 * The addresses are taken from the relocations, since the bytes are in the ELF's own layout.
 */
import type { Section } from './elf.js';
import { LinkError } from './errors.js';
import { relocationName, Relocation as Type } from './relocations.js';
import type { Symbols, Target } from './symbols.js';

/** What metadata says about a function. */
export interface Metadata {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly index: number | undefined;
}

/** An exported function. */
export interface ExportedFunction {
  readonly name: string;
  /** Address of its code in the ELF. */
  readonly address: number;
}

const EXPORT_SIZE = 17;
/** Registers a function may take arguments in: a0–a5, t0–t2. */
const MAX_INPUTS = 9;
const MAX_OUTPUTS = 2;

/** The exports in `.polkavm_exports`, in the file's order. */
export function readExports(symbols: Symbols): ExportedFunction[] {
  const exports: ExportedFunction[] = [];
  for (const section of symbols.elf.sections) {
    if (section.name !== '.polkavm_exports') continue;
    const { data } = section;
    for (let at = 0; at < data.length; at += EXPORT_SIZE) {
      const place = { section: section.name, offset: at };
      if (data[at] !== 1) throw new LinkError(`expected an export of version 1, found ${data[at]}`, place);
      if (at + EXPORT_SIZE > data.length) throw new LinkError('expected an export of 17 bytes, found the end', place);
      const metadata = readMetadata(symbols, pointer(symbols, section, at + 1, 'the metadata of an export'));
      const target = pointer(symbols, section, at + 9, `the code of the export "${metadata.name}"`);
      if (target.kind !== 'code') throw new LinkError(`expected the export "${metadata.name}" to be code`, place);
      exports.push({ name: metadata.name, address: target.address });
    }
  }
  return exports;
}

/** The largest stack size `.polkavm_min_stack_size` asks for, bytes. */
export function readMinimumStackSize(symbols: Symbols): number {
  let size = 0;
  for (const { name, data } of symbols.elf.sections) {
    if (name !== '.polkavm_min_stack_size') continue;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at + 4 <= data.length; at += 4) size = Math.max(size, view.getUint32(at, true));
  }
  return size;
}

/** Metadata at a place. */
export function readMetadata(symbols: Symbols, target: Target): Metadata {
  if (target.kind !== 'data') throw new LinkError('expected metadata in a data section, found code or a number');
  const { section, offset } = target;
  const place = { section: section.name, offset };
  const { data } = section;
  const version = data[offset];
  if (version !== 1 && version !== 2) {
    throw new LinkError(`expected metadata of version 1 or 2, found ${version ?? 'the end of the section'}`, place);
  }
  const size = version === 1 ? 19 : 24;
  if (offset < 0 || offset + size > data.length) {
    throw new LinkError(`expected metadata of ${size} bytes, found the end of the section`, place);
  }
  const view = new DataView(data.buffer, data.byteOffset + offset, size);
  const flags = view.getUint32(1, true);
  if (flags !== 0) throw new LinkError(`expected metadata without flags, found 0x${flags.toString(16)}`, place);
  const length = view.getUint32(5, true);
  const name = pointer(symbols, section, offset + 9, 'the name of an import or export');
  if (name.kind !== 'data' || name.offset < 0 || name.offset + length > name.section.data.length) {
    throw new LinkError(`expected a name of ${length} bytes within a data section`, place);
  }
  const inputs = view.getUint8(17);
  const outputs = view.getUint8(18);
  if (inputs > MAX_INPUTS || outputs > MAX_OUTPUTS) {
    throw new LinkError(
      `expected at most ${MAX_INPUTS} input and ${MAX_OUTPUTS} output registers, found ${inputs} and ${outputs}`,
      place,
    );
  }
  return {
    name: new TextDecoder().decode(name.section.data.subarray(name.offset, name.offset + length)),
    inputs,
    outputs,
    index: version === 2 && view.getUint8(19) !== 0 ? view.getUint32(20, true) : undefined,
  };
}

/** What an eight-byte address at a place points to. */
export function pointer(symbols: Symbols, section: Section, offset: number, what: string): Target {
  const place = { section: section.name, offset };
  const relocations = section.relocations.get(offset);
  const relocation = relocations?.[0];
  if (relocation === undefined) {
    throw new LinkError(`expected a relocation for ${what}, found none: link with --emit-relocs`, place);
  }
  if (relocations?.length !== 1 || relocation.type !== Type.Abs64) {
    throw new LinkError(`expected R_RISCV_64 for ${what}, found ${relocationName(relocation.type)}`, place);
  }
  return symbols.resolve(relocation, place);
}

/**
 * Numbers the imports of a program: by their own indexes where they have them, else in the order of their names.
 *
 * @returns the number of each import by name
 */
export function numberImports(imports: Iterable<Metadata>): Map<string, number> {
  const byName = new Map<string, Metadata>();
  for (const metadata of imports) {
    const other = byName.get(metadata.name);
    if (other !== undefined && (other.index !== metadata.index || other.inputs !== metadata.inputs)) {
      throw new LinkError(`the import "${metadata.name}" is declared in two different ways`);
    }
    byName.set(metadata.name, metadata);
  }
  const all = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  if (!all.some(({ index }) => index !== undefined)) return new Map(all.map(({ name }, i) => [name, i]));
  const byIndex = new Map<number, string>();
  for (const { name, index } of all) {
    if (index === undefined) throw new LinkError(`the import "${name}" has no index, while others have one`);
    const other = byIndex.get(index);
    if (other !== undefined) throw new LinkError(`the imports "${other}" and "${name}" both have index ${index}`);
    byIndex.set(index, name);
  }
  return new Map(all.map(({ name, index }) => [name, index as number]));
}
