// String methods over Latin-1 and UTF-16 contents: searching, comparing, splitting, joining, case, code points, interning.
import java.util.*;
import java.util.stream.*;

public class Strings {
    static String esc(String s) { StringBuilder b = new StringBuilder(); for (char c : s.toCharArray()) if (c < 127 && c >= 32) b.append(c); else b.append(String.format("\\u%04x", (int) c)); return b.toString(); }
    public static void main(String[] args) {
        String a = "Hello, World", u = "h\u00e9llo \u03b1\u03b2\u03b3 \ud83d\ude00!", n = "";
        for (String s : new String[] {a, u, n}) System.out.println(s.length() + " " + s.hashCode() + " " + s.isEmpty() + " " + esc(s.toUpperCase(Locale.ROOT)) + " " + esc(s.toLowerCase(Locale.ROOT)) + " " + s.codePointCount(0, s.length()) + " " + s.indexOf('l') + " " + s.lastIndexOf("l") + " " + s.indexOf(0x1f600) + " " + esc(s.replace('l', '\u0142')) + " " + esc(s.replace("l", "LL")) + " " + s.contains("\u03b2") + " " + esc(new StringBuilder(s).reverse().toString()));
        System.out.println(a.substring(7) + a.substring(0, 0) + a.charAt(4) + a.subSequence(1, 3) + " " + a.startsWith("World", 7) + a.endsWith("") + " " + a.compareTo("Hellp") + " " + "a".compareTo("abc") + " " + "\u00e9".compareTo("e") + " " + "ABC".compareToIgnoreCase("abd") + " " + "stra\u00dfe".equalsIgnoreCase("STRASSE") + " " + a.regionMatches(true, 7, "WORLD", 0, 5) + " " + a.contentEquals(new StringBuffer(a)));
        System.out.println(Arrays.toString("a,b,,c,,".split(",")) + Arrays.toString("a,b,,c,,".split(",", -1)) + Arrays.toString("a,b,,c".split(",", 2)) + Arrays.toString("".split(",")) + Arrays.toString("abc".split("")) + Arrays.toString(" x  y ".split(" +")) + Arrays.toString("a1b22c".split("\\d+")) + Arrays.toString("a.b|c".split("[.|]")));
        System.out.println(String.join("-", "a", "b", "c") + " " + String.join("/", List.of("x")) + " " + new StringJoiner(",", "[", "]").setEmptyValue("none") + " " + Stream.of(1, 2, 3).map(String::valueOf).collect(Collectors.joining("+", "<", ">")));
        System.out.println(esc("\u0130I\u0131i".toLowerCase(Locale.ROOT)) + " " + esc("I\u0130".toLowerCase(new Locale("tr"))) + " " + esc("\u00dfi".toUpperCase(new Locale("tr"))) + " " + esc("\u03a3\u0391\u03a3".toLowerCase(Locale.ROOT)) + " " + esc("\ufb01\u01c6".toUpperCase(Locale.ROOT)) + " " + esc(Character.toString(Character.toTitleCase('\u01c6'))));
        System.out.println(u.codePoints().mapToObj(Integer::toHexString).collect(Collectors.joining(" ")) + " " + u.codePointAt(10) + " " + u.offsetByCodePoints(0, 11) + " " + esc(new String(new int[] {0x1f601, 65}, 0, 2)) + " " + esc(Character.toString(0x10ffff)) + " " + "abc".chars().sum());
        String c1 = "con" + "stant", c2 = new String("constant"), part = "stant";
        System.out.println((c1 == "constant") + " " + (c2 == c1) + " " + (c2.intern() == c1) + " " + (("con" + part) == c1) + " " + (("con" + part).intern() == c1) + " " + c1.equals(c2));
        System.out.println(String.valueOf((Object) null) + String.valueOf(new char[] {'o', 'k'}) + String.copyValueOf(new char[] {'a', 'b', 'c'}, 1, 2) + new String(new byte[] {72, 105}) + String.valueOf(1.5f) + String.valueOf(true) + String.valueOf('x') + new String(new char[] {'\u0100', 'a'}, 1, 1));
        for (Runnable r : List.<Runnable>of(() -> a.charAt(99), () -> a.substring(-1), () -> a.substring(5, 3), () -> n.charAt(0), () -> a.codePointAt(12), () -> "x".repeat(-1), () -> new StringBuilder("abc").deleteCharAt(3), () -> new StringBuilder("abc").insert(7, "x"), () -> new StringBuilder("abc").setCharAt(-1, 'c'), () -> new String(new char[2], 1, 2), () -> a.getChars(0, 5, new char[2], 0), () -> new StringBuilder().setLength(-1)))
            try { r.run(); System.out.println("no exception"); } catch (RuntimeException e) { System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage()); }
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < 5; i++) b.append(i).append((char) ('a' + i)).append(i * 1.5).append(i % 2 == 0).append((Object) null).append(new char[] {'-'}).append("xyz", 1, 2).append(1L << i * 10);
        System.out.println(b); b.insert(3, "INS").delete(0, 2).replace(5, 9, "\u2603").setCharAt(0, '#'); b.setLength(40); b.appendCodePoint(0x1f600).append(3.0f);
        System.out.println(esc(b.toString()) + " " + b.indexOf("y") + " " + b.lastIndexOf("n") + " " + b.length() + " " + esc(b.reverse().toString()) + " " + b.compareTo(new StringBuilder("z")));
        StringBuffer sb = new StringBuffer("buf"); sb.append(sb).insert(0, 1.5).append('!'); System.out.println(sb + " " + sb.capacity());
        String s = ""; for (int i = 0; i < 100; i++) s += i + ","; System.out.println(s.hashCode() + " " + s.length());
        char k = 'k'; byte by = 1; short sh = 2; Object nul = null; System.out.println("" + k + by + sh + 3 + 4L + 5f + 6d + true + nul + 'c' + null + "\u03bb" + new int[0].length + (String) null);
        System.out.println("a-b-c".replaceAll("-(.)", "$1$1") + " " + "a.b".replaceFirst(".", "x") + " " + "x".matches("[a-z]") + " " + "%d%%".formatted(5) + " " + "b".compareTo("a") + " " + "mississippi".indexOf("ssi", 3) + " " + "mississippi".lastIndexOf("ssi", 4) + " " + "\u00e9\u00e8".indexOf("\u00e8") + " " + "ab".equals(new StringBuilder("ab")) + " " + "TitleCase".chars().filter(Character::isUpperCase).count());
    }
}
