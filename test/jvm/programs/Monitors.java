// synchronized, wait and notify, interruption, join, monitor errors, deadlock-free ping-pong, static synchronized methods.
import java.util.*;

public class Monitors {
    static int shared; static synchronized void inc() { shared++; }
    static class Ping { boolean turn; int n; StringBuilder s = new StringBuilder(); synchronized void play(boolean mine, String what) throws InterruptedException { for (int i = 0; i < 5; i++) { while (turn != mine) wait(); s.append(what).append(i).append(' '); turn = !turn; notifyAll(); } } }
    static void t(Runnable r) { try { r.run(); System.out.println("fine"); } catch (RuntimeException e) { System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage()); } }
    synchronized int recursive(int n) { return n == 0 ? 0 : 1 + recursive(n - 1); }
    synchronized void throwing() { throw new IllegalArgumentException("inside"); }
    public static void main(String[] args) throws Exception {
        Thread[] ts = new Thread[4]; for (int i = 0; i < 4; i++) { ts[i] = new Thread(() -> { for (int k = 0; k < 500; k++) { inc(); if (k % 100 == 0) Thread.yield(); } }); ts[i].start(); } for (Thread t : ts) t.join(); System.out.println(shared);
        Ping p = new Ping(); Thread a = new Thread(() -> { try { p.play(true, "pong"); } catch (InterruptedException e) {} }); a.start(); p.play(false, "ping"); a.join(); System.out.println(p.s);
        Object o = new Object(); t(() -> o.notify()); t(() -> { try { o.wait(); } catch (InterruptedException e) {} }); t(() -> { try { synchronized (o) { o.wait(-1); } } catch (InterruptedException e) {} }); t(() -> { synchronized (o) { o.notifyAll(); } }); t(() -> { Object n = null; synchronized (n) { } });
        Monitors m = new Monitors(); System.out.println(m.recursive(50)); t(m::throwing); System.out.println(Thread.holdsLock(m) + " " + new Object() { synchronized boolean held() { return Thread.holdsLock(this); } }.held()); synchronized (o) { synchronized (m) { synchronized (o) { System.out.println(Thread.holdsLock(o)); } } System.out.println(Thread.holdsLock(m)); }
        Thread w = new Thread(() -> { synchronized (o) { try { o.wait(); System.out.println("notified?"); } catch (InterruptedException e) { System.out.println("wait interrupted " + Thread.currentThread().isInterrupted() + " " + Thread.holdsLock(o)); } } }); w.start(); while (w.getState() != Thread.State.WAITING) Thread.sleep(1); System.out.println(w.getState()); w.interrupt(); w.join(); System.out.println(w.getState() + " " + w.isAlive());
        Thread.currentThread().interrupt(); try { Thread.sleep(1000); } catch (InterruptedException e) { System.out.println(e.getMessage() + " " + Thread.interrupted()); } Thread.currentThread().interrupt(); System.out.println(Thread.interrupted() + " " + Thread.interrupted()); long t0 = System.nanoTime(); synchronized (o) { o.wait(20); } System.out.println(System.nanoTime() - t0 >= 19_000_000);
        Thread b; synchronized (o) { b = new Thread(() -> { synchronized (o) { System.out.println("entered"); } }, "blocked"); b.start(); while (b.getState() != Thread.State.BLOCKED) Thread.sleep(1); System.out.println(b.getState()); o.wait(1); } b.join(); Thread n = new Thread(); System.out.println(n.getState() + " " + n.isAlive() + " " + n.isDaemon() + " " + n.getPriority()); n.start(); n.join(); t(() -> n.start()); t(() -> n.setPriority(11)); t(() -> Thread.currentThread().setDaemon(true)); List<Integer> done = Collections.synchronizedList(new ArrayList<>()); Thread[] many = new Thread[20]; for (int i = 0; i < 20; i++) { int k = i; many[i] = new Thread(() -> done.add(k)); many[i].start(); } for (Thread x : many) x.join(); Collections.sort(done); System.out.println(done);
    }
}
