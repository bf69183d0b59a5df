/**
 * The command line of `scotty java`: what `java` of JDK 17 takes, and two options of Scotty's own.
 *
 * As there, it is read in two steps with errors of their own kinds. The launcher's part says what is run: it knows its
 * own options and those whose value is the next argument, stops at the first thing that is neither, and hands all other
 * options to the machine's part (vm-options.ts). Nothing here starts anything: the result is a plan.
 */
import { statSync } from 'node:fs';
import { expandArguments, MODULE_OPTIONS_WITH_VALUE, takesValue } from './arguments.js';
import { helpText } from './help.js';
import { LaunchError, launcherError } from './launch-error.js';
import { parseVmOptions, type VmOptions } from './vm-options.js';

/** What is to be done. */
export type LaunchMode =
  /** Run the class `target`. */
  | 'class'
  /** Run the main class of the jar `target`. */
  | 'jar'
  /** Run `target`: a module, or a class of one: `module/class`. */
  | 'module'
  /** Run `target`, the module and class of the compiler's launcher, whose first argument is the source file. */
  | 'source'
  /** Print the version; `outputTo` says where. */
  | 'version'
  | 'full-version'
  | 'help'
  | 'help-extra'
  | 'list-modules'
  /** Describe the module `target`. */
  | 'describe-module'
  | 'validate-modules'
  /** List the library's native methods and which of them there are. */
  | 'natives';

/** What a command line asks for. */
export interface LaunchPlan {
  mode: LaunchMode;
  /** What is run, in the form its mode says; empty where nothing is. */
  target: string;
  /** The program's arguments. */
  args: string[];
  /** `java.class.path`: entries joined by the platform's separator, wildcards as given. */
  classPath: string;
  /** System properties to set, in order. `java.class.path` is not among them. */
  properties: [string, string][];
  vm: VmOptions;
  /** Options of the machine as given, for `RuntimeMXBean.getInputArguments`. */
  inputArguments: string[];
  /** Lines for the standard error before anything else, without newline. */
  warnings: string[];
  /** `--java-home`. */
  javaHome?: string;
  /** `-showversion` (stderr), `--show-version` (stdout): print the version first. */
  showVersion?: 'stdout' | 'stderr';
  /** Where version and help go. */
  outputTo: 'stdout' | 'stderr';
  /** `-XshowSettings`: which settings to print first: `all`, `vm`, `properties`, `locale`, `system`, `security…`. */
  showSettings?: string;
  /** `--dry-run`: load the main class and do not run it. */
  dryRun: boolean;
  /** `-Xdiag`: a stack trace where the main class cannot be loaded. */
  diagnose: boolean;
  /** What to exit with where nothing is run: 1 for the help that is printed because nothing was said to run. */
  exitCode: number;
}

/** Modes in which a program is run. */
const RUNNING: ReadonlySet<LaunchMode> = new Set(['class', 'jar', 'module', 'source']);

/** Runs a source file: a class of the JDK's compiler. */
const SOURCE_LAUNCHER = 'jdk.compiler/com.sun.tools.javac.launcher.Main';

/** Old spellings, still taken. */
const ALIASES: readonly [RegExp, string][] = [
  [/^-verbosegc$/, '-verbose:gc'],
  [/^-debug$/, '-Xdebug'],
  [/^-noclassgc$/, '-Xnoclassgc'],
  [/^-verify$/, '-Xverify:all'],
  [/^-verifyremote$/, '-Xverify:remote'],
  [/^-noverify$/, '-Xverify:none'],
  [/^-Xfuture$/, '-Xverify:all'],
  [/^-t$/, '-Xt'],
  [/^-tm$/, '-Xtm'],
  [/^-ss(.*)$/, '-Xss$1'],
  [/^-ms(.*)$/, '-Xms$1'],
  [/^-mx(.*)$/, '-Xmx$1'],
];

/** What an option without its value is said to lack. */
const LACKING: Readonly<Record<string, string>> = {
  '-cp': 'class path specification',
  '-classpath': 'class path specification',
  '--class-path': 'class path specification',
  '-m': 'module name',
  '--module': 'module name',
  '-d': 'module name',
  '--describe-module': 'module name',
  '--source': 'source version',
  '--java-home': 'the folder of a JDK or JRE',
  '-p': 'module path specification',
  '--module-path': 'module path specification',
  '--upgrade-module-path': 'module path specification',
};

/** Long options of the launcher's that may be written with an equals sign. */
const LAUNCHER_LONG = ['--class-path', '--module', '--describe-module', '--source', '--java-home'];

/**
 * Reads a command line.
 *
 * @param given what follows `scotty java`
 * @param environment for `JDK_JAVA_OPTIONS`, `JAVA_TOOL_OPTIONS`, `_JAVA_OPTIONS` and `CLASSPATH`
 * @throws LaunchError when it is refused, with what to print and the exit code
 */
export function planLaunch(given: readonly string[], environment: NodeJS.ProcessEnv = process.env): LaunchPlan {
  const { arguments: expanded, notes } = expandArguments(given, environment);
  try {
    return new Launcher(expanded, environment, notes).plan();
  } catch (error) {
    if (error instanceof LaunchError) error.notes = notes;
    throw error;
  }
}

/** One reading of a command line. */
class Launcher {
  readonly #vmOptions: string[] = [];
  #at = 0;
  #mode: 'class' | 'jar' | 'module' | 'source' | undefined;
  /** An option that says what to do and ends the reading: what follows is not looked at. */
  #final: LaunchMode | undefined;
  #listModules = false;
  #validateModules = false;
  #describe: string | undefined;
  #target: string | undefined;
  #classPath: string | undefined;
  #source: string | undefined;
  #showVersion: 'stdout' | 'stderr' | undefined;
  #showSettings: string | undefined;
  #javaHome: string | undefined;
  #outputTo: 'stdout' | 'stderr' = 'stderr';
  #dryRun = false;

  constructor(
    private readonly given: readonly string[],
    private readonly environment: NodeJS.ProcessEnv,
    private readonly notes: string[],
  ) {
    this.#classPath = environment.CLASSPATH;
  }

  plan(): LaunchPlan {
    while (this.#final === undefined && this.#target === undefined && this.given[this.#at]?.startsWith('-')) {
      this.#read(this.given[this.#at++]);
    }
    let { exitCode, mode, target } = this.#decide();
    let args = this.given.slice(this.#at);
    if (mode === 'source') {
      // The compiler's launcher takes the file as its first argument, and says itself when there is none.
      if (target !== '') args = [target, ...args];
      target = SOURCE_LAUNCHER;
      if (this.#source !== undefined) this.#vmOptions.push(`-Djdk.internal.javac.source=${this.#source}`);
      this.#vmOptions.push('--add-modules=ALL-DEFAULT');
    }
    const { vm, properties, inputArguments } = parseVmOptions(this.#vmOptions, this.environment, this.notes);
    const own = new Map(properties);
    const classPath = mode === 'jar' ? target : (this.#classPath ?? own.get('java.class.path') ?? '');
    own.delete('java.class.path');
    if (mode === 'module' || mode === 'source') own.set('jdk.module.main', target.replace(/\/.*$/, ''));
    if (RUNNING.has(mode)) {
      own.set('sun.java.command', [target, ...args].join(' '));
      own.set('sun.java.launcher', 'SUN_STANDARD');
    }
    return {
      mode,
      target,
      args,
      classPath,
      properties: [...own],
      vm,
      inputArguments,
      warnings: this.notes,
      ...(this.#javaHome !== undefined && { javaHome: this.#javaHome }),
      ...(this.#showVersion !== undefined && { showVersion: this.#showVersion }),
      ...(this.#showSettings !== undefined && { showSettings: this.#showSettings }),
      outputTo: this.#outputTo,
      dryRun: this.#dryRun,
      diagnose: this.#vmOptions.includes('-Xdiag'),
      exitCode,
    };
  }

  /** What is to be done, once all options are read. */
  #decide(): { mode: LaunchMode; target: string; exitCode: number } {
    const action = (mode: LaunchMode, target = '', exitCode = 0) => ({ mode, target, exitCode });
    if (this.#listModules) return action('list-modules');
    if (this.#describe !== undefined) return action('describe-module', this.#describe);
    if (this.#final !== undefined) return action(this.#final);
    const target = this.#target ?? this.given[this.#at++];
    if (target === undefined) {
      if (this.#validateModules) return action('validate-modules');
      return this.#mode === 'source' ? action('source') : action('help', '', 1);
    }
    // Where nothing says how classes are found, they are in the current folder.
    if (this.#mode === undefined) this.#classPath ??= '.';
    const mode = this.#mode ?? 'class';
    return action(mode === 'class' && isSourceFile(target) ? 'source' : mode, target);
  }

  /** Reads one option, and its value where that is the next argument. */
  #read(argument: string): void {
    const equals = argument.indexOf('=');
    const name = argument.startsWith('--') && equals > 0 ? argument.slice(0, equals) : argument;
    // Only long options take a value after an equals sign.
    const isLong = name !== argument && (LAUNCHER_LONG.includes(name) || MODULE_OPTIONS_WITH_VALUE.has(name));
    if (isLong) this.#readWithValue(name, argument, argument.slice(equals + 1));
    else if (takesValue(argument)) this.#readWithValue(argument, argument, this.#nextValue());
    else if (!this.#readPlain(argument)) this.#addVmOption(argument);
  }

  /** The next argument, unless it is an option. */
  #nextValue(): string | undefined {
    const next = this.given[this.#at];
    if (next === undefined || next.startsWith('-')) return undefined;
    this.#at++;
    return next;
  }

  /**
   * @param name the option
   * @param argument the option as given, perhaps with an equals sign
   */
  #readWithValue(name: string, argument: string, value: string | undefined): void {
    // That --add-opens= is not found out here but in the library's start-up is the same in JDK 17.
    const mayBeEmpty =
      /^(-cp|-classpath|--class-path|-d|--describe-module)$/.test(name) || argument.startsWith('--add-opens=');
    if (value === undefined || (value === '' && !mayBeEmpty)) {
      const isOfMachine = MODULE_OPTIONS_WITH_VALUE.has(name);
      const lacking = isOfMachine && argument !== name ? undefined : LACKING[name];
      throw launcherError(`Error: ${argument} requires ${lacking ?? 'modules to be specified'}`);
    }
    switch (name) {
      case '-cp':
      case '-classpath':
      case '--class-path':
        this.#classPath = value;
        this.#mode ??= 'class';
        break;
      case '-m':
      case '--module':
        this.#target = value;
        this.#mode = 'module';
        break;
      case '-d':
      case '--describe-module':
        this.#describe = value;
        break;
      case '--source':
        this.#source = value;
        this.#mode = 'source';
        break;
      case '--java-home':
        this.#javaHome = value;
        break;
      default:
        this.#vmOptions.push(`${name === '-p' ? '--module-path' : name}=${value}`);
    }
  }

  /** Reads an option without a value, if it is the launcher's. */
  #readPlain(option: string): boolean {
    switch (option) {
      case '-jar':
        if (this.#at === this.given.length) {
          throw launcherError(`Error: -jar requires jar file specification\n${helpText()}`);
        }
        this.#mode = 'jar';
        break;
      case '-h':
      case '-?':
      case '-help':
        this.#finish('help', 'stderr');
        break;
      case '--help':
        this.#finish('help', 'stdout');
        break;
      case '-X':
        this.#finish('help-extra', 'stderr');
        break;
      case '--help-extra':
        this.#finish('help-extra', 'stdout');
        break;
      case '-version':
        this.#finish('version', 'stderr');
        break;
      case '--version':
        this.#finish('version', 'stdout');
        break;
      case '-fullversion':
        this.#finish('full-version', 'stderr');
        break;
      case '--full-version':
        this.#finish('full-version', 'stdout');
        break;
      case '--natives':
        this.#finish('natives', 'stdout');
        break;
      case '-showversion':
        this.#showVersion = 'stderr';
        break;
      case '--show-version':
        this.#showVersion = 'stdout';
        break;
      case '--list-modules':
        this.#listModules = true;
        break;
      case '--validate-modules':
        this.#validateModules = true;
        this.#vmOptions.push('-Djdk.module.validation=true');
        break;
      case '--show-module-resolution':
        this.#vmOptions.push('-Djdk.module.showModuleResolution=true');
        break;
      case '--dry-run':
        this.#dryRun = true;
        break;
      default:
        return this.#readOther(option);
    }
    return true;
  }

  #readOther(option: string): boolean {
    if (option === '-XshowSettings') this.#showSettings = 'all';
    else if (option.startsWith('-XshowSettings:')) this.#showSettings = option.slice('-XshowSettings:'.length);
    else if (/^-(cs|checksource|noasyncgc)$/.test(option)) {
      this.notes.push(`Warning: ${option} option is no longer supported.`);
    } else if (option.startsWith('-Djava.class.path=')) this.#classPath = option.slice('-Djava.class.path='.length);
    else return option.startsWith('-splash:');
    return true;
  }

  #finish(mode: LaunchMode, outputTo: 'stdout' | 'stderr'): void {
    this.#final = mode;
    this.#outputTo = outputTo;
  }

  #addVmOption(option: string): void {
    if (option === '-Xfuture') {
      this.notes.push('Warning: -Xfuture option is deprecated and may be removed in a future release.');
    }
    const alias = ALIASES.find(([pattern]) => pattern.test(option));
    this.#vmOptions.push(alias === undefined ? option : option.replace(alias[0], alias[1]));
  }
}

/** Whether what is run is a Java source file. One that does not exist is taken for a class's name, as by `java`. */
function isSourceFile(target: string): boolean {
  return target.endsWith('.java') && statSync(target, { throwIfNoEntry: false }) !== undefined;
}
