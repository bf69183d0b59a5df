/** Natives of sun.net.dns.ResolverConfigurationImpl. */
import { hostname } from 'node:os';
import type { NativeTable } from '../../../registry.js';

export const natives: NativeTable = {
  // The domain in the host's own name, if it has one.
  'fallbackDomain0()Ljava/lang/String;': (t) => {
    const name = hostname();
    const dot = name.indexOf('.');
    return dot < 0 ? 0 : t.vm.strings.fromJs(name.slice(dot + 1));
  },
};
