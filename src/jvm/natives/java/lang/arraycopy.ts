/**
 * `System.arraycopy`: the checks in the order of HotSpot, whose messages these are, then one move of memory.
 */
import { ClassKind, Klass } from '../../../memory/layout.js';
import type { JavaClass } from '../../../runtime/java-class.js';
import { isAssignable, isSubtype } from '../../../runtime/subtypes.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { Vm } from '../../../runtime/vm.js';

/** What messages call an array's type: `int`, or `object array`. */
function kindName(cls: JavaClass): string {
  return cls.kind === ClassKind.PrimitiveArray ? cls.element!.name : 'object array';
}

function storeError(text: string): ThrowNew {
  return new ThrowNew('java/lang/ArrayStoreException', `arraycopy: ${text}`);
}

function boundsError(text: string): ThrowNew {
  return new ThrowNew('java/lang/ArrayIndexOutOfBoundsException', `arraycopy: ${text}`);
}

/** Checks that both are arrays whose kinds go together. */
function checkKinds(from: JavaClass, to: JavaClass): void {
  if (!from.isArray) throw storeError(`source type ${from.externalName} is not an array`);
  const matches = from.kind === to.kind && (from.kind === ClassKind.ReferenceArray || from.element === to.element);
  if (matches) return;
  if (!to.isArray) throw storeError(`destination type ${to.externalName} is not an array`);
  throw storeError(`type mismatch: can not copy ${kindName(from)}[] into ${kindName(to)}[]`);
}

/**
 * Copies array elements; overlapping ranges as if through a temporary array.
 *
 * @throws ThrowNew NullPointerException, ArrayStoreException, ArrayIndexOutOfBoundsException. When an element of a
 *   reference array does not fit, those before it have been copied.
 */
export function arraycopy(
  vm: Vm,
  source: number,
  sourceIndex: number,
  target: number,
  targetIndex: number,
  length: number,
): void {
  if (source === 0 || target === 0) throw nullPointer();
  const { words } = vm;
  const fromKlass = words[source >>> 2]!;
  const toKlass = words[target >>> 2]!;
  const kind = words[(fromKlass >>> 2) + Klass.Kind]!;
  if (fromKlass !== toKlass || kind < ClassKind.ReferenceArray) checkKinds(vm.classAt(fromKlass), vm.classAt(toKlass));
  const sourceLength = words[(source >>> 2) + 2]!;
  const targetLength = words[(target >>> 2) + 2]!;
  if (
    (sourceIndex | targetIndex | length) < 0 ||
    sourceIndex + length > sourceLength ||
    targetIndex + length > targetLength
  ) {
    const from = `${kindName(vm.classAt(fromKlass))}[${sourceLength}]`;
    const to = `${kindName(vm.classAt(toKlass))}[${targetLength}]`;
    if (sourceIndex < 0) throw boundsError(`source index ${sourceIndex} out of bounds for ${from}`);
    if (targetIndex < 0) throw boundsError(`destination index ${targetIndex} out of bounds for ${to}`);
    if (length < 0) throw boundsError(`length ${length} is negative`);
    if (sourceIndex + length > sourceLength) {
      throw boundsError(`last source index ${sourceIndex + length} out of bounds for ${from}`);
    }
    throw boundsError(`last destination index ${targetIndex + length} out of bounds for ${to}`);
  }
  if (length === 0) return;
  const shift = words[(fromKlass >>> 2) + Klass.InstanceBytes]!;
  if (kind === ClassKind.PrimitiveArray) {
    const start = (source >>> 0) + 16 + sourceIndex * (1 << shift);
    vm.u8.copyWithin((target >>> 0) + 16 + targetIndex * (1 << shift), start, start + length * (1 << shift));
    return;
  }
  const fromElement = words[(fromKlass >>> 2) + Klass.Element]!;
  const toElement = words[(toKlass >>> 2) + Klass.Element]!;
  const first = (source >>> 2) + 4 + sourceIndex;
  const into = (target >>> 2) + 4 + targetIndex;
  let copied = length;
  if (fromElement === toElement || isSubtype(vm, fromElement, toElement)) {
    words.copyWithin(into, first, first + length);
  } else {
    // Two different arrays: no overlap.
    copied = 0;
    while (copied < length) {
      const element = words[first + copied]!;
      if (element !== 0 && !isSubtype(vm, words[element >>> 2]!, toElement)) break;
      words[into + copied] = element;
      copied++;
    }
  }
  if (copied > 0) {
    const { cardTable } = vm.arena;
    vm.u8.fill(1, cardTable + (into >>> 7), cardTable + ((into + copied - 1) >>> 7) + 1);
  }
  if (copied === length) return;
  const from = vm.classAt(fromElement);
  const to = vm.classAt(toElement);
  throw storeError(
    isAssignable(to, from)
      ? `element type mismatch: can not cast one of the elements of ${from.externalName}[] to the type of the ` +
          `destination array, ${to.externalName}`
      : `type mismatch: can not copy ${from.externalName}[] into ${to.externalName}[]`,
  );
}
