/**
 * Reads and writes of channels: between a descriptor and memory at an address, or at several (a vector of `address,
 * length` pairs of 8 bytes each), with the results and exceptions of sun.nio.ch.
 */
import { PollEvent } from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import type { Vm } from '../../../../runtime/vm.js';
import { ERROR_BASE, errorOf, fixedMemory, IoStatus, type Transfer, transferring } from '../../../descriptors.js';
import { andThen } from '../../../java/io/file-descriptors.js';
import { ioException } from '../../../system-errors.js';

/** Most of a vector that is transferred at once, bytes. */
const LARGEST = 1 << 20;

/** Makes Java's result of a transfer's. */
function resultOf(result: number, events: number): number {
  if (result <= ERROR_BASE) throw ioException(errorOf(result));
  return result === 0 && events === PollEvent.In ? IoStatus.EndOfFile : result;
}

/** Transfers once. `events` says whether it is a read (`In`) or a write (`Out`). */
export function transferMemory(
  t: JavaThread,
  fd: number,
  events: PollEvent.In | PollEvent.Out,
  address: number,
  length: number,
  transfer: Transfer,
): number | Activity<number> {
  const memory = fixedMemory(t.vm, address, length);
  return andThen(
    transferring(t, fd, events, transfer, memory, () => memory),
    (done) => resultOf(done, events),
  );
}

function partsOf(vm: Vm, vector: number, count: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const at = (vector >>> 3) + 2 * i;
    const address = Number(vm.arena.i64[at]);
    parts.push(vm.u8.subarray(address, address + Number(vm.arena.i64[at + 1])));
  }
  return parts;
}

/** A transfer between a descriptor and several stretches of memory. */
export type VectorTransfer = (fd: number, parts: readonly Uint8Array[]) => number;

function sizeOf(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) sum += part.length;
  return Math.min(sum, LARGEST);
}

/** A read of several: one read, so that a datagram stays one, handed out in order. */
export function readVectorInto(read: Transfer): VectorTransfer {
  return (fd, parts) => {
    if (parts.length === 1) return read(fd, parts[0]!);
    const whole = new Uint8Array(sizeOf(parts));
    const got = read(fd, whole);
    for (let i = 0, at = 0; at < got; at += parts[i++]!.length) {
      parts[i]!.set(whole.subarray(at, Math.min(got, at + parts[i]!.length)));
    }
    return got;
  };
}

/** A write of several, gathered into one. */
export function writeVectorFrom(write: Transfer): VectorTransfer {
  return (fd, parts) => {
    if (parts.length === 1) return write(fd, parts[0]!);
    const whole = new Uint8Array(sizeOf(parts));
    let at = 0;
    for (const part of parts) {
      const fits = part.subarray(0, whole.length - at);
      whole.set(fits, at);
      at += fits.length;
    }
    return write(fd, whole);
  };
}

/** As `transferMemory`, with a vector. */
export function transferVector(
  t: JavaThread,
  fd: number,
  events: PollEvent.In | PollEvent.Out,
  vector: number,
  count: number,
  transfer: VectorTransfer,
): number | Activity<number> {
  const parts = partsOf(t.vm, vector, count);
  const none = () => parts[0]!;
  const once: Transfer = (number) => transfer(number, parts);
  return andThen(
    transferring(t, fd, events, once, none, () => none),
    (done) => resultOf(done, events),
  );
}
