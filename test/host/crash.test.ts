/** What must go on crashing crashes, and in the way it would without our handler. Each case is a process of its own. */

import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nativeTest } from './rig.js';

const CHILD = fileURLToPath(new URL('./crash-child.js', import.meta.url));

function run(mode: string, nodeOptions: string[] = [], env: Record<string, string> = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [...nodeOptions, CHILD, mode], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
}

for (const mode of ['no-region', 'no-trap', 'removed-region', 'host-fault', 'host-fault-default']) {
  nativeTest(`${mode}: killed by SIGSEGV`, () => {
    assert.equal(run(mode).signal, 'SIGSEGV');
  });
}

nativeTest('host-bus-error: killed by SIGBUS', () => {
  assert.equal(run('host-bus-error').signal, 'SIGBUS');
});

nativeTest('a handler that was there before is called', () => {
  assert.equal(run('previous-handler').status, 33);
});

/** Starts a child, signals it once it is ready, and tells how it ended and after how long. */
async function signalChild(
  mode: string,
  signal: NodeJS.Signals,
): Promise<{ end: NodeJS.Signals | null; after: number }> {
  const child = spawn(process.execPath, [CHILD, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  return await new Promise((resolve, reject) => {
    let sent = 0;
    child.stdout.once('data', () => {
      sent = performance.now();
      child.kill(signal);
    });
    child.once('error', reject);
    child.once('exit', (_, end) => resolve({ end, after: performance.now() - sent }));
  });
}

for (const signal of ['SIGSEGV', 'SIGBUS', 'SIGFPE'] as const) {
  nativeTest(`${signal} sent from outside kills`, async () => {
    assert.equal((await signalChild('wait', signal)).end, signal);
  });
}

nativeTest('SIGSEGV sent from outside kills where its action was the default', async () => {
  assert.equal((await signalChild('wait-default', 'SIGSEGV')).end, 'SIGSEGV');
});

nativeTest('SIGSEGV sent from outside is ignored where it was, but a fault kills', async () => {
  const { end, after } = await signalChild('wait-ignored', 'SIGSEGV');
  assert.equal(end, 'SIGSEGV');
  assert.ok(after > 700, `after ${after} ms`);
});

nativeTest('an uncaught exception ends the process as usual', () => {
  const child = run('uncaught-exception');
  assert.equal(child.status, 1);
  assert.match(child.stderr, /on purpose/);
});

nativeTest('--abort-on-uncaught-exception aborts as usual', () => {
  const child = run('uncaught-exception', ['--abort-on-uncaught-exception']);
  assert.ok(
    child.signal === 'SIGABRT' || child.signal === 'SIGTRAP' || child.signal === 'SIGILL',
    String(child.signal),
  );
});

nativeTest('process.report works', () => {
  assert.equal(run('report').stdout.trim(), 'JavaScript API true');
});

nativeTest('--report-on-fatalerror writes its report', () => {
  const directory = mkdtempSync(join(tmpdir(), 'scotty-report-'));
  try {
    const child = run('out-of-memory', [
      '--max-old-space-size=24',
      '--report-on-fatalerror',
      `--report-directory=${directory}`,
    ]);
    assert.equal(child.signal, 'SIGABRT');
    const [file] = readdirSync(directory);
    const report = JSON.parse(readFileSync(join(directory, file as string), 'utf8')) as { header: { trigger: string } };
    assert.equal(report.header.trigger, 'OOMError');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('without native support everything imports, and asking for it says why it is absent', () => {
  const child = run('support', [], { SCOTTY_NO_NATIVE: '1' });
  const { support, message } = JSON.parse(child.stdout) as {
    support: { available: boolean; reason: string };
    message: string;
  };
  assert.equal(support.available, false);
  assert.match(support.reason, /SCOTTY_NO_NATIVE/);
  assert.match(message, /not available: native code is switched off/);
});

for (const [name, property, value, reason] of [
  ['another system', 'platform', 'darwin', /needs Linux, this is darwin/],
  ['another processor', 'arch', 'arm64', /needs an x86-64 processor, this is arm64/],
] as const) {
  test(`on ${name} the reason names it`, () => {
    const code = `Object.defineProperty(process, '${property}', { value: '${value}' })`;
    const child = run('support', ['--import', `data:text/javascript,${encodeURIComponent(code)}`]);
    const { support } = JSON.parse(child.stdout) as { support: { available: boolean; reason: string } };
    assert.equal(support.available, false);
    assert.match(support.reason, reason);
  });
}
