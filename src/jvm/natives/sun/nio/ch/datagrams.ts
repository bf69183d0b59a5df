/** Errors of datagram sockets. */
import { ThrowNew } from '../../../../runtime/throws.js';
import { Errno } from '../../../system-errors.js';

/** A result of the host room; a port that nobody listens on is an exception of its own. */
export function checkReachable(result: number): number {
  if (result === -Errno.ConnectionRefused) throw new ThrowNew('java/net/PortUnreachableException');
  return result;
}
