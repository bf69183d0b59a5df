/** Files and sockets through the C library. */

import assert from 'node:assert/strict';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AT_CURRENT_FOLDER,
  acceptConnection,
  bindSocket,
  connectSocket,
  EpollBytes,
  epollControl,
  Family,
  fileSystemSize,
  groupName,
  listen,
  localAddress,
  longestName,
  makeEpoll,
  makeEventDescriptor,
  makePipeEnds,
  makeSocket,
  openAt,
  readableBytes,
  readFolder,
  receive,
  resolveHost,
  Seek,
  SocketType,
  StatBytes,
  seek,
  send,
  setTimes,
  socketPair,
  statAt,
  userByName,
  userName,
  waitEpoll,
} from '../../src/host/index.js';
import { nativeTest } from './rig.js';

const folder = mkdtempSync(join(tmpdir(), 'scotty-files-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function path(name: string): Uint8Array {
  return Buffer.from(`${join(folder, name)}\0`);
}

const ENOENT = 2;
const EAGAIN = 11;

nativeTest('positions in a file', () => {
  writeFileSync(join(folder, 'ten'), '0123456789');
  const fd = openSync(join(folder, 'ten'), 'r');
  assert.equal(seek(fd, 4, Seek.Set), 4);
  const byte = new Uint8Array(1);
  readSync(fd, byte);
  assert.equal(byte[0], 0x34);
  assert.equal(seek(fd, 0, Seek.Current), 5);
  assert.equal(seek(fd, 0, Seek.End), 10);
  assert.equal(seek(fd, 2 ** 40, Seek.Set), 2 ** 40);
  assert.ok(seek(fd, -1, Seek.Set) < 0);
  closeSync(fd);
});

nativeTest('stat and times to the nanosecond; errors are numbers', () => {
  writeFileSync(join(folder, 'times'), '12345');
  const time = { seconds: 1234567890n, nanos: 987654321 };
  assert.equal(setTimes(AT_CURRENT_FOLDER, path('times'), undefined, time, 0), 0);
  assert.equal(statSync(join(folder, 'times'), { bigint: true }).mtimeNs, 1234567890987654321n);
  const bytes = new Uint8Array(StatBytes.Size);
  assert.equal(statAt(AT_CURRENT_FOLDER, path('times'), bytes, 0), 0);
  const view = new DataView(bytes.buffer);
  assert.equal(view.getBigInt64(StatBytes.Length, true), 5n);
  assert.equal(view.getBigInt64(StatBytes.Modified + 8, true), 987654321n);
  assert.equal(statAt(AT_CURRENT_FOLDER, path('none'), bytes, 0), -ENOENT);
});

nativeTest('entries of a folder', () => {
  writeFileSync(join(folder, 'entry'), '');
  const fd = openAt(AT_CURRENT_FOLDER, path('.'), constants.O_RDONLY | constants.O_DIRECTORY, 0);
  const buffer = Buffer.alloc(32768);
  const end = readFolder(fd, buffer);
  const names: string[] = [];
  for (let at = 0; at < end; at += buffer.readUInt16LE(at + 16)) {
    names.push(buffer.toString('latin1', at + 19, buffer.indexOf(0, at + 19)));
  }
  assert.ok(['.', '..', 'entry'].every((name) => names.includes(name)));
  assert.equal(readFolder(fd, buffer), 0);
  closeSync(fd);
});

nativeTest('file systems and accounts', () => {
  const size = fileSystemSize(path('.'));
  assert.ok(typeof size === 'object' && size.blocks >= size.free && size.fragment > 0n);
  assert.equal(fileSystemSize(path('none')), -ENOENT);
  assert.ok(longestName(path('.')) >= 14);
  assert.deepEqual(Buffer.from(userName(0) as Uint8Array).toString(), 'root');
  assert.deepEqual(Buffer.from(groupName(0) as Uint8Array).toString(), 'root');
  assert.equal(userByName(Buffer.from('root\0')), 0);
  assert.equal(userByName(Buffer.from('no-such-user\0')), undefined);
});

nativeTest('pipes and pairs of sockets do not block', () => {
  const ends = makePipeEnds(true);
  assert.ok(typeof ends === 'object');
  writeSync(ends[1], 'abc');
  assert.equal(readableBytes(ends[0]), 3);
  ends.forEach((fd) => {
    closeSync(fd);
  });
  const pair = socketPair();
  assert.ok(typeof pair === 'object');
  assert.equal(receive(pair[0], new Uint8Array(5)), -EAGAIN);
  assert.equal(send(pair[1], Buffer.from('hello')), 5);
  const into = Buffer.alloc(9);
  assert.equal(receive(pair[0], into), 5);
  assert.equal(into.toString('latin1', 0, 5), 'hello');
  pair.forEach((fd) => {
    closeSync(fd);
  });
});

nativeTest('a connection over the loopback, watched by epoll', () => {
  const server = makeSocket(Family.Inet, SocketType.Stream);
  const loopback = Buffer.from('020000007f0000010000000000000000', 'hex');
  assert.equal(bindSocket(server, loopback), 0);
  assert.equal(listen(server, 5), 0);
  assert.equal(acceptConnection(server), -EAGAIN);
  const epoll = makeEpoll();
  assert.equal(epollControl(epoll, 1, server, 1), 0);
  const events = new Uint8Array(EpollBytes.Size * 4);
  assert.equal(waitEpoll(epoll, events, 4), 0);
  const client = makeSocket(Family.Inet, SocketType.Stream);
  connectSocket(client, localAddress(server) as Uint8Array);
  assert.equal(waitEpoll(epoll, events, 4), 1);
  assert.equal(new DataView(events.buffer).getInt32(EpollBytes.Data, true), server);
  const accepted = acceptConnection(server);
  assert.ok(typeof accepted === 'object');
  assert.deepEqual(accepted.peer, localAddress(client));
  for (const fd of [accepted.fd, client, epoll, server]) closeSync(fd);
});

nativeTest('event descriptors and names of hosts', () => {
  const event = makeEventDescriptor();
  writeSync(event, new Uint8Array(BigUint64Array.of(3n).buffer));
  const count = new BigUint64Array(1);
  readSync(event, new Uint8Array(count.buffer));
  assert.equal(count[0], 3n);
  closeSync(event);
  const found = resolveHost(Buffer.from('127.0.0.1\0'), Family.Inet);
  assert.ok(Array.isArray(found));
  assert.equal(Buffer.from(found[0]).toString('hex', 4, 8), '7f000001');
  assert.ok('error' in resolveHost(Buffer.from('no-such-host.invalid\0'), Family.Inet));
});
