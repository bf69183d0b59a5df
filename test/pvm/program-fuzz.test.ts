/**
 * Damaged and random programs: a reader either makes an image or throws a `FormatError`, and what it allocates is in
 * proportion to the file. What survives must also decode, and come back from text byte for byte.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decode } from '../../src/pvm/isa/decode.js';
import { Op } from '../../src/pvm/isa/opcodes.js';
import { type CodeBlob, writeCodeBlob } from '../../src/pvm/program/code-blob.js';
import { FormatError, type ProgramImage } from '../../src/pvm/program/image.js';
import { type Container, loadImage } from '../../src/pvm/program/load.js';
import { encodeNatural } from '../../src/pvm/program/reader.js';
import { writeStandard } from '../../src/pvm/program/standard.js';
import { assemble } from '../../src/pvm/toolchain/assembler.js';
import { disassemble } from '../../src/pvm/toolchain/disassembler.js';
import { buildPolkavm } from './polkavm-builder.js';
import { Random } from './random.js';

const CASES = 20_000;
const CONTAINERS: readonly Container[] = ['auto', 'code', 'standard', 'polkavm'];

function randomBlob(random: Random): CodeBlob {
  const length = random.below(60);
  const bitmask = random.bytes((length + 7) >> 3);
  if (length % 8 !== 0) bitmask[bitmask.length - 1] = (bitmask.at(-1) as number) & ((1 << (length & 7)) - 1);
  const jumpOffsets = Uint32Array.from({ length: random.below(4) }, () => random.below(length + 2));
  return { code: random.bytes(length), bitmask, jumpOffsets };
}

function randomFile(random: Random): Uint8Array {
  const blob = randomBlob(random);
  switch (random.below(5)) {
    case 0:
      return writeCodeBlob(blob);
    case 1:
      return writeStandard({
        ...blob,
        readOnly: random.bytes(random.below(20)),
        readWrite: random.bytes(random.below(20)),
        heapPages: random.below(4),
        stackSize: random.below(9000),
        metadata: random.oneIn(2) ? random.bytes(random.below(200)) : undefined,
      });
    case 2:
      return buildPolkavm({
        version: random.pick([0, 2, 3]),
        memory: [random.below(10_000), random.below(10_000), random.below(10_000)],
        imports: ['one', 'two'],
        exports: [['main', 0]],
        blob,
      });
    case 3:
      // Sizes that promise far more than there is.
      return Uint8Array.from([
        ...encodeNatural(random.u32() * random.pick([1, 2 ** 20])),
        ...random.bytes(random.below(24)),
      ]);
    default:
      return random.bytes(random.below(64));
  }
}

function tryLoad(bytes: Uint8Array, container: Container): ProgramImage | undefined {
  try {
    return loadImage(bytes, { container });
  } catch (error) {
    assert.ok(error instanceof FormatError, `${error instanceof Error ? error.stack : error}`);
    assert.ok(Number.isInteger(error.offset) && error.offset >= 0 && error.offset <= bytes.length, error.message);
    return undefined;
  }
}

function roundTrips(image: ProgramImage, bytes: Uint8Array, seed: number): void {
  const text = disassemble(image);
  const again = assemble(text);
  // An entry beyond 32 bits leads nowhere, and its number is not kept.
  if (image.jumpOffsets.includes(0xffffffff)) return;
  if (image.kind !== 'polkavm') {
    assert.deepEqual(Buffer.from(again), Buffer.from(bytes), `seed ${seed}\n${text}`);
    return;
  }
  const blob = loadImage(again, { container: 'code' });
  assert.deepEqual([...blob.code], [...image.code], `seed ${seed}\n${text}`);
  assert.deepEqual([...blob.bitmask], [...image.bitmask], `seed ${seed}`);
  assert.deepEqual([...blob.jumpOffsets], [...image.jumpOffsets], `seed ${seed}`);
}

describe('damaged programs', () => {
  test(`${CASES} mutated and random files`, () => {
    let loaded = 0;
    const before = process.memoryUsage();
    for (let seed = 1; seed <= CASES; seed++) {
      const random = new Random(seed);
      const file = randomFile(random);
      const bytes = random.oneIn(8) ? file : random.mutate(file);
      const image = tryLoad(bytes, random.oneIn(3) ? random.pick(CONTAINERS) : 'auto');
      if (image === undefined) continue;
      loaded++;
      assert.ok(image.code.length <= bytes.length && image.jumpOffsets.length <= bytes.length);
      for (const { length, data } of image.segments) assert.ok(data.length <= length && data.length <= bytes.length);
      const decoded = decode(image.code, image.bitmask, image.jumpOffsets);
      assert.ok(decoded.count <= 2 * image.code.length + 2);
      roundTrips(image, bytes, seed);
    }
    const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    assert.ok(grown < 64 * 2 ** 20, `array buffers grew by ${grown} bytes`);
    assert.ok(loaded > CASES / 20, `only ${loaded} of ${CASES} files could be read: the test has lost its aim`);
  });

  test('text round-trips for code made of instructions', () => {
    for (let seed = 1; seed <= 1500; seed++) {
      const random = new Random(seed);
      const code: number[] = [];
      const starts: number[] = [];
      for (let n = 2 + random.below(60); n > 0; n--) {
        starts.push(code.length);
        const opcode = random.oneIn(3)
          ? random.pick([Op.jump, Op.fallthrough, Op.branch_eq_imm, Op.branch_ne, Op.load_imm_jump, Op.trap])
          : random.below(231);
        code.push(opcode, ...random.bytes(random.below(9)).map((byte) => (random.oneIn(2) ? byte & 0x3c : byte)));
      }
      const bitmask = new Uint8Array((code.length + 7) >> 3);
      for (const pc of starts) bitmask[pc >> 3] = (bitmask[pc >> 3] as number) | (1 << (pc & 7));
      const jumpOffsets = Uint32Array.from({ length: random.below(5) }, () => random.pick(starts));
      const bytes = writeCodeBlob({ code: Uint8Array.from(code), bitmask, jumpOffsets });
      roundTrips(loadImage(bytes, { container: 'code' }), bytes, seed);
    }
  });
});
