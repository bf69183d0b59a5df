/**
 * What the VM keeps for each class loader: its classes by name, and the loader object.
 */
import type { JavaClass } from './java-class.js';

/** A class loader, as the VM sees it; one a `java.lang.ClassLoader` object, and one for the boot loader. */
export class LoaderData {
  /** Index into `vm.loaders`; 0 is the boot loader. Kept in the loader object's injected field `vmLoader` (index + 1…). */
  readonly id: number;
  /** Root cell of the java.lang.ClassLoader object; 0 for the boot loader, whose object is null. */
  readonly cell: number;
  /** Classes this loader is a defining or initiating loader of, by internal name (JVMS 5.3). */
  readonly classes = new Map<string, JavaClass>();
  /** Classes being loaded now, by name, with the thread that does: circularity and waiting. */
  readonly loading = new Map<string, import('./thread.js').JavaThread>();
  /** Loader constraints (JVMS 5.3.4): name → the constraint, shared by the loaders it binds. */
  readonly constraints = new Map<string, { loaders: Set<LoaderData>; klass: JavaClass | undefined }>();
  /** Packages with the module they belong to (root cell of the Module). */
  readonly packageModules = new Map<string, number>();
  /** Root cell of the loader's unnamed Module. */
  unnamedModule = 0;

  constructor(id: number, cell: number) {
    this.id = id;
    this.cell = cell;
  }

  get isBoot(): boolean {
    return this.id === 0;
  }
}
