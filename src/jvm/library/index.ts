/** Where classes come from: the JDK's class library, and the user's directories and jars. */
export { type BootLibrary, type LibraryClass, openBootLibrary } from './boot-library.js';
export { DamagedFileError } from './file.js';
export { findJavaHome, type JavaHome, JavaHomeError, SUPPORTED_RELEASES } from './java-home.js';
export { RuntimeImage } from './jimage.js';
export {
  type ClassSource,
  DirectorySource,
  expandClassPath,
  JarSource,
  JmodSource,
  openClassPath,
  parseManifest,
} from './sources.js';
export { ZipFile } from './zip.js';
