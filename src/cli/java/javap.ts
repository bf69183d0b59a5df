/**
 * `scotty javap`: what is in a class file, in the shape of the JDK's own tool. Unlike `javap` it needs no JDK for class
 * files and jars; classes of the library are found when there is one.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { ClassFileError, listClass, parseClass } from '../../jvm/classfile/index.js';
import {
  type ClassSource,
  findJavaHome,
  JavaHomeError,
  openBootLibrary,
  openClassPath,
} from '../../jvm/library/index.js';
import { CommandError, ExitCode } from '../exit-codes.js';

interface JavapOptions {
  readonly c?: true;
  readonly v?: true;
  readonly l?: true;
  readonly private?: true;
  readonly classPath: string;
  readonly javaHome?: string;
}

/** A class that was found. */
interface Found {
  readonly bytes: Uint8Array;
  /** The class file's path, where it is a file of its own. */
  readonly path?: string;
}

/** The release that multi-release jars are read for when no JDK says which. */
const DEFAULT_RELEASE = 17;

/** `scotty javap`. */
export function javapCommand(): Command {
  return new Command('javap')
    .description('show what is in a class file: members, bytecode, constant pool')
    .argument('<class...>', 'a class file, or the name of a class such as java.lang.String')
    .option('-c', 'show the bytecode')
    .option('-v', 'show everything: constant pool, flags, tables')
    .option('-l', 'show line number and local variable tables')
    .option('-p, --private', 'show private members too')
    .addOption(new Option('-cp, --class-path <path>', 'where to look for classes by name').default('.'))
    .option('--java-home <folder>', 'the JDK whose library is looked in')
    .action((names: readonly string[], options: JavapOptions) => {
      const find = finder(options);
      for (const name of names) process.stdout.write(`${show(name, find(name), options).join('\n')}\n`);
    });
}

/** Looks classes up: as a file, on the class path, in the library. What is opened is kept for the next name. */
function finder(options: JavapOptions): (name: string) => Found {
  let sources: ClassSource[] | undefined;
  let library: ((name: string) => Uint8Array | undefined) | undefined;
  return (name) => {
    if (name.endsWith('.class') && statSync(name, { throwIfNoEntry: false })?.isFile()) {
      return { bytes: readFileSync(name), path: name };
    }
    sources ??= openClassPath(options.classPath, { release: DEFAULT_RELEASE });
    library ??= openLibrary(options.javaHome);
    // `a.b.C.D` may be the nested class `a/b/C$D`: the last dots become dollar signs one by one.
    for (let internal = name.replaceAll('.', '/'); ; ) {
      for (const source of sources) {
        const bytes = source.find(`${internal}.class`);
        if (bytes !== undefined) return { bytes };
      }
      const bytes = library(internal);
      if (bytes !== undefined) return { bytes };
      const slash = internal.lastIndexOf('/');
      if (slash < 0) throw new CommandError(`class not found: ${name}`);
      internal = `${internal.slice(0, slash)}$${internal.slice(slash + 1)}`;
    }
  };
}

function openLibrary(javaHome: string | undefined): (name: string) => Uint8Array | undefined {
  try {
    const library = openBootLibrary(findJavaHome(javaHome).home);
    return (name) => library.findClass(name)?.bytes;
  } catch (error) {
    // Without a JDK the class path is all there is; one that was asked for must be there.
    if (javaHome === undefined && error instanceof JavaHomeError) return () => undefined;
    throw error;
  }
}

function show(name: string, { bytes, path }: Found, options: JavapOptions): string[] {
  try {
    const classFile = parseClass(bytes, { trusted: true, source: name });
    const lines = listClass(classFile, {
      code: options.c === true,
      verbose: options.v === true,
      lines: options.l === true,
      private: options.private === true,
    });
    return options.v ? [...fileLines(bytes, path), ...lines] : lines;
  } catch (error) {
    if (!(error instanceof ClassFileError)) throw error;
    const place = error.offset < 0 ? '' : ` (at byte ${error.offset})`;
    throw new CommandError(`${name}: ${error.kind}: ${error.message}${place}`, ExitCode.BadInput);
  }
}

/** What -v says of the file itself. */
function fileLines(bytes: Uint8Array, path: string | undefined): string[] {
  const lines: string[] = [];
  const size = `size ${bytes.length} bytes`;
  if (path === undefined) {
    lines.push(`  ${size}`);
  } else {
    const date = statSync(path).mtime.toLocaleDateString('en-US', { month: 'short', day: 'numeric', year: 'numeric' });
    lines.push(`Classfile ${resolve(path)}`, `  Last modified ${date}; ${size}`);
  }
  lines.push(`  SHA-256 checksum ${createHash('sha256').update(bytes).digest('hex')}`);
  return lines;
}
