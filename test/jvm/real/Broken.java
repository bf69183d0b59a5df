// What the compilers must refuse: errors of several kinds, whose messages are compared.
import java.util.List;
import no.such.Thing;

public class Broken {
    int missingReturn(int a) {
        if (a > 0) return 1;
    }

    void types() {
        String s = 5;
        int i = "x";
        undefined(3);
        List<String> list = List.of(1);
        final int f = 1;
        f = 2;
        int unused;
        System.out.println(unused);
    }
}
