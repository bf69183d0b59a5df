/**
 * java.lang.invoke.MethodType objects from descriptors, as a class sees their names (JVMS 5.4.3.5).
 */

import { checkClassAccess } from './access.js';
import { type Activity, call } from './activity.js';
import { allocating } from './allocating.js';
import { linkedBootClass } from './boxing.js';
import { initializeClass } from './initialization.js';
import type { JavaClass, Method } from './java-class.js';
import { classArrayOf, classesOfDescriptor } from './reflection.js';
import type { JavaThread } from './thread.js';
import type { Vm } from './vm.js';

const NATIVES = 'java/lang/invoke/MethodHandleNatives';

/** Root cells of the MethodTypes of descriptors that name public classes of the boot loader only. */
const shared = new WeakMap<Vm, Map<string, number>>();

/** A static method of MethodHandleNatives that the VM calls; its class is initialized when this returns. */
export function* upcall(t: JavaThread, name: string, descriptor: string): Activity<Method> {
  const natives = linkedBootClass(t, NATIVES);
  yield* initializeClass(t, natives);
  return t.vm.methodOf(natives, name, descriptor);
}

/**
 * The MethodType of a descriptor. The result is a plain reference: valid until the next `yield`.
 *
 * @throws NoClassDefFoundError, IllegalAccessError (Java)
 */
export function* methodTypeOf(t: JavaThread, from: JavaClass, descriptor: string): Activity<number> {
  const { vm } = t;
  let cache = shared.get(vm);
  if (cache === undefined) {
    cache = new Map();
    shared.set(vm, cache);
  }
  const known = cache.get(descriptor);
  if (known !== undefined) return vm.words[known >>> 2]!;
  const { parameters, result } = yield* classesOfDescriptor(t, from, descriptor);
  let everywhere = true;
  for (const cls of [...parameters, result]) {
    let bottom = cls;
    while (bottom.element !== null) bottom = bottom.element;
    if (bottom.isPrimitive) continue;
    checkClassAccess(t.vm, from, bottom);
    if (!bottom.loader.isBoot || (bottom.accessFlags & 1) === 0) everywhere = false;
  }
  const find = yield* upcall(
    t,
    'findMethodHandleType',
    '(Ljava/lang/Class;[Ljava/lang/Class;)Ljava/lang/invoke/MethodType;',
  );
  const array = t.handle(yield* allocating(() => classArrayOf(vm, parameters)));
  const type = Number(yield call(find, t.handle(vm.mirrorOf(result)), array));
  if (everywhere) cache.set(descriptor, vm.roots.create(type));
  return type;
}
