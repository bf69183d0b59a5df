// Text from standard input counted and indexed with streams and collectors.
// stdin: The quick brown fox jumps over the lazy dog.\nThe dog barks; the fox runs away!\n\nQuick, said the dog -- quick it was.\n
import java.io.*;
import java.util.*;
import java.util.function.Function;
import java.util.stream.*;

public class WordCount {
    public static void main(String[] args) throws IOException {
        List<String> lines = new BufferedReader(new InputStreamReader(System.in)).lines().collect(Collectors.toList()); List<String> words = lines.stream().flatMap(l -> Arrays.stream(l.toLowerCase().split("[^a-z]+"))).filter(w -> !w.isEmpty()).toList(); Map<String, Long> count = words.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())); System.out.println(lines.size() + " " + words.size() + " " + count.size()); count.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey())).limit(5).forEach(e -> System.out.printf("%-8s%3d %5.1f%%%n", e.getKey(), e.getValue(), 100.0 * e.getValue() / words.size())); NavigableMap<Integer, List<String>> index = new TreeMap<>(); for (int i = 0; i < lines.size(); i++) for (String w : lines.get(i).split(" ")) index.computeIfAbsent(w.length(), k -> new ArrayList<>()).add((i + 1) + ":" + w); index.descendingMap().forEach((k, v) -> System.out.println(k + " " + v)); System.out.println(words.stream().collect(Collectors.toMap(w -> w.charAt(0), w -> 1, Integer::sum, TreeMap::new)) + " " + words.stream().mapToInt(String::length).summaryStatistics() + " " + words.stream().distinct().sorted(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder())).limit(4).collect(Collectors.joining("|")));
    }
}
