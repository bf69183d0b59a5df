/** Native memory: blocks do not overlap, keep what was written, and what is freed can be had again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arena } from '../../../src/jvm/memory/arena.js';
import { InvalidFree, NativeMemory } from '../../../src/jvm/memory/native-memory.js';
import { Random } from './mini-world.js';

const MIB = 1 << 20;

function using(body: (memory: NativeMemory, arena: Arena) => void): void {
  const arena = new Arena({ heap: MIB, metadata: MIB, stacks: MIB, native: 16 * MIB });
  try {
    body(new NativeMemory(arena), arena);
  } finally {
    arena.dispose();
  }
}

test('random blocks keep their contents', () => {
  using((memory, arena) => {
    const random = new Random(4711);
    const blocks: { address: number; bytes: number; tag: number }[] = [];
    let used = 0;
    const verify = ({ address, bytes, tag }: { address: number; bytes: number; tag: number }) => {
      for (let i = 0; i < bytes; i++) if (arena.u8[address + i] !== tag) assert.fail(`byte ${i} of ${bytes}`);
    };
    const size = () =>
      random.below(10) === 0 ? random.below(200_000) : random.below(random.below(5) === 0 ? 40_000 : 600);
    for (let step = 0; step < 20_000; step++) {
      const tag = step & 255;
      const choice = random.below(10);
      if (choice < 5 && used < 8 * MIB) {
        const bytes = size();
        const address = memory.allocate(bytes);
        assert(address !== 0 && address % 16 === 0);
        assert(address >= arena.nativeStart && address + bytes <= arena.nativeEnd);
        arena.u8.fill(tag, address, address + bytes);
        blocks.push({ address, bytes, tag });
        used += bytes;
      } else if (blocks.length > 0) {
        const i = random.below(blocks.length);
        const block = blocks[i]!;
        verify(block);
        if (choice < 7) {
          const bytes = size();
          const address = memory.reallocate(block.address, bytes);
          assert(address !== 0);
          verify({ address, bytes: Math.min(bytes, block.bytes), tag: block.tag });
          arena.u8.fill(tag, address, address + bytes);
          blocks[i] = { address, bytes, tag };
          used += bytes - block.bytes;
        } else {
          memory.free(block.address);
          blocks.splice(i, 1);
          used -= block.bytes;
        }
      }
      assert.equal(memory.usedBytes, used);
    }
    for (const block of blocks) {
      verify(block);
      memory.free(block.address);
    }
    assert.equal(memory.usedBytes, 0);
  });
});

test('freeing twice, or what was never allocated, is an error and changes nothing', () => {
  using((memory) => {
    const a = memory.allocate(100);
    const b = memory.allocate(1 * MIB);
    memory.free(0);
    for (const wrong of [a + 16, a + 1, b + 4096, 12]) assert.throws(() => memory.free(wrong), InvalidFree);
    memory.free(a);
    memory.free(b);
    for (const gone of [a, b]) {
      assert.throws(() => memory.free(gone), InvalidFree);
      assert.throws(() => memory.reallocate(gone, 5), InvalidFree);
      assert.throws(() => memory.freePages(gone), InvalidFree);
    }
    assert.equal(memory.usedBytes, 0);
  });
});

test('full means 0, and freed ranges merge', () => {
  using((memory) => {
    const parts: number[] = [];
    for (let at = memory.allocate(MIB); at !== 0; at = memory.allocate(MIB)) parts.push(at);
    assert.equal(parts.length, 16);
    assert.equal(memory.allocate(100), 0);
    assert.equal(memory.allocatePages(100), 0);
    for (const at of [...parts.filter((_, i) => i % 2 === 0), ...parts.filter((_, i) => i % 2 === 1)]) memory.free(at);
    const all = memory.allocate(16 * MIB);
    assert.equal(all, parts[0]);
    memory.free(all);
    assert.notEqual(memory.allocate(10), 0);
  });
});

test('pages are aligned and zero, also the second time', () => {
  using((memory, arena) => {
    for (let round = 0; round < 3; round++) {
      const address = memory.allocatePages(10_000);
      assert.equal(address % 4096, 0);
      assert(arena.u8.subarray(address, address + 12_288).every((byte) => byte === 0));
      arena.u8.fill(7, address, address + 12_288);
      if (round === 1) memory.free(address);
      else memory.freePages(address);
    }
  });
});
