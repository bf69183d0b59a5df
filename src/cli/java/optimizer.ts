/**
 * When the engine's optimizing compiler may start: not before a program has shown that it is worth it.
 *
 * Bringing Java up runs much code a little. The engine sees the interpreter's loop spin and compiles it on another thread,
 * which costs more than all of start-up, and the result is thrown away again at the next instruction that has not been met
 * yet. By the time a program has run for a moment the loop has met nearly everything, and one compilation serves.
 */
import { setFlagsFromString } from 'node:v8';

/** How long a program's own code has run before its interpreter is optimized, in milliseconds. */
const GRACE = 25;
/** Start-up that takes longer than this has met something large, and is optimized as well; since the process began. */
const LONGEST_START = 1500;

/** Keeps the optimizing compiler from starting anything. */
export function holdOptimizer(): void {
  setFlagsFromString('--no-opt');
}

/**
 * A function to be called now and then while a VM runs; it lets the compiler go when it is time.
 *
 * @param started whether start-up is over
 */
export function optimizerRelease(started: () => boolean): () => void {
  let held = true;
  let since = 0;
  return () => {
    if (!held) return;
    const now = performance.now();
    if (since === 0 && started()) since = now;
    if (now < LONGEST_START && (since === 0 || now - since < GRACE)) return;
    held = false;
    setFlagsFromString('--opt');
  };
}
