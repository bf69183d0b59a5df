/** Monitors, hashes and waiting threads, over an arena and a scheduler but without a VM. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { constants as system, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nativeSupport, PollEvent } from '../../../src/host/index.js';
import { Mark } from '../../../src/jvm/memory/layout.js';
import { YIELD } from '../../../src/jvm/runtime/activity.js';
import {
  interrupt,
  isInterrupted,
  park,
  sleep,
  unpark,
  waitForDescriptor,
  waitForHost,
} from '../../../src/jvm/runtime/blocking.js';
import { Deadlines } from '../../../src/jvm/runtime/deadlines.js';
import { holdsLock, identityHash, notify, notifyAll, ownerOf, wait } from '../../../src/jvm/runtime/monitors.js';
import { JavaStatus } from '../../../src/jvm/runtime/scheduler.js';
import { SMALLEST_STACK } from '../../../src/jvm/runtime/stacks.js';
import type { JavaThread } from '../../../src/jvm/runtime/thread.js';
import { ThrowNew } from '../../../src/jvm/runtime/throws.js';
import { GreenThreads } from './green-threads.js';

function using(body: (g: GreenThreads) => void): void {
  const g = new GreenThreads();
  try {
    body(g);
    assert.deepEqual(g.failures, []);
  } finally {
    g.dispose();
  }
}

const thrown = (className: string, text?: string) => (error: unknown) =>
  error instanceof ThrowNew && error.className === className && error.text === text;

test('a lock nobody contends for is in the mark word, and leaves it as it was', () =>
  using((g) => {
    const lock = g.object();
    const age = 5 << Mark.AgeShift;
    g.vm.words[(lock >>> 2) + 1] = age;
    g.start(function* (t) {
      for (let i = 0; i < 3; i++) yield* g.enter(t, lock);
      assert.equal(g.mark(lock) & Mark.StateMask, Mark.Thin);
      assert.equal(holdsLock(g.vm, t, lock), true);
      for (let i = 0; i < 3; i++) g.exit(t, lock);
      assert.equal(g.mark(lock), age);
      assert.throws(() => g.exit(t, lock), /not the owner/);
    });
    g.run();
    assert.equal(g.monitors.count, 0);
  }));

test('a recursion too deep for the mark word inflates', () =>
  using((g) => {
    const lock = g.object();
    g.start(function* (t) {
      for (let i = 0; i < 5000; i++) yield* g.enter(t, lock);
      assert.equal(g.mark(lock) & Mark.StateMask, Mark.Inflated);
      for (let i = 0; i < 4999; i++) g.exit(t, lock);
      assert.equal(ownerOf(g.vm, lock), t);
      g.exit(t, lock);
      assert.equal(g.mark(lock), 0);
    });
    g.run();
  }));

test('an identity hash is positive, of 26 bits, and survives locking, inflation and deflation', () =>
  using((g) => {
    const lock = g.object();
    const other = g.object();
    const hash = identityHash(g.vm, lock);
    assert.ok(hash > 0 && hash < 2 ** 26);
    assert.equal(identityHash(g.vm, 0), 0);
    g.start(function* (t) {
      yield* g.enter(t, lock);
      yield* g.enter(t, lock);
      assert.equal(identityHash(g.vm, lock), hash);
      yield* g.enter(t, other);
      const late = identityHash(g.vm, other);
      g.exit(t, other);
      assert.equal(identityHash(g.vm, other), late);
      g.exit(t, lock);
      g.exit(t, lock);
      assert.equal(identityHash(g.vm, lock), hash);
      assert.equal(g.mark(lock) & Mark.StateMask, Mark.Unlocked);
    });
    g.run();
    assert.equal(g.monitors.count, 0);
  }));

test('contended monitors exclude, let waiters in first come first served, and deflate', () =>
  using((g) => {
    const lock = g.object();
    const order: number[] = [];
    let inside = 0;
    for (let i = 0; i < 10; i++) {
      g.start(function* (t) {
        yield* g.enter(t, lock);
        assert.equal(inside++, 0);
        order.push(i);
        yield YIELD;
        yield YIELD;
        inside--;
        g.exit(t, lock);
      });
    }
    g.run();
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.equal(g.mark(lock), 0);
    assert.equal(g.monitors.count, 0);
  }));

test('a blocked thread says so, and its lock survives a storm of random entering', () =>
  using((g) => {
    const locks = [g.object(), g.object(), g.object()];
    const holders: (JavaThread | undefined)[] = [undefined, undefined, undefined];
    let seed = 1;
    const below = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % n;
    };
    let blocked = 0;
    const threads: JavaThread[] = [];
    for (let i = 0; i < 8; i++) {
      const body = function* (t: JavaThread) {
        for (let round = 0; round < 300; round++) {
          const n = below(3);
          const depth = 1 + below(3);
          for (let d = 0; d < depth; d++) yield* g.enter(t, locks[n]!);
          assert.equal(holders[n], undefined);
          holders[n] = t;
          if (below(4) === 0) identityHash(g.vm, locks[n]!);
          for (const other of threads) if (g.status(other) === JavaStatus.Blocked) blocked++;
          if (below(2) === 0) yield YIELD;
          holders[n] = undefined;
          for (let d = 0; d < depth; d++) g.exit(t, locks[n]!);
          if (below(3) === 0) yield YIELD;
        }
        threads.splice(threads.indexOf(t), 1);
      };
      threads.push(g.start(body));
    }
    g.run();
    assert.ok(blocked > 0);
    assert.equal(g.monitors.count, 0);
    for (const lock of locks) assert.equal(g.mark(lock) & Mark.StateMask, Mark.Unlocked);
  }));

test('wait gives the whole recursion up and gets it back; notify takes the first, notifyAll the rest', () =>
  using((g) => {
    const lock = g.object();
    const log: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      g.start(function* (t) {
        yield* g.enter(t, lock);
        yield* g.enter(t, lock);
        log.push(`${name} waits`);
        yield* wait(t, lock, 0);
        log.push(`${name} woke`);
        g.exit(t, lock);
        assert.equal(holdsLock(g.vm, t, lock), true);
        g.exit(t, lock);
        assert.equal(holdsLock(g.vm, t, lock), false);
      });
    }
    g.start(function* (t) {
      yield* g.enter(t, lock);
      notify(g.vm, t, lock);
      log.push('notified');
      yield YIELD;
      g.exit(t, lock);
      yield YIELD;
      yield YIELD;
      yield* g.enter(t, lock);
      notifyAll(g.vm, t, lock);
      log.push('notified all');
      g.exit(t, lock);
    });
    g.run();
    assert.deepEqual(log, ['a waits', 'b waits', 'c waits', 'notified', 'a woke', 'notified all', 'b woke', 'c woke']);
    assert.equal(g.monitors.count, 0);
  }));

test('wait, notify and notifyAll need the monitor', () =>
  using((g) => {
    const lock = g.object();
    const refused = thrown('java/lang/IllegalMonitorStateException', 'current thread is not owner');
    g.start(function* (t) {
      assert.throws(() => wait(t, lock, 0).next(0), refused);
      assert.throws(() => notify(g.vm, t, lock), refused);
      assert.throws(() => notifyAll(g.vm, t, lock), refused);
      assert.throws(
        () => wait(t, lock, -1).next(0),
        thrown('java/lang/IllegalArgumentException', 'timeout value is negative'),
      );
      yield YIELD;
    });
    g.run();
  }));

test('wait ends at its timeout and by interruption, which clears the flag', () =>
  using((g) => {
    const lock = g.object();
    const log: string[] = [];
    g.start(function* (t) {
      yield* g.enter(t, lock);
      const before = performance.now();
      yield* wait(t, lock, 15);
      assert.ok(performance.now() - before >= 15);
      log.push('timeout');
      g.exit(t, lock);
    });
    const waiter = g.start(function* (t) {
      yield* g.enter(t, lock);
      try {
        yield* wait(t, lock, 0);
      } catch (error) {
        assert.ok(thrown('java/lang/InterruptedException')(error));
        log.push('interrupted');
      }
      assert.equal(isInterrupted(t), false);
      assert.equal(holdsLock(g.vm, t, lock), true);
      g.exit(t, lock);
    });
    g.start(function* (t) {
      yield* sleep(t, 5);
      assert.equal(g.status(waiter), JavaStatus.InObjectWait);
      g.setInterrupted(waiter);
      interrupt(waiter);
    });
    g.run();
    assert.deepEqual(log, ['interrupted', 'timeout']);
  }));

test('a notification is not lost to a waiter that is interrupted at the same time', () =>
  using((g) => {
    const lock = g.object();
    let notified = 0;
    const waiters = [0, 1].map(() =>
      g.start(function* (t) {
        yield* g.enter(t, lock);
        try {
          yield* wait(t, lock, 0);
          notified++;
        } catch (error) {
          assert.ok(thrown('java/lang/InterruptedException')(error));
        }
        g.exit(t, lock);
      }),
    );
    g.start(function* (t) {
      yield* g.enter(t, lock);
      g.setInterrupted(waiters[0]!);
      interrupt(waiters[0]!);
      notify(g.vm, t, lock);
      g.exit(t, lock);
    });
    g.run();
    assert.equal(notified, 1);
  }));

test('the collector moves the objects of monitors and frees those of dead ones', () =>
  using((g) => {
    const dead = g.object();
    const held = g.object();
    const moved = g.object();
    g.start(function* (t) {
      yield* g.enter(t, held);
      g.monitors.inflate(held);
      g.monitors.inflate(dead);
      const used: number[] = [];
      g.monitors.forEachUsed((m) => used.push(m.object));
      assert.deepEqual(used, [held]);
      g.vm.words[(moved >>> 2) + 1] = g.mark(held);
      g.monitors.forEachObject((ref) => (ref === held ? moved : 0));
      assert.equal(g.monitors.count, 1);
      assert.equal(holdsLock(g.vm, t, moved), true);
      g.exit(t, moved);
      assert.equal(g.mark(moved), 0);
      yield YIELD;
    });
    g.run();
    assert.equal(g.monitors.count, 0);
  }));

test('park takes a permit, and unpark, interruption and time end it', () =>
  using((g) => {
    const log: string[] = [];
    const parker = g.start(function* (t) {
      unpark(g.vm, t.object);
      unpark(g.vm, t.object);
      yield* park(t, false, 0);
      log.push('permit');
      yield* park(t, false, 0);
      log.push(t.wakeReason);
      const before = performance.now();
      yield* park(t, false, 3e6);
      yield* park(t, true, Date.now() + 5);
      assert.ok(performance.now() - before >= 6);
      log.push(t.wakeReason);
      yield* park(t, true, 1);
      yield* park(t, false, -1);
      yield* park(t, false, 0);
      log.push(t.wakeReason);
      yield* park(t, false, 0);
      assert.equal(isInterrupted(t), true);
    });
    g.start(function* (t) {
      yield* sleep(t, 2);
      assert.equal(g.status(parker), JavaStatus.Parked);
      unpark(g.vm, parker.object);
      yield* sleep(t, 25);
      g.setInterrupted(parker);
      interrupt(parker);
    });
    g.run();
    assert.deepEqual(log, ['permit', 'unparked', 'timeout', 'interrupted']);
  }));

test('sleepers wake in the order of their deadlines, and by interruption', () =>
  using((g) => {
    const log: number[] = [];
    for (const time of [12, 4, 8, 0, 2]) {
      g.start(function* (t) {
        yield* sleep(t, time);
        log.push(time);
      });
    }
    const sleeper = g.start(function* (t) {
      try {
        yield* sleep(t, 100_000);
      } catch (error) {
        assert.ok(thrown('java/lang/InterruptedException', 'sleep interrupted')(error));
        log.push(-1);
      }
    });
    g.start(function* (t) {
      yield* sleep(t, 16);
      g.setInterrupted(sleeper);
      interrupt(sleeper);
    });
    g.run();
    assert.deepEqual(log, [0, 2, 4, 8, 12, -1]);
  }));

test('a suspended thread gets no turns until it is resumed', () =>
  using((g) => {
    let count = 0;
    const counter = g.start(function* () {
      for (; count < 10; count++) yield YIELD;
    });
    g.start(function* (t) {
      g.scheduler.suspend(counter);
      const seen = count;
      for (let i = 0; i < 5; i++) yield YIELD;
      assert.equal(count, seen);
      g.scheduler.resume(counter);
      yield* sleep(t, 1);
    });
    g.run();
    assert.equal(count, 10);
  }));

test('threads wait for descriptors while others run', { skip: !nativeSupport().available && 'needs poll' }, () =>
  using((g) => {
    const folder = mkdtempSync(join(tmpdir(), 'scotty-poll-'));
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      const log: string[] = [];
      g.start(function* (t) {
        assert.equal(yield* waitForDescriptor(t, fd, PollEvent.In, performance.now() + 3), 0);
        log.push('nothing yet');
        assert.equal(yield* waitForDescriptor(t, fd, PollEvent.In), PollEvent.In);
        const bytes = Buffer.alloc(8);
        log.push(bytes.toString('latin1', 0, readSync(fd, bytes)));
      });
      g.start(function* (t) {
        yield* sleep(t, 8);
        writeSync(fd, 'data');
      });
      g.run();
      assert.deepEqual(log, ['nothing yet', 'data']);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  }),
);

test('a blocked process wakes for a signal', { skip: !nativeSupport().available && 'needs a signal handler' }, () =>
  using((g) => {
    const seen: number[] = [];
    const { scheduler } = g;
    scheduler.handledSignals.add(system.signals.SIGUSR2);
    scheduler.onSignal = (signal) => seen.push(signal);
    g.start(function* (t) {
      process.kill(process.pid, 'SIGUSR2');
      yield* sleep(t, 5);
    });
    scheduler.runSync({ signals: true, until: () => seen.length > 0 });
    assert.deepEqual(seen, [system.signals.SIGUSR2]);
  }),
);

test('runAsync leaves the event loop free, and a host function can wake a thread', async () => {
  const g = new GreenThreads();
  try {
    const log: string[] = [];
    g.start(function* (t) {
      yield* waitForHost(t, (done) => setTimeout(done, 5));
      log.push('host');
      yield* waitForHost(t, (done) => done());
      yield* sleep(t, 3);
      log.push('slept');
      g.vm.exitCode = 7;
    });
    setTimeout(() => log.push('timer'), 1);
    assert.equal(await g.scheduler.runAsync(), 7);
    assert.deepEqual(log, ['timer', 'host', 'slept']);
    assert.deepEqual(g.failures, []);
  } finally {
    g.dispose();
  }
});

test('stacks and ids are used again, and their end is an OutOfMemoryError', () =>
  using((g) => {
    const made: JavaThread[] = [];
    const full = thrown(
      'java/lang/OutOfMemoryError',
      'unable to create native thread: possibly out of memory or process/resource limits reached',
    );
    for (let round = 0; round < 3; round++) {
      assert.throws(() => {
        for (;;) made.push(g.scheduler.create(g.object(), { daemon: true }));
      }, full);
      assert.ok(made.length > 20, `${made.length} threads`);
      assert.equal(new Set(made.map((t) => t.id)).size, made.length);
      const sorted = made.toSorted((a, b) => a.stackStart - b.stackStart);
      for (let i = 1; i < sorted.length; i++) assert.ok(sorted[i]!.stackStart >= sorted[i - 1]!.stackEnd);
      for (const t of made) assert.ok(t.stackEnd - t.stackStart >= SMALLEST_STACK);
      while (made.length > 0) g.scheduler.terminate(made.splice(((made.length * 7) % 3) % made.length, 1)[0]!);
    }
    assert.deepEqual(g.scheduler.stacks.take(4 << 20), { start: g.arena.stacksStart, end: g.arena.stacksEnd });
  }));

test('deadlines come out in order, and those that no longer hold do not', () => {
  const deadlines = new Deadlines();
  const threads = Array.from({ length: 500 }, (_, i) => ({ deadline: (i * 7919) % 500 }) as JavaThread);
  for (let again = 0; again < 5; again++) {
    for (const t of threads) {
      t.deadline += 1000;
      deadlines.add(t);
    }
  }
  assert.ok(deadlines.size <= 2000);
  for (const t of threads) if (t.deadline % 2 === 0) t.deadline = Infinity;
  let last = 0;
  let count = 0;
  for (let t = deadlines.takeDue(1e9); t !== undefined; t = deadlines.takeDue(1e9)) {
    assert.ok(t.deadline > last && t.deadline !== Infinity);
    last = t.deadline;
    t.deadline = Infinity;
    count++;
  }
  assert.equal(count, 250);
});
