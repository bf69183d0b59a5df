// Deep recursion: StackOverflowError caught again and again, in several shapes, with finally blocks, monitors and threads.
// vm: -Xss1m
import java.util.*;

public class StackOverflow {
    static int depth; static int plain(int n) { depth++; return plain(n + 1) + 1; } static long wide(long a, long b, double c, Object d) { depth++; return wide(b, a + 1, c * 2, d) + wide(a, b, c, d); } int virtual(int n) { return virtual(n + 1) + 1; } synchronized int sync(int n) { return sync(n + 1) + 1; } static void fin(int n) { try { fin(n + 1); } finally { depth--; } } static int mutualA(int n) { return mutualB(n + 1); } static int mutualB(int n) { return mutualA(n + 1); } interface F { int f(F g, int n); } static class Ctor { Ctor c; Ctor() { c = new Ctor(); } } static class Str { Object o = this; @Override public String toString() { return "" + o; } }
    static boolean so(Runnable r) { try { r.run(); return false; } catch (StackOverflowError e) { return e.getMessage() == null && e.getStackTrace().length == 1024; } }
    static int sumTo(int n) { return n == 0 ? 0 : n + sumTo(n - 1); }
    public static void main(String[] args) throws Exception {
        for (int i = 0; i < 3; i++) { depth = 0; System.out.println(so(() -> plain(0)) + " " + (depth > 1000)); } System.out.println(so(() -> wide(1, 2, 3, "x")) + " " + so(() -> new StackOverflow().virtual(0)) + " " + so(() -> mutualA(0)) + " " + so(() -> { F f = (g, n) -> g.f(g, n + 1); f.f(f, 0); }) + " " + so(Ctor::new)); StackOverflow s = new StackOverflow(); System.out.println(so(() -> s.sync(0)) + " " + Thread.holdsLock(s)); synchronized (s) { System.out.println("lock still works"); } System.out.println(so(() -> fin(0))); try { new Str().toString(); } catch (StackOverflowError e) { System.out.println("toString overflow"); } List<Object> l = new ArrayList<>(); l.add(l); List<Object> m = new ArrayList<>(); m.add(l); l.add(m); try { l.hashCode(); } catch (StackOverflowError e) { System.out.println("hashCode overflow"); } System.out.println(sumTo(3000));
        Thread t = new Thread(null, () -> System.out.println("in thread " + so(() -> plain(0))), "small", 256 * 1024); t.start(); t.join(); int[] big = {0}; Thread bt = new Thread(null, () -> big[0] = sumTo(50_000), "big", 64L << 20); bt.start(); bt.join(); System.out.println(big[0]); try { "a".repeat(20000).matches("(a|b|c)*x"); System.out.println("matched?"); } catch (StackOverflowError e) { System.out.println("regex overflow"); } System.out.println("end");
    }
}
