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
import { WORKLOADS, type WorkloadName } from './guests.js';
import { hostCallSection } from './host-call.js';
import { jvmSection } from './jvm/kernels.js';
import { kernelSection } from './kernel.js';
import { describeMachine, type Machine } from './machine.js';
import { useProcessorTime } from './measure.js';
import { memorySection } from './memory.js';
import { Report } from './report.js';
import type { Section } from './section.js';
import { serviceSection } from './service.js';
import { CHART, listWorkload, workloadsSection } from './workloads.js';

const SECTIONS: Readonly<Record<string, Section>> = {
  fib: fibSection,
  service: serviceSection,
  'host-call': hostCallSection,
  compile: compileSection,
  memory: memorySection,
  kernel: kernelSection,
  workloads: workloadsSection,
  jvm: jvmSection,
};

const USAGE = `Usage: npm run bench -- [--quick] [--cpu-time] [--only SECTION,…] [--workloads NAME,…] [--json FILE]
                       [--write-chart]
       npm run bench -- --listing NAME

  --quick      few and short samples
  --cpu-time   count processor time instead of the clock's, for a machine that is busy with other things;
               not for first compilations, which use several processors
  --only       sections to run: ${Object.keys(SECTIONS).join(', ')}
  --workloads  of the section of that name, some: ${WORKLOADS.join(', ')}
  --json FILE  also write every figure to FILE
  --write-chart  draw the chart of the workloads anew: ${CHART}
  --listing    measure nothing; print the machine code of a workload
`;

interface Options {
  readonly quick: boolean;
  readonly cpuTime: boolean;
  readonly sections: readonly string[];
  readonly json: string | undefined;
  readonly workloads: readonly WorkloadName[] | undefined;
  readonly writeChart: boolean;
  readonly listing: WorkloadName | undefined;
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
        workloads: { type: 'string' },
        json: { type: 'string' },
        'write-chart': { type: 'boolean', default: false },
        listing: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return '';
    const sections = values.only?.split(',') ?? Object.keys(SECTIONS);
    const unknown = sections.find((name) => !Object.hasOwn(SECTIONS, name));
    if (unknown !== undefined) return `there is no section '${unknown}'`;
    const workloads = values.workloads?.split(',');
    const { quick, json, listing } = values;
    const stranger = [...(workloads ?? []), ...(listing === undefined ? [] : [listing])].find(
      (name) => !isWorkload(name),
    );
    if (stranger !== undefined) return `there is no workload '${stranger}'`;
    if (values['write-chart'] && (workloads !== undefined || !sections.includes('workloads'))) {
      return 'the chart shows all workloads: measure them all to write it';
    }
    return {
      quick,
      cpuTime: values['cpu-time'],
      sections,
      json,
      workloads: workloads as WorkloadName[] | undefined,
      writeChart: values['write-chart'],
      listing: listing as WorkloadName | undefined,
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function isWorkload(name: string): name is WorkloadName {
  return (WORKLOADS as readonly string[]).includes(name);
}

function printMachine({ processor, cores, memory, system, load, versions }: Machine): void {
  const names = Object.entries(versions).map(([name, version]) =>
    name === 'cc' || name === 'clang' ? version : `${name} ${version}`,
  );
  process.stdout.write(`${processor}, ${cores} cores, ${memory}; ${system}; load ${load.toFixed(2)}\n`);
  process.stdout.write(`${names.join(', ')}\n`);
}

async function main(options: Options): Promise<void> {
  // V8 throws the code of functions away that have not run for a few collections. Contenders that wait for their turn
  // would begin each round cold.
  setFlagsFromString('--no-flush-bytecode');
  const started = new Date();
  const { quick, cpuTime, workloads, writeChart } = options;
  if (cpuTime) useProcessorTime();
  const style = styleFor(process.stdout);
  const machine = describeMachine();
  printMachine(machine);
  const noRecompiler = Program.recompilerUnavailable();
  const report = new Report(style, (text) => process.stdout.write(text));
  const engines = noRecompiler === undefined ? (['interpreter', 'recompiler'] as const) : (['interpreter'] as const);
  for (const name of options.sections) {
    await (SECTIONS[name] as Section)({ report, quick, engines, noRecompiler, workloads, writeChart });
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
} else if (options.listing !== undefined) {
  process.stdout.write(listWorkload(options.listing));
} else {
  await main(options);
}
