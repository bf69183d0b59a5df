/**
 * The machine's JDK for tests: finds it, compiles programs with it, and runs them under its `java` and under Scotty.
 *
 * HotSpot is the oracle of everything on the Java side, so its answers are taken live and never stored. What is kept,
 * below `dist/java-programs`, is compiled classes in folders named after a hash of what they were compiled from.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder; this file runs from `dist/test/jvm`. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const CLASSES = join(ROOT, 'dist', 'java-programs');
/** The `scotty` command of this build. */
export const SCOTTY = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** A JDK with a compiler. */
export interface Jdk {
  readonly home: string;
  readonly java: string;
}

/** The oldest release whose language the programs use. */
const OLDEST_JDK = 17;

/** The JDK of `JAVA_HOME` or of the `java` on the `PATH`; why there is none, where there is none. */
export function findJdk(): Jdk | string {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'java'));
  const found = onPath.find((path) => existsSync(path));
  const home = process.env.JAVA_HOME ?? (found && dirname(dirname(realpathSync(found))));
  if (!home) return 'there is no java on the PATH, and JAVA_HOME is not set';
  const java = join(home, 'bin', 'java');
  if (!existsSync(java)) return `${home} has no bin/java`;
  if (!existsSync(join(home, 'bin', 'javac'))) return `${home} is a Java runtime without javac`;
  const release = readFileSync(join(home, 'release'), 'utf8');
  const version = Number(/^JAVA_VERSION="(\d+)/m.exec(release)?.[1]);
  return version >= OLDEST_JDK ? { home, java } : `${home} is Java ${version}: the tests need ${OLDEST_JDK} or newer`;
}

/** Something to compile into a folder of its own. */
export interface JavaSources {
  readonly name: string;
  /** Paths of the source files. */
  readonly files: readonly string[];
  /** Options for javac. */
  readonly options?: readonly string[];
}

/**
 * Compiles what has changed since it was compiled last.
 *
 * @returns the folder of classes of each, in the order given
 * @throws Error with javac's messages
 */
export function compileJava(jdk: Jdk, programs: readonly JavaSources[]): string[] {
  const folders = programs.map(({ name, files, options = [] }) => {
    const hash = createHash('sha256').update(`${jdk.home}\0${options.join(' ')}\0`);
    for (const file of files) hash.update(`${basename(file)}\0`).update(readFileSync(file));
    return join(CLASSES, `${name}-${hash.digest('hex').slice(0, 16)}`);
  });
  const missing = folders.map((folder, i) => ({ folder, i })).filter(({ folder }) => !existsSync(folder));
  if (missing.length === 0) return folders;
  mkdirSync(CLASSES, { recursive: true });
  // Other test files may compile at the same time: each into a folder of its own, moved to its name when complete.
  const scratch = mkdtempSync(join(CLASSES, 'compiling-'));
  try {
    const lines = missing.map(({ i }) => {
      const { files, options = [] } = programs[i] as JavaSources;
      return [join(scratch, `${i}`), options.join(' '), ...files].join('\t');
    });
    const list = join(scratch, 'list');
    writeFileSync(list, `${lines.join('\n')}\n`);
    const driver = join(ROOT, 'test', 'jvm', 'compile', 'CompileEach.java');
    const { status, stdout, stderr } = spawnSync(jdk.java, ['-Xshare:auto', driver, list], {
      encoding: 'utf8',
      env: javaEnvironment(jdk),
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(`javac failed:\n${stdout}${stderr}`);
    for (const { folder, i } of missing) {
      if (!existsSync(folder)) renameSync(join(scratch, `${i}`), folder);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folders;
}

/** How a process ended and what it wrote. */
export interface Outcome {
  /** The exit code; null when a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a process runs. */
export interface RunOptions {
  /** The working folder; by default a fresh one that is deleted afterwards. */
  readonly cwd?: string;
  readonly stdin?: string;
  /** Beside the environment all tests share. */
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds after which the process is killed. */
  readonly timeout?: number;
}

/** The environment Java programs run in: nothing of it differs between users or machines. */
export function javaEnvironment(jdk: Jdk): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? tmpdir(),
    JAVA_HOME: jdk.home,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}

/** Options that make the oracle start faster and keep stack traces whole in hot code; no program sees them. */
const QUICK_JAVA = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Runs the machine's `java`. */
export function runJava(jdk: Jdk, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return run(jdk, jdk.java, [...QUICK_JAVA, ...args], options);
}

/** Runs `scotty java` of this build. */
export function runScotty(jdk: Jdk, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return run(jdk, process.execPath, [SCOTTY, 'java', ...args], options);
}

function run(jdk: Jdk, command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const { stdin = '', timeout = 120 } = options;
  const scratch = options.cwd === undefined ? mkdtempSync(join(tmpdir(), 'scotty-java-')) : undefined;
  const cwd = options.cwd ?? (scratch as string);
  return new Promise<Outcome>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...javaEnvironment(jdk), ...options.env },
      timeout: timeout * 1000,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program that reads nothing may be gone before its input is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      // Bytes as characters: output that is no valid UTF-8 must not compare equal to other such output.
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('latin1');
      resolve({ status, signal, stdout: text(stdout), stderr: text(stderr) });
    });
  }).finally(() => {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });
}

/** An outcome as text for comparing and for people: what differs is then found by a line-wise comparison. */
export function describeOutcome({ status, signal, stdout, stderr }: Outcome): string {
  const ending = signal === null ? `exit code ${status}` : `ended by ${signal}`;
  const decoded = (text: string): string => {
    const bytes = Buffer.from(text, 'latin1');
    const utf8 = bytes.toString('utf8');
    return Buffer.from(utf8).equals(bytes) ? utf8 : text;
  };
  return `${ending}\n--- stdout\n${decoded(stdout)}\n--- stderr\n${decoded(stderr)}`;
}
