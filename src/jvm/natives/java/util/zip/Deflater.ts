/** Natives of java.util.zip.Deflater. */
import type { JavaThread } from '../../../../runtime/thread.js';
import { internalError, ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';
import { arrayPart, bufferPart, fourWays, packed, Status, Streams } from './streams.js';
import { DeflateStream } from './zlib.js';

const streams = new Streams<DeflateStream>();

/** @param parameters bit 0: change to the strategy in bits 1 and 2 and the level in the rest first, and only that */
function deflate(
  t: JavaThread,
  _self: number,
  id: number,
  from: Uint8Array,
  to: Uint8Array,
  flush = 0,
  parameters = 0,
): bigint {
  const stream = streams.get(t, id);
  if ((parameters & 1) !== 0) {
    const { status, taken, made } = stream.changeParameters(from, to, parameters >> 3, (parameters >> 1) & 3);
    if (status !== Status.Ok && status !== Status.BufferError) {
      throw internalError(stream.message ?? 'Unknown error in checkDeflateStatus, setParams case');
    }
    return packed(taken, made, false, status === Status.BufferError);
  }
  const { status, taken, made } = stream.deflate(from, to, flush);
  if (status === Status.BufferError) return 0n;
  if (status !== Status.Ok && status !== Status.StreamEnd) {
    throw internalError(stream.message ?? 'Unknown error in checkDeflateStatus');
  }
  return packed(taken, made, status === Status.StreamEnd, false);
}

function setDictionary(t: JavaThread, id: number, dictionary: Uint8Array): void {
  const status = streams.get(t, id).setDictionary(dictionary);
  if (status === Status.StreamError) throw new ThrowNew('java/lang/IllegalArgumentException');
  if (status !== Status.Ok) throw internalError('deflateSetDictionary');
}

const ways = fourWays(deflate);

export const natives: NativeTable = {
  'init(IIZ)J': (t, level: number, strategy: number, raw: number) =>
    streams.add(t.vm, new DeflateStream(level, strategy, raw !== 0)),
  'setDictionary(J[BII)V': (t, id: number, array: number, offset: number, length: number) =>
    setDictionary(t, id, arrayPart(t.vm, array, offset, length)),
  'setDictionaryBuffer(JJI)V': (t, id: number, address: number, length: number) =>
    setDictionary(t, id, bufferPart(t.vm, address, length)),
  'deflateBytesBytes(J[BII[BIIII)J': ways.bytesBytes,
  'deflateBytesBuffer(J[BIIJIII)J': ways.bytesBuffer,
  'deflateBufferBytes(JJI[BIIII)J': ways.bufferBytes,
  'deflateBufferBuffer(JJIJIII)J': ways.bufferBuffer,
  'getAdler(J)I': (t, id: number) => streams.get(t, id).adler,
  'reset(J)V': (t, id: number) => {
    if (streams.get(t, id).reset() !== Status.Ok) throw internalError('deflateReset');
  },
  'end(J)V': (t, id: number) => streams.remove(t.vm, id),
};
