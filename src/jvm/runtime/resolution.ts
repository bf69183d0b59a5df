/**
 * Resolution of constant pool entries (JVMS 5.4.3), and the lookups behind it.
 *
 * What is resolved is kept in `cls.resolved`. A LinkageError is kept there as well: the same entry fails the same way
 * each time it is tried.
 */
import { Acc } from '../classfile/index.js';
import {
  canAccessClass,
  canAccessMember,
  checkClassAccess,
  type MemberAccess,
  mayAccessNow,
  nestErrors,
} from './access.js';
import type { Activity } from './activity.js';
import {
  externalMethod,
  externalSignature,
  inModuleWithParent,
  loaderName,
  whereBothAre,
} from './class-descriptions.js';
import { isThrown, loadClass } from './class-loading.js';
import { type Field, JavaClass, type Method } from './java-class.js';
import { constrainDescriptor } from './loader-constraints.js';
import { isSubclass } from './subtypes.js';
import type { JavaThread } from './thread.js';
import { ThrowNew, ThrowRef } from './throws.js';
import type { Vm } from './vm.js';
import { maximallySpecific } from './vtables.js';

const CHANGED = 'java/lang/IncompatibleClassChangeError';
const ILLEGAL_ACCESS = 'java/lang/IllegalAccessError';
/** The first class file version whose final fields may be set in initializers only. */
const FINAL_IN_INITIALIZERS = 53;

/** How an invoke instruction names its method. */
export type InvokeKind = 'static' | 'special' | 'virtual' | 'interface';

/** A resolution that failed with a LinkageError: what to throw again. */
class ResolutionFailure {
  constructor(
    private readonly className: string,
    private readonly text: string | undefined,
    /** Root cell of the cause, 0: none. */
    private readonly causeCell: number,
  ) {}

  error(vm: Vm): ThrowNew {
    const cause = this.causeCell === 0 ? undefined : new ThrowRef(vm.roots.get(this.causeCell));
    return new ThrowNew(this.className, this.text, cause);
  }
}

/** Errors that say something about the classes, and will say so again; the machine's own (out of memory…) may pass. */
function isPermanent(className: string): boolean {
  return className !== 'java/lang/OutOfMemoryError' && className !== 'java/lang/StackOverflowError';
}

/**
 * Remembers a failure for constant pool entry `index`, and returns what to throw now.
 *
 * Also for entries that others resolve: method handles, method types, dynamic constants and call sites.
 */
export function recordFailure(vm: Vm, cls: JavaClass, index: number, error: unknown): unknown {
  if (error instanceof ThrowNew) {
    if (!isPermanent(error.className)) return error;
    const cause = error.causedBy === undefined ? 0 : vm.roots.create(error.causedBy.ref);
    cls.resolved[index] = new ResolutionFailure(error.className, error.text, cause);
  } else if (isThrown(vm, error, 'java/lang/LinkageError')) {
    const { ref } = error;
    const type = vm.classOf(ref);
    if (!type.loader.isBoot) return error;
    const message = vm.getWord(ref, vm.known.throwableMessage);
    const cause = vm.getWord(ref, vm.offset('java/lang/Throwable', 'cause'));
    const cell = cause === 0 || cause === ref ? 0 : vm.roots.create(cause);
    cls.resolved[index] = new ResolutionFailure(type.name, message === 0 ? undefined : vm.strings.toJs(message), cell);
  }
  return error;
}

/** Throws the recorded failure of an entry, if it failed before. */
export function throwRecorded(vm: Vm, cls: JavaClass, index: number): void {
  const known = cls.resolved[index];
  if (known instanceof ResolutionFailure) throw known.error(vm);
}

function recordTable(cls: JavaClass): unknown[] {
  if (cls.resolved.length === 0) cls.resolved = new Array(cls.pool.length);
  return cls.resolved;
}

/** The class of a Class entry if it is resolved. */
export function resolvedClass(cls: JavaClass, index: number): JavaClass | undefined {
  const known = cls.resolved[index];
  return known instanceof JavaClass ? known : undefined;
}

/**
 * The class of a Class entry where nothing has to run for it: it is resolved, or its loader knows it. `undefined` decides
 * nothing: ask `resolveClass`, which throws what there is to throw.
 */
export function classAtHand(vm: Vm, cls: JavaClass, index: number): JavaClass | undefined {
  const known = cls.resolved[index];
  if (known !== undefined) return known instanceof JavaClass ? known : undefined;
  const found = cls.loader.classes.get(cls.pool.className(index));
  if (found === undefined || !canAccessClass(vm, cls, found)) return undefined;
  recordTable(cls)[index] = found;
  return found;
}

/**
 * Resolves a Class entry: loads it and checks that it is accessible.
 *
 * @throws NoClassDefFoundError, IllegalAccessError and whatever loading throws (Java)
 */
export function* resolveClass(t: JavaThread, cls: JavaClass, index: number): Activity<JavaClass> {
  const { vm } = t;
  const known = classAtHand(vm, cls, index);
  if (known !== undefined) return known;
  throwRecorded(vm, cls, index);
  const table = recordTable(cls);
  try {
    const found = yield* loadClass(t, cls.loader, cls.pool.className(index));
    checkClassAccess(vm, cls, found);
    table[index] = found;
    return found;
  } catch (error) {
    throw recordFailure(vm, cls, index, error);
  }
}

/** Root cell of the interned string of a String entry. May throw NeedsCollection. */
export function resolveString(vm: Vm, cls: JavaClass, index: number): number {
  return vm.strings.internCell(cls.pool.stringValue(index));
}

// Lookups, without checks of access.

/**
 * A field as a class has it (JVMS 5.4.3.2): its own, its superinterfaces', its superclass's. Injected ones are not
 * found.
 */
export function lookupField(cls: JavaClass, name: string, descriptor: string): Field | undefined {
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) {
    for (const field of c.fields) {
      if (field.name === name && field.descriptor === descriptor && field.slot >= 0) return field;
    }
    for (const face of c.interfaces) {
      const found = lookupField(face, name, descriptor);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Whether a method is one of MethodHandle's or VarHandle's that take any arguments (JVMS 2.9.3). */
export function isSignaturePolymorphic(method: Method): boolean {
  if ((method.accessFlags & (Acc.Native | Acc.Varargs)) !== (Acc.Native | Acc.Varargs)) return false;
  const { holder } = method;
  if (!holder.loader.isBoot) return false;
  if (holder.name !== 'java/lang/invoke/MethodHandle' && holder.name !== 'java/lang/invoke/VarHandle') return false;
  return method.descriptor.startsWith('([Ljava/lang/Object;)');
}

function polymorphicMethod(cls: JavaClass, name: string): Method | undefined {
  if (cls.name !== 'java/lang/invoke/MethodHandle' && cls.name !== 'java/lang/invoke/VarHandle') return undefined;
  return cls.methods.find((method) => method.name === name && isSignaturePolymorphic(method));
}

/** A method in the class chain only; for arrays Object's. */
function lookupInChain(cls: JavaClass, name: string, key: string): Method | undefined {
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) {
    const found = c.methodTable.get(key) ?? polymorphicMethod(c, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Of the superinterfaces: the one maximally-specific default method, or else any that is neither private nor static.
 */
function lookupInInterfaces(cls: JavaClass, key: string): Method | undefined {
  if (cls.allInterfaces.size === 0) return undefined;
  const candidates = maximallySpecific(cls, key);
  if (candidates.length <= 1) return candidates[0];
  const defaults = candidates.filter((method) => !method.isAbstract);
  return defaults.length === 1 ? defaults[0] : candidates[0];
}

/** A method as a class has it (JVMS 5.4.3.3): its own or inherited, then its superinterfaces'. */
export function lookupMethod(cls: JavaClass, name: string, descriptor: string): Method | undefined {
  const key = name + descriptor;
  return lookupInChain(cls, name, key) ?? lookupInInterfaces(cls, key);
}

/** A method as an interface has it (JVMS 5.4.3.4): its own, Object's public instance methods, its superinterfaces'. */
export function lookupInterfaceMethod(cls: JavaClass, name: string, descriptor: string): Method | undefined {
  const key = name + descriptor;
  const own = cls.methodTable.get(key);
  if (own !== undefined) return own;
  const ofObject = cls.superclass?.methodTable.get(key);
  if (ofObject !== undefined && (ofObject.accessFlags & (Acc.Public | Acc.Static)) === Acc.Public) return ofObject;
  return lookupInInterfaces(cls, key);
}

// Fields.

/** What a field is resolved for. */
export interface FieldUse {
  readonly static: boolean;
  readonly put: boolean;
  /** The method with the instruction; `undefined` for method handles. */
  readonly method: Method | undefined;
}

/** A field entry's resolution, with the uses that it has been checked for. */
class ResolvedField {
  constructor(
    readonly field: Field,
    readonly named: JavaClass,
  ) {}
}

/**
 * The field of a Fieldref entry, with all checks, where nothing has to run for it. `undefined` decides nothing: ask
 * `resolveField`.
 *
 * @throws IncompatibleClassChangeError, IllegalAccessError (Java) for a use that the field is not for
 */
export function fieldAtHand(vm: Vm, cls: JavaClass, index: number, use: FieldUse): Field | undefined {
  const known = cls.resolved[index];
  let found: ResolvedField;
  if (known instanceof ResolvedField) found = known;
  else {
    if (known !== undefined) return undefined;
    const ref = cls.pool.memberRef(index);
    const named = classAtHand(vm, cls, ref.classIndex);
    const field = named && lookupField(named, ref.name, ref.descriptor);
    if (named === undefined || field === undefined) return undefined;
    if (!mayAccessNow(vm, cls, { holder: field.holder, flags: field.accessFlags, named })) return undefined;
    if (constrainDescriptor(ref.descriptor, cls.loader, field.holder.loader) !== undefined) return undefined;
    found = new ResolvedField(field, named);
    recordTable(cls)[index] = found;
  }
  checkFieldUse(cls, found, use);
  return found.field;
}

/**
 * Resolves a Fieldref entry for an instruction and makes all checks of getfield, putfield, getstatic and putstatic.
 *
 * @throws NoSuchFieldError, IllegalAccessError, IncompatibleClassChangeError and what loading throws (Java)
 */
export function* resolveField(t: JavaThread, cls: JavaClass, index: number, use: FieldUse): Activity<Field> {
  const { vm } = t;
  const known = cls.resolved[index];
  let found: ResolvedField;
  if (known instanceof ResolvedField) found = known;
  else {
    throwRecorded(vm, cls, index);
    const table = recordTable(cls);
    const ref = cls.pool.memberRef(index);
    try {
      const named = yield* resolveClass(t, cls, ref.classIndex);
      found = yield* findField(t, cls, named, ref.name, ref.descriptor);
      table[index] = found;
    } catch (error) {
      throw recordFailure(vm, cls, index, error);
    }
  }
  checkFieldUse(cls, found, use);
  return found.field;
}

function* findField(
  t: JavaThread,
  cls: JavaClass,
  named: JavaClass,
  name: string,
  descriptor: string,
): Activity<ResolvedField> {
  const { vm } = t;
  const field = lookupField(named, name, descriptor);
  if (field === undefined) throw new ThrowNew('java/lang/NoSuchFieldError', name);
  yield* checkFieldAccess(t, cls, named, field);
  const { holder } = field;
  const differing = constrainDescriptor(descriptor, cls.loader, holder.loader);
  if (differing !== undefined) {
    throw new ThrowNew(
      'java/lang/LinkageError',
      `loader constraint violation: when resolving field "${name}" of type ${differing.replaceAll('/', '.')}, ` +
        `the class loader ${loaderName(vm, cls.loader)} of the current class, ${cls.externalName}, and the class loader ` +
        `${loaderName(vm, holder.loader)} for the field's defining class, ${holder.externalName}, have different Class ` +
        `objects for type ${differing.replaceAll('/', '.')} (${inModuleWithParent(vm, cls)}; ${inModuleWithParent(vm, holder)})`,
    );
  }
  return new ResolvedField(field, named);
}

/**
 * Checks that code in `cls` may access a field found through `named`.
 *
 * @throws IllegalAccessError (Java)
 */
export function* checkFieldAccess(t: JavaThread, cls: JavaClass, named: JavaClass, field: Field): Activity<void> {
  const { holder } = field;
  const access: MemberAccess = { holder, flags: field.accessFlags, named };
  if (yield* canAccessMember(t, cls, access)) return;
  const where = whereBothAre(t.vm, cls, holder);
  throw new ThrowNew(
    ILLEGAL_ACCESS,
    `class ${cls.externalName} tried to access ${visibility(field.accessFlags)}field ` +
      `${holder.externalName}.${field.name} (${where})${privately(field.accessFlags, cls, holder)}`,
  );
}

function privately(flags: number, cls: JavaClass, holder: JavaClass): string {
  return (flags & Acc.Private) === 0 ? '' : nestErrors(cls, holder);
}

function visibility(flags: number): string {
  if ((flags & Acc.Private) !== 0) return 'private ';
  return (flags & Acc.Protected) !== 0 ? 'protected ' : '';
}

function checkFieldUse(cls: JavaClass, found: ResolvedField, use: FieldUse): void {
  const { field, named } = found;
  if (field.isStatic !== use.static) {
    const kind = use.static ? 'static' : 'non-static';
    throw new ThrowNew(CHANGED, `Expected ${kind} field ${named.externalName}.${field.name}`);
  }
  if (!use.put || (field.accessFlags & Acc.Final) === 0) return;
  const what = `${named.externalName}.${field.name}`;
  const kind = field.isStatic ? 'static' : 'non-static';
  if (field.holder !== cls) {
    throw new ThrowNew(
      ILLEGAL_ACCESS,
      `Update to ${kind} final field ${what} attempted from a different class (${cls.externalName}) than the field's ` +
        'declaring class',
    );
  }
  if (use.method === undefined || cls.classFile!.major < FINAL_IN_INITIALIZERS) return;
  const initializer = use.static ? '<clinit>' : '<init>';
  if (use.method.name === initializer) return;
  throw new ThrowNew(
    ILLEGAL_ACCESS,
    `Update to ${kind} final field ${what} attempted from a different method (${use.method.name}) than the initializer ` +
      `method ${initializer} `,
  );
}

// Methods.

/** A method entry's resolution. */
class ResolvedMethod {
  constructor(
    readonly method: Method,
    readonly named: JavaClass,
  ) {}
}

/**
 * The method of a Methodref or InterfaceMethodref entry, with all checks, where nothing has to run for it. `undefined`
 * decides nothing: ask `resolveMethod`.
 *
 * @throws IncompatibleClassChangeError, NoSuchMethodError (Java) for a use that the method is not for
 */
export function methodAtHand(t: JavaThread, cls: JavaClass, index: number, kind: InvokeKind): Method | undefined {
  const known = cls.resolved[index];
  let found: ResolvedMethod;
  if (known instanceof ResolvedMethod) found = known;
  else {
    if (known !== undefined) return undefined;
    const { vm } = t;
    const ref = cls.pool.memberRef(index);
    const named = classAtHand(vm, cls, ref.classIndex);
    // Arrays have a clone of their own, and a reference of the wrong kind has its error.
    if (named === undefined || named.isArray) return undefined;
    if (named.isInterface !== ref.isInterface || (kind === 'interface' && !named.isInterface)) return undefined;
    if (kind === 'virtual' && named.isInterface) return undefined;
    const method = ref.isInterface
      ? lookupInterfaceMethod(named, ref.name, ref.descriptor)
      : lookupMethod(named, ref.name, ref.descriptor);
    if (method === undefined || isSignaturePolymorphic(method)) return undefined;
    if (!mayAccessNow(vm, cls, { holder: method.holder, flags: method.accessFlags, named })) return undefined;
    if (constrainDescriptor(method.descriptor, cls.loader, method.holder.loader) !== undefined) return undefined;
    found = new ResolvedMethod(method, named);
    recordTable(cls)[index] = found;
  }
  if (isSignaturePolymorphic(found.method)) return undefined;
  checkMethodUse(t, cls, found, kind);
  return found.method;
}

/**
 * Resolves a Methodref or InterfaceMethodref entry for an invoke instruction and makes the checks that do not depend on
 * the receiver. A signature-polymorphic method is returned as it is declared.
 *
 * An interface call may resolve to a method of Object.
 *
 * @throws NoSuchMethodError, IllegalAccessError, IncompatibleClassChangeError and what loading throws (Java)
 */
export function* resolveMethod(t: JavaThread, cls: JavaClass, index: number, kind: InvokeKind): Activity<Method> {
  const { vm } = t;
  const known = cls.resolved[index];
  let found: ResolvedMethod;
  if (known instanceof ResolvedMethod) found = known;
  else {
    throwRecorded(vm, cls, index);
    const table = recordTable(cls);
    const ref = cls.pool.memberRef(index);
    try {
      const named = yield* resolveClass(t, cls, ref.classIndex);
      checkReference(named, ref, kind);
      const method = yield* findMethod(t, cls, { named, name: ref.name, descriptor: ref.descriptor });
      found = new ResolvedMethod(method, named);
      table[index] = found;
    } catch (error) {
      throw recordFailure(vm, cls, index, error);
    }
  }
  checkMethodUse(t, cls, found, kind);
  return found.method;
}

/** The tag of the reference, the instruction and the kind of the class named must go together. */
function checkReference(
  named: JavaClass,
  ref: { readonly isInterface: boolean; readonly name: string; readonly descriptor: string },
  kind: InvokeKind,
): void {
  if (kind === 'interface') {
    if (!named.isInterface)
      throw new ThrowNew(CHANGED, `Found class ${named.externalName}, but interface was expected`);
  } else if (kind === 'virtual' && named.isInterface) {
    throw new ThrowNew(CHANGED, `Found interface ${named.externalName}, but class was expected`);
  }
  if (named.isInterface !== ref.isInterface) {
    const method = externalSignature(named.externalName, ref.name, ref.descriptor);
    const tag = named.isInterface ? 'InterfaceMethodref' : 'Methodref';
    throw new ThrowNew(CHANGED, `Method '${method}' must be ${tag} constant`);
  }
}

/**
 * Finds the method that `name` and `descriptor` mean in class `named`, for code in `cls`: existence, access and loader
 * constraints.
 *
 * @throws NoSuchMethodError, IllegalAccessError, LinkageError (Java)
 */
export function* findMethod(
  t: JavaThread,
  cls: JavaClass,
  reference: { readonly named: JavaClass; readonly name: string; readonly descriptor: string },
): Activity<Method> {
  const { vm } = t;
  const { named, name, descriptor } = reference;
  const method = named.isInterface
    ? lookupInterfaceMethod(named, name, descriptor)
    : lookupMethod(named, name, descriptor);
  if (method === undefined) {
    const text = `'${externalSignature(named.externalName, name, descriptor)}'`;
    throw new ThrowNew('java/lang/NoSuchMethodError', text);
  }
  yield* checkMethodAccess(t, cls, named, method);
  if (isSignaturePolymorphic(method)) return method;
  const { holder } = method;
  const differing = constrainDescriptor(method.descriptor, cls.loader, holder.loader);
  if (differing !== undefined) {
    throw new ThrowNew(
      'java/lang/LinkageError',
      `loader constraint violation: when resolving ${named.isInterface ? 'interface ' : ''}method ` +
        `'${externalSignature(named.externalName, name, descriptor)}' the class loader ${loaderName(vm, cls.loader)} of the ` +
        `current class, ${cls.externalName}, and the class loader ${loaderName(vm, holder.loader)} for the method's defining ` +
        `class, ${holder.externalName}, have different Class objects for the type ${differing.replaceAll('/', '.')} used in ` +
        `the signature (${inModuleWithParent(vm, cls)}; ${inModuleWithParent(vm, holder)})`,
    );
  }
  return method;
}

/**
 * Checks that code in `cls` may call a method found through `named`.
 *
 * @throws IllegalAccessError (Java)
 */
export function* checkMethodAccess(t: JavaThread, cls: JavaClass, named: JavaClass, method: Method): Activity<void> {
  // Arrays have a public clone (JLS 10.7).
  const flags =
    named.isArray && method.name === 'clone' && method.descriptor === '()Ljava/lang/Object;'
      ? Acc.Public
      : method.accessFlags;
  const { holder } = method;
  if (yield* canAccessMember(t, cls, { holder, flags, named })) return;
  const kind = (flags & Acc.Abstract) !== 0 ? 'abstract ' : '';
  throw new ThrowNew(
    ILLEGAL_ACCESS,
    `class ${cls.externalName} tried to access ${kind}${visibility(flags)}method ` +
      `'${externalMethod(method)}' (${whereBothAre(t.vm, cls, holder)})${privately(flags, cls, holder)}`,
  );
}

function checkMethodUse(t: JavaThread, cls: JavaClass, found: ResolvedMethod, kind: InvokeKind): void {
  const { method, named } = found;
  const text = () => `'${externalSignature(named.externalName, method.name, method.descriptor)}'`;
  switch (kind) {
    case 'static':
      if (!method.isStatic) throw new ThrowNew(CHANGED, `Expected static method ${text()}`);
      return;
    case 'special':
      if (method.isConstructor && method.holder !== named) {
        const what = `${named.externalName}: method '${externalSignature('', method.name, method.descriptor)}' not found`;
        throw new ThrowNew('java/lang/NoSuchMethodError', what);
      }
      if (named.isInterface && cls !== named && !cls.interfaces.includes(named) && !isMagicAccessor(t.vm, cls)) {
        throw new ThrowNew(
          CHANGED,
          `Interface method reference: ${text()}, is in an indirect superinterface of ${cls.externalName}`,
        );
      }
      if (method.isStatic) throw new ThrowNew(CHANGED, `Expected instance not static method ${text()}`);
      return;
    case 'interface':
      if (method.isStatic) throw new ThrowNew(CHANGED, `Expected instance not static method ${text()}`);
      return;
    default:
      if (method.isStatic) throw new ThrowNew(CHANGED, `Expecting non-static method ${text()}`);
  }
}

function isMagicAccessor(vm: Vm, cls: JavaClass): boolean {
  const magic = vm.bootLoader.classes.get('jdk/internal/reflect/MagicAccessorImpl');
  return magic !== undefined && isSubclass(cls, magic);
}

/** The class a member reference names, once the reference is resolved. */
export function namedClass(cls: JavaClass, index: number): JavaClass | undefined {
  const known = cls.resolved[index];
  return known instanceof ResolvedMethod || known instanceof ResolvedField ? known.named : undefined;
}
