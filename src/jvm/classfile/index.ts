/**
 * Class files on their own: parsing, verification, reference maps, the instruction set. Depends on nothing, neither Node
 * nor the rest of Scotty.
 */
export { annotationTypes } from './annotations.js';
export type { AttributeInfo } from './attributes.js';
export {
  type BootstrapMethod,
  ClassFile,
  type EnclosingMethod,
  type InnerClass,
  type RecordComponent,
} from './class-file.js';
export { Code, type ExceptionEntry, type LocalVariable } from './code.js';
export { ConstantPool, type MemberRef } from './constant-pool.js';
export { Acc, RefKind, Tag } from './constants.js';
export {
  isFieldDescriptor,
  type MethodDescriptor,
  parseMethodDescriptor,
  skipFieldDescriptor,
  slotsOf,
} from './descriptors.js';
export { type ClassErrorKind, ClassFileError } from './errors.js';
export { externalClass, externalMethod, externalType } from './external-names.js';
export * from './instructions.js';
export { type ListingOptions, listClass } from './listing.js';
export { FieldInfo, MethodInfo, type MethodParameter } from './members.js';
export { decodeModifiedUtf8 } from './modified-utf8.js';
export type { ModuleExports, ModuleInfo, ModuleProvides, ModuleRequires } from './module-info.js';
export { OP_COUNT, Op } from './opcodes.js';
export { NEWEST_MAJOR, type ParseOptions, parseClass } from './parser.js';
export { Reader } from './reader.js';
export { type FrameReader, MethodReferenceMaps, type ReferenceMap, referenceMapAt } from './reference-maps.js';
export {
  type ClassSignature,
  type ClassTypeSignature,
  type MethodSignature,
  parseClassSignature,
  parseFieldSignature,
  parseMethodSignature,
  type TypeArgument,
  type TypeParameter,
  type TypeSignature,
  typeParametersText,
  typeText,
} from './signatures.js';
export type { VerifierWorld } from './verification-types.js';
export { type VerifierProgress, verifyClass } from './verifier.js';
