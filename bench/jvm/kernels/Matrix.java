// Matrices as arrays of arrays of double: multiplication and elimination.
public class Matrix extends Kernel {
    static double[][] multiply(double[][] a, double[][] b) {
        int n = a.length;
        double[][] c = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) sum += a[i][k] * b[k][j];
                c[i][j] = sum;
            }
        }
        return c;
    }

    static double determinant(double[][] m) {
        double result = 1;
        for (int i = 0; i < m.length; i++) {
            int pivot = i;
            for (int r = i + 1; r < m.length; r++) if (Math.abs(m[r][i]) > Math.abs(m[pivot][i])) pivot = r;
            double[] row = m[pivot];
            m[pivot] = m[i];
            m[i] = row;
            if (pivot != i) result = -result;
            result *= row[i];
            for (int r = i + 1; r < m.length; r++) {
                double factor = m[r][i] / row[i];
                for (int c = i; c < m.length; c++) m[r][c] -= factor * row[c];
            }
        }
        return result;
    }

    protected long run() {
        int n = 150;
        double[][] a = new double[n][n], b = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = (i * 31 + j * 17) % 23 / 7.0 + (i == j ? 3 : 0);
                b[i][j] = (i * 13 + j * 29) % 19 / 5.0 - 1;
            }
        }
        double[][] product = multiply(multiply(a, b), a);
        return Double.doubleToLongBits(product[3][5] + determinant(a));
    }

    public static void main(String[] args) {
        new Matrix().measure(args);
    }
}
