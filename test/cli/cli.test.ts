/**
 * The `scotty` command as its users meet it: a process with arguments, output and an exit code.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { formatVector } from '../../src/pvm/conformance/vectors.js';
import { assemble, Program } from '../../src/pvm/index.js';
import { ROOT, vectorFiles } from '../vectors.js';

const MAIN = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'scotty-cli-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs the command; `env` on top of a plain environment. */
function scotty(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH } = process.env;
  const result = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, ...env },
    maxBuffer: 2 ** 26,
  });
  return { code: result.status, out: result.stdout, error: result.stderr };
}

/** Writes a file into the test's folder and answers with its path. */
function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const FIB = join(ROOT, 'examples', 'fib.pvm');
const HELLO = join(ROOT, 'examples', 'hello.pvm');
const engines = ['interpreter', ...(Program.recompilerUnavailable() === undefined ? ['recompiler'] : [])];

describe('scotty', () => {
  test("prints its version, which is the package's", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(scotty(['--version']), { code: 0, out: `${version}\n`, error: '' });
  });

  test('help names every command and every exit code', () => {
    const { code, out } = scotty(['pvm', '--help']);
    assert.equal(code, 0);
    for (const command of ['run', 'test', 'replay', 'inspect', 'assemble', 'disassemble']) {
      assert.match(out, new RegExp(`^  ${command} `, 'm'));
    }
    for (const meaning of ['halted', 'failed', 'bad input', 'panicked', 'out of gas', 'faulted', 'host call']) {
      assert.ok(out.includes(meaning), meaning);
    }
    assert.match(scotty(['pvm', 'run', '--help']).out, /--gas-model <model>[\s\S]*choices: "flat", "pipeline"/);
  });

  const mistakes: [string, string[], RegExp][] = [
    ['no command', [], /Usage: scotty/],
    ['an unknown command', ['pvm', 'rum'], /^scotty: unknown command 'rum'/],
    ['an unknown option', ['pvm', 'run', FIB, '--fast'], /^scotty: unknown option '--fast'/],
    [
      'an unknown engine',
      ['pvm', 'run', FIB, '--engine', 'steam'],
      /Allowed choices are auto, interpreter, recompiler/,
    ],
    ['gas below zero', ['pvm', 'run', FIB, '--gas=-1'], /expected a whole number from 0 to 9223372036854775807/],
    ['odd hexadecimal digits', ['pvm', 'run', FIB, '--args', '123'], /even number of hexadecimal digits/],
    ['a file that is absent', ['pvm', 'run', 'absent'], /^scotty: absent: no such file or folder\n$/],
    ['arguments in an absent file', ['pvm', 'run', FIB, '--args', '@absent'], /^scotty: absent: no such file/],
    ['a folder', ['pvm', 'run', '.'], /^scotty: \.: expected a file, this is a folder\n$/],
    ['a start between instructions', ['pvm', 'run', FIB, '--pc', '1'], /no instruction starts at byte 1 of the code/],
    ['an entry nobody has', ['pvm', 'run', FIB, '--entry', 'x'], /no entry "x"; it has is_authorized, refine/],
    ['no vectors', ['pvm', 'test', '.'], /^scotty: \.: no \.json files there\n$/],
    ['an absent trace', ['pvm', 'replay', 'absent'], /^scotty: absent: no such file or folder\n$/],
  ];
  for (const [what, args, message] of mistakes) {
    test(`bad input, code 2: ${what}`, () => {
      const { code, error } = scotty(args);
      assert.match(error, message);
      assert.doesNotMatch(error, /\n {4}at /, 'a stack trace');
      assert.equal(code, 2);
    });
  }

  test('colour: none in a pipe', () => {
    assert.ok(!scotty(['pvm', 'run', FIB]).out.includes('\x1b'));
  });

  test('output that nobody reads to its end is no error', () => {
    const command = `"${process.execPath}" "${MAIN}" pvm inspect "${FIB}" | head -n 1`;
    const { stderr, stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.match(stdout, /^file /);
  });
});

describe('scotty pvm run', () => {
  for (const engine of engines) {
    test(`${engine}: registers, gas and time of a run that halts`, () => {
      const { code, out, error } = scotty(['pvm', 'run', FIB, '--engine', engine, '--gas', '1_000']);
      assert.equal(error, '');
      assert.match(out, /^status +halted at pc \d+$/m);
      assert.match(out, /^gas +455 used, 545 left$/m);
      assert.match(out, new RegExp(`^time .* on the ${engine}`, 'm'));
      assert.match(out, /r7 {2}0x27f80ddaa1ba7878/);
      assert.equal(code, 0);
    });

    test(`${engine}: --json`, () => {
      const { code, out } = scotty(['pvm', 'run', FIB, '--engine', engine, '--json', '--gas', '1000']);
      const report = JSON.parse(out) as Record<string, unknown>;
      assert.equal(report.status, 'halt');
      assert.equal(report.exitCode, 0);
      assert.equal(report.engine, engine);
      assert.equal(report.gasUsed, '455');
      assert.equal((report.registers as string[])[7], '0x27f80ddaa1ba7878');
      assert.equal(code, 0);
    });
  }

  const ends: [string, string, string[], number, RegExp][] = [
    ['a panic', 'trap', [], 3, /^status +panicked at pc 0$/m],
    ['no gas', 'trap', ['--gas', '0'], 4, /^status +ran out of gas at pc 0$/m],
    ['a page fault', 'load_u8 r7, [0x20000]', [], 5, /^status +page fault at pc 0: no access to 0x00020000$/m],
    ['a host call', 'ecalli 9', [], 6, /^status +host call 9 at pc 0, which nothing handles/m],
    ['a host call the debugging host lacks', 'ecalli 9', ['--host', 'debug'], 6, /^status +host call 9/m],
  ];
  for (const [what, text, options, expected, status] of ends) {
    test(`${what} has exit code ${expected}`, () => {
      const { code, out } = scotty(['pvm', 'run', file('end.pvm', `.code\n${text}\n`), ...options]);
      assert.match(out, status);
      assert.equal(code, expected);
    });
  }

  test('the debugging host prints what the program says', () => {
    const { code, out } = scotty(['pvm', 'run', HELLO, '--host', 'debug']);
    assert.match(out, /^Hello from the PVM!\nstatus +halted/);
    assert.equal(code, 0);
    const json = JSON.parse(scotty(['pvm', 'run', HELLO, '--host', 'debug', '--json']).out) as { output: string };
    assert.equal(json.output, 'Hello from the PVM!\n');
  });

  test('the debugging host answers a text that is not there with an error', () => {
    const text = '.standard\nload_imm r7, 0x1000\nload_imm r8, 5\necalli 0\nload_imm r8, 0\njump_ind r0';
    const { code, out } = scotty(['pvm', 'run', file('absent-text.pvm', text), '--host', 'debug']);
    assert.match(out, /^status[\s\S]*r7 {2}0xffffffffffffffff/);
    assert.equal(code, 0);
  });

  test('arguments come back as the result of a program that returns them', () => {
    // r7 and r8 hold the arguments from the start.
    const echo = file('echo.pvm', '.standard\njump_ind r0\n');
    const result = (args: string) => {
      const { out } = scotty(['pvm', 'run', echo, '--args', args]);
      return out.match(/^result +(.*)$/m)?.[1];
    };
    assert.equal(result('0x0102ff'), '3 bytes 0x0102ff');
    assert.equal(result(`@${file('args.bin', Uint8Array.of(7, 8))}`), '2 bytes 0x0708');
    assert.equal(result(''), undefined);
    const { code, error } = scotty(['pvm', 'run', file('code.pvm', '.code\ntrap'), '--args', '00']);
    assert.match(error, /a code program takes no arguments/);
    assert.equal(code, 2);
  });

  test('--gas-model pipeline charges by block', () => {
    const { out } = scotty(['pvm', 'run', FIB, '--gas-model', 'pipeline', '--json']);
    assert.notEqual((JSON.parse(out) as { gasUsed: string }).gasUsed, '455');
  });

  test('--pc starts elsewhere', () => {
    const { out } = scotty(['pvm', 'run', file('two.pvm', '.code\ntrap\nfallthrough\ntrap\n'), '--pc', '1']);
    assert.match(out, /panicked at pc 2/);
  });

  test('a malformed program: file, offset, expectation', () => {
    const { code, error } = scotty(['pvm', 'run', file('broken.bin', Uint8Array.of(0, 9, 3))]);
    assert.match(error, /^scotty: .*broken\.bin: offset \d+: expected /);
    assert.equal(error.trim().split('\n').length, 1);
    assert.equal(code, 2);
  });

  test('assembly text with a mistake: file, line, column', () => {
    const { code, error } = scotty(['pvm', 'run', file('mistake.pvm', 'load_imm r7, 1\nload_imm r13, 1\n')]);
    assert.match(error, /^scotty: .*mistake\.pvm:2:10: /);
    assert.equal(code, 2);
  });

  test('without native support, auto interprets and the recompiler says why it is absent', () => {
    const env = { SCOTTY_NO_NATIVE: '1' };
    assert.match(scotty(['pvm', 'run', FIB], env).out, /on the interpreter/);
    for (const command of [
      ['run', FIB, '--engine', 'recompiler'],
      ['inspect', FIB, '--native'],
    ]) {
      const { code, error } = scotty(['pvm', ...command], env);
      assert.equal(error, 'scotty: the recompiler is not available: native code is switched off by SCOTTY_NO_NATIVE\n');
      assert.equal(code, 1);
    }
  });
});

describe('scotty pvm test and replay', () => {
  const zeros = new Array<bigint>(13).fill(0n);
  const vector = (name: string, gas: bigint) =>
    formatVector({
      name,
      program: Uint8Array.of(0, 0, 1, 0, 1),
      initialRegisters: zeros,
      initialPc: 0,
      initialGas: 10n,
      pages: [],
      initialMemory: [],
      status: 'panic',
      registers: zeros,
      pc: 0,
      gas,
      memory: [],
      faultAddress: undefined,
    });

  test('failures are named with their first difference, counted, and give code 1', () => {
    const inner = join(folder, 'vectors', 'inner');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, 'good.json'), vector('good', 9n));
    assert.deepEqual(scotty(['pvm', 'test', 'vectors']), { code: 0, out: '1 passed, 0 failed\n', error: '' });
    writeFileSync(join(inner, 'poor.json'), vector('poor', 8n));
    writeFileSync(join(inner, 'text.json'), 'no JSON');
    const { code, out } = scotty(['pvm', 'test', 'vectors', '--verbose']);
    const [good, poor, text, count] = out.split('\n') as [string, string, string, string];
    assert.match(good, /^pass .*good\.json$/);
    assert.match(poor, /^FAIL .*poor\.json: gas: expected 8, got 9$/);
    assert.match(text, /^FAIL .*text\.json: offset 0: expected a JSON value/);
    assert.equal(count, '1 passed, 2 failed');
    assert.equal(code, 1);
  });

  const data = [
    { command: 'test', files: vectorFiles('pvm'), least: 307 },
    { command: 'replay', files: vectorFiles('jam-traces'), least: 12 },
  ];
  for (const { command, files, least } of data) {
    for (const engine of engines) {
      test(`${command} --engine ${engine} on the conformance data`, { skip: files.skip }, () => {
        const { code, out } = scotty(['pvm', command, ...files.paths, '--engine', engine]);
        assert.equal(out, `${files.paths.length} passed, 0 failed\n`);
        assert.ok(files.paths.length >= least);
        assert.equal(code, 0);
      });
    }
  }
});

describe('scotty pvm inspect, assemble and disassemble', () => {
  test('inspect: header, sections, blocks with their gas', () => {
    const { code, out } = scotty(['pvm', 'inspect', HELLO]);
    assert.match(out, /^kind +standard program/m);
    assert.match(out, /^registers +r0=0x00000000ffff0000 r1=0x00000000fefe0000/m);
    assert.match(out, /^section +address +bytes +initialised +access$/m);
    assert.match(out, /^block at 0, gas 3$/m);
    assert.match(out, /^ +0 {2}load_imm r7, /m);
    assert.equal(code, 0);
    const brief = scotty(['pvm', 'inspect', HELLO, '--no-code']).out;
    assert.match(brief, /^kind/m);
    assert.doesNotMatch(brief, /load_imm/);
  });

  test('inspect --native: x86-64 beside the instructions', { skip: engines.length === 1 }, () => {
    const { code, out } = scotty(['pvm', 'inspect', FIB, '--native']);
    assert.match(out, /add_64 [^|]*\| \w+ .*\n(.*\n)*.*jump_ind r0 +\| /);
    assert.equal(code, 0);
  });

  test("assemble and disassemble are each other's reverse", () => {
    const program = join(folder, 'fib.bin');
    const { code, out } = scotty(['pvm', 'assemble', FIB, '-o', program]);
    assert.match(out, /fib\.bin: \d+ bytes\n$/);
    assert.equal(code, 0);
    const bytes = readFileSync(program);
    assert.deepEqual(Uint8Array.from(bytes), assemble(readFileSync(FIB, 'utf8')));
    const text = scotty(['pvm', 'disassemble', program]).out;
    assert.deepEqual(assemble(text), Uint8Array.from(bytes));
    assert.match(scotty(['pvm', 'run', program]).out, /halted/);
  });

  test('assemble refuses a place it cannot write to', () => {
    const { code, error } = scotty(['pvm', 'assemble', FIB, '-o', join(folder, 'no', 'where')]);
    assert.match(error, /where: no such file or folder\n$/);
    assert.equal(code, 2);
  });
});
