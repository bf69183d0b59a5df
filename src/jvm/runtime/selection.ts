/**
 * Method selection (JVMS 5.4.6): which method runs, given the class of the receiver.
 */
import { Acc } from '../classfile/index.js';
import { externalMethod, externalSignature } from './class-descriptions.js';
import type { JavaClass, Method } from './java-class.js';
import { isAssignable } from './subtypes.js';
import { ThrowNew } from './throws.js';
import { conflictMessage } from './vtables.js';

/**
 * The method that a virtual call of `method` runs on an instance of `cls`. May be abstract, as the vtable may be.
 */
export function selectVirtual(cls: JavaClass, method: Method): Method {
  if (method.holder.isInterface) return selectInterface(cls, method);
  return method.vtableIndex < 0 ? method : cls.vtable[method.vtableIndex]!;
}

/** The implementation of an interface method in a class: of the class chain first, then what its interfaces supply. */
function implementationOf(cls: JavaClass, key: string): Method | undefined {
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) {
    const method = c.methodTable.get(key);
    if (method !== undefined && (method.accessFlags & (Acc.Static | Acc.Private)) === 0) return method;
    const slot = c.mirandas.get(key);
    if (slot !== undefined) return cls.vtable[slot];
  }
  return undefined;
}

/**
 * The method that an interface call of `method` runs on an instance of `cls`.
 *
 * @throws IncompatibleClassChangeError (Java) when the class does not implement the interface; AbstractMethodError
 *   when it has no implementation, or would have to choose between default methods; IllegalAccessError when that is
 *   not public
 */
export function selectInterface(cls: JavaClass, method: Method): Method {
  const { holder } = method;
  if (!holder.isInterface) return selectVirtual(cls, method);
  if (!isAssignable(cls, holder)) {
    throw new ThrowNew(
      'java/lang/IncompatibleClassChangeError',
      `Class ${cls.externalName} does not implement the requested interface ${holder.externalName}`,
    );
  }
  if ((method.accessFlags & (Acc.Private | Acc.Static)) !== 0) return method;
  const selected = implementationOf(cls, method.name + method.descriptor);
  if (selected === undefined || selected.isAbstract) throw abstractMethodError(cls, method, selected);
  if ((selected.accessFlags & Acc.Public) === 0) {
    throw new ThrowNew(
      'java/lang/IllegalAccessError',
      `'${externalSignature(cls.externalName, method.name, method.descriptor)}'`,
    );
  }
  return selected;
}

/**
 * The error of calling `method` on an instance of `cls` that has no implementation of it.
 *
 * A choice between default methods is an error of its own where the class's vtable is asked; a call through the
 * interface finds no implementation.
 *
 * @param selected what the vtable has in its place, if that is known
 */
export function abstractMethodError(cls: JavaClass, method: Method, selected?: Method): ThrowNew {
  const conflict = conflictMessage(method);
  if (conflict !== undefined) return new ThrowNew('java/lang/IncompatibleClassChangeError', conflict);
  const { holder } = method;
  const named = `'${isAbstract(method)}${externalMethod(method).replace(`${holder.externalName}.`, '')}'`;
  const kind = holder.isInterface
    ? 'interface'
    : (holder.accessFlags & Acc.Abstract) !== 0
      ? 'abstract class'
      : 'class';
  let text =
    `Receiver class ${cls.externalName} does not define or inherit an implementation of the resolved method ${named} of ` +
    `${kind} ${holder.externalName}.`;
  if (selected !== undefined && selected !== method && conflictMessage(selected) === undefined) {
    text += ` Selected method is '${isAbstract(selected)}${externalMethod(selected)}'.`;
  }
  return new ThrowNew('java/lang/AbstractMethodError', text);
}

function isAbstract(method: Method): string {
  return method.isAbstract ? 'abstract ' : '';
}
