/** Internet addresses and texts of errors, as the natives of java.net and java.io see them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromSocketAddress } from '../../../src/jvm/natives/java/net/addresses.js';
import { parseAddress } from '../../../src/jvm/natives/java/net/NetworkInterface.js';
import { errnoOf, errorText, orElse } from '../../../src/jvm/natives/system-errors.js';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

test('addresses in text form', () => {
  assert.equal(hex(parseAddress('127.0.0.1')), '7f000001');
  assert.equal(hex(parseAddress('::')), '0'.repeat(32));
  assert.equal(hex(parseAddress('::1')), `${'0'.repeat(31)}1`);
  assert.equal(hex(parseAddress('fe80::1:2')), 'fe800000000000000000000000010002');
  assert.equal(hex(parseAddress('2001:db8:0:1:2:3:4:5')), '20010db8000000010002000300040005');
  assert.equal(hex(parseAddress('::ffff:192.168.0.1')), '00000000000000000000ffffc0a80001');
});

test('addresses of sockets', () => {
  const v4 = Buffer.from('02001f907f0000010000000000000000', 'hex');
  const one = fromSocketAddress(v4);
  assert.deepEqual([hex(one.bytes), one.port, one.scope], ['7f000001', 8080, 0]);
  const v6 = Buffer.from('0a000050000000000000000000000000000000000000000103000000', 'hex');
  const two = fromSocketAddress(v6);
  assert.deepEqual([hex(two.bytes), two.port, two.scope], [`${'0'.repeat(31)}1`, 80, 3]);
  const mapped = Buffer.from('0a0000500000000000000000000000000000ffff0a00000100000000', 'hex');
  assert.equal(hex(fromSocketAddress(mapped).bytes), '0a000001');
});

test('errors of the system have their numbers and texts, faults of ours go on', () => {
  assert.equal(errorText(2), 'No such file or directory');
  assert.equal(errorText(4711), 'Unknown error 4711');
  try {
    readFileSync('/no/such/file');
    assert.fail();
  } catch (error) {
    assert.equal(errnoOf(error), 2);
  }
  assert.equal(
    orElse(() => readFileSync('/no/such/file', 'utf8'), 'none'),
    'none',
  );
  assert.throws(() => errnoOf(new TypeError('ours')), TypeError);
});
