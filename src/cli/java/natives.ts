/**
 * `scotty java --natives`: which of the library's native methods exist here, by class.
 */
import { parseClass } from '../../jvm/classfile/index.js';
import type { BootLibrary } from '../../jvm/library/index.js';
import type { NativeTables } from '../../jvm/natives/registry.js';

/** Methods that prepare C code of the JDK's; there is nothing for them to do here. */
const PREPARATIONS = new Set(['registerNatives()V', 'initIDs()V']);

/** The list as text: a line a class with natives that are missing, then the sums by module. */
export function listNatives(library: BootLibrary, tables: NativeTables): string {
  const lines: string[] = [];
  const modules = new Map<string, { there: number; all: number }>();
  for (const source of library.sources()) {
    for (const name of source.names()) {
      if (!name.endsWith('.class') || name.endsWith('module-info.class')) continue;
      const bytes = source.find(name);
      if (bytes === undefined) continue;
      const cls = parseClass(bytes, { trusted: true });
      const natives = cls.methods.filter((m) => (m.accessFlags & 0x100) !== 0).map((m) => m.name + m.descriptor);
      if (natives.length === 0) continue;
      const table = tables[cls.name];
      const missing = natives.filter((key) => table?.[key] === undefined && !PREPARATIONS.has(key));
      const module = library.packageModule(cls.name.slice(0, cls.name.lastIndexOf('/'))) ?? source.description;
      const sums = modules.get(module) ?? { there: 0, all: 0 };
      sums.all += natives.length;
      sums.there += natives.length - missing.length;
      modules.set(module, sums);
      lines.push(`${cls.name.replaceAll('/', '.')}: ${natives.length - missing.length} of ${natives.length}`);
      for (const key of missing) lines.push(`    missing: ${key}`);
    }
  }
  lines.push('');
  let there = 0;
  let all = 0;
  for (const [module, sums] of [...modules].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`${module}: ${sums.there} of ${sums.all} native methods`);
    there += sums.there;
    all += sums.all;
  }
  lines.push(`in all: ${there} of ${all} native methods`);
  return `${lines.join('\n')}\n`;
}
