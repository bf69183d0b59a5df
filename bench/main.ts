/**
 * `npm run bench`: every figure we claim, measured in one run. See README.md beside this file.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { styleFor } from '../src/cli/terminal.js';
import { Program } from '../src/pvm/index.js';
import { compileSection } from './compile.js';
import { fibSection } from './fib.js';
import { hostCallSection } from './host-call.js';
import { describeMachine, type Machine } from './machine.js';
import { useProcessorTime } from './measure.js';
import { memorySection } from './memory.js';
import { Report } from './report.js';
import type { Section } from './section.js';
import { serviceSection } from './service.js';

const SECTIONS: Readonly<Record<string, Section>> = {
  fib: fibSection,
  service: serviceSection,
  'host-call': hostCallSection,
  compile: compileSection,
  memory: memorySection,
};

const USAGE = `Usage: npm run bench -- [--quick] [--cpu-time] [--only SECTION,…] [--json FILE]

  --quick      few and short samples
  --cpu-time   count processor time instead of the clock's, for a machine that is busy with other things;
               not for first compilations, which use several processors
  --only       sections to run: ${Object.keys(SECTIONS).join(', ')}
  --json FILE  also write every figure to FILE
`;

interface Options {
  readonly quick: boolean;
  readonly cpuTime: boolean;
  readonly sections: readonly string[];
  readonly json: string | undefined;
}

/** Reads the command line; answers what is wrong with it where something is. */
function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        'cpu-time': { type: 'boolean', default: false },
        only: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return '';
    const sections = values.only?.split(',') ?? Object.keys(SECTIONS);
    const unknown = sections.find((name) => !Object.hasOwn(SECTIONS, name));
    if (unknown !== undefined) return `there is no section '${unknown}'`;
    return { quick: values.quick, cpuTime: values['cpu-time'], sections, json: values.json };
  } catch (error) {
    return (error as Error).message;
  }
}

function printMachine({ processor, cores, memory, system, load, versions }: Machine): void {
  const names = Object.entries(versions).map(([name, version]) => (name === 'cc' ? version : `${name} ${version}`));
  process.stdout.write(`${processor}, ${cores} cores, ${memory}; ${system}; load ${load.toFixed(2)}\n`);
  process.stdout.write(`${names.join(', ')}\n`);
}

async function main(options: Options): Promise<void> {
  // V8 throws the code of functions away that have not run for a few collections. Contenders that wait for their turn
  // would begin each round cold.
  setFlagsFromString('--no-flush-bytecode');
  const started = new Date();
  const { quick, cpuTime } = options;
  if (cpuTime) useProcessorTime();
  const style = styleFor(process.stdout);
  const machine = describeMachine();
  printMachine(machine);
  const noRecompiler = Program.recompilerUnavailable();
  const report = new Report(style, (text) => process.stdout.write(text));
  const engines = noRecompiler === undefined ? (['interpreter', 'recompiler'] as const) : (['interpreter'] as const);
  for (const name of options.sections) {
    await (SECTIONS[name] as Section)({ report, quick, engines, noRecompiler });
  }
  report.goals();
  if (options.json !== undefined) {
    const { figures, skipped } = report;
    const seconds = (Date.now() - started.getTime()) / 1000;
    const run = { schema: 'scotty-bench/1', started, seconds, quick, cpuTime, machine, figures, skipped };
    writeFileSync(options.json, `${JSON.stringify(run, undefined, 2)}\n`);
    process.stdout.write(`\nfigures written to ${options.json}\n`);
  }
}

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  const stream = options === '' ? process.stdout : process.stderr;
  stream.write(options === '' ? USAGE : `bench: ${options}\n\n${USAGE}`);
  process.exitCode = options === '' ? 0 : 2;
} else {
  await main(options);
}
