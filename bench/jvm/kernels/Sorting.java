// Sorting: quicksort on an int array by hand, the library's sort of objects with a comparator, a heap.
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

public class Sorting extends Kernel {
    static void quicksort(int[] a, int low, int high) {
        while (low < high) {
            int pivot = a[(low + high) >>> 1], i = low, j = high;
            while (i <= j) {
                while (a[i] < pivot) i++;
                while (a[j] > pivot) j--;
                if (i <= j) {
                    int t = a[i];
                    a[i++] = a[j];
                    a[j--] = t;
                }
            }
            if (j - low < high - i) {
                quicksort(a, low, j);
                low = i;
            } else {
                quicksort(a, i, high);
                high = j;
            }
        }
    }

    protected long run() {
        int seed = 1;
        int[] numbers = new int[120_000];
        for (int i = 0; i < numbers.length; i++) numbers[i] = seed = seed * 1_664_525 + 1_013_904_223;
        List<Integer> boxed = new ArrayList<>();
        PriorityQueue<Integer> heap = new PriorityQueue<>();
        for (int i = 0; i < 14_000; i++) {
            boxed.add(numbers[i]);
            if (i % 2 == 0) heap.add(numbers[i]);
        }
        quicksort(numbers, 0, numbers.length - 1);
        boxed.sort(Comparator.comparingInt(value -> value ^ 0x5555));
        long sum = 0;
        for (int i = 0; i < numbers.length; i += 7) sum = sum * 31 + numbers[i];
        for (int value : boxed) sum = sum * 17 + value;
        while (!heap.isEmpty()) sum = sum * 13 + heap.poll();
        return sum;
    }

    public static void main(String[] args) {
        new Sorting().measure(args);
    }
}
