// Objects in every shape a collector has to know, checked while they move: linked graphs with checksums, deep lists, huge
// arrays, references of all strengths, finalizers and cleaners, strings and maps, and whatever the library makes behind the
// scenes (lambdas, proxies, reflection, serialization, exceptions), on several threads. The argument scales the sizes.
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

public class HeapShapes {
    static int scale;

    /** As many as `base` at scale 1. */
    static int sized(int base) {
        return base * scale;
    }

    /** A generator of its own: no allocation, the same everywhere. */
    static final class Dice {
        private int state;

        Dice(int seed) {
            state = seed | 1;
        }

        int below(int limit) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            return (state >>> 1) % limit;
        }
    }

    static class Node {
        byte small;
        Node left;
        long wide;
        Node right;
        short tag;
        Object extra;

        Node(int tag) {
            this.tag = (short) tag;
            small = (byte) (tag * 7);
            wide = tag * 0x9E3779B97F4A7C15L;
        }

        boolean intact() {
            return small == (byte) (tag * 7) && wide == tag * 0x9E3779B97F4A7C15L;
        }
    }

    static final class Heavy extends Node {
        final double[] weights;
        final Node[] others = new Node[5];

        Heavy(int tag) {
            super(tag);
            weights = new double[tag % 60];
            Arrays.fill(weights, tag / 3.0);
        }

        @Override
        boolean intact() {
            for (double w : weights) if (w != tag / 3.0) return false;
            return super.intact();
        }
    }

    /** Random rewiring of a graph whose edges are recorded beside it as numbers. */
    static void graph() {
        int count = 200;
        Dice dice = new Dice(42);
        Node[] nodes = new Node[count];
        int[][] edges = new int[count][7];
        int[] hashes = new int[count];
        for (int i = 0; i < count; i++) {
            nodes[i] = i % 3 == 0 ? new Heavy(i) : new Node(i);
            Arrays.fill(edges[i], -1);
            hashes[i] = System.identityHashCode(nodes[i]);
        }
        for (int step = 0; step < sized(1200); step++) {
            int from = dice.below(count), to = dice.below(count), edge = dice.below(7);
            Node node = nodes[from];
            if (edge == 0) node.left = nodes[to];
            else if (edge == 1) node.right = nodes[to];
            else if (node instanceof Heavy) ((Heavy) node).others[edge - 2] = nodes[to];
            else continue;
            edges[from][edge] = to;
            if (step % 5 == 0) node.extra = new Object[] {node, nodes[to], new int[] {step}};
            if (step % 400 == 0) checkGraph(nodes, edges, hashes);
        }
        System.out.println("graph " + checkGraph(nodes, edges, hashes));
    }

    static long checkGraph(Node[] nodes, int[][] edges, int[] hashes) {
        long sum = 0;
        for (int i = 0; i < nodes.length; i++) {
            Node node = nodes[i];
            if (node.tag != i || !node.intact()) throw new AssertionError("node " + i);
            if (System.identityHashCode(node) != hashes[i]) throw new AssertionError("hash of " + i);
            for (int edge = 0; edge < 7; edge++) {
                int to = edges[i][edge];
                Node found = edge == 0 ? node.left
                    : edge == 1 ? node.right : node instanceof Heavy ? ((Heavy) node).others[edge - 2] : null;
                if (found != (to < 0 ? null : nodes[to])) throw new AssertionError("edge " + i + "." + edge);
                sum = sum * 31 + to;
            }
            if (node.extra != null) {
                Object[] extra = (Object[]) node.extra;
                if (extra[0] != node || ((int[]) extra[2]).length != 1) throw new AssertionError("extra of " + i);
                sum += ((int[]) extra[2])[0];
            }
        }
        return sum;
    }

    static final class Link {
        final Link next;
        final int value;

        Link(Link next, int value) {
            this.next = next;
            this.value = value;
        }
    }

    /** What no recursive marking survives. */
    static void deepList() {
        Link list = null;
        for (int i = 0; i < sized(1000); i++) list = new Link(list, i);
        System.gc();
        long sum = 0;
        int length = 0;
        for (Link at = list; at != null; at = at.next, length++) sum += (long) at.value * length;
        Object nested = "bottom";
        for (int i = 0; i < sized(500); i++) nested = new Object[] {null, nested};
        System.gc();
        int depth = 0;
        for (; nested instanceof Object[]; depth++) nested = ((Object[]) nested)[1];
        System.out.println("deep " + length + " " + sum + " " + depth + " " + nested);
    }

    static void hugeArrays() {
        Object[] large = new Object[300_000];
        int[] numbers = new int[1_000_000];
        for (int i = 0; i < numbers.length; i++) numbers[i] = i * 31;
        byte[][] rows = new byte[20][];
        for (int i = 0; i < sized(300); i++) {
            large[i * 997 % large.length] = new int[] {i};
            rows[i % 20] = new byte[10_000 + i % 7];
            rows[i % 20][i % 10_000] = (byte) i;
        }
        long sum = Arrays.hashCode(numbers);
        for (int i = 0; i < large.length; i++) if (large[i] != null) sum = sum * 31 + i + ((int[]) large[i])[0];
        for (byte[] row : rows) sum = sum * 31 + Arrays.hashCode(row);
        Object[] copy = large.clone();
        System.arraycopy(copy, 1000, copy, 0, 200_000);
        int[][][] cube = new int[4][5][6];
        cube[3][4][5] = 345;
        Object grid = Array.newInstance(String.class, 3, 2);
        ((String[][]) grid)[2][1] = "cell";
        System.out.println("huge " + sum + " " + (copy[0] == large[1000]) + " " + cube[3][4][5] + " "
            + Arrays.deepToString((Object[]) grid));
    }

    static void gcUntil(BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < 100 && !done.getAsBoolean(); i++) {
            System.gc();
            Thread.sleep(5);
        }
    }

    static int finalized;
    static Doomed risen;
    static final List<String> cleaned = new ArrayList<>();

    static final class Doomed {
        final int[] data = {1, 2, 3};

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        protected void finalize() {
            synchronized (cleaned) {
                if (data[2] == 3) finalized++;
                risen = this;
            }
        }
    }

    static void makeDoomed() {
        for (int i = 0; i < 5; i++) new Doomed();
    }

    static void registerCleaners(Cleaner cleaner) {
        for (int i = 0; i < 3; i++) {
            String name = "c" + i;
            cleaner.register(new Object[] {name}, () -> {
                synchronized (cleaned) {
                    cleaned.add(name);
                }
            });
        }
    }

    static void fillReferences(List<Reference<Object>> weak, List<Object> kept, ReferenceQueue<Object> queue) {
        for (int i = 0; i < 30; i++) {
            Object target = new Object[] {i};
            weak.add(i % 2 == 0 ? new WeakReference<>(target, queue) : new PhantomReference<>(target, queue));
            if (i % 3 == 0) kept.add(target);
        }
    }

    static void fillMap(Map<Object, String> map, List<Object> kept) {
        for (int i = 0; i < 20; i++) {
            Object key = new Object[] {i};
            map.put(key, "v" + i);
            if (i % 4 == 0) kept.add(key);
        }
    }

    static void references() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        List<Reference<Object>> weak = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        fillReferences(weak, kept, queue);
        SoftReference<int[]> soft = new SoftReference<>(new int[] {4, 5, 6});
        WeakHashMap<Object, String> map = new WeakHashMap<>();
        List<Object> keys = new ArrayList<>();
        fillMap(map, keys);
        Cleaner cleaner = Cleaner.create();
        registerCleaners(cleaner);
        makeDoomed();
        int[] queued = {0};
        gcUntil(() -> {
            while (queue.poll() != null) queued[0]++;
            synchronized (cleaned) {
                return queued[0] == 20 && map.size() == 5 && cleaned.size() == 3 && finalized == 5;
            }
        });
        int alive = 0;
        for (int i = 0; i < weak.size(); i++) {
            boolean cleared = weak.get(i).refersTo(null);
            if (cleared == (i % 3 == 0)) throw new AssertionError("reference " + i);
            if (!cleared) alive++;
        }
        for (int i = 0; i < kept.size(); i++) {
            Object target = kept.get(i);
            if (!weak.get(3 * i).refersTo(target)) throw new AssertionError("referent " + i);
        }
        synchronized (cleaned) {
            cleaned.sort(null);
            System.out.println("references " + queued[0] + " " + alive + " " + map.size() + " " + soft.get()[2] + " "
                + cleaned + " " + finalized + " " + risen.data[0]);
        }
        Reference.reachabilityFence(cleaner);
        Reference.reachabilityFence(keys);
    }

    static void collections() {
        Map<String, List<Integer>> map = new HashMap<>();
        TreeMap<Integer, StringBuilder> tree = new TreeMap<>();
        IdentityHashMap<Object, Integer> identities = new IdentityHashMap<>();
        Object[] objects = new Object[20];
        for (int i = 0; i < objects.length; i++) identities.put(objects[i] = new Object(), i);
        for (int i = 0; i < sized(150); i++) {
            map.computeIfAbsent("key" + i % 17, k -> new ArrayList<>()).add(i);
            tree.computeIfAbsent(i % 23, k -> new StringBuilder("s")).append(i % 10);
            if (i % 40 == 0) map.remove("key" + i % 17);
        }
        int sum = 0;
        for (int i = 0; i < objects.length; i++) sum += identities.get(objects[i]) * i;
        String joined = String.join(",", tree.values());
        String interned = ("in" + scale).intern();
        System.out.println("maps " + map.hashCode() + " " + joined.hashCode() + " " + joined.length() + " " + sum + " "
            + (interned == new StringBuilder("in").append(scale).toString().intern()));
    }

    interface Speaker {
        String say(String what, int times);
    }

    static final class Parcel implements Serializable {
        private static final long serialVersionUID = 1;
        final String name;
        final int[] numbers;
        final Parcel inner;
        Parcel self;

        Parcel(String name, int[] numbers, Parcel inner) {
            this.name = name;
            this.numbers = numbers;
            this.inner = inner;
            self = this;
        }
    }

    public static String twice(String text, long number, double fraction) {
        return text + number + fraction + text;
    }

    static int thrower(int depth) {
        if (depth == 0) throw new IllegalStateException("depth " + new int[] {7}[0]);
        try {
            return thrower(depth - 1) + 1;
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + depth, depth == 3 ? e : e.getCause());
        }
    }

    static void machinery() throws Throwable {
        String text = "";
        for (int i = 0; i < Math.min(sized(3), 60); i++) {
            int captured = i;
            IntUnaryOperator add = x -> x + captured;
            Speaker speaker = (Speaker) Proxy.newProxyInstance(HeapShapes.class.getClassLoader(),
                new Class<?>[] {Speaker.class}, (proxy, method, args) -> method.getName() + args[0] + args[1] + captured);
            text = speaker.say("w" + i, add.applyAsInt(i));
            text += HeapShapes.class.getMethod("twice", String.class, long.class, double.class)
                .invoke(null, text, 1L << i, i / 4.0);
            try {
                thrower(5);
            } catch (IllegalStateException e) {
                text += e.getMessage() + e.getCause().getMessage() + e.getStackTrace().length;
            }
        }
        MethodHandle handle = MethodHandles.lookup().findStatic(HeapShapes.class, "twice",
            MethodType.methodType(String.class, String.class, long.class, double.class));
        text += (String) handle.invokeExact("h", 5L, 0.5);
        text += MethodHandles.insertArguments(handle, 1, 6L).invokeWithArguments("i", 0.25);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Parcel("outer", new int[] {1, 2, 3}, new Parcel("inner", new int[1000], null)));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Parcel parcel = (Parcel) in.readObject();
            text += parcel.name + Arrays.toString(parcel.numbers) + parcel.inner.name + parcel.inner.numbers.length
                + (parcel.self == parcel);
        }
        System.out.println("machinery " + text);
    }

    static void threads() throws InterruptedException {
        Map<Integer, String> shared = new TreeMap<>();
        long[] sums = new long[4];
        Thread[] workers = new Thread[sums.length];
        for (int w = 0; w < workers.length; w++) {
            int id = w;
            workers[w] = new Thread(() -> {
                Object[] mine = new Object[16];
                Dice dice = new Dice(2 * id + 7);
                for (int i = 0; i < sized(60); i++) {
                    int[] box = {i, id};
                    mine[dice.below(16)] = box;
                    if (i % 10 == 0) {
                        synchronized (shared) {
                            shared.put(id * 100_000 + i, "t" + id + "." + i);
                        }
                        Thread.yield();
                    }
                    for (Object each : mine) if (each != null && ((int[]) each)[1] != id) throw new AssertionError();
                }
                for (Object each : mine) if (each != null) sums[id] = sums[id] * 31 + ((int[]) each)[0];
            });
        }
        for (Thread worker : workers) worker.start();
        for (Thread worker : workers) worker.join();
        System.out.println("threads " + Arrays.toString(sums) + " " + shared.size() + " " + shared.hashCode());
    }

    public static void main(String[] args) throws Throwable {
        scale = Integer.parseInt(args[0]);
        Link witness = new Link(new Link(null, 2), 1);
        graph();
        deepList();
        hugeArrays();
        references();
        collections();
        machinery();
        threads();
        System.out.println("witness " + witness.value + witness.next.value);
    }
}
