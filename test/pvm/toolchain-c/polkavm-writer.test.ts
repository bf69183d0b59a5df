/**
 * Writing `.polkavm` files: what is written is read back the same, what cannot be is refused, and damage to it is noticed.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Access } from '../../../src/pvm/program/image.js';
import { type PolkavmProgram, writePolkavm } from '../../../src/pvm/program/polkavm-writer.js';
import { Program } from '../../../src/pvm/program.js';
import { assemble } from '../../../src/pvm/toolchain/assembler.js';
import { ENGINES } from '../machines.js';
import { readCorrupt } from './corrupt.js';

function programOf(text: string, rest: Partial<PolkavmProgram> = {}): PolkavmProgram {
  const { code, bitmask, jumpOffsets } = Program.load(assemble(`.code\n${text}`)).image;
  return {
    code,
    bitmask,
    jumpOffsets,
    readOnly: new Uint8Array(0),
    readOnlySize: 0,
    readWrite: new Uint8Array(0),
    readWriteSize: 0,
    stackSize: 0,
    imports: [],
    exports: [],
    ...rest,
  };
}

describe('.polkavm files', () => {
  for (const instructionSet of ['jam-v1', 'latest'] as const) {
    test(`${instructionSet}: read back as they were written`, () => {
      const written = programOf(
        'trap\nmain:\ncount_set_bits_64 r7, r8\nreverse_bytes r7, r8\njump_ind r0\n.jumptable @main',
        {
          instructionSet,
          readOnly: Uint8Array.of(1, 2, 3),
          readOnlySize: 0x11000,
          readWrite: Uint8Array.of(4),
          readWriteSize: 10,
          stackSize: 4096,
          imports: ['eins', '', 'drei – mit mehr Bytes als Zeichen'],
          exports: [
            { name: 'main', pc: 1 },
            { name: 'x'.repeat(200), pc: 0 },
          ],
        },
      );
      const { image } = Program.load(writePolkavm(written));
      assert.equal(image.kind, 'polkavm');
      assert.deepEqual(image.code, written.code);
      assert.deepEqual(image.bitmask, written.bitmask);
      assert.deepEqual(image.jumpOffsets, written.jumpOffsets);
      assert.deepEqual(image.imports, written.imports);
      assert.deepEqual(image.exports, written.exports);
      assert.equal(image.entry, 1);
      const segments = image.segments.map(({ address, length, access, data }) => [address, length, access, [...data]]);
      assert.deepEqual(segments, [
        [0x10000, 0x11000, Access.Read, [1, 2, 3]],
        [0x40000, 0x1000, Access.Write, [4]],
        [0xfffdf000, 0x1000, Access.Write, []],
      ]);
    });
  }

  test('reading and writing leave what they are given as it was, a Buffer too', () => {
    const program = programOf('count_set_bits_64 r7, r8\ntrap');
    const code = Buffer.from(program.code);
    const written = Buffer.from(writePolkavm({ ...program, code }));
    assert.deepEqual(new Uint8Array(code), program.code);
    const before = written.toString('hex');
    for (let i = 0; i < 2; i++) assert.deepEqual(Program.load(written).image.code, program.code);
    assert.equal(written.toString('hex'), before);
  });

  test('what does not fit is refused', () => {
    const trap = programOf('trap');
    const refused: [Partial<PolkavmProgram>, RegExp][] = [
      [{ readOnly: Uint8Array.of(1) }, /no longer than the sizes/],
      [{ stackSize: 2 ** 32 }, /below 4 GiB/],
      [{ imports: new Array<string>(1025).fill('') }, /at most 1024 functions, not 1025/],
    ];
    for (const [change, message] of refused) assert.throws(() => writePolkavm({ ...trap, ...change }), message);
    assert.throws(() => writePolkavm(programOf('trap\nsbrk r7, r8')), /"jam-v1" has no sbrk, .* at pc 1/);
    const kernel = { ...trap, code: Uint8Array.of(3) };
    assert.throws(() => writePolkavm(kernel), /kernel's instruction with opcode 3, at pc 0/);
  });

  test('sbrk answers with the end of the heap after it moved, as in PolkaVM', () => {
    const bytes = writePolkavm(
      programOf('sbrk r9, r7\nsbrk r10, r8\nsbrk r11, r7\nsbrk r12, r6\njump_ind r0', {
        instructionSet: 'latest',
        readWriteSize: 24,
      }),
    );
    for (const engine of ENGINES) {
      const registers = Array.from({ length: 13 }, (_, i) =>
        BigInt([0xffff0000, 0, 0, 0, 0, 0, 2 ** 32, 0, 100][i] ?? 0),
      );
      const instance = Program.load(bytes).instantiate({ engine, registers });
      assert.equal(instance.run().kind, 'halt');
      assert.deepEqual(instance.registers.slice(9), [0x20018n, 0x2007cn, 0x2007cn, 0n]);
    }
  });

  test('1500 damaged files: an error each, or a program that runs', async () => {
    const { refused, ran } = await readCorrupt(1500);
    assert.equal(refused + ran, 1500);
    assert.ok(refused > 300 && ran > 100, `${refused} refused, ${ran} ran: the test has lost its aim`);
  });
});
