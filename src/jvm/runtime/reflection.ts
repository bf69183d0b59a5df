/**
 * The objects of reflection: java.lang.reflect.Method, Constructor, Field, RecordComponent and Parameter, made from the
 * VM's records, and the way back.
 *
 * Fields are set directly rather than through constructors: there are many of these objects at start-up, and their
 * constructors do nothing but assign. Classes that a member's descriptor names are loaded first, by an activity, since
 * that may run a class loader; then the objects are made in one step in which nothing moves.
 */
import {
  ClassFileError,
  type MethodInfo,
  type MethodParameter,
  parseMethodDescriptor,
  type RecordComponent,
} from '../classfile/index.js';
import type { Activity } from './activity.js';
import { allocating } from './allocating.js';
import { linkedBootClass } from './boxing.js';
import { arrayClassOf, findLoadedClass, loadClass, primitiveClass } from './class-loading.js';
import { initializeClass } from './initialization.js';
import type { Field, JavaClass, Method } from './java-class.js';
import type { JavaThread } from './thread.js';
import { ThrowNew } from './throws.js';
import type { Vm } from './vm.js';

const METHOD = 'java/lang/reflect/Method';
const CONSTRUCTOR = 'java/lang/reflect/Constructor';
const FIELD = 'java/lang/reflect/Field';
const COMPONENT = 'java/lang/reflect/RecordComponent';
const PARAMETER = 'java/lang/reflect/Parameter';

/** Access flags of a method that reflection shows (JVMS table 4.6-A). */
const METHOD_MODIFIERS = 0x1dff;
/** Access flags of a field that reflection shows (JVMS table 4.5-A). */
const FIELD_MODIFIERS = 0x50df;

const PRIMITIVES: Readonly<Record<string, string>> = {
  Z: 'boolean',
  B: 'byte',
  C: 'char',
  S: 'short',
  I: 'int',
  J: 'long',
  F: 'float',
  D: 'double',
  V: 'void',
};

/** Name as `Class.getName` gives it: hidden classes have a slash before their suffix. */
export function javaName(cls: JavaClass): string {
  let bottom: JavaClass = cls;
  while (bottom.element !== null) bottom = bottom.element;
  const name = cls.name.replaceAll('/', '.');
  if (!bottom.hidden) return name;
  const plus = name.lastIndexOf('+');
  return plus < 0 ? name : `${name.slice(0, plus)}/${name.slice(plus + 1)}`;
}

/** The interned string with this text. */
export function internedString(vm: Vm, text: string): number {
  return vm.words[vm.strings.internCell(text) >>> 2]!;
}

/** A new byte[] with these bytes, null for none. */
export function byteArrayOf(vm: Vm, bytes: Uint8Array | undefined): number {
  if (bytes === undefined) return 0;
  const array = vm.heap.allocateArray(vm.known.byteArray, bytes.length);
  vm.u8.set(bytes, (array >>> 0) + 16);
  return array;
}

/** A new Class[] of these classes. */
export function classArrayOf(vm: Vm, classes: readonly JavaClass[]): number {
  const array = vm.heap.allocateArray(vm.known.classArray, classes.length);
  for (let i = 0; i < classes.length; i++) vm.putReferenceElement(array, i, vm.mirrorOf(classes[i]!));
  return array;
}

/**
 * The class a field descriptor (or `V`) names, as `from` sees it.
 *
 * @throws NoClassDefFoundError (Java) and what the class loader throws
 */
export function* classOfDescriptor(t: JavaThread, from: JavaClass, descriptor: string): Activity<JavaClass> {
  const primitive = PRIMITIVES[descriptor];
  if (primitive !== undefined) return primitiveClass(t.vm, primitive);
  return yield* classByName(t, from, descriptor[0] === 'L' ? descriptor.slice(1, -1) : descriptor);
}

/** The class with an internal name (arrays: descriptor), as `from` sees it. A hidden class knows its own name. */
export function* classByName(t: JavaThread, from: JavaClass, name: string): Activity<JavaClass> {
  if (from.hidden && name === from.classFile?.name) return from;
  return findLoadedClass(from.loader, name) ?? (yield* loadClass(t, from.loader, name));
}

/** Classes of a method descriptor: parameters, then the result. */
export function* classesOfDescriptor(
  t: JavaThread,
  from: JavaClass,
  descriptor: string,
): Activity<{ parameters: JavaClass[]; result: JavaClass }> {
  const { parameters: names, returnType } = parseMethodDescriptor(descriptor);
  const parameters: JavaClass[] = [];
  for (const name of names) parameters.push(yield* classOfDescriptor(t, from, name));
  return { parameters, result: yield* classOfDescriptor(t, from, returnType) };
}

/** A method or constructor with the classes of its descriptor and `throws` clause. */
interface ResolvedExecutable {
  readonly method: Method;
  readonly info: MethodInfo;
  readonly parameters: readonly JavaClass[];
  readonly result: JavaClass;
  readonly exceptions: readonly JavaClass[];
}

function* resolveExecutable(t: JavaThread, method: Method): Activity<ResolvedExecutable> {
  const info = method.info;
  if (info === undefined) throw new Error(`${method} is no declared method`);
  const { parameters, result } = yield* classesOfDescriptor(t, method.holder, method.descriptor);
  const exceptions: JavaClass[] = [];
  for (const name of info.exceptions) exceptions.push(yield* classByName(t, method.holder, name));
  return { method, info, parameters, result, exceptions };
}

/** What Method and Constructor share. */
function fillExecutable(vm: Vm, ref: number, name: string, e: ResolvedExecutable): void {
  const { method, info } = e;
  vm.putReference(ref, vm.offset(name, 'clazz'), vm.mirrorOf(method.holder));
  vm.putWord(ref, vm.offset(name, 'slot'), method.slot);
  vm.putReference(ref, vm.offset(name, 'parameterTypes'), classArrayOf(vm, e.parameters));
  vm.putReference(ref, vm.offset(name, 'exceptionTypes'), classArrayOf(vm, e.exceptions));
  vm.putWord(ref, vm.offset(name, 'modifiers'), info.accessFlags & METHOD_MODIFIERS);
  const { signature } = info;
  if (signature !== undefined) vm.putReference(ref, vm.offset(name, 'signature'), internedString(vm, signature));
  const { annotations } = info;
  if (annotations === undefined && info.parameterAnnotations === undefined) return;
  vm.putReference(ref, vm.offset(name, 'annotations'), byteArrayOf(vm, annotations));
  vm.putReference(ref, vm.offset(name, 'parameterAnnotations'), byteArrayOf(vm, info.parameterAnnotations));
}

function makeMethod(t: JavaThread, e: ResolvedExecutable): number {
  const { vm } = t;
  const ref = vm.heap.allocateObject(linkedBootClass(t, METHOD));
  fillExecutable(vm, ref, METHOD, e);
  vm.putReference(ref, vm.offset(METHOD, 'name'), internedString(vm, e.method.name));
  vm.putReference(ref, vm.offset(METHOD, 'returnType'), vm.mirrorOf(e.result));
  vm.putReference(ref, vm.offset(METHOD, 'annotationDefault'), byteArrayOf(vm, e.info.annotationDefault));
  return ref;
}

function makeConstructor(t: JavaThread, e: ResolvedExecutable): number {
  const ref = t.vm.heap.allocateObject(linkedBootClass(t, CONSTRUCTOR));
  fillExecutable(t.vm, ref, CONSTRUCTOR, e);
  return ref;
}

/** Whether reflection and method handles must not write the field even with access checks off (JDK 15 on). */
export function isTrustedFinal(field: Field): boolean {
  return (field.accessFlags & 0x10) !== 0 && (field.isStatic || field.holder.hidden || isRecord(field.holder));
}

/** Whether the class is a record: final, a direct subclass of java.lang.Record, with the attribute. */
export function isRecord(cls: JavaClass): boolean {
  return (
    (cls.accessFlags & 0x10) !== 0 &&
    cls.superclass?.name === 'java/lang/Record' &&
    cls.superclass.loader.isBoot &&
    cls.classFile?.record !== undefined
  );
}

function makeField(t: JavaThread, field: Field, type: JavaClass): number {
  const { vm } = t;
  const ref = vm.heap.allocateObject(linkedBootClass(t, FIELD));
  vm.putReference(ref, vm.offset(FIELD, 'clazz'), vm.mirrorOf(field.holder));
  vm.putWord(ref, vm.offset(FIELD, 'slot'), field.slot);
  vm.putReference(ref, vm.offset(FIELD, 'name'), internedString(vm, field.name));
  vm.putReference(ref, vm.offset(FIELD, 'type'), vm.mirrorOf(type));
  vm.putWord(ref, vm.offset(FIELD, 'modifiers'), field.accessFlags & FIELD_MODIFIERS);
  vm.putByte(ref >>> 0, vm.offset(FIELD, 'trustedFinal'), isTrustedFinal(field) ? 1 : 0);
  const info = field.holder.classFile?.fields[field.slot];
  if (info === undefined) return ref;
  const { signature, annotations } = info;
  if (signature !== undefined) vm.putReference(ref, vm.offset(FIELD, 'signature'), internedString(vm, signature));
  vm.putReference(ref, vm.offset(FIELD, 'annotations'), byteArrayOf(vm, annotations));
  return ref;
}

/** A new array of a boot class's instances, filled by `make`. */
function arrayOf<T>(t: JavaThread, className: string, items: readonly T[], make: (item: T) => number): number {
  const { vm } = t;
  const array = vm.heap.allocateArray(arrayClassOf(vm, linkedBootClass(t, className)), items.length);
  for (let i = 0; i < items.length; i++) vm.putReferenceElement(array, i, make(items[i]!));
  return array;
}

/** Method[] or Constructor[] of these methods. */
export function* executablesOf(t: JavaThread, methods: readonly Method[], constructors: boolean): Activity<number> {
  const name = constructors ? CONSTRUCTOR : METHOD;
  yield* initializeClass(t, linkedBootClass(t, name));
  const resolved: ResolvedExecutable[] = [];
  for (const method of methods) resolved.push(yield* resolveExecutable(t, method));
  const make = constructors ? makeConstructor : makeMethod;
  return yield* allocating(() => arrayOf(t, name, resolved, (e) => make(t, e)));
}

/** The Method or Constructor object of one method. */
export function* executableOf(t: JavaThread, method: Method): Activity<number> {
  yield* initializeClass(t, linkedBootClass(t, method.isConstructor ? CONSTRUCTOR : METHOD));
  const e = yield* resolveExecutable(t, method);
  return yield* allocating(() => (method.isConstructor ? makeConstructor(t, e) : makeMethod(t, e)));
}

/** Field[] of these fields. */
export function* fieldsOf(t: JavaThread, fields: readonly Field[]): Activity<number> {
  yield* initializeClass(t, linkedBootClass(t, FIELD));
  const typed: { field: Field; type: JavaClass }[] = [];
  for (const field of fields) typed.push({ field, type: yield* classOfDescriptor(t, field.holder, field.descriptor) });
  return yield* allocating(() => arrayOf(t, FIELD, typed, (f) => makeField(t, f.field, f.type)));
}

/** The Field object of one field. */
export function* fieldObjectOf(t: JavaThread, field: Field): Activity<number> {
  yield* initializeClass(t, linkedBootClass(t, FIELD));
  const type = yield* classOfDescriptor(t, field.holder, field.descriptor);
  return yield* allocating(() => makeField(t, field, type));
}

/** RecordComponent[] of a record class, in order; the array is empty when the class has no Record attribute. */
export function* recordComponentsOf(t: JavaThread, cls: JavaClass): Activity<number> {
  const { vm } = t;
  yield* initializeClass(t, linkedBootClass(t, COMPONENT));
  yield* initializeClass(t, linkedBootClass(t, METHOD));
  const found: { component: RecordComponent; type: JavaClass; method: ResolvedExecutable | undefined }[] = [];
  for (const component of cls.classFile?.record ?? []) {
    const type = yield* classOfDescriptor(t, cls, component.descriptor);
    const accessor = cls.methodTable.get(`${component.name}()${component.descriptor}`);
    const method = accessor === undefined || accessor.isStatic ? undefined : yield* resolveExecutable(t, accessor);
    found.push({ component, type, method });
  }
  return yield* allocating(() =>
    arrayOf(t, COMPONENT, found, ({ component, type, method }) => {
      const ref = vm.heap.allocateObject(linkedBootClass(t, COMPONENT));
      const put = (name: string, value: number) => vm.putReference(ref, vm.offset(COMPONENT, name), value);
      put('clazz', vm.mirrorOf(cls));
      put('name', internedString(vm, component.name));
      put('type', vm.mirrorOf(type));
      if (method !== undefined) put('accessor', makeMethod(t, method));
      if (component.signature !== undefined) put('signature', internedString(vm, component.signature));
      put('annotations', byteArrayOf(vm, component.annotations));
      put('typeAnnotations', byteArrayOf(vm, component.typeAnnotations));
      return ref;
    }),
  );
}

/** Parameter[] from the MethodParameters attribute, null where there is none. */
export function parametersOf(t: JavaThread, executable: number): number {
  const { vm } = t;
  const parameters = readParameters(methodOfObject(vm, executable));
  if (parameters === undefined) return 0;
  return arrayOf(t, PARAMETER, [...parameters.entries()], ([i, { name, flags }]) => {
    const ref = vm.heap.allocateObject(linkedBootClass(t, PARAMETER));
    if (name !== null) vm.putReference(ref, vm.offset(PARAMETER, 'name'), internedString(vm, name));
    vm.putWord(ref, vm.offset(PARAMETER, 'modifiers'), flags);
    vm.putReference(ref, vm.offset(PARAMETER, 'executable'), executable);
    vm.putWord(ref, vm.offset(PARAMETER, 'index'), i);
    return ref;
  });
}

function readParameters(method: Method): MethodParameter[] | undefined {
  try {
    return method.info?.methodParameters;
  } catch (error) {
    if (!(error instanceof ClassFileError)) throw error;
    // The caller's MalformedParametersException has this as its cause.
    throw new ThrowNew('java/lang/IllegalArgumentException', 'Wrong type at constant pool index');
  }
}

/** The method behind a Method or Constructor object. */
export function methodOfObject(vm: Vm, executable: number): Method {
  const name = vm.classOf(executable).name === CONSTRUCTOR ? CONSTRUCTOR : METHOD;
  const cls = vm.classOfMirror(vm.getWord(executable, vm.offset(name, 'clazz')));
  const method = cls.methods[vm.getWord(executable, vm.offset(name, 'slot'))];
  if (method === undefined) throw new ThrowNew('java/lang/InternalError', 'invoke');
  return method;
}

/** The field behind a Field object. */
export function fieldOfObject(vm: Vm, object: number): Field {
  const cls = vm.classOfMirror(vm.getWord(object, vm.offset(FIELD, 'clazz')));
  const slot = vm.getWord(object, vm.offset(FIELD, 'slot'));
  const field = cls.fields.find((f) => f.slot === slot);
  if (field === undefined) throw new ThrowNew('java/lang/InternalError', `${javaName(cls)} has no field ${slot}`);
  return field;
}

/** The flags of JVMS 4.7.6. */
const NESTED_FLAGS = 0x763f;

/** `Class.getModifiers`: a nested class's flags are those its InnerClasses entry gives. */
export function modifiersOf(cls: JavaClass): number {
  if (cls.isPrimitive) return 0x411;
  if (cls.element !== null) return (modifiersOf(cls.element) & 7) | 0x410;
  const own = cls.classFile?.innerClasses?.find((i) => i.inner === cls.classFile?.name);
  return (own === undefined ? cls.accessFlags : own.flags & NESTED_FLAGS) & ~0x20 & 0x7fff;
}
