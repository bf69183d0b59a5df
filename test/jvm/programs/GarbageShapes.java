// Garbage in many shapes through a small heap: trees, deep lists, huge arrays, strings and maps, checksummed as they live on.
// vm: -Xmx48m
import java.util.*;

public class GarbageShapes {
    static class Tree { Tree l, r; int v; Tree(int d, int v) { this.v = v; if (d > 0) { l = new Tree(d - 1, 2 * v); r = new Tree(d - 1, 2 * v + 1); } } int sum() { return v + (l == null ? 0 : l.sum() + r.sum()); } }
    static class Cell { Cell next; final int v; Cell(Cell n, int v) { next = n; this.v = v; } }
    public static void main(String[] args) {
        Tree longLived = new Tree(12, 1); int expect = longLived.sum(); Cell list = null; for (int i = 0; i < 100_000; i++) list = new Cell(list, i); Object[] graph = new Object[500]; Random r = new Random(1); for (int i = 0; i < graph.length; i++) graph[i] = new Object[] {i, null, null}; for (Object g : graph) { ((Object[]) g)[1] = graph[r.nextInt(500)]; ((Object[]) g)[2] = graph[r.nextInt(500)]; } Map<String, int[]> map = new LinkedHashMap<>(16, 0.75f, true) { protected boolean removeEldestEntry(Map.Entry<String, int[]> e) { return size() > 100; } };
        int[] hashes = new int[graph.length]; for (int i = 0; i < hashes.length; i++) hashes[i] = System.identityHashCode(graph[i]); long check = 0; for (int round = 0; round < 25; round++) { check += new Tree(9, round).sum(); char[] big = new char[1_500_000]; big[round] = 'x'; check += big[round]; for (int i = 0; i < 200; i++) map.put("key" + (i * 31 + round) % 173, new int[] {i, round}); StringBuilder b = new StringBuilder(); for (int i = 0; i < 500; i++) b.append(i); check += b.toString().hashCode(); Object[] swap = (Object[]) graph[r.nextInt(500)]; swap[1] = new Object[] {swap[0], swap, graph[r.nextInt(500)]}; if (round % 8 == 0) System.gc(); }
        long sum = 0; for (Cell c = list; c != null; c = c.next) sum += c.v; long walk = 0; Object[] at = (Object[]) graph[0]; for (int i = 0; i < 2000; i++) { walk = walk * 31 + (Integer) at[0]; at = (Object[]) at[1 + i % 2]; } boolean same = true; for (int i = 0; i < hashes.length; i++) same &= hashes[i] == System.identityHashCode(graph[i]); int m = 0; for (Map.Entry<String, int[]> e : map.entrySet()) m = 31 * m + e.getKey().hashCode() + e.getValue()[0]; System.out.println((longLived.sum() == expect) + " " + expect + " " + sum + " " + check + " " + walk + " " + same + " " + m);
    }
}
