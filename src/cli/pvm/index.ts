/**
 * `scotty pvm`: the commands for PVM programs.
 */
import { Command } from 'commander';
import { EXIT_CODE_HELP } from '../exit-codes.js';
import { assembleCommand, disassembleCommand } from './assemble.js';
import { inspectCommand } from './inspect.js';
import { runCommand } from './run.js';
import { replayCommand, testCommand } from './test.js';

/** The command with everything under it. */
export function pvmCommand(): Command {
  const pvm = new Command('pvm').description('programs of the Polkadot Virtual Machine');
  const commands = [
    runCommand(),
    testCommand(),
    replayCommand(),
    inspectCommand(),
    assembleCommand(),
    disassembleCommand(),
  ];
  for (const command of commands) {
    // An error in the arguments must come back to us, whichever command finds it.
    pvm.addCommand(command.exitOverride());
  }
  return pvm.exitOverride().addHelpText('after', EXIT_CODE_HELP);
}
