// boolean and int arrays: the sieve of Eratosthenes.
public class Sieve extends Kernel {
    protected long run() {
        int limit = 4_000_000, count = 0;
        boolean[] composite = new boolean[limit + 1];
        int[] primes = new int[300_000];
        for (int i = 2; i <= limit; i++) {
            if (composite[i]) continue;
            primes[count++] = i;
            for (long j = (long) i * i; j <= limit; j += i) composite[(int) j] = true;
        }
        long sum = 0;
        for (int i = 0; i < count; i++) sum += primes[i] ^ i;
        return sum;
    }

    public static void main(String[] args) {
        new Sieve().measure(args);
    }
}
