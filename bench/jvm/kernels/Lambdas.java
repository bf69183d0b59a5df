// Lambdas and streams: captured variables, composed functions, pipelines of boxed and primitive values.
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

public class Lambdas extends Kernel {
    static int fold(int n, IntUnaryOperator step) {
        int value = 0;
        for (int i = 0; i < n; i++) value = step.applyAsInt(value + i);
        return value;
    }

    protected long run() {
        long sum = 0;
        for (int i = 0; i < 40; i++) {
            int captured = i;
            IntUnaryOperator step = value -> value * 3 ^ captured;
            sum += fold(3_000, step.andThen(value -> value & 0xffff));
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) numbers.add(i * 37 % 1_009);
        for (int round = 0; round < 6; round++) {
            int least = round * 50;
            sum += numbers.stream().filter(n -> n > least).mapToInt(n -> n * 2).sum();
            Map<Integer, Long> groups = numbers.stream().collect(Collectors.groupingBy(n -> n % 7, Collectors.counting()));
            sum += groups.get(3) + IntStream.range(0, 3_000).filter(n -> n % 3 == 0).map(n -> n ^ least).max().getAsInt();
            sum += numbers.stream().map(n -> "n" + n).limit(300).collect(Collectors.joining(",")).length();
        }
        return sum;
    }

    public static void main(String[] args) {
        new Lambdas().measure(args);
    }
}
