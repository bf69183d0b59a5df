/**
 * Where everything lies in a VM's arena: the sections, the context, classes, methods, objects, frames.
 *
 * TypeScript and emitted code read the same structures, so their offsets are defined here once, as `const enum`s whose
 * values are inlined. The unit is the 32-bit word unless a name ends in `Bytes`: TypeScript sees the arena through one
 * `Int32Array`, and what it indexes most (code, frames, classes) is made of words.
 *
 * A *pointer* is a byte offset from the arena's base, a multiple of 4 (objects: of 8); 0 is null. The word a pointer
 * leads to is `words[pointer >>> 2]`; unsigned, because an arena may pass 2 GiB.
 */

/** Sizes and places of the arena's sections, in bytes. */
export const enum Section {
  /** Inaccessible to emitted code: a null dereference at a small offset faults here. */
  GuardBytes = 0x10000,
  /** The context block follows the guard. */
  Context = 0x10000,
  ContextBytes = 0x1000,
  /** Method cache of interface dispatch, see `MethodCache`. */
  MethodCache = 0x11000,
  MethodCacheBytes = 0x8000,
  /** Class and method structures, decoded code, statics, root cells: grows upwards. */
  Metadata = 0x20000,
}

/** Words of the context block: state that interpreter, collector and emitted code share. */
export const enum Context {
  /** Next free byte of the nursery, and where it ends. */
  AllocationTop = 0x4000,
  AllocationEnd = 0x4001,
  /** Not 0: leave at the next safepoint (time slice over, collection asked for, VM stopping). */
  Poll = 0x4002,
  /** Id of the Java thread that runs. */
  CurrentThread = 0x4003,
  /** Reference to the `java.lang.Thread` object of the thread that runs (a root). */
  CurrentThreadObject = 0x4004,
  /** Byte offset of the card table: the card of address `a` is the byte at `CardTable + (a >>> CardShift)`. */
  CardTable = 0x4005,
  /** Lowest byte offset the running thread's stack may reach. */
  StackLimit = 0x4006,
}

/** log2 of the bytes a card covers. A card is 0 (clean) or 1 (a reference was stored there). */
export const CARD_SHIFT = 9;

/** Header of every object; byte offsets. */
export const enum ObjectBytes {
  Klass = 0,
  Mark = 4,
  /** First field of an object. */
  Fields = 8,
  /** Arrays. */
  Length = 8,
  /** First element, of every kind of array: 8-aligned, so that all kinds have one base. */
  Elements = 16,
}

/** Header of every object; word offsets. */
export const enum ObjectWord {
  Klass = 0,
  Mark = 1,
  Fields = 2,
  Length = 2,
  Elements = 4,
}

/** Every object's size and address is a multiple of this. */
export const OBJECT_ALIGNMENT = 8;

/**
 * The mark word. Its low two bits are the state; while an object is moved by the collector its *class* word has bit 0
 * set and holds the new address, so the mark word always is the object's own.
 *
 *   Unlocked:  hash (26 bits, 0: none yet) | age (4 bits) | 00
 *   Thin:      count - 1 (12 bits) | thread id (14 bits) | age (4 bits) | 01
 *   Inflated:  monitor id (26 bits) | age (4 bits) | 10          (the monitor keeps the hash)
 */
export const enum Mark {
  StateMask = 3,
  Unlocked = 0,
  Thin = 1,
  Inflated = 2,
  AgeShift = 2,
  AgeMask = 0x3c,
  /** Hash, or monitor id. */
  ValueShift = 6,
  ThinThreadShift = 6,
  ThinThreadMask = 0x3fff,
  ThinCountShift = 20,
  ThinCountMask = 0xfff,
}

/** Words of a class structure. A klass pointer is its byte offset; the first word of every object. */
export const enum Klass {
  /** Index into `vm.classes`. */
  Id = 0,
  /** Access flags of the class file, and `KlassFlag`s above them. */
  Flags = 1,
  /** `ClassState`. */
  State = 2,
  /** Size of an instance in bytes, header included; for arrays log2 of the element's size. */
  InstanceBytes = 3,
  /** `ClassKind`. */
  Kind = 4,
  /** Number of superclasses (Object 0). Interfaces and arrays: Object's subclasses, 1. */
  Depth = 5,
  /** Superclasses from Object at 0 to the class itself, as far as they fit. */
  Display = 6,
  DisplayLength = 8,
  /** Reference to the java.lang.Class object: a root. */
  Mirror = 14,
  /** Arrays: klass of the elements (for primitive elements the primitive's klass). */
  Element = 15,
  /** Klass of the array whose elements are of this class, or 0 as long as there is none. */
  ArrayOf = 16,
  /** Pointer to `[count, byteOffset…]`: where an instance holds references, superclasses included. 0: nowhere. */
  ReferenceMap = 17,
  /** Last class or interface that a slow subtype check found this class to be a subtype of. */
  SubtypeCache = 18,
  /** `ReferenceKind` of java.lang.ref.Reference's subclasses. */
  ReferenceKind = 19,
  VtableLength = 20,
  /** Method pointers follow. */
  Vtable = 22,
}

/** What a class structure describes. */
export const enum ClassKind {
  Instance = 0,
  Interface = 1,
  Primitive = 2,
  ReferenceArray = 3,
  PrimitiveArray = 4,
}

/** Flags of `Klass.Flags` above the sixteen of the class file. */
export const enum KlassFlag {
  /** Instances must be registered with the finalizer when they are constructed. */
  HasFinalizer = 0x10000,
  Cloneable = 0x20000,
  Hidden = 0x40000,
  /** Instances vary in size or need care: `new` may not allocate them inline (java.lang.Class, abstract…). */
  SlowNew = 0x80000,
}

/** How far a class is (JVMS 5.5). Order matters: each includes those before. */
export const enum ClassState {
  Loaded = 0,
  Linked = 1,
  BeingInitialized = 2,
  Initialized = 3,
  Erroneous = 4,
}

/** Kinds of java.lang.ref.Reference, by strength. */
export const enum ReferenceKind {
  None = 0,
  Soft = 1,
  Weak = 2,
  Final = 3,
  Phantom = 4,
}

/** Words of a method structure. A method pointer is its byte offset. */
export const enum MethodWord {
  /** Index into `vm.methods`. */
  Id = 0,
  /** Access flags, and `MethodFlag`s above them. */
  Flags = 1,
  /** Word index of the decoded code; before that of a stub that decodes, calls a native or throws. */
  Code = 2,
  /** Argument slots, the receiver included; a long or double takes two. */
  ArgumentSlots = 3,
  /** What must be added to the caller's stack pointer (words) for the callee's frame pointer. */
  FrameDelta = 4,
  /** Words the frame needs below its frame pointer. */
  FrameWords = 5,
  /** Index in the vtable, or -1. */
  VtableIndex = 6,
  /** Klass pointer of the declaring class. */
  Holder = 7,
  /** Invocations and back edges, counted down to the compilers' thresholds. */
  Invocations = 8,
  BackEdges = 9,
  /** Where emitted code calls this method; 0 while nothing is compiled. */
  Entry = 10,
  MaxLocals = 11,
  /** `Intrinsic` number, 0: none. */
  Intrinsic = 12,
  Length = 14,
}

/** Flags of `MethodWord.Flags` above the sixteen of the class file. */
export const enum MethodFlag {
  CallerSensitive = 0x10000,
  /** Left out of stack traces (`@Hidden`, `LambdaForm.Hidden`). */
  Hidden = 0x20000,
  /** A signature-polymorphic intrinsic of MethodHandle. */
  MethodHandleIntrinsic = 0x40000,
  Constructor = 0x80000,
  ClassInitializer = 0x100000,
  ForceInline = 0x200000,
}

/**
 * A frame, in words relative to its frame pointer `fp` (a word index, even). The stack grows downwards; each slot is
 * two words, of which an int, a float or a reference uses the first; a long or double takes two slots and lies in the
 * first of them (the deeper, higher one). A callee's first locals are the caller's pushed arguments.
 *
 *   fp + 2·maxLocals + 2   local 0          (local i is at fp + 2·(maxLocals - i) + 2)
 *   fp + 4                 last local
 *   fp + 2                 return address   (written by emitted code's `call`)
 *   fp + 0                 caller's frame pointer, as byte offset
 *   fp - 2                 method pointer
 *   fp - 1                 word index of the instruction at which this frame waits
 *   fp - 4                 first operand; the empty stack's pointer is fp - 2
 */
export const enum Frame {
  ReturnAddress = 2,
  Caller = 0,
  Method = -2,
  Pc = -1,
  /** Stack pointer of a frame with no operands. */
  EmptyStack = -2,
  FirstOperand = -4,
  LastLocal = 4,
  /** Added to twice the maximum of locals: where local 0 is. */
  FirstLocal = 2,
}

/** Every invoke instruction has this many code words: a return goes on at `pc + InvokeLength`. */
export const INVOKE_LENGTH = 5;

/** The cache of interface dispatch: `[klass, interface method, target, 0]` at hash of the first two. */
export const enum MethodCache {
  Word = 0x4400,
  EntryWords = 4,
  /** Entries - 1. */
  Mask = 0x7ff,
}
