/**
 * From a parsed class file and loaded superclasses to a class: its fields' places, its methods, its tables and its
 * structures in the arena (JVMS 5.3.5, steps 3 to 5, and the part of preparation that costs nothing).
 *
 * Layout and method tables are made when a class is defined, not when it is linked, as a class's structure ends with
 * its method table. Nothing here touches a method's code.
 */
import { Acc, type ClassFile, Tag } from '../classfile/index.js';
import { MetadataFull } from '../memory/arena.js';
import { ClassKind, ClassState, Klass, KlassFlag, MethodFlag, MethodWord, ReferenceKind } from '../memory/layout.js';
import { fieldBytes, instanceBytes, layoutFields } from './field-layout.js';
import { INJECTED_FIELDS } from './injected-fields.js';
import { Field, JavaClass, Method } from './java-class.js';
import type { LoaderData } from './loaders.js';
import { allocateMirror, attachMirror, fixupMirrors } from './mirrors.js';
import { ThrowNew } from './throws.js';
import type { Vm } from './vm.js';
import { buildVtable } from './vtables.js';

/** What a class is made of. */
export interface Definition {
  /** Name it goes by: the class file's, or a hidden class's own. */
  readonly name: string;
  readonly loader: LoaderData;
  readonly classFile: ClassFile;
  readonly superclass: JavaClass | null;
  readonly interfaces: readonly JavaClass[];
  readonly hidden: boolean;
  /**
   * Annotations of the VM's own count: classes of the library's trusted loaders, and hidden ones that are granted it.
   */
  readonly vmAnnotations: boolean;
}

const NO_INTERFACES: ReadonlySet<JavaClass> = new Set();
const NO_FIELDS: readonly Field[] = [];
const CALLER_SENSITIVE = 'Ljdk/internal/reflect/CallerSensitive;';
const FORCE_INLINE = 'Ljdk/internal/vm/annotation/ForceInline;';
const HIDDEN = ['Ljdk/internal/vm/annotation/Hidden;', 'Ljava/lang/invoke/LambdaForm$Hidden;'] as const;
/** The bytecode of a method that does nothing. */
const RETURN = 0xb1;

/** Kinds and slots of a method descriptor's parameters, shared by all methods that have it. */
interface Shape {
  readonly kinds: string;
  readonly result: string;
  readonly slots: number;
}
const shapes = new Map<string, Shape>();
/** Letters of descriptors. */
const CLOSE = 0x29;
const ARRAY = 0x5b;
const CLASS = 0x4c;
const LONG = 0x4a;
const DOUBLE = 0x44;

/** One pass over the descriptor: this runs for every method of every class that is loaded. */
function scanShape(descriptor: string): Shape {
  let kinds = '';
  let slots = 0;
  let at = 1;
  for (;;) {
    let c = descriptor.charCodeAt(at);
    if (c === CLOSE) break;
    let kind = c;
    while (c === ARRAY) {
      kind = CLASS;
      c = descriptor.charCodeAt(++at);
    }
    if (c === CLASS) at = descriptor.indexOf(';', at);
    // Class files are checked when they are parsed; a pseudo method's descriptor is checked here.
    if (at < 0 || !(c > 0)) throw new Error(`${descriptor} is not a method descriptor`);
    at++;
    kinds += String.fromCharCode(kind);
    slots += kind === LONG || kind === DOUBLE ? 2 : 1;
  }
  const result = descriptor[at + 1]!;
  return { kinds, result: result === '[' ? 'L' : result, slots };
}

function shapeOf(descriptor: string): Shape {
  let shape = shapes.get(descriptor);
  if (shape === undefined) {
    shape = scanShape(descriptor);
    shapes.set(descriptor, shape);
  }
  return shape;
}

/** Fills in what follows from a method's descriptor. */
function shapeMethod(method: Method): void {
  const shape = shapeOf(method.descriptor);
  method.parameterKinds = shape.kinds;
  method.returnKind = shape.result;
  method.argumentSlots = shape.slots + (method.isStatic ? 0 : 1);
}

/** Flags of a method's structure. */
function methodFlags(method: Method, vmAnnotations: boolean, hiddenClass: boolean): number {
  let flags = method.accessFlags & 0xffff;
  if (method.name.charCodeAt(0) === 0x3c) {
    if (method.name === '<init>') flags |= MethodFlag.Constructor;
    else if (method.name === '<clinit>') flags |= MethodFlag.ClassInitializer;
  }
  if (vmAnnotations && method.info?.annotations !== undefined) {
    const { info } = method;
    if (info.hasAnnotation(CALLER_SENSITIVE)) {
      method.callerSensitive = true;
      flags |= MethodFlag.CallerSensitive;
    }
    if (info.hasAnnotation(HIDDEN[0]) || info.hasAnnotation(HIDDEN[1])) method.hiddenFrame = true;
    if (info.hasAnnotation(FORCE_INLINE)) flags |= MethodFlag.ForceInline;
  }
  if (hiddenClass) method.hiddenFrame = true;
  return method.hiddenFrame ? flags | MethodFlag.Hidden : flags;
}

/** Writes a method's structure at `pointer` and makes the method known to the VM. */
function enterMethod(vm: Vm, method: Method, pointer: number, flags: number): void {
  const { words, stubs } = vm;
  method.id = vm.methods.length;
  vm.methods.push(method);
  method.pointer = pointer;
  const w = pointer >>> 2;
  const size = method.info?.frameSize ?? 0;
  const bytecode = (flags & (Acc.Native | Acc.Abstract)) === 0;
  const maxLocals = bytecode ? size >>> 16 : method.argumentSlots;
  words[w + MethodWord.Id] = method.id;
  words[w + MethodWord.Flags] = flags;
  words[w + MethodWord.Code] = (flags & Acc.Native) !== 0 ? stubs.native : bytecode ? stubs.decode : stubs.abstract;
  words[w + MethodWord.ArgumentSlots] = method.argumentSlots;
  // The frame pointer lies two slots below the last local, the first of which are the caller's pushed arguments.
  words[w + MethodWord.FrameDelta] = 2 * (method.argumentSlots - maxLocals) - 4;
  words[w + MethodWord.FrameWords] = 2 + 2 * (bytecode ? size & 0xffff : 2) + 2;
  words[w + MethodWord.VtableIndex] = method.vtableIndex;
  words[w + MethodWord.Holder] = method.holder.klass;
  words[w + MethodWord.MaxLocals] = maxLocals;
}

/**
 * Makes a method that no class file declares: pseudo methods of the VM. Its holder must have its structure.
 *
 * @param code word index of its code; without it that of an abstract or native method, as the flags say
 */
export function createMethod(
  vm: Vm,
  method: { holder: JavaClass; name: string; descriptor: string; accessFlags: number; flags?: number; code?: number },
): Method {
  const made = new Method(method.holder, method.name, method.descriptor, method.accessFlags, undefined, -1);
  shapeMethod(made);
  const flags = methodFlags(made, false, false) | (method.flags ?? 0);
  made.hiddenFrame = (flags & MethodFlag.Hidden) !== 0;
  enterMethod(vm, made, vm.arena.allocateMetadata(MethodWord.Length * 4), flags);
  if (method.code !== undefined) vm.words[(made.pointer >>> 2) + MethodWord.Code] = method.code;
  return made;
}

/** All superinterfaces of a class with these direct supertypes; a shared set where there is nothing to add. */
export function collectInterfaces(
  superclass: JavaClass | null,
  interfaces: readonly JavaClass[],
): ReadonlySet<JavaClass> {
  const inherited = superclass?.allInterfaces ?? NO_INTERFACES;
  let all: Set<JavaClass> | undefined;
  for (const face of interfaces) {
    if ((all ?? inherited).has(face)) continue;
    all ??= new Set(inherited);
    for (const above of face.allInterfaces) all.add(above);
    all.add(face);
  }
  return all ?? inherited;
}

function makeFields(cls: JavaClass, classFile: ClassFile): void {
  const injected = cls.loader.isBoot ? INJECTED_FIELDS.get(cls.name) : undefined;
  if (classFile.fields.length === 0 && injected === undefined) {
    cls.fields = NO_FIELDS;
    return;
  }
  const fields: Field[] = [];
  for (const info of classFile.fields) {
    fields.push(new Field(cls, info.name, info.descriptor, info.accessFlags, fields.length));
  }
  for (const [name, descriptor] of injected ?? []) {
    if (!fields.some((field) => field.name === name)) fields.push(new Field(cls, name, descriptor, Acc.Private, -1));
  }
  cls.fields = fields;
}

function makeMethods(cls: JavaClass, classFile: ClassFile): void {
  const methods: Method[] = [];
  const table = new Map<string, Method>();
  for (const info of classFile.methods) {
    const method = new Method(cls, info.name, info.descriptor, info.accessFlags, info, methods.length);
    shapeMethod(method);
    methods.push(method);
    table.set(info.name + info.descriptor, method);
    if ((info.accessFlags & (Acc.Static | Acc.Abstract)) === 0) cls.declaresDefaults = true;
  }
  cls.methods = methods;
  cls.methodTable = table;
  if (!cls.isInterface) cls.declaresDefaults = false;
}

function referenceKindOf(cls: JavaClass): ReferenceKind {
  if (cls.loader.isBoot && cls.packageName === 'java/lang/ref') {
    switch (cls.name) {
      case 'java/lang/ref/SoftReference':
        return ReferenceKind.Soft;
      case 'java/lang/ref/WeakReference':
        return ReferenceKind.Weak;
      case 'java/lang/ref/FinalReference':
        return ReferenceKind.Final;
      case 'java/lang/ref/PhantomReference':
        return ReferenceKind.Phantom;
      default:
        break;
    }
  }
  return ReferenceKind.None;
}

/** Whether instances need finalization: the nearest `finalize()` does something. */
function hasFinalizer(vm: Vm, cls: JavaClass): boolean {
  const sup = cls.superclass;
  if (sup === null) return false;
  const own = cls.methodTable.get('finalize()V');
  if (own === undefined || own.isStatic)
    return (vm.words[(sup.klass >>> 2) + Klass.Flags]! & KlassFlag.HasFinalizer) !== 0;
  const code = own.code;
  return code === undefined ? own.isNative : !(code.bytes.length === 1 && code.bytes[0] === RETURN);
}

/** Writes the structure of an instance class or interface, whose vtable is complete. */
function enterClass(vm: Vm, cls: JavaClass): void {
  const pointer = vm.arena.allocateMetadata((Klass.Vtable + cls.vtable.length) * 4);
  const { words } = vm;
  const k = pointer >>> 2;
  const sup = cls.superclass;
  cls.klass = pointer;
  cls.id = vm.classes.length;
  let flags = cls.accessFlags & 0xffff;
  if (cls.hidden) flags |= KlassFlag.Hidden;
  if ((flags & (Acc.Abstract | Acc.Interface)) !== 0 || (cls.loader.isBoot && cls.name === 'java/lang/Class')) {
    flags |= KlassFlag.SlowNew;
  }
  if (!cls.isInterface && hasFinalizer(vm, cls)) flags |= KlassFlag.HasFinalizer;
  if (implementsCloneable(vm, cls)) flags |= KlassFlag.Cloneable;
  words[k + Klass.Id] = cls.id;
  words[k + Klass.Flags] = flags;
  words[k + Klass.State] = ClassState.Loaded;
  words[k + Klass.InstanceBytes] = instanceBytes(cls.fieldsEnd);
  words[k + Klass.Kind] = cls.kind;
  enterDisplay(vm, cls);
  const offsets = cls.referenceOffsets;
  if (sup !== null && offsets === sup.referenceOffsets) {
    words[k + Klass.ReferenceMap] = words[(sup.klass >>> 2) + Klass.ReferenceMap]!;
  } else if (offsets.length > 0) {
    const map = vm.arena.allocateMetadata((offsets.length + 1) * 4);
    words[k + Klass.ReferenceMap] = map;
    words[map >>> 2] = offsets.length;
    for (let i = 0; i < offsets.length; i++) words[(map >>> 2) + 1 + i] = offsets[i]!;
  }
  words[k + Klass.ReferenceKind] =
    referenceKindOf(cls) || (sup === null ? ReferenceKind.None : words[(sup.klass >>> 2) + Klass.ReferenceKind]!);
  words[k + Klass.VtableLength] = cls.vtable.length;
}

function implementsCloneable(vm: Vm, cls: JavaClass): boolean {
  const cloneable = vm.known.cloneable ?? vm.bootLoader.classes.get('java/lang/Cloneable');
  return cloneable !== undefined && cls.allInterfaces.has(cloneable);
}

/** Writes depth and display of a class structure. Interfaces and arrays count as Object's subclasses. */
export function enterDisplay(vm: Vm, cls: JavaClass): void {
  const { words } = vm;
  const k = cls.klass >>> 2;
  const sup = cls.superclass;
  let depth = 0;
  if (sup !== null) {
    const s = sup.klass >>> 2;
    depth = words[s + Klass.Depth]! + 1;
    for (let i = 0; i < depth && i < Klass.DisplayLength; i++)
      words[k + Klass.Display + i] = words[s + Klass.Display + i]!;
  }
  words[k + Klass.Depth] = depth;
  if (depth < Klass.DisplayLength) words[k + Klass.Display + depth] = cls.klass;
}

/** Copies the vtable into the class structure; the methods must have their structures. */
export function enterVtable(vm: Vm, cls: JavaClass): void {
  const at = (cls.klass >>> 2) + Klass.Vtable;
  const { vtable } = cls;
  for (let i = 0; i < vtable.length; i++) vm.words[at + i] = vtable[i]!.pointer;
}

/** ConstantValue attributes of primitive type; strings wait for initialization (JVMS 5.5 step 6). */
function applyConstants(vm: Vm, cls: JavaClass, classFile: ClassFile): void {
  const { pool } = classFile;
  for (let i = 0; i < classFile.fields.length; i++) {
    const field = cls.fields[i]!;
    if (!field.isStatic) continue;
    const value = classFile.fields[i]!.constantValue;
    if (value === 0) continue;
    const word = field.offset >>> 2;
    switch (pool.tag(value)) {
      case Tag.Integer:
        if (fieldBytes(field.descriptor) === 1) vm.words[word] = (pool.int(value) << 24) >> 24;
        else vm.words[word] = pool.int(value);
        break;
      case Tag.Float:
        vm.words[word] = pool.floatBits(value);
        break;
      case Tag.Long:
      case Tag.Double:
        vm.words[word] = pool.longLow(value);
        vm.words[word + 1] = pool.longHigh(value);
        break;
      default:
        break;
    }
  }
}

/**
 * Makes a class and enters it into the VM's tables; whoever calls enters it into the loader's.
 *
 * @throws NeedsCollection when there is no room for the mirror; nothing has happened then
 * @throws ThrowNew IncompatibleClassChangeError, or OutOfMemoryError when the metadata section is full
 */
export function makeClass(vm: Vm, definition: Definition): JavaClass {
  const { classFile, loader, name } = definition;
  const mirror = allocateMirror(vm);
  const kind = (classFile.accessFlags & Acc.Interface) !== 0 ? ClassKind.Interface : ClassKind.Instance;
  const cls = new JavaClass({ name, loader, kind });
  cls.classFile = classFile;
  cls.accessFlags = classFile.accessFlags;
  cls.superclass = definition.superclass;
  cls.interfaces = definition.interfaces;
  cls.hidden = definition.hidden;
  cls.allInterfaces = collectInterfaces(definition.superclass, definition.interfaces);
  makeFields(cls, classFile);
  makeMethods(cls, classFile);
  cls.hasDefaults = cls.isInterface && (cls.declaresDefaults || cls.interfaces.some((face) => face.hasDefaults));
  try {
    layoutFields(vm, cls);
    const made = buildVtable(cls);
    enterClass(vm, cls);
    enterMethods(vm, cls, made, definition.vmAnnotations);
  } catch (error) {
    if (error instanceof MetadataFull) throw new ThrowNew('java/lang/OutOfMemoryError', 'Metaspace');
    throw error;
  }
  enterVtable(vm, cls);
  applyConstants(vm, cls, classFile);
  vm.classes.push(cls);
  attachMirror(vm, cls, mirror);
  if (name === 'java/lang/Class' && loader.isBoot) {
    vm.known.class_ = cls;
    vm.known.classKlassOffset = vm.fieldOf(cls, 'klass').offset;
    // Its offsets are asked for by name while mirrors are filled, so it must be found.
    loader.classes.set(name, cls);
    fixupMirrors(vm);
  }
  return cls;
}

function enterMethods(vm: Vm, cls: JavaClass, made: readonly Method[], vmAnnotations: boolean): void {
  const { methods } = cls;
  const count = methods.length + made.length;
  if (count === 0) return;
  const size = MethodWord.Length * 4;
  let pointer = vm.arena.allocateMetadata(count * size);
  for (const method of methods) {
    enterMethod(vm, method, pointer, methodFlags(method, vmAnnotations, cls.hidden));
    pointer += size;
  }
  for (const method of made) {
    shapeMethod(method);
    enterMethod(vm, method, pointer, methodFlags(method, false, false));
    pointer += size;
  }
}
