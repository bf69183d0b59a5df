// Character's properties over the whole of Unicode, as counts and hashes; blocks, scripts, names, surrogates, numbers.
public class Characters {
    public static void main(String[] args) {
        int[] counts = new int[12]; long types = 0, upper = 0;
        for (int c = 0; c < 0x30000; c += c < 0x3000 ? 1 : 13) {
            if (Character.isLetter(c)) counts[0]++; if (Character.isDigit(c)) counts[1]++; if (Character.isUpperCase(c)) counts[2]++; if (Character.isLowerCase(c)) counts[3]++; if (Character.isWhitespace(c)) counts[4]++; if (Character.isSpaceChar(c)) counts[5]++;
            if (Character.isJavaIdentifierStart(c)) counts[6]++; if (Character.isJavaIdentifierPart(c)) counts[7]++; if (Character.isISOControl(c)) counts[8]++; if (Character.isMirrored(c)) counts[9]++; if (Character.isDefined(c)) counts[10]++; if (Character.isIdeographic(c)) counts[11]++;
            types = types * 31 + Character.getType(c) * 7 + Character.getDirectionality(c); upper = upper * 31 + Character.toUpperCase(c) * 3 + Character.toLowerCase(c) + Character.toTitleCase(c) + Character.getNumericValue(c);
        }
        System.out.println(java.util.Arrays.toString(counts) + " " + types + " " + upper);
        System.out.println(Character.UnicodeBlock.of('\u0416') + " " + Character.UnicodeScript.of('\u03b1') + " " + Character.UnicodeScript.forName("Grek") + " " + Character.UnicodeBlock.forName("Basic Latin"));
        System.out.println(Character.isSurrogate('\ud800') + " " + Character.toCodePoint('\ud83d', '\ude00') + " " + (int) Character.highSurrogate(0x1f600) + " " + Character.charCount(0x1f600) + " " + Character.isSurrogatePair('a', 'b') + " " + Character.isBmpCodePoint(0xffff) + " " + Character.isSupplementaryCodePoint(0x10000) + " " + Character.isValidCodePoint(0x110000) + " " + (int) Character.reverseBytes('\u1234'));
        System.out.println(Character.isLetterOrDigit('_') + " " + Character.isAlphabetic('\u2160') + " " + Character.getNumericValue('\u2167'));
    }
}
