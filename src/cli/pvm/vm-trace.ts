/**
 * `--vm-trace`: what happens between the VMs of a kernel, a line an event, indented by who called whom.
 *
 *     vm 0  create vm 1: handle in slot 65                            gas 98,487
 *     vm 0  call vm 1 (20) with data of slot 64                       gas 98,464 given, 0 kept
 *       vm 1  MAP 0                                                   r7 16
 *       vm 1  reply 20 to vm 0, data back to slot 64                  gas 98,315 back
 *
 * Lines are collected and written in pieces: a program may make tens of thousands of VMs.
 */
import { writeSync } from 'node:fs';
import type { KernelEvent } from '../../pvm/kernel/index.js';
import { grouped, hex32, type Style } from '../terminal.js';

/** Characters collected before they are written. */
const PIECE = 0x10000;
/** Deepest indentation, so that a deep recursion still fits a terminal. */
const DEEPEST = 24;
/** Where the last column starts, as long as the line before it is not longer. */
const LAST_COLUMN = 64;

const FAULTS = ['', 'trapped', 'panicked', 'ran out of gas', 'page fault'];

/** Writes events as lines. */
export class VmTrace {
  private depth = 0;
  private text = '';

  constructor(
    private readonly style: Style,
    private readonly write: (text: string) => void = writeError,
  ) {}

  /** Takes an event, in order. */
  readonly add = (event: KernelEvent): void => {
    const { style } = this;
    switch (event.kind) {
      case 'create': {
        const { child, copied, handle } = event;
        const slots = copied.length === 0 ? '' : `, copies of ${list(copied)}`;
        this.line(
          event.vm,
          `create ${style.strong(`vm ${child}`)}: handle in ${place(handle, event.vm)}${slots}`,
          left(event),
        );
        return;
      }
      case 'call':
      case 'resume': {
        const { callee, travelling, args } = event;
        const what = travelling === undefined ? '' : ` with ${travelling.kind} of slot ${travelling.slot}`;
        const given = args.length === 0 ? '' : ` (${passed(args)})`;
        this.line(
          event.vm,
          `${event.kind} ${style.strong(`vm ${callee}`)}${given}${what}`,
          `gas ${grouped(event.gas)} given, ${grouped(event.kept)} kept`,
        );
        this.depth++;
        return;
      }
      case 'reply':
      case 'halted': {
        const { caller, returned } = event;
        const verb = event.kind === 'reply' ? 'reply' : 'halt,';
        const to = caller === undefined ? '' : ` to vm ${caller}`;
        const back = returned === undefined ? '' : `, ${returned.kind} back to slot ${returned.slot}`;
        const gas = caller === undefined ? `gas ${grouped(event.gas)} left` : `gas ${grouped(event.gas)} back`;
        this.line(event.vm, `${style.good(`${verb} ${word(event.value)}`)}${to}${back}`, gas);
        this.depth--;
        return;
      }
      case 'fault': {
        const { status, detail, caller, pc } = event;
        const why = `${FAULTS[status] ?? 'fault'}${status === 4 ? ` at ${hex32(Number(detail))}` : ''}, pc ${pc}`;
        const to = caller === undefined ? '' : `: vm ${caller} goes on`;
        this.line(event.vm, `${style.bad(why)}${to}`, `gas ${grouped(event.gas)} back`);
        this.depth--;
        return;
      }
      case 'protocol':
        this.line(event.vm, `protocol call ${event.id}`, left(event));
        return;
      case 'operation': {
        const { operation, subject, object, ok, moved } = event;
        const [from, to] = moved === undefined ? [] : [place(moved.from, event.vm), place(moved.to, event.vm)];
        const movement = moved === undefined ? '' : `: ${moved.kind} from ${from} to ${to}`;
        const what = `${operation} ${reference(subject)}${object === 0 ? '' : ` ${reference(object)}`}${movement}`;
        this.line(event.vm, ok ? what : style.bad(`${what} failed`), ok ? `r7 ${word(event.value)}` : 'WHAT');
      }
    }
  };

  /** Writes what has been collected. */
  flush(): void {
    if (this.text !== '') this.write(this.text);
    this.text = '';
  }

  private line(vm: number, what: string, last: string): void {
    const depth = Math.max(this.depth, 0);
    const shown = depth <= DEEPEST ? '  '.repeat(depth) : `${'  '.repeat(DEEPEST - 2)}${`${depth}`.padEnd(4)}`;
    const start = `${this.style.faint(`vm ${vm}`)}  ${what}`;
    // Colours take no room on the screen.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what starts a colour
    const width = shown.length + start.replace(/\x1b\[\d+m/g, '').length;
    this.text += `${shown}${start}${' '.repeat(Math.max(LAST_COLUMN - width, 2))}${this.style.faint(last)}\n`;
    if (this.text.length >= PIECE) this.flush();
  }
}

/** Standard error, so that the report and what the program prints stay apart from the trace. */
function writeError(text: string): void {
  for (let bytes: Uint8Array = Buffer.from(text); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(writeSync(process.stderr.fd, bytes));
    } catch (error) {
      // A pipe whose reader is slow: it takes more in a moment.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

function left({ gas }: { gas: bigint }): string {
  return `gas ${grouped(gas)}`;
}

/** A slot, with its VM where that is another. */
function place([vm, slot]: readonly [vm: number, slot: number], from: number): string {
  return vm === from ? `slot ${slot}` : `slot ${slot} of vm ${vm}`;
}

/** A reference: its slot, after the HANDLE slots that are walked to it. */
function reference(value: number): string {
  const steps = [24, 16, 8].map((shift) => (value >>> shift) & 255).filter((slot) => slot !== 0);
  return [...steps, value & 255].join('/');
}

/** Slots, neighbours as a range. */
function list(slots: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < slots.length; i++) {
    const start = i;
    while (slots[i + 1] === (slots[i] as number) + 1) i++;
    parts.push(start === i ? `${slots[i]}` : `${slots[start]}–${slots[i]}`);
  }
  return parts.join(', ');
}

/** Registers r7 to r10, without the zeros at the end: few calls use them all. */
function passed(args: readonly bigint[]): string {
  const last = args.findLastIndex((value) => value !== 0n);
  return args
    .slice(0, Math.max(last, 0) + 1)
    .map(word)
    .join(', ');
}

/** A register: small numbers of either sign in decimal. */
function word(value: bigint): string {
  const signed = BigInt.asIntN(64, value);
  return signed > -1024n && signed < 1024n ? `${signed}` : `0x${BigInt.asUintN(64, value).toString(16)}`;
}
