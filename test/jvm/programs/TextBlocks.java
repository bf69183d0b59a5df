// Text blocks: indentation, escapes, line continuation, and the String methods that came with them.
public class TextBlocks {
    public static void main(String[] args) {
        String json = """
            {
              "name": "caf\u00e9",\t"n": 1,
              "quote": "\"", "path": "C:\\dir"
            }
            """;
        System.out.print(json);
        String joined = """
            one \
            two \
            three""";
        System.out.println("[" + joined + "]");
        String trailing = """
            a  \s
            b\040
              c
          d
            """;
        System.out.print(trailing.replace(' ', '.'));
        System.out.println("""
            ""\""triple\"""
            """.strip());
        System.out.println("""
            %s has %d items at %.2f""".formatted("cart", 3, 9.5));
        System.out.println("a\\tb\\n\\u0041\\101\\s".replace("\\u0041", "").translateEscapes().replace(' ', '_'));
        System.out.print("   x\n  y\n\n    z".stripIndent().replace(' ', '.') + "\n");
        System.out.print("l1\nl2\r\nl3".indent(3) + "  l4\n l5".indent(-1));
        System.out.println("".isBlank() + " " + " \t\u2003".isBlank() + " " + "ab\ncd\r\nef\rg".lines().toList());
        System.out.println(" \u2003x\u2003 ".strip().length() + " " + " \u2003x".trim().length() + " " + "ab".repeat(3) + "|" + " a ".stripLeading() + "|" + " a ".stripTrailing() + "|");
        System.out.println("abc".transform(s -> s + s.length()) + " " + "x".describeConstable().get());
    }
}
