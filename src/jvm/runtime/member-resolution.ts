/**
 * Resolution of MemberNames: what `MethodHandleNatives.resolve` does, with the checks and errors that the instruction
 * of the same kind would have (JVMS 5.4.3.2 to 5.4.3.4, 6.5).
 */
import { RefKind } from '../classfile/index.js';
import { checkClassAccess } from './access.js';
import type { Activity, Handle } from './activity.js';
import { allocating } from './allocating.js';
import { externalMethod, externalSignature } from './class-descriptions.js';
import { isIntrinsicName, polymorphicIntrinsic } from './handle-intrinsics.js';
import type { JavaClass, Method } from './java-class.js';
import { linkClass } from './linking.js';
import {
  descriptorOfType,
  handleOffsets,
  initFieldMember,
  initMethodMember,
  MemberFlag,
  methodOfMember,
} from './member-names.js';
import { javaName } from './reflection.js';
import {
  checkMethodAccess,
  isSignaturePolymorphic,
  lookupField,
  lookupInterfaceMethod,
  lookupMethod,
} from './resolution.js';
import type { JavaThread } from './thread.js';
import { internalError, ThrowNew } from './throws.js';

const CHANGED = 'java/lang/IncompatibleClassChangeError';

/** What a MemberName asks for. */
interface Query {
  /** Class through which the member is named; Object for the methods of arrays. */
  readonly refc: JavaClass;
  readonly name: string;
  readonly descriptor: string;
  readonly refKind: RefKind;
  /** Class on whose behalf access is checked, null: none is. */
  readonly caller: JavaClass | null;
  /** The class itself that was named: an array class, whose `clone` is public. */
  readonly named: JavaClass;
}

function unexpected(text: string): ThrowNew {
  return new ThrowNew(CHANGED, text);
}

/**
 * Resolves a MemberName in place.
 *
 * @param caller class on whose behalf access is checked, null: none is
 * @param speculative a linkage error of the member itself (not of loading classes) is no error but `false`
 * @returns whether the member was found
 * @throws LinkageErrors, InternalError, IllegalArgumentException (Java)
 */
export function* resolveMember(
  t: JavaThread,
  member: Handle,
  caller: JavaClass | null,
  speculative: boolean,
): Activity<boolean> {
  const { vm } = t;
  const o = handleOffsets(vm);
  if (methodOfMember(vm, member.ref) !== undefined) return true;
  const mirror = vm.getWord(member.ref, o.clazz);
  const nameRef = vm.getWord(member.ref, o.name);
  const type = vm.getWord(member.ref, o.type);
  if (mirror === 0 || nameRef === 0 || type === 0) {
    throw new ThrowNew('java/lang/IllegalArgumentException', 'nothing to resolve');
  }
  const flags = vm.getWord(member.ref, o.flags);
  const refKind = (flags >>> MemberFlag.RefKindShift) & MemberFlag.RefKindMask;
  const named = vm.classOfMirror(mirror);
  if (named.isPrimitive) return false;
  const isField = (flags & MemberFlag.IsField) !== 0;
  const query: Query = {
    refc: named.isArray && !isField ? vm.known.object : named,
    name: vm.strings.toJs(nameRef),
    descriptor: descriptorOfType(vm, type),
    refKind,
    caller,
    named,
  };
  if (query.refc.classFile !== undefined) yield* linkClass(t, query.refc);
  try {
    if (isField) return resolveFieldMember(t, member, query);
    const method = yield* resolveMethodMember(t, query);
    if (method === undefined) return false;
    const direct = refKind === RefKind.InvokeSpecial || refKind === RefKind.NewInvokeSpecial;
    yield* allocating(() => initMethodMember(t, member, method, query.refc, direct));
    return true;
  } catch (error) {
    if (speculative && error instanceof ThrowNew && isLinkage(error)) return false;
    throw error;
  }
}

/** Whether an error is one that resolution itself makes. */
function isLinkage(error: ThrowNew): boolean {
  return /\/(NoSuch(Field|Method)|IncompatibleClassChange|IllegalAccess|AbstractMethod)Error$/.test(error.className);
}

/**
 * Fields are found whoever asks: the library checks access to them itself, and says in its message what stood in the
 * way, which it could not if the field had not been found.
 */
function resolveFieldMember(t: JavaThread, member: Handle, query: Query): boolean {
  const { refc, name, descriptor, refKind } = query;
  const field = lookupField(refc, name, descriptor);
  if (field === undefined) throw new ThrowNew('java/lang/NoSuchFieldError', name);
  initFieldMember(t, member.ref, field, refKind === RefKind.PutField || refKind === RefKind.PutStatic);
  return true;
}

function* resolveMethodMember(t: JavaThread, query: Query): Activity<Method | undefined> {
  const { refc, name, descriptor, refKind, caller } = query;
  const found = findMethod(t, query);
  if (found === undefined) {
    throw new ThrowNew('java/lang/NoSuchMethodError', `'${externalSignature(javaName(refc), name, descriptor)}'`);
  }
  // The VM's own intrinsics are for code that is trusted with them: no further checks apply.
  if (found.info === undefined) return found;
  const text = `'${externalMethod(found)}'`;
  if (caller !== null) {
    checkClassAccess(t.vm, caller, refc);
    yield* checkMethodAccess(t, caller, query.named, found);
  }
  const wantsStatic = refKind === RefKind.InvokeStatic;
  if (wantsStatic && !found.isStatic) throw unexpected(`Expected static method ${text}`);
  if (!wantsStatic && found.isStatic) {
    throw unexpected(
      refKind === RefKind.InvokeInterface
        ? `Expected instance not static method ${text}`
        : `Expecting non-static method ${text}`,
    );
  }
  if (refKind === RefKind.InvokeSpecial && found.isAbstract) {
    throw new ThrowNew('java/lang/AbstractMethodError', `'${externalSignature(javaName(refc), name, descriptor)}'`);
  }
  return found;
}

function findMethod(t: JavaThread, query: Query): Method | undefined {
  const { refc, name, descriptor, refKind } = query;
  switch (refKind) {
    case RefKind.NewInvokeSpecial:
      return name === '<init>' ? refc.methodTable.get(name + descriptor) : undefined;
    case RefKind.InvokeVirtual:
      if (refc.isInterface) throw unexpected(`Found interface ${javaName(refc)}, but class was expected`);
      break;
    case RefKind.InvokeInterface:
      if (!refc.isInterface) throw unexpected(`Found class ${javaName(refc)}, but interface was expected`);
      break;
    case RefKind.InvokeStatic:
    case RefKind.InvokeSpecial:
      break;
    default:
      throw internalError(`unrecognized MemberName format: reference kind ${refKind}`);
  }
  if (name === '<init>') return refKind === RefKind.InvokeSpecial ? refc.methodTable.get(name + descriptor) : undefined;
  const method = refc.isInterface
    ? lookupInterfaceMethod(refc, name, descriptor)
    : lookupMethod(refc, name, descriptor);
  if (refc.name !== 'java/lang/invoke/MethodHandle' || !refc.loader.isBoot) return method;
  if (isIntrinsicName(name)) return polymorphicIntrinsic(t.vm, name, descriptor);
  // invoke and invokeExact have no method of their own for a descriptor: only call sites are linked to them.
  return method !== undefined && isSignaturePolymorphic(method) ? undefined : method;
}
