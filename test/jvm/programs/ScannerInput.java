// Scanner and BufferedReader on standard input: tokens of all types, lines, delimiters, mismatches.
// stdin: 12 3.5 word true\n  line two \n0x1F 999999999999 -7\na,b;c\n\nlast line\n123 456
import java.io.*;
import java.util.*;

public class ScannerInput {
    public static void main(String[] args) throws IOException {
        Scanner s = new Scanner(System.in).useLocale(Locale.US); System.out.println(s.nextInt() + s.nextDouble() + s.next() + s.nextBoolean()); s.nextLine(); System.out.println("[" + s.nextLine() + "]" + s.hasNextInt() + s.hasNextInt(16) + s.next());
        try { s.nextInt(); } catch (InputMismatchException e) { System.out.println(e.getMessage()); } System.out.println(s.nextLong() + s.nextByte()); s.nextLine(); s.useDelimiter("[,;\\n]"); System.out.println(s.next() + "|" + s.next() + "|" + s.next()); s.reset(); s.nextLine(); System.out.println("[" + s.nextLine() + "][" + s.nextLine() + "]" + s.findInLine("\\d+") + s.nextBigInteger() + s.hasNext() + s.hasNextLine()); try { s.next(); } catch (NoSuchElementException e) { System.out.println(e.getClass().getSimpleName()); } try { s.nextLine(); } catch (NoSuchElementException e) { System.out.println(e.getMessage()); } System.out.println(System.in.read()); s.close(); try { s.next(); } catch (IllegalStateException e) { System.out.println(e.getMessage()); }
        StreamTokenizer t = new StreamTokenizer(new StringReader("x = 3.5 + 'q' // c\n y")); while (t.nextToken() != StreamTokenizer.TT_EOF) System.out.print(t + " "); System.out.println(); BufferedReader r = new BufferedReader(new StringReader("l1\r\nl2\rl3\n\nl5")); System.out.println(r.lines().toList()); LineNumberReader ln = new LineNumberReader(new StringReader("a\nb")); while (ln.readLine() != null) ; System.out.println(ln.getLineNumber()); PushbackReader p = new PushbackReader(new StringReader("ab"), 2); int c = p.read(); p.unread(c); p.unread('z'); System.out.println((char) p.read() + "" + (char) p.read());
        System.out.println(new Scanner("1 fish 2").findAll("\\d").map(m -> m.group()).toList() + " " + new Scanner("a-b-c").useDelimiter("-").tokens().toList());
    }
}
