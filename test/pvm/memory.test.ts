/** Guest memory: mapping, access from the host, access from the guest, the heap. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { PAGE_SIZE } from '../../src/pvm/layout.js';
import { CHUNK_SIZE, GuestMemory, MemoryAccessError, type MemoryBacking } from '../../src/pvm/memory/guest-memory.js';
import { PortableBacking } from '../../src/pvm/memory/portable.js';
import { Access } from '../../src/pvm/program/image.js';

const BASE = 0x20000;

function memory(): GuestMemory {
  return new GuestMemory(new PortableBacking());
}

test('nothing is accessible at first', () => {
  const m = memory();
  assert.deepEqual(m.regions(), []);
  for (const address of [0, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff])
    assert.equal(m.accessAt(address), Access.None);
  assert.throws(() => m.read(BASE, 1), MemoryAccessError);
  assert.equal(m.isAccessible(BASE, 0, Access.Write), true, 'an empty range is');
});

test('mapped pages read as zeros and keep what is written', () => {
  const m = memory();
  m.map(BASE, 2 * PAGE_SIZE, Access.Write);
  assert.deepEqual([...m.read(BASE + PAGE_SIZE - 2, 4)], [0, 0, 0, 0]);
  m.write(BASE + PAGE_SIZE - 2, Uint8Array.of(1, 2, 3, 4));
  assert.equal(m.readU32(BASE + PAGE_SIZE - 2), 0x04030201);
  assert.deepEqual([m.readU8(BASE + PAGE_SIZE), m.readU16(BASE + PAGE_SIZE - 1)], [3, 0x0302]);
  m.writeU64(BASE + PAGE_SIZE - 4, 0xf1f2f3f4f5f6f7f8n);
  assert.equal(m.readU64(BASE + PAGE_SIZE - 4), 0xf1f2f3f4f5f6f7f8n);
  assert.equal(m.readU32(BASE + PAGE_SIZE), 0xf1f2f3f4);
  m.writeU8(BASE, 0x1ff);
  m.writeU16(BASE + 1, 0x8001);
  m.writeU32(BASE + 3, 0xfffffffe);
  assert.deepEqual([...m.read(BASE, 8)], [0xff, 1, 0x80, 0xfe, 0xff, 0xff, 0xff, 0]);
  m.fill(BASE, 2 * PAGE_SIZE, 9);
  assert.ok(m.read(BASE, 2 * PAGE_SIZE).every((byte) => byte === 9));
});

test('ranges across chunks are one range', () => {
  const m = memory();
  const start = 3 * CHUNK_SIZE - PAGE_SIZE;
  m.map(start, CHUNK_SIZE + 2 * PAGE_SIZE, Access.Write);
  assert.deepEqual(m.regions(), [{ address: start, length: CHUNK_SIZE + 2 * PAGE_SIZE, access: Access.Write }]);
  const bytes = Uint8Array.from({ length: CHUNK_SIZE + 100 }, (_, i) => (i * 13) & 0xff);
  m.write(start + 50, bytes);
  assert.equal(Buffer.compare(m.read(start + 50, bytes.length), bytes), 0);
  assert.equal(m.load(3 * CHUNK_SIZE - 3, 8), true);
  assert.equal(m.high >>> 24, m.readU8(3 * CHUNK_SIZE + 4));
});

test('the host is held to the pages’ access and told the first page that forbids it', () => {
  const m = memory();
  m.map(BASE, PAGE_SIZE, Access.Write);
  m.map(BASE + PAGE_SIZE, PAGE_SIZE, Access.Read);
  const bytes = Uint8Array.of(1, 2);
  assert.throws(
    () => m.write(BASE + PAGE_SIZE - 1, bytes),
    (error) =>
      error instanceof MemoryAccessError && error.address === BASE + PAGE_SIZE && error.access === Access.Write,
  );
  assert.equal(m.readU8(BASE + PAGE_SIZE - 1), 0, 'nothing was written');
  assert.throws(() => m.read(BASE + 2 * PAGE_SIZE - 1, 2), { address: BASE + 2 * PAGE_SIZE });
  assert.throws(() => m.writeU32(BASE + PAGE_SIZE, 1), MemoryAccessError);
  assert.throws(() => m.fill(BASE, PAGE_SIZE + 1, 1), MemoryAccessError);
  assert.throws(() => m.read(0xfffffff0, 0x20), MemoryAccessError, 'the host’s ranges do not wrap');
  m.map(0xfffff000, PAGE_SIZE, Access.Read);
  assert.throws(() => m.read(0xfffffff0, 0x20), { address: 0x1_0000_0000 });
  assert.equal(m.read(0xfffffff0, 0x10).length, 0x10);
  assert.throws(() => m.read(-1, 1), RangeError);
  assert.throws(() => m.read(BASE, Number.NaN), RangeError);
});

test('initial contents go into read-only pages', () => {
  const m = memory();
  m.map(BASE, PAGE_SIZE, Access.Read);
  m.map(BASE + PAGE_SIZE, PAGE_SIZE, Access.Write);
  m.writeInitial(BASE + PAGE_SIZE - 1, Uint8Array.of(7, 8));
  assert.deepEqual([...m.read(BASE + PAGE_SIZE - 1, 2)], [7, 8]);
  assert.equal(m.accessAt(BASE), Access.Read);
  assert.throws(() => m.writeInitial(BASE + 2 * PAGE_SIZE, Uint8Array.of(1)), MemoryAccessError);
});

test('protect changes access, unmap forgets contents', () => {
  const m = memory();
  m.map(BASE, 3 * PAGE_SIZE, Access.Write);
  m.fill(BASE, 3 * PAGE_SIZE, 5);
  m.protect(BASE + PAGE_SIZE, PAGE_SIZE, Access.Read);
  assert.deepEqual(
    m.regions().map((r) => r.access),
    [Access.Write, Access.Read, Access.Write],
  );
  m.unmap(BASE + PAGE_SIZE, PAGE_SIZE);
  assert.throws(() => m.protect(BASE, 3 * PAGE_SIZE, Access.Read), { address: BASE + PAGE_SIZE });
  m.map(BASE, 2 * PAGE_SIZE, Access.Read);
  assert.deepEqual([m.readU8(BASE), m.readU8(BASE + PAGE_SIZE), m.readU8(BASE + 2 * PAGE_SIZE)], [5, 0, 5]);
  m.map(BASE, PAGE_SIZE, Access.None);
  assert.equal(m.accessAt(BASE), Access.None);
  m.unmap(0x40000000, PAGE_SIZE);
});

test('ranges that are not pages of guest memory are refused', () => {
  const m = memory();
  for (const [address, length] of [
    [BASE + 1, PAGE_SIZE],
    [BASE, 100],
    [BASE, -PAGE_SIZE],
    [0xf000, PAGE_SIZE],
    [0, PAGE_SIZE],
    [0xfffff000, 2 * PAGE_SIZE],
    [Number.NaN, PAGE_SIZE],
  ]) {
    assert.throws(() => m.map(address, length, Access.Read), RangeError);
    assert.throws(() => m.unmap(address, length), RangeError);
  }
  assert.deepEqual(m.regions(), []);
});

test('guest accesses wrap, straddle and fail at their first bad byte', () => {
  const m = memory();
  m.map(BASE, PAGE_SIZE, Access.Write);
  m.map(0xfffff000, PAGE_SIZE, Access.Write);
  assert.equal(m.store(BASE + PAGE_SIZE - 4, 4, -2, 0), true);
  assert.equal(m.store(BASE + PAGE_SIZE - 3, 4, 0, 0), false);
  assert.equal(m.readU32(BASE + PAGE_SIZE - 4), 0xfffffffe);
  assert.equal(m.faultPage(BASE + PAGE_SIZE - 3, 4, Access.Read), BASE + PAGE_SIZE);
  assert.equal(m.faultPage(BASE - 1, 4, Access.Read), BASE - PAGE_SIZE);
  assert.equal(m.faultPage(-1, 2, Access.Read), 0, 'wraps to page 0');
  assert.equal(m.faultPage(-1, 1, Access.Read), -1);
  assert.equal(m.load(-8, 8), true);
  assert.equal(m.load(-7, 8), false);
});

test('sbrk hands out zeroed pages up to the limit and fails without changing anything', () => {
  const m = new GuestMemory(new PortableBacking(), { start: 0x31000, limit: 0x34800 });
  assert.equal(m.sbrk(0, 0), 0x31000);
  assert.deepEqual(m.regions(), []);
  assert.equal(m.sbrk(1, 0), 0x31000);
  assert.deepEqual(m.regions(), [{ address: 0x31000, length: PAGE_SIZE, access: Access.Write }]);
  m.writeU8(0x31000, 1);
  assert.equal(m.sbrk(0xfff, 0), 0x31001);
  assert.equal(m.sbrk(0x1001, 0), 0x32000);
  assert.equal(m.readU8(0x31000), 1);
  assert.deepEqual(m.regions(), [{ address: 0x31000, length: 3 * PAGE_SIZE, access: Access.Write }]);
  for (const [low, high] of [
    [0x1800, 0],
    [0, 1],
    [-1, -1],
    [-0x33001, -1],
  ]) {
    assert.equal(m.sbrk(low, high), 0);
    assert.equal(m.brk, 0x33001);
  }
  assert.equal(m.sbrk(0x17ff, 0), 0x33001);
  assert.equal(m.brk, 0x34800);
  assert.equal(memory().sbrk(1, 0), 0);
  assert.equal(memory().sbrk(0, 0), 0);
});

test('a chunk’s bytes are asked for when they are first touched, once', () => {
  const asked: number[] = [];
  const portable = new PortableBacking();
  const backing: MemoryBacking = {
    chunkView: (index) => {
      asked.push(index);
      return portable.chunkView(index);
    },
    setAccess: () => {},
    zero: () => {},
    dispose: () => {},
  };
  const m = new GuestMemory(backing);
  m.map(BASE, PAGE_SIZE, Access.Write);
  m.adopt(0x80000000, PAGE_SIZE, Access.Read);
  assert.deepEqual(asked, []);
  assert.equal(m.load(0x40000000, 1), false);
  assert.deepEqual(asked, []);
  m.load(BASE, 1);
  m.store(BASE, 1, 0, 0);
  m.read(0x80000000, 1);
  assert.deepEqual(asked, [0, 512]);
});
