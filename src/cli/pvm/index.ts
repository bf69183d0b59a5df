/**
 * `scotty pvm`: the commands for PVM programs.
 */
import { Command } from 'commander';
import { EXIT_CODE_HELP } from '../exit-codes.js';
import { assembleCommand, disassembleCommand } from './assemble.js';
import { buildCommand, linkCommand } from './build.js';
import { inspectCommand } from './inspect.js';
import { runCommand } from './run.js';
import { replayCommand, testCommand } from './test.js';

/** The command with everything under it. */
export function pvmCommand(): Command {
  const pvm = new Command('pvm').description('programs of the Polkadot Virtual Machine');
  pvm.addHelpText('after', EXIT_CODE_HELP);
  pvm.addCommand(runCommand());
  pvm.addCommand(testCommand());
  pvm.addCommand(replayCommand());
  pvm.addCommand(inspectCommand());
  pvm.addCommand(buildCommand());
  pvm.addCommand(linkCommand());
  pvm.addCommand(assembleCommand());
  pvm.addCommand(disassembleCommand());
  return pvm;
}
