/**
 * C programs on PVM: the same output as natively, at every level of optimisation, on both engines, in every container.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { OPTIMISATION_LEVELS } from '../../../src/cli/pvm/clang.js';
import type { Instance } from '../../../src/pvm/instance.js';
import { Program } from '../../../src/pvm/program.js';
import { linkProgram, type OutputFormat } from '../../../src/pvm/toolchain/output.js';
import { ENGINES } from '../machines.js';
import { build, compileC, compileText, NO_COMPILER, type Printed, printedNatively, run } from './compiler.js';
import { compareRandomPrograms } from './random-c.js';

function halted(text: string, result = 0n): Printed {
  return { kind: 'halt', text, result };
}

describe('a program of all kinds of C', { skip: NO_COMPILER }, () => {
  let expected: string;
  before(() => {
    expected = printedNatively('program.c');
    assert.match(expected, /done\n$/);
  });

  for (const level of OPTIMISATION_LEVELS) {
    test(`-O${level} prints what it prints natively`, () => {
      const program = build(['program.c'], 'standard', level);
      for (const engine of ENGINES) assert.deepEqual(run(program, engine), halted(expected), engine);
    });
  }

  for (const format of ['polkavm', 'manifest'] satisfies OutputFormat[]) {
    for (const level of ['0', '2', 's']) {
      test(`as ${format}, -O${level}`, () => {
        const program = build(['program.c'], format, level);
        for (const engine of ENGINES) {
          assert.deepEqual(run(program, engine, format === 'manifest'), halted(expected), engine);
        }
      });
    }
  }

  test('not optimised by the linker', () => {
    const elf = compileC(['program.c'], { level: '1', sbrk: true });
    const { bytes } = linkProgram(elf, { format: 'standard', optimize: false });
    for (const engine of ENGINES) assert.deepEqual(run(bytes, engine), halted(expected), engine);
  });
});

test('instructions of RISC-V that need a register more than PVM has', { skip: NO_COMPILER }, () => {
  // `orc.b` of the same and of another register, and loads into x0.
  const text = `
    #include <stdint.h>
    static uint64_t bytes(uint64_t x) { uint64_t y; __asm__("orc.b %0, %1" : "=r"(y) : "r"(x)); return y; }
    static uint64_t again(uint64_t x) { __asm__("orc.b %0, %0" : "+r"(x)); return x; }
    int main(void) {
      volatile uint64_t values[] = {0, 1, 0x80, 0x100, 0x8000000000000000, 0x0102040810204080, 0x7f00ff0000800001};
      uint64_t wrong = 0;
      for (int i = 0; i < 7; i++) {
        uint64_t expected = 0, x = values[i];
        values[i];
        __asm__ volatile("lbu x0, 3(%0)" : : "r"(values));
        for (int at = 0; at < 64; at += 8) expected |= (uint64_t)((x >> at & 255) != 0 ? 255 : 0) << at;
        wrong += bytes(x) != expected || again(x) != expected;
      }
      return 100 + (int)wrong;
    }`;
  assert.equal(resultOf(text, { flags: ['-Wno-unused-value'] }), 100n);
  assert.equal(resultOf(text, { flags: ['-Wno-unused-value'], level: '0' }), 100n);
});

test('random programs print what they print natively', { skip: NO_COMPILER }, () => {
  compareRandomPrograms(6);
});

/** What a program answers that is C text, on all engines; it must be the same. */
function resultOf(text: string, options: Parameters<typeof compileText>[1] = {}): bigint {
  const { bytes } = linkProgram(compileText(text, { sbrk: true, heapSize: 0, ...options }), { format: 'standard' });
  const [first, ...others] = ENGINES.map((engine) => run(bytes, engine)) as [Printed, ...Printed[]];
  for (const other of others) assert.deepEqual(other, first);
  assert.equal(first.kind, 'halt');
  return first.result;
}

describe('the runtime', { skip: NO_COMPILER }, () => {
  test('malloc takes from sbrk what its first heap does not have', () => {
    const text = `
      #include <stdlib.h>
      #include <string.h>
      int main(void) {
        char *all[40];
        for (int i = 0; i < 40; i++) {
          if ((all[i] = malloc(5000)) == NULL) return i;
          memset(all[i], i, 5000);
        }
        for (int i = 0; i < 40; i++) if (all[i][0] != i || all[i][4999] != i) return 1000 + i;
        return 99;
      }`;
    assert.equal(resultOf(text), 99n);
    assert.equal(resultOf(text, { heapSize: 8192 }), 99n);
    assert.equal(resultOf(text, { heapSize: 8192, sbrk: false }), 1n);
    assert.equal(resultOf(text, { heapSize: 0, sbrk: false }), 0n);
  });

  test('malloc refuses what no memory holds, and gives back what is freed', () => {
    const text = `
      #include <stdint.h>
      #include <stdlib.h>
      int main(void) {
        if (malloc(0) != NULL || malloc(SIZE_MAX) != NULL || malloc(SIZE_MAX - 40) != NULL) return 1;
        if (calloc(1ull << 33, 1ull << 33) != NULL || calloc(SIZE_MAX, 2) != NULL) return 2;
        for (int i = 0; i < 1000; i++) {
          void *a = malloc(3000), *b = malloc(2000), *c = malloc(3000);
          if (a == NULL || b == NULL || c == NULL) return 3;
          if (((uintptr_t)a | (uintptr_t)b | (uintptr_t)c) % 16 != 0) return 4;
          free(b); free(a); free(c);
        }
        return malloc(8150) == NULL ? 5 : 99;
      }`;
    assert.equal(resultOf(text, { heapSize: 8192, sbrk: false }), 99n);
  });

  test('exit halts from anywhere, with its number', () => {
    assert.equal(
      resultOf(`
      #include <stdlib.h>
      static void __attribute__((noinline)) deep(int n) { if (n == 0) exit(41); deep(n - 1); __asm__ volatile(""); }
      int main(void) { deep(10); return 1; }`),
      41n,
    );
  });

  test("a program's own functions come before the runtime's", () => {
    assert.equal(
      resultOf(`
      #include <stdlib.h>
      #include <string.h>
      void *malloc(size_t length) { (void)length; return (void *)7; }
      void free(void *memory) { (void)memory; }
      int main(void) { return (int)(size_t)malloc(5); }`),
      7n,
    );
  });

  for (const [what, statement, printed] of [
    ['abort', 'abort();', /^$/],
    ['a failed assertion', 'assert(1 + 1 == 3);', /^.*text\.c:7: assertion failed: 1 \+ 1 == 3\n$/],
    // What printf has not handed over by then is lost.
    ['a conversion that printf does not know', 'printf(format, 1);', /^$/],
  ] as const) {
    test(`${what} panics`, () => {
      const source = `
        #include <assert.h>
        #include <stdio.h>
        #include <stdlib.h>
        const char *format = "before %f";
        int main(void) {
          ${statement}
          return 0;
        }`;
      const elf = compileText(source, { sbrk: true, heapSize: 0, flags: ['-Wno-format-security'] });
      const { bytes } = linkProgram(elf, { format: 'standard' });
      for (const engine of ENGINES) {
        const { kind, text } = run(bytes, engine);
        assert.equal(kind, 'panic');
        assert.match(text, printed);
      }
    });
  }
});

describe('scotty.h', { skip: NO_COMPILER }, () => {
  test('host functions by name and by number, with all their arguments', () => {
    const text = `
      #include <scotty.h>
      SCOTTY_IMPORT_AT(9, uint64_t, six, uint64_t a, uint32_t b, const char *c, int64_t d, uint64_t e, uint8_t f);
      SCOTTY_IMPORT_AT(10, void, none, void);
      int main(void) {
        uint64_t sum = six(1, 2, "text", -4, 5, 6);
        none();
        struct scotty_pair both = scotty_ecalli_pair(11, scotty_ecalli(12, 10, sum), 2, 3, 4, 5, 6);
        return (int)(both.first - both.second);
      }`;
    const { bytes, linked } = linkProgram(compileText(text), { format: 'standard' });
    assert.deepEqual(linked.imports, [
      { name: 'six', index: 9 },
      { name: 'none', index: 10 },
    ]);
    for (const engine of ENGINES) {
      const calls: string[] = [];
      const instance = Program.load(bytes).instantiate({
        engine,
        host: Object.fromEntries(
          [9, 10, 11, 12].map((id) => [
            id,
            (guest: Instance) => {
              const registers = guest.registers.slice(7).map((value) => BigInt.asIntN(64, value));
              if (id === 9) registers[2] = BigInt(guest.memory.read(guest.getRegister32(9), 5).length);
              if (id !== 10) calls.push(`${id}: ${registers.slice(0, id === 12 ? 2 : 6).join(' ')}`);
              guest.setRegister(7, BigInt(id * 100));
              guest.setRegister(8, BigInt(id));
            },
          ]),
        ),
      });
      assert.equal(instance.run().kind, 'halt');
      assert.deepEqual(calls, ['9: 1 2 5 -4 5 6', '12: 10 900', '11: 1200 2 3 4 5 6']);
      assert.equal(instance.getRegister(7), 1089n);
    }
  });

  test('the largest stack that is asked for is there', () => {
    const text = `
      #include <scotty.h>
      SCOTTY_STACK(300000);
      int main(void) { volatile char all[290000]; all[0] = 5; all[289999] = 6; return all[0] + all[289999]; }`;
    assert.equal(resultOf(text), 11n);
  });
});
