/**
 * The suite of Java programs: each of `programs/*.java` is run by the machine's `java` and by Scotty, and must write the
 * same to both streams and end with the same exit code.
 *
 * A program is one file whose name is that of its main class. Comments at its top may say how it is run:
 *
 *   // vm: -Xmx64m -ea          options for the virtual machine
 *   // args: one two            arguments of the program
 *   // stdin: a\nb\n            its standard input, with JavaScript's escapes
 *   // javac: -parameters       options for the compiler
 *
 * Nothing is normalised before comparing: programs print nothing that differs between two runs of `java`.
 *
 *   npm test -- jvm/programs                         all of them
 *   SCOTTY_PROGRAMS=Records,Lambdas npm test -- …    those
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { compileJava, describeOutcome, findJdk, ROOT, runJava, runScotty } from './jdk.js';

interface JavaProgram {
  readonly name: string;
  readonly file: string;
  readonly vm: readonly string[];
  readonly args: readonly string[];
  readonly stdin: string;
  readonly javac: readonly string[];
}

/** Reads how a program wants to be run from the comments it opens with. */
function readProgram(folder: string, entry: string): JavaProgram {
  const file = join(folder, entry);
  const head = readFileSync(file, 'utf8').split('\n').slice(0, 12);
  const header = (key: string): string => {
    const line = head.find((text) => text.startsWith(`// ${key}: `));
    return line === undefined ? '' : line.slice(key.length + 5);
  };
  const words = (key: string): string[] => header(key).split(' ').filter(Boolean);
  const stdin = JSON.parse(`"${header('stdin').replaceAll('"', '\\"')}"`) as string;
  return {
    name: entry.replace(/\.java$/, ''),
    file,
    vm: words('vm'),
    args: words('args'),
    stdin,
    javac: words('javac'),
  };
}

/** All programs of the suite, by name. */
function readPrograms(): JavaProgram[] {
  const folder = join(ROOT, 'test', 'jvm', 'programs');
  const wanted = process.env.SCOTTY_PROGRAMS?.split(',');
  return readdirSync(folder)
    .filter((entry) => entry.endsWith('.java'))
    .sort()
    .map((entry) => readProgram(folder, entry))
    .filter(({ name }) => wanted === undefined || wanted.includes(name));
}

const jdk = findJdk();

describe('Java programs', { concurrency: 2, skip: typeof jdk === 'string' ? jdk : false }, () => {
  if (typeof jdk === 'string') return;
  const programs = readPrograms();
  const folders = compileJava(
    jdk,
    programs.map(({ name, file, javac }) => ({ name, files: [file], options: javac })),
  );
  programs.forEach(({ name, vm, args, stdin }, i) => {
    test(name, async () => {
      const command = [...vm, '-cp', folders[i] as string, name, ...args];
      const expected = await runJava(jdk, command, { stdin });
      const actual = await runScotty(jdk, command, { stdin });
      assert.equal(describeOutcome(actual), describeOutcome(expected));
    });
  });
});
