// Memory exhaustion: OutOfMemoryError is caught, memory comes back, and sizes beyond any heap are refused.
// vm: -Xmx32m
import java.util.*;

public class OutOfMemory {
    static class Link { Link next; long[] pad = new long[100]; }
    static int fill() { List<byte[]> l = new ArrayList<>(); try { while (true) l.add(new byte[200_000]); } catch (OutOfMemoryError e) { int n = l.size(); l = null; return n; } }
    static boolean chain() { Link head = null; try { while (true) { Link k = new Link(); k.next = head; head = k; } } catch (OutOfMemoryError e) { boolean ok = e.getMessage().equals("Java heap space"); head = null; return ok; } }
    public static void main(String[] args) throws Exception {
        for (int i = 0; i < 3; i++) { int n = fill(); System.out.println(n > 50 && n < 200); } System.out.println(chain()); for (int size : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 1, 1 << 29}) try { long[] a = new long[size]; System.out.println("allocated " + a.length); } catch (OutOfMemoryError e) { System.out.println(e.getMessage()); } try { int[][] m = new int[10_000][10_000]; System.out.println(m.length); } catch (OutOfMemoryError e) { System.out.println("grid: " + e.getMessage()); } try { "x".repeat(Integer.MAX_VALUE).length(); } catch (OutOfMemoryError e) { System.out.println("repeat: " + e.getMessage()); } try { StringBuilder b = new StringBuilder("0123456789"); while (true) b.append(b); } catch (OutOfMemoryError e) { System.out.println("builder"); } try { new ArrayList<Object>(Integer.MAX_VALUE); } catch (OutOfMemoryError e) { System.out.println("list: " + e.getMessage()); } long used = 0; for (int i = 0; i < 2000; i++) used += new byte[100_000].length; System.out.println(used); Runtime r = Runtime.getRuntime(); System.out.println((r.maxMemory() <= 34L << 20) + " " + (r.totalMemory() <= r.maxMemory()) + " " + (r.freeMemory() > 0)); Thread t = new Thread(() -> { List<Object> l = new ArrayList<>(); try { while (true) l.add(new int[50_000]); } catch (OutOfMemoryError e) { l = null; System.out.println("thread survived"); } }); t.start(); t.join(); java.lang.ref.SoftReference<byte[]> soft = new java.lang.ref.SoftReference<>(new byte[1_000_000]); fill(); System.out.println(soft.get()); System.out.println(new String(new char[1000]).length());
    }
}
