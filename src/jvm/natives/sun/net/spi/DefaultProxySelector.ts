/** Natives of sun.net.spi.DefaultProxySelector: the desktop's proxies, of which nothing is known here. */
import type { NativeTable } from '../../../registry.js';

export const natives: NativeTable = {
  'init()Z': () => false,
  'getSystemProxies(Ljava/lang/String;Ljava/lang/String;)[Ljava/net/Proxy;': () => 0,
};
