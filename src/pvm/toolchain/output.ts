/**
 * From an ELF file to a program file: links it and puts the result into a container.
 *
 * The linker lays out the same memory for all of them: read-only data at 0x10000, read-write data a zone behind, as both
 * the standard program and `.polkavm` prescribe. A manifest maps its pages there too, and its stack below, from address 0.
 * Zero bytes at the end of data take no room in any of them.
 */
import { PAGE_SIZE } from '../layout.js';
import { type ManifestData, writeManifest } from '../program/manifest.js';
import { type PolkavmInstructionSet, writePolkavm } from '../program/polkavm-writer.js';
import { pageCeil, writeStandard } from '../program/standard.js';
import { LinkError, type LinkedProgram, linkElf } from './linker/index.js';

/** Containers a program can be linked into. */
export type OutputFormat = 'standard' | 'polkavm' | 'manifest';

/** How to make a program file of an ELF file. */
export interface ProgramOptions {
  readonly format: OutputFormat;
  /** File name for messages. */
  readonly name?: string;
  /** Bytes of stack, 65536 by default; at most that for a manifest. */
  readonly stackSize?: number;
  /**
   * Bytes of heap that are there from the start, 0 by default: zero pages behind the read-write data. A standard or
   * `.polkavm` program can get more by `sbrk`; for a manifest this is all.
   */
  readonly heapSize?: number;
  /**
   * Functions at the start of the code, in jumps of five bytes: for a standard program offset 0 is `refine`, 5 is
   * `accumulate`. By default these two where the ELF exports `accumulate`, else its entry.
   */
  readonly entries?: readonly string[];
  /** Pages a manifest has besides its own, 256 by default: what its UNTYPED capability gives out. */
  readonly untypedPages?: number;
  /** Whether the linker optimises, `true` by default. */
  readonly optimize?: boolean;
  /** Instruction set of a `.polkavm` file. */
  readonly instructionSet?: PolkavmInstructionSet;
}

/** A program file and what the linker knows about it. */
export interface LinkedFile {
  readonly bytes: Uint8Array;
  readonly linked: LinkedProgram;
}

/** Slots of a manifest's capabilities: those that JAR's builder uses. */
const enum Slot {
  Arguments = 0,
  Code = 64,
  Stack = 65,
  ReadOnly = 66,
  ReadWrite = 67,
  Heap = 68,
}

/** A manifest's stack lies between address 0 and the read-only data. */
const MAX_MANIFEST_STACK = 0x10000;
/** Pages for the arguments of a manifest: each page there at the start costs gas, so no more than JAR's builder has. */
const ARGUMENT_PAGES = 1;
/** First page of the arguments of a manifest: the address a standard program has them at. */
const ARGUMENTS_PAGE = 0xfeff0000 / PAGE_SIZE;
/** Pages of a manifest that are nobody's at the start, where nothing is said. */
const UNTYPED_PAGES = 256;

/**
 * Links an ELF file into a program file.
 *
 * @throws FormatError where the file is no sound RISC-V ELF
 * @throws LinkError where it holds something that PVM, or the container, cannot
 */
export function linkProgram(elf: Uint8Array, options: ProgramOptions): LinkedFile {
  const { format, name } = options;
  const linked = link(elf, options);
  const heapSize = pageCeil(options.heapSize ?? 0);
  try {
    switch (format) {
      case 'standard':
        return { linked, bytes: packStandard(linked, heapSize) };
      case 'polkavm':
        return { linked, bytes: packPolkavm(linked, heapSize, options.instructionSet) };
      case 'manifest':
        return { linked, bytes: packManifest(linked, heapSize, options.untypedPages ?? UNTYPED_PAGES) };
    }
  } catch (error) {
    // The writers say what does not fit; here is where it comes from.
    if (error instanceof Error && !(error instanceof LinkError)) throw new LinkError(error.message, {}, name);
    throw error;
  }
}

/** Entry points of a service, each a list of names it may have. */
const REFINE_NAMES = ['refine', 'is_authorized'];
const ACCUMULATE = 'accumulate';

function link(elf: Uint8Array, options: ProgramOptions): LinkedProgram {
  const { format, name, stackSize, optimize, entries } = options;
  const common = {
    ...(name === undefined ? {} : { name }),
    ...(stackSize === undefined ? {} : { stackSize }),
    ...(optimize === undefined ? {} : { optimize }),
    ...(format === 'manifest' ? { preamble: 'kernel' as const } : {}),
  };
  if (entries !== undefined) return linkElf(elf, { ...common, dispatch: entries });
  const linked = linkElf(elf, common);
  if (format !== 'standard') return linked;
  const exported = (wanted: string) => linked.exports.some((other) => other.name === wanted);
  const refine = REFINE_NAMES.find(exported);
  if (!exported(ACCUMULATE)) return refine === undefined ? linked : linkElf(elf, { ...common, dispatch: [refine] });
  if (refine === undefined) {
    throw new LinkError(`expected "refine" for offset 0 beside "accumulate" for offset 5, found none`, {}, name);
  }
  return linkElf(elf, { ...common, dispatch: [refine, ACCUMULATE] });
}

function packStandard(linked: LinkedProgram, heapSize: number): Uint8Array {
  const { readOnly, readWrite } = linked;
  // The place of the read-write data follows from the length of the read-only data, so that has its zeros too.
  const padded = new Uint8Array(readOnly.size);
  padded.set(readOnly.data);
  return writeStandard({
    ...linked,
    readOnly: padded,
    readWrite: readWrite.data,
    heapPages: (pageCeil(readWrite.size) - pageCeil(readWrite.data.length) + heapSize) / PAGE_SIZE,
    stackSize: linked.stackSize,
  });
}

function packPolkavm(linked: LinkedProgram, heapSize: number, set: PolkavmInstructionSet | undefined): Uint8Array {
  const { readOnly, readWrite } = linked;
  const imports: string[] = [];
  for (const { name, index } of linked.imports) {
    while (imports.length < index) imports.push('');
    imports[index] = name;
  }
  return writePolkavm({
    ...linked,
    readOnly: readOnly.data,
    readOnlySize: readOnly.size,
    readWrite: readWrite.data,
    readWriteSize: heapSize === 0 ? readWrite.size : pageCeil(readWrite.size) + heapSize,
    imports,
    instructionSet: set,
  });
}

function packManifest(linked: LinkedProgram, heapSize: number, untypedPages: number): Uint8Array {
  const { code, bitmask, jumpOffsets, readOnly, readWrite } = linked;
  const stackSize = pageCeil(linked.stackSize);
  if (stackSize > MAX_MANIFEST_STACK) {
    throw new RangeError(`expected at most ${MAX_MANIFEST_STACK} bytes of stack for a manifest, found ${stackSize}`);
  }
  const data: ManifestData[] = [];
  const add = (
    slot: Slot,
    address: number,
    size: number,
    access: 'read' | 'write',
    contents: Uint8Array = new Uint8Array(0),
  ) => {
    const pageCount = pageCeil(size) / PAGE_SIZE;
    if (pageCount > 0) {
      data.push({ kind: 'data', slot, basePage: address / PAGE_SIZE, pageCount, access, data: contents });
    }
  };
  add(Slot.Stack, 0, stackSize, 'write');
  add(Slot.ReadOnly, readOnly.address, readOnly.size, 'read', readOnly.data);
  add(Slot.ReadWrite, readWrite.address, readWrite.size, 'write', readWrite.data);
  add(Slot.Heap, readWrite.address + pageCeil(readWrite.size), heapSize, 'write');
  add(Slot.Arguments, ARGUMENTS_PAGE * PAGE_SIZE, ARGUMENT_PAGES * PAGE_SIZE, 'write');
  const pages = data.reduce((sum, { pageCount }) => sum + pageCount, 0);
  return writeManifest({
    memoryPages: pages + untypedPages,
    invokeSlot: Slot.Code,
    capabilities: [{ kind: 'code', slot: Slot.Code, code, bitmask, jumpOffsets }, ...data],
  });
}
