/** Natives of sun.nio.ch.FileKey: which file a descriptor is of. */
import { fstatSync } from 'node:fs';
import { fdOf } from '../../../java/io/file-descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { ioException, orThrow } from '../../../system-errors.js';

const CLASS = 'sun/nio/ch/FileKey';

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'init(Ljava/io/FileDescriptor;)V': (t, self: number, descriptor: number) => {
    const { vm } = t;
    const stat = orThrow(() => fstatSync(fdOf(vm, descriptor), { bigint: true }), ioException);
    vm.putLong(self >>> 0, vm.offset(CLASS, 'st_dev'), BigInt.asIntN(64, stat.dev));
    vm.putLong(self >>> 0, vm.offset(CLASS, 'st_ino'), BigInt.asIntN(64, stat.ino));
  },
};
