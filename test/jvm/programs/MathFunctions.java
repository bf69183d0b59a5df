// StrictMath exactly, and Math where its results are fixed: roots, powers, logarithms, trigonometry, hyperbolics.
import java.util.function.*;

public class MathFunctions {
    static final double[] X = {0, -0.0, 0.5, -0.5, 1, -1, 1.0000000001, 2, 3, 10, -10, 100.25, 1e-5, 1e-10, 1e5, 1e10, 1e22, 1e300, 709.5, 710, -745, -746, Math.PI, Math.PI / 2, Math.PI / 4, Math.E, Double.MIN_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};
    static long h;
    static void show(String name, DoubleUnaryOperator f) { long hash = 0; StringBuilder s = new StringBuilder(name); for (double x : X) { double r = f.applyAsDouble(x); hash = hash * 31 + Double.doubleToLongBits(r); } for (double x = -3; x < 30; x += 0.37) hash = hash * 31 + Double.doubleToLongBits(f.applyAsDouble(x)); s.append(' ').append(f.applyAsDouble(0.7)).append(' ').append(hash); System.out.println(s); }
    static void show2(String name, DoubleBinaryOperator f) { long hash = 0; for (double a : X) for (double b : X) hash = hash * 31 + Double.doubleToLongBits(f.applyAsDouble(a, b)); System.out.println(name + " " + f.applyAsDouble(1.7, 2.3) + " " + hash); }
    public static void main(String[] args) {
        show("sqrt", StrictMath::sqrt); show("cbrt", StrictMath::cbrt); show("exp", StrictMath::exp); show("expm1", StrictMath::expm1); show("log", StrictMath::log); show("log10", StrictMath::log10); show("log1p", StrictMath::log1p);
        show("sin", StrictMath::sin); show("cos", StrictMath::cos); show("tan", StrictMath::tan); show("asin", StrictMath::asin); show("acos", StrictMath::acos); show("atan", StrictMath::atan); show("sinh", StrictMath::sinh); show("cosh", StrictMath::cosh); show("tanh", StrictMath::tanh);
        show("rint", StrictMath::rint); show("floor", StrictMath::floor); show("ceil", StrictMath::ceil); show("ulp", StrictMath::ulp); show("degrees", StrictMath::toDegrees); show("radians", StrictMath::toRadians); show("nextUp", StrictMath::nextUp);
        show2("pow", StrictMath::pow); show2("atan2", StrictMath::atan2); show2("hypot", StrictMath::hypot); show2("rem", StrictMath::IEEEremainder); show2("nextAfter", StrictMath::nextAfter);
        show("Math.sqrt", Math::sqrt); show("Math.cbrt", Math::cbrt); show("Math.floor", Math::floor); show("Math.rint", Math::rint); show("Math.tanh", Math::tanh); show("Math.asin", Math::asin); show("Math.atan", Math::atan); show("Math.log1p", Math::log1p); show("Math.expm1", Math::expm1);
        for (double x : new double[] {0.5, 2.5, -2.5, 3.5, -0.4, 1e15 + 0.5, 0.49999999999999994}) System.out.print(Math.round(x) + " " + Math.rint(x) + " " + Math.round((float) x) + "; ");
        System.out.println();
        System.out.println(Math.sin(0) + " " + Math.cos(0) + " " + Math.exp(0) + " " + Math.log(1) + " " + Math.pow(2, 10) + " " + Math.pow(-8, 1.0 / 3) + " " + Math.pow(0, 0) + " " + Math.atan2(-0.0, -1) + " " + Math.log10(1000) + " " + Math.pow(10, -2) + " " + Math.sqrt(2) + " " + Math.abs(-0.0) + " " + Math.ceil(-0.5));
        System.out.println(Math.floorMod(-7, 3) + " " + Math.floorDiv(-7, 3) + " " + Math.scalb(1.0, -1074) + " " + Math.scalb(1.5, 1030));
    }
}
