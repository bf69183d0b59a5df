/**
 * Damaged `.polkavm` files: mutations of real ones. Reading one either gives a program, which then runs on both engines to
 * the same end, or a `FormatError`; nothing else may come out, and nothing may take long or bring the process down.
 *
 *     node scripts/run.mjs test/pvm/toolchain-c/corrupt [CASES] [FIRST SEED]
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { FormatError } from '../../../src/pvm/program/image.js';
import { writePolkavm } from '../../../src/pvm/program/polkavm-writer.js';
import { Program } from '../../../src/pvm/program.js';
import { assemble } from '../../../src/pvm/toolchain/assembler.js';
import { collectGarbage, ENGINES } from '../machines.js';
import { Random } from '../random.js';
import { fixture } from './compiler.js';

/** How the cases went. */
export interface Totals {
  readonly cases: number;
  /** Files that were refused, by the first words of the reason. */
  readonly refused: number;
  /** Files that could be read all the same, and ran. */
  readonly ran: number;
}

const GAS = 20_000n;
/** Code that is compiled is freed by the collector, and a process has room for 4096 programs at a time. */
const CASES_BETWEEN_COLLECTIONS = 1000;

/** A file of each kind: what PolkaVM's linker made, and what our writer makes, in both instruction sets. */
export function realFiles(): Uint8Array[] {
  const { code, bitmask, jumpOffsets } = Program.load(
    assemble(
      '.code\nload_imm r7, 8\nfallthrough\nloop:\nadd_imm_64 r7, r7, -1\nbranch_ne_imm r7, 0, @loop\nreverse_bytes r8, r7\njump_ind r0',
    ),
  ).image;
  const blob = {
    code,
    bitmask,
    jumpOffsets,
    readOnly: Uint8Array.of(1, 2, 3),
    readOnlySize: 5000,
    readWrite: Uint8Array.of(4, 5),
    readWriteSize: 9000,
    stackSize: 8192,
    imports: ['one', 'two', ''],
    exports: [
      { name: 'main', pc: 0 },
      { name: 'other', pc: 0 },
    ],
  };
  return [
    fixture('words.polkavm'),
    fixture('words-latest.polkavm'),
    writePolkavm(blob),
    writePolkavm({ ...blob, instructionSet: 'latest' }),
  ];
}

/** Damages and reads files. Throws an error that names the seed where something else than a refusal comes out. */
export async function readCorrupt(cases: number, firstSeed = 1): Promise<Totals> {
  const files = realFiles();
  let refused = 0;
  let ran = 0;
  for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
    if (seed % CASES_BETWEEN_COLLECTIONS === 0) await collectGarbage();
    const random = new Random(seed);
    const original = random.pick(files);
    let bytes = random.mutate(original);
    // A wrong length hides all other damage, so mostly it is put right.
    if (bytes.length >= 13 && !random.oneIn(8)) {
      new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(5, BigInt(bytes.length), true);
    }
    if (bytes.length === original.length && Buffer.compare(bytes, original) === 0) bytes = bytes.slice(0, -1);
    try {
      if (runs(bytes)) ran++;
      else refused++;
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return { cases, refused, ran };
}

/** Whether a file could be read; where it could, it has run. */
function runs(bytes: Uint8Array): boolean {
  let program: Program;
  try {
    program = Program.load(bytes, { container: 'polkavm' });
  } catch (error) {
    assert.ok(error instanceof FormatError, 'the error is a FormatError');
    assert.match(error.message, /^offset \d+: expected /);
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, `offset ${error.offset} of ${bytes.length}`);
    return false;
  }
  // The stack and data of a damaged file may be of any size; what is not touched costs nothing.
  const ends = ENGINES.map((engine) => {
    const instance = program.instantiate({ engine, gas: GAS });
    const exit = instance.run();
    const end = { exit, registers: instance.registers, gas: instance.gas };
    instance.dispose();
    return end;
  });
  for (const end of ends) assert.deepEqual(end, ends[0]);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [cases = 10_000, firstSeed = 1] = process.argv.slice(2).map(Number);
  const { refused, ran } = await readCorrupt(cases, firstSeed);
  process.stdout.write(`${cases} damaged files: ${refused} refused, ${ran} read and run\n`);
}
