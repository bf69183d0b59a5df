/** Names as Java source writes them, for messages and listings. */
import { parseMethodDescriptor } from './descriptors.js';

const PRIMITIVES: Readonly<Record<string, string>> = {
  B: 'byte',
  C: 'char',
  D: 'double',
  F: 'float',
  I: 'int',
  J: 'long',
  S: 'short',
  V: 'void',
  Z: 'boolean',
};

/** `java/lang/String` as `java.lang.String`. */
export function externalClass(name: string): string {
  return name.replaceAll('/', '.');
}

/** A field descriptor (or `V`) as a type: `[Ljava/lang/String;` as `java.lang.String[]`. */
export function externalType(descriptor: string): string {
  let dimensions = 0;
  while (descriptor.charCodeAt(dimensions) === 0x5b) dimensions++;
  const element = descriptor.slice(dimensions);
  const name = element.startsWith('L') ? externalClass(element.slice(1, -1)) : (PRIMITIVES[element] ?? element);
  return name + '[]'.repeat(dimensions);
}

/** `void java.lang.Object.wait(long, int)`. */
export function externalMethod(
  className: string,
  method: { readonly name: string; readonly descriptor: string },
): string {
  const { parameters, returnType } = parseMethodDescriptor(method.descriptor);
  const list = parameters.map(externalType).join(', ');
  return `${externalType(returnType)} ${externalClass(className)}.${method.name}(${list})`;
}
