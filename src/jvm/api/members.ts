/**
 * Finding the method, constructor or field that a call from TypeScript means.
 *
 * A member is named as in Java. Among overloads the arguments decide, much as Java's compiler decides by their types:
 * those that fit without variable arity come first, then a method that fits no argument worse than the others and one
 * better is preferred, then the one with the most specific parameter types. What is left is an error that lists it.
 * Members of any visibility can be used, as from native code; but where a public one fits, others are not considered.
 */
import { Acc, externalType, parseMethodDescriptor } from '../classfile/index.js';
import type { Activity, Handle, JavaValue } from '../runtime/activity.js';
import { allocating } from '../runtime/allocating.js';
import { arrayClassOf } from '../runtime/class-loading.js';
import type { Field, JavaClass, Method } from '../runtime/java-class.js';
import { classesOfDescriptor } from '../runtime/reflection.js';
import { binaryNameOf } from '../runtime/stack-trace.js';
import { isAssignable } from '../runtime/subtypes.js';
import type { JavaThread } from '../runtime/thread.js';
import { ThrowNew, ThrowRef } from '../runtime/throws.js';
import { JvmError } from './errors.js';
import type { JavaArgument } from './java-object.js';
import type { Realm } from './realm.js';
import { describeValue, fitOf, NO_FIT, toJava } from './to-java.js';

const SYNTHETIC = 0x1000;
const VARARGS = 0x80;

/** Which members are meant. */
export type MemberKind = 'static' | 'instance' | 'constructor';

/** A name, perhaps with a parameter list or a descriptor: `add`, `add(int,int)`, `add(II)I`. */
interface NamedMember {
  readonly name: string;
  /** As it was written, from the parenthesis on. */
  readonly signature: string | undefined;
}

/** Splits a name; the parts are not checked. */
export function splitName(text: string): NamedMember {
  const at = text.indexOf('(');
  return at < 0 ? { name: text, signature: undefined } : { name: text.slice(0, at), signature: text.slice(at) };
}

/** A method with the classes of its parameters. */
interface Candidate {
  readonly method: Method;
  readonly parameters: readonly JavaClass[];
  /** Grades of fit by argument, once judged. */
  fits: number[];
  /** Its last parameter takes the rest of the arguments. */
  spread: boolean;
}

/** A method that has been chosen, and its arguments, converted. */
export interface ChosenMethod {
  readonly method: Method;
  readonly args: readonly (JavaValue | Handle)[];
}

/** `java.lang.Math.max(int, int)`, for messages. */
function describeMethod(method: Method): string {
  const parameters = parseMethodDescriptor(method.descriptor).parameters.map(externalType).join(', ');
  const holder = binaryNameOf(method.holder);
  return method.isConstructor ? `${holder}(${parameters})` : `${holder}.${method.name}(${parameters})`;
}

function listOf(methods: readonly Method[]): string {
  return methods.map((method) => `\n  ${describeMethod(method)}`).join('');
}

/** Methods of a name, inherited ones included; of those with one descriptor the most derived. */
function methodsNamed(cls: JavaClass, name: string, kind: MemberKind): Method[] {
  if (kind === 'constructor') return cls.methods.filter((method) => method.isConstructor);
  const found = new Map<string, Method>();
  const collect = (from: JavaClass): void => {
    for (const method of from.methods) {
      if (method.name !== name || method.isStatic !== (kind === 'static')) continue;
      if (!found.has(method.descriptor)) found.set(method.descriptor, method);
    }
  };
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) collect(c);
  // Static methods of interfaces are not inherited; arrays have Object's methods.
  if (kind === 'instance') for (const face of cls.allInterfaces) collect(face);
  return [...found.values()];
}

/** Whether a method has the parameters that a signature names. */
function hasSignature(method: Method, signature: string): boolean {
  if (!signature.endsWith(')')) return method.descriptor === signature;
  const wanted = signature.slice(1, -1).trim();
  const names = wanted === '' ? [] : wanted.split(',').map((name) => name.trim().replace(/\.\.\.$/, '[]'));
  const parameters = parseMethodDescriptor(method.descriptor).parameters.map(externalType);
  return names.length === parameters.length && names.every((name, i) => isTypeNamed(parameters[i]!, name));
}

/** Classes may be named without their package. */
function isTypeNamed(type: string, name: string): boolean {
  return type === name || (!name.includes('.') && type.slice(type.lastIndexOf('.') + 1) === name);
}

function checkSignature(text: string, signature: string): void {
  if (signature.endsWith(')') && /^\((\s*[\w$.]+(\s*\[\])*(\.\.\.)?\s*(,|(?=\))))*\)$/.test(signature)) return;
  try {
    if (!signature.endsWith(')')) {
      parseMethodDescriptor(signature);
      return;
    }
  } catch {
    // Reported below.
  }
  throw new JvmError(
    'BAD_DESCRIPTOR',
    `${text}: after the name come parameter types like (int,java.lang.String[]) ` +
      'or a descriptor like (I[Ljava/lang/String;)V',
  );
}

/**
 * Chooses a method and converts the arguments for it.
 *
 * @param text name, with or without signature; of constructors only the signature counts
 * @throws JvmError when there is none that takes these arguments, or several do
 */
export function* chooseMethod(
  t: JavaThread,
  realm: Realm,
  cls: JavaClass,
  text: string,
  kind: MemberKind,
  args: readonly JavaArgument[],
): Activity<ChosenMethod> {
  const { name, signature } = splitName(text);
  const what = kind === 'constructor' ? 'constructor' : `${kind} method ${name}`;
  let methods = methodsNamed(cls, name, kind);
  if (methods.length === 0) throw noSuchMethod(cls, name, kind);
  if (signature !== undefined) {
    checkSignature(text, signature);
    const all = methods;
    methods = all.filter((method) => hasSignature(method, signature));
    // Bridges have the parameters of what they lead to, and are asked for by descriptor alone.
    if (methods.length > 1) methods = methods.filter((method) => (method.accessFlags & SYNTHETIC) === 0);
    if (methods.length === 0) {
      const message = `${binaryNameOf(cls)} has no ${what} with ${signature}; it has:${listOf(all)}`;
      throw new JvmError('NO_SUCH_MEMBER', message);
    }
  } else {
    const sources = methods.filter((method) => (method.accessFlags & SYNTHETIC) === 0);
    if (sources.length > 0) methods = sources;
  }
  const candidates = yield* applicable(t, realm, methods, args);
  if (candidates.length === 0) {
    const given = `(${args.map(describeValue).join(', ')})`;
    throw new JvmError(
      'NO_SUCH_MEMBER',
      `no ${what} of ${binaryNameOf(cls)} takes ${given}; there is:${listOf(methods)}`,
    );
  }
  const best = bestOf(candidates);
  if (best.length > 1) {
    throw new JvmError(
      'AMBIGUOUS',
      `${args.length === 1 ? 'the argument fits' : 'the arguments fit'} several methods alike; name one by its ` +
        `parameters, as in ${name || binaryNameOf(cls)}${signatureOf(best[0]!.method)}:` +
        listOf(best.map(({ method }) => method)),
    );
  }
  const { method, parameters, spread } = best[0]!;
  const given = spread ? spreadArguments(args, parameters.length) : args;
  const converted: (JavaValue | Handle)[] = [];
  for (let i = 0; i < parameters.length; i++) converted.push(yield* toJava(t, realm, given[i], parameters[i]!));
  return { method, args: converted };
}

function signatureOf(method: Method): string {
  return `(${parseMethodDescriptor(method.descriptor).parameters.map(externalType).join(',')})`;
}

function noSuchMethod(cls: JavaClass, name: string, kind: MemberKind): JvmError {
  const holder = binaryNameOf(cls);
  if (kind === 'constructor') return new JvmError('NO_SUCH_MEMBER', `${holder} has no constructor`);
  const other = kind === 'static' ? 'instance' : 'static';
  const hint =
    methodsNamed(cls, name, other).length > 0
      ? `; its method ${name} is ${other === 'static' ? '' : 'not '}static`
      : '';
  return new JvmError('NO_SUCH_MEMBER', `${holder} has no ${kind} method ${name}${hint}`);
}

/** The arguments with those from the last parameter on as one array. */
function spreadArguments(args: readonly JavaArgument[], parameters: number): readonly JavaArgument[] {
  return [...args.slice(0, parameters - 1), args.slice(parameters - 1)];
}

/** The methods that take the arguments: without variable arity, or, where none does, with it; public ones first. */
function* applicable(
  t: JavaThread,
  realm: Realm,
  methods: readonly Method[],
  args: readonly JavaArgument[],
): Activity<Candidate[]> {
  for (const spread of [false, true]) {
    const found: Candidate[] = [];
    for (const method of methods) {
      const count = method.parameterKinds.length;
      if (spread ? (method.accessFlags & VARARGS) === 0 || args.length < count - 1 : args.length !== count) continue;
      const parameters = yield* parametersOf(t, method, methods.length === 1);
      if (parameters === undefined) continue;
      const types = spread ? yield* spreadTypes(realm, parameters, args.length) : parameters;
      const fits = args.map((arg, i) => fitOf(realm, arg, types[i]!));
      if (!fits.includes(NO_FIT)) found.push({ method, parameters, fits, spread });
    }
    const open = found.filter(({ method }) => (method.accessFlags & Acc.Public) !== 0);
    if (found.length > 0) return open.length > 0 ? open : found;
  }
  return [];
}

/** Types of the arguments one by one. */
function* spreadTypes(realm: Realm, parameters: readonly JavaClass[], count: number): Activity<JavaClass[]> {
  const last = parameters[parameters.length - 1]!;
  const rest = last.element ?? (yield* allocating(() => arrayClassOf(realm.vm, last)));
  return Array.from({ length: count }, (_, i) => (i < parameters.length - 1 ? parameters[i]! : rest));
}

/** Classes of the parameters; `undefined` when they cannot be loaded and the method is not the only one. */
function* parametersOf(t: JavaThread, method: Method, only: boolean): Activity<JavaClass[] | undefined> {
  try {
    return (yield* classesOfDescriptor(t, method.holder, method.descriptor.replace(/\).*/, ')V'))).parameters;
  } catch (error) {
    if (only || !(error instanceof ThrowNew || error instanceof ThrowRef)) throw error;
    return undefined;
  }
}

/** What remains of the candidates when worse ones are left out. */
function bestOf(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length === 1) return candidates;
  const closest = candidates.filter((c) => !candidates.some((other) => other !== c && isCloser(other, c)));
  if (closest.length === 1) return closest;
  return closest.filter((c) => !closest.some((other) => other !== c && isMoreSpecific(other, c)));
}

function isCloser(a: Candidate, b: Candidate): boolean {
  return a.fits.every((fit, i) => fit <= b.fits[i]!) && a.fits.some((fit, i) => fit < b.fits[i]!);
}

/** Whether `a` takes only what `b` takes, too; of methods with equal types the one of the derived class. */
function isMoreSpecific(a: Candidate, b: Candidate): boolean {
  if (a.parameters.length !== b.parameters.length) return a.parameters.length > b.parameters.length;
  const within = (from: Candidate, to: Candidate): boolean =>
    from.parameters.every((type, i) => type === to.parameters[i] || isAssignable(type, to.parameters[i]!));
  if (!within(a, b)) return false;
  return !within(b, a) || (a.method.holder !== b.method.holder && isAssignable(a.method.holder, b.method.holder));
}

/**
 * A field by its name, of the class, its superclasses and its interfaces.
 *
 * @throws JvmError when there is none
 */
export function findField(cls: JavaClass, name: string, isStatic: boolean): Field {
  const holders: JavaClass[] = [];
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) holders.push(c);
  let other: Field | undefined;
  for (const holder of [...holders, ...cls.allInterfaces]) {
    for (const field of holder.fields) {
      // Fields that the VM adds have no place in the class file, and are its own.
      if (field.name !== name || field.slot < 0) continue;
      if (field.isStatic === isStatic) return field;
      other ??= field;
    }
  }
  const hint = other === undefined ? '' : `; its field ${name} is ${isStatic ? 'not ' : ''}static`;
  const kind = isStatic ? 'static' : 'instance';
  throw new JvmError('NO_SUCH_MEMBER', `${binaryNameOf(cls)} has no ${kind} field ${name}${hint}`);
}
