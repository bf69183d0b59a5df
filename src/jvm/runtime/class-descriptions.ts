/**
 * How classes, loaders and methods are named in the messages of linkage errors, worded as HotSpot words them.
 */
import { parseMethodDescriptor } from '../classfile/index.js';
import type { JavaClass, Method } from './java-class.js';
import type { LoaderData } from './loaders.js';
import { moduleOf } from './modules.js';
import { identityHash } from './monitors.js';
import type { Vm } from './vm.js';

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

/** A field descriptor as Java writes the type: `java.lang.String[]`. */
export function externalType(descriptor: string): string {
  let dimensions = 0;
  while (descriptor[dimensions] === '[') dimensions++;
  const bottom = descriptor.slice(dimensions);
  const name = bottom.startsWith('L') ? bottom.slice(1, -1).replaceAll('/', '.') : PRIMITIVES[bottom]!;
  return name + '[]'.repeat(dimensions);
}

/** `void a.B.m(int, java.lang.String)`. */
export function externalSignature(className: string, name: string, descriptor: string): string {
  const { parameters, returnType } = parseMethodDescriptor(descriptor);
  const holder = className === '' ? '' : `${className}.`;
  return `${externalType(returnType)} ${holder}${name}(${parameters.map(externalType).join(', ')})`;
}

/** A method as `void a.B.m(int)`. */
export function externalMethod(method: Method): string {
  return externalSignature(method.holder.externalName, method.name, method.descriptor);
}

/** A loader as messages name it: `'app'`, `'bootstrap'`, `my.Loader @1b2c3d`. */
export function loaderName(vm: Vm, loader: LoaderData): string {
  if (loader.isBoot) return "'bootstrap'";
  const object = vm.roots.get(loader.cell);
  const name = vm.getWord(object, vm.offset('java/lang/ClassLoader', 'nameAndId'));
  if (name !== 0) return vm.strings.toJs(name);
  return `${vm.classOf(object).externalName} @${hash(vm, object)}`;
}

function hash(vm: Vm, ref: number): string {
  return identityHash(vm, ref).toString(16);
}

/** An unnamed module in messages: `unnamed module @1b2c3d`. */
export function unnamedModuleName(vm: Vm, cls: JavaClass): string {
  const module = moduleOf(vm, cls);
  return module === undefined ? 'unnamed module' : `unnamed module @0x${hash(vm, vm.roots.get(module.cell))}`;
}

/** `module java.base of loader 'bootstrap'` or `unnamed module of loader 'app'`; versions of other than JDK modules. */
function moduleOfLoader(vm: Vm, cls: JavaClass): string {
  const module = moduleOf(vm, cls);
  const loader = `of loader ${loaderName(vm, cls.loader)}`;
  if (module === undefined || module.name === null) return `unnamed module ${loader}`;
  const jdk =
    module.location === null || module.location.startsWith('jrt:/java.') || module.location.startsWith('jrt:/jdk.');
  const version = module.version !== null && !jdk ? `@${module.version}` : '';
  return `module ${module.name}${version} ${loader}`;
}

/** `A is in unnamed module of loader 'app'`. */
export function inModuleOfLoader(vm: Vm, cls: JavaClass): string {
  return `${cls.externalName} is in ${moduleOfLoader(vm, cls)}`;
}

/** Loaders of the library's own, of which there is one each: their parents need no mention. */
const BUILT_IN = /^jdk\/internal\/loader\/ClassLoaders\$/;

/** `A is in unnamed module of loader my.Loader @1b2c3d, parent loader 'app'`. */
export function inModuleWithParent(vm: Vm, cls: JavaClass): string {
  const text = inModuleOfLoader(vm, cls);
  if (cls.loader.isBoot || BUILT_IN.test(vm.classOf(vm.roots.get(cls.loader.cell)).name)) return text;
  const parent = vm.getWord(vm.roots.get(cls.loader.cell), vm.offset('java/lang/ClassLoader', 'parent'));
  if (parent === 0) return `${text}, parent loader 'bootstrap'`;
  const known = vm.loaders[vm.getWord(parent, vm.offset('java/lang/ClassLoader', 'vmLoader'))];
  const name = known === undefined || known.isBoot ? nameOfLoaderObject(vm, parent) : loaderName(vm, known);
  return `${text}, parent loader ${name}`;
}

function nameOfLoaderObject(vm: Vm, object: number): string {
  const name = vm.getWord(object, vm.offset('java/lang/ClassLoader', 'nameAndId'));
  return name === 0 ? `${vm.classOf(object).externalName} @${hash(vm, object)}` : vm.strings.toJs(name);
}

/** `A and B are in unnamed module of loader 'app'` where they share it, otherwise `B is in …; A is in …`. */
export function whereBothAre(vm: Vm, a: JavaClass, b: JavaClass): string {
  if (a.module === b.module && a.loader === b.loader) {
    return `${a.externalName} and ${b.externalName} are in ${moduleOfLoader(vm, a)}`;
  }
  return `${inModuleOfLoader(vm, a)}; ${inModuleOfLoader(vm, b)}`;
}

/** `class`, `interface`, `abstract class`, … before a class's name. */
export function externalKind(cls: JavaClass): string {
  if (cls.isInterface) return (cls.accessFlags & 0x2000) !== 0 ? 'annotation' : 'interface';
  if ((cls.accessFlags & 0x4000) !== 0) return 'enum';
  return (cls.accessFlags & 0x400) !== 0 ? 'abstract class' : 'class';
}
