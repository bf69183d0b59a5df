/** Natives of java.nio.MappedMemoryUtils. Without native support mapped files are copies, all in memory and never written. */
import { Advice, advise, HOST_PAGE_SIZE, residentPages, synchronize } from '../../../../host/index.js';
import type { NativeTable } from '../../registry.js';
import { ioException } from '../../system-errors.js';

export const natives: NativeTable = {
  'isLoaded0(JJJ)Z': (t, address: number, length: number, pages: number) => {
    const { base } = t.vm.arena;
    if (base === 0) return true;
    const resident = new Uint8Array(Math.max(pages, Math.ceil(length / HOST_PAGE_SIZE)));
    const result = residentPages(base + address, length, resident);
    if (result < 0) throw ioException(-result);
    return resident.subarray(0, pages).every((page) => (page & 1) !== 0);
  },
  'load0(JJ)V': (t, address: number, length: number) => {
    const { base } = t.vm.arena;
    const result = base === 0 ? 0 : advise(base + address, length, Advice.WillNeed);
    if (result < 0) throw ioException(-result);
  },
  'unload0(JJ)V': (t, address: number, length: number) => {
    const { base } = t.vm.arena;
    const result = base === 0 ? 0 : advise(base + address, length, Advice.DontNeed);
    if (result < 0) throw ioException(-result);
  },
  'force0(Ljava/io/FileDescriptor;JJ)V': (t, _descriptor: number, address: number, length: number) => {
    const { base } = t.vm.arena;
    const result = base === 0 ? 0 : synchronize(base + address, length);
    if (result < 0) throw ioException(-result);
  },
};
