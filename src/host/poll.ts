/**
 * Waiting for descriptors, for a point in time, or for a signal, whichever comes first: the C library's `ppoll`.
 *
 * `ppoll` and not `poll`, because its timeout is in nanoseconds and guests sleep for microseconds. It blocks the whole
 * JavaScript thread, so it is for programs that own their process and have nothing else to do.
 */
import { libc, SystemError } from './libc.js';
import { nativeSupport } from './support.js';

/** Events of a descriptor (Linux). `Error`, `HangUp` and `Invalid` are reported whether asked for or not. */
export const enum PollEvent {
  In = 0x01,
  Priority = 0x02,
  Out = 0x04,
  Error = 0x08,
  HangUp = 0x10,
  Invalid = 0x20,
}

const EINTR = 4;
/** Longest timeout given to the system: a day. Callers come back and wait again. */
const LONGEST = 86_400_000;

const timespec = new BigInt64Array(2);
const timeoutBytes = new Uint8Array(timespec.buffer);
let sleeper: Int32Array | undefined;

/**
 * Waits until one of the descriptors is ready.
 *
 * @param set pairs of words: descriptor, then wanted events in the low and, on return, ready events in the high half
 * @param count pairs in use
 * @param timeout milliseconds, with fractions; 0: only look; Infinity: for ever (a day)
 * @returns how many descriptors are ready; 0 at a timeout and when a signal came
 * @throws SystemError; Error when there are descriptors and this platform cannot poll
 */
export function pollDescriptors(set: Int32Array, count: number, timeout: number): number {
  const millis = Math.min(Math.max(timeout, 0), LONGEST);
  if (!nativeSupport().available) {
    if (count > 0) throw new Error('waiting for descriptors needs native support');
    if (millis > 0) sleep(millis);
    return 0;
  }
  const nanos = Math.ceil(millis * 1e6);
  timespec[0] = BigInt(Math.floor(nanos / 1e9));
  timespec[1] = BigInt(nanos % 1e9);
  const c = libc();
  const bytes = new Uint8Array(set.buffer, set.byteOffset, set.byteLength);
  const ready = c.ppoll(bytes, count, timeoutBytes, null);
  if (ready >= 0) return ready;
  const errno = c.errno();
  for (let i = 0; i < count; i++) set[2 * i + 1] = set[2 * i + 1]! & 0xffff;
  if (errno === EINTR) return 0;
  throw new SystemError('ppoll', errno);
}

function sleep(millis: number): void {
  sleeper ??= new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(sleeper, 0, 0, millis);
}
