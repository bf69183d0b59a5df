/**
 * A class as text, in the shape the JDK's class file disassembler gives it: what Java programmers read bytecode in.
 */
import type { ClassFile } from './class-file.js';
import { Acc } from './constants.js';
import { parseMethodDescriptor } from './descriptors.js';
import { externalClass, externalType } from './external-names.js';
import { otherAttributeLines } from './listing-annotations.js';
import { codeLines, debugLines, exceptionLines, stackMapLines } from './listing-code.js';
import { constantComment, constantText, escapeText, poolLines } from './listing-constants.js';
import type { FieldInfo, MethodInfo } from './members.js';
import {
  parseClassSignature,
  parseFieldSignature,
  parseMethodSignature,
  typeParametersText,
  typeText,
} from './signatures.js';

/** What to show. */
export interface ListingOptions {
  /** The code of methods. */
  readonly code?: boolean;
  /** Constant pool, descriptors, flags, tables; code too. */
  readonly verbose?: boolean;
  /** Private members too. */
  readonly private?: boolean;
  /** Line and local variable tables. */
  readonly lines?: boolean;
}

const CLASS_WORDS: [number, string][] = [
  [Acc.Public, 'public'],
  [Acc.Final, 'final'],
  [Acc.Abstract, 'abstract'],
];
const FIELD_WORDS: [number, string][] = [
  [Acc.Public, 'public'],
  [Acc.Private, 'private'],
  [Acc.Protected, 'protected'],
  [Acc.Static, 'static'],
  [Acc.Final, 'final'],
  [Acc.Volatile, 'volatile'],
  [Acc.Transient, 'transient'],
];
const METHOD_WORDS: [number, string][] = [
  [Acc.Public, 'public'],
  [Acc.Private, 'private'],
  [Acc.Protected, 'protected'],
  [Acc.Static, 'static'],
  [Acc.Final, 'final'],
  [Acc.Synchronized, 'synchronized'],
  [Acc.Native, 'native'],
  [Acc.Abstract, 'abstract'],
  [Acc.Strict, 'strictfp'],
];
const INNER_WORDS: [number, string][] = [
  [Acc.Public, 'public'],
  [Acc.Private, 'private'],
  [Acc.Protected, 'protected'],
  [Acc.Static, 'static'],
  [Acc.Final, 'final'],
  [Acc.Abstract, 'abstract'],
];

/** Names of the flag bits 0x1 to 0x8000. */
const COMMON_FLAGS = ['PUBLIC', 'PRIVATE', 'PROTECTED', 'STATIC', 'FINAL'];
const CLASS_FLAGS = [
  ...COMMON_FLAGS,
  'SUPER',
  '',
  '',
  '',
  'INTERFACE',
  'ABSTRACT',
  '',
  'SYNTHETIC',
  'ANNOTATION',
  'ENUM',
  'MODULE',
];
const FIELD_FLAGS = [...COMMON_FLAGS, '', 'VOLATILE', 'TRANSIENT', '', '', '', '', 'SYNTHETIC', '', 'ENUM', ''];
const METHOD_FLAGS = [
  ...COMMON_FLAGS,
  'SYNCHRONIZED',
  'BRIDGE',
  'VARARGS',
  'NATIVE',
  '',
  'ABSTRACT',
  'STRICT',
  'SYNTHETIC',
  '',
  '',
  '',
];

function words(flags: number, table: [number, string][]): string {
  return table.map(([bit, word]) => ((flags & bit) !== 0 ? `${word} ` : '')).join('');
}

function flagsLine(flags: number, names: readonly string[], indent: string): string {
  const list = names.flatMap((name, bit) => ((flags & (1 << bit)) !== 0 && name !== '' ? [`ACC_${name}`] : []));
  const hex = `(0x${flags.toString(16).padStart(4, '0')})`;
  return `${indent}flags: ${hex}${list.length > 0 ? ` ${list.join(', ')}` : ''}`;
}

function classHeader(classFile: ClassFile, full: boolean): string {
  const { accessFlags, name, superName, interfaces, signature } = classFile;
  const isInterface = (accessFlags & Acc.Interface) !== 0;
  let text = words(isInterface ? accessFlags & ~Acc.Abstract : accessFlags, CLASS_WORDS);
  text += isInterface ? 'interface ' : 'class ';
  text += externalClass(name);
  let superclass = superName === null || superName === 'java/lang/Object' ? '' : externalClass(superName);
  // Without generics the JDK's tool leaves the spaces out.
  let list = interfaces.map(externalClass).join(',');
  if (signature !== undefined) {
    const parsed = parseClassSignature(signature);
    text += typeParametersText(parsed.typeParameters, full);
    superclass = typeText(parsed.superclass);
    if (superclass === 'java.lang.Object' && !full) superclass = '';
    list = parsed.interfaces.map(typeText).join(', ');
  }
  if (!isInterface && superclass !== '') text += ` extends ${superclass}`;
  if (list !== '') text += `${isInterface ? ' extends ' : ' implements '}${list}`;
  return text;
}

function fieldHeader(field: FieldInfo): string {
  const { signature } = field;
  const type = signature === undefined ? externalType(field.descriptor) : typeText(parseFieldSignature(signature));
  return `  ${words(field.accessFlags, FIELD_WORDS)}${type} ${field.name};`;
}

function methodHeader(classFile: ClassFile, method: MethodInfo, full: boolean): string {
  const { name, descriptor, accessFlags: flags, signature } = method;
  const inInterface = (classFile.accessFlags & Acc.Interface) !== 0;
  let text = `  ${words(flags, METHOD_WORDS)}`;
  if (name === '<clinit>') return `${text}{};`;
  if (inInterface && (flags & (Acc.Abstract | Acc.Static | Acc.Private)) === 0) text += 'default ';
  const plain = parseMethodDescriptor(descriptor);
  let parameters = plain.parameters.map(externalType);
  let returnType = externalType(plain.returnType);
  let exceptions = method.exceptions.map(externalClass);
  if (signature !== undefined) {
    const parsed = parseMethodSignature(signature);
    const typeParameters = typeParametersText(parsed.typeParameters, full);
    if (typeParameters !== '') text += `${typeParameters} `;
    parameters = parsed.parameters.map(typeText);
    returnType = typeText(parsed.returnType);
    if (parsed.exceptions.length > 0) {
      // The JDK's tool leaves the slashes in here.
      exceptions = parsed.exceptions.map((type) => (type.kind === 'class' ? type.name : typeText(type)));
    }
  }
  if ((flags & Acc.Varargs) !== 0 && parameters.length > 0) {
    parameters.push(parameters.pop()?.replace(/\[\]$/, '...') ?? '');
  }
  text += name === '<init>' ? externalClass(classFile.name) : `${returnType} ${name}`;
  text += `(${parameters.join(', ')})`;
  if (exceptions.length > 0) text += ` throws ${exceptions.join(', ')}`;
  return `${text};`;
}

function signatureLine(classFile: ClassFile, member: ClassFile | FieldInfo | MethodInfo, indent: string): string[] {
  const attribute = member.attributes.find(({ name }) => name === 'Signature');
  if (attribute === undefined) return [];
  const { bytes } = classFile.pool;
  const index = (bytes[attribute.offset] << 8) | bytes[attribute.offset + 1];
  const left = `${indent}Signature: #${index}`;
  return [`${left.padEnd(40 + indent.length)}// ${member.signature}`];
}

function fieldLines(classFile: ClassFile, field: FieldInfo, options: ListingOptions): string[] {
  const lines = [fieldHeader(field)];
  if (options.verbose) {
    lines.push(`    descriptor: ${field.descriptor}`, flagsLine(field.accessFlags, FIELD_FLAGS, '    '));
    for (const attribute of field.attributes) {
      const { name } = attribute;
      if (name === 'ConstantValue')
        lines.push(`    ConstantValue: ${constantComment(classFile.pool, field.constantValue)}`);
      else if (name === 'Signature') lines.push(...signatureLine(classFile, field, '    '));
      else if (name === 'Deprecated' || name === 'Synthetic') lines.push(`    ${name}: true`);
      else lines.push(...otherAttributeLines(classFile.pool, attribute, '    '));
    }
  }
  return lines;
}

function methodLines(classFile: ClassFile, method: MethodInfo, options: ListingOptions): string[] {
  const verbose = options.verbose === true;
  const lines = [methodHeader(classFile, method, verbose)];
  if (verbose) {
    lines.push(`    descriptor: ${method.descriptor}`, flagsLine(method.accessFlags, METHOD_FLAGS, '    '));
  }
  const { code } = method;
  if (!verbose && !options.code) {
    if (options.lines && code !== undefined) lines.push(...debugLines(code, '    ', false));
    return lines;
  }
  for (const attribute of method.attributes) {
    const { name } = attribute;
    if (!verbose && name !== 'Code') continue;
    if (name === 'Code' && code !== undefined) {
      lines.push('    Code:');
      const indent = verbose ? '      ' : '    ';
      if (verbose) {
        const size = parseMethodDescriptor(method.descriptor).parameters.length + (method.isStatic ? 0 : 1);
        lines.push(`      stack=${code.maxStack}, locals=${code.maxLocals}, args_size=${size}`);
      }
      lines.push(...codeLines(classFile, code, indent), ...exceptionLines(classFile, code, indent));
      if (verbose || options.lines) lines.push(...debugLines(code, indent, verbose));
      if (verbose) lines.push(...stackMapLines(classFile, code, indent));
    } else if (name === 'Exceptions') {
      lines.push('    Exceptions:', `      throws ${method.exceptions.map(externalClass).join(', ')}`);
    } else if (name === 'Signature') {
      lines.push(...signatureLine(classFile, method, '    '));
    } else if (name === 'Deprecated' || name === 'Synthetic') {
      lines.push(`    ${name}: true`);
    } else if (name === 'MethodParameters') {
      lines.push('    MethodParameters:', '      Name                           Flags');
      for (const parameter of method.methodParameters ?? []) {
        const flags = words(parameter.flags, [
          [Acc.Final, 'final'],
          [Acc.Synthetic, 'synthetic'],
          [Acc.Mandated, 'mandated'],
        ]);
        lines.push(`      ${(parameter.name ?? '<no name>').padEnd(30)} ${flags.trimEnd()}`);
      }
    } else if (name !== 'Code') {
      lines.push(...otherAttributeLines(classFile.pool, attribute, '    '));
    }
  }
  return lines;
}

function verboseHeader(classFile: ClassFile): string[] {
  const { pool, attributesStart } = classFile;
  const { bytes } = pool;
  const at = pool.end;
  const index = (offset: number) => (bytes[at + offset] << 8) | bytes[at + offset + 1];
  const named = (label: string, i: number) =>
    i === 0 ? `  ${label}: #0` : `${`  ${label}: #${i}`.padEnd(42)}// ${constantText(pool, i)}`;
  const attributes = (bytes[attributesStart] << 8) | bytes[attributesStart + 1];
  const { interfaces, fields, methods } = classFile;
  return [
    `  minor version: ${classFile.minor}`,
    `  major version: ${classFile.major}`,
    flagsLine(index(0), CLASS_FLAGS, '  '),
    named('this_class', index(2)),
    named('super_class', index(4)),
    `  interfaces: ${interfaces.length}, fields: ${fields.length}, methods: ${methods.length}, attributes: ${attributes}`,
    'Constant pool:',
    ...poolLines(pool),
  ];
}

function classAttributes(classFile: ClassFile): string[] {
  const { pool } = classFile;
  const { bytes } = pool;
  const u2 = (at: number) => (bytes[at] << 8) | bytes[at + 1];
  const lines: string[] = [];
  for (const attribute of classFile.attributes) {
    const { name, offset } = attribute;
    if (name === 'SourceFile') lines.push(`SourceFile: "${classFile.sourceFile}"`);
    else if (name === 'Signature') lines.push(...signatureLine(classFile, classFile, ''));
    else if (name === 'NestHost') lines.push(`NestHost: class ${classFile.nestHost}`);
    else if (name === 'NestMembers') lines.push('NestMembers:', ...classFile.nestMembers.map((item) => `  ${item}`));
    else if (name === 'PermittedSubclasses') {
      lines.push('PermittedSubclasses:', ...(classFile.permittedSubclasses ?? []).map((item) => `  ${item}`));
    } else if (name === 'EnclosingMethod') {
      const method = u2(offset + 2);
      const left = `EnclosingMethod: #${u2(offset)}.#${method}`;
      const { className, name: methodName } = classFile.enclosingMethod ?? { className: '', name: undefined };
      lines.push(`${left.padEnd(40)}// ${externalClass(className)}${methodName === undefined ? '' : `.${methodName}`}`);
    } else if (name === 'Deprecated' || name === 'Synthetic') lines.push(`${name}: true`);
    else if (name === 'Record') {
      lines.push('Record:');
      for (const { name: component, descriptor, signature } of classFile.record ?? []) {
        const type = signature === undefined ? externalType(descriptor) : typeText(parseFieldSignature(signature));
        lines.push(`  ${type} ${component};`, `    descriptor: ${descriptor}`, '');
      }
    } else if (name === 'BootstrapMethods') {
      lines.push('BootstrapMethods:');
      classFile.bootstrapMethods.forEach(({ methodRef, args }, i) => {
        lines.push(`  ${i}: #${methodRef} ${constantText(pool, methodRef)}`, '    Method arguments:');
        for (const arg of args) lines.push(`      #${arg} ${constantText(pool, arg)}`);
      });
    } else if (name === 'InnerClasses') {
      lines.push('InnerClasses:', ...innerLines(classFile, offset, u2));
    } else lines.push(...otherAttributeLines(pool, attribute, ''));
  }
  return lines;
}

function innerLines(classFile: ClassFile, offset: number, u2: (at: number) => number): string[] {
  return (classFile.innerClasses ?? []).map(({ inner, outer, name, flags }, i) => {
    const at = offset + 2 + 8 * i;
    const isInterface = (flags & Acc.Interface) !== 0;
    let left = `  ${words(isInterface ? flags & ~Acc.Abstract : flags, INNER_WORDS)}`;
    let comment = '';
    if (name !== null) {
      left += `#${u2(at + 4)}= `;
      comment += `${name}=`;
    }
    left += `#${u2(at)}`;
    comment += `class ${inner}`;
    if (outer !== null) {
      left += ` of #${u2(at + 2)}`;
      comment += ` of class ${outer}`;
    }
    return `${`${left};`.padEnd(41)} // ${comment}`;
  });
}

/** The lines of a class's listing. Throws ClassFileError where what is shown is malformed. */
export function listClass(classFile: ClassFile, options: ListingOptions = {}): string[] {
  const verbose = options.verbose === true;
  const spaced = verbose || options.code === true || options.lines === true;
  const lines: string[] = [];
  const { sourceFile } = classFile;
  if (sourceFile !== undefined) lines.push(`${verbose ? '  ' : ''}Compiled from "${escapeText(sourceFile)}"`);
  const header = classHeader(classFile, verbose);
  if (verbose) lines.push(header, ...verboseHeader(classFile), '{');
  else lines.push(`${header} {`);
  const isShown = (member: { accessFlags: number }) => options.private || (member.accessFlags & Acc.Private) === 0;
  const gap = spaced ? [''] : [];
  for (const field of classFile.fields.filter(isShown)) lines.push(...fieldLines(classFile, field, options), ...gap);
  classFile.methods.filter(isShown).forEach((method, i) => {
    lines.push(...(i > 0 ? gap : []), ...methodLines(classFile, method, options));
  });
  lines.push('}');
  if (verbose) lines.push(...classAttributes(classFile));
  return lines.map((line) => line.replace(/ +$/, ''));
}
