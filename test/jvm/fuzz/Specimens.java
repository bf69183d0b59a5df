// Classes rich in what class files can hold; MutatedClasses damages their class files. Every static method without
// parameters is called, so each prints nothing, ends quickly and returns something whose text is the same in every run.
// Only the last few use invokedynamic: the others may also be given versions whose verifier infers types.

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

class Numbers {
  static final int SEVEN = 7;
  static final long BIG = 0x123456789abcdefL;
  static final double THIRD = 1.0 / 3;
  static final float HALF = 0.5f;
  static int counter = 3;
  static long wide = BIG;

  static int ints() {
    int a = 17, b = -5, c = counter;
    a += 300;
    c++;
    return (a * b + c) / 3 % 1000 ^ (a << 3) & ~(b >> 1) | (b >>> 28) - -c;
  }

  static long longs() {
    long a = wide, b = -17L;
    return (a * b + counter) / 12345 % 1000003 ^ (a << 7) & ~(b >> 3) | (b >>> 40) - -a;
  }

  static double doubles() {
    double a = THIRD, b = -2.5e3;
    float f = HALF * 3 - 1;
    return a * b / 7 % 3 + f - -a + (a < b ? 1 : 2) + (f > a ? 3 : 4);
  }

  static String conversions() {
    int i = 70000;
    long l = i * 100000L;
    float f = l;
    double d = f;
    return (byte) i + "," + (short) i + "," + (int) (char) i + "," + (int) l + "," + (int) f + "," + (long) d + ","
        + (float) d + "," + (long) f + "," + (int) d + "," + (double) l + "," + (double) i;
  }

  static int manyLocals() {
    int a = 1, b = 2, c = 3, d = 4;
    long e = 5, f = 6;
    double g = 7, h = 8;
    for (int i = 0; i < 10; i++) {
      a += b * i;
      e += a;
      g *= 1.5;
      if (a > 50 && e < 1000 || g == 8) b--;
    }
    return (int) (a + b + c + d + e + f + g + h);
  }
}

class Arrays0 {
  static int[] ints() {
    int[] a = {5, 4, 3, 2, 1, 100000};
    Arrays.sort(a);
    a[2] += a[1]++;
    return a;
  }

  static String all() {
    boolean[] z = new boolean[3];
    byte[] b = {1, 2, 3};
    char[] c = {'x', 'y'};
    short[] s = new short[4];
    long[] l = {1L << 40, 2};
    float[] f = {1.5f};
    double[] d = {2.5, 3.5};
    Object[] o = {"text", 1, null, b.length};
    z[1] = true;
    b[2] += 9;
    c[0]++;
    s[3] = (short) c[1];
    l[1] <<= 3;
    f[0] /= 4;
    d[0] = -d[1];
    o[2] = o.clone().length;
    return z[1] + " " + b[2] + c[0] + s[3] + l[1] + f[0] + d[0] + o[0] + o[2];
  }

  static int grid() {
    int[][] m = new int[4][5];
    String[][][] t = new String[2][3][];
    t[1][2] = new String[] {"a"};
    for (int i = 0; i < m.length; i++) for (int j = 0; j < m[i].length; j++) m[i][j] = i * j;
    int sum = t[1][2].length;
    for (int[] row : m) for (int v : row) sum += v;
    return sum;
  }

  static Object storeCheck() {
    Object[] strings = new String[1];
    try {
      strings[0] = Integer.valueOf(1);
      return "stored";
    } catch (ArrayStoreException e) {
      return e.getMessage();
    }
  }
}

class Switches {
  static int table(int i) {
    switch (i) {
      case 0: return 10;
      case 1: return 21;
      case 2: i += 5;
      case 3: return i;
      case 5: return -1;
      default: return 99;
    }
  }

  static int lookup(int i) {
    switch (i) {
      case -1000: return 1;
      case 0: return 2;
      case 77777: return 3;
      default: return 4;
    }
  }

  static int text(String s) {
    switch (s) {
      case "one": return 1;
      case "two": return 2;
      case "Aa":
      case "BB": return 3;
      default: return 0;
    }
  }

  static int all() {
    int sum = 0;
    for (int i = -1; i < 7; i++) sum = sum * 7 + table(i);
    sum += lookup(0) + lookup(77777) * 10 + lookup(-1000) * 100;
    return sum + text("one") + text("BB") * 10 + text("Aa") * 100 + text("x") * 1000;
  }

  static long viaColour() {
    long sum = 0;
    for (Colour c : Colour.values()) {
      switch (c) {
        case RED: sum += 1; break;
        case GREEN: sum += 20; break;
        default: sum += c.weight() * 100L;
      }
    }
    return sum;
  }
}

enum Colour implements Comparator<String> {
  RED, GREEN(3), BLUE(4) {
    @Override int weight() { return 1000 + super.weight(); }
  };

  private final int weight;

  Colour() { this(1); }

  Colour(int weight) { this.weight = weight; }

  int weight() { return weight; }

  @Override public int compare(String a, String b) { return a.compareTo(b) * weight; }

  static String parse() { return valueOf("BLUE") + " " + valueOf("RED").compare("a", "c") + BLUE.weight(); }

  static String unknown() {
    try {
      return valueOf("PINK").name();
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}

class Trouble extends Exception {
  private static final long serialVersionUID = 1L;
  final int code;

  Trouble(String message, int code, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  static int deep(int n) throws Trouble {
    try {
      if (n == 0) throw new IllegalStateException("bottom");
      return deep(n - 1) + 1;
    } catch (IllegalStateException | ArithmeticException e) {
      throw new Trouble("at " + n, n, e);
    } finally {
      counter += n;
    }
  }

  static int counter;

  static String caught() {
    try {
      return "" + deep(4);
    } catch (Trouble t) {
      return t.getMessage() + t.code + t.getCause().getMessage() + counter;
    }
  }

  static int finallyReturns() {
    for (int i = 0; ; i++) {
      try {
        if (i == 3) return i;
        if (i == 1) continue;
        int[] none = null;
        counter += none.length;
      } catch (NullPointerException e) {
        counter++;
      } finally {
        counter *= 2;
      }
    }
  }

  static class Resource implements AutoCloseable {
    static final StringBuilder LOG = new StringBuilder();
    @Override public void close() throws Trouble {
      LOG.append("closed;");
      throw new Trouble("close", 5, null);
    }
  }

  static String resources() {
    try (Resource a = new Resource(); Resource b = new Resource()) {
      Resource.LOG.append(a != b).append(1 / (a.hashCode() - a.hashCode()));
    } catch (ArithmeticException | Trouble e) {
      Resource.LOG.append(e.getMessage()).append(e.getSuppressed().length);
    }
    return Resource.LOG.toString();
  }

  static void thrown() throws Trouble { throw new Trouble("out", 9, new Error("inner")); }
}

interface Shape {
  double SCALE = 2.0;

  double area();

  default String describe() { return name() + ":" + area() * SCALE; }

  private String name() { return getClass().getSimpleName(); }

  static Shape unit() { return new Square(1); }
}

abstract class Base implements Shape, Comparable<Base>, Cloneable {
  protected double side;
  static int made;
  transient volatile int seen;

  protected Base(double side) {
    this.side = side;
    made++;
  }

  @Override public int compareTo(Base other) { return Double.compare(area(), other.area()); }

  @Override protected Base clone() throws CloneNotSupportedException { return (Base) super.clone(); }

  abstract String extra();
}

class Square extends Base {
  Square() { this(3); }

  Square(double side) { super(side); }

  @Override public double area() { return side * side; }

  @Override String extra() { return super.describe() + made; }

  static String sorted() throws CloneNotSupportedException {
    List<Base> shapes = new ArrayList<Base>();
    for (int i = 3; i > 0; i--) {
      shapes.add(new Square(i));
      shapes.add(new Circle(i));
    }
    shapes.add(shapes.get(0).clone());
    java.util.Collections.sort(shapes);
    StringBuilder text = new StringBuilder();
    for (Base b : shapes) text.append(b.describe()).append(b.extra()).append(b instanceof Circle ? "c" : "s");
    return text.append(Shape.unit().describe()).toString();
  }
}

final class Circle extends Base {
  Circle(double radius) { super(radius); }

  @Override public double area() { return Math.PI * side * side; }

  @Override String extra() { return "r" + (float) side; }

  @Override public String describe() { return "circle " + super.describe(); }

  static Object cast() {
    Object o = new Circle(2);
    try {
      return ((Square) o).extra();
    } catch (ClassCastException e) {
      return ((Shape) o).describe() + (o instanceof Comparable) + (o instanceof Runnable);
    }
  }
}

class Outer<T extends Comparable<T>> implements Iterable<T> {
  private T best;
  private final List<T> all = new ArrayList<T>();
  private static int secret = 41;

  class Inner {
    T value;
    Inner(T value) {
      this.value = value;
      if (best == null || value.compareTo(best) > 0) best = value;
      all.add(value);
    }
    private int hidden() { return secret++; }
  }

  static class Nested<K, V> extends HashMap<K, V> {
    private static final long serialVersionUID = 2L;
    private V last;
    @Override public V put(K key, V value) {
      last = value;
      return super.put(key, value);
    }
  }

  @Override public Iterator<T> iterator() {
    return new Iterator<T>() {
      int at = all.size();
      @Override public boolean hasNext() { return at > 0; }
      @Override public T next() { return all.get(--at); }
    };
  }

  static String use() {
    Outer<String> outer = new Outer<String>();
    Outer<String>.Inner first = outer.new Inner("m");
    outer.new Inner("z");
    outer.new Inner("a");
    StringBuilder text = new StringBuilder(outer.best);
    for (String s : outer) text.append(s);
    Nested<String, Integer> map = new Nested<String, Integer>();
    map.put("k", 5);
    return text.append(first.hidden()).append(secret).append(map.last).append(map).toString();
  }
}

@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Repeatable(Marks.class)
@interface Mark {
  int number() default 4;
  String[] names() default {"x", "y"};
  Class<?> type() default Mark.class;
  Colour colour() default Colour.GREEN;
  double ratio() default 0.25;
  Deprecated nested() default @Deprecated(since = "1");
}

@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
@interface Marks {
  Mark[] value();
}

@Mark(number = 1)
@Mark(names = {}, type = int[].class)
@SuppressWarnings("serial")
class Marked<@Mark T extends @Mark(number = 9) Number & Comparable<T>> extends @Mark ArrayList<@Mark String> {
  @Mark(colour = Colour.RED) protected T field;
  @Deprecated public static final String CONSTANT = "constant \u00e9\u4e2d\ud83d\ude00\0";

  @Mark public <E extends Exception> T method(@Mark T a, final List<? super E> b) throws E, Trouble { return a; }

  static String annotations() throws Exception {
    StringBuilder text = new StringBuilder();
    for (Mark mark : Marked.class.getAnnotationsByType(Mark.class)) text.append(mark.number()).append(mark.type());
    text.append(Marked.class.getDeclaredField("field").getAnnotation(Mark.class).colour());
    text.append(Marked.class.getDeclaredMethod("method", Number.class, List.class).toGenericString());
    return text.append(CONSTANT.length()).toString();
  }
}

class Monitors {
  private final Object lock = new Object();
  private int count;

  synchronized int up(int by) {
    count += by;
    return count;
  }

  static synchronized Object down() {
    Monitors m = new Monitors();
    synchronized (m.lock) {
      m.up(3);
      synchronized (m) {
        m.up(4);
      }
      return m.count;
    }
  }

  static String wrongState() throws InterruptedException {
    try {
      new Monitors().lock.notify();
      return "none";
    } catch (IllegalMonitorStateException e) {
      return e.getClass().getName();
    }
  }

  static int recursion(int n) { return n < 2 ? n : recursion(n - 1) + recursion(n - 2); }

  static int fibonacci() { return recursion(10); }
}

class Initial {
  static final List<String> ORDER = new ArrayList<String>();
  static int late = set("late", 5);
  final int mine;

  {
    ORDER.add("instance");
  }

  static {
    ORDER.add("static");
    if (late == 5) late *= Sub.factor;
  }

  Initial() {
    mine = late;
    ORDER.add("constructor");
  }

  static int set(String name, int value) {
    ORDER.add(name);
    return value;
  }

  static class Sub extends Initial {
    static int factor = set("factor", 3);
    final long extra = mine + 1L;
  }

  static String order() { return new Sub().extra + ORDER.toString() + late; }
}

record Point(int x, long y, @Mark String name, double... rest) implements Comparable<Point> {
  Point {
    if (x < 0) throw new IllegalArgumentException("x " + x);
  }

  static final Point ORIGIN = new Point(0, 0, "origin");

  @Override public int compareTo(Point other) { return Integer.compare(x, other.x); }

  static String use() {
    Point p = new Point(3, 4, "p", 1.5, 2.5);
    try {
      return p.name() + p.equals(ORIGIN) + ORIGIN + p.compareTo(ORIGIN) + new Point(-1, 0, null);
    } catch (IllegalArgumentException e) {
      return e.getMessage() + p.rest().length + ORIGIN.name().hashCode();
    }
  }
}

sealed interface Tree permits Leaf, Fork {
  static int depth(Tree tree) {
    if (tree instanceof Leaf leaf) return leaf.value() - leaf.value();
    Fork fork = (Fork) tree;
    return 1 + Math.max(depth(fork.left), depth(fork.right));
  }

  static String use() {
    Tree tree = new Fork(new Leaf(1), new Fork(new Leaf(2), new Leaf(3)));
    return depth(tree) + " " + tree;
  }
}

record Leaf(int value) implements Tree {}

final class Fork implements Tree {
  final Tree left, right;

  Fork(Tree left, Tree right) {
    this.left = left;
    this.right = right;
  }

  @Override public String toString() { return "(" + left + " " + right + ")"; }
}

class Lambdas {
  static int calls;
  final int base;

  Lambdas(int base) { this.base = base; }

  int add(int n) { return base + n; }

  static <A, B> List<B> map(List<A> list, Function<? super A, ? extends B> f) {
    List<B> result = new ArrayList<>();
    for (A a : list) result.add(f.apply(a));
    return result;
  }

  static Object use() {
    int offset = 10;
    long far = 1L << 33;
    Supplier<String> s = () -> "s" + offset + far;
    Function<Integer, Integer> bound = new Lambdas(5)::add;
    BiFunction<String, String, Integer> unbound = String::compareTo;
    Function<Integer, Lambdas> made = Lambdas::new;
    Runnable counting = () -> calls++;
    counting.run();
    return s.get() + map(List.of(1, 2, 3), bound) + unbound.apply("a", "c") + made.apply(7).add(calls);
  }

  static String streams() {
    Map<Boolean, List<Integer>> parts = new TreeMap<>();
    List.of(1, 2, 3, 4, 5).forEach(i -> parts.computeIfAbsent(i % 2 == 0, k -> new ArrayList<>()).add(i));
    return parts.toString();
  }

  static Object handles() throws Throwable {
    var lookup = java.lang.invoke.MethodHandles.lookup();
    var add = lookup.findVirtual(Lambdas.class, "add", java.lang.invoke.MethodType.methodType(int.class, int.class));
    int sum = (int) add.invokeExact(new Lambdas(2), 3);
    var variable = lookup.findStaticVarHandle(Lambdas.class, "calls", int.class);
    return sum + (int) variable.getAndAdd(4) + add.type().toString();
  }
}
