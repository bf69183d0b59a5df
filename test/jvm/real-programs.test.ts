/**
 * Java programs nobody here wrote, from the system's packages: the Eclipse compiler, Rhino, BeanShell and ANTLR. Under
 * Scotty each must write what it writes under `java`, end with the same exit code and leave the same files.
 */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { compileJava, describeOutcome, findJdk, type Jdk, type Outcome, ROOT, runJava, runScotty } from './jdk.js';

const JARS = '/usr/share/java';
const SOURCES = join(ROOT, 'test', 'jvm', 'real');
const PROGRAMS = join(ROOT, 'test', 'jvm', 'programs');

/** Seconds: these programs are large, and Scotty may be interpreting on a busy machine. */
const TIMEOUT = 400;

const jdk = findJdk();

/** The class path of jars, or why there is none. Each may be one of several: names differ between releases. */
function classPathOf(...wanted: readonly (readonly string[])[]): { path: string } | { missing: string } {
  const found: string[] = [];
  for (const names of wanted) {
    const jar = names.map((name) => join(JARS, name)).find((path) => existsSync(path));
    if (jar === undefined) return { missing: `${JARS} has no ${names.join(' or ')}` };
    found.push(jar);
  }
  return { path: found.join(delimiter) };
}

/** Files below a folder and their contents, by relative path. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true }) as string[];
  return new Map(
    files
      .filter((file) => statSync(join(folder, file)).isFile())
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), 'latin1')]),
  );
}

type Runner = (jdk: Jdk, args: readonly string[], options: { cwd: string; timeout: number }) => Promise<Outcome>;

/** A parent for the folders that things run in: messages name files by whole paths, so both need the same one. */
const PARENT = mkdtempSync(join(tmpdir(), 'scotty-real-'));
after(() => rmSync(PARENT, { recursive: true, force: true }));

/** A folder, always of the same name, with copies of `files` in which something is run; it is deleted afterwards. */
async function inFolder<T>(files: readonly string[], use: (folder: string) => Promise<T>, name = 'work'): Promise<T> {
  const folder = join(PARENT, name);
  mkdirSync(folder);
  try {
    for (const file of files) copyFileSync(file, join(folder, file.slice(file.lastIndexOf('/') + 1)));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program in a fresh folder under both and compares output, exit code and all files. */
async function compare(
  jdk: Jdk,
  args: readonly string[],
  files: readonly string[],
  next?: (runner: Runner, folder: string) => Promise<Outcome>,
): Promise<Outcome> {
  const under = (runner: Runner) =>
    inFolder(files, async (cwd) => {
      const outcome = await runner(jdk, args, { cwd, timeout: TIMEOUT });
      const left = contents(cwd);
      const second = next && (await next(runner, cwd));
      return { outcome, left, second };
    });
  const expected = await under(runJava);
  const actual = await under(runScotty);
  assert.equal(describeOutcome(actual.outcome), describeOutcome(expected.outcome));
  assert.deepEqual([...actual.left.keys()], [...expected.left.keys()]);
  for (const [file, text] of expected.left) assert.ok(actual.left.get(file) === text, `${file} differs`);
  if (expected.second !== undefined && actual.second !== undefined) {
    assert.equal(describeOutcome(actual.second), describeOutcome(expected.second));
  }
  return expected.outcome;
}

describe('programs of others', { skip: typeof jdk === 'string' ? jdk : false }, () => {
  if (typeof jdk === 'string') return;

  const ecj = classPathOf(['eclipse-jdt-core.jar', 'ecj.jar']);
  const compiler = 'org.eclipse.jdt.internal.compiler.batch.Main';
  const noEcj = 'missing' in ecj ? ecj.missing : false;
  for (const program of ['JsonProgram', 'Lambdas', 'Records']) {
    test(`ecj compiles ${program}, and the result runs`, { skip: noEcj }, async () => {
      if ('missing' in ecj) return;
      const args = ['-cp', ecj.path, compiler, '-17', '-proc:none', '-nowarn', '-d', 'out', `${program}.java`];
      const { status } = await compare(jdk, args, [join(PROGRAMS, `${program}.java`)], (runner, cwd) =>
        runner(jdk, ['-cp', 'out', program], { cwd, timeout: TIMEOUT }),
      );
      assert.equal(status, 0);
    });
  }
  test('ecj refuses a source with errors', { skip: noEcj }, async () => {
    if ('missing' in ecj) return;
    const args = ['-cp', ecj.path, compiler, '-17', '-proc:none', '-d', 'out', 'Broken.java'];
    const { status, stderr } = await compare(jdk, args, [join(SOURCES, 'Broken.java')]);
    assert.notEqual(status, 0);
    assert.match(stderr, /problems/);
  });

  const rhino = classPathOf(['rhino.jar', 'js.jar']);
  for (const level of ['-1', '9']) {
    const how = level === '-1' ? 'interpreted' : 'compiled';
    test(`rhino evaluates a script, ${how}`, { skip: 'missing' in rhino ? rhino.missing : false }, async () => {
      if ('missing' in rhino) return;
      const main = 'org.mozilla.javascript.tools.shell.Main';
      const args = ['-cp', rhino.path, main, '-opt', level, '-version', '200', 'script.js'];
      const { stdout } = await compare(jdk, args, [join(SOURCES, 'script.js')]);
      assert.match(stdout, /run by Java/);
    });
  }

  const bsh = classPathOf(['bsh.jar']);
  test('BeanShell evaluates a script', { skip: 'missing' in bsh ? bsh.missing : false }, async () => {
    if ('missing' in bsh) return;
    const { stdout } = await compare(
      jdk,
      ['-cp', bsh.path, 'bsh.Interpreter', 'script.bsh'],
      [join(SOURCES, 'script.bsh')],
    );
    assert.match(stdout, /expected/);
  });

  const antlr = classPathOf(
    ['antlr4.jar'],
    ['antlr4-runtime.jar'],
    ['antlr3-runtime.jar', 'antlr-runtime.jar'],
    ['stringtemplate4.jar', 'ST4.jar'],
    ['treelayout.jar'],
    ['javax.json.jar'],
    ['icu4j.jar'],
  );
  test('antlr4 generates a parser, and the parser runs', {
    skip: 'missing' in antlr ? antlr.missing : false,
  }, async () => {
    if ('missing' in antlr) return;
    const grammar = join(SOURCES, 'Calc.g4');
    const args = ['-cp', antlr.path, 'org.antlr.v4.Tool', '-visitor', 'Calc.g4'];
    const { status } = await compare(jdk, args, [grammar]);
    assert.equal(status, 0);
    // Both generate the same sources, so one compilation does for both.
    await inFolder(
      [grammar, join(SOURCES, 'CalcMain.java')],
      async (cwd) => {
        await runJava(jdk, args, { cwd, timeout: TIMEOUT });
        const files = readdirSync(cwd).filter((file) => file.endsWith('.java'));
        const sources = { name: 'Calc', files: files.map((file) => join(cwd, file)), options: ['-cp', antlr.path] };
        const [classes] = compileJava(jdk, [sources]);
        const run = ['-cp', `${classes}${delimiter}${antlr.path}`, 'CalcMain'];
        const { stdout } = await compare(jdk, run, []);
        assert.match(stdout, /3:|1:4/);
      },
      'generated',
    );
  });
});
