// Weak, soft and phantom references, queues, WeakHashMap, cleaners: what System.gc() must clear and what it must keep.
import java.lang.ref.*;
import java.util.*;

public class References {
    static class Big { final byte[] b = new byte[100_000]; final String n; Big(String n) { this.n = n; } @Override public String toString() { return n; } }
    static void gcUntil(java.util.function.BooleanSupplier done) throws InterruptedException { for (int i = 0; i < 50 && !done.getAsBoolean(); i++) { System.gc(); Thread.sleep(10); } }
    static WeakReference<Big> weak(ReferenceQueue<Object> q) { return new WeakReference<>(new Big("weak"), q); }
    static PhantomReference<Big> phantom(ReferenceQueue<Object> q) { return new PhantomReference<>(new Big("phantom"), q); }
    static void fill(Map<Object, String> m, List<Object> keep) { for (int i = 0; i < 10; i++) { Object k = new Big("k" + i); m.put(k, "v" + i); if (i % 2 == 0) keep.add(k); } }
    static Cleaner.Cleanable register(Cleaner c, List<String> log, String n) { Big b = new Big(n); return c.register(b, () -> { synchronized (log) { log.add("cleaned " + n); log.notifyAll(); } }); }
    @SuppressWarnings("removal") static class Fin { static volatile boolean done; static volatile Fin risen; @Override protected void finalize() { done = true; risen = this; } }
    static void makeFin() { new Fin(); }
    public static void main(String[] args) throws Exception {
        ReferenceQueue<Object> q = new ReferenceQueue<>(); Big held = new Big("held"); WeakReference<Big> w = weak(q), kept = new WeakReference<>(held, q); PhantomReference<Big> ph = phantom(q); SoftReference<Big> soft = new SoftReference<>(new Big("soft")); System.out.println(kept.get() + " " + ph.get() + " " + soft.get()); gcUntil(() -> w.get() == null && ph.refersTo(null)); System.out.println(w.get() + " " + kept.get() + " " + soft.get() + " " + w.refersTo(null)); Set<Object> polled = Collections.newSetFromMap(new IdentityHashMap<>()); for (int i = 0; i < 2; i++) polled.add(q.remove(2000)); System.out.println(polled.contains(w) + " " + polled.contains(ph) + " " + polled.size() + " " + q.poll() + " " + held); System.out.println(kept.enqueue() + " " + kept.get() + " " + (q.poll() == kept) + " " + kept.enqueue());
        WeakHashMap<Object, String> m = new WeakHashMap<>(); List<Object> keep = new ArrayList<>(); fill(m, keep); gcUntil(() -> m.size() == 5); System.out.println(m.size() + " " + new TreeSet<>(m.values()) + " " + keep.size()); Cleaner c = Cleaner.create(); List<String> log = new ArrayList<>(); Cleaner.Cleanable explicit = register(c, log, "one"); explicit.clean(); explicit.clean(); register(c, log, "two"); gcUntil(() -> { synchronized (log) { return log.size() == 2; } }); System.out.println(log); makeFin(); gcUntil(() -> Fin.done); System.out.println(Fin.done + " " + (Fin.risen != null)); ThreadLocal<Big> tl = new ThreadLocal<>(); tl.set(new Big("tl")); System.gc(); System.out.println(tl.get()); List<SoftReference<byte[]>> softs = new ArrayList<>(); String interned = new String("inter" + args.length).intern(); System.gc(); System.out.println(interned == ("inter" + "0").intern()); int[] counts = {0}; for (int i = 0; i < 200; i++) { new WeakReference<>(new Object(), q); counts[0]++; } System.gc(); System.out.println(counts[0]); Reference.reachabilityFence(held); Object o = new Object(); int h = System.identityHashCode(o), hh = held.hashCode(); System.gc(); System.out.println(h == System.identityHashCode(o) && hh == held.hashCode() && h == o.hashCode()); System.out.println(System.identityHashCode(null));
    }
}
