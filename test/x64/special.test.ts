/**
 * What the table of forms does not say: exact bytes where the choice between encodings matters, forms that choose among
 * instructions, padding, operand factories, and operands that must be refused.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Assembler,
  absolute,
  addr32,
  at,
  disassemble,
  gs,
  guest,
  indexed,
  Mem,
  Reg,
  rip,
  Segment,
} from '../../src/x64/index.js';
import { registerName } from './forms.js';

function hexOf(write: (a: Assembler) => void): string {
  const a = new Assembler();
  write(a);
  return Buffer.from(a.bytes()).toString('hex');
}

function textOf(write: (a: Assembler) => void): string[] {
  const a = new Assembler();
  write(a);
  return disassemble(a.bytes()).map((instruction) => instruction.text);
}

test('guest operands: segment, address size, REX, opcode, in this order', () => {
  assert.equal(
    hexOf((a) => a.mov_rm(64, Reg.RAX, guest(Reg.RCX, 0x12345678))),
    '6567488b8178563412',
  );
  assert.equal(
    hexOf((a) => a.mov_rm(16, Reg.R9, guest(Reg.R12, 0))),
    '656766458b0c24',
  );
  assert.equal(
    hexOf((a) => a.mov_mi(8, guest(Reg.RBP, 0), 7)),
    '6567c6450007',
  );
  assert.deepEqual(
    textOf((a) => a.mov_rm(64, Reg.RAX, guest(Reg.R13, -4))),
    ['mov rax, qword ptr gs:[r13d-0x4]'],
  );
});

test('the shortest encoding is chosen', () => {
  const cases: [string, (a: Assembler) => void][] = [
    ['83c07f', (a) => a.add_ri(32, Reg.RAX, 127)],
    ['83c080', (a) => a.add_ri(32, Reg.RAX, -128)],
    ['0580000000', (a) => a.add_ri(32, Reg.RAX, 128)],
    ['4805ffffff7f', (a) => a.add_ri(64, Reg.RAX, 0x7fffffff)],
    ['81c17fffffff', (a) => a.add_ri(32, Reg.RCX, -129)],
    ['83c1ff', (a) => a.add_ri(32, Reg.RCX, 0xffffffff)],
    ['6683c1ff', (a) => a.add_ri(16, Reg.RCX, 0xffff)],
    ['66050080', (a) => a.add_ri(16, Reg.RAX, 0x8000)],
    ['0480', (a) => a.add_ri(8, Reg.RAX, 128)],
    ['80c180', (a) => a.add_ri(8, Reg.RCX, 128)],
    ['8b00', (a) => a.mov_rm(32, Reg.RAX, at(Reg.RAX))],
    ['8b4500', (a) => a.mov_rm(32, Reg.RAX, at(Reg.RBP))],
    ['418b4500', (a) => a.mov_rm(32, Reg.RAX, at(Reg.R13))],
    ['8b0424', (a) => a.mov_rm(32, Reg.RAX, at(Reg.RSP))],
    ['418b0424', (a) => a.mov_rm(32, Reg.RAX, at(Reg.R12))],
    ['428b0420', (a) => a.mov_rm(32, Reg.RAX, indexed(Reg.RAX, Reg.R12, 1))],
    ['8b407f', (a) => a.mov_rm(32, Reg.RAX, at(Reg.RAX, 127))],
    ['8b8080000000', (a) => a.mov_rm(32, Reg.RAX, at(Reg.RAX, 128))],
    ['8b4080', (a) => a.mov_rm(32, Reg.RAX, at(Reg.RAX, -128))],
    ['8b807fffffff', (a) => a.mov_rm(32, Reg.RAX, at(Reg.RAX, -129))],
    ['8b042578563412', (a) => a.mov_rm(32, Reg.RAX, absolute(0x12345678))],
    ['d1e0', (a) => a.shl_ri(32, Reg.RAX, 1)],
    ['c1e002', (a) => a.shl_ri(32, Reg.RAX, 2)],
    ['6a80', (a) => a.push_i(-128)],
    ['6880000000', (a) => a.push_i(128)],
    ['6bc17f', (a) => a.imul_rri(32, Reg.RAX, Reg.RCX, 127)],
    ['69c180000000', (a) => a.imul_rri(32, Reg.RAX, Reg.RCX, 128)],
    ['b401', (a) => a.emitBytes(Uint8Array.of(0xb4, 1))],
    ['40b401', (a) => a.mov_ri(8, Reg.RSP, 1)],
    ['4088f8', (a) => a.mov_rr(8, Reg.RAX, Reg.RDI)],
    ['88d8', (a) => a.mov_rr(8, Reg.RAX, Reg.RBX)],
  ];
  for (const [expected, write] of cases) {
    assert.equal(hexOf(write), expected);
  }
});

test('mov_ri and mov_ri64 choose by value', () => {
  for (let r = 0; r < 16; r++) {
    const long = registerName(64, r);
    const short = registerName(32, r);
    const high = r > 7 ? 1 : 0;
    const cases: [number, number, string, number][] = [
      [0, 0, `mov ${short}, 0x0`, 5 + high],
      [0x7fffffff, 0, `mov ${short}, 0x7fffffff`, 5 + high],
      [-0x80000000, 0, `mov ${short}, 0x80000000`, 5 + high],
      [0xffffffff, 0, `mov ${short}, 0xffffffff`, 5 + high],
      [-1, -1, `mov ${long}, 0xffffffffffffffff`, 7],
      [0x80000000, 0xffffffff, `mov ${long}, 0xffffffff80000000`, 7],
      [0x7fffffff, -1, `mov ${long}, 0xffffffff7fffffff`, 10],
      [0, 1, `mov ${long}, 0x100000000`, 10],
      [0x55667788, 0x11223344, `mov ${long}, 0x1122334455667788`, 10],
      [0, -0x80000000, `mov ${long}, 0x8000000000000000`, 10],
    ];
    for (const [low, upper, text, length] of cases) {
      const a = new Assembler();
      a.mov_ri64(r, low, upper);
      const [instruction, ...rest] = disassemble(a.bytes());
      assert.deepEqual([instruction.text, instruction.length, rest.length], [text, length, 0]);
    }
    assert.deepEqual(
      textOf((a) => {
        a.mov_ri(64, r, 5);
        a.mov_ri(64, r, 0x7fffffff);
        a.mov_ri(64, r, -1);
        a.mov_ri(64, r, -0x80000000);
      }),
      [
        `mov ${short}, 0x5`,
        `mov ${short}, 0x7fffffff`,
        `mov ${long}, 0xffffffffffffffff`,
        `mov ${long}, 0xffffffff80000000`,
      ],
    );
  }
});

test('64-bit zero extension is the 32-bit one', () => {
  assert.deepEqual(
    textOf((a) => {
      a.movzx_rr(64, 8, Reg.RCX, Reg.RSI);
      a.movzx_rr(64, 16, Reg.R9, Reg.R10);
      a.movzx_rr(64, 32, Reg.RCX, Reg.R10);
      a.movzx_rm(64, 8, Reg.RCX, at(Reg.RSI));
      a.movzx_rm(64, 16, Reg.R9, at(Reg.R10));
      a.movzx_rm(64, 32, Reg.RCX, guest(Reg.R10, 8));
    }),
    [
      'movzx ecx, sil',
      'movzx r9d, r10w',
      'mov ecx, r10d',
      'movzx ecx, byte ptr [rsi]',
      'movzx r9d, word ptr [r10]',
      'mov ecx, dword ptr gs:[r10d+0x8]',
    ],
  );
});

test('the lock prefix joins the next instruction', () => {
  assert.deepEqual(
    textOf((a) => {
      a.lock();
      a.add_mr(64, gs(at(Reg.RAX, 8)), Reg.R9);
    }),
    ['lock add qword ptr gs:[rax+0x8], r9'],
  );
});

test('nop fills exactly, with as few instructions as possible', () => {
  for (let n = 0; n <= 64; n++) {
    const a = new Assembler();
    a.nop(n);
    assert.equal(a.position, n);
    const decoded = disassemble(a.bytes());
    assert.equal(decoded.length, Math.ceil(n / 9));
    for (const { text } of decoded) {
      assert.match(text, /^(nop|xchg ax, ax)/);
    }
  }
  for (let before = 0; before < 40; before++) {
    const a = new Assembler();
    for (let i = 0; i < before; i++) {
      a.emit8(0xcc);
    }
    a.align(16);
    assert.equal(a.position, Math.ceil(before / 16) * 16);
  }
});

test('operand factories fill in one shared operand completely', () => {
  const first = guest(Reg.RCX, 4);
  assert.equal(first.segment, Segment.Gs);
  assert.equal(first.address32, true);
  const kept = first.copy();
  const label = new Assembler().label();
  assert.equal(rip(label, 3), first);
  assert.equal(first.label, label);
  assert.equal(first.disp, 3);
  assert.equal(at(Reg.RDX), first);
  assert.deepEqual({ ...first }, { ...new Mem().set(Reg.RDX, -1, 1, 0) });
  assert.equal(indexed(Reg.RDX, Reg.RSI, 8, 9), first);
  assert.equal(addr32(gs(absolute(5))), first);
  assert.deepEqual([first.base, first.index, first.segment, first.address32], [-1, -1, Segment.Gs, true]);
  assert.deepEqual([kept.base, kept.disp, kept.segment, kept.address32], [Reg.RCX, 4, Segment.Gs, true]);
});

test('operands without an encoding are refused', () => {
  const a = new Assembler();
  assert.throws(() => a.add_ri(64, Reg.RAX, 0x80000000), RangeError);
  assert.throws(() => a.mov_mi(64, at(Reg.RAX), 0xffffffff), RangeError);
  assert.throws(() => a.push_i(2 ** 31), RangeError);
  assert.throws(() => a.mov_rm(64, Reg.RAX, at(Reg.RAX, 0x80000000)), RangeError);
  assert.throws(() => a.mov_rm(64, Reg.RAX, at(Reg.RAX, 0.5)), RangeError);
  assert.throws(() => a.mov_rm(64, Reg.RAX, indexed(Reg.RAX, Reg.RSP, 1)), RangeError);
  assert.throws(() => a.mov_rm(64, Reg.RAX, indexed(-1, Reg.RSP, 4)), RangeError);
  assert.throws(() => a.movzx_rr(16, 16, Reg.RAX, Reg.RCX), RangeError);
  assert.throws(() => a.movsx_rm(32, 32, Reg.RAX, at(Reg.RCX)), RangeError);
});

test('the buffer grows, and reset starts over', () => {
  const a = new Assembler(1);
  for (let i = 0; i < 100_000; i++) {
    a.emit8(i);
  }
  assert.equal(a.position, 100_000);
  assert.ok(a.bytes().every((byte, i) => byte === (i & 0xff)));
  a.reset();
  assert.equal(a.bytes().length, 0);
  a.emit16(0x2211);
  a.emit32(0x66554433);
  a.emit64(0xaa998877 | 0, 0xeeddccbb | 0);
  a.emitBytes(new Uint8Array(500).fill(0xff));
  a.emit8(1);
  const hex = Buffer.from(a.bytes()).toString('hex');
  assert.equal(hex, `112233445566778899aabbccddee${'ff'.repeat(500)}01`);
});

test('guest_access writes what the general encoder writes', () => {
  for (let reg = 0; reg < 16; reg++) {
    for (let base = 0; base < 16; base++) {
      if (base === Reg.RSP) continue; // the general operand takes it too, guests never do
      for (const disp of [0, 1, -1, 127, 128, -128, -129, 0x12345678, -0x80000000]) {
        const pairs: [(a: Assembler) => void, (a: Assembler) => void][] = [
          [(a) => a.guest_access(0, 8, 0x8b, reg, base, disp), (a) => a.mov_rm(64, reg, guest(base, disp))],
          [(a) => a.guest_access(0x66, 0, 0x89, reg, base, disp), (a) => a.mov_mr(16, guest(base, disp), reg)],
          [
            (a) => a.guest_access(0, reg > 3 ? 0x40 : 0, 0x88, reg, base, disp),
            (a) => a.mov_mr(8, guest(base, disp), reg),
          ],
          [(a) => a.guest_access(0, 0, 0x0fb6, reg, base, disp), (a) => a.movzx_rm(32, 8, reg, guest(base, disp))],
        ];
        for (const [direct, general] of pairs) assert.equal(hexOf(direct), hexOf(general));
      }
    }
  }
});
