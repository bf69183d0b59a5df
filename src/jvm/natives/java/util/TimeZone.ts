/** Natives of java.util.TimeZone: the zone of the system. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NativeTable } from '../../registry.js';

const ZONES = '/usr/share/zoneinfo';

/** The part of a path below `zoneinfo/`. */
function zoneOfPath(path: string): string | undefined {
  const at = path.indexOf('zoneinfo/');
  return at < 0 ? undefined : path.slice(at + 'zoneinfo/'.length);
}

/** The zone whose file has this content; folders of variants (posix, right) and files that are no zones are passed over. */
function zoneOfContent(folder: string, content: Buffer): string | undefined {
  for (const name of readdirSync(folder)) {
    if (['ROC', 'posixrules', 'localtime', 'posix', 'right'].includes(name) || name.startsWith('.')) continue;
    const path = join(folder, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory()) {
      const found = zoneOfContent(path, content);
      if (found !== undefined) return found;
    } else if (status?.isFile() && status.size === content.length && readFileSync(path).equals(content)) {
      return zoneOfPath(path);
    }
  }
  return undefined;
}

/** The zone that /etc/timezone or /etc/localtime names. */
function platformZone(): string | undefined {
  try {
    const line = readFileSync('/etc/timezone', 'utf8').split('\n')[0];
    if (line) return line;
  } catch {
    // Not every distribution has the file.
  }
  try {
    if (lstatSync('/etc/localtime').isSymbolicLink()) {
      const named = zoneOfPath(readlinkSync('/etc/localtime')) ?? zoneOfPath(realpathSync('/etc/localtime'));
      if (named !== undefined) return named;
    }
    return zoneOfContent(ZONES, readFileSync('/etc/localtime'));
  } catch {
    return undefined;
  }
}

/** The zone's id: of `TZ` if that is set, else of the platform. */
export function systemTimeZone(environment: NodeJS.ProcessEnv): string | undefined {
  const zone = environment.TZ || platformZone();
  return zone?.replace(/^:/, '').replace(/^posix\//, '');
}

/** `GMT`, or `GMT+01:00`: the present distance from Greenwich. */
function offsetId(): string {
  const minutes = -new Date().getTimezoneOffset();
  if (minutes === 0) return 'GMT';
  const two = (n: number) => String(n).padStart(2, '0');
  const distance = Math.abs(minutes);
  return `GMT${minutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

export const natives: NativeTable = {
  'getSystemTimeZoneID(Ljava/lang/String;)Ljava/lang/String;': (t) => {
    const zone = systemTimeZone(process.env);
    return zone === undefined ? 0 : t.vm.strings.fromJs(zone);
  },
  'getSystemGMTOffsetID()Ljava/lang/String;': (t) => t.vm.strings.fromJs(offsetId()),
};
