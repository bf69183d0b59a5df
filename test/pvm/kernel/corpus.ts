/** Where cases of past failures are kept: in the sources, also when the built files run from elsewhere. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inSources = join('test', 'pvm', 'kernel', 'corpus');
const besideBuild = fileURLToPath(new URL(`../../../../${inSources}`, import.meta.url));

/** The folder with one JSON case a file. */
export const kernelCorpusFolder = existsSync(besideBuild) ? besideBuild : inSources;
