// java.util.Formatter: every conversion, flags, widths, precision, argument indices, locales, dates and its exceptions.
import java.math.*;
import java.util.*;
import java.time.*;

public class Formatting {
    static void f(String format, Object... args) { try { System.out.println("[" + String.format(Locale.ROOT, format, args) + "]"); } catch (IllegalFormatException e) { System.out.println(e.getClass().getSimpleName() + " " + e.getMessage()); } }
    static class Custom implements Formattable { public void formatTo(Formatter f, int flags, int width, int precision) { f.format("custom(%d,%d,%d)", flags, width, precision); } }
    public static void main(String[] args) {
        f("%d %5d %-5d| %05d %+d %,d %(d % d %x %X %#x %o %#o", 1, 2, 3, 4, 5, 1234567, -8, 9, 255, 255, 255, 8, 8);
        f("%d %d %d %d %d", (byte) -1, (short) -2, 3L, new BigInteger("123456789012345678901234567890"), null);
        f("%x %x %x %X", (byte) -1, (short) -1, -1L, new BigInteger("-255"));
        f("%f %.2f %10.3f|%-10.1f|%010.2f %+.1f %,.2f %(.1f %.0f %#.0f", 1.0, 2.345, 3.14159, 2.25, -1.5, 0.05, 1234567.891, -2.0, 2.5, 3.0);
        f("%e %.3E %10.2e|%g %.3g %g %g %G", 12345.678, 0.00012345, 1.0, 123456.0, 0.0001234, 1e-5, 1e10, 1e20);
        f("%a %A %.3a %a %a", 1.0, -0.1, 3.14159, Double.MIN_VALUE, Double.NaN);
        f("%f %e %g %10f|%-10f|%+f %(f", Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        f("%.1f %.1f %.1f %.2f %.3f %.0f %.0f %.15f %.20f", 0.05, 0.15, 0.25, 1.005, 2.0005, 0.5, 1.5, 0.1, 0.1f);
        f("%f %.3f %,.3f %e", new BigDecimal("123456789.987654321"), new BigDecimal("-0.0005"), new BigDecimal("9999999.9999"), new BigDecimal("1e-50"));
        f("%s %10s|%-10s|%.3s %S %s %s", "str", "right", "left", "truncate", "upper", null, List.of(1, 2));
        f("%c %C %c %5c|%-3c| %c", 'c', 'd', 65, 'e', 'f', 0x1f600);
        f("%b %B %b %10b %.2b %b", true, "x", null, false, true, 0);
        f("%h %H %h %%|%5%|%-5%|%n", "hash", "hash", null);
        f("%2$s %1$s %2$s %s %s %<s", "a", "b");
        f("%s %s", new Custom(), 1); f("%-12.3S|", new Custom());
        f("%tY-%<tm-%<td %<tH:%<tM:%<tS.%<tL %<tB %<tb %<tA %<ta %<tj %<tp %<ty %<te %<tk %<tl %<tI", LocalDateTime.of(2024, 2, 9, 15, 4, 5, 678_000_000));
        f("%tF %<tT %<tR %<tD %<tr %<tZ %<tz %<tc %<ts %<tQ", ZonedDateTime.of(2021, 12, 25, 1, 2, 3, 0, ZoneId.of("Europe/Paris")));
        for (String bad : new String[] {"%q", "%d", "%5", "%-d", "%.2d", "%+s", "%,x", "%#d", "%00d", "%-05d", "%1$", "%c", "%tq", "%<s"}) f(bad, bad.equals("%d") ? "str" : bad.equals("%c") ? 1.5 : bad.startsWith("%t") ? LocalDate.EPOCH : 1);
        f("%s %s", 1); f("%c", -1); f("no args"); f("%d", new Object()); f("%.3x", 1); f("%#s", "x");
        System.out.println(String.format(Locale.GERMANY, "%,.2f %,d %e", 1234567.891, 1234567, 1.5) + " " + String.format(Locale.FRANCE, "%,.2f", 1234567.891).replace('\u202f', '_') + " " + String.format(new Locale("ar", "EG"), "%d", 123).length() + " " + String.format(Locale.US, "%tB", LocalDate.of(2020, 5, 1)) + " " + String.format(Locale.GERMANY, "%tA %<tB", LocalDate.of(2020, 5, 1)));
        System.out.printf(Locale.ROOT, "%s=%d%n", "k", 3);
        Formatter fm = new Formatter(new StringBuilder("pre:"), Locale.ROOT); fm.format("%d", 1).format("%s", "x"); System.out.println(fm + " " + fm.out().getClass().getSimpleName()); fm.close();
        try { fm.format("x"); } catch (FormatterClosedException e) { System.out.println(e); }
    }
}
