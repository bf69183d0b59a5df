/**
 * `scotty pvm inspect`: what is in a program file: header, sections, and the code by basic block with each
 * block's gas — or, with `--native`, beside the x86-64 code the recompiler makes of it.
 */
import { Command } from 'commander';
import type { GasModel } from '../../pvm/gas/index.js';
import { JUMP_TARGET } from '../../pvm/isa/decode.js';
import type { Access, ProgramKind } from '../../pvm/program/image.js';
import { isManifest } from '../../pvm/program/manifest.js';
import type { Program } from '../../pvm/program.js';
import { checkEngine, gasModelOption } from '../options.js';
import { columns, counted, grouped, hex32, hex64, type Style, styleFor } from '../terminal.js';
import { describeBlocks } from './blocks.js';
import { inspectManifest } from './inspect-manifest.js';
import { loadManifest, loadProgram, readProgram } from './load.js';

interface InspectOptions {
  readonly native?: true;
  readonly code: boolean;
  readonly gasModel: GasModel;
}

const KINDS: Readonly<Record<ProgramKind, string>> = {
  code: 'code blob',
  standard: 'standard program (JAM service)',
  polkavm: 'PolkaVM program',
};
const ACCESS_NAMES = ['inaccessible', 'read', 'read and write'] as const satisfies Record<Access, string>;

/** `scotty pvm inspect`. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description("show a program's header, sections, and basic blocks with their gas")
    .argument('<file>', 'the program')
    .option('--native', 'show the x86-64 code beside the instructions it is made from')
    .option('--no-code', 'leave the code out')
    .addOption(gasModelOption())
    .action((file: string, options: InspectOptions) => {
      if (options.native) checkEngine('recompiler');
      const bytes = readProgram(file);
      const style = styleFor(process.stdout);
      const write = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);
      if (isManifest(bytes)) {
        write(inspectManifest(loadManifest(bytes, file), file, options, style));
        return;
      }
      const program = loadProgram(bytes, file);
      write(describe(program, file, options.gasModel, style));
      if (options.native) write(['', program.nativeListing(options.gasModel).trimEnd()]);
      else if (options.code) write(describeBlocks(program.decoded, options.gasModel, program.pageCount, style));
    });
}

/** Header and sections. */
function describe(program: Program, file: string, gasModel: GasModel, style: Style): string[] {
  const { image, decoded } = program;
  const blocks = decoded.flags.reduce((count, flags) => count + (flags & JUMP_TARGET ? 1 : 0), 0);
  const fields: string[][] = [
    ['file', file],
    ['kind', KINDS[image.kind]],
    ['code', `${grouped(decoded.codeLength)} bytes, ${counted(decoded.count - 1, 'instruction')}`],
    ['blocks', grouped(blocks)],
    ['jump table', counted(decoded.jumpOffsets.length, 'entry').replace('entrys', 'entries')],
    ['entry', `pc ${image.entry}`],
    ['gas model', gasModel],
  ];
  if (image.metadata.length > 0) fields.push(['metadata', describeMetadata(image.metadata)]);
  if (image.argumentsAddress !== undefined) {
    fields.push(['arguments', `at ${hex32(image.argumentsAddress)}, at most ${grouped(image.argumentsLimit)} bytes`]);
  }
  if (image.heap !== undefined) {
    fields.push(['heap', `sbrk from ${hex32(image.heap.start)} up to ${hex32(image.heap.limit)}`]);
  }
  const registers = image.registers.flatMap((value, i) => (value === 0n ? [] : [`r${i}=${hex64(value)}`]));
  if (registers.length > 0) fields.push(['registers', registers.join(' ')]);
  // Numbers between those a program chose for its host functions have no name.
  const imports = image.imports.flatMap((name, i) => (name === '' ? [] : [`${i} ${name}`]));
  if (imports.length > 0) fields.push(['imports', imports.join(', ')]);
  if (image.exports.length > 0) {
    fields.push(['exports', image.exports.map(({ name, pc }) => `${name} at pc ${pc}`).join(', ')]);
  }
  const lines = fields.map(([name, value]) => `${style.faint((name as string).padEnd(10))} ${value}`);
  if (image.segments.length > 0) {
    const rows = image.segments.map((segment) => [
      segment.name,
      hex32(segment.address),
      grouped(segment.length),
      grouped(segment.data.length),
      ACCESS_NAMES[segment.access],
    ]);
    const table = columns([['section', 'address', 'bytes', 'initialised', 'access'], ...rows], [2, 3]);
    lines.push('', style.strong(table[0] as string), ...table.slice(1));
  }
  return lines;
}

const LONGEST_METADATA = 160;

/** Metadata has no fixed form, but what is printable in it says what the program is. */
function describeMetadata(metadata: Uint8Array): string {
  const text = Array.from(metadata.subarray(0, LONGEST_METADATA), (byte) =>
    byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·',
  ).join('');
  return `${grouped(metadata.length)} bytes: ${text}${metadata.length > LONGEST_METADATA ? '…' : ''}`;
}
