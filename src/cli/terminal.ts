/**
 * Writing for people: colour where a terminal shows it, columns, units.
 */

/** Colours by what they mean. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  /** Headings and what the eye should find first. */
  strong(text: string): string;
  /** What may be overlooked: addresses, comments. */
  faint(text: string): string;
}

const plain = (text: string) => text;
const sgr = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[0m`;

/** Colours where `stream` is a terminal that has them and the user has not asked for none (`NO_COLOR`). */
export function styleFor(stream: { isTTY?: boolean | undefined }, env: NodeJS.ProcessEnv = process.env): Style {
  const coloured = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  return coloured
    ? { good: sgr(32), bad: sgr(31), strong: sgr(1), faint: sgr(2) }
    : { good: plain, bad: plain, strong: plain, faint: plain };
}

/** A whole number with its thousands apart. */
export function grouped(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A length of time in the unit that suits it. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${(milliseconds * 1000).toFixed(0)} µs`;
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** `count` of something, in the plural where it is one. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A 64-bit register. */
export function hex64(value: bigint): string {
  return `0x${value.toString(16).padStart(16, '0')}`;
}

/** A 32-bit address. */
export function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

/** Rows as columns, padded to the widest cell. Columns named in `right` are aligned to the right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
      .join('  ')
      .trimEnd(),
  );
}
