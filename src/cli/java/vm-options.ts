/**
 * The options of the machine, as opposed to the launcher's: `-X…`, `-XX:…`, `-D…`, `-ea`, modules, verbosity.
 *
 * They also come from `JAVA_TOOL_OPTIONS` (before the command line's) and `_JAVA_OPTIONS` (after them), where options
 * of the launcher are unknown. Module options become the system properties through which the library's own start-up
 * code learns of them, named and numbered as HotSpot does.
 */
import { splitQuoted } from './arguments.js';
import { initializationError, optionError, optionErrorOut } from './launch-error.js';
import { parseLog } from './log-option.js';
import { parseNumber } from './sizes.js';
import { FlagReader, LARGEST_STACK, setStackSize } from './vm-flags.js';

/** How the machine is to run. Sizes are in bytes; what is absent was not asked for. */
export interface VmOptions {
  /** `-Xmx`. Not clamped to what Scotty can reserve. */
  maxHeap?: number;
  /** `-XX:MaxRAMPercentage`: 0 to 100. */
  maxHeapPercentage?: number;
  /** `-Xms`; 0 is the same as absent. */
  initialHeap?: number;
  /** `-Xmn`. */
  youngSize?: number;
  /** `-Xss`: the stack of each Java thread, at least 136 KiB and at most 1 GiB. */
  stackSize?: number;
  /** `-Xbootclasspath/a:`, joined by the platform's separator; empty without. */
  bootAppend: string;
  /** `-esa`: assertions in the library's classes. */
  systemAssertions: boolean;
  /** `-ea` and `-da` in their order. `what`: null for all classes, `pkg...` for packages, `...` for the unnamed one. */
  assertions: { on: boolean; what: string | null }[];
  /** `-verbose:class`, `-Xlog:class+load`. */
  verboseClass: boolean;
  /** `-verbose:gc`, `-Xlog:gc`. */
  verboseGc: boolean;
  /** `-verbose:module`. */
  verboseModule: boolean;
  /** Where verbose output goes. */
  verboseTo: 'stdout' | 'stderr';
  /** What is verified: classes of the application's loaders, all, or none. */
  verify: 'remote' | 'all' | 'none';
  /** `-Xint`: nothing is compiled. */
  interpretOnly: boolean;
  /** `--enable-preview`. */
  enablePreview: boolean;
  /** `-XX:MaxJavaStackTraceDepth`: frames of a stack trace, 0 for all. */
  maxStackTraceDepth: number;
  /** `-XX:±StackTraceInThrowable`. */
  stackTraces: boolean;
  /** `-XX:±ShowCodeDetailsInExceptionMessages`: what was null, in the message of a NullPointerException. */
  codeDetails: boolean;
  /** Whether `System.gc()` collects: not under `-XX:+DisableExplicitGC`. */
  explicitGc: boolean;
  /** `-XX:+ExitOnOutOfMemoryError`: exit code 3 at the first one. */
  exitOnOutOfMemory: boolean;
  /** `-XX:SoftRefLRUPolicyMSPerMB`. */
  softReferenceMillisPerMiB: number;
}

/** What the machine's options say. */
export interface ParsedVmOptions {
  vm: VmOptions;
  /** System properties in order, each name once: the user's, then those that module options stand for. */
  properties: [string, string][];
  /** Options as a management client sees them (`RuntimeMXBean.getInputArguments`). */
  inputArguments: string[];
  /** Lines for the standard error, without newline. */
  notes: string[];
}

/** Name under which the machine warns. */
const VM_NAME = 'Scotty';

/** Least heap that any program can start in. */
const SMALLEST_HEAP = 2 * 1024 * 1024;

/** Options that each add a property with the next number. */
const NUMBERED: Readonly<Record<string, string>> = {
  '--add-modules': 'jdk.module.addmods',
  '--add-exports': 'jdk.module.addexports',
  '--add-opens': 'jdk.module.addopens',
  '--add-reads': 'jdk.module.addreads',
  '--patch-module': 'jdk.module.patch',
  '--enable-native-access': 'jdk.module.enable.native.access',
};
/** Options of which the last is the property. */
const SINGLE: Readonly<Record<string, string>> = {
  '--module-path': 'jdk.module.path',
  '--upgrade-module-path': 'jdk.module.upgrade.path',
  '--limit-modules': 'jdk.module.limitmods',
};

/** Properties that only the options above may set. */
const RESERVED =
  /^jdk\.module\.(?:(?:add(?:mods|exports|opens|reads)|patch|enable\.native\.access)(?:\.|$)|(?:(?:upgrade\.)?path|limitmods)$)/;

/** Options that change nothing here. */
const WITHOUT_EFFECT =
  /^(?:-Xbatch|-Xcheck:jni|-Xdebug|-Xdiag|-Xrs|-Xnoclassgc|-Xshare:(?:auto|off|on)|-Xmaxjitcodesize.*|-server|-client)$/;

/** Options that choose a machine or that the launcher uses itself: no management client sees them. */
const NOT_SHOWN = /^(?:-server|-client)$|^-D(?:sun\.java\.command|sun\.java\.launcher|java\.class\.path)(?:=|$)/;

/** Options of the machine's that Scotty does not have, and why. */
const UNSUPPORTED: readonly [RegExp, string][] = [
  [
    /^-agentlib:|^-agentpath:|^-Xrun/,
    'native agents are machine code for the JVM tool interface, which Scotty has not',
  ],
  [/^-javaagent:/, 'agents need the instrumentation interface, which Scotty has not'],
  [/^-Xinternalversion$/, 'it describes a build of HotSpot'],
  [/^-Xshare:dump$/, 'Scotty has no archive of classes'],
];

/**
 * Reads the options of the machine.
 *
 * @param given those of the command line, in order; a module option and its value in one argument
 * @param environment for `JAVA_TOOL_OPTIONS` and `_JAVA_OPTIONS`
 * @param notes takes lines for the standard error as they come up, so that they are there when an option is refused
 * @throws LaunchError for an option that is unknown or wrong
 */
export function parseVmOptions(
  given: readonly string[],
  environment: NodeJS.ProcessEnv,
  notes: string[] = [],
): ParsedVmOptions {
  const reader = new Reader(notes);
  const before = fromEnvironment('JAVA_TOOL_OPTIONS', environment, notes);
  const after = fromEnvironment('_JAVA_OPTIONS', environment, notes);
  const all = [...before, ...given, ...after];
  reader.ignoreUnknown = all.includes('-XX:+IgnoreUnrecognizedVMOptions');
  for (const option of all) reader.read(option);
  reader.finish();
  const inputArguments = all.filter((option) => !NOT_SHOWN.test(option));
  return { vm: reader.vm, properties: reader.allProperties(), inputArguments, notes };
}

function fromEnvironment(name: string, environment: NodeJS.ProcessEnv, notes: string[]): string[] {
  const text = environment[name];
  if (text === undefined) return [];
  notes.push(`Picked up ${name}: ${text}`);
  const options = splitQuoted(text);
  if (options === undefined) throw optionError(`Unmatched quote in ${name}`);
  return options;
}

class Reader {
  readonly vm: VmOptions = {
    bootAppend: '',
    systemAssertions: false,
    assertions: [],
    verboseClass: false,
    verboseGc: false,
    verboseModule: false,
    verboseTo: 'stdout',
    verify: 'remote',
    interpretOnly: false,
    enablePreview: false,
    maxStackTraceDepth: 1024,
    stackTraces: true,
    codeDetails: true,
    explicitGc: true,
    exitOnOutOfMemory: false,
    softReferenceMillisPerMiB: 1000,
  };
  ignoreUnknown = false;
  readonly #properties = new Map<string, string>();
  readonly #moduleProperties = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #flags: FlagReader;
  #warnedReserved = false;

  constructor(private readonly notes: string[]) {
    this.#flags = new FlagReader(this.vm, (text) => this.warn(text));
  }

  warn(text: string): void {
    this.notes.push(`${VM_NAME} warning: ${text}`);
  }

  allProperties(): [string, string][] {
    return [...this.#properties, ...this.#moduleProperties];
  }

  finish(): void {
    this.#flags.finish();
    const { maxHeap, initialHeap } = this.vm;
    if (maxHeap === undefined) return;
    if (maxHeap < SMALLEST_HEAP) throw initializationError('Too small maximum heap');
    if (initialHeap !== undefined && initialHeap > maxHeap) {
      throw initializationError('Initial heap size set to a larger value than the maximum heap size');
    }
  }

  read(option: string): void {
    if (option.startsWith('-D')) this.#readProperty(option.slice(2));
    else if (option.startsWith('-XX:')) this.#flags.read(option.slice(4), this.ignoreUnknown);
    else if (option.startsWith('--')) this.#readLong(option);
    else if (!this.#readAssertions(option) && !this.#readX(option)) this.#readOther(option);
  }

  #unknown(option: string): void {
    if (!this.ignoreUnknown) throw optionError(`Unrecognized option: ${option}`);
  }

  #readProperty(text: string): void {
    const equals = text.indexOf('=');
    const [name, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    if (!RESERVED.test(name)) {
      this.#properties.set(name, value);
    } else if (!this.#warnedReserved) {
      this.#warnedReserved = true;
      this.warn(
        "Ignoring system property options whose names match the '-Djdk.module.*'. names that are reserved for " +
          'internal use.',
      );
    }
  }

  /** Module options and what else begins with two dashes. */
  #readLong(option: string): void {
    const equals = option.indexOf('=');
    const name = equals < 0 ? option : option.slice(0, equals);
    const value = option.slice(equals + 1);
    if (option === '--enable-preview') {
      this.vm.enablePreview = true;
    } else if (equals > 0 && name === '--illegal-access') {
      this.warn(`Ignoring option ${option}; support was removed in 17.0`);
    } else if (equals > 0 && Object.hasOwn(NUMBERED, name)) {
      if (name === '--patch-module' && !value.includes('=')) {
        throw optionErrorOut("Missing '=' in --patch-module specification");
      }
      const count = this.#counts.get(name) ?? 0;
      this.#counts.set(name, count + 1);
      this.#moduleProperties.set(`${NUMBERED[name]}.${count}`, value);
    } else if (equals > 0 && Object.hasOwn(SINGLE, name)) {
      this.#moduleProperties.set(SINGLE[name], value);
    } else {
      this.#unknown(option);
    }
  }

  #readAssertions(option: string): boolean {
    const { vm } = this;
    if (/^-(?:esa|enablesystemassertions)$/.test(option)) vm.systemAssertions = true;
    else if (/^-(?:dsa|disablesystemassertions)$/.test(option)) vm.systemAssertions = false;
    else {
      const [, kind, what] = /^-(ea|da|enableassertions|disableassertions)(?::(.*))?$/.exec(option) ?? [];
      if (kind === undefined) return false;
      vm.assertions.push({ on: kind.startsWith('e'), what: what ?? null });
    }
    return true;
  }

  /** What begins with `-X` and has a value of its own. */
  #readX(option: string): boolean {
    const { vm } = this;
    if (option.startsWith('-Xmx')) {
      vm.maxHeap = this.#size(option, 4, 'maximum heap', 1);
    } else if (option.startsWith('-Xms')) {
      vm.initialHeap = this.#size(option, 4, 'initial heap', 0);
    } else if (option.startsWith('-Xmn')) {
      vm.youngSize = this.#size(option, 4, 'initial young generation', 1);
    } else if (option.startsWith('-Xss')) {
      const size = this.#size(option, 4, 'thread stack', 0);
      if (size > LARGEST_STACK) {
        throw optionError(
          `Invalid thread stack size: ${option}\nThe specified size exceeds the maximum representable size.`,
        );
      }
      setStackSize(vm, size);
    } else if (option === '-Xint') {
      vm.interpretOnly = true;
    } else if (option === '-Xmixed' || option === '-Xcomp') {
      vm.interpretOnly = false;
    } else if (option.startsWith('-Xbootclasspath/a:')) {
      const path = option.slice('-Xbootclasspath/a:'.length);
      const separator = process.platform === 'win32' ? ';' : ':';
      vm.bootAppend = [vm.bootAppend, path].filter((part) => part !== '').join(separator);
    } else if (/^-Xbootclasspath(?:\/p)?:/.test(option)) {
      throw optionErrorOut(`${option.slice(0, option.indexOf(':'))} is no longer a supported option.`);
    } else if (option.startsWith('-Xverify')) {
      this.#readVerify(option);
    } else if (option === '-Xlog' || option.startsWith('-Xlog:')) {
      parseLog(option, vm, (text) => this.warn(text));
    } else if (option.startsWith('-Xloggc:')) {
      vm.verboseGc = true;
      this.warn(`Ignoring the file of ${option}; the log goes to the standard output`);
    } else {
      return false;
    }
    return true;
  }

  #readVerify(option: string): void {
    const { vm } = this;
    if (option === '-Xverify' || option === '-Xverify:all') vm.verify = 'all';
    else if (option === '-Xverify:remote') vm.verify = 'remote';
    else if (option === '-Xverify:none') {
      vm.verify = 'none';
      this.warn(
        'Options -Xverify:none and -noverify were deprecated in JDK 13 and will likely be removed in a future release.',
      );
    } else {
      throw optionError(`Unrecognized verification option: ${option}`);
    }
  }

  #readOther(option: string): void {
    const { vm } = this;
    if (option.startsWith('-verbose')) {
      const what = option.slice('-verbose'.length);
      if (what === '' || what === ':class') vm.verboseClass = true;
      else if (what === ':gc') vm.verboseGc = true;
      else if (what === ':module') vm.verboseModule = true;
      // As HotSpot, silent on others.
      return;
    }
    if (WITHOUT_EFFECT.test(option)) return;
    const reason = UNSUPPORTED.find(([pattern]) => pattern.test(option))?.[1];
    if (reason !== undefined) throw initializationError(`Option ${option} cannot be used with ${VM_NAME}: ${reason}`);
    this.#unknown(option);
  }

  #size(option: string, prefix: number, what: string, least: number): number {
    const size = parseNumber(option.slice(prefix));
    if (size === undefined || size < least) throw optionError(`Invalid ${what} size: ${option}`);
    return size;
  }
}
