/**
 * Classes, methods and fields as TypeScript sees them at run time.
 *
 * What the interpreter and emitted code touch on every instruction lies in the arena (`memory/layout.ts`: `Klass`,
 * `MethodWord`); these objects hold the rest, and each knows the address of its structure. They are plain records: the
 * work is done by the functions of class-loading, linking, resolution and initialization beside this file.
 */
import type { ClassFile, Code, ConstantPool, MethodInfo, MethodReferenceMaps } from '../classfile/index.js';
import { ClassKind, ClassState } from '../memory/layout.js';
import type { LoaderData } from './loaders.js';
import type { JavaThread } from './thread.js';

/** Where a class is defined, or a primitive or array class made. */
export interface ClassOrigin {
  readonly name: string;
  readonly loader: LoaderData;
  readonly kind: ClassKind;
}

// Empty until filled: shared, since hundreds of classes are made before the first line of a program runs.
const NONE: readonly never[] = [];
const UNRESOLVED: unknown[] = [];
Object.freeze(UNRESOLVED);
const NO_CLASSES: ReadonlySet<JavaClass> = new Set();
const NO_METHODS: ReadonlyMap<string, Method> = new Map();
const NO_SLOTS: ReadonlyMap<string, number> = new Map();

/** A class, interface, array class or primitive type. */
export class JavaClass {
  /** Index into `vm.classes`. */
  id = -1;
  /** Klass pointer: byte offset of the structure in the arena. */
  klass = 0;
  /** Binary name in internal form: `java/lang/String`, `[I`, `[Ljava/lang/String;`; primitives `int`. Hidden: `a/B+0x…`. */
  readonly name: string;
  readonly loader: LoaderData;
  readonly kind: ClassKind;
  /** Access flags of the class file (for nested classes those of the class itself, not of InnerClasses). */
  accessFlags = 0;
  superclass: JavaClass | null = null;
  /** Direct superinterfaces. */
  interfaces: readonly JavaClass[] = NONE;
  /** All superinterfaces, inherited ones included. */
  allInterfaces: ReadonlySet<JavaClass> = NO_CLASSES;
  classFile: ClassFile | undefined;
  /** Resolved constant pool entries by index: JavaClass, Field, Method, root cells…; see resolution.ts. */
  resolved: unknown[] = UNRESOLVED;
  /** Errors of failed resolutions by index: a second attempt throws the same (JVMS 5.4.3). */
  fields: readonly Field[] = NONE;
  /** Declared methods, in class-file order. */
  methods: readonly Method[] = NONE;
  /** Methods by `name + descriptor`. */
  methodTable: ReadonlyMap<string, Method> = NO_METHODS;
  vtable: readonly Method[] = NONE;
  /**
   * Vtable slots that methods of superinterfaces occupy because no class of the chain declares them, by
   * `name + descriptor`: abstract ones, and the defaults that were selected (JVMS 5.4.6).
   */
  mirandas: ReadonlyMap<string, number> = NO_SLOTS;
  /** Interfaces: declares a non-abstract instance method, so that initializing an implementor initializes it. */
  declaresDefaults = false;
  /** `declaresDefaults` of the interface or of one of its superinterfaces. */
  hasDefaults = false;
  /** Instance size in bytes, header included, before rounding to the alignment: where a subclass may put its fields. */
  fieldsEnd = 0;
  /** Byte offsets of all references in an instance, inherited ones included. */
  referenceOffsets: readonly number[] = NONE;
  /** Byte offsets in the arena of the static fields that hold references: roots. */
  staticReferences: readonly number[] = NONE;
  state: ClassState = ClassState.Loaded;
  /** The thread that initializes the class (state BeingInitialized). */
  initializer: JavaThread | undefined;
  /** Threads that wait until that is over. */
  initializationWaiters: readonly JavaThread[] = NONE;
  /** Root cell of the exception that made initialization fail (an ExceptionInInitializerError's stand-in), 0: none. */
  initializationError = 0;
  /** Arrays: class of the elements, and of what lies at the bottom. */
  element: JavaClass | null = null;
  /** The array class with elements of this class, once needed. */
  arrayClass: JavaClass | null = null;
  /** Number of array dimensions. */
  dimensions = 0;
  /** `java/lang` of `java/lang/String`; `` for the unnamed package. */
  readonly packageName: string;
  /** Root cell of the java.lang.Module, set when modules are known; 0 before. */
  module = 0;
  /** Nest host once resolved (JVMS 5.4.4); hidden classes get it from their lookup class. */
  nestHost: JavaClass | undefined;
  /** Why the class is not in the nest it names; for messages. */
  nestHostError: string | undefined;
  hidden = false;
  /** Root cell of the class data object of a hidden class, and of signers and protection domain; 0: null. */
  classData = 0;
  protectionDomain = 0;
  signers = 0;
  /** Class that anonymous/hidden class's constant-pool patches name: itself. */
  sourceFile: string | undefined;
  verified = false;
  /** Reflection's redefinition count etc. are always 0: classes are not redefined. */

  constructor(origin: ClassOrigin) {
    this.name = origin.name;
    this.loader = origin.loader;
    this.kind = origin.kind;
    const slash = origin.name.lastIndexOf('/');
    this.packageName = slash < 0 || origin.name.startsWith('[') ? '' : origin.name.slice(0, slash);
  }

  get isArray(): boolean {
    return this.kind >= ClassKind.ReferenceArray;
  }

  get isPrimitive(): boolean {
    return this.kind === ClassKind.Primitive;
  }

  get isInterface(): boolean {
    return this.kind === ClassKind.Interface;
  }

  get pool(): ConstantPool {
    if (this.classFile === undefined) throw new Error(`${this.name} has no constant pool`);
    return this.classFile.pool;
  }

  /** Name as Java prints it: `java.lang.String`, `[I`; hidden classes `a.B/0x…`. */
  get externalName(): string {
    const name = this.name.replaceAll('/', '.');
    return this.hidden ? name.replace(/\+(?=0x[0-9a-f]+$)/, '/') : name;
  }

  /** Descriptor: `Ljava/lang/String;`, `[I`, `I`. */
  get descriptor(): string {
    if (this.isPrimitive) return PRIMITIVE_DESCRIPTORS[this.name]!;
    return this.isArray ? this.name : `L${this.name};`;
  }
}

const PRIMITIVE_DESCRIPTORS: Readonly<Record<string, string>> = {
  boolean: 'Z',
  byte: 'B',
  char: 'C',
  short: 'S',
  int: 'I',
  long: 'J',
  float: 'F',
  double: 'D',
  void: 'V',
};

/** A declared method or constructor. */
export class Method {
  /** Index into `vm.methods`. */
  id = -1;
  /** Byte offset of the structure in the arena. */
  pointer = 0;
  readonly holder: JavaClass;
  readonly name: string;
  readonly descriptor: string;
  accessFlags: number;
  /** `undefined` only for the VM's own pseudo methods. */
  readonly info: MethodInfo | undefined;
  /** Index among the class's methods: what reflection calls the slot. */
  readonly slot: number;
  /** Position in the vtable, -1: none (static, private, constructor, interface method). */
  vtableIndex = -1;
  /** Slots of the arguments, receiver included. */
  argumentSlots = 0;
  /** One letter a parameter after the receiver: Z B C S I J F D L (arrays are L), and of the result (V too). */
  parameterKinds = '';
  returnKind = 'V';
  /** Decoded code: bytecode index of each decoded word index - `codeStart`; see interpreter/decode.ts. */
  codeStart = 0;
  codeLength = 0;
  bciOfPc: Uint16Array | undefined;
  /** Quadruples start pc, end pc, handler pc (word indexes), catch type (constant pool index, 0: any). */
  handlers: Int32Array | undefined;
  referenceMaps: MethodReferenceMaps | undefined;
  /** The implementation of a native method, once linked. */
  native: import('../natives/registry.js').NativeMethod | undefined;
  callerSensitive = false;
  /** Left out of stack traces. */
  hiddenFrame = false;
  /** The code whose operands name the constant pool entries: `holder.pool`. */

  constructor(
    holder: JavaClass,
    name: string,
    descriptor: string,
    accessFlags: number,
    info: MethodInfo | undefined,
    slot: number,
  ) {
    this.holder = holder;
    this.name = name;
    this.descriptor = descriptor;
    this.accessFlags = accessFlags;
    this.info = info;
    this.slot = slot;
  }

  get code(): Code | undefined {
    return this.info?.code;
  }

  get isStatic(): boolean {
    return (this.accessFlags & 0x8) !== 0;
  }

  get isNative(): boolean {
    return (this.accessFlags & 0x100) !== 0;
  }

  get isAbstract(): boolean {
    return (this.accessFlags & 0x400) !== 0;
  }

  get isPrivate(): boolean {
    return (this.accessFlags & 0x2) !== 0;
  }

  get isSynchronized(): boolean {
    return (this.accessFlags & 0x20) !== 0;
  }

  get isConstructor(): boolean {
    return this.name === '<init>';
  }

  /** `java.lang.String.length()I`, for messages of ours. */
  toString(): string {
    return `${this.holder.externalName}.${this.name}${this.descriptor}`;
  }
}

/** A declared field, or one the VM injects (see injected-fields.ts). */
export class Field {
  readonly holder: JavaClass;
  readonly name: string;
  readonly descriptor: string;
  readonly accessFlags: number;
  /** Index among the class's fields: what reflection calls the slot. -1 for injected ones. */
  readonly slot: number;
  /**
   * Instance fields: byte offset in the object. Static fields: byte offset in the arena, which never moves; `Unsafe`
   * sees a static as base null and this offset.
   */
  offset = 0;

  constructor(holder: JavaClass, name: string, descriptor: string, accessFlags: number, slot: number) {
    this.holder = holder;
    this.name = name;
    this.descriptor = descriptor;
    this.accessFlags = accessFlags;
    this.slot = slot;
  }

  get isStatic(): boolean {
    return (this.accessFlags & 0x8) !== 0;
  }

  get isReference(): boolean {
    const c = this.descriptor.charCodeAt(0);
    return c === 0x4c || c === 0x5b;
  }
}
