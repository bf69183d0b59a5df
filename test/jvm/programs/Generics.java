// Generics: bounded types, wildcards, bridge methods, heap pollution, recursive bounds, generic arrays, erasure's casts.
import java.lang.reflect.*;
import java.util.*;
import java.util.function.*;

public class Generics {
    static <T extends Comparable<? super T>> T max(Collection<? extends T> all) { Iterator<? extends T> i = all.iterator(); T best = i.next(); while (i.hasNext()) { T t = i.next(); if (t.compareTo(best) > 0) best = t; } return best; }
    static double sum(List<? extends Number> list) { double s = 0; for (Number n : list) s += n.doubleValue(); return s; }
    static void fill(List<? super Integer> list) { for (int i = 0; i < 3; i++) list.add(i); }
    abstract static class Node<T extends Node<T>> { List<T> children = new ArrayList<>(); abstract T self(); T with(T... kids) { children.addAll(Arrays.asList(kids)); return self(); } }
    static class Tag extends Node<Tag> { final String n; Tag(String n) { this.n = n; } Tag self() { return this; } @Override public String toString() { return n + (children.isEmpty() ? "" : children); } }
    interface Transformer<A, B> { B transform(A a); }
    static class Upper implements Transformer<String, String> { public String transform(String s) { return s.toUpperCase(); } }
    static class Stack<E> implements Iterable<E> {
        private E[] items = (E[]) new Object[1]; private int n;
        void push(E e) { if (n == items.length) items = Arrays.copyOf(items, 2 * n); items[n++] = e; }
        E pop() { if (n == 0) throw new NoSuchElementException("empty stack"); E e = items[--n]; items[n] = null; return e; }
        public Iterator<E> iterator() { return new Iterator<>() { int i = n; public boolean hasNext() { return i > 0; } public E next() { return items[--i]; } }; }
    }
    static <K, V extends Comparable<V>> List<K> byValue(Map<K, V> m) { List<Map.Entry<K, V>> es = new ArrayList<>(m.entrySet()); es.sort(Map.Entry.comparingByValue()); List<K> ks = new ArrayList<>(); for (var e : es) ks.add(e.getKey()); return ks; }
    static <T, R> R visit(T t, Function<? super T, ? extends R> f) { return f.apply(t); }
    static <E extends Exception> void sneaky(Exception e) throws E { throw (E) e; }
    @SafeVarargs static <T> List<T> listOf(T... ts) { return new ArrayList<>(Arrays.asList(ts)); }
    class Both<T extends Number & Comparable<T>> { T bigger(T a, T b) { return a.compareTo(b) >= 0 ? a : b; } }

    public static void main(String[] args) throws Exception {
        System.out.println(max(List.of(3, 9, 2)) + " " + max(Set.of("only")) + " " + sum(List.of(1, 2.5, 3L)));
        List<Number> numbers = new ArrayList<>(); fill(numbers); numbers.add(2.5); System.out.println(numbers);
        System.out.println(new Tag("html").with(new Tag("head"), new Tag("body").with(new Tag("p"))));
        Transformer raw = new Upper();
        System.out.println(raw.transform("up"));
        try { raw.transform(1); } catch (ClassCastException e) { System.out.println(e.getMessage()); }
        Stack<String> st = new Stack<>(); for (String s : "a b c d e".split(" ")) st.push(s);
        System.out.print(st.pop() + st.pop()); for (String s : st) System.out.print(s); System.out.println();
        try { new Stack<Integer>().pop(); } catch (NoSuchElementException e) { System.out.println(e); }
        List<String> polluted = new ArrayList<>(); ((List) polluted).add(42);
        System.out.println(polluted);
        try { String s = polluted.get(0); System.out.println(s); } catch (ClassCastException e) { System.out.println("polluted: " + e.getMessage()); }
        System.out.println(byValue(new TreeMap<>(Map.of("x", 3, "y", 1, "z", 2))) + " " + visit("abc", String::length) + " " + listOf(1, 2).getClass().getSimpleName());
        try { Generics.<RuntimeException>sneaky(new java.io.IOException("checked")); } catch (Exception e) { System.out.println(e); }
        System.out.println(new Generics().new Both<Integer>().bigger(3, 4));
        for (Method m : Upper.class.getDeclaredMethods()) if (m.isBridge()) System.out.println("bridge " + m.getReturnType().getSimpleName() + " " + m.isSynthetic());
        System.out.println(Generics.class.getDeclaredMethod("max", Collection.class).toGenericString());
        System.out.println(Arrays.toString(Upper.class.getGenericInterfaces()) + " " + Node.class.getTypeParameters()[0].getBounds()[0]);
        System.out.println(Generics.class.getDeclaredMethod("byValue", Map.class).getGenericReturnType());
        Object[] strings = new String[1];
        try { strings[0] = 1; } catch (ArrayStoreException e) { System.out.println(e); }
        Integer[] boxes = {1, 2}; Number[] up = boxes; System.out.println(up.getClass() + " " + (up instanceof Integer[]) + " " + up[1]);
    }
}
