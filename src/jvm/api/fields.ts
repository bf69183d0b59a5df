/** Reading and writing fields from TypeScript. */
import { Acc } from '../classfile/index.js';
import type { Activity, Handle } from '../runtime/activity.js';
import { kindOf, loadPrimitive, storePrimitive } from '../runtime/boxing.js';
import type { Field } from '../runtime/java-class.js';
import { classOfDescriptor } from '../runtime/reflection.js';
import { binaryNameOf } from '../runtime/stack-trace.js';
import type { JavaThread } from '../runtime/thread.js';
import { JvmError } from './errors.js';
import { fromJava } from './from-java.js';
import type { JavaArgument, JavaResult } from './java-object.js';
import type { Realm } from './realm.js';
import { toJava } from './to-java.js';

/** Static fields lie at a place of the arena of their own. */
const STATIC_BASE: Handle = { ref: 0 };

/** The value of a field. `undefined` for the object: the field is static. */
export function readField(realm: Realm, field: Field, object: Handle = STATIC_BASE): JavaResult {
  const { vm } = realm;
  const kind = kindOf(field.descriptor);
  if (kind === 'L') return fromJava(realm, 'L', vm.getWord(object.ref, field.offset));
  return fromJava(realm, kind, loadPrimitive(vm, object.ref + field.offset, kind));
}

/**
 * Writes a field.
 *
 * @throws JvmError when it is final, or the value does not fit
 */
export function* writeField(
  t: JavaThread,
  realm: Realm,
  field: Field,
  value: JavaArgument,
  object: Handle = STATIC_BASE,
): Activity<void> {
  const { vm } = realm;
  if ((field.accessFlags & Acc.Final) !== 0) {
    throw new JvmError('BAD_VALUE', `${binaryNameOf(field.holder)}.${field.name} is final`);
  }
  const type = yield* classOfDescriptor(t, field.holder, field.descriptor);
  const converted = yield* toJava(t, realm, value, type);
  const plain = typeof converted === 'object' ? converted.ref : converted;
  if (field.isReference) vm.putReference(object.ref, field.offset, Number(plain));
  else storePrimitive(vm, object.ref + field.offset, kindOf(field.descriptor), plain);
}
