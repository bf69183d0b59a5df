/**
 * Who called: the frames that `Reflection.getCallerClass` and stack walkers look through.
 */
import type { JavaClass, Method } from './java-class.js';
import { forEachFrame } from './stack-walk.js';
import type { JavaThread } from './thread.js';
import { internalError } from './throws.js';

const COMPILED_FORM = 'Ljava/lang/invoke/LambdaForm$Compiled;';
const ACCESSOR = 'jdk/internal/reflect/MethodAccessorImpl';
const compiledForms = new WeakMap<Method, boolean>();

/** Whether a method is bytecode that was spun for a LambdaForm, or stands for one. */
function isCompiledForm(method: Method): boolean {
  if (!method.hiddenFrame) return false;
  let known = compiledForms.get(method);
  if (known === undefined) {
    known = method.info === undefined || method.info.hasAnnotation(COMPILED_FORM);
    compiledForms.set(method, known);
  }
  return known;
}

/** Whether a frame is part of how calls are made (reflection, method handles), so that it is nobody's caller. */
export function isCallMachinery(method: Method): boolean {
  if (method.name === 'invoke' && method.holder.name === 'java/lang/reflect/Method') return true;
  for (let c: JavaClass | null = method.holder.superclass; c !== null; c = c.superclass) {
    if (c.name === ACCESSOR) return true;
  }
  return isCompiledForm(method);
}

/**
 * The class whose method called the caller-sensitive method that asks; `undefined` when there is none.
 *
 * @throws InternalError (Java) when the method that asks is not annotated as caller-sensitive
 */
export function callerClass(t: JavaThread): JavaClass | undefined {
  let depth = 0;
  let found: JavaClass | undefined;
  forEachFrame(t, (method) => {
    const n = depth++;
    // Frame 0 is getCallerClass itself.
    if (n === 0) return false;
    if (n === 1) {
      if (!method.callerSensitive) throw internalError('CallerSensitive annotation expected at frame 1');
      return false;
    }
    if (isCallMachinery(method)) return false;
    found = method.holder;
    return true;
  });
  return found;
}
