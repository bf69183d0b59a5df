/** Connecting and accepting, for internet and Unix domain sockets: with a wait where Java's mode says so. */
import { acceptConnection, connectSocket, getOption, PollEvent } from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import { waitForDescriptor } from '../../../../runtime/blocking.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { adoptDescriptor, IoStatus, isBlocking } from '../../../descriptors.js';
import { socketException } from '../../../java/net/socket-errors.js';
import { Errno } from '../../../system-errors.js';

const SOL_SOCKET = 1;
const SO_ERROR = 4;
const CONNECTION_ABORTED = 103;

/** Takes the error that a socket holds for its owner. @throws an exception of java.net if there is one */
export function checkPending(fd: number): void {
  const error = new Int32Array(1);
  const result = getOption(fd, SOL_SOCKET, SO_ERROR, new Uint8Array(error.buffer));
  const errno = result < 0 ? -result : error[0]!;
  if (errno !== 0) throw socketException(errno);
}

/** Connects: 1, or `IoStatus`. */
export function connecting(t: JavaThread, fd: number, address: Uint8Array): number | Activity<number> {
  const result = connectSocket(fd, address);
  if (result >= 0) return 1;
  if (result === -Errno.Interrupted) return IoStatus.Interrupted;
  // EAGAIN: the queue of a Unix domain socket is full.
  if (result !== -Errno.InProgress && result !== -Errno.TryAgain) throw socketException(-result);
  if (!isBlocking(fd)) return IoStatus.Unavailable;
  return result === -Errno.InProgress ? finishConnecting(t, fd) : retryConnecting(t, fd, address);
}

function* finishConnecting(t: JavaThread, fd: number): Activity<number> {
  if ((yield* waitForDescriptor(t, fd, PollEvent.Out)) === -1) return IoStatus.Interrupted;
  checkPending(fd);
  return 1;
}

const RETRY_PAUSE = 5;

function* retryConnecting(t: JavaThread, fd: number, address: Uint8Array): Activity<number> {
  for (;;) {
    // Such a socket reports itself ready all the time: a deadline with nothing to be ready for is a pause.
    if ((yield* waitForDescriptor(t, fd, 0, performance.now() + RETRY_PAUSE)) === -1) return IoStatus.Interrupted;
    const result = connectSocket(fd, address);
    if (result >= 0) return 1;
    if (result !== -Errno.TryAgain) throw socketException(-result);
  }
}

/** A new connection: its descriptor and the peer's address. */
export interface Accepted {
  readonly fd: number;
  readonly peer: Uint8Array;
}

function acceptNow(fd: number): Accepted | number {
  for (;;) {
    const accepted = acceptConnection(fd);
    if (typeof accepted !== 'number') {
      adoptDescriptor(accepted.fd, true);
      return accepted;
    }
    // The client has gone again already: the next one.
    if (accepted === -CONNECTION_ABORTED) continue;
    if (accepted === -Errno.TryAgain) return IoStatus.Unavailable;
    if (accepted === -Errno.Interrupted) return IoStatus.Interrupted;
    throw socketException(-accepted);
  }
}

/** Accepts a connection; `IoStatus` when there is none and Java does not want to wait. */
export function* accepting(t: JavaThread, fd: number): Activity<Accepted | number> {
  for (;;) {
    const accepted = acceptNow(fd);
    if (accepted !== IoStatus.Unavailable || !isBlocking(fd)) return accepted;
    if ((yield* waitForDescriptor(t, fd, PollEvent.In)) === -1) return IoStatus.Interrupted;
  }
}
