/**
 * Sets up whatever is missing, then runs one of our built programs with the arguments that follow its name.
 *
 *   node scripts/run.mjs examples/demo [ARGUMENT…]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const [program, ...args] = process.argv.slice(2);
// Benchmarks and fuzzers compile Java programs of their own; the examples only run some.
setUp({ system: { compiler: true, java: program.startsWith('examples/') ? 'runtime' : 'development' } });
// The benchmarks collect garbage between measurements; the flag costs the others nothing.
const result = spawnSync(process.execPath, ['--expose-gc', join(root, 'dist', `${program}.js`), ...args], {
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
