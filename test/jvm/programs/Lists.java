// ArrayList, LinkedList, ArrayDeque, Vector, Stack, immutable and wrapped lists: operations, iteration, views, failures.
import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class Lists {
    static void t(String name, Runnable r) { try { r.run(); System.out.println(name + " fine"); } catch (RuntimeException e) { System.out.println(name + " " + e.getClass().getSimpleName() + ": " + e.getMessage()); } }
    static void exercise(List<Integer> l) {
        for (int i = 0; i < 20; i++) l.add(i * 7 % 11); l.add(3, 99); l.addAll(5, List.of(50, 51)); l.remove((Integer) 7); l.remove(0); l.set(1, -1);
        System.out.println(l.getClass().getSimpleName() + " " + l + " " + l.indexOf(3) + " " + l.lastIndexOf(3) + " " + l.contains(50) + " " + l.hashCode() + " " + l.equals(new ArrayList<>(l)));
        ListIterator<Integer> it = l.listIterator(4); while (it.hasNext()) { int v = it.next(); if (v % 2 == 0) it.remove(); else if (v == 5) it.add(55); else it.set(v * 10); } while (it.hasPrevious()) if (it.previous() == 55) break; System.out.println(l + " " + it.nextIndex());
        l.removeIf(v -> v > 80); l.replaceAll(v -> v + 1); l.sort(null); System.out.println(l + " " + Collections.binarySearch(l, 2)); List<Integer> sub = l.subList(1, 4); sub.set(0, 1000); sub.add(7); sub.remove(1); System.out.println(l + " " + sub); sub.clear(); System.out.println(l); l.retainAll(Set.of(21, 31, 51)); System.out.println(l + " " + Arrays.toString(l.toArray(new Integer[5])));
        t("get", () -> l.get(100)); t("add", () -> l.add(-1, 0)); t("remove", () -> l.remove(100)); t("set", () -> l.set(50, 0)); t("listIterator", () -> l.listIterator(-1)); t("subList", () -> l.subList(2, 1)); t("concurrent", () -> { l.addAll(List.of(1, 2, 3)); for (Integer i : l) l.add(i); }); t("iterator", () -> { Iterator<Integer> i = l.iterator(); i.remove(); });
        t("foreach", () -> l.forEach(v -> l.clear()));
    }
    public static void main(String[] args) {
        exercise(new ArrayList<>()); exercise(new LinkedList<>()); exercise(new Vector<>());
        Deque<String> d = new ArrayDeque<>(); for (String s : "a b c d e f g h i j k l m n o p q".split(" ")) { d.addLast(s); if (d.size() % 3 == 0) d.addFirst(d.pollLast()); } System.out.println(d + " " + d.peekFirst() + d.peekLast() + d.pop() + d.removeLast() + d.size()); Iterator<String> down = d.descendingIterator(); down.next(); down.remove(); System.out.println(d + " " + d.removeFirstOccurrence("c") + d.contains("c"));
        t("deque null", () -> d.add(null)); t("empty pop", () -> new ArrayDeque<>().pop()); t("element", () -> new LinkedList<>().element()); System.out.println(new LinkedList<>().poll() + " " + new ArrayDeque<>().peek());
        Stack<Integer> st = new Stack<>(); st.push(1); st.push(2); System.out.println(st.search(1) + " " + st.pop() + st.peek() + st + st.empty()); t("stack", () -> { st.pop(); st.pop(); });
        for (List<Integer> im : List.of(List.of(1, 2, 3), Collections.unmodifiableList(new ArrayList<>(List.of(1, 2, 3))), Arrays.asList(1, 2, 3), Collections.nCopies(3, 1), Collections.singletonList(1), Stream.of(1, 2).toList(), List.<Integer>of())) { t("im add", () -> im.add(4)); t("im set", () -> im.set(0, 9)); t("im sort", () -> im.sort(Comparator.reverseOrder())); t("im contains null", () -> im.contains(null)); System.out.println(im); }
        t("List.of null", () -> List.of(1, null)); t("copyOf", () -> List.copyOf(Arrays.asList(1, null)));
        List<Integer> n = new ArrayList<>(List.of(5, 3, 1, 4, 2)); Collections.sort(n, Collections.reverseOrder()); System.out.print(n); Collections.reverse(n); Collections.swap(n, 0, 4); Collections.rotate(n, 2); System.out.print(n + " " + Collections.max(n) + Collections.min(n) + Collections.frequency(n, 3) + Collections.disjoint(n, List.of(9)) + Collections.indexOfSubList(n, List.of(1, 4))); Collections.fill(n, 0); System.out.println(n);
        List<String> checked = Collections.checkedList(new ArrayList<>(), String.class); t("checked", () -> ((List) checked).add(1)); List<Integer> syn = Collections.synchronizedList(new ArrayList<>()); syn.add(1); System.out.println(syn); t("capacity", () -> new ArrayList<>(-1));
        PriorityQueue<String> pq = new PriorityQueue<>(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder())); Collections.addAll(pq, "ccc", "a", "bb", "dd", "eeee", "b"); StringBuilder sb = new StringBuilder(pq.toString()); pq.remove("bb"); while (!pq.isEmpty()) sb.append(' ').append(pq.poll()); System.out.println(sb); t("pq null", () -> pq.add(null));
    }
}
