/**
 * `Jvm`: a Java VM in the process, for TypeScript to use.
 *
 * The VM runs in stretches of a few milliseconds between which Node's event loop goes on; everything here is therefore
 * a promise. Each call has a Java thread of its own while it runs (api/call-threads.ts), arguments and results are
 * converted on that thread (api/to-java.ts, api/from-java.ts), and nothing that TypeScript holds points into the VM's
 * memory: a `JavaObject` is a root cell, and arrays are copies. So the memory can be given back as a whole.
 */
/// <reference types="node" preserve="true" />

import { CallThreads, settle } from './api/call-threads.js';
import { Callbacks, type JavaCallbacks } from './api/callbacks.js';
import { JvmError } from './api/errors.js';
import { readField, writeField } from './api/fields.js';
import { fromJava, referenceFromJava } from './api/from-java.js';
import { type JavaArgument, JavaObject, type JavaResult, type ObjectHost } from './api/java-object.js';
import { type ChosenMethod, chooseMethod, findField, type MemberKind, splitName } from './api/members.js';
import { checkClassPathEntry, type JvmOptions, vmOptionsOf } from './api/options.js';
import {
  addExportsAndOpens,
  appendClassPath,
  callMain,
  findMain,
  type JarProgram,
  type JavaProgram,
  readJarProgram,
} from './api/programs.js';
import { Realm } from './api/realm.js';
import { StandardStreams } from './api/streams.js';
import { naturalClass, toJava } from './api/to-java.js';
import type { PauseFigures } from './memory/collector/statistics.js';
import { ClassKind } from './memory/layout.js';
import { NATIVES } from './natives/index.js';
import { type Activity, call } from './runtime/activity.js';
import { allocating } from './runtime/allocating.js';
import { createVm, initializeSystem, ModuleSystemFailed } from './runtime/bootstrap.js';
import { arrayClassOf, bootClass, loaderDataOf, primitiveClass } from './runtime/class-loading.js';
import { newThrowable } from './runtime/exceptions.js';
import { initializeClass } from './runtime/initialization.js';
import type { JavaClass } from './runtime/java-class.js';
import { dispatchUncaught, startMainThread, startVmThread } from './runtime/java-threads.js';
import { forgetHandleOffsets } from './runtime/method-handles.js';
import { selectVirtual } from './runtime/selection.js';
import { binaryNameOf } from './runtime/stack-trace.js';
import type { JavaThread } from './runtime/thread.js';
import { NeedsCollection, ThrowNew, ThrowRef } from './runtime/throws.js';
import type { Vm } from './runtime/vm.js';

const ACC_ABSTRACT = 0x400;
const DEFAULT_CALL_THREADS = 64;
/** Java threads there can be in one VM, less some for Java's own. */
const MOST_CALL_THREADS = 16_000;
const PRIMITIVES = ['boolean', 'byte', 'char', 'short', 'int', 'long', 'float', 'double'];

/** A program that `run` has started. */
interface RunningProgram {
  resolve(exitCode: number): void;
  reject(error: unknown): void;
  /** Why its `main` could not be called. */
  error?: unknown;
  exitCode: number;
  /** Its `main` has ended; other threads may go on. */
  ended: boolean;
}

/** Figures of a VM. */
export interface JvmStatistics {
  /** Bytes of the heap that objects use, garbage included, and most it can have. */
  readonly heapUsed: number;
  readonly heapLimit: number;
  /** Java threads that are alive, those for calls included. */
  readonly threads: number;
  readonly loadedClasses: number;
  /** Collections so far and how long they stopped Java, in milliseconds: of the nursery only, and of the whole heap. */
  readonly collections: { readonly young: PauseFigures; readonly full: PauseFigures };
}

/** A Java VM. `Jvm.create` makes one; there can be several. */
export class Jvm implements AsyncDisposable {
  readonly #vm: Vm;
  readonly #realm: Realm;
  readonly #streams: StandardStreams;
  readonly #callbacks: Callbacks;
  readonly #threads: CallThreads;
  readonly #release: number;
  readonly #programs = new Set<RunningProgram>();
  /** Settles when the VM's memory has been given back. */
  #over!: Promise<void>;
  #starting = true;
  #stop!: () => void;
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });
  /** Set by `dispose`. */
  #stopping = false;
  /** Why the VM cannot be used any more. */
  #end: (() => JvmError) | undefined;

  private constructor(options: JvmOptions) {
    const { stdin, stdout = process.stdout, stderr = process.stderr, callThreads = DEFAULT_CALL_THREADS } = options;
    if (!Number.isInteger(callThreads) || callThreads < 1 || callThreads > MOST_CALL_THREADS) {
      throw new JvmError('BAD_OPTION', `callThreads: ${callThreads} is no whole number from 1 to ${MOST_CALL_THREADS}`);
    }
    this.#callbacks = new Callbacks(() => this.#realm);
    this.#streams = new StandardStreams(stdin, stdout, stderr);
    const vmOptions = vmOptionsOf(options, this.#streams, { ...NATIVES, ...this.#callbacks.natives });
    this.#release = Number.parseInt(vmOptions.versionString, 10);
    this.#vm = createVm(vmOptions);
    if (process.env.SCOTTY_DEBUG) this.#vm.onInternalError = (error) => console.error(error);
    this.#streams.onFull = () => {
      this.#vm.current.yielding = true;
    };
    this.#realm = new Realm(this.#vm, this.#host());
    this.#realm.implementFunction = (t, type, fn) => this.#callbacks.implementFunction(t, type, fn);
    const realm = this.#realm;
    this.#threads = new CallThreads(
      this.#vm,
      callThreads,
      (t) => realm.adopt(t),
      (t, exception) => realm.errorOf(t, exception),
    );
  }

  /**
   * Makes a VM and brings its class library up.
   *
   * @throws JvmError for a wrong option, or when the library cannot be brought up
   * @throws JavaHomeError when there is no class library; its message says how to get one
   */
  static async create(options: JvmOptions = {}): Promise<Jvm> {
    const jvm = new Jvm(options);
    const started = jvm.#start();
    jvm.#over = jvm.#drive();
    try {
      await started;
    } catch (error) {
      await jvm.dispose();
      throw error;
    } finally {
      jvm.#starting = false;
    }
    return jvm;
  }

  /**
   * Calls a static method.
   *
   * @param className as Java writes it: `java.lang.Math`, `pkg.Outer$Inner`
   * @param method its name; where several have it, the arguments decide, or a parameter list or descriptor after the
   *   name: `max(long,long)`, `max(JJ)J`
   * @param args see the guide's table of conversions
   * @throws JavaError what Java throws, `java.lang.ClassNotFoundException` among it
   * @throws JvmError when there is no such method, the arguments do not fit, or the VM has ended
   */
  call<T extends JavaResult = JavaResult>(className: string, method: string, ...args: JavaArgument[]): Promise<T> {
    return this.#run(function* (t, realm) {
      const cls = yield* realm.initializedClass(t, className);
      const chosen = yield* chooseMethod(t, realm, cls, method, 'static', args);
      yield* initializeClass(t, chosen.method.holder);
      return fromJava(realm, chosen.method.returnKind, yield call(chosen.method, ...chosen.args)) as T;
    });
  }

  /**
   * Makes an object.
   *
   * @param className may have a parameter list after it, where the arguments alone do not decide:
   *   `java.util.ArrayList(int)`
   * @throws JavaError, JvmError as `call`
   */
  construct(className: string, ...args: JavaArgument[]): Promise<JavaObject> {
    return this.#run(function* (t, realm) {
      const cls = yield* realm.initializedClass(t, splitName(className).name);
      if (cls.kind !== ClassKind.Instance || (cls.accessFlags & ACC_ABSTRACT) !== 0) {
        const what = cls.isInterface ? 'an interface' : cls.isArray ? 'an array class' : 'abstract';
        throw new JvmError('NO_SUCH_MEMBER', `${binaryNameOf(cls)} is ${what}: it has no objects of its own`);
      }
      const chosen = yield* chooseMethod(t, realm, cls, className, 'constructor', args);
      const { vm } = realm;
      const made = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
      yield call(chosen.method, made, ...chosen.args);
      return realm.objectOf(made.ref);
    });
  }

  /** Reads a static field, of any visibility. */
  getStatic<T extends JavaResult = JavaResult>(className: string, field: string): Promise<T> {
    return this.#run(function* (t, realm) {
      const found = findField(yield* realm.initializedClass(t, className), field, true);
      yield* initializeClass(t, found.holder);
      return readField(realm, found) as T;
    });
  }

  /** Writes a static field. Final fields cannot be written. */
  setStatic(className: string, field: string, value: JavaArgument): Promise<void> {
    return this.#run(function* (t, realm) {
      const found = findField(yield* realm.initializedClass(t, className), field, true);
      yield* initializeClass(t, found.holder);
      yield* writeField(t, realm, found, value);
    });
  }

  /**
   * Makes an object of Java that implements interfaces by functions, on `java.lang.reflect.Proxy`.
   *
   * Functions are found by the names of the methods; where a name has overloads, all call one function, unless it is
   * named with the descriptor, as in `'put(I)V'`. A function may return a promise: the Java thread that called waits for
   * it, and no other. What it throws becomes a `RuntimeException` with its message; a `JavaError` passes its exception
   * on. Methods without a function do what the interface's default says, or throw `AbstractMethodError`.
   */
  implement(interfaces: string | readonly string[], callbacks: JavaCallbacks): Promise<JavaObject> {
    const names = typeof interfaces === 'string' ? [interfaces] : interfaces;
    const registry = this.#callbacks;
    return this.#run(function* (t, realm) {
      const classes: JavaClass[] = [];
      for (const name of names) classes.push(yield* realm.initializedClass(t, name));
      return realm.objectOf(yield* registry.implement(t, classes, callbacks));
    });
  }

  /**
   * Converts a value and keeps the result as an object, strings and arrays too: for arrays that Java shall write to.
   *
   * @param type as Java writes it, `int[]` or `java.util.List`; by default what the value becomes where `Object` is
   *   asked for
   */
  toJava(value: JavaArgument, type?: string): Promise<JavaObject> {
    return this.#run(function* (t, realm) {
      const cls = type === undefined ? naturalClass(realm.vm, value) : yield* typeNamed(t, realm, type);
      const boxed = cls.isPrimitive ? realm.vm.known.object : cls;
      const converted = yield* toJava(t, realm, value, boxed);
      if (typeof converted !== 'object') throw new JvmError('BAD_VALUE', 'null is no object');
      return realm.objectOf(converted.ref);
    });
  }

  /** Adds a folder or a jar to the end of the class path. */
  addClassPath(path: string): Promise<void> {
    const release = this.#release;
    return this.#run(function* (t, realm) {
      checkClassPathEntry(path, release);
      yield* appendClassPath(t, realm, path);
    });
  }

  /**
   * Runs a program: its `main`, until all its threads that are no daemons have ended.
   *
   * @returns the exit code as of `java`: 0; 1 when an exception left `main`, which is then on standard error; or the
   *   argument of `System.exit`, which ends the VM
   * @throws JavaError, JvmError when there is no such class, or it has no `main`
   */
  async run(program: JavaProgram): Promise<number> {
    this.#check();
    const { mainClass, jar, args = [] } = program;
    if ((mainClass === undefined) === (jar === undefined)) {
      throw new JvmError('BAD_OPTION', 'run: give either mainClass or jar');
    }
    if (!args.every((arg) => typeof arg === 'string')) throw new JvmError('BAD_OPTION', 'run: args must be strings');
    const jarProgram = jar === undefined ? undefined : readJarProgram(jar, this.#release);
    return new Promise<number>((resolve, reject) => {
      const running: RunningProgram = { resolve, reject, exitCode: 0, ended: false };
      this.#programs.add(running);
      const body = (t: JavaThread) => this.#main(t, running, mainClass ?? jarProgram!.mainClass, args, jar, jarProgram);
      this.#vm.scheduler.defer(() => {
        try {
          startVmThread(this.#vm, { name: 'main', group: 'main', daemon: false }, body, () => this.#mainEnded(running));
        } catch (error) {
          this.#programs.delete(running);
          reject(new JvmError('BROKEN', `no main thread can be made: ${(error as Error).message}`, { cause: error }));
        }
      });
    });
  }

  /** Runs the program's shutdown hooks, as at the end of `java`, and disposes of the VM. */
  async shutdown(): Promise<void> {
    await this.#run(function* (t, { vm }) {
      const shutdown = bootClass(vm, 'java/lang/Shutdown');
      yield* initializeClass(t, shutdown);
      yield call(vm.methodOf(shutdown, 'shutdown', '()V'));
    });
    await this.dispose();
  }

  /**
   * Stops the VM where it stands and gives its memory back; shutdown hooks do not run. Calls that have not ended
   * reject. Settles when the memory is free. A second time it does nothing.
   */
  async dispose(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#end ??= () => new JvmError('DISPOSED', 'the VM has been disposed of');
      this.#stop();
      // Wakes the loop, if it waits.
      this.#vm.scheduler.defer(() => undefined);
    }
    await this.#over;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** Whether the VM has ended, by `dispose` or by `System.exit`. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Version of the class library: `17.0.15`. */
  get javaVersion(): string {
    return this.#vm.options.versionString;
  }

  /** Figures of the moment. */
  statistics(): JvmStatistics {
    this.#check();
    const { heap, options, scheduler, classes } = this.#vm;
    return {
      heapUsed: heap.usedBytes(),
      heapLimit: options.maxHeap,
      threads: scheduler.threads.length,
      loadedClasses: classes.length,
      collections: { young: heap.statistics.young.copy(), full: heap.statistics.full.copy() },
    };
  }

  /** @throws JvmError when the VM has ended */
  #check(): void {
    if (this.#end !== undefined) throw this.#end();
  }

  /** Runs an activity on a thread for calls. */
  async #run<T>(body: (t: JavaThread, realm: Realm) => Activity<T>): Promise<T> {
    this.#check();
    return this.#threads.run((t) => body(t, this.#realm));
  }

  #start(): Promise<void> {
    const vm = this.#vm;
    const realm = this.#realm;
    return new Promise((resolve, reject) => {
      let failure: unknown;
      function* body(t: JavaThread): Activity<void> {
        const outcome = yield* settle(t, start, describeEarly);
        if ('error' in outcome) failure = outcome.error;
      }
      function* start(t: JavaThread): Activity<void> {
        yield* initializeSystem(t);
        const loaders = bootClass(vm, 'java/lang/ClassLoader');
        const get = vm.methodOf(loaders, 'getSystemClassLoader', '()Ljava/lang/ClassLoader;');
        realm.loader = loaderDataOf(vm, Number(yield call(get)));
      }
      // biome-ignore lint/correctness/useYield: an activity like those that do wait
      function* describeEarly(_: JavaThread, ref: number): Activity<Error> {
        const message = vm.strings.toJsOrNull(vm.getWord(ref, vm.known.throwableMessage));
        const name = binaryNameOf(vm.classOf(ref));
        return new Error(message === null ? name : `${name}: ${message}`);
      }
      startMainThread(vm, body, () => {
        if (failure === undefined) return resolve();
        const why = failure instanceof ModuleSystemFailed ? 'the module system could not be set up' : String(failure);
        reject(new JvmError('START_FAILED', `the class library could not be brought up: ${why}`, { cause: failure }));
      });
    });
  }

  /** Keeps the VM running beside Node's event loop until its end, and then clears up. */
  async #drive(): Promise<void> {
    const { scheduler } = this.#vm;
    const until = () => this.#stopping || this.#streams.full;
    const holdsProcess = () =>
      this.#starting ||
      this.#stopping ||
      this.#threads.pending > 0 ||
      this.#programs.size > 0 ||
      scheduler.nonDaemonCount > 0;
    try {
      while (!this.#stopping && this.#vm.exitCode === undefined) {
        await scheduler.runAsync({ until, holdsProcess });
        if (this.#streams.full && !this.#stopping) await this.#streams.drained(this.#stopped);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#end ??= () =>
        new JvmError('BROKEN', `the VM stopped because of a fault in it: ${message}`, { cause: error });
    }
    this.#finish(this.#vm.exitCode);
  }

  /** Settles everything that waits, and gives the memory back. */
  #finish(exitCode: number | undefined): void {
    this.#end ??= () => new JvmError('EXITED', `the VM has ended with exit code ${exitCode}`);
    this.#stopping = true;
    const programs = [...this.#programs];
    this.#programs.clear();
    for (const program of programs) {
      if (exitCode === undefined) program.reject(this.#end());
      else program.resolve(exitCode);
    }
    this.#threads.failAll(this.#end());
    this.#vm.options.library.close();
    forgetHandleOffsets(this.#vm);
    this.#vm.arena.dispose();
  }

  /** The life of a program's main thread. */
  *#main(
    t: JavaThread,
    running: RunningProgram,
    mainClass: string,
    args: readonly string[],
    jar: string | undefined,
    jarProgram: JarProgram | undefined,
  ): Activity<void> {
    const realm = this.#realm;
    const found = yield* settle(
      t,
      function* () {
        yield* realm.adopt(t);
        if (jar !== undefined) yield* appendClassPath(t, realm, jar);
        if (jarProgram !== undefined) yield* addExportsAndOpens(t, realm, jarProgram);
        return yield* findMain(t, realm, mainClass);
      },
      (_, exception) => realm.errorOf(t, exception),
    );
    if ('error' in found) {
      running.error = found.error;
      return;
    }
    try {
      yield* callMain(t, realm, found.value, args);
    } catch (error) {
      running.exitCode = 1;
      let exception: number;
      if (error instanceof ThrowRef) exception = error.ref;
      else if (error instanceof ThrowNew) exception = yield* newThrowable(t, error);
      else if (error instanceof NeedsCollection) {
        exception = yield* newThrowable(t, new ThrowNew('java/lang/OutOfMemoryError', 'Java heap space'));
      } else throw error;
      yield* dispatchUncaught(t, exception);
    }
  }

  #mainEnded(running: RunningProgram): void {
    running.ended = true;
    if (running.error !== undefined) {
      this.#programs.delete(running);
      running.reject(running.error);
      return;
    }
    this.#vm.scheduler.whenNoThreadsLive(() => {
      for (const program of this.#programs) {
        if (!program.ended) continue;
        this.#programs.delete(program);
        program.resolve(program.exitCode);
      }
    });
  }

  /** What objects that were handed out ask for. */
  #host(): ObjectHost {
    const kind: MemberKind = 'instance';
    const host: ObjectHost = {
      callMethod: (object, name, args) =>
        this.#run(function* (t, realm) {
          const receiver = t.handle(realm.refOf(object));
          const cls = realm.vm.classOf(receiver.ref);
          const chosen = yield* chooseMethod(t, realm, cls, name, kind, args);
          return yield* callOn(realm, receiver, chosen);
        }),
      getField: (object, name) =>
        // biome-ignore lint/correctness/useYield: an activity like those that do wait
        this.#run(function* (t, realm) {
          const handle = t.handle(realm.refOf(object));
          return readField(realm, findField(realm.vm.classOf(handle.ref), name, false), handle);
        }),
      setField: (object, name, value) =>
        this.#run(function* (t, realm) {
          const handle = t.handle(realm.refOf(object));
          yield* writeField(t, realm, findField(realm.vm.classOf(handle.ref), name, false), value, handle);
        }),
      textOf: (object) =>
        this.#run(function* (t, realm) {
          const { vm } = realm;
          const handle = t.handle(realm.refOf(object));
          const method = vm.methodOf(vm.known.object, 'toString', '()Ljava/lang/String;');
          const text = Number(yield call(selectVirtual(vm.classOf(handle.ref), method), handle));
          return text === 0 ? 'null' : vm.strings.toJs(text);
        }),
      contentOf: (object) => {
        this.#check();
        const ref = this.#realm.refOf(object);
        const content = referenceFromJava(this.#realm, ref, true);
        if (!(content instanceof JavaObject)) return content;
        content.release();
        return object;
      },
      isSame: (a, b) => {
        this.#check();
        return this.#vm.roots.get(a) === this.#vm.roots.get(b);
      },
      releaseCell: (cell) => {
        // After the end the cell's memory is gone.
        if (this.#end === undefined) this.#vm.roots.release(cell);
      },
    };
    return host;
  }
}

/** Calls the implementation that the receiver has. */
function* callOn(realm: Realm, receiver: { ref: number }, chosen: ChosenMethod): Activity<JavaResult> {
  const { method, args } = chosen;
  const cls = realm.vm.classOf(receiver.ref);
  const target = method.isPrivate ? method : selectVirtual(cls, method);
  return fromJava(realm, method.returnKind, yield call(target, receiver, ...args));
}

/** The class of a type as Java's source code writes it. */
function* typeNamed(t: JavaThread, realm: Realm, type: string): Activity<JavaClass> {
  const [, name, brackets] = /^([^[\]]+)((?:\[\])*)$/.exec(type.replaceAll(/\s/g, '')) ?? [];
  if (name === undefined) throw new JvmError('BAD_DESCRIPTOR', `${type} is no type of Java`);
  const { vm } = realm;
  let cls = PRIMITIVES.includes(name) ? primitiveClass(vm, name) : yield* realm.initializedClass(t, name);
  for (let i = brackets!.length; i > 0; i -= 2) {
    const element = cls;
    cls = yield* allocating(() => arrayClassOf(vm, element));
  }
  return cls;
}
