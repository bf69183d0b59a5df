/**
 * Looking at VMs from outside: copies of their state, tables and memory, at any time the kernel is not running.
 */
import { Field, STRIDE } from '../isa/decode.js';
import { PAGE_SIZE, REGISTER_COUNT } from '../layout.js';
import { MemoryAccessError } from '../memory/guest-memory.js';
import { Access } from '../program/image.js';
import type { CapabilityInfo, VmInfo, VmState } from './events.js';
import type { Invocation } from './invocation.js';
import { Kind, STATE_NAMES, State, Vm } from './layout.js';
import { type Capability, UNLIMITED } from './records.js';

/** A VM's state; undefined where there is none of that index. */
export function inspectVm(state: Invocation, vm: number): VmInfo | undefined {
  const { records } = state;
  if (!Number.isInteger(vm) || vm < 0 || vm >= records.used || records.state(vm) === State.Free) return undefined;
  const current = vm === state.vm;
  const next = current ? state.next : nextOf(state, vm);
  const code = records.code(vm);
  const { stream } = (state.codes[code] as Invocation['codes'][number]).decoded;
  const caller = records.caller(vm);
  return {
    index: vm,
    generation: records.generation(vm),
    state: STATE_NAMES[records.state(vm)] as VmState,
    code,
    pc: stream[next * STRIDE + Field.Pc] as number,
    registers: Array.from({ length: REGISTER_COUNT }, (_, i) =>
      BigInt.asUintN(64, current ? state.register(i) : records.register(vm, i)),
    ),
    gas: current ? state.gas : records.gas(vm),
    caller: caller < 0 ? undefined : caller,
    capabilities: records
      .slots(vm)
      .map((slot) => ({ slot, ...describe(state, records.capability(vm, slot) as Capability) })),
  };
}

function nextOf(state: Invocation, vm: number): number {
  const { records } = state;
  return records.get(vm, Vm.Next);
}

type Described = CapabilityInfo extends infer T ? (T extends unknown ? Omit<T, 'slot'> : never) : never;

function describe(state: Invocation, capability: Capability): Described {
  const { kind, vm, id, ceiling } = capability;
  switch (kind) {
    case Kind.Untyped:
      return { kind: 'untyped', remaining: state.pageCount - state.pagesUsed, total: state.pageCount };
    case Kind.Data: {
      const data = state.dataOf(capability);
      return {
        kind: 'data',
        id,
        firstPage: data.firstPage,
        pages: data.pages,
        base: data.base < 0 ? undefined : data.base,
        access: data.access === undefined ? undefined : data.access === Access.Write ? 'write' : 'read',
        mapped: Array.from(data.mapped, (one) => one !== 0),
      };
    }
    case Kind.Code:
      return { kind: 'code', id };
    case Kind.Protocol:
      return { kind: 'protocol', id };
    default:
      return {
        kind: kind === Kind.Handle ? 'handle' : 'callable',
        vm,
        generation: id,
        live: state.records.isLive(vm, id),
        maxGas: ceiling === UNLIMITED ? undefined : ceiling,
      };
  }
}

/**
 * Memory as a VM sees it, whether it has a window now or not.
 *
 * @throws MemoryAccessError where a page is not mapped
 */
export function readMemory(state: Invocation, vm: number, address: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const at = address + done;
    const page = Math.floor(at / PAGE_SIZE);
    const offset = at - page * PAGE_SIZE;
    const size = Math.min(length - done, PAGE_SIZE - offset);
    const physical = physicalPage(state, vm, page);
    if (physical < 0) throw new MemoryAccessError(page * PAGE_SIZE, Access.Read);
    bytes.set(state.pages.read(physical).subarray(offset, offset + size), done);
    done += size;
  }
  return bytes;
}

/** Physical page that a VM has mapped at a page of its address space; −1 for none. */
function physicalPage(state: Invocation, vm: number, page: number): number {
  for (const data of state.spaces.dataOf(vm)) {
    const i = page - data.base;
    if (i >= 0 && i < data.pages && data.mapped[i] !== 0) return data.firstPage + i;
  }
  return -1;
}
