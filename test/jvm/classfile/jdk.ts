/** The machine's JDK for these tests: its classes, parsed once, and a verifier's world made of them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Acc, type ClassFile, parseClass, type VerifierWorld } from '../../../src/jvm/classfile/index.js';
import { findJavaHome, openBootLibrary } from '../../../src/jvm/library/index.js';

const home = findJavaHome();
/** The JDK's folder. */
export const javaHome = home.home;
const library = openBootLibrary(home.home);

/** The classes of java.base in the order of the library: path and bytes, module-info left out. */
export function baseClasses(): { name: string; bytes: Uint8Array }[] {
  const list: { name: string; bytes: Uint8Array }[] = [];
  const base = library.sources().find((source) => source.find('java/lang/Object.class') !== undefined);
  if (base === undefined) throw new Error('the library has no java.base');
  for (const resource of base.names()) {
    if (!resource.endsWith('.class') || resource === 'module-info.class') continue;
    const bytes = base.find(resource);
    if (bytes !== undefined) list.push({ name: resource.slice(0, -6), bytes });
  }
  return list;
}

const parsed = new Map<string, ClassFile>();

/** A library class by its internal name; a missing one is an error of its own kind. */
export function libraryClass(name: string): ClassFile {
  let classFile = parsed.get(name);
  if (classFile === undefined) {
    const found = library.findClass(name);
    if (found === undefined) throw new MissingClass(name);
    classFile = parseClass(found.bytes, { trusted: true, source: name });
    parsed.set(name, classFile);
  }
  return classFile;
}

/** Thrown by the world for a class that does not exist. */
export class MissingClass extends Error {}

const packageOf = (name: string) => name.slice(0, name.lastIndexOf('/') + 1);

/** The library and `self`, as the verifier sees them. */
export function worldOf(self: ClassFile): VerifierWorld {
  const get = (name: string) => (name === self.name ? self : libraryClass(name));
  // Loading refuses a class that extends itself; the verifier may count on that.
  for (let at = self.superName; at !== null; at = libraryClass(at).superName) {
    if (at === self.name) throw new MissingClass(`${at} is its own superclass`);
  }
  return {
    isInterface: (name) => (get(name).accessFlags & Acc.Interface) !== 0,
    superName: (name) => get(name).superName,
    isAssignable(from, to) {
      for (let at: string | null = from; at !== null; at = get(at).superName) if (at === to) return true;
      return false;
    },
    isProtectedElsewhere(name, member, descriptor, isMethod) {
      for (let at: string | null = name; at !== null; at = get(at).superName) {
        const classFile = get(at);
        const members = isMethod ? classFile.methods : classFile.fields;
        const found = members.find((item) => item.name === member && item.descriptor === descriptor);
        if (found === undefined) continue;
        return (found.accessFlags & Acc.Protected) !== 0 && packageOf(classFile.name) !== packageOf(self.name);
      }
      return false;
    },
  };
}

/** Runs `action` with a fresh folder, and removes it. */
export function withFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'scotty-classfile-'));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a tool of the JDK; returns what it prints. */
export function runTool(tool: string, args: readonly string[]): string {
  return execFileSync(join(javaHome, 'bin', tool), args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Writes Java sources into `folder` and compiles them there. */
export function compile(
  folder: string,
  sources: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): void {
  const files = Object.entries(sources).map(([name, text]) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  });
  runTool('javac', ['-d', folder, ...options, ...files]);
}
