/** Natives of java.net.InetAddressImplFactory. */
import type { NativeTable } from '../../registry.js';
import { usesIpv6 } from './addresses.js';

export const natives: NativeTable = { 'isIPv6Supported()Z': (t) => usesIpv6(t.vm) };
