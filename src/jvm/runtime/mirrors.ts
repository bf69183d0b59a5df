/**
 * Mirrors: the java.lang.Class objects that stand for classes in Java.
 *
 * The first classes are loaded before java.lang.Class itself is; their mirrors are made once it is there.
 */
import { Klass } from '../memory/layout.js';
import type { JavaClass } from './java-class.js';
import { assignModule } from './modules.js';
import type { Vm } from './vm.js';

/** Classes without mirrors, by VM; absent once java.lang.Class is loaded. */
const waiting = new WeakMap<Vm, JavaClass[]>();

/** Whether mirrors can be made already. */
export function mirrorsReady(vm: Vm): boolean {
  return vm.known.class_ !== undefined && vm.known.classKlassOffset !== 0;
}

/**
 * Room for a mirror, or 0 as long as there can be none. Taken before a class becomes known to the VM, because this is
 * the step that may have to wait for a collection.
 *
 * @throws NeedsCollection when the heap is full
 */
export function allocateMirror(vm: Vm): number {
  return mirrorsReady(vm) ? vm.heap.allocateObject(vm.known.class_) : 0;
}

/** Makes `mirror`, from `allocateMirror`, the mirror of a class whose structure exists. */
export function attachMirror(vm: Vm, cls: JavaClass, mirror: number): void {
  if (mirror === 0) {
    const list = waiting.get(vm);
    if (list === undefined) waiting.set(vm, [cls]);
    else list.push(cls);
    return;
  }
  vm.words[(cls.klass >>> 2) + Klass.Mirror] = mirror;
  vm.putWord(mirror, vm.known.classKlassOffset, cls.klass);
  if (cls.loader.cell !== 0) {
    vm.putReference(mirror, vm.offset('java/lang/Class', 'classLoader'), vm.roots.get(cls.loader.cell));
  }
  if (cls.element !== null) {
    vm.putReference(mirror, vm.offset('java/lang/Class', 'componentType'), vm.mirrorOf(cls.element));
  }
  assignModule(vm, cls);
}

/** Makes a class's mirror. */
export function newMirror(vm: Vm, cls: JavaClass): number {
  const mirror = allocateMirror(vm);
  attachMirror(vm, cls, mirror);
  return mirror;
}

/** java.lang.Class has just been loaded: makes the mirrors of all classes so far. */
export function fixupMirrors(vm: Vm): void {
  const list = waiting.get(vm) ?? [];
  waiting.delete(vm);
  for (const cls of list) newMirror(vm, cls);
}
