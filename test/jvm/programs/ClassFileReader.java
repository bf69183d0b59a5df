// Reads class files with DataInputStream: its own constant pool, methods and code sizes, and those of some of the library.
import java.io.*;
import java.util.*;

public class ClassFileReader {
    interface Sized { int size(); }
    static String read(InputStream raw) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(raw))) {
            if (in.readInt() != 0xCAFEBABE) throw new IOException("no class file");
            int minor = in.readUnsignedShort(), major = in.readUnsignedShort(), n = in.readUnsignedShort(); Object[] pool = new Object[n]; int[] tags = new int[21]; for (int i = 1; i < n; i++) { int tag = in.readUnsignedByte(); tags[tag]++; switch (tag) { case 1 -> pool[i] = in.readUTF(); case 3 -> pool[i] = in.readInt(); case 4 -> pool[i] = in.readFloat(); case 5 -> pool[i++] = in.readLong(); case 6 -> pool[i++] = in.readDouble(); case 7, 8, 16, 19, 20 -> pool[i] = new int[] {in.readUnsignedShort()}; case 9, 10, 11, 12, 17, 18 -> pool[i] = new int[] {in.readUnsignedShort(), in.readUnsignedShort()}; case 15 -> pool[i] = new int[] {in.readUnsignedByte(), in.readUnsignedShort()}; default -> throw new IOException("tag " + tag); } }
            int flags = in.readUnsignedShort(); String self = (String) pool[((int[]) pool[in.readUnsignedShort()])[0]]; int sup = in.readUnsignedShort(), itf = in.readUnsignedShort(); in.skipBytes(2 * itf); StringBuilder out = new StringBuilder(self + " v" + major + "." + minor + " flags " + Integer.toHexString(flags) + (sup == 0 ? "" : " extends " + pool[((int[]) pool[sup])[0]]) + " implements " + itf); for (String kind : new String[] {"fields", "methods"}) { int count = in.readUnsignedShort(), code = 0; TreeSet<String> names = new TreeSet<>(); for (int i = 0; i < count; i++) { in.readUnsignedShort(); names.add((String) pool[in.readUnsignedShort()]); in.readUnsignedShort(); for (int a = in.readUnsignedShort(); a > 0; a--) { String name = (String) pool[in.readUnsignedShort()]; byte[] body = in.readNBytes(in.readInt()); if (name.equals("Code")) code += new DataInputStream(new ByteArrayInputStream(body, 4, 4)).readInt(); } } out.append(' ').append(kind).append(' ').append(count).append(' ').append(names.size() > 12 ? names.size() + " names" : names).append(" code ").append(code); } return out + " pool " + n + " " + Arrays.toString(tags);
        }
    }
    public static void main(String[] args) throws IOException {
        System.out.println(read(ClassFileReader.class.getResourceAsStream("ClassFileReader.class"))); System.out.println(read(ClassFileReader.class.getResourceAsStream("ClassFileReader$Sized.class"))); for (Class<?> c : new Class<?>[] {Object.class, String.class, HashMap.class, Runnable.class, Math.class}) System.out.println(read(c.getResourceAsStream(c.getSimpleName() + ".class"))); try { read(new ByteArrayInputStream(new byte[10])); } catch (IOException e) { System.out.println(e.getMessage()); }
    }
}
