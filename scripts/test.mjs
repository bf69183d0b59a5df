/**
 * Sets up whatever is missing, then runs the tests with Node's own runner.
 *
 * The files are listed from `test/`, not from the build, so that a test that was deleted or renamed does not
 * live on there.
 *
 *   node scripts/test.mjs [TEXT…]        only files whose path contains one of the texts
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const wanted = process.argv.slice(2);
setUp({ system: { compiler: true, java: 'development', javaPrograms: true } });
const files = readdirSync(join(root, 'test'), { recursive: true })
  .map((file) => join('test', file))
  .filter((file) => file.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((text) => file.includes(text))))
  .sort()
  .map((file) => join('dist', file.replace(/\.ts$/, '.js')));
if (files.length === 0) {
  process.stderr.write(`test: no test file matches ${wanted.join(' ')}\n`);
  process.exit(1);
}
process.stderr.write(`test: running ${files.length} test files\n`);
const result = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
