// java.util.Random and its kin from fixed seeds: the specified sequences, streams, gaussians, shuffles, SplittableRandom.
import java.util.*;
import java.util.random.*;
import java.util.stream.*;

public class RandomNumbers {
    public static void main(String[] args) {
        Random r = new Random(12345); System.out.println(r.nextInt() + " " + r.nextInt(100) + " " + r.nextInt(64) + " " + r.nextLong() + " " + r.nextDouble() + " " + r.nextFloat() + " " + r.nextBoolean() + " " + r.nextGaussian() + " " + r.nextGaussian() + " " + r.nextInt(5, 9));
        byte[] b = new byte[7]; r.nextBytes(b); System.out.println(Arrays.toString(b) + r.ints(5, 0, 10).boxed().collect(Collectors.toList()) + r.longs(2).boxed().collect(Collectors.toList()) + r.doubles(2, 1, 2).sum());
        List<Integer> l = IntStream.range(0, 12).boxed().collect(Collectors.toList()); Collections.shuffle(l, new Random(1)); System.out.println(l);
        SplittableRandom s = new SplittableRandom(99); System.out.println(s.nextInt() + " " + s.split().nextLong() + " " + s.nextInt(10, 20) + " " + s.nextDouble());
        for (String name : new String[] {"L64X128MixRandom", "Xoshiro256PlusPlus", "Xoroshiro128PlusPlus", "L32X64MixRandom"}) { RandomGenerator g = RandomGeneratorFactory.of(name).create(42); System.out.println(name + " " + g.nextInt() + " " + g.nextLong(1000) + " " + g.nextDouble()); }
        try { r.nextInt(0); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
        long h = 0; Random q = new Random(0); for (int i = 0; i < 3000; i++) h = 31 * h + q.nextInt(i + 1) + Double.doubleToLongBits(q.nextGaussian()); System.out.println(h);
        System.out.println(new java.security.SecureRandom().generateSeed(8).length + " " + (Math.random() < 1) + " " + (java.util.concurrent.ThreadLocalRandom.current().nextInt(3) < 3));
    }
}
