// Interruption of every blocking call: sleep, wait, join, queues, locks, futures, selectors, channels, latches, barriers.
import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class Interruptions {
    interface Body { void run() throws Exception; }
    static void t(String name, Body b) throws Exception { String[] result = {"?"}; Thread th = new Thread(() -> { try { b.run(); result[0] = "returned, flag " + Thread.interrupted(); } catch (Throwable e) { result[0] = e.getClass().getSimpleName() + ", flag " + Thread.interrupted(); } }); th.start(); while (th.getState() == Thread.State.NEW || th.getState() == Thread.State.RUNNABLE && !name.startsWith("io")) Thread.sleep(1); if (name.startsWith("io")) Thread.sleep(30); th.interrupt(); th.join(5000); System.out.println(name + ": " + result[0]); }
    public static void main(String[] args) throws Exception {
        Object o = new Object(); t("sleep", () -> Thread.sleep(60_000)); t("wait", () -> { synchronized (o) { o.wait(); } }); t("join", () -> { Thread.currentThread().join(60_000); }); t("queue", () -> new SynchronousQueue<>().take()); t("poll", () -> new LinkedBlockingQueue<>().poll(60, TimeUnit.SECONDS)); t("condition", () -> { ReentrantLock l = new ReentrantLock(); l.lock(); l.newCondition().await(); }); t("uninterruptible", () -> { ReentrantLock l = new ReentrantLock(); l.lock(); try { l.newCondition().awaitNanos(TimeUnit.SECONDS.toNanos(60)); } finally { l.unlock(); } }); t("latch", () -> new CountDownLatch(1).await()); t("semaphore", () -> new Semaphore(0).acquire()); t("barrier", () -> new CyclicBarrier(2).await()); t("future", () -> new CompletableFuture<>().get()); t("park", () -> LockSupport.park()); t("exchanger", () -> new Exchanger<>().exchange(1)); t("io select", () -> { try (Selector s = Selector.open()) { s.select(); } }); t("io channel", () -> { try (ServerSocketChannel c = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) { c.accept(); } }); t("io pipe", () -> { Pipe p = Pipe.open(); p.source().read(ByteBuffer.allocate(1)); }); Thread.currentThread().interrupt(); try { new CountDownLatch(0).await(); System.out.println("no"); } catch (InterruptedException e) { System.out.println("latch checks first " + Thread.interrupted()); } Thread.currentThread().interrupt(); try { new Semaphore(1).acquire(); } catch (InterruptedException e) { System.out.println("semaphore too"); } Thread.currentThread().interrupt(); System.out.println(Thread.currentThread().isInterrupted() + " " + Thread.interrupted() + " " + Thread.interrupted());
    }
}
