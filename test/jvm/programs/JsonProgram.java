// A program in the small: a JSON parser, printer and query over sealed records, with error positions.
import java.util.*;

public class JsonProgram {
    sealed interface Json permits Obj, Arr, Str, Num, Bool, Null {}
    record Obj(LinkedHashMap<String, Json> fields) implements Json {}
    record Arr(List<Json> items) implements Json {}
    record Str(String value) implements Json {}
    record Num(double value) implements Json {}
    record Bool(boolean value) implements Json {}
    record Null() implements Json {}

    static class ParseError extends RuntimeException {
        final int at;

        ParseError(String message, int at) {
            super(message + " at " + at);
            this.at = at;
        }
    }

    static class Parser {
        private final String s;
        private int i;

        Parser(String s) {
            this.s = s;
        }

        Json parse() {
            Json v = value();
            skip();
            if (i < s.length()) throw new ParseError("trailing '" + s.charAt(i) + "'", i);
            return v;
        }

        private void skip() {
            while (i < s.length() && Character.isWhitespace(s.charAt(i))) i++;
        }

        private char next() {
            if (i >= s.length()) throw new ParseError("unexpected end", i);
            return s.charAt(i++);
        }

        private void expect(String word) {
            if (!s.startsWith(word, i)) throw new ParseError("expected " + word, i);
            i += word.length();
        }

        private Json value() {
            skip();
            if (i >= s.length()) throw new ParseError("unexpected end", i);
            switch (s.charAt(i)) {
                case '{': {
                    i++;
                    var fields = new LinkedHashMap<String, Json>();
                    skip();
                    if (s.charAt(i) == '}') {
                        i++;
                        return new Obj(fields);
                    }
                    for (;;) {
                        skip();
                        if (next() != '"') throw new ParseError("expected a key", i - 1);
                        String key = string();
                        skip();
                        if (next() != ':') throw new ParseError("expected ':'", i - 1);
                        fields.put(key, value());
                        skip();
                        char c = next();
                        if (c == '}') return new Obj(fields);
                        if (c != ',') throw new ParseError("expected ',' or '}'", i - 1);
                    }
                }
                case '[': {
                    i++;
                    List<Json> items = new ArrayList<>();
                    skip();
                    if (i < s.length() && s.charAt(i) == ']') {
                        i++;
                        return new Arr(items);
                    }
                    for (;;) {
                        items.add(value());
                        skip();
                        char c = next();
                        if (c == ']') return new Arr(items);
                        if (c != ',') throw new ParseError("expected ',' or ']'", i - 1);
                    }
                }
                case '"':
                    i++;
                    return new Str(string());
                case 't':
                    expect("true");
                    return new Bool(true);
                case 'f':
                    expect("false");
                    return new Bool(false);
                case 'n':
                    expect("null");
                    return new Null();
                default: {
                    int start = i;
                    while (i < s.length() && "+-.eE0123456789".indexOf(s.charAt(i)) >= 0) i++;
                    try {
                        return new Num(Double.parseDouble(s.substring(start, i)));
                    } catch (NumberFormatException e) {
                        throw new ParseError("bad number", start);
                    }
                }
            }
        }

        private String string() {
            StringBuilder b = new StringBuilder();
            for (;;) {
                char c = next();
                if (c == '"') return b.toString();
                if (c != '\\') {
                    b.append(c);
                    continue;
                }
                switch (c = next()) {
                    case 'n' -> b.append('\n');
                    case 't' -> b.append('\t');
                    case 'u' -> {
                        b.append((char) Integer.parseInt(s.substring(i, i + 4), 16));
                        i += 4;
                    }
                    case '"', '\\', '/' -> b.append(c);
                    default -> throw new ParseError("bad escape", i - 1);
                }
            }
        }
    }

    static void print(Json j, StringBuilder b, int indent) {
        String pad = "  ".repeat(indent);
        if (j instanceof Obj o) {
            b.append("{\n");
            o.fields().forEach((k, v) -> {
                b.append(pad).append("  ").append(k).append(": ");
                print(v, b, indent + 1);
                b.append('\n');
            });
            b.append(pad).append('}');
        } else if (j instanceof Arr a) {
            b.append('[');
            for (Json item : a.items()) {
                print(item, b, indent);
                b.append(' ');
            }
            b.append(']');
        } else if (j instanceof Str s) b.append('"').append(s.value()).append('"');
        else if (j instanceof Num n) b.append(n.value() == Math.rint(n.value()) ? String.valueOf((long) n.value()) : String.valueOf(n.value()));
        else if (j instanceof Bool t) b.append(t.value());
        else b.append("null");
    }

    static double sum(Json j) {
        if (j instanceof Num n) return n.value();
        if (j instanceof Arr a) return a.items().stream().mapToDouble(JsonProgram::sum).sum();
        if (j instanceof Obj o) return o.fields().values().stream().mapToDouble(JsonProgram::sum).sum();
        return 0;
    }

    public static void main(String[] args) {
        String text = """
            {"name": "scotty\\u0021", "nested": {"list": [1, 2.5, -3e2, true, null, [], {}], "deep": [[[["x"]]]]}, "esc": "a\\tb\\"c"}
            """;
        Json j = new Parser(text).parse();
        StringBuilder b = new StringBuilder();
        print(j, b, 0);
        System.out.println(b);
        System.out.println(sum(j) + " " + j.equals(new Parser(text).parse()) + " " + j.hashCode());
        for (String bad : new String[] {"", "{", "[1,", "[1 2]", "{\"a\" 1}", "tru", "\"\\q\"", "1.2.3", "[] x", "{1:2}", "\"open"}) {
            try {
                System.out.println(new Parser(bad).parse());
            } catch (ParseError e) {
                System.out.println(e.getMessage() + " " + e.at);
            } catch (StringIndexOutOfBoundsException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
