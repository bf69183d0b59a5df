/** Reservations, protections, shared images and views. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  copyFrom,
  copyTo,
  decommit,
  protect,
  release,
  reserve,
  SharedImage,
  SystemError,
  view,
} from '../../src/host/index.js';
import { nativeTest } from './rig.js';

/** The permissions /proc reports for the page at an address, such as `rw-p`. */
function permissions(address: number): string | undefined {
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line);
    if (match && address >= parseInt(match[1] as string, 16) && address < parseInt(match[2] as string, 16))
      return match[3];
  }
  return undefined;
}

nativeTest('a reservation is inaccessible until pages of it are opened', () => {
  const address = reserve(0x1_0000_0000);
  assert.equal(address % 4096, 0);
  assert.equal(permissions(address), '---p');
  protect(address + 0x8000, 4096, 'write');
  assert.equal(permissions(address + 0x8000), 'rw-p');
  assert.equal(permissions(address + 0x9000), '---p');
  protect(address + 0x8000, 4096, 'read');
  assert.equal(permissions(address + 0x8000), 'r--p');
  release(address, 0x1_0000_0000);
  assert.equal(permissions(address), undefined);
});

nativeTest('low reservations lie below 2 GiB, also when there are more than the kernel places by itself', () => {
  const reserved: number[] = [];
  for (let i = 0; i < 10; i++) reserved.push(reserve(0x800_0000, { low2GiB: true }));
  for (const address of reserved) assert.ok(address > 0 && address + 0x800_0000 <= 0x8000_0000);
  for (const address of reserved) release(address, 0x800_0000);
});

nativeTest('what cannot be reserved is an error with the name of the call', () => {
  assert.throws(
    () => reserve(2 ** 47),
    (error: unknown) => error instanceof SystemError && /mmap.*ENOMEM/.test(error.message),
  );
});

nativeTest('opened pages hold zeros, keep what is written, and lose it when given back', () => {
  const address = reserve(0x10000);
  protect(address, 0x2000, 'write');
  const bytes = new Uint8Array(view(address, 0x2000));
  assert.equal(bytes[0x1fff], 0);
  bytes[0x1fff] = 42;
  protect(address, 0x2000, 'read');
  assert.equal(bytes[0x1fff], 42);
  decommit(address, 0x2000);
  assert.equal(permissions(address), '---p');
  protect(address, 0x2000, 'write');
  assert.equal(bytes[0x1fff], 0);
  copyTo(address + 100, Uint8Array.of(1, 2, 3));
  assert.deepEqual(copyFrom(address + 99, 5), Uint8Array.of(0, 1, 2, 3, 0));
  release(address, 0x10000);
});

nativeTest('an image is shared until written, by page and by mapping', () => {
  const content = new Uint8Array(5000).map((_, i) => i);
  const image = new SharedImage(content);
  assert.equal(image.length, 8192);
  const address = reserve(0x10000);
  image.mapPrivate(address, 8192, 0, 'write');
  image.mapPrivate(address + 8192, 4096, 4096, 'read');
  const bytes = new Uint8Array(view(address, 12288));
  assert.deepEqual(bytes.slice(0, 5000), content);
  assert.equal(bytes[5000], 0);
  assert.equal(bytes[8192 + 7], content[4096 + 7]);
  bytes[4096 + 7] = 99;
  assert.equal(bytes[8192 + 7], content[4096 + 7]);
  assert.throws(() => image.mapPrivate(address, 8192, 4096, 'read'), RangeError);
  image.dispose();
  image.dispose();
  assert.equal(bytes[4096 + 7], 99);
  assert.throws(() => image.mapPrivate(address, 4096, 0, 'read'), /disposed/);
  release(address, 0x10000);
});

nativeTest('a large image is written completely', () => {
  const content = new Uint8Array(3_000_001);
  for (let i = 0; i < content.length; i += 97) content[i] = i % 251;
  const image = new SharedImage(content);
  const address = reserve(image.length);
  image.mapPrivate(address, image.length, 0, 'read');
  assert.equal(Buffer.compare(copyFrom(address, content.length), content), 0);
  release(address, image.length);
  image.dispose();
});

nativeTest('a view can span 4 GiB', () => {
  const address = reserve(0x1_0000_0000);
  const bytes = new Uint8Array(view(address, 0x1_0000_0000));
  protect(address + 0xffff_f000, 4096, 'write');
  bytes[0xffff_ffff] = 7;
  assert.deepEqual(copyFrom(address + 0xffff_fffe, 2), Uint8Array.of(0, 7));
  release(address, 0x1_0000_0000);
});
