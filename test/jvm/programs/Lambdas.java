// Lambdas and method references of every kind, capture, recursion, generic functions, serialisable lambdas' interfaces.
import java.io.Serializable;
import java.util.*;
import java.util.function.*;

public class Lambdas {
    interface TriFunction<A, B, C, R> { R apply(A a, B b, C c); default <V> TriFunction<A, B, C, V> then(Function<? super R, ? extends V> f) { return (a, b, c) -> f.apply(apply(a, b, c)); } }
    interface Primitive { double mix(byte b, short s, char c, int i, long l, float f, double d, boolean z); }
    interface IntToLong { long go(int i); }
    final int field;
    int counter;
    Lambdas(int field) { this.field = field; }
    int add(int other) { return field + other; }
    static int twice(int i) { return 2 * i; }
    Supplier<Integer> capturing(int local) { return () -> field * local + ++counter; }
    class Inner { int v = 7; IntSupplier deep() { return () -> { IntSupplier s = () -> v + field; return s.getAsInt() + 1; }; } }
    static class Base { String hello() { return "base"; } }
    static class Derived extends Base { @Override String hello() { return "derived"; } Supplier<String> parent() { return super::hello; } }
    static <T> Function<T, T> compose(List<? extends Function<T, T>> all) { Function<T, T> f = Function.identity(); for (Function<T, T> g : all) f = f.andThen(g); return f; }

    public static void main(String[] args) {
        Lambdas l = new Lambdas(10);
        IntUnaryOperator st = Lambdas::twice, bound = l::add;
        ToIntBiFunction<Lambdas, Integer> unbound = Lambdas::add;
        Function<Integer, Lambdas> make = Lambdas::new;
        IntFunction<int[][]> array = int[][]::new;
        System.out.println(st.applyAsInt(4) + " " + bound.applyAsInt(5) + " " + unbound.applyAsInt(l, 6) + " " + make.apply(3).field + " " + array.apply(2).length);
        Supplier<Integer> s = l.capturing(3);
        System.out.println(s.get() + " " + s.get() + " " + l.counter);
        System.out.println(l.new Inner().deep().getAsInt() + " " + new Derived().parent().get());
        TriFunction<Integer, Long, String, String> tri = (a, b, c) -> c + a + b;
        System.out.println(tri.then(String::length).then(n -> n * 1.5).apply(1, 22L, "s"));
        Primitive p = (b, sh, c, i, lo, f, d, z) -> z ? b + sh + c + i + lo + f + d : 0;
        System.out.println(p.mix((byte) 1, (short) 2, 'A', 4, 5L, 0.5f, 0.25, true));
        IntToLong widen = Lambdas::twice;
        Function<Integer, Object> boxing = Lambdas::twice;
        ToLongFunction<Integer> unboxing = Integer::intValue;
        System.out.println(widen.go(21) + " " + boxing.apply(4) + " " + unboxing.applyAsLong(5));
        BiFunction<Integer, Integer, Integer>[] fib = new BiFunction[1];
        fib[0] = (n, ignored) -> n < 2 ? n : fib[0].apply(n - 1, 0) + fib[0].apply(n - 2, 0);
        System.out.println(fib[0].apply(12, 0));
        Function<Integer, Function<Integer, Function<Integer, Integer>>> curried = a -> b -> c -> a * b + c;
        System.out.println(curried.apply(3).apply(4).apply(5));
        System.out.println(compose(List.<Function<String, String>>of(x -> x + "1", x -> x + "2", String::toUpperCase)).apply("abc"));
        Predicate<String> empty = String::isEmpty;
        System.out.println(empty.negate().and(x -> x.length() < 3).or(x -> x.startsWith("long")).test("longer") + " " + Predicate.not(empty).test(""));
        Runnable r = (Runnable & Serializable) () -> System.out.println("run " + (args.length == 0));
        r.run();
        System.out.println(r instanceof Serializable);
        Comparator<String> cmp = Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder());
        List<String> words = new ArrayList<>(List.of("pear", "fig", "apple", "kiwi", "date"));
        words.sort(cmp);
        System.out.println(words);
        System.out.println(Optional.of("v").map(String::hashCode).filter(h -> h > 5).or(() -> Optional.of(0)).get() + " " + Optional.empty().isPresent());
        BinaryOperator<Integer> max = BinaryOperator.maxBy(Comparator.naturalOrder());
        System.out.println(max.apply(3, 9) + " " + UnaryOperator.<String>identity().apply("id"));
        Object same = (Supplier<String>) () -> "x";
        System.out.println(((Supplier<?>) same).get() + " " + same.getClass().isSynthetic() + " " + same.getClass().isHidden() + " " + same.getClass().getInterfaces()[0].getName());
        try { Supplier<String> nul = ((Derived) null)::hello; } catch (NullPointerException e) { System.out.println("NPE"); }
        try { ((Function<Object, Integer>) (Function) (Function<String, Integer>) String::length).apply(5); } catch (ClassCastException e) { System.out.println("CCE"); }
    }
}
