/** Figures of the collections a VM has made, and the log line of each. */
import { log } from '../../runtime/log.js';

/** `young`: the nursery only. */
export type CollectionKind = 'young' | 'full';

/** Pauses kept one by one, at most; the sums go on. */
const MOST_PAUSES = 10_000;
const MIB = 1 << 20;

/** Pauses of one kind of collection, in milliseconds. */
export interface PauseFigures {
  readonly count: number;
  readonly total: number;
  readonly longest: number;
  /** The pauses themselves, the first ten thousand. */
  readonly pauses: readonly number[];
}

/** Figures that grow. */
export class Pauses implements PauseFigures {
  count = 0;
  total = 0;
  longest = 0;
  readonly pauses: number[] = [];

  add(millis: number): void {
    this.count++;
    this.total += millis;
    this.longest = Math.max(this.longest, millis);
    if (this.pauses.length < MOST_PAUSES) this.pauses.push(millis);
  }

  /** The figures as they are now. */
  copy(): PauseFigures {
    const { count, total, longest, pauses } = this;
    return { count, total, longest, pauses: [...pauses] };
  }
}

/** See the head of the file. */
export class CollectionStatistics {
  private readonly figures = { young: new Pauses(), full: new Pauses() };
  private readonly start = performance.now();
  private beganAt = 0;
  private usedBefore = 0;

  constructor(
    private readonly options: {
      readonly verboseGc: boolean;
      readonly streams: { write(fd: 1 | 2, bytes: Uint8Array): void };
    },
  ) {}

  get young(): Pauses {
    return this.figures.young;
  }

  get full(): Pauses {
    return this.figures.full;
  }

  /** A collection begins. */
  begin(usedBytes: number): void {
    this.usedBefore = usedBytes;
    this.beganAt = performance.now();
  }

  /** The collection that `begin` announced has ended. */
  end(kind: CollectionKind, cause: string, usedBytes: number, totalBytes: number): void {
    const now = performance.now();
    const millis = now - this.beganAt;
    this.figures[kind].add(millis);
    if (!this.options.verboseGc) return;
    const time = ((now - this.start) / 1000).toFixed(3);
    const number = this.young.count + this.full.count - 1;
    const mib = (bytes: number) => `${Math.round(bytes / MIB)}M`;
    const what = `Pause ${kind === 'young' ? 'Young' : 'Full'} (${cause})`;
    const sizes = `${mib(this.usedBefore)}->${mib(usedBytes)}(${mib(totalBytes)})`;
    const line = `[${time}s][info][gc] GC(${number}) ${what} ${sizes} ${millis.toFixed(3)}ms\n`;
    log(this.options.streams, 1, line);
  }
}
