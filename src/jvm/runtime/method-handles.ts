/**
 * What interpreter and resolution need of method handles, in one place; the work is done beside this file:
 *
 * - `member-names.ts`, `member-resolution.ts`: MemberNames, by which the library names methods and fields to the VM
 * - `handle-intrinsics.ts`: invokeBasic and the linkers, which are calls without a method of their own
 * - `method-types.ts`, `dynamic-constants.ts`: constants that Java code makes
 * - `call-sites.ts`: invokedynamic, and calls of `MethodHandle.invoke`, `invokeExact` and VarHandle's access methods
 *
 * A method handle is an ordinary object; what it does is a LambdaForm, which the library compiles to a hidden class. The
 * VM's part is to find members, to call what a form or a MemberName names, and to ask the library to link call sites.
 */
export { type LinkedCall, linkCallSite, linkHandleCall } from './call-sites.js';
export {
  type DynamicConstant,
  resolveDynamic,
  resolveMethodHandle,
  resolveMethodType,
} from './dynamic-constants.js';
export {
  basicInvokeTarget,
  type HandleIntrinsic,
  intrinsicOf,
  linkerTarget,
  polymorphicIntrinsic,
} from './handle-intrinsics.js';
export { forgetHandleOffsets } from './member-names.js';
export { isSignaturePolymorphic } from './resolution.js';
