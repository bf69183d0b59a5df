/**
 * Root cells: words of metadata that hold one reference each and are scanned by every collection.
 *
 * They give a moving object an address that does not move: string constants, resolved call sites, loader objects,
 * whatever decoded code names by an operand. A cell is named by its byte offset in the arena.
 */
import type { Arena } from './arena.js';

const BLOCK_WORDS = 1024;

/** All cells of a VM. */
export class RootCells {
  private readonly arena: Arena;
  private readonly blocks: number[] = [];
  private readonly free: number[] = [];
  private next = 0;
  private end = 0;

  constructor(arena: Arena) {
    this.arena = arena;
  }

  /** Makes a cell that holds `ref` and returns its byte offset. */
  create(ref: number): number {
    let cell = this.free.pop();
    if (cell === undefined) {
      if (this.next === this.end) {
        this.next = this.arena.allocateMetadata(BLOCK_WORDS * 4);
        this.end = this.next + BLOCK_WORDS * 4;
        this.blocks.push(this.next >>> 2);
      }
      cell = this.next;
      this.next += 4;
    }
    this.arena.words[cell >>> 2] = ref;
    return cell;
  }

  /** Gives a cell back. */
  release(cell: number): void {
    this.arena.words[cell >>> 2] = 0;
    this.free.push(cell);
  }

  get(cell: number): number {
    return this.arena.words[cell >>> 2]!;
  }

  set(cell: number, ref: number): void {
    this.arena.words[cell >>> 2] = ref;
  }

  /** Calls `visit` with the word range of each block; words that hold no reference are 0. */
  forEachBlock(visit: (startWord: number, endWord: number) => void): void {
    for (const block of this.blocks) {
      const last = block === this.blocks[this.blocks.length - 1];
      visit(block, last ? this.next >>> 2 : block + BLOCK_WORDS);
    }
  }
}
