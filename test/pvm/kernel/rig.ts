/** What the kernel's tests share: manifests from a few lines of assembly, and a kernel driven one action at a time. */
import { Kernel, type KernelOptions, type VmInfo } from '../../../src/pvm/kernel/index.js';
import { readCodeBlob } from '../../../src/pvm/program/code-blob.js';
import { type ManifestData, writeManifest } from '../../../src/pvm/program/manifest.js';
import { Reader } from '../../../src/pvm/program/reader.js';
import { assemble } from '../../../src/pvm/toolchain/assembler.js';
import { ENGINES, MODELS } from '../machines.js';
import { actionAddress, driverCode } from './driver.js';

/** Every engine with every gas model. */
export const MACHINES = ENGINES.flatMap((engine) => MODELS.map((gasModel) => ({ engine, gasModel })));

export function dataEntry(slot: number, basePage: number, pageCount: number, access: 'read' | 'write'): ManifestData {
  return { kind: 'data', slot, basePage, pageCount, access, data: Uint8Array.of(slot, 1, 2, 3) };
}

/** A manifest whose root VM runs a text, from slot 30; `.inst 3` is `ecall` there. */
export function manifestOfText(text: string, data: readonly ManifestData[] = [], memoryPages = 16): Uint8Array {
  const { code, bitmask, jumpOffsets } = readCodeBlob(new Reader(assemble(`.code\n${text}`)));
  return writeManifest({
    memoryPages,
    invokeSlot: 30,
    capabilities: [{ kind: 'code', slot: 30, code, bitmask, jumpOffsets }, ...data],
  });
}

/** A reference: a slot, reached through HANDLEs. */
export function reference(slot: number, ...path: number[]): number {
  return [...path, slot].reduce((value, byte) => value * 256 + byte, 0);
}

/** Protocol capabilities by which a child asks what to do. */
export const ASKING = (1n << 5n) | (1n << 7n);

/** Registers after an action, and gas it used. */
export interface Answer {
  readonly r7: bigint;
  readonly r8: bigint;
  readonly used: bigint;
  /** VM that asks for the next action. */
  readonly vm: number;
}

/** A kernel whose VMs all run the driver: two CODE entries in slots 30 and 31, DATA in 32 (four pages) and 33 (two). */
export class Rig {
  readonly kernel: Kernel;

  constructor(options: KernelOptions = {}, memoryPages = 40) {
    const codes = [0, 1].map((variant) => {
      const { code, bitmask, jumpOffsets } = driverCode(variant, variant);
      return { kind: 'code' as const, slot: 30 + variant, code, bitmask, jumpOffsets };
    });
    const bytes = writeManifest({
      memoryPages,
      invokeSlot: 30,
      capabilities: [...codes, dataEntry(32, 0x20, 4, 'write'), dataEntry(33, 0x40, 2, 'read')],
    });
    this.kernel = Kernel.load(bytes, { gas: 1_000_000_000, ...options });
    this.next();
  }

  /** Has the VM that asks do something; returns when the next one asks. */
  act(name: string, registers: Readonly<Record<number, bigint | number>> = {}): Answer {
    const { caller } = this.kernel;
    for (const [index, value] of Object.entries(registers)) caller.setRegister(Number(index), BigInt(value));
    caller.setRegister(0, actionAddress(name));
    return this.next();
  }

  /** An operation by `ecall`. */
  ecall(
    operation: number,
    subject: number,
    object = 0,
    registers: Readonly<Record<number, bigint | number>> = {},
  ): Answer {
    const r12 = (BigInt(subject) << 32n) | BigInt(object);
    return this.act('ecall', { ...registers, 11: operation, 12: r12 });
  }

  private next(): Answer {
    const { kernel } = this;
    const before = kernel.gas;
    const result = kernel.run();
    if (result.kind !== 'protocol-call') throw new Error(`the run ended: ${result.kind}`);
    const { caller } = kernel;
    return { r7: caller.getRegister(7), r8: caller.getRegister(8), used: before - kernel.gas, vm: caller.vm };
  }

  vm(index: number): VmInfo {
    const info = this.kernel.vm(index);
    if (info === undefined) throw new Error(`no VM ${index}`);
    return info;
  }

  /** What a slot holds, in a word or two. */
  slot(index: number, vm = 0): string {
    const found = this.vm(vm).capabilities.find(({ slot }) => slot === index);
    if (found === undefined) return 'nothing';
    switch (found.kind) {
      case 'data':
        return `data ${found.pages}/${found.mapped.filter((is) => is).length}`;
      case 'handle':
      case 'callable':
        return `${found.kind} ${found.live ? found.vm : 'stale'}`;
      default:
        return found.kind;
    }
  }
}
