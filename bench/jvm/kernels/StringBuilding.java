// Strings: appending numbers and text to a StringBuilder, substrings, search and concatenation.
public class StringBuilding extends Kernel {
    protected long run() {
        long sum = 0;
        for (int round = 0; round < 45; round++) {
            StringBuilder b = new StringBuilder();
            for (int i = 0; i < 1_200; i++) b.append(i).append(',').append("item").append((char) ('a' + i % 26));
            String text = b.toString();
            int at = 0, found = 0;
            while ((at = text.indexOf("item", at)) >= 0) {
                at += 4;
                found += text.charAt(at);
            }
            String[] parts = text.substring(0, 1_500).split(",");
            String joined = "";
            for (int i = 0; i < 40; i++) joined = joined + parts[i].toUpperCase() + i;
            sum += found + joined.length() + parts.length + text.replace("item", "x").length();
        }
        return sum;
    }

    public static void main(String[] args) {
        new StringBuilding().measure(args);
    }
}
