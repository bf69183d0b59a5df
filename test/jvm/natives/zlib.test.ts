/** Checksums and zlib's state machines against Node's own zlib. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { adler32, crc32 } from '../../../src/jvm/natives/java/util/zip/checksums.js';
import { Status } from '../../../src/jvm/natives/java/util/zip/streams.js';
import { DeflateStream, InflateStream } from '../../../src/jvm/natives/java/util/zip/zlib.js';

const NO_FLUSH = 0;
const FINISH = 4;
const NONE = new Uint8Array(0);

/** Bytes that repeat enough to be compressed, and not too well. */
function sample(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 12345;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = (state >>> 16) % 7 === 0 ? state >>> 24 : 65 + (i % 13);
  }
  return bytes;
}

/** Runs a compressor to its end with output buffers of `room` bytes. */
function finish(stream: DeflateStream, input: Uint8Array, room: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; ; ) {
    const out = new Uint8Array(room);
    const { status, taken, made } = stream.deflate(input.subarray(at), out, FINISH);
    at += taken;
    parts.push(out.subarray(0, made));
    if (status === Status.StreamEnd) return Buffer.concat(parts);
    assert.equal(status, Status.Ok);
  }
}

test('the checksums of known texts', () => {
  const text = Buffer.from('123456789');
  assert.equal(crc32(0, text) >>> 0, 0xcbf43926);
  assert.equal(adler32(1, text) >>> 0, 0x091e01de);
  assert.equal(crc32(0, NONE), 0);
  assert.equal(adler32(1, NONE), 1);
});

test('checksums in pieces of any size are those of the whole', () => {
  const bytes = sample(20000);
  const whole = [crc32(0, bytes), adler32(1, bytes)];
  for (const size of [1, 7, 47, 48, 3801]) {
    let crc = 0;
    let adler = 1;
    for (let i = 0; i < bytes.length; i += size) {
      crc = crc32(crc, bytes.subarray(i, i + size));
      adler = adler32(adler, bytes.subarray(i, i + size));
    }
    assert.deepEqual([crc, adler], whole);
  }
  const deflated = zlib.deflateSync(bytes);
  assert.equal(whole[1]! >>> 0, deflated.readUInt32BE(deflated.length - 4));
});

test('what is compressed at any level Node decompresses', () => {
  const bytes = sample(50000);
  for (let level = -1; level <= 9; level++) {
    for (const strategy of [0, 1, 2]) {
      const compressed = finish(new DeflateStream(level, strategy, false), bytes, 997);
      assert.ok(zlib.inflateSync(compressed).equals(bytes), `level ${level}, strategy ${strategy}`);
      const raw = finish(new DeflateStream(level, strategy, true), bytes, 1 << 20);
      assert.ok(zlib.inflateRawSync(raw).equals(bytes));
    }
  }
});

test('level and strategy change within a stream', () => {
  const bytes = sample(40000);
  const stream = new DeflateStream(0, 0, false);
  const out = new Uint8Array(100000);
  const first = stream.deflate(bytes.subarray(0, 20000), out, NO_FLUSH);
  const change = stream.changeParameters(NONE, out.subarray(first.made), 9, 2);
  assert.equal(change.status, Status.Ok);
  const made = first.made + change.made;
  const rest = finish(stream, bytes.subarray(first.taken), 512);
  assert.ok(zlib.inflateSync(Buffer.concat([out.subarray(0, made), rest])).equals(bytes));
  assert.equal(stream.changeParameters(NONE, out, 10, 0).status, Status.StreamError);
  assert.throws(() => new DeflateStream(10, 0, false), RangeError);
});

test('decompression goes on wherever input or room ends', () => {
  const bytes = sample(30000);
  const compressed = zlib.deflateSync(bytes);
  const stream = new InflateStream(false);
  const result = new Uint8Array(bytes.length);
  let at = 0;
  let done = 0;
  for (let step = 1; ; step++) {
    const from = compressed.subarray(at, at + (step % 5) * 20);
    const { status, taken, made } = stream.inflate(from, result.subarray(done, done + (step % 7) * 100));
    at += taken;
    done += made;
    if (status === Status.StreamEnd) break;
    assert.ok(status === Status.Ok || status === Status.BufferError);
  }
  assert.equal(at, compressed.length);
  assert.deepEqual(result, bytes);
  assert.equal(stream.adler >>> 0, compressed.readUInt32BE(compressed.length - 4));
});

test('damaged data is reported with zlib’s words', () => {
  const stream = new InflateStream(false);
  const { status } = stream.inflate(Uint8Array.of(1, 2, 3), new Uint8Array(10));
  assert.equal(status, Status.DataError);
  assert.equal(stream.message, 'incorrect header check');
});

test('a dictionary is asked for, checked and used', () => {
  const dictionary = Buffer.from('a dictionary of words');
  const deflate = new DeflateStream(9, 0, false);
  assert.equal(deflate.setDictionary(dictionary), Status.Ok);
  const compressed = finish(deflate, Buffer.from('words of a dictionary'), 100);
  const inflate = new InflateStream(false);
  const out = new Uint8Array(100);
  const first = inflate.inflate(compressed, out);
  assert.equal(first.status, Status.NeedDictionary);
  assert.equal(inflate.adler, adler32(1, dictionary));
  assert.equal(inflate.setDictionary(Buffer.from('another')), Status.DataError);
  assert.equal(inflate.setDictionary(dictionary), Status.Ok);
  const second = inflate.inflate(compressed.subarray(first.taken), out);
  assert.equal(second.status, Status.StreamEnd);
  assert.equal(Buffer.from(out.subarray(0, second.made)).toString(), 'words of a dictionary');
});

test('a stream that was reset begins anew', () => {
  const bytes = sample(5000);
  const deflate = new DeflateStream(6, 0, true);
  const first = finish(deflate, bytes, 100);
  assert.equal(deflate.reset(), Status.Ok);
  assert.deepEqual(finish(deflate, bytes, 100), first);
  const inflate = new InflateStream(true);
  for (let round = 0; round < 2; round++) {
    const out = new Uint8Array(bytes.length);
    assert.equal(inflate.inflate(first, out).status, Status.StreamEnd);
    assert.deepEqual(out, bytes);
    assert.equal(inflate.reset(), Status.Ok);
  }
});
