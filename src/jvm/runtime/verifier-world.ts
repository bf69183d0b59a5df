/**
 * What the verifier may ask about classes, answered from a class loader.
 */
import type { VerifierWorld } from '../classfile/index.js';
import type { Activity } from './activity.js';
import { findBootClass, findLoadedClass, loadClass } from './class-loading.js';
import type { JavaClass } from './java-class.js';
import { lookupField, lookupMethod } from './resolution.js';
import { isAssignable } from './subtypes.js';
import type { JavaThread } from './thread.js';
import type { Vm } from './vm.js';
import { samePackage } from './vtables.js';

/** The verifier needs a class that is not loaded: load it and verify again. */
export class NeedClass extends Error {
  constructor(readonly className: string) {
    super(`the verifier needs ${className}`);
  }
}

/** The world as the loader of the class being verified sees it. */
export class RuntimeVerifierWorld implements VerifierWorld {
  private readonly vm: Vm;
  private readonly cls: JavaClass;
  /** Answers so far: a loader need not give the same class twice, and is asked once. */
  private readonly known = new Map<string, JavaClass>();

  constructor(vm: Vm, cls: JavaClass) {
    this.vm = vm;
    this.cls = cls;
    this.known.set(cls.classFile!.name, cls);
  }

  private find(name: string): JavaClass {
    const known = this.known.get(name) ?? findLoadedClass(this.cls.loader, name);
    if (known !== undefined) return known;
    if (this.cls.loader.isBoot) {
      const found = findBootClass(this.vm, name);
      if (found !== undefined) return found;
    }
    throw new NeedClass(name);
  }

  /** Loads what NeedClass named. */
  *load(t: JavaThread, name: string): Activity<void> {
    this.known.set(name, yield* loadClass(t, this.cls.loader, name));
  }

  isInterface(name: string): boolean {
    return this.find(name).isInterface;
  }

  superName(name: string): string | null {
    return this.find(name).superclass?.name ?? null;
  }

  isAssignable(from: string, to: string): boolean {
    return isAssignable(this.find(from), this.find(to));
  }

  isProtectedElsewhere(name: string, member: string, descriptor: string, isMethod: boolean): boolean {
    const cls = this.find(name);
    const found = isMethod ? lookupMethod(cls, member, descriptor) : lookupField(cls, member, descriptor);
    return found !== undefined && (found.accessFlags & 0x4) !== 0 && !samePackage(found.holder, this.cls);
  }
}
