/**
 * Numbers of the class file format: constant pool tags (JVMS table 4.4-B), access flags (4.1-B, 4.5-A, 4.6-A, 4.7.6-A)
 * and method handle kinds (5.4.3.5). Const enums, because V8 builds jump tables for literal case labels only.
 */

/** Constant pool tags. */
export const enum Tag {
  /** No entry: index 0, and the second half of a long or double. */
  None = 0,
  Utf8 = 1,
  Integer = 3,
  Float = 4,
  Long = 5,
  Double = 6,
  Class = 7,
  String = 8,
  Fieldref = 9,
  Methodref = 10,
  InterfaceMethodref = 11,
  NameAndType = 12,
  MethodHandle = 15,
  MethodType = 16,
  Dynamic = 17,
  InvokeDynamic = 18,
  Module = 19,
  Package = 20,
}

/** Access flags; some bits mean different things for classes, fields and methods. */
export const enum Acc {
  Public = 0x1,
  Private = 0x2,
  Protected = 0x4,
  Static = 0x8,
  Final = 0x10,
  Super = 0x20,
  // biome-ignore lint/suspicious/noDuplicateEnumValues: bits differ in meaning for classes, fields, methods
  Synchronized = 0x20,
  Volatile = 0x40,
  Bridge = 0x40,
  Varargs = 0x80,
  Transient = 0x80,
  Native = 0x100,
  Interface = 0x200,
  Abstract = 0x400,
  Strict = 0x800,
  Synthetic = 0x1000,
  Annotation = 0x2000,
  Enum = 0x4000,
  Module = 0x8000,
  /** Of a formal parameter: implicitly declared. */
  Mandated = 0x8000,
}

/** Kinds of CONSTANT_MethodHandle. */
export const enum RefKind {
  GetField = 1,
  GetStatic = 2,
  PutField = 3,
  PutStatic = 4,
  InvokeVirtual = 5,
  InvokeStatic = 6,
  InvokeSpecial = 7,
  NewInvokeSpecial = 8,
  InvokeInterface = 9,
}
