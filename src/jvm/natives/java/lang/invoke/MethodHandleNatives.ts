/**
 * Natives of java.lang.invoke.MethodHandleNatives: MemberNames, fields' places, call sites.
 */
import type { Activity } from '../../../../runtime/activity.js';
import { allocating } from '../../../../runtime/allocating.js';
import { box } from '../../../../runtime/boxing.js';
import { staticArgument } from '../../../../runtime/dynamic-constants.js';
import type { JavaClass, Method } from '../../../../runtime/java-class.js';
import {
  expandMember,
  handleOffsets,
  initFieldMember,
  initFromReflection,
  initMethodMember,
  MemberFlag,
  methodOfMember,
} from '../../../../runtime/member-names.js';
import { resolveMember } from '../../../../runtime/member-resolution.js';
import { isSignaturePolymorphic } from '../../../../runtime/resolution.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { internalError, nullPointer, ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';

const CALL_SITE = 'java/lang/invoke/CallSite';
const SEARCH_SUPERCLASSES = 0x100000;
const SEARCH_INTERFACES = 0x200000;

/** Constants that the library compares with its own. */
const CONSTANTS: readonly (readonly [string, number])[] = [
  ['MN_IS_METHOD', MemberFlag.IsMethod],
  ['MN_IS_CONSTRUCTOR', MemberFlag.IsConstructor],
  ['MN_IS_FIELD', MemberFlag.IsField],
  ['MN_IS_TYPE', MemberFlag.IsType],
  ['MN_CALLER_SENSITIVE', MemberFlag.CallerSensitive],
  ['MN_TRUSTED_FINAL', MemberFlag.TrustedFinal],
  ['MN_SEARCH_SUPERCLASSES', SEARCH_SUPERCLASSES],
  ['MN_SEARCH_INTERFACES', SEARCH_INTERFACES],
  ['MN_REFERENCE_KIND_SHIFT', MemberFlag.RefKindShift],
  ['MN_REFERENCE_KIND_MASK', MemberFlag.RefKindMask],
];

function* resolve(
  t: JavaThread,
  member: number,
  callerMirror: number,
  _lookupMode: number,
  speculative: number,
): Activity<number> {
  const { vm } = t;
  if (member === 0) throw internalError('no member to resolve');
  const o = handleOffsets(vm);
  const flags = vm.getWord(member, o.flags);
  const handle = t.handle(member);
  const caller = callerMirror === 0 ? null : vm.classOfMirror(callerMirror);
  if (yield* resolveMember(t, handle, caller, speculative !== 0)) return handle.ref;
  if (((flags >>> MemberFlag.RefKindShift) & MemberFlag.RefKindMask) === 0) {
    throw internalError('obsolete MemberName format');
  }
  if (speculative !== 0) return 0;
  switch (flags & MemberFlag.KindMask) {
    case MemberFlag.IsField:
      throw new ThrowNew('java/lang/NoSuchFieldError', 'field resolution failed');
    case MemberFlag.IsMethod:
    case MemberFlag.IsConstructor:
      throw new ThrowNew('java/lang/NoSuchMethodError', 'method resolution failed');
    default:
      throw new ThrowNew('java/lang/LinkageError', 'resolution failed');
  }
}

/** The field's place that a resolved MemberName of the right kind holds. */
function fieldOffset(t: JavaThread, member: number, isStatic: boolean): number {
  const { vm } = t;
  const o = handleOffsets(vm);
  const flags = member === 0 ? 0 : vm.getWord(member, o.flags);
  if ((flags & MemberFlag.IsField) === 0 || ((flags & 0x8) !== 0) !== isStatic || vm.getWord(member, o.clazz) === 0) {
    throw internalError(isStatic ? 'static field required' : 'non-static field required');
  }
  return vm.getWord(member, o.vmindex);
}

/** `{vmindex, vmtarget}`: for a field a Long and the class, for a method a Long and the MemberName itself. */
function memberVmInfo(t: JavaThread, member: number): number {
  const { vm } = t;
  if (member === 0) return 0;
  const o = handleOffsets(vm);
  const isField = (vm.getWord(member, o.flags) & MemberFlag.IsField) !== 0;
  const pair = vm.heap.allocateArray(vm.known.objectArray, 2);
  vm.putReferenceElement(pair, 0, box(t, 'J', BigInt(vm.getWord(member, o.vmindex))));
  if (isField) vm.putReferenceElement(pair, 1, vm.getWord(member, o.clazz));
  else if (methodOfMember(vm, member) !== undefined) vm.putReferenceElement(pair, 1, member);
  return pair;
}

function setTarget(t: JavaThread, site: number, target: number): void {
  if (site === 0) throw nullPointer();
  t.vm.putReference(site, t.vm.offset(CALL_SITE, 'target'), target);
}

function* copyBootstrapArguments(
  t: JavaThread,
  callerMirror: number,
  indexInfo: number,
  start: number,
  end: number,
  buffer: number,
  position: number,
  resolveThem: number,
  ifNotAvailable: number,
): Activity<void> {
  const { vm } = t;
  if (callerMirror === 0 || indexInfo === 0 || vm.arrayLength(indexInfo) < 2) throw internalError('bad arguments');
  const cls = vm.classOfMirror(callerMirror);
  const bootstrap = cls.classFile?.bootstrapMethods[cls.pool.dynamic(vm.getElement(indexInfo, 1)).bootstrap];
  if (bootstrap === undefined) throw internalError('bad index info (1)');
  if (start < -4 || start > end || end > bootstrap.args.length) throw internalError('bad index info (0)');
  const into = t.handle(buffer);
  const missing = t.handle(ifNotAvailable);
  for (let i = start; i < end; i++) {
    let value = 0;
    if (i >= 0) {
      const index = bootstrap.args[i]!;
      const known = resolveThem !== 0 || cls.resolved[index] !== undefined || cls.pool.tag(index) <= 6;
      value = known ? yield* staticArgument(t, cls, index) : missing.ref;
    }
    vm.putReferenceElement(into.ref, position + i - start, value);
  }
}

/** Members of a class that a query of `MemberName.Factory` matches, in no particular order. */
function* matching(cls: JavaClass, flags: number): Generator<JavaClass> {
  yield cls;
  if ((flags & SEARCH_SUPERCLASSES) !== 0) for (let c = cls.superclass; c !== null; c = c.superclass) yield c;
  if ((flags & SEARCH_INTERFACES) !== 0) yield* cls.allInterfaces;
}

function kindOfMethod(method: Method): number {
  if (method.name === '<clinit>') return 0;
  return method.isConstructor ? MemberFlag.IsConstructor : MemberFlag.IsMethod;
}

function getMembers(
  t: JavaThread,
  mirror: number,
  matchName: number,
  matchSignature: number,
  flags: number,
  _caller: number,
  skip: number,
  results: number,
): number {
  const { vm } = t;
  if (mirror === 0 || results === 0) return -1;
  const cls = vm.classOfMirror(mirror);
  if (cls.isPrimitive) return -1;
  const name = vm.strings.toJsOrNull(matchName);
  const signature = vm.strings.toJsOrNull(matchSignature);
  const room = vm.arrayLength(results);
  let found = 0;
  const place = (member: { name: string; descriptor: string }, init: (ref: number) => void) => {
    if ((name !== null && member.name !== name) || (signature !== null && member.descriptor !== signature)) return;
    const at = found++ - skip;
    if (at < 0 || at >= room) return;
    const ref = vm.getElement(results, at);
    if (ref === 0) throw internalError('no MemberName to fill in');
    init(ref);
    expandMember(t, ref);
  };
  for (const c of matching(cls, flags)) {
    if ((flags & MemberFlag.IsField) !== 0) {
      for (const f of c.fields) if (f.slot >= 0) place(f, (ref) => initFieldMember(t, ref, f, false));
    }
    for (const m of c.methods) {
      if ((flags & kindOfMethod(m)) === 0 || isSignaturePolymorphic(m)) continue;
      place(m, (ref) => initMethodMember(t, { ref }, m, c));
    }
  }
  return found - skip;
}

/** Natives of java.lang.invoke.MethodHandleNatives. */
export const natives: NativeTable = {
  'registerNatives()V': () => {},
  'init(Ljava/lang/invoke/MemberName;Ljava/lang/Object;)V': initFromReflection,
  'expand(Ljava/lang/invoke/MemberName;)V': expandMember,
  'resolve(Ljava/lang/invoke/MemberName;Ljava/lang/Class;IZ)Ljava/lang/invoke/MemberName;': resolve,
  'getMembers(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/String;ILjava/lang/Class;I[Ljava/lang/invoke/MemberName;)I':
    getMembers,

  'objectFieldOffset(Ljava/lang/invoke/MemberName;)J': (t, member: number) => fieldOffset(t, member, false),
  'staticFieldOffset(Ljava/lang/invoke/MemberName;)J': (t, member: number) => fieldOffset(t, member, true),
  // The offset alone says where a static is.
  'staticFieldBase(Ljava/lang/invoke/MemberName;)Ljava/lang/Object;': (t, member: number) => {
    fieldOffset(t, member, true);
    return 0;
  },
  'getMemberVMInfo(Ljava/lang/invoke/MemberName;)Ljava/lang/Object;': memberVmInfo,

  // Threads switch only at safepoints, so a plain store is as visible as a volatile one.
  'setCallSiteTargetNormal(Ljava/lang/invoke/CallSite;Ljava/lang/invoke/MethodHandle;)V': setTarget,
  'setCallSiteTargetVolatile(Ljava/lang/invoke/CallSite;Ljava/lang/invoke/MethodHandle;)V': setTarget,
  // No code depends on a call site's target.
  'clearCallSiteContext(Ljava/lang/invoke/MethodHandleNatives$CallSiteContext;)V': () => {},

  'copyOutBootstrapArguments(Ljava/lang/Class;[III[Ljava/lang/Object;IZLjava/lang/Object;)V': copyBootstrapArguments,

  *'getNamedCon(I[Ljava/lang/Object;)I'(t, which: number, names: number) {
    const { vm } = t;
    const constant = CONSTANTS[which];
    if (constant === undefined) return 0;
    const array = t.handle(names);
    const name = yield* allocating(() => vm.strings.fromJs(constant[0]));
    if (array.ref !== 0 && vm.arrayLength(array.ref) > 0) vm.putReferenceElement(array.ref, 0, name);
    return constant[1];
  },
};
