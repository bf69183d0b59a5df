/**
 * The figures of a run: tables for people while it runs, and all of it as one JSON value at the end.
 *
 * Every number a benchmark finds goes through `figure`, so that nothing is printed that other programs cannot read.
 */
import { columns, type Style } from '../src/cli/terminal.js';
import { type Summary, summarize } from './measure.js';

/** What a figure ought to be. Bars have to be met, aims are aimed for. */
export interface Goal {
  readonly kind: 'bar' | 'aim';
  readonly comparison: 'at least' | 'at most';
  readonly value: number;
}

/** One measured figure. */
export interface Figure extends Summary {
  /** Stable name for programs: `fib.interpreter.ratio`. */
  readonly id: string;
  /** What it is, for people. */
  readonly title: string;
  readonly unit: string;
  /** Present where something is asked of the figure; the median is what counts. */
  readonly goal?: Goal & { readonly met: boolean };
}

/** Something that was not measured. */
export interface Skipped {
  /** What the ids of its figures would have started with. */
  readonly id: string;
  readonly reason: string;
}

/** Collects figures and prints them, a table a section. */
export class Report {
  readonly figures: Figure[] = [];
  readonly skipped: Skipped[] = [];
  /** Figures no table has shown yet. */
  private readonly waiting: Figure[] = [];

  constructor(
    private readonly style: Style,
    private readonly write: (text: string) => void,
  ) {}

  /** Takes a figure down, for the next table. */
  figure(id: string, title: string, unit: string, samples: readonly number[], goal?: Goal): void {
    const summary = summarize(samples);
    const figure = { id, title, unit, ...summary, ...(goal && { goal: { ...goal, met: isMet(summary, goal) } }) };
    this.figures.push(figure);
    this.waiting.push(figure);
  }

  /** Takes a figure down that a matrix shows, not the next table. */
  record(id: string, title: string, unit: string, samples: readonly number[]): Figure {
    const figure = { id, title, unit, ...summarize(samples) };
    this.figures.push(figure);
    return figure;
  }

  /** A figure as tables show it. */
  format(value: number): string {
    return number(value);
  }

  /** Prints rows of equal length, the first of them headings, the first of each a name. */
  matrix(rows: readonly (readonly string[])[]): void {
    const numbers = (rows[0] as readonly string[]).map((_, i) => i).slice(1);
    const [head, ...body] = columns(rows, numbers) as [string, ...string[]];
    this.write(`${this.style.faint(head)}\n`);
    for (const line of body) this.write(`${line}\n`);
    this.write('\n');
  }

  /** Notes that something cannot be measured here. */
  skip(id: string, reason: string): void {
    this.skipped.push({ id, reason });
    this.note(`skipped ${id}: ${reason}`);
  }

  /** Begins a section. */
  section(title: string): void {
    this.write(`\n${this.style.strong(title)}\n`);
  }

  /** A line beside the tables. */
  note(text: string): void {
    this.write(`${this.style.faint(text)}\n`);
  }

  /** Prints the figures that have come in since the last table. */
  table(): void {
    const figures = this.waiting.splice(0);
    if (figures.length > 0) this.rows(figures, false);
  }

  /** Prints what was asked for and whether it was met. */
  goals(): void {
    const figures = this.figures.filter(({ goal }) => goal !== undefined);
    if (figures.length === 0) return;
    this.section('Bars and aims');
    this.rows(figures, true);
  }

  private rows(figures: readonly Figure[], verdict: boolean): void {
    const head = ['', 'median', 'min', 'max', 'unit', verdict ? 'asked for' : ''];
    const body = figures.map(({ id, title, median, min, max, unit, goal }) => [
      // Far from its section a title says too little.
      verdict ? id : title,
      number(median),
      number(min),
      number(max),
      unit,
      goal === undefined ? '' : `${goal.kind} ${goal.comparison} ${goal.value}`,
    ]);
    const [first, ...lines] = columns([head, ...body], [1, 2, 3]) as [string, ...string[]];
    this.write(`${this.style.faint(first)}\n`);
    lines.forEach((line, i) => {
      const { goal } = figures[i] as Figure;
      if (goal === undefined) this.write(`${line}\n`);
      else this.write(`${line}  ${goal.met ? this.style.good('met') : this.style.bad('missed')}\n`);
    });
  }
}

function isMet({ median }: Summary, { comparison, value }: Goal): boolean {
  return comparison === 'at least' ? median >= value : median <= value;
}

/** A number with as many digits as mean something. */
function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toString();
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}
