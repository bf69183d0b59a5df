/** Natives of java.util.zip.Inflater. */
import type { JavaThread } from '../../../../runtime/thread.js';
import { internalError, ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';
import { arrayPart, bufferPart, fourWays, packed, Status, Streams } from './streams.js';
import { InflateStream } from './zlib.js';

const CLASS = 'java/util/zip/Inflater';
const streams = new Streams<InflateStream>();

function inflate(t: JavaThread, self: number, id: number, from: Uint8Array, to: Uint8Array): bigint {
  const stream = streams.get(t, id);
  const { status, taken, made } = stream.inflate(from, to);
  switch (status) {
    case Status.BufferError:
      return 0n;
    case Status.Ok:
    case Status.StreamEnd:
    case Status.NeedDictionary:
      return packed(taken, made, status === Status.StreamEnd, status === Status.NeedDictionary);
    case Status.DataError:
      t.vm.putWord(self, t.vm.offset(CLASS, 'inputConsumed'), taken);
      t.vm.putWord(self, t.vm.offset(CLASS, 'outputConsumed'), made);
      throw new ThrowNew('java/util/zip/DataFormatException', stream.message);
    case Status.MemoryError:
      throw new ThrowNew('java/lang/OutOfMemoryError');
    default:
      throw internalError(stream.message ?? 'Unknown error in checkInflateStatus');
  }
}

function setDictionary(t: JavaThread, id: number, dictionary: Uint8Array): void {
  const stream = streams.get(t, id);
  const status = stream.setDictionary(dictionary);
  if (status === Status.StreamError || status === Status.DataError) {
    throw new ThrowNew('java/lang/IllegalArgumentException', stream.message);
  }
  if (status !== Status.Ok) throw internalError(stream.message ?? 'inflateSetDictionary');
}

const ways = fourWays(inflate);

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'init(Z)J': (t, raw: number) => streams.add(t.vm, new InflateStream(raw !== 0)),
  'setDictionary(J[BII)V': (t, id: number, array: number, offset: number, length: number) =>
    setDictionary(t, id, arrayPart(t.vm, array, offset, length)),
  'setDictionaryBuffer(JJI)V': (t, id: number, address: number, length: number) =>
    setDictionary(t, id, bufferPart(t.vm, address, length)),
  'inflateBytesBytes(J[BII[BII)J': ways.bytesBytes,
  'inflateBytesBuffer(J[BIIJI)J': ways.bytesBuffer,
  'inflateBufferBytes(JJI[BII)J': ways.bufferBytes,
  'inflateBufferBuffer(JJIJI)J': ways.bufferBuffer,
  'getAdler(J)I': (t, id: number) => streams.get(t, id).adler,
  'reset(J)V': (t, id: number) => {
    if (streams.get(t, id).reset() !== Status.Ok) throw internalError('inflateReset');
  },
  'end(J)V': (t, id: number) => streams.remove(t.vm, id),
};
