/**
 * The rules between rooms: our own tree keeps them, and a tree that breaks one is caught — every rule, once.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './vectors.js';

function check(...args: string[]) {
  const result = spawnSync(process.execPath, [join(ROOT, 'scripts', 'check-rooms.mjs'), ...args], { encoding: 'utf8' });
  return { status: result.status, lines: result.stdout.trim().split('\n') };
}

/** Checks a tree of the given files. */
function checkFiles(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'scotty-rooms-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, 'src', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return check(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('this repository keeps the rules', () => {
  assert.deepEqual(check(), { status: 0, lines: ['rooms: every import is allowed'] });
});

const FORBIDDEN: [string, string, string][] = [
  ['x64/a.ts', `import '../host/libc.js';`, 'x64/ may not import src/host/libc.js'],
  ['x64/a.ts', `import fs from 'node:fs';`, 'x64/ may not import node:fs'],
  ['x64/a.ts', `import { Decoder } from 'iced-x86';`, 'x64/ may not import iced-x86'],
  ['host/a.ts', `import '../pvm/program.js';`, 'host/ may not import src/pvm/program.js'],
  ['pvm/a.ts', `import koffi from 'koffi';`, 'pvm/ may not import koffi'],
  ['pvm/a.ts', `import '../cli/main.js';`, 'pvm/ may not import src/cli/main.js'],
  ['pvm/a.ts', `import '../jvm/index.js';`, 'pvm/ may not import src/jvm/index.js'],
  ['pvm/a.ts', `export * from '../x/../cli/main.js';`, 'pvm/ may not import src/cli/main.js'],
  ['pvm/isa/a.ts', `import '../../host/libc.js';`, 'pvm/isa/ may not import src/host/libc.js'],
  ['pvm/interpreter/a.ts', `import '../../x64/index.js';`, 'pvm/interpreter/ may not import src/x64/index.js'],
  ['jvm/a.ts', `import type { Program } from '../pvm/program.js';`, 'jvm/ may not import src/pvm/program.js'],
  ['cli/a.ts', `import '../host/libc.js';`, 'cli/ may not import src/host/libc.js'],
  ['cli/a.ts', `const host = await import('../x64/index.js');`, 'cli/ may not import src/x64/index.js'],
  ['attic/a.ts', `import '../pvm/program.js';`, 'lies in no room: give it one in scripts/check-rooms.mjs'],
];
test('every forbidden import is caught', () => {
  // One tree, a file for each, because starting the check costs more than running it.
  const named = FORBIDDEN.map(([file, text, message], i) => ({
    file: file.replace('a.ts', `a${i}.ts`),
    text,
    message,
  }));
  const { status, lines } = checkFiles(
    Object.fromEntries(named.map(({ file, text }) => [file, `// A line before it.\n${text}\n`])),
  );
  const expected = named.map(({ file, message }) => `src/${file}:2: ${message}`).sort();
  assert.deepEqual(lines, [...expected, `rooms: ${named.length} forbidden`]);
  assert.equal(status, 1);
});

test('what the rules allow is allowed', () => {
  const { status } = checkFiles({
    'x64/disassembler.ts': `import { Decoder } from 'iced-x86';`,
    'host/a.ts': `import koffi from 'koffi'; import os from 'node:os'; import '../x64/index.js';`,
    'pvm/a.ts': `import '../host/libc.js'; import '../x64/index.js'; import './b/c.js';`,
    'cli/a.ts': `import '../pvm/index.js'; import { Command } from 'commander'; import fs from 'node:fs';`,
    'index.ts': `export * from './pvm/index.js';`,
  });
  assert.equal(status, 0);
});
