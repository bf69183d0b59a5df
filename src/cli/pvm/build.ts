/**
 * `scotty pvm build` and `scotty pvm link`: from C, or from a RISC-V ELF, to a program file.
 */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { PAGE_SIZE } from '../../pvm/layout.js';
import type { PolkavmInstructionSet } from '../../pvm/program/polkavm-writer.js';
import { type LinkedFile, linkProgram, type OutputFormat } from '../../pvm/toolchain/output.js';
import { CommandError, EXIT_CODE_HELP } from '../exit-codes.js';
import { readBytes, reasonOf, wholeNumber } from '../options.js';
import { counted, styleFor } from '../terminal.js';
import { compile, KERNEL_ENTRY, OPTIMISATION_LEVELS } from './clang.js';

/** What a command can write: a program, or for another linker the ELF it would be made of. */
type Format = OutputFormat | 'elf';

const FORMATS: readonly Format[] = ['standard', 'polkavm', 'manifest', 'elf'];
/** By the end of a file's name. */
const EXTENSIONS: Readonly<Record<string, Format>> = {
  '.jam': 'standard',
  '.bin': 'standard',
  '.polkavm': 'polkavm',
  '.manifest': 'manifest',
  '.elf': 'elf',
};
const INSTRUCTION_SETS: readonly PolkavmInstructionSet[] = ['jam-v1', 'latest'];
/** Heap of a program that cannot get more later, where nothing is said. */
const DEFAULT_HEAP = 0x10000;
/** Most bytes of stack or heap. */
const LARGEST = 2n ** 31n;

interface LinkSettings {
  readonly output: string;
  readonly format?: Format;
  readonly stack?: number;
  readonly heap?: number;
  readonly pages?: bigint;
  readonly entry: readonly string[];
  readonly isa?: PolkavmInstructionSet;
  /** The linker's own optimisation. */
  readonly optimize: boolean;
}

interface BuildSettings extends LinkSettings {
  // Named after their options, as commander does.
  readonly O: string;
  readonly I: readonly string[];
  readonly D: readonly string[];
  readonly flag: readonly string[];
}

/** `scotty pvm build`. */
export function buildCommand(): Command {
  const command = new Command('build')
    .description('compile C into a program, with clang')
    .argument('<files...>', 'C or assembly sources')
    .option('-o, --output <file>', 'where the program goes', 'a.jam')
    .addOption(new Option('-O <level>', 'optimisation').choices(OPTIMISATION_LEVELS).default('2'))
    .option('-I <folder>', 'look here for included files; may be repeated', collect, [])
    .option('-D <macro>', 'define NAME or NAME=VALUE; may be repeated', collect, [])
    .option('--flag <argument>', 'an argument for clang, as in --flag=-Wall; may be repeated', collect, []);
  return addLinkOptions(command).action((files: string[], settings: BuildSettings) => {
    const format = formatOf(settings);
    const kernel = format === 'manifest';
    const elf = compile({
      sources: files,
      level: settings.O,
      include: settings.I,
      define: settings.D,
      flags: settings.flag,
      entries: settings.entry,
      heapSize: heapSize(format, settings),
      kernel,
      sbrk: hasSbrk(format, settings),
    });
    if (format === 'elf') return write(settings.output, elf, 'RISC-V ELF');
    // The kernel's start calls the entry itself.
    // The heap of others is among their data.
    const entry = kernel ? [KERNEL_ENTRY] : settings.entry;
    const heap = kernel ? heapSize(format, settings) : 0;
    finish(elf, files.join(', '), format, { ...settings, entry, heap });
  });
}

/** `scotty pvm link`. */
export function linkCommand(): Command {
  const command = new Command('link')
    .description('turn a RISC-V ELF, linked with --emit-relocs, into a program')
    .argument('<file>', 'the ELF')
    .requiredOption('-o, --output <file>', 'where the program goes');
  return addLinkOptions(command).action((file: string, settings: LinkSettings) => {
    const format = formatOf(settings);
    if (format === 'elf') throw new CommandError(`${settings.output}: expected the name or --format of a program`);
    finish(readBytes(file), file, format, settings);
  });
}

function addLinkOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--format <format>',
        "what to write; by default the output's name says: .jam, .bin standard, .polkavm, .manifest, .elf",
      ).choices(FORMATS),
    )
    .addOption(new Option('--stack <bytes>', 'stack (default: 65536)').argParser(byteCount))
    .addOption(
      new Option(
        '--heap <bytes>',
        'heap that is there from the start (default: 0 where there is sbrk, else 65536)',
      ).argParser(byteCount),
    )
    .addOption(
      new Option('--pages <count>', 'pages a manifest may give out at run time (default: 256)').argParser(
        wholeNumber(2n ** 20n),
      ),
    )
    .option('--entry <name>', 'function at offset 0; repeated, at 5, 10 and so on', collect, [])
    .addOption(
      new Option('--isa <set>', 'instruction set of a .polkavm file (default: jam-v1)').choices(INSTRUCTION_SETS),
    )
    .option('--no-optimize', 'translate instruction by instruction')
    .addHelpText('after', EXIT_CODE_HELP);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** Bytes: a whole number, with a `K` or `M` behind it for KiB and MiB. */
function byteCount(text: string): number {
  const [, digits, unit] = /^(.*?)([KM]?)$/.exec(text) as unknown as [string, string, string];
  const bytes = wholeNumber(LARGEST)(digits) * (unit === 'M' ? 2n ** 20n : unit === 'K' ? 2n ** 10n : 1n);
  if (bytes > LARGEST) throw new InvalidArgumentError(`expected at most ${LARGEST} bytes.`);
  return Number(bytes);
}

/** Whether the program will have `sbrk`: a manifest has not, and of PolkaVM's sets one has. */
function hasSbrk(format: Format, { isa }: LinkSettings): boolean {
  return format === 'manifest' ? false : format === 'standard' || isa === 'latest';
}

/** The heap in whole pages. */
function heapSize(format: Format, settings: LinkSettings): number {
  const bytes = settings.heap ?? (hasSbrk(format, settings) ? 0 : DEFAULT_HEAP);
  return Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
}

function formatOf({ output, format, isa, pages }: LinkSettings): Format {
  const found = format ?? EXTENSIONS[extname(output)];
  if (found === undefined) {
    throw new CommandError(
      `${output}: expected a name that ends in ${Object.keys(EXTENSIONS).join(', ')}, or --format`,
    );
  }
  if (isa !== undefined && found !== 'polkavm' && found !== 'elf') {
    throw new CommandError('--isa is for .polkavm files, and for an ELF that is to become one');
  }
  if (pages !== undefined && found !== 'manifest') throw new CommandError('--pages is for manifests');
  return found;
}

/** Links an ELF, shows warnings, writes the program. */
function finish(elf: Uint8Array, name: string, format: OutputFormat, settings: LinkSettings): void {
  const { output, stack, heap, pages, entry, isa, optimize } = settings;
  const { bytes, linked }: LinkedFile = linkProgram(elf, {
    format,
    name,
    heapSize: heap ?? 0,
    optimize,
    ...(pages === undefined ? {} : { untypedPages: Number(pages) }),
    ...(stack === undefined ? {} : { stackSize: stack }),
    ...(entry.length === 0 ? {} : { entries: entry }),
    ...(isa === undefined ? {} : { instructionSet: isa }),
  });
  const style = styleFor(process.stderr);
  for (const warning of linked.warnings) process.stderr.write(`${style.strong('warning:')} ${warning}\n`);
  write(output, bytes, { standard: 'standard program', polkavm: 'PolkaVM program', manifest: 'manifest' }[format]);
}

function write(output: string, bytes: Uint8Array, what: string): void {
  try {
    writeFileSync(output, bytes);
  } catch (error) {
    throw new CommandError(`${output}: ${reasonOf(error)}`);
  }
  process.stdout.write(`${output}: ${what}, ${counted(bytes.length, 'byte')}\n`);
}
