/**
 * Kernel manifests through the `scotty` command: run, traced, shown, turned into text and back.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { VmTrace } from '../../src/cli/pvm/vm-trace.js';
import { styleFor } from '../../src/cli/terminal.js';
import { assemble, Program } from '../../src/pvm/index.js';
import { ROOT } from '../vectors.js';

const MAIN = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'scotty-kernel-'));
after(() => rmSync(folder, { recursive: true }));

function scotty(...args: readonly string[]) {
  const { PATH } = process.env;
  const options = { cwd: folder, encoding: 'utf8', env: { PATH }, maxBuffer: 2 ** 26 } as const;
  const result = spawnSync(process.execPath, [MAIN, 'pvm', ...args], options);
  return { code: result.status, out: result.stdout, error: result.stderr };
}

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const example = (name: string) => join(ROOT, 'examples', `${name}.pvm`);
const HELLO = example('kernel-hello');
const PAGER = example('pager');
const FIB = example('fib-recur');
const engines = ['interpreter', ...(Program.recompilerUnavailable() === undefined ? ['recompiler'] : [])];

/** A manifest whose root runs some code. */
const program = (code: string) => file('program.pvm', `.manifest pages=2\n.code slot=64\n${code}\n`);

describe('scotty pvm run with kernel manifests', () => {
  for (const engine of engines) {
    test(`${engine}: a page is lent and comes back with text`, () => {
      const { code, out, error } = scotty('run', HELLO, '--host', 'debug', '--engine', engine, '--gas', '5000');
      assert.equal(error, '');
      assert.match(out, /^HELLO FROM TWO VMS!\nstatus +the root VM replied\nresult +0x0{16} = 0\n/);
      assert.match(out, /^gas +1,711 used, 3,289 left$/m);
      assert.match(out, new RegExp(`^time .* on the ${engine}`, 'm'));
      assert.equal(code, 0);
    });

    test(`${engine}: a child faults, is given pages and resumed`, () => {
      const { out } = scotty('run', PAGER, '--engine', engine, '--json');
      const report = JSON.parse(out) as Record<string, unknown>;
      assert.equal(report.value, '405504');
      assert.equal(report.liveVms, 2);
    });

    test(`${engine}: 21891 VMs compute fib(20)`, () => {
      for (const gasModel of ['flat', 'pipeline']) {
        const args = ['--register', 'r7=20', '--engine', engine, '--gas-model', gasModel, '--json'];
        const { code, out } = scotty('run', FIB, ...args);
        const report = JSON.parse(out) as Record<string, unknown>;
        assert.equal(report.status, 'halt');
        assert.equal(report.value, '6765');
        assert.equal(report.liveVms, 21891);
        assert.equal(report.engine, engine);
        if (gasModel === 'flat') assert.equal(report.gasUsed, '1094512');
        assert.equal(code, 0);
      }
    });
  }

  const ends: [string, string, string[], number, RegExp][] = [
    ['a trap', 'trap', [], 3, /^status +the root VM trapped at pc 0$/m],
    ['a panic', 'ecalli 200', [], 3, /^status +the root VM panicked at pc 0$/m],
    ['no gas', 'trap', ['--gas', '0'], 4, /^status +the root VM ran out of gas at pc 0$/m],
    ['a page fault', 'load_u8 r7, [0x20000]', [], 5, /^status +page fault .* at pc 0: no access to 0x00020000$/m],
    ['a protocol call', 'ecalli 9', [], 6, /^status +protocol call 9 of vm 0, which nothing handles/m],
    ['one the debugging host lacks', 'ecalli 9', ['--host', 'debug'], 6, /^status +protocol call 9 of vm 0/m],
  ];
  for (const [what, text, options, expected, status] of ends) {
    test(`${what} of the root has exit code ${expected}`, () => {
      const { code, out } = scotty('run', program(text), ...options);
      assert.match(out, status);
      assert.equal(code, expected);
    });
  }

  test('protocol call 1 is the gas that is left', () => {
    const { out } = scotty('run', program('ecalli 1\necalli 0\ntrap'), '--gas', '1000');
    assert.match(out, /^result .* = 989$/m);
  });

  test('the debugging host prints numbers and refuses text that is not there', () => {
    const text = 'load_imm r7, 77\necalli 27\nload_imm r7, 0x10000\nload_imm r8, 1\necalli 26\necalli 0\ntrap';
    const { out } = scotty('run', program(text), '--host', 'debug');
    assert.match(out, /^77\nstatus .*\nresult +0xf{16} = /);
  });

  test('arguments', () => {
    const text =
      '.manifest\n.data slot=0 base=0x10\n.code slot=64\nload_ind_u16 r7, [r8]\nadd_64 r7, r7, r9\necalli 0\ntrap';
    const path = file('arguments.pvm', text);
    assert.match(scotty('run', path, '--args', '0102').out, /^result .* = 515$/m);
    const refused = scotty('run', program('trap'), '--args', '00');
    assert.match(refused.error, /^scotty: .*program\.pvm: the program takes no arguments.*\n$/);
    assert.equal(refused.code, 2);
  });

  test('registers of other programs can be set too', () => {
    const { out } = scotty('run', file('code.pvm', '.code\ntrap\n'), '--register', 'r12=0x10', '--register', 'r0=2');
    assert.match(out, /r0 {2}0x0{15}2 [\s\S]* r12 0x0{14}10$/m);
  });

  const mistakes: [string, string[], RegExp][] = [
    ['a register nobody has', ['run', FIB, '--register', 'r13=1'], /expected a register and its value, such as r7=20/],
    [
      'a register of 65 bits',
      ['run', FIB, '--register', 'r1=18446744073709551616'],
      /whole number from 0 to 18446744073709551615/,
    ],
    ['a start', ['run', FIB, '--pc', '5'], /fib-recur\.pvm: a kernel manifest starts at byte 0/],
    ['too little gas', ['run', HELLO, '--gas', '1499'], /kernel-hello\.pvm: gas 1499 does not cover/],
    ['a trace of what has no VMs', ['run', example('fib'), '--vm-trace'], /fib\.pvm: not a kernel manifest/],
    [
      'a damaged manifest',
      ['run', file('bad.bin', assemble(readFileSync(FIB, 'utf8')).subarray(0, 20))],
      /bad\.bin: offset 10: /,
    ],
    ['one to show', ['inspect', join(folder, 'bad.bin')], /^scotty: .*bad\.bin: offset 10: expected /],
    ['one to turn into text', ['disassemble', join(folder, 'bad.bin')], /^scotty: .*bad\.bin: offset 10: expected /],
  ];
  for (const [what, args, message] of mistakes) {
    test(`bad input, code 2: ${what}`, () => {
      const { code, error } = scotty(...args);
      assert.match(error, message);
      assert.doesNotMatch(error, /\n {4}at /, 'a stack trace');
      assert.equal(code, 2);
    });
  }
});

describe('scotty pvm run --vm-trace', () => {
  test('calls, capabilities on their way, gas: a line each, indented by depth', () => {
    const { out, error } = scotty('run', HELLO, '--host', 'debug', '--vm-trace', '--gas', '100000');
    assert.deepEqual(
      error.split('\n').map((line) => line.replace(/ {2,}(?=gas|r7)/, ' | ')),
      [
        'vm 0  create vm 1: handle in slot 65 | gas 98,487',
        'vm 0  call vm 1 (20) with data of slot 64 | gas 98,464 given, 0 kept',
        '  vm 1  MAP 0 | r7 16',
        '  vm 1  reply 20 to vm 0, data back to slot 64 | gas 98,315 back',
        'vm 0  protocol call 26 | gas 98,301',
        'vm 0  reply 0 | gas 98,289 left',
        '',
      ],
    );
    assert.match(out, /^HELLO/);
  });

  test('faults and what the owner does about them', () => {
    const { error } = scotty('run', PAGER, '--vm-trace');
    assert.match(error, /^ {2}vm 1 {2}page fault at 0x00021000, pc 8: vm 0 goes on /m);
    assert.match(error, /^vm 0 {2}RETYPE 254 65 /m);
    assert.match(error, /^vm 0 {2}GRANT 64: data from slot 65 to slot 2 of vm 1 /m);
    assert.match(error, /^vm 0 {2}MAP 64\/2 /m);
    assert.match(error, /^vm 0 {2}resume vm 1 /m);
  });

  test('operations that fail', () => {
    const { error } = scotty('run', program('load_imm r11, 5\necall\necalli 70\necalli 0\ntrap'), '--vm-trace');
    assert.match(error, /^vm 0 {2}DROP 0 failed +WHAT$/m);
    assert.match(error, /^vm 0 {2}CALL 70 failed +WHAT$/m);
    assert.match(error, /^vm 0 {2}reply -2 /m);
  });

  test('--json keeps standard output to itself', () => {
    const { out, error } = scotty('run', FIB, '--register', 'r7=5', '--vm-trace', '--json');
    assert.equal((JSON.parse(out) as { value: string }).value, '5');
    assert.equal(error.split('\n').filter((line) => line.includes('create')).length, 14);
  });

  test('tens of thousands of lines, none lost', () => {
    const { error } = scotty('run', FIB, '--register', 'r7=16', '--vm-trace');
    assert.equal(error.match(/ create vm \d+: handle/g)?.length, 3192);
    assert.equal(error.match(/ reply \d+/g)?.length, 3193);
  });

  test('deep recursion stays on the screen, colours where there are some', () => {
    const lines: string[] = [];
    const style = styleFor({ isTTY: true }, {});
    const trace = new VmTrace(style, (text) => lines.push(...text.split('\n')));
    for (let vm = 0; vm < 100; vm++) {
      trace.add({ kind: 'call', vm, callee: vm + 1, gas: 1n, kept: 0n, args: [1n, 0n, 0n, 0n], travelling: undefined });
    }
    trace.add({ kind: 'halted', vm: 100, caller: 99, value: 0n, gas: 0n, returned: undefined });
    trace.add({ kind: 'fault', vm: 99, caller: undefined, status: 2, detail: 0n, gas: 0n, pc: 3 });
    trace.flush();
    assert.ok(lines[0]?.includes('\x1b[1mvm 1\x1b[0m (1)'));
    assert.match(lines[99] as string, /^ {44}99 {2}/);
    assert.match(lines[100] as string, /halt, 0/);
    assert.match(lines[101] as string, /panicked, pc 3/);
  });
});

describe('scotty pvm inspect, assemble and disassemble with kernel manifests', () => {
  test('inspect: capabilities, and the code of each', () => {
    const { code, out } = scotty('inspect', HELLO);
    assert.match(out, /^kind +kernel manifest$/m);
    assert.match(out, /^memory +1 page, 1 taken at the start$/m);
    assert.match(out, /^runs +the code in slot 32$/m);
    assert.match(out, /^arguments +none/m);
    assert.match(out, /^slot +kind +base +pages +access +bytes +instructions +jump table$/m);
    assert.match(out, /^ +64 +data +0x00010000 +1 +read and write +20$/m);
    assert.match(out, /^ +33 +code +50 +21 +0$/m);
    assert.match(out, /^code in slot 33\n\nblock at 0, gas 8\n +0 {2}move_reg r6, r7$/m);
    assert.match(out, /^ +18 {2}ecall$/m);
    assert.equal(code, 0);
    assert.doesNotMatch(scotty('inspect', HELLO, '--no-code').out, /ecall/);
  });

  test('inspect --native', { skip: engines.length === 1 }, () => {
    const { code, out } = scotty('inspect', PAGER, '--native');
    assert.match(out, /^code in slot 32\n; \d+ instructions/m);
    assert.match(out, /ecalli 33 +\| /);
    assert.equal(code, 0);
  });

  test("assemble and disassemble are each other's reverse", () => {
    for (const path of [HELLO, PAGER, FIB]) {
      const binary = join(folder, 'manifest.bin');
      assert.equal(scotty('assemble', path, '-o', binary).code, 0);
      const bytes = Uint8Array.from(readFileSync(binary));
      assert.deepEqual(bytes, assemble(readFileSync(path, 'utf8')));
      const text = scotty('disassemble', binary).out;
      assert.match(text, /^\.manifest pages=/);
      assert.deepEqual(assemble(text), bytes);
    }
  });

  test('a file laid out in another way says so', () => {
    const bytes = assemble(readFileSync(FIB, 'utf8'));
    const longer = file('longer.bin', Uint8Array.of(...bytes, 1, 2, 3));
    const text = scotty('disassemble', longer).out;
    assert.match(text, /^; laid out in another way in the file: .*\n\.manifest pages=0/);
    assert.deepEqual(assemble(text), bytes);
  });
});
