/**
 * Natives of jdk.internal.loader.BootLoader: the packages of the boot loader, and its unnamed module.
 */
import { packageModule, setBootUnnamedModule } from '../../../../runtime/modules.js';
import { nullPointer } from '../../../../runtime/throws.js';
import type { Vm } from '../../../../runtime/vm.js';
import type { NativeTable } from '../../../registry.js';

/** Packages with classes that the boot loader has loaded, internal form. */
function loadedPackages(vm: Vm): Set<string> {
  const names = new Set<string>();
  for (const cls of vm.bootLoader.classes.values()) if (cls.packageName !== '') names.add(cls.packageName);
  return names;
}

export const natives: NativeTable = {
  'getSystemPackageNames()[Ljava/lang/String;': (t) => {
    const { vm } = t;
    const names = [...loadedPackages(vm)];
    const array = vm.heap.allocateArray(vm.known.stringArray, names.length);
    names.forEach((name, i) => {
      vm.putReferenceElement(array, i, vm.strings.fromJs(name));
    });
    return array;
  },

  'getSystemPackageLocation(Ljava/lang/String;)Ljava/lang/String;': (t, name: number) => {
    const { vm } = t;
    const packageName = vm.strings.toJs(name).replaceAll('.', '/');
    if (!loadedPackages(vm).has(packageName)) return 0;
    const location = packageModule(vm, vm.bootLoader, packageName)?.location;
    return location == null ? 0 : vm.strings.fromJs(location);
  },

  'setBootLoaderUnnamedModule0(Ljava/lang/Module;)V': (t, module: number) => {
    if (module === 0) throw nullPointer('Null module object');
    setBootUnnamedModule(t.vm, module);
  },
};
