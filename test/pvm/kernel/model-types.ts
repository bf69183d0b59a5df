/** What the kernel's model is made of: capabilities, VMs, how a kernel is set up and how a run stops. */
import type { KernelModel } from './model.js';
import { Guest, type ModelCode } from './model-guest.js';

export const WHAT = 2n ** 64n - 2n;
export const LOW = 2n ** 64n - 8n;
export const HUH = 2n ** 64n - 9n;
export const PAGE = 4096;

export type State = 'idle' | 'running' | 'waiting' | 'halted' | 'faulted';

export interface DataCapability {
  readonly kind: 'data';
  readonly id: number;
  /** First physical page. */
  readonly first: number;
  pages: number;
  base: number | undefined;
  access: 'read' | 'write' | undefined;
  /** Pages, counted from its first, that are mapped in the VM that holds it. */
  mapped: Set<number>;
  /** How often it was split: what was mapped before is nothing to go back to. */
  splits: number;
}
export interface VmCapability {
  readonly kind: 'handle' | 'callable';
  readonly vm: ModelVm;
  maxGas: bigint | undefined;
}
export type ModelCapability =
  | { readonly kind: 'untyped' }
  | DataCapability
  | { readonly kind: 'code'; readonly code: ModelCode }
  | VmCapability
  | { readonly kind: 'protocol'; readonly id: number };

/** A VM and its table. */
export class ModelVm {
  state: State = 'idle';
  /** Reclaimed: HANDLEs and CALLABLEs of it are stale. */
  dropped = false;
  gas = 0n;
  readonly table = new Map<number, ModelCapability>();
  /** Who waits for it, and what came along. */
  caller: ModelVm | undefined;
  travel: { slot: number; capability: ModelCapability; mapped: Set<number>; splits: number } | undefined;
  readonly guest: Guest;

  constructor(
    readonly id: number,
    readonly code: ModelCode,
    kernel: KernelModel,
  ) {
    this.guest = new Guest(code, {
      page: (page) => kernel.visible(this, page),
      written: (page) => kernel.markWritten(this, page),
    });
  }

  get registers(): bigint[] {
    return this.guest.registers;
  }
}

export type ModelResult =
  | { kind: 'halt'; value: bigint }
  | { kind: 'panic'; trap: boolean; pc: number }
  | { kind: 'out-of-gas'; pc: number }
  | { kind: 'page-fault'; address: number; pc: number };
/** Where the model stops: at a protocol call, to be answered, or at the end. */
export type ModelStop = { kind: 'protocol-call'; id: number } | ModelResult;

export interface ModelSetup {
  readonly memoryPages: number;
  readonly gasModel: 'flat' | 'pipeline';
  readonly gas: bigint;
  readonly codes: readonly { readonly slot: number; readonly code: ModelCode }[];
  readonly data: readonly {
    readonly slot: number;
    readonly base: number;
    readonly pages: number;
    readonly access: 'read' | 'write';
    readonly bytes: Uint8Array;
  }[];
  readonly invokeSlot: number;
  readonly args: Uint8Array | undefined;
  /** Protocol numbers answered at once, with the gas that is left. */
  readonly gasCounters?: readonly number[];
}
