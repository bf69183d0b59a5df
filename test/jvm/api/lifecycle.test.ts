/** A VM's life from TypeScript: options, programs, streams, ends. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { Jvm, type JvmOptions } from '../../../src/jvm/index.js';
import { makeZip } from '../library/make-zip.js';
import { Collected, classes, createJvm, javaError, jvmError, skip } from './api-world.js';

const S = 'api.Specimen';

describe('options', { skip }, () => {
  const refused: [string, JvmOptions, RegExp][] = [
    ['heap as text', { maxHeap: '12x' }, /maxHeap: 12x is no size/],
    ['heap too large', { maxHeap: '8g' }, /maxHeap/],
    ['heap too small', { maxHeap: 1000 }, /maxHeap/],
    ['stack', { stackSize: Number.NaN }, /stackSize/],
    ['verify', { verify: 'some' as 'all' }, /verify/],
    ['properties', { properties: { a: 1 as unknown as string } }, /properties/],
    ['call threads', { callThreads: 0 }, /callThreads/],
    ['absent class path', { classPath: ['/absent/folder'] }, /\/absent\/folder does not exist/],
  ];
  for (const [name, options, message] of refused) {
    test(`refused: ${name}`, async () => {
      assert.match(await jvmError(createJvm(options), 'BAD_OPTION'), message);
    });
  }

  test('refused: no JDK', async () => {
    await assert.rejects(Jvm.create({ javaHome: '/absent' }), { name: 'JavaHomeError' });
  });

  test('properties and assertions', async () => {
    const jvm = await createJvm({ properties: { 'my.name': 'wert ü' }, assertions: true });
    assert.equal(await jvm.call('java.lang.System', 'getProperty', 'my.name'), 'wert ü');
    assert.equal(await jvm.call(S, 'asserting'), true);
    assert.match(jvm.javaVersion, /^17/);
    assert.ok(jvm.statistics().heapUsed > 0);
    await jvm.dispose();
  });
});

describe('jars', { skip }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scotty-api-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('damaged ones are refused', async () => {
    const jar = join(folder, 'damaged.jar');
    writeFileSync(jar, 'this is no jar at all, whatever its name says');
    assert.match(await jvmError(createJvm({ classPath: jar }), 'BAD_OPTION'), /damaged\.jar/);
    const jvm = await createJvm();
    await jvmError(jvm.run({ jar }), 'BAD_OPTION');
    await jvmError(jvm.run({ jar: join(folder, 'absent.jar') }), 'BAD_OPTION');
    await jvmError(jvm.addClassPath(jar), 'BAD_OPTION');
    await jvm.dispose();
  });

  test('run by their manifest', async () => {
    const echo = readFileSync(join(classes(), 'api', 'Specimen$Echo.class'));
    const jar = join(folder, 'echo.jar');
    const manifest = 'Manifest-Version: 1.0\r\nMain-Class: api.Specimen$Echo\r\n\r\n';
    writeFileSync(
      jar,
      makeZip([
        ['META-INF/MANIFEST.MF', manifest],
        ['api/Specimen$Echo.class', echo],
      ]),
    );
    const without = join(folder, 'without.jar');
    writeFileSync(without, makeZip([['META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\r\n\r\n']]));
    const stdout = new Collected();
    const jvm = await createJvm({ classPath: folder, stdout, stderr: new Collected() });
    await javaError(jvm.call('api.Specimen$Echo', 'main', []), 'java.lang.ClassNotFoundException');
    assert.equal(await jvm.run({ jar, args: ['a', 'b'] }), 0);
    assert.equal(stdout.text, 'args a,b\n');
    assert.match(await jvmError(jvm.run({ jar: without }), 'BAD_OPTION'), /no Main-Class/);
    await jvm.dispose();
  });
});

describe('programs', { skip }, () => {
  test('streams and exit codes', async () => {
    const [stdout, stderr] = [new Collected(), new Collected()];
    const stdin = Readable.from([Buffer.from('first\nsec'), Buffer.from('ond\n')]);
    const jvm = await createJvm({ stdin, stdout, stderr });
    assert.equal(await jvm.run({ mainClass: `${S}$Echo`, args: ['x', 'ü'] }), 0);
    assert.equal(stdout.text, 'args x,ü\n> first\n> second\n');
    assert.equal(stderr.text, 'error stream');
    assert.equal(await jvm.run({ mainClass: `${S}$Thrower` }), 1);
    assert.match(stderr.text, /Exception in thread "main" java\.lang\.IllegalArgumentException: uncaught\n\tat api\./);
    assert.equal(await jvm.run({ mainClass: `${S}$Threads` }), 0);
    assert.match(stdout.text, /early main\nlate\n$/);
    await javaError(jvm.run({ mainClass: 'api.Absent' }), 'java.lang.ClassNotFoundException');
    assert.match(await jvmError(jvm.run({ mainClass: `${S}$NoMain` }), 'NO_SUCH_MEMBER'), /main/);
    await jvmError(jvm.run({}), 'BAD_OPTION');
    await jvmError(jvm.run({ mainClass: 'a', jar: 'b' }), 'BAD_OPTION');
    await jvm.dispose();
  });

  test('System.exit ends the VM', async () => {
    const stdout = new Collected();
    const jvm = await createJvm({ stdout });
    const waiting = jvm.call(S, 'await');
    const rejected = jvmError(waiting, 'EXITED');
    const object = await jvm.construct(S, 1);
    assert.equal(await jvm.run({ mainClass: `${S}$Exit` }), 3);
    assert.match(await rejected, /exit code 3/);
    assert.equal(stdout.text, 'hook\n');
    assert.equal(jvm.ended, true);
    await jvmError(jvm.call(S, 'ofInt', 1), 'EXITED');
    await jvmError(object.call('describe'), 'EXITED');
    await jvmError(jvm.run({ mainClass: `${S}$Echo` }), 'EXITED');
    object.release();
    await jvm.dispose();
  });

  test('a slow reader slows the program down', async () => {
    let most = 0;
    let lines = 0;
    const stdout = new Writable({
      highWaterMark: 1000,
      write(chunk: Buffer, _encoding, done) {
        most = Math.max(most, stdout.writableLength);
        lines += chunk.toString().split('\n').length - 1;
        setImmediate(done);
      },
    });
    const jvm = await createJvm({ stdout });
    assert.equal(await jvm.run({ mainClass: `${S}$Printer` }), 0);
    await jvm.dispose();
    await new Promise((resolve) => stdout.end(resolve));
    assert.equal(lines, 20000);
    assert.ok(most < 100_000, `${most} bytes were buffered`);
  });

  test('shutdown runs the hooks', async () => {
    const stdout = new Collected();
    const jvm = await createJvm({ stdout });
    const thread = await jvm.construct(
      'java.lang.Thread(Runnable)',
      await jvm.implement('java.lang.Runnable', { run: () => jvm.call(S, 'nothing') }),
    );
    const runtime = (await jvm.call('java.lang.Runtime', 'getRuntime')) as Awaited<ReturnType<Jvm['construct']>>;
    await runtime.call('addShutdownHook', thread);
    await jvm.shutdown();
    await jvmError(jvm.call(S, 'ofInt', 1), 'DISPOSED');
  });
});

describe('the end', { skip }, () => {
  test('dispose stops what runs', async () => {
    const jvm = await createJvm({ stdout: new Collected() });
    const object = await jvm.construct(S, 1);
    const endless = jvmError(jvm.call(S, 'forever'), 'DISPOSED');
    const waiting = jvmError(jvm.call(S, 'await'), 'DISPOSED');
    const program = jvmError(jvm.run({ mainClass: `${S}$Threads` }), 'DISPOSED');
    await new Promise((resolve) => setTimeout(resolve, 30));
    await jvm.dispose();
    await jvm.dispose();
    await Promise.all([endless, waiting, program]);
    await jvmError(jvm.call(S, 'ofInt', 1), 'DISPOSED');
    assert.throws(() => object.value(), { code: 'DISPOSED' });
    assert.throws(() => jvm.statistics(), { code: 'DISPOSED' });
    object.release();
  });

  test('dispose from a callback', async () => {
    const jvm = await createJvm();
    // Whether the call still returns depends on how far its turn goes; what matters is that nothing is touched later.
    const [outcome] = await Promise.allSettled([jvm.call(S, 'caught', () => void jvm.dispose())]);
    if (outcome.status === 'fulfilled') assert.equal(outcome.value, 'nothing');
    else await jvmError(Promise.reject(outcome.reason), 'DISPOSED');
    await jvm.dispose();
    await jvmError(jvm.call(S, 'ofInt', 1), 'DISPOSED');
  });

  test('several VMs at once, with state of their own', async () => {
    const [a, b] = await Promise.all([createJvm(), createJvm()]);
    await Promise.all([a.setStatic(S, 'counter', 100), b.setStatic(S, 'counter', 200)]);
    assert.deepEqual(await Promise.all([a.getStatic(S, 'counter'), b.getStatic(S, 'counter')]), [100, 200]);
    const object = await a.construct(S, 1);
    await jvmError(b.call(S, 'same', object), 'BAD_OBJECT');
    await a.dispose();
    assert.equal(await b.call(S, 'ofInt', 1), 2);
    await b.dispose();
  });

  test('an idle VM does not keep the process alive', () => {
    const program = `
      const { Jvm } = await import(${JSON.stringify(new URL('../../../src/jvm/index.js', import.meta.url).href)});
      const jvm = await Jvm.create({ classPath: ${JSON.stringify(classes())} });
      console.log(await jvm.call('api.Specimen', 'ofInt', 1));`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(stdout, '2\n', stderr);
    assert.equal(status, 0);
  });
});
