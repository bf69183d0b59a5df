/**
 * The command line of `scotty java`: what it refuses and what it understands, compared with the machine's `java` in
 * both cases, and the few places where it differs on purpose.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { splitFile, splitQuoted } from '../../src/cli/java/arguments.js';
import { LaunchError } from '../../src/cli/java/launch-error.js';
import { type LaunchPlan, planLaunch } from '../../src/cli/java/options.js';
import { parseNumber } from '../../src/cli/java/sizes.js';
import { findJavaHome } from '../../src/jvm/library/java-home.js';

const folder = mkdtempSync(join(tmpdir(), 'scotty-options-'));
const started = process.cwd();
before(() => process.chdir(folder));
after(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

/** The folder of a JDK with a compiler, or why there is none. */
function findJdk(): { home: string } | { why: string } {
  try {
    const { home } = findJavaHome();
    return existsSync(join(home, 'bin', 'javac')) ? { home } : { why: `${home} has no javac` };
  } catch (error) {
    return { why: (error as Error).message };
  }
}

const jdk = findJdk();
if ('why' in jdk && process.env.CI) throw new Error(jdk.why);
const skip = 'why' in jdk ? jdk.why : false;
const homePath = 'home' in jdk ? jdk.home : '';

type Environment = Record<string, string>;

/** Runs the machine's Java. */
function java(args: readonly string[], environment: Environment = {}) {
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(join(homePath, 'bin', 'java'), args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, LC_ALL: 'C.UTF-8', ...environment },
  });
  return { status, stdout, stderr };
}

function plan(args: readonly string[], environment: Environment = {}): LaunchPlan {
  return planLaunch(args, environment);
}

/** How a command line is refused, as a process that ends so would show it. */
function refusal(args: readonly string[], environment: Environment = {}) {
  try {
    plan(args, environment);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    const stderr = error.notes.map((note) => `${note}\n`).join('') + error.error;
    return { status: error.exitCode, stdout: error.out, stderr };
  }
  return assert.fail(`${args.join(' ')} is not refused`);
}

const J = 'JDK_JAVA_OPTIONS';
const T = 'JAVA_TOOL_OPTIONS';

const REFUSED: readonly (readonly [args: readonly string[], environment?: Environment])[] = [
  [['-foo']],
  [['--foo']],
  [['--foo=bar', 'P']],
  [['-']],
  [['--']],
  [['-Xfoo', 'P']],
  [['-X:foo', 'P']],
  [['-XXfoo', 'P']],
  [['-eafoo', 'P']],
  [['-esafoo', 'P']],
  [['-prof', 'P']],
  [['-tm', 'P']],
  [['-minimal', 'P']],
  [['--enable-preview=1', 'P']],
  [['--dry-run=1', 'P']],
  [['--list-modules=x']],
  [['--list-modules', '-foo']],
  [['--illegal-access', 'P']],
  [['-foo', '-Xmx20z', 'P']],
  [['-Xmx20z', '-foo', 'P']],
  ...['-Xmx', '-Xmx10q', '-Xmx0', '-Xmx-5', '-Xmx5.5m', '-Xmx99999999999g', '-Xms', '-Xmsx', '-Xss', '-Xssx'].map(
    (option) => [[option, 'P']] as const,
  ),
  ...['-Xss2g', '-Xss1', '-Xss135k', '-Xmn', '-Xmnx', '-Xmx1', '-Xmx1m'].map((option) => [[option, 'P']] as const),
  [['-Xms64m', '-Xmx32m', 'P']],
  [['-XX:MaxHeapSize=20m', '-XX:InitialHeapSize=30m', 'P']],
  [['-XX:MaxHeapSize=abc', 'P']],
  [['-XX:MaxHeapSize=0', 'P']],
  [['-XX:MaxHeapSize', 'P']],
  [['-XX:+MaxHeapSize', 'P']],
  [['-XX:InitialHeapSize=x', 'P']],
  [['-XX:ThreadStackSize=x', 'P']],
  [['-XX:ThreadStackSize=100', 'P']],
  [['-XX:ThreadStackSize=2000000', 'P']],
  [['-XX:MaxRAMPercentage=x', 'P']],
  [['-XX:MaxRAMPercentage=150', 'P']],
  [['-XX:+MaxRAMPercentage', 'P']],
  [['-XX:MaxJavaStackTraceDepth=-1', 'P']],
  [['-XX:UseG1GC=3', 'P']],
  [['-XX:ShowCodeDetailsInExceptionMessages', 'P']],
  [['-XX:-ShowCodeDetailsInExceptionMessages=1', 'P']],
  [['-XX:ErrorFile', 'P']],
  [['-XX:-BytecodeVerificationRemote', 'P']],
  [['-XX:+UseG1GC', '-XX:+UseSerialGC', 'P']],
  [['-Xverify:foo', 'P']],
  [['-Xshare:foo', 'P']],
  [['-Xbootclasspath:foo', 'P']],
  [['-Xbootclasspath/p:foo', 'P']],
  [['-Xbootclasspath/a', 'P']],
  [['-cp']],
  [['-classpath']],
  [['-cp', '-version']],
  [['--class-path', '-x', 'P']],
  [['-m']],
  [['-m', '-x', 'P']],
  [['--module=', 'P']],
  [['-d']],
  [['--source']],
  [['--source', '-x', 'P']],
  [['--source=', 'P']],
  [['-p']],
  [['-p', '-x', 'P']],
  [['--module-path=', 'P']],
  [['--upgrade-module-path']],
  [['--upgrade-module-path=', 'P']],
  [['--add-opens']],
  [['--add-opens', '--add-opens', 'P']],
  ...['--add-exports', '--add-reads', '--add-modules', '--limit-modules', '--patch-module'].flatMap(
    (option) => [[[option]], [[`${option}=`, 'P']], [[option, option, 'P']]] as const,
  ),
  [['--patch-module', 'x', 'P']],
  [['@nope']],
  [['-jar', '@nope']],
  [['--module-path', '@nope', 'P']],
  [['@/tmp', 'P']],
  [['P'], { [J]: '-version' }],
  [['P'], { [J]: '-jar x' }],
  [['P'], { [J]: '-m x' }],
  [['P'], { [J]: '--module=x/y' }],
  [['P'], { [J]: '-Dx=1 --dry-run' }],
  [['P'], { [J]: 'P' }],
  [['P'], { [J]: '-Dx=@@a @@b' }],
  [['P'], { [J]: '@nope' }],
  [['P'], { [J]: '"-Dx=1' }],
  [['P'], { [J]: '-foo' }],
  [['P'], { [T]: '-foo' }],
  [['P'], { [T]: '-cp /x' }],
  [['P'], { [T]: '--add-modules java.sql' }],
  [['P'], { [T]: '"-Dx=1' }],
  [['-version'], { [T]: '-Xmx5z' }],
  [['P'], { _JAVA_OPTIONS: '-foo', [T]: '-Dx=1' }],
];

describe('refused as by java', { skip }, () => {
  for (const [args, environment = {}] of REFUSED) {
    test(`${JSON.stringify(environment).slice(1, -1)} ${args.join(' ')}`, () => {
      assert.deepEqual(refusal(args, environment), java(args, environment));
    });
  }
});

/** Prints what it was started with: words after each other's lengths, so that nothing in them can confuse. */
const PROBE = `
import java.util.*;

public class Probe {
  public static void main(String[] args) {
    print(List.of(args));
    print(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    var properties = new TreeMap<String, String>();
    for (var name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("x") || name.equals("java.class.path") || name.equals("sun.java.command")) {
        properties.put(name, System.getProperty(name));
      }
    }
    print(properties.keySet());
    print(properties.values());
  }

  static void print(Collection<String> words) {
    System.out.println(words.size());
    for (String word : words) System.out.println(Base64.getEncoder().encodeToString(word.getBytes()));
  }
}
`;

/** What the probe prints, by Java and from a plan. */
interface Seen {
  args: string[];
  inputArguments: string[];
  properties: Record<string, string>;
  notes: string;
}

function seenByJava(args: readonly string[], environment: Environment): Seen {
  const { status, stdout, stderr } = java(args, environment);
  assert.equal(status, 0, stdout + stderr);
  const lines = stdout.split('\n');
  const take = () => {
    const count = Number(lines.shift());
    return lines.splice(0, count).map((line) => Buffer.from(line, 'base64').toString());
  };
  const [words, inputArguments, names, values] = [take(), take(), take(), take()];
  const properties = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  const notes = stderr.replaceAll(/^OpenJDK 64-Bit Server VM warning/gm, 'Scotty warning');
  return { args: words, inputArguments, properties, notes };
}

function seenInPlan(args: readonly string[], environment: Environment): Seen {
  const found = plan(args, environment);
  const own = found.properties.filter(([name]) => name.startsWith('x') || name === 'sun.java.command');
  const properties = Object.fromEntries([...own, ['java.class.path', found.classPath]].sort());
  const notes = found.warnings.map((line) => `${line}\n`).join('');
  const programArguments = found.mode === 'source' ? found.args.slice(1) : found.args;
  return { args: programArguments, inputArguments: found.inputArguments, properties, notes };
}

/** Argument files: their text, and what else is on the command line. */
const FILES: readonly (readonly [text: string, ...more: string[]])[] = [
  ['-Dx=1 # comment\n-Dx2="a b\\tc" -Dx3=\'q "r"\'\n', 'Probe', '@file'],
  ['-Dx=1\nProbe a "b c" \'\' -x @af1 @@y\n', 'z'],
  ['-Dx="unterminated\nProbe'],
  ['', 'Probe'],
  ['-cp\n.\nProbe\n#c', '@nope', 'b'],
  ['-Dx="a\\n\\q\\\\z\\f"\r\nProbe z\r\n'],
  ['#c\n-Dx=1#2\nProbe'],
  ['-Dx="a""b"c Probe'],
  ['-Dx=a\\ Probe'],
  ['-Dx=a\\\n  Probe b'],
  ['-Dx="l1\\\n   l2" Probe'],
  ['-Dx="l1 \\\n\t\n l2" Probe'],
  ['-Dx="l1\\\r\n  l2" Probe'],
  ["-Dx='a\"b' Probe"],
  ['-Dx=a\'b\'"c"d Probe'],
  ['-Dx="" Probe ""'],
  ['-Dx="" Probe ""\n'],
  ['-Dx="a#b" Probe a#b c'],
  ['-Dx=1\fProbe'],
  ['-Dx=1 Probe "abc'],
  ['-cp', '.', 'Probe'],
  ['--add-modules java.sql', '@@', 'x'],
];

const UNDERSTOOD: readonly (readonly [args: readonly string[], environment?: Environment])[] = [
  [['Probe']],
  [['Probe', '-a', 'b c', '', '@nope', '-version']],
  [['-cp', '', 'Probe']],
  [['--class-path=', 'Probe']],
  [['--class-path=.', 'Probe', 'x']],
  [['-classpath', '/x:.', 'Probe']],
  [['-cp', '/x', '-cp', '.', 'Probe']],
  [['-cp', '/y', '-Djava.class.path=.', 'Probe']],
  [['Probe'], { CLASSPATH: '.:/x' }],
  [['-cp', '.', 'Probe'], { CLASSPATH: '/x' }],
  [['Probe'], { CLASSPATH: '' }],
  [['-Dx=1', '-Dx1', '-Dx2=', '-Dxa=b=c', '-Dx=2', 'Probe']],
  [['-Djdk.module.path=/x', '-Djdk.module.addopens.0=x', '-Dsun.java.command=x', 'Probe']],
  [['-ea:x', '-da:x...', '-esa', '-dsa', '-enableassertions:foo', '-disableassertions', 'Probe']],
  [['-ea:', '-enablesystemassertions', '-disablesystemassertions', 'Probe']],
  [['-mx20m', '-ms10m', '-ss512k', '-verify', '-debug', '-noclassgc', 'Probe']],
  [['-Xmx64M', '-Xms0', '-Xss0', '-Xmn8m', '-Xmx0x40m', '-Xint', '-Xbatch', '-Xmixed', 'Probe']],
  [['-noverify', 'Probe']],
  [['-Xverify:none', '-Xfuture', 'Probe']],
  [['-cs', '-splash:x', '-server', '-client', 'Probe']],
  [['-XX:+UseSerialGC', '-XX:MaxHeapSize=64m', '-XX:ThreadStackSize=1m', '-XX:MaxJavaStackTraceDepth=0x10', 'Probe']],
  [['-XX:+UnlockDiagnosticVMOptions', '-XX:-BytecodeVerificationRemote', '-XX:ErrorFile=x', 'Probe']],
  [['-XX:+IgnoreUnrecognizedVMOptions', '-XX:+Foo', '-Xfoo', '--foo', 'Probe']],
  [['--illegal-access=permit', '--enable-preview', 'Probe']],
  [['-verbose:foo', '-XX:+HeapDumpOnOutOfMemoryError', '-Xbootclasspath/a:/x', 'Probe']],
  [
    [
      ...['--add-opens', 'java.base/java.lang=ALL-UNNAMED', '--add-opens=java.base/java.util=ALL-UNNAMED'],
      ...['--add-exports', 'java.base/sun.nio.ch=ALL-UNNAMED', '--add-reads', 'java.base=ALL-UNNAMED'],
      ...['--add-modules', 'java.sql,java.xml', '--add-modules=ALL-SYSTEM', '--enable-native-access=ALL-UNNAMED'],
      ...['--limit-modules', 'java.sql,java.management,java.se', '-p', '/nope', '--upgrade-module-path', '/nope'],
      ...['--patch-module', 'java.sql=/nope', 'Probe'],
    ],
  ],
  [['Probe.java', '-a', 'b']],
  [['-cp', '/x', 'Probe.java']],
  [['--source', '17', 'Probe.java', 'x']],
  [['--source=16', 'Probe.java'], { CLASSPATH: '/x' }],
  [['Probe', 'a'], { [J]: '-Dx=1 "-Dx2=a b"' }],
  [['Probe'], { [J]: "-Dx='a b'c\\d" }],
  [['Probe'], { [J]: '   ' }],
  [['Probe', '@nope'], { [J]: '-cp .' }],
  [['-Dx=9', 'Probe'], { [T]: '-Dx=1 "-Dx2=a b" -Dx3="a\'b"c', _JAVA_OPTIONS: '-Dx4=1' }],
  [['-Dx=9', 'Probe'], { _JAVA_OPTIONS: '-Dx=1' }],
  [['Probe'], { [T]: '-Xmx64m', [J]: '-Xint' }],
  [['Probe'], { [T]: '' }],
];

describe('understood as by java', { skip }, () => {
  before(() => {
    writeFileSync(join(folder, 'Probe.java'), PROBE);
    const { status, stderr } = spawnSync(join(homePath, 'bin', 'javac'), ['Probe.java'], { cwd: folder });
    assert.equal(status, 0, stderr.toString());
  });

  for (const [args, environment = {}] of UNDERSTOOD) {
    test(`${JSON.stringify(environment).slice(1, -1)} ${args.join(' ')}`, () => {
      assert.deepEqual(seenInPlan(args, environment), seenByJava(args, environment));
    });
  }

  for (const [text, ...more] of FILES) {
    test(`an argument file of ${JSON.stringify(text)}`, () => {
      writeFileSync(join(folder, 'file'), text);
      const args = more[0] === '@@' ? ['@file', 'Probe', '@@', ...more.slice(1)] : ['@file', ...more];
      assert.deepEqual(seenInPlan(args, {}), seenByJava(args, {}));
    });
  }
});

describe('what is to be done', () => {
  const cases: readonly (readonly [string, Partial<LaunchPlan>])[] = [
    ['', { mode: 'help', outputTo: 'stderr', exitCode: 1 }],
    ['-cp x', { mode: 'help', exitCode: 1 }],
    ['-h -foo', { mode: 'help', outputTo: 'stderr', exitCode: 0 }],
    ['--help', { mode: 'help', outputTo: 'stdout' }],
    ['-X', { mode: 'help-extra', outputTo: 'stderr' }],
    ['--help-extra', { mode: 'help-extra', outputTo: 'stdout' }],
    ['-version -foo', { mode: 'version', outputTo: 'stderr' }],
    ['--version', { mode: 'version', outputTo: 'stdout' }],
    ['-fullversion', { mode: 'full-version', outputTo: 'stderr' }],
    ['--full-version x', { mode: 'full-version', outputTo: 'stdout' }],
    ['-showversion A', { mode: 'class', target: 'A', showVersion: 'stderr' }],
    ['-showversion --show-version A', { showVersion: 'stdout' }],
    ['-jar a.jar -ea x', { mode: 'jar', target: 'a.jar', args: ['-ea', 'x'], classPath: 'a.jar' }],
    ['-jar -ea a.jar x', { mode: 'jar', target: 'a.jar', args: ['x'] }],
    ['-cp x -jar a.jar', { mode: 'jar', classPath: 'a.jar' }],
    ['-m a.b/c.D -x y', { mode: 'module', target: 'a.b/c.D', args: ['-x', 'y'], classPath: '' }],
    ['--module=a.b x', { mode: 'module', target: 'a.b', args: ['x'] }],
    ['-jar -m a', { mode: 'module', target: 'a' }],
    ['--list-modules', { mode: 'list-modules' }],
    ['-d a.b', { mode: 'describe-module', target: 'a.b' }],
    ['--describe-module=a.b', { mode: 'describe-module', target: 'a.b' }],
    ['--validate-modules', { mode: 'validate-modules', properties: [['jdk.module.validation', 'true']] }],
    ['--natives', { mode: 'natives' }],
    ['--java-home /x --natives', { mode: 'natives', javaHome: '/x' }],
    ['--java-home=/x A', { mode: 'class', javaHome: '/x' }],
    ['--dry-run -Xdiag A', { dryRun: true, diagnose: true }],
    ['-XshowSettings A', { showSettings: 'all' }],
    ['-XshowSettings:vm A', { showSettings: 'vm' }],
    ['Nope.java', { mode: 'class', target: 'Nope.java' }],
  ];
  for (const [line, expected] of cases) {
    test(line === '' ? 'nothing' : line, () => {
      const found = plan(line === '' ? [] : line.split(' '));
      const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof LaunchPlan]]));
      assert.deepEqual(picked, expected);
    });
  }

  test('module options are numbered properties', () => {
    const line = '--add-modules a --add-modules b,c -p x -p y --add-opens=m/p=q --patch-module a=b -m m.n/K';
    assert.deepEqual(plan(line.split(' ')).properties, [
      ['jdk.module.addmods.0', 'a'],
      ['jdk.module.addmods.1', 'b,c'],
      ['jdk.module.path', 'y'],
      ['jdk.module.addopens.0', 'm/p=q'],
      ['jdk.module.patch.0', 'a=b'],
      ['jdk.module.main', 'm.n'],
      ['sun.java.command', 'm.n/K'],
      ['sun.java.launcher', 'SUN_STANDARD'],
    ]);
  });

  test('the machine’s options', () => {
    const line =
      '-Xmx1g -Xms16m -Xmn4m -Xss2m -ea -da:a... -ea:b.C -esa -verbose -Xlog:gc*,module=debug:stderr -Xverify -Xint ' +
      '-Xbootclasspath/a:x -Xbootclasspath/a:y:z --enable-preview -XX:-ShowCodeDetailsInExceptionMessages ' +
      '-XX:+DisableExplicitGC -XX:+ExitOnOutOfMemoryError -XX:MaxJavaStackTraceDepth=7 -XX:MaxRAMPercentage=12.5 A';
    assert.deepEqual(plan(line.split(' ')).vm, {
      maxHeap: 2 ** 30,
      maxHeapPercentage: 12.5,
      initialHeap: 2 ** 24,
      youngSize: 2 ** 22,
      stackSize: 2 ** 21,
      bootAppend: 'x:y:z',
      systemAssertions: true,
      assertions: [
        { on: true, what: null },
        { on: false, what: 'a...' },
        { on: true, what: 'b.C' },
      ],
      verboseClass: true,
      verboseGc: true,
      verboseModule: true,
      verboseTo: 'stderr',
      verify: 'all',
      interpretOnly: true,
      enablePreview: true,
      maxStackTraceDepth: 7,
      stackTraces: true,
      codeDetails: false,
      explicitGc: false,
      exitOnOutOfMemory: true,
      softReferenceMillisPerMiB: 1000,
    });
  });
});

describe('unlike java', () => {
  test('an unknown -XX flag is a warning', () => {
    assert.deepEqual(plan(['-XX:+Nope', '-XX:Other=3', 'A']).warnings, [
      'Scotty warning: Ignoring option -XX:+Nope; no such option is known',
      'Scotty warning: Ignoring option -XX:Other=3; no such option is known',
    ]);
  });

  test('--disable-@files does what its description says', () => {
    assert.equal(plan(['-Dx=1', '--disable-@files', '@nope', 'P']).target, '@nope');
    writeFileSync(join(folder, 'stop'), '--disable-@files -ea');
    assert.equal(plan(['@stop', '@nope']).target, '@nope');
  });

  test('what Scotty cannot do is refused by name', () => {
    for (const option of ['-javaagent:x.jar', '-agentlib:jdwp', '-agentpath:x', '-Xrunhprof', '-Xinternalversion']) {
      const { status, stdout } = refusal([option, 'A']);
      assert.equal(status, 1);
      assert.ok(stdout.includes(`Option ${option} cannot be used with Scotty: `), stdout);
    }
  });

  test('logs it has not are ignored with a warning', () => {
    assert.deepEqual(plan(['-Xlog:os+cpu', '-Xlog:class+load:file=x', '-Xloggc:y', 'A']).warnings, [
      "Scotty warning: Ignoring 'os+cpu' of option -Xlog:os+cpu; known are class+load, gc and module",
      'Scotty warning: Ignoring option -Xlog:class+load:file=x; logs go to stdout or stderr only',
      'Scotty warning: Ignoring the file of -Xloggc:y; the log goes to the standard output',
    ]);
  });

  test('--java-home needs a folder, and no variable says --natives', () => {
    assert.match(refusal(['--java-home']).stderr, /^Error: --java-home requires the folder of a JDK or JRE\n$/);
    assert.match(refusal(['A'], { [J]: '--natives' }).stderr, /Error: Option --natives is not allowed in environment/);
  });
});

test('words', () => {
  assert.deepEqual(splitQuoted(' a "b c"d \'e"f\' "" '), ['a', 'b cd', 'e"f', '']);
  assert.equal(splitQuoted('a "b'), undefined);
  assert.deepEqual(splitFile('a "b\\"" #c\n\'d\\\n  e\''), ['a', 'b"', 'de']);
});

test('sizes', () => {
  const cases: [string, number | undefined][] = [
    ['0', 0],
    ['10', 10],
    ['1k', 1024],
    ['2M', 2 ** 21],
    ['3g', 3 * 2 ** 30],
    ['1t', 2 ** 40],
    ['0x10k', 2 ** 14],
    ['16777215t', 16777215 * 2 ** 40],
    ['16777216t', undefined],
    ['', undefined],
    ['k', undefined],
    ['1kb', undefined],
    ['-1', undefined],
    [' 1', undefined],
    ['1.5m', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseNumber(text), expected, text);
});
