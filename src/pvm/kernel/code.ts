/**
 * CODE capabilities: code decoded and compiled once, for every VM of every kernel that runs the same bytes.
 *
 * Compilations are found again by the BLAKE2b-256 hash of the code as it stands in the manifest. What else changes them
 * — the gas model, the price of memory, and what is compiled into the code itself — is part of the key.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { chargeTable, type GasModel, memoryCycles } from '../gas/index.js';
import { type DecodedProgram, decode, STRIDE } from '../isa/decode.js';
import { Dialect } from '../isa/instructions.js';
import { Op } from '../isa/opcodes.js';
import type { ManifestCode } from '../program/manifest.js';
import { NativeCode } from '../recompiler/native-code.js';

/** How code is to be compiled. */
export interface CodeOptions {
  readonly gasModel: GasModel;
  /** Pages of the kernel's memory: what `pipeline` prices loads and stores by. */
  readonly memoryPages: number;
  /** Whether to compile to machine code. */
  readonly native: boolean;
  /** Whether calls between VMs may stay in machine code. */
  readonly glue: boolean;
  /** Bit i: protocol call i reads the gas counter and needs no exit. */
  readonly inlineGas: number;
}

/** Code, ready for both engines. */
export interface KernelCode {
  readonly decoded: DecodedProgram;
  readonly charges: Int32Array;
  readonly native: NativeCode | undefined;
  /** Whether it contains `ecall`, the only way to ask which pages were written. */
  readonly hasEcall: boolean;
}

/** Codes kept by a cache that was not given a size. */
const DEFAULT_SIZE = 64;

/** Compilations by hash; the ones not used for longest go first. */
export class CodeCache {
  private readonly entries = new Map<string, KernelCode>();
  /** How often a compilation was found, and how often not. */
  hits = 0;
  misses = 0;

  /** @param size most compilations that are kept */
  constructor(private readonly size = DEFAULT_SIZE) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`cache size ${size}: expected a whole number from 1`);
  }

  /** Compilations that are kept. */
  get length(): number {
    return this.entries.size;
  }

  /**
   * Finds or makes the compilation of a manifest's code.
   *
   * @internal
   */
  get(source: ManifestCode, options: CodeOptions): KernelCode {
    const { gasModel, memoryPages, native, glue, inlineGas } = options;
    const price = gasModel === 'pipeline' ? memoryCycles(memoryPages) : 0;
    const hash = bytesToHex(blake2b(source.blob, { dkLen: 32 }));
    const key = `${hash} ${gasModel} ${price} ${native ? `native ${glue} ${inlineGas}` : 'interpreted'}`;
    let code = this.entries.get(key);
    if (code === undefined) {
      this.misses++;
      code = compile(source, options);
    } else {
      this.hits++;
      this.entries.delete(key);
    }
    this.entries.set(key, code);
    if (this.entries.size > this.size) this.entries.delete(this.entries.keys().next().value as string);
    return code;
  }
}

/** The cache of kernels that were given none. */
export const sharedCache = new CodeCache();

function compile(source: ManifestCode, { gasModel, memoryPages, native, glue, inlineGas }: CodeOptions): KernelCode {
  // The bitmask is looked at later, too: as a view it would change with the manifest's bytes, and keep all of them alive.
  const decoded = decode(source.code, source.bitmask.slice(), source.jumpOffsets, Dialect.Kernel);
  const charges = chargeTable(decoded, gasModel, memoryPages);
  let hasEcall = false;
  for (let n = 0; n < decoded.count && !hasEcall; n++) hasEcall = decoded.stream[n * STRIDE] === Op.ecall;
  return {
    decoded,
    charges,
    native: native ? NativeCode.compile(decoded, charges, gasModel, { glue, inlineGas }) : undefined,
    hasEcall,
  };
}
