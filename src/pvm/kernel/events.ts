/**
 * What a kernel shows of itself: its results, its VMs for inspection, and the events of a trace.
 */
/** State of a VM: `idle` can be called, `waiting` has called another, `halted` has ended, `faulted` may be resumed. */
export type VmState = 'idle' | 'running' | 'waiting' | 'halted' | 'faulted';

/** Name of a kind of capability. */
export type KindName = 'untyped' | 'data' | 'code' | 'handle' | 'callable' | 'protocol';

/** A capability in a table. */
export type CapabilityInfo = { readonly slot: number } & (
  | { readonly kind: 'untyped'; readonly remaining: number; readonly total: number }
  | {
      readonly kind: 'data';
      readonly id: number;
      /** First physical page. */
      readonly firstPage: number;
      readonly pages: number;
      /** Page of the address space it is mapped from; undefined before its first MAP. */
      readonly base: number | undefined;
      readonly access: 'read' | 'write' | undefined;
      readonly mapped: readonly boolean[];
    }
  /** `id` counts the CODE entries of the manifest. */
  | { readonly kind: 'code'; readonly id: number }
  | {
      readonly kind: 'handle' | 'callable';
      readonly vm: number;
      readonly generation: number;
      /** Whether that VM still exists. */
      readonly live: boolean;
      readonly maxGas: bigint | undefined;
    }
  | { readonly kind: 'protocol'; readonly id: number }
);

/** A VM, copied out. */
export interface VmInfo {
  readonly index: number;
  readonly generation: number;
  readonly state: VmState;
  /** Number of the CODE capability it runs. */
  readonly code: number;
  /** Byte offset of the instruction it goes on with. */
  readonly pc: number;
  /** Unsigned. */
  readonly registers: readonly bigint[];
  /** Gas of its own: the counter of the running VM, what a waiting one kept, 0 of others. */
  readonly gas: bigint;
  readonly caller: number | undefined;
  readonly capabilities: readonly CapabilityInfo[];
}

/** Why a kernel stopped. `pc` is the byte offset of the instruction that caused it. */
export type KernelResult =
  /** The root VM replied, or halted. */
  | { readonly kind: 'halt'; readonly value: bigint }
  | { readonly kind: 'panic'; readonly pc: number /** A `trap` instruction. */; readonly trap: boolean }
  | { readonly kind: 'out-of-gas'; readonly pc: number }
  | { readonly kind: 'page-fault'; readonly pc: number; readonly address: number }
  /** A protocol call that has no host function. Run on once the caller's registers hold the answer. */
  | { readonly kind: 'protocol-call'; readonly id: number }
  /** A host function returned a promise. Await it, then run on. */
  | { readonly kind: 'pending'; readonly id: number; readonly promise: Promise<void> };

/** A result after which nothing is pending. */
export type FinalResult = Exclude<KernelResult, { kind: 'pending' }>;

/** A capability on its way: VM and slot it left and where it went. */
export interface Movement {
  readonly kind: KindName;
  readonly from: readonly [vm: number, slot: number];
  readonly to: readonly [vm: number, slot: number];
}

/** What a traced kernel reports, in order. */
export type KernelEvent =
  | {
      readonly kind: 'create';
      readonly vm: number;
      readonly child: number;
      /** Where the child's HANDLE went: VM and slot. */
      readonly handle: readonly [vm: number, slot: number];
      /** Slots whose capabilities were copied. */
      readonly copied: readonly number[];
      readonly gas: bigint;
    }
  | {
      readonly kind: 'call' | 'resume';
      readonly vm: number;
      readonly callee: number;
      /** Gas the callee gets, and gas the caller keeps. */
      readonly gas: bigint;
      readonly kept: bigint;
      /** r7 to r10. */
      readonly args: readonly bigint[];
      readonly travelling: { readonly slot: number; readonly kind: KindName } | undefined;
    }
  | {
      readonly kind: 'reply' | 'halted';
      readonly vm: number;
      readonly caller: number | undefined;
      readonly value: bigint;
      /** Gas given back. */
      readonly gas: bigint;
      readonly returned: { readonly slot: number; readonly kind: KindName } | undefined;
    }
  | {
      readonly kind: 'fault';
      readonly vm: number;
      readonly caller: number | undefined;
      /** 1 trap, 2 panic, 3 out of gas, 4 page fault. */
      readonly status: number;
      readonly detail: bigint;
      readonly gas: bigint;
      readonly pc: number;
    }
  | { readonly kind: 'protocol'; readonly vm: number; readonly id: number; readonly gas: bigint }
  | {
      readonly kind: 'operation';
      readonly vm: number;
      /** Name of the operation; `CALL` where a call failed, `RETYPE` for a CALL of UNTYPED. */
      readonly operation: string;
      /** References, as they stood in r12 (for `ecalli`: its slot). */
      readonly subject: number;
      readonly object: number;
      readonly ok: boolean;
      readonly moved: Movement | undefined;
      /** r7 afterwards. */
      readonly value: bigint;
    };
