// Enums: constant bodies, fields, abstract methods, valueOf, EnumSet, EnumMap, interfaces, static initialisation order.
import java.util.*;

public class Enums {
    interface Priced { int price(); default String label() { return "$" + price(); } }
    enum Op { 
        ADD("+") { int apply(int a, int b) { return a + b; } }, SUB("-") { int apply(int a, int b) { return a - b; } },
        MUL("*") { int apply(int a, int b) { return a * b; } @Override public String toString() { return "times"; } };
        final String symbol; private static final Map<String, Op> BY_SYMBOL = new HashMap<>();
        static { for (Op o : values()) BY_SYMBOL.put(o.symbol, o); }
        Op(String symbol) { this.symbol = symbol; }
        abstract int apply(int a, int b);
        static Op of(String s) { return BY_SYMBOL.get(s); }
    }
    enum Coin implements Priced { PENNY(1), DIME(10), DOLLAR(100) { @Override public String label() { return "one " + super.label(); } }; private final int cents; Coin(int c) { cents = c; } public int price() { return cents; } }
    enum Empty {}
    enum Level { LOW, MID, HIGH; Level next() { return values()[(ordinal() + 1) % values().length]; } }
    public static void main(String[] args) {
        for (Op o : Op.values()) System.out.print(o + " " + o.name() + " " + o.ordinal() + " " + o.apply(7, 3) + " " + o.getClass().equals(Op.class) + " " + o.getDeclaringClass().getSimpleName() + "; ");
        System.out.println(Op.of("-") + " " + Op.of("?"));
        for (Coin c : Coin.values()) System.out.print(c.label() + " ");
        System.out.println(Coin.valueOf("DIME").compareTo(Coin.DOLLAR) + " " + Enum.valueOf(Coin.class, "PENNY") + " " + Empty.values().length);
        try { Coin.valueOf("EURO"); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
        try { Coin.valueOf(null); } catch (NullPointerException e) { System.out.println(e.getMessage()); }
        EnumSet<Level> set = EnumSet.range(Level.LOW, Level.MID);
        System.out.println(set + " " + EnumSet.complementOf(set) + " " + EnumSet.allOf(Level.class).containsAll(set) + " " + EnumSet.noneOf(Empty.class));
        EnumMap<Level, String> map = new EnumMap<>(Level.class);
        map.put(Level.HIGH, "h"); map.put(Level.LOW, "l"); map.merge(Level.LOW, "x", String::concat);
        System.out.println(map + " " + map.containsKey(Level.MID) + " " + Level.HIGH.next());
        System.out.println(Level.valueOf("MID").getClass().isEnum() + " " + Arrays.asList(Level.class.getEnumConstants()) + " " + Op.ADD.getClass().isEnum() + " " + Op.class.isEnum());
        enum Local { A, B }
        Map<Local, Integer> tally = new TreeMap<>(Comparator.reverseOrder());
        for (Local l : new Local[] {Local.A, Local.B, Local.A}) tally.merge(l, 1, Integer::sum);
        System.out.println(tally);
        enum Big { B0,B1,B2,B3,B4,B5,B6,B7,B8,B9,C0,C1,C2,C3,C4,C5,C6,C7,C8,C9,D0,D1,D2,D3,D4,D5,D6,D7,D8,D9,E0,E1,E2,E3,E4,E5,E6,E7,E8,E9,F0,F1,F2,F3,F4,F5,F6,F7,F8,F9,G0,G1,G2,G3,G4,G5,G6,G7,G8,G9,H0,H1,H2,H3,H4,H5,H6,H7,H8,H9 }
        EnumSet<Big> jumbo = EnumSet.of(Big.B0, Big.H9); jumbo.addAll(EnumSet.range(Big.G8, Big.H1)); jumbo.remove(Big.H0);
        System.out.println(jumbo + " " + jumbo.size() + " " + EnumSet.complementOf(jumbo).size());
    }
}
