// Collections: hash maps and array lists of boxed numbers and strings, with iteration and removal.
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

public class Maps extends Kernel {
    protected long run() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            int key = i * 31 % 5_003;
            Integer old = counts.get(key);
            counts.put(key, old == null ? 1 : old + 1);
        }
        Map<String, List<Integer>> groups = new HashMap<>();
        for (int i = 0; i < 6_000; i++) groups.computeIfAbsent("key" + i % 97, key -> new ArrayList<>()).add(i);
        long sum = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) sum += (long) entry.getKey() * entry.getValue();
        for (List<Integer> list : groups.values()) {
            for (Iterator<Integer> i = list.iterator(); i.hasNext();) if (i.next() % 50 == 0) i.remove();
            for (int value : list) sum += value;
        }
        return sum + counts.size() + groups.size();
    }

    public static void main(String[] args) {
        new Maps().measure(args);
    }
}
