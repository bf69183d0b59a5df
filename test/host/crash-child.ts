/**
 * Not a test: the process that tests let crash, or that they ask for something only a fresh process can show. The first
 * argument says what to do.
 */

import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { copyFrom, copyTo, installFaultHandler, nativeSupport, protect, reserve } from '../../src/host/index.js';
import { libc } from '../../src/host/libc.js';
import { Assembler, at, gs, Reg } from '../../src/x64/index.js';
import { Rig } from './rig.js';

/** A sigaction record of the C library with a handler address and flags. */
function action(handler: number, flags: number): Uint8Array {
  const record = new Uint8Array(152);
  const fields = new DataView(record.buffer);
  fields.setBigUint64(0, BigInt(handler), true);
  fields.setInt32(136, flags, true);
  return record;
}

const SIGSEGV = 11;
const SIG_IGN = 1;

/** Reads the guest's page at 0x100, which is inaccessible. */
function fault(a: Assembler): void {
  a.mov_ri(32, Reg.RCX, 0x100);
  a.mov_rm(64, Reg.RDX, gs(at(Reg.RCX)));
}

const modes: Record<string, () => void> = {
  /** A fault in the arena, in no region. */
  'no-region'() {
    const rig = new Rig();
    installFaultHandler();
    rig.run(rig.place(fault).address);
  },
  /** A fault in a region, by an instruction that is not in its trap table. */
  'no-trap'() {
    const rig = new Rig();
    const code = rig.place(fault);
    installFaultHandler().addRegion({
      start: code.address,
      end: code.address + code.size,
      traps: Uint32Array.of(0, 1, 2, 3, 4, 6, 7, 8, 40),
      exitStub: code.address,
      faultAddressOffset: -8,
      faultPcOffset: -16,
    });
    rig.run(code.address);
  },
  /** A fault in a region that has been removed. */
  'removed-region'() {
    const rig = new Rig();
    const code = rig.placeFaulting(() => {}, fault);
    installFaultHandler().removeRegion(code.region);
    rig.run(code.address);
  },
  /** A fault of the host. */
  'host-fault'() {
    installFaultHandler();
    copyFrom(reserve(4096), 8);
  },
  'host-bus-error'() {
    installFaultHandler();
    const c = libc();
    const fd = c.memfd_create('empty', 0);
    copyFrom(c.mmap(0, 4096, 1, 1, fd, 0), 8);
  },
  /** Waits for a signal from outside. */
  wait() {
    new Rig().placeFaulting(() => {}, fault);
    writeSync(1, 'ready\n');
    setInterval(() => {}, 1000);
  },
  /** The same where the signal was ignored before: it still is, but a fault is not. */
  'wait-ignored'() {
    assert.equal(libc().sigaction(SIGSEGV, action(SIG_IGN, 0), null), 0);
    modes.wait?.();
    setTimeout(() => copyFrom(reserve(4096), 8), 1000);
  },
  'wait-default'() {
    assert.equal(libc().sigaction(SIGSEGV, action(0, 0), null), 0);
    modes.wait?.();
  },
  /** A fault of the host where no handler was there before ours. */
  'host-fault-default'() {
    assert.equal(libc().sigaction(SIGSEGV, action(0, 0), null), 0);
    installFaultHandler();
    copyFrom(reserve(4096), 8);
  },
  /** A previous handler that exits with status 33; it was installed with SA_RESETHAND, which must not matter once. */
  'previous-handler'() {
    const a = new Assembler();
    a.mov_ri(32, Reg.RDI, 33);
    a.mov_ri(32, Reg.RAX, 231);
    a.syscall();
    const address = reserve(4096);
    protect(address, 4096, 'write');
    copyTo(address + 64, a.bytes());
    libc().mprotect(address, 4096, 5);
    assert.equal(libc().sigaction(SIGSEGV, action(address + 64, 0x8000_0000 | 0), null), 0);
    installFaultHandler();
    copyFrom(reserve(4096), 8);
  },
  support() {
    const support = nativeSupport();
    let message = '';
    try {
      new Rig();
    } catch (error) {
      message = (error as Error).message;
    }
    console.log(JSON.stringify({ support, message }));
  },
  /** Exhausts the heap, for the report Node then writes. */
  'out-of-memory'() {
    new Rig().placeFaulting(() => {}, fault);
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(10_000).fill(kept.length));
  },
  report() {
    new Rig().placeFaulting(() => {}, fault);
    const report = process.report.getReport() as unknown as { header: { event: string }; libuv: unknown[] };
    console.log(report.header.event, report.libuv.length > 0);
  },
  'uncaught-exception'() {
    installFaultHandler();
    throw new Error('on purpose');
  },
};

modes[process.argv[2] as string]?.();
