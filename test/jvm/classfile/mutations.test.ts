/** A short run of the mutation fuzzer; fuzz-main.ts does longer ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseClasses } from './jdk.js';
import { fuzz } from './mutations.js';

test('mutated classes give an error of Java or are accepted', () => {
  const small = baseClasses().filter(({ bytes }) => bytes.length < 6000);
  const tally = fuzz(small, 4000, 20260101);
  assert.ok(tally.format > 500 && tally.verify > 100 && tally.accepted > 100, JSON.stringify(tally));
});
