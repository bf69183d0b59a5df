/**
 * Calls between VMs: CREATE, CALL, RESUME, REPLY, and what happens when a callee ends otherwise.
 *
 * The glue in the code arena does the common cases of CREATE, CALL and REPLY (`recompiler/kernel-glue.ts`); these
 * functions do all cases, and are what the glue is checked against.
 */
import { Exit } from '../layout.js';
import { type Invocation, kindName, type Place } from './invocation.js';
import { CALL_GAS, HUH, IPC_SLOT, Kind, LOW, NO_VM, State, Status, Vm } from './layout.js';
import { isCopyable, isIdle } from './operations.js';
import { type Capability, UNLIMITED } from './records.js';

/** How a switch of VMs went. */
export const enum Switched {
  /** Another VM runs now, or the same one goes on. */
  Yes = 0,
  /** Nothing happened: the operation fails. */
  Failed = 1,
  /** Nothing happened: the gas does not cover it. */
  Unpaid = 2,
  /** The root VM has ended. */
  Ended = 3,
}

/** Most slots that a CREATE can copy. */
const MASK_BITS = 64;

/** CALL of CODE: makes a VM. `place` is where the CODE capability is. */
export function create(state: Invocation, place: Place, destination: number): boolean {
  const { records } = state;
  const mask = state.register(7);
  const copied: number[] = [];
  for (let slot = 0; slot < MASK_BITS; slot++) {
    if (((mask >> BigInt(slot)) & 1n) === 0n) continue;
    const kind = records.kindAt(place.vm, slot);
    if (kind === Kind.None) continue;
    if (!isCopyable(kind)) return false;
    copied.push(slot);
  }
  const handle = state.resolve(destination);
  if (handle === undefined || !state.isEmpty(handle)) return false;
  const codeId = (state.capability(place) as Capability).id;
  const child = records.allocate(codeId);
  if (child < 0) return false;
  for (const slot of copied) records.put(child, slot, records.capability(place.vm, slot) as Capability);
  records.set(child, Vm.Resume, state.codes[codeId]?.native?.address(0) ?? 0);
  records.put(handle.vm, handle.slot, {
    kind: Kind.Handle,
    vm: child,
    id: records.generation(child),
    ceiling: UNLIMITED,
  });
  state.setRegister32(7, handle.slot);
  state.trace?.({
    kind: 'create',
    vm: state.vm,
    child,
    handle: [handle.vm, handle.slot],
    copied,
    gas: state.gas,
  });
  return true;
}

/** CALL of a HANDLE or CALLABLE. */
export function call(state: Invocation, target: Capability): Switched {
  if (!isIdle(state, target)) return Switched.Failed;
  const { records, vm } = state;
  const callee = target.vm;
  const slot = Number(state.register(12) & 0xffn);
  const travels = slot !== 0 && records.kindAt(vm, slot) !== Kind.None;
  if (travels && records.kindAt(callee, IPC_SLOT) !== Kind.None) return Switched.Failed;
  if (!state.charge(CALL_GAS)) return Switched.Unpaid;
  let travelling: Capability | undefined;
  if (travels) {
    travelling = records.capability(vm, slot) as Capability;
    if (travelling.kind === Kind.Data) {
      const data = state.dataOf(travelling);
      if (data.mappedCount > 0) {
        const mapped: [first: number, count: number][] = [];
        data.runs(0, data.pages, 1, (first, count) => mapped.push([first, count]));
        state.journeys.set(callee, { data, mapped });
      }
    }
    state.move({ vm, slot }, { vm: callee, slot: IPC_SLOT });
    records.set(callee, Vm.Travelled, slot);
  }
  const args = [7, 8, 9, 10].map((register) => state.register(register));
  args.forEach((value, i) => records.setRegister(callee, 7 + i, value));
  const { gas, kept } = passOn(state, target);
  state.trace?.({
    kind: 'call',
    vm,
    callee,
    gas,
    kept,
    args,
    travelling: travelling && { slot, kind: kindName(travelling.kind) },
  });
  return Switched.Yes;
}

/** RESUME of a faulted VM. */
export function resume(state: Invocation, subject: number): Switched {
  const { records, vm } = state;
  const place = state.resolve(subject);
  const target = place && state.capability(place);
  if (target?.kind !== Kind.Handle || !records.isLive(target.vm, target.id)) return Switched.Failed;
  if (records.state(target.vm) !== State.Faulted) return Switched.Failed;
  if (!state.charge(CALL_GAS)) return Switched.Unpaid;
  const { gas, kept } = passOn(state, target);
  state.trace?.({ kind: 'resume', vm, callee: target.vm, gas, kept, args: [], travelling: undefined });
  return Switched.Yes;
}

/** Lets a VM run for the running one, with the gas that its capability allows. */
function passOn(state: Invocation, target: Capability): { gas: bigint; kept: bigint } {
  const { records, vm } = state;
  const available = state.gas;
  const gas = target.ceiling < available ? target.ceiling : available;
  const kept = available - gas;
  state.gas = kept;
  records.setState(vm, State.Waiting);
  records.setState(target.vm, State.Running);
  records.set(target.vm, Vm.Caller, vm);
  records.setGas(target.vm, gas);
  state.switchTo(target.vm);
  return { gas, kept };
}

/** REPLY. */
export function reply(state: Invocation): Switched {
  return finish(state, State.Idle);
}

/** A dynamic jump to the halting address. */
export function halted(state: Invocation): Switched {
  return finish(state, State.Halted);
}

/** The running VM gives back to its caller r7, its gas and what had travelled to it. */
function finish(state: Invocation, final: State.Idle | State.Halted): Switched {
  const { records, vm } = state;
  const value = state.register(7);
  const gas = state.gas;
  const caller = records.caller(vm);
  const kind = final === State.Idle ? 'reply' : 'halted';
  if (caller < 0) {
    records.setState(vm, State.Halted);
    state.trace?.({ kind, vm, caller: undefined, value, gas, returned: undefined });
    return Switched.Ended;
  }
  const slot = records.get(vm, Vm.Travelled);
  const journey = state.journeys.get(vm);
  let returned: Capability | undefined;
  state.gas = 0n;
  leave(state, final);
  if (slot !== 0) {
    returned = records.capability(vm, IPC_SLOT);
    if (returned !== undefined) state.move({ vm, slot: IPC_SLOT }, { vm: caller, slot });
    if (journey !== undefined && returned?.kind === Kind.Data && state.dataOf(returned) === journey.data) {
      for (const [first, count] of journey.mapped) state.spaces.map(caller, journey.data, first, count);
      state.updatePrivate(caller);
    }
  }
  goBack(state, caller, gas);
  state.setRegister(7, BigInt.asIntN(64, value));
  state.setRegister32(8, 0);
  state.trace?.({
    kind,
    vm,
    caller,
    value,
    gas,
    returned: returned && { slot, kind: kindName(returned.kind) },
  });
  return Switched.Yes;
}

/**
 * The running VM cannot go on. Its caller learns why, or, for the root, the run ends.
 *
 * @param status what happened
 * @param address page of a page fault
 * @param pc byte offset of the instruction that did it
 */
export function fault(state: Invocation, status: Status, address: number, pc: number): Switched {
  const { records, vm } = state;
  const gas = state.gas;
  const caller = records.caller(vm);
  const detail =
    status === Status.Trap
      ? state.register(7)
      : status === Status.PageFault
        ? BigInt(address)
        : status === Status.OutOfGas
          ? LOW
          : HUH;
  state.trace?.({
    kind: 'fault',
    vm,
    caller: caller < 0 ? undefined : caller,
    status,
    detail: BigInt.asUintN(64, detail),
    gas,
    pc,
  });
  if (caller < 0) {
    records.setState(vm, State.Faulted);
    return Switched.Ended;
  }
  state.gas = 0n;
  leave(state, State.Faulted);
  goBack(state, caller, gas);
  state.setRegister(7, BigInt.asIntN(64, detail));
  state.setRegister32(8, status);
  return Switched.Yes;
}

/** Puts the running VM to rest. */
function leave(state: Invocation, final: State): void {
  const { records, vm } = state;
  state.save();
  records.setState(vm, final);
  records.set(vm, Vm.Caller, NO_VM | 0);
  records.set(vm, Vm.Travelled, 0);
  state.journeys.delete(vm);
}

/** Lets a caller run again, with the gas its callee had left. */
function goBack(state: Invocation, caller: number, gas: bigint): void {
  state.records.setState(caller, State.Running);
  state.load(caller);
  state.gas += gas;
}

/** Status of an engine's exit that is a fault. */
export function statusOf(exit: Exit, isTrap: boolean): Status {
  if (exit === Exit.OutOfGas) return Status.OutOfGas;
  if (exit === Exit.PageFault) return Status.PageFault;
  return isTrap ? Status.Trap : Status.Panic;
}
