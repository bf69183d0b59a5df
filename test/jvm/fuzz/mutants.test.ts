/** A short run of the Java fuzzers, with fixed seeds; `npm run fuzz:java` is the long one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findJdk } from '../jdk.js';
import { compileFuzzers, type FuzzReport, fuzzClasses, fuzzJars } from './fuzzer.js';

const jdk = findJdk();

describe('damaged classes and jars', { concurrency: 2, skip: typeof jdk === 'string' ? jdk : false }, () => {
  if (typeof jdk === 'string') return;
  const classes = compileFuzzers(jdk);

  /** Nothing differs, and what may differ is rare. */
  function judge(report: FuzzReport): void {
    assert.deepEqual(report.differences, []);
    assert.ok(report.foundFirst <= report.mutants / 50, `${report.foundFirst} found something else first`);
    assert.ok(report.timeouts <= report.mutants / 100, `${report.timeouts} were still running`);
  }

  for (const seed of [101, 102, 103]) {
    test(`500 damaged classes of seed ${seed} end as under java`, async () => {
      const report = await fuzzClasses(jdk, classes, { seed, first: 0, count: 500 });
      judge(report);
      // The damage reaches every stage: loading, verification, running.
      for (const ending of ['load java.lang.ClassFormatError', 'link java.lang.VerifyError', 'ran']) {
        assert.ok((report.endings.get(ending) ?? 0) > 20, `too few end with '${ending}'`);
      }
    });
  }

  test('300 damaged jars end as under java', async () => {
    judge(await fuzzJars(jdk, classes, { seed: 104, first: 0, count: 300 }));
  });
});
