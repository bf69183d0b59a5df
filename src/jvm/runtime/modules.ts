/**
 * Modules as the VM must know them: which class is in which, which reads which, which package is exported to whom
 * (JVMS 5.3.6, 5.4.4). Java's module system tells it by the natives of java.lang.Module.
 *
 * Until java.base is defined every class of the library has the module null, and everything is accessible.
 */
import type { JavaClass } from './java-class.js';
import type { LoaderData } from './loaders.js';
import type { Vm } from './vm.js';

/** To whom a package is exported. */
interface Export {
  toAll: boolean;
  toUnnamed: boolean;
  readonly to: Set<ModuleData>;
}

/** A module, named or not. */
export class ModuleData {
  readonly reads = new Set<ModuleData>();
  readsAllUnnamed = false;
  /** By package name in internal form. */
  readonly exports = new Map<string, Export>();

  /**
   * @param cell root cell of the java.lang.Module object
   * @param name null for a loader's unnamed module
   * @param location where its classes come from: `jrt:/java.base`
   */
  constructor(
    readonly cell: number,
    readonly name: string | null,
    readonly loader: LoaderData,
    readonly isOpen: boolean,
    readonly version: string | null,
    readonly location: string | null,
  ) {}

  private exportOf(packageName: string): Export {
    let found = this.exports.get(packageName);
    if (found === undefined) {
      found = { toAll: false, toUnnamed: false, to: new Set() };
      this.exports.set(packageName, found);
    }
    return found;
  }

  /** Exports a package to a module, to all unnamed ones, or to everybody. */
  export(packageName: string, to: ModuleData | 'all' | 'unnamed'): void {
    const entry = this.exportOf(packageName);
    if (to === 'all') entry.toAll = true;
    else if (to === 'unnamed') entry.toUnnamed = true;
    else entry.to.add(to);
  }

  /** Whether this module reads `other`. All read java.base, and unnamed ones read all. */
  canRead(other: ModuleData): boolean {
    if (this === other || this.name === null || other.name === 'java.base') return true;
    if (other.name === null && this.readsAllUnnamed) return true;
    return this.reads.has(other);
  }

  /** Whether public classes of a package are accessible to `other`, which reads this module. */
  isExportedTo(packageName: string, other: ModuleData): boolean {
    if (this.isOpen || this.name === null) return true;
    const entry = this.exports.get(packageName);
    if (entry === undefined) return false;
    return entry.toAll || (other.name === null && entry.toUnnamed) || entry.to.has(other);
  }
}

/** What one VM knows of modules. */
interface World {
  readonly all: ModuleData[];
  readonly byCell: Map<number, ModuleData>;
  javaBase: ModuleData | undefined;
  /** Classes that await the definition of java.base. */
  pending: JavaClass[];
}

const worlds = new WeakMap<Vm, World>();

function worldOf(vm: Vm): World {
  let world = worlds.get(vm);
  if (world === undefined) {
    world = { all: [], byCell: new Map(), javaBase: undefined, pending: [] };
    worlds.set(vm, world);
  }
  return world;
}

function enter(vm: Vm, module: ModuleData): ModuleData {
  const world = worldOf(vm);
  world.all.push(module);
  world.byCell.set(module.cell, module);
  vm.putWord(vm.roots.get(module.cell), vm.offset('java/lang/Module', 'vmModule'), world.all.length);
  return module;
}

/** Whether java.base is defined: from then on modules limit access. */
export function modulesReady(vm: Vm): boolean {
  return worldOf(vm).javaBase !== undefined;
}

/** The module behind a java.lang.Module object; `undefined` for one that was never defined to the VM. */
export function moduleAt(vm: Vm, moduleRef: number): ModuleData | undefined {
  const known = vm.getWord(moduleRef, vm.offset('java/lang/Module', 'vmModule'));
  if (known !== 0) return worldOf(vm).all[known - 1];
  // An unnamed module is defined by its loader having it.
  if (vm.getWord(moduleRef, vm.offset('java/lang/Module', 'name')) !== 0) return undefined;
  const loaderRef = vm.getWord(moduleRef, vm.offset('java/lang/Module', 'loader'));
  const loader =
    loaderRef === 0 ? vm.bootLoader : vm.loaders[vm.getWord(loaderRef, vm.offset('java/lang/ClassLoader', 'vmLoader'))];
  return loader === undefined || (loaderRef !== 0 && loader.isBoot) ? undefined : unnamedModule(vm, loader);
}

/** The module of a class; `undefined` before modules are known. */
export function moduleOf(vm: Vm, cls: JavaClass): ModuleData | undefined {
  return worldOf(vm).byCell.get(cls.module);
}

/** A loader's unnamed module, or `undefined` as long as the loader has not made it. */
export function unnamedModule(vm: Vm, loader: LoaderData): ModuleData | undefined {
  if (loader.unnamedModule === 0) {
    if (loader.isBoot) return undefined;
    const ref = vm.getWord(vm.roots.get(loader.cell), vm.offset('java/lang/ClassLoader', 'unnamedModule'));
    if (ref === 0) return undefined;
    loader.unnamedModule = vm.roots.create(ref);
    enter(vm, new ModuleData(loader.unnamedModule, null, loader, true, null, null));
  }
  return worldOf(vm).byCell.get(loader.unnamedModule);
}

/** The boot loader's unnamed module becomes known. */
export function setBootUnnamedModule(vm: Vm, moduleRef: number): void {
  const { bootLoader } = vm;
  if (bootLoader.unnamedModule !== 0) return;
  bootLoader.unnamedModule = vm.roots.create(moduleRef);
  enter(vm, new ModuleData(bootLoader.unnamedModule, null, bootLoader, true, null, null));
}

/** Gives a class, whose mirror exists, its module. */
export function assignModule(vm: Vm, cls: JavaClass): void {
  const world = worldOf(vm);
  if (cls.loader.isBoot && world.javaBase === undefined) {
    world.pending.push(cls);
    return;
  }
  let bottom = cls;
  while (bottom.element !== null) bottom = bottom.element;
  const { loader } = bottom;
  const named = loader.packageModules.get(bottom.packageName);
  const module = bottom.isPrimitive
    ? world.javaBase
    : named !== undefined
      ? world.byCell.get(named)
      : unnamedModule(vm, loader);
  if (module === undefined) return;
  cls.module = module.cell;
  vm.putReference(vm.mirrorOf(cls), vm.offset('java/lang/Class', 'module'), vm.roots.get(module.cell));
}

/** What `Module.defineModule0` hands over. */
export interface ModuleDefinition {
  readonly moduleRef: number;
  readonly name: string;
  readonly loader: LoaderData;
  readonly isOpen: boolean;
  readonly version: string | null;
  readonly location: string | null;
  /** Internal form. */
  readonly packages: readonly string[];
}

/** Defines a named module. The caller has checked that none of its packages belongs to another. */
export function defineModule(vm: Vm, definition: ModuleDefinition): ModuleData {
  const { name, loader, isOpen, version, location } = definition;
  const world = worldOf(vm);
  const module = new ModuleData(vm.roots.create(definition.moduleRef), name, loader, isOpen, version, location);
  enter(vm, module);
  for (const packageName of definition.packages) loader.packageModules.set(packageName, module.cell);
  if (name === 'java.base' && world.javaBase === undefined) {
    world.javaBase = module;
    const { pending } = world;
    world.pending = [];
    for (const cls of pending) assignModule(vm, cls);
  }
  return module;
}

/** The module a loader's package belongs to, `undefined` if to none that has a name. */
export function packageModule(vm: Vm, loader: LoaderData, packageName: string): ModuleData | undefined {
  const cell = loader.packageModules.get(packageName);
  return cell === undefined ? undefined : worldOf(vm).byCell.get(cell);
}

/** Named modules of a loader. */
export function isModuleDefined(vm: Vm, loader: LoaderData, name: string): boolean {
  return worldOf(vm).all.some((module) => module.loader === loader && module.name === name);
}
