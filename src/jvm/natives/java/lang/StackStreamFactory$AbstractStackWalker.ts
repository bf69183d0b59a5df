/**
 * Natives of java.lang.StackStreamFactory.AbstractStackWalker: frames for StackWalker, a batch at a time.
 *
 * A walk lasts as long as the frame of `callStackWalk` is on the stack. Frames below it cannot change meanwhile, so the
 * frame to go on at is all a walk remembers.
 */
import { Frame } from '../../../memory/layout.js';
import { type Activity, call } from '../../../runtime/activity.js';
import { allocating } from '../../../runtime/allocating.js';
import { externalMethod } from '../../../runtime/class-descriptions.js';
import type { JavaClass, Method } from '../../../runtime/java-class.js';
import { initMethodMember } from '../../../runtime/member-names.js';
import { bciOf } from '../../../runtime/stack-walk.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { internalError, nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

const WALKER = 'java/lang/StackWalker';
const ABSTRACT_WALKER = 'java/lang/StackStreamFactory$AbstractStackWalker';
const FRAME_INFO = 'java/lang/StackFrameInfo';

/** Bits of `mode`; they must agree with StackStreamFactory's constants. */
const enum Mode {
  ClassesOnly = 0x2,
  CallerClass = 0x4,
  ShowHidden = 0x20,
  LiveFrames = 0x100,
}

/** A walk in progress: the thread, and the frame pointer (word index) to go on at, 0 at the end. */
interface Walk {
  readonly thread: JavaThread;
  fp: number;
}

const walks = new Map<number, Walk>();
let lastAnchor = 0;

/** The method of a frame, `undefined` for the VM's own frames. */
function methodAtFrame(t: JavaThread, fp: number): Method | undefined {
  const { words, stubs } = t.vm;
  const pointer = words[fp + Frame.Method]!;
  return pointer === stubs.activityMethod || pointer === stubs.baseMethod ? undefined : t.vm.methodAt(pointer);
}

function callerOf(t: JavaThread, fp: number): number {
  return t.vm.words[fp + Frame.Caller]! >>> 2;
}

function isWalker(cls: JavaClass): boolean {
  return cls.name === WALKER || cls.name === ABSTRACT_WALKER || cls.superclass?.name === ABSTRACT_WALKER;
}

/** The youngest frame that is not part of the walking itself. */
function firstFrame(t: JavaThread): number {
  let { fp } = t;
  for (; fp !== 0; fp = callerOf(t, fp)) {
    const method = methodAtFrame(t, fp);
    if (method !== undefined && !isWalker(method.holder)) break;
  }
  return fp;
}

/** The next frame from `fp` on that this mode shows; 0 when there is none. */
function visible(t: JavaThread, mode: number, from: number): number {
  const showHidden = (mode & Mode.ShowHidden) !== 0 && (mode & Mode.CallerClass) === 0;
  for (let fp = from; fp !== 0; fp = callerOf(t, fp)) {
    const method = methodAtFrame(t, fp);
    if (method !== undefined && (showHidden || !method.hiddenFrame)) return fp;
  }
  return 0;
}

/** Fills `frames` from `start` on with at most `count` frames and moves the walk on; returns the index after the last. */
function* fill(
  t: JavaThread,
  walk: Walk,
  mode: number,
  count: number,
  start: number,
  frames: { readonly ref: number },
): Activity<number> {
  const { vm } = t;
  if ((mode & Mode.LiveFrames) !== 0) {
    throw new ThrowNew('java/lang/UnsupportedOperationException', 'Scotty does not show locals and operands of frames');
  }
  let at = start;
  for (let left = count; left > 0; left--) {
    const fp = visible(t, mode, walk.fp);
    walk.fp = fp;
    if (fp === 0) break;
    const method = methodAtFrame(t, fp)!;
    if ((mode & Mode.ClassesOnly) !== 0) {
      if (at === start && (mode & Mode.CallerClass) !== 0 && method.callerSensitive) {
        throw new ThrowNew(
          'java/lang/UnsupportedOperationException',
          `StackWalker::getCallerClass called from @CallerSensitive '${externalMethod(method)}' method`,
        );
      }
      vm.putReferenceElement(frames.ref, at, vm.mirrorOf(method.holder));
    } else {
      const bci = Math.max(bciOf(method, vm.words[fp + Frame.Pc]!), 0);
      const index = at;
      yield* allocating(() => {
        const info = vm.getElement(frames.ref, index);
        const member = vm.getWord(info, vm.offset(FRAME_INFO, 'memberName'));
        initMethodMember(t, { ref: member }, method, method.holder);
        vm.putWord(info, vm.offset(FRAME_INFO, 'bci'), bci);
      });
    }
    at++;
    walk.fp = callerOf(t, fp);
  }
  return at;
}

function* callStackWalk(
  t: JavaThread,
  self: number,
  mode: number,
  skip: number,
  batch: number,
  start: number,
  framesRef: number,
): Activity<number> {
  const { vm } = t;
  if (framesRef === 0) throw nullPointer('frames_array is NULL');
  if (vm.arrayLength(framesRef) < start + batch) {
    throw new ThrowNew('java/lang/IllegalArgumentException', 'not enough space in buffers');
  }
  const walker = t.handle(self);
  const frames = t.handle(framesRef);
  const walk: Walk = { thread: t, fp: firstFrame(t) };
  for (let i = 0; i < skip && walk.fp !== 0; i++) walk.fp = callerOf(t, walk.fp);
  const end = yield* fill(t, walk, mode, batch, start, frames);
  if (end === start) throw internalError('stack walk: decode failed');
  const doStackWalk = vm.methodOf(vm.classOf(walker.ref), 'doStackWalk', '(JIIII)Ljava/lang/Object;');
  const anchor = ++lastAnchor;
  walks.set(anchor, walk);
  try {
    return Number(yield call(doStackWalk, walker, anchor, skip, batch, start, end));
  } finally {
    walks.delete(anchor);
  }
}

function* fetchStackFrames(
  t: JavaThread,
  _self: number,
  mode: number,
  anchor: number,
  batch: number,
  start: number,
  framesRef: number,
): Activity<number> {
  const walk = walks.get(anchor);
  if (walk === undefined || walk.thread !== t) throw internalError('doStackWalk: corrupted buffers');
  if (framesRef === 0) throw nullPointer('frames_array is NULL');
  return yield* fill(t, walk, mode, batch, start, t.handle(framesRef));
}

/** Natives of java.lang.StackStreamFactory.AbstractStackWalker. */
export const natives: NativeTable = {
  'callStackWalk(JIII[Ljava/lang/Object;)Ljava/lang/Object;': callStackWalk,
  'fetchStackFrames(JJII[Ljava/lang/Object;)I': fetchStackFrames,
};
