/**
 * `scotty pvm run` for a kernel manifest: runs its tree of VMs until the root ends, and shows what came out.
 *
 * Protocol call 1, the gas that is left, is always there; the debugging host's calls with `--host debug`. Any other
 * ends the run, whichever VM makes it.
 */
import type { EngineName } from '../../pvm/conformance/vectors.js';
import type { GasModel } from '../../pvm/gas/index.js';
import { MAX_GAS } from '../../pvm/instance.js';
import {
  gasCounter,
  Kernel,
  type KernelHost,
  type KernelResult,
  type ProtocolFunction,
} from '../../pvm/kernel/index.js';
import { CommandError, type ExitCode, exitCodeOf } from '../exit-codes.js';
import { duration, grouped, hex32, hex64, styleFor } from '../terminal.js';
import { DEBUG_PROTOCOLS, serveDebugCall } from './debug-host.js';
import { inFile } from './load.js';
import { type Field, formatFields, registerRows } from './report.js';
import { VmTrace } from './vm-trace.js';

/** How to run it. */
export interface KernelRunOptions {
  readonly args?: Uint8Array;
  readonly gas: bigint;
  readonly gasModel: GasModel;
  readonly engine: EngineName;
  readonly register: Readonly<Record<number, bigint>>;
  readonly host?: 'debug';
  readonly vmTrace?: true;
  readonly json?: true;
}

/** Protocol number of the gas counter. */
const GAS_PROTOCOL = 1;

interface Outcome {
  readonly kernel: Kernel;
  readonly result: KernelResult;
  readonly output: string;
  readonly loadTime: number;
  readonly runTime: number;
}

/** Runs a manifest and writes the report. */
export function runKernel(bytes: Uint8Array, file: string, options: KernelRunOptions): ExitCode {
  const outcome = execute(bytes, file, options);
  process.stdout.write(options.json ? jsonReport(outcome, options) : textReport(outcome, options));
  outcome.kernel.dispose();
  return exitCodeOf(outcome.result);
}

function execute(bytes: Uint8Array, file: string, options: KernelRunOptions): Outcome {
  let output = '';
  const print = (text: string) => {
    output += text;
    if (!options.json) process.stdout.write(text);
  };
  const trace = options.vmTrace ? new VmTrace(styleFor(process.stderr)) : undefined;
  const loadStart = performance.now();
  const kernel = load(bytes, file, {
    engine: options.engine,
    gas: options.gas,
    gasModel: options.gasModel,
    registers: options.register,
    host: hostFunctions(options, (text) => {
      // What was traced comes before what is printed after it.
      trace?.flush();
      print(text);
    }),
    ...(options.args === undefined ? {} : { args: options.args }),
    ...(trace === undefined ? {} : { trace: trace.add }),
  });
  const start = performance.now();
  const result = kernel.run();
  const end = performance.now();
  trace?.flush();
  return { kernel, result, output, loadTime: start - loadStart, runTime: end - start };
}

function load(bytes: Uint8Array, file: string, options: Parameters<typeof Kernel.load>[1]): Kernel {
  try {
    return Kernel.load(bytes, options);
  } catch (error) {
    // Arguments that do not fit, gas that does not pay for the program's pages.
    if (error instanceof RangeError) throw new CommandError(`${file}: ${error.message}`);
    throw inFile(error, file);
  }
}

function hostFunctions({ host }: KernelRunOptions, print: (text: string) => void): KernelHost {
  const functions: Record<number, ProtocolFunction> = { [GAS_PROTOCOL]: gasCounter };
  if (host !== 'debug') return functions;
  for (const [protocol, call] of Object.entries(DEBUG_PROTOCOLS)) {
    functions[Number(protocol)] = (caller) => {
      serveDebugCall(call, caller, print);
    };
  }
  return functions;
}

/** How a run ended, in words. */
function describe(result: KernelResult, kernel: Kernel): string {
  switch (result.kind) {
    case 'halt':
      return 'the root VM replied';
    case 'panic':
      return `the root VM ${result.trap ? 'trapped' : 'panicked'} at pc ${result.pc}`;
    case 'out-of-gas':
      return `the root VM ran out of gas at pc ${result.pc}`;
    case 'page-fault':
      return `page fault of the root VM at pc ${result.pc}: no access to ${hex32(result.address)}`;
    default:
      return `protocol call ${result.id} of vm ${kernel.caller.vm}, which nothing handles (see --host)`;
  }
}

function textReport({ kernel, result, output, loadTime, runTime }: Outcome, options: KernelRunOptions): string {
  const style = styleFor(process.stdout);
  const how = describe(result, kernel);
  const fields: Field[] = [
    ['status', result.kind === 'halt' ? style.good(how) : style.bad(how)],
    ...(result.kind === 'halt' ? [['result', `${hex64(result.value)} = ${result.value}`] as const] : []),
    [
      'gas',
      `${grouped(options.gas - kernel.gas)} used${options.gas === MAX_GAS ? '' : `, ${grouped(kernel.gas)} left`}`,
    ],
    ['time', `${duration(runTime)} on the ${kernel.engine}, ${duration(loadTime)} to load`],
    ['vms', `${grouped(kernel.liveVms)} alive at the end`],
    ...registerRows(kernel.vm(0)?.registers ?? []),
  ];
  return formatFields(fields, output, style);
}

function jsonReport({ kernel, result, output, loadTime, runTime }: Outcome, options: KernelRunOptions): string {
  const report = {
    status: result.kind,
    exitCode: exitCodeOf(result),
    // 64-bit numbers as text: JSON numbers would lose digits in most readers.
    ...(result.kind === 'halt' ? { value: `${result.value}` } : {}),
    ...('pc' in result ? { pc: result.pc } : {}),
    ...(result.kind === 'page-fault' ? { address: result.address } : {}),
    ...(result.kind === 'protocol-call' ? { protocolCall: result.id, vm: kernel.caller.vm } : {}),
    engine: kernel.engine,
    gasModel: options.gasModel,
    gasUsed: `${options.gas - kernel.gas}`,
    gasLeft: `${kernel.gas}`,
    registers: (kernel.vm(0)?.registers ?? []).map((value) => `0x${value.toString(16)}`),
    liveVms: kernel.liveVms,
    ...(options.host === undefined ? {} : { output }),
    loadMilliseconds: loadTime,
    runMilliseconds: runTime,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
