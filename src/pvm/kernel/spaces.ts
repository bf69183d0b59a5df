/**
 * Address spaces: which VM's pages are mapped where.
 *
 * A VM that maps pages needs a 4 GiB window of its own while it runs; all that map none share one. There are POOL_SIZE
 * windows besides the shared one; a VM that needs a window and has none takes the one that was left longest ago, whose
 * pages are unmapped first. What a VM has mapped is remembered here, so that a window can be filled again.
 */
import type { Machine } from '../interpreter/machine.js';
import { CONTEXT_SIZE, type Context, PAGE_SIZE } from '../layout.js';
import { GuestMemory } from '../memory/guest-memory.js';
import { PortableBacking } from '../memory/portable.js';
import { NativeWindow } from '../memory/window.js';
import { Access } from '../program/image.js';
import type { DataCapability } from './data.js';
import type { PageStore } from './pages.js';

/** Windows for VMs that map pages. */
const POOL_SIZE = 8;
/**
 * Most stretches of mapped pages a VM may have. Each is a mapping of the host's, which allows a process some 65 000;
 * without a limit a guest could take them all.
 */
export const MAX_STRETCHES = 1024;

/**
 * Most stretches of pages opened for writing between closed ones, in an address space, and in all of a kernel's together
 * when a VM starts to run: each takes two mappings of those 65 000, and where they are used up, V8 ends the process.
 */
const MAX_ISLANDS = 8192;

/** An address space with the context of whoever runs in it. */
export class Space {
  readonly memory: GuestMemory;
  /** The context block as words and as 64-bit numbers. */
  readonly words: Int32Array;
  readonly quads: BigInt64Array;
  /** VM whose pages are mapped; −1 for none, and always for the shared space. */
  owner = -1;
  /** Stretches of pages that were opened for writing between closed ones: as many as there are, or more. */
  islands = 0;
  /** When it was last taken. */
  lastUse = 0;
  /** The interpreter's view of it, by number of the CODE capability; filled in as VMs run here. */
  readonly machines: (Machine | undefined)[] = [];
  /** DATA capabilities with pages mapped here. */
  readonly attached = new Set<DataCapability>();

  constructor(
    readonly window: NativeWindow | undefined,
    tracked: boolean,
  ) {
    this.memory = new GuestMemory(window ?? new PortableBacking(), undefined, 0);
    const context = window?.context ?? new ArrayBuffer(CONTEXT_SIZE);
    this.words = new Int32Array(context);
    this.quads = new BigInt64Array(context);
    if (tracked) {
      this.memory.tracker = {
        isClosed: (address) => this.closedPage(address) !== undefined,
        open: (address) => this.open(address),
      };
    }
  }

  /** Sets a 64-bit address in the context. */
  setAddress(field: Context, address: number): void {
    this.words[field >> 2] = address;
    this.words[(field >> 2) + 1] = Math.floor(address / 2 ** 32);
  }

  /** The DATA capability whose writable page at an address has not been written, if that is so. */
  private closedPage(address: number): DataCapability | undefined {
    const page = Math.floor(address / PAGE_SIZE);
    for (const data of this.attached) {
      const i = page - data.base;
      if (i < 0 || i >= data.pages || data.mapped[i] === 0) continue;
      return data.access === Access.Write && data.dirty[i] === 0 ? data : undefined;
    }
    return undefined;
  }

  private open(address: number): void {
    const data = this.closedPage(address) as DataCapability;
    const page = Math.floor(address / PAGE_SIZE);
    const i = page - data.base;
    this.addIslands(1 - neighbours(data, i));
    data.dirty[i] = 1;
    this.memory.map(page * PAGE_SIZE, PAGE_SIZE, Access.Write);
  }

  /** Makes a page of a DATA capability attached here count as not written. */
  close(data: DataCapability, i: number): void {
    if (data.access === Access.Write) this.addIslands(neighbours(data, i) - 1);
    data.dirty[i] = 0;
    this.memory.map((data.base + i) * PAGE_SIZE, PAGE_SIZE, Access.Read);
  }

  /**
   * Takes note of more stretches of opened pages, each a mapping of its own, or of fewer.
   *
   * @throws RangeError where there are too many
   */
  addIslands(count: number): void {
    if (this.islands + count > MAX_ISLANDS) {
      this.islands = this.countIslands();
      if (this.islands + count > MAX_ISLANDS) {
        throw new RangeError(
          `the VM has written more than ${MAX_ISLANDS} pages that are apart, in a program that may ask which: ` +
            'the host allows a process only so many mappings',
        );
      }
    }
    this.islands += count;
  }

  /** Counts the stretches there are. */
  countIslands(): number {
    let count = 0;
    for (const data of this.attached) {
      if (data.access !== Access.Write) continue;
      for (let i = 0; i < data.pages; i++) if (data.isWritten(i) && !data.isWritten(i - 1)) count++;
    }
    return count;
  }
}

/** How many of a page's neighbours are mapped and written: what joins to them is no stretch of its own. */
function neighbours(data: DataCapability, page: number): number {
  return (data.isWritten(page - 1) ? 1 : 0) + (data.isWritten(page + 1) ? 1 : 0);
}

/** All address spaces of a kernel. */
export class Spaces {
  readonly shared: Space;
  private readonly pool: Space[] = [];
  private readonly spaceOf = new Map<number, Space>();
  /** DATA capabilities with mapped pages, by VM. */
  private readonly mapped = new Map<number, Set<DataCapability>>();
  private clock = 0;

  constructor(
    private readonly pages: PageStore,
    private readonly native: boolean,
    /** Whether somebody may ask which pages were written. */
    private readonly tracked: boolean,
    private readonly prepare: (space: Space) => void,
  ) {
    this.shared = this.make(true);
  }

  /** The address space a VM has now, if it has one of its own. */
  find(vm: number): Space | undefined {
    return this.spaceOf.get(vm);
  }

  /** An address space with a VM's pages in it. */
  take(vm: number): Space {
    if (!this.mapped.has(vm)) return this.shared;
    let space = this.spaceOf.get(vm);
    if (space === undefined) {
      space = this.evict();
      space.owner = vm;
      this.spaceOf.set(vm, space);
      for (const data of this.mapped.get(vm) as Set<DataCapability>) {
        const target = space;
        data.runs(0, data.pages, 1, (first, count) => this.fill(target, data, first, count));
      }
    }
    space.lastUse = ++this.clock;
    if (this.tracked) this.limitIslands(space);
    return space;
  }

  /** DATA capabilities with pages mapped in a VM. */
  dataOf(vm: number): Iterable<DataCapability> {
    return this.mapped.get(vm) ?? [];
  }

  /** Whether a VM maps any page. */
  hasMapped(vm: number): boolean {
    return this.mapped.has(vm);
  }

  /** Why pages of a DATA capability may not be mapped in a VM, whose base and access it has already: an overlap, or too many pieces. */
  refuses(vm: number, data: DataCapability, first: number, count: number): boolean {
    let stretches = 2;
    for (const other of this.dataOf(vm)) {
      other.runs(0, other.pages, 1, () => {
        stretches++;
      });
      if (other === data) continue;
      const from = Math.max(data.base + first - other.base, 0);
      const to = data.base + first + count - other.base;
      let overlaps = false;
      other.runs(from, Math.max(to - from, 0), 1, () => {
        overlaps = true;
      });
      if (overlaps) return true;
    }
    return stretches > MAX_STRETCHES;
  }

  /** Whether pages must stay mapped in a VM, because without them it would have too many stretches. */
  keeps(vm: number, data: DataCapability, first: number, count: number): boolean {
    if (data.mapped[first - 1] !== 1 || data.mapped[first + count] !== 1) return false;
    let stretches = 1;
    for (const one of this.dataOf(vm)) {
      one.runs(0, one.pages, 1, () => {
        stretches++;
      });
    }
    return stretches > MAX_STRETCHES;
  }

  /** Maps pages. */
  map(vm: number, data: DataCapability, first: number, count: number): void {
    const space = this.spaceOf.get(vm);
    data.runs(first, count, 0, (from, length) => {
      data.mapped.fill(1, from, from + length);
      data.mappedCount += length;
      if (space !== undefined) this.fill(space, data, from, length);
    });
    if (data.mappedCount === 0) return;
    let list = this.mapped.get(vm);
    if (list === undefined) {
      list = new Set();
      this.mapped.set(vm, list);
    }
    list.add(data);
  }

  /** Unmaps pages; those that are not mapped are passed over. */
  unmap(vm: number, data: DataCapability, first: number, count: number): void {
    const space = this.spaceOf.get(vm);
    data.runs(first, count, 1, (from, length) => {
      if (space !== undefined) this.clear(space, data, from, length);
      data.mapped.fill(0, from, from + length);
      data.mappedCount -= length;
    });
    if (data.mappedCount > 0) return;
    space?.attached.delete(data);
    const list = this.mapped.get(vm);
    if (list?.delete(data) && list.size === 0) {
      this.mapped.delete(vm);
      if (space !== undefined) this.leave(space);
    }
  }

  /** Takes note that pages of a DATA capability count as not written. */
  close(vm: number, data: DataCapability, first: number, count: number): void {
    const space = this.spaceOf.get(vm);
    for (let i = first; i < first + count; i++) {
      if (data.dirty[i] === 0) continue;
      if (space !== undefined && data.mapped[i] !== 0) space.close(data, i);
      else data.dirty[i] = 0;
    }
  }

  /** Gives all windows back. */
  dispose(): void {
    for (const space of [this.shared, ...this.pool]) {
      space.memory.dispose();
      // A host function may have kept the memory: there is nothing to open for writing in it any more.
      space.attached.clear();
    }
    this.mapped.clear();
    this.spaceOf.clear();
  }

  private make(shared: boolean): Space {
    const space = new Space(this.native ? new NativeWindow() : undefined, this.tracked && !shared);
    this.prepare(space);
    return space;
  }

  /** A space that nobody is in. */
  private evict(): Space {
    let oldest: Space | undefined;
    for (const space of this.pool) {
      if (space.owner < 0) return space;
      if (oldest === undefined || space.lastUse < oldest.lastUse) oldest = space;
    }
    if (this.pool.length < POOL_SIZE) {
      const space = this.make(false);
      this.pool.push(space);
      return space;
    }
    this.empty(oldest as Space);
    return oldest as Space;
  }

  /** Empties windows, the one left longest ago first, until all together do not take too many mappings. */
  private limitIslands(current: Space): void {
    for (let counted = false; ; ) {
      let total = 0;
      let oldest: Space | undefined;
      for (const space of this.pool) {
        if (counted) space.islands = space.countIslands();
        total += space.islands;
        if (space === current || space.islands === 0) continue;
        if (oldest === undefined || space.lastUse < oldest.lastUse) oldest = space;
      }
      if (total <= MAX_ISLANDS || oldest === undefined) return;
      if (counted) this.empty(oldest);
      counted = true;
    }
  }

  private empty(space: Space): void {
    for (const data of space.attached) {
      data.runs(0, data.pages, 1, (first, count) => this.clear(space, data, first, count));
    }
    this.leave(space);
  }

  private leave(space: Space): void {
    this.spaceOf.delete(space.owner);
    space.owner = -1;
    space.islands = 0;
    space.attached.clear();
  }

  /** Puts pages that count as mapped into a space. */
  private fill(space: Space, data: DataCapability, first: number, count: number): void {
    const access = data.access as Access;
    space.attached.add(data);
    const put = (from: number, to: number, as: Access) => {
      this.pages.map(space.memory, space.window, data.firstPage + from, data.base + from, to - from, as);
    };
    if (!this.tracked || access === Access.Read) {
      put(first, first + count, access);
      return;
    }
    for (let i = first; i < first + count; ) {
      let stop = i + 1;
      while (stop < first + count && data.dirty[stop] === data.dirty[i]) stop++;
      put(i, stop, data.dirty[i] === 0 ? Access.Read : Access.Write);
      if (data.dirty[i] !== 0) space.islands++;
      i = stop;
    }
    space.addIslands(0);
  }

  private clear(space: Space, data: DataCapability, first: number, count: number): void {
    // What is taken out of a stretch may leave two.
    if (this.tracked) space.islands++;
    this.pages.unmap(space.memory, data.firstPage + first, data.base + first, count);
  }
}
