/**
 * Disassembly of generated code for listings and tests, done by iced-x86.
 *
 * An independent decoder is used on purpose: the tests compare what the assembler meant with what somebody else reads.
 * It is loaded by the first disassembly, not with this module: that takes some 100 ms, which programs that only emit
 * code must not pay.
 */

import { createRequire } from 'node:module';

type Iced = typeof import('iced-x86');

let loaded: Iced | null = null;

function iced(): Iced {
  loaded ??= createRequire(import.meta.url)('iced-x86') as Iced;
  return loaded;
}

/** One decoded instruction. */
export interface DisassembledInstruction {
  /** Where it lies. */
  readonly address: number;
  /** Its length in bytes. */
  readonly length: number;
  /** Intel syntax, lower case, numbers in hexadecimal with 0x. */
  readonly text: string;
}

/**
 * Decodes machine code from start to end. Bytes that are no instruction give `(bad)`.
 *
 * @param address where the first byte will lie when executed
 */
export function disassemble(bytes: Uint8Array, address: number | bigint = 0): DisassembledInstruction[] {
  const { Decoder, DecoderOptions, Formatter, FormatterSyntax, MemorySizeOptions } = iced();
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const formatter = new Formatter(FormatterSyntax.Intel);
  try {
    decoder.ip = BigInt(address);
    formatter.hexPrefix = '0x';
    formatter.hexSuffix = '';
    formatter.uppercaseHex = false;
    formatter.smallHexNumbersInDecimal = false;
    formatter.spaceAfterOperandSeparator = true;
    formatter.branchLeadingZeros = false;
    formatter.showBranchSize = false;
    // Spells out all three operands of `imul r, r, imm`.
    formatter.usePseudoOps = false;
    formatter.memorySizeOptions = MemorySizeOptions.Always;
    const result: DisassembledInstruction[] = [];
    for (const instruction of decoder.decodeAll()) {
      result.push({
        address: Number(instruction.ip),
        length: instruction.length,
        text: formatter.format(instruction),
      });
      instruction.free();
    }
    return result;
  } finally {
    formatter.free();
    decoder.free();
  }
}
