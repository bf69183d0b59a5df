/**
 * C programs through clang and the linker: at every level of optimisation, in every code model, with compressed
 * instructions and without, optimised by the linker and not, they give what they give natively.
 *
 * The expected numbers are gcc's, of the same sources on x86-64 (`-fwrapv`).
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type Clang, findClang } from '../../../src/cli/pvm/clang.js';
import { linkElf } from '../../../src/pvm/toolchain/linker/index.js';
import { ROOT } from '../../vectors.js';
import { collectGarbage, ENGINES } from '../machines.js';
import { programOf, runGuest } from './guests.js';

const SOURCES = join(ROOT, 'test', 'pvm', 'linker', 'c');
const found = findClang();
// In CI a missing compiler is a broken set-up, not a reason to test less.
if (typeof found === 'string' && process.env.CI) throw new Error(found);
const skip = typeof found === 'string' ? found : false;
const { compiler, linker } = found as Clang;

const INPUTS = [7n, 3_000_000_000n, 0xffff_ffff_ffff_ffffn];
const RESULTS: Readonly<Record<string, readonly bigint[]>> = {
  arithmetic: [2686707187094499731n, 15906370573724428476n, 4287849567216773038n],
  fib: [13n, 21n, 610n],
  field: [12624789659927997135n, 14917655092225329318n, 16049842021143999349n],
  format: [4060308341515022071n, 10525727796614159747n, 18108693751494538698n],
  memory: [9913849264587589584n, 17556744972943363768n, 10979624004620051987n],
  sha256: [16875723928779459211n, 7300986193205758616n, 18284041776842853388n],
  sort: [7989660763125600324n, 18369959155391285692n, 15793962533238455168n],
  switch: [465401526545333418n, 10683212704696720753n, 1928713748897790799n],
};

const LEVELS = ['0', '1', '2', '3', 's'];
/** Ways to compile; each level uses two of them. */
const WAYS = [
  { name: 'absolute', march: 'rv64emc_zbb', flags: ['-mcmodel=medlow', '-fno-pic'], link: [] },
  { name: 'relative', march: 'rv64em', flags: ['-mcmodel=medany', '-fno-pic'], link: [] },
  { name: 'position-independent', march: 'rv64emc_zbb', flags: ['-fpic'], link: ['--no-relax'] },
  { name: 'one section', march: 'rv64emc_zbb', flags: ['-mcmodel=medany', '-fno-data-sections'], link: [] },
  { name: 'position-independent executable', march: 'rv64em_zbb', flags: ['-fpie'], link: ['-pie', '--gc-sections'] },
];

const folder = typeof found === 'string' ? '' : mkdtempSync(join(tmpdir(), 'scotty-linker-'));
after(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

function build(program: string, level: string, way: (typeof WAYS)[number]): Uint8Array {
  const object = join(folder, 'guest.o');
  const elf = join(folder, 'guest.elf');
  const target = ['--target=riscv64-unknown-none-elf', `-march=${way.march}`, '-mabi=lp64e'];
  const common = [
    '-ffreestanding',
    '-fno-builtin',
    '-fwrapv',
    '-ffunction-sections',
    '-fdata-sections',
    '-Wno-everything',
  ];
  const source = join(SOURCES, `${program}.c`);
  execFileSync(compiler, [...target, ...common, ...way.flags, `-O${level}`, '-c', source, '-o', object]);
  execFileSync(linker, ['--emit-relocs', '--unique', ...way.link, '-e', 'run', object, '-o', elf]);
  return readFileSync(elf);
}

describe('C programs', { skip }, () => {
  for (const [program, expected] of Object.entries(RESULTS)) {
    for (const [i, level] of LEVELS.entries()) {
      test(`${program} at -O${level}`, async () => {
        for (const way of [WAYS[i % WAYS.length], WAYS[(i + 2) % WAYS.length]] as typeof WAYS) {
          const elf = build(program, level, way);
          for (const optimize of [false, true]) {
            const guest = programOf(linkElf(elf, { optimize, dispatch: ['run'], name: program }));
            for (const engine of ENGINES) {
              for (const [k, input] of INPUTS.entries()) {
                const { exit, result } = runGuest(guest, engine, [input]);
                const what = `${way.name}, ${optimize ? '' : 'not '}optimised, ${engine}, ${input}`;
                assert.deepEqual([exit, result], ['halt', expected[k]], what);
                // The interpreter is exact by other tests; here it is the linker's work that counts.
                if (engine === 'interpreter' && ENGINES.length > 1) break;
              }
            }
          }
        }
        await collectGarbage();
      });
    }
  }
});
