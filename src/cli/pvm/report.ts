/**
 * The lines a run is reported in: a name each, and what it is.
 */
import { columns, hex64, type Style } from '../terminal.js';

/** A name, empty where the line goes on with the one before, and a value. */
export type Field = readonly [name: string, value: string];

/** Registers, four a line. */
export function registerRows(registers: readonly bigint[]): Field[] {
  const cells = registers.map((value, i) => `${`r${i}`.padEnd(3)} ${hex64(value)}`);
  const rows: string[][] = [];
  for (let i = 0; i < cells.length; i += 4) rows.push(cells.slice(i, i + 4));
  return columns(rows).map((row, i): Field => [i === 0 ? 'registers' : '', row]);
}

/** The lines, on lines of their own after what the program printed. */
export function formatFields(fields: readonly Field[], output: string, style: Style): string {
  const gap = output === '' || output.endsWith('\n') ? '' : '\n';
  return `${gap}${fields.map(([name, value]) => `${style.faint(name.padEnd(10))} ${value}\n`).join('')}`;
}
