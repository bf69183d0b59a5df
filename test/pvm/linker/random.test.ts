/**
 * Random programs: linked with and without optimisation, they must do what a RISC-V machine does with the ELF itself.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkElf } from '../../../src/pvm/toolchain/linker/index.js';
import { collectGarbage, ENGINES } from '../machines.js';
import { Random } from '../random.js';
import { programOf, runGuest } from './guests.js';
import { randomProgram } from './random-code.js';
import { RiscvModel } from './riscv-model.js';

const CASES = Number(process.env.SCOTTY_LINKER_CASES ?? 300);
const SEED = Number(process.env.SCOTTY_LINKER_SEED ?? 1);
const STACK = 0x10_0000;
const STEPS = 20_000;
const INPUTS = [[], [1n, 2n, 3n, 4n, 5n, 6n], [0xffff_ffff_ffff_ffffn, 0x8000_0000n, 0n, 1n << 63n, 12345n, 255n]];

describe('random RISC-V programs', () => {
  test(`${CASES} programs give the same result unoptimised, optimised and on a RISC-V machine`, async () => {
    for (let n = 0; n < CASES; n++) {
      if (n % 50 === 49) await collectGarbage();
      const seed = SEED * 1_000_000 + n;
      const { elf, entry, parts } = randomProgram(new Random(seed));
      const linked = [false, true].map((optimize) => programOf(linkElf(elf, { optimize })));
      for (const input of INPUTS) {
        const model = new RiscvModel();
        for (const { address, data } of parts) model.load(address, data);
        model.x[2] = BigInt(STACK);
        for (const [i, value] of input.entries()) model.x[10 + i] = value;
        if (model.run(entry, STEPS) < 0) continue;
        for (const [i, program] of linked.entries()) {
          for (const engine of ENGINES) {
            const { exit, result } = runGuest(program, engine, input);
            assert.deepEqual(
              [exit, result],
              ['halt', model.x[10]],
              `seed ${seed}, ${i === 0 ? 'not ' : ''}optimised, ${engine}, arguments ${input.join(' ')}`,
            );
          }
        }
      }
    }
  });
});
