// double arithmetic in local variables: the Mandelbrot set.
public class Mandelbrot extends Kernel {
    protected long run() {
        int size = 500, inside = 0;
        for (int py = 0; py < size; py++) {
            for (int px = 0; px < size; px++) {
                double cx = 3.0 * px / size - 2, cy = 2.0 * py / size - 1, x = 0, y = 0;
                int n = 0;
                while (n < 60 && x * x + y * y <= 4) {
                    double t = x * x - y * y + cx;
                    y = 2 * x * y + cy;
                    x = t;
                    n++;
                }
                inside += n;
            }
        }
        return inside;
    }

    public static void main(String[] args) {
        new Mandelbrot().measure(args);
    }
}
