/**
 * Labels, branches and RIP-relative operands: that every reference leads where it should, in the length it should have,
 * and that a reference out of reach is an error.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Assembler, type Cond, disassemble, type Label, Reg, rip } from '../../src/x64/index.js';
import { CONDITIONS } from './forms.js';

const BASE = 0x7f00_0000_1000;

/** The text of the instruction that lies at a position. */
function textAt(a: Assembler, position: number, end = a.position): { text: string; length: number } {
  const [first] = disassemble(a.bytes().subarray(position, end), BASE + position);
  return first;
}

function target(position: number): string {
  return `0x${(BASE + position).toString(16)}`;
}

/** Branches to labels, with their texts; `short` is the length in which they reach backward. */
const BRANCHES: readonly [name: string, emit: (a: Assembler, label: Label) => void, near: number, short: number][] = [
  ...CONDITIONS.map(
    (name, cond) =>
      [`j${name}`, (a: Assembler, label: Label) => a.jcc(cond as Cond, label), 6, 2] as [
        string,
        (a: Assembler, label: Label) => void,
        number,
        number,
      ],
  ),
  ['jmp', (a, label) => a.jmp(label), 5, 2],
  ['call', (a, label) => a.call(label), 5, 5],
];

test('backward branches are short as far as they reach', () => {
  for (const [name, emit, near, short] of BRANCHES) {
    for (const distance of [0, 1, 100, 125, 126, 127, 128, 129, 1000, 100_000]) {
      const a = new Assembler();
      a.nop(3);
      const label = a.label();
      a.bind(label);
      a.nop(distance);
      const position = a.position;
      emit(a, label);
      const length = distance + short <= 128 ? short : near;
      assert.deepEqual(textAt(a, position), { address: BASE + position, text: `${name} ${target(3)}`, length });
      assert.equal(a.position, position + length);
    }
  }
});

test('forward branches take 32 bits', () => {
  for (const [name, emit, near] of BRANCHES) {
    for (const distance of [0, 1, 127, 128, 70_000]) {
      const a = new Assembler();
      a.nop(5);
      const label = a.label();
      emit(a, label);
      emit(a, label);
      a.nop(distance);
      assert.equal(label.bound, false);
      a.bind(label);
      assert.equal(label.bound, true);
      assert.equal(label.position, 5 + 2 * near + distance);
      a.ret();
      for (const position of [5, 5 + near]) {
        const { text, length } = textAt(a, position);
        assert.deepEqual({ text, length }, { text: `${name} ${target(label.position)}`, length: near });
      }
    }
  }
});

test('short branches, and how far they reach', () => {
  for (let cond = -1; cond < 16; cond++) {
    const name = cond < 0 ? 'jmp' : `j${CONDITIONS[cond]}`;
    const emit = (a: Assembler, label: Label): void =>
      cond < 0 ? a.jmp_short(label) : a.jcc_short(cond as Cond, label);
    for (const distance of [0, 1, 126, 127]) {
      const a = new Assembler();
      const label = a.label();
      emit(a, label);
      a.nop(distance);
      a.bind(label);
      const { text, length } = textAt(a, 0);
      assert.deepEqual({ text, length }, { text: `${name} ${target(2 + distance)}`, length: 2 });
    }
    for (const distance of [0, 1, 125, 126]) {
      const a = new Assembler();
      const label = a.label();
      a.bind(label);
      a.nop(distance);
      emit(a, label);
      const { text, length } = textAt(a, distance);
      assert.deepEqual({ text, length }, { text: `${name} ${target(0)}`, length: 2 });
    }
    const tooFar = new Assembler();
    const ahead = tooFar.label();
    emit(tooFar, ahead);
    tooFar.nop(128);
    assert.throws(() => tooFar.bind(ahead), RangeError);
    const behind = tooFar.label();
    tooFar.bind(behind);
    tooFar.nop(127);
    assert.throws(() => emit(tooFar, behind), RangeError);
  }
});

test('a label can be bound once only', () => {
  const a = new Assembler();
  const label = a.label();
  a.bind(label);
  assert.throws(() => a.bind(label), /already bound/);
});

test('references of both sizes to one label', () => {
  const a = new Assembler();
  const label = a.label();
  a.jmp_short(label);
  a.jmp(label);
  a.lea(64, Reg.RAX, rip(label));
  a.bind(label);
  a.jmp(label);
  const texts = disassemble(a.bytes(), BASE).map((instruction) => instruction.text);
  const there = target(label.position);
  assert.deepEqual(texts, [`jmp ${there}`, `jmp ${there}`, `lea rax, [${there}]`, `jmp ${there}`]);
});

test('RIP-relative operands count from the end of the instruction, whatever immediate follows', () => {
  const forms: [string, (a: Assembler, label: Label) => void][] = [
    ['mov rax, qword ptr [@]', (a, l) => a.mov_rm(64, Reg.RAX, rip(l))],
    ['mov qword ptr [@], r9', (a, l) => a.mov_mr(64, rip(l), Reg.R9)],
    ['add byte ptr [@], 0x5', (a, l) => a.add_mi(8, rip(l), 5)],
    ['add word ptr [@], 0x5', (a, l) => a.add_mi(16, rip(l), 5)],
    ['add word ptr [@], 0x1234', (a, l) => a.add_mi(16, rip(l), 0x1234)],
    ['add dword ptr [@], 0x12345678', (a, l) => a.add_mi(32, rip(l), 0x12345678)],
    ['add qword ptr [@], 0x7f', (a, l) => a.add_mi(64, rip(l), 127)],
    ['add qword ptr [@], 0x80', (a, l) => a.add_mi(64, rip(l), 128)],
    ['mov byte ptr [@], 0x1', (a, l) => a.mov_mi(8, rip(l), 1)],
    ['mov word ptr [@], 0x1', (a, l) => a.mov_mi(16, rip(l), 1)],
    ['mov dword ptr [@], 0x1', (a, l) => a.mov_mi(32, rip(l), 1)],
    ['mov qword ptr [@], 0x1', (a, l) => a.mov_mi(64, rip(l), 1)],
    ['test byte ptr [@], 0x1', (a, l) => a.test_mi(8, rip(l), 1)],
    ['test word ptr [@], 0x1', (a, l) => a.test_mi(16, rip(l), 1)],
    ['test qword ptr [@], 0x1', (a, l) => a.test_mi(64, rip(l), 1)],
    ['shl dword ptr [@], 0x1', (a, l) => a.shift_mi(4, 32, rip(l), 1)],
    ['shl dword ptr [@], 0x5', (a, l) => a.shift_mi(4, 32, rip(l), 5)],
    ['imul ecx, dword ptr [@], 0x5', (a, l) => a.imul_rmi(32, Reg.RCX, rip(l), 5)],
    ['imul cx, word ptr [@], 0x1234', (a, l) => a.imul_rmi(16, Reg.RCX, rip(l), 0x1234)],
    ['imul rcx, qword ptr [@], 0x12345', (a, l) => a.imul_rmi(64, Reg.RCX, rip(l), 0x12345)],
    ['neg dword ptr [@]', (a, l) => a.neg_m(32, rip(l))],
    ['sete byte ptr [@]', (a, l) => a.setcc_m(4, rip(l))],
    ['call qword ptr [@]', (a, l) => a.call_m(rip(l))],
    ['jmp qword ptr [@]', (a, l) => a.jmp_m(rip(l))],
    ['movsd xmm1, qword ptr [@]', (a, l) => a.movsd_rm(1, rip(l))],
    ['lock cmpxchg dword ptr [@], ecx', (a, l) => a.lock_cmpxchg_mr(32, rip(l), Reg.RCX)],
  ];
  for (const [text, emit] of forms) {
    const a = new Assembler();
    a.nop(7);
    const label = a.label();
    emit(a, label);
    a.nop(20);
    a.bind(label);
    const backward = a.position;
    emit(a, label);
    const expected = text.replace('@', target(label.position));
    assert.equal(textAt(a, 7).text, expected);
    assert.equal(textAt(a, backward).text, expected);
  }
});

test('a RIP-relative operand may point past its label', () => {
  const a = new Assembler();
  const label = a.label();
  a.mov_rm(32, Reg.RAX, rip(label, 12));
  a.mov_mi(32, rip(label, -1), 9);
  a.bind(label);
  a.mov_rm(32, Reg.RAX, rip(label, 12));
  const texts = disassemble(a.bytes(), BASE).map((instruction) => instruction.text);
  const here = label.position;
  assert.deepEqual(texts, [
    `mov eax, dword ptr [${target(here + 12)}]`,
    `mov dword ptr [${target(here - 1)}], 0x9`,
    `mov eax, dword ptr [${target(here + 12)}]`,
  ]);
});

test('branches patched by position', () => {
  const a = new Assembler();
  const places: [number, string][] = [];
  for (let cond = 0; cond < 16; cond++) {
    places.push([a.jcc32(cond as Cond), `j${CONDITIONS[cond]}`]);
  }
  places.push([a.jmp32(), 'jmp'], [a.call32(), 'call']);
  a.ret();
  places.forEach(([position], i) => {
    a.patch32(position, i * 1000);
  });
  const decoded = disassemble(a.bytes(), BASE);
  places.forEach(([position, name], i) => {
    assert.equal(decoded[i].text, `${name} ${target(i * 1000)}`);
    assert.equal(decoded[i].address + decoded[i].length, BASE + position + 4);
  });
});

test('labels survive growth of the buffer', () => {
  const a = new Assembler(64);
  const end = a.label();
  const start = a.label();
  a.bind(start);
  for (let i = 0; i < 5000; i++) {
    a.jcc(4, end);
    a.jcc(5, start);
  }
  a.bind(end);
  a.ret();
  const decoded = disassemble(a.bytes(), BASE);
  assert.equal(decoded.length, 10_001);
  for (let i = 0; i < 10_000; i++) {
    assert.equal(decoded[i].text, i % 2 === 0 ? `je ${target(end.position)}` : `jne ${target(0)}`);
  }
});
