/**
 * The readers of the conformance formats, and that a run which is not as recorded is caught: each kind of
 * deviation, once.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytesToHex, describeDifference, hexToBytes } from '../../../src/pvm/conformance/difference.js';
import { parseJson } from '../../../src/pvm/conformance/json.js';
import { parseTrace, replayTrace } from '../../../src/pvm/conformance/traces.js';
import { formatVector, parseVector, runVector, type Vector } from '../../../src/pvm/conformance/vectors.js';
import { FormatError } from '../../../src/pvm/program/image.js';

const MAX = 2n ** 64n - 1n;
const ZEROS = new Array<bigint>(13).fill(0n);

function withRegister(index: number, value: bigint): bigint[] {
  return ZEROS.map((zero, i) => (i === index ? value : zero));
}

/** `load_u8 r7, 0x20000`, then the end of the code: a panic. */
const LOAD: Vector = {
  name: 'load',
  program: Uint8Array.of(0, 0, 5, 52, 7, 0, 0, 2, 1),
  initialRegisters: withRegister(6, MAX),
  initialPc: 0,
  initialGas: 10n,
  pages: [{ address: 0x20000, length: 0x1000, writable: true }],
  initialMemory: [{ address: 0x20000, contents: Uint8Array.of(18, 52) }],
  status: 'panic',
  registers: withRegister(6, MAX).map((value, i) => (i === 7 ? 18n : value)),
  pc: 5,
  gas: 8n,
  memory: [{ address: 0x20000, contents: Uint8Array.of(18, 52) }],
  faultAddress: undefined,
};

describe('vectors', () => {
  test('large integers keep all digits, and text round-trips', () => {
    const text = formatVector(LOAD);
    assert.match(text, /18446744073709551615/);
    assert.deepEqual(parseVector(text), LOAD);
  });

  test('digits inside a string are left alone', () => {
    const name = 'a "quoted" 18446744073709551615, 99999999999999999999';
    assert.equal(parseVector(formatVector({ ...LOAD, name })).name, name);
  });

  const refused: [string, (text: string) => string, RegExp][] = [
    ['text that ends early', (text) => text.slice(0, -1), /expected "," or "}", found the end/],
    ['a missing field', (text) => text.replace('"program"', '"other"'), /program: expected an array of bytes/],
    ['a register of 65 bits', (text) => text.replace(`${MAX}`, `${MAX + 1n}`), /initial-regs: expected 13 integers/],
    ['a fraction', (text) => text.replace('"initial-pc":0', '"initial-pc":0.5'), /initial-pc: expected an integer/],
    ['half a page', (text) => text.replace('4096', '2048'), /expected whole pages/],
    ['a status nobody knows', (text) => text.replace('panic', 'bored'), /expected one of halt, panic/],
    ['memory outside its pages', (text) => text.replace('"address":131072,"c', '"address":1,"c'), /holds the memory/],
  ];
  for (const [what, spoil, message] of refused) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => parseVector(spoil(formatVector(LOAD))),
        (error) => error instanceof FormatError && message.test(error.message),
      );
    });
  }

  const deviations: [string, Partial<Vector>, RegExp][] = [
    ['nothing', {}, /^$/],
    ['status', { status: 'halt' }, /^status: expected halt, got panic$/],
    ['a register', { registers: ZEROS }, /^r6: expected 0x0, got 0xffffffffffffffff$/],
    ['pc', { pc: 4 }, /^pc: expected 4, got 5$/],
    ['gas', { gas: 9n }, /^gas: expected 9, got 8$/],
    ['memory', { memory: [{ address: 0x20001, contents: Uint8Array.of(52) }] }, /^memory at 0x20000: expected 0x0034/],
  ];
  for (const [what, change, message] of deviations) {
    test(`a difference in ${what} is found`, () => {
      const difference = runVector({ ...LOAD, ...change }, 'interpreter');
      assert.match(difference === undefined ? '' : describeDifference(difference), message);
    });
  }
});

/** `ecalli 3`, then `jump_ind r0` to the halting address; the host reads, writes and sets what it can. */
function trace(change: (text: string) => string = (text) => text): string {
  return change(`program 0x${'00'}0004${'0a03'}${'3200'}05
start pc=0 gas=100 r00=0xffff0000 r01=0x5
ecalli=3 pc=0 gas=99 r00=0xffff0000 r01=0x5
setreg r12 <- 0xffffffffffffffff
setgas <- 50
HALT pc=2 gas=49 r00=0xffff0000 r01=0x5 r12=0xffffffffffffffff
`);
}

describe('traces', () => {
  test('a faithful replay passes', () => {
    assert.equal(replayTrace(parseTrace(trace()), 'interpreter'), undefined);
  });

  const deviations: [string, string, string, RegExp][] = [
    ['the index of a call', 'ecalli=3', 'ecalli=4', /^line 3, exit: expected host-call 4, got host-call 3$/],
    ['pc', 'pc=0 gas=99', 'pc=2 gas=99', /^line 3, pc: expected 2, got 0$/],
    ['gas', 'gas=99', 'gas=98', /^line 3, gas: expected 98, got 99$/],
    ['a register', 'gas=99 r00=0xffff0000 r01=0x5', 'gas=99 r00=0xffff0000', /^line 3, r1: expected 0x0, got 0x5$/],
    ['what the host reads', 'setgas', 'memread 0x00020000 len=1 -> 0x00\nsetgas', /^line 5, .*inaccessible/],
    ['what the host writes', 'setgas', 'memwrite 0x00020000 len=1 <- 0x00\nsetgas', /^line 5, .*writable/],
    ['the end', 'HALT', 'OOG', /^line 6, exit: expected out-of-gas, got halt$/],
    ['the gas at the end', 'gas=49', 'gas=48', /^line 6, gas: expected 48, got 49$/],
  ];
  for (const [what, from, to, message] of deviations) {
    test(`a difference in ${what} is found`, () => {
      const difference = replayTrace(parseTrace(trace((text) => text.replace(from, to))), 'interpreter');
      assert.match(difference === undefined ? '' : describeDifference(difference), message);
    });
  }

  const refused: [string, string, string, RegExp][] = [
    ['no end', 'HALT', '#', /line 6: expected ecalli, memread/],
    ['a register nobody has', 'r12', 'r13', /line 4: expected a register r00 to r12/],
    ['no gas', 'gas=99 ', '', /line 3: expected pc=… and gas=…/],
    ['a number too large', '0xffffffffffffffff', '0x10000000000000000', /line 4: expected a 64-bit number/],
    ['odd digits', 'program 0x0', 'program 0x', /line 1: expected bytes/],
    ['no program', 'program', 'programme', /line 1: expected "program 0x…"/],
    ['a wrong length', 'setgas', 'memread 0x1 len=2 -> 0x00\nsetgas', /line 5: expected len=1/],
  ];
  for (const [what, from, to, message] of refused) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => parseTrace(trace((text) => text.replace(from, to))),
        (error) => error instanceof FormatError && message.test(error.message),
      );
    });
  }
});

describe('JSON', () => {
  test('everything JSON has is read as JSON.parse reads it', () => {
    const text = ' {"a": [1, -2.5e3, 0, true, false, null, "\\u00e9\\n\\"", [], {}], "": {"b": 9007199254740991}}\n';
    assert.deepEqual(JSON.parse(JSON.stringify(parseJson(text))), JSON.parse(text));
  });

  test('integers beyond 2^53 are bigints', () => {
    assert.deepEqual(parseJson('[9007199254740991, 9007199254740993, -9007199254740993]'), [
      9007199254740991,
      9007199254740993n,
      -9007199254740993n,
    ]);
  });

  const malformed: [string, number, string][] = [
    ['', 0, 'expected a JSON value, found the end'],
    ['no', 0, 'expected a JSON value, found "no"'],
    ['[1,]', 3, 'expected a JSON value, found "]"'],
    ['[1 2]', 3, 'expected "," or "]", found "2]"'],
    ['{"a" 1}', 5, 'expected ":", found "1}"'],
    ['{a: 1}', 1, 'expected a field name, found "a: 1}"'],
    ['[01]', 2, 'expected "," or "]", found "1]"'],
    ['"\\x"', 0, 'expected a string, found ""\\x""'],
    ['1 1', 2, 'expected the end of the text, found "1"'],
    ['['.repeat(100_000), 33, 'expected at most 32 levels, found "[[[[[[[[[[[["'],
  ];
  for (const [text, offset, problem] of malformed) {
    test(`${text.slice(0, 12)} is refused at ${offset}`, () => {
      assert.throws(() => parseJson(text), { name: 'FormatError', offset, problem });
    });
  }
});

test('bytes and hexadecimal digits', () => {
  assert.deepEqual(hexToBytes('0x00fF'), Uint8Array.of(0, 255));
  assert.equal(bytesToHex(Uint8Array.of(0, 255)), '0x00ff');
  assert.equal(hexToBytes('0x0'), undefined);
  assert.equal(hexToBytes('zz'), undefined);
});
