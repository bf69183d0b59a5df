/**
 * The Java part of `npm run demo`: two programs by the command, called as `java` is, and one call from TypeScript.
 *
 * The programs are in `examples/java/examples.jar`, compiled beforehand, so that a Java runtime without a compiler is
 * enough; their sources lie beside it.
 */
import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { duration, type Style } from '../src/cli/terminal.js';
import { JavaHomeError, Jvm } from '../src/jvm/index.js';

const JAR = fileURLToPath(new URL('../../examples/java/examples.jar', import.meta.url));
const SCOTTY = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** How the demo prints. */
export interface Printer {
  say(text: string): void;
  readonly style: Style;
}

/** Runs `scotty java` and shows what it prints; false when it fails. */
function showCommand(args: readonly string[], { say, style }: Printer): boolean {
  const shown = args.map((arg) => (arg === JAR ? relative(process.cwd(), JAR) : arg));
  say(style.strong(`$ scotty java ${shown.join(' ')}`));
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCOTTY, 'java', ...args], { encoding: 'utf8' });
  say(`${stdout}${stderr}`.trimEnd());
  say(style.faint(`(${duration(performance.now() - start)}, with the start of the process)`));
  say('');
  if (status === 0) return true;
  say(style.bad(`scotty java ended with exit code ${status}`));
  return false;
}

/** Calls Java from this process; false when the answer is wrong. */
async function showCall({ say, style }: Printer): Promise<boolean> {
  say(style.strong('In this process, from TypeScript:'));
  const start = performance.now();
  const jvm = await Jvm.create({ classPath: JAR, maxHeap: '64m' });
  const up = performance.now();
  const list = await jvm.construct('java.util.ArrayList', ['Grace', 'Ada', 'Barbara']);
  await list.call('sort', (a: string, b: string) => a.length - b.length);
  const sorted = await list.text();
  const end = performance.now();
  await jvm.dispose();
  say(`an ArrayList sorted by a comparator in TypeScript: ${sorted}`);
  say(style.faint(`(the library was up after ${duration(up - start)}, the calls took ${duration(end - up)})`));
  return sorted === '[Ada, Grace, Barbara]';
}

/** Shows Java programs; false when one fails. Where there is no class library it says so, and that is no failure. */
export async function showJava(printer: Printer): Promise<boolean> {
  const { say, style } = printer;
  say('');
  say('Java programs, on the class library of the JDK or JRE found here.');
  say('');
  try {
    const commands = [['-version'], ['-jar', JAR], ['-cp', JAR, 'Mandelbrot', '64', '30']];
    // Looks for a class library first: without one there is nothing to show.
    const called = await showCall(printer);
    say('');
    return commands.map((args) => showCommand(args, printer)).every((good) => good) && called;
  } catch (error) {
    if (!(error instanceof JavaHomeError)) throw error;
    say(style.faint(`no Java programs: ${error.message}`));
    return true;
  }
}
