/**
 * `scotty pvm test` and `scotty pvm replay`: conformance data against an engine.
 *
 * The two differ in what they read and how they run it; finding files, counting and reporting is the same. Each
 * failure is one line with its first difference, and the last line is the count.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Difference, describeDifference } from '../../pvm/conformance/difference.js';
import { parseTrace, replayTrace } from '../../pvm/conformance/traces.js';
import { type EngineName, parseVector, runVector } from '../../pvm/conformance/vectors.js';
import { FormatError } from '../../pvm/program/image.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { checkEngine, engineOption, readText, reasonOf } from '../options.js';
import { styleFor } from '../terminal.js';

interface TestOptions {
  readonly engine: EngineName;
  readonly verbose?: true;
}

/** `scotty pvm test`. */
export function testCommand(): Command {
  return command('test', 'run test vectors (JSON files of the JAM test-vector collection)', '.json', (text, engine) =>
    runVector(parseVector(text), engine),
  );
}

/** `scotty pvm replay`. */
export function replayCommand(): Command {
  return command('replay', 'replay recorded runs (JIP-6 traces) and compare every state', '.log', (text, engine) =>
    replayTrace(parseTrace(text), engine),
  );
}

function command(
  name: string,
  description: string,
  extension: string,
  run: (text: string, engine: EngineName) => Difference | undefined,
): Command {
  return new Command(name)
    .description(description)
    .argument('<path...>', `files, or folders searched for ${extension} files`)
    .addOption(engineOption())
    .option('-v, --verbose', 'name what passes too')
    .action((paths: string[], options: TestOptions) => {
      checkEngine(options.engine);
      const files = paths.flatMap((path) => find(path, extension));
      if (files.length === 0) throw new CommandError(`${paths.join(', ')}: no ${extension} files there`);
      const style = styleFor(process.stdout);
      let failed = 0;
      for (const file of files) {
        const problem = attempt(() => run(readText(file), options.engine));
        if (problem !== undefined) {
          failed++;
          process.stdout.write(`${style.bad('FAIL')} ${file}: ${problem}\n`);
        } else if (options.verbose) {
          process.stdout.write(`${style.good('pass')} ${file}\n`);
        }
      }
      const summary = `${files.length - failed} passed, ${failed} failed`;
      process.stdout.write(`${failed === 0 ? style.good(summary) : style.bad(summary)}\n`);
      if (failed > 0) process.exitCode = ExitCode.Failure;
    });
}

/** The first difference as text. A file that cannot be read as what it should be has failed too. */
function attempt(run: () => Difference | undefined): string | undefined {
  try {
    const difference = run();
    return difference && describeDifference(difference);
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

/** The files a path stands for, in order. */
function find(path: string, extension: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(extension))
      .sort()
      .map((file) => join(path, file));
  } catch (error) {
    throw new CommandError(`${path}: ${reasonOf(error)}`);
  }
}
