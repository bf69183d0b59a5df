/**
 * Zip files, jars, jmods, directories and class paths; and finding a JDK.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import {
  DamagedFileError,
  DirectorySource,
  expandClassPath,
  findJavaHome,
  JarSource,
  JmodSource,
  openBootLibrary,
  openClassPath,
  parseManifest,
  ZipFile,
} from '../../../src/jvm/library/index.js';
import { type Entry, makeZip, type ZipShape } from './make-zip.js';
import { randomFrom } from './random.js';

const folder = mkdtempSync(join(tmpdir(), 'scotty-sources-'));
after(() => rmSync(folder, { recursive: true }));

/** Writes a file below the test's folder, and gives its path. */
function file(name: string, content: string | Uint8Array = ''): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

const ENTRIES: Entry[] = [
  ['a/', ''],
  ['a/B.class', 'bbb'.repeat(500)],
  ['a/C$1.class', 'c'],
  ['empty', ''],
  ['größe.txt', 'name beyond ASCII'],
];

describe('a zip file', () => {
  const shapes: Record<string, ZipShape> = {
    'of deflated entries': {},
    'of stored entries': { stored: true },
    'with data descriptors': { streamed: true },
    'with a prefix': { prefix: Buffer.from('#!/bin/sh\nexec java -jar "$0"\n') },
    'with a comment': { comment: 'PK\x05\x06 in a comment' },
    'with zip64 records': { zip64: true },
    'with all of it': { zip64: true, streamed: true, comment: 'x', prefix: Buffer.from('JM\x01\x00') },
  };
  for (const [title, shape] of Object.entries(shapes)) {
    test(title, () => {
      const zip = ZipFile.open(file('shape.zip', makeZip(ENTRIES, shape)));
      assert.deepEqual(
        [...zip.names()],
        ENTRIES.map(([name]) => name),
      );
      for (const [name, content] of ENTRIES) assert.equal(text(zip.find(name)), content, name);
      assert.equal(zip.find('a/B'), undefined);
      assert.equal(zip.has('a/'), true);
      zip.close();
    });
  }

  test('without entries', () => {
    const zip = ZipFile.open(file('none.zip', makeZip([])));
    assert.deepEqual([...zip.names()], []);
    zip.close();
  });

  test('that is none', () => {
    const path = file('no.zip', 'just text');
    assert.throws(() => ZipFile.open(path), {
      name: 'DamagedFileError',
      message: `${path}: damaged at offset 0: expected the end record of a zip file`,
    });
    assert.throws(() => ZipFile.open(file('empty.zip')), DamagedFileError);
    assert.throws(() => ZipFile.open(folder), /not a file/);
  });

  test('that is damaged is an error of its own or reads', () => {
    const random = randomFrom(11);
    for (let round = 0; round < 600; round++) {
      const good = makeZip(ENTRIES, { zip64: round % 2 === 0, stored: round % 3 === 0 });
      const bytes = Buffer.from(round % 5 === 0 ? good.subarray(0, random(good.length)) : good);
      for (let i = 1 + random(3); i > 0 && bytes.length > 0; i--) bytes[random(bytes.length)] = random(256);
      try {
        const zip = ZipFile.open(file('damaged.zip', bytes));
        for (const name of zip.names()) {
          try {
            zip.find(name);
          } catch (error) {
            assert.ok(error instanceof DamagedFileError, `round ${round}: ${String(error)}`);
          }
        }
        zip.close();
      } catch (error) {
        assert.ok(error instanceof DamagedFileError, `round ${round}: ${String(error)}`);
      }
    }
  });
});

const VERSIONED: Entry[] = [
  [
    'META-INF/MANIFEST.MF',
    'Manifest-Version: 1.0\r\nMulti-Release: TRUE\r\nMain-Class: a.Ma\r\n in\r\n\r\nName: x\r\nA: b\r\n',
  ],
  ['a/B.class', 'base'],
  ['META-INF/versions/9/a/B.class', 'nine'],
  ['META-INF/versions/17/a/B.class', 'seventeen'],
  ['META-INF/versions/18/a/B.class', 'eighteen'],
  ['META-INF/versions/11/a/New.class', 'new in eleven'],
  ['META-INF/versions/8/a/B.class', 'eight is too old'],
  ['META-INF/versions/x/a/B.class', 'no number'],
  ['META-INF/versions/17/META-INF/services/x', 'not versioned'],
  ['META-INF/A.SF', 'a signature'],
  ['META-INF/A.RSA', 'another'],
];

describe('a jar', () => {
  for (const [release, expected] of [
    [8, 'base'],
    [16, 'nine'],
    [17, 'seventeen'],
    [21, 'eighteen'],
  ] as const) {
    test(`for several releases, under ${release}`, () => {
      const jar = new JarSource(file('multi.jar', makeZip(VERSIONED)), { release });
      assert.equal(text(jar.find('a/B.class')), expected);
      assert.equal(text(jar.find('a/New.class')), release >= 11 ? 'new in eleven' : undefined);
      assert.equal(jar.find('META-INF/services/x'), undefined);
      assert.equal(jar.manifest()['main-class'], 'a.Main');
      assert.equal(jar.manifest().a, undefined);
      const names = ['META-INF/A.RSA', 'META-INF/A.SF', 'META-INF/MANIFEST.MF', 'a/B.class'];
      assert.deepEqual([...jar.names()].sort(), release >= 11 ? [...names, 'a/New.class'] : names);
      jar.close();
    });
  }

  test('whose manifest does not say so has one of each', () => {
    const entries = VERSIONED.map(([name, content]): Entry => [name, String(content).replace('TRUE', 'no')]);
    const jar = new JarSource(file('single.jar', makeZip(entries)), { release: 17 });
    assert.equal(text(jar.find('a/B.class')), 'base');
    assert.equal(text(jar.find('META-INF/versions/9/a/B.class')), 'nine');
    jar.close();
  });

  test('has no directories', () => {
    const jar = new JarSource(file('plain.jar', makeZip(ENTRIES)), { release: 17 });
    assert.equal(jar.find('a/'), undefined);
    assert.deepEqual(jar.manifest(), {});
    assert.ok(![...jar.names()].includes('a/'));
    jar.close();
  });
});

test('a manifest with lines of each kind of end', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const lines = ['A: 1', 'Long: abc', ' def', ' ghi', '', 'A: 2'];
    assert.deepEqual(parseManifest(lines.join(end)), { a: '1', long: 'abcdefghi' });
  }
});

describe('a directory', () => {
  test('gives what is below it and nothing else', () => {
    file('dir/a/B.class', 'bb');
    file('dir/c', 'c');
    const source = new DirectorySource(join(folder, 'dir'));
    assert.equal(text(source.find('a/B.class')), 'bb');
    for (const name of ['a', 'a/', '', 'no', 'c/d', '../dir/c', 'x'.repeat(5000)]) {
      assert.equal(source.find(name), undefined, name.slice(0, 20));
    }
    assert.deepEqual([...source.names()].sort(), ['a/B.class', 'c']);
  });
});

describe('a class path', () => {
  const jar = file('lib/one.jar', makeZip([['x', 'in a jar']]));
  file('lib/two.JAR', makeZip([['y', '']]));
  file('lib/readme.txt');
  file('classes/x', 'in a folder');

  test('is asked in order, and passes over what is not there', () => {
    const path = [join(folder, 'nope'), join(folder, 'classes'), jar, join(folder, 'nope.jar')].join(delimiter);
    const sources = openClassPath(path, { release: 17 });
    assert.deepEqual(
      sources.map((source) => text(source.find('x'))),
      ['in a folder', 'in a jar'],
    );
    for (const source of sources) source.close();
  });

  test('has wildcards for the jars of a folder', () => {
    const lib = join(folder, 'lib');
    assert.deepEqual(expandClassPath(`${lib}/*`).sort(), [`${lib}/one.jar`, `${lib}/two.JAR`]);
    assert.deepEqual(expandClassPath(`${lib}/*.jar${delimiter}${delimiter}a*`), [`${lib}/*.jar`, '.', 'a*']);
    assert.deepEqual(expandClassPath(join(folder, 'nope', '*')), [join(folder, 'nope', '*')]);
  });

  test('with a damaged jar throws, or tells', () => {
    const damaged = file('bad.jar', 'no zip file');
    assert.throws(() => openClassPath(damaged, { release: 17 }), DamagedFileError);
    const told: string[] = [];
    assert.deepEqual(openClassPath(damaged, { release: 17, onDamaged: (path) => told.push(path) }), []);
    assert.deepEqual(told, [damaged]);
  });
});

describe('a class library', () => {
  const base: Entry[] = [
    ['classes/java/lang/Object.class', 'object'],
    ['classes/module-info.class', 'info'],
    ['lib/libjava.so', ''],
  ];

  test('of jmods', () => {
    const jmod = file('jdk-a/jmods/java.base.jmod', makeZip(base, { prefix: Buffer.from('JM\x01\x00') }));
    file('jdk-a/jmods/x.y.jmod', makeZip([['classes/x/Y.class', 'y']], { prefix: Buffer.from('JM\x01\x00') }));
    assert.deepEqual([...new JmodSource(jmod).names()], ['java/lang/Object.class', 'module-info.class']);
    const library = openBootLibrary(join(folder, 'jdk-a'));
    const found = library.findClass('java/lang/Object');
    assert.deepEqual([text(found?.bytes), found?.module], ['object', 'java.base']);
    assert.equal(library.packageModule('x'), 'x.y');
    assert.equal(library.findClass('x/Z'), undefined);
    assert.equal(library.findClass('Y'), undefined);
    assert.equal(text(library.findResource('x.y', 'x/Y.class')), 'y');
    assert.equal(library.findResource('z', 'x/Y.class'), undefined);
    assert.deepEqual(library.modules(), ['java.base', 'x.y']);
    library.close();
  });

  test('of folders', () => {
    file('jdk-b/modules/java.base/java/lang/Object.class', 'object');
    file('jdk-b/modules/x.y/x/Y.class', 'y');
    const library = openBootLibrary(join(folder, 'jdk-b'));
    assert.equal(library.findClass('x/Y')?.module, 'x.y');
    assert.deepEqual(library.modules(), ['java.base', 'x.y']);
    library.close();
  });

  test('that is not there', () => {
    assert.throws(
      () => openBootLibrary(folder),
      /no class library there: expected lib\/modules, jmods\/java.base.jmod or/,
    );
  });
});

describe('finding Java', () => {
  const release = (name: string, version: string) => {
    file(`${name}/release`, `IMPLEMENTOR="Somebody"\nJAVA_VERSION="${version}"\nJAVA_RUNTIME_VERSION="${version}+1"\n`);
    file(`${name}/lib/modules`);
    return join(folder, name);
  };
  const seventeen = release('jdk-17', '17.0.1');
  const twentyFive = release('jdk-25', '25');
  const eight = release('jdk-8', '1.8.0_302');

  test('where the user says', () => {
    const { home, version, versionString, runtimeVersion, vendor } = findJavaHome(seventeen, {});
    assert.deepEqual(
      [home, version, versionString, runtimeVersion, vendor],
      [seventeen, 17, '17.0.1', '17.0.1+1', 'Somebody'],
    );
  });

  test('where the environment says', () => {
    assert.equal(findJavaHome(undefined, { JAVA_HOME: seventeen }).home, seventeen);
    file('jdk-17/bin/java');
    assert.equal(findJavaHome(undefined, { PATH: `${folder}${delimiter}${seventeen}/bin` }).home, seventeen);
    // One of another release is passed over.
    assert.equal(findJavaHome(undefined, { JAVA_HOME: twentyFive, PATH: `${seventeen}/bin` }).home, seventeen);
  });

  test('and refusing what the user says', () => {
    const refused: [string, RegExp][] = [
      [
        twentyFive,
        /jdk-25 is Java 25; supported is 17\. On Debian and Ubuntu: apt-get install openjdk-17-jre-headless/,
      ],
      [eight, /jdk-8 is Java 1\.8\.0_302; supported is 17/],
      [join(folder, 'nope'), /nope does not exist\. On Debian/],
      [folder, /is no JDK or JRE: it has no file 'release'/],
    ];
    for (const [place, message] of refused) {
      assert.throws(() => findJavaHome(place, { JAVA_HOME: seventeen }), { name: 'JavaHomeError', message });
    }
  });
});
