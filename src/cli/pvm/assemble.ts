/**
 * `scotty pvm assemble` and `scotty pvm disassemble`: text to a program and back.
 */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { isManifest, writeManifest } from '../../pvm/program/manifest.js';
import { assemble } from '../../pvm/toolchain/assembler.js';
import { disassemble } from '../../pvm/toolchain/disassembler.js';
import { CommandError } from '../exit-codes.js';
import { readText, reasonOf } from '../options.js';
import { counted } from '../terminal.js';
import { loadManifest, loadProgram, readProgram } from './load.js';

/** `scotty pvm assemble`. */
export function assembleCommand(): Command {
  return new Command('assemble')
    .description('turn assembly text into a program')
    .argument('<file>', 'the text')
    .requiredOption('-o, --output <file>', 'where the program goes; - for standard output')
    .action((file: string, { output }: { output: string }) => {
      const program = assemble(readText(file), file);
      write(output, program);
      if (output !== '-') process.stdout.write(`${output}: ${counted(program.length, 'byte')}\n`);
    });
}

/** `scotty pvm disassemble`. */
export function disassembleCommand(): Command {
  return new Command('disassemble')
    .description('turn a program into text that assembles to the same program')
    .argument('<file>', 'the program')
    .option('-o, --output <file>', 'where the text goes', '-')
    .action((file: string, { output }: { output: string }) => {
      const bytes = readProgram(file);
      write(output, isManifest(bytes) ? manifestText(bytes, file) : loadProgram(bytes, file).disassemble());
    });
}

function manifestText(bytes: Uint8Array, file: string): string {
  const manifest = loadManifest(bytes, file);
  const text = disassemble(manifest);
  // What no builder writes but the format allows: the text cannot say where in the file data stands.
  if (Buffer.compare(writeManifest(manifest), bytes) === 0) return text;
  return `; laid out in another way in the file: this assembles to an equivalent program\n${text}`;
}

function write(output: string, contents: string | Uint8Array): void {
  if (output === '-') {
    process.stdout.write(contents);
    return;
  }
  try {
    writeFileSync(output, contents);
  } catch (error) {
    throw new CommandError(`${output}: ${reasonOf(error)}`);
  }
}
