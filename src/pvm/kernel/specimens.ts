/**
 * One kernel of each engine that is never let go, for the reason told in `../specimens.ts`: V8 forgets the shapes of
 * objects, and the optimised code that relies on them, when the collector finds none any more. In a process where
 * kernels come and go, a protocol call took four times as long without.
 */
import { writeManifest } from '../program/manifest.js';
import { Kernel } from './kernel.js';

const kept = new Map<string, unknown>();

/** A protocol call, and REPLY. */
const CODE = Uint8Array.of(10, 1, 10, 0);

/** Makes sure there is a specimen for an engine. */
export function keepSpecimen(engine: 'interpreter' | 'recompiler'): void {
  if (kept.has(engine)) return;
  // Entered first: making the specimen loads a kernel, too.
  kept.set(engine, undefined);
  const kernel = Kernel.load(
    writeManifest({
      memoryPages: 1,
      invokeSlot: 64,
      capabilities: [
        { kind: 'code', slot: 64, code: CODE, bitmask: Uint8Array.of(0b0101), jumpOffsets: new Uint32Array(0) },
        { kind: 'data', slot: 65, basePage: 16, pageCount: 1, access: 'write', data: new Uint8Array(0) },
      ],
    }),
    { engine, host: { 1: (caller) => caller.memory.write(0x10000, Uint8Array.of(1)) } },
  );
  kernel.run();
  kept.set(engine, kernel);
}
