/**
 * Exceptions that the VM itself throws: made as Java would, by the class's own constructor on the thread's own stack, so
 * that a stack trace shows the instruction that failed.
 *
 * Two cannot be made that way, because what they report is that there is no room to run a constructor: StackOverflowError
 * and OutOfMemoryError are filled in directly.
 */

import { type Activity, BLOCK, call } from './activity.js';
import { allocating } from './allocating.js';
import { bootClass } from './class-loading.js';
import { initializeClass } from './initialization.js';
import { log } from './log.js';
import { captureBacktrace } from './stack-trace.js';
import type { JavaThread } from './thread.js';
import { NeedsCollection, ThrowNew } from './throws.js';

/** Makes the exception and returns its reference; the caller throws it. */
export function* newThrowable(t: JavaThread, error: ThrowNew): Activity<number> {
  const { vm } = t;
  if (error.className === 'java/lang/OutOfMemoryError' && vm.options.tuning?.exitOnOutOfMemory === true) {
    log(vm.options.streams, 1, `Terminating due to java.lang.OutOfMemoryError: ${error.text ?? ''}\n`);
    vm.exitCode = 3;
    yield BLOCK;
  }
  if (error.className === 'java/lang/StackOverflowError' || error.className === 'java/lang/OutOfMemoryError') {
    vm.heap.reserveOpen = true;
    try {
      return filledIn(t, error);
    } catch (failure) {
      // Not even room for the error: the one made at start-up, which has no stack trace.
      if (!(failure instanceof NeedsCollection) || vm.lastResortError === 0) throw failure;
      return vm.roots.get(vm.lastResortError);
    } finally {
      vm.heap.reserveOpen = false;
    }
  }
  const cause = error.causedBy === undefined ? undefined : t.handle(error.causedBy.ref);
  const cls = yield* allocating(() => bootClass(vm, error.className));
  yield* initializeClass(t, cls);
  const handle = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
  const withText = cls.methodTable.get('<init>(Ljava/lang/String;)V');
  const { text } = error;
  const message = text === undefined ? undefined : t.handle(yield* allocating(() => vm.strings.fromJs(text)));
  if (message !== undefined && withText !== undefined) {
    yield call(withText, handle, message);
  } else {
    const plain = cls.methodTable.get('<init>()V');
    const withCause = cls.methodTable.get('<init>(Ljava/lang/Throwable;)V');
    if (plain !== undefined) yield call(plain, handle);
    else if (withCause !== undefined && cause !== undefined) {
      yield call(withCause, handle, cause);
      return handle.ref;
    } else if (withText !== undefined) yield call(withText, handle, 0);
    else throw new Error(`${error.className} has no constructor the VM could use`);
    if (message !== undefined) vm.putReference(handle.ref, vm.known.throwableMessage, message.ref);
  }
  if (cause !== undefined) {
    yield call(vm.methodOf(cls, 'initCause', '(Ljava/lang/Throwable;)Ljava/lang/Throwable;'), handle, cause);
  }
  return handle.ref;
}

/** Makes the OutOfMemoryError that is thrown when there is no room for another. */
export function prepareLastResort(t: JavaThread): void {
  const { vm } = t;
  const error = filledIn(t, new ThrowNew('java/lang/OutOfMemoryError', 'Java heap space'));
  vm.putReference(error, vm.known.throwableBacktrace, 0);
  vm.lastResortError = vm.roots.create(error);
}

/** An error whose constructor cannot run. */
function filledIn(t: JavaThread, error: ThrowNew): number {
  const { vm } = t;
  const ref = vm.heap.allocateObject(bootClass(vm, error.className));
  const field = (name: string) => vm.offset('java/lang/Throwable', name);
  if (error.text !== undefined) vm.putReference(ref, field('detailMessage'), vm.strings.fromJs(error.text));
  vm.putReference(ref, field('cause'), ref);
  vm.putReference(ref, field('stackTrace'), vm.words[field('UNASSIGNED_STACK') >>> 2]!);
  vm.putReference(ref, field('suppressedExceptions'), vm.words[field('SUPPRESSED_SENTINEL') >>> 2]!);
  captureBacktrace(t, ref);
  return ref;
}
