/**
 * The package as somebody else gets it: packed, unpacked into another project's `node_modules`, imported and run.
 *
 * No registry is asked: the packages it depends on are linked from here, as an installer would have put them. So
 * what is tested is ours: the list of files, the entry points, their types, the command.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ROOT } from './vectors.js';

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

describe('the package', () => {
  let project: string;
  let files: string[];
  let installed: string;

  before(() => {
    project = mkdtempSync(join(tmpdir(), 'scotty-package-'));
    // The build is there already; `prepack` would make it anew under the feet of the other tests.
    const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    });
    const [archive] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
    files = archive.files.map(({ path }) => path);

    const modules = join(project, 'node_modules');
    mkdirSync(modules);
    execFileSync('tar', ['-xzf', join(project, archive.filename), '-C', modules]);
    installed = join(modules, 'scotty');
    renameSync(join(modules, 'package'), installed);
    // Everything that is installed here and is no development tool: our dependencies and what they depend on.
    for (const name of [...Object.keys(manifest.dependencies), '@koromix']) {
      if (existsSync(join(ROOT, 'node_modules', name))) {
        mkdirSync(dirname(join(modules, name)), { recursive: true });
        symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
      }
    }
    writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }\n');
  });
  after(() => rmSync(project, { recursive: true, force: true }));

  /** Runs a module of the other project. */
  function run(source: string): string {
    writeFileSync(join(project, 'main.js'), source);
    return execFileSync(process.execPath, ['main.js'], { cwd: project, encoding: 'utf8', stdio: 'pipe' });
  }

  test('holds the build of src, the headers for C, README, licence, and nothing else', () => {
    const others = files
      .filter((file) => !/^dist\/src\/.*\.(js|d\.ts)$|^include\/(runtime\/\w+\.c|\w+\.h)$/.test(file))
      .sort();
    // `scotty java` as one file with its code cache, where the build could make them.
    const bundle = ['dist/src/cli/java/bundle.cache', 'dist/src/cli/java/bundle.cjs'];
    assert.deepEqual(
      others.filter((file) => !bundle.includes(file)),
      ['LICENSE', 'README.md', 'package.json'],
    );
    for (const name of ['index', 'pvm/index', 'jvm/index', 'jvm/classfile/index', 'x64/index', 'cli/main']) {
      assert.ok(files.includes(`dist/src/${name}.js`), name);
      assert.ok(files.includes(`dist/src/${name}.d.ts`), name);
    }
    for (const name of ['scotty.h', 'stdio.h', 'runtime/print.c']) assert.ok(files.includes(`include/${name}`), name);
  });

  test('every entry point can be imported', () => {
    assert.deepEqual(Object.keys(manifest.exports), ['.', './jvm', './classfile', './pvm', './x64', './package.json']);
    const out = run(`
      import { assemble, Program, x64 } from 'scotty';
      import * as pvm from 'scotty/pvm';
      import { Assembler } from 'scotty/x64';
      import { parseClass } from 'scotty/classfile';
      import { Jvm } from 'scotty/jvm';
      import * as all from 'scotty';
      if (all.Jvm !== Jvm || all.classfile.parseClass !== parseClass) throw new Error('two of one');
      const program = Program.load(assemble('.standard\\nload_imm r7, 42\\njump_ind r0\\n'));
      const instance = program.instantiate({ engine: 'interpreter', gas: 10 });
      console.log(instance.run().kind, instance.getRegister(7), instance.gas);
      console.log(pvm.Program === Program, x64.Assembler === Assembler, pvm.Access.Write, x64.Reg.RSP);
    `);
    assert.equal(out, 'halt 42n 8n\ntrue true 2 4\n');
  });

  test('nothing but the entry points can be imported', () => {
    assert.throws(() => run(`import 'scotty/dist/src/host/libc.js';`), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  test('the recompiler runs there too, or says why not', () => {
    const out = run(`
      import { assemble, Program } from 'scotty';
      const why = Program.recompilerUnavailable();
      const program = Program.load(assemble('.standard\\nload_imm r7, 42\\njump_ind r0\\n'));
      const instance = program.instantiate();
      instance.run();
      console.log(instance.engine === (why === undefined ? 'recompiler' : 'interpreter'), instance.getRegister(7));
    `);
    assert.equal(out, 'true 42n\n');
  });

  test('the command runs', () => {
    const bin = join(installed, manifest.bin.scotty as string);
    assert.match(readFileSync(bin, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    const { status, stdout } = spawnSync(process.execPath, [bin, '--version'], { cwd: project, encoding: 'utf8' });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: `${manifest.version}\n` });
  });

  test('types resolve for a TypeScript user', () => {
    writeFileSync(
      join(project, 'main.ts'),
      `import { type ExitResult, type Jvm, Program, type Instance } from 'scotty';
       import type { Engine } from 'scotty/pvm';
       import { Assembler, Reg } from 'scotty/x64';
       const engine: Engine = 'interpreter';
       const instance: Instance = Program.load(new Uint8Array()).instantiate({ engine });
       const exit: ExitResult = instance.run();
       export const address: number | undefined = exit.kind === 'page-fault' ? exit.address : undefined;
       export const ended = (jvm: Jvm): boolean => jvm.ended;
       export const stack: Reg = Reg.RSP;
       export const bytes: Uint8Array = new Assembler().bytes();\n`,
    );
    const compilerOptions = {
      noEmit: true,
      strict: true,
      isolatedModules: true,
      target: 'es2022',
      module: 'nodenext',
      lib: ['es2022'],
      types: [],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: project, encoding: 'utf8' });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: '' });
  });
});
