/**
 * Places that classes and resources come from, behind one interface: a directory, a jar, a jmod, a module of the
 * runtime image.
 *
 * A class path is a list of them, asked in turn. Everything is synchronous: a class is needed in the middle of an
 * instruction.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { plainBytes } from './file.js';
import type { RuntimeImage } from './jimage.js';
import { ZipFile } from './zip.js';

/** A place with classes and resources. Names have slashes and no leading one: `java/lang/Object.class`. */
export interface ClassSource {
  /** For messages and `-verbose:class`: the file or folder it is. */
  readonly description: string;
  /**
   * A resource's bytes.
   *
   * @throws DamagedFileError when the file it lies in is damaged
   */
  find(resource: string): Uint8Array | undefined;
  /** The names of everything in it, in no particular order. */
  names(): Iterable<string>;
  /** Closes what is open. */
  close(): void;
}

/** A folder with a class file for each class, in folders by package. */
export class DirectorySource implements ClassSource {
  constructor(readonly description: string) {}

  find(resource: string): Uint8Array | undefined {
    // `..` would leave the folder, and no class or resource has such a name.
    if (resource === '' || resource.split('/').includes('..')) return undefined;
    try {
      return plainBytes(readFileSync(join(this.description, resource)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG') return undefined;
      throw error;
    }
  }

  *names(): Generator<string> {
    const pending = [''];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      for (const entry of readdirSync(join(this.description, folder), { withFileTypes: true })) {
        const name = `${folder}${entry.name}`;
        const isFolder = entry.isSymbolicLink()
          ? statSync(join(this.description, name), { throwIfNoEntry: false })?.isDirectory()
          : entry.isDirectory();
        if (isFolder) pending.push(`${name}/`);
        else yield name;
      }
    }
  }

  close(): void {}
}

const VERSIONS = 'META-INF/versions/';
const MANIFEST = 'META-INF/MANIFEST.MF';
/** Oldest release a jar may have classes of its own for. */
const OLDEST_VERSIONED = 9;

/**
 * A jar. One whose manifest says `Multi-Release: true` may have entries for later releases below `META-INF/versions`;
 * the newest that is not newer than ours hides the ordinary one. A signed jar is read like any other: signatures are
 * for the library's own Java code to check.
 */
export class JarSource implements ClassSource {
  readonly description: string;
  readonly #zip: ZipFile;
  readonly #release: number;
  /** For a multi-release jar, the entry that serves a name where that is not the name itself. */
  readonly #versioned: ReadonlyMap<string, string> | undefined;

  /**
   * @param release feature version of the Java that is run, such as 17
   * @throws DamagedFileError when it is no zip file, Error when it cannot be opened
   */
  constructor(path: string, { release }: { release: number }) {
    this.description = path;
    this.#zip = ZipFile.open(path);
    this.#release = release;
    this.#versioned = this.manifest()['multi-release']?.toLowerCase() === 'true' ? this.#findVersioned() : undefined;
  }

  /** The main attributes of the jar's manifest by name in lower case; empty without one. */
  manifest(): Record<string, string> {
    const bytes = this.#zip.find(MANIFEST);
    return bytes === undefined ? {} : parseManifest(Buffer.from(bytes).toString('utf8'));
  }

  find(resource: string): Uint8Array | undefined {
    if (resource.endsWith('/')) return undefined;
    return this.#zip.find(this.#versioned?.get(resource) ?? resource);
  }

  *names(): Generator<string> {
    for (const name of this.#zip.names()) {
      if (!name.endsWith('/') && !(this.#versioned && name.startsWith(VERSIONS))) yield name;
    }
    for (const name of this.#versioned?.keys() ?? []) if (!this.#zip.has(name)) yield name;
  }

  close(): void {
    this.#zip.close();
  }

  #findVersioned(): Map<string, string> {
    const newest = new Map<string, number>();
    for (const name of this.#zip.names()) {
      if (!name.startsWith(VERSIONS) || name.endsWith('/')) continue;
      const slash = name.indexOf('/', VERSIONS.length);
      const digits = name.slice(VERSIONS.length, slash);
      const version = /^\d+$/.test(digits) ? Number(digits) : 0;
      const resource = name.slice(slash + 1);
      if (slash < 0 || version < OLDEST_VERSIONED || version > this.#release) continue;
      // What lies in META-INF is the same for all releases.
      if (resource.startsWith('META-INF/')) continue;
      if (version > (newest.get(resource) ?? 0)) newest.set(resource, version);
    }
    return new Map([...newest].map(([resource, version]) => [resource, `${VERSIONS}${version}/${resource}`]));
  }
}

/** The main section of a manifest: `Name: value` lines, a line that begins with a blank goes on with the one before. */
export function parseManifest(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  const [main] = text.replace(/\r\n?/g, '\n').split('\n\n', 1);
  for (const line of main.replace(/\n /g, '').split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) attributes[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return attributes;
}

/** The classes of a jmod, the form in which a JDK has its modules for linking; its other sections are not shown. */
export class JmodSource implements ClassSource {
  readonly description: string;
  readonly #zip: ZipFile;

  /** @throws DamagedFileError when it is no jmod */
  constructor(path: string) {
    this.description = path;
    this.#zip = ZipFile.open(path);
  }

  find(resource: string): Uint8Array | undefined {
    return resource.endsWith('/') ? undefined : this.#zip.find(`classes/${resource}`);
  }

  *names(): Generator<string> {
    for (const name of this.#zip.names()) {
      if (name.startsWith('classes/') && !name.endsWith('/')) yield name.slice('classes/'.length);
    }
  }

  close(): void {
    this.#zip.close();
  }
}

/** One module of the runtime image. Closing it leaves the image open, which others share. */
export class ImageModuleSource implements ClassSource {
  readonly description: string;

  constructor(
    readonly image: RuntimeImage,
    readonly module: string,
  ) {
    this.description = `jrt:/${module}`;
  }

  find(resource: string): Uint8Array | undefined {
    return this.image.find(`/${this.module}/${resource}`);
  }

  *names(): Generator<string> {
    const prefix = `/${this.module}/`;
    for (const name of this.image.names()) if (name.startsWith(prefix)) yield name.slice(prefix.length);
  }

  close(): void {}
}

/**
 * The entries of a class path, wildcards replaced: `dir/*` (or a lone `*`) stands for the jars in that folder, those
 * with a hidden name too, in the folder's order, as `java` does it. An empty entry is the current folder.
 *
 * @param path entries separated by the platform's separator, `:` or `;`
 */
export function expandClassPath(path: string): string[] {
  return path.split(delimiter).flatMap((entry) => {
    if (entry === '') return ['.'];
    if (!/(^|[\\/])\*$/.test(entry)) return [entry];
    const folder = entry.slice(0, -1);
    let names: string[];
    try {
      names = readdirSync(folder === '' ? '.' : folder);
    } catch {
      // Of a folder that is not there, the entry stays as it is, and like any entry that is not there it is passed
      // over.
      return [entry];
    }
    return names.filter((name) => /\.(jar|JAR)$/.test(name)).map((name) => `${folder}${name}`);
  });
}

/**
 * Opens the entries of a class path. Those that do not exist are passed over, as by `java`.
 *
 * @param path as after `-cp`
 * @param options.release feature version of the Java that is run, for multi-release jars
 * @param options.onDamaged what to do with a jar that cannot be read; without it the error is thrown. `java` passes
 *   over such a jar in silence.
 */
export function openClassPath(
  path: string,
  { release, onDamaged }: { release: number; onDamaged?: (path: string, error: Error) => void },
): ClassSource[] {
  const sources: ClassSource[] = [];
  for (const entry of expandClassPath(path)) {
    const status = statSync(entry, { throwIfNoEntry: false });
    if (status === undefined) continue;
    if (status.isDirectory()) {
      sources.push(new DirectorySource(entry));
      continue;
    }
    try {
      sources.push(entry.endsWith('.jmod') ? new JmodSource(entry) : new JarSource(entry, { release }));
    } catch (error) {
      if (onDamaged === undefined) throw error;
      onDamaged(entry, error as Error);
    }
  }
  return sources;
}
