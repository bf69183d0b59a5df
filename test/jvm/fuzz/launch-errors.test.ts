/** What cannot be run: wrong names, damaged inputs, unfit main methods, bad options. Scotty says and returns what `java` does. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { compileJava, describeOutcome, findJdk, runJava, runScotty } from '../jdk.js';

const jdk = findJdk();

const SOURCE = `
public class Fine { public static void main(String[] args) { System.out.println("fine " + args.length); } }
class NoMain { }
class InstanceMain { public void main(String[] args) { } }
class PrivateMain { private static void main(String[] args) { } }
class ReturningMain { public static int main(String[] args) { return 1; } }
class ThrowingMain { public static void main(String[] args) throws Exception { throw new Exception("out", new Error("in")); } }
class FailingInit { static { if (true) throw new IllegalStateException("init"); } public static void main(String[] args) { } }
class MissingSuper extends Gone { public static void main(String[] args) { } }
class MissingUse { public static void main(String[] args) { new Gone(); } }
class Gone { }
class Exits { public static void main(String[] args) { Runtime.getRuntime().exit(17); } }
`;

/** Command lines; files are below the working folder. */
const COMMANDS: readonly string[] = [
  '-cp classes Fine a b',
  '-cp classes Absent',
  '-cp classes fine',
  '-cp classes no/such/Class',
  '-cp classes Fine.class',
  '-cp classes NoMain',
  '-cp classes InstanceMain',
  '-cp classes PrivateMain',
  '-cp classes ReturningMain',
  '-cp classes ThrowingMain',
  '-cp classes FailingInit',
  '-cp classes MissingSuper',
  '-cp classes MissingUse',
  '-cp classes Exits',
  '-cp absent Fine',
  '-cp absent.jar Fine',
  '-cp damaged Empty',
  '-cp damaged Cut',
  '-cp damaged WrongName',
  '-cp damaged Magic',
  '-cp damaged Newer',
  '-cp damaged Garbage',
  '-cp empty.jar Fine',
  '-cp text.jar Fine',
  '-cp empty.jar:text.jar:classes Fine',
  '-jar absent.jar',
  '-jar classes',
  '-jar empty.jar',
  '-jar text.jar',
  '-jar classes/Fine.class',
  '-cp',
  '-unknown',
  '-Xunknown Fine',
  '--module absent.module',
  '-Xmx0x Fine',
  '-cp classes @absent.args',
];

describe('what cannot be launched', { concurrency: 2, skip: typeof jdk === 'string' ? jdk : false }, () => {
  if (typeof jdk === 'string') return;
  const folder = mkdtempSync(join(tmpdir(), 'scotty-launch-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const source = join(folder, 'Fine.java');
  writeFileSync(source, SOURCE);
  const [compiled] = compileJava(jdk, [{ name: 'LaunchErrors', files: [source] }]);
  const fine = readFileSync(join(compiled as string, 'Fine.class'));
  const classes = join(folder, 'classes');
  mkdirSync(classes);
  for (const [, name] of SOURCE.matchAll(/^(?:public )?class (\w+)/gm)) {
    if (name === 'Gone') continue;
    writeFileSync(join(classes, `${name}.class`), readFileSync(join(compiled as string, `${name}.class`)));
  }
  const damaged = join(folder, 'damaged');
  mkdirSync(damaged);
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(fine);
    copy[at] = value;
    return copy;
  };
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['damaged/Empty.class', new Uint8Array(0)],
    ['damaged/Cut.class', fine.subarray(0, 100)],
    ['damaged/WrongName.class', fine],
    ['damaged/Magic.class', changed(0, 0)],
    ['damaged/Newer.class', changed(7, 200)],
    ['damaged/Garbage.class', Buffer.from('no class at all')],
    ['empty.jar', new Uint8Array(0)],
    ['text.jar', Buffer.from('no jar at all\n')],
  ];
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);

  for (const command of COMMANDS) {
    test(command, async () => {
      const args = command.split(' ');
      const expected = await runJava(jdk, args, { cwd: folder });
      const actual = await runScotty(jdk, args, { cwd: folder });
      assert.equal(describeOutcome(actual), describeOutcome(expected));
    });
  }
});
