/**
 * Loader constraints (JVMS 5.3.4): where code of one loader uses a member of a class of another, both loaders must mean
 * the same class by each name in the member's descriptor.
 *
 * A constraint is an object shared by the loaders it binds; once one of them has loaded the class, the others may load
 * no other.
 */
import { externalKind, externalMethod, inModuleWithParent, loaderName } from './class-descriptions.js';
import type { JavaClass, Method } from './java-class.js';
import type { LoaderData } from './loaders.js';
import { ThrowNew } from './throws.js';
import type { Vm } from './vm.js';

/** Binds two loaders to one meaning of a name. Returns false when they already differ. */
function constrain(name: string, a: LoaderData, b: LoaderData): boolean {
  const known = a.constraints.get(name);
  if (known !== undefined && known === b.constraints.get(name)) return true;
  const other = b.constraints.get(name);
  const ours = known?.klass ?? a.classes.get(name);
  const theirs = other?.klass ?? b.classes.get(name);
  if (ours !== undefined && theirs !== undefined && ours !== theirs) return false;
  const loaders = new Set([a, b, ...(known?.loaders ?? []), ...(other?.loaders ?? [])]);
  const merged = { loaders, klass: ours ?? theirs };
  for (const loader of loaders) loader.constraints.set(name, merged);
  return true;
}

/** Names of the classes in a descriptor of either kind. */
export function classesInDescriptor(descriptor: string): string[] {
  return Array.from(descriptor.matchAll(/L([^;]+);/g), (match) => match[1]!);
}

/** Binds two loaders for all classes in a descriptor; returns the first name they differ about. */
export function constrainDescriptor(descriptor: string, a: LoaderData, b: LoaderData): string | undefined {
  if (a === b || !descriptor.includes('L')) return undefined;
  return classesInDescriptor(descriptor).find((name) => !constrain(name, a, b));
}

/**
 * A loader is about to be recorded for a class: no constraint may say otherwise.
 *
 * @throws LinkageError (Java)
 */
export function checkLoaderConstraint(vm: Vm, loader: LoaderData, name: string, cls: JavaClass): void {
  const constraint = loader.constraints.get(name);
  if (constraint === undefined) return;
  const { klass } = constraint;
  if (klass === undefined) {
    constraint.klass = cls;
    return;
  }
  if (klass === cls) return;
  throw new ThrowNew(
    'java/lang/LinkageError',
    `loader constraint violation: loader ${loaderName(vm, loader)} wants to load ${externalKind(cls)} ` +
      `${cls.externalName}. A different ${externalKind(klass)} with the same name was previously loaded by ` +
      `${loaderName(vm, klass.loader)}. (${inModuleWithParent(vm, klass)})`,
  );
}

/**
 * A class inherits or overrides methods across loaders (JVMS 5.4.2): it must agree with the holders of the overridden
 * methods about their types.
 *
 * @throws LinkageError (Java)
 */
export function constrainOverrides(vm: Vm, cls: JavaClass): void {
  const sup = cls.superclass;
  if (sup === null || cls.isInterface) return;
  if (sup.loader.isBoot && cls.loader.isBoot) return;
  for (let i = 0; i < sup.vtable.length; i++) {
    const method = cls.vtable[i]!;
    const overridden = sup.vtable[i]!;
    if (method === overridden || method.holder.loader === overridden.holder.loader) continue;
    const name = constrainDescriptor(method.descriptor, method.holder.loader, overridden.holder.loader);
    if (name !== undefined) throw overrideViolation(vm, cls, method, overridden, name);
  }
  for (const face of cls.allInterfaces) {
    if (face.loader === cls.loader || sup.allInterfaces.has(face)) continue;
    for (const [key, declared] of face.methodTable) {
      if (declared.isStatic || declared.isPrivate) continue;
      const own = cls.methodTable.get(key);
      if (own === undefined) continue;
      const name = constrainDescriptor(own.descriptor, cls.loader, face.loader);
      if (name !== undefined) throw overrideViolation(vm, cls, own, declared, name);
    }
  }
}

function overrideViolation(vm: Vm, cls: JavaClass, method: Method, overridden: Method, name: string): ThrowNew {
  const above = overridden.holder;
  const where = above.isInterface ? 'interface' : 'super';
  const text = above.isInterface
    ? `loader constraint violation in interface itable initialization for class ${cls.externalName}: when selecting method ` +
      `'${externalMethod(overridden)}' the class loader ${loaderName(vm, above.loader)} for super interface ` +
      `${above.externalName}, and the class loader ${loaderName(vm, method.holder.loader)} of the selected method's ` +
      `class, ${method.holder.externalName} have different Class objects for the type ${name.replaceAll('/', '.')} used in the ` +
      `signature (${inModuleWithParent(vm, above)}; ${inModuleWithParent(vm, method.holder)})`
    : `loader constraint violation for class ${cls.externalName}: when selecting overriding method ` +
      `'${externalMethod(method)}' the class loader ${loaderName(vm, method.holder.loader)} of the selected method's type ` +
      `${method.holder.externalName}, and the class loader ${loaderName(vm, above.loader)} for its ${where} type ` +
      `${above.externalName} have different Class objects for the type ${name.replaceAll('/', '.')} used in the signature ` +
      `(${inModuleWithParent(vm, method.holder)}; ${inModuleWithParent(vm, above)})`;
  return new ThrowNew('java/lang/LinkageError', text);
}
