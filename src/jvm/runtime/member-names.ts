/**
 * java.lang.invoke.MemberName: how the library names a method or field to the VM, and how the VM answers.
 *
 * A resolved MemberName of a method holds a ResolvedMethodName, which holds the method's pointer; one of a field holds
 * the offset. Its flags are the member's modifiers, what it is, and the reference kind that a call through it needs:
 * dispatching only where the method can be overridden.
 */
import { Acc, RefKind } from '../classfile/index.js';
import type { Handle } from './activity.js';
import { linkedBootClass } from './boxing.js';
import type { Field, JavaClass, Method } from './java-class.js';
import { fieldOfObject, internedString, isTrustedFinal, methodOfObject } from './reflection.js';
import { isSignaturePolymorphic } from './resolution.js';
import type { JavaThread } from './thread.js';
import { internalError, nullPointer, ThrowNew } from './throws.js';
import type { Vm } from './vm.js';

/** Flags of a MemberName above the modifiers; they must agree with `MethodHandleNatives.Constants`. */
export const enum MemberFlag {
  IsMethod = 0x10000,
  IsConstructor = 0x20000,
  IsField = 0x40000,
  IsType = 0x80000,
  CallerSensitive = 0x100000,
  TrustedFinal = 0x200000,
  KindMask = 0xf0000,
  RefKindShift = 24,
  RefKindMask = 0xf,
}

const MEMBER = 'java/lang/invoke/MemberName';
const RESOLVED = 'java/lang/invoke/ResolvedMethodName';
const METHOD_TYPE = 'java/lang/invoke/MethodType';
/** Modifiers that a MemberName shows. */
const METHOD_MODIFIERS = 0x1dff;
const FIELD_MODIFIERS = 0x50df;
/** `vmindex` of a method that is not called through a table. */
const NO_INDEX = -2;

/** Byte offsets of the fields that the interpreter and these functions read. */
export interface HandleOffsets {
  readonly form: number;
  readonly vmentry: number;
  readonly clazz: number;
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly method: number;
  readonly vmindex: number;
  readonly vmtarget: number;
  readonly vmholder: number;
}

let knownVm: Vm | undefined;
let known!: HandleOffsets;

/** Offsets for this VM: looked up once, then one comparison. */
export function handleOffsets(vm: Vm): HandleOffsets {
  if (vm === knownVm) return known;
  known = {
    form: vm.offset('java/lang/invoke/MethodHandle', 'form'),
    vmentry: vm.offset('java/lang/invoke/LambdaForm', 'vmentry'),
    clazz: vm.offset(MEMBER, 'clazz'),
    name: vm.offset(MEMBER, 'name'),
    type: vm.offset(MEMBER, 'type'),
    flags: vm.offset(MEMBER, 'flags'),
    method: vm.offset(MEMBER, 'method'),
    vmindex: vm.offset(MEMBER, 'vmindex'),
    vmtarget: vm.offset(RESOLVED, 'vmtarget'),
    vmholder: vm.offset(RESOLVED, 'vmholder'),
  };
  knownVm = vm;
  return known;
}

/** Forgets the offsets of a VM that is gone, which would otherwise keep it alive. */
export function forgetHandleOffsets(vm: Vm): void {
  if (knownVm === vm) knownVm = undefined;
}

/** Method that a resolved MemberName stands for, `undefined` when it is unresolved or a field's. */
export function methodOfMember(vm: Vm, member: number): Method | undefined {
  const o = handleOffsets(vm);
  const resolved = vm.getWord(member, o.method);
  const pointer = resolved === 0 ? 0 : vm.getWord(resolved, o.vmtarget);
  return pointer === 0 ? undefined : vm.methodAt(pointer);
}

/** How a call through a method reference finds its target. */
type CallKind = 'direct' | 'vtable' | 'itable';

function callKindOf(method: Method, refc: JavaClass, direct: boolean): CallKind {
  const final = ((method.accessFlags | method.holder.accessFlags) & Acc.Final) !== 0;
  if (direct || method.isStatic || method.isPrivate || method.isConstructor || final) return 'direct';
  if (!method.holder.isInterface || !refc.isInterface) return 'vtable';
  return 'itable';
}

/**
 * Makes `member` stand for a method.
 *
 * @param refc the class through which it was found
 * @param direct the reference does not dispatch, whatever the method is (invokespecial)
 * @throws NeedsCollection when the heap is full; nothing has changed then
 */
export function initMethodMember(t: JavaThread, member: Handle, method: Method, refc: JavaClass, direct = false): void {
  const { vm } = t;
  const o = handleOffsets(vm);
  const resolved = vm.heap.allocateObject(linkedBootClass(t, RESOLVED));
  const ref = member.ref;
  const kind = callKindOf(method, refc, direct);
  let { holder } = method;
  let refKind: RefKind;
  let what = MemberFlag.IsMethod;
  if (kind === 'itable') refKind = RefKind.InvokeInterface;
  else if (kind === 'vtable') {
    refKind = RefKind.InvokeVirtual;
    // An interface's method found through a class is called like the class's own.
    if (holder.isInterface) holder = refc.isArray ? vm.known.object : refc;
  } else if (method.isStatic) refKind = RefKind.InvokeStatic;
  else {
    refKind = RefKind.InvokeSpecial;
    if (method.isConstructor) what = MemberFlag.IsConstructor;
  }
  let flags = (method.accessFlags & METHOD_MODIFIERS) | what | (refKind << MemberFlag.RefKindShift);
  if (method.callerSensitive) flags |= MemberFlag.CallerSensitive;
  vm.putWord(resolved, o.vmtarget, method.pointer);
  vm.putReference(resolved, o.vmholder, vm.mirrorOf(method.holder));
  vm.putWord(ref, o.flags, flags);
  vm.putReference(ref, o.method, resolved);
  vm.putWord(ref, o.vmindex, kind === 'direct' ? NO_INDEX : Math.max(method.vtableIndex, 0));
  vm.putReference(ref, o.clazz, vm.mirrorOf(holder));
}

/** Makes `member` stand for a field. */
export function initFieldMember(t: JavaThread, member: number, field: Field, setter: boolean): void {
  const { vm } = t;
  const o = handleOffsets(vm);
  let refKind = field.isStatic ? RefKind.GetStatic : RefKind.GetField;
  if (setter) refKind += RefKind.PutField - RefKind.GetField;
  let flags = (field.accessFlags & FIELD_MODIFIERS) | MemberFlag.IsField | (refKind << MemberFlag.RefKindShift);
  if (isTrustedFinal(field)) flags |= MemberFlag.TrustedFinal;
  vm.putWord(member, o.flags, flags);
  vm.putReference(member, o.method, 0);
  vm.putWord(member, o.vmindex, field.offset);
  vm.putReference(member, o.clazz, vm.mirrorOf(field.holder));
}

/** `MethodHandleNatives.init`: from a reflective object; leaves the member empty for a signature-polymorphic method. */
export function initFromReflection(t: JavaThread, member: number, target: number): void {
  const { vm } = t;
  if (member === 0) throw internalError('mname not resolved');
  if (target === 0) throw nullPointer();
  const o = handleOffsets(vm);
  switch (vm.classOf(target).name) {
    case 'java/lang/reflect/Field': {
      initFieldMember(t, member, fieldOfObject(vm, target), false);
      for (const part of ['name', 'type'] as const) {
        if (vm.getWord(member, o[part]) !== 0) continue;
        vm.putReference(member, o[part], vm.getWord(target, vm.offset('java/lang/reflect/Field', part)));
      }
      return;
    }
    case 'java/lang/reflect/Method':
    case 'java/lang/reflect/Constructor': {
      const method = methodOfObject(vm, target);
      if (!isSignaturePolymorphic(method)) initMethodMember(t, { ref: member }, method, method.holder);
      return;
    }
    default:
      throw internalError(`unrecognized target object ${vm.classOf(target).externalName}`);
  }
}

/** `MethodHandleNatives.expand`: fills in what a resolved member does not name yet. */
export function expandMember(t: JavaThread, member: number): void {
  const { vm } = t;
  if (member === 0) throw internalError('mname not resolved');
  const o = handleOffsets(vm);
  const flags = vm.getWord(member, o.flags);
  let named: Method | Field | undefined;
  if ((flags & MemberFlag.IsField) !== 0) {
    const mirror = vm.getWord(member, o.clazz);
    if (mirror === 0) throw new ThrowNew('java/lang/IllegalArgumentException', 'nothing to expand (as field)');
    const isStatic = (flags & Acc.Static) !== 0;
    const offset = vm.getWord(member, o.vmindex);
    const cls = vm.classOfMirror(mirror);
    named = cls.fields.find((f) => f.slot >= 0 && f.isStatic === isStatic && f.offset === offset);
  } else if ((flags & (MemberFlag.IsMethod | MemberFlag.IsConstructor)) !== 0) {
    named = methodOfMember(vm, member);
    if (named === undefined) throw new ThrowNew('java/lang/IllegalArgumentException', 'nothing to expand');
    if (vm.getWord(member, o.clazz) === 0) vm.putReference(member, o.clazz, vm.mirrorOf(named.holder));
  }
  if (named === undefined) throw internalError('unrecognized type');
  if (vm.getWord(member, o.name) === 0) vm.putReference(member, o.name, internedString(vm, named.name));
  if (vm.getWord(member, o.type) === 0) vm.putReference(member, o.type, internedString(vm, named.descriptor));
}

/** Descriptor that a MemberName's `type` means: a MethodType, a Class or a String. */
export function descriptorOfType(vm: Vm, type: number): string {
  const cls = vm.classOf(type);
  if (cls === vm.known.string) return vm.strings.toJs(type);
  if (cls === vm.known.class_) return vm.classOfMirror(type).descriptor;
  if (cls.name !== METHOD_TYPE) throw internalError('unrecognized type');
  const parameters = vm.getWord(type, vm.offset(METHOD_TYPE, 'ptypes'));
  let text = '(';
  for (let i = 0; i < vm.arrayLength(parameters); i++) {
    text += vm.classOfMirror(vm.getElement(parameters, i)).descriptor;
  }
  return `${text})${vm.classOfMirror(vm.getWord(type, vm.offset(METHOD_TYPE, 'rtype'))).descriptor}`;
}

/** Whether a class has signature-polymorphic methods. */
export function isPolymorphicHolder(cls: JavaClass): boolean {
  return (
    cls.loader.isBoot && (cls.name === 'java/lang/invoke/MethodHandle' || cls.name === 'java/lang/invoke/VarHandle')
  );
}
