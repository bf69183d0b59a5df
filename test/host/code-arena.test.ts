/** The code arena: allocation, patching, and never a mapping that is writable and executable. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CodeArena, copyFrom, sharedArena } from '../../src/host/index.js';
import { nativeTest } from './rig.js';

nativeTest('both views show the same bytes; the executable one lies in the low 2 GiB', () => {
  const arena = new CodeArena(0x10_0000);
  const offset = arena.allocate(100);
  assert.equal(offset % 64, 0);
  arena.write(offset, Uint8Array.of(1, 2, 3, 4, 5));
  arena.patch32(offset + 1, 0xdeadbeef);
  assert.ok(arena.address(offset) < 0x8000_0000);
  assert.ok(arena.contains(arena.address(offset)) && !arena.contains(arena.base + arena.capacity));
  assert.deepEqual(copyFrom(arena.address(offset), 6), Uint8Array.of(1, 0xef, 0xbe, 0xad, 0xde, 0));
  arena.dispose();
});

nativeTest('no mapping of the process is writable and executable', () => {
  const arena = new CodeArena(0x10_0000);
  arena.write(arena.allocate(64), Uint8Array.of(0xc3));
  const maps = readFileSync('/proc/self/maps', 'latin1')
    .split('\n')
    .filter((line) => line.includes('scotty-code'));
  const permissions = maps.map((line) => line.split(' ')[1]);
  assert.ok(permissions.includes('rw-s') && permissions.includes('r-xs'));
  for (const permission of permissions) assert.doesNotMatch(permission as string, /w.*x/);
  arena.dispose();
});

nativeTest('freed code is filled with int3 and its space is used again', () => {
  const arena = new CodeArena(0x10_0000);
  const first = arena.allocate(256);
  const second = arena.allocate(256);
  const third = arena.allocate(256);
  arena.write(second, new Uint8Array(256).fill(0x90));
  arena.free(second, 256);
  assert.deepEqual(copyFrom(arena.address(second), 256), new Uint8Array(256).fill(0xcc));
  assert.equal(arena.allocate(256), second);
  arena.free(third, 256);
  arena.free(first, 256);
  arena.free(second, 256);
  assert.equal(arena.used, 0);
  // The three holes and the rest have become one.
  assert.equal(arena.allocate(arena.capacity - 4096), 4096);
  arena.dispose();
});

nativeTest('holes merge whatever the order of freeing', () => {
  const arena = new CodeArena(0x10_0000);
  let seed = 12345;
  const random = (limit: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % limit;
  };
  const live: { offset: number; size: number }[] = [];
  for (let i = 0; i < 4000; i++) {
    if (live.length > 0 && random(100) < 48) {
      const [block] = live.splice(random(live.length), 1) as [{ offset: number; size: number }];
      arena.free(block.offset, block.size);
    } else {
      const size = 1 + random(700);
      const align = 16 << random(5);
      const offset = arena.allocate(size, align);
      assert.equal(offset % align, 0);
      for (const other of live) assert.ok(offset + size <= other.offset || other.offset + other.size <= offset);
      live.push({ offset, size });
    }
    if (live.length > 200) {
      for (const { offset, size } of live.splice(0, 150)) arena.free(offset, size);
    }
  }
  for (const { offset, size } of live) arena.free(offset, size);
  assert.equal(arena.allocate(arena.capacity - 4096), 4096);
  arena.dispose();
});

nativeTest('misuse is refused', () => {
  const arena = new CodeArena(0x10_0000);
  const offset = arena.allocate(64);
  assert.throws(() => arena.free(offset + 64, 64), RangeError);
  assert.throws(() => arena.free(offset, 128), RangeError);
  arena.free(offset, 64);
  assert.throws(() => arena.free(offset, 64), RangeError);
  assert.throws(() => arena.allocate(arena.capacity), /no room/);
  assert.throws(() => arena.allocateData(4097), RangeError);
  arena.dispose();
  arena.dispose();
});

nativeTest('the writable view grows with what is allocated', () => {
  const arena = new CodeArena(0x400_0000);
  const offset = arena.allocate(0x180_0000);
  arena.write(offset + 0x180_0000 - 4, Uint8Array.of(1, 2, 3, 4));
  assert.ok(arena.writable.length >= offset + 0x180_0000);
  assert.deepEqual(copyFrom(arena.address(offset + 0x180_0000 - 4), 4), Uint8Array.of(1, 2, 3, 4));
  arena.dispose();
});

nativeTest('more arenas than the low 2 GiB hold at full size become smaller', () => {
  const arenas: CodeArena[] = [];
  for (let i = 0; i < 12; i++) arenas.push(new CodeArena());
  assert.ok(arenas.every((arena) => arena.base + arena.capacity <= 0x8000_0000));
  for (const arena of arenas) arena.dispose();
});

nativeTest('a thread has one shared arena, and a new one after disposing of it', () => {
  const arena = sharedArena();
  assert.equal(sharedArena(), arena);
  arena.dispose();
  assert.notEqual(sharedArena(), arena);
  sharedArena().dispose();
});
