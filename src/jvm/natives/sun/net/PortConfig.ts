/** Natives of sun.net.PortConfig: the range of ports that the system gives to sockets without one. */
import { readFileSync } from 'node:fs';
import type { NativeTable } from '../../registry.js';
import { orElse } from '../../system-errors.js';

/** Lowest and highest; -1 where the system does not say. */
function range(): readonly [number, number] {
  const text = orElse(() => readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1'), '');
  const [low, high] = text.trim().split(/\s+/).map(Number);
  return [low || -1, high || -1];
}

export const natives: NativeTable = {
  'getLower0()I': () => range()[0],
  'getUpper0()I': () => range()[1],
};
