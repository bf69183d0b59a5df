/**
 * What the launcher looks at before there is a machine: whether the file after `-jar` can be read, is a jar, and has a
 * manifest. What the manifest says is for the library to judge.
 */
import { accessSync, constants } from 'node:fs';
import { ZipFile } from '../../jvm/library/index.js';

/** What is wrong with a jar that shall be run, in the words of `java`; undefined where nothing is. */
export function findJarFault(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    return `Unable to access jarfile ${path}`;
  }
  return hasManifest(path) ? undefined : `Invalid or corrupt jarfile ${path}`;
}

function hasManifest(path: string): boolean {
  let jar: ZipFile | undefined;
  try {
    jar = ZipFile.open(path);
    return jar.find('META-INF/MANIFEST.MF') !== undefined;
  } catch {
    // Whatever is wrong with it, the launcher has one message for.
    return false;
  } finally {
    jar?.close();
  }
}
