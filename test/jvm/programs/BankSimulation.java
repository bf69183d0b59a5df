// Threads moving money with ordered locks, a pipeline of queues, and a dining table: totals hold whatever the schedule.
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;
import java.util.stream.*;

public class BankSimulation {
    static class Account { final int id; final Lock lock = new ReentrantLock(); long balance; Account(int id, long b) { this.id = id; balance = b; } }
    static boolean transfer(Account a, Account b, long amount) { if (a == b) return false; Account first = a.id < b.id ? a : b, second = first == a ? b : a; first.lock.lock(); try { second.lock.lock(); try { if (a.balance < amount) return false; a.balance -= amount; b.balance += amount; return true; } finally { second.lock.unlock(); } } finally { first.lock.unlock(); } }
    public static void main(String[] args) throws Exception {
        Account[] accounts = IntStream.range(0, 8).mapToObj(i -> new Account(i, 1000)).toArray(Account[]::new); ExecutorService pool = Executors.newFixedThreadPool(4); List<Callable<Integer>> jobs = new ArrayList<>(); for (int t = 0; t < 4; t++) { long seed = t; jobs.add(() -> { Random r = new Random(seed); int done = 0; for (int i = 0; i < 500; i++) if (transfer(accounts[r.nextInt(8)], accounts[r.nextInt(8)], r.nextInt(200))) done++; return done; }); } int done = 0; for (Future<Integer> f : pool.invokeAll(jobs)) done += f.get(); System.out.println(Arrays.stream(accounts).mapToLong(a -> a.balance).sum() + " " + (done > 500) + " " + Arrays.stream(accounts).allMatch(a -> a.balance >= 0));
        BlockingQueue<Integer> q1 = new ArrayBlockingQueue<>(4), q2 = new LinkedBlockingQueue<>(); Future<?> stage1 = pool.submit(() -> { for (int i = 1; i <= 200; i++) q1.put(i); q1.put(-1); return null; }), stage2 = pool.submit(() -> { for (int v; (v = q1.take()) > 0;) if (v % 3 == 0) q2.put(v * v); q2.put(-1); return null; }); Future<Long> stage3 = pool.submit(() -> { long s = 0; for (int v; (v = q2.take()) > 0;) s += v; return s; }); System.out.println(stage3.get() + " " + stage1.get() + stage2.get()); Semaphore[] forks = IntStream.range(0, 4).mapToObj(i -> new Semaphore(1)).toArray(Semaphore[]::new); AtomicInteger meals = new AtomicInteger(); List<Callable<Void>> eaters = new ArrayList<>(); for (int p = 0; p < 4; p++) { int lo = Math.min(p, (p + 1) % 4), hi = Math.max(p, (p + 1) % 4); eaters.add(() -> { for (int i = 0; i < 30; i++) { forks[lo].acquire(); forks[hi].acquire(); meals.incrementAndGet(); if (i % 10 == 0) Thread.yield(); forks[hi].release(); forks[lo].release(); } return null; }); } for (Future<Void> f : pool.invokeAll(eaters)) f.get(); System.out.println(meals); pool.shutdown(); volatileHandOff(); }
    static volatile int turn; static int plain; static void volatileHandOff() throws InterruptedException { Thread[] ts = new Thread[3]; for (int t = 0; t < 3; t++) { int me = t; ts[t] = new Thread(() -> { for (int i = 0; i < 50; i++) { while (turn != me) Thread.yield(); plain = plain * 3 + me; turn = (me + 1) % 3; } }); ts[t].start(); } for (Thread t : ts) t.join(); System.out.println(plain);
    }
}
