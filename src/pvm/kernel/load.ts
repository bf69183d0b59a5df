/**
 * From a manifest to the state a kernel starts in: the root VM, its table, its memory and its arguments.
 */
import { nativeSupport } from '../../host/support.js';
import { Context, PAGE_SIZE } from '../layout.js';
import { Access } from '../program/image.js';
import type { Manifest, ManifestCode, ManifestData } from '../program/manifest.js';
import { type CodeOptions, sharedCache } from './code.js';
import type { DataCapability } from './data.js';
import { Invocation, ROOT } from './invocation.js';
import type { KernelOptions } from './kernel.js';
import { IPC_SLOT, Kind, PAGE_GAS, PROTOCOL_COUNT, State, UNTYPED_SLOT } from './layout.js';
import { newData, putData } from './operations.js';
import { NativePages, PortablePages } from './pages.js';
import { type Capability, UNLIMITED, VmRecords } from './records.js';
import { applySnapshot } from './snapshot.js';
import { Spaces } from './spaces.js';

/** Largest gas: the counter is a signed 64-bit number. */
const MAX_GAS = 2n ** 63n - 1n;

/**
 * Makes a kernel's state.
 *
 * @throws RangeError where the gas, the arguments or the snapshot do not fit the manifest
 */
export function loadManifest(
  manifest: Manifest,
  options: KernelOptions,
  compilation: Omit<CodeOptions, 'memoryPages'>,
): Invocation {
  const { capabilities, memoryPages } = manifest;
  const codeEntries = capabilities.filter((entry): entry is ManifestCode => entry.kind === 'code');
  const dataEntries = capabilities.filter((entry): entry is ManifestData => entry.kind === 'data');
  const gas = initialGas(options.gas ?? MAX_GAS, dataEntries);
  const args = options.args ?? new Uint8Array(0);
  checkArguments(
    args,
    dataEntries.find((entry) => entry.slot === IPC_SLOT),
  );

  const cache = options.cache ?? sharedCache;
  const codes = codeEntries.map((entry) => cache.get(entry, { ...compilation, memoryPages }));
  const tracked = codes.some((code) => code.hasEcall);
  // The interpreter, too, works in windows: moving pages between VMs then costs no copy.
  const native = nativeSupport().available;
  const records = new VmRecords(native);
  const pages = native ? new NativePages(memoryPages) : new PortablePages();
  const spaces = new Spaces(pages, native, tracked, (space) => {
    if (space.window === undefined) return;
    space.setAddress(Context.WindowBase, space.window.base);
    space.setAddress(Context.VmRecords, records.base);
  });
  const flat = compilation.gasModel === 'flat';
  const state = new Invocation(records, spaces, pages, codes, memoryPages, flat, options.trace);

  records.allocate(codeEntries.findIndex((entry) => entry.slot === manifest.invokeSlot));
  records.setState(ROOT, State.Running);
  for (let id = 1; id <= PROTOCOL_COUNT; id++) records.put(ROOT, id, capability(Kind.Protocol, id));
  for (const { slot } of capabilities) records.remove(ROOT, slot);
  codeEntries.forEach(({ slot }, id) => records.put(ROOT, slot, capability(Kind.Code, id)));
  const data = dataEntries.map((entry) => addData(state, entry));
  if (memoryPages > 0) records.put(ROOT, UNTYPED_SLOT, capability(Kind.Untyped, 0));

  dataEntries.forEach((entry, i) => {
    // A snapshot has all there is in writable memory.
    if (options.memory !== undefined && entry.access === 'write') return;
    pages.write((data[i] as DataCapability).firstPage, entry.data);
  });
  if (options.memory !== undefined) applySnapshot(state, options.memory);
  const target = data[dataEntries.findIndex((entry) => entry.slot === IPC_SLOT)];
  if (args.length > 0) pages.write((target as DataCapability).firstPage, args);
  for (const one of data) spaces.map(ROOT, one, 0, one.pages);
  state.updatePrivate(ROOT);
  state.load(ROOT);
  state.gas = gas;
  if (args.length > 0) {
    state.setRegister32(8, (target as DataCapability).base * PAGE_SIZE);
    state.setRegister32(9, args.length);
  }
  return state;
}

function addData(state: Invocation, entry: ManifestData): DataCapability {
  const data = newData(state, state.pagesUsed, entry.pageCount);
  state.pagesUsed += entry.pageCount;
  data.base = entry.basePage;
  data.access = entry.access === 'write' ? Access.Write : Access.Read;
  putData(state, { vm: ROOT, slot: entry.slot }, data);
  return data;
}

function capability(kind: Capability['kind'], id: number): Capability {
  return { kind, vm: 0, id, ceiling: UNLIMITED };
}

function checkArguments(args: Uint8Array, entry: ManifestData | undefined): void {
  if (args.length === 0) return;
  if (entry === undefined) {
    throw new RangeError('the program takes no arguments: its manifest has no DATA capability in slot 0');
  }
  if (args.length > entry.pageCount * PAGE_SIZE) {
    throw new RangeError(`${args.length} bytes of arguments; at most ${entry.pageCount * PAGE_SIZE} fit`);
  }
}

/** Gas after the pages of the manifest have been paid for. */
function initialGas(gas: bigint | number, entries: readonly ManifestData[]): bigint {
  if (typeof gas === 'number' && !Number.isSafeInteger(gas)) throw new RangeError(`gas ${gas} is not a whole number`);
  const value = BigInt(gas);
  if (value < 0n || value > MAX_GAS) throw new RangeError(`gas ${gas} is not within 0 … 2^63 − 1`);
  const pages = entries.reduce((sum, entry) => sum + entry.pageCount, 0);
  const price = BigInt(pages) * BigInt(PAGE_GAS);
  if (value < price) throw new RangeError(`gas ${gas} does not cover the ${pages} pages of the manifest: ${price}`);
  return value - price;
}
