/** Checks of the constant pool (JVMS 4.4): cross references, names and descriptors, what a version allows. */
import type { ConstantPool } from './constant-pool.js';
import { Acc, RefKind, Tag } from './constants.js';
import { isFieldDescriptor, isInternalName, parseMethodDescriptor } from './descriptors.js';
import { ClassFileError, formatError } from './errors.js';

/** Whether `name` is an unqualified name (JVMS 4.2.2), of a field or a local variable. */
export function isUnqualifiedName(name: string): boolean {
  return name.length > 0 && !/[.;[/]/.test(name);
}

/** Whether `name` may name a method. */
export function isMethodName(name: string): boolean {
  if (name === '<init>' || name === '<clinit>') return true;
  return name.length > 0 && !/[.;[/<>]/.test(name);
}

/** Whether `name` may stand in a Class entry: an internal name or an array descriptor. */
export function isClassName(name: string): boolean {
  if (name.charCodeAt(0) === 0x5b) return isFieldDescriptor(name);
  return isInternalName(name, 0, name.length);
}

const IDENTIFIER = /^[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}]*$/u;

/**
 * Whether all identifiers of a name or a descriptor are Java's own: before version 49 a name had to be one
 * (`Character.isJavaIdentifierStart` and `Part`).
 */
function isOldName(name: string): boolean {
  return name.split('/').every((part) => IDENTIFIER.test(part));
}

function isOldDescriptor(descriptor: string): boolean {
  return [...descriptor.matchAll(/L([^;]*);/g)].every(([, name]) => isOldName(name));
}

/** What versions before 49 ask for beyond today's rules. */
function checkOldNames(pool: ConstantPool, i: number, where: string): void {
  const tag = pool.tag(i);
  if (tag === Tag.Class) {
    const name = pool.className(i);
    if (name.startsWith('[') ? !isOldDescriptor(name) : !isOldName(name)) {
      throw formatError(`Illegal class name "${name}" in class file ${where}`, pool.offset(i));
    }
  } else if (tag === Tag.NameAndType) {
    const { name, descriptor } = pool.nameAndType(i);
    checkOldMember(name, descriptor, where);
  }
}

/** The same of a field or method. */
export function checkOldMember(name: string, descriptor: string, where: string): void {
  const kind = descriptor.startsWith('(') ? 'Method' : 'Field';
  const special = kind === 'Method' && (name === '<init>' || name === '<clinit>');
  if (!special && !isOldName(name)) throw formatError(`Illegal ${kind.toLowerCase()} name "${name}" in class ${where}`);
  if (!isOldDescriptor(descriptor)) throw illegalSignature(kind, name, where, descriptor);
}

/** The error for a descriptor that is none; `what` is `Field` or `Method`. */
export function illegalSignature(what: string, name: string, className: string, descriptor: string): ClassFileError {
  return formatError(`${what} "${name}" in class ${className} has illegal signature "${descriptor}"`);
}

/** Checks a method's descriptor against its name; returns the argument slots without the receiver. */
export function checkMethodDescriptor(name: string, descriptor: string, className: string): number {
  try {
    const { argumentSlots, returnType } = parseMethodDescriptor(descriptor);
    if ((name === '<init>' || name === '<clinit>') && returnType !== 'V') {
      throw illegalSignature('Method', name, className, descriptor);
    }
    return argumentSlots;
  } catch (error) {
    if (error instanceof ClassFileError) throw illegalSignature('Method', name, className, descriptor);
    throw error;
  }
}

/** Checks the whole pool; `where` names the class file in messages, `accessFlags` are those of the class. */
export function checkConstantPool(pool: ConstantPool, major: number, accessFlags: number, where: string): void {
  for (let i = 1; i < pool.length; i++) checkReferences(pool, i, major, accessFlags, where);
  for (let i = 1; i < pool.length; i++) checkMeaning(pool, i, where);
  if (major >= 49) return;
  for (let i = 1; i < pool.length; i++) checkOldNames(pool, i, where);
}

function checkReferences(pool: ConstantPool, i: number, major: number, accessFlags: number, where: string): void {
  const tag = pool.tag(i);
  if (tag === Tag.None) return;
  const at = pool.offset(i);
  const { bytes } = pool;
  const first = (bytes[at] << 8) | bytes[at + 1];
  const second = (bytes[at + 2] << 8) | bytes[at + 3];
  const expect = (index: number, wanted: Tag) => {
    if (pool.tag(index) !== wanted)
      throw formatError(`Invalid constant pool index ${index} in class file ${where}`, at);
  };
  const since = (version: number) => {
    if (major < version) {
      throw formatError(`Class file version does not support constant tag ${tag} in class file ${where}`, at);
    }
  };
  switch (tag) {
    case Tag.Utf8:
      try {
        pool.utf8(i);
      } catch (error) {
        if (!(error instanceof ClassFileError)) throw error;
        throw formatError(`Illegal UTF8 string in constant pool in class file ${where}`, error.offset);
      }
      return;
    case Tag.Fieldref:
    case Tag.Methodref:
    case Tag.InterfaceMethodref:
      expect(first, Tag.Class);
      expect(second, Tag.NameAndType);
      return;
    case Tag.Class:
    case Tag.String:
      expect(first, Tag.Utf8);
      return;
    case Tag.NameAndType:
      expect(first, Tag.Utf8);
      expect(second, Tag.Utf8);
      return;
    case Tag.MethodHandle: {
      since(51);
      const kind = bytes[at];
      if (kind < 1 || kind > 9) {
        throw formatError(`Bad method handle kind at constant pool index ${i} in class file ${where}`, at);
      }
      const index = (bytes[at + 1] << 8) | bytes[at + 2];
      const member = pool.tag(index);
      const invalid = (what: string) =>
        formatError(`Invalid constant pool index ${index} in class file ${where} (${what})`, at);
      if (kind <= RefKind.PutStatic) {
        if (member !== Tag.Fieldref) throw invalid('not a field');
      } else if (kind === RefKind.InvokeInterface) {
        if (member !== Tag.InterfaceMethodref) throw invalid('not an interface method');
      } else {
        const either = (kind === RefKind.InvokeStatic || kind === RefKind.InvokeSpecial) && major >= 52;
        if (member !== Tag.Methodref && !(either && member === Tag.InterfaceMethodref)) throw invalid('not a method');
      }
      return;
    }
    case Tag.MethodType:
      since(51);
      expect(first, Tag.Utf8);
      return;
    case Tag.Dynamic:
      since(55);
      expect(second, Tag.NameAndType);
      return;
    case Tag.InvokeDynamic:
      since(51);
      expect(second, Tag.NameAndType);
      return;
    case Tag.Module:
    case Tag.Package:
      if ((accessFlags & Acc.Module) === 0 || major < 53) {
        throw formatError(`Unknown constant tag ${tag} in class file ${where}`, at);
      }
      expect(first, Tag.Utf8);
      return;
    default:
      return;
  }
}

function checkMeaning(pool: ConstantPool, i: number, where: string): void {
  switch (pool.tag(i)) {
    case Tag.Class: {
      const name = pool.className(i);
      if (!isClassName(name)) throw formatError(`Illegal class name "${name}" in class file ${where}`, pool.offset(i));
      return;
    }
    case Tag.NameAndType: {
      const { name, descriptor } = pool.nameAndType(i);
      if (descriptor.startsWith('(')) checkMethod(name, descriptor, where);
      else checkField(name, descriptor, where);
      return;
    }
    case Tag.Fieldref: {
      const { name, descriptor } = pool.memberRef(i);
      checkField(name, descriptor, where);
      return;
    }
    case Tag.Methodref:
    case Tag.InterfaceMethodref: {
      const { name, descriptor, isInterface } = pool.memberRef(i);
      checkMethod(name, descriptor, where);
      if (name.startsWith('<') && (isInterface || name !== '<init>')) {
        throw formatError(
          `Bad method name at constant pool index ${nameIndex(pool, i)} in class file ${where}`,
          pool.offset(i),
        );
      }
      return;
    }
    case Tag.MethodHandle: {
      const { kind, index } = pool.methodHandle(i);
      if (kind < RefKind.InvokeVirtual) return;
      const { name } = pool.memberRef(index);
      if (kind === RefKind.NewInvokeSpecial) {
        if (name !== '<init>') {
          throw formatError(
            `Bad constructor name at constant pool index ${nameIndex(pool, index)} in class file ${where}`,
          );
        }
      } else if (name === '<init>' || name === '<clinit>') {
        throw formatError(`Bad method name at constant pool index ${nameIndex(pool, index)} in class file ${where}`);
      }
      return;
    }
    case Tag.MethodType:
      checkMethodDescriptor('MethodType', pool.methodType(i), where);
      return;
    case Tag.Dynamic: {
      const { name, descriptor } = pool.dynamic(i);
      checkField(name, descriptor, where);
      return;
    }
    case Tag.InvokeDynamic: {
      const { name, descriptor } = pool.dynamic(i);
      checkMethod(name, descriptor, where);
      return;
    }
    default:
      return;
  }
}

/** Constant pool index of a member's name, for messages. */
function nameIndex(pool: ConstantPool, member: number): number {
  const at = pool.offset(member) + 2;
  const pair = pool.offset((pool.bytes[at] << 8) | pool.bytes[at + 1]);
  return (pool.bytes[pair] << 8) | pool.bytes[pair + 1];
}

function checkField(name: string, descriptor: string, where: string): void {
  if (!isUnqualifiedName(name)) throw formatError(`Illegal field name "${name}" in class ${where}`);
  if (!isFieldDescriptor(descriptor)) throw illegalSignature('Field', name, where, descriptor);
}

function checkMethod(name: string, descriptor: string, where: string): void {
  if (!isMethodName(name)) throw formatError(`Illegal method name "${name}" in class ${where}`);
  checkMethodDescriptor(name, descriptor, where);
}
