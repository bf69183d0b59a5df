/**
 * Loading of classes (JVMS 5.3): finding the bytes, defining, arrays and primitives, and asking loaders written in
 * Java.
 *
 * The boot loader's classes are loaded synchronously, whoever asks: nothing of Java runs for them. Everything else is
 * an activity, since a loader's `loadClass` is Java.
 */

import { type ClassFile, ClassFileError, type ParseOptions, parseClass } from '../classfile/index.js';
import { ClassKind, ClassState, Klass, KlassFlag } from '../memory/layout.js';
import { classAccessMessage, nestHostOf, verifyClassAccess } from './access.js';
import { type Activity, BLOCK, call } from './activity.js';
import { allocating } from './allocating.js';
import { enterDisplay, enterVtable, makeClass } from './class-definition.js';
import { externalKind, inModuleOfLoader, inModuleWithParent, loaderName, whereBothAre } from './class-descriptions.js';
import { JavaClass } from './java-class.js';
import { checkLoaderConstraint } from './loader-constraints.js';
import { LoaderData } from './loaders.js';
import { log } from './log.js';
import { allocateMirror, attachMirror } from './mirrors.js';
import { modulesReady } from './modules.js';
import { monitorEnter, monitorExit } from './monitors.js';
import { selectVirtual } from './selection.js';
import { isSubclass } from './subtypes.js';
import type { JavaThread } from './thread.js';
import { ThrowNew, ThrowRef } from './throws.js';
import type { Vm } from './vm.js';
import { samePackage } from './vtables.js';

export { newMirror } from './mirrors.js';

const NOT_FOUND = 'java/lang/NoClassDefFoundError';
const LINKAGE = 'java/lang/LinkageError';
const CHANGED = 'java/lang/IncompatibleClassChangeError';

/** Element kinds of primitive arrays: log2 of the element's bytes, and the array's name. */
const PRIMITIVES: ReadonlyMap<string, readonly [log2: number, array: string]> = new Map([
  ['boolean', [0, '[Z']],
  ['byte', [0, '[B']],
  ['char', [1, '[C']],
  ['short', [1, '[S']],
  ['int', [2, '[I']],
  ['long', [3, '[J']],
  ['float', [2, '[F']],
  ['double', [3, '[D']],
  ['void', [0, '']],
]);
const PRIMITIVE_OF_ARRAY: ReadonlyMap<string, string> = new Map(
  [...PRIMITIVES].map(([name, [, array]]) => [array, name]),
);

const primitives = new WeakMap<Vm, Map<string, JavaClass>>();

/** Enters a class without class file: its structure, whose first words all kinds share. */
function enterStructure(vm: Vm, cls: JavaClass, flags: number): number {
  const k = vm.arena.allocateMetadata((Klass.Vtable + cls.vtable.length) * 4);
  const { words } = vm;
  const w = k >>> 2;
  cls.klass = k;
  cls.id = vm.classes.length;
  vm.classes.push(cls);
  cls.state = ClassState.Initialized;
  words[w + Klass.Id] = cls.id;
  words[w + Klass.Flags] = flags;
  words[w + Klass.State] = ClassState.Initialized;
  words[w + Klass.Kind] = cls.kind;
  words[w + Klass.VtableLength] = cls.vtable.length;
  return w;
}

/** The class of a primitive type or void, by its name in Java: `int`. */
export function primitiveClass(vm: Vm, name: string): JavaClass {
  let known = primitives.get(vm);
  if (known === undefined) {
    known = new Map();
    primitives.set(vm, known);
  }
  let cls = known.get(name);
  if (cls === undefined) {
    if (!PRIMITIVES.has(name)) throw new Error(`${name} is not a primitive type`);
    const mirror = allocateMirror(vm);
    cls = new JavaClass({ name, loader: vm.bootLoader, kind: ClassKind.Primitive });
    cls.accessFlags = 0x411;
    const w = enterStructure(vm, cls, cls.accessFlags | KlassFlag.SlowNew);
    vm.words[w + Klass.InstanceBytes] = PRIMITIVES.get(name)![0];
    known.set(name, cls);
    attachMirror(vm, cls, mirror);
  }
  return cls;
}

/**
 * The array class whose elements are of class `element`.
 *
 * @throws NeedsCollection when there is no room for its mirror
 */
export function arrayClassOf(vm: Vm, element: JavaClass): JavaClass {
  if (element.arrayClass !== null) return element.arrayClass;
  const object = bootClass(vm, 'java/lang/Object');
  const interfaces = [bootClass(vm, 'java/lang/Cloneable'), bootClass(vm, 'java/io/Serializable')];
  const mirror = allocateMirror(vm);
  const primitive = element.isPrimitive;
  const name = primitive ? PRIMITIVES.get(element.name)![1] : `[${element.descriptor}`;
  if (name === '') throw new Error('there are no arrays of void');
  const kind = primitive ? ClassKind.PrimitiveArray : ClassKind.ReferenceArray;
  const cls = new JavaClass({ name, loader: element.loader, kind });
  cls.element = element;
  cls.dimensions = element.dimensions + 1;
  cls.superclass = object;
  cls.interfaces = interfaces;
  cls.allInterfaces = new Set(interfaces);
  cls.vtable = object.vtable;
  cls.accessFlags = (element.accessFlags & 0x7) | 0x410;
  const w = enterStructure(vm, cls, cls.accessFlags | KlassFlag.Cloneable | KlassFlag.SlowNew);
  const { words } = vm;
  words[w + Klass.InstanceBytes] = primitive ? PRIMITIVES.get(element.name)![0] : 2;
  words[w + Klass.Element] = element.klass;
  enterDisplay(vm, cls);
  enterVtable(vm, cls);
  element.arrayClass = cls;
  words[(element.klass >>> 2) + Klass.ArrayOf] = cls.klass;
  attachMirror(vm, cls, mirror);
  return cls;
}

/** The loader behind a java.lang.ClassLoader object; null (0) is the boot loader. */
export function loaderDataOf(vm: Vm, loaderRef: number): LoaderData {
  if (loaderRef === 0) return vm.bootLoader;
  const offset = vm.offset('java/lang/ClassLoader', 'vmLoader');
  const known = vm.getWord(loaderRef, offset);
  if (known !== 0) return vm.loaders[known]!;
  const loader = new LoaderData(vm.loaders.length, vm.roots.create(loaderRef));
  vm.loaders.push(loader);
  vm.putWord(loaderRef, offset, loader.id);
  return loader;
}

/** A class that `loader` is recorded as an initiating loader of, or an array of such. Loads nothing. */
export function findLoadedClass(loader: LoaderData, name: string): JavaClass | undefined {
  const known = loader.classes.get(name);
  if (known !== undefined || name.charCodeAt(0) !== 0x5b) return known;
  const last = name.lastIndexOf('[');
  if (name.charCodeAt(last + 1) !== 0x4c) return undefined;
  let cls: JavaClass | null | undefined = loader.classes.get(name.slice(last + 2, -1));
  for (let i = 0; i <= last && cls; i++) cls = cls.arrayClass;
  return cls ?? undefined;
}

/** Element class's name of an array class's name; `undefined` when it is no such name. */
function elementName(name: string): string | undefined {
  if (name.charCodeAt(1) === 0x5b) return name.slice(1);
  if (name.charCodeAt(1) === 0x4c && name.endsWith(';') && name.length > 3) return name.slice(2, -1);
  return undefined;
}

/** `[5.012s]`-like time since the process started, of log lines. */
function logTime(): string {
  return `[${(performance.now() / 1000).toFixed(3)}s]`;
}

function logLoaded(vm: Vm, cls: JavaClass, source: string): void {
  const line = `${logTime()}[info][class,load] ${cls.externalName} source: ${source}\n`;
  log(vm.options.streams, 1, line);
}

/** Bytes of a class of the boot loader: of the modules it defines, and then of what was appended to its path. */
function findBytes(vm: Vm, name: string): { bytes: Uint8Array; trusted: boolean; location: () => string } | undefined {
  const { library, bootAppend } = vm.options;
  const packageName = name.slice(0, Math.max(name.lastIndexOf('/'), 0));
  if (!modulesReady(vm) || vm.bootLoader.packageModules.has(packageName)) {
    const found = library.findClass(name);
    // The library has the modules of all loaders; before the module system is up, only the first is used.
    if (found !== undefined && (modulesReady(vm) || found.module === 'java.base')) {
      return { bytes: found.bytes, trusted: true, location: () => library.location(found.module) };
    }
    return undefined;
  }
  for (const source of bootAppend ?? []) {
    const bytes = source.find(`${name}.class`);
    if (bytes !== undefined) return { bytes, trusted: false, location: () => source.description };
  }
  return undefined;
}

/** A class of the boot loader, or `undefined` if it has none of that name. */
export function findBootClass(vm: Vm, name: string): JavaClass | undefined {
  const { bootLoader } = vm;
  const known = bootLoader.classes.get(name);
  if (known !== undefined) return known;
  if (name.charCodeAt(0) === 0x5b) {
    const primitive = PRIMITIVE_OF_ARRAY.get(name);
    if (primitive !== undefined) return arrayClassOf(vm, primitiveClass(vm, primitive));
    const inner = elementName(name);
    const element = inner === undefined ? undefined : findBootClass(vm, inner);
    return element && arrayClassOf(vm, element);
  }
  const found = findBytes(vm, name);
  if (found === undefined) return undefined;
  const classFile = parse(found.bytes, { trusted: found.trusted, source: name });
  const superclass = classFile.superName === null ? null : bootClass(vm, classFile.superName);
  const interfaces = classFile.interfaces.map((face) => bootClass(vm, face));
  const cls = makeClass(vm, {
    name,
    loader: bootLoader,
    classFile,
    superclass,
    interfaces,
    hidden: false,
    vmAnnotations: true,
  });
  bootLoader.classes.set(name, cls);
  if (vm.options.verboseClass) logLoaded(vm, cls, found.location());
  return cls;
}

/**
 * A class of the boot loader. For the VM's own use of the library, and wherever only the boot loader can be asked.
 *
 * @throws ThrowNew NoClassDefFoundError
 * @throws NeedsCollection when there is no room for its mirror; loading goes on where it was when called again
 */
export function bootClass(vm: Vm, name: string): JavaClass {
  const cls = findBootClass(vm, name);
  if (cls === undefined) throw new ThrowNew(NOT_FOUND, name);
  return cls;
}

function parse(bytes: Uint8Array, options: ParseOptions): ClassFile {
  try {
    return parseClass(bytes, options);
  } catch (error) {
    throw asThrowNew(error);
  }
}

/** What the parser or the verifier threw, as the Java error it stands for. */
export function asThrowNew(error: unknown): unknown {
  return error instanceof ClassFileError ? new ThrowNew(`java/lang/${error.kind}`, error.message) : error;
}

/** Whether `error` throws an existing Java exception of this class of the boot loader, or of a subclass. */
export function isThrown(vm: Vm, error: unknown, className: string): error is ThrowRef {
  if (!(error instanceof ThrowRef)) return false;
  const cls = vm.bootLoader.classes.get(className);
  return cls !== undefined && isSubclass(vm.classOf(error.ref), cls);
}

/**
 * Loads a class by a loader (JVMS 5.3): returns the one it is recorded for, or makes it load one.
 *
 * @param name internal name; arrays as descriptors
 * @throws NoClassDefFoundError (Java) when there is none, caused by the loader's ClassNotFoundException; whatever else
 *   the loader or the definition throws
 */
export function* loadClass(t: JavaThread, loader: LoaderData, name: string): Activity<JavaClass> {
  const known = loader.classes.get(name);
  if (known !== undefined) return known;
  const { vm } = t;
  if (name.charCodeAt(0) === 0x5b) return yield* loadArray(t, loader, name);
  if (loader.isBoot) {
    const cls = yield* allocating(() => findBootClass(vm, name));
    if (cls === undefined) throw new ThrowNew(NOT_FOUND, name);
    return cls;
  }
  try {
    const cls = yield* askLoader(t, loader, name);
    if (cls === undefined || cls.name !== name) throw new ThrowNew(NOT_FOUND, name);
    recordInitiating(vm, loader, name, cls);
    return cls;
  } catch (error) {
    if (isThrown(vm, error, 'java/lang/ClassNotFoundException')) throw new ThrowNew(NOT_FOUND, name, error);
    throw error;
  }
}

function* loadArray(t: JavaThread, loader: LoaderData, name: string): Activity<JavaClass> {
  const { vm } = t;
  const primitive = PRIMITIVE_OF_ARRAY.get(name);
  if (primitive !== undefined) return yield* allocating(() => arrayClassOf(vm, primitiveClass(vm, primitive)));
  const inner = elementName(name);
  if (inner === undefined) throw new ThrowNew(NOT_FOUND, name);
  let element: JavaClass;
  try {
    element = yield* loadClass(t, loader, inner);
  } catch (error) {
    // The error names the class that was asked for.
    if (error instanceof ThrowNew && error.className === NOT_FOUND && error.text === inner) {
      throw new ThrowNew(NOT_FOUND, name, error.causedBy);
    }
    throw error;
  }
  return element.arrayClass ?? (yield* allocating(() => arrayClassOf(vm, element)));
}

/** Calls the loader's `loadClass(String)`; under the loader's lock unless it is capable of parallel loading. */
function* askLoader(t: JavaThread, loader: LoaderData, name: string): Activity<JavaClass | undefined> {
  const { vm } = t;
  const object = vm.roots.get(loader.cell);
  const parallel = vm.getWord(object, vm.offset('java/lang/ClassLoader', 'parallelLockMap')) !== 0;
  if (!parallel) {
    while (!monitorEnter(vm, t, vm.roots.get(loader.cell))) yield BLOCK;
  }
  try {
    // It may have been loaded while this thread waited.
    const known = loader.classes.get(name);
    if (known !== undefined) return known;
    const text = t.handle(yield* allocating(() => vm.strings.fromJs(name.replaceAll('/', '.'))));
    const declared = vm.methodOf(
      bootClass(vm, 'java/lang/ClassLoader'),
      'loadClass',
      '(Ljava/lang/String;)Ljava/lang/Class;',
    );
    const receiver = vm.roots.get(loader.cell);
    const mirror = Number(yield call(selectVirtual(vm.classOf(receiver), declared), receiver, text));
    return mirror === 0 ? undefined : vm.classOfMirror(mirror);
  } finally {
    if (!parallel) monitorExit(vm, t, vm.roots.get(loader.cell));
  }
}

/** Records `loader` as an initiating loader of `cls`. */
export function recordInitiating(vm: Vm, loader: LoaderData, name: string, cls: JavaClass): void {
  if (cls.isPrimitive || cls.isArray || cls.hidden) return;
  const known = loader.classes.get(name);
  if (known === cls) return;
  if (known !== undefined) {
    throw new ThrowNew(
      LINKAGE,
      `loader ${loaderName(vm, loader)} attempted duplicate ${externalKind(cls)} definition for ${cls.externalName}. ` +
        `(${inModuleWithParent(vm, known)})`,
    );
  }
  checkLoaderConstraint(vm, loader, name, cls);
  loader.classes.set(name, cls);
}

/** How a class is defined. */
export interface DefineOptions {
  /** Root cell of its ProtectionDomain; owned by the class from then on. */
  readonly protectionDomainCell?: number;
  /** Where it comes from, for the log. */
  readonly source?: string;
  readonly hidden?: {
    readonly lookup: JavaClass;
    readonly nestMate: boolean;
    readonly strong: boolean;
    /** Root cell of the class data, 0: none. */
    readonly classDataCell: number;
    /** May use the VM's own annotations. */
    readonly vmAnnotations?: boolean;
  };
  /** Skip the checks of the class file. */
  readonly trusted?: boolean;
}

function isBuiltin(vm: Vm, loader: LoaderData, className: string): boolean {
  return loader.cell !== 0 && vm.classOf(vm.roots.get(loader.cell)).name === className;
}

/** The newest class file version this library's VM accepts: the library's own. */
function newestVersion(vm: Vm): number {
  return vm.known.object.classFile!.major;
}

let hiddenCount = 0;

/**
 * Defines a class from its bytes (JVMS 5.3.5).
 *
 * @param name the name it must have, internal form; null: whatever it says
 */
export function* defineClass(
  t: JavaThread,
  loader: LoaderData,
  name: string | null,
  bytes: Uint8Array,
  options: DefineOptions = {},
): Activity<JavaClass> {
  const { vm } = t;
  const platform = isBuiltin(vm, loader, 'jdk/internal/loader/ClassLoaders$PlatformClassLoader');
  // Where bytes come from an array of the guest's, they must not change under the class.
  const classFile = parse(bytes.slice(), {
    trusted: options.trusted ?? loader.isBoot,
    source: name ?? 'Unknown',
    ...(name === null || options.hidden !== undefined ? {} : { expected: name }),
    maxMajor: newestVersion(vm),
    preview: vm.options.vmArguments.includes('--enable-preview'),
  });
  const given = classFile.name;
  if ((classFile.accessFlags & 0x8000) !== 0) {
    throw new ThrowNew(NOT_FOUND, `${given} is not a class because access_flag ACC_MODULE is set`);
  }
  // A hidden class may be made from a template with another name.
  if (options.hidden === undefined && name !== null && name !== given)
    throw new ThrowNew(NOT_FOUND, `${name} (wrong name: ${given})`);
  if (!loader.isBoot && !platform && given.startsWith('java/')) throw prohibited(vm, loader, given);
  const key = options.hidden === undefined ? given : '';
  if (key !== '') {
    if (loader.loading.get(key) === t) throw new ThrowNew('java/lang/ClassCircularityError', key);
    loader.loading.set(key, t);
  }
  let superclass: JavaClass | null = null;
  const interfaces: JavaClass[] = [];
  try {
    if (classFile.superName !== null) superclass = yield* loadSuper(t, loader, given, classFile.superName);
    for (const face of classFile.interfaces) interfaces.push(yield* loadSuper(t, loader, given, face));
  } finally {
    if (key !== '') loader.loading.delete(key);
  }
  if (key !== '' && loader.classes.has(key)) throw duplicate(vm, loader, classFile, loader.classes.get(key)!);
  const ownName = options.hidden === undefined ? given : hiddenName(name ?? given);
  const vmAnnotations = loader.isBoot || platform || options.hidden?.vmAnnotations === true;
  const definition = { name: ownName, loader, classFile, superclass, interfaces, hidden: key === '', vmAnnotations };
  checkSupertypes(vm, definition);
  const cls = yield* allocating(() => makeClass(vm, definition));
  cls.protectionDomain = options.protectionDomainCell ?? 0;
  if (options.hidden !== undefined) {
    yield* completeHidden(t, cls, options.hidden);
  } else {
    checkLoaderConstraint(vm, loader, key, cls);
    loader.classes.set(key, cls);
  }
  if (vm.options.verboseClass) logLoaded(vm, cls, options.source ?? sourceOf(vm, loader));
  return cls;
}

function sourceOf(vm: Vm, loader: LoaderData): string {
  return loader.isBoot ? 'jrt:/java.base' : vm.classOf(vm.roots.get(loader.cell)).externalName;
}

/** Hidden classes have the name of their bytes and a suffix of their own (JVMS 5.3.5). */
function hiddenName(given: string): string {
  hiddenCount++;
  return `${given}+0x${(0x800000000 + hiddenCount * 0x400).toString(16).padStart(16, '0')}`;
}

function* completeHidden(t: JavaThread, cls: JavaClass, hidden: NonNullable<DefineOptions['hidden']>): Activity<void> {
  const { vm } = t;
  const { pool } = cls;
  cls.classData = hidden.classDataCell;
  if (hidden.classDataCell !== 0) {
    const data = vm.roots.get(hidden.classDataCell);
    vm.putReference(vm.mirrorOf(cls), vm.offset('java/lang/Class', 'classData'), data);
  }
  // The name it uses for itself means the class, which no lookup by name would find.
  cls.resolved = new Array(pool.length);
  cls.resolved[(pool.bytes[pool.end + 2]! << 8) | pool.bytes[pool.end + 3]!] = cls;
  cls.nestHost = hidden.nestMate ? yield* nestHostOf(t, hidden.lookup) : cls;
}

function prohibited(vm: Vm, loader: LoaderData, name: string): ThrowNew {
  const packageName = name.slice(0, name.lastIndexOf('/')).replaceAll('/', '.');
  const who = vm.classOf(vm.roots.get(loader.cell)).externalName;
  return new ThrowNew(
    'java/lang/SecurityException',
    `Class loader (instance of): ${who} tried to define prohibited package name: ${packageName}`,
  );
}

function duplicate(vm: Vm, loader: LoaderData, classFile: ClassFile, known: JavaClass): ThrowNew {
  const kind =
    (classFile.accessFlags & 0x200) !== 0
      ? 'interface'
      : (classFile.accessFlags & 0x400) !== 0
        ? 'abstract class'
        : 'class';
  return new ThrowNew(
    LINKAGE,
    `loader ${loaderName(vm, loader)} attempted duplicate ${kind} definition for ${known.externalName}. ` +
      `(${inModuleWithParent(vm, known)})`,
  );
}

/** Loads a supertype of the class being defined; a class may not be its own supertype. */
function* loadSuper(t: JavaThread, loader: LoaderData, name: string, superName: string): Activity<JavaClass> {
  if (superName === name || loader.loading.get(superName) === t) {
    throw new ThrowNew('java/lang/ClassCircularityError', superName === name ? name : superName);
  }
  return yield* loadClass(t, loader, superName);
}

/** The supertypes must be of the right kind, accessible and open to being extended. */
function checkSupertypes(
  vm: Vm,
  definition: {
    readonly name: string;
    readonly loader: LoaderData;
    readonly classFile: ClassFile;
    readonly superclass: JavaClass | null;
    readonly interfaces: readonly JavaClass[];
  },
): void {
  const { loader, classFile, superclass, interfaces } = definition;
  if (loader.isBoot) return;
  const self = standIn(definition);
  // Access checks let subclasses of reflection's accessors pass, which this class may be about to become.
  self.superclass = superclass;
  const name = self.externalName;
  if (superclass !== null) {
    const above = superclass.externalName;
    if (superclass.isInterface) {
      throw new ThrowNew(CHANGED, `class ${name} has interface ${above} as super class`);
    }
    if ((superclass.accessFlags & 0x10) !== 0) {
      throw new ThrowNew(CHANGED, `class ${name} cannot inherit from final class ${above}`);
    }
    checkSealed(vm, self, superclass, 'inherit from sealed class');
    checkSuperAccess(vm, self, superclass, 'superclass');
  }
  for (const face of interfaces) {
    if (!face.isInterface) {
      throw new ThrowNew(
        CHANGED,
        `class ${name} can not implement ${face.externalName}, because it is not an interface (${inModuleOfLoader(vm, face)})`,
      );
    }
    const what = (classFile.accessFlags & 0x200) !== 0 ? 'extend sealed interface' : 'implement sealed interface';
    checkSealed(vm, self, face, what);
    checkSuperAccess(vm, self, face, 'superinterface');
  }
}

/** The class about to be made, as far as access checks ask. */
function standIn(definition: { name: string; loader: LoaderData; classFile: ClassFile }): JavaClass {
  const cls = new JavaClass({ name: definition.name, loader: definition.loader, kind: ClassKind.Instance });
  cls.classFile = definition.classFile;
  cls.accessFlags = definition.classFile.accessFlags;
  cls.hidden = definition.name !== definition.classFile.name;
  cls.module = definition.loader.packageModules.get(cls.packageName) ?? definition.loader.unnamedModule;
  return cls;
}

function checkSealed(vm: Vm, self: JavaClass, above: JavaClass, what: string): void {
  const permitted = above.classFile?.permittedSubclasses;
  if (permitted === undefined) return;
  const sameModule = self.module === above.module && (self.module !== 0 || !modulesReady(vm));
  const reachable = (self.accessFlags & 0x1) !== 0 || samePackage(self, above);
  if (sameModule && reachable && permitted.includes(self.name)) return;
  throw new ThrowNew(CHANGED, `class ${self.externalName} cannot ${what} ${above.externalName}`);
}

function checkSuperAccess(vm: Vm, self: JavaClass, above: JavaClass, what: string): void {
  const result = verifyClassAccess(vm, self, above);
  if (result === 'ok') return;
  const kind = (self.accessFlags & 0x200) !== 0 && what === 'superclass' ? 'interface' : 'class';
  const message =
    result === 'denied'
      ? `${kind} ${self.externalName} cannot access its ${what} ${above.externalName} (${whereBothAre(vm, self, above)})`
      : `superclass access check failed: ${classAccessMessage(vm, self, above, result)}`;
  throw new ThrowNew('java/lang/IllegalAccessError', message);
}

/** Sets how far a class is, where emitted code sees it too. */
export function setState(vm: Vm, cls: JavaClass, state: ClassState): void {
  cls.state = state;
  vm.words[(cls.klass >>> 2) + Klass.State] = state;
}
