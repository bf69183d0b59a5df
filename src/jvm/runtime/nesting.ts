/**
 * Classes within classes, as reflection shows them: InnerClasses and EnclosingMethod (what the source nests), and nests
 * (JVMS 4.7.28, 5.4.4: who may see whose private members).
 */

import { nestHostOf } from './access.js';
import type { Activity } from './activity.js';
import type { JavaClass } from './java-class.js';
import { classByName, javaName } from './reflection.js';
import type { JavaThread } from './thread.js';
import { ThrowNew, ThrowRef } from './throws.js';

/**
 * Both classes must tell the same story: `outer` must list `inner` as its member.
 *
 * @throws IncompatibleClassChangeError (Java)
 */
function checkInnerClass(outer: JavaClass, inner: JavaClass): void {
  const outerName = outer.classFile?.name;
  const innerName = inner.classFile?.name;
  // A hidden class is listed by nobody, whatever name it was made from.
  const listed =
    !inner.hidden && outer.classFile?.innerClasses?.some((i) => i.outer === outerName && i.inner === innerName);
  if (listed === true) return;
  throw new ThrowNew(
    'java/lang/IncompatibleClassChangeError',
    `${javaName(outer)} and ${javaName(inner)} disagree on InnerClasses attribute`,
  );
}

/** The class that declares `cls` as a member; null for top-level, local and anonymous classes. */
export function* declaringClass(t: JavaThread, cls: JavaClass): Activity<JavaClass | null> {
  const name = cls.classFile?.name;
  const entry = cls.classFile?.innerClasses?.find((i) => i.inner === name);
  if (entry === undefined || entry.outer === null) return null;
  const outer = yield* classByName(t, cls, entry.outer);
  checkInnerClass(outer, cls);
  return outer;
}

/** Member classes, as the InnerClasses attribute orders them. */
export function* declaredClasses(t: JavaThread, cls: JavaClass): Activity<JavaClass[]> {
  const name = cls.classFile?.name;
  const found: JavaClass[] = [];
  for (const entry of cls.classFile?.innerClasses ?? []) {
    if (entry.outer !== name) continue;
    const inner = yield* classByName(t, cls, entry.inner);
    if (inner.classFile !== undefined) checkInnerClass(cls, inner);
    found.push(inner);
  }
  return found;
}

/** Whether a failure is a LinkageError, which listings of members pass over; anything else goes on. */
function isLinkageError(t: JavaThread, error: unknown): boolean {
  const { vm } = t;
  let cls: JavaClass | null;
  if (error instanceof ThrowRef) cls = vm.classOf(error.ref);
  else if (error instanceof ThrowNew) return error.className !== 'java/lang/OutOfMemoryError';
  else return false;
  for (; cls !== null; cls = cls.superclass) if (cls.name === 'java/lang/LinkageError') return true;
  return false;
}

/** Classes named by `names` as far as they can be loaded and `accept` them; LinkageErrors are passed over. */
function* loadable(
  t: JavaThread,
  from: JavaClass,
  names: readonly string[],
  accept: (cls: JavaClass) => boolean | Activity<boolean>,
): Activity<JavaClass[]> {
  const found: JavaClass[] = [];
  for (const name of names) {
    try {
      const cls = yield* classByName(t, from, name);
      const accepted = accept(cls);
      if (typeof accepted === 'boolean' ? accepted : yield* accepted) found.push(cls);
    } catch (error) {
      if (!isLinkageError(t, error)) throw error;
    }
  }
  return found;
}

/** Host of the nest of `cls`, then the members that name it as their host. */
export function* nestMembers(t: JavaThread, cls: JavaClass): Activity<JavaClass[]> {
  const host = yield* nestHostOf(t, cls);
  const names = host.classFile?.nestMembers ?? [];
  const members = yield* loadable(t, host, names, function* (member) {
    return member !== host && (yield* nestHostOf(t, member)) === host;
  });
  const all = [host, ...members];
  // A hidden class is a member of the nest it was defined into, but nowhere listed.
  if (cls.hidden && !all.includes(cls)) all.push(cls);
  return all;
}

/** Permitted subclasses that can be loaded; null when the class is not sealed. */
export function* permittedSubclasses(t: JavaThread, cls: JavaClass): Activity<JavaClass[] | null> {
  const names = cls.classFile?.permittedSubclasses;
  if (names === undefined) return null;
  return yield* loadable(t, cls, names, (permitted) => permitted.classFile !== undefined);
}
