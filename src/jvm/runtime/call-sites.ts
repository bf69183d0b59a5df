/**
 * Linking of invokedynamic and of calls of signature-polymorphic methods: the library's Java code says which method to
 * call (the *adapter*) and what to hand it after the arguments (the *appendix*).
 */
import { RefKind } from '../classfile/index.js';
import { ClassState } from '../memory/layout.js';
import { type Activity, call, type Handle } from './activity.js';
import { allocating } from './allocating.js';
import { bootstrapOf, errorsOfBootstrap, recording } from './dynamic-constants.js';
import { isIntrinsicName, polymorphicIntrinsic } from './handle-intrinsics.js';
import type { JavaClass, Method } from './java-class.js';
import { linkClass } from './linking.js';
import { methodOfMember } from './member-names.js';
import { methodTypeOf, upcall } from './method-types.js';
import { internedString } from './reflection.js';
import { resolveClass } from './resolution.js';
import type { JavaThread } from './thread.js';
import { internalError, ThrowNew } from './throws.js';

/** What a call site was linked to. */
export interface LinkedCall {
  /** Called with the arguments at the call site, then the appendix if there is one. */
  readonly adapter: Method;
  /** Root cell of the appendix, 0: none. */
  readonly appendixCell: number;
}

const LINK_CALL_SITE =
  '(Ljava/lang/Object;ILjava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;[Ljava/lang/Object;)' +
  'Ljava/lang/invoke/MemberName;';
const LINK_METHOD =
  '(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;[Ljava/lang/Object;)' +
  'Ljava/lang/invoke/MemberName;';

/** Takes the linked call out of the returned MemberName and the array for the appendix. */
function* linkedCall(t: JavaThread, member: number, appendix: Handle): Activity<LinkedCall> {
  const { vm } = t;
  if (member === 0) throw new ThrowNew('java/lang/LinkageError', 'bad method handle invocation');
  const adapter = methodOfMember(vm, member);
  if (adapter === undefined) throw internalError('linkage: the library returned an unresolved member');
  const object = vm.getElement(appendix.ref, 0);
  const appendixCell = object === 0 ? 0 : vm.roots.create(object);
  if (adapter.holder.state < ClassState.Linked) yield* linkClass(t, adapter.holder);
  return { adapter, appendixCell };
}

/**
 * Links an invokedynamic instruction (JVMS 6.5). Each instruction is a call site of its own: the caller keeps the result,
 * that of the first of several threads that link at once.
 *
 * @param caller method with the instruction
 * @param index constant pool index of the InvokeDynamic entry
 * @throws BootstrapMethodError (Java) around exceptions of the bootstrap method; errors as they are
 */
export function linkCallSite(t: JavaThread, caller: Method, index: number): Activity<LinkedCall> {
  const cls = caller.holder;
  return recording(t, cls, index, linkDynamicCall(t, cls, index));
}

function* linkDynamicCall(t: JavaThread, cls: JavaClass, index: number): Activity<LinkedCall> {
  const { vm } = t;
  const { name, descriptor } = cls.pool.dynamic(index);
  const member = yield* errorsOfBootstrap(t, function* () {
    const { handle, args } = yield* bootstrapOf(t, cls, index);
    const type = t.handle(yield* methodTypeOf(t, cls, descriptor));
    const link = yield* upcall(t, 'linkCallSite', LINK_CALL_SITE);
    const appendix = t.handle(yield* allocating(() => vm.heap.allocateArray(vm.known.objectArray, 1)));
    const nameString = t.handle(yield* allocating(() => internedString(vm, name)));
    const ref = yield call(link, t.handle(vm.mirrorOf(cls)), index, handle, nameString, type, args, appendix);
    return { ref: Number(ref), appendix };
  });
  return yield* linkedCall(t, member.ref, member.appendix);
}

/**
 * Links a call of a signature-polymorphic method of MethodHandle or VarHandle.
 *
 * @param index constant pool index of the Methodref
 */
export function linkHandleCall(t: JavaThread, caller: Method, index: number): Activity<LinkedCall> {
  const cls = caller.holder;
  return recording(t, cls, index, linkPolymorphic(t, cls, index));
}

function* linkPolymorphic(t: JavaThread, cls: JavaClass, index: number): Activity<LinkedCall> {
  const { vm } = t;
  const { classIndex, name, descriptor } = cls.pool.memberRef(index);
  const refc = yield* resolveClass(t, cls, classIndex);
  if (isIntrinsicName(name) && refc.name === 'java/lang/invoke/MethodHandle') {
    return { adapter: polymorphicIntrinsic(vm, name, descriptor), appendixCell: 0 };
  }
  const type = t.handle(yield* methodTypeOf(t, cls, descriptor));
  const link = yield* upcall(t, 'linkMethod', LINK_METHOD);
  const appendix = t.handle(yield* allocating(() => vm.heap.allocateArray(vm.known.objectArray, 1)));
  const nameString = t.handle(yield* allocating(() => internedString(vm, name)));
  const member = yield call(
    link,
    t.handle(vm.mirrorOf(cls)),
    RefKind.InvokeVirtual,
    t.handle(vm.mirrorOf(refc)),
    nameString,
    type,
    appendix,
  );
  return yield* linkedCall(t, Number(member), appendix);
}
