// Records: accessors, canonical and compact constructors, equality, nesting, reflection over their components.
import java.util.*;
import java.lang.reflect.RecordComponent;

public class Records {
    record Point(int x, int y) {
        static final Point ORIGIN = new Point(0, 0);
        Point { if (x < -100) throw new IllegalArgumentException("x too small: " + x); }
        Point(int both) { this(both, both); }
        double distance(Point other) { return Math.hypot(x - other.x, y - other.y); }
        static Point of(String text) {
            String[] parts = text.split(",");
            return new Point(Integer.parseInt(parts[0].trim()), Integer.parseInt(parts[1].trim()));
        }
    }
    record Pair<A, B>(A first, B second) implements Comparable<Pair<A, B>> {
        <C> Pair<A, C> withSecond(C c) { return new Pair<>(first, c); }
        public int compareTo(Pair<A, B> o) { return first.toString().compareTo(o.first.toString()); }
    }
    record Empty() {}
    record All(byte b, short s, char c, int i, long l, float f, double d, boolean z, String t, int[] array) {}
    record Normal(String name, List<String> tags) {
        Normal(String name, List<String> tags) { this.name = name.toUpperCase(Locale.ROOT); this.tags = List.copyOf(tags); }
        @Override public String name() { return "<" + name + ">"; }
    }
    @FunctionalInterface interface Shape { double area(); }
    record Circle(double r) implements Shape { public double area() { return Math.PI * r * r; } }
    record Square(double side) implements Shape { public double area() { return side * side; } }

    public static void main(String[] args) {
        Point p = new Point(3, 4);
        System.out.println(p + " " + p.x() + " " + p.y() + " " + p.distance(Point.ORIGIN));
        System.out.println(p.equals(new Point(3, 4)) + " " + p.equals(null) + " " + p.hashCode() + " " + new Point(7));
        System.out.println(Point.of("5, 6").equals(new Point(5, 6)) + " " + new HashSet<>(List.of(p, new Point(1))).contains(new Point(1, 1)));
        try { new Point(-101, 0); } catch (IllegalArgumentException e) { System.out.println(e); }
        Pair<String, Integer> pair = new Pair<>("a", 1);
        System.out.println(pair.withSecond(List.of(2.5)) + " " + pair.compareTo(new Pair<>("b", 0)) + " " + new Pair<>(null, null).equals(new Pair<>(null, null)));
        System.out.println(new Empty() + " " + new Empty().equals(new Empty()) + " " + new Empty().hashCode());
        int[] shared = {1};
        All a = new All((byte) 1, (short) -2, 'c', 4, 5L, 6.5f, -0.0, true, "t", shared);
        All b = new All((byte) 1, (short) -2, 'c', 4, 5L, 6.5f, 0.0, true, "t", shared);
        System.out.println(a.equals(b) + " " + a.equals(new All((byte) 1, (short) -2, 'c', 4, 5L, 6.5f, -0.0, true, "t", shared)));
        System.out.println(a.toString().replaceAll("array=.*", ""));
        System.out.println(new All((byte) 0, (short) 0, 'x', 0, 0, Float.NaN, Double.NaN, false, null, null));
        System.out.println(new Normal("n", List.of("q")) + " " + new Normal("n", List.of()).name());
        record Local(int n) { int twice() { return 2 * n; } }
        System.out.println(new Local(21).twice() + " " + new Local(3));
        for (RecordComponent c : All.class.getRecordComponents()) System.out.print(c.getName() + ":" + c.getType().getSimpleName() + " ");
        System.out.println(All.class.isRecord() + " " + Records.class.isRecord());
        double total = 0;
        for (Shape s : new Shape[] {new Circle(1), new Square(2)}) total += s.area();
        System.out.println(total);
        Map<Point, String> map = new TreeMap<>(Comparator.comparingInt(Point::x).thenComparing(Point::y, Comparator.reverseOrder()));
        for (int i = 0; i < 6; i++) map.put(new Point(i % 3, i), "v" + i);
        System.out.println(map);
    }
}
