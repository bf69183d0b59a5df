import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.util.Random;

/** Writes arguments, results of StrictMath and results of Math as raw doubles to standard output. */
public class StrictResults {
    static final double[] SPECIAL = {
        0.0, -0.0, 1, -1, 0.5, -0.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE,
        Double.MAX_VALUE, -Double.MAX_VALUE, Math.PI, Math.PI / 2, Math.PI / 4, 1e-300, 1e300, 1e22, 709.782712893384,
        710.4758600739439, 711, -746, 22, 2, 3, 10, 100, 1000, 1e15, 1e-10, 1e-20, 0.9999999999999999,
        1.0000000000000002
    };

    public static void main(String[] args) throws Exception {
        Random random = new Random(42);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        for (int i = 0; i < 12000; i++) {
            double x = SPECIAL[i % SPECIAL.length];
            double y = SPECIAL[i / SPECIAL.length % SPECIAL.length];
            if (i >= SPECIAL.length * SPECIAL.length) {
                double range = Math.pow(10, random.nextInt(40) - 20);
                x = i % 3 == 0 ? Double.longBitsToDouble(random.nextLong()) : (random.nextDouble() - 0.5) * 20;
                if (i % 3 == 1) x = (random.nextDouble() - 0.5) * range;
                y = i % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : random.nextInt(40) - 20;
            }
            double[] all = {
                x, y, StrictMath.sin(x), StrictMath.cos(x), StrictMath.tan(x), StrictMath.asin(x), StrictMath.acos(x),
                StrictMath.atan(x), StrictMath.log(x), StrictMath.log10(x), StrictMath.sqrt(x), StrictMath.sinh(x),
                StrictMath.cosh(x), StrictMath.tanh(x), StrictMath.expm1(x), StrictMath.log1p(x), StrictMath.exp(x),
                StrictMath.atan2(x, y), StrictMath.IEEEremainder(x, y), Math.sin(x), Math.cos(x), Math.tan(x),
                Math.exp(x), Math.log(x), Math.log10(x), Math.pow(x, y)
            };
            for (double value : all) out.writeDouble(value);
        }
        out.flush();
    }
}
