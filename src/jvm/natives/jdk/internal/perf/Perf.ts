/**
 * Natives of jdk.internal.perf.Perf: performance counters. They live in memory of the VM; no other process can attach,
 * since there is no shared file.
 */
import type { Activity } from '../../../../runtime/activity.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../../runtime/throws.js';
import type { Vm } from '../../../../runtime/vm.js';
import { newDirectByteBuffer } from '../../../direct-buffers.js';
import type { NativeTable } from '../../../registry.js';

/** Memory of the counters of a VM, by name: one made twice is an error. */
const counters = new WeakMap<Vm, Map<string, number>>();

function newCounter(t: JavaThread, name: number, bytes: number): number {
  const { vm } = t;
  if (name === 0) throw nullPointer();
  const known = counters.get(vm) ?? new Map<string, number>();
  counters.set(vm, known);
  const text = vm.strings.toJs(name);
  if (known.has(text)) {
    throw new ThrowNew('java/lang/IllegalArgumentException', 'PerfLong name already exists');
  }
  const address = vm.nativeMemory.allocate(bytes);
  if (address === 0) throw new ThrowNew('java/lang/OutOfMemoryError');
  known.set(text, address);
  vm.u8.fill(0, address, address + bytes);
  return address;
}

function* createLong(
  t: JavaThread,
  _self: number,
  name: number,
  _variability: number,
  _units: number,
  value: bigint,
): Activity<number> {
  const address = newCounter(t, name, 8);
  t.vm.putLong(0, address, value);
  return yield* newDirectByteBuffer(t, address, 8);
}

function* createByteArray(
  t: JavaThread,
  _self: number,
  name: number,
  _variability: number,
  _units: number,
  value: number,
  maxLength: number,
): Activity<number> {
  if (value === 0) throw nullPointer();
  const { vm } = t;
  const address = newCounter(t, name, maxLength);
  vm.u8.set(vm.bytesOf(value).subarray(0, maxLength), address);
  return yield* newDirectByteBuffer(t, address, maxLength);
}

export const natives: NativeTable = {
  'registerNatives()V': () => {},
  'createLong(Ljava/lang/String;IIJ)Ljava/nio/ByteBuffer;': { exact: createLong },
  'createByteArray(Ljava/lang/String;II[BI)Ljava/nio/ByteBuffer;': createByteArray,
  'highResCounter()J': () => process.hrtime.bigint(),
  'highResFrequency()J': () => 1_000_000_000,
  'attach(Ljava/lang/String;II)Ljava/nio/ByteBuffer;': () => {
    throw new ThrowNew('java/io/IOException', 'attaching to performance counters is not supported');
  },
  'detach(Ljava/nio/ByteBuffer;)V': () => {
    throw new ThrowNew('java/lang/IllegalArgumentException', 'no performance counters are attached');
  },
};
