/**
 * Processes of the operating system, from /proc: who is alive, since when, whose child, how it ended.
 *
 * Nothing here blocks. A child that has ended stays in /proc as a zombie until Node's event loop, or the end of this
 * process, reaps it; its exit status can be read from there, so waiting for a child needs no event loop.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { constants as systemConstants } from 'node:os';
import { resolve } from 'node:path';

const { signals } = systemConstants;

/** Clock ticks a second in /proc: what Linux reports to user space on every x86-64 and arm64 machine. */
const TICKS = 100;

/** A process. */
export interface ProcessStatus {
  readonly pid: number;
  readonly parent: number;
  /** `R`, `S`, `Z`… as in proc(5). */
  readonly state: string;
  /** Milliseconds since 1970, 0 when unknown. */
  readonly startTime: number;
  /** User and system time, nanoseconds. */
  readonly totalTime: number;
  /** Status as of wait(2), for a zombie. */
  readonly waitStatus: number;
}

let bootMillis = -1;

/** Milliseconds since 1970 at which the machine was started, 0 when unknown. */
function bootTime(): number {
  if (bootMillis < 0) {
    try {
      bootMillis = Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0) * 1000;
    } catch {
      bootMillis = 0;
    }
  }
  return bootMillis;
}

/** Status of a process, `undefined` when there is none of that id. */
export function processStatus(pid: number): ProcessStatus | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may contain anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .trim()
      .split(' ');
    const boot = bootTime();
    const field = (number: number) => Number(fields[number - 3]);
    return {
      pid,
      state: fields[0]!,
      parent: field(4),
      totalTime: (field(14) + field(15)) * (1e9 / TICKS),
      startTime: boot === 0 ? 0 : boot + Math.floor((field(22) * 1000) / TICKS),
      waitStatus: field(52),
    };
  } catch {
    return undefined;
  }
}

/** Ids of all processes. */
export function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** What can be found out about how a process was started. */
export interface ProcessDetails {
  readonly command?: string;
  readonly commandLine?: string;
  readonly args?: readonly string[];
  readonly user?: string;
}

export function processDetails(pid: number): ProcessDetails {
  const details: { command?: string; commandLine?: string; args?: string[]; user?: string } = {};
  const attempt = (read: () => void) => {
    try {
      read();
    } catch {
      // Gone, or somebody else's: the field stays unknown.
    }
  };
  attempt(() => {
    const { uid } = statSync(`/proc/${pid}`);
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.split(':')[2] === String(uid));
    details.user = entry?.split(':')[0] ?? String(uid);
  });
  attempt(() => {
    details.command = readlinkSync(`/proc/${pid}/exe`);
  });
  attempt(() => {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
    if (details.command !== undefined) details.args = words.slice(1);
    else if (words[0] !== '') details.commandLine = words.join(' ');
  });
  return details;
}

const children = new Map<number, ChildProcess>();

/** What a child is started with. */
export interface ChildOptions {
  /** As given: with a slash a path, else looked up along `PATH`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string | undefined;
  /** Descriptors of this process that become the child's 0, 1 and 2. */
  readonly descriptors: readonly [number, number, number];
}

/** A process could not be started: the number and the text of the error. */
export class StartError extends Error {
  constructor(
    readonly errno: number,
    text: string,
  ) {
    super(`error=${errno}, ${text}`);
  }
}

const NO_ENTRY = new StartError(2, 'No such file or directory');

/** The file that a command names. */
function resolveCommand(command: string, folder: string): string {
  const candidates = command.includes('/')
    ? [resolve(folder, command)]
    : (process.env.PATH ?? '/bin:/usr/bin').split(':').map((path) => resolve(folder, path, command));
  let failure = NO_ENTRY;
  for (const path of candidates) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) continue;
    try {
      if (!status.isFile()) throw new StartError(13, 'Permission denied');
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      failure = new StartError(13, 'Permission denied');
    }
  }
  throw failure;
}

/**
 * Starts a child.
 *
 * @returns its id
 * @throws StartError when that is impossible
 */
export function startChild(options: ChildOptions): number {
  const folder = options.folder ?? process.cwd();
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw NO_ENTRY;
  const child = spawn(resolveCommand(options.command, folder), options.args, {
    argv0: options.command,
    env: { ...options.environment },
    cwd: folder,
    stdio: [...options.descriptors],
  });
  // An error that Node reports later has been found here already.
  child.on('error', () => undefined);
  if (child.pid === undefined) throw new StartError(8, 'Exec format error');
  children.set(child.pid, child);
  child.unref();
  return child.pid;
}

/** Whether Java started this process. */
export function isChild(pid: number): boolean {
  return children.has(pid);
}

/** Exit value of a child that has ended: its code, or 128 + the signal; `undefined` while it runs. */
export function exitValue(pid: number): number | undefined {
  const status = processStatus(pid);
  if (status === undefined || status.state === 'Z' || status.state === 'X') {
    const child = children.get(pid);
    if (child !== undefined && child.exitCode !== null) return child.exitCode;
    if (status === undefined) return child?.signalCode ? 128 + signals[child.signalCode] : 0;
    const signal = status.waitStatus & 0x7f;
    return signal === 0 ? (status.waitStatus >> 8) & 0xff : 128 + signal;
  }
  return undefined;
}
