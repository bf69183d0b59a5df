/**
 * The RISC-V linker: one linked ELF in, PVM code and data out.
 *
 *     ELF → sections, symbols, relocations → reached code and data → memory layout → blocks of PVM instructions
 *         → optimisation → bytes
 *
 * The ELF must be linked with `--emit-relocs`: relocations are what tells addresses from numbers, and every address
 * changes. Code for PVM lies outside memory and is reached only through the jump table, so the address of code
 * becomes its jump-table address wherever it appears, in data and in instructions alike.
 */
import { FormatError } from '../../program/image.js';
import { pageCeil } from '../../program/standard.js';
import { discover, type Reached } from './discover.js';
import { type Elf, readElf } from './elf.js';
import { emitCode } from './emit.js';
import { LinkError } from './errors.js';
import { type Block, tableAddress } from './ir.js';
import { lower } from './lower.js';
import { type LinkedData, MemoryLayout } from './memory.js';
import { type ExportedFunction, numberImports, readExports, readMinimumStackSize } from './metadata.js';
import { optimize } from './optimize/index.js';
import { Rv } from './riscv.js';
import { Symbols } from './symbols.js';

export { isElf } from './elf.js';
export { LinkError } from './errors.js';
export type { LinkedData } from './memory.js';

/** How to link. */
export interface LinkOptions {
  /** File name for messages. */
  readonly name?: string;
  /** Bytes of stack, 65536 by default; a larger `.polkavm_min_stack_size` wins. */
  readonly stackSize?: number;
  /** Whether to optimise, `true` by default. */
  readonly optimize?: boolean;
  /**
   * Functions to put as jumps of five bytes at offsets 0, 5, 10 and so on, by the name of their export or symbol. By
   * default the program's entry alone: `main`, `_start`, the first export or the ELF's entry, whichever is there first.
   */
  readonly dispatch?: readonly string[];
  /**
   * `kernel`: set the stack pointer to the end of a stack that begins at address 0, and the return address to the one
   * that halts, before the first jump. Programs of the capability kernel start with all registers zero.
   */
  readonly preamble?: 'none' | 'kernel';
  /** Instruction set to use: the kernel's has `ecall`. By default `kernel` where the preamble is. */
  readonly dialect?: 'graypaper' | 'kernel';
}

/** A linked program. */
export interface LinkedProgram {
  readonly code: Uint8Array;
  /** One bit a code byte, lowest bit first, set where an instruction starts. */
  readonly bitmask: Uint8Array;
  /** Dynamic jump table: byte offsets into the code. */
  readonly jumpOffsets: Uint32Array;
  readonly readOnly: LinkedData;
  readonly readWrite: LinkedData;
  /** Bytes of stack it needs. */
  readonly stackSize: number;
  readonly exports: readonly { readonly name: string; readonly pc: number }[];
  readonly imports: readonly { readonly name: string; readonly index: number }[];
  /** Byte offset execution starts at. */
  readonly entry: number;
  /** What looks wrong without being an error. */
  readonly warnings: readonly string[];
}

const DEFAULT_STACK_SIZE = 0x10000;
/** Above what any container can hold. */
const MAX_STACK_SIZE = 0x10000000;

/**
 * Links a RISC-V ELF64 into PVM code.
 *
 * @throws FormatError where the file is no sound RISC-V ELF
 * @throws LinkError where it holds something that PVM cannot run
 */
export function linkElf(bytes: Uint8Array, options: LinkOptions = {}): LinkedProgram {
  try {
    return link(readElf(bytes), options);
  } catch (error) {
    const { name } = options;
    if (name !== undefined && (error instanceof LinkError || error instanceof FormatError)) throw error.inFile(name);
    throw error;
  }
}

function link(elf: Elf, options: LinkOptions): LinkedProgram {
  const kernel = (options.dialect ?? (options.preamble === 'kernel' ? 'kernel' : 'graypaper')) === 'kernel';
  const symbols = new Symbols(elf);
  const { exports, dispatch } = findExports(symbols, options.dispatch);
  const entries = exports.map(({ address }) => address);
  const reached = discover(symbols, entries, kernel);
  if (!elf.hasRelocations) checkConstants(symbols, reached);
  const table = numberTable(reached);
  const memory = new MemoryLayout(symbols, reached.sections, (address) => tableAddress(table.get(address) as number));
  const imports = numberImports(reached.imports);
  const code = lower({ symbols, reached, memory, table, imports, entries });
  if (options.optimize !== false) optimize(code, kernel);
  const stackSize = Math.max(options.stackSize ?? DEFAULT_STACK_SIZE, readMinimumStackSize(symbols));
  if (stackSize > MAX_STACK_SIZE)
    throw new LinkError(`expected at most ${MAX_STACK_SIZE} bytes of stack, found ${stackSize}`);
  const blockOf = new Map<number, Block>(entries.map((address, i) => [address, code.entries[i] as Block]));
  const emitted = emitCode(
    code,
    {
      dispatch: dispatch.map(({ address }) => blockOf.get(address) as Block),
      stackTop: options.preamble === 'kernel' ? pageCeil(stackSize) : undefined,
    },
    kernel,
  );
  return {
    code: emitted.code,
    bitmask: emitted.bitmask,
    jumpOffsets: emitted.jumpOffsets,
    readOnly: code.constants,
    readWrite: memory.readWrite(),
    stackSize,
    exports: exports.map(({ name, address }) => ({
      name,
      pc: emitted.offsetOf(blockOf.get(address) as Block) as number,
    })),
    imports: [...imports].map(([name, index]) => ({ name, index })).sort((a, b) => a.index - b.index),
    entry: 0,
    warnings: warningsOf(symbols, reached),
  };
}

/** The functions a program is entered by, and those that get a jump at the start of the code. */
function findExports(
  symbols: Symbols,
  names: readonly string[] | undefined,
): { exports: ExportedFunction[]; dispatch: ExportedFunction[] } {
  const exports = readExports(symbols);
  const named = (name: string): ExportedFunction | undefined => {
    const exported = exports.find((other) => other.name === name);
    if (exported !== undefined) return exported;
    const symbol = symbols.find(name);
    return symbol?.section?.executable && symbols.codeSection(symbol.value) !== undefined
      ? { name, address: symbol.value }
      : undefined;
  };
  let dispatch: ExportedFunction[];
  if (names !== undefined) {
    dispatch = names.map((name) => {
      const found = named(name);
      if (found === undefined) throw new LinkError(`expected an export or a function "${name}", found none`);
      return found;
    });
  } else {
    const first =
      exports.find(({ name }) => name === 'main' || name === '_start') ??
      exports[0] ??
      named('main') ??
      named('_start');
    const { entry } = symbols.elf;
    if (first !== undefined) dispatch = [first];
    else if (symbols.codeSection(entry) !== undefined) dispatch = [{ name: symbols.nameOf(entry), address: entry }];
    else throw new LinkError('expected exports, a function "main" or "_start", or an entry address; found none');
  }
  const seen = new Set<string>(exports.map(({ name }) => name));
  return { exports: [...exports, ...dispatch.filter(({ name }) => !seen.has(name) && seen.add(name))], dispatch };
}

/** What looks wrong. */
function warningsOf(symbols: Symbols, { sections }: Reached): string[] {
  return symbols.elf.sections
    .filter(
      (section) => /^\.(init|fini|preinit)_array/.test(section.name) && section.size > 0 && !sections.has(section),
    )
    .map(({ name }) => `nothing calls the functions in ${name}: constructors and destructors do not run by themselves`);
}

/**
 * A file without any relocation may be a program that needs none. But where it makes a number that is an address in its
 * data, it was linked without keeping them.
 */
function checkConstants(symbols: Symbols, { steps }: Reached): void {
  const data = symbols.elf.sections.filter(({ alloc, executable, size }) => alloc && !executable && size > 0);
  for (const { address, rv } of steps.values()) {
    if (rv.op !== Rv.Lui) continue;
    const value = rv.imm >>> 0;
    if (data.some((section) => value + 0x800 > section.address && value - 0x800 < section.address + section.size)) {
      throw new LinkError('expected relocations, found none: link with --emit-relocs', symbols.place(address));
    }
  }
}

/** Jump-table indexes of everything a dynamic jump may go to, in the order of the code. */
function numberTable({ escaping, returns }: Reached): Map<number, number> {
  const addresses = [...new Set([...escaping, ...returns])].sort((a, b) => a - b);
  return new Map(addresses.map((address, i) => [address, i]));
}
