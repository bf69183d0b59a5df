// Standard input as bytes to its end: available, skip, mark-free reads, zero-length reads.
// stdin: binary \u0000\u0001 data \u00ff end\nsecond line
import java.io.*;

public class StdinBytes {
    public static void main(String[] args) throws IOException {
        InputStream in = System.in;
        System.out.println((char) in.read() + " " + in.read(new byte[0]) + " " + in.skip(2) + " " + (char) in.read());
        byte[] b = new byte[5];
        System.out.println(in.readNBytes(b, 1, 3) + " " + java.util.Arrays.toString(b));
        int h = 0, n = 0;
        for (int c; (c = in.read()) >= 0; n++) h = h * 31 + c;
        System.out.println(n + " " + h + " " + in.read() + " " + in.read(b) + " " + in.available());
    }
}
