/**
 * Messages of NullPointerExceptions against the machine's `java`: a program raises one in every way there is and prints
 * where and with what message; the same message must come from the bytecode of that line. Compiled with and without
 * debug information, since the names of locals come from there.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseClass, walkCode } from '../../../src/jvm/classfile/index.js';
import { nullPointerMessage } from '../../../src/jvm/runtime/helpful-npe.js';
import { Method } from '../../../src/jvm/runtime/java-class.js';
import { lineNumberOf } from '../../../src/jvm/runtime/stack-walk.js';
import { compileJava, findJdk, ROOT, runJava } from '../jdk.js';

const jdk = findJdk();
const source = join(ROOT, 'test', 'jvm', 'runtime', 'NullMessages.java');

/** Messages by `class|method|line`: those of every bytecode that can raise the exception. */
function messagesIn(folder: string): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.class')) continue;
    const classFile = parseClass(new Uint8Array(readFileSync(join(folder, file))));
    for (const info of classFile.methods) {
      const { code } = info;
      if (code === undefined) continue;
      const method = new Method(null as never, info.name, info.descriptor, info.accessFlags, info, 0);
      walkCode(code.bytes, (bci) => {
        const message = nullPointerMessage(classFile.pool, method, bci);
        if (message === undefined) return;
        const key = `${classFile.name}|${info.name}|${lineNumberOf(method, bci)}`;
        all.set(key, (all.get(key) ?? new Set()).add(message));
      });
    }
  }
  return all;
}

for (const debug of ['-g', '-g:none']) {
  test(`messages of null dereferences, compiled with ${debug}`, { skip: typeof jdk === 'string' && jdk }, async () => {
    assert(typeof jdk !== 'string');
    const [folder] = compileJava(jdk, [
      { name: `NullMessages${debug.replace(':', '-')}`, files: [source], options: [debug] },
    ]);
    const { stdout, stderr } = await runJava(jdk, ['-cp', folder!, 'NullMessages']);
    assert.equal(stderr, '');
    const computed = messagesIn(folder!);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, 67);
    for (const line of lines) {
      const [, owner, method, lineNumber, message] = line.split('|');
      if (!owner!.startsWith('NullMessages') || message === 'null' || message === 'own') continue;
      const here = computed.get(`${owner}|${method}|${lineNumber}`);
      assert(here?.has(message!), `${line}\nhere: ${[...(here ?? [])].join('\n      ')}`);
    }
  });
}
