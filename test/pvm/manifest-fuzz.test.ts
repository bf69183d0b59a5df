/**
 * Damaged manifests: each is refused with an error that says what is wrong, or loads and runs, within the gas it is
 * given, to a result both engines agree on.
 *
 * `SCOTTY_MANIFEST_CASES` sets how many are tried, `SCOTTY_MANIFEST_SEED` the first seed.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CodeCache, gasCounter, Kernel, type KernelResult } from '../../src/pvm/kernel/index.js';
import { FormatError } from '../../src/pvm/program/image.js';
import { isManifest, type Manifest, readManifest, writeManifest } from '../../src/pvm/program/manifest.js';
import { Program } from '../../src/pvm/program.js';
import { assemble } from '../../src/pvm/toolchain/assembler.js';
import { disassemble } from '../../src/pvm/toolchain/disassembler.js';
import { ROOT } from '../vectors.js';
import { Random } from './random.js';

const CASES = Number(process.env.SCOTTY_MANIFEST_CASES ?? 500);
const FIRST_SEED = Number(process.env.SCOTTY_MANIFEST_SEED ?? 1);
const GAS = 40_000n;
const ENGINES = ['interpreter', 'recompiler'] as const;
const available = ENGINES.slice(0, Program.recompilerUnavailable() === undefined ? 2 : 1);

/** Everything a manifest can have: five codes, jump tables of two entry sizes, arguments, both access modes. */
const EVERYTHING = `
.manifest pages=12 invoke=40
.data slot=0 base=0x30 pages=1
.data slot=70 base=0x10 pages=2 access=ro
        .string "read-only"
.data slot=71 base=0 pages=1
        .u64 1, 2, 3
.code slot=40
.entrysize 4
.jumptable @one, @two
        load_imm r7, @two
        jump_ind r7
one:    load_ind_u8 r6, [r8]
        load_u8 r7, [0x10000]
        ecalli 1
        ecalli 7
        ecalli 0
two:    load_imm_64 r7, 0x1e00000002        ; children get protocol call 1 and the other codes
        load_imm r12, 64
        ecalli 33
        load_imm r12, 71
        ecalli 64
        load_imm r7, @one
        jump_ind r7
.code slot=33
.jumptable @loop
        load_imm r9, 30
        fallthrough
loop:   add_imm_64 r9, r9, -1
        branch_ne_imm r9, 0, @loop
        load_imm r7, 1
        load_imm_64 r12, 0xfe00000041
        load_imm r11, 0
        ecall
        unlikely
        ecalli 0
        jump @loop
.code slot=34
        trap
.code slot=35
        jump_ind r0
.code slot=36
        ecalli 128
`;

/** Manifests to damage. */
function sources(): Uint8Array[] {
  const folder = join(ROOT, 'examples');
  const examples = readdirSync(folder)
    .filter((name) => name.endsWith('.pvm'))
    .map((name) => assemble(readFileSync(join(folder, name), 'utf8'), name))
    .filter(isManifest);
  return [assemble(EVERYTHING), ...examples];
}

/** Values a 32-bit field might break at. */
const SIZES = [0, 1, 2, 9, 0xff, 0xfff, 0x1000, 0xfffff, 0x100000, 0x100001, 0x7fffffff, 0x80000000, 0xffffffff];

/** A manifest with something wrong, most often in its header and table, where most of the bytes mean something. */
function damaged(random: Random, original: Uint8Array): Uint8Array {
  if (random.oneIn(4)) return random.mutate(original);
  const bytes = original.slice();
  const view = new DataView(bytes.buffer);
  const tableEnd = 10 + 19 * (bytes[8] as number);
  for (let changes = 1 + random.below(2); changes > 0; changes--) {
    const entry = 10 + 19 * random.below(bytes[8] as number);
    switch (random.below(8)) {
      case 0:
        bytes[4 + random.below(tableEnd - 4)] = random.below(256);
        break;
      case 1:
        view.setUint32(entry + random.pick([2, 6, 11, 15]), random.pick(SIZES), true);
        break;
      case 2:
        bytes[entry + random.pick([0, 1, 10])] = random.pick([0, 1, 2, 32, 64, 254, 255]);
        break;
      case 3:
        view.setUint32(4, random.pick(SIZES), true);
        break;
      default: {
        const at = tableEnd + random.below(bytes.length - tableEnd);
        bytes[at] = random.oneIn(2) ? random.below(256) : (bytes[at] as number) ^ (1 << random.below(8));
      }
    }
  }
  return bytes;
}

/** The manifest, or undefined where it is refused as it should be. */
function tryRead(bytes: Uint8Array): Manifest | undefined {
  try {
    return readManifest(bytes);
  } catch (error) {
    assert.ok(error instanceof FormatError, `${error instanceof Error ? error.stack : error}`);
    assert.ok(Number.isInteger(error.offset) && error.offset >= 0 && error.offset <= bytes.length, error.message);
    return undefined;
  }
}

/** Loads and runs; undefined where the gas does not pay for the pages or the arguments do not fit. */
function run(bytes: Uint8Array, engine: (typeof ENGINES)[number], args: Uint8Array, cache: CodeCache) {
  let kernel: Kernel;
  try {
    kernel = Kernel.load(bytes, { engine, gas: GAS, args, cache, host: { 1: gasCounter } });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    assert.match(error.message, /gas 40000 does not cover|arguments/);
    return undefined;
  }
  try {
    const results: KernelResult[] = [];
    for (let i = 0; i < 4; i++) {
      const result = kernel.run();
      results.push(result);
      if (result.kind !== 'protocol-call') break;
    }
    assert.ok(kernel.gas >= 0n && kernel.gas <= GAS);
    return { results, gas: kernel.gas, liveVms: kernel.liveVms, vms: [...kernel.vms()] };
  } finally {
    kernel.dispose();
  }
}

describe('damaged manifests', () => {
  test(`${CASES} of them, on ${available.join(' and ')}`, () => {
    const originals = sources();
    const cache = new CodeCache();
    const before = process.memoryUsage();
    const seen = { refused: 0, unpaid: 0, ran: 0 };
    for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      const random = new Random(seed);
      const bytes = damaged(random, random.pick(originals));
      try {
        const manifest = tryRead(bytes);
        const args = random.bytes(random.oneIn(4) ? random.below(100) : 0);
        if (manifest === undefined) {
          seen.refused++;
          assert.throws(() => Kernel.load(bytes), FormatError);
          continue;
        }
        assert.deepEqual(Buffer.from(assemble(disassemble(manifest))), Buffer.from(writeManifest(manifest)));
        const [expected, ...others] = available.map((engine) => run(bytes, engine, args, cache));
        for (const actual of others) assert.deepEqual(actual, expected);
        if (expected === undefined) seen.unpaid++;
        else seen.ran++;
      } catch (error) {
        throw new Error(`seed ${seed}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
      }
    }
    const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    assert.ok(grown < 128 * 2 ** 20, `array buffers grew by ${grown} bytes`);
    assert.ok(seen.ran > CASES / 5 && seen.refused > CASES / 5, `the test has lost its aim: ${JSON.stringify(seen)}`);
    assert.equal(seen.ran + seen.refused + seen.unpaid, CASES);
  });
});
