/**
 * Mutated and random program files through the loader and, where one still loads, through both engines. A file may be
 * refused with a `FormatError`, or run to any defined exit; anything else is a failure.
 */
import { describeDifference } from '../../../src/pvm/conformance/difference.js';
import { FormatError } from '../../../src/pvm/program/image.js';
import { writeStandard } from '../../../src/pvm/program/standard.js';
import { Program } from '../../../src/pvm/program.js';
import { assembleCase } from './case.js';
import { generateCase } from './generator.js';
import type { Random } from './random.js';
import { compare } from './runner.js';

/** Sizes a 32-bit field of a header might break at. */
const SIZES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

/** A program file nobody meant: a valid one that was damaged, or noise. */
export function mutatedBlob(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.05)) return random.bytes(random.below(200));
  let bytes = Uint8Array.from(random.chance(0.5) && seeds.length > 0 ? random.pick(seeds) : freshBlob(random));
  for (let i = random.between(1, 6); i > 0; i--) {
    const at = random.chance(0.5) ? random.below(Math.min(bytes.length, 40) + 1) : random.below(bytes.length + 1);
    switch (random.below(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = random.u32();
        break;
      case 1:
        if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...random.bytes(random.between(1, 5)), ...bytes.subarray(at));
        break;
      case 4:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + random.between(1, 5)));
        break;
      default:
        if (at + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(at, random.pick(SIZES), random.chance(0.5));
    }
  }
  return bytes;
}

/** A valid file of a container that can be written. */
function freshBlob(random: Random): Uint8Array {
  const { blob, image } = assembleCase(generateCase(random));
  if (random.chance(0.4)) return blob;
  const { code, bitmask, jumpOffsets } = image;
  return writeStandard({
    code,
    bitmask,
    jumpOffsets,
    readOnly: random.bytes(random.below(300)),
    readWrite: random.bytes(random.below(300)),
    heapPages: random.below(5),
    stackSize: random.below(0x4000),
    metadata: random.chance(0.3) ? random.bytes(random.below(40)) : undefined,
  });
}

/** Loads a file and runs it on both engines. Returns what went wrong, and whether it loaded. */
export function runBlob(bytes: Uint8Array, gas: bigint): { problem: string | undefined; loaded: boolean } {
  let program: Program;
  try {
    program = Program.load(bytes);
  } catch (error) {
    if (error instanceof FormatError) return { problem: undefined, loaded: false };
    return { problem: `loading: ${String(error instanceof Error ? error.stack : error)}`, loaded: false };
  }
  try {
    program.disassemble();
    const reference = program.instantiate({ engine: 'interpreter', gas });
    const tested = program.instantiate({ engine: 'recompiler', gas });
    try {
      for (let i = 0; i < 4; i++) {
        const expected = reference.run();
        const actual = tested.run();
        const difference = compare(expected, actual, reference, tested);
        if (difference !== undefined) return { problem: describeDifference(difference), loaded: true };
        if (expected.kind !== 'host-call') break;
      }
    } finally {
      reference.dispose();
      tested.dispose();
    }
  } catch (error) {
    return { problem: `running: ${String(error instanceof Error ? error.stack : error)}`, loaded: true };
  }
  return { problem: undefined, loaded: true };
}
