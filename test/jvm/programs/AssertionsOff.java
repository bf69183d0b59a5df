// Assertions as they are by default, off, and switched on for classes loaded later.
public class AssertionsOff {
    static class Later { static boolean on() { boolean enabled = false; assert enabled = true; return enabled; } }
    static class Other { static boolean on() { boolean enabled = false; assert enabled = true; return enabled; } }
    public static void main(String[] args) {
        assert args == null : "never";
        System.out.println(AssertionsOff.class.desiredAssertionStatus());
        ClassLoader loader = AssertionsOff.class.getClassLoader();
        loader.setClassAssertionStatus("AssertionsOff$Other", true);
        System.out.println(Later.on() + " " + Other.on() + " " + String.class.desiredAssertionStatus());
        System.exit(3);
    }
}
