// Text to values: a small expression parser and evaluator, numbers parsed from strings, string hashing and comparison.
public class Parsing extends Kernel {
    static final class Parser {
        final String text;
        int at;

        Parser(String text) {
            this.text = text;
        }

        int peek() {
            while (at < text.length() && text.charAt(at) == ' ') at++;
            return at < text.length() ? text.charAt(at) : -1;
        }

        long sum() {
            long value = product();
            for (int c = peek(); c == '+' || c == '-'; c = peek()) {
                at++;
                value = c == '+' ? value + product() : value - product();
            }
            return value;
        }

        long product() {
            long value = atom();
            for (int c = peek(); c == '*' || c == '/'; c = peek()) {
                at++;
                long right = atom();
                value = c == '*' ? value * right : right == 0 ? 0 : value / right;
            }
            return value;
        }

        long atom() {
            if (peek() == '(') {
                at++;
                long value = sum();
                peek();
                at++;
                return value;
            }
            int start = at;
            while (at < text.length() && Character.isDigit(text.charAt(at))) at++;
            return Integer.parseInt(text.substring(start, at));
        }
    }

    protected long run() {
        String[] expressions = {"1 + 2 * 3", "(4 + 5) * (6 - 7) + 80 / 9", "((1+2)*(3+4)-5)*((6+7)*8-9)", "123456 * 654 / 321 + 7 * (8 - 9)"};
        long sum = 0;
        for (int i = 0; i < 2_600; i++) sum = sum * 31 + new Parser(expressions[i & 3]).sum();
        String[] words = new String[200];
        for (int i = 0; i < words.length; i++) words[i] = "word-" + Integer.toString(i * 7919, 36);
        for (String a : words) {
            sum += a.hashCode();
            for (String b : words) if (a.compareTo(b) < 0 && !a.equals(b)) sum++;
        }
        for (int i = 0; i < 2_000; i++) sum += Long.parseLong(Long.toString(i * 1_234_567_890_123L)) & 255;
        return sum;
    }

    public static void main(String[] args) {
        new Parsing().measure(args);
    }
}
