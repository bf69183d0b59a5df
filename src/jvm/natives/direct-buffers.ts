/** Direct ByteBuffers over memory of the VM's own, as JNI's NewDirectByteBuffer makes them. */
import type { Activity } from '../runtime/activity.js';
import { call } from '../runtime/activity.js';
import { allocating } from '../runtime/allocating.js';
import { bootClass } from '../runtime/class-loading.js';
import { initializeClass } from '../runtime/initialization.js';
import type { JavaThread } from '../runtime/thread.js';

/** Makes a java.nio.DirectByteBuffer over `capacity` bytes at an arena address; it never frees them. */
export function* newDirectByteBuffer(t: JavaThread, address: number, capacity: number): Activity<number> {
  const { vm } = t;
  const cls = bootClass(vm, 'java/nio/DirectByteBuffer');
  yield* initializeClass(t, cls);
  const buffer = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  yield call(vm.methodOf(cls, '<init>', '(JI)V'), buffer, address, capacity);
  return buffer.ref;
}
