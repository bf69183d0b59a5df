/**
 * One instance of each kind that is never let go.
 *
 * V8 ties optimised code to the shapes of the objects it has seen. When the collector finds no object of a shape any
 * more, the shape is forgotten and the code with it. Programs come and go in a process that hosts guests, and often there
 * is no instance left when the collector runs: replays of a JAM service then took three times as long on the recompiler.
 * A specimen of a few kilobytes keeps the shapes alive.
 */
import { Access, type ProgramImage } from './program/image.js';
import { type Engine, Program } from './program.js';

const kept = new Map<Engine, unknown>();

/** A trap, a page to write, nothing else. */
const IMAGE: ProgramImage = {
  kind: 'code',
  metadata: new Uint8Array(0),
  code: Uint8Array.of(0),
  bitmask: Uint8Array.of(1),
  jumpOffsets: new Uint32Array(0),
  segments: [{ name: 'page', address: 0x10000, length: 4096, access: Access.Write, data: new Uint8Array(0) }],
  heap: undefined,
  argumentsAddress: undefined,
  argumentsLimit: 0,
  registers: new Array<bigint>(13).fill(0n),
  entry: 0,
  imports: [],
  exports: [],
};

/** Makes sure there is a specimen for an engine. */
export function keepSpecimen(engine: Engine): void {
  if (kept.has(engine)) return;
  // Entered first: making the specimen instantiates, too.
  kept.set(engine, undefined);
  const instance = new Program(IMAGE).instantiate({ engine, host: { 0: () => undefined } });
  instance.memory.write(0x10000, Uint8Array.of(1));
  instance.run();
  kept.set(engine, instance);
}
