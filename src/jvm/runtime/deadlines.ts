/**
 * The deadlines of waiting threads: a binary heap, earliest first.
 *
 * A thread that wakes early leaves its entry behind: an entry counts only as long as the thread still waits until that
 * very time. Stale ones are thrown out when they come up, and all of them when they outnumber the rest.
 */
import type { JavaThread } from './thread.js';

/** See the head of the file. Times are milliseconds of `performance.now`. */
export class Deadlines {
  private readonly times: number[] = [];
  private readonly threads: JavaThread[] = [];
  private compactAt = 256;

  /** Entries, stale ones included. */
  get size(): number {
    return this.times.length;
  }

  /** Notes that `t` waits until `t.deadline`. */
  add(t: JavaThread): void {
    if (this.times.length >= this.compactAt) this.compact();
    this.push(t.deadline, t);
  }

  /** The earliest deadline, or Infinity. */
  next(): number {
    while (this.times.length > 0) {
      const time = this.times[0]!;
      if (this.threads[0]!.deadline === time) return time;
      this.pop();
    }
    return Infinity;
  }

  /** Takes a thread whose deadline is at `now` or before it. */
  takeDue(now: number): JavaThread | undefined {
    if (this.next() > now) return undefined;
    return this.pop();
  }

  private push(time: number, t: JavaThread): void {
    const { times, threads } = this;
    let i = times.length;
    times.push(time);
    threads.push(t);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (times[parent]! <= time) break;
      times[i] = times[parent]!;
      threads[i] = threads[parent]!;
      i = parent;
    }
    times[i] = time;
    threads[i] = t;
  }

  private pop(): JavaThread {
    const { times, threads } = this;
    const first = threads[0]!;
    const time = times.pop()!;
    const t = threads.pop()!;
    const size = times.length;
    if (size === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= time) break;
      times[i] = times[child]!;
      threads[i] = threads[child]!;
      i = child;
    }
    times[i] = time;
    threads[i] = t;
    return first;
  }

  private compact(): void {
    const times = this.times.slice();
    const threads = this.threads.slice();
    this.times.length = 0;
    this.threads.length = 0;
    const kept = new Set<JavaThread>();
    for (let i = 0; i < times.length; i++) {
      const t = threads[i]!;
      if (t.deadline !== times[i] || kept.has(t)) continue;
      kept.add(t);
      this.push(times[i]!, t);
    }
    this.compactAt = Math.max(256, 2 * this.times.length);
  }
}
