// long arithmetic: a linear congruential generator, division, remainder, shifts and modular powers.
public class LongMath extends Kernel {
    static long power(long base, long exponent, long modulus) {
        long result = 1;
        base %= modulus;
        while (exponent > 0) {
            if ((exponent & 1) != 0) result = result * base % modulus;
            base = base * base % modulus;
            exponent >>= 1;
        }
        return result;
    }

    protected long run() {
        long seed = 42, sum = 0;
        for (int i = 0; i < 3_000_000; i++) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            sum += (seed >>> 33) ^ (seed << 7);
            if (seed < sum) sum -= seed >> 3;
        }
        for (int i = 1; i < 70_000; i++) sum += power(i, 1_000_003, 2_147_483_647L) + seed / i + seed % (i + 7);
        return sum;
    }

    public static void main(String[] args) {
        new LongMath().measure(args);
    }
}
