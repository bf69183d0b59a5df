/**
 * The runtime image: images written here, the JDK's own against its jmods, images that `jlink` compressed, damaged
 * ones.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import {
  DamagedFileError,
  findJavaHome,
  type JavaHome,
  JmodSource,
  openBootLibrary,
  RuntimeImage,
} from '../../../src/jvm/library/index.js';
import { type ImageResource, makeImage, Strings } from './make-image.js';
import { randomFrom } from './random.js';

const folder = mkdtempSync(join(tmpdir(), 'scotty-image-'));
after(() => rmSync(folder, { recursive: true }));

function findHome(): JavaHome | string {
  try {
    return findJavaHome();
  } catch (error) {
    return (error as Error).message;
  }
}

const home = findHome();
if (typeof home === 'string' && process.env.CI) throw new Error(home);
const skip = typeof home === 'string' ? home : false;
const homePath = typeof home === 'string' ? '' : home.home;

let count = 0;
function open(bytes: Uint8Array): RuntimeImage {
  const path = join(folder, `image-${count++}`);
  writeFileSync(path, bytes);
  return RuntimeImage.open(path);
}

const SOME: ImageResource[] = [
  { name: '/a.b/p/q/Main.class', content: Buffer.from('main') },
  { name: '/a.b/p/q/Main$1.class', content: Buffer.from('one') },
  { name: '/a.b/module-info.class', content: Buffer.from('info') },
  { name: '/a.b/p/none', content: Buffer.from('no extension') },
  { name: '/a.b/p/Größe.txt', content: Buffer.from('name beyond ASCII') },
  { name: '/c/p/two.dots.txt', content: Buffer.from('dots') },
  { name: '/c/x/big', content: Buffer.alloc(70_000, 7), layer: 'zip' },
  ...Array.from({ length: 200 }, (_, i) => ({ name: `/many/m${i % 7}/R${i}.class`, content: Buffer.of(i) })),
];

describe('an image', () => {
  for (const littleEndian of [true, false]) {
    test(`of ${littleEndian ? 'little' : 'big'}-endian numbers`, () => {
      const strings = new Strings();
      const pair = Buffer.alloc(16);
      // The first module only has a package below it.
      const words = [1, strings.place('a.b'), 0, strings.place('c')];
      words.forEach((value, i) => (littleEndian ? pair.writeUInt32LE(value, 4 * i) : pair.writeUInt32BE(value, 4 * i)));
      const image = open(makeImage([...SOME, { name: '/packages/p', content: pair }], { littleEndian }, strings));
      for (const { name, content } of SOME) assert.deepEqual(image.find(name), new Uint8Array(content), name);
      assert.deepEqual([...image.names()].sort(), SOME.map(({ name }) => name).sort());
      assert.deepEqual(image.modules(), ['a.b', 'c', 'many']);
      assert.equal(image.packageModule('p'), 'c');
      assert.equal(image.packageModule('p/q'), undefined);
      for (const name of ['', '/', '/a.b/p/q/Main', '/a.b/p/q/Main.clas', '/a.b/p/q/Main.classs', 'a.b/p/none', '/c']) {
        assert.equal(image.find(name), undefined, name);
        assert.equal(image.has(name), false, name);
      }
      image.close();
    });
  }

  test('with a constant pool whose strings are the image’s', () => {
    const strings = new Strings();
    const word = (place: number) => [0xe0 | (place >>> 16), (place >>> 8) & 0xff, place & 0xff].slice(0, 3);
    const number = (place: number) => [0xe0 | ((place >>> 16) & 0x1f), ...word(place).slice(1)];
    const indexes = [...number(strings.place('java/lang')), ...number(strings.place('String')), ...number(0)];
    const last = number(strings.place('NoPackage'));
    const pool = [
      ...[1, 0, 2, 0x68, 0x69],
      ...[23, ...number(strings.place('shared'))],
      ...[5, 0, 0, 0, 0, 0, 0, 0, 9],
      ...[
        25,
        ...number(strings.place('(L;L;)V')),
        0x80 | (1 << 5) | (indexes.length + last.length),
        ...indexes,
        ...last,
      ],
      ...[7, 0, 1],
    ];
    const start = [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 0, 7];
    const rest = [0, 0x21, 0, 1];
    const utf8 = (text: string) => [1, 0, text.length, ...Buffer.from(text)];
    const expected = [
      ...start,
      ...utf8('hi'),
      ...utf8('shared'),
      ...[5, 0, 0, 0, 0, 0, 0, 0, 9],
      ...utf8('(Ljava/lang/String;LNoPackage;)V'),
      ...[7, 0, 1],
      ...rest,
    ];
    const content = Uint8Array.from([...start, ...pool, ...rest]);
    const resource: ImageResource = { name: '/m/A.class', content, layer: 'compact-cp', expandedSize: expected.length };
    assert.deepEqual(open(makeImage([resource], {}, strings)).find('/m/A.class'), Uint8Array.from(expected));
  });

  test('that is none, is of another version, or is compressed in an unknown way', () => {
    assert.throws(() => open(Buffer.alloc(100)), /image-\d+: damaged at offset 0: expected the magic number cafedada/);
    assert.throws(() => open(Buffer.alloc(0)), /offset 0: expected the header of a runtime image of 28 bytes/);
    const version = makeImage(SOME, { version: 0x20001 });
    assert.throws(() => open(version), /offset 4: expected version 1, found 2\.1/);
    const image = open(makeImage([{ name: '/m/a', content: Buffer.from('x'), layer: 'other' }]));
    assert.throws(() => image.find('/m/a'), /\/m\/a: compressed with 'other'; known are zip and compact-cp/);
  });

  test('that is damaged is an error of its own or reads', () => {
    const good = makeImage(SOME);
    const random = randomFrom(7);
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(round % 4 === 0 ? good.subarray(0, random(good.length)) : good);
      for (let i = 1 + random(4); i > 0 && bytes.length > 0; i--) {
        // The content of the resources is nothing to find damage in: mostly in the index.
        bytes[random(Math.min(bytes.length, random(2) ? 8000 : 64))] = random(256);
      }
      const path = join(folder, 'damaged');
      writeFileSync(path, bytes);
      try {
        const image = RuntimeImage.open(path);
        for (const { name } of SOME) {
          try {
            image.find(name);
          } catch (error) {
            assert.ok(error instanceof DamagedFileError, `round ${round}: ${String(error)}`);
          }
        }
        image.modules();
        for (const name of image.names()) assert.equal(typeof name, 'string');
      } catch (error) {
        assert.ok(error instanceof DamagedFileError, `round ${round}: ${String(error)}`);
      }
    }
  });
});

describe("the JDK's image", { skip }, () => {
  test('has every class of its list, in a module with its package', () => {
    const library = openBootLibrary(homePath);
    const text = readFileSync(join(homePath, 'lib', 'classlist'), 'utf8');
    const names = text.split('\n').filter((line) => /^[\w/$]+$/.test(line));
    assert.ok(names.length > 500);
    for (const name of names) {
      const found = library.findClass(name);
      assert.ok(found, name);
      assert.equal(Buffer.from(found.bytes).readUInt32BE(0), 0xcafebabe);
    }
    assert.equal(library.findClass('java/sql/Driver')?.module ?? 'java.sql', 'java.sql');
    assert.equal(library.findClass('java/lang/Nope'), undefined);
    assert.equal(library.findClass('NoPackage'), undefined);
    assert.equal(library.packageModule('java/util'), 'java.base');
    assert.equal(library.packageModule('java'), undefined);
    assert.ok(library.findResource('java.base', 'java/util/regex/Pattern.class'));
    library.close();
  });

  test('has the modules of the release file', () => {
    const library = openBootLibrary(homePath);
    const listed = (typeof home === 'string' ? '' : home.release.MODULES).split(' ').sort();
    assert.deepEqual(library.modules(), listed);
    library.close();
  });

  test('has what the jmods have', (context) => {
    const jmod = join(homePath, 'jmods', 'java.logging.jmod');
    if (!existsSync(jmod)) return context.diagnostic('no jmods here: nothing to compare');
    const library = openBootLibrary(homePath);
    const source = new JmodSource(jmod);
    const names = [...source.names()];
    assert.ok(names.includes('java/util/logging/Logger.class'));
    for (const name of names) {
      // jlink writes module descriptors anew.
      if (name === 'module-info.class') continue;
      assert.deepEqual(library.findResource('java.logging', name), source.find(name), name);
    }
    source.close();
    library.close();
  });

  test('compressed by jlink has the same classes', (context) => {
    const jlink = join(homePath, 'bin', 'jlink');
    if (!existsSync(jlink)) return context.diagnostic('no jlink here: nothing to compare');
    const output = join(folder, 'linked');
    const { status, stdout } = spawnSync(jlink, ['--add-modules', 'java.base', '--compress=1', '--output', output]);
    assert.equal(status, 0, stdout.toString());
    const compressed = RuntimeImage.open(join(output, 'lib', 'modules'));
    const plain = RuntimeImage.open(join(homePath, 'lib', 'modules'));
    let classes = 0;
    for (const name of compressed.names()) {
      // The list of modules that jlink writes for each image.
      if (name.includes('/jdk/internal/module/SystemModules')) continue;
      classes++;
      const [ours, theirs] = [compressed.find(name)!, plain.find(name)!];
      if (Buffer.compare(ours, theirs) !== 0) assert.fail(`${name} differs`);
    }
    assert.ok(classes > 5000);
    compressed.close();
    plain.close();
  });

  test('opens and finds fast', () => {
    // Bounds far above what is measured, so that a busy machine passes and reading the whole file does not.
    const start = performance.now();
    const image = RuntimeImage.open(join(homePath, 'lib', 'modules'));
    assert.ok(performance.now() - start < 100);
    image.close();
  });
});
