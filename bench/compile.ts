/**
 * Compiling the JAM service: what somebody waits for the first time, and the rate once the compiler is itself compiled.
 *
 * The first compilation is measured in processes started for it: by the public API for the whole, and step by step in
 * other processes for where the time goes. Importing our modules is a figure beside it, not part of it.
 */

import { runChild, withFile } from './child.js';
import type { Parts, Warm, Whole } from './compile-child.js';
import { serviceTraces } from './programs.js';
import type { Goal } from './report.js';
import type { Section } from './section.js';

const FIRST_AIM: Goal = { kind: 'aim', comparison: 'at most', value: 40 };
const RATE_AIM: Goal = { kind: 'aim', comparison: 'at least', value: 20 };

const STEPS: readonly (readonly [keyof Parts, string])[] = [
  ['load', 'read the container'],
  ['decode', 'decode'],
  ['charge', 'gas charges'],
  ['setUp', 'arena and fault handler, once a process'],
  ['generate', 'generate'],
  ['place', 'place in the arena'],
];

/** Measures compilation. */
export const compileSection: Section = async ({ report, quick, noRecompiler }) => {
  report.section('Compiling the JAM service');
  const traces = serviceTraces();
  if (noRecompiler !== undefined) return report.skip('compile', noRecompiler);
  if (typeof traces === 'string') return report.skip('compile', traces);
  withFile(traces[0].trace.program, (file) => {
    const wholes: Whole[] = [];
    const parts: Parts[] = [];
    for (let i = 0; i < (quick ? 3 : 11); i++) {
      wholes.push(runChild<Whole>('compile-child', ['whole', file]));
      parts.push(runChild<Parts>('compile-child', ['parts', file]));
    }
    const first = wholes.map(({ load, compile }) => load + compile);
    report.figure('compile.first.total', 'first in a fresh process', 'ms', first, FIRST_AIM);
    for (const [step, title] of STEPS) {
      report.figure(
        `compile.first.${step}`,
        `  ${title}`,
        'ms',
        parts.map((sample) => sample[step]),
      );
    }
    report.figure(
      'compile.first.import',
      'importing scotty/pvm, before that',
      'ms',
      wholes.map((whole) => whole.import),
    );

    const warm = runChild<Warm>('compile-child', ['warm', file, quick ? '50' : '300']);
    const total = warm.samples.map(({ load, decode, charge, generate, place }) => {
      return load + decode + charge + generate + place;
    });
    report.figure(
      'compile.warm.rate',
      'warm',
      'MB/s of PVM code',
      total.map((milliseconds) => warm.codeBytes / milliseconds / 1000),
      RATE_AIM,
    );
    report.figure('compile.warm.total', 'warm', 'ms', total);
    for (const [step, title] of STEPS) {
      if (step === 'setUp') continue;
      report.figure(
        `compile.warm.${step}`,
        `  ${title}`,
        'ms',
        warm.samples.map((sample) => sample[step]),
      );
    }
    report.figure('compile.size.code', 'PVM code', 'bytes', [warm.codeBytes]);
    report.figure('compile.size.instructions', 'PVM instructions', '', [warm.instructions]);
    report.figure('compile.size.native', 'machine code, tables included', 'bytes', [warm.nativeBytes]);
  });
  report.table();
};
