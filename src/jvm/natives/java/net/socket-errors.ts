/** Exceptions of java.net for errors of the operating system. */
import { ThrowNew } from '../../../runtime/throws.js';
import { Errno, errorText } from '../../system-errors.js';

const ERROR_PROTOCOL = 71;

function classFor(errno: number): string {
  switch (errno) {
    case ERROR_PROTOCOL:
      return 'java/net/ProtocolException';
    case Errno.ConnectionRefused:
    case Errno.TimedOut:
    case Errno.NotConnected:
      return 'java/net/ConnectException';
    case Errno.HostUnreachable:
      return 'java/net/NoRouteToHostException';
    case Errno.AddressInUse:
    case Errno.AddressNotAvailable:
    case Errno.Access:
      return 'java/net/BindException';
    default:
      return 'java/net/SocketException';
  }
}

/** The exception for an error of a call on a socket. */
export function socketException(errno: number): ThrowNew {
  return new ThrowNew(classFor(errno), errorText(errno));
}

/** A result of the host room's functions, or the exception for a negative one. */
export function checkSocket(result: number): number {
  if (result < 0) throw socketException(-result);
  return result;
}
