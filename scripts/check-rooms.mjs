/**
 * Checks which room of `src/` imports which: the dependency rules of the architecture, as one table.
 *
 * A linter's restricted-imports rule matches the text of an import; what matters here is the file it leads to, so
 * that `../../host/libc.js` and `../x/../host/libc.js` are the same thing. TypeScript's own scanner lists the
 * imports (static, dynamic, re-exports, type positions), and this resolves and judges them.
 *
 *   node scripts/check-rooms.mjs [FOLDER]     FOLDER: the tree that holds `src`, by default the repository
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

/**
 * By path prefix, the longest that fits a file decides. `ours`: what it may import of `src/` besides itself; `others`:
 * packages and Node modules (`node:*` for all of Node's).
 */
const RULES = {
  // Bytes only: no other room, no package, no operating system.
  'x64/': { ours: [], others: [] },
  // For listings and tests; nothing that encodes needs it, so it loads its package only when asked (node:module).
  'x64/disassembler.ts': { ours: ['x64/'], others: ['iced-x86', 'node:module'] },
  // The only room that talks to the operating system, and so the only one with koffi.
  'host/': { ours: ['x64/'], others: ['koffi', 'node:*'] },
  'pvm/': { ours: ['x64/', 'host/'], others: ['node:crypto'] },
  'pvm/kernel/': { ours: ['pvm/', 'host/'], others: ['@noble/hashes'] },
  // What both engines share, and the reference engine: on any platform, so never the host or the assembler.
  'pvm/isa/': { ours: [], others: [] },
  'pvm/gas/': { ours: ['pvm/'], others: [] },
  'pvm/interpreter/': { ours: ['pvm/'], others: [] },
  'pvm/program/': { ours: ['pvm/'], others: [] },
  'pvm/toolchain/': { ours: ['pvm/'], others: [] },
  'pvm/conformance/': { ours: ['pvm/'], others: [] },
  // On its own: parsing, verification, reference maps.
  'jvm/classfile/': { ours: [], others: [] },
  'jvm/': { ours: ['x64/', 'host/'], others: ['node:*'] },
  // zlib's state machines, which Java drives byte by byte.
  'jvm/natives/java/util/zip/': { ours: ['jvm/', 'host/'], others: ['node:*', 'pako'] },
  // Argument parsing and output, nothing else.
  'cli/': { ours: ['pvm/', 'jvm/'], others: ['commander', 'node:*'] },
  // The public API.
  'index.ts': { ours: ['pvm/', 'jvm/', 'x64/', 'host/'], others: [] },
};

/** Which rule a file of `src/` is under. */
function roomOf(file) {
  return Object.keys(RULES)
    .filter((prefix) => file.startsWith(prefix))
    .sort((a, b) => b.length - a.length)[0];
}

/** Why `file` may not import `specifier`, or undefined where it may. */
function objection(file, specifier) {
  const room = roomOf(file);
  if (room === undefined) return 'lies in no room: give it one in scripts/check-rooms.mjs';
  const { ours, others } = RULES[room];
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    const own = room.endsWith('/') && target.startsWith(room);
    return own || ours.some((prefix) => target.startsWith(prefix)) ? undefined : `${room} may not import src/${target}`;
  }
  const name = specifier.startsWith('node:') ? specifier : specifier.match(/^(@[^/]+\/)?[^/]+/)[0];
  const allowed = others.includes(name) || (name.startsWith('node:') && others.includes('node:*'));
  return allowed ? undefined : `${room} may not import ${name}`;
}

/** Every forbidden import below `folder/src`, one line each. */
function violations(folder) {
  const source = join(folder, 'src');
  const found = [];
  for (const entry of readdirSync(source, { recursive: true })) {
    const file = entry.replaceAll('\\', '/');
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(source, file), 'utf8');
    for (const { fileName, pos } of typescript.preProcessFile(text, true, true).importedFiles) {
      const why = objection(file, fileName);
      if (why !== undefined) found.push(`src/${file}:${text.slice(0, pos).split('\n').length}: ${why}`);
    }
  }
  return found.sort();
}

const folder = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));
if (!existsSync(join(folder, 'src'))) {
  process.stderr.write(`check-rooms: ${folder} holds no src\n`);
  process.exit(2);
}
const found = violations(folder);
for (const line of found) process.stdout.write(`${line}\n`);
process.stdout.write(found.length === 0 ? 'rooms: every import is allowed\n' : `rooms: ${found.length} forbidden\n`);
process.exit(found.length === 0 ? 0 : 1);
