/** Faults of emitted code become exits; all others happen as if the handler were not there. */

import assert from 'node:assert/strict';
import { anonymousFile } from '../../src/host/address-space.js';
import { installFaultHandler, protect, view } from '../../src/host/index.js';
import { libc } from '../../src/host/libc.js';
import { type Assembler, at, gs, Reg } from '../../src/x64/index.js';
import { field, nativeTest, RESULTS, Rig } from './rig.js';

/** As much of the global as is needed here: TypeScript declares it with the browser's types only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
  RuntimeError: new (message: string) => Error;
};

function readAt(address: number): (a: Assembler) => void {
  return (a) => {
    a.mov_ri(32, Reg.RCX, address);
  };
}

function load(a: Assembler): void {
  a.mov_rm(64, Reg.RDX, gs(at(Reg.RCX)));
}

nativeTest('SIGSEGV: a read of an inaccessible page goes to the exit stub with address and pc', () => {
  const rig = new Rig();
  const code = rig.placeFaulting(readAt(0x3008), load);
  rig.run(code.address);
  assert.equal(rig.faultAddress, rig.window + 0x3008);
  assert.equal(rig.faultPc, code.trap);
});

nativeTest('SIGSEGV: a write to a read-only page', () => {
  const rig = new Rig();
  protect(rig.window, 4096, 'read');
  const code = rig.placeFaulting(readAt(0x10), (a) => a.mov_mr(32, gs(at(Reg.RCX)), Reg.RDX));
  rig.run(code.address);
  assert.equal(rig.faultAddress, rig.window + 0x10);
  assert.equal(rig.faultPc, code.trap);
});

nativeTest('SIGBUS: a page of a file beyond its end', () => {
  const rig = new Rig();
  const fd = anonymousFile('short', 4096);
  assert.equal(libc().mmap(rig.window, 8192, 3, 0x12, fd, 0), rig.window);
  libc().close(fd);
  const code = rig.placeFaulting(readAt(0x1234), load);
  rig.run(code.address);
  assert.equal(rig.faultAddress, rig.window + 0x1234);
  assert.equal(rig.faultPc, code.trap);
});

nativeTest('SIGFPE: a division by zero, and the quotient that does not fit', () => {
  const rig = new Rig();
  const byZero = rig.placeFaulting(
    (a) => {
      a.mov_ri(32, Reg.RAX, 1);
      a.xor_rr(32, Reg.RDX, Reg.RDX);
      a.xor_rr(32, Reg.RCX, Reg.RCX);
    },
    (a) => a.div_r(64, Reg.RCX),
  );
  rig.run(byZero.address);
  assert.equal(rig.faultPc, byZero.trap);
  const tooLarge = rig.placeFaulting(
    (a) => {
      a.mov_ri64(Reg.RAX, 0, 0x8000_0000 | 0);
      a.cqo();
      a.mov_ri(64, Reg.RCX, -1);
    },
    (a) => a.idiv_r(64, Reg.RCX),
  );
  rig.run(tooLarge.address);
  assert.equal(rig.faultPc, tooLarge.trap);
});

nativeTest('the exit stub finds every register, the flags and the vector registers as the fault did', () => {
  const rig = new Rig();
  const registers = Array.from({ length: 16 }, (_, i) => i).filter((i) => i !== Reg.RSP && i !== Reg.RCX);
  const code = rig.placeFaulting(
    (a) => {
      a.mov_ri64(Reg.RCX, 77, 99);
      a.movq_xr(3, Reg.RCX);
      a.mov_ri(32, Reg.RCX, 0x3000);
      for (const register of registers) a.mov_ri64(register, register * 3, register + 1000);
      a.stc();
    },
    load,
    (a) => {
      for (const [i, register] of registers.entries()) a.mov_mr(64, field(RESULTS + 8 * i), register);
      a.setcc(2, Reg.RBX);
      a.movzx_rr(32, 8, Reg.RBX, Reg.RBX);
      a.mov_mr(64, field(RESULTS + 8 * 20), Reg.RBX);
      a.movq_rx(Reg.RBX, 3);
      a.mov_mr(64, field(RESULTS + 8 * 21), Reg.RBX);
    },
  );
  rig.run(code.address);
  registers.forEach((register, i) => {
    assert.equal(rig.result(i), (BigInt(register + 1000) << 32n) + BigInt(register * 3), `register ${register}`);
  });
  assert.equal(rig.result(20), 1n);
  assert.equal(rig.result(21), (99n << 32n) + 77n);
});

nativeTest('a guest whose stack pointer leads nowhere faults in an orderly way', () => {
  const rig = new Rig();
  const code = rig.placeFaulting(
    (a) => a.mov_ri(32, Reg.RSP, 0x10),
    (a) => a.push(Reg.RAX),
    (a) => a.mov_rm(64, Reg.RSP, field(16)),
  );
  rig.run(code.address);
  assert.equal(rig.faultPc, code.trap);
  assert.equal(rig.faultAddress, 8);
});

nativeTest('every entry of a large trap table is found, and each of 1024 regions', () => {
  const rig = new Rig();
  const handler = installFaultHandler();
  const regions: number[] = [];
  const TRAPS = 333;
  const offsets: number[] = [];
  let enter: number[] = [];
  let stub = 0;
  const code = rig.place((a) => {
    for (let i = 0; i < TRAPS; i++) {
      enter.push(a.position);
      a.mov_ri(32, Reg.RCX, 0x1000 + i);
      offsets.push(a.position);
      load(a);
      a.ud2();
    }
    stub = a.position;
  });
  enter = enter.map((offset) => code.address + offset);
  const common = {
    exitStub: code.address + stub,
    faultAddressOffset: 24 - 4096,
    faultPcOffset: 32 - 4096,
  };
  // Regions around the real one, so that the search passes many records.
  for (let i = 0; i < 1023; i++) {
    const start = 0x1000 + 32 * i;
    regions.push(handler.addRegion({ ...common, start, end: start + 32, traps: Uint32Array.of(i) }));
  }
  regions.push(
    handler.addRegion({
      ...common,
      start: code.address,
      end: code.address + code.size,
      traps: Uint32Array.from(offsets),
    }),
  );
  for (let i = 0; i < TRAPS; i++) {
    rig.run(enter[i] as number);
    assert.equal(rig.faultPc, code.address + (offsets[i] as number));
    assert.equal(rig.faultAddress, rig.window + 0x1000 + i);
  }
  for (const region of regions) handler.removeRegion(region);
});

nativeTest('region records are reused', () => {
  const rig = new Rig();
  const handler = installFaultHandler();
  for (let i = 0; i < 5000; i++) {
    const region = handler.addRegion({
      start: 0x1000,
      end: 0x2000,
      traps: Uint32Array.of(1),
      exitStub: 0,
      faultAddressOffset: 0,
      faultPcOffset: 0,
    });
    handler.removeRegion(region);
  }
  const code = rig.placeFaulting(readAt(0x3008), load);
  rig.run(code.address);
  assert.equal(rig.faultPc, code.trap);
});

nativeTest('a fault costs microseconds', () => {
  const rig = new Rig();
  const code = rig.placeFaulting(readAt(0x3008), load);
  rig.run(code.address);
  let best = Infinity;
  for (let round = 0; round < 10; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 2000; i++) rig.entry.enter(rig.contextAddress);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 2000);
  }
  assert.ok(best < 50_000, `${best} ns`);
});

nativeTest('installing twice gives the same handler', () => {
  assert.equal(installFaultHandler(), installFaultHandler());
});

nativeTest('WebAssembly traps stay errors', () => {
  new Rig().placeFaulting(readAt(0x3008), load);
  // (module (memory 1) (func (export "load") (param i32) (result i32) local.get 0 i32.load)
  //         (func (export "div") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s))
  const module = new WebAssembly.Module(
    Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 12, 2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f],
      ...[3, 3, 2, 0, 1],
      ...[5, 3, 1, 0, 1],
      ...[7, 14, 2, 4, 0x6c, 0x6f, 0x61, 0x64, 0, 0, 3, 0x64, 0x69, 0x76, 0, 1],
      ...[10, 17, 2, 7, 0, 0x20, 0, 0x28, 2, 0, 0x0b, 7, 0, 0x20, 0, 0x20, 1, 0x6d, 0x0b],
    ),
  );
  const { load: read, div } = new WebAssembly.Instance(module).exports as {
    load(address: number): number;
    div(a: number, b: number): number;
  };
  for (let i = 0; i < 1000; i++) {
    assert.equal(read(8), 0);
    assert.throws(() => read(0x7fff0000), WebAssembly.RuntimeError);
    assert.throws(() => div(1, 0), WebAssembly.RuntimeError);
  }
});

nativeTest('a guest still faults in an orderly way after WebAssembly has', () => {
  const rig = new Rig();
  const code = rig.placeFaulting(readAt(0x8), load);
  for (let i = 0; i < 100; i++) rig.run(code.address);
  assert.equal(rig.faultAddress, rig.window + 8);
  assert.equal(new Uint8Array(view(rig.contextAddress, 4096)).length, 4096);
});
