// java.util.regex: groups, quantifiers, lookaround, flags, classes, Unicode, replacement, regions, splitting, errors.
import java.util.*;
import java.util.regex.*;
import java.util.stream.*;

public class Regex {
    static void all(String re, String s, int... flags) {
        try {
            Matcher m = Pattern.compile(re, flags.length > 0 ? flags[0] : 0).matcher(s); StringBuilder b = new StringBuilder(re.replace("\n", "\\n")).append(" ->");
            while (m.find()) { b.append(" [").append(m.start()).append(',').append(m.end()).append(':').append(m.group().replace("\n", "\\n")); for (int g = 1; g <= m.groupCount(); g++) b.append('|').append(m.group(g)); b.append(']'); }
            System.out.println(b);
        } catch (PatternSyntaxException e) { System.out.println(e.getDescription() + " at " + e.getIndex() + " in " + e.getPattern()); }
    }
    public static void main(String[] args) {
        all("a", "banana"); all("(a)(n)?", "banana"); all("a*", "baaac"); all("a+?", "aaa"); all("a{2,3}", "aaaaaaa"); all("a{2,3}+a", "aaaa"); all("(\\w+)@(\\w+)\\.com", "x@y.com, joe@mail.com"); all("^\\w+$", "one\ntwo\nthree", Pattern.MULTILINE); all("o.t", "o\nt", Pattern.DOTALL); all("HeLLo", "hello HELLO", Pattern.CASE_INSENSITIVE);
        all("(?<year>\\d{4})-(?<m>\\d\\d)", "2024-05 1999-12"); all("(\\w)\\1", "aabbcd ee"); all("foo(?=bar)", "foobar foobaz"); all("foo(?!bar)", "foobar foobaz"); all("(?<=\\$)\\d+", "$12 34 $5"); all("(?<!\\$)\\b\\d+", "$12 34 $5"); all("(?>a+)b", "aaab aaa"); all("(?i)abc(?-i)D", "ABCD abcd"); all("[a-c&&[^b]]+", "abcacb"); all("[\\p{L}&&[^\\p{Lu}]]+", "aBc\u00e9\u03b1\u0391"); all("\\bis\\b", "this is island");
        all("\\p{javaLowerCase}+|\\p{IsGreek}+|\\p{InCyrillic}+", "abc \u03b1\u03b2 \u0436"); all("\\d+", "12 \u0663\u0664", Pattern.UNICODE_CHARACTER_CLASS); all("\u00c9", "\u00e9", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE); all("a\u030a", "\u00e5", Pattern.CANON_EQ); all("# comment\n a b # more", "ab", Pattern.COMMENTS); all("a.b", "a.b axb", Pattern.LITERAL); all("\\Qa.b\\E+", "a.bbb"); all("x|y|", "xzy"); all("\\R", "a\r\nb\nc"); all("\\h+\\v", "a \t\nb"); all("\\X", "e\u0301x"); all(".", "\ud83d\ude00a"); all("(a|ab)(c|bcd)(d*)", "abcd"); all("((a)|(b))+", "ab"); all("\\G\\d", "12a3"); all("[^\\W\\d_]+", "ab_1c"); all("\\x41\\u0042\\0103\\cA?", "ABC"); all("(?s:.)(?m:^b)", "a\nb"); all("[\\[\\]]", "[x]"); all("a\\z|a\\Z", "a\n");
        for (String bad : new String[] {"(", "a)", "[a", "*a", "a{2,1}", "\\", "(?<n>a)(?<n>b)", "\\k<x>", "(?<=a*)b", "[b-a]", "\\p{Foo}", "(?z)", "a{", "\\1(a)", "(?<1a>x)"}) all(bad, "aab");
        Matcher m = Pattern.compile("(?<k>\\w+)=(?<v>\\d*)").matcher("a=1, bb=22; c=");
        StringBuilder sb = new StringBuilder(); while (m.find()) m.appendReplacement(sb, "${v}<-$1\\$"); m.appendTail(sb); System.out.println(sb);
        System.out.println(m.replaceAll(r -> r.group(2) + r.start()) + " " + m.reset("z=9").matches() + " " + m.group("k") + m.end("v") + " " + m.hitEnd() + " " + m.toMatchResult().group(2));
        try { m.group("zz"); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); } try { Pattern.compile("a").matcher("b").group(); } catch (IllegalStateException e) { System.out.println(e.getMessage()); } try { "a".replaceAll("a", "$2"); } catch (IndexOutOfBoundsException e) { System.out.println(e.getMessage()); } try { "a".replaceAll("a", "\\"); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
        Matcher r = Pattern.compile("^b+").matcher("abbbc"); r.region(1, 3); System.out.println(r.lookingAt() + r.group() + r.useAnchoringBounds(false).reset().region(1, 4).find() + " " + r.regionStart() + r.regionEnd());
        System.out.println(Pattern.compile("\\s*,\\s*").splitAsStream("a , b,c ,, d").collect(Collectors.toList()) + " " + Pattern.compile("[aeiou]").asPredicate().test("xyz") + Pattern.compile("x.*").asMatchPredicate().test("xyz") + " " + Pattern.matches("\\d+", "12") + " " + Pattern.quote("a\\Eb") + " " + Matcher.quoteReplacement("$1\\") + " " + Pattern.compile("o").matcher("foo boo").results().map(MatchResult::start).collect(Collectors.toList()));
        System.out.println("The Quick brown".replaceAll("(?<first>\\w)(\\w*)", "$2${first}") + " " + "a1b2".replaceAll("[0-9]", "") + " " + Pattern.compile("a", 2).flags() + " " + Pattern.compile("(a)(b)").matcher("").groupCount() + " " + Pattern.compile("(x+x+)+y").matcher("xxxxxxxxxxxx").find());
        String csv = "a,\"b \"\"q\"\" c\",,d"; Matcher c = Pattern.compile("\\G(?:\"((?:[^\"]|\"\")*)\"|([^,]*))(?:,|$)").matcher(csv); int p = 0; while (p < csv.length() && c.find()) { System.out.print("<" + (c.group(1) != null ? c.group(1).replace("\"\"", "'") : c.group(2)) + ">"); p = c.end(); } System.out.println();
        System.out.println(Pattern.compile("(\\w+) (\\w+)").matcher("x".repeat(200) + " " + "y".repeat(300)).matches() + " " + "a".repeat(500).matches("(a|b)*") + " " + "ab".repeat(200).replaceAll("(ab)+?", "x").length());
    }
}
