/** Natives of java.net.Inet4AddressImpl. */
import { Family } from '../../../../host/index.js';
import type { JavaThread } from '../../../runtime/thread.js';
import type { NativeTable } from '../../registry.js';
import { hostByAddress, isReachable, localHostName, lookUpAll } from './resolution.js';

function addressIn(t: JavaThread, array: number) {
  return { bytes: t.vm.bytesOf(array >>> 0).slice(), scope: 0 };
}

export const natives: NativeTable = {
  'getLocalHostName()Ljava/lang/String;': localHostName,
  'lookupAllHostAddr(Ljava/lang/String;)[Ljava/net/InetAddress;': (t, _self: number, host: number) =>
    lookUpAll(t, host, Family.Inet),
  'getHostByAddr([B)Ljava/lang/String;': (t, _self: number, address: number) => hostByAddress(t, address),
  'isReachable0([BI[BI)Z': (t, _self: number, address: number, timeout: number, from: number) =>
    isReachable(t, addressIn(t, address), timeout, from === 0 ? undefined : addressIn(t, from)),
};
