/** Natives of jdk.net.LinuxSocketOptions: options that only Linux has, or has in its own way. */
import { getOption, setOption } from '../../../../host/index.js';
import { ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';
import { Errno, errorText } from '../../system-errors.js';

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SO_INCOMING_NAPI_ID = 56;
const IPPROTO_TCP = 6;
const TCP_KEEPIDLE = 4;
const TCP_KEEPINTVL = 5;
const TCP_KEEPCNT = 6;
const TCP_QUICKACK = 12;

function checked(result: number): void {
  if (result === -Errno.NoProtocolOption) {
    throw new ThrowNew('java/lang/UnsupportedOperationException', 'unsupported socket option');
  }
  if (result < 0) throw new ThrowNew('java/net/SocketException', errorText(-result));
}

function set(level: number, option: number) {
  return (_t: unknown, fd: number, value: number) =>
    checked(setOption(fd, level, option, new Uint8Array(Int32Array.of(value).buffer)));
}

function get(level: number, option: number) {
  return (_t: unknown, fd: number) => {
    const value = new Int32Array(1);
    checked(getOption(fd, level, option, new Uint8Array(value.buffer)));
    return value[0]!;
  };
}

export const natives: NativeTable = {
  'keepAliveOptionsSupported0()Z': () => true,
  'quickAckSupported0()Z': () => true,
  'incomingNapiIdSupported0()Z': () => true,
  'setTcpKeepAliveProbes0(II)V': set(IPPROTO_TCP, TCP_KEEPCNT),
  'setTcpKeepAliveTime0(II)V': set(IPPROTO_TCP, TCP_KEEPIDLE),
  'setTcpKeepAliveIntvl0(II)V': set(IPPROTO_TCP, TCP_KEEPINTVL),
  'getTcpKeepAliveProbes0(I)I': get(IPPROTO_TCP, TCP_KEEPCNT),
  'getTcpKeepAliveTime0(I)I': get(IPPROTO_TCP, TCP_KEEPIDLE),
  'getTcpKeepAliveIntvl0(I)I': get(IPPROTO_TCP, TCP_KEEPINTVL),
  'setQuickAck0(IZ)V': set(IPPROTO_TCP, TCP_QUICKACK),
  'getQuickAck0(I)Z': (t, fd: number) => get(IPPROTO_TCP, TCP_QUICKACK)(t, fd) !== 0,
  'getIncomingNapiId0(I)I': get(SOL_SOCKET, SO_INCOMING_NAPI_ID),
  // User in the high half, group in the low.
  'getSoPeerCred0(I)J': (_t, fd: number) => {
    const credentials = new Uint32Array(3);
    checked(getOption(fd, SOL_SOCKET, SO_PEERCRED, new Uint8Array(credentials.buffer)));
    const [, user = 0, group = 0] = credentials;
    return BigInt.asIntN(64, (BigInt(user) << 32n) | BigInt(group));
  },
};
