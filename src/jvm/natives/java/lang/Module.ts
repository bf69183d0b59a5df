/**
 * Natives of java.lang.Module: the module system tells the VM what it has decided.
 */

import { loaderDataOf } from '../../../runtime/class-loading.js';
import { defineModule, isModuleDefined, type ModuleData, moduleAt, packageModule } from '../../../runtime/modules.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

const ILLEGAL_ARGUMENT = 'java/lang/IllegalArgumentException';
const ILLEGAL_STATE = 'java/lang/IllegalStateException';

function internal(name: string): string {
  return name.replaceAll('.', '/');
}

function define(
  t: JavaThread,
  moduleRef: number,
  isOpen: number,
  version: number,
  location: number,
  packages: number,
): void {
  const { vm } = t;
  if (moduleRef === 0) throw nullPointer('Null module object');
  const nameRef = vm.getWord(moduleRef, vm.offset('java/lang/Module', 'name'));
  if (nameRef === 0) throw new ThrowNew(ILLEGAL_ARGUMENT, 'Module name cannot be null');
  const name = vm.strings.toJs(nameRef);
  const loader = loaderDataOf(vm, vm.getWord(moduleRef, vm.offset('java/lang/Module', 'loader')));
  const names: string[] = [];
  for (let i = 0, count = packages === 0 ? 0 : vm.arrayLength(packages); i < count; i++) {
    names.push(internal(vm.strings.toJs(vm.getElement(packages, i))));
  }
  if (isModuleDefined(vm, loader, name)) throw new ThrowNew(ILLEGAL_STATE, `Module ${name} is already defined`);
  for (const packageName of names) {
    const owner = packageModule(vm, loader, packageName);
    if (owner !== undefined) {
      throw new ThrowNew(
        ILLEGAL_STATE,
        `Package ${packageName.replaceAll('/', '.')} for module ${name} is already in another module, ${owner.name}, ` +
          'defined to the class loader',
      );
    }
    if (!loader.isBoot && packageName.startsWith('java/') && !isPlatform(t, loader.cell)) {
      throw new ThrowNew(
        ILLEGAL_ARGUMENT,
        `Class loader (instance of): ${vm.classOf(vm.roots.get(loader.cell)).externalName} tried to define prohibited ` +
          `package name: ${packageName.replaceAll('/', '.')}`,
      );
    }
  }
  defineModule(vm, {
    moduleRef,
    name,
    loader,
    isOpen: isOpen !== 0,
    version: vm.strings.toJsOrNull(version),
    location: vm.strings.toJsOrNull(location),
    packages: names,
  });
}

function isPlatform(t: JavaThread, cell: number): boolean {
  const { vm } = t;
  return vm.classOf(vm.roots.get(cell)).name === 'jdk/internal/loader/ClassLoaders$PlatformClassLoader';
}

function known(t: JavaThread, moduleRef: number, what: string): ModuleData {
  if (moduleRef === 0) throw nullPointer(`${what} is null`);
  const module = moduleAt(t.vm, moduleRef);
  if (module === undefined) throw new ThrowNew(ILLEGAL_ARGUMENT, `${what} is invalid`);
  return module;
}

function exportPackage(t: JavaThread, from: number, packageRef: number, to: 'all' | 'unnamed' | number): void {
  if (packageRef === 0) throw nullPointer('package is null');
  const module = known(t, from, 'from_module');
  // An unnamed module exports everything.
  if (module.name === null) return;
  const packageName = internal(t.vm.strings.toJs(packageRef));
  if (packageModule(t.vm, module.loader, packageName) !== module) {
    throw new ThrowNew(
      ILLEGAL_ARGUMENT,
      `Package ${packageName.replaceAll('/', '.')} not found in from_module ${module.name}`,
    );
  }
  module.export(packageName, typeof to === 'number' ? known(t, to, 'to_module') : to);
}

export const natives: NativeTable = {
  'defineModule0(Ljava/lang/Module;ZLjava/lang/String;Ljava/lang/String;[Ljava/lang/Object;)V': define,

  'addReads0(Ljava/lang/Module;Ljava/lang/Module;)V': (t, from: number, to: number) => {
    const module = known(t, from, 'from_module');
    if (to === 0) module.readsAllUnnamed = true;
    else module.reads.add(known(t, to, 'to_module'));
  },

  'addExports0(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V': (t, from: number, name: number, to: number) =>
    exportPackage(t, from, name, to),

  'addExportsToAll0(Ljava/lang/Module;Ljava/lang/String;)V': (t, from: number, name: number) =>
    exportPackage(t, from, name, 'all'),

  'addExportsToAllUnnamed0(Ljava/lang/Module;Ljava/lang/String;)V': (t, from: number, name: number) =>
    exportPackage(t, from, name, 'unnamed'),
};
