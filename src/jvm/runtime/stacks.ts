/**
 * Stack sections of threads: stretches of the arena's stacks section, given back when a thread ends.
 *
 * First fit over a sorted list of holes, which merge. The section is an address range of fixed size, where an ordinary
 * process has nearly endless address space; so a thread that asks for no size of its own gets less than the default
 * once half of the section is taken: many threads at once are worth more than deep recursion in each of them.
 */
import type { Arena } from '../memory/arena.js';
import { ThrowNew } from './throws.js';

/** Smallest stack a thread can have, bytes. */
export const SMALLEST_STACK = 144 * 1024;
const PAGE = 4096;

/** Message of the OutOfMemoryError for a thread that cannot be made. */
const NO_THREAD = 'unable to create native thread: possibly out of memory or process/resource limits reached';

/** See the head of the file. */
export class Stacks {
  private readonly size: number;
  private readonly holes: { start: number; end: number }[];
  private taken = 0;

  constructor(arena: Arena) {
    this.size = arena.stacksEnd - arena.stacksStart;
    this.holes = [{ start: arena.stacksStart, end: arena.stacksEnd }];
  }

  /** What a thread gets that asks for nothing special, bytes. */
  defaultSize(configured: number): number {
    const free = 1 - this.taken / this.size;
    const size = free > 0.5 ? configured : free > 0.25 ? configured / 4 : SMALLEST_STACK;
    return Math.max(size, SMALLEST_STACK);
  }

  /** What a thread gets that asks for `bytes`: to Java a size is a wish. Too large a one is cut to half of the largest hole. */
  fitting(bytes: number): number {
    const largest = this.holes.reduce((most, hole) => Math.max(most, hole.end - hole.start), 0);
    return bytes <= largest ? bytes : Math.max(Math.floor(largest / 2), SMALLEST_STACK);
  }

  /**
   * Takes a section.
   *
   * @param bytes wanted; rounded up to pages and to the smallest size
   * @throws ThrowNew OutOfMemoryError when there is none
   */
  take(bytes: number): { start: number; end: number } {
    const size = Math.ceil(Math.max(bytes, SMALLEST_STACK) / PAGE) * PAGE;
    const at = this.holes.findIndex((h) => h.end - h.start >= size);
    const hole = this.holes[at];
    if (hole === undefined) throw new ThrowNew('java/lang/OutOfMemoryError', NO_THREAD);
    const { start } = hole;
    hole.start += size;
    if (hole.start === hole.end) this.holes.splice(at, 1);
    this.taken += size;
    return { start, end: start + size };
  }

  /** Gives a section back. */
  give(start: number, end: number): void {
    this.taken -= end - start;
    let at = this.holes.findIndex((h) => h.start >= end);
    if (at < 0) at = this.holes.length;
    const before = this.holes[at - 1];
    const after = this.holes[at];
    const joinsAfter = after?.start === end;
    if (before?.end === start) {
      before.end = joinsAfter ? after!.end : end;
      if (joinsAfter) this.holes.splice(at, 1);
    } else if (joinsAfter) {
      after!.start = start;
    } else {
      this.holes.splice(at, 0, { start, end });
    }
  }
}
