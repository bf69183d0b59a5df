/**
 * Every form of every instruction against an independent decoder.
 *
 * Each parameter in turn takes all its values while the others go through theirs in step, so that every register,
 * address form and immediate size is seen in every position of every form; a random walk over combinations follows.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Assembler, disassemble } from '../../src/x64/index.js';
import { type Argument, argumentsOf, emit, expectedText, FORMS, type Form, sourceWidths } from './forms.js';

/** Collects emitted instructions with the text expected for each, then decodes and compares them all at once. */
class Batch {
  private readonly assembler = new Assembler();
  private readonly starts: number[] = [];
  private readonly texts: string[] = [];

  add(form: Form, args: readonly Argument[], from: number): void {
    this.starts.push(this.assembler.position);
    this.texts.push(expectedText(form, args, from));
    emit(this.assembler, form, args);
  }

  check(): number {
    const bytes = this.assembler.bytes();
    const decoded = disassemble(bytes, 0);
    for (let i = 0; i < this.texts.length; i++) {
      const end = i + 1 < this.starts.length ? this.starts[i + 1] : bytes.length;
      const actual = decoded[i];
      if (actual?.text !== this.texts[i] || actual.address + actual.length !== end) {
        const code = Buffer.from(bytes.subarray(this.starts[i], end)).toString('hex');
        assert.fail(`${code} at ${this.starts[i]}: expected "${this.texts[i]}", decoded "${actual?.text}"`);
      }
    }
    assert.equal(decoded.length, this.texts.length);
    return decoded.length;
  }
}

/** A linear congruential generator: the same cases on every run. */
function randomSource(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

for (const method of new Set(FORMS.map((form) => form.method))) {
  test(`${method} encodes every operand`, () => {
    const batch = new Batch();
    for (const form of FORMS.filter((f) => f.method === method)) {
      for (const width of form.widths) {
        for (const from of sourceWidths(form, width)) {
          const lists = form.params.map((kind) => argumentsOf(kind, width, from));
          if (lists.length === 0) {
            batch.add(form, [], from);
          }
          for (let varied = 0; varied < lists.length; varied++) {
            for (let k = 0; k < lists[varied].length; k++) {
              const args = lists.map((list, i) => list[i === varied ? k : (k * (2 * i + 3) + varied) % list.length]);
              batch.add(form, args, from);
            }
          }
        }
      }
    }
    assert.ok(batch.check() > 0);
  });
}

test('random operands of random forms', () => {
  const random = randomSource(20240229);
  const batch = new Batch();
  for (let n = 0; n < 60_000; n++) {
    const form = FORMS[random(FORMS.length)];
    const width = form.widths[random(form.widths.length)];
    const sources = sourceWidths(form, width);
    const from = sources[random(sources.length)];
    const args = form.params.map((kind) => {
      const list = argumentsOf(kind, width, from);
      return list[random(list.length)];
    });
    batch.add(form, args, from);
  }
  assert.equal(batch.check(), 60_000);
});

test('the table has every emitting method', () => {
  const elsewhere = new Set<string>([
    // Not instructions.
    ...'constructor bytes reset label bind patch32 emit8 emit16 emit32 emit64 emitBytes'.split(' '),
    // Parts of the encoder that only derived classes see.
    ...'grow read32 write32 room put8 put16 put32 putImmediate encodeR encodeM encodeVex putAddress'.split(' '),
    ...'putLabelDisplacement intR intM digitR digitM reachesShort shortBranch begin blank32'.split(' '),
    // Branches, in labels.test.ts; forms with a text of their own, in special.test.ts.
    ...'jcc jmp call jcc_short jmp_short jcc32 jmp32 call32'.split(' '),
    ...'nop align lock mov_ri64 guest_access'.split(' '),
  ]);
  const table = new Set<string>(FORMS.map((form) => form.method));
  const missing: string[] = [];
  for (let p: object = Assembler.prototype; p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    for (const name of Object.getOwnPropertyNames(p)) {
      if (!table.has(name) && !elsewhere.has(name)) {
        missing.push(name);
      }
    }
  }
  assert.deepEqual(missing, []);
});
