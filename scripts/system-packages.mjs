/**
 * What Scotty uses of the system's packages, and installing with apt-get what is missing of it: the C compiler that
 * `scotty pvm build` calls, a Java 17 whose class library `scotty java` runs on, and for the tests `javac` and the Java
 * programs of others that they run.
 *
 * Nothing fails where something cannot be installed: only what needs it does, and says so itself.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** First release of clang and LLD that will do; src/cli/pvm/clang.ts has the same. */
const OLDEST_CLANG = 18;
/** The release of Java whose library runs; src/jvm/library/java-home.ts has the same. */
const JAVA_RELEASE = 17;
/** What apt-get waits for a server, so that a machine without a network is told so soon. */
const APT_OPTIONS = ['-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=20', '-qq'];

/**
 * Something that may be missing. `packages`: sets of packages to try, in this order; `without`: what is left out if
 * there is none of them.
 */
const COMPILER = {
  name: 'clang and LLD',
  isPresent: () => hasTool('clang', process.env.SCOTTY_CLANG) && hasTool('ld.lld', process.env.SCOTTY_LLD),
  packages: [
    ['clang-19', 'lld-19'],
    ['clang-20', 'lld-20'],
    ['clang-18', 'lld-18'],
  ],
  without: 'what compiles C is left out',
};
const JAVA_RUNTIME = {
  name: `Java ${JAVA_RELEASE}`,
  isPresent: () => hasJava('lib/modules'),
  packages: [[`openjdk-${JAVA_RELEASE}-jre-headless`]],
  without: 'what runs Java is left out',
};
const JAVA_DEVELOPMENT = {
  name: `the compiler of Java ${JAVA_RELEASE}`,
  isPresent: () => hasJava('bin/javac'),
  packages: [[`openjdk-${JAVA_RELEASE}-jdk-headless`]],
  without: 'what compiles Java is left out',
};
/** Programs the tests run, by the jars they are in: which of them there is depends on the release of the system. */
const JAVA_PROGRAMS = [
  { name: 'the Eclipse compiler', jars: ['eclipse-jdt-core.jar', 'ecj.jar'], packages: [['ecj']] },
  { name: 'Rhino', jars: ['rhino.jar', 'js.jar'], packages: [['rhino']] },
  { name: 'BeanShell', jars: ['bsh.jar'], packages: [['bsh']] },
  { name: 'ANTLR 4', jars: ['antlr4.jar'], packages: [['antlr4']] },
].map(({ name, jars, packages }) => ({
  name,
  isPresent: () => jars.some((jar) => existsSync(join('/usr/share/java', jar))),
  packages,
  without: 'its tests are left out',
}));

/** Whether a program is installed under its name or its name with a release that will do. */
function hasTool(base, chosen) {
  if (chosen) return true;
  const names = [base, ...Array.from({ length: 13 }, (_, i) => `${base}-${OLDEST_CLANG + i}`)];
  return names.some((name) => {
    const { stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    return Number(/(?:clang version|LLD) (\d+)\./.exec(stdout ?? '')?.[1]) >= OLDEST_CLANG;
  });
}

/** Whether a Java of our release, where `scotty java` would look for it, has this file. */
function hasJava(file) {
  const homes = [process.env.JAVA_HOME];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const command = join(folder, 'java');
    if (existsSync(command)) homes.push(dirname(dirname(realpathSync(command))));
  }
  const usual = '/usr/lib/jvm';
  if (existsSync(usual)) homes.push(...readdirSync(usual).map((name) => join(usual, name)));
  return homes.some((home) => {
    if (!home || !existsSync(join(home, 'release')) || !existsSync(join(home, file))) return false;
    const version = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(join(home, 'release'), 'utf8'))?.[1];
    return Number(version) === JAVA_RELEASE && existsSync(join(home, 'lib', 'modules'));
  });
}

/** Runs apt-get as root; whether it succeeded. */
function aptGet(...args) {
  const command = ['apt-get', ...APT_OPTIONS, ...args];
  const [program, ...rest] = process.getuid() === 0 ? command : ['sudo', '-n', ...command];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, rest, { stdio: ['ignore', 2, 2], env }).status === 0;
}

/** Why nothing can be installed here, or undefined where it can. */
function obstacle() {
  if (process.env.SCOTTY_NO_INSTALL) return 'SCOTTY_NO_INSTALL is set';
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version']).status !== 0) return 'there is no apt-get';
  if (process.getuid() !== 0 && spawnSync('sudo', ['-n', 'true']).status !== 0) {
    return 'installing needs root, or sudo without a password';
  }
  return undefined;
}

/**
 * Installs what is missing.
 *
 * @param say tells the user what is done
 * @param options.compiler the C compiler
 * @param options.java 'runtime': a Java to run on; 'development': one with javac
 * @param options.javaPrograms the Java programs that the tests run
 */
export function installSystemPackages(say, { compiler = false, java, javaPrograms = false }) {
  const wanted = [];
  if (compiler) wanted.push(COMPILER);
  if (java === 'runtime') wanted.push(JAVA_RUNTIME);
  if (java === 'development') wanted.push(JAVA_DEVELOPMENT);
  if (javaPrograms) wanted.push(...JAVA_PROGRAMS);
  const missing = wanted.filter(({ isPresent }) => !isPresent());
  if (missing.length === 0) return;
  const goOn = (why, { name, without }) => say(`${why}: going on without ${name}; ${without}`);
  const why = obstacle();
  if (why !== undefined) {
    for (const one of missing) goOn(why, one);
    return;
  }
  const names = missing.map(({ name }) => name).join(', ');
  say(`missing: ${names}; asking apt-get for its list of packages (apt-get update)`);
  aptGet('update');
  for (const one of missing) {
    const packages = one.packages.find((set) =>
      set.every((name) => spawnSync('apt-cache', ['show', name]).status === 0),
    );
    if (packages === undefined) {
      goOn(`apt-get offers none of ${one.packages.flat().join(', ')}`, one);
      continue;
    }
    say(`installing system packages: ${packages.join(', ')} (apt-get install)`);
    if (!aptGet('install', '-y', '--no-install-recommends', ...packages)) goOn('apt-get could not install them', one);
  }
}
