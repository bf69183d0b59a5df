/**
 * The parts of pako, the port of zlib, that are used here: zlib's own functions on its own structures.
 *
 * pako has no declarations of them.
 */

/** `z_stream`, with arrays and positions for the pointers. */
interface ZStream {
  input: Uint8Array | null;
  next_in: number;
  avail_in: number;
  output: Uint8Array | null;
  next_out: number;
  avail_out: number;
  msg: string;
  state: DeflateState | null;
  adler: number;
}

/** The fields of `deflate_state` that `deflateParams` needs. */
interface DeflateState {
  level: number;
  strategy: number;
  last_flush: number;
  strstart: number;
  block_start: number;
  lookahead: number;
  matches: number;
  w_size: number;
  head: Uint16Array;
  prev: Uint16Array;
  max_lazy_match: number;
  good_match: number;
  nice_match: number;
  max_chain_length: number;
}

declare module 'pako/lib/zlib/zstream.js' {
  const ZStreamClass: new () => ZStream;
  export default ZStreamClass;
}

declare module 'pako/lib/zlib/deflate.js' {
  const functions: {
    deflateInit2(
      stream: ZStream,
      level: number,
      method: number,
      windowBits: number,
      memLevel: number,
      strategy: number,
      legacyHash: boolean,
    ): number;
    deflate(stream: ZStream, flush: number): number;
    deflateReset(stream: ZStream): number;
    deflateSetDictionary(stream: ZStream, dictionary: Uint8Array): number;
  };
  export default functions;
}

declare module 'pako/lib/zlib/inflate.js' {
  const functions: {
    inflateInit2(stream: ZStream, windowBits: number): number;
    inflate(stream: ZStream, flush: number): number;
    inflateReset(stream: ZStream): number;
    inflateSetDictionary(stream: ZStream, dictionary: Uint8Array): number;
  };
  export default functions;
}
