/**
 * Which class is a subtype of which (JVMS 4.10.1.2, 6.5 checkcast).
 *
 * Superclasses near the root are found by one load from the class structure's display; for the rest there is a cache of
 * one entry a class, and behind it the class objects.
 */
import { ClassKind, Klass } from '../memory/layout.js';
import type { JavaClass } from './java-class.js';
import type { Vm } from './vm.js';

/** Whether instances of klass pointer `klass` are instances of klass pointer `target`. */
export function isSubtype(vm: Vm, klass: number, target: number): boolean {
  if (klass === target) return true;
  const { words } = vm;
  const k = klass >>> 2;
  const t = target >>> 2;
  if (words[t + Klass.Kind] === ClassKind.Instance) {
    const depth = words[t + Klass.Depth]!;
    if (depth < Klass.DisplayLength) return words[k + Klass.Display + depth] === target;
  }
  if (words[k + Klass.SubtypeCache] === target) return true;
  if (!isAssignable(vm.classes[words[k]!]!, vm.classes[words[t]!]!)) return false;
  words[k + Klass.SubtypeCache] = target;
  return true;
}

/**
 * Whether a value of type `from` can be assigned to a variable of type `to`. A primitive is assignable to itself only.
 */
export function isAssignable(from: JavaClass, to: JavaClass): boolean {
  for (;;) {
    if (from === to) return true;
    if (from.kind === ClassKind.Primitive || to.kind === ClassKind.Primitive) return false;
    if (to.kind === ClassKind.Interface) return from.allInterfaces.has(to);
    if (to.superclass === null) return true;
    if (to.kind < ClassKind.ReferenceArray) return isSubclass(from, to);
    if (from.kind < ClassKind.ReferenceArray) return false;
    from = from.element!;
    to = to.element!;
  }
}

/** Whether `cls` is `of` or one of its subclasses; interfaces are subclasses of Object alone. */
export function isSubclass(cls: JavaClass, of: JavaClass): boolean {
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) if (c === of) return true;
  return false;
}
