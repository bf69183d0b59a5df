/**
 * The class file parser: one pass that finds the constant pool, fields, methods and where attributes lie.
 *
 * A VM parses some five hundred library classes before `main` runs, in a JavaScript engine that is still cold, so the
 * pass allocates one object per member and leaves the rest for later. Classes that are not trusted go through
 * format-checks.ts afterwards, which touches everything, so that whatever is wrong is found here and not while running.
 */
import { ignoredAttributes, skipAttributes } from './attributes.js';
import { ClassFile } from './class-file.js';
import { ConstantPool } from './constant-pool.js';
import { Acc, Tag } from './constants.js';
import { ClassFileError, formatError } from './errors.js';
import { checkClassFormat } from './format-checks.js';
import { FieldInfo, MethodInfo } from './members.js';
import { checkConstantPool } from './pool-checks.js';

/** How to parse a class. */
export interface ParseOptions {
  /** A class of the library: the checks of JVMS 4.8 that do not protect Scotty are left out. */
  readonly trusted?: boolean;
  /** The internal name the class must have; for untrusted classes. */
  readonly expected?: string;
  /** Name of the class or file in messages, as long as the class has not named itself; default `Unknown`. */
  readonly source?: string;
  /** The newest major version accepted; default 69. */
  readonly maxMajor?: number;
  /** Whether minor version 65535 (preview features) is accepted for the newest version; default false. */
  readonly preview?: boolean;
}

/** The newest class file version known: JDK 25. */
export const NEWEST_MAJOR = 69;
/** Flags that mean something (JVMS 4.1, 4.5, 4.6); others are passed over. */
const CLASS_FLAGS = 0x7631;
const FIELD_FLAGS = 0x50df;
const METHOD_FLAGS = 0x1dff;
/** The first version that marks preview features by its minor version (JVMS 4.1). */
const FIRST_PREVIEW_MAJOR = 56;

function checkVersion(major: number, minor: number, options: ParseOptions | undefined): void {
  const newest = options?.maxMajor ?? NEWEST_MAJOR;
  const name = options?.source ?? 'Unknown';
  const unsupported = (text: string) => new ClassFileError('UnsupportedClassVersionError', text, 4);
  const what = `${name} (class file version ${major}.${minor})`;
  if (major > newest) {
    throw unsupported(
      `${name} has been compiled by a more recent version of the Java Runtime (class file version ${major}.${minor}), ` +
        `this version of the Java Runtime only recognizes class file versions up to ${newest}.0`,
    );
  }
  if (major < 45) throw unsupported(`${what} was compiled with an invalid major version`);
  if (major < FIRST_PREVIEW_MAJOR || minor === 0) return;
  if (minor !== 0xffff) throw unsupported(`${what} was compiled with an invalid non-zero minor version`);
  if (major !== newest) {
    throw unsupported(
      `${what} was compiled with preview features that are unsupported. This version of the Java Runtime only ` +
        `recognizes preview features for class file version ${newest}.65535`,
    );
  }
  if (!options?.preview) {
    throw unsupported(`Preview features are not enabled for ${what}. Try running with '--enable-preview'`);
  }
}

/**
 * Parses a class file.
 *
 * For untrusted classes all format checks of JVMS 4.8 are made; of a trusted class only what keeps every later access
 * inside the file. Throws ClassFileError and nothing else, whatever the bytes.
 */
export function parseClass(bytes: Uint8Array, options?: ParseOptions): ClassFile {
  const where = options?.source ?? 'Unknown';
  const size = bytes.length;
  if (size < 4) throw formatError('Truncated class file', size);
  const magic = ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0;
  if (magic !== 0xcafebabe) throw formatError(`Incompatible magic value ${magic} in class file ${where}`, 0);
  if (size < 10) throw formatError('Truncated class file', size);
  const minor = (bytes[4] << 8) | bytes[5];
  const major = (bytes[6] << 8) | bytes[7];
  checkVersion(major, minor, options);
  const pool = new ConstantPool(bytes, 8, where);
  let at = pool.end;
  if (at + 8 > size) throw formatError('Truncated class file', at);
  let accessFlags = (bytes[at] << 8) | bytes[at + 1];
  const trusted = options?.trusted === true;
  if (!trusted) {
    pool.ignored = ignoredAttributes(major);
    checkConstantPool(pool, major, accessFlags, where);
    accessFlags &= major < 53 ? CLASS_FLAGS : CLASS_FLAGS | Acc.Module;
  }
  // Old compilers did not set it, and the rest of the VM then need not know (JVMS 4.1 asks for no such thing).
  if ((accessFlags & Acc.Interface) !== 0 && major < 50) accessFlags |= Acc.Abstract;
  const thisIndex = (bytes[at + 2] << 8) | bytes[at + 3];
  const superIndex = (bytes[at + 4] << 8) | bytes[at + 5];
  if (pool.tag(thisIndex) !== Tag.Class) {
    throw formatError(`Invalid this class index ${thisIndex} in constant pool in class file ${where}`, at + 2);
  }
  const name = pool.className(thisIndex);
  if (!trusted && options?.expected !== undefined) {
    const refused = (text: string) => new ClassFileError('NoClassDefFoundError', text, at);
    if ((accessFlags & Acc.Module) !== 0) throw refused(`${name} is not a class because access_flag ACC_MODULE is set`);
    if (name !== options.expected) throw refused(`${options.expected} (wrong name: ${name})`);
  }
  if (superIndex === 0 && name !== 'java/lang/Object' && (accessFlags & Acc.Module) === 0) {
    throw formatError(`Invalid superclass index ${superIndex} in class file ${name}`, at + 4);
  }
  if (superIndex !== 0 && (pool.tag(superIndex) !== Tag.Class || name === 'java/lang/Object')) {
    throw formatError(`Invalid superclass index ${superIndex} in class file ${name}`, at + 4);
  }
  const superName = superIndex === 0 ? null : pool.className(superIndex);
  const interfaces: string[] = [];
  const interfaceCount = (bytes[at + 6] << 8) | bytes[at + 7];
  at += 8;
  if (at + 2 * interfaceCount + 2 > size) throw formatError('Truncated class file', at);
  for (let i = 0; i < interfaceCount; i++, at += 2) {
    interfaces.push(pool.className((bytes[at] << 8) | bytes[at + 1]));
  }

  const fields: FieldInfo[] = [];
  let count = (bytes[at] << 8) | bytes[at + 1];
  at += 2;
  for (; count > 0; count--) {
    if (at + 8 > size) throw formatError('Truncated class file', at);
    const flags = (bytes[at] << 8) | bytes[at + 1];
    if (!trusted) checkMember(pool, at, 'Invalid', 'field', name);
    const fieldName = pool.utf8((bytes[at + 2] << 8) | bytes[at + 3]);
    const descriptor = pool.utf8((bytes[at + 4] << 8) | bytes[at + 5]);
    const start = at + 6;
    at = skipAttributes(bytes, start, size);
    const annotationsAt = scanAttributes(pool, start, false);
    fields.push(
      new FieldInfo(pool, trusted ? flags : flags & FIELD_FLAGS, fieldName, descriptor, start, annotationsAt),
    );
  }

  if (at + 2 > size) throw formatError('Truncated class file', at);
  const methods: MethodInfo[] = [];
  count = (bytes[at] << 8) | bytes[at + 1];
  at += 2;
  for (; count > 0; count--) {
    if (at + 8 > size) throw formatError('Truncated class file', at);
    const flags = (bytes[at] << 8) | bytes[at + 1];
    if (!trusted) checkMember(pool, at, 'Illegal', 'method', name);
    const methodName = pool.utf8((bytes[at + 2] << 8) | bytes[at + 3]);
    const descriptor = pool.utf8((bytes[at + 4] << 8) | bytes[at + 5]);
    const start = at + 6;
    at = skipAttributes(bytes, start, size);
    const annotationsAt = scanAttributes(pool, start, true);
    const known = trusted ? flags : knownFlags(flags, methodName, major);
    methods.push(new MethodInfo(pool, known, methodName, descriptor, start, annotationsAt, foundCode, name));
  }

  const attributesStart = at;
  at = skipAttributes(bytes, at, size);
  const header = { minor, major, pool, accessFlags, name, superName, interfaces, fields, methods, attributesStart };
  const classFile = new ClassFile(header);
  if (!trusted) {
    if (at !== size) throw formatError(`Extra bytes at the end of class file ${name}`, at);
    checkClassFormat(classFile);
  }
  return classFile;
}

/** Checks that the field or method at `at` names a name and a descriptor. */
function checkMember(pool: ConstantPool, at: number, found: string, kind: string, where: string): void {
  for (const [offset, what] of MEMBER_TEXTS) {
    const index = (pool.bytes[at + offset] << 8) | pool.bytes[at + offset + 1];
    if (pool.tag(index) !== Tag.Utf8) {
      throw formatError(
        `${found} constant pool index ${index} for ${kind} ${what} in class file ${where}`,
        at + offset,
      );
    }
  }
}

/** Where a member's texts are named. */
const MEMBER_TEXTS = [
  [2, 'name'],
  [4, 'signature'],
] as const;

/** Flags of a method as the VM takes them: those of an initialiser do not count, but one that says what it is (JVMS 4.6). */
function knownFlags(flags: number, name: string, major: number): number {
  if (name !== '<clinit>') return flags & METHOD_FLAGS;
  return major < 51 ? Acc.Static : flags & (Acc.Static | Acc.Strict);
}

/** Second result of scanAttributes: file offset of the Code attribute, or -1. */
let foundCode = -1;

/** Finds RuntimeVisibleAnnotations, and sets foundCode, without allocating; each attribute is looked at once. */
function scanAttributes(pool: ConstantPool, start: number, isMethod: boolean): number {
  const { bytes } = pool;
  let annotations = -1;
  foundCode = -1;
  let at = start + 2;
  for (let left = (bytes[start] << 8) | bytes[start + 1]; left > 0; left--) {
    const name = pool.utf8((bytes[at] << 8) | bytes[at + 1]);
    if (name === 'Code') {
      if (isMethod && foundCode < 0) foundCode = at;
    } else if (name === 'RuntimeVisibleAnnotations' && annotations < 0 && !pool.ignored?.has(name)) {
      annotations = at;
    }
    // skipAttributes has checked the lengths, so the sum stays below 2^31.
    at += 6 + ((bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5]);
  }
  return annotations;
}
