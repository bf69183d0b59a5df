/**
 * `scotty pvm build` and `scotty pvm link` as their users meet them: from C to a program that runs, in two commands.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { findClang } from '../../src/cli/pvm/clang.js';
import { ROOT } from '../vectors.js';

const MAIN = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const EXAMPLES = join(ROOT, 'examples');
const folder = mkdtempSync(join(tmpdir(), 'scotty-build-'));
after(() => rmSync(folder, { recursive: true }));

const clang = findClang();
if (typeof clang === 'string' && process.env.CI) throw new Error(clang);
const skip = typeof clang === 'string' ? clang : false;

/** Runs the command in the test's folder. */
function scotty(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH } = process.env;
  const result = spawnSync(process.execPath, [MAIN, 'pvm', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, ...env },
  });
  return { code: result.status, out: result.stdout, error: result.stderr };
}

/** Writes a file into the test's folder. */
function file(name: string, contents: string): string {
  writeFileSync(join(folder, name), contents);
  return name;
}

/** Builds without a word on standard error. */
function build(...args: string[]): string {
  const { code, out, error } = scotty(['build', ...args]);
  assert.equal(error, '');
  assert.equal(code, 0);
  return out;
}

describe('scotty pvm build', { skip }, () => {
  test('hello.c in two commands, in every container', () => {
    for (const [name, kind] of [
      ['hello.jam', 'standard program'],
      ['hello.bin', 'standard program'],
      ['hello.polkavm', 'PolkaVM program'],
      ['hello.manifest', 'manifest'],
    ] as const) {
      assert.match(build(join(EXAMPLES, 'hello.c'), '-o', name), new RegExp(`^${name}: ${kind}, [\\d,]+ bytes\n$`));
      const { code, out } = scotty(['run', name, '--host', 'debug']);
      assert.match(out, /^Hello from C, in 64-bit code\.\nstatus /);
      assert.equal(code, 0);
    }
  });

  test('a service: refine at 0, accumulate at 5', () => {
    build(join(EXAMPLES, 'service.c'), '-o', 'service.jam');
    const result = (...args: string[]) => /^result +(.*)$/m.exec(scotty(['run', 'service.jam', ...args]).out)?.[1];
    assert.equal(result('--args', '68656c6c6f'), '5 bytes 0x48454c4c4f');
    assert.equal(result('--args', '010203', '--entry', 'accumulate'), '8 bytes 0x0600000000000000');
  });

  test('a program for the kernel, whose VMs make VMs', () => {
    build(join(EXAMPLES, 'workers.c'), '-o', 'workers.manifest', '--flag=-Wall', '--flag=-Wextra');
    const { code, out } = scotty(['run', 'workers.manifest', '--host', 'debug']);
    assert.match(
      out,
      /^rich: 168 primes from 0 to 1000\npoor: ended with status 3\nrich: 135 primes from 1000 to 2000\n/,
    );
    assert.equal(code, 0);
    // The second worker gets no stack.
    build(join(EXAMPLES, 'workers.c'), '-o', 'workers.manifest', '--pages', '1');
    assert.match(scotty(['run', 'workers.manifest']).out, /^result +0x0000000000000001/m);
  });

  test('several files, folders, macros, levels and a heap', () => {
    file('answer.h', 'int answer(void);\n');
    file(
      'answer.c',
      '#include "answer.h"\n#include <stdlib.h>\nint answer(void) { return malloc(60000) != 0 ? ANSWER : 0; }\n',
    );
    file('main.c', '#include <answer.h>\nint main(void) { return answer() + 1; }\n');
    const args = ['main.c', 'answer.c', '-I', '.', '-D', 'ANSWER=41', '-Os', '--heap', '128K', '--stack', '16K'];
    for (const name of ['several.jam', 'several.polkavm', 'several.manifest']) {
      build(...args, '-o', name);
      assert.match(scotty(['run', name]).out, /r7 {2}0x000000000000002a/, name);
    }
    build(...args, '-o', 'several.polkavm', '--isa', 'latest');
    assert.match(scotty(['run', 'several.polkavm']).out, /r7 {2}0x000000000000002a/);
  });

  test('--entry: other functions than main, without a mark in the source', () => {
    file('two.c', 'long first(void) { return 1; }\nlong second(void) { return 2; }\n');
    build('two.c', '-o', 'two.jam', '--entry', 'first', '--entry', 'second');
    assert.match(scotty(['run', 'two.jam']).out, /r7 {2}0x0000000000000001/);
    assert.match(scotty(['run', 'two.jam', '--pc', '5']).out, /r7 {2}0x0000000000000002/);
    build('two.c', '-o', 'two.manifest', '--entry', 'second');
    assert.match(scotty(['run', 'two.manifest']).out, /r7 {2}0x0000000000000002/);
  });

  test('an ELF, for this linker or another', () => {
    build(join(EXAMPLES, 'hello.c'), '-o', 'hello.elf');
    assert.deepEqual([...readFileSync(join(folder, 'hello.elf')).subarray(0, 4)], [0x7f, 0x45, 0x4c, 0x46]);
    for (const optimize of [[], ['--no-optimize']]) {
      const { code, out, error } = scotty(['link', 'hello.elf', '-o', 'linked.polkavm', ...optimize]);
      assert.equal(error, '');
      assert.match(out, /^linked\.polkavm: PolkaVM program, /);
      assert.equal(code, 0);
      assert.match(scotty(['run', 'linked.polkavm', '--host', 'debug']).out, /^Hello from C/);
    }
  });

  test('a host function with a number of its own is the only import that inspect shows', () => {
    file('at.c', '#include <scotty.h>\nSCOTTY_IMPORT_AT(7, int, seven, void);\nint main(void) { return seven(); }\n');
    build('at.c', '-o', 'at.polkavm');
    assert.match(scotty(['inspect', 'at.polkavm']).out, /^imports +7 seven$/m);
  });

  test('assembly, without a word about flags that are for C', () => {
    file('main.s', '.globl main\nmain:\n  li a0, 42\n  ret\n');
    build('main.s', '-o', 'main.jam');
    assert.match(scotty(['run', 'main.jam']).out, /r7 {2}0x000000000000002a/);
  });

  test('refused before the compiler sees it, in one line: what is no source', () => {
    file('text.txt', 'int main(void) { return 0; }\n');
    for (const [source, message] of [
      ['absent.c', 'absent.c: no such file or folder'],
      ['.', '.: expected a file of C or assembly'],
      ['text.txt', 'text.txt: expected a name that ends in .c, .i, .s, .S, or --flag=-xc'],
    ] as const) {
      const { code, error } = scotty(['build', source]);
      assert.equal(error, `scotty: ${message}\n`);
      assert.equal(code, 2);
    }
    build('text.txt', '--flag=-xc', '-o', 'text.jam');
  });

  test('no folder for what is made on the way, code 1', () => {
    const { code, error } = scotty(['build', file('text.c', 'int main(void) { return 0; }')], { TMPDIR: '/absent' });
    assert.equal(error, 'scotty: /absent: no such file or folder\n');
    assert.equal(code, 1);
  });

  const mistakes: [string, string, string[], RegExp][] = [
    [
      'C with a mistake',
      'int main(void) { return x; }',
      [],
      /text\.c:1:25: error: .*'x'[\s\S]*\nscotty: text\.c: .*could not compile it\n$/,
    ],
    [
      'a function nobody has',
      'int f(void); int main(void) { return f(); }',
      [],
      /undefined symbol: f[\s\S]*\nscotty: text\.c: .*could not link/,
    ],
    [
      'floating point',
      'double x = 2; int main(void) { return (int)(x * x); }',
      [],
      /could not link the program: the machine has no floating point, which __(mul|fix)df\w+ is for\n$/,
    ],
    ['no entry', 'int f(void) { return 1; }', [], /^scotty: text\.c: .*"main"/],
    ['an entry nobody has', 'int main(void) { return 1; }', ['--entry', 'g'], /^scotty: text\.c: .*"g"/],
    [
      'accumulate alone',
      '#include <scotty.h>\nint accumulate(void) { return 1; }\nSCOTTY_EXPORT(accumulate);',
      [],
      /^scotty: text\.c: expected "refine" for offset 0/,
    ],
    [
      'operations of the kernel elsewhere',
      '#include <scotty_kernel.h>\nint main(void) { return 0; }',
      [],
      /build with --format manifest/,
    ],
    [
      'a stack too large for a manifest',
      'int main(void) { return 0; }',
      ['--format', 'manifest', '--stack', '65537'],
      /at most 65536 bytes of stack for a manifest, found 69632/,
    ],
    [
      'sbrk where there is none',
      '#include <scotty.h>\nint main(void) { return scotty_sbrk(1) != 0; }',
      ['--format', 'polkavm'],
      /scotty_sbrk/,
    ],
  ];
  for (const [what, text, args, message] of mistakes) {
    test(`bad input, code 2: ${what}`, () => {
      const { code, error } = scotty(['build', file('text.c', text), ...args]);
      assert.match(error, message);
      assert.doesNotMatch(error, /\n {4}at /, 'a stack trace');
      assert.equal(code, 2);
    });
  }
});

describe('scotty pvm build and link refuse', () => {
  const mistakes: [string, string[], RegExp][] = [
    [
      'a name that says no format',
      ['build', 'a.c', '-o', 'a.txt'],
      /^scotty: a\.txt: expected a name that ends in \.jam, .*--format\n$/,
    ],
    ['an unknown level', ['build', 'a.c', '-O9'], /Allowed choices are 0, 1, 2, 3, s, z/],
    ['a size that is none', ['build', 'a.c', '--stack', 'much'], /expected a whole number/],
    ['a size without end', ['build', 'a.c', '--heap', '9000M'], /expected at most 2147483648 bytes/],
    ['a set for what has none', ['build', 'a.c', '--isa', 'latest'], /--isa is for \.polkavm files/],
    ['pages for what has none', ['build', 'a.c', '--pages', '9'], /--pages is for manifests/],
    ['an ELF of an ELF', ['link', 'a.elf', '-o', 'b.elf'], /b\.elf: expected the name or --format of a program/],
    ['an ELF that is absent', ['link', 'absent.elf', '-o', 'b.jam'], /absent\.elf: no such file or folder/],
    ['to run C', ['run', join(EXAMPLES, 'hello.c')], /hello\.c: expected a program, found C: .*scotty pvm build\n$/],
    ['what is no ELF', ['link', MAIN, '-o', 'b.jam'], /main\.js: offset 0: expected/],
  ];
  for (const [what, args, message] of mistakes) {
    test(`${what}, code 2`, () => {
      const { code, error } = scotty(args);
      assert.match(error, message);
      assert.equal(code, 2);
    });
  }

  test('to build without a compiler, saying how to get one', () => {
    const { code, error } = scotty(['build', file('none.c', 'int main(void) { return 0; }')], { PATH: folder });
    assert.match(
      error,
      /^scotty: compiling C needs clang and ld\.lld, release 18 or newer \(.*apt-get install clang-19 lld-19/,
    );
    assert.equal(code, 1);
    const named = scotty(['build', 'none.c'], { SCOTTY_CLANG: process.execPath, SCOTTY_LLD: process.execPath });
    assert.match(named.error, /found .*node.* \(not clang or LLD\)/);
    assert.equal(named.code, 1);
  });
});
