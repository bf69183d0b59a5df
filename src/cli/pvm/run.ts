/**
 * `scotty pvm run`: runs one program to its end and shows what came out.
 *
 * What the program prints goes to standard output as it is; the report follows it there (or, with `--json`, one JSON
 * object stands there alone, the program's text inside it). The exit code says how the program ended.
 */
import { Command, Option } from 'commander';
import { bytesToHex } from '../../pvm/conformance/difference.js';
import type { EngineName } from '../../pvm/conformance/vectors.js';
import type { GasModel } from '../../pvm/gas/index.js';
import { type ExitResult, type Instance, MAX_GAS } from '../../pvm/instance.js';
import { isManifest } from '../../pvm/program/manifest.js';
import type { Program } from '../../pvm/program.js';
import { CommandError, EXIT_CODE_HELP, type ExitCode, exitCodeOf } from '../exit-codes.js';
import {
  argumentBytes,
  checkEngine,
  engineOption,
  gasModelOption,
  programCounter,
  registerValues,
  wholeNumber,
} from '../options.js';
import { duration, grouped, hex32, styleFor } from '../terminal.js';
import { readableBytes, serveDebugCall } from './debug-host.js';
import { loadProgram, readProgram } from './load.js';
import { type Field, formatFields, registerRows } from './report.js';
import { runKernel } from './run-kernel.js';

interface RunOptions {
  readonly args?: Uint8Array;
  readonly gas: bigint;
  readonly gasModel: GasModel;
  readonly engine: EngineName;
  readonly host?: 'debug';
  readonly pc?: number;
  readonly entry?: string;
  readonly register: Readonly<Record<number, bigint>>;
  readonly vmTrace?: true;
  readonly json?: true;
}

/** What a run came to. */
interface Outcome {
  readonly exit: ExitResult;
  readonly exitCode: ExitCode;
  readonly instance: Instance;
  /** Text the program printed through the debugging host. */
  readonly output: string;
  /** Bytes r7 and r8 delimit, after a halt. */
  readonly result: Uint8Array | undefined;
  readonly loadTime: number;
  readonly runTime: number;
}

/** Entry points of a JAM service; its file does not name them. */
const SERVICE_ENTRIES: Readonly<Record<string, number>> = { is_authorized: 0, refine: 0, accumulate: 5 };

/** `scotty pvm run`. */
export function runCommand(): Command {
  return new Command('run')
    .description(
      'run a program: a code blob, a JAM service, a .polkavm file, a kernel manifest or assembly text (.pvm)',
    )
    .argument('<file>', 'the program')
    .option('--args <bytes>', 'arguments: hexadecimal digits, or @FILE for the bytes of a file', argumentBytes)
    .addOption(
      new Option('--gas <units>', 'gas to start with')
        .argParser(wholeNumber(MAX_GAS))
        .default(MAX_GAS, 'the most: 2^63 - 1'),
    )
    .addOption(gasModelOption())
    .addOption(engineOption())
    .addOption(
      new Option(
        '--host <host>',
        'handle host calls; debug: 0 prints the r8 bytes of text at r7, 1 the number r7, 100 a JAM log ' +
          '(of a kernel manifest: protocol calls 26, 27, 28)',
      ).choices(['debug']),
    )
    .addOption(new Option('--pc <offset>', 'start at this byte of the code').argParser(programCounter))
    .addOption(
      new Option(
        '--entry <name>',
        'start at an export of a .polkavm file, or at refine or accumulate of a JAM service',
      ).conflicts('pc'),
    )
    .option('--register <rN=value>', 'set a register before the start; may be given several times', registerValues, {})
    .option('--vm-trace', 'of a kernel manifest, write every call between its VMs to standard error')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXIT_CODE_HELP)
    .action((file: string, options: RunOptions) => {
      checkEngine(options.engine);
      const bytes = readProgram(file);
      if (isManifest(bytes)) {
        if (options.pc !== undefined || options.entry !== undefined) {
          throw new CommandError(`${file}: a kernel manifest starts at byte 0 of its code`);
        }
        process.exitCode = runKernel(bytes, file, options);
        return;
      }
      if (options.vmTrace) throw new CommandError(`${file}: not a kernel manifest, so there are no VMs to trace`);
      const outcome = execute(bytes, file, options);
      process.stdout.write(options.json ? jsonReport(outcome, options) : textReport(outcome, options));
      process.exitCode = outcome.exitCode;
    });
}

function execute(bytes: Uint8Array, file: string, options: RunOptions): Outcome {
  const loadStart = performance.now();
  const program = loadProgram(bytes, file);
  const { image } = program;
  if (options.args !== undefined && image.argumentsAddress === undefined) {
    throw new CommandError(`${file}: a ${image.kind} program takes no arguments`);
  }
  if (options.args !== undefined && options.args.length > image.argumentsLimit) {
    throw new CommandError(`--args: expected at most ${grouped(image.argumentsLimit)} bytes`);
  }
  const instance = program.instantiate({
    engine: options.engine,
    gas: options.gas,
    gasModel: options.gasModel,
    pc: startOf(program, file, options),
    ...(options.args === undefined ? {} : { args: options.args }),
  });
  for (const [index, value] of Object.entries(options.register)) instance.setRegister(Number(index), value);
  const loadTime = performance.now() - loadStart;

  let output = '';
  const print = (text: string) => {
    output += text;
    if (!options.json) process.stdout.write(text);
  };
  let runTime = 0;
  for (;;) {
    const start = performance.now();
    const exit = instance.run();
    runTime += performance.now() - start;
    if (exit.kind === 'host-call' && options.host === 'debug' && serveDebugCall(exit.id, instance, print)) continue;
    const result =
      exit.kind === 'halt' ? readableBytes(instance, instance.getRegister(7), instance.getRegister(8)) : undefined;
    return { exit, exitCode: exitCodeOf(exit), instance, output, result, loadTime, runTime };
  }
}

function startOf(program: Program, file: string, { pc, entry }: RunOptions): number {
  const { image, decoded } = program;
  if (entry !== undefined) {
    const named = image.exports.find(({ name }) => name === entry)?.pc;
    const start = named ?? (image.kind === 'standard' ? SERVICE_ENTRIES[entry] : undefined);
    if (start !== undefined) return start;
    const names = image.kind === 'standard' ? Object.keys(SERVICE_ENTRIES) : image.exports.map(({ name }) => name);
    throw new CommandError(`${file}: no entry "${entry}"; it has ${names.join(', ') || 'none'}`);
  }
  const start = pc ?? image.entry;
  if (start >= decoded.codeLength || decoded.entryAt(start) < 0) {
    throw new CommandError(`${file}: no instruction starts at byte ${start} of the code`);
  }
  return start;
}

/** How a run ended, in words. */
function describeExit(exit: ExitResult): string {
  switch (exit.kind) {
    case 'halt':
      return `halted at pc ${exit.pc}`;
    case 'panic':
      return `panicked at pc ${exit.pc}`;
    case 'out-of-gas':
      return `ran out of gas at pc ${exit.pc}`;
    case 'page-fault':
      return `page fault at pc ${exit.pc}: no access to ${hex32(exit.address)}`;
    default:
      return `host call ${exit.id} at pc ${exit.pc}, which nothing handles (see --host)`;
  }
}

function textReport(outcome: Outcome, options: RunOptions): string {
  const { exit, instance, output, result, loadTime, runTime } = outcome;
  const style = styleFor(process.stdout);
  const how = describeExit(exit);
  const used = options.gas - instance.gas;
  const fields: Field[] = [
    ['status', exit.kind === 'halt' ? style.good(how) : style.bad(how)],
    ['gas', `${grouped(used)} used${options.gas === MAX_GAS ? '' : `, ${grouped(instance.gas)} left`}`],
    ['time', `${duration(runTime)} on the ${instance.engine}, ${duration(loadTime)} to load`],
    ...registerRows(instance.registers),
  ];
  if (result !== undefined && result.length > 0) fields.push(['result', describeResult(result)]);
  return formatFields(fields, output, style);
}

const LONGEST_RESULT = 256;

/** Result bytes, shortened for reading: `--json` has them all. */
function describeResult(result: Uint8Array): string {
  const shown = bytesToHex(result.subarray(0, LONGEST_RESULT));
  const more = result.length > LONGEST_RESULT ? '… (all of it with --json)' : '';
  return `${grouped(result.length)} bytes ${shown}${more}`;
}

function jsonReport(
  { exit, exitCode, instance, output, result, loadTime, runTime }: Outcome,
  options: RunOptions,
): string {
  const report = {
    status: exit.kind,
    exitCode,
    pc: exit.pc,
    ...(exit.kind === 'page-fault' ? { address: exit.address } : {}),
    ...(exit.kind === 'host-call' ? { hostCall: exit.id } : {}),
    engine: instance.engine,
    gasModel: options.gasModel,
    // 64-bit numbers as text: JSON numbers would lose digits in most readers.
    gasUsed: `${options.gas - instance.gas}`,
    gasLeft: `${instance.gas}`,
    registers: instance.registers.map((value) => `0x${value.toString(16)}`),
    ...(result === undefined ? {} : { result: bytesToHex(result) }),
    ...(options.host === undefined ? {} : { output }),
    loadMilliseconds: loadTime,
    runMilliseconds: runTime,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
