/**
 * The class that stands between Java's proxies and functions of TypeScript: an `InvocationHandler` with a number and a
 * native `invoke`. Its class file is written here, byte by byte, since nothing in a JDK is such a class.
 */
import { Acc } from '../classfile/index.js';

/** Internal name; it is the boot loader's. */
export const CALLBACK_CLASS = 'scotty/api/Callback';
/** The field with the number of the callback. */
export const CALLBACK_ID = 'id';
/** The native method. */
export const CALLBACK_INVOKE =
  'invoke(Ljava/lang/Object;Ljava/lang/reflect/Method;[Ljava/lang/Object;)Ljava/lang/Object;';

const NATIVE = 0x100;
/** Java 8: any library that runs here takes it. */
const MAJOR = 52;

function u2(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/** The class file. */
export function callbackClassFile(): Uint8Array {
  const constants: number[][] = [];
  const add = (...bytes: number[]): number => constants.push(bytes);
  const utf8 = (text: string): number => add(1, ...u2(text.length), ...Buffer.from(text, 'latin1'));
  const classNamed = (name: string): number => add(7, ...u2(utf8(name)));
  const split = CALLBACK_INVOKE.indexOf('(');
  const self = classNamed(CALLBACK_CLASS);
  const superclass = classNamed('java/lang/Object');
  const handler = classNamed('java/lang/reflect/InvocationHandler');
  const fieldName = utf8(CALLBACK_ID);
  const fieldType = utf8('I');
  const methodName = utf8(CALLBACK_INVOKE.slice(0, split));
  const methodType = utf8(CALLBACK_INVOKE.slice(split));
  return Uint8Array.from([
    ...[0xca, 0xfe, 0xba, 0xbe],
    ...u2(0),
    ...u2(MAJOR),
    ...u2(constants.length + 1),
    ...constants.flat(),
    ...u2(Acc.Public | Acc.Final | Acc.Super),
    ...u2(self),
    ...u2(superclass),
    ...u2(1),
    ...u2(handler),
    // One field, one method, no attributes.
    ...u2(1),
    ...[...u2(0), ...u2(fieldName), ...u2(fieldType), ...u2(0)],
    ...u2(1),
    ...[...u2(Acc.Public | NATIVE), ...u2(methodName), ...u2(methodType), ...u2(0)],
    ...u2(0),
  ]);
}
