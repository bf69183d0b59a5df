/**
 * Finding the implementation of a native method, once, when it is first called.
 */
import type { Method } from '../runtime/java-class.js';
import { ThrowNew } from '../runtime/throws.js';
import type { Vm } from '../runtime/vm.js';
import type { NativeMethod } from './registry.js';

/**
 * Links a native method.
 *
 * @throws UnsatisfiedLinkError (Java) that names it when there is none
 */
export function linkNative(vm: Vm, method: Method): NativeMethod {
  const entry =
    vm.options.natives[method.holder.name]?.[method.name + method.descriptor] ??
    (method.name === 'registerNatives' || method.name === 'initIDs' ? () => {} : undefined);
  if (entry === undefined) throw new ThrowNew('java/lang/UnsatisfiedLinkError', signature(method));
  const native = typeof entry === 'function' ? { run: entry, exact: false } : { run: entry.exact, exact: true };
  method.native = native;
  return native;
}

/** `'int java.io.Foo.read(byte[], long)'`, as HotSpot writes a method it cannot link. */
export function signature(method: Method): string {
  const close = method.descriptor.indexOf(')');
  const parameters: string[] = [];
  for (let i = 1; i < close; ) {
    const start = i;
    while (method.descriptor[i] === '[') i++;
    i = method.descriptor[i] === 'L' ? method.descriptor.indexOf(';', i) + 1 : i + 1;
    parameters.push(typeName(method.descriptor.slice(start, i)));
  }
  const result = typeName(method.descriptor.slice(close + 1));
  return `'${result} ${method.holder.externalName}.${method.name}(${parameters.join(', ')})'`;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  Z: 'boolean',
  B: 'byte',
  C: 'char',
  S: 'short',
  I: 'int',
  J: 'long',
  F: 'float',
  D: 'double',
  V: 'void',
};

function typeName(descriptor: string): string {
  const dimensions = descriptor.lastIndexOf('[') + 1;
  const bottom = descriptor.slice(dimensions);
  const name = bottom.startsWith('L') ? bottom.slice(1, -1).replaceAll('/', '.') : PRIMITIVES[bottom]!;
  return name + '[]'.repeat(dimensions);
}
