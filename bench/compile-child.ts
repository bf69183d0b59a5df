/**
 * The process that `compile.ts` starts: compiles one program and prints how long that took, as JSON.
 *
 *   whole FILE            the first compilation of a fresh process, by the public API
 *   parts FILE            the same, step by step
 *   warm FILE SAMPLES     compilation after compilation, as in a process that has been at it for a while
 */
import { readFileSync } from 'node:fs';

/** Times in milliseconds. */
export interface Whole {
  readonly import: number;
  readonly load: number;
  readonly compile: number;
  readonly nativeBytes: number;
}

/** The steps of a compilation, milliseconds. */
export interface Parts {
  readonly load: number;
  readonly decode: number;
  readonly charge: number;
  /** What a process does once: koffi and libc, the code arena, the fault handler. */
  readonly setUp: number;
  readonly generate: number;
  readonly place: number;
}

/** Warm compilations: the steps of each, milliseconds. */
export interface Warm {
  readonly codeBytes: number;
  readonly instructions: number;
  readonly nativeBytes: number;
  readonly samples: readonly Omit<Parts, 'setUp'>[];
}

const [mode, file, count] = process.argv.slice(2) as [string, string, string | undefined];
const bytes = new Uint8Array(readFileSync(file));

if (mode === 'whole') {
  const start = performance.now();
  const { Program } = await import('../src/pvm/index.js');
  const imported = performance.now();
  const program = Program.load(bytes);
  const loaded = performance.now();
  const native = program.nativeCode('flat');
  const compiled = performance.now();
  const whole: Whole = {
    import: imported - start,
    load: loaded - imported,
    compile: compiled - loaded,
    nativeBytes: native.bytes.length,
  };
  process.stdout.write(JSON.stringify(whole));
} else {
  const { sharedArena } = await import('../src/host/code-arena.js');
  const { installFaultHandler } = await import('../src/host/fault-handler.js');
  const { requireNativeSupport } = await import('../src/host/support.js');
  const { Program } = await import('../src/pvm/index.js');
  const { chargeTable } = await import('../src/pvm/gas/index.js');
  const { decode } = await import('../src/pvm/isa/decode.js');
  const { loadImage } = await import('../src/pvm/program/load.js');
  const { NativeCode } = await import('../src/pvm/recompiler/native-code.js');

  // Sets the price of memory accesses where the gas model asks for it; known before, so not part of what is timed.
  const { pageCount } = mode === 'warm' ? Program.load(bytes) : { pageCount: 64 };

  const compile = (once: boolean) => {
    const start = performance.now();
    const image = loadImage(bytes);
    const loaded = performance.now();
    const decoded = decode(image.code, image.bitmask, image.jumpOffsets);
    const decodedAt = performance.now();
    const charges = chargeTable(decoded, 'flat', pageCount);
    const charged = performance.now();
    if (once) {
      requireNativeSupport('the recompiler');
      sharedArena();
      installFaultHandler();
    }
    const ready = performance.now();
    const native = NativeCode.compile(decoded, charges, 'flat');
    const done = performance.now();
    const parts: Parts = {
      load: loaded - start,
      decode: decodedAt - loaded,
      charge: charged - decodedAt,
      setUp: ready - charged,
      generate: native.generationTime,
      place: done - ready - native.generationTime,
    };
    return { parts, codeBytes: image.code.length, instructions: decoded.count, nativeBytes: native.bytes.length };
  };

  if (mode === 'parts') process.stdout.write(JSON.stringify(compile(true).parts));
  else {
    const wanted = Number(count);
    const warmUp = 100;
    const samples: Parts[] = [];
    let last = compile(true);
    for (let i = -warmUp; i < wanted; i++) {
      // A process that compiles goes on with other things in between; only then do finalizers free dropped code.
      await new Promise((resolve) => setImmediate(resolve));
      last = compile(false);
      if (i >= 0) samples.push(last.parts);
    }
    const { codeBytes, instructions, nativeBytes } = last;
    const warm: Warm = { codeBytes, instructions, nativeBytes, samples };
    process.stdout.write(JSON.stringify(warm));
  }
}
