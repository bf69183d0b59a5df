/**
 * A case of the kernel's fuzzer: how a kernel is loaded, and what its host answers at each protocol call. Plain data, so
 * that a failing one is kept as JSON and stays the same case when the generator changes.
 */
import { writeManifest } from '../../../src/pvm/program/manifest.js';
import { driverCode } from './driver.js';
import type { ModelSetup } from './model-types.js';

export type GasModel = 'flat' | 'pipeline';

/** What the host does at a protocol call. Numbers of 64 bits are text, as in `0x1f`. */
export interface Action {
  /** Registers to set, by number. */
  readonly set: Readonly<Record<number, string>>;
  /** Bytes to write into the caller's memory, where it may be written to. */
  readonly write?: { readonly address: number; readonly bytes: string };
  /** Addresses the host asks about in the caller's memory. */
  readonly probe: readonly number[];
  /** Gas to leave the caller. */
  readonly gas?: string;
}

export interface CaseSetup {
  readonly memoryPages: number;
  readonly gas: string;
  readonly codes: readonly { readonly slot: number; readonly variant: number }[];
  readonly data: readonly {
    readonly slot: number;
    readonly base: number;
    readonly pages: number;
    readonly access: 'read' | 'write';
    /** Hexadecimal. */
    readonly bytes: string;
  }[];
  readonly args?: string;
  /** Host functions, or results for the caller of `run`. */
  readonly host: 'function' | 'result';
  readonly trace: boolean;
  readonly gasCounters: readonly number[];
}

export interface KernelCase {
  readonly setup: CaseSetup;
  readonly actions: readonly Action[];
}

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** The setup as the model takes it. */
export function modelSetup(setup: CaseSetup, gasModel: GasModel): ModelSetup {
  return {
    memoryPages: setup.memoryPages,
    gasModel,
    gas: BigInt(setup.gas),
    codes: setup.codes.map(({ slot, variant }, id) => ({ slot, code: driverCode(variant, id) })),
    data: setup.data.map((entry) => ({ ...entry, bytes: bytesOf(entry.bytes) })),
    invokeSlot: setup.codes[0]?.slot ?? 0,
    args: setup.args === undefined ? undefined : bytesOf(setup.args),
    gasCounters: setup.gasCounters,
  };
}

/** The setup as a manifest. */
export function manifestOf(setup: CaseSetup): Uint8Array {
  const model = modelSetup(setup, 'flat');
  return writeManifest({
    memoryPages: setup.memoryPages,
    invokeSlot: model.invokeSlot,
    capabilities: [
      ...model.codes.map(({ slot, code: { code, bitmask, jumpOffsets } }) => ({
        kind: 'code' as const,
        slot,
        code,
        bitmask,
        jumpOffsets,
      })),
      ...model.data.map(({ slot, base, pages, access, bytes }) => ({
        kind: 'data' as const,
        slot,
        basePage: base,
        pageCount: pages,
        access,
        data: bytes,
      })),
    ],
  });
}
