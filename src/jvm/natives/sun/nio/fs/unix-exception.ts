/** `UnixException`: how the natives of sun.nio.fs report errors of the operating system, by number. */
import { type Activity, call } from '../../../../runtime/activity.js';
import { allocating } from '../../../../runtime/allocating.js';
import { bootClass } from '../../../../runtime/class-loading.js';
import { initializeClass } from '../../../../runtime/initialization.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { ThrowRef } from '../../../../runtime/throws.js';
import { errnoOf } from '../../../system-errors.js';

/** Throws a UnixException with an error's number. A native returns this activity as its result. */
export function* unixException(t: JavaThread, errno: number): Activity<never> {
  const { vm } = t;
  const cls = bootClass(vm, 'sun/nio/fs/UnixException');
  yield* initializeClass(t, cls);
  const exception = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  yield call(vm.methodOf(cls, '<init>', '(I)V'), exception, errno);
  throw new ThrowRef(exception.ref);
}

/** A result of a system call, or the exception for a negative one. */
export function checked(t: JavaThread, result: number): number | Activity<never> {
  return result < 0 ? unixException(t, -result) : result;
}

/** Runs a function of `node:fs`. */
export function attempt<T>(t: JavaThread, work: () => T): T | Activity<never> {
  try {
    return work();
  } catch (error) {
    return unixException(t, errnoOf(error));
  }
}
