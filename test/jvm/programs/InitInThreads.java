// Class initialisation by several threads: who waits, who sees the error, and recursion within one thread.
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class InitInThreads {
    static final AtomicInteger runs = new AtomicInteger(); static final CountDownLatch inside = new CountDownLatch(1), release = new CountDownLatch(1);
    static class Slow { static int v; static { runs.incrementAndGet(); inside.countDown(); try { release.await(); } catch (InterruptedException e) { } v = 42; } }
    static class Failing { static int v; static { try { Thread.sleep(10); } catch (InterruptedException e) { } if (runs.get() > 0) throw new IllegalArgumentException("init"); } }
    static class Lazy { static class Holder { static final Lazy IT = new Lazy(); } static final AtomicInteger made = new AtomicInteger(); Lazy() { made.incrementAndGet(); } static Lazy get() { return Holder.IT; } }
    public static void main(String[] args) throws Exception {
        ExecutorService p = Executors.newFixedThreadPool(5); Future<?>[] fs = new Future[5]; for (int i = 0; i < 5; i++) fs[i] = p.submit(() -> Slow.v); inside.await(); System.out.println(fs[0].isDone()); release.countDown(); int s = 0; for (Future<?> f : fs) s += (Integer) f.get(); System.out.println(s + " " + runs); ConcurrentLinkedQueue<String> errs = new ConcurrentLinkedQueue<>(); for (int i = 0; i < 5; i++) fs[i] = p.submit(() -> { try { return Failing.v; } catch (LinkageError e) { errs.add(e.getClass().getSimpleName()); return -1; } }); for (Future<?> f : fs) f.get(); errs.stream().sorted().forEach(System.out::println); CyclicBarrier b = new CyclicBarrier(5); for (int i = 0; i < 5; i++) fs[i] = p.submit(() -> { b.await(); return Lazy.get(); }); Object first = fs[0].get(); boolean same = true; for (Future<?> f : fs) same &= f.get() == first; System.out.println(same + " " + Lazy.made); p.shutdown();
    }
}
