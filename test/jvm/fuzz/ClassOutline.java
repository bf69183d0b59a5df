// Where things are in a sound class file: what MutatedClasses needs to aim its damage.

import java.util.ArrayList;
import java.util.List;

final class ClassOutline {
  /** Offsets of the constant pool's entries by index (of their tags); 0 where there is none. */
  final int[] constants;
  /** Offset of access_flags, where the constant pool has ended. */
  final int accessFlags;
  /** Offsets of all access_flags: the class's, each field's, each method's. */
  final List<Integer> flags = new ArrayList<>();
  /** Offsets of fields and methods, each with its end: {start, end}. */
  final List<int[]> members = new ArrayList<>();
  /** Attributes at all levels: {start, end}. */
  final List<int[]> attributes = new ArrayList<>();
  final List<Code> codes = new ArrayList<>();

  /** A Code attribute. */
  static final class Code {
    /** Offset of max_stack. */
    int start;
    /** Where the instructions are. */
    int codeStart;
    int codeEnd;
    /** Offset of exception_table_length, and the table's entries. */
    int tableStart;
    int handlers;
    /** Where the StackMapTable's contents are; 0 where there is none. */
    int mapStart;
    int mapEnd;
    /** Offsets of the instructions. */
    final List<Integer> instructions = new ArrayList<>();
  }

  private final byte[] bytes;
  private int at;

  ClassOutline(byte[] bytes) {
    this.bytes = bytes;
    at = 8;
    constants = new int[u2()];
    for (int i = 1; i < constants.length; i++) {
      constants[i] = at;
      int tag = bytes[at++];
      at += constantLength(bytes, tag, at);
      if (tag == 5 || tag == 6) i++;
    }
    accessFlags = at;
    flags.add(at);
    at += 6;
    int interfaces = u2();
    at += 2 * interfaces;
    for (int kind = 0; kind < 2; kind++) {
      for (int left = u2(); left > 0; left--) {
        int start = at;
        flags.add(at);
        at += 6;
        attributes();
        members.add(new int[] {start, at});
      }
    }
    attributes();
  }

  static int constantLength(byte[] bytes, int tag, int at) {
    switch (tag) {
      case 1: return 2 + u2(bytes, at);
      case 3: case 4: case 9: case 10: case 11: case 12: case 17: case 18: return 4;
      case 5: case 6: return 8;
      case 7: case 8: case 16: case 19: case 20: return 2;
      case 15: return 3;
      default: throw new IllegalArgumentException("constant of tag " + tag);
    }
  }

  static int u2(byte[] bytes, int at) { return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff; }

  static int s4(byte[] bytes, int at) { return u2(bytes, at) << 16 | u2(bytes, at + 2); }

  private int u2() {
    at += 2;
    return u2(bytes, at - 2);
  }

  private String utf8(int index) {
    int start = constants[index] + 1;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < u2(bytes, start); i++) text.append((char) bytes[start + 2 + i]);
    return text.toString();
  }

  private void attributes() { attributes(null); }

  private void attributes(Code holder) {
    for (int left = u2(); left > 0; left--) {
      int start = at;
      String name = utf8(u2());
      int end = at + 4 + s4(bytes, at);
      at += 4;
      if (name.equals("Code")) code();
      if (name.equals("StackMapTable") && holder != null) {
        holder.mapStart = at;
        holder.mapEnd = end;
      }
      at = end;
      attributes.add(new int[] {start, end});
    }
  }

  private void code() {
    Code code = new Code();
    code.start = at;
    code.codeStart = at + 8;
    code.codeEnd = code.codeStart + s4(bytes, at + 4);
    for (int pc = code.codeStart; pc < code.codeEnd; pc += length(pc, code.codeStart)) code.instructions.add(pc);
    at = code.codeEnd;
    code.tableStart = at;
    code.handlers = u2();
    at += 8 * code.handlers;
    attributes(code);
    codes.add(code);
  }

  /** Lengths of the instructions with operands; the others have one byte. */
  static int plainLength(int opcode) {
    if (opcode == 0x10 || opcode == 0x12 || opcode >= 0x15 && opcode <= 0x19) return 2;
    if (opcode >= 0x36 && opcode <= 0x3a || opcode == 0xa9 || opcode == 0xbc) return 2;
    if (opcode == 0x11 || opcode == 0x13 || opcode == 0x14 || opcode == 0x84) return 3;
    if (opcode >= 0x99 && opcode <= 0xa8 || opcode >= 0xb2 && opcode <= 0xb8) return 3;
    if (opcode == 0xbb || opcode == 0xbd || opcode == 0xc0 || opcode == 0xc1) return 3;
    if (opcode == 0xc6 || opcode == 0xc7) return 3;
    if (opcode == 0xc5) return 4;
    if (opcode == 0xb9 || opcode == 0xba || opcode == 0xc8 || opcode == 0xc9) return 5;
    return 1;
  }

  private int length(int pc, int codeStart) {
    int opcode = bytes[pc] & 0xff;
    int operands = codeStart + (pc - codeStart + 4 & ~3);
    if (opcode == 0xaa) return operands + 12 + 4 * (s4(bytes, operands + 8) - s4(bytes, operands + 4) + 1) - pc;
    if (opcode == 0xab) return operands + 8 + 8 * s4(bytes, operands + 4) - pc;
    if (opcode == 0xc4) return (bytes[pc + 1] & 0xff) == 0x84 ? 6 : 4;
    return plainLength(opcode);
  }
}
