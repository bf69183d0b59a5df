/**
 * What the parts of the API share: the VM, its class loader for the application, and the objects handed out.
 */
import type { Activity } from '../runtime/activity.js';
import { call } from '../runtime/activity.js';
import { allocating } from '../runtime/allocating.js';
import { bootClass } from '../runtime/class-loading.js';
import { findClassForName } from '../runtime/for-name.js';
import { initializeClass } from '../runtime/initialization.js';
import type { JavaClass } from '../runtime/java-class.js';
import type { LoaderData } from '../runtime/loaders.js';
import { selectVirtual } from '../runtime/selection.js';
import { binaryNameOf } from '../runtime/stack-trace.js';
import type { JavaThread } from '../runtime/thread.js';
import { ThrowNew, ThrowRef } from '../runtime/throws.js';
import type { Vm } from '../runtime/vm.js';
import { JavaError } from './errors.js';
import { type JavaCallback, JavaObject, type ObjectHost } from './java-object.js';

/** Makes an object of Java that implements an interface by a function; see callbacks.ts. */
export type FunctionMaker = (t: JavaThread, type: JavaClass, fn: JavaCallback) => Activity<number>;

/** See the head of the file. */
export class Realm {
  readonly vm: Vm;
  readonly host: ObjectHost;
  /** The loader of the class path, once the VM is up. */
  loader!: LoaderData;
  /** Set by callbacks.ts. */
  implementFunction!: FunctionMaker;

  constructor(vm: Vm, host: ObjectHost) {
    this.vm = vm;
    this.host = host;
  }

  /** Hands out an object. Collects nothing. */
  objectOf(ref: number): JavaObject {
    const { vm } = this;
    return new JavaObject(this.host, vm.roots.create(ref), binaryNameOf(vm.classOf(ref)));
  }

  /** The reference behind an object: valid until the next safepoint. */
  refOf(object: JavaObject): number {
    return this.vm.roots.get(JavaObject.cellOf(object, this.host));
  }

  /**
   * Loads and initializes a class by its name as Java writes it.
   *
   * @throws ClassNotFoundException (Java), and errors of loading and initialization
   */
  *initializedClass(t: JavaThread, name: string): Activity<JavaClass> {
    const cls = yield* findClassForName(t, this.loader, name);
    yield* initializeClass(t, cls);
    return cls;
  }

  /** Gives a thread the class loader that a program's threads have: a thread from outside starts without one. */
  *adopt(t: JavaThread): Activity<void> {
    const { vm, loader } = this;
    const set = vm.methodOf(vm.known.thread, 'setContextClassLoader', '(Ljava/lang/ClassLoader;)V');
    yield call(set, t.object, vm.roots.get(loader.cell));
  }

  /** JavaScript's error of an exception: its message and its stack trace, as Java's own code says them. */
  *errorOf(t: JavaThread, exception: number): Activity<JavaError> {
    const { vm } = this;
    const thrown = t.handle(exception);
    const object = this.objectOf(exception);
    let message: string | null = null;
    let trace: string;
    try {
      const getMessage = vm.methodOf(vm.known.throwable, 'getMessage', '()Ljava/lang/String;');
      const text = Number(yield call(selectVirtual(vm.classOf(thrown.ref), getMessage), thrown));
      message = vm.strings.toJsOrNull(text);
      trace = yield* this.stackTrace(t, thrown);
    } catch (error) {
      // Both methods may be overridden, and both need memory.
      if (!(error instanceof ThrowRef || error instanceof ThrowNew)) throw error;
      trace = message === null ? object.className : `${object.className}: ${message}`;
    }
    return new JavaError(object, message, trace);
  }

  private *stackTrace(t: JavaThread, thrown: { readonly ref: number }): Activity<string> {
    const { vm } = this;
    const writerClass = bootClass(vm, 'java/io/StringWriter');
    const printerClass = bootClass(vm, 'java/io/PrintWriter');
    yield* initializeClass(t, writerClass);
    yield* initializeClass(t, printerClass);
    const writer = t.handle(yield* allocating(() => vm.heap.allocateObject(writerClass)));
    yield call(vm.methodOf(writerClass, '<init>', '()V'), writer);
    const printer = t.handle(yield* allocating(() => vm.heap.allocateObject(printerClass)));
    yield call(vm.methodOf(printerClass, '<init>', '(Ljava/io/Writer;)V'), printer, writer);
    const print = vm.methodOf(vm.known.throwable, 'printStackTrace', '(Ljava/io/PrintWriter;)V');
    yield call(selectVirtual(vm.classOf(thrown.ref), print), thrown, printer);
    yield call(vm.methodOf(printerClass, 'flush', '()V'), printer);
    return vm.strings.toJs(Number(yield call(vm.methodOf(writerClass, 'toString', '()Ljava/lang/String;'), writer)));
  }
}
