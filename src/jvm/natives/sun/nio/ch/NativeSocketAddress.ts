/** Natives of sun.nio.ch.NativeSocketAddress: sizes and offsets of `struct sockaddr_in` and `sockaddr_in6`. */
import { Family } from '../../../../../host/index.js';
import type { NativeTable } from '../../../registry.js';

export const natives: NativeTable = {
  'AFINET()I': () => Family.Inet,
  'AFINET6()I': () => Family.Inet6,
  'sizeofSockAddr4()I': () => 16,
  'sizeofSockAddr6()I': () => 28,
  'sizeofFamily()I': () => 2,
  'offsetFamily()I': () => 0,
  'offsetSin4Port()I': () => 2,
  'offsetSin4Addr()I': () => 4,
  'offsetSin6Port()I': () => 2,
  'offsetSin6FlowInfo()I': () => 4,
  'offsetSin6Addr()I': () => 8,
  'offsetSin6ScopeId()I': () => 24,
};
