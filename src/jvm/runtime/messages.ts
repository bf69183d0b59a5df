/**
 * Wording of the exceptions that name classes, modules and loaders, as HotSpot words them.
 */
import type { JavaClass } from './java-class.js';
import type { Vm } from './vm.js';

/** `module java.base of loader 'bootstrap'`, `unnamed module of loader 'app'`. */
export function moduleAndLoader(vm: Vm, cls: JavaClass): string {
  let bottom = cls;
  while (bottom.element !== null) bottom = bottom.element;
  const loader = loaderName(vm, bottom);
  const module = vm.words[bottom.module >>> 2]!;
  const name = bottom.module === 0 || module === 0 ? 0 : vm.getWord(module, vm.offset('java/lang/Module', 'name'));
  if (name === 0)
    return bottom.module === 0 ? `module java.base of loader ${loader}` : `unnamed module of loader ${loader}`;
  return `module ${vm.strings.toJs(name)}${moduleVersion(vm, module)} of loader ${loader}`;
}

/** Modules of the library are named without their version, others with it. */
function moduleVersion(vm: Vm, module: number): string {
  const descriptor = vm.getWord(module, vm.offset('java/lang/Module', 'descriptor'));
  if (descriptor === 0) return '';
  const raw = vm.getWord(descriptor, vm.offset('java/lang/module/ModuleDescriptor', 'rawVersionString'));
  const text = raw === 0 ? '' : vm.strings.toJs(raw);
  return text === '' || text === vm.options.versionString ? '' : `@${text}`;
}

/** `'bootstrap'`, `'app'`, `'platform'`, `MyLoader @1b2c3d`. */
export function loaderName(vm: Vm, cls: JavaClass): string {
  if (cls.loader.isBoot) return "'bootstrap'";
  const loader = vm.words[cls.loader.cell >>> 2]!;
  const nameAndId = vm.getWord(loader, vm.offset('java/lang/ClassLoader', 'nameAndId'));
  return nameAndId === 0 ? vm.classOf(loader).externalName : vm.strings.toJs(nameAndId);
}

/** Message of a failed cast. */
export function describeForCast(vm: Vm, from: JavaClass, to: JavaClass): string {
  const where = (cls: JavaClass) => `${cls.externalName} is in ${moduleAndLoader(vm, cls)}`;
  const a = moduleAndLoader(vm, from);
  const b = moduleAndLoader(vm, to);
  const both = a === b ? `${from.externalName} and ${to.externalName} are in ${a}` : `${where(from)}; ${where(to)}`;
  return `class ${from.externalName} cannot be cast to class ${to.externalName} (${both})`;
}
