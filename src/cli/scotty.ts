/**
 * The commands other than `java`: sets them up and turns whatever goes wrong into one line and an exit code.
 *
 * A stack trace means a bug in Scotty, so bad input never shows one; set `SCOTTY_DEBUG=1` to see where an error
 * came from all the same.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CommandError, EXIT_CODE_HELP, ExitCode } from './exit-codes.js';
import { javapCommand } from './java/javap.js';
import { pvmCommand } from './pvm/index.js';
import { styleFor } from './terminal.js';

// `scotty … | head` closes our output early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? ExitCode.Success);
});

/** Errors whose message is for the user. Those of the libraries are recognised by the names they carry. */
const USER_ERRORS = new Set([
  'FormatError',
  'AssemblyError',
  'MemoryAccessError',
  'LinkError',
  'ClassFileError',
  'DamagedFileError',
  'JavaHomeError',
]);

function fail(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has written its message; help and version come here too, with code 0.
    return error.exitCode === 0 ? ExitCode.Success : ExitCode.BadInput;
  }
  const known = error instanceof CommandError || (error instanceof Error && USER_ERRORS.has(error.name));
  const style = styleFor(process.stderr);
  const shown = known && !process.env.SCOTTY_DEBUG ? (error as Error).message : (error as Error).stack;
  process.stderr.write(`${style.bad('scotty:')} ${shown ?? String(error)}\n`);
  if (!known) return ExitCode.Failure;
  return error instanceof CommandError ? error.exitCode : ExitCode.BadInput;
}

/** Gives every command below `parent` its way of reporting errors. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) inheritSettings(command.copyInheritedSettings(parent));
}

const manifest = new URL('../../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };

const scotty = new Command('scotty')
  .description('Runs PVM programs: on an interpreter, or as x86-64 code emitted by TypeScript.')
  .version(version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print help')
  .addHelpText('after', EXIT_CODE_HELP)
  .showSuggestionAfterError()
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, `${styleFor(process.stderr).bad('scotty:')} `)),
  })
  .exitOverride();
scotty.addCommand(pvmCommand());
scotty.addCommand(javapCommand());
scotty.addCommand(
  // Only for the list: main.ts has taken it out before, with its arguments untouched.
  new Command('java')
    .description('run a Java program; takes what java takes, see scotty java --help')
    .argument('[args...]'),
);
inheritSettings(scotty);

try {
  await scotty.parseAsync(process.argv);
} catch (error) {
  process.exitCode = fail(error);
}
