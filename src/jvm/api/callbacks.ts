/**
 * Interfaces of Java implemented in TypeScript.
 *
 * `java.lang.reflect.Proxy` makes the class; its handler is an object of a class of ours (callback-class.ts) that knows
 * a number, under which the functions are kept here. A function that returns a promise suspends the Java thread that
 * called it, and no other. Functions are forgotten some time after Java's collector has taken their handler.
 */

import type { NativeTables } from '../natives/registry.js';
import { type Activity, call, type Handle, type JavaValue } from '../runtime/activity.js';
import { allocating } from '../runtime/allocating.js';
import { waitForHost } from '../runtime/blocking.js';
import { box, linkedBootClass, unbox } from '../runtime/boxing.js';
import { bootClass, defineClass } from '../runtime/class-loading.js';
import { initializeClass } from '../runtime/initialization.js';
import type { JavaClass, Method } from '../runtime/java-class.js';
import { classArrayOf, classOfDescriptor, methodOfObject } from '../runtime/reflection.js';
import { binaryNameOf } from '../runtime/stack-trace.js';
import type { JavaThread } from '../runtime/thread.js';
import { ThrowNew, ThrowRef } from '../runtime/throws.js';
import { CALLBACK_CLASS, CALLBACK_ID, CALLBACK_INVOKE, callbackClassFile } from './callback-class.js';
import { JavaError, JvmError } from './errors.js';
import { fromJava } from './from-java.js';
import type { JavaArgument, JavaCallback, JavaResult } from './java-object.js';
import type { Realm } from './realm.js';
import { functionalMethod, toJava } from './to-java.js';

/** Functions by the name of the method they implement; `name(descriptor)` for one of several overloads. */
export type JavaCallbacks = Readonly<Record<string, JavaCallback>>;

interface Registered {
  readonly callbacks: JavaCallbacks;
  /** Root cell of a WeakReference to the handler. */
  readonly cell: number;
}

const PROXY = 'java/lang/reflect/Proxy';
const NEW_INSTANCE =
  '(Ljava/lang/ClassLoader;[Ljava/lang/Class;Ljava/lang/reflect/InvocationHandler;)Ljava/lang/Object;';

/** Registrations between two looks for handlers that are gone. */
const SWEEP_INTERVAL = 64;

/** See the head of the file. */
export class Callbacks {
  private readonly realm: () => Realm;
  private readonly registered = new Map<number, Registered>();
  private lastId = 0;

  /** @param realm gives the realm, once there is a VM: the natives are needed for making it */
  constructor(realm: () => Realm) {
    this.realm = realm;
  }

  /** The native methods of the handler's class. */
  get natives(): NativeTables {
    return {
      [CALLBACK_CLASS]: {
        [CALLBACK_INVOKE]: (t, self: number, proxy: number, method: number, args: number) =>
          this.invoke(t, self, proxy, method, args),
      },
    };
  }

  /** Handlers whose functions are kept. */
  get count(): number {
    return this.registered.size;
  }

  /**
   * Makes an object that implements the interfaces.
   *
   * @throws JvmError for what is no interface, and for functions that belong to no method
   */
  *implement(t: JavaThread, interfaces: readonly JavaClass[], callbacks: JavaCallbacks): Activity<number> {
    const { vm, loader } = this.realm();
    checkCallbacks(interfaces, callbacks);
    const handlerClass = yield* this.handlerClass(t);
    const handler = t.handle(yield* allocating(() => vm.heap.allocateObject(handlerClass)));
    const id = yield* this.register(t, handler, callbacks);
    vm.putWord(handler.ref, vm.fieldOf(handlerClass, CALLBACK_ID).offset, id);
    const proxy = linkedBootClass(t, PROXY);
    yield* initializeClass(t, proxy);
    const classes = t.handle(yield* allocating(() => classArrayOf(vm, interfaces)));
    const own = interfaces.find((face) => !face.loader.isBoot)?.loader ?? loader;
    return Number(
      yield call(vm.methodOf(proxy, 'newProxyInstance', NEW_INSTANCE), vm.roots.get(own.cell), classes, handler),
    );
  }

  /** Makes an object of an interface with one abstract method. */
  *implementFunction(t: JavaThread, type: JavaClass, fn: JavaCallback): Activity<number> {
    const method = functionalMethod(type);
    if (method === undefined)
      throw new JvmError('BAD_VALUE', `${binaryNameOf(type)} has not exactly one abstract method`);
    return yield* this.implement(t, [type], { [method.name]: fn });
  }

  private *handlerClass(t: JavaThread): Activity<JavaClass> {
    const { vm } = this.realm();
    const { bootLoader } = vm;
    let cls = bootLoader.classes.get(CALLBACK_CLASS);
    if (cls === undefined) {
      try {
        cls = yield* defineClass(t, bootLoader, CALLBACK_CLASS, callbackClassFile());
      } catch (error) {
        // Another call may have defined it meanwhile.
        cls = bootLoader.classes.get(CALLBACK_CLASS);
        if (cls === undefined) throw error;
      }
    }
    yield* initializeClass(t, cls);
    return cls;
  }

  private *register(t: JavaThread, handler: Handle, callbacks: JavaCallbacks): Activity<number> {
    const { vm } = this.realm();
    const id = ++this.lastId;
    if (id % SWEEP_INTERVAL === 0) this.sweep();
    const weak = bootClass(vm, 'java/lang/ref/WeakReference');
    yield* initializeClass(t, weak);
    const reference = t.handle(yield* allocating(() => vm.heap.allocateObject(weak)));
    yield call(vm.methodOf(weak, '<init>', '(Ljava/lang/Object;)V'), reference, handler);
    this.registered.set(id, { callbacks, cell: vm.roots.create(reference.ref) });
    return id;
  }

  /** Forgets the functions whose handlers Java's collector has taken. */
  sweep(): void {
    const { vm } = this.realm();
    const referent = vm.offset('java/lang/ref/Reference', 'referent');
    for (const [id, { cell }] of this.registered) {
      if (vm.getWord(vm.roots.get(cell), referent) !== 0) continue;
      vm.roots.release(cell);
      this.registered.delete(id);
    }
  }

  private *invoke(t: JavaThread, self: number, proxy: number, methodObject: number, args: number): Activity<number> {
    const realm = this.realm();
    const { vm } = realm;
    const id = vm.getWord(self, vm.fieldOf(vm.classOf(self), CALLBACK_ID).offset);
    const method = methodOfObject(vm, methodObject);
    const entry = this.registered.get(id);
    // What a sweep must not take while it is called.
    t.handle(self);
    const receiver = t.handle(proxy);
    const boxes: Handle[] = [];
    for (let i = 0; args !== 0 && i < vm.arrayLength(args); i++) boxes.push(t.handle(vm.getElement(args, i)));
    const key = method.name + method.descriptor;
    const callbacks = entry?.callbacks ?? {};
    const fn = functionNamed(callbacks, key) ?? functionNamed(callbacks, method.name);
    if (fn === undefined) return yield* this.withoutFunction(t, method, receiver, boxes, id);
    const given = boxes.map(({ ref }) => fromJava(realm, 'L', ref));
    const result = yield* this.run(t, () => fn.apply(callbacks, given as JavaResult[]));
    return yield* this.resultOf(t, method, result as JavaArgument);
  }

  /** Calls a function and waits for its promise; what it throws becomes an exception of Java. */
  private *run(t: JavaThread, fn: () => unknown): Activity<unknown> {
    let result: unknown;
    try {
      result = fn();
      if (!isThenable(result)) return result;
    } catch (error) {
      throw this.exceptionOf(error);
    }
    const promise = result;
    let failed: { readonly error: unknown } | undefined;
    let value: unknown;
    yield* waitForHost(t, (done) => {
      promise.then(
        (settled) => {
          value = settled;
          done();
        },
        (error: unknown) => {
          failed = { error };
          done();
        },
      );
    });
    if (failed !== undefined) throw this.exceptionOf((failed as { readonly error: unknown }).error);
    return value;
  }

  private exceptionOf(error: unknown): ThrowNew | ThrowRef {
    if (error instanceof JavaError) {
      try {
        return new ThrowRef(this.realm().refOf(error.exception));
      } catch (problem) {
        // Released, or another VM's: its text is left.
        if (!(problem instanceof JvmError)) throw problem;
      }
    }
    return new ThrowNew('java/lang/RuntimeException', error instanceof Error ? error.message : String(error));
  }

  /** The result as the proxy wants it: boxed. */
  private *resultOf(t: JavaThread, method: Method, result: JavaArgument): Activity<number> {
    const { returnKind } = method;
    if (returnKind === 'V') return 0;
    const realm = this.realm();
    const type = yield* classOfDescriptor(
      t,
      method.holder,
      method.descriptor.slice(method.descriptor.indexOf(')') + 1),
    );
    let converted: JavaValue | Handle;
    try {
      converted = yield* toJava(t, realm, result, type);
    } catch (error) {
      if (!(error instanceof JvmError)) throw error;
      const where = `${binaryNameOf(method.holder)}.${method.name}`;
      throw new ThrowNew('java/lang/ClassCastException', `result of ${where} in TypeScript: ${error.message}`);
    }
    if (typeof converted === 'object') return converted.ref;
    if (returnKind === 'L') return Number(converted);
    const primitive = converted;
    return yield* allocating(() => box(t, returnKind, primitive));
  }

  /** A method without a function: a default method does what it does, and Object's do what identity says. */
  private *withoutFunction(
    t: JavaThread,
    method: Method,
    receiver: Handle,
    boxes: readonly Handle[],
    id: number,
  ): Activity<number> {
    const { vm } = this.realm();
    if (!method.isAbstract && method.holder.isInterface) {
      const values = boxes.map((handle, i) => {
        const kind = method.parameterKinds[i]!;
        return kind === 'L' ? handle : unbox(vm, handle.ref)!.value;
      });
      const result = yield call(method, receiver, ...values);
      if (method.returnKind === 'V') return 0;
      return method.returnKind === 'L' ? Number(result) : yield* allocating(() => box(t, method.returnKind, result));
    }
    switch (method.name + method.descriptor) {
      case 'hashCode()I':
        return yield* allocating(() => box(t, 'I', id));
      case 'equals(Ljava/lang/Object;)Z':
        return yield* allocating(() => box(t, 'Z', boxes[0]!.ref === receiver.ref ? 1 : 0));
      case 'toString()Ljava/lang/String;': {
        const text = `${binaryNameOf(vm.classOf(receiver.ref))}@${id.toString(16)}`;
        return yield* allocating(() => vm.strings.fromJs(text));
      }
      default:
        throw new ThrowNew(
          'java/lang/AbstractMethodError',
          `${binaryNameOf(method.holder)}.${method.name}${method.descriptor} has no function in TypeScript`,
        );
    }
  }
}

/** A function by its name, of an object or of its class; what every object of JavaScript inherits does not count. */
function functionNamed(callbacks: JavaCallbacks, name: string): JavaCallback | undefined {
  const fn = callbacks[name];
  return typeof fn === 'function' && fn !== (Object.prototype as unknown as JavaCallbacks)[name] ? fn : undefined;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** @throws JvmError for what is no interface, and for functions that belong to no method */
function checkCallbacks(interfaces: readonly JavaClass[], callbacks: JavaCallbacks): void {
  const names = new Set(['toString', 'hashCode', 'equals']);
  for (const face of interfaces) {
    if (!face.isInterface) throw new JvmError('BAD_VALUE', `${binaryNameOf(face)} is no interface`);
    for (const each of [face, ...face.allInterfaces]) {
      for (const method of each.methods) {
        if (method.isStatic) continue;
        names.add(method.name).add(method.name + method.descriptor);
      }
    }
  }
  for (const [name, fn] of Object.entries(callbacks)) {
    if (typeof fn !== 'function') continue;
    if (names.has(name)) continue;
    throw new JvmError('NO_SUCH_MEMBER', `no method of ${interfaces.map(binaryNameOf).join(', ')} is called ${name}`);
  }
}
