/**
 * Where the tests find the conformance data, which is not part of this repository: `SCOTTY_VECTORS`, else
 * `shared/vectors` beside the repository. Tests that need it say that they are skipped where it is absent; with `CI` set
 * they fail instead.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder; this file runs from `dist/test`. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const folder = process.env.SCOTTY_VECTORS ?? join(ROOT, '..', 'shared', 'vectors');

/** Files of one kind of data, sorted. */
export interface VectorFiles {
  readonly paths: readonly string[];
  /** Why there are none, for a test's `skip` option; false where there are some. */
  readonly skip: string | false;
}

/** The files of a folder of the conformance data. */
export function vectorFiles(name: 'pvm' | 'jam-traces'): VectorFiles {
  const path = join(folder, name);
  const paths = existsSync(path)
    ? readdirSync(path)
        .sort()
        .map((file) => join(path, file))
    : [];
  // In CI a missing folder is a broken set-up, not a reason to test less.
  if (paths.length === 0 && process.env.CI) throw new Error(`no conformance data at ${path} (set SCOTTY_VECTORS)`);
  return { paths, skip: paths.length === 0 && `no conformance data at ${path} (set SCOTTY_VECTORS)` };
}
