/** The Module attribute (JVMS 4.7.25). */
import type { ConstantPool } from './constant-pool.js';
import type { Reader } from './reader.js';

/** A required module. */
export interface ModuleRequires {
  readonly name: string;
  readonly flags: number;
  readonly version: string | null;
}

/** An exported or opened package (internal form); `to` is empty when it is to everyone. */
export interface ModuleExports {
  readonly packageName: string;
  readonly flags: number;
  readonly to: readonly string[];
}

/** A provided service and its implementations, internal names. */
export interface ModuleProvides {
  readonly service: string;
  readonly implementations: readonly string[];
}

/** What a module-info declares. */
export interface ModuleInfo {
  readonly name: string;
  readonly flags: number;
  readonly version: string | null;
  readonly requires: readonly ModuleRequires[];
  readonly exports: readonly ModuleExports[];
  readonly opens: readonly ModuleExports[];
  readonly uses: readonly string[];
  readonly provides: readonly ModuleProvides[];
}

/** Parses the body of a Module attribute. Throws ClassFormatError. */
export function parseModule(pool: ConstantPool, reader: Reader): ModuleInfo {
  const list = <T>(item: () => T): T[] => Array.from({ length: reader.u2() }, item);
  const optional = () => {
    const index = reader.u2();
    return index === 0 ? null : pool.utf8(index);
  };
  const exported = () => ({
    packageName: pool.packageName(reader.u2()),
    flags: reader.u2(),
    to: list(() => pool.moduleName(reader.u2())),
  });
  return {
    name: pool.moduleName(reader.u2()),
    flags: reader.u2(),
    version: optional(),
    requires: list(() => ({ name: pool.moduleName(reader.u2()), flags: reader.u2(), version: optional() })),
    exports: list(exported),
    opens: list(exported),
    uses: list(() => pool.className(reader.u2())),
    provides: list(() => ({
      service: pool.className(reader.u2()),
      implementations: list(() => pool.className(reader.u2())),
    })),
  };
}
