/** Natives of java.net.Inet6AddressImpl: for both kinds of address, where there is IPv6. */
import { Family } from '../../../../host/index.js';
import type { JavaThread } from '../../../runtime/thread.js';
import type { NativeTable } from '../../registry.js';
import { hostByAddress, isReachable, localHostName, lookUpAll } from './resolution.js';

function addressIn(t: JavaThread, array: number, scope: number) {
  return { bytes: t.vm.bytesOf(array >>> 0).slice(), scope: Math.max(scope, 0) };
}

export const natives: NativeTable = {
  'getLocalHostName()Ljava/lang/String;': localHostName,
  'lookupAllHostAddr(Ljava/lang/String;)[Ljava/net/InetAddress;': (t, _self: number, host: number) =>
    lookUpAll(t, host, Family.Unspecified),
  'getHostByAddr([B)Ljava/lang/String;': (t, _self: number, address: number) => hostByAddress(t, address),
  'isReachable0([BII[BII)Z': (
    t,
    _self: number,
    address: number,
    scope: number,
    timeout: number,
    from: number,
    _hops: number,
    fromScope: number,
  ) => isReachable(t, addressIn(t, address, scope), timeout, from === 0 ? undefined : addressIn(t, from, fromScope)),
};
