import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts words: records, lambdas, streams, a text block. Arguments, if there are any, are the text. */
public class Words {
    record Count(String word, long times) { }

    static final String TEXT = """
            the quick brown fox jumps over the lazy dog
            and the lazy dog lets the fox jump
            """;

    /** The words of a text, the most frequent first. */
    static List<Count> count(String text) {
        Map<String, Long> counts = Stream.of(text.split("\\W+"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.groupingBy(String::toLowerCase, Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> new Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Count::times).reversed().thenComparing(Count::word))
                .toList();
    }

    public static void main(String[] args) {
        for (Count count : count(args.length == 0 ? TEXT : String.join(" ", args))) {
            if (count.times() > 1) System.out.printf("%-6s %d%n", count.word(), count.times());
        }
    }
}
