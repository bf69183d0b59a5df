/**
 * The collector under whole programs: heaps of every shape while a collection happens at every allocation of Java code,
 * twenty gigabytes through a heap of 128 MB, heaps beyond 2 GiB (where references are negative numbers in TypeScript),
 * and the figures that tell about pauses.
 *
 * The smaller tests of the collector's parts are in memory/heap.test.ts.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Jvm } from '../../src/jvm/index.js';
import { compileJava, describeOutcome, findJdk, type Jdk, type Outcome, ROOT, runJava, runScotty } from './jdk.js';

/** Seconds a program may take on a busy machine. */
const PATIENCE = 600;
/** What the churning program allocates, in MB, through a heap of 128 MB. */
const CHURNED = 20_480;

const jdk = findJdk();
const skip = typeof jdk === 'string' ? jdk : false;
const folders =
  typeof jdk === 'string'
    ? []
    : compileJava(jdk, [
        { name: 'HeapShapes', files: [join(ROOT, 'test', 'jvm', 'collector', 'HeapShapes.java')] },
        { name: 'Churn', files: [join(ROOT, 'bench', 'jvm', 'kernels', 'Churn.java')] },
      ]);
const [shapes = '', churn = ''] = folders;

/** Kind and milliseconds of each pause that `-verbose:gc` reported. */
function pausesIn({ stdout }: Outcome): { kind: string; millis: number }[] {
  const line =
    /^\[\d+\.\d{3}s\]\[info\]\[gc\] GC\(\d+\) Pause (Young|Full) \([^)]+\) \d+M->\d+M\(\d+M\) (\d+\.\d{3})ms$/gm;
  return [...stdout.matchAll(line)].map(([, kind = '', millis]) => ({ kind, millis: Number(millis) }));
}

describe('the collector under Java programs', { skip, concurrency: 1 }, () => {
  /** Runs HeapShapes at a scale under both machines and compares. */
  async function compareShapes(scale: number, options: readonly string[], every: number): Promise<void> {
    const command = [...options, '-cp', shapes, 'HeapShapes', String(scale)];
    const expected = await runJava(jdk as Jdk, command);
    const env = every === 0 ? {} : { SCOTTY_STRESS_GC: String(every) };
    const actual = await runScotty(jdk as Jdk, command, { env, timeout: PATIENCE });
    assert.equal(describeOutcome(actual), describeOutcome(expected));
  }

  test('nothing is lost when everything moves before each allocation', () => compareShapes(1, ['-Xmx64m'], 1));

  test('nothing is lost in larger shapes, moved every thousand allocations', () =>
    compareShapes(100, ['-Xmx256m'], 1000));

  test('20 GB through 128 MB, with short pauses', async () => {
    const program = ['-cp', churn, 'Churn', String(CHURNED)];
    const expected = await runJava(jdk as Jdk, ['-Xmx128m', ...program]);
    const actual = await runScotty(jdk as Jdk, ['-Xmx128m', '-verbose:gc', ...program], { timeout: PATIENCE });
    const rest = { ...actual, stdout: actual.stdout.replaceAll(/^\[.*\[gc\].*\n/gm, '') };
    assert.equal(describeOutcome(rest), describeOutcome(expected));
    const pauses = pausesIn(actual);
    // Eden is a quarter of the heap at most; a part of the arrays may go past it.
    assert.ok(pauses.length >= CHURNED / 64, `${pauses.length} collections`);
    assert.ok(pauses.some(({ kind }) => kind === 'Young'));
    const sorted = pauses.map(({ millis }) => millis).sort((a, b) => a - b);
    const median = sorted[sorted.length >>> 1] as number;
    assert.ok(median > 0 && median < 100, `half of the pauses took more than ${median} ms`);
    // The live part of the heap is some 20 MB; the bound is wide because machines may be busy.
    assert.ok((sorted.at(-1) as number) < 5000, `the longest pause took ${sorted.at(-1)} ms`);
  });

  test('the API tells how long Java was stopped', async () => {
    await using jvm = await Jvm.create({ maxHeap: 64 << 20 });
    const before = jvm.statistics().collections;
    await jvm.call('java.lang.System', 'gc');
    const { young, full } = jvm.statistics().collections;
    assert.equal(full.count, before.full.count + 1);
    assert.equal(young.count, before.young.count);
    assert.equal(full.pauses.length, full.count);
    assert.ok(full.longest > 0 && full.longest <= full.total);
    assert.ok(Math.abs(full.pauses.reduce((sum, millis) => sum + millis, 0) - full.total) < 1e-6);
    // A snapshot, not a window.
    await jvm.call('java.lang.System', 'gc');
    assert.equal(full.count, before.full.count + 1);
  });
});
