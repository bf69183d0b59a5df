/**
 * Node's streams as the standard streams of a VM.
 *
 * Java writes synchronously, Node's streams take chunks and say when they have had enough: the VM is then stopped
 * between two turns until the stream has drained, so a program that prints faster than its reader reads does not fill
 * the memory.
 */
import type { Readable, Writable } from 'node:stream';
import type { HostStreams } from '../runtime/vm.js';

/** See the head of the file. */
export class StandardStreams implements HostStreams {
  readonly stdin: (into: Uint8Array) => number;
  /** Called when a stream has more than it wants: the thread that writes shall end its turn. */
  onFull: (() => void) | undefined;
  private readonly stdout: Writable;
  private readonly stderr: Writable;

  /** @param stdin `undefined`: nothing to read, the end at once */
  constructor(stdin: Readable | undefined, stdout: Writable, stderr: Writable) {
    this.stdin = stdin === undefined ? () => 0 : readerOf(stdin);
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Hands on a copy; to a stream that has been closed, nothing. */
  write(fd: 1 | 2, bytes: Uint8Array): void {
    const to = fd === 1 ? this.stdout : this.stderr;
    if (to.destroyed || to.writableEnded) return;
    if (!to.write(Buffer.from(bytes))) this.onFull?.();
  }

  /** Whether one of the streams has more than it wants. */
  get full(): boolean {
    return this.stdout.writableNeedDrain || this.stderr.writableNeedDrain;
  }

  /** Waits until neither is full, or `stop` settles. */
  async drained(stop: Promise<unknown>): Promise<void> {
    for (const stream of [this.stdout, this.stderr]) {
      if (!stream.writableNeedDrain) continue;
      await new Promise<void>((resolve) => {
        const events = ['drain', 'close', 'error'] as const;
        const over = (): void => {
          for (const event of events) stream.off(event, over);
          resolve();
        };
        // An error is reported to the stream's own listeners as well; here it only ends the wait.
        for (const event of events) stream.on(event, over);
        void stop.then(over, over);
      });
    }
  }
}

/** A function that fills a buffer from a stream: bytes read, 0 at the end, -1: nothing yet. */
function readerOf(stream: Readable): (into: Uint8Array) => number {
  let rest: Uint8Array = new Uint8Array(0);
  return (into) => {
    if (rest.length === 0) {
      const chunk: unknown = stream.readable ? stream.read() : null;
      if (chunk === null) return stream.readableEnded || stream.destroyed ? 0 : -1;
      if (typeof chunk === 'string') rest = Buffer.from(chunk);
      else if (chunk instanceof Uint8Array) rest = chunk;
      else throw new TypeError('the stream for standard input must give bytes or text');
      if (rest.length === 0) return -1;
    }
    const count = Math.min(rest.length, into.length);
    into.set(rest.subarray(0, count));
    rest = rest.subarray(count);
    return count;
  };
}
