/**
 * Natives of jdk.internal.util.SystemProps.Raw: the system properties of the VM and the user, and those of the platform.
 */
import { readFileSync } from 'node:fs';
import { arch, release, type as systemName, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import type { Vm } from '../../../../runtime/vm.js';
import { newStringArray } from '../../../arrays.js';
import { hostLocale } from '../../../locale.js';
import type { NativeTable } from '../../../registry.js';

/** Where JNI libraries are looked for when nothing else is said. */
const LIBRARY_PATH =
  '/usr/java/packages/lib:/usr/lib/x86_64-linux-gnu/jni:/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:' +
  '/usr/lib/jni:/lib:/usr/lib';

/** Places of the values in the array that `platformProperties` returns. */
const enum Place {
  DisplayCountry = 0,
  DisplayLanguage = 1,
  DisplayScript = 2,
  DisplayVariant = 3,
  FileEncoding = 4,
  FileSeparator = 5,
  FormatCountry = 6,
  FormatLanguage = 7,
  FormatScript = 8,
  FormatVariant = 9,
  TemporaryFolder = 18,
  LineSeparator = 19,
  OsArch = 20,
  OsName = 21,
  OsVersion = 22,
  PathSeparator = 23,
  DataModel = 28,
  Endian = 29,
  UnicodeEncoding = 31,
  NativeEncoding = 32,
  ErrorEncoding = 34,
  OutputEncoding = 35,
  UserFolder = 36,
  UserHome = 37,
  UserName = 38,
  Length = 39,
}

/** Feature version of the class library, from its release file. */
function featureVersion(javaHome: string): string {
  const text = readFileSync(join(javaHome, 'release'), 'utf8');
  const version = /^JAVA_VERSION="(\d+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`${join(javaHome, 'release')} says no JAVA_VERSION`);
  return version;
}

/** The version in our package.json, found above this file whether it runs from a package or a build. */
function ownVersion(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name: string;
        version: string;
      };
      if (manifest.name === 'scotty') return manifest.version;
    } catch {
      // No manifest in this folder.
    }
  }
  throw new Error('package.json of scotty is missing');
}

/** Properties of the VM and of the user; of a key given twice the last counts. */
export function vmProperties(vm: Vm): (readonly [string, string])[] {
  const { javaHome, classPath, properties, maxHeap } = vm.options;
  // Direct buffers live in a section of their own, which may be smaller than the heap.
  const direct = Math.min(maxHeap, vm.arena.nativeEnd - vm.arena.nativeStart);
  return [
    ['java.vm.specification.name', 'Java Virtual Machine Specification'],
    ['java.vm.specification.version', featureVersion(javaHome)],
    ['java.vm.specification.vendor', 'Oracle Corporation'],
    ['java.vm.version', ownVersion()],
    ['java.vm.name', 'Scotty VM'],
    ['java.vm.vendor', 'Scotty'],
    ['java.vm.info', vm.options.vmArguments.includes('-Xint') ? 'interpreted mode' : 'mixed mode'],
    ['jdk.debug', 'release'],
    ['sun.boot.library.path', join(javaHome, 'lib')],
    ['java.library.path', LIBRARY_PATH],
    ['java.home', javaHome],
    ['java.class.path', classPath],
    ...properties,
    ['jdk.boot.class.path.append', (vm.options.bootAppend ?? []).map((source) => source.description).join(':')],
    ['sun.nio.MaxDirectMemorySize', String(direct)],
  ];
}

/** Properties of the platform by place; `undefined`: unknown here. */
function platformProperties(): (string | undefined)[] {
  const values = new Array<string | undefined>(Place.Length).fill(undefined);
  const format = hostLocale('LC_CTYPE', process.env);
  const display = hostLocale('LC_MESSAGES', process.env);
  values[Place.DisplayLanguage] = display.language;
  values[Place.DisplayScript] = display.script;
  values[Place.DisplayCountry] = display.country;
  values[Place.DisplayVariant] = display.variant;
  values[Place.FormatLanguage] = format.language;
  values[Place.FormatScript] = format.script;
  values[Place.FormatCountry] = format.country;
  values[Place.FormatVariant] = format.variant;
  values[Place.FileEncoding] = format.encoding;
  values[Place.NativeEncoding] = format.encoding;
  if (isatty(1)) values[Place.OutputEncoding] = format.encoding;
  if (isatty(2)) values[Place.ErrorEncoding] = format.encoding;
  values[Place.FileSeparator] = '/';
  values[Place.PathSeparator] = ':';
  values[Place.LineSeparator] = '\n';
  values[Place.TemporaryFolder] = '/tmp';
  values[Place.OsName] = systemName();
  values[Place.OsVersion] = release();
  values[Place.OsArch] = arch() === 'x64' ? 'amd64' : arch() === 'arm64' ? 'aarch64' : arch();
  values[Place.DataModel] = '64';
  values[Place.Endian] = 'little';
  values[Place.UnicodeEncoding] = 'UnicodeLittle';
  values[Place.UserFolder] = process.cwd();
  try {
    const { username, homedir } = userInfo();
    values[Place.UserName] = username;
    values[Place.UserHome] = homedir;
  } catch {
    // A user id without an entry in the user database: Java then says '?'.
    values[Place.UserName] = '?';
    values[Place.UserHome] = process.env.HOME ?? '?';
  }
  return values;
}

export const natives: NativeTable = {
  'vmProperties()[Ljava/lang/String;': (t) => {
    const flat = vmProperties(t.vm).flat();
    return newStringArray(t.vm, [...flat, null, null]);
  },
  'platformProperties()[Ljava/lang/String;': (t) => newStringArray(t.vm, platformProperties()),
};
