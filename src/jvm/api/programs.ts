/**
 * Running a program's `main` in a VM that is already up.
 *
 * What the library's LauncherHelper does at the end of a launch is done here instead: it prints what is wrong with a
 * main class and ends the VM, where a caller wants an error.
 */
import { Acc } from '../classfile/index.js';
import { JarSource } from '../library/index.js';
import { type Activity, call } from '../runtime/activity.js';
import { allocating } from '../runtime/allocating.js';
import { bootClass } from '../runtime/class-loading.js';
import { initializeClass } from '../runtime/initialization.js';
import type { Method } from '../runtime/java-class.js';
import { binaryNameOf } from '../runtime/stack-trace.js';
import type { JavaThread } from '../runtime/thread.js';
import { JvmError } from './errors.js';
import { checkClassPathEntry } from './options.js';
import type { Realm } from './realm.js';

/** What `Jvm.run` runs. */
export interface JavaProgram {
  /** Name of the class with `main`. */
  readonly mainClass?: string;
  /** Instead of it a jar, whose manifest names the class; it is added to the class path. */
  readonly jar?: string;
  /** Arguments of the program. */
  readonly args?: readonly string[];
}

/** What a jar's manifest says about its program. */
export interface JarProgram {
  readonly mainClass: string;
  readonly addOpens: string | undefined;
  readonly addExports: string | undefined;
}

/**
 * Reads what a jar runs.
 *
 * @throws JvmError when it cannot be read or names no class
 */
export function readJarProgram(path: string, release: number): JarProgram {
  checkClassPathEntry(path, release);
  let manifest: Record<string, string>;
  try {
    const jar = new JarSource(path, { release });
    manifest = jar.manifest();
    jar.close();
  } catch (error) {
    throw new JvmError('BAD_OPTION', `${path}: ${(error as Error).message}`, { cause: error });
  }
  // The names are in lower case, however the manifest writes them.
  const mainClass = manifest['main-class'];
  if (mainClass === undefined) throw new JvmError('BAD_OPTION', `${path}: its manifest has no Main-Class`);
  return { mainClass, addOpens: manifest['add-opens'], addExports: manifest['add-exports'] };
}

/** Adds a folder or jar to the end of the class path. */
export function* appendClassPath(t: JavaThread, realm: Realm, path: string): Activity<void> {
  const { vm, loader } = realm;
  const text = t.handle(yield* allocating(() => vm.strings.fromJs(path)));
  const append = vm.methodOf(vm.classOf(vm.roots.get(loader.cell)), 'appendClassPath', '(Ljava/lang/String;)V');
  yield call(append, vm.roots.get(loader.cell), text);
}

/** Opens and exports packages of the library, as a jar's manifest asks for. */
export function* addExportsAndOpens(t: JavaThread, realm: Realm, jar: JarProgram): Activity<void> {
  const { vm } = realm;
  const helper = bootClass(vm, 'sun/launcher/LauncherHelper');
  yield* initializeClass(t, helper);
  const add = vm.methodOf(helper, 'addExportsOrOpens', '(Ljava/lang/String;Z)V');
  for (const [value, open] of [
    [jar.addExports, 0],
    [jar.addOpens, 1],
  ] as const) {
    if (value === undefined) continue;
    yield call(add, t.handle(yield* allocating(() => vm.strings.fromJs(value))), open);
  }
}

/**
 * Finds the `main` of a class.
 *
 * @throws JvmError when it has none; ClassNotFoundException (Java) and errors of initialization
 */
export function* findMain(t: JavaThread, realm: Realm, mainClass: string): Activity<Method> {
  const cls = yield* realm.initializedClass(t, mainClass);
  for (let c: typeof cls | null = cls; c !== null; c = c.superclass) {
    const main = c.methodTable.get('main([Ljava/lang/String;)V');
    if (main?.isStatic && (main.accessFlags & Acc.Public) !== 0) return main;
  }
  throw new JvmError('NO_SUCH_MEMBER', `${binaryNameOf(cls)} has no method public static void main(String[])`);
}

/** Calls `main`. */
export function* callMain(t: JavaThread, realm: Realm, main: Method, args: readonly string[]): Activity<void> {
  const { vm } = realm;
  const array = t.handle(yield* allocating(() => vm.heap.allocateArray(vm.known.stringArray, args.length)));
  for (let i = 0; i < args.length; i++) {
    const text = yield* allocating(() => vm.strings.fromJs(args[i]!));
    vm.putReferenceElement(array.ref, i, text);
  }
  yield call(main, array);
}
