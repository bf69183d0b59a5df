/**
 * Finds the JDK or JRE whose class library is used.
 *
 * In this order: the folder the user names, `JAVA_HOME`, the `java` on `PATH`, the platform's usual places. A folder
 * the user names must do; of the others, those of a version that is not supported are passed over and named in the
 * message when nothing else is found.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Feature versions whose library runs, the preferred one first. */
export const SUPPORTED_RELEASES: readonly number[] = [17];

/** A JDK or JRE. */
export interface JavaHome {
  /** Its folder, symbolic links resolved. */
  home: string;
  /** Feature version: 17. */
  version: number;
  /** `JAVA_VERSION`, such as `17.0.15`. */
  versionString: string;
  /** `JAVA_RUNTIME_VERSION`, such as `17.0.15+6-Debian-1deb12u1`; `versionString` where the release file has none. */
  runtimeVersion: string;
  /** `JAVA_VERSION_DATE`, such as `2025-04-15`; empty where the release file has none. */
  versionDate: string;
  /** `IMPLEMENTOR`, such as `Debian`; empty where the release file has none. */
  vendor: string;
  /** Everything of the release file by name. */
  release: Readonly<Record<string, string>>;
}

/** No class library of a supported version was found. */
export class JavaHomeError extends Error {
  override readonly name = 'JavaHomeError';
}

const HOW_TO_GET_ONE =
  'On Debian and Ubuntu: apt-get install openjdk-17-jre-headless. Elsewhere install a JDK or JRE 17, and name its ' +
  'folder with --java-home or JAVA_HOME.';

/**
 * Finds a JDK or JRE of a supported version.
 *
 * @param explicit the folder the user names; nothing else is then tried
 * @param environment where `JAVA_HOME` and `PATH` are looked up
 * @throws JavaHomeError when there is none; its message says what was looked at, and how to get one
 */
export function findJavaHome(explicit?: string, environment: NodeJS.ProcessEnv = process.env): JavaHome {
  if (explicit !== undefined) {
    const found = describe(explicit);
    if (typeof found === 'string') throw new JavaHomeError(`${found}. ${HOW_TO_GET_ONE}`);
    if (!isSupported(found)) throw new JavaHomeError(`${unsupported(found)}. ${HOW_TO_GET_ONE}`);
    return found;
  }
  const refused: string[] = [];
  const { JAVA_HOME } = environment;
  const named = JAVA_HOME ? [JAVA_HOME] : [];
  const onPath = homeOfCommand(environment.PATH ?? '');
  if (onPath !== undefined) named.push(onPath);
  for (const place of named) {
    const found = describe(place);
    if (typeof found !== 'string' && isSupported(found)) return found;
    refused.push(typeof found === 'string' ? found : unsupported(found));
  }
  const usual: JavaHome[] = [];
  for (const place of usualPlaces()) {
    const found = describe(place);
    if (typeof found === 'string') continue;
    if (isSupported(found)) usual.push(found);
    else refused.push(unsupported(found));
  }
  usual.sort((a, b) => SUPPORTED_RELEASES.indexOf(a.version) - SUPPORTED_RELEASES.indexOf(b.version));
  if (usual.length > 0) return usual[0];
  const seen = refused.length > 0 ? ` (${[...new Set(refused)].join('; ')})` : '';
  throw new JavaHomeError(
    `no Java class library of version ${SUPPORTED_RELEASES.join(', ')} found${seen}. ${HOW_TO_GET_ONE}`,
  );
}

function isSupported(found: JavaHome): boolean {
  return SUPPORTED_RELEASES.includes(found.version);
}

function unsupported(found: JavaHome): string {
  return `${found.home} is Java ${found.versionString}; supported is ${SUPPORTED_RELEASES.join(', ')}`;
}

/** What is in a folder, or why it is no JDK or JRE. */
function describe(place: string): JavaHome | string {
  let home: string;
  try {
    home = realpathSync(place);
  } catch {
    return `${place} does not exist`;
  }
  let text: string;
  try {
    text = readFileSync(join(home, 'release'), 'utf8');
  } catch {
    return `${place} is no JDK or JRE: it has no file 'release'`;
  }
  if (!['lib/modules', 'jmods', 'modules'].some((name) => statSync(join(home, name), { throwIfNoEntry: false }))) {
    return `${place} has no class library: neither lib/modules nor jmods nor modules`;
  }
  const release: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, name, value] = /^([A-Z_]+)="?(.*?)"?\s*$/.exec(line) ?? [];
    if (name !== undefined) release[name] = value;
  }
  const { JAVA_VERSION: versionString } = release;
  if (versionString === undefined) return `${place}/release does not say JAVA_VERSION`;
  // Until 8 the version was 1.8.0.
  const version = Number(/^(?:1\.)?(\d+)/.exec(versionString)?.[1]);
  if (Number.isNaN(version)) return `${place}/release has no version Scotty understands: ${versionString}`;
  return {
    home,
    version,
    versionString,
    runtimeVersion: release.JAVA_RUNTIME_VERSION ?? versionString,
    versionDate: release.JAVA_VERSION_DATE ?? '',
    vendor: release.IMPLEMENTOR ?? '',
    release,
  };
}

/** The folder two above the `java` that `PATH` leads to. */
function homeOfCommand(path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    try {
      return dirname(dirname(realpathSync(join(folder, process.platform === 'win32' ? 'java.exe' : 'java'))));
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Where the platforms' package managers and installers put JDKs. */
function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    return listFolder('/Library/Java/JavaVirtualMachines').map((path) => join(path, 'Contents', 'Home'));
  }
  if (process.platform === 'win32') {
    return ['C:\\Program Files\\Java', 'C:\\Program Files\\Eclipse Adoptium'].flatMap(listFolder);
  }
  return ['/usr/lib/jvm', '/usr/java', '/opt/java', '/opt'].flatMap(listFolder);
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path)
      .sort()
      .map((name) => join(path, name));
  } catch {
    return [];
  }
}
