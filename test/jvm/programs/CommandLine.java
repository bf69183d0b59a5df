// Arguments, -D properties, PrintStream behaviour on both standard streams, and an exit code from System.exit.
// vm: -Dmy.key=my-value -Dempty= -Dflag
// args: first -x --long=3 "quoted
import java.io.*;

public class CommandLine {
    public static void main(String... args) throws Exception {
        System.out.println(args.length + " " + String.join("|", args)); System.out.println(System.getProperty("my.key") + "[" + System.getProperty("empty") + "][" + System.getProperty("flag") + "]" + System.getProperty("sun.java.command"));
        System.err.println("to stderr"); System.out.print('c'); System.out.print(1); System.out.print(2L); System.out.print(1.5f); System.out.print(2.5); System.out.print(true); System.out.print((Object) null); System.out.print((String) null); System.out.print(new char[] {'x', 'y'}); System.out.println(); System.out.println(new char[] {'z'}); System.out.append("app").append('e').append("xndx", 1, 3).printf("%d%n", 5).flush(); System.out.write(65); System.out.write(new byte[] {66, 67, 10}); System.out.println("\u00fcml\u00e4ut \u20ac \ud83d\ude00");
        PrintStream old = System.out; ByteArrayOutputStream bytes = new ByteArrayOutputStream(); System.setOut(new PrintStream(bytes, true, "UTF-16BE")); System.out.print("captured"); System.setOut(old); System.out.println(bytes.size() + " " + System.out.checkError()); PrintStream ps = new PrintStream(new OutputStream() { public void write(int b) throws IOException { throw new IOException("no"); } }); ps.print("x"); ps.flush(); System.out.println(ps.checkError()); PrintWriter pw = new PrintWriter(System.out); pw.println("writer"); pw.flush(); System.err.printf("%s %d%n", "err", 2); System.out.println(System.console() == null); System.setIn(new ByteArrayInputStream("in".getBytes())); System.out.println((char) System.in.read());
        try { System.exit(42); } finally { System.out.println("not printed"); }
    }
}
