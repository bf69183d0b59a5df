// Every form of switch to 17: on int, char, byte, strings with colliding hashes, enums, wrappers; arrows, yield, fall-through.
public class SwitchForms {
    enum Day { MON, TUE, WED, THU, FRI, SAT, SUN }
    static int dense(int i) {
        switch (i) {
            case 0: return 10;
            case 1: case 2: return 20;
            case 3: i++;
            case 4: i *= 2; break;
            default: return -1;
            case 6: i = 60;
        }
        return i;
    }
    static String sparse(int i) {
        return switch (i) {
            case Integer.MIN_VALUE -> "min";
            case -1 -> "minus one";
            case 1000000 -> "million";
            case Integer.MAX_VALUE -> "max";
            default -> { String s = "other"; yield s + i; }
        };
    }
    static int strings(String s) {
        return switch (s) {
            case "Aa", "BB" -> 1;
            case "AaBB" -> 2;
            case "BBAa" -> 3;
            case "" -> 4;
            case "\u00e9t\u00e9" -> 5;
            default -> s.length();
        };
    }
    static String day(Day d) {
        return switch (d) {
            case SAT, SUN -> "weekend";
            case FRI -> { int n = d.ordinal(); yield "nearly " + n; }
            default -> "work " + d.name().toLowerCase();
        };
    }
    static boolean exhaustive(Day d) {
        return switch (d) { case MON, TUE, WED, THU, FRI -> false; case SAT, SUN -> true; };
    }
    static char chars(char c) {
        switch (c) {
            case 'a': case 'e': case 'i': case 'o': case 'u': return Character.toUpperCase(c);
            case '\uffff': return '!';
            default: return c;
        }
    }
    public static void main(String[] args) {
        for (int i = -1; i < 8; i++) System.out.print(dense(i) + " ");
        System.out.println();
        for (int i : new int[] {Integer.MIN_VALUE, -1, 0, 1000000, Integer.MAX_VALUE, Integer.MIN_VALUE + 1}) System.out.print(sparse(i) + ";");
        System.out.println();
        for (String s : new String[] {"Aa", "BB", "AaBB", "BBAa", "AaAa", "", "\u00e9t\u00e9", "xyz"}) System.out.print(strings(s) + " ");
        System.out.println();
        for (Day d : Day.values()) System.out.print(day(d) + (exhaustive(d) ? "! " : " "));
        System.out.println();
        for (char c : "hello\uffff".toCharArray()) System.out.print(chars(c));
        System.out.println();
        Integer boxed = 3;
        switch (boxed) { case 3 -> System.out.println("three"); default -> System.out.println("?"); }
        byte b = (byte) 200;
        switch (b) { case -56: System.out.println("wrapped"); break; default: System.out.println("not"); }
        try { strings(null); } catch (NullPointerException e) { System.out.println("NPE " + e.getMessage()); }
        try { Day none = null; day(none); } catch (NullPointerException e) { System.out.println("NPE " + e.getMessage()); }
        int total = 0;
        outer:
        for (int i = 0; ; i++) {
            switch (i % 7) {
                case 5: continue outer;
                case 6: if (i > 50) break outer; else break;
                default: total += i;
            }
            total++;
        }
        System.out.println(total);
        int nested = switch (total % 3) { case 0 -> switch ("k" + total % 2) { case "k0" -> 1; default -> 2; }; case 1 -> 3; default -> 4; };
        System.out.println(nested);
    }
}
