/**
 * What Inflater and Deflater share: their streams by the number that Java holds as an address, the memory they work on,
 * and the packing of results.
 */

import type { JavaThread } from '../../../../runtime/thread.js';
import { internalError } from '../../../../runtime/throws.js';
import type { Vm } from '../../../../runtime/vm.js';
import type { NativeFunction } from '../../../registry.js';

/** Return codes of zlib. */
export const enum Status {
  Ok = 0,
  StreamEnd = 1,
  NeedDictionary = 2,
  StreamError = -2,
  DataError = -3,
  MemoryError = -4,
  BufferError = -5,
}

/** Values of zlib's `flush`. */
export const enum Flush {
  None = 0,
  Sync = 2,
  Block = 5,
}

/** Streams of one kind in a VM. */
export class Streams<S> {
  private readonly byVm = new WeakMap<Vm, Map<number, S>>();
  private next = 1;

  add(vm: Vm, stream: S): number {
    let streams = this.byVm.get(vm);
    if (streams === undefined) {
      streams = new Map();
      this.byVm.set(vm, streams);
    }
    const id = this.next++;
    streams.set(id, stream);
    return id;
  }

  get(t: JavaThread, id: number): S {
    const stream = this.byVm.get(t.vm)?.get(id);
    if (stream === undefined) throw internalError(`no zlib stream ${id}`);
    return stream;
  }

  remove(vm: Vm, id: number): void {
    this.byVm.get(vm)?.delete(id);
  }
}

/** A part of a byte array as memory. */
export function arrayPart(vm: Vm, array: number, offset: number, length: number): Uint8Array {
  const start = (array >>> 0) + 16 + offset;
  return vm.u8.subarray(start, start + length);
}

/** Memory outside of the heap. */
export function bufferPart(vm: Vm, address: number, length: number): Uint8Array {
  return vm.u8.subarray(address, address + length);
}

/** Bytes taken and bytes made, 31 bits each, and two flags above them. */
export function packed(taken: number, made: number, bit62: boolean, bit63: boolean): bigint {
  const low = BigInt(taken) | (BigInt(made) << 31n);
  return BigInt.asIntN(64, low | (bit62 ? 1n << 62n : 0n) | (bit63 ? 1n << 63n : 0n));
}

/** What one step works on, and what follows in the argument list. */
type Step = (
  t: JavaThread,
  self: number,
  stream: number,
  from: Uint8Array,
  to: Uint8Array,
  ...rest: number[]
) => bigint;

/**
 * The four natives of one step, by where input and output lie: `Bytes` an array, an offset and a length, `Buffer` an
 * address and a length.
 */
export function fourWays(
  step: Step,
): Record<'bytesBytes' | 'bytesBuffer' | 'bufferBytes' | 'bufferBuffer', NativeFunction> {
  return {
    bytesBytes: (t, self, z, from, fromAt, fromLength, to, toAt, toLength, ...rest) =>
      step(t, self, z, arrayPart(t.vm, from, fromAt, fromLength), arrayPart(t.vm, to, toAt, toLength), ...rest),
    bytesBuffer: (t, self, z, from, fromAt, fromLength, to, toLength, ...rest) =>
      step(t, self, z, arrayPart(t.vm, from, fromAt, fromLength), bufferPart(t.vm, to, toLength), ...rest),
    bufferBytes: (t, self, z, from, fromLength, to, toAt, toLength, ...rest) =>
      step(t, self, z, bufferPart(t.vm, from, fromLength), arrayPart(t.vm, to, toAt, toLength), ...rest),
    bufferBuffer: (t, self, z, from, fromLength, to, toLength, ...rest) =>
      step(t, self, z, bufferPart(t.vm, from, fromLength), bufferPart(t.vm, to, toLength), ...rest),
  };
}
