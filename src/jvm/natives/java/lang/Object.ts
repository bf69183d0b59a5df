/** Natives of java.lang.Object. */
import { CARD_SHIFT, Klass, KlassFlag, ObjectWord, ReferenceKind } from '../../../memory/layout.js';
import { type Activity, call } from '../../../runtime/activity.js';
import { bootClass } from '../../../runtime/class-loading.js';
import { initializeClass } from '../../../runtime/initialization.js';
import { identityHash, notify, notifyAll, wait } from '../../../runtime/monitors.js';
import { isAssignable } from '../../../runtime/subtypes.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { ThrowNew } from '../../../runtime/throws.js';
import type { Vm } from '../../../runtime/vm.js';
import type { NativeTable } from '../../registry.js';

/** Below this many words a loop copies faster than a call of `copyWithin`. */
const SHORT_COPY = 32;

/** Copies `count` words of an object's contents, and marks the cards of the copy: it may hold references. */
function copyWords(vm: Vm, from: number, to: number, count: number): void {
  const { words } = vm;
  if (count <= SHORT_COPY) for (let i = 0; i < count; i++) words[to + i] = words[from + i]!;
  else words.copyWithin(to, from, from + count);
  const cards = vm.arena.cardTable;
  const shift = CARD_SHIFT - 2;
  vm.u8.fill(1, cards + (to >>> shift), cards + ((to + count) >>> shift) + 1);
}

function clone(t: JavaThread, self: number): number | Activity<number> {
  const { vm } = t;
  const cls = vm.classOf(self);
  const klass = cls.klass >>> 2;
  if (cls.isArray) {
    const length = vm.arrayLength(self);
    const copy = vm.heap.allocateArray(cls, length);
    const bytes = length * 2 ** vm.words[klass + Klass.InstanceBytes]!;
    copyWords(vm, (self >>> 2) + ObjectWord.Elements, (copy >>> 2) + ObjectWord.Elements, Math.ceil(bytes / 4));
    return copy;
  }
  const isReference = vm.words[klass + Klass.ReferenceKind] !== ReferenceKind.None;
  if (isReference || !isAssignable(cls, vm.known.cloneable)) {
    throw new ThrowNew('java/lang/CloneNotSupportedException', cls.externalName);
  }
  const copy = vm.heap.allocateObject(cls);
  const size = (vm.words[klass + Klass.InstanceBytes]! >>> 2) - ObjectWord.Fields;
  copyWords(vm, (self >>> 2) + ObjectWord.Fields, (copy >>> 2) + ObjectWord.Fields, size);
  if ((vm.words[klass + Klass.Flags]! & KlassFlag.HasFinalizer) !== 0) return registerFinalizer(t, copy);
  return copy;
}

function* registerFinalizer(t: JavaThread, object: number): Activity<number> {
  const { vm } = t;
  const handle = t.handle(object);
  const finalizer = bootClass(vm, 'java/lang/ref/Finalizer');
  yield* initializeClass(t, finalizer);
  yield call(vm.methodOf(finalizer, 'register', '(Ljava/lang/Object;)V'), handle);
  return handle.ref;
}

export const natives: NativeTable = {
  'registerNatives()V': () => {},
  'getClass()Ljava/lang/Class;': (t, self: number) => t.vm.mirrorOf(t.vm.classOf(self)),
  'hashCode()I': (t, self: number) => identityHash(t.vm, self),
  'clone()Ljava/lang/Object;': clone,
  'notify()V': (t, self: number) => notify(t.vm, t, self),
  'notifyAll()V': (t, self: number) => notifyAll(t.vm, t, self),
  'wait(J)V': (t, self: number, millis: number) => wait(t, self, millis),
};
