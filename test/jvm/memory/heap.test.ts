/** The heap and its collectors: whatever a program can reach survives, unchanged, and nothing else for long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReferenceKind } from '../../../src/jvm/memory/layout.js';
import { NeedsCollection } from '../../../src/jvm/runtime/throws.js';
import { MiniWorld, Random, REFERENCE } from './mini-world.js';

const MIB = 1 << 20;

function using(heapMiB: number, body: (world: MiniWorld) => void): void {
  const world = new MiniWorld(heapMiB);
  try {
    body(world);
  } finally {
    world.dispose();
  }
}

/** Every kind of collection, as something to try a test with. */
const COLLECTIONS: readonly (readonly [string, (world: MiniWorld) => void])[] = [
  ['young', (world) => world.heap.collect(false, 'Test')],
  ['full', (world) => world.heap.collect(true, 'System.gc()')],
  ['stress', (world) => world.heap.stressCollect()],
];

/** An object of the JavaScript model of the heap. */
interface Twin {
  readonly kind: 'node' | 'array' | 'bytes';
  readonly tag: number;
  readonly links: (Twin | null)[];
}

class GraphMutator {
  readonly random: Random;
  readonly shapes;
  readonly rootCells: number[] = [];
  readonly rootTwins: (Twin | null)[] = [];
  private nextTag = 1;

  constructor(
    readonly world: MiniWorld,
    seed: number,
    roots: number,
    readonly largest: number,
    readonly step: () => void,
  ) {
    this.random = new Random(seed);
    this.shapes = [0, 1, 2, 3, 7, 20].map((n) => world.shape(`S${n}`, n));
    for (let i = 0; i < roots; i++) {
      // Root cells and statics, by turns.
      this.rootCells.push(i % 2 === 0 ? world.roots.create(0) : world.addStatic(this.shapes[0]!.cls));
      this.rootTwins.push(null);
    }
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i++) {
      const choice = this.random.below(100);
      if (choice < 55) this.make();
      else if (choice < 99) this.relink();
      else this.drop();
      this.step();
    }
  }

  private make(): void {
    const { world, random } = this;
    const cell = random.below(this.rootCells.length);
    const tag = this.nextTag++;
    const kind = random.below(20);
    let twin: Twin;
    let ref: number;
    if (kind < 16) {
      const shape = this.shapes[random.below(this.shapes.length)]!;
      ref = world.allocate(shape.cls);
      twin = { kind: 'node', tag, links: new Array<Twin | null>(shape.references).fill(null) };
      world.words[(ref + 8) >>> 2] = tag;
    } else if (kind < 19) {
      const length = random.below(20) === 0 ? random.below(3000) : random.below(12);
      ref = world.allocateArray(world.objects, length);
      twin = { kind: 'array', tag: length, links: new Array<Twin | null>(length).fill(null) };
    } else {
      const length = random.below(50) === 0 ? random.below(this.largest) : random.below(100);
      ref = world.allocateArray(world.bytes, length);
      assert(ref !== 0);
      for (let i = 0; i < length; i += 61) assert.equal(world.arena.u8[(ref >>> 0) + 16 + i], 0, 'memory is zeroed');
      world.arena.u8.fill(tag & 255, (ref >>> 0) + 16, (ref >>> 0) + 16 + length);
      twin = { kind: 'bytes', tag: (tag & 255) | (length << 8), links: [] };
    }
    assert(ref !== 0, 'the heap is large enough');
    if (twin.links.length === 0) {
      this.attach(ref, twin);
      return;
    }
    // The old root becomes the first child: lists grow.
    const first = twin.kind === 'array' ? 16 : 12;
    assert.equal(world.get(ref, first), 0, 'memory is zeroed');
    world.put(ref, first, world.words[this.rootCells[cell]! >>> 2]!);
    twin.links[0] = this.rootTwins[cell]!;
    world.words[this.rootCells[cell]! >>> 2] = ref;
    this.rootTwins[cell] = twin;
  }

  /** Puts an object into a place of some other, if one is found. */
  private attach(to: number, toTwin: Twin | null): void {
    const [from, fromTwin] = this.pick();
    if (fromTwin === null || fromTwin.links.length === 0) return;
    const i = this.random.below(fromTwin.links.length);
    this.world.put(from, (fromTwin.kind === 'array' ? 16 : 12) + 4 * i, to);
    fromTwin.links[i] = toTwin;
  }

  /** Walks a few links from a root; returns the object and its twin. */
  private pick(): [number, Twin | null] {
    const { world, random } = this;
    const cell = random.below(this.rootCells.length);
    let ref = world.words[this.rootCells[cell]! >>> 2]!;
    let twin = this.rootTwins[cell]!;
    for (let hops = random.below(6); hops > 0 && twin !== null && twin.links.length > 0; hops--) {
      const i = random.below(twin.links.length);
      if (twin.links[i] === null) break;
      ref = world.get(ref, (twin.kind === 'array' ? 16 : 12) + 4 * i);
      twin = twin.links[i]!;
    }
    return [ref, twin];
  }

  private relink(): void {
    const [to, toTwin] = this.pick();
    // Links are cut less often than made, or nothing would stay reachable for long.
    if (toTwin !== null || this.random.below(4) === 0) this.attach(to, toTwin);
  }

  private drop(): void {
    const cell = this.random.below(this.rootCells.length);
    this.world.words[this.rootCells[cell]! >>> 2] = 0;
    this.rootTwins[cell] = null;
  }

  /** Compares everything reachable with the model. */
  check(): number {
    const { world } = this;
    const seen = new Map<Twin, number>();
    const work: [number, Twin | null][] = this.rootCells.map((cell, i) => [
      world.words[cell >>> 2]!,
      this.rootTwins[i]!,
    ]);
    while (work.length > 0) {
      const [ref, twin] = work.pop()!;
      if (twin === null) {
        assert.equal(ref, 0);
        continue;
      }
      const known = seen.get(twin);
      if (known !== undefined) {
        assert.equal(ref, known, 'one object has one address');
        continue;
      }
      seen.set(twin, ref);
      const klass = world.words[ref >>> 2]!;
      if (twin.kind === 'bytes') {
        assert.equal(klass, world.bytes.klass);
        const length = twin.tag >> 8;
        assert.equal(world.get(ref, 8), length);
        const start = (ref >>> 0) + 16;
        for (let i = 0; i < length; i++) {
          if (world.arena.u8[start + i] !== (twin.tag & 255)) assert.fail(`byte ${i} of an array changed`);
        }
        continue;
      }
      const array = twin.kind === 'array';
      if (array) assert.equal(klass, world.objects.klass);
      assert.equal(world.get(ref, 8), twin.tag);
      const first = array ? 16 : 12;
      for (let i = 0; i < twin.links.length; i++) work.push([world.get(ref, first + 4 * i), twin.links[i]!]);
    }
    return seen.size;
  }
}

for (const heapMiB of [12, 32]) {
  test(`random graphs equal their model in ${heapMiB} MiB, collecting as needed`, () => {
    using(heapMiB, (world) => {
      let steps = 0;
      const mutator = new GraphMutator(world, 0x1234567 + heapMiB, 20, heapMiB * 2000, () => {
        assert(world.allocateArray(world.longs, steps % 100) !== 0);
        if (++steps % 20_000 === 0) mutator.check();
      });
      mutator.run(200_000);
      assert(world.heap.statistics.young.count > 10, 'collections happen');
      assert(mutator.check() > 1000, 'the graph is of some size');
    });
  });
}

for (const [name, collect] of COLLECTIONS) {
  test(`random graphs equal their model with forced collections: ${name}`, () => {
    using(32, (world) => {
      let steps = 0;
      const mutator = new GraphMutator(world, 99, 12, 100_000, () => {
        if (++steps % 7 === 0) collect(world);
        if (steps % 500 === 0) mutator.check();
      });
      mutator.run(8000);
      collect(world);
      assert(mutator.check() > 100, 'the graph is of some size');
    });
  });
}

test('garbage of 2 GiB goes through a heap of 16 MiB', () => {
  using(16, (world) => {
    const shape = world.shape('Garbage', 3);
    for (let i = 0; i < 5e6; i++) assert(world.allocate(shape.cls) !== 0);
    for (let i = 0; i < 1000; i++) assert(world.allocateArray(world.bytes, 2 * MIB - 100) !== 0);
    assert(world.heap.usedBytes() <= 16 * MIB);
  });
});

test('a list of a million nodes survives without recursion', () => {
  using(64, (world) => {
    const shape = world.shape('Node', 1);
    const cell = world.roots.create(0);
    for (let i = 0; i < 1e6; i++) {
      const node = world.allocate(shape.cls);
      world.words[(node + 8) >>> 2] = i;
      world.put(node, 12, world.roots.get(cell));
      world.roots.set(cell, node);
    }
    world.heap.collect(true, 'System.gc()');
    let at = world.roots.get(cell);
    for (let i = 1e6 - 1; i >= 0; i--) {
      if (world.get(at, 8) !== i) assert.fail(`node ${i}`);
      at = world.get(at, 12);
    }
    assert.equal(at, 0);
  });
});

test('huge reference arrays: young elements are found through the cards', () => {
  using(64, (world) => {
    const shape = world.shape('Element', 0);
    const length = 4_000_000;
    const cell = world.roots.create(world.allocateArray(world.objects, length));
    for (let round = 0; round < 4; round++) {
      for (let i = round; i < length; i += 997) {
        const element = world.allocate(shape.cls);
        world.words[(element + 8) >>> 2] = i;
        world.put(world.roots.get(cell), 16 + 4 * i, element);
      }
      world.heap.collect(round === 2, 'Test');
      world.heap.collect(false, 'Test');
    }
    const array = world.roots.get(cell);
    for (let i = 0; i < length; i++) {
      const element = world.get(array, 16 + 4 * i);
      if (i % 997 < 4) assert.equal(world.get(element, 8), i);
      else if (element !== 0) assert.fail(`element ${i}`);
    }
  });
});

test('the heap can be filled, says so, and works again when what filled it is dropped', () => {
  for (const [heapMiB, length] of [
    [8, 1000],
    [32, 100_000],
    [32, 3_000_000],
    [16, 20],
  ] as const) {
    using(heapMiB, (world) => {
      const shape = world.shape('Cell', 2);
      const cell = world.roots.create(0);
      for (let attempt = 0; attempt < 3; attempt++) {
        let filled = 0;
        for (;;) {
          const data = world.allocateArray(world.ints, length / 4);
          if (data === 0) break;
          world.words[(data + 16) >>> 2] = filled;
          const handle = world.roots.create(data);
          const link = world.allocate(shape.cls);
          if (link === 0) break;
          world.put(link, 12, world.roots.get(cell));
          world.put(link, 16, world.roots.get(handle));
          world.roots.release(handle);
          world.roots.set(cell, link);
          filled++;
        }
        const used = filled * (length + 16 + 24);
        assert(used > 0.85 * heapMiB * MIB - length - 24, `only ${used} of ${heapMiB} MiB were filled`);
        let at = world.roots.get(cell);
        for (let i = filled - 1; i >= 0; i--) {
          assert.equal(world.get(world.get(at, 16), 16), i);
          at = world.get(at, 12);
        }
        world.heap.reserveOpen = true;
        assert(world.heap.allocateBytes(shape.cls.klass, 24) !== 0, 'the reserve is there');
        world.heap.reserveOpen = false;
        world.roots.set(cell, 0);
      }
    });
  }
});

test('natives never collect: they get the old space, then NeedsCollection', () => {
  using(8, (world) => {
    const collections = () => world.heap.statistics.young.count + world.heap.statistics.full.count;
    let bytes = 0;
    assert.throws(() => {
      for (;;) {
        world.heap.allocateArray(world.ints, 250);
        bytes += 1016;
      }
    }, NeedsCollection);
    assert.equal(collections(), 0);
    assert(world.heap.collectionWanted);
    assert(bytes > 7 * MIB, `${bytes}`);
    world.heap.collect(false, 'Allocation Failure');
    assert(!world.heap.collectionWanted);
    assert(world.heap.usedBytes() < MIB);
    world.heap.allocateArray(world.ints, 250);
    assert.throws(() => world.heap.allocateArray(world.longs, 0x7fffffff), NeedsCollection);
  });
});

test('objects age and move to the old space; old ones stay where they are', () => {
  using(32, (world) => {
    const shape = world.shape('Old', 1);
    const cell = world.roots.create(world.allocate(shape.cls));
    for (let i = 0; i < 20; i++) world.heap.collect(false, 'Test');
    const settled = world.roots.get(cell);
    world.heap.collect(false, 'Test');
    assert.equal(world.roots.get(cell), settled);
    const child = world.allocate(shape.cls);
    world.words[(child + 8) >>> 2] = 77;
    world.put(settled, 12, child);
    for (let i = 0; i < 20; i++) {
      world.heap.collect(false, 'Test');
      assert.equal(world.get(world.get(settled, 12), 8), 77);
    }
  });
});

test('mark words move with their objects, whatever their state', () => {
  using(16, (world) => {
    const shape = world.shape('Marked', 0);
    const marks = [0x12345 << 6, (3 << 20) | (77 << 6) | 1, (4242 << 6) | 2];
    const cells = marks.map((mark) => {
      const ref = world.allocate(shape.cls);
      world.words[(ref + 4) >>> 2] = mark;
      return world.roots.create(ref);
    });
    for (let i = 0; i < 30; i++) {
      world.heap.stressCollect();
      cells.forEach((cell, n) => {
        assert.equal(world.get(world.roots.get(cell), 4) & ~0x3c, marks[n]);
      });
    }
  });
});

for (const [name, collect] of COLLECTIONS) {
  test(`weak references are cleared and listed when their referent dies: ${name}`, () => {
    using(16, (world) => {
      const weak = world.referenceClass('Weak', ReferenceKind.Weak);
      const shape = world.shape('Referent', 0);
      const makeWeak = (referent: number) => {
        const ref = world.allocate(weak);
        world.put(ref, REFERENCE.referent, referent);
        return world.roots.create(ref);
      };
      const kept = world.roots.create(world.allocate(shape.cls));
      const dead = [1, 2, 3].map(() => makeWeak(world.allocate(shape.cls)));
      const alive = [1, 2].map(() => makeWeak(world.roots.get(kept)));
      collect(world);
      for (const cell of dead) assert.equal(world.get(world.roots.get(cell), REFERENCE.referent), 0);
      for (const cell of alive)
        assert.equal(world.get(world.roots.get(cell), REFERENCE.referent), world.roots.get(kept));
      collect(world);
      const listed = new Set<number>();
      for (let ref = world.heap.references.takePending(); ref !== 0; ref = world.get(ref, REFERENCE.discovered)) {
        listed.add(ref);
      }
      assert.deepEqual(listed, new Set(dead.map((cell) => world.roots.get(cell))));
      for (const cell of alive)
        assert.equal(world.get(world.roots.get(cell), REFERENCE.referent), world.roots.get(kept));
      assert.equal(world.heap.references.takePending(), 0);
    });
  });

  test(`finalizable objects live until their finalizer, phantom references go after them: ${name}`, () => {
    using(16, (world) => {
      const [finalClass, weak, phantom] = [ReferenceKind.Final, ReferenceKind.Weak, ReferenceKind.Phantom].map((kind) =>
        world.referenceClass(`R${kind}`, kind),
      );
      const shape = world.shape('Finalizable', 1);
      const a = world.allocate(shape.cls);
      const b = world.allocate(shape.cls);
      world.put(a, 12, b);
      world.words[(b + 8) >>> 2] = 5;
      const [finalCell, weakCell, phantomCell] = [finalClass!, weak!, phantom!].map((cls) => {
        const ref = world.allocate(cls);
        world.put(ref, REFERENCE.referent, cls === finalClass ? a : b);
        return world.roots.create(ref);
      });
      const field = (cell: number, name: keyof typeof REFERENCE) => world.get(world.roots.get(cell), REFERENCE[name]);
      collect(world);
      assert.equal(field(weakCell!, 'referent'), 0, 'weak ones are cleared before finalization');
      assert.notEqual(field(phantomCell!, 'referent'), 0, 'phantom ones stay');
      assert.equal(field(finalCell!, 'next'), world.roots.get(finalCell!), 'no longer active');
      const kept = field(finalCell!, 'referent');
      assert.equal(world.get(world.get(kept, 12), 8), 5, 'what it leads to is kept');
      collect(world);
      assert.equal(world.get(world.get(field(finalCell!, 'referent'), 12), 8), 5, 'and stays until it is finalized');
      world.words[(world.roots.get(finalCell!) + REFERENCE.referent) >>> 2] = 0;
      for (let i = 0; i < 8; i++) collect(world);
      world.heap.collect(true, 'System.gc()');
      assert.equal(field(phantomCell!, 'referent'), 0);
    });
  });
}

test('soft references hold as long as there is memory and are cleared before the heap is said to be full', () => {
  using(16, (world) => {
    const soft = world.referenceClass('Soft', ReferenceKind.Soft);
    const ref = world.allocate(soft);
    const cell = world.roots.create(ref);
    const data = world.allocateArray(world.bytes, 4 * MIB);
    world.put(world.roots.get(cell), REFERENCE.referent, data);
    world.arena.i64[world.clock >>> 3] = BigInt(Date.now());
    world.arena.i64[(world.roots.get(cell) + REFERENCE.timestamp) >>> 3] = BigInt(Date.now());
    world.heap.collect(true, 'System.gc()');
    assert.notEqual(world.get(world.roots.get(cell), REFERENCE.referent), 0);
    const kept = world.roots.create(0);
    for (let i = 0; i < 14; i++) {
      const part = world.allocateArray(world.objects, MIB / 4);
      assert(part !== 0, `part ${i}`);
      world.put(part, 16, world.roots.get(kept));
      world.roots.set(kept, part);
    }
    assert.equal(world.get(world.roots.get(cell), REFERENCE.referent), 0);
    assert.equal(world.heap.references.takePending(), world.roots.get(cell));
  });
});

test('soft references that nobody used for long go in a full collection', () => {
  using(16, (world) => {
    const soft = world.referenceClass('Soft', ReferenceKind.Soft);
    const cell = world.roots.create(world.allocate(soft));
    const { bytes } = world;
    world.put(world.roots.get(cell), REFERENCE.referent, world.allocateArray(bytes, 10));
    world.arena.i64[world.clock >>> 3] = 10_000_000n;
    world.arena.i64[(world.roots.get(cell) + REFERENCE.timestamp) >>> 3] = 1_000_000n;
    world.heap.collect(true, 'System.gc()');
    assert.equal(world.get(world.roots.get(cell), REFERENCE.referent), 0);
    assert(Math.abs(Number(world.arena.i64[world.clock >>> 3]) - Date.now()) < 10_000, 'the clock is set');
  });
});

test('handles are updated and monitors follow their objects, or end with them', () => {
  using(16, (world) => {
    const shape = world.shape('Object', 0);
    const make = (tag: number) => {
      const ref = world.allocate(shape.cls);
      world.words[(ref + 8) >>> 2] = tag;
      return ref;
    };
    const handle = { ref: make(1) };
    const inner = { ref: make(2) };
    const thread = { fp: 0, handles: [handle], activations: [{ handles: [inner, handle] }, { handles: [handle] }] };
    (world.threads as unknown[]).push(thread);
    const used = { object: make(3), used: true };
    const dead = { object: make(4), used: false };
    const held = { object: handle.ref, used: false };
    world.monitorObjects.push(used, dead, held);
    for (let i = 0; i < 20; i++) {
      world.heap.stressCollect();
      assert.equal(world.get(handle.ref, 8), 1);
      assert.equal(world.get(inner.ref, 8), 2);
      assert.equal(world.get(used.object, 8), 3);
      assert.equal(held.object, handle.ref);
      assert.equal(dead.object, 0);
    }
  });
});

test('statistics and the log line of a collection', () => {
  const world = new MiniWorld(16, true);
  world.heap.collect(false, 'Allocation Failure');
  world.heap.collect(true, 'System.gc()');
  assert.equal(world.heap.statistics.young.count, 1);
  assert.equal(world.heap.statistics.full.pauses.length, 1);
  assert.match(
    world.log[0]!,
    /^\[\d+\.\d{3}s\]\[info\]\[gc\] GC\(0\) Pause Young \(Allocation Failure\) \d+M->\d+M\(\d+M\) \d+\.\d{3}ms\n$/,
  );
  assert.match(world.log[1]!, /GC\(1\) Pause Full \(System\.gc\(\)\)/);
  world.dispose();
});
