/** Lines of text files (`FILE *`), by the number that Java holds as an address: only tables of mounts are read so. */
import { readFileSync } from 'node:fs';

interface TextStream {
  readonly lines: readonly Buffer[];
  next: number;
}

const open = new Map<number, TextStream>();
let nextId = 1;

/** Opens a file, reading all of it. */
export function openText(path: Buffer): number {
  const text = readFileSync(path).toString('latin1');
  const lines = text.split('\n').map((line) => Buffer.from(line, 'latin1'));
  if (lines[lines.length - 1]!.length === 0) lines.pop();
  const id = nextId++;
  open.set(id, { lines, next: 0 });
  return id;
}

/** The next line without its end, `undefined` after the last. */
export function nextLine(id: number): Buffer | undefined {
  const stream = open.get(id)!;
  return stream.lines[stream.next++];
}

/** Goes back to a line; 0 is the first. */
export function rewindTo(id: number, line: number): void {
  open.get(id)!.next = line;
}

/** Number of the line that comes next. */
export function linePosition(id: number): number {
  return open.get(id)!.next;
}

export function closeText(id: number): void {
  open.delete(id);
}
