/**
 * The class library of a JDK as the boot loader sees it: which module has a class, and its bytes.
 *
 * A JDK has its modules in one of three forms: the runtime image (`lib/modules`: every installed JDK and JRE), jmods (a
 * JDK as it is before linking), or a folder for each module (`modules/`: a JDK's own build). The first is asked by
 * package without listing anything; for the others the packages are listed when they are opened.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RuntimeImage } from './jimage.js';
import { type ClassSource, DirectorySource, ImageModuleSource, JmodSource } from './sources.js';

/** A class of the library. */
export interface LibraryClass {
  /** The class file. A copy of its own. */
  bytes: Uint8Array;
  /** The module it is in, such as `java.base`. */
  module: string;
}

/** The class library of a JDK. */
export interface BootLibrary {
  /** The file or folder it is in. */
  readonly description: string;
  /** What `-verbose:class` prints as the place of a class: `jrt:/java.base`. */
  location(module: string): string;
  /**
   * A class by its internal name, such as `java/lang/Object`.
   *
   * @throws DamagedFileError when the library's file is damaged
   */
  findClass(internalName: string): LibraryClass | undefined;
  /** A resource of a module: `findResource('java.base', 'java/lang/Object.class')`. */
  findResource(module: string, resource: string): Uint8Array | undefined;
  /** The module with a package, by the package's name with slashes: `java/lang`. Classes without one have none. */
  packageModule(packageName: string): string | undefined;
  /** The names of the modules, sorted. */
  modules(): string[];
  /** The modules' contents, for tools that list them. */
  sources(): ClassSource[];
  /** Closes the library's files. */
  close(): void;
}

/**
 * Opens the class library of a JDK.
 *
 * @param javaHome the JDK's folder
 * @throws Error when there is none in any of the three forms, DamagedFileError when it is damaged
 */
export function openBootLibrary(javaHome: string): BootLibrary {
  const image = join(javaHome, 'lib', 'modules');
  if (statSync(image, { throwIfNoEntry: false })?.isFile()) return new ImageLibrary(RuntimeImage.open(image));
  const jmods = join(javaHome, 'jmods');
  const files = listFolder(jmods).filter((name) => name.endsWith('.jmod'));
  if (files.includes('java.base.jmod')) {
    const modules = files.map((name): [string, ClassSource] => [
      basename(name, '.jmod'),
      new JmodSource(join(jmods, name)),
    ]);
    return new ModulesLibrary(jmods, new Map(modules));
  }
  const exploded = join(javaHome, 'modules');
  const folders = listFolder(exploded).filter((name) => statSync(join(exploded, name)).isDirectory());
  if (folders.includes('java.base')) {
    const modules = folders.map((name): [string, ClassSource] => [name, new DirectorySource(join(exploded, name))]);
    return new ModulesLibrary(exploded, new Map(modules));
  }
  throw new Error(
    `${javaHome}: no class library there: expected lib/modules, jmods/java.base.jmod or modules/java.base`,
  );
}

/** The names in a folder; none where there is no such folder. */
function listFolder(path: string): string[] {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(path) : [];
}

function packageOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? '' : name.slice(0, slash);
}

/** On the runtime image. */
class ImageLibrary implements BootLibrary {
  readonly description: string;

  constructor(readonly image: RuntimeImage) {
    this.description = image.path;
  }

  location(module: string): string {
    return `jrt:/${module}`;
  }

  findClass(internalName: string): LibraryClass | undefined {
    const module = this.image.packageModule(packageOf(internalName));
    if (module === undefined) return undefined;
    const bytes = this.image.find(`/${module}/${internalName}.class`);
    return bytes && { bytes, module };
  }

  findResource(module: string, resource: string): Uint8Array | undefined {
    return this.image.find(`/${module}/${resource}`);
  }

  packageModule(packageName: string): string | undefined {
    return this.image.packageModule(packageName);
  }

  modules(): string[] {
    return this.image.modules();
  }

  sources(): ClassSource[] {
    return this.modules().map((module) => new ImageModuleSource(this.image, module));
  }

  close(): void {
    this.image.close();
  }
}

/** On a source for each module. */
class ModulesLibrary implements BootLibrary {
  readonly #packages = new Map<string, string>();

  constructor(
    readonly description: string,
    readonly contents: ReadonlyMap<string, ClassSource>,
  ) {
    for (const [module, source] of contents) {
      for (const name of source.names()) {
        if (name.endsWith('.class') && name.includes('/')) this.#packages.set(packageOf(name), module);
      }
    }
  }

  location(module: string): string {
    return this.contents.get(module)?.description ?? this.description;
  }

  findClass(internalName: string): LibraryClass | undefined {
    const module = this.#packages.get(packageOf(internalName));
    if (module === undefined) return undefined;
    const bytes = this.contents.get(module)!.find(`${internalName}.class`);
    return bytes && { bytes, module };
  }

  findResource(module: string, resource: string): Uint8Array | undefined {
    return this.contents.get(module)?.find(resource);
  }

  packageModule(packageName: string): string | undefined {
    return this.#packages.get(packageName);
  }

  modules(): string[] {
    return [...this.contents.keys()].sort();
  }

  sources(): ClassSource[] {
    return [...this.contents.values()];
  }

  close(): void {
    for (const source of this.contents.values()) source.close();
  }
}
