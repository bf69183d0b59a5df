/**
 * From what the shell gave to the full list of arguments: `@argfiles` and `JDK_JAVA_OPTIONS`.
 *
 * Expansion ends at the main class, so it has to know which options take the next argument. The rules are the `java`
 * launcher's (the tool's reference, "java Command-Line Argument Files"), details checked against JDK 17. One thing
 * is kinder: `--disable-@files`, which that launcher's reference promises and JDK 17 refuses, works here.
 */
import { readFileSync, statSync } from 'node:fs';
import { LaunchError, launcherError } from './launch-error.js';

/** Options of the launcher whose value is the next argument, unless that begins with a dash. */
const LAUNCHER_OPTIONS_WITH_VALUE = new Set([
  '-cp',
  '-classpath',
  '--class-path',
  '-m',
  '--module',
  '-d',
  '--describe-module',
  '--source',
  '--java-home',
]);
/** Options of the machine that may be written with a blank. */
export const MODULE_OPTIONS_WITH_VALUE: ReadonlySet<string> = new Set([
  '-p',
  '--module-path',
  '--upgrade-module-path',
  '--add-modules',
  '--limit-modules',
  '--add-exports',
  '--add-opens',
  '--add-reads',
  '--patch-module',
  '--enable-native-access',
]);
/** Options after which no others are looked for: not in an environment variable, which cannot say what is run. */
const TERMINAL_OPTIONS = new Set([
  '-jar',
  '-m',
  '--module',
  '--dry-run',
  '-h',
  '-?',
  '-help',
  '--help',
  '-X',
  '--help-extra',
  '-version',
  '--version',
  '-fullversion',
  '--full-version',
  '--natives',
]);

const DISABLE_FILES = '--disable-@files';

/** The arguments expanded, and what is to be said about it. */
export interface ExpandedArguments {
  arguments: string[];
  /** Lines for the standard error, without newline. */
  notes: string[];
}

/** Whether an option's value is the next argument. */
export function takesValue(option: string): boolean {
  return LAUNCHER_OPTIONS_WITH_VALUE.has(option) || MODULE_OPTIONS_WITH_VALUE.has(option);
}

/**
 * Expands argument files and puts the options of `JDK_JAVA_OPTIONS` first.
 *
 * @param given as the shell gave them, without the command's own name
 * @throws LaunchError when a file cannot be read, or the variable holds what it may not; its `notes` are set
 */
export function expandArguments(given: readonly string[], environment: NodeJS.ProcessEnv): ExpandedArguments {
  const expansion = new Expansion();
  const notes: string[] = [];
  const { JDK_JAVA_OPTIONS: options } = environment;
  try {
    if (options !== undefined) {
      notes.push(`NOTE: Picked up JDK_JAVA_OPTIONS: ${options}`);
      addFromEnvironment(expansion, options);
    }
    for (const argument of given) expansion.add(argument);
  } catch (error) {
    if (error instanceof LaunchError) error.notes = notes;
    throw error;
  }
  return { arguments: expansion.list, notes };
}

/** The list as it grows, with what decides whether the next argument may be a file's name. */
class Expansion {
  readonly list: string[] = [];
  /** Whether what is run has been named: everything after it is the program's own. */
  hasMain = false;
  #stopped = false;
  #expectsValue = false;

  /** Adds an argument, or those of the file it names. */
  add(argument: string): void {
    if (this.hasMain || this.#stopped || argument.length < 2 || argument[0] !== '@') this.#addPlain(argument);
    // A doubled @ stands for one that is meant.
    else if (argument[1] === '@') this.#addPlain(argument.slice(1));
    // Files name no further files.
    else for (const word of splitFile(readArgumentFile(argument.slice(1)))) this.#addPlain(word);
  }

  #addPlain(argument: string): void {
    if (this.hasMain) {
      this.list.push(argument);
      return;
    }
    if (argument === DISABLE_FILES) {
      this.#stopped = true;
      return;
    }
    this.list.push(argument);
    if (argument.startsWith('-')) {
      // What follows -m is the program; after -jar options may come yet.
      this.#expectsValue = takesValue(argument) && argument !== '-m' && argument !== '--module';
      if (argument.startsWith('--module=')) this.hasMain = true;
    } else {
      if (!this.#expectsValue) this.hasMain = true;
      this.#expectsValue = false;
    }
  }
}

function addFromEnvironment(expansion: Expansion, text: string): void {
  for (const word of splitVariable(text)) {
    const before = expansion.list.length;
    expansion.add(word);
    for (const argument of expansion.list.slice(before)) {
      if (TERMINAL_OPTIONS.has(argument) || argument.startsWith('--module=')) {
        throw launcherError(`Error: Option ${argument} is not allowed in environment variable JDK_JAVA_OPTIONS`);
      }
    }
    if (expansion.hasMain) {
      throw launcherError('Error: Cannot specify main class in environment variable JDK_JAVA_OPTIONS');
    }
  }
}

/** The words of `JDK_JAVA_OPTIONS`: quotes of both kinds group, and nothing escapes. */
function splitVariable(text: string): string[] {
  const words = splitQuoted(text);
  if (words === undefined) throw launcherError('Error: Unmatched quote in environment variable JDK_JAVA_OPTIONS');
  return words;
}

/** Splits at white space outside quotes, which are dropped. Undefined where a quote is not closed. */
export function splitQuoted(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const char of text) {
    if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/[ \t\n\v\f\r]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

function readArgumentFile(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) throw launcherError(`Error: loading: ${path}`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw launcherError(`Error: could not open \`${path}'`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/**
 * The words of an argument file. White space separates; quotes of both kinds group, and inside them a backslash
 * escapes, at the end of a line joining the next without the blanks it begins with; outside them a `#` begins a
 * comment. A quote that is not closed ends with its line. All of it as JDK 17 does it, oddities too.
 */
export function splitFile(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  const end = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
    quote = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\n' || char === '\r') {
      end();
    } else if (quote !== '') {
      if (char === quote) {
        quote = '';
      } else if (char !== '\\') {
        word += char;
      } else if (at + 1 < text.length) {
        at++;
        if (text[at] === '\n' || text[at] === '\r') {
          while (at + 1 < text.length && /[ \t\n\r\f]/.test(text[at + 1])) at++;
        } else {
          word += ESCAPES[text[at]] ?? text[at];
        }
      }
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === ' ' || char === '\t' || char === '\f') {
      end();
    } else if (char === '#') {
      // In the middle of a word it takes the word with it.
      word = undefined;
      while (at + 1 < text.length && text[at + 1] !== '\n' && text[at + 1] !== '\r') at++;
    } else {
      word = (word ?? '') + char;
    }
  }
  // An empty word is one only where something follows it.
  if (word !== '') end();
  return words;
}
