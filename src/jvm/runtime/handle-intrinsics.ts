/**
 * The signature-polymorphic methods that the VM itself carries out: `MethodHandle.invokeBasic`, which calls what a
 * handle's form says, and the linkers, which call the method that their last argument, a MemberName, stands for.
 *
 * The library names them with the descriptor of each use. For every basic descriptor (references all Object, small
 * integers all int: what the stack looks like) there is one pseudo method, whose code is the interpreter's stub.
 */
import { parseMethodDescriptor } from '../classfile/index.js';
import { MethodFlag } from '../memory/layout.js';
import { createMethod } from './class-definition.js';
import { bootClass } from './class-loading.js';
import type { Method } from './java-class.js';
import { handleOffsets, isPolymorphicHolder } from './member-names.js';
import type { Vm } from './vm.js';

/** Names of the intrinsics. */
export type HandleIntrinsic = 'invokeBasic' | 'linkToStatic' | 'linkToSpecial' | 'linkToVirtual' | 'linkToInterface';

const NAMES: ReadonlySet<string> = new Set<HandleIntrinsic>([
  'invokeBasic',
  'linkToStatic',
  'linkToSpecial',
  'linkToVirtual',
  'linkToInterface',
]);
/** Access flags of the declared methods: final native, and static for the linkers; they are not variable-arity. */
const INSTANCE_FLAGS = 0x110;
const STATIC_FLAGS = 0x118;

const made = new WeakMap<Vm, Map<string, Method>>();

/** Whether `name` is that of an intrinsic of MethodHandle. */
export function isIntrinsicName(name: string): name is HandleIntrinsic {
  return NAMES.has(name);
}

/** Which intrinsic a method of MethodHandle is, `undefined` for all other methods. */
export function intrinsicOf(method: Method): HandleIntrinsic | undefined {
  const { name, holder } = method;
  if (!isIntrinsicName(name) || holder.name !== 'java/lang/invoke/MethodHandle') return undefined;
  return isPolymorphicHolder(holder) ? name : undefined;
}

function basicType(descriptor: string): string {
  switch (descriptor[0]) {
    case 'L':
    case '[':
      return 'Ljava/lang/Object;';
    case 'Z':
    case 'B':
    case 'C':
    case 'S':
      return 'I';
    default:
      return descriptor;
  }
}

/** The pseudo method of an intrinsic for uses with this descriptor. */
export function polymorphicIntrinsic(vm: Vm, name: HandleIntrinsic, descriptor: string): Method {
  const { parameters, returnType } = parseMethodDescriptor(descriptor);
  const basic = `(${parameters.map(basicType).join('')})${basicType(returnType)}`;
  let methods = made.get(vm);
  if (methods === undefined) {
    methods = new Map();
    made.set(vm, methods);
  }
  const key = name + basic;
  let method = methods.get(key);
  if (method === undefined) {
    method = createMethod(vm, {
      holder: bootClass(vm, 'java/lang/invoke/MethodHandle'),
      name,
      descriptor: basic,
      accessFlags: name === 'invokeBasic' ? INSTANCE_FLAGS : STATIC_FLAGS,
      flags: MethodFlag.MethodHandleIntrinsic | MethodFlag.Hidden,
      code: vm.stubs.handleIntrinsic,
    });
    methods.set(key, method);
  }
  return method;
}

/** `invokeBasic` on a handle (not null): pointer of the method that its form's entry names. */
export function basicInvokeTarget(vm: Vm, handle: number): number {
  const { words } = vm;
  const o = handleOffsets(vm);
  const form = words[(handle + o.form) >>> 2]!;
  const member = words[(form + o.vmentry) >>> 2]!;
  const resolved = words[(member + o.method) >>> 2]!;
  return words[(resolved + o.vmtarget) >>> 2]!;
}

/** A linker's last argument (a resolved MemberName, not null): pointer of its method, before selection. */
export function linkerTarget(vm: Vm, member: number): number {
  const { words } = vm;
  const o = handleOffsets(vm);
  return words[(words[(member + o.method) >>> 2]! + o.vmtarget) >>> 2]!;
}
