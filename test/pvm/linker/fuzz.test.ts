/**
 * Damaged ELF files: each either links or is refused with an error that says why; none crashes, hangs or allocates more
 * than its size allows.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FormatError } from '../../../src/pvm/program/image.js';
import { LinkError, linkElf } from '../../../src/pvm/toolchain/linker/index.js';
import { Random } from '../random.js';
import { Bytes } from './elf-builder.js';
import { randomProgram } from './random-code.js';

const CASES = Number(process.env.SCOTTY_LINKER_FUZZ ?? 600);

/** A file with some of its header's and its tables' fields changed, which blind mutation seldom hits. */
function damage(random: Random, elf: Uint8Array): Uint8Array {
  if (random.oneIn(3)) return random.mutate(elf);
  const bytes = new Bytes(elf.length);
  bytes.bytes.set(elf);
  const headers = Number(new DataView(elf.buffer, elf.byteOffset).getBigUint64(40, true));
  for (let n = 1 + random.below(3); n > 0; n--) {
    const at = random.oneIn(2)
      ? headers + 4 * random.below((elf.length - headers) >> 2)
      : 4 * random.below(elf.length >> 2);
    const value = random.pick([
      0,
      1,
      2,
      3,
      4,
      8,
      24,
      64,
      0x1000,
      0x7fffffff,
      0x80000000,
      0xffffffff,
      elf.length,
      random.u32(),
    ]);
    bytes.u32(at, value);
  }
  return bytes.bytes;
}

describe('damaged ELF files', () => {
  test(`${CASES} files are linked or refused`, () => {
    let refused = 0;
    for (let seed = 0; seed < CASES; seed++) {
      const random = new Random(seed + 77);
      const elf = damage(random, randomProgram(new Random(seed)).elf);
      try {
        const { code, bitmask, readOnly, readWrite } = linkElf(elf, { name: 'damaged.elf', optimize: random.oneIn(2) });
        assert.equal(bitmask.length, (code.length + 7) >> 3);
        assert.ok(
          code.length < 200 * elf.length && readOnly.data.length + readWrite.data.length <= 64 * elf.length + 0x20000,
        );
      } catch (error) {
        if (!(error instanceof FormatError) && !(error instanceof LinkError))
          throw new Error(`seed ${seed}`, { cause: error });
        assert.match(error.message, /^damaged\.elf: /);
        refused++;
      }
    }
    assert.ok(refused > CASES / 5, `${refused} refused`);
  });
});
