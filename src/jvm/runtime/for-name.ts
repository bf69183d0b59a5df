/**
 * `Class.forName`: a name as Java writes it (dots, arrays as descriptors) to its class.
 */
import type { Activity } from './activity.js';
import { loadClass } from './class-loading.js';
import type { JavaClass } from './java-class.js';
import type { LoaderData } from './loaders.js';
import type { JavaThread } from './thread.js';
import { ThrowNew, ThrowRef } from './throws.js';

const NOT_FOUND = 'java/lang/ClassNotFoundException';
const NO_DEFINITION = 'java/lang/NoClassDefFoundError';

/** Whether an internal name can name a class: segments joined by single slashes, or an array's descriptor. */
function isLegal(name: string): boolean {
  if (name.startsWith('[')) return /^\[{1,255}([ZBCSIJFD]|L[^.;[/]+(\/[^.;[/]+)*;)$/.test(name);
  return /^[^.;[/]+(\/[^.;[/]+)*$/.test(name);
}

/**
 * Loads the class that `Class.forName(name, …, loader)` means.
 *
 * @throws ClassNotFoundException (Java) for what is no name or no class; errors of loading as they are
 */
export function* findClassForName(t: JavaThread, loader: LoaderData, name: string): Activity<JavaClass> {
  if (name.includes('/')) throw new ThrowNew(NOT_FOUND, name);
  const internal = name.replaceAll('.', '/');
  if (!isLegal(internal)) throw new ThrowNew(NOT_FOUND, internal);
  try {
    return yield* loadClass(t, loader, internal);
  } catch (error) {
    // Resolution reports what no loader has as NoClassDefFoundError; forName as the exception behind it.
    if (error instanceof ThrowNew && error.className === NO_DEFINITION) {
      if (error.causedBy instanceof ThrowRef) throw error.causedBy;
      if (error.text === internal) throw new ThrowNew(NOT_FOUND, internal);
    }
    throw error;
  }
}
