/**
 * The format checks of JVMS 4.8 for classes that are not trusted, after parsing: flags, names, duplicates, and every
 * attribute that anybody will ask for, since an attribute is parsed late and an error must be found early.
 */
import { type AttributeInfo, listAttributes } from './attributes.js';
import type { ClassFile } from './class-file.js';
import type { Code } from './code.js';
import { Acc, Tag } from './constants.js';
import { isFieldDescriptor, slotsOf } from './descriptors.js';
import { ClassFileError, formatError } from './errors.js';
import type { FieldInfo, MethodInfo } from './members.js';
import {
  checkMethodDescriptor,
  checkOldMember,
  illegalSignature,
  isMethodName,
  isUnqualifiedName,
} from './pool-checks.js';
import { Reader } from './reader.js';

/** Attributes that may occur once in a table (JVMS 4.7), by the table they belong to. */
const ONCE: Readonly<Record<'class' | 'field' | 'method' | 'code', ReadonlySet<string>>> = {
  class: new Set([
    'SourceFile',
    'SourceDebugExtension',
    'InnerClasses',
    'Signature',
    'RuntimeVisibleAnnotations',
    'RuntimeInvisibleAnnotations',
    'RuntimeVisibleTypeAnnotations',
    'RuntimeInvisibleTypeAnnotations',
    'EnclosingMethod',
    'BootstrapMethods',
    'NestHost',
    'NestMembers',
    'Record',
    'PermittedSubclasses',
  ]),
  field: new Set([
    'Signature',
    'RuntimeVisibleAnnotations',
    'RuntimeInvisibleAnnotations',
    'RuntimeVisibleTypeAnnotations',
    'RuntimeInvisibleTypeAnnotations',
  ]),
  method: new Set([
    'Code',
    'Exceptions',
    'MethodParameters',
    'Signature',
    'RuntimeVisibleAnnotations',
    'RuntimeInvisibleAnnotations',
    'RuntimeVisibleParameterAnnotations',
    'RuntimeInvisibleParameterAnnotations',
    'AnnotationDefault',
    'RuntimeVisibleTypeAnnotations',
    'RuntimeInvisibleTypeAnnotations',
  ]),
  code: new Set(['StackMapTable']),
};

function checkOnce(
  attributes: readonly AttributeInfo[],
  kind: 'class' | 'field' | 'method' | 'code',
  where: string,
): void {
  if (attributes.length < 2) return;
  const seen = new Set<string>();
  const suffix = kind === 'class' || kind === 'code' ? '' : ` for ${kind}`;
  for (const { name, offset } of attributes) {
    if (!ONCE[kind].has(name)) continue;
    if (seen.has(name)) {
      const plain = name === 'Code' || name === 'Exceptions' || name === 'MethodParameters';
      throw formatError(`Multiple ${name} attributes${plain ? '' : suffix} in class file ${where}`, offset);
    }
    seen.add(name);
  }
}

/** Checks what parseClass has parsed; throws ClassFileError. */
export function checkClassFormat(classFile: ClassFile): void {
  checkHeader(classFile);
  const members = new Set<string>();
  const old = classFile.major < 49;
  for (const field of classFile.fields) {
    if (old) checkOldMember(field.name, field.descriptor, classFile.name);
    checkField(classFile, field);
    const key = `${field.name} ${field.descriptor}`;
    if (members.has(key)) {
      throw formatError(
        `Duplicate field name "${field.name}" with signature "${field.descriptor}" in class file ${classFile.name}`,
      );
    }
    members.add(key);
  }
  members.clear();
  for (const method of classFile.methods) {
    if (old) checkOldMember(method.name, method.descriptor, classFile.name);
    checkMethod(classFile, method);
    const key = method.name + method.descriptor;
    if (members.has(key)) {
      throw formatError(
        `Duplicate method name "${method.name}" with signature "${method.descriptor}" in class file ${classFile.name}`,
      );
    }
    members.add(key);
  }
  checkClassAttributes(classFile);
}

function hex(flags: number): string {
  return `0x${flags.toString(16).toUpperCase()}`;
}

function areClassFlagsLegal(flags: number, major: number): boolean {
  const isInterface = (flags & Acc.Interface) !== 0;
  const isAbstract = (flags & Acc.Abstract) !== 0;
  if (isAbstract && (flags & Acc.Final) !== 0) return false;
  if (isInterface && !isAbstract) return false;
  if (major < 49) return true;
  return isInterface ? (flags & (Acc.Super | Acc.Enum)) === 0 : (flags & Acc.Annotation) === 0;
}

function checkHeader(classFile: ClassFile): void {
  const { name, superName, interfaces, accessFlags, major } = classFile;
  // A module-info is no class; whoever loads it as one must refuse it.
  if ((accessFlags & Acc.Module) !== 0) return;
  if (!areClassFlagsLegal(accessFlags, major)) {
    throw formatError(`Illegal class modifiers in class ${name}: ${hex(accessFlags)}`);
  }
  if (name.startsWith('[')) throw formatError(`Bad class name in class file ${name}`);
  if (superName?.startsWith('[')) throw formatError(`Bad superclass name in class file ${name}`);
  if ((accessFlags & Acc.Interface) !== 0 && superName !== 'java/lang/Object') {
    throw formatError(`Interfaces must have java.lang.Object as superclass in class file ${name}`);
  }
  const seen = new Set<string>();
  for (const item of interfaces) {
    if (item.startsWith('[')) throw formatError(`Bad interface name in class file ${name}`);
    if (seen.has(item)) throw formatError(`Duplicate interface name "${item}" in class file ${name}`);
    seen.add(item);
  }
}

/** More than one of public, private and protected. */
function hasTwoAccesses(flags: number): boolean {
  const access = flags & (Acc.Public | Acc.Private | Acc.Protected);
  return (access & (access - 1)) !== 0;
}

function checkField(classFile: ClassFile, field: FieldInfo): void {
  const { name: where, accessFlags, pool } = classFile;
  const { name, descriptor } = field;
  const flags = field.accessFlags & 0x50df;
  const legal =
    (accessFlags & Acc.Interface) !== 0
      ? (flags & ~Acc.Synthetic) === (Acc.Public | Acc.Static | Acc.Final)
      : !hasTwoAccesses(flags) && (flags & (Acc.Final | Acc.Volatile)) !== (Acc.Final | Acc.Volatile);
  if (!legal) throw formatError(`Illegal field modifiers in class ${where}: ${hex(flags)}`);
  if (!isUnqualifiedName(name)) throw formatError(`Illegal field name "${name}" in class ${where}`);
  if (!isFieldDescriptor(descriptor)) throw illegalSignature('Field', name, where, descriptor);
  const attributes = field.attributes;
  checkOnce(attributes, 'field', where);
  let constants = 0;
  for (const { name: attribute, offset, length } of attributes) {
    if (attribute === 'ConstantValue' && field.isStatic) {
      if (constants++ > 0) throw formatError(`Duplicate ConstantValue attribute in class file ${where}`, offset);
      if (length !== 2) {
        throw formatError(`Invalid ConstantValue field attribute length ${length} in class file ${where}`, offset);
      }
      const index = field.constantValue;
      const tag = pool.tag(index);
      if (tag === Tag.None) {
        throw formatError(`Bad initial value index ${index} in ConstantValue attribute in class file ${where}`, offset);
      }
      if (tag !== constantTag(descriptor)) {
        throw formatError(`Inconsistent constant value type in class file ${where}`, offset);
      }
    } else {
      checkCommonAttribute(pool, attribute, offset, length, 'field', where);
    }
  }
}

function constantTag(descriptor: string): Tag {
  switch (descriptor) {
    case 'J':
      return Tag.Long;
    case 'F':
      return Tag.Float;
    case 'D':
      return Tag.Double;
    case 'Ljava/lang/String;':
      return Tag.String;
    default:
      return descriptor.length === 1 ? Tag.Integer : Tag.None;
  }
}

/** Lengths and indexes of what fields, methods and classes may all have. */
function checkCommonAttribute(
  pool: ClassFile['pool'],
  name: string,
  offset: number,
  length: number,
  kind: 'field' | 'method' | 'classfile',
  where: string,
): void {
  if (name === 'Synthetic' || name === 'Deprecated') {
    if (length !== 0)
      throw formatError(`Invalid ${name} ${kind} attribute length ${length} in class file ${where}`, offset);
  } else if (name === 'Signature') {
    if (length !== 2) {
      throw formatError(
        kind === 'field'
          ? `Wrong size ${length} for field's Signature attribute in class file ${where}`
          : kind === 'method'
            ? `Invalid Signature attribute length ${length} in class file ${where}`
            : `Wrong Signature attribute length ${length} in class file ${where}`,
        offset,
      );
    }
    const index = (pool.bytes[offset] << 8) | pool.bytes[offset + 1];
    if (pool.tag(index) !== Tag.Utf8) {
      throw formatError(`Invalid constant pool index ${index} in Signature attribute in class file ${where}`, offset);
    }
  }
}

function areMethodFlagsLegal(flags: number, name: string, inInterface: boolean, major: number): boolean {
  const has = (mask: number) => (flags & mask) !== 0;
  if (inInterface) {
    if (major >= 52) {
      if (has(Acc.Public) === has(Acc.Private)) return false;
      if (has(Acc.Protected | Acc.Final | Acc.Synchronized | Acc.Native)) return false;
      return !has(Acc.Abstract) || !has(Acc.Private | Acc.Static | (major < 60 ? Acc.Strict : 0));
    }
    if (!has(Acc.Public) || !has(Acc.Abstract)) return false;
    const never = Acc.Static | Acc.Final | Acc.Native;
    return !has(major >= 49 ? never | Acc.Private | Acc.Protected | Acc.Synchronized | Acc.Strict : never);
  }
  if (hasTwoAccesses(flags)) return false;
  if (name === '<init>') {
    const never = Acc.Static | Acc.Final | Acc.Synchronized | Acc.Native | Acc.Abstract;
    return !has(major >= 49 ? never | Acc.Bridge : never);
  }
  if (!has(Acc.Abstract)) return true;
  const never = Acc.Final | Acc.Native | Acc.Private | Acc.Static;
  return !has(major >= 49 ? never | Acc.Synchronized | (major < 60 ? Acc.Strict : 0) : never);
}

function checkMethod(classFile: ClassFile, method: MethodInfo): void {
  const { name: where, accessFlags, major, pool } = classFile;
  const { name, descriptor } = method;
  const inInterface = (accessFlags & Acc.Interface) !== 0;
  let flags = method.accessFlags & 0x1dff;
  if (!isMethodName(name)) throw formatError(`Illegal method name "${name}" in class ${where}`);
  if (name === '<clinit>') {
    if (major >= 51 && (flags & Acc.Static) === 0) {
      throw formatError(`Method <clinit> is not static in class file ${where}`);
    }
    flags &= Acc.Static | Acc.Strict;
  } else {
    if (name === '<init>' && inInterface) {
      throw formatError(`Interface cannot have a method named <init>, class file ${where}`);
    }
    if (!areMethodFlagsLegal(flags, name, inInterface, major)) {
      throw formatError(`Method ${name} in class ${where} has illegal modifiers: ${hex(flags)}`);
    }
  }
  const argumentSlots = checkMethodDescriptor(name, descriptor, where) + (method.isStatic ? 0 : 1);
  if (argumentSlots > 255) throw formatError(`Too many arguments in method signature in class file ${where}`);
  const attributes = method.attributes;
  checkOnce(attributes, 'method', where);
  for (const { name: attribute, offset, length } of attributes) {
    checkCommonAttribute(pool, attribute, offset, length, 'method', where);
    if (attribute === 'Exceptions') {
      const reader = new Reader(pool.bytes, offset, offset + length);
      const count = reader.u2();
      for (let i = 0; i < count; i++) {
        const index = reader.u2();
        if (pool.tag(index) !== Tag.Class) {
          throw formatError(`Exception name has bad type at constant pool ${index} in class file ${where}`, offset);
        }
      }
      if (reader.at !== reader.end)
        throw formatError(`Exceptions attribute has wrong length in class file ${where}`, offset);
    } else if (attribute === 'MethodParameters') {
      if (length !== 1 + 4 * pool.bytes[offset]) {
        throw formatError(`Invalid MethodParameters method attribute length ${length} in class file`, offset);
      }
    }
  }
  const { code } = method;
  // <clinit> of a class older than 51 that is not static is no initialiser, but a method like any other.
  if ((method.accessFlags & (Acc.Native | Acc.Abstract)) !== 0 && name !== '<clinit>') {
    if (code !== undefined) throw formatError(`Code attribute in native or abstract methods in class file ${where}`);
    return;
  }
  if (code === undefined) {
    throw formatError(`Absent Code attribute in method that is not native or abstract in class file ${where}`);
  }
  if (argumentSlots > code.maxLocals) throw formatError(`Arguments can't fit into locals in class file ${where}`);
  checkCode(classFile, code);
}

function checkCode(classFile: ClassFile, code: Code): void {
  const { name: where, pool } = classFile;
  checkOnce(listAttributes(pool, code.attributesStart), 'code', where);
  void code.lineNumbers;
  checkLocalVariables(code, code.localVariables(), 'LocalVariableTable', where);
  checkLocalVariables(code, code.localVariableTypes(), 'LocalVariableTypeTable', where);
}

function checkLocalVariables(
  code: Code,
  variables: ReturnType<Code['localVariables']>,
  table: string,
  where: string,
): void {
  const seen = new Set<string>();
  for (const { startPc, length, name, descriptor, index } of variables) {
    if (startPc >= code.bytes.length)
      throw formatError(`Invalid start_pc ${startPc} in ${table} in class file ${where}`);
    if (startPc + length > code.bytes.length) {
      throw formatError(`Invalid length ${length} in ${table} in class file ${where}`);
    }
    if (!isUnqualifiedName(name)) throw formatError(`Illegal field name "${name}" in class ${where}`);
    let slots = 1;
    if (table === 'LocalVariableTable') {
      if (!isFieldDescriptor(descriptor)) throw illegalSignature('Field', name, where, descriptor);
      slots = slotsOf(descriptor);
    }
    if (index + slots > code.maxLocals) throw formatError(`Invalid index ${index} in ${table} in class file ${where}`);
    const key = `${startPc} ${length} ${index} ${name}`;
    if (seen.has(key)) throw formatError(`Duplicated ${table} attribute entry for '${name}' in class file ${where}`);
    seen.add(key);
  }
}

function checkClassAttributes(classFile: ClassFile): void {
  const { name: where, pool } = classFile;
  const attributes = classFile.attributes;
  checkOnce(attributes, 'class', where);
  const present = new Set<string>();
  for (const { name, offset, length } of attributes) {
    present.add(name);
    checkCommonAttribute(pool, name, offset, length, 'classfile', where);
    const count = length >= 2 ? (pool.bytes[offset] << 8) | pool.bytes[offset + 1] : 0;
    switch (name) {
      case 'SourceFile':
        if (length !== 2) throw formatError(`Wrong SourceFile attribute length in class file ${where}`, offset);
        if (pool.tag(count) !== Tag.Utf8) {
          throw formatError(
            `Invalid SourceFile attribute at constant pool index ${count} in class file ${where}`,
            offset,
          );
        }
        break;
      case 'InnerClasses':
        if (offset + 2 + 8 * count > pool.bytes.length) throw formatError('Truncated class file', offset);
        if (length !== 2 + 8 * count)
          throw formatError(`Wrong InnerClasses attribute length in class file ${where}`, offset);
        checkInnerClasses(classFile, offset);
        break;
      case 'EnclosingMethod':
        if (length !== 4)
          throw formatError(`Wrong EnclosingMethod attribute length ${length} in class file ${where}`, offset);
        void classFile.enclosingMethod;
        break;
      case 'NestHost':
        if (length !== 2) throw formatError(`Wrong NestHost attribute length in class file ${where}`, offset);
        if (pool.tag(count) !== Tag.Class) {
          throw formatError(`Nest-host class_info_index ${count} has bad constant type in class file ${where}`, offset);
        }
        break;
      case 'NestMembers':
      case 'PermittedSubclasses': {
        if (length !== 2 + 2 * count)
          throw formatError(`Wrong ${name} attribute length in class file ${where}`, offset);
        const what = name === 'NestMembers' ? 'Nest member' : 'Permitted subclass';
        const reader = new Reader(pool.bytes, offset + 2, offset + length);
        for (let i = 0; i < count; i++) {
          const index = reader.u2();
          if (pool.tag(index) !== Tag.Class) {
            throw formatError(`${what} class_info_index ${index} has bad constant type in class file ${where}`, offset);
          }
        }
        break;
      }
      default:
        break;
    }
  }
  if (present.has('NestHost') && present.has('NestMembers')) {
    throw formatError(`Conflicting NestHost and NestMembers attributes in class file ${where}`);
  }
  if (present.has('PermittedSubclasses') && (classFile.accessFlags & Acc.Final) !== 0) {
    throw formatError(`PermittedSubclasses attribute in final class file ${where}`);
  }
  checkRecord(classFile);
  checkBootstraps(classFile, present.has('BootstrapMethods'));
}

function checkInnerClasses(classFile: ClassFile, offset: number): void {
  const { name: where, major, pool } = classFile;
  let at = offset + 2;
  const seen = new Set<string>();
  for (const { inner, outer, name, flags } of classFile.innerClasses ?? []) {
    if ((flags & Acc.Module) !== 0 && major >= 53) {
      const text = `${where} is not a class because access_flag ACC_MODULE is set`;
      throw new ClassFileError('NoClassDefFoundError', text);
    }
    if (outer?.startsWith('[')) throw formatError(`Outer class is an array class in class file ${where}`);
    // Constants are compared, not names: HotSpot lets two of the same name pass.
    const same = pool.bytes[at] === pool.bytes[at + 2] && pool.bytes[at + 1] === pool.bytes[at + 3];
    at += 8;
    if (same) throw formatError(`Class is both outer and inner class in class file ${where}`);
    const fixed = (flags & Acc.Interface) !== 0 && major < 50 ? flags | Acc.Abstract : flags;
    if (!areClassFlagsLegal(fixed & ~Acc.Super, major)) {
      throw formatError(`Illegal class modifiers in class ${where}: ${hex(fixed)}`);
    }
    const key = `${inner} ${outer ?? ''} ${name ?? ''} ${flags}`;
    if (seen.has(key)) throw formatError(`Duplicate entry in InnerClasses attribute in class file ${where}`);
    seen.add(key);
  }
}

function checkRecord(classFile: ClassFile): void {
  for (const { name, descriptor } of classFile.record ?? []) {
    if (!isUnqualifiedName(name)) throw formatError(`Illegal field name "${name}" in class ${classFile.name}`);
    if (!isFieldDescriptor(descriptor)) throw illegalSignature('Field', name, classFile.name, descriptor);
  }
}

function checkBootstraps(classFile: ClassFile, present: boolean): void {
  const { pool, name: where } = classFile;
  const { bootstrapMethods } = classFile;
  for (const { methodRef, args } of bootstrapMethods) {
    if (pool.tag(methodRef) !== Tag.MethodHandle) {
      throw formatError(`bootstrap_method_index ${methodRef} has bad constant type in class file ${where}`);
    }
    for (const index of args) {
      const tag = pool.tag(index);
      const loadable = (tag >= Tag.Integer && tag <= Tag.String) || (tag >= Tag.MethodHandle && tag <= Tag.Dynamic);
      if (!loadable) throw formatError(`argument_index ${index} has bad constant type in class file ${where}`);
    }
  }
  for (let i = 1; i < pool.length; i++) {
    const tag = pool.tag(i);
    if (tag !== Tag.Dynamic && tag !== Tag.InvokeDynamic) continue;
    if (!present) throw formatError(`Missing BootstrapMethods attribute in class file ${where}`);
    if (pool.dynamic(i).bootstrap >= bootstrapMethods.length) {
      throw formatError(`Short length on BootstrapMethods in class file ${where}`);
    }
  }
}
