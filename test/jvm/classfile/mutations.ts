/**
 * Mutation fuzzing of the parser, the verifier, the listing and the reference maps: library classes with bytes changed.
 * Whatever comes of it must be a ClassFileError or a class that is accepted; any other error is a finding.
 *
 *   node dist/test/jvm/classfile/fuzz-main.js [COUNT] [SEED]
 */
import {
  ClassFileError,
  listClass,
  MethodReferenceMaps,
  parseClass,
  verifyClass,
} from '../../../src/jvm/classfile/index.js';
import { MissingClass, worldOf } from './jdk.js';

/** What became of the mutants. */
export interface Tally {
  accepted: number;
  format: number;
  verify: number;
  other: number;
}

/** A small generator of its own, so that a seed means the same everywhere (xorshift32). */
export function randomizer(seed: number): (limit: number) => number {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const TELLING = [0, 1, 2, 7, 0x7f, 0x80, 0xb1, 0xc4, 0xff];

/** A copy of `bytes` with a few changes. */
export function mutate(bytes: Uint8Array, random: (limit: number) => number): Uint8Array {
  let copy = bytes.slice();
  for (let left = 1 + random(3); left > 0; left--) {
    const at = random(copy.length);
    switch (random(8)) {
      case 0:
        copy[at] ^= 1 << random(8);
        break;
      case 1:
        copy[at] = TELLING[random(TELLING.length)];
        break;
      case 2:
        copy[at] = (copy[at] + random(5) - 2) & 0xff;
        break;
      case 3: {
        const from = random(copy.length);
        copy.copyWithin(at, from, Math.min(copy.length, from + 1 + random(16)));
        break;
      }
      case 4:
        copy = copy.slice(0, at + 1);
        break;
      case 5:
        copy = Uint8Array.from([...copy.subarray(0, at), random(256), ...copy.subarray(at)]);
        break;
      default:
        copy[at] = random(256);
    }
  }
  return copy;
}

/** A copy with one to three bytes of code changed, so that more mutants reach the verifier. */
export function mutateCode(bytes: Uint8Array, random: (limit: number) => number): Uint8Array {
  const copy = bytes.slice();
  const codes = parseClass(bytes, { trusted: true }).methods.flatMap(({ code }) => (code === undefined ? [] : [code]));
  if (codes.length === 0) return copy;
  for (let left = 1 + random(3); left > 0; left--) {
    const { codeOffset, bytes: code } = codes[random(codes.length)];
    const at = codeOffset + random(code.length);
    copy[at] = random(2) === 0 ? random(202) : (copy[at] + random(9) - 4) & 0xff;
  }
  return copy;
}

/** Judges one mutant; throws what is a finding. */
export function judgeMutant(bytes: Uint8Array, tally: Tally): void {
  try {
    const classFile = parseClass(bytes, { trusted: tally.format % 3 === 0 });
    verifyClass(classFile, worldOf(classFile));
    for (const method of classFile.methods) {
      const { code } = method;
      if (code === undefined) continue;
      const maps = new MethodReferenceMaps(code, classFile.pool, method.descriptor, method.isStatic);
      if (maps.isReachable(code.bytes.length - 1)) maps.stackDepth(0);
    }
    tally.accepted++;
    listClass(classFile, { verbose: true, private: true });
  } catch (error) {
    // A class that is not there: the runtime would load it, and find nothing.
    if (error instanceof MissingClass) tally.other++;
    else if (!(error instanceof ClassFileError)) throw error;
    else if (error.kind === 'ClassFormatError') tally.format++;
    else if (error.kind === 'VerifyError') tally.verify++;
    else tally.other++;
  }
}

/** Judges `count` mutants of `classes`; a finding is thrown with what is needed to repeat it. */
export function fuzz(classes: readonly { name: string; bytes: Uint8Array }[], count: number, seed: number): Tally {
  const random = randomizer(seed);
  const tally = { accepted: 0, format: 0, verify: 0, other: 0 };
  for (let i = 0; i < count; i++) {
    const { name, bytes } = classes[random(classes.length)];
    const mutant = random(2) === 0 ? mutate(bytes, random) : mutateCode(bytes, random);
    try {
      judgeMutant(mutant, tally);
    } catch (error) {
      throw new Error(`mutant ${i} of seed ${seed}, from ${name}: ${(error as Error).stack}`, { cause: error });
    }
  }
  return tally;
}
