/**
 * `scotty javap`: what is in a class file, in the shape of the JDK's own tool. Unlike `javap` it needs no JDK for class
 * files and jars; classes of the library are found when there is one.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
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
  code: boolean;
  verbose: boolean;
  lines: boolean;
  private: boolean;
  classPath: string;
  javaHome: string | undefined;
}

/** A class that was found. */
interface Found {
  readonly bytes: Uint8Array;
  /** The class file's path, where it is a file of its own. */
  readonly path?: string;
}

/** The release that multi-release jars are read for when no JDK says which. */
const DEFAULT_RELEASE = 17;

const OPTIONS_HELP = `
Options:
  -c                      show the bytecode
  -v, -verbose            show everything: bytecode, constant pool, flags, tables
  -l                      show line number and local variable tables
  -p, -private            show private members too
  -cp, -classpath, --class-path PATH
                          where to look for classes by name (default: the current folder)
  --java-home FOLDER      the JDK whose library is looked in
  -h, --help              print help`;

/** `scotty javap`. Its options are spelled as the JDK's tool spells them, which commander cannot: `-cp` is one option. */
export function javapCommand(): Command {
  const command = new Command('javap')
    .description('show what is in a class file: members, bytecode, constant pool')
    .usage('[options] CLASS...')
    .argument('[words...]', 'class files, or names of classes such as java.lang.String')
    .allowUnknownOption()
    .helpOption(false)
    .addHelpText('after', OPTIONS_HELP)
    .action((words: readonly string[]) => {
      const { options, names } = parseWords(words);
      if (names === undefined) {
        command.outputHelp();
        return;
      }
      const find = finder(options);
      for (const name of names) process.stdout.write(`${show(name, find(name), options).join('\n')}\n`);
    });
  return command;
}

/** Splits the command line; `names` is undefined where help is asked for. */
function parseWords(words: readonly string[]): { options: JavapOptions; names: string[] | undefined } {
  const options: JavapOptions = {
    code: false,
    verbose: false,
    lines: false,
    private: false,
    classPath: '.',
    javaHome: undefined,
  };
  const names: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [word, inline] = words[i].startsWith('--') ? words[i].split(/=(.*)/s) : [words[i]];
    const value = () => {
      const found = inline ?? words[++i];
      if (found === undefined) throw new CommandError(`${word} requires a value`);
      return found;
    };
    switch (word) {
      case '-c':
        options.code = true;
        break;
      case '-v':
      case '-verbose':
        options.verbose = true;
        break;
      case '-l':
        options.lines = true;
        break;
      case '-p':
      case '-private':
        options.private = true;
        break;
      case '-cp':
      case '-classpath':
      case '--class-path':
        options.classPath = value();
        break;
      case '--java-home':
        options.javaHome = value();
        break;
      case '-h':
      case '-help':
      case '--help':
        return { options, names: undefined };
      default:
        if (word.startsWith('-')) throw new CommandError(`unknown option ${word}`);
        names.push(words[i]);
    }
  }
  if (names.length === 0) throw new CommandError('no classes specified');
  return { options, names };
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
      code: options.code,
      verbose: options.verbose,
      lines: options.lines,
      private: options.private,
    });
    return options.verbose ? [...fileLines(bytes, path), ...lines] : lines;
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
