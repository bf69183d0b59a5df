/**
 * What instances weigh: many of one program that have touched nothing, and what is left of them after `dispose`,
 * and after nobody refers to them any more.
 */
import { readFileSync } from 'node:fs';
import type { Engine } from '../src/pvm/index.js';
import { runChild, withFile } from './child.js';
import type { Weighed, Weight } from './memory-child.js';
import { serviceTraces } from './programs.js';
import type { Goal } from './report.js';
import type { Section } from './section.js';

/** Fewer of the interpreter's, whose instances share no memory. */
const COUNTS: Record<Engine, number> = { interpreter: 100, recompiler: 1000 };
const BAR: Goal = { kind: 'bar', comparison: 'at most', value: 64 };

/** Measures memory. */
export const memorySection: Section = async ({ report, quick, engines, noRecompiler }) => {
  report.section('Memory: instances of the JAM service that have touched nothing');
  const traces = serviceTraces();
  if (typeof traces === 'string') return report.skip('memory', traces);
  if (!readable('/proc/self/status')) return report.skip('memory', 'no /proc/self/status to weigh a process with');
  if (noRecompiler !== undefined) report.skip('memory.recompiler', noRecompiler);
  const { program, initialMemory } = traces[0].trace;
  const args = initialMemory[0]?.bytes ?? new Uint8Array(0);
  for (const engine of engines) {
    const count = COUNTS[engine];
    const runs = withFile(program, (file) =>
      withFile(args, (argumentsFile) =>
        Array.from({ length: quick ? 1 : 5 }, () =>
          runChild<Weighed>('memory-child', [file, engine, argumentsFile, String(count)]),
        ),
      ),
    );
    const kib = (from: keyof Weighed, to: keyof Weighed, what: keyof Weight) =>
      runs.map((run) => ((run[to] as Weight)[what] - (run[from] as Weight)[what]) / count / 1024);
    const bar = engine === 'recompiler' ? BAR : undefined;
    const unit = 'KiB/instance';
    const id = `memory.${engine}`;
    const resident = kib('before', 'made', 'resident');
    const pageTables = kib('before', 'made', 'pageTables');
    const sum = resident.map((size, i) => size + (pageTables[i] as number));
    report.figure(`${id}.untouched`, `${engine}: one of ${count}`, unit, sum, bar);
    report.figure(`${id}.untouched-resident`, '  resident', unit, resident);
    report.figure(`${id}.untouched-page-tables`, '  page tables', unit, pageTables);
    report.figure(`${id}.disposed`, `${engine}: left after dispose`, unit, kib('before', 'disposed', 'resident'));
    report.figure(`${id}.dropped`, `${engine}: left after dropping`, unit, kib('before', 'dropped', 'resident'));
    report.figure(
      `${id}.dropped-page-tables`,
      `${engine}: page tables left after dropping`,
      unit,
      kib('before', 'dropped', 'pageTables'),
    );
    if (engine !== 'recompiler') continue;
    const grown = runs.map((run) => run.codeAfter - run.codeBefore);
    const shared: Goal = { kind: 'bar', comparison: 'at most', value: 0 };
    report.figure(`${id}.code`, `${engine}: machine code they added`, 'bytes', grown, shared);
  }
  report.table();
};

function readable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
