/**
 * zlib, from pako: loaded when it is first needed, because many programs never are.
 *
 * `node:zlib` will not do: it has no way to take a step of a stream synchronously, and its compressor makes other bytes
 * than the zlib that Java uses.
 */
import { createRequire } from 'node:module';
import { Flush, Status } from './streams.js';

const require = createRequire(import.meta.url);

type Inflate = typeof import('pako/lib/zlib/inflate.js').default;
type Deflate = typeof import('pako/lib/zlib/deflate.js').default;
type Stream = InstanceType<typeof import('pako/lib/zlib/zstream.js').default>;

let inflateFunctions: Inflate | undefined;
let deflateFunctions: Deflate | undefined;
let streamClass: (new () => Stream) | undefined;

function inflater(): Inflate {
  inflateFunctions ??= require('pako/lib/zlib/inflate.js') as Inflate;
  return inflateFunctions;
}

function deflater(): Deflate {
  deflateFunctions ??= require('pako/lib/zlib/deflate.js') as Deflate;
  return deflateFunctions;
}

/** What a step has done. */
export interface StepResult {
  readonly status: Status;
  /** Bytes of input used, and bytes of output made. */
  readonly taken: number;
  readonly made: number;
}

const NOTHING = new Uint8Array(0);
const LARGEST_WINDOW = 15;

abstract class ZlibStream {
  protected readonly stream: Stream;

  constructor() {
    streamClass ??= require('pako/lib/zlib/zstream.js') as new () => Stream;
    this.stream = new streamClass();
  }

  /** The checksum so far, or the dictionary's that is needed. */
  get adler(): number {
    return this.stream.adler | 0;
  }

  /** Text of the last error, `undefined` when there is none. */
  get message(): string | undefined {
    return this.stream.msg || undefined;
  }

  protected step(from: Uint8Array, to: Uint8Array, work: () => Status): StepResult {
    const { stream } = this;
    stream.input = from;
    stream.next_in = 0;
    stream.avail_in = from.length;
    stream.output = to;
    stream.next_out = 0;
    stream.avail_out = to.length;
    const status = work();
    const result = { status, taken: from.length - stream.avail_in, made: to.length - stream.avail_out };
    stream.input = NOTHING;
    stream.output = NOTHING;
    return result;
  }
}

/** A decompressor. */
export class InflateStream extends ZlibStream {
  /** @param raw without zlib's header and checksum */
  constructor(raw: boolean) {
    super();
    inflater().inflateInit2(this.stream, raw ? -LARGEST_WINDOW : LARGEST_WINDOW);
  }

  inflate(from: Uint8Array, to: Uint8Array): StepResult {
    return this.step(from, to, () => inflater().inflate(this.stream, Flush.Sync));
  }

  setDictionary(dictionary: Uint8Array): Status {
    return inflater().inflateSetDictionary(this.stream, dictionary);
  }

  reset(): Status {
    return inflater().inflateReset(this.stream);
  }
}

const DEFLATED = 8;
const DEFAULT_MEMORY_LEVEL = 8;
const DEFAULT_LEVEL = 6;
/** zlib's own hash function, and not the one Node's zlib has: other hashes find other matches. */
const CLASSIC_HASH = true;

/** How a level searches: good match, lazy match, nice match, longest chain; and which of the algorithms it is. */
const LEVELS: readonly (readonly [number, number, number, number, 'stored' | 'fast' | 'slow'])[] = [
  [0, 0, 0, 0, 'stored'],
  [4, 4, 8, 4, 'fast'],
  [4, 5, 16, 8, 'fast'],
  [4, 6, 32, 32, 'fast'],
  [4, 4, 16, 16, 'slow'],
  [8, 16, 32, 32, 'slow'],
  [8, 16, 128, 128, 'slow'],
  [8, 32, 128, 256, 'slow'],
  [32, 128, 258, 1024, 'slow'],
  [32, 258, 258, 4096, 'slow'],
];

/** `last_flush` of a stream that has not begun. */
const NOT_BEGUN = -2;

/** A compressor. */
export class DeflateStream extends ZlibStream {
  /**
   * @param level 0 to 9, or -1
   * @param strategy 0 default, 1 filtered, 2 Huffman coding only
   * @param raw without zlib's header and checksum
   * @throws RangeError
   */
  constructor(level: number, strategy: number, raw: boolean) {
    super();
    const bits = raw ? -LARGEST_WINDOW : LARGEST_WINDOW;
    const init = deflater().deflateInit2;
    const status = init(this.stream, level, DEFLATED, bits, DEFAULT_MEMORY_LEVEL, strategy, CLASSIC_HASH);
    if (status !== Status.Ok) throw new RangeError(`deflate level ${level}, strategy ${strategy}`);
  }

  deflate(from: Uint8Array, to: Uint8Array, flush: number): StepResult {
    return this.step(from, to, () => deflater().deflate(this.stream, flush));
  }

  /** Changes level and strategy, and compresses what came before with the old ones: `deflateParams`, which pako lacks. */
  changeParameters(from: Uint8Array, to: Uint8Array, level: number, strategy: number): StepResult {
    return this.step(from, to, () => this.parameters(level === -1 ? DEFAULT_LEVEL : level, strategy));
  }

  private parameters(level: number, strategy: number): Status {
    const s = this.stream.state!;
    const settings = LEVELS[level];
    if (settings === undefined || strategy < 0 || strategy > 4) return Status.StreamError;
    const [good, lazy, nice, chain, algorithm] = settings;
    if ((strategy !== s.strategy || algorithm !== LEVELS[s.level]![4]) && s.last_flush !== NOT_BEGUN) {
      const status: Status = deflater().deflate(this.stream, Flush.Block);
      if (status === Status.StreamError) return status;
      if (this.stream.avail_in > 0 || s.strstart - s.block_start + s.lookahead > 0) return Status.BufferError;
    }
    if (s.level !== level) {
      // Storing keeps no hash chains: they are brought up to date, or forgotten when too much has passed.
      if (s.level === 0 && s.matches !== 0) {
        if (s.matches === 1) {
          slide(s.head, s.w_size);
          slide(s.prev, s.w_size);
        } else s.head.fill(0);
        s.matches = 0;
      }
      s.level = level;
      s.max_lazy_match = lazy;
      s.good_match = good;
      s.nice_match = nice;
      s.max_chain_length = chain;
    }
    s.strategy = strategy;
    return Status.Ok;
  }

  setDictionary(dictionary: Uint8Array): Status {
    return deflater().deflateSetDictionary(this.stream, dictionary);
  }

  reset(): Status {
    return deflater().deflateReset(this.stream);
  }
}

/** Moves positions down by half a window; what falls off the edge becomes 0. */
function slide(positions: Uint16Array, by: number): void {
  for (let i = 0; i < positions.length; i++) positions[i] = Math.max(positions[i]! - by, 0);
}
