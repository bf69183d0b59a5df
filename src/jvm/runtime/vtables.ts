/**
 * Virtual method tables: which method each slot of a class holds (JVMS 5.4.5, 5.4.6).
 *
 * A class's table is its superclass's with overridden slots replaced, then slots for methods that override nothing,
 * then *mirandas*: slots for methods that only superinterfaces declare, filled with the default method that is
 * selected or with the abstract one. Final methods that override nothing need no slot. Interfaces have no table.
 */
import { Acc } from '../classfile/index.js';
import { type JavaClass, Method } from './java-class.js';
import { ThrowNew } from './throws.js';

const NOT_VIRTUAL = Acc.Static | Acc.Private;
const NO_MIRANDAS: ReadonlyMap<string, number> = new Map();

/** Names of the default methods between which a class would have to choose; by the pseudo method in its vtable. */
const conflicts = new WeakMap<Method, string>();

/**
 * What calling `method` must say when it stands for a choice between default methods; `undefined` for other methods.
 */
export function conflictMessage(method: Method): string | undefined {
  return conflicts.get(method);
}

/** Whether two classes are in the same run-time package (JVMS 5.3). */
export function samePackage(a: JavaClass, b: JavaClass): boolean {
  return a === b || (a.loader === b.loader && a.packageName === b.packageName);
}

/** Whether a method of a subclass `cls` may override `inherited`, by access alone (JVMS 5.4.5). */
function mayOverride(inherited: Method, cls: JavaClass): boolean {
  if ((inherited.accessFlags & (Acc.Public | Acc.Protected)) !== 0) return true;
  return (inherited.accessFlags & Acc.Private) === 0 && samePackage(inherited.holder, cls);
}

/** Whether a superclass had a method in `slot` that `cls` may override, though the one there now may not be. */
function overridesTransitively(cls: JavaClass, slot: number): boolean {
  for (let c = cls.superclass; c !== null && slot < c.vtable.length; c = c.superclass) {
    if (mayOverride(c.vtable[slot]!, cls)) return true;
  }
  return false;
}

/**
 * Fills `vtable` and `mirandas` of a class and gives its methods their vtable indexes. Superclass, superinterfaces and
 * methods must be set. Returns pseudo methods that had to be made: they need structures like the declared ones.
 *
 * @throws IncompatibleClassChangeError (Java) when a final method is overridden
 */
export function buildVtable(cls: JavaClass): Method[] {
  if (cls.isInterface) return [];
  const sup = cls.superclass;
  const vtable: Method[] = sup === null ? [] : sup.vtable.slice();
  let mirandas: ReadonlyMap<string, number> = sup === null ? NO_MIRANDAS : sup.mirandas;
  for (const [key, method] of cls.methodTable) {
    if ((method.accessFlags & NOT_VIRTUAL) !== 0 || key.charCodeAt(0) === 0x3c) continue;
    let index = -1;
    for (let c = sup; c !== null; c = c.superclass) {
      const inherited = c.methodTable.get(key);
      if (inherited === undefined || (inherited.accessFlags & NOT_VIRTUAL) !== 0) continue;
      const slot = inherited.vtableIndex;
      const occupant = slot < 0 ? inherited : vtable[slot]!;
      if (occupant === method) continue;
      if (!mayOverride(occupant, cls) && (slot < 0 || !overridesTransitively(cls, slot))) continue;
      if ((occupant.accessFlags & Acc.Final) !== 0) throw overridesFinal(cls, occupant);
      if (slot < 0) continue;
      vtable[slot] = method;
      if (index < 0) index = slot;
    }
    const miranda = mirandas.get(key);
    if (miranda !== undefined) {
      vtable[miranda] = method;
      if (index < 0) index = miranda;
      const less = new Map(mirandas);
      less.delete(key);
      mirandas = less;
    }
    if (index < 0 && ((method.accessFlags | cls.accessFlags) & Acc.Final) === 0) {
      index = vtable.length;
      vtable.push(method);
    }
    method.vtableIndex = index;
  }
  const made: Method[] = [];
  if (cls.allInterfaces !== sup?.allInterfaces && cls.allInterfaces.size > 0) {
    mirandas = addMirandas(cls, vtable, mirandas, made);
  }
  cls.vtable = vtable;
  cls.mirandas = mirandas;
  return made;
}

function overridesFinal(cls: JavaClass, method: Method): ThrowNew {
  return new ThrowNew(
    'java/lang/IncompatibleClassChangeError',
    `class ${cls.externalName} overrides final method ${method.holder.externalName}.${method.name}${method.descriptor}`,
  );
}

/**
 * Whether the class chain itself has a method that implements an interface's: then the interface's own is not asked.
 */
function chainImplements(cls: JavaClass, key: string): boolean {
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) {
    const method = c.methodTable.get(key);
    if (method === undefined || (method.accessFlags & Acc.Static) !== 0) continue;
    // A private method hides nothing from the interface, unless it is the class's own.
    if ((method.accessFlags & Acc.Private) === 0 || c === cls) return true;
  }
  return false;
}

function addMirandas(
  cls: JavaClass,
  vtable: Method[],
  before: ReadonlyMap<string, number>,
  made: Method[],
): ReadonlyMap<string, number> {
  const known = cls.superclass?.allInterfaces;
  let mirandas: Map<string, number> | undefined;
  const done = new Set<string>();
  for (const face of cls.allInterfaces) {
    if (known?.has(face)) continue;
    for (const [key, method] of face.methodTable) {
      if ((method.accessFlags & NOT_VIRTUAL) !== 0 || key.charCodeAt(0) === 0x3c || done.has(key)) continue;
      done.add(key);
      const slot = before.get(key);
      if (slot !== undefined) {
        vtable[slot] = selectFromInterfaces(cls, key, made);
      } else if (!chainImplements(cls, key)) {
        mirandas ??= new Map(before);
        mirandas.set(key, vtable.length);
        vtable.push(selectFromInterfaces(cls, key, made));
      }
    }
  }
  return mirandas ?? before;
}

/** Maximally-specific methods of the superinterfaces of `cls` with this name and descriptor (JVMS 5.4.3.3). */
export function maximallySpecific(cls: JavaClass, key: string): Method[] {
  let found: Method[] = [];
  for (const face of cls.allInterfaces) {
    const method = face.methodTable.get(key);
    if (method === undefined || (method.accessFlags & NOT_VIRTUAL) !== 0) continue;
    if (found.some((other) => other.holder.allInterfaces.has(face))) continue;
    found = found.filter((other) => !face.allInterfaces.has(other.holder));
    found.push(method);
  }
  return found;
}

function selectFromInterfaces(cls: JavaClass, key: string, made: Method[]): Method {
  const candidates = maximallySpecific(cls, key);
  const defaults = candidates.filter((method) => !method.isAbstract);
  if (defaults.length === 1) return defaults[0]!;
  const first = candidates[0]!;
  if (defaults.length === 0) return first;
  const flags = Acc.Public | Acc.Abstract | Acc.Synthetic;
  const conflict = new Method(cls, first.name, first.descriptor, flags, undefined, -1);
  conflict.vtableIndex = -1;
  const names = defaults.map((method) => `${method.holder.externalName.replaceAll('.', '/')}.${method.name}`);
  conflicts.set(conflict, `Conflicting default methods: ${names.join(' ')}`);
  made.push(conflict);
  return conflict;
}
