/**
 * Access control (JVMS 5.4.4): classes by package and module, members by package, inheritance and nest.
 */
import { Acc } from '../classfile/index.js';
import type { Activity } from './activity.js';
import { loaderName, unnamedModuleName, whereBothAre } from './class-descriptions.js';
import { loadClass } from './class-loading.js';
import type { JavaClass } from './java-class.js';
import { moduleOf } from './modules.js';
import { isSubclass } from './subtypes.js';
import type { JavaThread } from './thread.js';
import { ThrowNew, ThrowRef } from './throws.js';
import type { Vm } from './vm.js';
import { samePackage } from './vtables.js';

/** Why a class is not accessible. */
export type ClassAccess = 'ok' | 'denied' | 'not readable' | 'not exported';

/** The accessors that reflection generates are above all checks. */
function isMagic(vm: Vm, cls: JavaClass): boolean {
  const magic = vm.bootLoader.classes.get('jdk/internal/reflect/MagicAccessorImpl');
  return magic !== undefined && isSubclass(cls, magic);
}

/** The class at the bottom of an array class. */
function bottomOf(cls: JavaClass): JavaClass {
  let bottom = cls;
  while (bottom.element !== null) bottom = bottom.element;
  return bottom;
}

/** Whether code in `from` may name the class `to` (no array). */
export function verifyClassAccess(vm: Vm, from: JavaClass, to: JavaClass): ClassAccess {
  if (from === to || samePackage(from, to) || to.isPrimitive || isMagic(vm, from)) return 'ok';
  if ((to.accessFlags & Acc.Public) === 0) return 'denied';
  if (from.module === to.module) return 'ok';
  const accessor = moduleOf(vm, from);
  const module = moduleOf(vm, to);
  if (accessor === undefined || module === undefined) return 'ok';
  if (!accessor.canRead(module)) return 'not readable';
  return module.isExportedTo(to.packageName, accessor) ? 'ok' : 'not exported';
}

/** Whether code in `from` may name `to`; of an array its element class counts. */
export function canAccessClass(vm: Vm, from: JavaClass, to: JavaClass): boolean {
  return verifyClassAccess(vm, from, bottomOf(to)) === 'ok';
}

/** The message for a class that modules keep from being accessible. */
export function classAccessMessage(vm: Vm, from: JavaClass, to: JavaClass, why: ClassAccess): string {
  const source = moduleOf(vm, from);
  const target = moduleOf(vm, to);
  const name = (module: typeof source, cls: JavaClass) =>
    module?.name == null ? unnamedModuleName(vm, cls) : `module ${module.name}`;
  const a = name(source, from);
  const b = name(target, to);
  const head = `class ${from.externalName} (in ${a}) cannot access class ${to.externalName} (in ${b}) because `;
  if (why === 'not readable') return `${head}${a} does not read ${b}`;
  return `${head}${b} does not export ${to.packageName.replaceAll('/', '.')} to ${a}`;
}

/**
 * Checks that code in `from` may name `to`.
 *
 * @throws IllegalAccessError (Java)
 */
export function checkClassAccess(vm: Vm, from: JavaClass, to: JavaClass): void {
  const bottom = bottomOf(to);
  const result = verifyClassAccess(vm, from, bottom);
  if (result === 'ok') return;
  const text =
    result === 'denied'
      ? `failed to access class ${bottom.externalName} from class ${from.externalName} (${whereBothAre(vm, bottom, from)})`
      : classAccessMessage(vm, from, bottom, result);
  throw new ThrowNew('java/lang/IllegalAccessError', text);
}

/** What an access to a member is about. */
export interface MemberAccess {
  /** Class that declares the member. */
  readonly holder: JavaClass;
  /** Access flags of the member. */
  readonly flags: number;
  /** Class the reference names. */
  readonly named: JavaClass;
}

/** Without nests: `undefined` means that it depends on them. */
function decideAccess(vm: Vm, from: JavaClass, member: MemberAccess): boolean | undefined {
  const { holder, flags, named } = member;
  if (from === holder || (flags & Acc.Public) !== 0) return true;
  if ((flags & Acc.Private) !== 0) return isMagic(vm, from) ? true : undefined;
  if (samePackage(from, holder)) return true;
  if ((flags & Acc.Protected) !== 0 && isSubclass(from, holder)) {
    if ((flags & Acc.Static) !== 0 || from === named || isSubclass(from, named) || isSubclass(named, from)) return true;
  }
  return isMagic(vm, from);
}

/** Whether code in `from` may access a member, where that takes no loading. False decides nothing. */
export function mayAccessNow(vm: Vm, from: JavaClass, member: MemberAccess): boolean {
  const decided = decideAccess(vm, from, member);
  if (decided !== undefined) return decided;
  const host = from.nestHost;
  return host !== undefined && host === member.holder.nestHost;
}

/** Whether code in `from` may access a member, nests included. Errors of loading a nest host go through. */
export function* canAccessMember(t: JavaThread, from: JavaClass, member: MemberAccess): Activity<boolean> {
  const decided = decideAccess(t.vm, from, member);
  if (decided !== undefined) return decided;
  return (yield* nestHostOf(t, from)) === (yield* nestHostOf(t, member.holder));
}

/**
 * The host of the nest a class is in (JVMS 5.4.4): itself where it names none, or one that does not claim it.
 *
 * @throws errors (Java) of loading that are not LinkageErrors
 */
export function* nestHostOf(t: JavaThread, cls: JavaClass): Activity<JavaClass> {
  if (cls.nestHost !== undefined) return cls.nestHost;
  const name = cls.classFile?.nestHost;
  if (name === undefined) {
    cls.nestHost = cls;
    return cls;
  }
  const { vm } = t;
  let host: JavaClass | undefined;
  try {
    host = yield* loadClass(t, cls.loader, name);
  } catch (error) {
    if (!(error instanceof ThrowNew || error instanceof ThrowRef)) throw error;
    // Errors of the machine leave the question open for another time; a host that cannot be is no host.
    if (error instanceof ThrowRef && isVirtualMachineError(vm, error.ref)) throw error;
    if (error instanceof ThrowNew && error.className === 'java/lang/OutOfMemoryError') throw error;
    const host = name.replaceAll('/', '.');
    cls.nestHostError = `Nest host resolution of ${cls.externalName} with host ${host} failed: ${describe(vm, error)}`;
  }
  if (host !== undefined) {
    const near = samePackage(host, cls);
    if (near && host.classFile?.nestMembers.includes(cls.name)) {
      cls.nestHost = host;
      return host;
    }
    const why = near ? 'current type is not listed as a nest member' : 'types are in different packages';
    cls.nestHostError =
      `Type ${cls.externalName} (loader: ${loaderName(vm, cls.loader)}) is not a nest member of type ` +
      `${host.externalName} (loader: ${loaderName(vm, host.loader)}): ${why}`;
  }
  cls.nestHost = cls;
  return cls;
}

/** What messages about a private member of `holder` say in addition when nests are not what classes claim. */
export function nestErrors(from: JavaClass, holder: JavaClass): string {
  const errors = [from.nestHostError, holder.nestHostError].filter((text) => text !== undefined);
  return errors.length === 0 ? '' : `, (${errors.join(', ')})`;
}

/** An exception as `Throwable.toString` has it. */
function describe(vm: Vm, error: ThrowNew | ThrowRef): string {
  const name = error instanceof ThrowNew ? error.className.replaceAll('/', '.') : vm.classOf(error.ref).externalName;
  const message =
    error instanceof ThrowNew
      ? error.text
      : (vm.strings.toJsOrNull(vm.getWord(error.ref, vm.known.throwableMessage)) ?? undefined);
  return message === undefined ? name : `${name}: ${message}`;
}

function isVirtualMachineError(vm: Vm, ref: number): boolean {
  const error = vm.bootLoader.classes.get('java/lang/VirtualMachineError');
  return error !== undefined && isSubclass(vm.classOf(ref), error);
}
