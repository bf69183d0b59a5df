/** Draws the Mandelbrot set in characters: `Mandelbrot [width [iterations]]`. */
public class Mandelbrot {
    private static final String SHADES = " .:-=+*#%@";

    /** The picture, a line for each two of the width's characters. */
    static String draw(int width, int iterations) {
        int height = width / 3;
        StringBuilder picture = new StringBuilder((width + 1) * height);
        for (int y = 0; y < height; y++) {
            double im = 2.4 * y / (height - 1) - 1.2;
            for (int x = 0; x < width; x++) {
                double re = 3.2 * x / (width - 1) - 2.3;
                picture.append(SHADES.charAt(escape(re, im, iterations) * (SHADES.length() - 1) / iterations));
            }
            picture.append('\n');
        }
        return picture.toString();
    }

    /** Rounds until the point leaves the circle of radius 2, at most `iterations`. */
    private static int escape(double re, double im, int iterations) {
        double x = 0;
        double y = 0;
        int n = 0;
        while (n < iterations && x * x + y * y <= 4) {
            double next = x * x - y * y + re;
            y = 2 * x * y + im;
            x = next;
            n++;
        }
        return n;
    }

    public static void main(String[] args) {
        int width = args.length > 0 ? Integer.parseInt(args[0]) : 72;
        int iterations = args.length > 1 ? Integer.parseInt(args[1]) : 40;
        System.out.print(draw(width, iterations));
    }
}
