/**
 * Every instruction over edge values, against `java`: generated class files run each conversion, arithmetic, comparison,
 * shift, array, stack, switch, field and reference instruction over all combinations of its operands' edge values.
 *
 * What is compared is a count and a hash an instruction; where one differs, both machines run again and show that
 * instruction's results one by one, of which the message has the first that differ.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { edgeClasses } from './edge/instructions.js';
import { compileJava, describeOutcome, findJdk, ROOT, runJava, runScotty } from './jdk.js';

const jdk = findJdk();
/** Differences shown of one instruction. */
const SHOWN = 8;

describe('instructions over edge values', { concurrency: 2, skip: typeof jdk === 'string' ? jdk : false }, () => {
  if (typeof jdk === 'string') return;
  const helper = join(ROOT, 'test', 'jvm', 'edge', 'Edge.java');
  const [shared] = compileJava(jdk, [{ name: 'Edge', files: [helper] }]);
  const folder = mkdtempSync(join(tmpdir(), 'scotty-edge-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const classPath = `${folder}${delimiter}${shared}`;

  for (const { name, bytes, instructions } of edgeClasses()) {
    writeFileSync(join(folder, `${name}.class`), bytes);
    test(name, async () => {
      const run = ['-Xmx256m', '-cp', classPath, name];
      const expected = await runJava(jdk, run);
      assert.equal(expected.status, 0, describeOutcome(expected));
      const lines = expected.stdout.trimEnd().split('\n');
      assert.equal(lines.length, instructions.length);
      const actual = await runScotty(jdk, run);
      if (actual.stdout === expected.stdout) {
        assert.equal(describeOutcome(actual), describeOutcome(expected));
        return;
      }
      const found = new Set(actual.stdout.split('\n'));
      const wrong = instructions.filter((_, i) => !found.has(lines[i] as string));
      const again = [`-Dedge.show=${wrong.slice(0, 3).join(',')}`, ...run];
      const [right, ours] = await Promise.all([runJava(jdk, again), runScotty(jdk, again)]);
      const differences = right.stdout.split('\n').flatMap((line, i) => {
        const other = ours.stdout.split('\n')[i];
        return line === other ? [] : [`java: ${line.trim()}   scotty: ${other?.trim()}`];
      });
      assert.fail(
        `differs: ${wrong.join(' ')}\n${differences.slice(0, SHOWN).join('\n')}\n${actual.stderr}`.slice(0, 4000),
      );
    });
  }
});
